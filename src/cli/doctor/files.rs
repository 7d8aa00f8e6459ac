//! Checks of files and directories.

use std::io::ErrorKind;
use std::time::Duration;

use miette::Diagnostic;

use crate::cli::context::{Context, Loaded};
use crate::cli::program_warnings::program_warnings;
use crate::cli::schema_file;
use crate::compile::Plan;
use crate::doctor::folder::{self, Fault, Role};
use crate::doctor::{Check, Finding, Verdict, machine};
use crate::error::Error;
use crate::files::remedy;
use crate::journal::file::now;
use crate::layout::schema::SCHEMA_TEXT;
use crate::records::file;
use crate::store::{Listed, Target};

/// Less free space than this may be too little for a journal and a layout with its backups.
const LITTLE_SPACE: u64 = 5 * 1024 * 1024;

/// Fewer files than this can be too few for the programs of a layout, such as browsers.
const FEW_FILES: u64 = 256;

/// The seconds by which clocks may differ.
const TOLERANCE: Duration = Duration::from_secs(60);

/// A layout that was read.
pub(super) struct Read {
    /// Its name.
    pub(super) name: String,
    /// Its plan, without monitors.
    pub(super) plan: Plan,
}

/// Reads the configuration.
pub(super) fn configuration(context: &Context, findings: &mut Vec<Finding>) {
    findings.push(match context.config() {
        Ok(config) => {
            let read = config.files.iter().filter(|(_, read)| *read).count();
            Finding::Configuration(read)
        }
        Err(error) => {
            let file = context.short(&context.user_config());
            problem(Check::Configuration, error, &file)
        }
    });
}

/// An error of a file, with the command that lists all of them.
pub(super) fn problem(check: Check, error: Error, file: &str) -> Finding {
    let several = error.related().is_some_and(|all| all.count() > 1);
    let file = shell_words::quote(file);
    let all = format!("run `i3pm-layout validate {file}` to list all problems");
    Finding::Problem {
        check,
        verdict: Verdict::Error,
        subject: None,
        problem: Box::new(error),
        lists_all: several.then_some(all),
    }
}

/// Reads all layouts. Returns the valid ones.
pub(super) fn layouts(context: &Context, findings: &mut Vec<Finding>) -> Vec<Read> {
    let listed = match context.store.files() {
        Ok(listed) => listed,
        Err(error) => {
            let layouts = context.short(context.store.layouts());
            findings.push(problem(Check::Layouts, error.into(), &layouts));
            return Vec::new();
        }
    };
    let mut read = Vec::new();
    names(context, &listed, findings);
    let before = findings.len();
    let (mut untrusted, mut warned) = (false, false);
    for one in &listed {
        let loaded = match context.load_target(&Target::File(one.path.clone())) {
            Ok(loaded) => loaded,
            Err(error) => {
                let name = one.full_name();
                findings.push(problem(Check::Layouts, error, &name));
                continue;
            }
        };
        let plan = context.plan(&loaded, &[], &[], &[]);
        untrusted |= trust(&loaded, findings);
        warned |= programs(context, one, &plan, findings);
        read.push(Read {
            name: one.full_name(),
            plan,
        });
    }
    if !read.is_empty() || findings.len() == before {
        findings.push(Finding::Layouts(read.len()));
    }
    if !untrusted {
        findings.push(Finding::Fine(Check::Trust));
    }
    if !warned {
        findings.push(Finding::Fine(Check::Programs));
    }
    let schema = schema_file::path_in_store(context);
    if schema
        .as_deref()
        .and_then(machine::text)
        .is_some_and(|text| text != SCHEMA_TEXT)
    {
        findings.extend(schema.map(Finding::OldSchema));
    }
    read
}

/// Looks for names that two files have, or that something else than a file has.
fn names(context: &Context, listed: &[Listed], findings: &mut Vec<Finding>) {
    let others = context.store.not_files().unwrap_or_default();
    findings.extend(others.into_iter().map(Finding::NotAFile));
    let dangling = context.store.dangling_links().into_iter();
    findings.extend(dangling.map(Finding::DanglingLink));
    for one in listed {
        let named = Target::named(one.project.as_deref(), &one.name);
        let used = named.ok().and_then(|named| context.store.path(&named));
        let used = used.filter(|used| *used != one.path);
        findings.extend(used.map(|used| Finding::Hidden {
            name: one.full_name(),
            used,
            ignored: one.path.clone(),
        }));
    }
}

/// True if other users can write the file.
fn trust(loaded: &Loaded, findings: &mut Vec<Finding>) -> bool {
    let Err(error) = &loaded.opened.trust else {
        return false;
    };
    // A folder that others can write is the same problem for all layouts in it.
    let is_known = |one: &Finding| match one {
        Finding::Problem {
            check: Check::Trust,
            problem,
            ..
        } => problem.to_string() == error.to_string(),
        _ => false,
    };
    if findings.iter().any(is_known) {
        return true;
    }
    findings.push(Finding::Problem {
        check: Check::Trust,
        verdict: Verdict::Error,
        subject: Some("`apply` refuses the layout".to_owned()),
        problem: Box::new(error.clone()),
        lists_all: None,
    });
    true
}

/// True if something is missing.
fn programs(context: &Context, listed: &Listed, plan: &Plan, findings: &mut Vec<Finding>) -> bool {
    let warnings = program_warnings(context, plan);
    let found = !warnings.is_empty();
    findings.extend(warnings.into_iter().map(|warning| Finding::Problem {
        check: Check::Programs,
        verdict: Verdict::Warning,
        subject: Some(format!("layout `{}`", listed.full_name())),
        problem: Box::new(warning),
        lists_all: None,
    }));
    found
}

/// Reads the records of the session and of monitors.
pub(super) fn records(context: &Context, findings: &mut Vec<Finding>) {
    let of_session = context.records_file();
    let of_monitors = file::arrangements(&context.state);
    let problems = [
        (file::try_read(&of_session).err(), of_session),
        (file::read_arrangements(&of_monitors).err(), of_monitors),
    ];
    let before = findings.len();
    for (error, path) in problems {
        // The check of directories names a file in the place of one.
        let error = error.filter(|error| error.kind() != ErrorKind::NotADirectory);
        findings.extend(error.map(|error| Finding::Records {
            is_damaged: error.get_ref().is_some(),
            remedy: remedy(&path, &error),
            reason: error.to_string(),
            path,
        }));
    }
    if findings.len() == before {
        findings.push(Finding::Fine(Check::Records));
    }
}

/// Checks the directories, their file systems and the limits.
pub(super) fn directories(context: &Context, findings: &mut Vec<Finding>) {
    let user = machine::user();
    let (mut wrong, mut full) = (false, false);
    let (state, runtime) = context.unused();
    let runs = Some(context.runs().0).filter(|runs| machine::is_there(runs));
    let used = [
        (context.store.layouts(), Role::Layouts),
        (context.state.as_path(), Role::State),
        (context.runtime(), Role::Runtime),
    ];
    let others = [
        (&runs, Role::State),
        (&state, Role::State),
        (&runtime, Role::Runtime),
    ];
    let others = others.into_iter();
    let others = others.filter_map(|(path, role)| Some((path.as_deref()?, role)));
    for (path, role) in used.into_iter().chain(others) {
        let facts = match machine::facts(path) {
            Ok(facts) => facts,
            Err(error) => {
                wrong = true;
                findings.push(Finding::Directory {
                    path: path.to_owned(),
                    role,
                    fault: Fault::Unreachable(error.to_string()),
                });
                continue;
            }
        };
        if let Some(fault) = folder::fault(&facts, role, user) {
            wrong = true;
            findings.push(Finding::Directory {
                path: path.to_owned(),
                role,
                fault,
            });
        }
        if facts.is_out_of_files && !facts.is_read_only {
            full = true;
            findings.push(Finding::NoFiles(facts.nearest));
            continue;
        }
        if let Some(free) = facts
            .free
            .filter(|free| *free < LITTLE_SPACE && !facts.is_read_only)
        {
            full = true;
            findings.push(Finding::LittleSpace {
                path: facts.nearest,
                free,
            });
        }
    }
    if let Some(missing) = context.missing_session_directory() {
        wrong = true;
        findings.push(Finding::NoSessionDirectory {
            used: context.runtime().to_owned(),
            missing,
        });
    }
    if !wrong {
        findings.push(Finding::Fine(Check::Directories));
    }
    if !full {
        findings.push(Finding::Fine(Check::DiskSpace));
    }
    let limit = machine::open_files().filter(|limit| *limit < FEW_FILES);
    findings.push(limit.map_or(Finding::Fine(Check::OpenFiles), Finding::FewFiles));
}

/// Compares the clock with the recorded runs.
pub(super) fn clock(context: &Context, findings: &mut Vec<Finding>) {
    let folder = context.runs();
    let latest = now().saturating_add(TOLERANCE);
    let future = folder.runs().into_iter().filter(|id| !id.is_before(latest));
    let future: Vec<_> = future.collect();
    findings.push(match future.last() {
        Some(last) => Finding::Future {
            runs: future.len(),
            latest: folder.path(last),
        },
        None => Finding::Fine(Check::Clock),
    });
}
