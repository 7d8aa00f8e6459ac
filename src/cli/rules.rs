//! `rules`: explain the rules for the open windows, and suggest missing ones.

use super::context::{Context, observe_programs};
use super::exit::Exit;
use crate::capture::suggest::{Suggestion, suggest, to_yaml};
use crate::config::Rule;
use crate::discover::{Asked, Machine};
use crate::error::Error;
use crate::live::Con;
use crate::ui;

/// Explain or suggest rules for the open windows
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout rules suggest       Suggest rules for windows that cannot be restored\n  \
        i3pm-layout rules explain       Show which rule applies to which window, and why")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Suggest rules for windows without a command, and for windows of one process with
    /// identical criteria
    ///
    /// Prints a configuration file. Save it as `~/.config/i3pm-layout/config.yaml`, or copy
    /// its rules to the existing file. Comments give the reason for each rule. Rules that
    /// you have to complete or decide on are commented out. Exits with 1 if there is a rule
    /// to add.
    Suggest,
    /// Show for each open window which rules match, which one applies, and why
    Explain {
        /// Print the result as JSON
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let config = context.config()?;
    let mut session = context.session()?;
    let desktop = observe_programs(&mut session)?;
    let machine = context.machine(&session, &config);
    if let Command::Explain { json } = args.command {
        let refused = |con: &Con, rule: &Rule| {
            let asked = Asked::alone(con, desktop.facts(con), Some(rule));
            let refused = machine.discover(&asked).refused;
            refused.map(|refused| refused.unfit.to_string())
        };
        let explained = ui::rules::explain(&config, &desktop, &refused);
        context.print(
            json,
            || ui::rules::to_json(&explained),
            |paint| ui::rules::text(&explained, paint),
        )?;
        return Ok(Exit::Done);
    }
    let captured = context.capture(&desktop, &machine, &config);
    let is_program = |name: &str| machine.find(name).is_some();
    let suggestions = suggest(&desktop, &captured, &is_program, machine.secrets());
    if !suggestions.is_empty() {
        context.ui.out(&to_yaml(&suggestions))?;
    }
    if suggestions.iter().any(Suggestion::is_of_use) {
        return Ok(Exit::Incomplete);
    }
    context.ui.say("no open window needs a rule");
    Ok(Exit::Done)
}
