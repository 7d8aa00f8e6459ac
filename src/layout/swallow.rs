//! i3's criteria for a window.

use super::criterion::Criterion;

/// i3's criteria for a window. Each is a PCRE that can match any part of the property.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
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
    /// True if there are no criteria.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// i3's names of the criteria, with their patterns, in file order.
    pub fn criteria(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = Criterion::ALL.into_iter();
        all.filter_map(|criterion| Some((criterion.as_str(), self.pattern(criterion)?)))
    }

    /// The pattern for a criterion.
    pub fn pattern(&self, criterion: Criterion) -> Option<&str> {
        match criterion {
            Criterion::Class => &self.class,
            Criterion::Instance => &self.instance,
            Criterion::Title => &self.title,
            Criterion::WindowRole => &self.window_role,
            Criterion::Machine => &self.machine,
        }
        .as_deref()
    }
}
