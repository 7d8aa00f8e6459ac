//! Checks of the lines of the i3 config that run this program.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use clap::ArgMatches;

use crate::cli::context::Context;
use crate::cli::{command, usage};
use crate::discover::search_path::{SearchPath, is_program};
use crate::doctor::calls::{Call, NAME, Named, calls, misspelt, named};
use crate::doctor::{Check, Finding, machine};
use crate::document::fault::nearest;
use crate::session::Session;
use crate::store::{StoreError, Target};

/// Checks the lines that run this program, and that i3 finds it.
pub(super) fn check(
    context: &Context,
    session: &Session,
    lines: &[&str],
    findings: &mut Vec<Finding>,
) {
    let calls = &calls(lines.iter().copied());
    let path = context.i3_environment(session).get(OsStr::new("PATH"));
    let path = SearchPath::new(path.map_or(OsStr::new(""), OsString::as_os_str));
    let own = Context::own_program().unwrap_or_else(|| NAME.into());
    let by_name = calls
        .iter()
        .filter(|call| call.named(&context.home) == Named::ByName);
    let by_name: Vec<String> = by_name.map(|call| call.line.clone()).collect();
    let mut right = calls.len();
    findings.push(match path.find(NAME) {
        Some(found) if machine::is_same(&found, &own) => Finding::OnPath(found),
        Some(found) => Finding::OtherOnPath {
            found,
            own: own.clone(),
        },
        // All lines have the full path.
        None if by_name.is_empty() && !calls.is_empty() => Finding::Fine(Check::Program),
        None => {
            right -= by_name.len();
            Finding::NotOnPath {
                own: own.clone(),
                needed: by_name,
                has_local: path.has(Path::new("/usr/local/bin")),
            }
        }
    });
    let wrong: Vec<Finding> = calls
        .iter()
        .filter_map(|call| fault(context, call, &own))
        .collect();
    let right = right.saturating_sub(wrong.len());
    let similar = misspelt(lines.iter().copied()).into_iter();
    let similar = similar.filter(|one| match named(&one.program, &context.home) {
        Named::ByName => path.find(&one.program).is_none(),
        Named::ByPath(path) => !is_program(&path),
        Named::Unknown => false,
    });
    let similar: Vec<Finding> = similar.map(Finding::Misspelt).collect();
    if right > 0 || calls.is_empty() && similar.is_empty() {
        findings.push(Finding::Calls(right));
    }
    findings.extend(wrong.into_iter().chain(similar));
}

/// The fault of a line that runs this program.
fn fault(context: &Context, call: &Call, own: &Path) -> Option<Finding> {
    let line = call.line.clone();
    if let Named::ByPath(path) = call.named(&context.home)
        && !is_program(&path)
    {
        let own = own.to_owned();
        return Some(Finding::NoSuchProgram { line, path, own });
    }
    let words = call.arguments.as_ref()?.iter().map(String::as_str);
    let matches = match command().try_get_matches_from([NAME].into_iter().chain(words)) {
        Ok(matches) => matches,
        Err(error) if !error.use_stderr() => return None,
        Err(error) => {
            let text = error.render().to_string();
            let (message, tips) = usage(&text);
            let near = tips.iter().find_map(|tip| similar(tip));
            return Some(Finding::BadArguments {
                line,
                message,
                near,
            });
        }
    };
    let (name, arguments) = matches.subcommand()?;
    let mut layouts = layouts_of(name, arguments).into_iter();
    let missing = layouts.find_map(|layout| missing(context, name, layout));
    missing
        .map(|(name, near)| Finding::NoSuchLayout {
            line: line.clone(),
            name,
            near,
        })
        .or_else(|| no_such_profile(context, name, arguments, line))
}

/// The name that a tip of the parser proposes, as in `a similar argument exists: '--json'`.
fn similar(tip: &str) -> Option<String> {
    let (_, names) = tip.split_once("similar")?;
    names.split('\'').nth(1).map(str::to_owned)
}

/// The arguments that name a layout which must exist.
fn layouts_of<'a>(command: &str, arguments: &'a ArgMatches) -> Vec<&'a String> {
    let ids: &[&str] = match command {
        "apply" => &["name", "best"],
        "adapt" | "compile" | "delete" | "diff" | "edit" | "preview" | "revert" | "show" => {
            &["name"]
        }
        "rename" => &["old"],
        "validate" => &["files"],
        _ => &[],
    };
    let values = ids.iter().flat_map(|id| {
        let values = arguments.try_get_many::<String>(id);
        values.ok().flatten().into_iter().flatten()
    });
    values.collect()
}

/// The name of a layout that does not exist, with a similar one.
fn missing(context: &Context, command: &str, layout: &str) -> Option<(String, Option<String>)> {
    let target = context.store.target(layout).ok()?;
    let found = match (&target, command) {
        (Target::Stdio, _) => return None,
        (Target::File(path), _) => {
            let is_missing = path.is_absolute() && !machine::is_there(path);
            return is_missing.then(|| (layout.to_owned(), None));
        }
        // A layout that was deleted.
        (_, "revert") => context.store.find_versioned(&target),
        _ => context.store.find(&target),
    };
    match found {
        Err(StoreError::Missing { name, near, .. }) => Some((name, near)),
        _ => None,
    }
}

/// The finding about a profile that does not exist.
fn no_such_profile(
    context: &Context,
    command: &str,
    arguments: &ArgMatches,
    line: String,
) -> Option<Finding> {
    if command != "adapt" {
        return None;
    }
    let name = arguments.get_one::<String>("profile")?;
    // Another check names the mistakes of the configuration.
    let config = context.config().ok()?;
    let known = config.profiles.iter().map(|one| one.value.name.clone());
    let known: Vec<String> = known.collect();
    let near = nearest(name, &known).map(str::to_owned);
    (!known.contains(name)).then(|| Finding::NoSuchProfile {
        line,
        name: name.clone(),
        near,
    })
}
