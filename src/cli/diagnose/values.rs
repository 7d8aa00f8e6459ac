//! The values of environment variables in layouts that are not in the store: the recorded runs have
//! their names.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use super::HARMLESS;
use crate::cli::context::Context;
use crate::cli::history::{Selected, find, summaries};
use crate::compile::{Launch, Program};
use crate::layout::vars::environment_names;
use crate::live::Desktop;
use crate::ui::words::hide_values;

/// Masks the values that programs of recorded runs have got, in all output from now on.
pub(super) fn learn_values(context: &Context, desktop: Option<&Desktop>) {
    let environments = [context.environment(), context.program_environment()];
    for summary in summaries(context, &Selected::default()) {
        let Ok(run) = find(context, summary.id.as_str()) else {
            continue;
        };
        let plans = run.plans();
        let slots = plans.iter().flat_map(|plan| plan.slots());
        for (_, slot) in slots {
            if let Launch::Program(program) = &slot.launch {
                learn_program(program, &environments, desktop);
            }
        }
    }
}

fn learn_program(
    program: &Program,
    environments: &[&BTreeMap<OsString, OsString>],
    desktop: Option<&Desktop>,
) {
    let shown = &program.shown;
    let directory = shown.cwd.to_string_lossy();
    let words = shown.argv.iter().map(String::as_str);
    let words = words.chain(shown.env.values().map(String::as_str));
    for name in words.chain([&*directory]).flat_map(secret_names) {
        let values = environments
            .iter()
            .filter_map(|all| all.get(OsStr::new(&name)));
        hide_values(values.map(|value| value.to_string_lossy().into_owned()));
    }
    // The variable may have been set only for the command.
    let windows = desktop
        .into_iter()
        .flat_map(|desktop| desktop.windows.values());
    for process in windows.filter_map(|facts| facts.process.as_ref()) {
        if let Some(values) = values_in(&shown.argv, &process.argv) {
            hide_values(values);
        }
    }
}

/// The variables in a word whose values may be secrets.
fn secret_names(word: &str) -> Vec<String> {
    let names = environment_names(word);
    names
        .filter(|name| !HARMLESS.contains(&name.as_str()))
        .collect()
}

/// The values of variables in a command line; `None` if it is another command.
fn values_in(shown: &[String], argv: &[String]) -> Option<Vec<String>> {
    if shown.len() != argv.len() {
        return None;
    }
    let mut values = Vec::new();
    // The program may be written with or without its directory.
    for (shown, word) in shown.iter().zip(argv).skip(1) {
        match secret_names(shown).as_slice() {
            [] if shown != word => return None,
            [name] => {
                let (before, after) = shown.split_once(&format!("${{env:{name}}}"))?;
                let value = word.strip_prefix(before)?.strip_suffix(after)?;
                values.push(value.to_owned());
            }
            [] => {}
            _ => values.push(word.clone()),
        }
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_of_the_same_command() {
        let words = |line: &str| shell_words::split(line).unwrap();
        let shown = words("app --to='${env:PLAIN}' x");
        assert_eq!(
            values_in(&shown, &words("/bin/app --to=abc x")),
            Some(words("abc"))
        );
        assert_eq!(values_in(&shown, &words("/bin/app --to=abc y")), None);
        assert_eq!(values_in(&shown, &words("app --to=abc")), None);
    }
}
