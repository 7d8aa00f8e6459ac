//! Variables for secrets. Each name must refer to the same secret in the entire file.

use std::collections::BTreeSet;

use super::Update;
use crate::capture::{Captured, Warning, wants};
use crate::compile::slot_ids;
use crate::layout::{Command, Window};
use crate::matching::Assignment;

/// Renames captured variables that the file already uses, unless they have the same meaning
/// there.
pub(super) fn apart(input: &Update<'_>, assignment: &Assignment) -> Captured {
    let mut captured = input.captured.clone();
    let variables: BTreeSet<String> = captured
        .warnings
        .iter()
        .filter_map(|warning| match warning {
            Warning::Secret { variable, .. } => Some(variable.clone()),
            _ => None,
        })
        .collect();
    for variable in variables {
        if is_in_file(input, &variable) && !is_the_same(input, assignment, &variable) {
            rename(input, &mut captured, &variable);
        }
    }
    captured
}

fn is_in_file(input: &Update<'_>, variable: &str) -> bool {
    let mut windows = input.layout.windows();
    windows.any(|window| wants(window, variable))
}

/// True if an open window has the variable both in the file and in the capture.
fn is_the_same(input: &Update<'_>, assignment: &Assignment, variable: &str) -> bool {
    let old: Vec<&Window> = input.layout.windows().collect();
    input.captured.layout.windows().any(|present| {
        let slot = assignment.slot(present.con);
        let before = slot.and_then(|slot| old.get(slot.0));
        before.is_some_and(|before| wants(before, variable)) && wants(&present.slot, variable)
    })
}

fn rename(input: &Update<'_>, captured: &mut Captured, variable: &str) {
    let name = slot_ids::numbered(variable, "_", |name| {
        let mut windows = captured.layout.windows();
        is_in_file(input, name) || windows.any(|window| wants(&window.slot, name))
    });
    let (before, after) = (format!("${{env:{variable}}}"), format!("${{env:{name}}}"));
    let change = |text: &mut String| *text = text.replace(&before, &after);
    captured.layout.for_each_window(&mut |window| {
        let Window {
            command, cwd, env, ..
        } = &mut window.slot;
        match command {
            Some(Command::Line(line)) => change(line),
            Some(Command::Args(words)) => words.iter_mut().for_each(change),
            None => {}
        }
        cwd.iter_mut().chain(env.values_mut()).for_each(change);
    });
    for warning in &mut captured.warnings {
        if let Warning::Secret { variable: old, .. } = warning
            && old == variable
        {
            old.clone_from(&name);
        }
    }
}
