//! The plan to adapt to: of a layout, of a profile, or of the last arrangement on these monitors.

use super::super::context::{Context, Loaded};
use super::super::profiles::layouts_with_profiles;
use super::super::{fitting, places};
use super::Run;
use crate::apply::{AdaptTo, Adapted};
use crate::compile::monitors::profile::{fitting as profiles_that_fit, layout_of};
use crate::compile::{Plan, ProfileFit};
use crate::config::Config;
use crate::error::{Error, OfLayout};
use crate::geometry::Rect;
use crate::layout::{Layout, Profile, ProfileWorkspace};
use crate::live::{Desktop, Output, XId};
use crate::records::Arrangement;
use crate::records::profile::not_open as not_open_in;
use crate::session::Session;
use crate::ui::words::quoted;

/// The plan to adapt to, with its origin.
pub(super) struct Goal {
    /// The kind of the origin: `layout`, `profile` or `record`.
    pub(super) source: &'static str,
    pub(super) plan: Plan,
    /// The windows of the slots; `None` to match them.
    windows: Option<Vec<XId>>,
    loaded: Option<Loaded>,
    /// Sentences about workspaces that stay where they are.
    pub(super) notes: Vec<String>,
}

impl Goal {
    /// The goal of a layout.
    pub(super) fn layout(
        loaded: Loaded,
        context: &Context,
        session: &mut Session,
    ) -> Result<Self, Error> {
        Ok(Self {
            source: "layout",
            plan: fitting::plan_for(&loaded, context, session)?,
            windows: None,
            loaded: Some(loaded),
            notes: Vec::new(),
        })
    }

    /// The goal of the profile with this name, or of the only one that fits, or of the last
    /// arrangement.
    pub(super) fn find(
        name: Option<&str>,
        context: &Context,
        session: &mut Session,
    ) -> Result<Self, Error> {
        let config = context.config()?;
        let desktop = places::observe_places(session)?;
        let profiles = || config.profiles.iter().map(|profile| &profile.value);
        if let Some(name) = name {
            let Some(profile) = profiles().find(|profile| profile.name == name) else {
                return Err(Error::NoProfile {
                    name: name.to_owned(),
                    known: profiles().map(|one| one.name.clone()).collect(),
                    layout: of_layout(name, context)?,
                });
            };
            return Self::profile(profile, context, session, &desktop);
        }
        fitting::refuse_two_of_config(&config, &desktop.outputs, context)?;
        let all = profiles_that_fit(profiles(), &desktop.outputs);
        if let Some((_, profile)) = all.first() {
            return Self::profile(profile, context, session, &desktop);
        }
        match places::arrangements(context).on(&desktop.outputs) {
            Some(arrangement) => Self::record(&arrangement, context, session, &desktop),
            None => Err(nothing_fits(&config, &desktop.outputs)),
        }
    }

    /// The goal of a profile. Floating windows return to their last places on these monitors if
    /// their workspace moves, or if other monitors were connected before.
    pub(super) fn profile(
        profile: &Profile,
        context: &Context,
        session: &mut Session,
        desktop: &Desktop,
    ) -> Result<Self, Error> {
        let all = places::arrangements(context);
        let outputs = &desktop.outputs;
        let earlier = all.on(outputs).map(|last| (last, !all.are_latest(outputs)));
        let layout = layout_of(profile, outputs);
        let mut goal = Self::new("profile", layout, context, session)?;
        goal.complete(
            desktop,
            earlier.as_ref().map(|(last, always)| (last, *always)),
        );
        goal.notes = left_out(profile, outputs);
        goal.notes.extend(not_open(profile, desktop));
        Ok(goal)
    }

    /// The goal of an earlier arrangement on these monitors.
    fn record(
        arrangement: &Arrangement,
        context: &Context,
        session: &mut Session,
        desktop: &Desktop,
    ) -> Result<Self, Error> {
        let profile = arrangement.profile("the last arrangement");
        let layout = layout_of(&profile, &desktop.outputs);
        let mut goal = Self::new("record", layout, context, session)?;
        goal.complete(desktop, Some((arrangement, true)));
        Ok(goal)
    }

    /// Adds the present workspaces and floating windows. `earlier` is the last arrangement on these
    /// monitors, with true if it counts also for workspaces that are in place. A window at its
    /// earlier place stays there, even if that is over the edge of the screen.
    fn complete(&mut self, desktop: &Desktop, earlier: Option<(&Arrangement, bool)>) {
        self.plan.show_workspaces(desktop);
        self.plan.add_other_workspaces(desktop);
        let rects = earlier.map_or_else(Vec::new, |(earlier, _)| earlier.rects());
        let place = |window: XId, here: Rect, moves: bool| {
            let (earlier, always) = earlier?;
            let facts = desktop.windows.get(&window);
            earlier
                .place(window, facts, &rects)
                .filter(|place| moves || always || place.rect == here)
        };
        self.windows = Some(self.plan.add_floating(desktop, &place));
    }

    fn new(
        source: &'static str,
        layout: Layout,
        context: &Context,
        session: &mut Session,
    ) -> Result<Self, Error> {
        Ok(Self {
            source,
            plan: fitting::plan_for(&Loaded::without_file(layout), context, session)?,
            windows: None,
            loaded: None,
            notes: Vec::new(),
        })
    }

    /// The layout among all layouts.
    pub(super) fn identity(&self) -> Option<&str> {
        self.plan.identity.as_deref()
    }

    /// Adapts the desktop, or finds out what would be done.
    pub(super) fn run(
        &self,
        context: &Context,
        session: &mut Session,
        run: Run<'_>,
    ) -> Result<Adapted, Error> {
        let to = AdaptTo {
            plan: &self.plan,
            windows: self.windows.as_deref(),
        };
        if self.loaded.is_none() {
            let processes = places::start_times();
            let mut world = context.world(session, &processes, None);
            return Ok(run(&mut world, to)?);
        }
        // All other windows stay where they are, so rules are not needed.
        let config = context.config().unwrap_or_else(|_| Config::default());
        session.ignore_by(config.rules.clone());
        context.remember(session, &self.plan);
        let loaded = self.loaded.as_ref();
        let adapted =
            context.with_processes(session, &self.plan, &config, |session, processes| {
                let mut world = context.world(session, processes, loaded);
                run(&mut world, to)
            })?;
        Ok(adapted)
    }
}

/// A sentence about the workspaces of a profile that are not open, except those of monitors that are
/// not connected.
fn not_open(profile: &Profile, desktop: &Desktop) -> Option<String> {
    let fit = ProfileFit::new(profile, &desktop.outputs);
    let has_monitor = |place: &&ProfileWorkspace| {
        let mut monitors = fit.monitors.iter();
        monitors.any(|one| one.name == place.output && one.output.is_some())
    };
    let closed = not_open_in(profile, desktop).into_iter();
    let closed = closed.filter(has_monitor).map(|place| place.name.as_str());
    let closed: Vec<&str> = closed.collect();
    let (noun, are) = match closed.len() {
        0 => return None,
        1 => ("workspace", "is"),
        _ => ("workspaces", "are"),
    };
    let (name, closed) = (&profile.name, quoted(closed));
    Some(format!(
        "{noun} {closed} of profile `{name}` {are} not open"
    ))
}

/// A sentence for each monitor of a profile that is not connected.
fn left_out(profile: &Profile, outputs: &[Output]) -> Vec<String> {
    let fit = ProfileFit::new(profile, outputs);
    let missing = fit.monitors.iter().filter(|one| one.output.is_none());
    let sentences = missing.filter_map(|monitor| {
        let workspaces = profile.workspaces.iter();
        let its = workspaces.filter(|place| place.output == monitor.name);
        let its: Vec<&str> = its.map(|place| place.name.as_str()).collect();
        let stay = if its.len() == 1 { "stays" } else { "stay" };
        (!its.is_empty()).then(|| {
            format!(
                "monitor `{}` of profile `{}` is not connected: {} {stay} where i3 has put {}",
                monitor.name,
                profile.name,
                quoted(its.iter().copied()),
                if its.len() == 1 { "it" } else { "them" },
            )
        })
    });
    sentences.collect()
}

/// The layout that was probably meant by the name of a profile.
fn of_layout(name: &str, context: &Context) -> Result<Option<OfLayout>, Error> {
    let all = layouts_with_profiles(context)?.into_iter();
    let mut all = all.filter(|(_, _, layout)| layout.profiles.iter().any(|one| one.name == name));
    if let Some((layout, ..)) = all.next() {
        return Ok(Some(OfLayout::Profile(layout)));
    }
    let listed = context.store.list()?;
    let is_layout = listed.iter().any(|layout| layout.full_name() == name);
    Ok(is_layout.then_some(OfLayout::Itself))
}

fn nothing_fits(config: &Config, outputs: &[Output]) -> Error {
    Error::NothingFits {
        monitors: fitting::names(outputs),
        profiles: config.profiles.len(),
    }
}
