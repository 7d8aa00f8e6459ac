//! `rules`: which rules count for the open windows, and which are missing.

use super::context::{Context, observe_programs};
use super::exit::Exit;
use crate::capture::suggest::{Suggestion, suggest, to_yaml};
use crate::capture::{Options, capture};
use crate::config::Rule;
use crate::discover::{Asked, Machine};
use crate::error::Error;
use crate::live::Con;
use crate::ui;

/// Show which rules count for the open windows, or suggest some
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout rules suggest       Rules for what capture cannot bring back\n  \
        i3pm-layout rules explain       Which rule counts for which window, and why")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Print rules for windows whose command could not be found, and for windows whose
    /// criteria are the same though one process opened them
    ///
    /// What is printed is a configuration file: save it as
    /// `~/.config/i3pm-layout/config.yaml`, or paste its rules into the one that is there.
    /// Where nobody knows the command, or nothing tells the windows apart, a comment says
    /// so; and a comment is the rule for windows that the first one of their process may open. The exit code is 1 when there is something to suggest.
    Suggest,
    /// Show for each open window which rules match, which one counts, and why
    Explain {
        /// Print it as JSON
        #[arg(long)]
        json: bool,
    },
}

impl Args {
    /// Whether a program reads the output.
    pub(super) const fn json(&self) -> bool {
        matches!(self.command, Command::Explain { json: true })
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let config = context.config()?;
    let mut session = context.session()?;
    let desktop = observe_programs(&mut session)?;
    let machine = context.machine(&session, &config);
    if let Command::Explain { json } = args.command {
        let refused = |con: &Con, rule: &Rule| {
            let asked = Asked {
                con,
                facts: con.window.and_then(|id| desktop.windows.get(&id)),
                rule: Some(rule),
                again: false,
                rank: (0, 1),
            };
            let refused = machine.discover(&asked).refused;
            refused.map(|refused| refused.unfit)
        };
        if json {
            let json = ui::rules::to_json(&config, &desktop, &refused);
            context.ui.json(&json)?;
        } else {
            let text = ui::rules::rules(&config, &desktop, &refused, context.ui.paint());
            context.ui.out(&text)?;
        }
        return Ok(Exit::Done);
    }
    let options = Options {
        secrets: Some(machine.secrets()),
        config: Some(&config),
        home: Some(context.home()),
        ..Options::default()
    };
    let captured = capture(&desktop, &|asked| machine.discover(asked), &options);
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
