//! Helpers for the unit tests of several folders.

use std::collections::BTreeMap;
use std::path::Path;

use crate::compile::{Plan, Surroundings, compile};
use crate::layout::{Format, read};
use crate::live::{Con, Desktop, Properties};
use crate::matching::Assignment;
use crate::wm::command::Command;

/// The plan of a layout file's text, for the outputs of a desktop.
#[track_caller]
pub(crate) fn plan(yaml: &str, desktop: &Desktop) -> Plan {
    let layout = read(yaml, "test.yaml", Format::Yaml).unwrap();
    compile(
        &layout,
        Surroundings {
            name: "test",
            identity: None,
            outputs: &desktop.outputs,
            workspaces: &desktop.present_workspaces(),
            workspace_outputs: &[],
            env: &BTreeMap::from([("SHELL".to_owned(), "/bin/sh".to_owned())]),
            home: Path::new("/home/user"),
        },
    )
}

/// The properties of a window, with its class in lower case as the instance.
pub(crate) fn properties(class: &str, title: &str) -> Properties {
    Properties {
        class: Some(class.to_owned()),
        instance: Some(class.to_lowercase()),
        title: Some(title.to_owned()),
        ..Properties::default()
    }
}

/// The titles of the windows in the slots of a plan, `-` for none.
pub(crate) fn titles_in_slots<'d>(
    plan: &Plan,
    desktop: &'d Desktop,
    assignment: &Assignment,
) -> Vec<&'d str> {
    let title = |idx| {
        let con = desktop.tree.find(assignment.window(idx)?)?;
        con.properties.as_ref()?.title.as_deref()
    };
    let slots = plan.slots();
    slots.map(|(idx, _)| title(idx).unwrap_or("-")).collect()
}

/// Commands in i3's syntax, with names in brackets instead of criteria: the name of the window,
/// else a mark.
#[track_caller]
pub(crate) fn texts(commands: &[Command], desktop: &Desktop) -> Vec<String> {
    let name = |id| {
        let con = desktop.tree.find(id).expect("the container is in the tree");
        let mark = || {
            con.attributes
                .marks
                .first()
                .map_or("placeholder", String::as_str)
        };
        Some(con.name())
            .filter(|name| !name.is_empty())
            .unwrap_or_else(mark)
    };
    let text = |command: &Command| match command {
        Command::KillPlaceholder(con) => format!("[{}] kill placeholder", name(*con)),
        Command::KillKept { con, title } => format!("[{}] kill placeholder `{title}`", name(*con)),
        command => {
            let ids = desktop.tree.descendants().map(|con: &Con| con.id);
            ids.fold(command.to_i3().unwrap(), |text, id| {
                let criterion = format!("[con_id={}]", id.0);
                match text.strip_prefix(&criterion) {
                    Some(rest) => format!("[{}]{rest}", name(id)),
                    None => text,
                }
            })
        }
    };
    commands.iter().map(text).collect()
}
