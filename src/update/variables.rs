//! Variables for secrets. Each name must refer to the same secret in the entire file.

use std::collections::BTreeSet;

use super::Update;
use crate::capture::{Captured, Warning, needed};
use crate::layout::{Command, Window, numbered};
use crate::matching::Assignment;

/// Renames captured variables that the file already uses, unless they have the same meaning
/// there.
pub(super) fn apart(input: &Update<'_>, assignment: &Assignment) -> Captured {
    let mut captured = input.captured.clone();
    let variables = captured
        .warnings
        .iter()
        .filter_map(|warning| match warning {
            Warning::Secret { variables, .. } => Some(variables.clone()),
            _ => None,
        });
    let variables: BTreeSet<String> = variables.flatten().collect();
    let in_file: BTreeSet<String> = input.layout.windows().flat_map(names).collect();
    let same = same(input, assignment);
    for variable in variables {
        if in_file.contains(&variable) && !same.contains(&variable) {
            rename(&in_file, &mut captured, &variable);
        }
    }
    captured
}

/// The environment variables that the window's program needs.
fn names(window: &Window) -> BTreeSet<String> {
    needed(window).into_keys().collect()
}

/// The variables that an open window has both in the file and in the capture.
fn same(input: &Update<'_>, assignment: &Assignment) -> BTreeSet<String> {
    let old: Vec<&Window> = input.layout.windows().collect();
    let both = input.captured.layout.windows().filter_map(|present| {
        let slot = assignment.slot(present.con)?;
        let mut both = names(old.get(slot.0)?);
        let present = names(&present.slot);
        both.retain(|name| present.contains(name));
        Some(both)
    });
    both.flatten().collect()
}

fn rename(in_file: &BTreeSet<String>, captured: &mut Captured, variable: &str) {
    let windows = captured.layout.windows();
    let in_capture: BTreeSet<String> = windows.flat_map(|window| names(&window.slot)).collect();
    let name = numbered(variable, "_", |name| {
        in_file.contains(name) || in_capture.contains(name)
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
        if let Warning::Secret { variables, .. } = warning {
            let renamed = variables.iter_mut().filter(|old| *old == variable);
            renamed.for_each(|old| old.clone_from(&name));
        }
    }
}
