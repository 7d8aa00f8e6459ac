//! The check of the shell's completions.

use crate::cli::context::Context;
use crate::doctor::{Check, Finding, machine};

/// Looks for the completions in the files that the user's shell reads. They may also be in its
/// start-up file, so it is no problem if there are none.
pub(super) fn check(context: &Context) -> Finding {
    let Some((shell, files)) = context.completions() else {
        return Finding::Fine(Check::Completions);
    };
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
        None => Finding::NoCompletions(shell.as_str()),
    }
}
