//! The commands that could open a window again.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Paint;
use super::words::clean;
use super::words::hide;
use crate::discover::{Candidate, Discovered, Discovery};
use crate::layout::Command;
use crate::live::Con;

/// A window, and what was thought of for it.
#[derive(Debug)]
pub struct Explained<'a> {
    /// i3's container.
    pub con: &'a Con,
    /// Where the rule is that leaves the window out of layouts.
    pub left_out_by: Option<String>,
    /// The candidates.
    pub discovery: Discovery,
}

/// A paragraph for each window, with its title where there are `several`; with all
/// candidates when they are asked for.
pub fn text(explained: &[Explained], several: bool, all: bool, paint: Paint) -> String {
    let mut text = String::new();
    for (index, explained) in explained.iter().enumerate() {
        let Explained {
            con,
            left_out_by,
            discovery,
        } = explained;
        if index > 0 {
            text.push('\n');
        }
        // Writing to a String cannot fail.
        if several {
            let _ = writeln!(text, "{}", paint.bold(&clean(&name(con))));
        }
        match discovery.winner() {
            Some(Candidate {
                found: Some(found), ..
            }) => {
                let _ = writeln!(text, "{}", clean(&command(found).unwrap_or_default()));
                row(&mut text, "in", found.cwd.as_deref().unwrap_or("~"));
                for (name, value) in &found.env {
                    row(&mut text, "with", &format!("{name}={value}"));
                }
            }
            _ => {
                let _ = writeln!(text, "no command: {}", discovery.nothing);
            }
        }
        if let Some(winner) = discovery.winner() {
            row(
                &mut text,
                "from",
                &format!("{}: {}", origin(winner), winner.why),
            );
            let found = winner.found.iter();
            for doubt in found.clone().flat_map(|found| &found.doubts) {
                row(&mut text, "but", &doubt.to_string());
            }
            for variable in found.flat_map(|found| &found.secrets) {
                row(
                    &mut text,
                    "wants",
                    &format!("{variable} in the environment, for a secret"),
                );
            }
        }
        if let Some(rule) = left_out_by {
            let what = format!("the rule at {rule} leaves the window out of layouts");
            row(&mut text, "but", &what);
        }
        if all {
            text.push_str(&candidates(discovery, paint));
        }
    }
    text
}

fn row(text: &mut String, key: &str, value: &str) {
    let _ = writeln!(text, "  {key:<6}{}", clean(value));
}

fn candidates(discovery: &Discovery, paint: Paint) -> String {
    let mut text = String::new();
    for candidate in &discovery.candidates {
        let fate = if candidate.won { "won" } else { "lost" };
        let line = candidate
            .found
            .as_ref()
            .and_then(command)
            .map_or_else(|| "-".to_owned(), |command| format!("`{command}`"));
        let fate = format!("{fate}: {}", candidate.why);
        let _ = writeln!(
            text,
            "  {}  {}  {}",
            origin(candidate),
            clean(&line),
            paint.faint(&clean(&fate))
        );
    }
    text
}

/// The same as JSON: a list with an object for each window.
pub fn to_json(explained: &[Explained]) -> Value {
    explained
        .iter()
        .map(|explained| {
            let Explained {
                con,
                left_out_by,
                discovery,
            } = explained;
            let winner = discovery.winner();
            let found = winner.and_then(|winner| winner.found.as_ref());
            let properties = con.properties.clone().unwrap_or_default();
            json!({
                "window": con.window.map(|window| window.0),
                "con_id": con.id.0,
                "title": properties.title.as_deref().map(hide),
                "class": properties.class,
                "command": found.and_then(command),
                "cwd": found.map(|found| found.cwd.as_deref().unwrap_or("~")),
                "env": found.map(|found| &found.env),
                "source": winner.map(|winner| winner.source.as_str()),
                "why": winner.map_or_else(
                    || discovery.nothing.to_string(),
                    |winner| winner.why.clone(),
                ),
                "left_out_by": left_out_by,
                "doubts": found.map_or_else(Vec::new, |found| texts(&found.doubts)),
                "secrets": found.map_or_else(Vec::new, |found| found.secrets.clone()),
                "candidates": discovery.candidates.iter().map(candidate).collect::<Vec<_>>(),
            })
        })
        .collect()
}

fn candidate(candidate: &Candidate) -> Value {
    let found = candidate.found.as_ref();
    json!({
        "source": candidate.source.as_str(),
        "name": candidate.name,
        "command": found.and_then(command),
        "cwd": found.map(|found| found.cwd.as_deref().unwrap_or("~")),
        "won": candidate.won,
        "why": candidate.why,
    })
}

fn texts<T: ToString>(list: &[T]) -> Vec<String> {
    list.iter().map(T::to_string).collect()
}

fn origin(candidate: &Candidate) -> String {
    let source = candidate.source.as_str();
    match &candidate.name {
        Some(name) => format!("{source} {}", clean(name)),
        None => source.to_owned(),
    }
}

fn command(found: &Discovered) -> Option<String> {
    Some(match found.command.as_ref()? {
        Command::Line(line) => line.clone(),
        Command::Args(arguments) => shell_words::join(arguments),
    })
}

fn name(con: &Con) -> String {
    let properties = con.properties.clone().unwrap_or_default();
    let title = properties.title.as_deref().map(hide);
    let class = properties.class.or(properties.instance).unwrap_or_default();
    let id = con.window.map_or(0, |window| window.0);
    format!("{}  ({class}, {id:#x})", title.unwrap_or_default())
}
