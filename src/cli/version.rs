//! `--version --verbose`: the build, and the paths that the program uses.

use std::ffi::OsString;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::context::Context;
use super::exit::Exit;
use crate::ui::Ui;
use crate::ui::version::{Build, Paths, text};

/// This build.
pub(super) const BUILD: Build = Build {
    version: env!("CARGO_PKG_VERSION"),
    commit: env!("I3PM_LAYOUT_COMMIT"),
    target: env!("I3PM_LAYOUT_TARGET"),
    profile: env!("I3PM_LAYOUT_PROFILE"),
    features: env!("I3PM_LAYOUT_FEATURES"),
};

/// True if the arguments, which ask for the version, ask for details, too.
pub(super) fn is_long(arguments: &[OsString]) -> bool {
    let words = arguments.iter().skip(1).filter_map(|word| word.to_str());
    let is_verbose = |word: &str| match word.strip_prefix('-') {
        Some("-verbose") => true,
        Some(letters) => {
            letters.contains('v') && letters.chars().all(|letter| matches!(letter, 'v' | 'V'))
        }
        None => false,
    };
    words.take_while(|word| *word != "--").any(is_verbose)
}

/// Prints the build and the paths.
pub(super) fn print() -> Exit {
    let printed = match Context::from_environment(false) {
        Ok(context) => context.ui.out(&text(&BUILD, &paths(&context))),
        Err(error) => {
            let ui = Ui::new(true, true, false);
            let printed = ui.out(&text(&BUILD, &Paths::default()));
            ui.error(&error);
            printed
        }
    };
    match printed {
        Err(error) if !error.is_broken_pipe() => {
            Ui::new(true, true, false).error(&error);
            Exit::Failed
        }
        _ => Exit::Done,
    }
}

/// The paths of this environment.
pub(super) fn paths(context: &Context) -> Paths {
    let short = |path: PathBuf| context.short(&path);
    Paths {
        configuration: short(context.user_config()),
        layouts: context.short(context.store.layouts()),
        state: context.short(&context.state),
        runtime: context.short(context.runtime()),
    }
}

/// The paths as JSON.
pub(super) fn paths_json(context: &Context) -> Value {
    let paths = paths(context);
    json!({
        "configuration": paths.configuration,
        "layouts": paths.layouts,
        "state": paths.state,
        "runtime": paths.runtime,
    })
}

/// The build as JSON.
pub(super) fn to_json() -> Value {
    json!({
        "version": BUILD.version,
        "commit": Some(BUILD.commit).filter(|commit| !commit.is_empty()),
        "target": BUILD.target,
        "profile": BUILD.profile,
        "features": BUILD.features.split_whitespace().collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_asked_for_in_any_order_and_form() {
        let is_long = |line: &str| {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            is_long(&words)
        };
        for line in ["x -V -v", "x --verbose --version", "x -Vv", "x -vV"] {
            assert!(is_long(line), "{line}");
        }
        for line in ["x -V", "x --version", "x --version -- -v", "v -V"] {
            assert!(!is_long(line), "{line}");
        }
    }
}
