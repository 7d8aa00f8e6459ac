//! `completions`: print the completion script of a shell; and the completions of a command line, for
//! these scripts.

mod shell;
mod typed;
mod values;
mod wanted;

use std::ffi::OsString;

use super::context::Context;
use super::exit::Exit;
use crate::error::Error;
pub(super) use shell::{Places, Shell};

/// Print the completion script for a shell
///
/// A package of i3pm-layout has installed the scripts. Otherwise, write the script to a file that
/// your shell reads, as in the examples, and start a new shell. bash needs the package
/// bash-completion to find the file. The directory for zsh must be in `fpath` before `compinit`
/// runs.
///
/// The scripts complete commands, options, files, and the names of layouts (those used last come
/// first), projects, profiles, workspaces, outputs, slots, runs and versions.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout completions bash > ~/.local/share/bash-completion/completions/i3pm-layout\n  \
        i3pm-layout completions zsh > ~/.local/share/zsh/site-functions/_i3pm-layout\n  \
        i3pm-layout completions fish > ~/.config/fish/completions/i3pm-layout.fish")]
pub(super) struct Args {
    /// Shell that reads the script
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
    /// Characters at which bash splits words
    #[arg(
        long,
        hide = true,
        value_name = "CHARACTERS",
        default_value = "",
        allow_hyphen_values = true
    )]
    breaks: String,
    /// Words of the command line up to the cursor; the last one is completed
    #[arg(last = true, hide = true, value_name = "WORD")]
    words: Option<Vec<OsString>>,
}

impl Args {
    /// True if a shell asks: nobody sees a message then.
    pub(super) const fn is_asked_by_shell(&self) -> bool {
        self.words.is_some()
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let Some(words) = &args.words else {
        context.ui.out(args.shell.script())?;
        return Ok(Exit::Done);
    };
    let words = words.iter().map(|word| word.to_string_lossy());
    let mut words: Vec<String> = words.map(std::borrow::Cow::into_owned).collect();
    let Some(raw) = words.pop() else {
        return Ok(Exit::Done);
    };
    // zsh and fish remove the quotes of finished words.
    if args.shell == Shell::Bash {
        words = words
            .iter()
            .map(|word| typed::unquoted(word).text)
            .collect();
    }
    let current = match args.shell {
        Shell::Bash | Shell::Fish => typed::unquoted(&raw),
        Shell::Zsh => typed::Typed::plain(&raw),
    };
    let mut found = Vec::new();
    for wanted in wanted::wanted(&words, &current.text) {
        match wanted {
            wanted::Wanted::Candidate(candidate) => found.push(candidate),
            wanted::Wanted::Values { kind, prefix } => {
                let partial = current.text.strip_prefix(&prefix).unwrap_or_default();
                let values = values::values(context, kind, &words, partial).into_iter();
                let values = values.filter(|one| one.value.starts_with(partial));
                found.extend(values.map(|one| one.after(&prefix)));
            }
        }
    }
    let lines = wanted::offered(found, &current.text).into_iter();
    let lines = lines.filter_map(|one| args.shell.line(&one, &raw, &current, &args.breaks));
    context.ui.out(&lines.collect::<String>())?;
    Ok(Exit::Done)
}
