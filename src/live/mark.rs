//! The marks of this program.

/// The prefix of all marks of this program. i3 never draws marks that start with `_` (i3 user
/// guide, "Show marks in title").
pub const OWN_MARK_PREFIX: &str = "_i3pm:";

/// The prefix of the marks of labels until they replace places.
pub const LABEL_MARK_PREFIX: &str = "_i3pm:label:";

/// The prefix of the marks of waiting placeholders.
pub const WAITING_MARK_PREFIX: &str = "_i3pm:wait:";

/// The prefix of the marks of places.
pub const PLACE_MARK_PREFIX: &str = "_i3pm:place:";

/// The prefix of the marks of placeholders for windows that are not in the layout.
pub const GUEST_MARK_PREFIX: &str = "_i3pm:keep:";

/// The mark of the container with all waiting placeholders.
pub const WAITING_BOX_MARK: &str = "_i3pm:waiting";

/// The prefix of the marks of places that were swapped into that container. They are removed
/// together.
pub const SPENT_MARK_PREFIX: &str = "_i3pm:spent:";

/// The mark of the container in which they are removed.
pub const SPENT_BOX_MARK: &str = "_i3pm:removed";

/// The mark of the place that finds i3's previous workspace.
pub const PREVIOUS_MARK: &str = "_i3pm:previous";

/// True if the mark exists only during a run.
pub fn is_temporary_mark(mark: &str) -> bool {
    [
        WAITING_MARK_PREFIX,
        PLACE_MARK_PREFIX,
        LABEL_MARK_PREFIX,
        GUEST_MARK_PREFIX,
        WAITING_BOX_MARK,
        SPENT_MARK_PREFIX,
        SPENT_BOX_MARK,
        PREVIOUS_MARK,
    ]
    .iter()
    .any(|prefix| mark.starts_with(prefix))
}

/// True if the mark is that of a kept placeholder, which its window inherits.
pub fn is_slot_mark(mark: &str) -> bool {
    mark.starts_with(OWN_MARK_PREFIX) && !is_temporary_mark(mark)
}
