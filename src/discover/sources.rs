//! The pure half of discovery, joined with what this machine has.

use std::ffi::OsStr;
use std::path::PathBuf;

use super::desktop_entries::DesktopEntries;
use super::launch_command::{self, Discovered, NoCommand, Surroundings};
use super::programs::Programs;
use crate::live::{Con, WindowFacts};

/// Where commands come from on this machine.
#[derive(Debug)]
pub struct Sources {
    home: Option<PathBuf>,
    programs: Programs,
    entries: DesktopEntries,
}

impl Sources {
    /// From the home directory, the value of `PATH`, and the data directories, the most
    /// important first (`XDG_DATA_HOME`, then those of `XDG_DATA_DIRS`).
    pub fn new(
        home: Option<PathBuf>,
        path: &OsStr,
        data_directories: impl IntoIterator<Item = PathBuf>,
    ) -> Self {
        Self {
            home,
            programs: Programs::new(path),
            entries: DesktopEntries::new(data_directories),
        }
    }

    /// The command that opens the window again.
    pub fn discover(
        &self,
        con: &Con,
        facts: Option<&WindowFacts>,
    ) -> Result<Discovered, NoCommand> {
        let around = Surroundings {
            home: self.home.as_deref(),
            is_program: &|name| self.programs.find(name).is_some(),
            is_named: &|name, file| self.programs.is_named(name, file),
            entries: &|| self.entries.all(&self.programs),
        };
        launch_command::discover(con, facts, &around)
    }
}
