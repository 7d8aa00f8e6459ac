//! i3's window criteria.

use serde::{Deserialize, Serialize};

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
    /// All criteria, in the order in which files list them.
    pub const ALL: [Self; 5] = [
        Self::Class,
        Self::Instance,
        Self::Title,
        Self::WindowRole,
        Self::Machine,
    ];

    /// i3's name of the criterion.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::Instance => "instance",
            Self::Title => "title",
            Self::WindowRole => "window_role",
            Self::Machine => "machine",
        }
    }

    /// Returns the criterion with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == name)
    }

    /// The property of a window that the criterion matches.
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

    /// The pattern for the criterion.
    pub fn pattern(self, swallow: &Swallow) -> Option<&str> {
        match self {
            Self::Class => &swallow.class,
            Self::Instance => &swallow.instance,
            Self::Title => &swallow.title,
            Self::WindowRole => &swallow.window_role,
            Self::Machine => &swallow.machine,
        }
        .as_deref()
    }
}

/// i3's criteria for a window. Each is a PCRE that can match any part of the property.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Swallow {
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
}

impl Swallow {
    /// A pattern for each criterion that has one.
    pub fn of(pattern: impl Fn(Criterion) -> Option<String>) -> Self {
        Self {
            class: pattern(Criterion::Class),
            instance: pattern(Criterion::Instance),
            title: pattern(Criterion::Title),
            window_role: pattern(Criterion::WindowRole),
            machine: pattern(Criterion::Machine),
        }
    }

    /// True if there are no criteria.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// i3's names of the criteria, with their patterns, in file order.
    pub fn criteria(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = Criterion::ALL.into_iter();
        all.filter_map(|criterion| Some((criterion.as_str(), criterion.pattern(self)?)))
    }
}
