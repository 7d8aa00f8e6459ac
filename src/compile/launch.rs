//! A slot's command with variables, `~` and quotes resolved.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::Surroundings;
use super::plan::{Launch, Program, Shown};
use crate::layout::shell_syntax;
use crate::layout::vars::{Values, VarError};
use crate::layout::{Command, CommandError, Window};

pub(super) fn resolve(
    window: &Window,
    vars: &BTreeMap<String, String>,
    surroundings: Surroundings<'_>,
) -> Launch {
    let Some(command) = &window.command else {
        return Launch::Elsewhere;
    };
    // Collects all unset variables, so that they can be set at once.
    let unset = RefCell::new(BTreeSet::new());
    let value = |name: &str| {
        let value = surroundings.env.get(name).cloned();
        value.or_else(|| {
            unset.borrow_mut().insert(name.to_owned());
            Some(name.to_owned())
        })
    };
    let reference = |name: &str| Some(format!("${{env:{name}}}"));
    let home = surroundings.home.to_string_lossy();
    let expanded = |env: &dyn Fn(&str) -> Option<String>| {
        let values = Values {
            vars,
            env,
            home: Some(&home),
        };
        expand(command, window, &values, surroundings.home)
    };
    let both = expanded(&value).and_then(|program| Ok((program, expanded(&reference)?)));
    let unset: Vec<String> = unset.take().into_iter().collect();
    let (reason, unset) = match (both, unset.as_slice()) {
        (Err(error), _) => (error.to_string(), Vec::new()),
        (Ok((Shown { argv, cwd, env }, shown)), []) => {
            return Launch::Program(Program {
                argv,
                cwd,
                cwd_is_named: window.cwd.is_some(),
                env,
                shell: shell_syntax::find(window).map(Box::new),
                shown,
            });
        }
        (Ok(_), [name]) => (VarError::Unset(name.clone()).to_string(), unset),
        (Ok(_), names) => {
            let names = names.join("`, `");
            (
                format!("the environment variables `{names}` are not set"),
                unset,
            )
        }
    };
    Launch::Unresolved { reason, unset }
}

fn expand(
    command: &Command,
    window: &Window,
    values: &Values<'_>,
    home: &Path,
) -> Result<Shown, CommandError> {
    // Splits before it expands: a value with spaces stays one argument.
    let words = command.words()?;
    let argv = words.iter().map(|word| values.expand_path(word));
    let argv = argv.collect::<Result<Vec<String>, _>>()?;
    if argv.first().is_none_or(String::is_empty) {
        return Err(CommandError::Empty);
    }
    let cwd = match &window.cwd {
        // A relative directory is below the home directory.
        Some(cwd) => home.join(values.expand_path(cwd)?),
        None => home.to_owned(),
    };
    let env = window.env.iter();
    let env = env.map(|(name, value)| Ok((name.clone(), values.expand_path(value)?)));
    let env = env.collect::<Result<BTreeMap<String, String>, CommandError>>()?;
    Ok(Shown { argv, cwd, env })
}
