//! The slots of captured windows.

use std::collections::BTreeMap;

use super::applied_rules::AppliedRules;
use super::criteria::Named;
use super::{Discover, Options, Warning, criteria, secrets, shown, slots};
use crate::config::Rule;
use crate::discover::secrets::Secrets;
use crate::discover::{NoCommand, Outcome, Questions};
use crate::layout::{Layout, Seen, Window};
use crate::live::{Con, ConId, Desktop, Pid, Properties, WindowFacts};

/// A window with everything that is needed for its slot.
struct Source<'a> {
    con: &'a Con,
    /// Its workspace; `None` in the scratchpad.
    workspace: Option<&'a str>,
    facts: Option<&'a WindowFacts>,
    rule: Option<&'a Rule>,
    /// Its properties without secrets.
    shown: Properties,
}

impl Source<'_> {
    fn argv(&self) -> &[String] {
        let process = self.facts.and_then(|facts| facts.process.as_ref());
        process.map_or(&[], |process| &process.argv)
    }

    fn pids(&self) -> Option<(Option<Pid>, Option<Pid>)> {
        self.facts
            .map(|facts| (facts.server_pid, facts.claimed_pid))
    }
}

/// The slots of the windows.
pub(super) fn fill(
    desktop: &Desktop,
    discovered: &Discover,
    applied: &AppliedRules,
    options: &Options,
    layout: &Layout<&Con>,
    warnings: &mut Vec<Warning>,
) -> BTreeMap<ConId, Window> {
    let known = Secrets::default();
    let secrets = options.secrets.unwrap_or(&known);
    let sources = layout.slots().map(|slot| {
        let con = *slot.window;
        let facts = desktop.facts(con);
        let properties = con.properties.clone().unwrap_or_default();
        Source {
            con,
            workspace: slot.workspace,
            facts,
            rule: applied.rules.get(&con.id).copied(),
            shown: shown::without_secrets(properties, facts, secrets),
        }
    });
    let sources: Vec<Source> = sources.collect();
    let named = sources.iter().map(|source| (&source.shown, source.argv()));
    let ids = slots::names(&named.collect::<Vec<_>>());
    let ruled = sources.iter().map(|source| Named {
        properties: &source.shown,
        rule: source.rule,
        argv: source.argv(),
    });
    let swallows = criteria::criteria(&ruled.collect::<Vec<_>>());

    let mut questions = Questions::new(desktop);
    let mut filled = Vec::with_capacity(sources.len());
    let mut others = Vec::new();
    for (index, (slot, swallow)) in ids.into_iter().zip(swallows).enumerate() {
        let Source { con, rule, .. } = sources[index];
        let Outcome {
            found,
            source,
            refused,
        } = discovered(&questions.ask(con, rule));
        let mut window = Window {
            id: Some(slot.clone()),
            swallow,
            command: found.command,
            cwd: found.cwd,
            env: found.env,
            timeout: rule.and_then(|rule| rule.timeout),
            seen: Seen {
                title: sources[index].shown.title.clone(),
                process: found.process,
                source: source.as_ref().ok().copied(),
            },
            ..Window::default()
        };
        warnings.extend(refused.map(|refused| Warning::Refused {
            slot: slot.clone(),
            refused: Box::new(refused),
        }));
        warnings.extend(found.doubts.into_iter().map(|doubt| Warning::Doubtful {
            slot: slot.clone(),
            doubt,
        }));
        warnings.extend(secrets::warnings(&window, &slot, found.secrets));
        match source {
            Ok(_) => {}
            // The program that opened the first window opens this one too. A dialog opens only
            // on request, and a splash screen does not stay.
            Err(NoCommand::OpenedByAnother) => {
                let properties = con.properties.as_ref();
                window.optional = properties.is_some_and(|one| !one.is_main_window());
                let is_ruled = rule.is_some_and(|rule| rule.once_per_process == Some(true));
                if !window.optional && !is_ruled {
                    others.push(index);
                }
            }
            Err(reason) => warnings.push(Warning::NoCommand {
                slot,
                workspace: sources[index].workspace.map(str::to_owned),
                reason,
            }),
        }
        filled.push(window);
    }
    warnings.extend(of_others(&filled, &sources, &others));
    sources
        .iter()
        .map(|source| source.con.id)
        .zip(filled)
        .collect()
}

/// The warnings about windows that another slot's program opens, one for each process.
fn of_others(filled: &[Window], sources: &[Source], others: &[usize]) -> Vec<Warning> {
    let mut slots: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for &other in others {
        let is_opener = |&index: &usize| {
            sources[index].pids() == sources[other].pids() && filled[index].command.is_some()
        };
        // If the first window has no command either, there is a warning about that.
        if let Some(opener) = (0..other).find(is_opener) {
            slots
                .entry(opener)
                .or_default()
                .extend(filled[other].id.clone());
        }
    }
    let warning = |(opener, slots): (usize, Vec<String>)| {
        let command = filled[opener].command.as_ref()?.line();
        Some(Warning::Again { slots, command })
    };
    slots.into_iter().filter_map(warning).collect()
}
