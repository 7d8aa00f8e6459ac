//! The slots of captured windows.

use std::collections::{BTreeMap, BTreeSet};

use super::applied_rules::AppliedRules;
use super::criteria::Named;
use super::{Discover, Options, Warning, criteria, secrets, shown, slots, titles};
use crate::config::{Config, Rule};
use crate::discover::secrets::Secrets;
use crate::discover::{NoCommand, Outcome, Questions};
use crate::layout::{Layout, Seen, Swallow, Window};
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
    let saves_titles = options.config.is_none_or(Config::saves_titles);
    let sources = layout.slots().map(|slot| {
        let con = *slot.window;
        let facts = desktop.facts(con);
        let mut properties = con.properties.clone().unwrap_or_default();
        properties.title.take_if(|_| !saves_titles);
        Source {
            con,
            workspace: slot.workspace,
            facts,
            rule: applied.rules.get(&con.id).copied(),
            shown: shown::without_secrets(properties, facts, secrets),
        }
    });
    let sources: Vec<Source> = sources.collect();
    let ruled = sources.iter().map(|source| Named {
        properties: &source.shown,
        rule: source.rule,
        argv: source.argv(),
    });
    let swallows = criteria::criteria(&ruled.collect::<Vec<_>>());
    let mut questions = Questions::new(desktop);
    let outcomes = sources.iter().map(|source| {
        let asked = questions.ask(source.con, source.rule);
        discovered(&asked)
    });
    let outcomes: Vec<Outcome> = outcomes.collect();
    let named = sources.iter().zip(&outcomes);
    let named = named.map(|(source, outcome)| slots::Named {
        properties: &source.shown,
        argv: source.argv(),
        command: outcome.found.command.as_ref(),
        cwd: outcome.found.cwd.as_deref(),
    });
    let ids = slots::names(&named.collect::<Vec<_>>());
    let titled = titled(desktop, &sources, &outcomes, &swallows, options);

    let mut filled = Vec::with_capacity(sources.len());
    let mut others = Vec::new();
    let found = ids.into_iter().zip(swallows).zip(outcomes);
    for (index, ((slot, swallow), outcome)) in found.enumerate() {
        let Source { con, rule, .. } = sources[index];
        let Outcome {
            found,
            source,
            refused,
            is_dialog_program,
        } = outcome;
        let mut window = Window {
            id: Some(slot.clone()),
            swallow,
            command: found.command,
            cwd: found.cwd,
            env: found.env,
            timeout: rule.and_then(|rule| rule.timeout),
            seen: Seen {
                title: sources[index].shown.title.clone().filter(|_| titled[index]),
                process: found.process,
                dialog: is_dialog_program,
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

/// For each window whether its slot gets the title.
fn titled(
    desktop: &Desktop,
    sources: &[Source<'_>],
    outcomes: &[Outcome],
    swallows: &[Swallow],
    options: &Options,
) -> Vec<bool> {
    let captured: BTreeSet<ConId> = sources.iter().map(|source| source.con.id).collect();
    let slots = outcomes.iter().zip(swallows).map(|(outcome, swallow)| {
        let found = &outcome.found;
        Some(titles::Slot {
            swallow,
            command: found.command.as_ref(),
            cwd: found.cwd.as_deref(),
        })
    });
    let here = sources.iter().map(|source| source.con).zip(slots);
    let elsewhere = desktop
        .windows_of_programs()
        .filter(|con| !captured.contains(&con.id));
    let all = here.chain(elsewhere.map(|con| (con, None)));
    let candidates = all.map(|(con, slot)| titles::Candidate {
        con,
        facts: desktop.facts(con),
        slot,
    });
    titles::needed(&candidates.collect::<Vec<_>>(), options.window_rules)
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
