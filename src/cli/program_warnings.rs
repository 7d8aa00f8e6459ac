//! Warnings about programs of a layout that cannot be started as it says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use miette::Diagnostic;

use super::context::Context;
use crate::apply::{NotStarted, check_directory, check_program};
use crate::compile::{Launch, Plan, Slot};
use crate::document::fault::ticked;
use crate::layout::shell_syntax::{Fixed, ShellSyntax};
use crate::layout::vars::NO_VALUE;
use crate::text::path::quoted;
use crate::ui::notes;

/// Something that keeps `apply` from starting programs as the layout says.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(super) enum ProgramWarning {
    /// A working directory that does not exist on this machine.
    #[error("the working directory {} of {} does not exist", directory.display(), ticked(.slots))]
    #[diagnostic(
        code("no-directory"),
        severity(Warning),
        help("run `mkdir -p {}`, or change `cwd`", quoted(.directory))
    )]
    Directory {
        directory: PathBuf,
        slots: Vec<String>,
    },
    /// A program that is not on this machine.
    #[error("{}: {reason}", ticked(.slots))]
    #[diagnostic(
        code("no-program"),
        severity(Warning),
        help("install the program, or change `command`")
    )]
    Program { reason: String, slots: Vec<String> },
    /// A command whose variables are not set here, although they may be where `apply` runs.
    #[error("{}: {reason}", ticked(.slots))]
    #[diagnostic(
        code("unset-variable"),
        severity(Warning),
        help("set the variable where `apply` runs, or use `vars`")
    )]
    Unset { reason: String, slots: Vec<String> },
    /// A command that must not be started.
    #[error("{}: {reason}", ticked(.slots))]
    #[diagnostic(
        code("forbidden-command"),
        severity(Warning),
        help("change `command`, or ask the administrator of this machine")
    )]
    Forbidden { reason: String, slots: Vec<String> },
    /// A command with shell syntax.
    #[error("the command of `{slot}` has shell syntax ({}), but no shell runs it", .syntax.part)]
    #[diagnostic(code("shell-syntax"), severity(Warning), help("{}", notes::rewrite(&.syntax.fixed)))]
    ShellSyntax { slot: String, syntax: ShellSyntax },
}

/// All warnings about the programs of a plan: commands with shell syntax first, then each missing
/// directory and program and each unset variable once.
pub(super) fn program_warnings(context: &Context, plan: &Plan) -> Vec<ProgramWarning> {
    let env = context.program_environment();
    let mut warnings = shell_warnings(plan);
    let mut directories: BTreeMap<&Path, Vec<String>> = BTreeMap::new();
    let mut programs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut unset: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    // References are checked when a layout is read, so no other command is unresolved.
    let mut forbidden: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let slots = plan.slots().map(|(_, slot)| slot);
    for slot in slots.filter(|slot| is_shown(plan, slot)) {
        let (program, names) = match &slot.launch {
            Launch::Program(program) => (program, &[][..]),
            Launch::Unresolved {
                reason,
                unset: names,
                ..
            } if names.is_empty() => {
                // The command line of `apply` gives it.
                if reason.ends_with(NO_VALUE) {
                    continue;
                }
                forbidden.entry(reason).or_default().push(slot.id.clone());
                continue;
            }
            Launch::Unresolved {
                reason,
                unset: names,
                partial,
            } => {
                unset.entry(reason).or_default().push(slot.id.clone());
                match partial {
                    Some(program) => (program.as_ref(), names.as_slice()),
                    None => continue,
                }
            }
            Launch::Elsewhere => continue,
        };
        let is_known = |text: &str| {
            let mut names = names.iter();
            !names.any(|name| text.contains(&format!("${{env:{name}}}")))
        };
        let shown = &program.shown;
        // A fixed command has its own directory.
        let has_fixed = program.shell.as_deref().is_some_and(has_directory);
        if program.cwd_is_named
            && is_known(&shown.cwd.to_string_lossy())
            && !has_fixed
            && !check_directory(program, env)
        {
            let slots = directories.entry(&shown.cwd).or_default();
            slots.push(slot.id.clone());
        }
        match check_program(program, env) {
            // Already in the lists.
            Ok(_) | Err(NotStarted::ShellSyntax(_) | NotStarted::NoDirectory { .. }) => {}
            Err(error) => {
                if shown.argv.first().is_none_or(|program| is_known(program)) {
                    let slots = programs.entry(error.to_string()).or_default();
                    slots.push(slot.id.clone());
                }
            }
        }
    }
    let directories = directories.into_iter();
    warnings.extend(
        directories.map(|(directory, slots)| ProgramWarning::Directory {
            directory: directory.to_owned(),
            slots,
        }),
    );
    let programs = programs.into_iter();
    warnings.extend(programs.map(|(reason, slots)| ProgramWarning::Program { reason, slots }));
    let forbidden = forbidden.into_iter();
    warnings.extend(forbidden.map(|(reason, slots)| ProgramWarning::Forbidden {
        reason: reason.to_owned(),
        slots,
    }));
    let unset = unset.into_iter();
    warnings.extend(unset.map(|(reason, slots)| ProgramWarning::Unset {
        reason: reason.to_owned(),
        slots,
    }));
    warnings
}

/// The warnings about commands with shell syntax.
pub(super) fn shell_warnings(plan: &Plan) -> Vec<ProgramWarning> {
    let slots = plan.slots().map(|(_, slot)| slot);
    let slots = slots.filter(|slot| is_shown(plan, slot));
    let found = slots.filter_map(|slot| match &slot.launch {
        Launch::Program(program) => Some((slot.id.clone(), program.shell.as_deref()?.clone())),
        _ => None,
    });
    found
        .map(|(slot, syntax)| ProgramWarning::ShellSyntax { slot, syntax })
        .collect()
}

/// True unless the place of the slot was removed from the plan.
fn is_shown(plan: &Plan, slot: &Slot) -> bool {
    match &slot.workspace {
        Some(name) => plan.workspaces.iter().any(|one| one.name == *name),
        None => !plan.scratchpad.is_empty(),
    }
}

const fn has_directory(syntax: &ShellSyntax) -> bool {
    matches!(syntax.fixed, Fixed { cwd: Some(_), .. })
}
