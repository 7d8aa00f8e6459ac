//! The command line: one file per subcommand, each of which parses, calls, prints.

mod apply;
mod capture;
mod compile;
mod context;
mod delete;
mod diff;
mod edit;
mod exit;
mod list;
mod monitors;
mod recover;
mod rename;
mod schema;
mod show;
mod validate;
mod value;

use std::ffi::OsString;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::error::Error;
use crate::ui;
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
    Compile(compile::Args),
    Validate(validate::Args),
    List(list::Args),
    Show(show::Args),
    Edit(edit::Args),
    Recover(recover::Args),
    Rename(rename::Args),
    Delete(delete::Args),
    Schema(schema::Args),
}

/// Runs the program with these arguments, the program's own name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Where nobody can be told, nothing is left to do.
            let _ = error.print();
            return if error.use_stderr() {
                Exit::Trouble
            } else {
                Exit::Done
            };
        }
    };
    let context = match Context::from_environment() {
        Ok(context) => context,
        Err(error) => {
            ui::Ui::new(true, true).say(&ui::diagnostic(&error, ui::Paint(false)));
            return Exit::Trouble;
        }
    };
    match dispatch(&cli.command, &context) {
        Ok(exit) => exit,
        Err(error) if error.is_broken_pipe() => Exit::Done,
        Err(error) => {
            context
                .ui
                .say(&ui::diagnostic(&error, context.ui.paint_err()));
            if matches!(cli.command, Command::Capture(_) | Command::Apply(_))
                && let Ok(session) = context.session()
            {
                ui::nagbar::alarm(session.i3_pid(), &ui::diagnostic(&error, ui::Paint(false)));
            }
            Exit::Trouble
        }
    }
}

fn dispatch(command: &Command, context: &Context) -> Result<Exit, Error> {
    match command {
        Command::Capture(args) => capture::run(args, context),
        Command::Apply(args) => apply::run(args, context),
        Command::Diff(args) => diff::run(args, context),
        Command::Compile(args) => compile::run(args, context),
        Command::Validate(args) => validate::run(args, context),
        Command::List(args) => list::run(args, context),
        Command::Show(args) => show::run(args, context),
        Command::Edit(args) => edit::run(args, context),
        Command::Recover(args) => recover::run(args, context),
        Command::Rename(args) => rename::run(args, context),
        Command::Delete(args) => delete::run(args, context),
        Command::Schema(args) => schema::run(args, context),
    }
}

/// The whole command line as clap knows it, for the reference in docs/.
pub fn command() -> clap::Command {
    Cli::command()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_sound() {
        super::command().debug_assert();
    }
}
