//! Checks of hooks.

use std::collections::BTreeMap;

use super::Checker;
use crate::document::{Fault, Finding, Path};
use crate::layout::hooks::{HookEvent, Hooks};
use crate::layout::model::{Command, Layout};

/// Finds all faults of the hooks at this place, in a file with these variables.
pub fn check_hooks(hooks: &Hooks, at: &Path, vars: &BTreeMap<String, String>) -> Vec<Finding> {
    let layout = Layout {
        vars: vars.clone(),
        ..Layout::default()
    };
    let mut checker = Checker {
        layout: &layout,
        findings: Vec::new(),
    };
    checker.hooks(hooks, at);
    checker.findings
}

impl Checker<'_> {
    pub(super) fn hooks(&mut self, hooks: &Hooks, at: &Path) {
        for event in HookEvent::ALL {
            let list = at.key(event.as_str());
            let hooks = hooks.of(event);
            for (position, hook) in hooks.iter().enumerate() {
                let path = match hooks {
                    [_] => list.clone(),
                    _ => list.index(position),
                };
                self.command(&hook.command, &path);
                if let Command::Args(args) = &hook.command
                    && let Some(program) = args.first().filter(|program| is_line(program))
                {
                    self.find(&path, Fault::ListOfCommands(program.clone()));
                }
            }
        }
    }
}

/// True if a program is rather a command line. Names of programs have no spaces, but paths may.
fn is_line(program: &str) -> bool {
    program.trim().contains(char::is_whitespace) && !program.contains('/')
}
