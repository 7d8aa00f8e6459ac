//! The check of hooks.

use std::path::Path;

use super::files::problem;
use crate::cli::context::Context;
use crate::doctor::{Check, Finding, Verdict};
use crate::document::fault::nearest;
use crate::layout::HookEvent;
use crate::store::{hook_files, unknown_hooks};

/// Looks for files in the folders of hooks that are never run. The hooks of layouts are checked with
/// the layouts.
pub(super) fn check(context: &Context, findings: &mut Vec<Finding>) {
    let before = findings.len();
    let mut count = 0;
    let folders = context.hook_folders();
    let events = HookEvent::ALL.map(HookEvent::as_str);
    let known = events.map(str::to_owned).to_vec();
    for path in unknown_hooks(&folders, &events) {
        let name = path.file_name().and_then(|name| name.to_str());
        if name.is_some_and(is_put_aside) {
            continue;
        }
        let near = name.and_then(|name| nearest(name, &known));
        findings.push(Finding::UnknownHook {
            near: near.map(str::to_owned),
            known: known.clone(),
            path,
        });
    }
    for event in events {
        let files = match hook_files(&folders, event) {
            Ok(files) => files,
            Err(error) => {
                findings.push(problem(Check::Hooks, error.into(), event));
                continue;
            }
        };
        for file in files {
            match file.trust {
                _ if !file.is_executable => {
                    findings.push(Finding::IdleHook(file.path));
                }
                Ok(()) => count += 1,
                Err(error) => findings.push(Finding::Problem {
                    check: Check::Hooks,
                    verdict: Verdict::Error,
                    subject: Some(subject(context, &file.path)),
                    problem: Box::new(error),
                    lists_all: None,
                }),
            }
        }
    }
    if let Ok(config) = context.config() {
        let layers = config.hooks.iter();
        let of_config =
            layers.flat_map(|layer| HookEvent::ALL.map(|event| layer.value.of(event).len()));
        count += of_config.sum::<usize>();
    }
    if count > 0 || findings.len() == before {
        findings.push(Finding::Hooks(count));
    }
}

fn subject(context: &Context, path: &Path) -> String {
    format!("the hook {} is not run", context.short(path))
}

/// True for a file that nobody expects to run: a copy, a hook that was switched off, a text.
fn is_put_aside(name: &str) -> bool {
    const ENDINGS: [&str; 9] = [
        ".bak",
        ".disabled",
        ".md",
        ".off",
        ".old",
        ".orig",
        ".sample",
        ".txt",
        "~",
    ];
    name.starts_with("README") || ENDINGS.iter().any(|ending| name.ends_with(ending))
}
