//! Layouts of other tools as layouts of this program.
//!
//! Each tool has a reader that says which files belong together, and what a file name means.
//! `tree` is the common step from i3's tree in JSON to the workspaces of a layout, and
//! `finish` adds names, commands and comments. All of it takes the bytes of files and returns
//! values.

mod commands;
mod criteria;
mod fields;
mod files;
mod finish;
mod i3_layout_manager;
mod i3_restore;
mod i3_resurrect;
mod i3_save_tree;
mod note;
mod programs;
mod recognise;
mod share;
mod tree;

use crate::config::Rules;
use crate::discover::Machine;
use crate::document::Problems;
use crate::layout::{Layout, SlotComments};
use crate::live::Defaults;

pub use files::{File, Folder, Tool};
pub use note::{About, Missing, NameOrigin, Note, Verdict};
pub use recognise::{companions, is_of_interest};

/// The first part of the codes of errors in files.
const KIND: &str = "import";

/// The surroundings of an import: everything but the files.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The machine with its desktop entries.
    pub machine: &'a dyn Machine,
    /// The rules of the configuration.
    pub rules: &'a Rules,
    /// The borders that are not written.
    pub defaults: Defaults,
    /// False if titles must not be saved.
    pub saves_titles: bool,
}

/// A layout that was imported.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The tool that wrote the files.
    pub tool: Tool,
    /// The name for the layout, from the name of the file or folder.
    pub name: String,
    /// The files, by their names in messages.
    pub files: Vec<String>,
    /// The layout.
    pub layout: Layout,
    /// The comments above its slots.
    pub comments: SlotComments,
    /// Notes about repairs, guesses and parts that were left out.
    pub notes: Vec<Note>,
}

/// The number of windows by the origin of their command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Commands {
    /// From the files.
    pub taken: usize,
    /// From desktop entries or rules, or by the order of the programs.
    pub guessed: usize,
    /// None.
    pub missing: usize,
}

impl Imported {
    /// The number of windows by the origin of their command.
    pub fn commands(&self) -> Commands {
        let with_command = self
            .layout
            .windows()
            .filter(|window| window.command.is_some());
        let guessed = self.notes.iter().filter(|note| {
            matches!(
                note.about,
                About::DesktopEntry(..) | About::Rule(..) | About::ByOrder(_)
            )
        });
        let (with_command, guessed) = (with_command.count(), guessed.count());
        Commands {
            taken: with_command.saturating_sub(guessed),
            guessed,
            missing: self.layout.window_count() - with_command,
        }
    }
}

/// Imports files. `workspaces` are names for the workspaces, in the order of the files.
pub fn import(
    folder: &Folder,
    from: Option<Tool>,
    workspaces: &[String],
    surroundings: Surroundings<'_>,
) -> Result<Vec<Imported>, Problems> {
    let units = recognise::units(folder, from)?;
    let units = units.into_iter();
    units
        .map(|unit| unit.read(workspaces, surroundings))
        .collect()
}
