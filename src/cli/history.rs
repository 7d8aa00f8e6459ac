//! `history`: list recorded runs, and explain one.

use std::collections::BTreeSet;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use super::context::Context;
use super::exit::Exit;
use crate::discover::proc_table::ProcTable;
use crate::doctor::machine;
use crate::error::Error;
use crate::journal::file::now;
use crate::journal::items::{Source, items};
use crate::journal::replay::{Replay, replay};
use crate::journal::{Age, Run, RunId, Start, Summary};
use crate::live::Pid;
use crate::ui::history::{self as text, Result as Ending};
use crate::ui::story;

/// List recorded runs, the latest first
///
/// Each command that changes something (`apply`, `capture`, `adapt`, `recover`, `undo`) leaves a
/// record in `~/.local/state/i3pm-layout/runs/`. Prints for each its id, age, arguments, result,
/// windows and time. Records older than 7 days and all but the latest 200 are removed; `history`
/// in the configuration changes this.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  \
        i3pm-layout history --layout daily-dev --since 2d\n  \
        i3pm-layout history show last               Explain the latest run\n  \
        i3pm-layout history show last --events --source i3"
)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    selected: Selected,
    /// Print at most this many runs
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// Print the runs as JSON
    #[arg(long)]
    json: bool,
}

/// The selected runs.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Selected {
    /// Limit to this layout, as named on the command line (default: all)
    #[arg(long, value_name = "NAME")]
    layout: Option<String>,
    /// Limit to runs that are not older, such as `90m`, `12h` or `2d` (default: all)
    #[arg(long, value_name = "AGE")]
    since: Option<Age>,
}

impl Selected {
    /// Refuses the name of a layout that does not exist and has no recorded runs.
    pub(super) fn check(&self, context: &Context) -> Result<(), Error> {
        let Some(name) = &self.layout else {
            return Ok(());
        };
        let of_layout = Self {
            layout: Some(name.clone()),
            since: None,
        };
        if summaries(context, &of_layout).is_empty() {
            context.store.find(&context.store.target(name)?)?;
        }
        Ok(())
    }

    /// The message if no run is selected.
    pub(super) fn none(&self, context: &Context) -> String {
        if context.runs().runs().is_empty() {
            return "no recorded runs".to_owned();
        }
        let layout = self.layout.as_ref();
        let of = layout.map_or_else(String::new, |layout| format!(" of `{layout}`"));
        let recent = if self.since.is_some() {
            " in this time"
        } else {
            ""
        };
        format!("no recorded runs{of}{recent}")
    }
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Show(Show),
}

/// Explain a run: windows and reasons, programs, slow steps, failures
///
/// Exit codes are known only of programs that ended during the run: nothing waits for the others.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout history show last\n  \
        i3pm-layout history show last --events --type window-new\n  \
        i3pm-layout history show last --replay")]
struct Show {
    /// The run: its id, the beginning of its id, or `last`
    #[arg(value_name = "RUN")]
    run: String,
    /// List everything that happened, one line each
    #[arg(long, conflicts_with = "replay")]
    events: bool,
    /// With `--events`: limit to this source
    #[arg(long, requires = "events", value_enum, value_name = "SOURCE")]
    source: Option<Source>,
    /// With `--events`: limit to this type, such as `window-new`
    #[arg(long = "type", requires = "events", value_name = "TYPE")]
    kind: Option<String>,
    /// With `--events`: limit to this slot
    #[arg(long, requires = "events", value_name = "SLOT")]
    slot: Option<String>,
    /// Run the recorded events again, without the desktop, and show the first difference
    #[arg(long)]
    replay: bool,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

impl ValueEnum for Source {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Self::I3 => "i3's tree, config and events",
            Self::Proc => "Programs",
            Self::X11 => "The X server",
            Self::Tool => "This program's decisions and commands",
        };
        Some(PossibleValue::new(self.as_str()).help(help))
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    if let Some(Command::Show(show)) = &args.command {
        return run_show(show, context);
    }
    args.selected.check(context)?;
    let runs = summaries(context, &args.selected);
    let runs = runs
        .into_iter()
        .rev()
        .take(args.limit.map_or(usize::MAX, |limit| limit as usize));
    let runs = runs.map(|run| {
        let ending = ending(&run);
        (run, ending)
    });
    let runs: Vec<(Summary, Ending)> = runs.collect();
    context.print(
        args.json,
        || text::list_json(&runs),
        |paint| text::list(&runs, now(), paint),
    )?;
    if runs.is_empty() {
        context.ui.say(&args.selected.none(context));
    }
    Ok(Exit::Done)
}

/// The selected runs, the oldest first. Files that cannot be read are left out.
pub(super) fn summaries(context: &Context, selected: &Selected) -> Vec<Summary> {
    let folder = context.runs();
    let oldest = selected.since.map(|Age(age)| now().saturating_sub(age));
    let ids = folder.runs().into_iter();
    let ids = ids.filter(|id| !oldest.is_some_and(|oldest| id.is_before(oldest)));
    let runs = ids.filter_map(|id| {
        let (first, last) = folder.ends(&id).ok()?;
        Summary::parse(id, &first, &last)
    });
    let is_selected = |run: &Summary| {
        let Some(wanted) = &selected.layout else {
            return true;
        };
        match &run.end {
            Some((_, ended)) => ended.layout.as_ref() == Some(wanted),
            // Only the end names the layout.
            None => run.start.arguments.contains(wanted),
        }
    };
    runs.filter(is_selected).collect()
}

/// The latest run with its result. Not this command, and no run that was refused because another
/// one was active.
pub(super) fn last(context: &Context) -> Option<(Summary, Ending)> {
    let own = machine::process();
    let ids = context.runs().runs().into_iter().rev();
    let mut runs = ids.filter_map(|id| summary(context, &id));
    let run = runs.find(|run| {
        let end = run.end.as_ref();
        run.start.pid != own && !end.is_some_and(|(_, ended)| ended.refused)
    })?;
    let ending = ending(&run);
    Some((run, ending))
}

/// The result of a run.
pub(super) fn ending(run: &Summary) -> Ending {
    let end = run.end.as_ref().map(|(_, ended)| ended);
    Ending::of(end, is_running(&run.start))
}

/// The beginning and the end of a run; `None` if the file is damaged.
fn summary(context: &Context, id: &RunId) -> Option<Summary> {
    let (first, last) = context.runs().ends(id).ok()?;
    Summary::parse(id.clone(), &first, &last)
}

/// True if the process of a run still exists.
fn is_running(start: &Start) -> bool {
    start.started.is_some() && ProcTable::new().started(Pid(start.pid)) == start.started
}

fn run_show(args: &Show, context: &Context) -> Result<Exit, Error> {
    let run = find(context, &args.run)?;
    if args.replay {
        let replayed = replay(&run);
        context.print(
            args.json,
            || text::replay_json(&replayed),
            |paint| text::replay(&replayed, paint),
        )?;
        if run.start.version != env!("CARGO_PKG_VERSION") {
            let version = &run.start.version;
            context
                .ui
                .note(&format!("version {version} recorded the run"));
        }
        return Ok(match replayed {
            Replay::Same { .. } => Exit::Done,
            Replay::Different(_) | Replay::Impossible => Exit::Incomplete,
        });
    }
    if args.events {
        let mut found = items(&run);
        found.retain(|item| {
            args.source.is_none_or(|source| item.source == source)
                && args.kind.as_ref().is_none_or(|kind| item.kind == *kind)
                && (args.slot.is_none() || item.slot == args.slot)
        });
        context.print(
            args.json,
            || text::events_json(&found),
            |paint| text::events(&found, paint),
        )?;
        if found.is_empty() {
            context.ui.say(&none(&run, args));
        }
        return Ok(Exit::Done);
    }
    let ending = Ending::of(run.end().map(|(_, ended)| ended), is_running(&run.start));
    context.print(
        args.json,
        || text::show_json(&run, ending),
        |paint| story::story(&run, ending, now(), paint),
    )?;
    Ok(Exit::Done)
}

/// The message if no event of a run is selected.
fn none(run: &Run, args: &Show) -> String {
    let all = items(run);
    let listed = |names: BTreeSet<&str>| names.into_iter().collect::<Vec<_>>().join(", ");
    let kinds: BTreeSet<&str> = all.iter().map(|item| item.kind.as_str()).collect();
    if let Some(kind) = args.kind.as_deref().filter(|kind| !kinds.contains(kind)) {
        return format!(
            "the run has no events of type `{kind}`; types: {}",
            listed(kinds)
        );
    }
    let slots: BTreeSet<&str> = all.iter().filter_map(|item| item.slot.as_deref()).collect();
    if let Some(slot) = args.slot.as_deref().filter(|slot| !slots.contains(slot)) {
        return format!(
            "the run has no events of slot `{slot}`; slots: {}",
            listed(slots)
        );
    }
    "the run has no such events".to_owned()
}

/// The run with this id or beginning of an id, or the latest one.
pub(super) fn find(context: &Context, name: &str) -> Result<Run, Error> {
    let ids = context.runs().runs();
    let mut matching = ids.iter().rev().filter(|id| match name {
        // As in the list, which leaves damaged files out.
        "last" => summary(context, id).is_some(),
        name => id.as_str().starts_with(name),
    });
    let no_run = || Error::NoRun {
        name: name.to_owned(),
    };
    let found = matching.next().filter(|_| !name.is_empty());
    let found = found.ok_or_else(no_run)?;
    if name != "last" && found.as_str() != name && matching.next().is_some() {
        return Err(Error::Usage {
            what: format!("several runs begin with `{name}`"),
            hint: Some("run `i3pm-layout history` for the full ids".to_owned()),
        });
    }
    read(context, found)
}

/// Reads a run.
pub(super) fn read(context: &Context, id: &RunId) -> Result<Run, Error> {
    let folder = context.runs();
    let damaged = |source| Error::Run {
        path: folder.path(id),
        source,
    };
    let text = folder.read(id).map_err(damaged)?;
    let unreadable = || std::io::Error::other("it does not begin as a record of a run");
    Run::parse(id.clone(), &text).ok_or_else(|| damaged(unreadable()))
}

/// The age of a run.
pub(super) fn age(run: &Run) -> String {
    text::ago(now(), &run.start)
}
