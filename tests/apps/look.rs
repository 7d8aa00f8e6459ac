//! The windows of a desktop as a person sees them.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::harness::{Desktop, tree};

/// A window, what it shows, and where it is.
pub(crate) struct Seen {
    pub(crate) con: u64,
    pub(crate) window: u32,
    pub(crate) title: String,
    pub(crate) class: String,
    /// The process, its directory and its command line.
    pub(crate) pid: Option<u32>,
    pub(crate) directory: PathBuf,
    pub(crate) argv: String,
    /// Whether the process has other windows, so that its directory says little.
    pub(crate) shared: bool,
    /// Workspace, way through the tree, rect, states.
    pub(crate) place: String,
}

/// A line for each window, for people.
pub(crate) fn text(all: &[Seen]) -> String {
    let mut text = String::new();
    for seen in all {
        let Seen {
            place,
            class,
            title,
            directory,
            argv,
            ..
        } = seen;
        let directory = directory.display();
        let _ = writeln!(text, "{place}: {class} `{title}` in {directory}: {argv}");
    }
    text
}

/// All windows that people can see, in order of the tree.
pub(crate) fn look(desktop: &Desktop) -> Vec<Seen> {
    let root = desktop.tree();
    let mut all = Vec::new();
    for workspace in tree::workspaces(&root) {
        let name = workspace.con["name"].as_str().unwrap_or_default();
        collect(desktop, workspace.con, name, &mut all);
    }
    let pids: Vec<Option<u32>> = all.iter().map(|seen| seen.pid).collect();
    for seen in &mut all {
        seen.shared = pids.iter().filter(|&&pid| pid == seen.pid).count() > 1;
    }
    all
}

fn collect(desktop: &Desktop, con: &Value, way: &str, all: &mut Vec<Seen>) {
    if !con["window"].is_null() && !tree::is_placeholder(con) {
        let window = con["window"]
            .as_u64()
            .and_then(|id| id.try_into().ok())
            .unwrap_or(0);
        let said = |key: &str| {
            let text = con["window_properties"][key].as_str();
            text.unwrap_or_default().to_owned()
        };
        let pid = desktop.display().pid_of(window);
        let of_process = |name: &str| PathBuf::from(format!("/proc/{}/{name}", pid.unwrap_or(0)));
        all.push(Seen {
            con: con["id"].as_u64().unwrap_or_default(),
            window,
            title: said("title"),
            class: said("class"),
            pid,
            directory: fs::read_link(of_process("cwd")).unwrap_or_default(),
            argv: fs::read_to_string(of_process("cmdline"))
                .unwrap_or_default()
                .replace('\0', " "),
            shared: false,
            place: format!(
                "{way} {} {} {}",
                tree::geometry(&con["rect"]),
                // Who made it float, i3 or a person, does not matter.
                if con["floating"].to_string().contains("_on") {
                    "floating"
                } else {
                    "tiled"
                },
                if con["focused"] == true {
                    "focused"
                } else {
                    ""
                },
            ),
        });
    }
    for (number, child) in tree::nodes(con).iter().enumerate() {
        let layout = tree::layout(con);
        collect(desktop, child, &format!("{way}/{layout}{number}"), all);
    }
    for (number, child) in tree::floating_nodes(con).iter().enumerate() {
        collect(desktop, child, &format!("{way}/floating{number}"), all);
    }
}
