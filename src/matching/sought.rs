//! The windows for which the command that `capture` writes may decide.

use crate::compile::{Launch, Plan, Program};
use crate::layout::Matcher;
use crate::live::{Con, WindowFacts};

/// The windows and commands that a plan looks for.
#[derive(Debug)]
pub struct Sought(Vec<OfSlot>);

#[derive(Debug)]
struct OfSlot {
    matcher: Option<Matcher>,
    program: Program,
}

impl Sought {
    /// Everything that the plan looks for.
    pub fn new(plan: &Plan) -> Self {
        let slots = plan.slots().filter_map(|(_, slot)| match &slot.launch {
            Launch::Program(program) => Some(OfSlot {
                matcher: Matcher::of_slot(&slot.swallow),
                program: program.clone(),
            }),
            Launch::Elsewhere | Launch::Unresolved { .. } => None,
        });
        Self(slots.collect())
    }

    /// True if the command of the window is worth finding, which takes time: the window matches
    /// the criteria of a slot, and its process does not already have the command of such a slot.
    pub fn needs_command(&self, con: &Con, facts: &WindowFacts) -> bool {
        let Some(properties) = &con.properties else {
            return false;
        };
        let matching = self.0.iter().filter(|slot| {
            let matcher = slot.matcher.as_ref();
            matcher.is_none_or(|matcher| matcher.matches(properties))
        });
        let mut matching = matching.peekable();
        matching.peek().is_some() && !matching.any(|slot| facts.runs(slot.program.line()))
    }
}
