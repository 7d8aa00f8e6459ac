//! `rules`: explain the rules for the open windows, and suggest missing ones.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::context::{Context, observe_programs};
use super::exit::Exit;
use crate::capture::Captured;
use crate::capture::suggest::{Outcome, Suggestion, configuration, suggest, to_yaml};
use crate::config::{self, Layer, Rule};
use crate::discover::{Asked, Machine, ThisMachine};
use crate::error::Error;
use crate::layout::vars;
use crate::live::{Con, Desktop};
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
    let tried = |rule: &Value, slot: &str| tried(rule, slot, &captured, &desktop, &machine);
    let suggestions = suggest(&desktop, &captured, &is_program, &tried, machine.secrets());
    if !suggestions.is_empty() {
        context.ui.out(&to_yaml(&suggestions))?;
    }
    if suggestions.iter().any(Suggestion::is_of_use) {
        return Ok(Exit::Incomplete);
    }
    context.ui.say("no open window needs a rule");
    Ok(Exit::Done)
}

/// Tries a suggested rule on the window of a slot.
fn tried(
    rule: &Value,
    slot: &str,
    captured: &Captured,
    desktop: &Desktop,
    machine: &ThisMachine,
) -> Result<Outcome, String> {
    let text = configuration(rule);
    let layered = config::read::read(text.as_bytes(), "the suggestion", Layer::User);
    let layered = layered.map_err(|problems| problems.to_string())?;
    let rule = layered.rules.first().ok_or("it is empty")?;
    let mut windows = captured.layout.windows();
    let window = windows.find(|window| window.slot.id.as_deref() == Some(slot));
    let con = window.and_then(|window| desktop.tree.find(window.con));
    let con = con.ok_or("its window is gone")?;
    let facts = desktop.facts(con);
    let found = machine.discover(&Asked::alone(con, facts, Some(rule)));
    if let Some(refused) = found.refused {
        return Err(refused.unfit.to_string());
    }
    let command = found.found.command.ok_or("it has no command")?;
    let words = command.words().map_err(|error| error.to_string())?;
    let process = facts.and_then(|facts| facts.process.as_ref());
    let directory = process.and_then(|process| process.cwd.as_deref());
    let directory = directory.or(machine.home()).unwrap_or(Path::new("/"));
    let values = vars::Values {
        vars: &BTreeMap::new(),
        env: &|_| None,
        home: machine.home().and_then(Path::to_str),
    };
    let file = words.get(1..).and_then(<[String]>::last);
    let file = file.and_then(|word| values.expand_path(word).ok());
    let names_file = file.is_some_and(|file| machine.is_file(&directory.join(file)));
    Ok(Outcome {
        command: command.line(),
        names_file,
    })
}
