//! Commands from desktop entries.

use std::path::Path;

use super::Source;
use crate::discover::candidate::{Candidate, CommandSource, Doubt, NoCommand};
use crate::discover::desktop_match::{self, Related};
use crate::discover::evidence::{Evidence, Proposal};
use crate::discover::file_url::local_file;
use crate::discover::isolation::Isolation;
use crate::discover::sandboxes::{self, Way};
use crate::discover::start_command::OwnCommand;
use crate::discover::start_directory::StartDirectory;
use crate::discover::wrappers;
use crate::live::Process;

/// The entries that belong to the window.
pub(super) const SOURCE: Source = Source {
    propose,
    outdoes: "a desktop entry has the same command with a better-known name",
};

fn propose(evidence: &Evidence) -> Vec<Candidate> {
    let asked = evidence.asked;
    if let Some(process) = &evidence.process
        && is_elsewhere(evidence)
    {
        return isolating(process, evidence);
    }
    let properties = asked.con.properties.as_ref();
    let argv = evidence.argv().or_else(|| {
        // The process cannot be started by this, but its program is known.
        let argv = evidence.process.as_ref()?.argv.as_slice();
        (!argv.is_empty() && !argv.iter().any(|word| word.contains('\u{fffd}'))).then_some(argv)
    });
    let related = desktop_match::related(
        evidence.machine.desktop_files(),
        properties.and_then(|properties| properties.class.as_deref()),
        properties.and_then(|properties| properties.instance.as_deref()),
        argv,
    );
    related
        .into_iter()
        .filter(|related| !evidence.again || related.is_web_app())
        .map(|related| candidate(&related, evidence))
        .collect()
}

/// True if a program of the same name, started here, is not the one that owns the window.
fn is_elsewhere(evidence: &Evidence) -> bool {
    let is_own = |own: &OwnCommand| own.doubts.contains(&Doubt::Namespaces);
    match &evidence.own {
        Err(NoCommand::OtherMachine(_)) => true,
        own => {
            evidence.isolation.is_apart()
                || evidence.isolation == Isolation::Namespaces && !own.as_ref().is_ok_and(is_own)
        }
    }
}

/// The entry that starts the program of an isolated process in its container or sandbox, or as its
/// user. The entries of this machine's program of that name do not.
fn isolating(process: &Process, evidence: &Evidence) -> Vec<Candidate> {
    let own = wrappers::inner(&process.argv);
    let Some((program, arguments)) = own.split_first().filter(|_| !evidence.again) else {
        return Vec::new();
    };
    let program = wrappers::plain_name(program);
    let machine = evidence.machine;
    let found = machine.desktop_files().iter().filter_map(|entry| {
        let argv = desktop_match::running(&entry.exec, program, arguments)?;
        let way = sandboxes::way_of(&entry.exec.argv, program, process, machine)?;
        Some((entry, argv, way))
    });
    let mut found: Vec<_> = found.filter(|(entry, ..)| !entry.terminal).collect();
    // Nothing tells several containers apart.
    let [(entry, argv, way)] = &mut *found else {
        return Vec::new();
    };
    if evidence.own.is_ok() && *way == Way::Perhaps {
        return Vec::new();
    }
    let line = evidence.process_line(argv);
    vec![
        evidence.candidate(Proposal {
            source: CommandSource::DesktopEntry,
            name: Some(entry.id.clone()),
            argv: std::mem::take(argv),
            directory: evidence
                .own
                .as_ref()
                .map_or_else(|_| StartDirectory::default(), |own| own.directory.clone()),
            process: line,
            doubts: (*way == Way::Perhaps)
                .then_some(Doubt::Enters)
                .into_iter()
                .collect(),
            why: "its Exec starts the program in the same container or sandbox".to_owned(),
        }),
    ]
}

fn candidate(related: &Related, evidence: &Evidence) -> Candidate {
    let entry = related.entry;
    let source = CommandSource::DesktopEntry;
    let name = Some(entry.id.clone());
    let fit = match &related.fit {
        Ok(fit) => fit,
        Err(misfit) => return Candidate::without_command(source, name, misfit.to_string()),
    };
    let mut directory = evidence.directory();
    if directory.cwd.is_none()
        && let Some(path) = &entry.path
    {
        directory = StartDirectory::at(path.into());
    }
    // Commands that take URLs also take paths ("The Exec key"), which people prefer.
    let machine = evidence.machine;
    let as_path = |argument: &String| {
        let path = Some(argument)
            .filter(|_| fit.kept > 0)
            .and_then(|argument| local_file(argument))
            .filter(|path| machine.is_file(path) || machine.is_directory(path));
        let path = path.as_deref().and_then(Path::to_str);
        path.unwrap_or(argument).to_owned()
    };
    evidence.candidate(Proposal {
        source,
        name,
        argv: fit.argv.iter().map(as_path).collect(),
        directory,
        process: evidence.process_line(&fit.argv),
        doubts: evidence
            .own
            .as_ref()
            .map_or_else(|_| Vec::new(), |own| own.doubts.clone()),
        why: related.relation.to_string(),
    })
}
