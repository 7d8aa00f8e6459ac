//! The evidence that a window belongs to a slot, and the reasons against it.

use super::evidence::Evidence;
use super::likeness::likeness;
use super::windows::{Criteria, OpenWindow, Windows};
use super::{Barred, InRun, Reuse};
use crate::compile::{Launch, Program, Slot, SlotIdx};
use crate::layout::Matcher;
use crate::live::{CommandLine, Properties, WindowFacts, asks_server};

/// The evidence for a pair of slot and window; empty if nothing connects them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Judgement {
    /// The evidence, in no particular order.
    pub(super) evidence: Vec<Evidence>,
    /// The reason against it.
    pub(super) barred: Option<Barred>,
}

/// A slot with everything that is the same for all windows.
pub(super) struct Judge<'a> {
    windows: &'a Windows<'a>,
    idx: SlotIdx,
    slot: &'a Slot,
    criteria: Option<&'a Criteria>,
    seen_argv: Option<Vec<String>>,
}

impl Windows<'_> {
    /// True if the seat of a window is no proof: this run opened the window and does not know for
    /// which slot, or its title is exactly the one that `capture` saw in another slot of the same
    /// kind.
    pub(super) fn is_seat_doubtful(&self, at: usize, seat: SlotIdx) -> bool {
        let window = &self.all[at];
        if self.known.run_of(window.con.window).is_some() {
            return true;
        }
        let Some(title) = window.title() else {
            return false;
        };
        let slots = self.slots_with_title(title);
        !slots.contains(&seat) && slots.iter().any(|&idx| Judge::new(self, idx).connects(at))
    }
}

impl<'a> Judge<'a> {
    pub(super) fn new(windows: &'a Windows<'a>, idx: SlotIdx) -> Self {
        let slot = windows.plan.slot(idx);
        Self {
            windows,
            idx,
            slot,
            criteria: windows.criteria(idx),
            seen_argv: slot
                .seen
                .process
                .as_deref()
                .and_then(|line| shell_words::split(line).ok()),
        }
    }

    /// The evidence for a window, if the slot may use it.
    pub(super) fn usable(&self, at: usize) -> Option<Vec<Evidence>> {
        let window = &self.windows.all[at];
        // Most pairs have nothing in common, so this comes first.
        let needs_criteria = self.matcher().is_some() && self.windows.known.reuse != Reuse::All;
        let may_be_known = !window.seats.is_empty() || self.windows.known.run.is_some();
        if needs_criteria && !may_be_known && !self.fits(at) {
            return None;
        }
        let judgement = self.judge(at);
        let is_usable = judgement.barred.is_none() && !judgement.evidence.is_empty();
        is_usable.then_some(judgement.evidence)
    }

    /// The evidence for a window, and the reason against it.
    pub(super) fn judge(&self, at: usize) -> Judgement {
        let window = &self.windows.all[at];
        let seat = self.windows.seat(window);
        let is_seated = seat == Some(self.idx);
        let mut found = self.started(window);
        let is_ours = !found.is_empty();
        if is_seated {
            found.push(if self.windows.is_seat_doubtful(at, self.idx) {
                Evidence::Seat
            } else {
                Evidence::Record
            });
        }
        let same_command = window.facts.is_some_and(|facts| self.same_command(facts));
        if same_command {
            found.push(Evidence::Command);
        }
        let fits = self.fits(at);
        if fits {
            found.push(Evidence::Criteria);
        }
        if found.is_empty() {
            return Judgement::default();
        }
        let facts = window.facts;
        if facts.is_some_and(|facts| self.same_directory(facts)) {
            found.push(Evidence::Directory);
        }
        found.extend(self.title(window));
        let here = self.is_here(window);
        if here {
            found.push(Evidence::Workspace);
        }
        let run = self.windows.known.run_of(window.con.window);
        if run.is_some_and(|run| self.waits_for_a_running_program(run)) {
            found.push(Evidence::Expected);
        }
        let barred = self.other_layout(window).or_else(|| match () {
            () if is_ours => self.not_main(window),
            () if is_seated && self.windows.may_keep_seat(window) => None,
            () => self.not_reusable(window, fits, same_command, here),
        });
        Judgement {
            evidence: found,
            barred,
        }
    }

    /// True if the slot waits for a window of a program that is already running: it has no
    /// program, or its program has delegated to a running instance.
    fn waits_for_a_running_program(&self, run: &InRun<'_>) -> bool {
        run.expected.contains(&self.idx)
            && (matches!(self.slot.launch, Launch::Elsewhere)
                || run.handed_over.contains(&self.idx))
    }

    /// True if the window matches the criteria or the command.
    fn connects(&self, at: usize) -> bool {
        let window = &self.windows.all[at];
        self.fits(at) || window.facts.is_some_and(|facts| self.same_command(facts))
    }

    /// The evidence of the program that this run has started for the slot.
    fn started(&self, window: &OpenWindow<'_>) -> Vec<Evidence> {
        let run = self.windows.known.run_of(window.con.window);
        let started = run.and_then(|run| run.started.get(&self.idx));
        let Some((started, facts)) = started.zip(window.facts) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        if started.requested(facts) {
            found.push(Evidence::Requested);
        }
        if started.opened(facts) {
            found.push(Evidence::Opened);
        }
        found
    }

    /// True if the window matches the criteria, for i3 too: i3 has put it into a placeholder with
    /// the same criteria, perhaps before its properties changed.
    fn fits(&self, at: usize) -> bool {
        let is_swallowed = || {
            let slot = self.windows.all[at].con.of_mark(&self.windows.waiting);
            slot.is_some_and(|idx| self.windows.plan.slot(idx).swallow == self.slot.swallow)
        };
        self.criteria.is_some_and(|criteria| criteria.fits[at]) || is_swallowed()
    }

    fn matcher(&self) -> Option<&Matcher> {
        self.criteria?.matcher.as_ref()
    }

    /// The reason why a slot may not use a window that neither an earlier run placed in it nor its
    /// program opened.
    fn not_reusable(
        &self,
        window: &OpenWindow<'_>,
        fits: bool,
        same_command: bool,
        here: bool,
    ) -> Option<Barred> {
        let known = &self.windows.known;
        let run = known.run_of(window.con.window);
        if let Some(run) = run.filter(|run| run.expected.contains(&self.idx)) {
            let facts = window.facts;
            return if !fits {
                Some(self.misfit(window))
            } else if facts.is_some_and(|facts| run.is_opened_by_user(facts)) {
                Some(Barred::OpenedByUser)
            } else {
                self.not_main(window)
            };
        }
        match known.reuse {
            Reuse::None | Reuse::Recorded => Some(Barred::NotAllowed),
            Reuse::All => None,
            Reuse::Workspace => {
                let is_command_enough = same_command && (fits || self.matcher().is_none());
                if is_command_enough && self.not_main(window).is_none() {
                    None
                } else if self.is_splash(window) {
                    Some(Barred::Splash)
                } else if !fits {
                    Some(self.misfit(window))
                } else if here
                    || matches!(self.slot.launch, Launch::Elsewhere)
                    || known.may_borrow(self.idx)
                {
                    None
                } else if same_command {
                    Some(Barred::NotMain)
                } else if self.has_same_argv(window) {
                    Some(Barred::OtherDirectory)
                } else {
                    Some(Barred::OtherCommand)
                }
            }
        }
    }

    fn misfit(&self, window: &OpenWindow<'_>) -> Barred {
        let none = Properties::default();
        let properties = window.con.properties.as_ref().unwrap_or(&none);
        let matcher = self.matcher();
        let first = matcher.and_then(|matcher| matcher.first_misfit(properties));
        Barred::Criterion {
            criterion: first.map_or("class", |criterion| criterion.as_str()),
        }
    }

    fn not_main(&self, window: &OpenWindow<'_>) -> Option<Barred> {
        let properties = window.con.properties.as_ref();
        if properties.is_none_or(|properties| self.slot.may_want(properties)) {
            None
        } else if self.is_splash(window) {
            Some(Barred::Splash)
        } else {
            Some(Barred::NotMain)
        }
    }

    /// True for a splash screen that the slot does not match: it will close soon.
    fn is_splash(&self, window: &OpenWindow<'_>) -> bool {
        let properties = window.con.properties.as_ref();
        properties.is_some_and(|one| one.is_splash() && !self.slot.may_want(one))
    }

    /// True if the window is on the slot's workspace. A sticky window is on all workspaces of its
    /// output, regardless of the workspace in i3's tree.
    fn is_here(&self, window: &OpenWindow<'_>) -> bool {
        let wanted = self.slot.workspace.as_deref();
        let sticky = || {
            let planned = wanted.and_then(|name| self.windows.plan.workspace(name));
            planned.zip(window.sticky_on).is_some_and(|(planned, on)| {
                planned.output.as_deref().is_none_or(|output| output == on)
            })
        };
        window.workspace == wanted || sticky()
    }

    /// The slot of another layout that the window belongs to. The window is then not used,
    /// regardless of its workspace.
    fn other_layout(&self, window: &OpenWindow<'_>) -> Option<Barred> {
        if self.windows.known.may_borrow(self.idx) || self.windows.seat(window) == Some(self.idx) {
            return None;
        }
        let own = self.windows.plan.name_of_seats();
        let mut latest_first = window.seats.iter().rev();
        let other = latest_first.find(|seat| seat.reserved && seat.layout != own)?;
        Some(Barred::OtherLayout {
            layout: other.layout.clone(),
            slot: other.slot.clone(),
        })
    }

    fn same_command(&self, facts: &WindowFacts) -> bool {
        let Launch::Program(program) = &self.slot.launch else {
            return false;
        };
        let as_seen = self.is_as_seen(program, facts);
        if as_seen && asks_server(&program.argv) {
            return true;
        }
        program.opens(facts) || as_seen && (!program.cwd_is_named || facts.is_in(&program.cwd))
    }

    /// True if the process has the command line that `capture` saw.
    fn is_as_seen(&self, program: &Program, facts: &WindowFacts) -> bool {
        let seen = self.seen_argv.as_deref();
        seen.is_some_and(|argv| {
            facts.runs(CommandLine {
                argv,
                ..program.line()
            })
        })
    }

    /// True if the window has the slot's command, perhaps in another directory.
    fn has_same_argv(&self, window: &OpenWindow<'_>) -> bool {
        matches!((&self.slot.launch, window.facts), (Launch::Program(program), Some(facts))
            if facts.is_opened_by(program.line(), false) || self.is_as_seen(program, facts))
    }

    /// True if the window is in the working directory of the slot's program.
    fn same_directory(&self, facts: &WindowFacts) -> bool {
        matches!(&self.slot.launch, Launch::Program(program) if facts.is_in(&program.cwd))
    }

    fn title(&self, window: &OpenWindow<'_>) -> Option<Evidence> {
        let seen = self.slot.seen.title.as_deref()?;
        let title = window.title()?;
        if seen == title {
            return Some(Evidence::Title);
        }
        // It takes time to compare titles, and an exact title says more.
        if self.windows.has_title(seen) || !self.windows.slots_with_title(title).is_empty() {
            return None;
        }
        let percent = likeness(seen, title);
        (percent > 0).then_some(Evidence::TitleLikeness(percent))
    }
}
