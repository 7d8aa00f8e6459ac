//! Edge: the values that complete an argument. Nothing is reported: a shell has no place for it.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use clap_complete::PathCompleter;
use clap_complete::engine::{CompletionCandidate, ValueCompleter as _};

use super::wanted::{Candidate, Kind};
use crate::cli::context::{Context, Loaded};
use crate::cli::places::start_times;
use crate::cli::{examples, help, history, session};
use crate::compile::Plan;
use crate::journal::Summary;
use crate::journal::file::now;
use crate::journal::items::{Item, items};
use crate::live::{Desktop, SessionEnv};
use crate::session::Session;
use crate::store::{Listed, Target};
use crate::ui::history::since;
use crate::ui::words::{Count, hide};

/// The time that i3 may take to answer.
const LIMIT: Duration = Duration::from_secs(1);

/// The number of runs that are offered, and that say which layouts were used last.
const LAST: usize = 25;

/// The values of a kind, after these words. `partial` is the part of the value that is typed.
pub(super) fn values(
    context: &Context,
    kind: Kind,
    words: &[String],
    partial: &str,
) -> Vec<Candidate> {
    // The values of secrets are masked in everything that is printed.
    context.hide_own_secrets();
    match kind {
        Kind::Layouts => layouts(context, partial),
        Kind::Examples => {
            let mut found = layouts(context, partial);
            let examples = examples::all();
            found.extend(examples.map(|one| Candidate::new(one.name, one.description())));
            found
        }
        Kind::VersionedLayouts => versioned(context),
        Kind::Names => names(context),
        Kind::OpenWorkspaces => {
            let focused = Candidate::new("focused", "The focused workspace");
            let is_capture = words.iter().any(|word| word == "capture" || word == "save");
            let mut found = open_workspaces(context);
            found.extend(is_capture.then_some(focused));
            found
        }
        Kind::Workspaces => match plan(context, words) {
            Some(plan) => workspaces(&plan),
            None => open_workspaces(context),
        },
        Kind::Outputs => outputs(context),
        Kind::Slots => plan(context, words).map_or_else(Vec::new, |plan| slots(&plan)),
        Kind::Profiles => profiles(context),
        Kind::Projects => projects(context),
        Kind::Runs => runs(context),
        Kind::Versions => versions(context, words),
        Kind::Variables => variables(context, words),
        Kind::LayoutsOrVariables => {
            let mut found = variables(context, words);
            found.retain(|one| one.value.starts_with(partial));
            found.extend(layouts(context, partial));
            found
        }
        Kind::Sessions => sessions(context),
        Kind::Topics => help::topics()
            .map(|(name, about)| Candidate::new(name, about))
            .collect(),
        Kind::EventTypes => of_run(context, words, |item| Some(item.kind)),
        Kind::SlotsOfRun => of_run(context, words, |item| item.slot),
        Kind::Windows => windows(context),
        Kind::LayoutFiles => layout_files(partial),
        Kind::Files => paths(partial, &|_| true),
        Kind::Directories => {
            let mut found = paths(partial, &|_| true);
            found.retain(|one| one.value.ends_with('/'));
            found
        }
    }
}

/// Layouts of the store, those used last first. Files if none fits, or if a path is typed.
fn layouts(context: &Context, partial: &str) -> Vec<Candidate> {
    let is_path = partial.starts_with(['/', '.', '~']);
    let mut found = if is_path { Vec::new() } else { names(context) };
    found.retain(|one| one.value.starts_with(partial));
    if found.is_empty() && !partial.is_empty() {
        found = paths(partial, &is_layout);
    }
    found
}

fn is_layout(path: &Path) -> bool {
    let extension = path.extension().and_then(OsStr::to_str);
    matches!(extension, Some("yaml" | "yml" | "json"))
}

/// The names of the layouts in the store, those used last first.
fn names(context: &Context) -> Vec<Candidate> {
    let listed = context.store.list().unwrap_or_default();
    let mut names: Vec<String> = listed.iter().map(Listed::full_name).collect();
    if names.len() > 1 {
        let used: Vec<String> = last_runs(context)
            .filter_map(|run| run.end?.1.layout)
            .collect();
        names.sort_by_cached_key(|name| {
            let place = used.iter().position(|one| one == name);
            (place.unwrap_or(usize::MAX), name.clone())
        });
    }
    public(names)
}

/// The last runs, the newest first.
fn last_runs(context: &Context) -> impl Iterator<Item = Summary> {
    let folder = context.runs();
    let ids = folder.runs().into_iter().rev().take(LAST);
    ids.filter_map(move |id| {
        let (first, last) = folder.ends(&id).ok()?;
        Summary::parse(id, &first, &last)
    })
}

/// All layouts with earlier versions.
fn versioned(context: &Context) -> Vec<Candidate> {
    let store = context.store.layouts();
    let files = context.store.versioned().into_iter();
    let files = files.map(|file| {
        let name = file.path.strip_prefix(store).ok();
        let name = name.map(|name| name.with_extension("").display().to_string());
        let state = if file.exists { "" } else { ", deleted" };
        Candidate::new(
            name.unwrap_or_else(|| context.short(&file.path)),
            format!("{}{state}", Count(file.versions, "version")),
        )
    });
    without_secrets(files)
}

/// The connection to i3, which must answer at once.
fn connect(context: &Context) -> Option<Session> {
    let env = SessionEnv {
        limit: LIMIT,
        ..context.session_env()
    };
    Session::open(&env).ok()
}

fn open_workspaces(context: &Context) -> Vec<Candidate> {
    let session = connect(context);
    let workspaces = session.and_then(|mut session| session.workspaces().ok());
    let workspaces = workspaces.unwrap_or_default().into_iter();
    without_secrets(workspaces.map(|one| Candidate::new(one.name, format!("On {}", one.output))))
}

fn outputs(context: &Context) -> Vec<Candidate> {
    let session = connect(context);
    let outputs = session.and_then(|mut session| session.wm().outputs().ok());
    let outputs = outputs.unwrap_or_default().into_iter();
    without_secrets(outputs.map(|one| Candidate::new(one.name, one.rect.to_string())))
}

/// The layout that the words name, compiled without a desktop.
fn plan(context: &Context, words: &[String]) -> Option<Plan> {
    Some(context.plan(&loaded(context, words)?, &[], &[], &[]))
}

/// The layout that the words name.
fn loaded(context: &Context, words: &[String]) -> Option<Loaded> {
    named(context, words, &typed_layouts(words).into_iter().next()?)
}

/// The layout with this name, after these words.
fn named(context: &Context, words: &[String], name: &str) -> Option<Loaded> {
    // Nobody waits for standard input.
    let target = context.store.target(name).ok()?;
    let target = Some(target).filter(|target| *target != Target::Stdio)?;
    let loaded = context.load_target(&target).ok();
    let is_try = words.iter().any(|word| word == "try");
    let example = || examples::find(name).filter(|_| is_try)?.load().ok();
    loaded.or_else(example)
}

/// The variables of the layouts that the words name, except those that the words set.
fn variables(context: &Context, words: &[String]) -> Vec<Candidate> {
    let layouts = typed_layouts(words).into_iter();
    let layouts = layouts.filter_map(|name| Some(named(context, words, &name)?.layout));
    let all = layouts.flat_map(|layout| {
        let names = layout.variables().into_iter();
        let candidates = names.map(|name| {
            let default = layout.vars.get(&name);
            let help =
                default.map_or_else(|| "Needs a value".to_owned(), |one| format!("Now {one}"));
            Candidate::new(format!("{name}="), help)
        });
        candidates.collect::<Vec<_>>()
    });
    // Two layouts can have a variable of the same name.
    let mut known = BTreeSet::new();
    let new = all.filter(|one| known.insert(one.value.clone()));
    let is_set = |one: &Candidate| words.iter().any(|word| word.starts_with(&one.value));
    without_secrets(new.filter(|one| !is_set(one)))
}

/// The saved sessions.
fn sessions(context: &Context) -> Vec<Candidate> {
    let sessions = session::names(context).into_iter();
    let sessions = sessions.map(|(name, about)| Candidate::new(name, about));
    let mut found = without_secrets(sessions);
    if !found.is_empty() {
        found.insert(0, Candidate::new("last", "The latest session"));
    }
    found
}

/// The different values of the events of the recorded run that the words name.
fn of_run(
    context: &Context,
    words: &[String],
    value: impl Fn(Item) -> Option<String>,
) -> Vec<Candidate> {
    let run = typed_run(words).and_then(|name| history::find(context, &name).ok());
    let items = run.as_ref().map(items).unwrap_or_default();
    let values: BTreeSet<String> = items.into_iter().filter_map(value).collect();
    public(values)
}

/// The recorded run on the command line.
fn typed_run(words: &[String]) -> Option<String> {
    let command = super::super::command().ignore_errors(true);
    let matches = command.try_get_matches_from(words).ok()?;
    let (_, matches) = matches.subcommand()?;
    let (_, matches) = matches.subcommand()?;
    let name = matches.try_get_one::<String>("run").ok()??;
    Some(name.clone())
}

/// The open windows by their X11 ids, with their titles.
fn windows(context: &Context) -> Vec<Candidate> {
    let desktop = connect(context).and_then(|mut session| session.observe(&start_times()).ok());
    let windows = desktop.iter().flat_map(Desktop::windows_of_programs);
    let windows =
        windows.filter_map(|con| Some(Candidate::new(con.window?.0.to_string(), con.name())));
    without_secrets(windows)
}

/// Files with the extension of a layout and directories. The layout of a project is hidden.
fn layout_files(partial: &str) -> Vec<Candidate> {
    let found = PathCompleter::any()
        .filter(is_layout)
        .complete(OsStr::new(partial));
    let is_wanted =
        |one: &&CompletionCandidate| !one.is_hide_set() || is_layout(Path::new(one.get_value()));
    let found = found.iter().filter(is_wanted);
    let found = found.filter_map(|one| one.get_value().to_str());
    public(found.filter(|one| *one != "."))
}

/// The layouts that the words name: for `diff`, there can be two.
fn typed_layouts(words: &[String]) -> Vec<String> {
    let command = super::super::command().ignore_errors(true);
    let Ok(matches) = command.try_get_matches_from(words) else {
        return Vec::new();
    };
    let of_command = matches.subcommand().map(|(_, matches)| matches);
    let texts = |id: &str| {
        let texts = of_command.and_then(|matches| matches.try_get_many::<String>(id).ok()?);
        texts.into_iter().flatten().cloned()
    };
    let others = texts("rest").filter(|word| !word.contains('='));
    texts("name").take(1).chain(others).collect()
}

fn workspaces(plan: &Plan) -> Vec<Candidate> {
    public(plan.workspaces.iter().map(|one| one.written.clone()))
}

fn slots(plan: &Plan) -> Vec<Candidate> {
    let slots = plan.slots().map(|(_, slot)| {
        let place = slot.workspace.as_ref();
        let place = place.map_or_else(|| "In the scratchpad".to_owned(), |one| format!("On {one}"));
        Candidate::new(&slot.id, place)
    });
    without_secrets(slots)
}

fn profiles(context: &Context) -> Vec<Candidate> {
    let config = context.config();
    let profiles = config.map_or_else(|_| Vec::new(), |config| config.profiles);
    public(profiles.into_iter().map(|one| one.value.name))
}

fn projects(context: &Context) -> Vec<Candidate> {
    let config = context.config().map(|config| config.projects);
    let configured = config.unwrap_or_default().into_keys();
    let listed = context.store.list().unwrap_or_default().into_iter();
    let names = configured.chain(listed.filter_map(|one| one.project));
    public(names.collect::<BTreeSet<String>>())
}

fn runs(context: &Context) -> Vec<Candidate> {
    let runs = last_runs(context).map(|run| {
        let end = run.end.as_ref();
        let layout = end.and_then(|(_, ended)| ended.layout.as_deref());
        let help = [run.start.command.as_str(), layout.unwrap_or_default()].join(" ");
        Candidate::new(run.id.to_string(), help.trim())
    });
    let mut runs = without_secrets(runs);
    if !runs.is_empty() {
        runs.insert(0, Candidate::new("last", "The latest run"));
    }
    runs
}

fn versions(context: &Context, words: &[String]) -> Vec<Candidate> {
    let path = typed_layouts(words)
        .into_iter()
        .next()
        .and_then(|name| context.store.target(&name).ok())
        .and_then(|target| context.store.find_versioned(&target).ok());
    let versions = path.and_then(|path| context.store.versions(&path).ok());
    let versions = versions.unwrap_or_default();
    let numbers = versions.iter().map(|version| {
        let replaced = since(now(), version.replaced);
        Candidate::new(version.number.to_string(), format!("Replaced {replaced}"))
    });
    let mut found: Vec<Candidate> = numbers.collect();
    if !found.is_empty() {
        found.insert(0, Candidate::new("last", "The newest version"));
    }
    found
}

fn paths(
    partial: &str,
    is_wanted: &'static (dyn Fn(&Path) -> bool + Send + Sync),
) -> Vec<Candidate> {
    let completer = PathCompleter::any().filter(is_wanted);
    let mut found = completer.complete(OsStr::new(partial));
    if found.iter().any(|one| !one.is_hide_set()) {
        found.retain(|one| !one.is_hide_set());
    }
    let found = found.iter().filter_map(|one| one.get_value().to_str());
    public(found.filter(|one| *one != "."))
}

/// Names without a description, without secrets.
fn public<T: Into<String>>(names: impl IntoIterator<Item = T>) -> Vec<Candidate> {
    without_secrets(names.into_iter().map(|name| Candidate::new(name, "")))
}

/// A masked value completes nothing, so values with a secret are left out.
fn without_secrets(found: impl IntoIterator<Item = Candidate>) -> Vec<Candidate> {
    let found = found
        .into_iter()
        .filter(|one| hide(&one.value) == one.value);
    let found = found.map(|one| Candidate {
        help: hide(&one.help),
        ..one
    });
    found.collect()
}
