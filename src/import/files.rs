//! The files of tools, and those of one layout.

use std::ffi::OsStr;
use std::fmt;
use std::path::Path;

use super::KIND;
use super::note::{NameOrigin, Note};
use super::programs::Program;
use crate::document::lenient::{self, Lenient};
use crate::document::{Fault, Problems};
use crate::layout::{self, names};

/// A tool whose files can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// i3-save-tree, and all other files for `append_layout`.
    I3SaveTree,
    /// i3-resurrect, with a file of programs for each workspace or profile.
    I3Resurrect,
    /// i3-layout-manager.
    I3LayoutManager,
    /// i3-restore, with a script of programs for each workspace.
    I3Restore,
}

impl Tool {
    /// All tools.
    pub const ALL: [Self; 4] = [
        Self::I3SaveTree,
        Self::I3Resurrect,
        Self::I3LayoutManager,
        Self::I3Restore,
    ];

    /// The name of the tool.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::I3SaveTree => "i3-save-tree",
            Self::I3Resurrect => "i3-resurrect",
            Self::I3LayoutManager => "i3-layout-manager",
            Self::I3Restore => "i3-restore",
        }
    }

    /// A file of the tool, in messages.
    const fn of_file(self) -> &'static str {
        match self {
            Self::I3SaveTree => "a file of i3-save-tree",
            Self::I3Resurrect => "a file of i3-resurrect",
            Self::I3LayoutManager => "a file of i3-layout-manager",
            Self::I3Restore => "a file of i3-restore",
        }
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A file to import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// Its name, with the name of its folder in front if that is a folder of profiles.
    pub name: String,
    /// The name in messages.
    pub origin: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// The files of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folder {
    /// The files, sorted by name.
    pub files: Vec<File>,
    /// The only file to import; the others may belong to it. `None`: the whole folder.
    pub chosen: Option<String>,
    /// True if it is a folder of profiles of i3-resurrect.
    pub is_of_profiles: bool,
}

impl Folder {
    /// The file with this name.
    pub(super) fn get(&self, name: &str) -> Option<&File> {
        self.files.iter().find(|file| file.name == name)
    }

    /// The files to import: one, or all.
    pub(super) fn wanted(&self) -> impl Iterator<Item = &File> {
        let is_wanted = |file: &&File| self.chosen.as_ref().is_none_or(|name| *name == file.name);
        self.files.iter().filter(is_wanted)
    }
}

/// The ending of a file with the tree of a workspace.
pub(super) const LAYOUT: &str = "_layout.json";

/// The ending of a file with programs.
pub(super) const PROGRAMS: &str = "_programs.json";

/// The ending of a script with programs.
pub(super) const SCRIPT: &str = "_programs.sh";

/// The start of the names of files for a workspace.
pub(super) const WORKSPACE: &str = "workspace_";

/// The script in which i3-restore keeps browsers.
pub(super) const BROWSERS: &str = "web_browsers.sh";

/// The files of a layout.
pub(super) struct Unit<'f> {
    pub(super) tool: Tool,
    /// The name for the layout.
    pub(super) name: String,
    pub(super) parts: Vec<Part<'f>>,
    /// Programs that open all their windows, on any workspace.
    pub(super) browsers: Vec<Program>,
    pub(super) notes: Vec<Note<usize>>,
}

/// The files of a workspace, or of several.
pub(super) struct Part<'f> {
    /// The file of the tree, or else of the programs.
    pub(super) file: &'f File,
    /// The tree; `None` if only the programs are known.
    pub(super) tree: Option<Lenient>,
    /// The programs in the order of the windows.
    pub(super) programs: Vec<Program>,
    /// The file of the programs, if it is another one.
    pub(super) programs_file: Option<&'f File>,
    /// The name of the workspace, unless the tree has it.
    pub(super) workspace: (String, Option<NameOrigin>),
    pub(super) output: Option<String>,
    /// True if the programs are those of tiled windows.
    pub(super) only_tiled: bool,
}

impl<'f> Part<'f> {
    /// A tree without programs.
    pub(super) fn of_tree(file: &'f File, tree: Lenient, workspace: String) -> Self {
        Self {
            file,
            tree: Some(tree),
            programs: Vec::new(),
            programs_file: None,
            workspace: (workspace, Some(NameOrigin::File)),
            output: None,
            only_tiled: false,
        }
    }
}

/// The values of a file.
pub(super) fn json(file: &File) -> Result<Lenient, Problems> {
    let text = String::from_utf8_lossy(&file.bytes);
    let first = text
        .trim_start_matches('\u{feff}')
        .trim_start()
        .chars()
        .next();
    let is_json = first.is_none_or(|first| "{[/#\"".contains(first));
    if !is_json && layout::is_layout(&text) {
        return Err(own_layout(file));
    }
    if file.bytes.contains(&0) || !is_json {
        return Err(foreign(
            file,
            "no JSON",
            "name a file that i3-save-tree, i3-resurrect, i3-layout-manager or i3-restore wrote, \
             or the folder of these files",
        ));
    }
    let json = lenient::read(&file.bytes, &file.origin, KIND)?;
    let has = |key: &str| json.values.iter().any(|value| value.get(key).is_some());
    if has("workspaces") && !has("type") && !has("nodes") {
        return Err(own_layout(file));
    }
    Ok(json)
}

fn own_layout(file: &File) -> Problems {
    foreign(
        file,
        "a layout of i3pm-layout",
        "run `i3pm-layout apply` with its path, or copy it to ~/.config/i3pm-layout/layouts/",
    )
}

/// The error for files without any window.
pub(super) fn no_window(file: &File) -> Problems {
    foreign(
        file,
        "a file without windows",
        "check that this is the right file; i3-save-tree prints only a comment for an empty \
         workspace",
    )
}

/// The error for a file of another tool than the one that the user names.
pub(super) fn other_tool(file: &File, tool: Tool, named: Tool) -> Problems {
    foreign_to(
        file,
        tool.of_file(),
        named.of_file(),
        "leave out `--from`, or name this format",
    )
}

fn foreign(file: &File, found: &'static str, hint: &'static str) -> Problems {
    foreign_to(file, found, "a layout of i3 or of a known tool", hint)
}

fn foreign_to(
    file: &File,
    found: &'static str,
    expected: &'static str,
    hint: &'static str,
) -> Problems {
    let text = String::from_utf8_lossy(&file.bytes);
    let fault = Fault::Foreign {
        found,
        expected,
        hint,
    };
    let end = text.find('\n').unwrap_or(text.len());
    lenient::fault_at(&text, &file.origin, KIND, fault, 0..end)
}

/// A valid name of a layout that is similar to the text.
pub(super) fn layout_name(text: &str) -> String {
    /// In bytes. The suffix of a number must fit, too.
    const LONGEST: usize = 60;
    let is_allowed = |letter: char| letter.is_alphanumeric() || "._-".contains(letter);
    let mut name = String::new();
    for letter in text.chars() {
        let letter = if is_allowed(letter) { letter } else { '-' };
        if name.len() + letter.len_utf8() > LONGEST {
            break;
        }
        if !(letter == '-' && name.ends_with('-')) {
            name.push(letter);
        }
    }
    let mut name = name.trim_matches(['.', '-']).to_owned();
    // Otherwise, it would be the path of a file.
    if ["yaml", "yml", "json"]
        .iter()
        .any(|end| has_extension(&name, end))
    {
        name = name.replace('.', "-");
    }
    match names::refuse(&name) {
        None => name,
        Some(_) => "imported".to_owned(),
    }
}

/// True if the name of a file has this extension.
pub(super) fn has_extension(name: &str, extension: &str) -> bool {
    Path::new(name).extension() == Some(OsStr::new(extension))
}

/// The name of a file without its folder and its extension.
pub(super) fn stem_of(name: &str) -> &str {
    let name = name.rsplit('/').next().unwrap_or(name);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
