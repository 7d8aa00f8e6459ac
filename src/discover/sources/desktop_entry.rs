//! Commands from desktop entries.

use std::path::Path;

use super::Source;
use crate::discover::candidate::{Candidate, CommandSource, Doubt};
use crate::discover::desktop_match::{self, Related};
use crate::discover::evidence::{Evidence, Proposal};
use crate::discover::file_url::local_file;
use crate::discover::start_directory::StartDirectory;

/// The entries that belong to the window.
pub(super) const SOURCE: Source = Source {
    propose,
    outdoes: "a desktop entry has the same command with a better-known name",
};

fn propose(evidence: &Evidence) -> Vec<Candidate> {
    let asked = evidence.asked;
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
        doubts: doubts(evidence, fit.kept > 0),
        why: related.relation.to_string(),
    })
}

/// Returns the doubts about the arguments of the process, if some of them are kept or unknown.
fn doubts(evidence: &Evidence, keeps_arguments: bool) -> Vec<Doubt> {
    let own = evidence.own.as_ref().ok();
    let all = own.into_iter().flat_map(|own| &own.doubts);
    let is_one = |doubt: &&Doubt| keeps_arguments || matches!(doubt, Doubt::Overwritten(_));
    all.filter(is_one).cloned().collect()
}
