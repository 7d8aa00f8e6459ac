//! The steps of the tutorial, and when each is done. Pure.

use super::NAME;
use super::seen::{Ran, Saved, Seen, Window};

/// The windows to open.
const WINDOWS: [&str; 2] = ["clock", "notes"];

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Terminal,
    Windows,
    Capture,
    Close,
    Apply,
    Again,
    Move,
    Back,
    Edit,
    Tabs,
    Undo,
    Update,
    Key,
    /// Nothing is left to do.
    End,
}

/// The state of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Check {
    /// It is done.
    Done,
    /// Something is missing.
    Missing {
        /// What is missing.
        what: String,
        /// What has happened instead, and how to go on.
        hint: Option<String>,
    },
}

/// The progress of a tutorial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Progress {
    /// The present step.
    pub(super) step: Step,
    /// The number of commands that had ended when it began.
    begun: usize,
}

impl Step {
    /// All steps in order.
    pub(super) const ALL: [Self; 14] = [
        Self::Terminal,
        Self::Windows,
        Self::Capture,
        Self::Close,
        Self::Apply,
        Self::Again,
        Self::Move,
        Self::Back,
        Self::Edit,
        Self::Tabs,
        Self::Undo,
        Self::Update,
        Self::Key,
        Self::End,
    ];

    /// The number of steps in which there is something to do.
    pub(super) const COUNT: usize = Self::ALL.len() - 1;

    /// Its number, from 1.
    pub(super) fn number(self) -> usize {
        let before = Self::ALL.iter().take_while(|one| **one != self);
        before.count() + 1
    }

    fn next(self) -> Self {
        let mut rest = Self::ALL.into_iter().skip(self.number());
        rest.next().unwrap_or(Self::End)
    }
}

impl Progress {
    /// The begin of the tutorial.
    pub(super) const START: Self = Self {
        step: Step::Terminal,
        begun: 0,
    };

    /// Takes all steps that are done. Returns what is missing for the next one.
    pub(super) fn advance(&mut self, seen: &Seen) -> (Vec<Step>, Check) {
        let mut done = Vec::new();
        loop {
            match self.check(seen) {
                Check::Done => {
                    done.push(self.step);
                    *self = Self {
                        step: self.step.next(),
                        begun: seen.runs.len(),
                    };
                }
                missing @ Check::Missing { .. } => return (done, missing),
            }
        }
    }

    /// The state of the present step.
    fn check(&self, seen: &Seen) -> Check {
        let runs = seen.runs.get(self.begun..).unwrap_or_default();
        let last = |command: &str| runs.iter().rfind(|run| run.command == command);
        let open = |name: &&&str| seen.has(name);
        let closed: Vec<&str> = WINDOWS.iter().filter(|one| !open(one)).copied().collect();
        let opened: Vec<&str> = WINDOWS.iter().filter(open).copied().collect();
        match self.step {
            Step::Terminal => done_if(!seen.windows.is_empty(), "a terminal", None),
            Step::Windows => done_if(closed.is_empty(), &windows(&closed), misnamed(seen)),
            Step::Capture => captured(seen, runs),
            Step::Close => {
                let terminal = seen.windows.iter().any(|window| !is_example(window));
                let hint = (!terminal).then(|| "open a terminal again before you go on".to_owned());
                let what = format!("{} still open", is_or_are(&opened));
                done_if(opened.is_empty(), &what, hint)
            }
            Step::Apply | Step::Again | Step::Key => applied(last("apply"), None),
            Step::Move => moved(seen),
            Step::Back => {
                let is_away = seen.workspace("notes") != seen.workspace("clock");
                let by_hand = (!is_away).then(|| {
                    "`notes` is back already; `apply` has nothing to do, but run it".to_owned()
                });
                match applied(last("apply"), by_hand) {
                    Check::Done if is_away => missing("`notes` beside `clock`", None),
                    check => check,
                }
            }
            Step::Edit => edited(seen, last("apply")),
            Step::Tabs => match applied(last("apply"), None) {
                Check::Done if !seen.has_tabs => missing("the tabs", None),
                check => check,
            },
            Step::Undo => {
                let undone = last("undo").is_some_and(|run| run.exit == 0);
                let by_hand = (!seen.has_tabs && !undone)
                    .then(|| "the tabs are gone without `undo`; apply the layout again".to_owned());
                done_if(undone, "`i3pm-layout undo`", by_hand)
            }
            Step::Update => {
                let run = last("capture");
                let is_plain = matches!(
                    seen.saved,
                    Saved::Layout {
                        has_tabs: false,
                        ..
                    }
                );
                let refused = run.filter(|run| run.exit != 0);
                let hint = refused
                    .map(|_| "you have edited the file, so `capture` needs `--update`".to_owned());
                done_if(
                    is_plain && run.is_some_and(|run| run.exit == 0),
                    "`i3pm-layout capture --update`",
                    hint,
                )
            }
            Step::End => missing("nothing", None),
        }
    }
}

fn missing(what: &str, hint: Option<String>) -> Check {
    Check::Missing {
        what: what.to_owned(),
        hint,
    }
}

fn done_if(is_done: bool, what: &str, hint: Option<String>) -> Check {
    if is_done {
        Check::Done
    } else {
        missing(what, hint)
    }
}

fn is_example(window: &Window) -> bool {
    WINDOWS.contains(&window.name.as_str())
}

fn windows(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [name] => format!("the window {name}"),
        names => format!("the windows {}", names.join(" and ")),
    }
}

fn is_or_are(names: &[&str]) -> String {
    let verb = if names.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", windows(names))
}

/// A hint if windows were opened under other names.
fn misnamed(seen: &Seen) -> Option<String> {
    let others = seen.windows.iter().filter(|window| !is_example(window));
    let count = others.count();
    match count {
        0 => Some("the first terminal is closed; open another one".to_owned()),
        1 => None,
        _ => Some("a window has another name; check `-name clock` and `-name notes`".to_owned()),
    }
}

/// The way to a file with all windows after a `capture` that came too early.
fn reopen(seen: &Seen) -> String {
    let closed = WINDOWS.iter().filter(|name| !seen.has(name));
    let commands = closed.map(|&name| match name {
        "clock" => "xterm -name clock -e top &",
        _ => "xterm -name notes &",
    });
    match commands.collect::<Vec<_>>().as_slice() {
        [] => "all windows are open now, so capture again".to_owned(),
        commands => format!("run `{}`, then capture again", commands.join(" ")),
    }
}

fn captured(seen: &Seen, runs: &[Ran]) -> Check {
    let what = format!("the layout `{NAME}`");
    match &seen.saved {
        Saved::Layout { slots, .. } => {
            let lacks: Vec<&str> = WINDOWS
                .iter()
                .filter(|name| !slots.contains(**name))
                .copied()
                .collect();
            let hint = format!("the file lacks {}; {}", windows(&lacks), reopen(seen));
            let what = format!("{} in the layout", windows(&lacks));
            done_if(lacks.is_empty(), &what, Some(hint))
        }
        Saved::Broken => missing(
            &what,
            Some("the file has a mistake; capture again".to_owned()),
        ),
        Saved::Nowhere => {
            let other = seen.others.first().map(|other| {
                format!("you have saved `{other}`; the next steps need the name `{NAME}`")
            });
            let failed = runs
                .iter()
                .any(|run| run.command == "capture" && run.exit != 0);
            let failed = failed.then(|| "`capture` has failed; read its message".to_owned());
            missing(&what, other.or(failed))
        }
    }
}

/// The state of a step that needs a complete run of `apply`.
fn applied(last: Option<&Ran>, hint: Option<String>) -> Check {
    let what = format!("`i3pm-layout apply {NAME}`");
    match last {
        Some(Ran {
            other_layout: Some(other),
            ..
        }) => missing(&what, Some(format!("you have applied `{other}` instead"))),
        Some(Ran { exit: 0, .. }) => Check::Done,
        Some(_) => missing(
            &what,
            Some("the run was not complete; read its message, and run it again".to_owned()),
        ),
        None => missing(&what, hint),
    }
}

fn moved(seen: &Seen) -> Check {
    let what = "`notes` on another workspace than `clock`";
    match (seen.workspace("notes"), seen.workspace("clock")) {
        (Some(notes), Some(clock)) if notes == clock => missing(what, None),
        (Some(notes), Some(_)) => {
            // The terminal is where most windows were.
            let terminal = seen.windows.iter().find(|window| !is_example(window));
            let is_with_notes = terminal.is_some_and(|window| window.workspace == notes);
            let hint = "`clock` has moved instead of `notes`; move it back, then move `notes`";
            done_if(!is_with_notes, what, Some(hint.to_owned()))
        }
        _ => missing(
            what,
            Some(format!(
                "a window is closed; run `i3pm-layout apply {NAME}` to open it again"
            )),
        ),
    }
}

fn edited(seen: &Seen, applied: Option<&Ran>) -> Check {
    let what = "`layout: tabbed` in the file";
    let hint = match &seen.saved {
        Saved::Layout { has_tabs: true, .. } => return Check::Done,
        Saved::Broken => Some("the file has a mistake; edit it again".to_owned()),
        Saved::Nowhere => Some(format!(
            "the file is gone; run `i3pm-layout revert {NAME} last`"
        )),
        Saved::Layout { .. } => {
            applied.map(|_| "the file has no tabs yet; edit it before you apply it".to_owned())
        }
    };
    missing(what, hint)
}

#[cfg(test)]
mod tests;
