//! The kinds of evidence that a window belongs to a slot, and what each weighs.

use std::path::Path;

use super::likeness::likeness;
use crate::compile::{Launch, Plan, Slot, SlotIdx};
use crate::layout::{CommandSource, Matcher};
use crate::live::{Con, OWN_MARK_PREFIX, WindowFacts};

/// The open windows that may be used for a slot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reuse {
    /// None: every program is started.
    None,
    /// Windows with the slot's mark.
    Marked,
    /// Windows with the slot's mark, or with the same command and working directory, on any
    /// workspace; and windows that match the criteria on the slot's workspace. None that another
    /// layout has placed.
    #[default]
    Workspace,
    /// Every window that matches the criteria, even if another layout has placed it.
    All,
}

/// A reason to use a window for a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// It carries the mark of an earlier apply of this layout.
    Mark,
    /// Its process has the slot's command line, and the directory if the slot names one.
    Command,
    /// Its process, or the shell inside its window, is in the very directory in which the
    /// slot's program starts.
    Directory,
    /// The swallow criteria fit.
    Criteria,
    /// Its title is the one that capture saw.
    Title,
    /// Its title is like the one that capture saw, in percent; see [`likeness`].
    TitleLikeness(u8),
    /// It is on the workspace of the slot.
    Workspace,
}

impl Evidence {
    /// Its weight. Each kind outweighs all lighter ones together.
    pub const fn weight(self) -> i64 {
        match self {
            Self::Mark => 10_000_000,
            Self::Command => 1_000_000,
            Self::Criteria => 200_000,
            Self::Directory => 100_000,
            Self::Title => 40_000,
            Self::TitleLikeness(percent) => 200 * percent as i64,
            Self::Workspace => 10_000,
        }
    }

    /// Its meaning, as a sentence about the window.
    pub fn meaning(self) -> String {
        match self {
            Self::Mark => "an earlier `apply` of this layout marked it".to_owned(),
            Self::Command => "its program was started with the slot's command".to_owned(),
            Self::Criteria => "it matches the slot's `swallow`".to_owned(),
            Self::Directory => "its program runs in the slot's working directory".to_owned(),
            Self::Title => "its title is the one that `capture` saved".to_owned(),
            Self::TitleLikeness(percent) => {
                format!("its title is {percent} % similar to the one that `capture` saved")
            }
            Self::Workspace => "it is on the slot's workspace".to_owned(),
        }
    }

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mark => "mark",
            Self::Command => "same command and directory",
            Self::Directory => "directory",
            Self::Criteria => "criteria",
            Self::Title => "title",
            Self::TitleLikeness(_) => "similar title",
            Self::Workspace => "workspace",
        }
    }
}

/// A window with what is needed to judge it.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenWindow<'a> {
    pub(super) con: &'a Con,
    pub(super) facts: Option<&'a WindowFacts>,
    /// The workspace that it is on; `None` in the scratchpad.
    pub(super) workspace: Option<&'a str>,
    /// The output on whose every workspace it is, because it is sticky.
    pub(super) sticky_on: Option<&'a str>,
}

/// The slot that a window is marked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bound<'a> {
    /// The layout of the slot.
    pub(super) layout: &'a str,
    /// The slot's id.
    pub(super) slot: &'a str,
}

/// A slot with its criteria compiled.
#[derive(Debug)]
pub(super) struct Judge<'a> {
    plan: &'a Plan,
    idx: SlotIdx,
    slot: &'a Slot,
    matcher: Option<Matcher>,
    mark: String,
    own_layout: String,
    seen_argv: Option<Vec<String>>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(plan: &'a Plan, idx: SlotIdx) -> Self {
        let slot = plan.slot(idx);
        Self {
            plan,
            idx,
            slot,
            matcher: Matcher::new(&slot.swallow)
                .ok()
                .filter(|_| !slot.swallow.is_empty()),
            mark: plan.mark(idx),
            own_layout: format!("{OWN_MARK_PREFIX}{}:", plan.layout),
            seen_argv: slot
                .seen
                .process
                .as_deref()
                .and_then(|line| shell_words::split(line).ok()),
        }
    }

    /// All that speaks for the window, or nothing when it may not be taken.
    pub(super) fn evidence(&self, candidate: OpenWindow<'_>, reuse: Reuse) -> Vec<Evidence> {
        if self.bound(candidate, reuse).is_some() {
            return Vec::new();
        }
        self.evidence_unbound(candidate, reuse)
    }

    /// The same, whatever slot the window is marked for.
    pub(super) fn evidence_unbound(
        &self,
        candidate: OpenWindow<'_>,
        reuse: Reuse,
    ) -> Vec<Evidence> {
        if reuse == Reuse::None {
            return Vec::new();
        }
        let mut found = Vec::new();
        let marked = candidate.con.attributes.marks.contains(&self.mark);
        if marked {
            found.push(Evidence::Mark);
        }
        let same_command = candidate
            .facts
            .is_some_and(|facts| self.same_command(facts));
        if same_command {
            found.push(Evidence::Command);
        }
        let properties = candidate.con.properties.as_ref();
        let fits = self.matcher.as_ref().is_some_and(|matcher| {
            properties.is_some_and(|properties| matcher.matches(properties))
        });
        if fits {
            found.push(Evidence::Criteria);
        }
        let here = self.is_here(candidate);
        let main_window = properties.is_none_or(|properties| self.slot.may_want(properties));
        let started_elsewhere = matches!(self.slot.launch, Launch::Elsewhere);
        let may = marked
            || match reuse {
                Reuse::None | Reuse::Marked => false,
                Reuse::Workspace => {
                    (same_command && (fits || self.matcher.is_none()) && main_window)
                        || (fits && (here || started_elsewhere) && !self.is_splash(candidate))
                }
                Reuse::All => fits || same_command,
            };
        if !may {
            return Vec::new();
        }
        if candidate
            .facts
            .is_some_and(|facts| self.same_directory(facts))
        {
            found.push(Evidence::Directory);
        }
        found.extend(self.title(candidate.con));
        if here {
            found.push(Evidence::Workspace);
        }
        found
    }

    /// Whether it is a splash screen that the slot does not want: soon it is not there any
    /// more.
    pub(super) fn is_splash(&self, candidate: OpenWindow<'_>) -> bool {
        let properties = candidate.con.properties.as_ref();
        properties.is_some_and(|one| one.is_splash() && !self.slot.may_want(one))
    }

    /// Whether the window is where the slot is. A sticky one is on all workspaces of its
    /// output, whichever i3 has it on at the moment.
    fn is_here(&self, candidate: OpenWindow<'_>) -> bool {
        let wanted = self.slot.workspace.as_deref();
        let sticky = || {
            let planned = wanted.and_then(|name| self.plan.workspace(name));
            planned
                .zip(candidate.sticky_on)
                .is_some_and(|(planned, on)| {
                    planned.output.as_deref().is_none_or(|output| output == on)
                })
        };
        candidate.workspace == wanted || sticky()
    }

    /// The slot that the window is marked for, when that is one of another layout, or
    /// another one of this layout: then it is not taken, wherever it is.
    ///
    /// With [`Reuse::All`] a person has asked for the windows of other layouts.
    pub(super) fn bound<'c>(&self, candidate: OpenWindow<'c>, reuse: Reuse) -> Option<Bound<'c>> {
        let marks = &candidate.con.attributes.marks;
        if marks.contains(&self.mark) {
            return None;
        }
        marks
            .iter()
            .filter(|mark| crate::compile::is_slot_mark(mark))
            .filter(|mark| {
                if mark.starts_with(&self.own_layout) {
                    self.is_mark_of_a_slot(mark)
                } else {
                    reuse != Reuse::All
                }
            })
            .find_map(|mark| {
                let (layout, slot) = mark.strip_prefix(OWN_MARK_PREFIX)?.rsplit_once(':')?;
                Some(Bound { layout, slot })
            })
    }

    /// How much speaks for a window that another layout has, where the slot's command
    /// would only open it once more: it is on the slot's workspace, and has the slot's
    /// command and directory, or the slot has no command.
    pub(super) fn wants(&self, candidate: OpenWindow<'_>) -> Option<i64> {
        let bound = self.bound(candidate, Reuse::Workspace)?;
        let here = self.is_here(candidate);
        let evidence = self.evidence_unbound(candidate, Reuse::Workspace);
        let same = evidence.contains(&Evidence::Command)
            || !matches!(self.slot.launch, Launch::Program(_));
        let other = bound.layout != self.plan.layout;
        (other && here && same && !evidence.is_empty())
            .then(|| evidence.iter().map(|one| one.weight()).sum())
    }

    /// A mark of this layout whose slot is gone from the file binds nobody.
    fn is_mark_of_a_slot(&self, mark: &str) -> bool {
        self.plan
            .slots()
            .any(|(idx, _)| idx != self.idx && self.plan.mark(idx) == *mark)
    }

    fn same_command(&self, facts: &WindowFacts) -> bool {
        let (Launch::Program(program), Some(process)) = (&self.slot.launch, &facts.process) else {
            return false;
        };
        let seen = self.seen_argv.as_deref();
        let as_seen = seen.is_some_and(|argv| same_argv(argv, &process.argv));
        // The command is that of a client, which is not what runs in the directory.
        if as_seen && self.slot.seen.source == Some(CommandSource::Process) {
            return true;
        }
        (as_seen || same_argv(&program.argv, &process.argv))
            && (!program.cwd_is_named || self.same_directory(facts))
    }

    fn is_in(&self, directory: Option<&Path>) -> bool {
        matches!(&self.slot.launch, Launch::Program(program)
            if directory == Some(program.cwd.as_path()))
    }

    /// Whether the process, the shell inside its window, or what that runs is in the
    /// slot's directory.
    fn same_directory(&self, facts: &WindowFacts) -> bool {
        let inside = facts.inside.as_ref();
        let shell = inside.map(|inside| &inside.shell);
        let job = inside.and_then(|inside| inside.job.as_ref());
        let all = [facts.process.as_ref(), shell, job];
        let mut all = all.into_iter().flatten();
        all.any(|process| self.is_in(process.cwd.as_deref()))
    }

    fn title(&self, con: &Con) -> Option<Evidence> {
        let seen = self.slot.seen.title.as_deref()?;
        let title = con.properties.as_ref()?.title.as_deref()?;
        if seen == title {
            return Some(Evidence::Title);
        }
        let percent = likeness(seen, title);
        (percent > 0).then_some(Evidence::TitleLikeness(percent))
    }
}

/// Whether two command lines start the same thing: a program given by its name is
/// the same as one given by its path.
fn same_argv(planned: &[String], present: &[String]) -> bool {
    match (planned.split_first(), present.split_first()) {
        (Some((planned, planned_args)), Some((present, present_args))) => {
            planned_args == present_args
                && (planned == present
                    || (planned.contains('/') != present.contains('/')
                        && file_name(planned) == file_name(present)))
        }
        _ => false,
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
