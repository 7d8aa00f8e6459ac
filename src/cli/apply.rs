//! `apply`: a layout brought back.

use std::time::Duration;

use serde_json::json;

use super::context::Context;
use super::exit::Exit;
use super::scope::scope;
use super::value::value;
use crate::apply::{self, FocusMode, Mode, Options, Scope, World};
use crate::compile::Plan;
use crate::discover::observed_processes::Fresh;
use crate::error::Error;
use crate::layout::Layout;
use crate::matching::{self, Reuse};
use crate::session::Session;
use crate::ui;
use crate::ui::progress::Live;

/// Bring a saved layout back
///
/// Windows that are open already are moved to their places without being closed or
/// hidden; programs that are missing are started. A second run changes nothing.
/// While a window is awaited, its place says which one it is. Ctrl-C stops the waiting
/// and leaves no placeholder behind.
///
/// The report counts slots: `placed` had their window on their workspace, `adopted`
/// took one that was open elsewhere, `launched` had their program started, `missing`
/// have no window, `misplaced` have one that did not stay in its place.
#[derive(Debug, clap::Args)]
#[command(
    visible_aliases = ["restore", "load"],
    after_help = "Examples:\n  \
        i3pm-layout apply daily-dev\n  \
        i3pm-layout apply daily-dev --workspace 2 --no-launch\n  \
        i3pm-layout apply daily-dev --only editor --timeout 60\n  \
        bindsym $mod+F9 exec --no-startup-id i3pm-layout apply daily-dev"
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the switches of a command line are independent"
)]
pub(super) struct Args {
    /// Name of the layout, a path, or `-` for standard input
    name: String,
    /// Only this workspace, by name or number (can be repeated)
    #[arg(
        long = "workspace",
        value_name = "WORKSPACE",
        allow_hyphen_values = true,
        value_parser = value
    )]
    workspaces: Vec<String>,
    /// Only this slot, by its id (can be repeated)
    #[arg(
        long,
        value_name = "SLOT",
        allow_hyphen_values = true,
        value_parser = value
    )]
    only: Vec<String>,
    /// Print what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Seconds to wait for each window whose slot does not say
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    timeout: Duration,
    /// Seconds to wait for all windows together, whatever their slots say
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    total_timeout: Option<Duration>,
    /// Leave placeholders for the windows that do not come in time: they take them when
    /// they come later
    #[arg(long)]
    keep_placeholders: bool,
    /// Start no program
    #[arg(long)]
    no_launch: bool,
    /// Which open windows are taken
    #[arg(long, value_enum, value_name = "WHICH", default_value = "workspace")]
    reuse: WhichOpen,
    /// What becomes of windows on its workspaces that the layout does not know
    #[arg(long, value_enum, value_name = "MODE", default_value = "merge")]
    mode: WithOthers,
    /// Put the one workspace of the layout, or the one that `--workspace` names, onto
    /// this workspace
    #[arg(
        long,
        value_name = "WORKSPACE",
        allow_hyphen_values = true,
        value_parser = value
    )]
    to: Option<String>,
    /// With `--dry-run`: say for each slot which windows it could take, and why
    #[arg(long, requires = "dry_run")]
    explain: bool,
    /// Leave the focus and what is shown as they are
    #[arg(long)]
    keep_focus: bool,
    /// Run the commands of a file that others can write
    #[arg(long)]
    trust: bool,
    /// Print the report as JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum WhichOpen {
    /// None, everything is started anew
    None,
    /// Those that an earlier apply of this layout placed
    Marked,
    /// These, those of the same command, and those that fit on their own workspace; none
    /// that another layout has
    Workspace,
    /// All that the criteria fit, also what another layout has
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum WithOthers {
    /// They stay, beside the layout
    Merge,
    /// They stay together on a workspace of another name
    Replace,
    /// They are closed
    Close,
}

impl From<WithOthers> for Mode {
    fn from(mode: WithOthers) -> Self {
        match mode {
            WithOthers::Merge => Self::Merge,
            WithOthers::Replace => Self::Replace,
            WithOthers::Close => Self::Close,
        }
    }
}

impl From<WhichOpen> for Reuse {
    fn from(which: WhichOpen) -> Self {
        match which {
            WhichOpen::None => Self::None,
            WhichOpen::Marked => Self::Marked,
            WhichOpen::Workspace => Self::Workspace,
            WhichOpen::All => Self::All,
        }
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse::<f64>()
        .ok()
        .filter(|seconds| *seconds > 0.0 && *seconds <= 86_400.0)
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| "it must be a number of seconds over 0".to_owned())
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let mut loaded = context.load(&args.name)?;
    if let Some(to) = &args.to {
        loaded.layout = onto(&loaded.layout, &args.workspaces, to)?;
    }
    if let Err(distrust) = &loaded.opened.trust
        && !args.trust
        && !args.no_launch
        && !args.dry_run
    {
        return Err(Error::Untrusted(distrust.clone()));
    }
    let mut session = context.session()?;
    let outputs = session
        .wm()
        .outputs()
        .map_err(crate::session::SessionError::from)?;
    let plan = context.plan(&loaded, &outputs);
    warn_of_gaps(context, &mut session, &plan)?;
    let mut options = Options {
        timeout: args.timeout,
        total_timeout: args.total_timeout,
        keep_placeholders: args.keep_placeholders,
        launch: !args.no_launch,
        reuse: args.reuse.into(),
        focus: if args.keep_focus {
            FocusMode::Keep
        } else {
            FocusMode::Restore
        },
        scope: match args.to {
            // There is only the one workspace.
            Some(_) => scope(&plan, &[], &args.only, &args.name)?,
            None => scope(&plan, &args.workspaces, &args.only, &args.name)?,
        },
        mode: args.mode.into(),
    };
    match context.config() {
        Ok(config) => session.ignore_by(config.rules),
        // All windows stay where they are, also those that no rule can speak for.
        Err(_) if options.mode == Mode::Merge => {}
        Err(error) => return Err(error),
    }
    if args.dry_run {
        return dry_run(args, context, &mut session, &plan, &options);
    }
    let env = context.program_environment(&mut session);
    let mut world = World {
        session: &mut session,
        process: &Fresh,
        env,
        runtime: context.runtime().to_owned(),
        logs: context.state().join("log"),
        display: context.display(),
        hide: &crate::ui::words::hide,
    };
    let mut apply = |options: &Options| {
        let mut progress = Live::new(context.ui, &plan.layout, !args.json);
        let report = apply::run(&mut world, &plan, options, &mut progress);
        report.map(|report| (report, progress.finish()))
    };
    let (mut report, mut told) = apply(&options)?;
    // Whether the whole report has been shown.
    let mut shown = args.json;
    if let Some(owners) = ui::report::owners(&report)
        && !args.json
        && !report.interrupted
        && context.ui.can_ask()
    {
        let paint = context.ui.paint_err();
        let text = ui::report::rest(&report, &loaded.name, &told, paint);
        context.ui.say(&text);
        shown = true;
        if context.ui.ask(&format!("Take what {owners} has?"), false) {
            options.reuse = Reuse::All;
            (report, told) = apply(&options)?;
            shown = false;
        }
    }
    let complete = report.is_complete();
    if args.json {
        let mut value = serde_json::to_value(&report).unwrap_or_default();
        value["complete"] = json!(complete);
        context.ui.json(&value)?;
    }
    if !shown {
        let paint = context.ui.paint_err();
        context
            .ui
            .say(&ui::report::rest(&report, &loaded.name, &told, paint));
    }
    if !complete {
        let text = ui::report::report(&report, &loaded.name, ui::Paint(false));
        ui::nagbar::alarm(session.i3_pid(), &text);
    }
    Ok(if complete {
        Exit::Done
    } else {
        Exit::Incomplete
    })
}

/// Gaps came with i3 4.22; before, the rest of the layout comes without them.
fn warn_of_gaps(context: &Context, session: &mut Session, plan: &Plan) -> Result<(), Error> {
    if plan.workspaces.iter().all(|one| one.gaps.is_empty()) {
        return Ok(());
    }
    let version = &session.about()?.version;
    if (version.major, version.minor) < (4, 22) {
        context.ui.warn(&format!(
            "i3 {version} has no gaps (they came with 4.22): those of the layout are left out"
        ));
    }
    Ok(())
}

fn dry_run(
    args: &Args,
    context: &Context,
    session: &mut Session,
    plan: &Plan,
    options: &Options,
) -> Result<Exit, Error> {
    let desktop = super::context::observe(session)?;
    let env = context.program_environment(session);
    let mut world = World {
        session,
        process: &Fresh,
        env,
        runtime: context.runtime().to_owned(),
        logs: context.state().join("log"),
        display: context.display(),
        hide: &crate::ui::words::hide,
    };
    let dry = apply::dry_run(&mut world, plan, options)?;
    if args.explain {
        let explained = matching::explain(plan, &desktop, options.reuse, |idx| {
            options.scope.has_slot(plan, idx)
        });
        if args.json {
            context
                .ui
                .json(&ui::explain::to_json(&explained, plan, &desktop))?;
        } else {
            let paint = context.ui.paint();
            context
                .ui
                .out(&ui::explain::explain(&explained, plan, &desktop, paint))?;
        }
        return Ok(Exit::Done);
    }
    if args.json {
        context.ui.json(&ui::dry_run::to_json(&dry, plan))?;
    } else {
        let paint = context.ui.paint();
        context
            .ui
            .out(&ui::dry_run::dry_run(&dry, plan, &desktop, paint))?;
    }
    Ok(Exit::Done)
}

/// The one workspace that is meant, under another name.
fn onto(layout: &Layout, workspaces: &[String], to: &str) -> Result<Layout, Error> {
    let names = || layout.workspaces.iter().map(|one| one.name.as_str());
    let meant = match (workspaces, layout.workspaces.as_slice()) {
        ([wish], _) => Scope::workspace_named(names(), wish),
        ([], [only]) => Some(only.name.as_str()),
        _ => None,
    };
    let Some(meant) = meant else {
        return Err(Error::Usage {
            what: "`--to` takes one workspace of the layout".to_owned(),
            hint: Some(format!(
                "name it with `--workspace`; the layout has {}",
                names()
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(", ")
            )),
        });
    };
    if to.is_empty() || to.starts_with("__") {
        return Err(Error::Usage {
            what: format!("`{to}` cannot be the name of a workspace"),
            hint: None,
        });
    }
    Ok(layout.of_one_workspace(&|workspace| workspace.name == meant, to))
}
