//! Feeds the events of a recorded run into the step function again.

use std::cell::Cell;
use std::path::PathBuf;

use serde_json::Value;

use super::run::Run;
use crate::apply::{Action, Plans, Setup, Start, State, step};
use crate::compile::Plan;
use crate::live::{Output, PresentWorkspace};

/// The result of a replay.
#[derive(Clone, Debug, PartialEq)]
pub enum Replay {
    /// All steps gave the recorded actions.
    Same {
        /// Their number.
        steps: usize,
    },
    /// A step gave other actions.
    Different(Box<Divergence>),
    /// The run has no steps, or its plan or options cannot be read.
    Impossible,
}

/// The first step with other actions.
#[derive(Clone, Debug, PartialEq)]
pub struct Divergence {
    /// Its number, from 0.
    pub step: usize,
    /// Its event.
    pub event: Value,
    /// The recorded actions.
    pub recorded: Value,
    /// The actions now.
    pub now: Value,
}

/// Replays a run.
pub fn replay(run: &Run) -> Replay {
    let (plans, steps) = (run.plans(), run.steps());
    let ([first, later @ ..], Some(options), false) =
        (plans.as_slice(), run.options(), steps.is_empty())
    else {
        return Replay::Impossible;
    };
    // A damaged file may name slots that no plan has.
    let slots = || steps.iter().flat_map(|(event, _)| event.what.slots());
    let is_whole = |plan: &&Plan| plan.is_complete() && slots().all(|slot| plan.has(slot));
    if !plans.iter().all(is_whole) {
        return Replay::Impossible;
    }
    let next = Cell::new(0);
    let make = |_: &[Output], _: &[PresentWorkspace]| -> Plan {
        let plan = later.get(next.replace(next.get() + 1));
        let last = later.last().unwrap_or(first);
        (*plan.unwrap_or(last)).clone()
    };
    let chain = Plans::new((*first).clone());
    let logs = logs(&steps).unwrap_or_default();
    let mut state = State::new(Setup::new(&chain, &make, options, logs, &str::to_owned));
    let count = steps.len();
    for (number, (event, recorded)) in steps.into_iter().enumerate() {
        let what = event.what.clone();
        let now = step(&mut state, event);
        if !are_same(&now, recorded) {
            let json = |value: serde_json::Result<Value>| value.unwrap_or_default();
            return Replay::Different(Box::new(Divergence {
                step: number,
                event: json(serde_json::to_value(what)),
                recorded: json(serde_json::to_value(recorded)),
                now: json(serde_json::to_value(now)),
            }));
        }
    }
    Replay::Same { steps: count }
}

/// True if the actions are the same, apart from labels: in the record, they have no secrets, and
/// the replay does not know all of these.
fn are_same(now: &[Action], recorded: &[Action]) -> bool {
    now.len() == recorded.len()
        && now.iter().zip(recorded).all(|pair| match pair {
            (Action::Append(now), Action::Append(recorded)) => now.len() == recorded.len(),
            (Action::Label(now), Action::Label(recorded)) => now.len() == recorded.len(),
            (now, recorded) => now == recorded,
        })
}

/// The directory of the output of programs: two folders above the file of one.
fn logs(steps: &[(crate::apply::Event, &[Action])]) -> Option<PathBuf> {
    let mut actions = steps.iter().flat_map(|(_, actions)| *actions);
    actions.find_map(|action| match action {
        Action::Start(start) => {
            let Start { log, .. } = &**start;
            Some(log.parent()?.parent()?.to_owned())
        }
        Action::ReadOutput { log, .. } => Some(log.parent()?.parent()?.to_owned()),
        _ => None,
    })
}
