//! The configuration as text and JSON, with the place of each setting.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::Paint;
use super::lines::section;
use super::words::{clean, hide_in, visible};
use crate::config::{Config, Layer, Origin, Rule, Sourced};
use crate::document::encode;

/// The configuration in sections, one setting per line.
pub fn config(config: &Config, short: &dyn Fn(&Path) -> String, paint: Paint) -> String {
    let row = |what: String, origin: &str| {
        let origin = paint.faint(&format!("({})", clean(origin)));
        format!("{what}  {origin}")
    };
    let files = config.files.iter().map(|(path, exists)| {
        let state = if *exists { "read" } else { "not found" };
        row(clean(&short(path)), state)
    });
    let rules = config.rules.all().iter().map(|rule| {
        let what = format!("{}: {}", clean(&criteria(rule)), settings(rule));
        row(what, &rule.origin.to_string())
    });
    let projects = config.projects.iter().map(|(name, project)| {
        let what = format!("{name}: {}", project.value.directory);
        row(clean(&what), &project.origin.to_string())
    });
    let added = config
        .foreground_programs
        .add
        .iter()
        .map(|program| ("+", program));
    let removed = config
        .foreground_programs
        .remove
        .iter()
        .map(|program| ("-", program));
    let programs = added.chain(removed).map(|(sign, program)| {
        let what = format!("{sign}{}", program.value);
        row(clean(&what), &program.origin.to_string())
    });
    let profiles = config.profiles.iter().map(|profile| {
        let what = super::profiles::summary(&profile.value);
        row(clean(&what), &profile.origin.to_string())
    });
    // A pattern can match itself. It is not masked: the user can read the file anyway.
    let patterns = config
        .secret_patterns
        .iter()
        .map(|pattern| row(visible(pattern.value.as_str()), &pattern.origin.to_string()));
    let history = config.history.iter().map(|history| {
        let what = format!(
            "{} days, {} runs",
            history.value.days(),
            history.value.runs()
        );
        row(what, &history.origin.to_string())
    });
    let titles = config.seen.iter().filter_map(|seen| {
        let titles = if seen.value.titles? {
            "saved"
        } else {
            "not saved"
        };
        Some(row(
            format!("titles are {titles}"),
            &seen.origin.to_string(),
        ))
    });
    let notify = config.notify.iter().map(|notify| {
        let shown = if notify.value { "shown" } else { "not shown" };
        row(
            format!("notifications are {shown}"),
            &notify.origin.to_string(),
        )
    });
    let policy = &config.policy;
    let enforced = policy.enforced_by.iter();
    let enforced = enforced.map(|origin| row("enforce".to_owned(), &origin.to_string()));
    let forbidden = policy.forbid.iter().map(|pattern| {
        let what = format!("forbid {}", visible(pattern.value.as_str()));
        row(what, &pattern.origin.to_string())
    });
    let trust = policy.forbid_trust.iter();
    let trust = trust.map(|origin| row("forbid_trust".to_owned(), &origin.to_string()));
    let ignored = policy.ignored.iter().map(|origin| {
        let what = "enforce (ignored: not only root can change the file)";
        row(what.to_owned(), &origin.to_string())
    });
    let enforced = enforced.chain(forbidden).chain(trust).chain(ignored);
    [
        section("enforced by the system", enforced, paint),
        section("files, highest priority first", files, paint),
        section("rules, highest priority first", rules, paint),
        section("projects", projects, paint),
        section(
            "foreground programs, changes to the built-in list",
            programs,
            paint,
        ),
        section("profiles", profiles, paint),
        section("additional secret patterns", patterns, paint),
        section("history", history, paint),
        section("other settings", titles.chain(notify), paint),
    ]
    .concat()
}

/// The configuration as JSON, with masked secrets but unchanged secret patterns.
pub fn to_json(config: &Config) -> Value {
    let programs = |list: &[Sourced<String>]| -> Value {
        list.iter()
            .map(|program| json!({ "name": program.value, "origin": origin(&program.origin) }))
            .collect()
    };
    let files = config.files.iter();
    let files =
        files.map(|(path, exists)| json!({ "path": path.to_string_lossy(), "read": exists }));
    let projects = config.projects.iter().map(|(name, project)| {
        let directory = &project.value.directory;
        let value = json!({ "directory": directory, "origin": origin(&project.origin) });
        (name.clone(), value)
    });
    let profiles = config.profiles.iter().map(|profile| {
        let mut map = encode::object(&profile.value);
        map.insert("origin".to_owned(), origin(&profile.origin));
        Value::Object(map)
    });
    let mut value = json!({
        "files": files.collect::<Value>(),
        "rules": config.rules.all().iter().map(rule).collect::<Value>(),
        "projects": projects.collect::<Map<_, _>>(),
        "foreground_programs": {
            "add": programs(&config.foreground_programs.add),
            "remove": programs(&config.foreground_programs.remove),
        },
        "profiles": profiles.collect::<Value>(),
    });
    if let Some(history) = &config.history {
        value["history"] = json!({
            "days": history.value.days(),
            "runs": history.value.runs(),
            "origin": origin(&history.origin),
        });
    }
    if let Some(seen) = &config.seen {
        value["seen"] = json!({ "titles": seen.value.titles, "origin": origin(&seen.origin) });
    }
    if let Some(notify) = &config.notify {
        value["notify"] = json!({ "value": notify.value, "origin": origin(&notify.origin) });
    }
    let policy = &config.policy;
    value["policy"] = json!({
        "enforced_by": policy.enforced_by.iter().map(origin).collect::<Value>(),
        "forbid": policy.forbid.iter().map(|pattern| {
            json!({ "pattern": pattern.value.as_str(), "origin": origin(&pattern.origin) })
        }).collect::<Value>(),
        "forbid_trust": policy.forbid_trust.as_ref().map(origin),
        "ignored": policy.ignored.iter().map(origin).collect::<Value>(),
    });
    hide_in(&mut value);
    let patterns = config.secret_patterns.iter();
    value["secret_patterns"] = patterns
        .map(|pattern| json!({ "pattern": pattern.value.as_str(), "origin": origin(&pattern.origin) }))
        .collect();
    value
}

/// A rule as JSON: its keys as in the file, and its place.
pub(super) fn rule(rule: &Rule) -> Value {
    let mut map = encode::object(rule);
    map.insert("origin".to_owned(), origin(&rule.origin));
    Value::Object(map)
}

fn origin(origin: &Origin) -> Value {
    json!({ "layer": origin.layer.as_str(), "file": origin.file, "line": origin.line })
}

/// The criteria of a rule: `class=^A$ title=x`.
pub(super) fn criteria(rule: &Rule) -> String {
    let criteria = rule.criteria.criteria();
    let criteria = criteria.map(|(name, pattern)| format!("{name}={pattern}"));
    criteria.collect::<Vec<_>>().join(" ")
}

/// The settings of a rule: `command xterm; cwd ~`. Each is masked separately, because the
/// name of one setting does not describe the value of the next.
pub(super) fn settings(rule: &Rule) -> String {
    let mut settings = Vec::new();
    for (key, value) in encode::object(rule) {
        match (key.as_str(), value) {
            ("criteria", _) => {}
            ("enforce", _) if rule.origin.layer != Layer::System => {
                settings.push("enforce (ignored: not a system file)".to_owned());
            }
            (_, Value::Bool(true)) => settings.push(key),
            (_, Value::Object(entries)) => {
                let entries = entries.iter();
                settings
                    .extend(entries.map(|(name, value)| format!("{key} {name}={}", word(value))));
            }
            (_, Value::Array(words)) => {
                let words: Vec<String> = words.iter().map(word).collect();
                settings.push(format!("{key} {}", shell_words::join(words)));
            }
            (_, value) => settings.push(format!("{key} {}", word(&value))),
        }
    }
    let settings: Vec<String> = settings.iter().map(|setting| clean(setting)).collect();
    settings.join("; ")
}

/// A value without the quotes of JSON.
fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
