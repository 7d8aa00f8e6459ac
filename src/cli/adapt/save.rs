//! `adapt --save` and `adapt --remember`: keep the present places of workspaces.

use std::path::Path;

use serde_json::json;

use super::super::context::Context;
use super::super::exit::Exit;
use super::super::{fitting, places};
use crate::compile::monitors::profile::fitting as profiles_that_fit;
use crate::config::edit::{self, NotAdded};
use crate::config::{Layer, read};
use crate::error::Error;
use crate::layout::{Profile, names};
use crate::live::{Desktop, Output};
use crate::records::{Arrangement, profile};
use crate::store::{Store, Target, Written};
use crate::ui::unified::{colored, unified};
use crate::ui::words::Count;

/// Saves the present arrangement as a profile of the user's configuration.
pub(super) fn save_present(
    name: &str,
    (dry_run, json): (bool, bool),
    context: &Context,
) -> Result<Exit, Error> {
    check_name(name)?;
    let mut session = places::session_with_monitors(context)?;
    let desktop = places::observe_places(&mut session)?;
    let saved = save(name, &desktop, dry_run, context)?;
    if !dry_run {
        places::remember(context, &mut session, None)?;
    }
    if json {
        let (what, path, backup) = saved.written.parts();
        context.ui.json(&json!({
            "profile": crate::document::encode::object(&saved.profile),
            "written": if dry_run { "unchanged" } else { what },
            "path": path.map(Path::to_string_lossy),
            "backup": backup.map(Path::to_string_lossy),
        }))?;
    } else if dry_run {
        context
            .ui
            .out(&colored(&saved.difference, context.ui.paint()))?;
    }
    saved.say(dry_run, context);
    Ok(Exit::Done)
}

/// Refuses a name that no profile can have.
pub(super) fn check_name(name: &str) -> Result<(), Error> {
    let why = names::refuse(name);
    why.map_or(Ok(()), |why| {
        let name = name.to_owned();
        Err(Error::ProfileName { name, why })
    })
}

/// The change to the entry of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    /// It is new.
    Added,
    /// Its places were changed.
    Places,
    /// It was replaced. The reason for asking first, if there is one.
    Replaced(Option<&'static str>),
}

/// A saved profile.
pub(super) struct Saved {
    profile: Profile,
    change: Change,
    /// The number of its workspaces that are not open.
    others: usize,
    written: Written,
    difference: String,
    path: String,
}

impl Saved {
    /// Says what was saved where.
    pub(super) fn say(&self, dry_run: bool, context: &Context) {
        let profile = &self.profile;
        let monitors = Count(profile.monitors.len(), "monitor");
        let workspaces = Count(profile.workspaces.len(), "workspace");
        let others = match self.others {
            0 => String::new(),
            others => format!(", of which {others} not open"),
        };
        let (name, path) = (&profile.name, &self.path);
        let what = match self.change {
            Change::Added => format!("profile `{name}` to {path}"),
            Change::Places => format!("the places in profile `{name}` in {path}"),
            Change::Replaced(_) => format!("profile `{name}` in {path}"),
        };
        let verb = match self.change {
            Change::Added if dry_run => "would save",
            Change::Added => "saved",
            _ if dry_run => "would replace",
            _ => "replaced",
        };
        context.ui.say(&match &self.written {
            Written::Unchanged(_) if self.difference.is_empty() => {
                format!("profile `{name}` in {path} is up to date")
            }
            _ => format!("{verb} {what}: {monitors}, {workspaces}{others}"),
        });
        match self.change {
            Change::Replaced(Some(why)) if dry_run => context.ui.note(&format!(
                "profile `{name}` {why}, so a run without `--dry-run` asks first"
            )),
            _ => say_backup(&self.written, context),
        }
    }
}

/// Writes the places as a profile to the user's configuration file. What a person has written there
/// stays, as far as it is still right; else a question is asked.
pub(super) fn save(
    name: &str,
    desktop: &Desktop,
    dry_run: bool,
    context: &Context,
) -> Result<Saved, Error> {
    check_name(name)?;
    let outputs = &desktop.outputs;
    refuse_second(name, outputs, context)?;
    let path = context.user_config();
    let short = context.short(&path);
    let read_file = || match context.store.read(&Target::File(path.clone())) {
        Ok(opened) => Ok(String::from_utf8_lossy(&opened.bytes).into_owned()),
        Err(error) if error.is_missing() => Ok(String::new()),
        Err(error) => Err(Error::from(error)),
    };
    let before = read_file()?;
    let present = profile::places(desktop, name);
    if !dry_run && Store::is_read_only(&path) {
        return Err(Error::ReadOnly { path });
    }
    let (saved, change, after) = edited(&before, present, outputs, &short)?;
    let after = with_line_ends_of(&before, after);
    if let (Change::Replaced(Some(why)), false) = (change, dry_run) {
        let question = format!("Profile `{name}` in {short} {why}. Replace it?");
        if !(context.ui.can_ask() && context.ui.ask(&question, false)) {
            let (name, path) = (name.to_owned(), short);
            return Err(Error::WouldReplace { name, path, why });
        }
        if read_file()? != before {
            return Err(Error::ChangedMeanwhile { path });
        }
    }
    let written = if dry_run {
        Written::Unchanged(path)
    } else {
        context.store.write(&path, &after)?
    };
    Ok(Saved {
        others: profile::not_open(&saved, desktop).len(),
        profile: saved,
        change,
        written,
        difference: unified(
            &before,
            &after,
            &short,
            &format!("{short} (with the profile)"),
        ),
        path: short,
    })
}

/// The text with the line ends of the file.
fn with_line_ends_of(before: &str, after: String) -> String {
    if before.contains("\r\n") {
        after.replace("\r\n", "\n").replace('\n', "\r\n")
    } else {
        after
    }
}

/// Refuses a configuration with mistakes, and a second profile for the same monitors.
fn refuse_second(name: &str, outputs: &[Output], context: &Context) -> Result<(), Error> {
    let config = context.config()?;
    fitting::refuse_two_of_config(&config, outputs, context)?;
    let all = config.profiles.iter().map(|profile| &profile.value);
    let other = profiles_that_fit(all, outputs).into_iter();
    let mut other = other.filter(|(_, profile)| profile.name != name);
    match other.next().and_then(|(at, _)| config.profiles.get(at)) {
        Some(other) => Err(Error::OtherProfile {
            name: other.value.name.clone(),
            place: other.origin.to_string(),
        }),
        None => Ok(()),
    }
}

/// The profile to save, and the text with it.
fn edited(
    before: &str,
    present: Profile,
    outputs: &[Output],
    short: &str,
) -> Result<(Profile, Change, String), Error> {
    let layered = read::read(before.as_bytes(), short, Layer::User)?;
    let mut all = layered.profiles.into_iter().map(|one| one.value);
    let old = all.find(|one| one.name == present.name);
    let merged = old
        .as_ref()
        .and_then(|old| profile::with_places(old, &present, outputs));
    if let Some(merged) = &merged
        && let Some(after) = edit::with_places(before, merged)
    {
        return Ok((merged.clone(), Change::Places, after));
    }
    let change = match (&old, &merged) {
        (None, _) => Change::Added,
        (Some(_), None) => Change::Replaced(Some("is for other monitors than the connected ones")),
        (Some(old), Some(_)) if edit::is_generated(before, old) => Change::Replaced(None),
        (Some(_), Some(_)) => Change::Replaced(Some("would lose its comments and its form")),
    };
    let profile = merged.unwrap_or(present);
    let origin = format!("{short} with profile `{}`", profile.name);
    let after = edit::with_profile(before, &profile, &origin);
    let after = after.map_err(|why| match why {
        NotAdded::Problems(problems) => Error::from(problems),
        NotAdded::Form => Error::CannotEdit {
            path: short.to_owned(),
            entry: edit::in_one_line(&profile),
            is_there: old.is_some(),
        },
    })?;
    Ok((profile, change, after))
}

/// Records the present arrangement for the connected monitors.
pub(super) fn remember(dry_run: bool, json: bool, context: &Context) -> Result<Exit, Error> {
    let mut session = places::session_with_monitors(context)?;
    let desktop = places::observe_places(&mut session)?;
    let monitors = fitting::names(&desktop.outputs);
    if !dry_run {
        places::record_desktop(context, &desktop, None)?;
    }
    let workspaces = Count(desktop.workspaces().count(), "workspace").to_string();
    if json {
        let arrangement = Arrangement::of(&desktop);
        context.ui.json(&json!({
            "monitors": arrangement.monitors,
            "workspaces": arrangement.workspaces,
            "focus": arrangement.focus,
        }))?;
    }
    let verb = if dry_run { "would record" } else { "recorded" };
    context
        .ui
        .say(&format!("{verb} the places of {workspaces} on {monitors}"));
    Ok(Exit::Done)
}

/// Names the backup of the configuration.
fn say_backup(written: &Written, context: &Context) {
    if let Written::Replaced { backup, .. } = written {
        let backup = context.short(backup);
        let note = format!("the previous version was saved to {backup}");
        context.ui.note(&note);
    }
}
