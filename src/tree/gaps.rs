//! Gaps of workspaces (i3 user guide, "Gaps").

use serde::{Deserialize, Serialize};

/// A value for each kind of gap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct PerGap<T> {
    /// Between windows.
    pub inner: T,
    /// At the upper edge, in addition to the inner gap.
    pub top: T,
    /// At the right edge.
    pub right: T,
    /// At the lower edge.
    pub bottom: T,
    /// At the left edge.
    pub left: T,
}

/// Gaps in pixels that a layout or the i3 config sets; `None` keeps the default.
pub type Gaps = PerGap<Option<i32>>;

/// All gaps of a workspace, in pixels.
pub type GapSizes = PerGap<i32>;

impl<T> PerGap<T> {
    /// Combines each value with the other one of the same gap.
    #[must_use]
    pub fn zip<U, V>(self, other: PerGap<U>, combine: impl Fn(T, U) -> V) -> PerGap<V> {
        PerGap {
            inner: combine(self.inner, other.inner),
            top: combine(self.top, other.top),
            right: combine(self.right, other.right),
            bottom: combine(self.bottom, other.bottom),
            left: combine(self.left, other.left),
        }
    }
}

impl Gaps {
    /// True if no gap is set.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The gaps of `other`, else those of `self`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.zip(other, |own, other| other.or(own))
    }
}

impl GapSizes {
    /// The sizes with those of `gaps` in place of its own.
    #[must_use]
    pub fn with(self, gaps: Gaps) -> Self {
        self.zip(gaps, |size, gap| gap.unwrap_or(size))
    }
}
