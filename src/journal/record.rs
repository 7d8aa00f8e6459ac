//! Writes the journal of a run, as it happens.
//!
//! A journal that cannot be written never stops a command: after the first error, nothing more is
//! written, and the error can be asked for.

use std::cell::{OnceCell, RefCell};
use std::io::{self, Write as _};
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::entry::{Ended, HookRecord, I3Process, LayoutFile, Matched, Program, SessionId, Start};
use super::file::{Folder, Writer};
use super::follow::Follower;
use super::look::Look;
use super::mask::{Filter, Mask};
use super::time::RunId;
use crate::apply::{Action, Event, Options, Outcome, Recorder, Report, What};
use crate::compile::{Launch, Plan, SlotIdx};
use crate::live::{Desktop, ProcessId};
use crate::matching::Assignment;
use crate::records::Window;
use crate::wm::command::Command;

/// The journal of a command; it records nothing until [`Journal::start`].
#[derive(Debug, Default)]
pub struct Journal {
    open: RefCell<Option<Recording>>,
    problem: RefCell<Option<io::Error>>,
    /// The run that has a file.
    id: OnceCell<RunId>,
}

/// A journal that is being written.
#[derive(Debug)]
struct Recording {
    writer: Writer,
    mask: Mask,
    /// The latest desktop.
    desktop: Option<Desktop>,
    ended: Ended,
    has_session: bool,
    /// The windows in slots at the end.
    matched: Vec<Matched>,
    /// Learns each line, without secrets.
    follower: Option<Follower>,
}

impl Journal {
    /// Begins a file in this folder. `start` needs no time. A follower learns everything, even if
    /// the file cannot be written.
    pub fn start(&self, folder: &Folder, start: Start, filter: Filter, follower: Option<Follower>) {
        let (writer, start) = match Writer::create(folder, start.clone()) {
            Ok((writer, start)) => {
                let id = RunId::new(Duration::from_millis(start.at), start.pid);
                // A command has one record.
                let _ = self.id.set(id);
                (writer, start)
            }
            Err(error) => {
                *self.problem.borrow_mut() = Some(error);
                if follower.is_none() {
                    return;
                }
                (Writer::without_file(), start)
            }
        };
        *self.open.borrow_mut() = Some(Recording {
            writer,
            mask: Mask::new(filter),
            desktop: None,
            ended: Ended::default(),
            has_session: false,
            matched: Vec::new(),
            follower,
        });
        self.with(|recording| {
            recording.add("start", &start)?;
            recording.writer.flush()
        });
    }

    /// The id of the run that is or was recorded.
    pub fn id(&self) -> Option<&RunId> {
        self.id.get()
    }

    /// The error because of which the journal is incomplete.
    pub fn problem(&self) -> Option<io::Error> {
        self.problem.borrow_mut().take()
    }

    /// Calls `record`, if the journal is open.
    fn with(&self, record: impl FnOnce(&mut Recording) -> io::Result<()>) {
        let mut open = self.open.borrow_mut();
        let Some(recording) = open.as_mut() else {
            return;
        };
        if let Err(error) = record(recording) {
            *self.problem.borrow_mut() = Some(error);
            if recording.follower.is_some() {
                recording.writer.close();
            } else {
                *open = None;
            }
        }
    }

    /// Records the session; only the first call has an effect.
    pub fn session(&self, display: &str, i3: impl FnOnce() -> I3Process) {
        self.with(|recording| {
            if std::mem::replace(&mut recording.has_session, true) {
                return Ok(());
            }
            let display = display.to_owned();
            recording.add("session", &SessionId { display, i3: i3() })
        });
    }

    /// Records the layout.
    pub fn layout(&self, layout: &LayoutFile) {
        self.with(|recording| {
            recording.ended.layout = Some(layout.name.clone());
            recording.add("layout", layout)
        });
    }

    /// Records a hook.
    pub fn hook(&self, hook: &HookRecord) {
        self.with(|recording| {
            recording.add("hook", hook)?;
            recording.writer.flush()
        });
    }

    /// Records the result of `apply`, or of another command that performs a run.
    pub fn report(&self, report: &Report, plan: &Plan, printed: &Value) {
        self.with(|recording| {
            recording.ended.windows = report.filled();
            recording.ended.slots = report.slots.len();
            recording.ended.programs = programs(report, plan, &recording.matched);
            recording.add("result", printed)
        });
    }

    /// Records the result of a command with this number of windows.
    pub fn result(&self, windows: usize, printed: &Value) {
        self.with(|recording| {
            recording.ended.windows = windows;
            recording.ended.slots = windows;
            recording.add("result", printed)
        });
    }

    /// Records the end of the command, and closes the file. `refused` if it did nothing; see
    /// [`Ended::refused`].
    pub fn end(&self, exit: u8, error: Option<String>, refused: bool) {
        self.with(|recording| {
            let ended = Ended {
                exit,
                error,
                refused,
                ..std::mem::take(&mut recording.ended)
            };
            recording.add("end", &ended)?;
            recording.writer.flush()
        });
        *self.open.borrow_mut() = None;
    }

    /// Records an event of a run.
    pub fn happened(&self, event: &Event) {
        self.with(|recording| recording.event(event));
    }

    /// Records the actions that follow, and writes everything so far.
    pub fn follows(&self, actions: &[Action]) {
        self.with(|recording| {
            let commands = actions.iter().map(Action::commands);
            recording.ended.commands += commands.sum::<usize>();
            recording.add("actions", actions)?;
            recording.writer.flush()
        });
    }
}

impl Recorder for Journal {
    fn plan(&self, plan: &Plan, options: Option<&Options>) {
        self.with(|recording| {
            recording.mask.learn_plan(plan);
            recording.add("plan", plan)?;
            match options {
                Some(options) => recording.add("options", options),
                None => Ok(()),
            }
        });
    }

    fn matched(&self, plan: &Plan, desktop: &Desktop, assignment: &Assignment) {
        self.with(|recording| {
            let slots = plan.slots();
            let matched = slots.filter_map(|(idx, _)| matched(plan, desktop, assignment, idx));
            let matched: Vec<Matched> = matched.collect();
            recording.add("matched", &matched)?;
            recording.matched = matched;
            Ok(())
        });
    }

    fn saw(&self, desktop: &Desktop) {
        self.with(|recording| {
            let look = recording.look(desktop);
            recording.add("seen", &look)?;
            recording.writer.flush()
        });
    }

    fn sent(&self, commands: &[Command]) {
        self.with(|recording| {
            recording.ended.commands += commands.len();
            recording.add("sent", commands)?;
            recording.writer.flush()
        });
    }
}

/// An event, with a look instead of the desktop.
#[derive(Serialize)]
struct Happened<'e> {
    at: u64,
    what: Content<'e>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Content<'e> {
    Seen {
        #[serde(rename = "Seen")]
        seen: Seen<'e>,
    },
    Other(&'e What),
}

#[derive(Serialize)]
struct Seen<'e> {
    desktop: Look<&'e Desktop>,
    gone: &'e [ProcessId],
}

impl Recording {
    /// Adds a line, without secrets.
    fn add(&mut self, kind: &str, value: &(impl Serialize + ?Sized)) -> io::Result<()> {
        let ms = self.writer.milliseconds();
        let lines = &mut self.writer.lines;
        let begin = lines.len();
        write!(lines, "{{\"ms\":{ms:?},\"{kind}\":")?;
        self.mask.write(lines, value)?;
        lines.extend_from_slice(b"}\n");
        if let (Some(follower), Some(line)) = (&mut self.follower, lines.get(begin..)) {
            follower.line(&String::from_utf8_lossy(line));
        }
        Ok(())
    }

    fn event(&mut self, event: &Event) -> io::Result<()> {
        let at = u64::try_from(event.at.as_micros()).unwrap_or(u64::MAX);
        let what = match &event.what {
            What::Seen { desktop, gone } => Content::Seen {
                seen: Seen {
                    desktop: self.look(desktop),
                    gone,
                },
            },
            what => Content::Other(what),
        };
        self.add("event", &Happened { at, what })
    }

    /// The look at a desktop. Learns the secrets in the command lines of its windows.
    fn look<'d>(&mut self, desktop: &'d Desktop) -> Look<&'d Desktop> {
        let facts = desktop.windows.values();
        for process in facts.filter_map(|facts| facts.process.as_ref()) {
            self.mask.learn_line(&process.argv);
        }
        let look = Look::after(self.desktop.as_ref(), desktop);
        self.desktop = Some(desktop.clone());
        look
    }
}

/// The window of a slot.
fn matched(
    plan: &Plan,
    desktop: &Desktop,
    assignment: &Assignment,
    idx: SlotIdx,
) -> Option<Matched> {
    let found = assignment.matches.get(idx.0)?.as_ref()?;
    let con = desktop.tree.find(found.con)?;
    let id = con.window?;
    let slot = plan.slot(idx);
    let mut evidence = found.evidence.clone();
    evidence.sort_by_key(|one| std::cmp::Reverse(one.weight()));
    Some(Matched {
        slot: slot.id.clone(),
        workspace: slot.workspace.clone(),
        window: Window::new(id, desktop.windows.get(&id)),
        con: con.id,
        title: con.name().to_owned(),
        evidence: evidence.iter().map(|one| one.meaning()).collect(),
    })
}

/// The programs that a run has started, or should have.
fn programs(report: &Report, plan: &Plan, matched: &[Matched]) -> Vec<Program> {
    let slots = report.slots.iter().filter_map(|one| {
        let ms = match &one.outcome {
            Outcome::Launched { after, .. } => Some(after.as_secs_f64() * 1e3),
            Outcome::Missing { .. } => None,
            _ => return None,
        };
        let (_, slot) = plan.slots().find(|(_, slot)| slot.id == one.slot)?;
        let Launch::Program(program) = &slot.launch else {
            return None;
        };
        let path = program.shown.argv.first()?;
        let mut all = matched.iter();
        let window = all.find(|found| found.slot == one.slot);
        Some(Program {
            name: path.rsplit('/').next().unwrap_or_default().to_owned(),
            ms: ms.map(|ms| (ms * 10.0).round() / 10.0),
            window: window.filter(|_| ms.is_some()).map(|found| found.window.id),
        })
    });
    slots.collect()
}
