//! The command line: one file per subcommand, each of which parses, calls, prints.

mod adapt;
mod alarm;
mod apply;
mod arguments;
mod best;
mod capture;
mod comparison;
mod compile;
mod completions;
mod config;
mod context;
mod copy;
mod current;
mod delete;
mod diagnose;
mod diff;
mod diff_picture;
mod directories;
mod discover;
mod doctor;
mod edit;
mod examples;
mod exit;
mod first_steps;
mod fitting;
mod focus_warnings;
mod help;
mod history;
mod hooks;
mod import;
mod journal;
mod list;
mod menu;
mod monitors;
mod notices;
mod picture;
mod places;
mod preview;
mod profiles;
mod program_warnings;
mod recover;
mod rename;
mod revert;
mod rules;
mod schema;
mod schema_file;
mod scope;
mod session;
mod show;
mod stats;
mod status;
mod trust;
mod try_out;
mod tutorial;
mod undo;
mod unused_variables;
mod validate;
mod value;
mod version;
mod working_copy;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::error::Error;
use crate::nested::environment::MARKER;
use crate::ui;
use crate::ui::notify::Level;
use crate::ui::{Paint, Ui};
use alarm::Buttons;
use context::Context;
pub use exit::Exit;

/// Save the windows of an i3 desktop to a readable file and restore them exactly
#[derive(Debug, Parser)]
#[command(
    name = "i3pm-layout",
    version,
    disable_help_subcommand = true,
    after_help = "Exit codes: 0 success or no differences, 1 incomplete or different, 2 error.\n\n\
        Examples:\n  \
          i3pm-layout capture daily-dev    Save the open windows\n  \
          i3pm-layout apply daily-dev      Restore them\n  \
          i3pm-layout diff daily-dev       Show what differs"
)]
struct Cli {
    /// Print each action to standard error as it happens
    #[arg(short, long, global = true)]
    verbose: bool,
    /// Print only results, warnings and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Show the progress and the result also as a desktop notification
    #[arg(long, global = true)]
    notify: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Capture(capture::Args),
    Apply(apply::Args),
    Adapt(adapt::Args),
    Session(session::Args),
    Profiles(profiles::Args),
    Diff(diff::Args),
    Discover(discover::Args),
    Compile(compile::Args),
    Menu(menu::Args),
    Import(import::Args),
    Validate(validate::Args),
    List(list::Args),
    Show(show::Args),
    Preview(preview::Args),
    Try(try_out::Args),
    Tutorial(tutorial::Args),
    Edit(edit::Args),
    Undo(undo::Args),
    History(history::Args),
    Stats(stats::Args),
    Status(status::Args),
    Doctor(doctor::Args),
    Diagnose(diagnose::Args),
    Recover(recover::Args),
    Copy(copy::Args),
    Rename(rename::Args),
    Delete(delete::Args),
    Revert(revert::Args),
    Rules(rules::Args),
    Trust(trust::Args),
    Config(config::Args),
    Schema(schema::Args),
    Completions(completions::Args),
    Help(help::Args),
}

impl Command {
    /// True if the journal records the command: it changes something.
    const fn is_recorded(&self) -> bool {
        match self {
            Self::Capture(args) => !args.is_dry(),
            Self::Apply(args) => !args.is_dry(),
            Self::Adapt(args) => !args.is_dry(),
            Self::Session(args) => !args.is_dry(),
            Self::Undo(_) | Self::Recover(_) => true,
            _ => false,
        }
    }

    /// True if the journal records the command unless an option says that nothing is changed.
    const fn can_be_recorded(&self) -> bool {
        matches!(
            self,
            Self::Capture(_)
                | Self::Apply(_)
                | Self::Adapt(_)
                | Self::Session(_)
                | Self::Undo(_)
                | Self::Recover(_)
        )
    }
}

/// Runs the program with these arguments, the program's own name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let parsed = command()
        .try_get_matches_from(&arguments)
        .and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, matches)));
    let (cli, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) if error.kind() == ErrorKind::DisplayVersion && version::is_long(&arguments) => {
            return version::print();
        }
        Err(error) => return not_parsed(&error, &arguments),
    };
    let Cli {
        command,
        verbose,
        quiet,
        notify,
    } = cli;
    // A shell that asks for completions has no place for messages.
    let silent = matches!(&command, Some(Command::Completions(args)) if args.is_asked_by_shell());
    let json = has_json(&matches) || silent;
    let context = match Context::from_environment(json) {
        Ok(context) => inside_try(context.of_command(&arguments, quiet)),
        Err(error) => {
            Ui::new(true, true, json).error(&error);
            return Exit::Failed;
        }
    };
    let Some(command) = command else {
        return finished(first_steps::run(&context), &context);
    };
    let is_recorded = command.is_recorded();
    if notify && !command.can_be_recorded() {
        return finished(Err(notices::not_shown()), &context);
    }
    if is_recorded {
        // The bar of a misspelt command, and of an earlier run of this layout.
        context.clear_bar("");
        context.clear_bar(layout_in(&matches));
    }
    if is_recorded
        || matches!(
            command,
            Command::Apply(_)
                | Command::Adapt(_)
                | Command::Diff(_)
                | Command::Show(_)
                | Command::Preview(_)
                | Command::Try(_)
                | Command::Revert(_)
                | Command::Status(_)
        )
    {
        let config = context.hide_own_secrets();
        if let (true, Some(name)) = (is_recorded, matches.subcommand_name()) {
            context.begin_record(name, &arguments, config.as_ref(), verbose);
            context.begin_notices(notify, config.as_ref());
        }
    }
    let result = dispatch(&command, &context);
    let result = result.map_err(|error| session::or_session(error, &context));
    context.end_record(&result);
    let exit = report(result, &command, &matches, &context);
    context.end_notices();
    exit
}

/// In the window of `try`, layouts stay as they are.
fn inside_try(mut context: Context) -> Context {
    if context.variable(MARKER).is_some() {
        context.store = context.store.read_only();
    }
    context
}

/// Prints the error of a command, also in i3-nagbar if a key binding started this program.
fn report(
    result: Result<Exit, Error>,
    command: &Command,
    matches: &ArgMatches,
    context: &Context,
) -> Exit {
    match result {
        Ok(exit) => exit,
        Err(error) if error.is_broken_pipe() => Exit::Done,
        Err(error) => {
            context.ui.error(&error);
            if let Some(notices) = context.notices() {
                notices.set_result(
                    &ui::diagnostic::to_text(&error, Paint(false)),
                    Level::Normal,
                );
            }
            if let (true, Error::Config(_), Some(name)) =
                (command.is_recorded(), &error, matches.subcommand_name())
            {
                context.ui.note(&format!(
                    "`{name}` reads the configuration first, so nothing was changed"
                ));
            }
            // A status bar repeats the command.
            if !matches!(command, Command::Status(_)) {
                alarm(context, layout_in(matches), &error, Buttons::Again);
            }
            Exit::Failed
        }
    }
}

/// Prints the error of a command that no key binding runs.
fn finished(result: Result<Exit, Error>, context: &Context) -> Exit {
    match result {
        Ok(exit) => exit,
        Err(error) if error.is_broken_pipe() => Exit::Done,
        Err(error) => {
            context.ui.error(&error);
            Exit::Failed
        }
    }
}

/// Prints the help that was asked for, or the usage error.
fn not_parsed(error: &clap::Error, arguments: &[OsString]) -> Exit {
    if !error.use_stderr() {
        // If printing fails, there is nowhere to report it.
        let _ = error.print();
        return Exit::Done;
    }
    let text = error.render().to_string();
    let (message, hints) = usage(&text);
    let usage = Error::Usage {
        what: message,
        hint: (!hints.is_empty()).then(|| hints.join("; ")),
    };
    let json = arguments.iter().any(|argument| argument == "--json");
    if json {
        Ui::new(true, true, true).error(&usage);
    } else {
        let _ = error.print();
    }
    if let Ok(context) = Context::from_environment(json)
        && !context.ui.draws()
    {
        alarm(&context, "", &usage, Buttons::Details);
    }
    Exit::Failed
}

/// Shows an error in i3-nagbar if a key binding started this program.
fn alarm(context: &Context, layout: &str, error: &Error, buttons: Buttons) {
    if let Ok(session) = context.session() {
        let line = ui::diagnostic::to_alert(error);
        let details = || ui::diagnostic::to_text(error, Paint(false));
        context.alarm(&session, layout, (&line, &details), buttons);
    }
}

/// The layout on the command line; empty if there is none.
fn layout_in(matches: &ArgMatches) -> &str {
    let of_command = matches.subcommand().map(|(_, matches)| matches);
    let name = of_command.and_then(|matches| matches.try_get_one::<String>("name").ok()?);
    name.map_or("", String::as_str)
}

/// The message and the tips in the text of a clap error.
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
        Command::Capture(args) => capture::run(args, context),
        Command::Apply(args) => apply::run(args, context),
        Command::Adapt(args) => adapt::run(args, context),
        Command::Session(args) => session::run(args, context),
        Command::Profiles(args) => profiles::run(args, context),
        Command::Diff(args) => diff::run(args, context),
        Command::Discover(args) => discover::run(args, context),
        Command::Compile(args) => compile::run(args, context),
        Command::Menu(args) => menu::run(args, context),
        Command::Import(args) => import::run(args, context),
        Command::Validate(args) => validate::run(args, context),
        Command::List(args) => list::run(args, context),
        Command::Show(args) => show::run(args, context),
        Command::Preview(args) => preview::run(args, context),
        Command::Try(args) => try_out::run(args, context),
        Command::Tutorial(args) => tutorial::run(args, context),
        Command::Edit(args) => edit::run(args, context),
        Command::Undo(args) => undo::run(args, context),
        Command::History(args) => history::run(args, context),
        Command::Stats(args) => stats::run(args, context),
        Command::Status(args) => status::run(args, context),
        Command::Doctor(args) => doctor::run(args, context),
        Command::Diagnose(args) => diagnose::run(args, context),
        Command::Recover(args) => recover::run(args, context),
        Command::Copy(args) => copy::run(args, context),
        Command::Rename(args) => rename::run(args, context),
        Command::Delete(args) => delete::run(args, context),
        Command::Revert(args) => revert::run(args, context),
        Command::Rules(args) => rules::run(args, context),
        Command::Trust(args) => trust::run(args, context),
        Command::Config(args) => config::run(args, context),
        Command::Schema(args) => schema::run(args, context),
        Command::Completions(args) => completions::run(args, context),
        Command::Help(args) => help::run(args, context),
    }
}

/// True if `--json` was given to the subcommand, or to the subcommand's own.
fn has_json(matches: &ArgMatches) -> bool {
    match matches.subcommand() {
        Some((_, matches)) => has_json(matches),
        None => matches!(matches.try_get_one("json"), Ok(Some(true))),
    }
}

/// The complete command line as clap knows it, for the reference in docs/.
pub fn command() -> clap::Command {
    Cli::command()
}

#[cfg(test)]
mod tests {
    #[test]
    fn usage_errors_are_split_into_message_and_tips() {
        let text = "error: unexpected argument '--jso' found\n\n  tip: try '--json'\n\nUsage: x\n";
        let (message, hints) = super::usage(text);
        assert_eq!(message, "unexpected argument '--jso' found");
        assert_eq!(hints, ["try '--json'"]);
    }

    #[test]
    fn command_line_is_consistent() {
        super::command().debug_assert();
    }
}
