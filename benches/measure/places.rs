//! The places of windows, and comparing them.
//!
//! A window is identified by the command line and working directory of its process, and also by
//! its title if the process has several windows. This code uses only i3's tree and shares
//! nothing with the program.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use crate::harness::{Desktop, tree};

/// Places by window; indistinguishable windows share an entry.
pub(crate) type Places = BTreeMap<String, Vec<String>>;

/// The places of all windows: workspace, layouts and positions of all containers from the
/// workspace to the window, rect in pixels, and other properties.
pub(crate) fn places(desktop: &Desktop) -> Places {
    let tree = laid_out(desktop);
    let mut windows = Vec::new();
    for workspace in tree::workspaces(&tree)
        .iter()
        .map(|workspace| workspace.con)
        .chain(tree::scratchpad(&tree))
    {
        let name = workspace["name"].as_str().unwrap_or_default();
        collect(workspace, name, None, &mut windows);
    }
    let mut of_process: BTreeMap<u32, usize> = BTreeMap::new();
    let pids: Vec<u32> = windows
        .iter()
        .map(|(con, _)| pid(desktop, con))
        .inspect(|&pid| *of_process.entry(pid).or_default() += 1)
        .collect();
    let mut places = Places::new();
    for ((con, place), pid) in windows.into_iter().zip(pids) {
        let title = con["window_properties"]["title"].as_str();
        let title = title.filter(|_| of_process[&pid] > 1);
        let identity = format!("{} {}", process(pid), title.unwrap_or_default());
        places.entry(identity).or_default().push(place);
    }
    for list in places.values_mut() {
        list.sort();
    }
    places
}

/// i3's tree after each workspace was shown once, because i3 updates the rects of a
/// workspace when it shows it.
pub(crate) fn laid_out(desktop: &Desktop) -> Value {
    desktop.sync();
    desktop.visit_all_workspaces();
    desktop.sync();
    desktop.tree()
}

/// The number of windows in exactly the same place as before.
pub(crate) fn exact(before: &Places, after: &Places) -> usize {
    before
        .iter()
        .map(|(identity, places)| {
            let now = after.get(identity).map_or(&[][..], Vec::as_slice);
            places.iter().filter(|place| now.contains(place)).count()
        })
        .sum()
}

/// The windows in other places than before, as text.
pub(crate) fn differences(before: &Places, after: &Places) -> String {
    let mut text = String::new();
    for (identity, places) in before {
        let now = after.get(identity);
        if now != Some(places) {
            // Writing to a String cannot fail.
            let _ = writeln!(
                text,
                "    {identity}\n      was {places:?}\n      is  {now:?}"
            );
        }
    }
    text
}

/// The number of windows.
pub(crate) fn count(places: &Places) -> usize {
    places.values().map(Vec::len).sum()
}

/// `hidden` is the floating frame of a hidden scratchpad window.
fn collect<'a>(
    con: &'a Value,
    path: &str,
    hidden: Option<&Value>,
    windows: &mut Vec<(&'a Value, String)>,
) {
    if tree::children(con).next().is_none() {
        if !con["window"].is_null() && !tree::is_placeholder(con) {
            windows.push((con, place(con, path, hidden)));
        }
        return;
    }
    let below = |kind: &str, index: usize| format!("{path} > {kind}.{index}");
    for (index, child) in tree::nodes(con).iter().enumerate() {
        collect(child, &below(tree::layout(con), index), hidden, windows);
    }
    for (index, child) in tree::floating_nodes(con).iter().enumerate() {
        let hidden = path.starts_with("__i3_scratch").then_some(child);
        collect(child, &below("floating", index), hidden, windows);
    }
}

fn place(con: &Value, path: &str, hidden: Option<&Value>) -> String {
    let marks = tree::marks(con);
    // i3 sets the inner rects of a hidden scratchpad window when it is shown, so only the
    // frame's rect counts.
    let inner = if hidden.is_some() {
        String::new()
    } else {
        tree::geometry(&con["window_rect"])
    };
    format!(
        "{path} {} inner {inner} border {} {} sticky {} fullscreen {} marks {marks:?}",
        tree::geometry(&hidden.unwrap_or(con)["rect"]),
        con["border"],
        con["current_border_width"],
        con["sticky"],
        con["fullscreen_mode"],
    )
}

/// The process of a container's window; 0 if unknown.
pub(crate) fn pid(desktop: &Desktop, con: &Value) -> u32 {
    con["window"]
        .as_u64()
        .and_then(|id| id.try_into().ok())
        .and_then(|id| desktop.display().pid_of(id))
        .unwrap_or(0)
}

fn process(pid: u32) -> String {
    let cmdline = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let mut arguments: Vec<_> = cmdline
        .split(|&byte| byte == 0)
        .map(String::from_utf8_lossy)
        .collect();
    if let Some(program) = arguments.first_mut()
        && let Some((_, name)) = program.rsplit_once('/')
    {
        *program = name.to_owned().into();
    }
    let cwd = std::fs::read_link(format!("/proc/{pid}/cwd")).unwrap_or_default();
    let cwd = cwd.file_name().unwrap_or_default().display().to_string();
    format!("{} (in {cwd})", arguments.join(" "))
}
