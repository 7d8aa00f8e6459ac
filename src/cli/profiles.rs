//! `profiles`: list the profiles and say which one fits.

use super::context::Context;
use super::exit::Exit;
use super::fitting;
use super::monitors::Monitors;
use super::places;
use crate::compile::ProfileFit;
use crate::error::Error;
use crate::layout::{Layout, Profile};
use crate::live::Output;
use crate::session::Session;
use crate::store::Target;
use crate::ui;
use crate::ui::profiles::Listed;

/// List the profiles, and say which one fits the connected monitors, and why
///
/// Lists the profiles of the configuration, then those of the saved layouts. Names the monitors that
/// are connected, missing or not part of the profile. Without i3, only lists the profiles.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout profiles\n  \
        i3pm-layout profiles --monitors eDP-1:1920x1080+0+0:primary\n  \
        i3pm-layout profiles --json | jq -r '.profiles[] | select(.fits).name'")]
pub(super) struct Args {
    /// Compare with these monitors instead of the connected ones:
    /// `NAME:WIDTHxHEIGHT+X+Y[:primary]`, separated by commas
    #[arg(long, value_name = "MONITORS")]
    monitors: Option<Monitors>,
    /// Print the profiles as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let config = context.config()?;
    let outputs = match &args.monitors {
        Some(monitors) => Some(monitors.0.clone()),
        None => present(context),
    };
    let layouts = layouts_with_profiles(context)?;
    let fit = |profile: &Profile| outputs.as_ref().map(|all| ProfileFit::new(profile, all));
    let of_config = config.profiles.iter().map(|profile| Listed {
        layout: None,
        place: profile.origin.to_string(),
        fit: fit(&profile.value),
        profile: &profile.value,
    });
    let of_layouts = layouts.iter().flat_map(|(name, place, layout)| {
        let profiles = layout.profiles.iter();
        profiles.map(|profile| Listed {
            layout: Some(name.clone()),
            place: place.clone(),
            fit: fit(profile),
            profile,
        })
    });
    let all: Vec<Listed<'_>> = of_config.chain(of_layouts).collect();
    let known = outputs.as_deref();
    let given = args.monitors.is_some();
    if let (true, Some(known)) = (args.json, known) {
        fitting::refuse_two_of_config(&config, known, context)?;
    }
    let has_record = known.is_some_and(|known| places::arrangements(context).on(known).is_some());
    context.print(
        args.json,
        || ui::profiles::list_json(&all, known, has_record),
        |paint| {
            let monitors = ui::profiles::present(known.unwrap_or_default(), given, paint);
            format!("{monitors}{}", ui::profiles::list(&all, given, paint))
        },
    )?;
    if all.is_empty() {
        context.ui.say(
            "no profiles yet; arrange the workspaces and run `i3pm-layout adapt --save NAME` to \
             create the first",
        );
    }
    if let Some(known) = known {
        fitting::refuse_two_of_config(&config, known, context)?;
        if !all.iter().any(|one| one.layout.is_none() && one.fits()) {
            context.ui.note(if has_record {
                "no profile fits; `adapt` restores the last arrangement on these monitors"
            } else {
                "no profile fits, and no arrangement on these monitors was recorded"
            });
        }
    }
    Ok(Exit::Done)
}

/// The present outputs; `None` without i3.
pub(super) fn present(context: &Context) -> Option<Vec<Output>> {
    context.if_running(Session::outputs)
}

/// The layouts that have profiles, each with its name and file. Layouts with mistakes are left out:
/// `validate` reports them.
pub(super) fn layouts_with_profiles(
    context: &Context,
) -> Result<Vec<(String, String, Layout)>, Error> {
    let all = context.store.list()?.into_iter();
    let found = all.filter_map(|listed| {
        let loaded = context
            .load_target(&Target::File(listed.path.clone()))
            .ok()?;
        let has_profiles = !loaded.layout.profiles.is_empty();
        has_profiles.then(|| {
            let place = context.short(&listed.path);
            (listed.full_name(), place, loaded.layout)
        })
    });
    Ok(found.collect())
}
