//! Profiles that fit the present monitors. Two at once are an error.

use super::context::{Context, Loaded};
use crate::compile::Plan;
use crate::compile::monitors::profile::fitting;
use crate::config::{Config, Layer, Layered, Origin, read};
use crate::document::{Fault, Finding, Format, Path, with_text};
use crate::error::Error;
use crate::layout::{Layout, Profile};
use crate::live::{Output, is_direction};
use crate::session::Session;
use crate::store::Target;

/// The names of outputs, for messages.
pub(super) fn names(outputs: &[Output]) -> String {
    let names: Vec<&str> = outputs.iter().map(|output| output.name.as_str()).collect();
    names.join(", ")
}

/// Compiles the layout for the desktop. Refuses a layout of which two profiles fit.
pub(super) fn plan_for(
    loaded: &Loaded,
    context: &Context,
    session: &mut Session,
) -> Result<Plan, Error> {
    let outputs = session.outputs()?;
    refuse_two(loaded, &outputs)?;
    let workspaces = session.workspaces()?;
    let lines = session.workspace_outputs()?;
    Ok(context.plan(loaded, &outputs, &workspaces, &lines))
}

/// Warns about outputs that the commands of `compile` cannot name.
pub(super) fn warn_of_directions(outputs: &[Output], context: &Context) {
    let names = outputs.iter().map(|output| output.name.as_str());
    for name in names.filter(|name| outputs.len() > 1 && is_direction(name)) {
        context.ui.warn(&format!(
            "i3 reads the name of the monitor `{name}` as a direction, so the commands can load \
             workspaces on another monitor; give it another name with `xrandr --setmonitor`"
        ));
    }
}

/// Refuses a layout with two profiles that fit.
pub(super) fn refuse_two(loaded: &Loaded, outputs: &[Output]) -> Result<(), Error> {
    let fitting = fitting(&loaded.layout.profiles, outputs);
    let [(one, first), (two, second), ..] = fitting.as_slice() else {
        return Ok(());
    };
    let text = String::from_utf8_lossy(&loaded.opened.bytes);
    let hint = "change their `monitors` so that only one fits, for example by `model` and `serial`";
    let finding = finding(second, *two, first, outputs, hint.to_owned());
    let finding = finding.with_other(name_at(*one));
    let (origin, format) = (&loaded.opened.origin, loaded.opened.format);
    Err(with_text::<Layout>(&text, origin, format, vec![finding]).into())
}

/// Refuses a configuration with two profiles that fit.
pub(super) fn refuse_two_of_config(
    config: &Config,
    outputs: &[Output],
    context: &Context,
) -> Result<(), Error> {
    let profiles = config.profiles.iter().map(|profile| &profile.value);
    let fitting = fitting(profiles, outputs);
    let [(one, first), (two, second), ..] = fitting.as_slice() else {
        return Ok(());
    };
    let origins = [*one, *two].map(|at| config.profiles.get(at).map(|one| &one.origin));
    let [Some(before), Some(origin)] = origins else {
        return Ok(());
    };
    let mut hint = format!(
        "choose one with `i3pm-layout adapt --profile {}`, or change their `monitors` so that only \
         one fits",
        first.name
    );
    let is_one_file = before.file == origin.file;
    if !is_one_file {
        hint = format!("`{}` is at {before}; {hint}", first.name);
    }
    let (text, profiles) = profiles_in(config, origin, context);
    let position = |name: &str| profiles.iter().position(|profile| profile == name);
    let at = position(&second.name).unwrap_or_default();
    let mut finding = finding(second, at, first, outputs, hint);
    if let Some(other) = position(&first.name).filter(|_| is_one_file) {
        finding = finding.with_other(name_at(other));
    }
    Err(with_text::<Layered>(&text, &origin.file, Format::Yaml, vec![finding]).into())
}

fn finding(
    second: &Profile,
    at: usize,
    first: &Profile,
    outputs: &[Output],
    hint: String,
) -> Finding {
    let fault = Fault::TwoProfiles {
        name: second.name.clone(),
        first: first.name.clone(),
        monitors: names(outputs),
        hint,
    };
    Finding::new(name_at(at), fault)
}

fn name_at(position: usize) -> Path {
    let profiles = Path::default().key("profiles");
    profiles.index(position).key("name")
}

/// The text of the configuration file of this origin, and the names of its profiles in order.
fn profiles_in(config: &Config, origin: &Origin, context: &Context) -> (String, Vec<String>) {
    let mut files = config.files.iter();
    let file = files.find(|(path, _)| context.short(path) == origin.file);
    let opened = file.and_then(|(path, _)| {
        let target = Target::File(path.clone());
        context.store.read(&target).ok()
    });
    let bytes = opened.map_or_else(Vec::new, |opened| opened.bytes);
    let layered = read::read(&bytes, &origin.file, Layer::User).unwrap_or_default();
    let profiles = layered.profiles.into_iter();
    let names = profiles.map(|profile| profile.value.name).collect();
    (String::from_utf8_lossy(&bytes).into_owned(), names)
}
