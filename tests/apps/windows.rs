//! The windows of a desktop as the user sees them.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::harness::{Desktop, tree};

/// A window with its title, process and position.
pub(crate) struct SeenWindow {
    pub(crate) con: u64,
    pub(crate) window: u32,
    pub(crate) title: String,
    pub(crate) class: String,
    /// The process; its working directory and command line follow.
    pub(crate) pid: Option<u32>,
    pub(crate) directory: PathBuf,
    pub(crate) argv: String,
    /// True if the process has other windows, so that its directory is not specific to this
    /// one.
    pub(crate) shared: bool,
    /// Workspace, path through the tree, rect and states.
    pub(crate) place: String,
}

/// One line per window.
pub(crate) fn text(all: &[SeenWindow]) -> String {
    let mut text = String::new();
    for seen in all {
        let SeenWindow {
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

/// All windows outside the scratchpad, in tree order.
pub(crate) fn visible_windows(desktop: &Desktop) -> Vec<SeenWindow> {
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

fn collect(desktop: &Desktop, con: &Value, way: &str, all: &mut Vec<SeenWindow>) {
    if !con["window"].is_null() && !tree::is_placeholder(con) {
        let window = con["window"]
            .as_u64()
            .and_then(|id| id.try_into().ok())
            .unwrap_or(0);
        let property = |key: &str| {
            let text = con["window_properties"][key].as_str();
            text.unwrap_or_default().to_owned()
        };
        let pid = desktop.display().pid_of(window);
        let of_process = |name: &str| PathBuf::from(format!("/proc/{}/{name}", pid.unwrap_or(0)));
        all.push(SeenWindow {
            con: con["id"].as_u64().unwrap_or_default(),
            window,
            title: property("title"),
            class: property("class"),
            pid,
            directory: fs::read_link(of_process("cwd")).unwrap_or_default(),
            argv: fs::read_to_string(of_process("cmdline"))
                .unwrap_or_default()
                .replace('\0', " "),
            shared: false,
            place: format!(
                "{way} {} {} {}",
                tree::geometry(&con["rect"]),
                // It does not matter whether i3 or the user made it float.
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
