//! The configuration that counts, with the place of each part.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::Paint;
use super::words::{clean, hide_in, visible};
use crate::config::{Config, Criterion, Layer, Origin, Rule, Sourced};

/// All of it, a line for each part.
pub fn config(config: &Config, short: &dyn Fn(&Path) -> String, paint: Paint) -> String {
    let mut text = String::new();
    let mut section = |title: &str, lines: Vec<(String, String)>| {
        if lines.is_empty() {
            return;
        }
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", paint.bold(title));
        for (what, origin) in lines {
            let origin = paint.faint(&format!("({})", clean(&origin)));
            let _ = writeln!(text, "  {what}  {origin}");
        }
    };
    let there = |there: bool| if there { "read" } else { "not there" }.to_owned();
    let files = config.files.iter();
    section(
        "files, the most important first",
        files
            .map(|(path, is)| (clean(&short(path)), there(*is)))
            .collect(),
    );
    let rules = config.rules.all().iter();
    section(
        "rules, in the order in which they count",
        rules
            .map(|rule| {
                let what = format!("{}: {}", clean(&criteria(rule)), said(rule));
                (what, rule.origin.to_string())
            })
            .collect(),
    );
    let projects = config.projects.iter();
    section(
        "projects",
        projects
            .map(|(name, project)| {
                let what = format!("{name}: {}", project.value.directory);
                (clean(&what), project.origin.to_string())
            })
            .collect(),
    );
    let programs = |list: &[Sourced<String>], sign: &str| -> Vec<(String, String)> {
        list.iter()
            .map(|program| {
                let what = format!("{sign}{}", program.value);
                (clean(&what), program.origin.to_string())
            })
            .collect()
    };
    let mut foreground = programs(&config.foreground_programs.add, "+");
    foreground.extend(programs(&config.foreground_programs.remove, "-"));
    section("foreground programs, besides the built-in list", foreground);
    // A pattern may find itself. It is no secret: whoever asks can read the file.
    let patterns = config.secret_patterns.iter();
    section(
        "secret patterns, besides the built-in ones",
        patterns
            .map(|pattern| (visible(pattern.value.as_str()), pattern.origin.to_string()))
            .collect(),
    );
    text
}

/// The same as JSON, without secrets; the patterns are as they are written.
pub fn to_json(config: &Config) -> Value {
    let programs = |list: &[Sourced<String>]| -> Vec<Value> {
        list.iter()
            .map(|program| json!({ "name": program.value, "origin": origin(&program.origin) }))
            .collect()
    };
    let projects: Map<String, Value> = config
        .projects
        .iter()
        .map(|(name, project)| {
            let value = json!({
                "directory": project.value.directory,
                "origin": origin(&project.origin),
            });
            (name.clone(), value)
        })
        .collect();
    let mut value = json!({
        "files": config
            .files
            .iter()
            .map(|(path, there)| json!({ "path": path, "read": there }))
            .collect::<Vec<_>>(),
        "rules": config.rules.all().iter().map(rule).collect::<Vec<_>>(),
        "projects": projects,
        "foreground_programs": {
            "add": programs(&config.foreground_programs.add),
            "remove": programs(&config.foreground_programs.remove),
        },
    });
    hide_in(&mut value);
    value["secret_patterns"] = config
        .secret_patterns
        .iter()
        .map(|pattern| {
            json!({
                "pattern": pattern.value.as_str(),
                "origin": origin(&pattern.origin),
            })
        })
        .collect();
    value
}

/// A rule as JSON: its keys as in the file, and where it is said.
pub(super) fn rule(rule: &Rule) -> Value {
    let criteria: Map<String, Value> = rule
        .criteria
        .criteria()
        .map(|(name, pattern)| (name.to_owned(), json!(pattern)))
        .collect();
    let mut map = Map::new();
    map.insert("criteria".to_owned(), Value::Object(criteria));
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            map.insert(key.to_owned(), value);
        }
    };
    put(
        "command",
        rule.command.as_ref().map(|words| {
            let words: Vec<String> = words.iter().map(ToString::to_string).collect();
            json!(words)
        }),
    );
    put("cwd", rule.cwd.as_ref().map(|cwd| json!(cwd.to_string())));
    if !rule.env.is_empty() {
        let env: Map<String, Value> = rule
            .env
            .iter()
            .map(|(name, value)| (name.clone(), json!(value.to_string())))
            .collect();
        put("env", Some(Value::Object(env)));
    }
    put(
        "swallow",
        rule.swallow.as_ref().map(|list| json!(names(list))),
    );
    put("once_per_process", rule.once_per_process.map(Value::from));
    put("ignore", rule.ignore.then_some(json!(true)));
    put("timeout", rule.timeout.map(Value::from));
    put("scope", rule.scope.map(|scope| json!(scope.as_str())));
    put("enforce", rule.enforce.then_some(json!(true)));
    put("origin", Some(origin(&rule.origin)));
    Value::Object(map)
}

fn origin(origin: &Origin) -> Value {
    json!({ "layer": origin.layer.as_str(), "file": origin.file, "line": origin.line })
}

fn names(criteria: &[Criterion]) -> Vec<&'static str> {
    criteria
        .iter()
        .map(|criterion| criterion.as_str())
        .collect()
}

/// `class=^A$ title=x`
pub(super) fn criteria(rule: &Rule) -> String {
    let list: Vec<String> = rule
        .criteria
        .criteria()
        .map(|(name, pattern)| format!("{name}={pattern}"))
        .collect();
    list.join(" ")
}

/// What a rule says, as [`clean`] has it. Each part by itself: a title is no name of what
/// stands behind it.
pub(super) fn said(rule: &Rule) -> String {
    let said: Vec<String> = says(rule).iter().map(|said| clean(said)).collect();
    said.join("; ")
}

/// What a rule says, in short.
fn says(rule: &Rule) -> Vec<String> {
    let mut says = Vec::new();
    if rule.ignore {
        says.push("ignore".to_owned());
    }
    if let Some(words) = &rule.command {
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        says.push(format!("command {}", shell_words::join(words)));
    }
    if let Some(cwd) = &rule.cwd {
        says.push(format!("cwd {cwd}"));
    }
    for (name, value) in &rule.env {
        says.push(format!("env {name}={value}"));
    }
    if let Some(list) = &rule.swallow {
        says.push(format!("swallow {}", names(list).join(", ")));
    }
    if let Some(once) = rule.once_per_process {
        says.push(format!("once_per_process {once}"));
    }
    if let Some(timeout) = rule.timeout {
        says.push(format!("timeout {timeout}"));
    }
    if let Some(scope) = rule.scope {
        says.push(format!("scope {}", scope.as_str()));
    }
    if rule.enforce {
        let holds = rule.origin.layer == Layer::System;
        let besides = if holds {
            ""
        } else {
            ", which holds in files of the system only"
        };
        says.push(format!("enforce{besides}"));
    }
    says
}
