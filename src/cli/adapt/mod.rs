//! `adapt`: move workspaces to their monitors.

mod goal;
mod interactive;
mod save;

use serde_json::json;

use super::alarm::Buttons;
use super::arguments::Set;
use super::context::Context;
use super::exit::Exit;
use super::places;
use super::value::value;
use crate::apply::{AdaptTo, Adapted, ApplyError, World, adapt, dry_adapt};
use crate::error::Error;
use crate::session::Session;
use crate::ui::{self, Paint};
use goal::Goal;

/// Move workspaces to their monitors
///
/// For use after a monitor was connected or disconnected. Moves workspaces to the monitors where a
/// layout or a profile has them, floating windows to their places on them, and shows the workspaces
/// that were visible. Starts and closes nothing, moves no window to another workspace, and leaves
/// tiled windows as they are. Running it again changes nothing. Waits up to 2 seconds until i3 has
/// noticed the monitors.
///
/// Without LAYOUT and `--profile`, uses the profile of the configuration that fits the connected
/// monitors, else the last arrangement that was recorded on these monitors. `adapt`, `apply`,
/// `capture`, `adapt --remember` and `adapt --save` record it.
///
/// `--save` on an existing profile changes the places of the open workspaces. Its monitors, its other
/// workspaces and its comments stay. If it is for other monitors, or if its form does not allow this,
/// asks before it replaces the profile, and fails without a terminal.
#[derive(Debug, clap::Args)]
#[command(
    group = clap::ArgGroup::new("goal"),
    after_help = "Examples:\n  \
        i3pm-layout adapt                      Use the profile or the record of these monitors\n  \
        i3pm-layout adapt daily-dev            Use the outputs in a layout\n  \
        i3pm-layout adapt --save office        Save the present places as a profile\n  \
        i3pm-layout adapt --interactive        Move workspaces by hand\n  \
        i3pm-layout adapt --dry-run\n  \
        bindsym $mod+F8 exec --no-startup-id i3pm-layout adapt"
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the switches of a command line are independent"
)]
pub(super) struct Args {
    /// Name or path of the layout; `-` reads standard input
    #[arg(value_name = "LAYOUT", group = "goal")]
    name: Option<String>,
    /// Use this profile of the configuration; workspaces on monitors that are not connected stay
    /// where they are
    #[arg(
        long,
        value_name = "PROFILE",
        group = "goal",
        allow_hyphen_values = true,
        value_parser = value
    )]
    profile: Option<String>,
    /// Move nothing; save the present places of the workspaces as a profile in your configuration
    #[arg(
        long,
        value_name = "PROFILE",
        group = "goal",
        allow_hyphen_values = true,
        value_parser = value
    )]
    save: Option<String>,
    /// Move nothing; record the present places for these monitors, for the next `adapt` on them
    #[arg(long, group = "goal")]
    remember: bool,
    /// Show monitors and workspaces, and ask where workspaces go
    #[arg(long, group = "goal", conflicts_with_all = ["dry_run", "json"])]
    interactive: bool,
    #[command(flatten)]
    set: Set,
    /// Print what would be done without doing it
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

impl Args {
    /// True if no workspace is moved.
    pub(super) const fn is_dry(&self) -> bool {
        self.dry_run || self.remember || self.save.is_some()
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    if args.interactive {
        return interactive::run(context);
    }
    if args.remember {
        return save::remember(args.dry_run, args.json, context);
    }
    if let Some(name) = &args.save {
        return save::save_present(name, (args.dry_run, args.json), context);
    }
    if args.profile.as_deref() == Some("") {
        return Err(Error::Usage {
            what: "the name after `--profile` is empty".to_owned(),
            hint: Some(
                "name a profile, or run `adapt` without `--profile`, which chooses the one that \
                 fits; in a script of autorandr, AUTORANDR_CURRENT_PROFILE is empty if no profile \
                 of autorandr is in use"
                    .to_owned(),
            ),
        });
    }
    let loaded = args
        .name
        .as_deref()
        .map(|name| context.load_no_profile(name, &args.set.set));
    let loaded = loaded.transpose()?;
    if let (Some(loaded), Some(name)) = (&loaded, &args.name) {
        context.record_layout(loaded, name);
    }
    let mut session = places::session_with_monitors(context)?;
    let goal = match loaded {
        Some(loaded) => Goal::layout(loaded, context, &mut session)?,
        None => Goal::find(args.profile.as_deref(), context, &mut session)?,
    };
    adapt_to(&goal, args, context, &mut session)
}

fn adapt_to(
    goal: &Goal,
    args: &Args,
    context: &Context,
    session: &mut Session,
) -> Result<Exit, Error> {
    let plan = &goal.plan;
    for note in &goal.notes {
        context.ui.note(note);
    }
    let adapted = goal.run(context, session, &|world, to| {
        if args.dry_run {
            dry_adapt(world, to)
        } else {
            adapt(world, to)
        }
    })?;
    let source = json!({ "kind": goal.source, "name": plan.layout });
    if args.dry_run {
        context.print(
            args.json,
            || {
                let mut value = ui::adapt::dry_run_json(&adapted, plan);
                value["source"] = source;
                value
            },
            |paint| ui::adapt::dry_run(&adapted, plan, paint),
        )?;
        return Ok(Exit::Done);
    }
    let mut value = ui::adapt::to_json(&adapted, plan);
    value["source"] = source;
    value["notes"] = json!(goal.notes);
    if args.json {
        context.ui.json(&value)?;
    }
    context.record_result(0, &value);
    context.announce(adapted.is_complete(), &|paint| {
        ui::adapt::report(&adapted, plan, paint)
    });
    if adapted.is_complete() {
        places::remember(context, session, goal.identity())?;
        return Ok(Exit::Done);
    }
    let details = || ui::adapt::report(&adapted, plan, Paint(false));
    let line = ui::adapt::alert(&adapted, plan);
    context.alarm(session, "", (&line, &details), Buttons::Undo);
    Ok(Exit::Incomplete)
}

/// Adapts the desktop to a plan, or finds out what would be done.
type Run<'r> = &'r dyn Fn(&mut World<'_>, AdaptTo<'_>) -> Result<Adapted, ApplyError>;
