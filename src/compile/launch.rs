//! A slot's command with variables, `~` and quotes resolved.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::Surroundings;
use super::plan::{Launch, Program, Shown};
use crate::layout::shell_syntax;
use crate::layout::vars::{Values, VarError};
use crate::layout::{Command, CommandError, Window};

/// Resolves the command of a hook.
pub fn resolve_hook(
    command: &Command,
    vars: &BTreeMap<String, String>,
    env: &BTreeMap<String, String>,
    home: &Path,
) -> Launch {
    let window = Window {
        command: Some(command.clone()),
        ..Window::default()
    };
    let surroundings = Surroundings {
        name: "",
        identity: None,
        outputs: &[],
        workspaces: &[],
        workspace_outputs: &[],
        env,
        home,
    };
    resolve(&window, vars, surroundings)
}

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
        expand(command, window, &values)
    };
    let both = expanded(&value).and_then(|program| Ok((program, expanded(&reference)?)));
    let unset: Vec<String> = unset.take().into_iter().collect();
    let program = both.map(|(Shown { argv, cwd, env }, mut shown)| {
        // A relative directory is below the home directory. The value of a reference decides whether
        // a directory is relative.
        if cwd.is_relative() {
            shown.cwd = below(surroundings.home, shown.cwd);
        }
        Program {
            argv,
            cwd: below(surroundings.home, cwd),
            cwd_is_named: window.cwd.is_some(),
            env,
            shell: shell_syntax::find(window).map(Box::new),
            shown,
        }
    });
    let reason = match (&program, unset.as_slice()) {
        (Err(error), _) => error.to_string(),
        (Ok(_), []) => String::new(),
        (Ok(_), [name]) => VarError::Unset(name.clone()).to_string(),
        (Ok(_), names) => {
            let names = names.join("`, `");
            format!("the environment variables `{names}` are not set")
        }
    };
    match program {
        Ok(program) if unset.is_empty() => Launch::Program(program),
        Ok(program) => Launch::Unresolved {
            reason,
            unset,
            partial: Some(Box::new(program)),
        },
        Err(_) => Launch::Unresolved {
            reason,
            unset: Vec::new(),
            partial: None,
        },
    }
}

/// The directory; the home directory if it is empty.
fn below(home: &Path, directory: PathBuf) -> PathBuf {
    if directory.as_os_str().is_empty() {
        home.to_owned()
    } else {
        home.join(directory)
    }
}

/// The command with its variables. The directory is empty if none is named.
fn expand(command: &Command, window: &Window, values: &Values<'_>) -> Result<Shown, CommandError> {
    // Splits before it expands: a value with spaces stays one argument.
    let words = command.words()?;
    let argv = words.iter().map(|word| values.expand_path(word));
    let argv = argv.collect::<Result<Vec<String>, _>>()?;
    if argv.first().is_none_or(String::is_empty) {
        return Err(CommandError::Empty);
    }
    let cwd = match &window.cwd {
        Some(cwd) => PathBuf::from(values.expand_path(cwd)?),
        None => PathBuf::new(),
    };
    let env = window.env.iter();
    let env = env.map(|(name, value)| Ok((name.clone(), values.expand_path(value)?)));
    let env = env.collect::<Result<BTreeMap<String, String>, CommandError>>()?;
    Ok(Shown { argv, cwd, env })
}
