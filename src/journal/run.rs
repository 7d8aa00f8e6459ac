//! A recorded run.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;

use super::entry::{Ended, Entry, Fact, LayoutFile, Matched, SessionId, Start};
use super::look::Look;
use super::time::RunId;
use crate::apply::{Action, Event, Options, What};
use crate::compile::Plan;
use crate::live::{Desktop, XId};
use crate::records::Window;

/// A run with everything that its file has.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// Its start.
    pub start: Start,
    /// The lines that could be read, in order.
    pub entries: Vec<Entry>,
    /// The number of the others.
    pub damaged: usize,
}

/// The progress of a run that waits for windows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The number of slots with a window.
    pub filled: usize,
    /// The number of slots.
    pub slots: usize,
    /// The id of the slot that has been pending for the longest time.
    pub waits_for: Option<String>,
}

/// A run for lists of runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Its id.
    pub id: RunId,
    /// Its start.
    pub start: Start,
    /// Its end, with the time that it took; `None` if it was killed, or is still running.
    pub end: Option<(Duration, Ended)>,
}

impl Summary {
    /// Reads the first and the last line of a file. `None` if the first is damaged.
    pub fn parse(id: RunId, first: &str, last: &str) -> Option<Self> {
        let Some(Entry {
            fact: Fact::Start(start),
            ..
        }) = Entry::parse(first)
        else {
            return None;
        };
        let end = match Entry::parse(last) {
            Some(Entry {
                ms,
                fact: Fact::End(ended),
            }) => Some((milliseconds(ms), *ended)),
            _ => None,
        };
        Some(Self { id, start, end })
    }
}

/// A duration of these milliseconds; zero if the number is not a valid duration.
fn milliseconds(ms: f64) -> Duration {
    Duration::try_from_secs_f64(ms / 1e3).unwrap_or_default()
}

impl Run {
    /// Reads a file. `None` if its first line is damaged.
    pub fn parse(id: RunId, text: &str) -> Option<Self> {
        let lines = text.lines().count();
        let entries: Vec<Entry> = text.lines().filter_map(Entry::parse).collect();
        let Some(Entry {
            fact: Fact::Start(start),
            ..
        }) = entries.first()
        else {
            return None;
        };
        Some(Self {
            id,
            start: start.clone(),
            damaged: lines - entries.len(),
            entries,
        })
    }

    /// The first line for which `of` returns a value.
    fn find<'r, T>(&'r self, of: impl Fn(&'r Fact) -> Option<T>) -> Option<T> {
        self.entries.iter().find_map(|entry| of(&entry.fact))
    }

    /// The session.
    pub fn session(&self) -> Option<&SessionId> {
        self.find(|fact| match fact {
            Fact::Session(session) => Some(session),
            _ => None,
        })
    }

    /// The layout.
    pub fn layout(&self) -> Option<&LayoutFile> {
        self.find(|fact| match fact {
            Fact::Layout(layout) => Some(layout),
            _ => None,
        })
    }

    /// The plans, in the order in which they were made.
    pub fn plans(&self) -> Vec<&Plan> {
        let plans = self.entries.iter().filter_map(|entry| match &entry.fact {
            Fact::Plan(plan) => Some(&**plan),
            _ => None,
        });
        plans.collect()
    }

    /// The options of the run.
    pub fn options(&self) -> Option<&Options> {
        self.find(|fact| match fact {
            Fact::Options(options) => Some(options),
            _ => None,
        })
    }

    /// The windows in slots at the end.
    pub fn matched(&self) -> &[Matched] {
        let matched = self.find(|fact| match fact {
            Fact::Matched(matched) => Some(matched.as_slice()),
            _ => None,
        });
        matched.unwrap_or_default()
    }

    /// The result that the command printed.
    pub fn result(&self) -> Option<&Value> {
        self.find(|fact| match fact {
            Fact::Result(result) => Some(result),
            _ => None,
        })
    }

    /// The end, with the time that the command took.
    pub fn end(&self) -> Option<(Duration, &Ended)> {
        let last = self.entries.last()?;
        match &last.fact {
            Fact::End(ended) => Some((milliseconds(last.ms), ended)),
            _ => None,
        }
    }

    /// The time of the last line.
    pub fn elapsed(&self) -> Duration {
        milliseconds(self.entries.last().map_or(0.0, |entry| entry.ms))
    }

    /// The desktop before the run.
    pub fn first_desktop(&self) -> Option<Desktop> {
        self.find(|fact| match fact {
            Fact::Seen(look) => Some(look.desktop(None)),
            Fact::Event { what, .. } => {
                let look = what.pointer("/Seen/desktop")?;
                let look: Option<Look> = serde_json::from_value(look.clone()).ok();
                Some(look.and_then(|look| look.desktop(None)))
            }
            _ => None,
        })?
    }

    /// True if the run has sent commands to i3, or was killed and may have.
    pub fn has_changed_something(&self) -> bool {
        match self.end() {
            Some((_, ended)) => ended.commands > 0,
            None => self.entries.iter().any(|entry| match &entry.fact {
                Fact::Sent(commands) => !commands.is_empty(),
                Fact::Actions(actions) => actions.iter().any(|action| action.commands() > 0),
                _ => false,
            }),
        }
    }

    /// The tokens of the programs that the run has started, which are in their environment.
    pub fn tokens(&self) -> BTreeSet<&str> {
        let actions = self.entries.iter().filter_map(|entry| match &entry.fact {
            Fact::Actions(actions) => Some(actions),
            _ => None,
        });
        let tokens = actions.flatten().filter_map(|action| match action {
            Action::Start(start) => Some(start.token.as_str()),
            _ => None,
        });
        tokens.collect()
    }

    /// The windows in slots that the run has opened.
    pub fn launched(&self) -> BTreeSet<Window> {
        let programs = self.end().map_or(&[][..], |(_, ended)| &ended.programs);
        let ids: BTreeSet<XId> = programs.iter().filter_map(|one| one.window).collect();
        let windows = self.matched().iter().map(|one| one.window);
        windows.filter(|window| ids.contains(&window.id)).collect()
    }

    /// The latest progress that the run has told the user; `None` before its first wait.
    pub fn progress(&self) -> Option<Progress> {
        let entries = self.entries.iter().rev();
        let mut actions = entries.filter_map(|entry| match &entry.fact {
            Fact::Actions(actions) => Some(actions.iter()),
            _ => None,
        });
        let told = actions.find_map(|mut actions| {
            actions.find_map(|action| match action {
                Action::Tell { filled, waiting } => Some((*filled, *waiting)),
                _ => None,
            })
        });
        let (filled, waiting) = told?;
        let plan = *self.plans().last()?;
        let waits = waiting.and_then(|idx| plan.slots().find(|(slot, _)| *slot == idx));
        Some(Progress {
            filled,
            slots: plan.slots().count(),
            waits_for: waits.map(|(_, slot)| slot.id.clone()),
        })
    }

    /// The events of the run, each with the actions that followed. Ends where an event cannot be
    /// read, or where the run was killed before it has recorded its actions.
    pub fn steps(&self) -> Vec<(Event, &[Action])> {
        let mut desktop = None;
        let mut steps = Vec::new();
        let mut event = None;
        for entry in &self.entries {
            match &entry.fact {
                Fact::Event { at, what } => {
                    let at = Duration::from_micros(*at);
                    let Some(what) = with_desktop(what, &mut desktop) else {
                        break;
                    };
                    event = Some(Event { at, what });
                }
                Fact::Actions(actions) => {
                    let Some(event) = event.take() else { break };
                    steps.push((event, actions.as_slice()));
                }
                Fact::Seen(look) => desktop = look.desktop(desktop.as_ref()),
                _ => {}
            }
        }
        steps
    }
}

/// The content of an event, with the desktop instead of its change.
fn with_desktop(what: &Value, desktop: &mut Option<Desktop>) -> Option<What> {
    let Some(look) = what.pointer("/Seen/desktop") else {
        return serde_json::from_value(what.clone()).ok();
    };
    let look: Look = serde_json::from_value(look.clone()).ok()?;
    let seen = look.desktop(desktop.as_ref())?;
    *desktop = Some(seen.clone());
    let gone = what.pointer("/Seen/gone")?.clone();
    Some(What::Seen {
        desktop: Box::new(seen),
        gone: serde_json::from_value(gone).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str = r#"{"ms":0.0,"start":{"version":"1","command":"apply","arguments":["t"],"at":1,"pid":2,"started":3}}"#;
    const END: &str = r#"{"ms":12.5,"end":{"exit":1,"windows":1,"slots":2,"commands":3}}"#;

    fn id() -> RunId {
        RunId::new(Duration::ZERO, 2)
    }

    #[test]
    fn run_is_known_by_its_ends() {
        let summary = Summary::parse(id(), START, END).unwrap();
        let (elapsed, ended) = summary.end.unwrap();
        assert_eq!(elapsed, Duration::from_micros(12_500));
        assert_eq!((ended.exit, ended.windows, ended.slots), (1, 1, 2));
        assert_eq!(Summary::parse(id(), START, START).unwrap().end, None);
        assert_eq!(Summary::parse(id(), "", END), None);
    }

    #[test]
    fn damaged_lines_are_skipped() {
        let text = format!(
            "{START}\nx\n{{\"ms\":1.0,\"new\":1}}\n{{\"ms\":2.0,\"sent\":[]}}\n{END}\n{{\"ms\":1"
        );
        let run = Run::parse(id(), &text).unwrap();
        assert_eq!(run.damaged, 3);
        assert_eq!(run.entries.len(), 3);
        assert!(run.end().is_some());
        assert!(run.steps().is_empty());
        assert!(Run::parse(id(), "\n").is_none());
    }
}
