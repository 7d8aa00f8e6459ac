//! `apply`: restore a layout.

mod dry_run;
mod hooks;
mod target;

use std::collections::BTreeSet;
use std::time::Duration;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use super::alarm::Buttons;
use super::arguments::Arguments;
use super::context::{Context, Loaded};
use super::exit::Exit;
use super::scope::{Limit, Selected};
use super::value::value;
use super::{fitting, places};
use crate::apply::{FocusMode, Missing, Mode, Options, Plans, Report, Scope};
use crate::compile::Plan;
use crate::error::Error;
use crate::layout::{HookEvent, Layout};
use crate::live::{Output, PresentWorkspace, is_reserved_name};
use crate::matching::Reuse;
use crate::session::Session;
use crate::ui::progress::Live;
use crate::ui::words::quoted;
use crate::ui::{self, Paint};

/// The default time to wait for a window.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Restore a saved layout
///
/// Moves open windows to their slots without closing or hiding them, and starts missing
/// programs. Running it again changes nothing. Placeholders show which windows are
/// pending. Ctrl-C stops waiting and removes all placeholders.
///
/// The report counts slots: `placed` (the window was already on its workspace), `adopted`
/// (the window was open elsewhere), `launched` (the program was started), `missing` (no
/// window), `misplaced` (the window did not stay in place) and `skipped` (optional, or
/// `--rearrange` was given, and not open).
#[derive(Debug, clap::Args)]
#[command(
    visible_aliases = ["restore", "load"],
    after_help = "Examples:\n  \
        i3pm-layout apply daily-dev\n  \
        i3pm-layout apply daily-dev --workspace 2 --no-launch\n  \
        i3pm-layout apply daily-dev --rearrange\n  \
        i3pm-layout apply daily-dev --only editor --timeout 60\n  \
        i3pm-layout apply dev root=~/src/site\n  \
        i3pm-layout apply --best\n  \
        bindsym $mod+F9 exec --no-startup-id i3pm-layout apply daily-dev"
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the switches of a command line are independent"
)]
pub(super) struct Args {
    /// Name or path of the layout; `-` reads standard input (default: `.i3pm-layout.yaml` in the
    /// working directory or above it, else the layout that is on the desktop, else the one that was
    /// used last)
    name: Option<String>,
    #[command(flatten)]
    arguments: Arguments,
    /// Restore the layout that is for the connected monitors: of these layouts, or of all saved ones
    ///
    /// If several are for these monitors, the one that `apply`, `capture` or `adapt LAYOUT` used last
    /// on them. Waits up to 2 seconds until i3 has noticed the monitors.
    #[arg(
        long,
        value_name = "NAME",
        num_args = 0..,
        conflicts_with = "name",
        value_parser = value
    )]
    best: Option<Vec<String>>,
    #[command(flatten)]
    limit: Limit,
    /// Restore only this slot, by its id (repeatable; default: all)
    #[arg(
        long,
        value_name = "SLOT",
        allow_hyphen_values = true,
        value_parser = value
    )]
    only: Vec<String>,
    /// Print what would be done without doing it
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Wait at most this long for each window, unless its slot has a `timeout`
    #[arg(long, value_name = "SECONDS", default_value = "30", allow_negative_numbers = true,
        value_parser = seconds)]
    timeout: Duration,
    /// Stop waiting after this time in total, regardless of slot timeouts (default: no limit)
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true, value_parser = seconds)]
    total_timeout: Option<Duration>,
    /// Keep placeholders for windows that miss the timeout; late windows still fill them
    #[arg(long)]
    keep_placeholders: bool,
    /// Do not start programs
    #[arg(long)]
    no_launch: bool,
    /// Do not run hooks
    #[arg(long)]
    no_hooks: bool,
    /// Leave out the hints of the report, and the notes about later runs
    #[arg(long, hide = true)]
    no_hints: bool,
    /// Only put open windows in order: start no programs, and skip slots without a window
    #[arg(long)]
    rearrange: bool,
    /// Choose which open windows to reuse
    #[arg(long, value_enum, value_name = "WHICH", default_value = "workspace")]
    reuse: Reuse,
    /// Choose what to do with windows on these workspaces that are not in the layout
    #[arg(long, value_enum, value_name = "MODE", default_value = "merge")]
    mode: Mode,
    /// Restore the workspace under this name; if the layout has several, choose one with
    /// `--workspace`
    #[arg(
        long,
        value_name = "WORKSPACE",
        allow_hyphen_values = true,
        value_parser = value
    )]
    to: Option<String>,
    /// With `--dry-run`: show which windows could fill each slot, which monitor is which, and why
    #[arg(long, requires = "dry_run")]
    explain: bool,
    /// Keep the current focus and the visible workspaces
    #[arg(long)]
    keep_focus: bool,
    /// Run the commands of a file even if other users own it or can write it
    #[arg(long)]
    trust: bool,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

impl Args {
    /// The defaults, for a layout with this name or path.
    pub(super) fn of(name: String, dry_run: bool, json: bool) -> Self {
        Self {
            name: Some(name),
            arguments: Arguments::default(),
            best: None,
            limit: Limit {
                workspaces: Vec::new(),
            },
            only: Vec::new(),
            dry_run,
            timeout: TIMEOUT,
            total_timeout: None,
            keep_placeholders: false,
            no_launch: false,
            no_hooks: false,
            no_hints: false,
            rearrange: false,
            reuse: Reuse::Workspace,
            mode: Mode::Merge,
            to: None,
            explain: false,
            keep_focus: false,
            trust: false,
            json,
        }
    }

    /// True if nothing is changed.
    pub(super) const fn is_dry(&self) -> bool {
        self.dry_run
    }

    /// The handling of slots without a window. `--rearrange` includes `--no-launch`.
    const fn missing(&self) -> Missing {
        match (self.rearrange, self.no_launch) {
            (true, _) => Missing::Skip,
            (false, true) => Missing::Report,
            (false, false) => Missing::Start,
        }
    }
}

impl ValueEnum for Reuse {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::None, Self::Recorded, Self::Workspace, Self::All]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Self::None => ("none", "Reuse no window; start every program"),
            Self::Recorded => (
                "recorded",
                "Reuse windows that an earlier `apply` or `capture` of this layout recorded",
            ),
            Self::Workspace => (
                "workspace",
                "Also reuse windows with the slot's command, and matching windows on the \
                 slot's workspace, unless they belong to a layout on other workspaces",
            ),
            Self::All => (
                "all",
                "Reuse all matching windows, even those of another layout",
            ),
        };
        Some(PossibleValue::new(name).help(help))
    }
}

impl ValueEnum for Mode {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Merge, Self::Replace, Self::Close]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Self::Merge => ("merge", "Keep them beside the layout"),
            Self::Replace => ("replace", "Move them together to another workspace"),
            Self::Close => ("close", "Close them"),
        };
        Some(PossibleValue::new(name).help(help))
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse::<f64>()
        .ok()
        .filter(|seconds| *seconds > 0.0 && *seconds <= 86_400.0)
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| "expected a number of seconds above 0, at most 86400".to_owned())
}

/// Checks that the commands of a layout may be run, also of a file that others can write if `trust` is
/// true.
pub(super) fn check_trust(trust: bool, loaded: &Loaded, context: &Context) -> Result<(), Error> {
    let forbidden_by = context.policy()?.forbid_trust.as_ref();
    match (&loaded.opened.trust, forbidden_by) {
        (Err(distrust), _) if !trust || forbidden_by.is_some() => Err(Error::Untrusted {
            path: loaded.opened.path.clone().unwrap_or_default(),
            source: distrust.clone(),
            forbidden_by: forbidden_by.map(ToString::to_string),
        }),
        _ => Ok(()),
    }
}

/// Refuses a file that has only variables and templates for other layouts.
pub(super) fn check_windows(name: &str, loaded: &Loaded) -> Result<(), Error> {
    if loaded.layout.is_only_shared() {
        let layout = name.to_owned();
        return Err(Error::OnlyShared { layout });
    }
    Ok(())
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let chosen = target::choose(args, context)?;
    context.clear_bar(&chosen.name);
    let mut selected = Selected {
        name: Some(chosen.name.clone()),
        arguments: args.arguments.clone(),
        limit: args.limit.clone(),
    };
    let mut loaded = chosen.load(context)?;
    if let Some(to) = &args.to {
        loaded.layout = onto(&loaded.layout, &selected.limit.workspaces, to)?;
        selected.limit.workspaces.clear();
    }
    if args.missing() == Missing::Start && !args.dry_run {
        check_trust(args.trust, &loaded, context)?;
    }
    chosen.check(args, &loaded, context)?;
    let mut session = context.session()?;
    let mut plan = fitting::plan_for(&loaded, context, &mut session)?;
    warn_about_gaps(context, &mut session, &plan)?;
    let options = Options {
        timeout: args.timeout,
        total_timeout: args.total_timeout,
        keep_placeholders: args.keep_placeholders,
        missing: args.missing(),
        reuse: args.reuse,
        focus: if args.keep_focus {
            FocusMode::Keep
        } else {
            FocusMode::Restore
        },
        scope: selected.scope(&plan, &args.only)?,
        mode: args.mode,
    };
    let (config, ignored) = hooks::config(options.mode, context)?;
    let hooks = hooks::find(args, context, &config, (&loaded, &plan))?;
    if !args.dry_run && !hooks.are_none(HookEvent::PreApply) {
        hooks.run(HookEvent::PreApply, &[])?;
        // A hook may have changed the monitors or workspaces.
        plan = fitting::plan_for(&loaded, context, &mut session)?;
    }
    session.ignore_by(config.rules.clone());
    context.remember(&mut session, &plan);
    if args.dry_run {
        return context.with_processes(&mut session, &plan, &config, |session, processes| {
            dry_run::dry_run(
                args,
                context,
                (session, processes),
                (&loaded, &plan),
                (&options, &hooks),
            )
        });
    }
    // Without hints, slots are only reported at the end, where the hints are left out.
    let reports = !args.json && !args.no_hints;
    let mut progress = Live::new(context.ui, &plan.layout, reports, context.notices());
    let report = context.with_processes(&mut session, &plan, &config, |session, processes| {
        let lines = session.workspace_outputs()?;
        let mut world = context.world(session, processes, Some(&loaded));
        let make = |outputs: &[Output], workspaces: &[PresentWorkspace]| {
            context.plan(&loaded, outputs, workspaces, &lines)
        };
        let plans = Plans::new(plan.clone());
        context.recorded_run(&mut world, (&plans, &make), &options, &mut progress)
    });
    let report = match report {
        Ok(report) => report,
        Err(error) => {
            drop(progress);
            hooks::run_after_error(&hooks)?;
            return Err(error.into());
        }
    };
    let reported = progress.finish();
    let complete = report.is_complete();
    let mut json = ui::report::to_json(&report);
    context.journal.report(&report, &plan, &json);
    let named = chosen.words();
    context.announce(complete, &|paint| {
        let text = |report| ui::report::report(report, &plan, &named, &reported, paint);
        if args.no_hints {
            // They name a file that is only for this run.
            ui::without_hints(&text(&report.clone().of_nested_desktop()), paint)
        } else {
            text(&report)
        }
    });
    hooks::run_after(&hooks, &report)?;
    if args.json {
        json["hooks"] = hooks.ran();
        context.ui.json(&json)?;
    }
    // A part of a layout, or the present focus, says less than the desktop that `capture` saw.
    if complete {
        places::remember(context, &mut session, plan.identity.as_deref())?;
        if let Some(error) = &ignored {
            let details = || ui::diagnostic::to_text(error, Paint(false));
            let line = ui::diagnostic::to_line(error);
            context.alarm(&session, &chosen.name, (&line, &details), Buttons::Details);
        }
        return Ok(Exit::Done);
    }
    alarm(context, &session, &named, (&report, &plan));
    Ok(Exit::Incomplete)
}

/// Shows in i3-nagbar that the layout is not complete, if a key binding runs this command.
fn alarm(context: &Context, session: &Session, named: &[String], (report, plan): (&Report, &Plan)) {
    let details = || {
        let none = BTreeSet::new();
        ui::report::report(report, plan, named, &none, Paint(false))
    };
    let line = ui::report::alert(report);
    let name = named.first().map_or("", String::as_str);
    context.alarm(session, name, (&line, &details), Buttons::after(report));
}

fn warn_about_gaps(context: &Context, session: &mut Session, plan: &Plan) -> Result<(), Error> {
    if plan.workspaces.iter().all(|one| one.gaps.is_empty()) {
        return Ok(());
    }
    let version = &session.about()?.version;
    if (version.major, version.minor) < (4, 22) {
        context.ui.warn(&format!(
            "i3 {version} does not support gaps (added in 4.22); the gaps of the layout are ignored"
        ));
    }
    Ok(())
}

/// The layout with only the selected workspace, renamed to `to`.
fn onto(layout: &Layout, workspaces: &[String], to: &str) -> Result<Layout, Error> {
    let names = || layout.workspaces.iter().map(|one| one.name.as_str());
    let found = match (workspaces, layout.workspaces.as_slice()) {
        ([wish], _) => Scope::workspace_named(names(), wish),
        ([], [only]) => Some(only.name.as_str()),
        _ => None,
    };
    let Some(found) = found else {
        return Err(Error::Usage {
            what: "`--to` needs exactly one workspace of the layout".to_owned(),
            hint: Some(format!(
                "choose it with `--workspace`; available: {}",
                quoted(names())
            )),
        });
    };
    if to.is_empty() || to.starts_with("__") || is_reserved_name(to) {
        return Err(Error::Usage {
            what: format!("invalid workspace name `{to}`"),
            hint: None,
        });
    }
    Ok(layout.of_one_workspace(&|workspace| workspace.name == found, to))
}
