//! `discover`: which command would open a window again, and why.

use super::context::{Context, observe};
use super::exit::Exit;
use crate::discover::Questions;
use crate::error::Error;
use crate::live::{Con, Desktop};
use crate::ui::candidates::{self, Explained};

/// Show the command that would open a window again, and why that one
///
/// It is what `capture` writes into a layout: the command, the directory to start it
/// in, and where both come from. Nothing is started or saved.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout discover                             The focused window\n  \
        i3pm-layout discover --window 0x1c00007 --explain\n  \
        i3pm-layout discover --all --json | jq -r '.[].command'")]
pub(super) struct Args {
    /// The window with this X11 id, as `xwininfo` prints it, or this i3 `con_id`
    #[arg(long, value_name = "ID", value_parser = id, conflicts_with = "all")]
    window: Option<u64>,
    /// All windows, the scratchpad included
    #[arg(long)]
    all: bool,
    /// List every candidate, and why it won or lost
    #[arg(long)]
    explain: bool,
    /// Print it as JSON; candidates are always in it
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let mut session = context.session()?;
    let desktop = observe(&mut session)?;
    let config = context.config()?;
    let machine = context.machine(&session, &config);
    let chosen = chosen(args, &desktop)?;
    let mut questions = Questions::new(&desktop);
    let mut explained = Vec::new();
    // All of them, because it matters which window of a process is the first.
    for con in desktop.windows_of_programs() {
        let rule = con.properties.as_ref();
        let rule = rule.and_then(|properties| config.rules.winner(properties));
        let asked = questions.ask(con, rule);
        if chosen.is_none_or(|chosen| chosen.id == con.id) {
            explained.push(Explained {
                con,
                left_out_by: rule
                    .filter(|rule| rule.ignore)
                    .map(|rule| rule.origin.to_string()),
                discovery: machine.explain(&asked),
            });
        }
    }
    if args.json {
        context.ui.json(&candidates::to_json(&explained))?;
    } else {
        let paint = context.ui.paint();
        let several = args.all;
        let text = candidates::text(&explained, several, args.explain, paint);
        context.ui.out(&text)?;
    }
    let all = explained.iter().all(|one| one.discovery.winner().is_some());
    Ok(if all { Exit::Done } else { Exit::Incomplete })
}

/// The window that is meant; `None` for all.
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
    match (found, args.window) {
        (Some(con), _) => Ok(Some(con)),
        (None, Some(id)) => Err(Error::Usage {
            what: format!("i3 has no window {id:#x} ({id})"),
            hint: Some("`i3pm-layout discover --all` lists them".to_owned()),
        }),
        (None, None) => Err(Error::Usage {
            what: "no window has the focus".to_owned(),
            hint: Some("name one with `--window`, or ask for `--all`".to_owned()),
        }),
    }
}

/// A number as X programs print it, `0x…`, or as i3 does.
fn id(text: &str) -> Result<u64, String> {
    let number = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    number.map_err(|_| "an id is a number, such as 0x1c00007".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_numbers_of_both_kinds() {
        assert_eq!(id("0x1c00007"), Ok(0x1c0_0007));
        assert_eq!(id("94387"), Ok(94387));
        assert!(id("xterm").is_err());
    }
}
