//! The gaps that a layout or the i3 config sets for a workspace.

/// Gaps of a workspace in pixels (i3 user guide, "Gaps"); `None` for what the i3 config
/// says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gaps {
    /// Between windows.
    pub inner: Option<i32>,
    /// At the upper edge, in addition to the inner ones.
    pub top: Option<i32>,
    /// At the right edge.
    pub right: Option<i32>,
    /// At the lower edge.
    pub bottom: Option<i32>,
    /// At the left edge.
    pub left: Option<i32>,
}

impl Gaps {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What the other one says, else this one.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            inner: other.inner.or(self.inner),
            top: other.top.or(self.top),
            right: other.right.or(self.right),
            bottom: other.bottom.or(self.bottom),
            left: other.left.or(self.left),
        }
    }
}
