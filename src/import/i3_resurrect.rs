//! i3-resurrect (`JonnyHaystack`): for each workspace `workspace_NAME_layout.json` and
//! `workspace_NAME_programs.json`, for each profile `NAME_layout.json` and `NAME_programs.json` in
//! the folder `profiles`.
//!
//! The tree is the workspace itself, with its name; the name of the file lacks some characters of
//! it. Versions before 1.4.0 wrote only the containers. The programs are in the order of the
//! windows, without their classes (`get_leaves` in `treeutils.py`).

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::KIND;
use super::fields::{get, text, text_of, word};
use super::files::{
    File, Folder, LAYOUT, PROGRAMS, Part, Tool, Unit, WORKSPACE, json, layout_name, stem_of,
};
use super::note::{About, NameOrigin, Note};
use super::programs::Program;
use crate::document::lenient::{self, Lenient};
use crate::document::spanned::{Kind, SyntaxError};
use crate::document::{Problems, Spanned};

/// The keys that i3-resurrect writes and i3-save-tree leaves out.
const OWN_KEYS: [&str; 3] = ["scratchpad_state", "workspace_layout", "orientation"];

/// True for a workspace as i3-resurrect writes it.
pub(super) fn is_tree(json: &Lenient) -> bool {
    let [only] = json.values.as_slice() else {
        return false;
    };
    word(only, "type").as_deref() == Some("workspace")
        && get(only, "id").is_none()
        && OWN_KEYS.iter().any(|key| get(only, key).is_some())
}

/// True for a list of programs.
pub(super) fn are_programs(json: &Lenient) -> bool {
    let [only] = json.values.as_slice() else {
        return false;
    };
    let is_program = |entry: &Spanned| get(entry, "command").is_some();
    !only.items().is_empty() && only.items().iter().all(is_program)
}

/// A layout with all workspaces, and one for each profile.
pub(super) fn units(folder: &Folder) -> Result<Vec<Unit<'_>>, Problems> {
    let stems: BTreeSet<Natural> = folder
        .wanted()
        .filter_map(|file| {
            let mut ends = [LAYOUT, PROGRAMS].iter();
            ends.find_map(|end| file.name.strip_suffix(end))
                .map(Natural::of)
        })
        .collect();
    let mut units = Vec::new();
    let mut all = Unit {
        tool: Tool::I3Resurrect,
        name: "i3-resurrect".to_owned(),
        parts: Vec::new(),
        browsers: Vec::new(),
        notes: Vec::new(),
    };
    for Natural { text: stem, .. } in &stems {
        let name = stem_of_profile(stem);
        let is_workspace = !folder.is_of_profiles && !stem.contains('/');
        let workspace = stem.strip_prefix(WORKSPACE).filter(|_| is_workspace);
        let layout = folder.get(&format!("{stem}{LAYOUT}"));
        let programs = folder.get(&format!("{stem}{PROGRAMS}"));
        let Some(part) = part(layout, programs, workspace.unwrap_or(name))? else {
            continue;
        };
        if workspace.is_some() && folder.chosen.is_none() {
            all.parts.push(part);
            continue;
        }
        units.push(Unit {
            tool: Tool::I3Resurrect,
            name: match workspace {
                Some(workspace) => layout_name(&format!("workspace-{workspace}")),
                None => layout_name(name),
            },
            parts: vec![part],
            browsers: Vec::new(),
            notes: Vec::new(),
        });
    }
    if !all.parts.is_empty() {
        units.insert(0, all);
    }
    if let (true, Some(chosen)) = (stems.is_empty(), folder.wanted().next()) {
        // A copy under another name.
        let json = json(chosen)?;
        let (layout, programs) = if are_programs(&json) {
            (None, Some(chosen))
        } else {
            (Some(chosen), None)
        };
        let name = stem_of(&chosen.name);
        units.extend(part(layout, programs, name)?.map(|part| Unit {
            tool: Tool::I3Resurrect,
            name: layout_name(name),
            parts: vec![part],
            browsers: Vec::new(),
            notes: Vec::new(),
        }));
    }
    Ok(units)
}

/// The name of a profile without its folder.
fn stem_of_profile(stem: &str) -> &str {
    stem.rsplit('/').next().unwrap_or(stem)
}

/// The files of a workspace. `None` for a workspace that was saved without windows.
fn part<'f>(
    layout: Option<&'f File>,
    programs: Option<&'f File>,
    name: &str,
) -> Result<Option<Part<'f>>, Problems> {
    let tree = layout.map(json).transpose()?;
    let programs_of = programs.map(read_programs).transpose()?.unwrap_or_default();
    let is_empty = |tree: &Lenient| {
        tree.values
            .iter()
            .all(|value| value.entries().is_empty() && value.items().is_empty())
    };
    let tree = tree.filter(|tree| !is_empty(tree) || programs.is_none());
    let Some(file) = layout.filter(|_| tree.is_some()).or(programs) else {
        return Ok(None);
    };
    if tree.is_none() && programs_of.is_empty() {
        return Ok(None);
    }
    Ok(Some(Part {
        file,
        tree,
        programs: programs_of,
        programs_file: programs,
        workspace: (name.to_owned(), Some(NameOrigin::File)),
        output: None,
        only_tiled: false,
    }))
}

/// The programs of a file. i3-resurrect has written lists of words and strings.
pub(super) fn read_programs(file: &File) -> Result<Vec<Program>, Problems> {
    let json = json(file)?;
    let refuse = |value: &Spanned, message: &str| {
        let error = SyntaxError {
            message: message.to_owned(),
            hint: Some(
                "write for example `{\"command\": [\"xterm\"], \"working_directory\": \"/home\"}`"
                    .to_owned(),
            ),
            span: value.span.clone(),
        };
        lenient::problem(&json.text, &file.origin, KIND, error)
    };
    let mut programs = Vec::new();
    for list in &json.values {
        if !matches!(list.kind, Kind::List(_)) {
            return Err(refuse(list, "expected a list of programs"));
        }
        for entry in list.items() {
            let Some(command) = get(entry, "command") else {
                return Err(refuse(entry, "expected a program with `command`"));
            };
            let argv = match &command.kind {
                Kind::List(words) => words.iter().filter_map(text).collect(),
                Kind::Text(line) => {
                    let words = shell_words::split(&line.replace('\0', ""));
                    words.map_err(|_| refuse(command, "missing closing quote in the command"))?
                }
                _ => return Err(refuse(command, "expected a command")),
            };
            let cwd = text_of(entry, "working_directory").map(PathBuf::from);
            programs.push(Program {
                argv: argv.into_iter().filter(|word| !word.is_empty()).collect(),
                // A relative directory would be relative to the tool.
                cwd: cwd.filter(|cwd| cwd.is_absolute()),
                place: Some(json.place(&file.origin, entry.span.start)),
                ..Program::default()
            });
        }
    }
    programs.retain(|program| !program.argv.is_empty());
    Ok(programs)
}

/// The notes about a file of programs.
pub(super) fn repairs(file: &File) -> Vec<Note<usize>> {
    let Ok(json) = json(file) else {
        return Vec::new();
    };
    let note = |&(repair, at)| Note {
        place: Some(json.place(&file.origin, at)),
        slot: None,
        about: About::Syntax(repair),
    };
    json.repairs.iter().map(note).collect()
}

/// A name that is sorted by its numbers.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Natural {
    /// The letters before the first number, and the number.
    key: (String, u64),
    text: String,
}

impl Natural {
    fn of(text: &str) -> Self {
        let first = text.find(|letter: char| letter.is_ascii_digit());
        let (before, rest) = text.split_at(first.unwrap_or(text.len()));
        let end = rest.find(|letter: char| !letter.is_ascii_digit());
        let number = rest[..end.unwrap_or(rest.len())].parse().unwrap_or(0);
        Self {
            key: (before.to_owned(), number),
            text: text.to_owned(),
        }
    }
}
