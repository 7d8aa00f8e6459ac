//! Environment variables that replace secrets.

use std::collections::BTreeMap;

use super::warning::Warning;
use crate::layout::vars::environment_names;
use crate::layout::{Command, Window};

/// The environment variables that a window's program needs, each with the parts that contain it:
/// `command`, `directory`, `env`.
pub(crate) fn needed(window: &Window) -> BTreeMap<String, Vec<&'static str>> {
    let command = match &window.command {
        Some(Command::Line(line)) => std::slice::from_ref(line),
        Some(Command::Args(arguments)) => arguments,
        None => &[],
    };
    let command = command.iter().map(|text| (text, "command"));
    let directory = window.cwd.iter().map(|text| (text, "directory"));
    let env = window.env.values().map(|text| (text, "env"));
    let mut needed: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    for (text, place) in command.chain(directory).chain(env) {
        for name in environment_names(text) {
            let places = needed.entry(name).or_default();
            if places.last() != Some(&place) {
                places.push(place);
            }
        }
    }
    needed
}

/// The warnings about these variables, one for all in the same parts.
pub(super) fn warnings(window: &Window, slot: &str, variables: Vec<String>) -> Vec<Warning> {
    // A rule may have replaced the part for which discovery needed a variable.
    let mut needed = needed(window);
    let mut groups: BTreeMap<Vec<&'static str>, Vec<String>> = BTreeMap::new();
    for variable in variables {
        if let Some(places) = needed.remove(&variable) {
            groups.entry(places).or_default().push(variable);
        }
    }
    let groups = groups.into_iter();
    groups
        .map(|(places, variables)| Warning::Secret {
            places,
            slot: slot.to_owned(),
            variables,
        })
        .collect()
}
