//! What a window says about itself.

use super::XId;

/// What a window says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Properties {
    /// Second part of `WM_CLASS`.
    pub class: Option<String>,
    /// First part of `WM_CLASS`.
    pub instance: Option<String>,
    /// `_NET_WM_NAME`, else `WM_NAME`.
    pub title: Option<String>,
    /// `WM_WINDOW_ROLE`.
    pub window_role: Option<String>,
    /// `WM_CLIENT_MACHINE`.
    pub machine: Option<String>,
    /// The window that this one belongs to, such as the parent of a dialog.
    pub transient_for: Option<XId>,
    /// `_NET_WM_WINDOW_TYPE`, unless the rest of what it says contradicts it.
    pub window_type: WindowType,
}

impl Properties {
    /// Whether it is no dialog, splash screen or the like.
    pub fn is_main_window(&self) -> bool {
        self.window_type == WindowType::Normal && self.transient_for.is_none()
    }

    /// Whether it is a picture while a program starts, whether it says so or not.
    pub const fn is_splash(&self) -> bool {
        matches!(self.window_type, WindowType::Splash | WindowType::Bare)
    }

    /// True if i3 may have drawn the window for a placeholder: these windows have no
    /// class, instance or machine.
    pub const fn may_be_placeholder(&self) -> bool {
        self.class.is_none() && self.instance.is_none() && self.machine.is_none()
    }

    /// True if it has no title and no role, as placeholders of ours. A window of a
    /// program without a class often has one.
    pub(super) fn is_untitled(&self) -> bool {
        let is_empty = |text: &Option<String>| text.as_deref().is_none_or(str::is_empty);
        is_empty(&self.title) && is_empty(&self.window_role)
    }
}

/// `_NET_WM_WINDOW_TYPE` (EWMH), as far as it matters for placing, and what else tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WindowType {
    /// A window as any other, also when it says nothing.
    #[default]
    Normal,
    /// A dialog.
    Dialog,
    /// A picture while a program starts.
    Splash,
    /// A picture that says that it is a window as any other: [`super::WindowFacts::bare`].
    Bare,
    /// A small helper window.
    Utility,
    /// A toolbar or a menu torn off.
    Toolbar,
    /// A dock such as a bar.
    Dock,
    /// Menus, tooltips, notifications and other things without a place.
    Popup,
}
