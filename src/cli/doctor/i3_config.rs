//! Checks of the i3 config: lines that run this program, and rules for windows.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::Path;

use super::files::Read;
use crate::apply::conflicts;
use crate::cli::command;
use crate::cli::context::Context;
use crate::discover::search_path::{SearchPath, is_program};
use crate::doctor::calls::{Call, NAME, Named, calls};
use crate::doctor::finding::Without;
use crate::doctor::{Check, Finding, Verdict, machine};
use crate::error::Error;
use crate::session::Session;

/// The commands whose `NAME` is a layout that must exist.
const NEEDS_LAYOUT: [&str; 3] = ["apply", "diff", "show"];

/// Checks the lines of the i3 config.
pub(super) fn check(
    context: &Context,
    session: Option<&mut Session>,
    layouts: &[Read],
    findings: &mut Vec<Finding>,
) {
    let Some(session) = session else {
        for check in [Check::Program, Check::KeyBindings, Check::WindowRules] {
            findings.push(Finding::Skipped(check, Without::I3));
        }
        return;
    };
    match session.wm().config_lines() {
        Ok(lines) => {
            let calls = calls(lines.iter().map(String::as_str));
            bindings(context, session, &calls, findings);
        }
        Err(error) => findings.push(unreadable(Check::KeyBindings, error.into())),
    }
    match session.wm().window_config() {
        Ok(config) => {
            // A rule can affect several layouts.
            let mut found: BTreeMap<&str, Vec<(String, String)>> = BTreeMap::new();
            for layout in layouts {
                for (rule, slots) in conflicts(&config, &layout.plan) {
                    let slots = slots.into_iter().map(|idx| layout.plan.slot(idx));
                    let slots = slots.map(|slot| (layout.name.clone(), slot.id.clone()));
                    found.entry(&rule.line).or_default().extend(slots);
                }
            }
            if found.is_empty() {
                findings.push(Finding::Fine(Check::WindowRules));
            }
            findings.extend(found.into_iter().map(|(line, slots)| Finding::WindowRule {
                line: line.to_owned(),
                slots,
            }));
        }
        Err(error) => findings.push(unreadable(Check::WindowRules, error.into())),
    }
}

fn unreadable(check: Check, error: crate::session::SessionError) -> Finding {
    Finding::Problem {
        check,
        verdict: Verdict::Error,
        subject: None,
        problem: Box::new(Error::from(error)),
        lists_all: None,
    }
}

/// Checks the lines that run this program, and that i3 finds it.
fn bindings(context: &Context, session: &Session, calls: &[Call], findings: &mut Vec<Finding>) {
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
    if calls.is_empty() || right > 0 {
        findings.push(Finding::Calls(right));
    }
    findings.extend(wrong);
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
            let (message, _) = crate::cli::usage(&text);
            return Some(Finding::BadArguments { line, message });
        }
    };
    let (name, arguments) = matches.subcommand()?;
    if !NEEDS_LAYOUT.contains(&name) {
        return None;
    }
    let layout: &String = arguments.try_get_one("name").ok().flatten()?;
    let target = context.store.target(layout).ok()?;
    let found = context.store.find(&target);
    let is_missing = found.is_err_and(|error| error.is_missing());
    is_missing.then(|| Finding::NoSuchLayout {
        line,
        name: layout.clone(),
    })
}
