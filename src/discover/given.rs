//! Commands that another program has written down.

use std::path::PathBuf;

use super::candidate::Discovered;
use super::evidence::Proposal;
use super::machine::Machine;
use super::start_directory::StartDirectory;
use crate::layout::CommandSource;

/// Returns a command line and its working directory in the form of a layout file: secrets are
/// replaced, paths shortened, and the command is checked.
pub fn written(argv: Vec<String>, cwd: Option<PathBuf>, machine: &dyn Machine) -> Discovered {
    let directory = cwd.map(StartDirectory::at);
    let proposal = Proposal {
        source: CommandSource::Manual,
        name: None,
        argv,
        directory: directory.unwrap_or_default(),
        process: None,
        doubts: Vec::new(),
        why: String::new(),
    };
    proposal.written(machine).found.unwrap_or_default()
}
