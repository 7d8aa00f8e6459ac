//! The criteria that rules can name.

use crate::live::Properties;

/// One of i3's criteria (i3 user guide, "Command criteria").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Criterion {
    /// `class`
    Class,
    /// `instance`
    Instance,
    /// `title`
    Title,
    /// `window_role`
    WindowRole,
    /// `machine`
    Machine,
}

impl Criterion {
    /// All, in the order of files.
    pub const ALL: [Self; 5] = [
        Self::Class,
        Self::Instance,
        Self::Title,
        Self::WindowRole,
        Self::Machine,
    ];

    /// i3's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::Instance => "instance",
            Self::Title => "title",
            Self::WindowRole => "window_role",
            Self::Machine => "machine",
        }
    }

    /// What a window says.
    pub fn of(self, properties: &Properties) -> Option<&str> {
        match self {
            Self::Class => &properties.class,
            Self::Instance => &properties.instance,
            Self::Title => &properties.title,
            Self::WindowRole => &properties.window_role,
            Self::Machine => &properties.machine,
        }
        .as_deref()
    }
}
