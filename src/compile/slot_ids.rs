//! Ids for slots without an id in the file.

use std::collections::BTreeSet;
use std::path::Path;

use crate::layout::{Command, Window, unused};

/// One id for each of the windows, which are in slot order.
///
/// Ids of the file are kept; the others are named after the program or the class, with numbers
/// from the second on.
pub(crate) fn assign(windows: &[&Window]) -> Vec<String> {
    let mut taken: BTreeSet<String> = windows
        .iter()
        .filter_map(|window| window.id.clone())
        .collect();
    windows
        .iter()
        .map(|window| {
            window
                .id
                .clone()
                .unwrap_or_else(|| unused(&base_name(window), &mut taken))
        })
        .collect()
}

fn base_name(window: &Window) -> String {
    if let Some(base) = &window.base {
        return base.name.clone();
    }
    let program = match &window.command {
        Some(Command::Line(line)) => line.split_whitespace().next().map(str::to_owned),
        Some(Command::Args(args)) => args.first().cloned(),
        None => None,
    };
    let program = program.as_deref().and_then(|program| {
        Path::new(program)
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
    });
    let criterion = window
        .swallow
        .criteria()
        .next()
        .map(|(_, pattern)| pattern.to_owned());
    let name: String = program
        .or(criterion)
        .unwrap_or_default()
        .to_lowercase()
        .chars()
        .filter(|letter| letter.is_alphanumeric() || "-_.".contains(*letter))
        .collect();
    if name.is_empty() {
        "window".to_owned()
    } else {
        name
    }
}
