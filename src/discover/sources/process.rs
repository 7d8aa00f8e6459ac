//! The process as a source: its own command line.

use super::Source;
use crate::discover::candidate::{Candidate, Doubt, NoCommand};
use crate::discover::command_line::base_name;
use crate::discover::evidence::{Evidence, Proposal};
use crate::layout::CommandSource;

/// Its command line, where a person would type it so.
pub(super) const TYPED: Source = Source {
    propose: |evidence| propose(evidence, true),
    outdoes: "the process says the same in its own words",
};

/// Its command line as it is.
pub(super) const COMMAND_LINE: Source = Source {
    propose: |evidence| propose(evidence, false),
    ..TYPED
};

fn propose(evidence: &Evidence, plain: bool) -> Vec<Candidate> {
    let again = evidence.asked.again;
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
    doubts.extend(missing.map(|file| Doubt::WhichFile(file.to_owned())));
    vec![evidence.candidate(Proposal {
        source,
        name: None,
        argv: own.typed.argv.clone(),
        directory: own.directory.clone().or_else(|| evidence.directory()),
        process: None,
        doubts,
        why: own.why.to_owned(),
    })]
}

/// Programs that start themselves once more without the file that they are to show, and
/// the option by which that is seen.
const WITHOUT_FILE: [(&str, &str); 1] = [("geeqie", "--blank")];

/// The file that is shown according to the title, where the command line is known to be
/// without it.
fn missing_file<'a>(argv: &[String], title: &'a str) -> Option<&'a str> {
    let [program, option] = argv else {
        return None;
    };
    let (file, _) = title.rsplit_once(" - ")?;
    let is_without = WITHOUT_FILE.contains(&(base_name(program), option));
    (is_without && !file.is_empty()).then_some(file)
}
