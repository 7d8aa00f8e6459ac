//! The result of a check. Pure.

/// The result of a check, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// All is well.
    Ok,
    /// It could not be checked, because something else failed.
    Skipped,
    /// It works, but perhaps not as the user expects.
    Warning,
    /// It does not work until it is fixed.
    Error,
}
