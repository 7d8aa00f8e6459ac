//! `diagnose`: collect everything that a bug report needs, without secrets.

mod files;
mod values;

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::context::{Context, need_folder, observe};
use super::doctor;
use super::exit::Exit;
use super::history::{Selected, find, summaries};
use super::version;
use crate::doctor::machine;
use crate::error::Error;
use crate::journal::items::items;
use crate::journal::{Run, Summary};
use crate::live::Desktop;
use crate::ui::diagnose::{Contents, summary};
use crate::ui::diagnostic;
use crate::ui::history as runs;
use crate::ui::private::{Names, learn_variable};
use files::Files;
use values::learn_values;

/// The environment variables whose values help and are no secrets.
const HARMLESS: [&str; 17] = [
    "DESKTOP_SESSION",
    "DISPLAY",
    "I3SOCK",
    "LANG",
    "LC_ALL",
    "NO_COLOR",
    "PATH",
    "SHELL",
    "SWAYSOCK",
    "TERM",
    "WAYLAND_DISPLAY",
    "XDG_CONFIG_HOME",
    "XDG_CURRENT_DESKTOP",
    "XDG_DATA_DIRS",
    "XDG_RUNTIME_DIR",
    "XDG_SESSION_TYPE",
    "XDG_STATE_HOME",
];

/// The number of runs in the list.
const RUNS: usize = 20;

/// The number of runs with all that they have done.
const DETAILED_RUNS: usize = 3;

/// Collect everything that a bug report needs, without secrets
///
/// Prints one JSON document with the versions, the names of environment variables, the desktop, the
/// configuration, all layouts, the last runs and the results of `doctor`. Its first part lists the
/// contents. Secrets are masked, titles of windows, serial numbers of monitors and the name of the
/// machine are replaced by numbers, and the home directory is `~`. Also works without i3.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout diagnose -o report.json      Then read it, and attach it to the bug report\n  \
        i3pm-layout diagnose | jq .summary")]
pub(super) struct Args {
    /// Write to this file, which only you can read; `-` writes to standard output
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    file: Option<PathBuf>,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let file = args.file.as_deref().filter(|file| *file != Path::new("-"));
    file.map_or(Ok(()), need_folder)?;
    let report = report(context);
    match file {
        Some(file) => {
            let text = format!("{report:#}\n");
            context.store.export_private(file, text.as_bytes())?;
            context.ui.say(&format!(
                "wrote {}: read it, then attach it to the bug report",
                context.short(file)
            ));
        }
        None => context.ui.json(&report)?,
    }
    Ok(Exit::Done)
}

/// Everything, without secrets.
fn report(context: &Context) -> Value {
    for (name, value) in context.environment() {
        learn_variable(&name.to_string_lossy(), &value.to_string_lossy());
    }
    let mut names = Names::default();
    let mut files = Files::default();
    files.read_configuration(context, &mut names);
    // Reads the configuration, whose patterns also apply to everything below.
    let findings = doctor::findings(context);
    let desktop = context.session().and_then(|mut session| {
        for (name, value) in context.i3_environment(&session) {
            learn_variable(&name.to_string_lossy(), &value.to_string_lossy());
        }
        let desktop = observe(&mut session)?;
        let rules = session.wm().window_config().map(|config| config.rules);
        Ok((desktop, rules.unwrap_or_default()))
    });
    let (desktop, window_rules, problem) = match desktop {
        Ok((desktop, rules)) => (Some(desktop), rules, None),
        Err(error) => (None, Vec::new(), Some(diagnostic::to_line(&error))),
    };
    files.read_layouts(context, &mut names);
    learn_values(context, desktop.as_ref());
    let (listed, detailed) = last_runs(context, &mut names);
    let contents = Contents {
        i3: desktop.as_ref().map(|desktop| desktop.version.to_string()),
        windows: desktop.as_ref().map(|desktop| desktop.windows.len()),
        configurations: files.configuration.len(),
        layouts: files.layouts.len(),
        runs: listed.len(),
        findings: &findings,
    };
    let desktop = desktop.map(|desktop| serde_json::to_value(desktop).unwrap_or_default());
    let mut parts = json!({
        "versions": versions(context),
        "environment": environment(context),
        "doctor": crate::ui::doctor::to_json(&findings),
        "desktop": desktop,
        "desktop_problem": problem,
        "window_rules": window_rules,
        "configuration": files.configuration,
        "layouts": files.layouts,
        "runs": listed,
        "last_runs": detailed,
    });
    files.remove_quotes(&mut parts);
    names.learn(&parts);
    names.filter(&context.home).clean(&mut parts);
    let mut report = Map::new();
    report.insert("summary".to_owned(), json!(summary(&contents)));
    if let Value::Object(parts) = parts {
        report.extend(parts);
    }
    Value::Object(report)
}

fn versions(context: &Context) -> Value {
    json!({
        "i3pm-layout": version::to_json(),
        "kernel": machine::kernel(),
        "distribution": machine::distribution(),
        "paths": version::paths_json(context),
    })
}

fn environment(context: &Context) -> Value {
    let names = context.environment().keys();
    let names: Vec<_> = names.map(|name| name.to_string_lossy()).collect();
    let values = HARMLESS.iter().filter_map(|name| {
        let value = context.variable(name)?.to_string_lossy().into_owned();
        Some(((*name).to_owned(), Value::String(value)))
    });
    let values: Map<String, Value> = values.collect();
    json!({ "names": names, "values": values })
}

/// The last runs, and what the latest of them have done.
fn last_runs(context: &Context, names: &mut Names) -> (Vec<Value>, Vec<Value>) {
    let mut all = summaries(context, &Selected::default());
    all.reverse();
    all.truncate(RUNS);
    let ending = |run: &Summary| super::history::ending(run);
    let detailed = all.iter().take(DETAILED_RUNS).filter_map(|summary| {
        let run = find(context, summary.id.as_str()).ok()?;
        let before: Option<Desktop> = run.first_desktop();
        if let Ok(before) = serde_json::to_value(before) {
            names.learn(&before);
        }
        Some(details(&run, ending(summary)))
    });
    let detailed = detailed.collect();
    let listed = all.into_iter().map(|run| {
        let ending = ending(&run);
        (run, ending)
    });
    let listed: Vec<_> = listed.collect();
    let listed = match runs::list_json(&listed) {
        Value::Array(list) => list,
        _ => Vec::new(),
    };
    (listed, detailed)
}

/// A run with its steps, without their data, which has the desktop again and again.
fn details(run: &Run, ending: runs::Result) -> Value {
    let mut value = runs::show_json(run, ending);
    value["events"] = items(run).iter().map(runs::event_json).collect();
    value
}
