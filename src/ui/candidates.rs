//! The commands that could reopen a window, as text and JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Paint;
use super::words::{clean, hide};
use crate::discover::{Candidate, Discovered, Discovery};
use crate::live::Con;

/// A window with its candidates.
#[derive(Debug)]
pub struct Explained<'a> {
    /// i3's container.
    pub con: &'a Con,
    /// The place of the rule that excludes the window from layouts.
    pub excluded_by: Option<String>,
    /// The candidates.
    pub discovery: Discovery,
}

/// A paragraph for each window; with its title if there are `several`, and with all
/// candidates if `all` is set.
pub fn text(explained: &[Explained], several: bool, all: bool, paint: Paint) -> String {
    let paragraphs = explained.iter().map(|one| {
        let mut text = String::new();
        if several {
            text.push_str(&paint.bold(&clean(&name(one.con))));
            text.push('\n');
        }
        text.push_str(&command_used(one));
        if all {
            for candidate in &one.discovery.candidates {
                text.push_str(&row(candidate, paint));
            }
        }
        text
    });
    paragraphs.collect::<Vec<_>>().join("\n")
}

/// The command with its details.
fn command_used(explained: &Explained) -> String {
    let Explained {
        excluded_by,
        discovery,
        ..
    } = explained;
    let winner = discovery.winner();
    let found = winner.and_then(|winner| winner.found.as_ref());
    let mut text = match found {
        Some(found) => clean(&command(found).unwrap_or_default()) + "\n",
        None => format!("no command: {}\n", discovery.nothing),
    };
    let mut detail = |key: &str, value: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {key:<9}{}", clean(value));
    };
    if let Some(found) = found {
        detail("cwd:", directory(found));
        for (name, value) in &found.env {
            detail("env:", &format!("{name}={value}"));
        }
    }
    if let Some(winner) = winner {
        detail("source:", &format!("{}: {}", origin(winner), winner.why));
    }
    if let Some(found) = found {
        for doubt in &found.doubts {
            detail("warning:", &doubt.to_string());
        }
        for variable in &found.secrets {
            detail("secret:", &format!("set {variable} before running `apply`"));
        }
    }
    if let Some(rule) = excluded_by {
        detail(
            "warning:",
            &format!("the rule at {rule} excludes the window from layouts"),
        );
    }
    text
}

/// One candidate in the list of all.
fn row(candidate: &Candidate, paint: Paint) -> String {
    let found = candidate.found.as_ref();
    let command = found
        .and_then(command)
        .map_or_else(|| "-".to_owned(), |command| format!("`{command}`"));
    let state = if candidate.won { "used" } else { "not used" };
    format!(
        "  {}  {}  {}\n",
        origin(candidate),
        clean(&command),
        paint.faint(&clean(&format!("{state}: {}", candidate.why)))
    )
}

/// The same as JSON: a list with an object for each window.
pub fn to_json(explained: &[Explained]) -> Value {
    let windows = explained.iter().map(|one| {
        let discovery = &one.discovery;
        let winner = discovery.winner();
        let found = winner.and_then(|winner| winner.found.as_ref());
        let properties = one.con.properties.clone().unwrap_or_default();
        let why = winner.map_or_else(
            || discovery.nothing.to_string(),
            |winner| winner.why.clone(),
        );
        let doubts = found.iter().flat_map(|found| &found.doubts);
        json!({
            "window": one.con.window.map(|window| window.0),
            "con_id": one.con.id.0,
            "title": properties.title.as_deref().map(hide),
            "class": properties.class,
            "command": found.and_then(command),
            "cwd": found.map(directory),
            "env": found.map(|found| &found.env),
            "source": winner.map(|winner| winner.source.as_str()),
            "why": why,
            "left_out_by": one.excluded_by,
            "doubts": doubts.map(ToString::to_string).collect::<Vec<_>>(),
            "secrets": found.map_or(&[][..], |found| &found.secrets),
            "candidates": discovery.candidates.iter().map(candidate).collect::<Value>(),
        })
    });
    windows.collect()
}

fn candidate(candidate: &Candidate) -> Value {
    let found = candidate.found.as_ref();
    json!({
        "source": candidate.source.as_str(),
        "name": candidate.name,
        "command": found.and_then(command),
        "cwd": found.map(directory),
        "won": candidate.won,
        "why": candidate.why,
    })
}

fn origin(candidate: &Candidate) -> String {
    let source = candidate.source.as_str();
    match &candidate.name {
        Some(name) => format!("{source} {}", clean(name)),
        None => source.to_owned(),
    }
}

/// The working directory; by default, programs start in the home directory.
fn directory(found: &Discovered) -> &str {
    found.cwd.as_deref().unwrap_or("~")
}

fn command(found: &Discovered) -> Option<String> {
    Some(found.command.as_ref()?.line())
}

fn name(con: &Con) -> String {
    let properties = con.properties.clone().unwrap_or_default();
    let title = properties.title.as_deref().map(hide);
    let class = properties.class.or(properties.instance).unwrap_or_default();
    let id = con.window.map_or(0, |window| window.0);
    format!("{}  ({class}, {id:#x})", title.unwrap_or_default())
}
