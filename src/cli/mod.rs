//! The command line: one file per subcommand, each of which parses, calls, prints.

mod apply;
mod capture;
mod compile;
mod config;
mod context;
mod delete;
mod diff;
mod discover;
mod edit;
mod exit;
mod list;
mod monitors;
mod recover;
mod rename;
mod rules;
mod schema;
mod schema_file;
mod scope;
mod show;
mod update;
mod validate;
mod value;

use std::ffi::OsString;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::error::Error;
use crate::ui;
use crate::ui::Ui;
use context::Context;
pub use exit::Exit;

/// Save the windows of an i3 desktop to a readable file, and bring them back exactly
#[derive(Debug, Parser)]
#[command(
    name = "i3pm-layout",
    version,
    disable_help_subcommand = true,
    after_help = "Exit codes: 0 done or same, 1 incomplete or different, 2 trouble.\n\n\
        Examples:\n  \
          i3pm-layout capture daily-dev    Save what is open now\n  \
          i3pm-layout apply daily-dev      Have it back\n  \
          i3pm-layout diff daily-dev       See what differs"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Capture(capture::Args),
    Apply(apply::Args),
    Diff(diff::Args),
    Discover(discover::Args),
    Compile(compile::Args),
    Validate(validate::Args),
    List(list::Args),
    Show(show::Args),
    Edit(edit::Args),
    Recover(recover::Args),
    Rename(rename::Args),
    Delete(delete::Args),
    Rules(rules::Args),
    Config(config::Args),
    Schema(schema::Args),
}

/// Runs the program with these arguments, the program's own name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return not_parsed(&error, &arguments),
    };
    let json = cli.command.json();
    let context = match Context::from_environment(json) {
        Ok(context) => context,
        Err(error) => {
            Ui::new(true, true, json).error(&error);
            return Exit::Trouble;
        }
    };
    if matches!(
        cli.command,
        Command::Apply(_) | Command::Diff(_) | Command::Show(_)
    ) {
        context.hide_own_secrets();
    }
    match dispatch(&cli.command, &context) {
        Ok(exit) => exit,
        Err(error) if error.is_broken_pipe() => Exit::Done,
        Err(error) => {
            context.ui.error(&error);
            if let (Error::Config(_), Some(name)) = (&error, cli.command.needs_config()) {
                context.ui.note(&format!(
                    "`{name}` reads the configuration first, and has changed nothing"
                ));
            }
            if matches!(cli.command, Command::Capture(_) | Command::Apply(_))
                && let Ok(session) = context.session()
            {
                ui::nagbar::alarm(session.i3_pid(), &ui::diagnostic::to_line(&error));
            }
            Exit::Trouble
        }
    }
}

/// Arguments that make no sense, or a wish for help.
fn not_parsed(error: &clap::Error, arguments: &[OsString]) -> Exit {
    if !error.use_stderr() {
        // Where nobody can be told, nothing is left to do.
        let _ = error.print();
        return Exit::Done;
    }
    if arguments.iter().any(|argument| argument == "--json") {
        let text = error.render().to_string();
        let (message, hints) = usage(&text);
        let error = Error::Usage {
            what: message,
            hint: (!hints.is_empty()).then(|| hints.join("; ")),
        };
        Ui::new(true, true, true).error(&error);
    } else {
        let _ = error.print();
    }
    Exit::Trouble
}

/// The message and the tips in what clap says.
fn usage(text: &str) -> (String, Vec<&str>) {
    let message = text.split("\n\n").next().unwrap_or_default();
    let message = message.strip_prefix("error: ").unwrap_or(message);
    let words: Vec<&str> = message.split_whitespace().collect();
    let tips = text.lines().map(str::trim);
    let tips = tips.filter_map(|line| line.strip_prefix("tip: "));
    (words.join(" "), tips.collect())
}

fn dispatch(command: &Command, context: &Context) -> Result<Exit, Error> {
    match command {
        Command::Capture(args) if args.update => update::run(args, context),
        Command::Capture(args) => capture::run(args, context),
        Command::Apply(args) => apply::run(args, context),
        Command::Diff(args) => diff::run(args, context),
        Command::Discover(args) => discover::run(args, context),
        Command::Compile(args) => compile::run(args, context),
        Command::Validate(args) => validate::run(args, context),
        Command::List(args) => list::run(args, context),
        Command::Show(args) => show::run(args, context),
        Command::Edit(args) => edit::run(args, context),
        Command::Recover(args) => recover::run(args, context),
        Command::Rename(args) => rename::run(args, context),
        Command::Delete(args) => delete::run(args, context),
        Command::Rules(args) => rules::run(args, context),
        Command::Config(args) => config::run(args, context),
        Command::Schema(args) => schema::run(args, context),
    }
}

impl Command {
    /// The name of a command for which the configuration is only the beginning.
    const fn needs_config(&self) -> Option<&'static str> {
        match self {
            Self::Capture(_) => Some("capture"),
            Self::Apply(_) => Some("apply"),
            Self::Diff(_) => Some("diff"),
            Self::Discover(_) => Some("discover"),
            Self::Rules(_) => Some("rules"),
            _ => None,
        }
    }

    /// Whether a program reads the output.
    const fn json(&self) -> bool {
        match self {
            Self::Capture(args) => args.json,
            Self::Apply(args) => args.json,
            Self::Diff(args) => args.json,
            Self::Discover(args) => args.json,
            Self::Compile(args) => args.json,
            Self::Validate(args) => args.json,
            Self::List(args) => args.json,
            Self::Show(args) => args.json,
            Self::Edit(args) => args.json,
            Self::Recover(args) => args.json,
            Self::Rename(args) => args.json,
            Self::Delete(args) => args.json,
            Self::Rules(args) => args.json(),
            Self::Config(args) => args.json,
            // It is JSON in any case.
            Self::Schema(_) => false,
        }
    }
}

/// The whole command line as clap knows it, for the reference in docs/.
pub fn command() -> clap::Command {
    Cli::command()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_message_of_a_usage_error_is_taken_without_the_rest() {
        let text = "error: unexpected argument '--jso' found\n\n  tip: try '--json'\n\nUsage: x\n";
        let (message, hints) = super::usage(text);
        assert_eq!(message, "unexpected argument '--jso' found");
        assert_eq!(hints, ["try '--json'"]);
    }

    #[test]
    fn the_command_line_is_sound() {
        super::command().debug_assert();
    }
}
