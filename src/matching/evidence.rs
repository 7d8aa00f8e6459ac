//! The kinds of evidence that a window belongs to a slot, and their weights.

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
    /// Windows that an earlier run placed in the slot.
    Marked,
    /// Windows that an earlier run placed in the slot, or with the same command and working directory, on any
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
    /// An earlier run placed it in the slot; see [`crate::records`].
    Record,
    /// Its process has the slot's command line, and the slot's directory if the slot has one.
    Command,
    /// Its process, or the shell inside its window, runs in the working directory of the slot's
    /// program.
    Directory,
    /// It matches the swallow criteria.
    Criteria,
    /// Its title is the one that `capture` saved.
    Title,
    /// Its title is similar to the one that `capture` saved, in percent; see [`likeness`].
    TitleLikeness(u8),
    /// It is on the slot's workspace.
    Workspace,
}

impl Evidence {
    /// Its weight. Each kind outweighs all lighter ones together.
    pub const fn weight(self) -> i64 {
        match self {
            Self::Record => 10_000_000,
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
            Self::Record => "an earlier run placed it in this slot".to_owned(),
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
            Self::Record => "record",
            Self::Command => "same command and directory",
            Self::Directory => "directory",
            Self::Criteria => "criteria",
            Self::Title => "title",
            Self::TitleLikeness(_) => "similar title",
            Self::Workspace => "workspace",
        }
    }
}

/// A window with the data needed to judge it.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenWindow<'a> {
    pub(super) con: &'a Con,
    pub(super) facts: Option<&'a WindowFacts>,
    /// Its workspace; `None` in the scratchpad.
    pub(super) workspace: Option<&'a str>,
    /// The output on whose workspaces it is visible, because it is sticky.
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
            own_layout: format!("{OWN_MARK_PREFIX}{}:", plan.in_marks()),
            seen_argv: slot
                .seen
                .process
                .as_deref()
                .and_then(|line| shell_words::split(line).ok()),
        }
    }

    /// All evidence for the window; empty if the slot may not use it.
    pub(super) fn evidence(&self, candidate: OpenWindow<'_>, reuse: Reuse) -> Vec<Evidence> {
        if self.bound(candidate, reuse).is_some() {
            return Vec::new();
        }
        self.evidence_unbound(candidate, reuse)
    }

    /// The same, ignoring marks of other slots.
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
            found.push(Evidence::Record);
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

    /// True for a splash screen that the slot does not match: it will close soon.
    pub(super) fn is_splash(&self, candidate: OpenWindow<'_>) -> bool {
        let properties = candidate.con.properties.as_ref();
        properties.is_some_and(|one| one.is_splash() && !self.slot.may_want(one))
    }

    /// True if the window is on the slot's workspace. A sticky window is on all workspaces of its
    /// output, regardless of the workspace in i3's tree.
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

    /// The other slot that the window is marked for, of this layout or another one. The window is
    /// then not used, regardless of its workspace.
    ///
    /// With [`Reuse::All`], windows of other layouts may be used.
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

    /// True for the mark of an existing slot. A mark whose slot is no longer in this layout's file
    /// has no effect.
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
        // The command is that of a client, which is not the process that runs in the directory.
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

    /// True if the process, the shell inside its window, or a program in that shell is in the
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

/// True if two command lines start the same program with the same arguments. A program given
/// by its name is the same as one given by its path, and a script the same as its interpreter
/// with the path of the script: `meld a b` is `/usr/bin/python3 /usr/bin/meld a b`.
fn same_argv(planned: &[String], present: &[String]) -> bool {
    let Some((program, arguments)) = planned.split_first() else {
        return false;
    };
    let is_same = |present: &[String]| {
        present.split_first().is_some_and(|(other, rest)| {
            rest == arguments
                && (program == other
                    || (program.contains('/') != other.contains('/')
                        && file_name(program) == file_name(other)))
        })
    };
    let script = present.len().checked_sub(planned.len());
    let script = script.filter(|&at| (1..=MAX_INTERPRETER_WORDS).contains(&at));
    is_same(present)
        || script.is_some_and(|at| present[at].contains('/') && is_same(&present[at..]))
}

/// The largest number of words before the path of a script: an interpreter and its options.
const MAX_INTERPRETER_WORDS: usize = 3;

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::same_argv;

    #[test]
    fn same_command_in_other_words() {
        for (planned, present, same) in [
            ("meld a b", "/usr/bin/meld a b", true),
            ("meld a b", "/usr/bin/python3 /usr/bin/meld a b", true),
            ("meld a b", "/usr/bin/python3 -u /usr/bin/meld a b", true),
            ("meld a b", "/usr/bin/python3 /usr/bin/meld a c", false),
            ("meld a b", "/usr/bin/python3 meld a b", false),
            ("/opt/meld a", "/usr/bin/python3 /usr/bin/meld a", false),
            ("/opt/meld a", "/usr/bin/python3 /opt/meld a", true),
            ("less f", "xterm -e less f", false),
            ("meld", "", false),
            ("", "meld", false),
        ] {
            let words = |line| shell_words::split(line).unwrap_or_default();
            assert_eq!(
                same_argv(&words(planned), &words(present)),
                same,
                "{planned}: {present}"
            );
        }
    }
}
