//! The check of the shell's completions.

use std::path::PathBuf;

use crate::cli::completions::Shell;
use crate::cli::context::Context;
use crate::doctor::{Check, Finding, machine};

/// Looks for the completions in the files that the user's shell reads, and for their command in its
/// start-up files.
pub(super) fn check(context: &Context) -> Finding {
    let Some((shell, files)) = context.completions() else {
        return Finding::Fine(Check::Completions);
    };
    let own = files.first().cloned().unwrap_or_default();
    let mut found = files.into_iter().filter_map(|path| {
        let text = machine::text(&path)?;
        Some((path, text))
    });
    match found.next() {
        Some((path, text)) => Finding::Completions {
            shell: shell.as_str(),
            path,
            is_current: text == shell.script(),
        },
        None => missing(shell, own, context),
    }
}

/// The finding without a file of completions. `own` is the file that the user can write.
fn missing(shell: Shell, own: PathBuf, context: &Context) -> Finding {
    /// A part of the command in a start-up file: `source <(i3pm-layout completions bash)`.
    const COMMAND: &str = "i3pm-layout completions";
    let asks = |path: &PathBuf| machine::text(path).is_some_and(|text| text.contains(COMMAND));
    let shell_name = shell.as_str();
    match context.start_files(shell).into_iter().find(asks) {
        Some(path) => Finding::CompletionsAtStart {
            shell: shell_name,
            path,
        },
        None => Finding::NoCompletions {
            shell: shell_name,
            file: own,
        },
    }
}
