//! The properties that a window declares.

use serde::{Deserialize, Serialize};

use super::XId;

/// The properties that a window declares.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
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
    /// The window to which this one belongs, such as the parent of a dialog.
    pub transient_for: Option<XId>,
    /// `_NET_WM_WINDOW_TYPE`, unless other properties contradict it.
    #[serde(rename = "type")]
    pub window_type: WindowType,
}

impl Properties {
    /// True if it is not a dialog, splash screen or the like.
    pub fn is_main_window(&self) -> bool {
        self.window_type == WindowType::Normal && self.transient_for.is_none()
    }

    /// True for a dialog that belongs to no other window. Some programs declare their only window
    /// so, such as dialogs for settings.
    pub fn is_independent_dialog(&self) -> bool {
        matches!(self.window_type, WindowType::Dialog | WindowType::Utility)
            && self.transient_for.is_none()
    }

    /// True for a window that no layout has: a splash screen, a toolbar, or a popup such as a menu
    /// or a notification.
    pub const fn is_passing(&self) -> bool {
        matches!(
            self.window_type,
            WindowType::Splash | WindowType::Toolbar | WindowType::Popup
        )
    }

    /// True for a splash screen, declared or not.
    pub const fn is_splash(&self) -> bool {
        matches!(self.window_type, WindowType::Splash | WindowType::Bare)
    }

    /// True if i3 may have drawn the window for a placeholder: such windows have no class,
    /// instance or machine.
    pub const fn may_be_placeholder(&self) -> bool {
        self.class.is_none() && self.instance.is_none() && self.machine.is_none()
    }

    /// True if it has no title and no role, like placeholders of this program. A program's window
    /// without a class often has one of them.
    pub(super) fn is_untitled(&self) -> bool {
        let is_empty = |text: &Option<String>| text.as_deref().is_none_or(str::is_empty);
        is_empty(&self.title) && is_empty(&self.window_role)
    }
}

/// The kind of a window, from `_NET_WM_WINDOW_TYPE` (EWMH) and other properties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum WindowType {
    /// A normal window; also a window without a type.
    #[default]
    Normal,
    /// A dialog.
    Dialog,
    /// A splash screen.
    Splash,
    /// A splash screen that is declared as a normal window: [`super::WindowFacts::bare`].
    Bare,
    /// A small helper window.
    Utility,
    /// A toolbar or a torn-off menu.
    Toolbar,
    /// A dock such as a bar.
    Dock,
    /// A menu, tooltip, notification or other window without a place.
    Popup,
}
