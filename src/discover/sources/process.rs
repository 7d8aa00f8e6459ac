//! The command line of the window's process.

use super::Source;
use crate::discover::candidate::{Candidate, CommandSource, Doubt, NoCommand};
use crate::discover::evidence::{Evidence, Proposal};
use crate::discover::isolation::Isolation;
use crate::discover::terminal_table::Terminal;
use crate::discover::wrappers;

/// The command line, if a user would type it like this.
pub(super) const TYPED: Source = Source {
    propose: |evidence| propose(evidence, true),
    outdoes: "the command line of the process is more reliable",
};

/// The command line in any other case.
pub(super) const COMMAND_LINE: Source = Source {
    propose: |evidence| propose(evidence, false),
    ..TYPED
};

fn propose(evidence: &Evidence, plain: bool) -> Vec<Candidate> {
    let again = evidence.again;
    let is_plain = !again && evidence.own.as_ref().is_ok_and(|own| own.typed.plain);
    if is_plain != plain {
        return Vec::new();
    }
    let source = CommandSource::Process;
    let nothing =
        |reason: &NoCommand| vec![Candidate::without_command(source, None, reason.to_string())];
    let own = match &evidence.own {
        Err(reason) => return nothing(reason),
        Ok(_) if again => return nothing(&NoCommand::OpenedByAnother),
        Ok(own) => own,
    };
    let mut doubts = own.doubts.clone();
    let missing = missing_file(&own.typed.argv, evidence.title());
    let process = evidence.process.as_ref();
    let terminal = process.and_then(Terminal::of_process);
    let in_sandbox = terminal.filter(|_| evidence.isolation != Isolation::None);
    doubts.extend(in_sandbox.map(|terminal| Doubt::InSandbox(terminal.name.clone())));
    doubts.extend(missing.map(|file| Doubt::WhichFile(file.to_owned())));
    vec![evidence.candidate(Proposal {
        source,
        name: None,
        argv: own.typed.argv.clone(),
        directory: own.directory.clone().or(evidence.directory()),
        process: None,
        doubts,
        why: own.why.to_owned(),
    })]
}

/// Returns the file in the title, if the program was started again without it.
fn missing_file<'a>(argv: &[String], title: &'a str) -> Option<&'a str> {
    let (file, _) = title.rsplit_once(" - ")?;
    (wrappers::is_without_file(argv) && !file.is_empty()).then_some(file)
}
