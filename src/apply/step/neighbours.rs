//! The windows of other layouts that fit slots.

use std::collections::BTreeMap;

use crate::apply::report::Neighbour;
use crate::apply::state::{Look, State};
use crate::live::{ConId, XId};
use crate::matching::{Known, match_windows};

impl State<'_> {
    /// Records which windows of other layouts are used, and which slots could use one.
    pub(super) fn note_neighbours(&mut self, look: &Look) {
        let (plan, desktop) = (self.setup.plan, &look.desktop);
        let own = plan.name_of_seats();
        let other = |con: ConId| {
            let seats = desktop.tree.find(con).map(|con| desktop.seats(con))?;
            let is_own = seats.iter().any(|seat| seat.layout == own);
            seats.last().filter(|_| !is_own)
        };
        for (idx, _) in self.setup.options.scope.slots(plan) {
            let seat = look.assignment.window(idx).and_then(other);
            let taken = seat.map(|seat| (idx, seat.layout.clone()));
            self.tally.taken.extend(taken);
        }
        let expected = &self.programs.expected;
        let is_reserved = |window: &XId| {
            let seats = desktop.seats.get(window);
            seats.is_some_and(|seats| seats.iter().any(|seat| seat.layout != own && seat.reserved))
        };
        if expected.is_empty() || !desktop.windows.keys().any(is_reserved) {
            return;
        }
        let known = Known {
            reuse: self.setup.options.reuse,
            borrow: Some(expected),
            run: None,
        };
        let borrowed = match_windows(plan, desktop, known);
        for &idx in expected {
            let seat = borrowed.window(idx).and_then(other);
            let seat = seat.filter(|seat| seat.reserved);
            let lendable = seat.map(|seat| (idx, seat.layout.clone()));
            self.tally.lendable.extend(lendable);
        }
    }

    /// The other layouts whose windows fit slots, for the report.
    pub(super) fn neighbours(&self) -> Vec<Neighbour> {
        let tally = &self.tally;
        let mut found: BTreeMap<&String, Neighbour> = BTreeMap::new();
        let taken = tally.taken.iter().map(|(idx, layout)| (idx, layout, true));
        let lendable = tally.lendable.iter();
        let lendable = lendable.map(|(idx, layout)| (idx, layout, tally.borrow.contains(idx)));
        for (&idx, layout, is_taken) in taken.chain(lendable) {
            let neighbour = found.entry(layout).or_insert_with(|| Neighbour {
                layout: layout.clone(),
                ..Neighbour::default()
            });
            let slot = self.setup.plan.slot(idx).id.clone();
            if is_taken {
                neighbour.taken.push(slot);
            } else if self.programs.started.contains_key(&idx) {
                neighbour.kept.push(slot);
            }
        }
        let found = found.into_values();
        found
            .filter(|one| !one.taken.is_empty() || !one.kept.is_empty())
            .collect()
    }
}
