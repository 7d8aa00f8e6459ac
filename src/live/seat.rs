//! The slots in which windows were placed.

use std::collections::BTreeMap;

use super::mark::{OWN_MARK_PREFIX, is_slot_mark};
use super::{Con, XId};
use serde::{Deserialize, Serialize};

/// A slot in which a window was placed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Seat {
    /// The layout: its identity, or its name if it has none.
    pub layout: String,
    /// The id of the slot.
    pub slot: String,
    /// True if other layouts leave the window there. Layouts with a common workspace share their
    /// windows.
    pub reserved: bool,
}

impl Seat {
    /// A seat that other layouts respect.
    pub fn new(layout: &str, slot: &str) -> Self {
        Self {
            layout: layout.to_owned(),
            slot: slot.to_owned(),
            reserved: true,
        }
    }

    /// True for the slot with this id of this layout.
    pub fn is(&self, layout: &str, slot: &str) -> bool {
        self.layout == layout && self.slot == slot
    }

    /// The mark of a kept placeholder for this slot.
    pub fn mark(&self) -> String {
        format!("{OWN_MARK_PREFIX}{}:{}", self.layout, self.slot)
    }

    /// The slot in the mark of a kept placeholder.
    fn of_mark(mark: &str) -> Option<Self> {
        let inside = mark.strip_prefix(OWN_MARK_PREFIX)?;
        let (layout, slot) = inside.rsplit_once(':').filter(|_| is_slot_mark(mark))?;
        Some(Self::new(layout, slot))
    }
}

/// The slots in which windows were placed, by window.
pub type Seats = BTreeMap<XId, Vec<Seat>>;

/// Adds the slots of windows that i3 has put into kept placeholders: they have inherited their
/// marks. A mark is newer than a record of the same layout.
pub fn add_marked(seats: &mut Seats, tree: &Con) {
    for con in tree.windows() {
        let Some(id) = con.window else { continue };
        for mark in &con.attributes.marks {
            if let Some(seat) = Seat::of_mark(mark) {
                take(seats, id, seat);
            }
        }
    }
}

/// Places a window in a slot: it leaves its other slots of this layout, and the slot its other
/// window.
///
/// The key is the window's id, or its id with proof against a later window of the same id.
pub fn take<K: Ord + Copy>(seats: &mut BTreeMap<K, Vec<Seat>>, window: K, seat: Seat) {
    for (other, seats) in seats.iter_mut() {
        seats.retain(|old| old.layout != seat.layout || *other != window && old.slot != seat.slot);
    }
    seats.entry(window).or_default().push(seat);
}
