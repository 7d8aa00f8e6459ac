//! i3-restore (jdholtz): for each workspace `workspace_NAME_OUTPUT_layout.json`, printed by
//! i3-save-tree with all criteria in force, and `workspace_NAME_programs.sh` with the programs of
//! its tiled windows. `workspace_NAME_subprocess_N.sh` has the program inside a terminal, and
//! `web_browsers.sh` the browsers, each once for all its windows.
//!
//! File names have `{slash}` for a slash, and those of scripts `{space}` for a space.

use std::path::PathBuf;

use super::files::{
    BROWSERS, File, Folder, LAYOUT, PROGRAMS, Part, SCRIPT, Tool, Unit, WORKSPACE, has_extension,
    json, layout_name,
};
use super::i3_resurrect;
use super::note::{About, NameOrigin, Note};
use super::programs::Program;
use crate::document::Problems;
use crate::document::lenient::Place;

/// The part of the name of a script with the program inside a terminal.
const SUBPROCESS: &str = "_subprocess_";

/// True for a script of i3-restore.
pub(super) fn is_script(name: &str) -> bool {
    let is_of_workspace = name.starts_with(WORKSPACE)
        && has_extension(name, "sh")
        && (name.ends_with(SCRIPT) || name.contains(SUBPROCESS));
    is_of_workspace || name == BROWSERS
}

/// True for a tree whose name has an output, which i3-resurrect does not write.
pub(super) fn is_layout(name: &str) -> bool {
    let stem = name
        .strip_prefix(WORKSPACE)
        .and_then(|name| name.strip_suffix(LAYOUT));
    stem.and_then(|stem| stem.rsplit_once('_'))
        .is_some_and(|(name, output)| !name.is_empty() && is_output(output))
}

/// True for a name that RandR outputs have, such as `eDP-1`, `HDMI1` or `default`.
fn is_output(name: &str) -> bool {
    let kinds = [
        "edp",
        "dp",
        "hdmi",
        "dvi",
        "vga",
        "lvds",
        "displayport",
        "virtual",
        "screen",
        "none",
        "default",
        "xwayland",
        "usb",
    ];
    let lower = name.to_ascii_lowercase();
    kinds.iter().any(|kind| lower.starts_with(kind))
}

/// True if the folder has the script of a tree.
pub(super) fn has_script(folder: &Folder, name: &str) -> bool {
    name.strip_prefix(WORKSPACE)
        .and_then(|name| name.strip_suffix(LAYOUT))
        .is_some_and(|stem| script(folder, stem).is_some() || split(folder, stem).1.is_some())
}

fn script<'f>(folder: &'f Folder, stem: &str) -> Option<&'f File> {
    folder.get(&format!(
        "{WORKSPACE}{}{SCRIPT}",
        stem.replace(' ', "{space}")
    ))
}

/// The workspace and the output in the name of a tree.
fn split<'s>(folder: &Folder, stem: &'s str) -> (&'s str, Option<&'s str>) {
    match stem.rsplit_once('_') {
        // An early version wrote no output.
        _ if script(folder, stem).is_some() => (stem, None),
        Some((name, output))
            if !name.is_empty() && (is_output(output) || script(folder, name).is_some()) =>
        {
            (name, Some(output))
        }
        _ => (stem, None),
    }
}

/// One layout with all workspaces.
pub(super) fn units(folder: &Folder) -> Result<Vec<Unit<'_>>, Problems> {
    let mut unit = Unit {
        tool: Tool::I3Restore,
        name: "i3-restore".to_owned(),
        parts: Vec::new(),
        browsers: Vec::new(),
        notes: Vec::new(),
    };
    let chosen = folder.chosen.as_deref().map(base_of);
    let mut scripts: Vec<&File> = Vec::new();
    for file in &folder.files {
        let stem = file.name.strip_prefix(WORKSPACE);
        let Some(stem) = stem.and_then(|name| name.strip_suffix(LAYOUT)) else {
            continue;
        };
        let (name, output) = split(folder, stem);
        let key = name.replace(' ', "{space}");
        let is_wanted = folder.chosen.as_ref().is_none_or(|one| *one == file.name)
            || chosen.as_deref() == Some(&*key);
        if !is_wanted {
            continue;
        }
        let mut part = Part::of_tree(file, json(file)?, name_of(name));
        // The name of the file is that of the workspace.
        part.workspace.1 = None;
        part.output = output.map(str::to_owned);
        part.only_tiled = true;
        if let Some(script) = script(folder, name) {
            part.programs = read_script(folder, script, &key, &mut unit.notes);
            part.programs_file = Some(script);
            scripts.push(script);
        } else if let Some(programs) = folder.get(&format!("{WORKSPACE}{name}{PROGRAMS}")) {
            part.programs = i3_resurrect::read_programs(programs)?;
            part.programs_file = Some(programs);
        }
        unit.parts.push(part);
    }
    for file in folder
        .files
        .iter()
        .filter(|file| file.name.ends_with(SCRIPT))
    {
        let key = base_of(&file.name);
        let is_wanted = chosen.as_deref().is_none_or(|chosen| chosen == key);
        if is_wanted && !scripts.iter().any(|known| known.name == file.name) {
            unit.parts.push(Part {
                file,
                tree: None,
                programs: read_script(folder, file, &key, &mut unit.notes),
                programs_file: None,
                workspace: (name_of(&key), None),
                output: None,
                only_tiled: true,
            });
        }
    }
    if unit.parts.is_empty()
        && let Some(file) = folder
            .wanted()
            .find(|file| has_extension(&file.name, "json"))
    {
        // A copy under another name.
        let stem = super::files::stem_of(&file.name);
        let mut part = Part::of_tree(file, json(file)?, stem.to_owned());
        part.workspace.1 = Some(NameOrigin::File);
        unit.parts.push(part);
    }
    if let Some(file) = folder.get(BROWSERS) {
        unit.browsers = lines(file)
            .filter_map(|(place, line)| program(place, line, None, &mut unit.notes))
            .map(|program| Program {
                opens_all: true,
                ..program
            })
            .collect();
    }
    if let (Some(_), [part]) = (&folder.chosen, unit.parts.as_slice()) {
        unit.name = layout_name(&format!("workspace-{}", part.workspace.0));
    }
    Ok(vec![unit])
}

/// The workspace in a file name, as scripts have it.
fn base_of(name: &str) -> String {
    let name = name.strip_prefix(WORKSPACE).unwrap_or(name);
    let name = name.strip_suffix(SCRIPT).unwrap_or(name);
    let name = name.split(SUBPROCESS).next().unwrap_or(name);
    name.to_owned()
}

fn name_of(stem: &str) -> String {
    stem.replace("{slash}", "/").replace("{space}", " ")
}

/// The lines of a script without the first one, with their places.
fn lines(file: &File) -> impl Iterator<Item = (Place, String)> {
    let text = String::from_utf8_lossy(&file.bytes).replace('\0', "");
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let lines = lines.into_iter().enumerate();
    let lines = lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    lines.map(|(number, line)| {
        let place = Place {
            file: file.origin.clone(),
            line: number + 1,
            column: 1,
        };
        (place, line)
    })
}

/// The programs of a script. Each line is `[[ $1 == N ]] && cd "DIRECTORY" && COMMAND`, with the
/// variable `I3_RESTORE_SUBPROCESS_SCRIPT=FILE` before the command of a terminal.
fn read_script(
    folder: &Folder,
    script: &File,
    key: &str,
    notes: &mut Vec<Note<usize>>,
) -> Vec<Program> {
    let mut programs = Vec::new();
    for (place, line) in lines(script) {
        let (number, rest) = match line.split_once("]] && ") {
            Some((test, rest)) => (test.split_whitespace().last().unwrap_or_default(), rest),
            None => ("", line.as_str()),
        };
        let inside = || {
            let name = format!("{WORKSPACE}{key}{SUBPROCESS}{number}.sh");
            let text = lines(folder.get(&name)?).map(|(_, line)| line);
            text.last().filter(|line| !line.trim().is_empty())
        };
        let has_inside = rest.contains("I3_RESTORE_SUBPROCESS_SCRIPT=");
        let inside = has_inside.then(inside).flatten();
        programs.extend(program(place, rest.to_owned(), inside, notes));
    }
    programs
}

fn program(
    place: Place,
    line: String,
    inside: Option<String>,
    notes: &mut Vec<Note<usize>>,
) -> Option<Program> {
    let (cwd, command) = match line
        .strip_prefix("cd \"")
        .and_then(|rest| rest.split_once("\" && "))
    {
        Some((cwd, command)) => (Some(PathBuf::from(cwd)), command),
        None => (None, line.as_str()),
    };
    // The tool joins the words without quotes, so quotes are part of words.
    let words = shell_words::split(command);
    let words = words.unwrap_or_else(|_| command.split_whitespace().map(str::to_owned).collect());
    let is_variable = |word: &String| word.starts_with("I3_RESTORE_SUBPROCESS_SCRIPT=");
    let argv: Vec<String> = words
        .into_iter()
        .skip_while(is_variable)
        .filter(|word| !word.is_empty())
        .collect();
    if argv.is_empty() {
        notes.push(Note {
            place: Some(place),
            slot: None,
            about: About::Program(line),
        });
        return None;
    }
    Some(Program {
        argv,
        cwd: cwd.filter(|cwd| cwd.is_absolute()),
        place: Some(place),
        inside,
        opens_all: false,
    })
}
