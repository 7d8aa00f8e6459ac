//! Checks of the i3 config: the lines and the rules for windows.

use std::collections::BTreeMap;

use super::bindings;
use super::files::Read;
use crate::apply::conflicts;
use crate::cli::context::Context;
use crate::doctor::finding::Without;
use crate::doctor::{Check, Finding, Verdict};
use crate::error::Error;
use crate::session::Session;

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
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            bindings::check(context, session, &lines, findings);
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
