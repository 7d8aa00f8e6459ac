//! `discover`: show the command used to reopen a window.

use super::context::{Context, observe};
use super::exit::Exit;
use crate::discover::Questions;
use crate::error::Error;
use crate::live::{Con, Desktop};
use crate::ui::candidates::{self, Explained};

/// Show the command used to reopen a window, with the reason
///
/// Shows what `capture` would write to a layout: the command and its working directory,
/// with the source of both. Starts and saves nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout discover                             Show the focused window\n  \
        i3pm-layout discover --window 0x1c00007 --explain\n  \
        i3pm-layout discover --all --json | jq -r '.[].command'")]
pub(super) struct Args {
    /// Show the window with this X11 id (from `xwininfo`) or i3 `con_id` (default: the
    /// focused window)
    #[arg(long, value_name = "ID", allow_negative_numbers = true, value_parser = id, conflicts_with = "all")]
    window: Option<u64>,
    /// Show all windows, including the scratchpad
    #[arg(long)]
    all: bool,
    /// List all candidates, and why each was used or not
    #[arg(long)]
    explain: bool,
    /// Print the result as JSON, always with all candidates
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let mut session = context.session()?;
    let desktop = observe(&mut session)?;
    let config = context.config()?;
    let machine = context.machine(&session, &config);
    let chosen = chosen(args, &desktop)?;
    let mut questions = Questions::new(&desktop);
    let mut explained = Vec::new();
    // Asks about all windows, because the first window of a process is special.
    for con in desktop.windows_of_programs() {
        let rule = con.properties.as_ref();
        let rule = rule.and_then(|properties| config.rules.winner(properties));
        let asked = questions.ask(con, rule);
        if chosen.is_none_or(|chosen| chosen.id == con.id) {
            explained.push(Explained {
                con,
                excluded_by: rule
                    .filter(|rule| rule.ignore)
                    .map(|rule| rule.origin.to_string()),
                discovery: machine.explain(&asked),
            });
        }
    }
    context.print(
        args.json,
        || candidates::to_json(&explained),
        |paint| candidates::text(&explained, args.all, args.explain, paint),
    )?;
    let all = explained.iter().all(|one| one.discovery.winner().is_some());
    Ok(if all { Exit::Done } else { Exit::Incomplete })
}

/// The selected window; `None` for all.
fn chosen<'a>(args: &Args, desktop: &'a Desktop) -> Result<Option<&'a Con>, Error> {
    if args.all {
        return Ok(None);
    }
    let found = match args.window {
        Some(id) => desktop.windows_of_programs().find(|con| {
            con.id.0 == id || con.window.is_some_and(|window| u64::from(window.0) == id)
        }),
        None => Some(desktop.tree.focused_leaf()).filter(|con| con.window.is_some()),
    };
    found.map(Some).ok_or_else(|| {
        let (what, hint) = match args.window {
            Some(id) => (
                format!("i3 has no window {id:#x} ({id})"),
                "run `i3pm-layout discover --all` to list all windows",
            ),
            None => (
                "no window has the focus".to_owned(),
                "choose a window with `--window`, or pass `--all`",
            ),
        };
        Error::Usage {
            what,
            hint: Some(hint.to_owned()),
        }
    })
}

/// A hexadecimal number with `0x`, as X programs print it, or a decimal one, as i3 does.
fn id(text: &str) -> Result<u64, String> {
    let number = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    number.map_err(|_| "expected a number such as 0x1c00007".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_hexadecimal_or_decimal() {
        assert_eq!(id("0x1c00007"), Ok(0x1c0_0007));
        assert_eq!(id("94387"), Ok(94387));
        assert!(id("xterm").is_err());
    }
}
