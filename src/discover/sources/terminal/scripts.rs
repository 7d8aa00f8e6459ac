//! Scripts that a terminal was told to run.

use std::path::Path;

use crate::discover::command_line::{base_name, with_program};
use crate::discover::machine::Machine;
use crate::discover::terminal_table::{is_script, is_shell};
use crate::discover::wrappers;
use crate::live::Process;

/// True if these arguments of a terminal run a script of a shell.
pub(super) fn is_script_of(run: &[String], terminal: &Process, machine: &dyn Machine) -> bool {
    let Some(program) = run.first() else {
        return false;
    };
    if is_script(run) {
        return true;
    }
    // xterm(1) passes a single argument with spaces to a shell.
    if run.len() == 1 && program.contains(' ') {
        return true;
    }
    let file = if program.contains('/') {
        let directory = terminal.cwd.as_deref().or(machine.home());
        Some(directory.unwrap_or(Path::new("/")).join(program))
    } else {
        machine.find(program)
    };
    let text = file.and_then(|file| machine.script(&file));
    let first = text.as_deref().and_then(|text| text.lines().next());
    let interpreter = first.map(|line| line.trim_start_matches("#!").trim());
    let words = interpreter.and_then(|line| shell_words::split(line).ok());
    words.is_some_and(|words| is_shell(&wrappers::inner(&words)))
}

/// Returns a command line without the sign of a login shell.
pub(super) fn as_command(shell: &[String]) -> Vec<String> {
    let (program, arguments) = shell.split_first().map_or(("", shell), |(program, rest)| {
        (program.trim_start_matches('-'), rest)
    });
    with_program(base_name(program), arguments)
}

/// Commands of a shell that do no harm when they run again.
const HARMLESS: [&str; 12] = [
    ":", "cd", "clear", "echo", "exec", "export", "printf", "read", "set", "sleep", "true",
    "ulimit",
];

/// Returns the script that a shell runs (`sh -c`), if it has done something before its last command
/// that may do harm when it runs again.
pub(super) fn runs_again(run: &[String]) -> Option<String> {
    let text = run
        .get(2)
        .filter(|_| is_script(run) && run[1].ends_with('c'))?;
    let mut commands: Vec<&str> = text
        .split([';', '\n', '&', '|'])
        .map(str::trim)
        .filter(|command| !command.is_empty())
        .collect();
    commands.pop();
    let is_harmless = |command: &&str| {
        let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
        let first = words.first().map_or("", String::as_str);
        HARMLESS.contains(&first) || first.contains('=') || is_shell(&words)
    };
    (!commands.iter().all(is_harmless)).then(|| text.clone())
}
