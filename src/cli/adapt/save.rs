//! `adapt --save` and `adapt --remember`: keep the present places of workspaces.

use std::path::Path;

use serde_json::json;

use super::super::context::Context;
use super::super::exit::Exit;
use super::super::{fitting, places};
use crate::config::edit::{NotAdded, in_one_line, with_profile};
use crate::error::Error;
use crate::layout::Profile;
use crate::records::Arrangement;
use crate::store::{Target, Written};
use crate::ui::unified::{colored, unified};
use crate::ui::words::Count;

/// Saves the present arrangement as a profile of the user's configuration.
pub(super) fn profile(
    name: &str,
    (dry_run, json): (bool, bool),
    context: &Context,
) -> Result<Exit, Error> {
    let mut session = places::session_with_monitors(context)?;
    let desktop = places::observe_places(&mut session)?;
    let arrangement = Arrangement::of(&desktop);
    let profile = arrangement.profile(name);
    let saved = save(&profile, dry_run, context)?;
    if !dry_run {
        places::remember(context, &mut session, None)?;
    }
    if json {
        let (what, path, backup) = saved.written.parts();
        context.ui.json(&json!({
            "profile": crate::document::encode::object(&profile),
            "written": if dry_run { "unchanged" } else { what },
            "path": path.map(Path::to_string_lossy),
            "backup": backup.map(Path::to_string_lossy),
        }))?;
    } else if dry_run {
        context
            .ui
            .out(&colored(&saved.difference, context.ui.paint()))?;
    }
    saved.say(&profile, dry_run, context);
    Ok(Exit::Done)
}

/// A saved profile.
pub(super) struct Saved {
    written: Written,
    difference: String,
    path: String,
}

impl Saved {
    /// Says what was saved where.
    pub(super) fn say(&self, profile: &Profile, dry_run: bool, context: &Context) {
        let monitors = Count(profile.monitors.len(), "monitor");
        let workspaces = Count(profile.workspaces.len(), "workspace");
        let (name, path) = (&profile.name, &self.path);
        context.ui.say(&match &self.written {
            _ if dry_run => format!("would save profile `{name}` to {path}"),
            Written::Unchanged(_) => format!("profile `{name}` in {path} is up to date"),
            _ => format!("saved profile `{name}` to {path}: {monitors}, {workspaces}"),
        });
    }
}

/// Writes the profile to the user's configuration file. Its comments stay.
pub(super) fn save(profile: &Profile, dry_run: bool, context: &Context) -> Result<Saved, Error> {
    let at = crate::document::Path::default();
    let findings = crate::layout::profile::check(std::slice::from_ref(profile), &at, None);
    if !findings.is_empty() {
        let origin = format!("profile `{}`", profile.name);
        let problems = crate::document::without_text::<crate::config::Layered>(&origin, findings);
        return Err(Error::from(problems));
    }
    // A file with mistakes is reported, and is not edited.
    context.config()?;
    let path = context.user_config();
    let short = context.short(&path);
    let before = match context.store.read(&Target::File(path.clone())) {
        Ok(opened) => String::from_utf8_lossy(&opened.bytes).into_owned(),
        Err(error) if error.is_missing() => String::new(),
        Err(error) => return Err(error.into()),
    };
    let origin = format!("{short} with profile `{}`", profile.name);
    let after = with_profile(&before, profile, &origin).map_err(|why| match why {
        NotAdded::Problems(problems) => Error::from(problems),
        NotAdded::Form => Error::CannotEdit {
            path: path.clone(),
            entry: in_one_line(profile),
        },
    })?;
    let written = if dry_run {
        Written::Unchanged(path)
    } else {
        context.store.write(&path, &after)?
    };
    Ok(Saved {
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
