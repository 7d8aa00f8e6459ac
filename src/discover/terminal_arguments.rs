//! The arguments of a terminal emulator: its own options, and the command to run in it.

use super::terminal_table::Terminal;

/// The arguments of a terminal.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Arguments {
    /// Its own options.
    pub(super) options: Vec<String>,
    /// The command to run in it.
    pub(super) run: Option<Vec<String>>,
}

impl Arguments {
    /// Parses the arguments. The option for the directory is dropped where the directory of the
    /// window is known.
    pub(super) fn of(terminal: &Terminal, arguments: &[String], without_directory: bool) -> Self {
        let mut found = Self::default();
        let mut rest = arguments;
        while let Some(argument) = rest.first() {
            let (option, value) = match argument.split_once('=') {
                Some((option, value)) if option.starts_with('-') => (option, Some(value)),
                _ => (argument.as_str(), None),
            };
            let tables = [
                &terminal.text,
                &terminal.directory,
                &terminal.values,
                &terminal.layouts,
            ];
            let takes_next = value.is_none() && tables.iter().any(|table| table.contains(option));
            let (words, after) = rest.split_at(rest.len().min(1 + usize::from(takes_next)));
            if terminal.rest.contains(argument) {
                found.run = Some(after.to_vec());
                break;
            } else if terminal.text.contains(option) {
                let text = value.or_else(|| words.get(1).map(String::as_str));
                found.run = text.and_then(|text| shell_words::split(text).ok());
            } else if terminal.directory.contains(option) {
                let kept = if without_directory { &[] } else { words };
                found.options.extend_from_slice(kept);
            } else if terminal.windows.contains(option) || terminal.others.contains(option) {
                // Not for this window.
            } else if terminal.run.first() == Some(argument) {
                // `wezterm start`, which `run` adds again.
            } else if terminal.bare && !argument.starts_with(['-', '+']) {
                found.run = Some(rest.to_vec());
                break;
            } else {
                found.options.extend_from_slice(words);
            }
            rest = after;
        }
        found.run = found.run.filter(|run| !run.is_empty());
        found
    }
}
