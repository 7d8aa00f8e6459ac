//! Recognises the tool that wrote a file, and the files that belong to it.

use super::files::{
    File, Folder, LAYOUT, PROGRAMS, SCRIPT, Tool, Unit, has_extension, json, other_tool,
};
use super::note::{About, Note};
use super::{i3_layout_manager, i3_restore, i3_resurrect, i3_save_tree};
use crate::document::Problems;
use crate::document::spanned::Kind;

/// True if a file of a folder can be part of a layout.
pub fn is_of_interest(name: &str) -> bool {
    has_extension(name, "json") || i3_restore::is_script(name)
}

/// True if the file `other` of the same folder may belong to the file `name`.
pub fn companions(name: &str, other: &str) -> bool {
    if name == other {
        return false;
    }
    let is_part = [LAYOUT, PROGRAMS, SCRIPT]
        .iter()
        .any(|end| name.ends_with(end));
    let stem = |name: &str| {
        let mut ends = [LAYOUT, PROGRAMS].iter();
        ends.find_map(|end| name.strip_suffix(end))
            .map(str::to_owned)
    };
    let is_same = stem(name).is_some() && stem(name) == stem(other);
    is_part && (is_same || i3_restore::is_script(other) || other.ends_with(LAYOUT))
}

/// The layouts of a folder.
pub(super) fn units(folder: &Folder, from: Option<Tool>) -> Result<Vec<Unit<'_>>, Problems> {
    let tool = match from {
        Some(tool) => tool,
        None => recognise(folder)?,
    };
    let units = match tool {
        Tool::I3SaveTree => i3_save_tree::units(folder),
        Tool::I3Resurrect => i3_resurrect::units(folder),
        Tool::I3LayoutManager => i3_layout_manager::units(folder),
        Tool::I3Restore => i3_restore::units(folder),
    };
    if let Some(from) = from {
        refuse_others(folder, from, &units)?;
    }
    let mut units = units?;
    name_others(folder, &mut units);
    Ok(units)
}

/// Notes the files of the folder from which no layout was made.
fn name_others(folder: &Folder, units: &mut [Unit<'_>]) {
    let parts = units.iter().flat_map(|unit| &unit.parts);
    let used: Vec<String> = parts
        .flat_map(|part| [Some(part.file), part.programs_file])
        .flatten()
        .map(|file| file.name.clone())
        .collect();
    let others = folder
        .wanted()
        .filter(|file| has_extension(&file.name, "json") && !used.contains(&file.name));
    if let Some(first) = units.first_mut() {
        first.notes.extend(others.map(|file| Note {
            place: None,
            slot: None,
            about: About::File(file.origin.clone()),
        }));
    }
}

/// Refuses files that another tool than the named one has certainly written. Of a folder, only those
/// that are read count.
fn refuse_others(
    folder: &Folder,
    from: Tool,
    units: &Result<Vec<Unit<'_>>, Problems>,
) -> Result<(), Problems> {
    let parts = units.iter().flatten().flat_map(|unit| &unit.parts);
    let mut files: Vec<&File> = parts.map(|part| part.file).collect();
    if files.is_empty() {
        files = folder.wanted().collect();
    }
    for file in files {
        if let Some(tool) = written_by(file).filter(|tool| *tool != from) {
            return Err(other_tool(file, tool, from));
        }
    }
    Ok(())
}

/// The tool that has written a file, if its content leaves no doubt. All tools write trees as
/// i3-save-tree does.
fn written_by(file: &File) -> Option<Tool> {
    if i3_restore::is_script(&file.name) {
        return Some(Tool::I3Restore);
    }
    let json = json(file).ok()?;
    if i3_resurrect::is_tree(&json) || i3_resurrect::are_programs(&json) {
        return Some(Tool::I3Resurrect);
    }
    let is_list = matches!(json.values.as_slice(), [only] if matches!(only.kind, Kind::List(_)));
    let is_named = i3_layout_manager::stem(&file.name).is_some();
    (is_list && is_named).then_some(Tool::I3LayoutManager)
}

fn recognise(folder: &Folder) -> Result<Tool, Problems> {
    let has = |is_it: &dyn Fn(&str) -> bool| folder.files.iter().any(|file| is_it(&file.name));
    let Some(chosen) = folder.chosen.as_deref().and_then(|name| folder.get(name)) else {
        return Ok(
            if has(&i3_restore::is_script) || has(&i3_restore::is_layout) {
                Tool::I3Restore
            } else if has(&|name| name.ends_with(LAYOUT) || name.ends_with(PROGRAMS)) {
                Tool::I3Resurrect
            } else if has(&|name| i3_layout_manager::stem(name).is_some()) {
                Tool::I3LayoutManager
            } else {
                Tool::I3SaveTree
            },
        );
    };
    let name = chosen.name.as_str();
    if i3_restore::is_script(name) {
        return Ok(Tool::I3Restore);
    }
    let json = json(chosen)?;
    let is_list = matches!(json.values.as_slice(), [only] if matches!(only.kind, Kind::List(_)));
    Ok(
        if i3_resurrect::is_tree(&json) || i3_resurrect::are_programs(&json) {
            Tool::I3Resurrect
        } else if i3_restore::is_layout(name) || i3_restore::has_script(folder, name) {
            Tool::I3Restore
        } else if name.ends_with(LAYOUT) {
            Tool::I3Resurrect
        } else if is_list && i3_layout_manager::stem(name).is_some() {
            Tool::I3LayoutManager
        } else {
            Tool::I3SaveTree
        },
    )
}

#[cfg(test)]
mod tests;
