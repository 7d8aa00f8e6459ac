//! A slot's command with variables, `~` and quoting resolved.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::Surroundings;
use super::plan::{Launch, Program, Shown};
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
    // Whoever sets variables wants to know of all of them at once.
    let unset = RefCell::new(BTreeSet::new());
    let env = |name: &str| {
        let value = surroundings.env.get(name).cloned();
        value.or_else(|| {
            unset.borrow_mut().insert(name.to_owned());
            Some(name.to_owned())
        })
    };
    let program = program(command, window, vars, surroundings.home, &env);
    let unset: Vec<String> = unset.take().into_iter().collect();
    match (program, unset.as_slice()) {
        (Err(error), _) => Launch::Unresolved {
            reason: error.to_string(),
            unset: Vec::new(),
        },
        (Ok(program), []) => Launch::Program(program),
        (Ok(_), [name]) => Launch::Unresolved {
            reason: VarError::Unset(name.clone()).to_string(),
            unset,
        },
        (Ok(_), names) => Launch::Unresolved {
            reason: format!(
                "the environment variables `{}` are not set",
                names.join("`, `")
            ),
            unset,
        },
    }
}

fn program(
    command: &Command,
    window: &Window,
    vars: &BTreeMap<String, String>,
    home: &Path,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Program, CommandError> {
    let Shown { argv, cwd, env } = expand(command, window, vars, home, env)?;
    let reference = |name: &str| Some(format!("${{env:{name}}}"));
    Ok(Program {
        argv,
        cwd,
        cwd_is_named: window.cwd.is_some(),
        env,
        shown: expand(command, window, vars, home, &reference)?,
    })
}

fn expand(
    command: &Command,
    window: &Window,
    vars: &BTreeMap<String, String>,
    home: &Path,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Shown, CommandError> {
    let home_text = home.to_string_lossy();
    let scope = Values {
        vars,
        env,
        home: Some(&home_text),
    };
    // Split first, then expand: a value with spaces stays one argument.
    let argv = command
        .words()?
        .iter()
        .map(|word| scope.expand_path(word))
        .collect::<Result<Vec<String>, _>>()?;
    if argv.first().is_none_or(String::is_empty) {
        return Err(CommandError::Empty);
    }
    let cwd = match &window.cwd {
        // A directory that is not absolute is one below the home directory.
        Some(cwd) => home.join(scope.expand_path(cwd)?),
        None => home.to_owned(),
    };
    let env = window
        .env
        .iter()
        .map(|(name, value)| Ok((name.clone(), scope.expand_path(value)?)))
        .collect::<Result<BTreeMap<String, String>, CommandError>>()?;
    Ok(Shown { argv, cwd, env })
}
