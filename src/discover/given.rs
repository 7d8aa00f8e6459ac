//! Commands that another program has written down.

use std::path::PathBuf;

use super::candidate::{CommandSource, Discovered};
use super::command_line::base_name;
use super::evidence::Proposal;
use super::machine::Machine;
use super::start_directory::StartDirectory;
use super::terminal_table::Terminal;

/// Returns a command line and its working directory in the form of a layout file: secrets are
/// replaced, paths shortened, and the command is checked.
pub fn written(argv: Vec<String>, cwd: Option<PathBuf>, machine: &dyn Machine) -> Discovered {
    let directory = cwd.map(StartDirectory::at);
    let proposal = Proposal {
        // Not part of the result.
        source: CommandSource::Process,
        name: None,
        argv,
        directory: directory.unwrap_or_default(),
        process: None,
        doubts: Vec::new(),
        why: String::new(),
    };
    proposal.written(machine).found.unwrap_or_default()
}

/// Returns the command line of a terminal that runs this line of a shell. `None` if the terminal is
/// not known, or runs something else already.
pub fn in_terminal(argv: &[String], line: &str) -> Option<Vec<String>> {
    let terminal = Terminal::of_program(base_name(argv.first()?))?;
    let arguments = &argv[1..];
    let runs = |word: &String| terminal.rest.contains(word) || terminal.text.contains(word);
    if arguments.iter().any(runs) || terminal.bare && !arguments.is_empty() {
        return None;
    }
    let words = shell_words::split(line)
        .ok()
        .filter(|words| !words.is_empty())?;
    let run = terminal.run.iter().cloned();
    Some(argv.iter().cloned().chain(run).chain(words).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_runs_a_program_with_its_own_option() {
        for (terminal, line, expected) in [
            ("xterm", "htop -d 5", Some("xterm -e htop -d 5")),
            (
                "/usr/bin/kitty",
                r"vim a\ b",
                Some("/usr/bin/kitty vim 'a b'"),
            ),
            ("gnome-terminal", "vim", Some("gnome-terminal -- vim")),
            ("xterm -e top", "vim", None),
            ("kitty --session x", "vim", None),
            ("unknown", "vim", None),
            ("xterm", "'", None),
        ] {
            let argv = shell_words::split(terminal).unwrap();
            let found = in_terminal(&argv, line).map(shell_words::join);
            assert_eq!(found.as_deref(), expected, "{terminal} {line}");
        }
    }
}
