//! Records of windows in slots that the file describes otherwise now.

use std::borrow::Cow;

use crate::compile::{Plan, SlotIdx};
use crate::layout::Matcher;
use crate::live::{Con, Desktop};

/// The desktop without records of windows that match another slot than the one in which they were
/// placed: the file was replaced by another one, or its slots were exchanged. A window that matches no
/// slot keeps its record, because its slot was edited.
pub(super) fn without_exchanged<'d>(plan: &Plan, desktop: &'d Desktop) -> Cow<'d, Desktop> {
    let windows = desktop.tree.descendants();
    let exchanged = windows.filter(|con| is_exchanged(plan, desktop, con));
    let exchanged: Vec<&Con> = exchanged.collect();
    if exchanged.is_empty() {
        return Cow::Borrowed(desktop);
    }
    let own = plan.name_of_seats();
    let mut desktop = desktop.clone();
    for window in exchanged.into_iter().filter_map(|con| con.window) {
        if let Some(seats) = desktop.seats.get_mut(&window) {
            seats.retain(|seat| seat.layout != own);
        }
    }
    Cow::Owned(desktop)
}

fn is_exchanged(plan: &Plan, desktop: &Desktop, con: &Con) -> bool {
    let mut seats = desktop.seats(con).iter();
    let (Some(seated), Some(properties)) =
        (seats.find_map(|seat| plan.of_seat(seat)), &con.properties)
    else {
        return false;
    };
    let matches = |idx: SlotIdx| {
        let matcher = Matcher::of_slot(&plan.slot(idx).swallow);
        matcher.map(|matcher| matcher.matches(properties))
    };
    let mut others = plan.slots().filter(|(idx, _)| *idx != seated);
    matches(seated) == Some(false) && others.any(|(idx, _)| matches(idx) == Some(true))
}
