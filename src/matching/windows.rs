//! The open windows of a desktop, with the data needed to judge them.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Known, Reuse};
use crate::compile::{Plan, SlotIdx};
use crate::layout::{Matcher, Swallow};
use crate::live::{Con, ConId, Desktop, Seat, WindowFacts};

/// A window with the data needed to judge it.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenWindow<'a> {
    pub(super) con: &'a Con,
    pub(super) facts: Option<&'a WindowFacts>,
    pub(super) seats: &'a [Seat],
    /// Its workspace, by the plan's name if it is in the plan; `None` in the scratchpad.
    pub(super) workspace: Option<&'a str>,
    /// The output on whose workspaces it is visible, because it is sticky.
    pub(super) sticky_on: Option<&'a str>,
}

impl<'a> OpenWindow<'a> {
    /// Its title, if it is not empty.
    pub(super) fn title(&self) -> Option<&'a str> {
        let title = self.con.properties.as_ref()?.title.as_deref()?;
        Some(title).filter(|title| !title.is_empty())
    }
}

/// Swallow criteria, compiled, with the windows that match them.
pub(super) struct Criteria {
    /// `None` without criteria.
    pub(super) matcher: Option<Matcher>,
    /// For each window, true if it matches.
    pub(super) fits: Vec<bool>,
}

/// All windows of a desktop, ready to be compared with slots.
pub(super) struct Windows<'a> {
    pub(super) plan: &'a Plan,
    pub(super) known: Known<'a>,
    pub(super) all: Vec<OpenWindow<'a>>,
    /// The waiting placeholders of the slots.
    pub(super) waiting: BTreeMap<String, SlotIdx>,
    /// The slots by their ids.
    ids: HashMap<&'a str, SlotIdx>,
    /// The slots by the titles that `capture` saved.
    seen: HashMap<&'a str, Vec<SlotIdx>>,
    titles: BTreeSet<&'a str>,
    /// Many slots have the same criteria, and most of them are never needed.
    criteria: HashMap<&'a Swallow, OnceCell<Criteria>>,
}

impl<'a> Windows<'a> {
    pub(super) fn new(plan: &'a Plan, desktop: &'a Desktop, known: Known<'a>) -> Self {
        let scratchpad = desktop
            .scratchpad()
            .into_iter()
            .flat_map(|con| con.windows().map(|window| (None, None, window)));
        // A daemon may have renamed workspaces since the plan was made.
        let planned = plan.workspaces.iter().filter_map(|planned| {
            let live = plan.live(desktop, planned)?;
            Some((live.con.id, planned.name.as_str()))
        });
        let planned: BTreeMap<ConId, &str> = planned.collect();
        let all: Vec<OpenWindow<'a>> = desktop
            .workspaces()
            .flat_map(|workspace| {
                let frames = workspace.con.floating_nodes.iter();
                let sticky: BTreeSet<_> = frames
                    .filter(|frame| frame.is_sticky_frame())
                    .flat_map(Con::windows)
                    .map(|con| con.id)
                    .collect();
                let planned = planned.get(&workspace.con.id);
                let name = planned.copied().unwrap_or(workspace.con.name());
                workspace.con.windows().map(move |window| {
                    let sticky_on = sticky.contains(&window.id).then_some(workspace.output);
                    (Some(name), sticky_on, window)
                })
            })
            .chain(scratchpad)
            .map(|(workspace, sticky_on, con)| OpenWindow {
                con,
                facts: desktop.facts(con),
                seats: desktop.seats(con),
                workspace,
                sticky_on,
            })
            .collect();
        let mut seen: HashMap<&str, Vec<SlotIdx>> = HashMap::new();
        for (idx, slot) in plan.slots() {
            if let Some(title) = slot.seen.title.as_deref() {
                seen.entry(title).or_default().push(idx);
            }
        }
        let slots = plan.slots().filter(|_| known.run.is_some());
        Self {
            ids: plan
                .slots()
                .map(|(idx, slot)| (slot.id.as_str(), idx))
                .collect(),
            seen,
            titles: all.iter().filter_map(OpenWindow::title).collect(),
            criteria: plan
                .slots()
                .map(|(_, slot)| (&slot.swallow, OnceCell::new()))
                .collect(),
            plan,
            known,
            all,
            waiting: slots
                .map(|(idx, _)| (plan.waiting_mark(idx), idx))
                .collect(),
        }
    }

    /// The slot of this layout in which the window was placed.
    pub(super) fn seat(&self, window: &OpenWindow<'_>) -> Option<SlotIdx> {
        let own = self.plan.name_of_seats();
        let mut seats = window.seats.iter();
        let seat = seats.find(|seat| seat.layout == own)?;
        self.ids.get(seat.slot.as_str()).copied()
    }

    /// The slots for which `capture` saved this title.
    pub(super) fn slots_with_title(&self, title: &str) -> &[SlotIdx] {
        self.seen.get(title).map_or(&[], Vec::as_slice)
    }

    /// True if a window has this title.
    pub(super) fn has_title(&self, title: &str) -> bool {
        self.titles.contains(title)
    }

    /// The criteria of a slot.
    pub(super) fn criteria(&self, idx: SlotIdx) -> Option<&Criteria> {
        let swallow = &self.plan.slot(idx).swallow;
        let criteria = self.criteria.get(swallow)?.get_or_init(|| {
            let matcher = Matcher::of_slot(swallow);
            // Many windows have the same properties.
            let mut known: HashMap<Vec<&str>, bool> = HashMap::new();
            let mut fits = |window: &OpenWindow<'a>| {
                let properties = window.con.properties.as_ref();
                matcher
                    .as_ref()
                    .zip(properties)
                    .is_some_and(|(matcher, properties)| {
                        let relevant = matcher.relevant(properties);
                        let fits = known.entry(relevant);
                        *fits.or_insert_with(|| matcher.matches(properties))
                    })
            };
            let fits = self.all.iter().map(&mut fits).collect();
            Criteria { matcher, fits }
        });
        Some(criteria)
    }

    /// True if windows may stay in the slots in which they were placed.
    pub(super) fn may_keep_seat(&self, window: &OpenWindow<'_>) -> bool {
        self.known.reuse != Reuse::None || self.known.run_of(window.con.window).is_some()
    }
}
