//! Records: which window was placed in which slot of which layout.
//!
//! A record is evidence for the next run, and leaves no trace on the desktop. It is kept
//! for the X session in a file of the runtime directory; see [`mod@file`].

pub mod file;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::compile::{Launch, Plan, SlotIdx, is_temporary_mark};
use crate::live::{Con, ConId, Desktop, OWN_MARK_PREFIX, Pid, WindowFacts, XId, workspace_number};

/// A window in a slot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The window, with proof against a later window of the same id.
    #[serde(flatten)]
    pub window: Window,
    /// The layout; see [`Plan::identity`].
    pub layout: String,
    /// The layout's file.
    pub file: PathBuf,
    /// The layout's workspaces.
    pub workspaces: Vec<String>,
    /// The id of the slot.
    pub slot: String,
    /// The hash of the slot's command, working directory and criteria.
    pub definition: u64,
}

/// A window with its process. X reuses the ids of windows, and the system those of
/// processes, but not together with the start time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Window {
    /// The X11 id.
    pub id: XId,
    /// The process id.
    pub pid: Option<Pid>,
    /// The start time of the process, in clock ticks since boot (proc(5), `starttime`).
    pub started: Option<u64>,
}

impl Window {
    /// The window with this id and these facts.
    pub fn new(id: XId, facts: Option<&WindowFacts>) -> Self {
        let process = facts.and_then(|facts| facts.process.as_ref());
        Self {
            id,
            pid: facts.and_then(WindowFacts::pid),
            started: process.and_then(|process| process.started),
        }
    }
}

/// The marks that windows would have if records were marks, by window.
pub type Marks = BTreeMap<Window, BTreeSet<String>>;

/// All records of an X session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Records(Vec<Record>);

impl Records {
    /// The records that count for a plan, as marks.
    ///
    /// A record of the same layout counts while its slot has the same command, directory and
    /// criteria. A record of another layout counts while `slots` finds the slot in the
    /// layout's file, and if the layouts have no workspace in common: otherwise they are
    /// alternative arrangements of the same windows.
    pub fn for_plan(
        &self,
        plan: &Plan,
        slots: &mut dyn FnMut(&Path) -> Option<BTreeSet<String>>,
    ) -> Marks {
        let own = plan.identity.as_deref();
        let definitions: BTreeMap<&str, u64> = plan
            .slots()
            .map(|(idx, slot)| (slot.id.as_str(), definition(plan, idx)))
            .collect();
        self.marks(|record| {
            if own == Some(record.layout.as_str()) {
                return definitions.get(record.slot.as_str()) == Some(&record.definition);
            }
            !shares_a_workspace(plan, &record.workspaces)
                && slots(&record.file).is_some_and(|slots| slots.contains(&record.slot))
        })
    }

    /// The records of a layout, as marks.
    pub fn of_layout(&self, layout: &str) -> Marks {
        self.marks(|record| record.layout == layout)
    }

    fn marks(&self, mut counts: impl FnMut(&Record) -> bool) -> Marks {
        let mut marks = Marks::new();
        for record in self.0.iter().filter(|record| counts(record)) {
            let mark = Plan::mark_of(&record.layout, &record.slot);
            marks.entry(record.window).or_default().insert(mark);
        }
        marks
    }

    /// Records the windows of a plan's slots, instead of earlier records of these slots and
    /// windows in the same layout. Does nothing for a plan without an identity.
    pub fn place(
        &mut self,
        plan: &Plan,
        file: &Path,
        placed: &[(SlotIdx, ConId)],
        desktop: &Desktop,
    ) {
        let Some(layout) = &plan.identity else { return };
        let workspaces: Vec<String> = plan
            .workspaces
            .iter()
            .map(|workspace| workspace.name.clone())
            .collect();
        for &(idx, con) in placed {
            let Some(id) = desktop.tree.find(con).and_then(|con| con.window) else {
                continue;
            };
            let record = Record {
                window: Window::new(id, desktop.windows.get(&id)),
                layout: layout.clone(),
                file: file.to_owned(),
                workspaces: workspaces.clone(),
                slot: plan.slot(idx).id.clone(),
                definition: definition(plan, idx),
            };
            self.0.retain(|old| {
                old.layout != record.layout
                    || old.window.id != record.window.id && old.slot != record.slot
            });
            self.0.push(record);
        }
    }

    /// Removes the records of windows that are not open any more.
    pub fn retain_open(&mut self, desktop: &Desktop) {
        self.0
            .retain(|record| desktop.windows.contains_key(&record.window.id));
    }

    /// Gives the records of a layout another identity and file. Returns the number of its
    /// windows.
    pub fn rename(&mut self, from: &str, to: &str, file: &Path) -> usize {
        self.0.retain(|record| record.layout != to || from == to);
        let renamed = self.0.iter_mut().filter(|record| record.layout == from);
        let renamed = renamed.map(|record| {
            to.clone_into(&mut record.layout);
            file.clone_into(&mut record.file);
        });
        renamed.count()
    }
}

/// Adds the marks that records stand for to the windows of a tree, and returns the marks of
/// slots that i3 itself has on windows.
///
/// i3's marks are newer: a run gives them to the windows that it starts. A record does not
/// count for a window that has such a mark of the same layout, nor for a slot whose mark
/// is on another container.
pub fn mark(
    tree: &mut Con,
    facts: &BTreeMap<XId, WindowFacts>,
    records: &Marks,
) -> Vec<(ConId, String)> {
    let is_slot_mark =
        |mark: &&String| mark.starts_with(OWN_MARK_PREFIX) && !is_temporary_mark(mark);
    let mut in_i3 = Vec::new();
    let mut taken = BTreeSet::new();
    for con in tree.descendants() {
        for mark in con.attributes.marks.iter().filter(is_slot_mark) {
            taken.insert(mark.clone());
            if con.is_window() {
                in_i3.push((con.id, mark.clone()));
            }
        }
    }
    let mut add: BTreeMap<ConId, Vec<String>> = BTreeMap::new();
    for con in tree.windows() {
        let Some(id) = con.window else { continue };
        let own = con.attributes.marks.iter().filter(is_slot_mark);
        let layouts: BTreeSet<&str> = own.filter_map(|mark| layout_of(mark)).collect();
        let Some(marks) = records.get(&Window::new(id, facts.get(&id))) else {
            continue;
        };
        let free = marks.iter().filter(|mark| {
            !taken.contains(*mark) && !layout_of(mark).is_some_and(|one| layouts.contains(one))
        });
        add.insert(con.id, free.cloned().collect());
    }
    add_marks(tree, &mut add);
    in_i3
}

fn add_marks(con: &mut Con, add: &mut BTreeMap<ConId, Vec<String>>) {
    if let Some(marks) = add.remove(&con.id) {
        con.attributes.marks.extend(marks);
    }
    for child in con.nodes.iter_mut().chain(&mut con.floating_nodes) {
        add_marks(child, add);
    }
}

/// The layout in a mark of a slot.
fn layout_of(mark: &str) -> Option<&str> {
    let (layout, _) = mark.strip_prefix(OWN_MARK_PREFIX)?.rsplit_once(':')?;
    Some(layout)
}

/// The hash of what makes a slot's window the right one.
fn definition(plan: &Plan, idx: SlotIdx) -> u64 {
    let slot = plan.slot(idx);
    let mut hasher = DefaultHasher::new();
    slot.swallow.hash(&mut hasher);
    if let Launch::Program(program) = &slot.launch {
        (&program.argv, &program.cwd).hash(&mut hasher);
    }
    hasher.finish()
}

/// True if a plan has one of these workspaces, by name or number.
fn shares_a_workspace(plan: &Plan, names: &[String]) -> bool {
    plan.workspaces.iter().any(|planned| {
        names.iter().any(|name| {
            let number = workspace_number(name);
            *name == planned.name || number.is_some() && number == workspace_number(&planned.name)
        })
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::live::build::{one_output, win, workspace};
    use crate::testing;

    const LAYOUT: &str = "version: 1\nworkspaces:\n  - name: \"1: code\"\n    nodes:\n      \
                          - { id: a, swallow: { class: ^A$ }, command: a }\n      \
                          - { id: b, swallow: { class: ^B$ }, command: b }\n";

    fn desktop() -> Desktop {
        one_output([workspace(
            "1: code",
            [win("a").argv(["a"]), win("b").argv(["b"])],
        )])
    }

    fn plan(text: &str, identity: Option<&str>) -> Plan {
        Plan {
            identity: identity.map(str::to_owned),
            ..testing::plan(text, &desktop())
        }
    }

    /// The records of layout `one`, whose windows are in their slots.
    fn placed() -> Records {
        let desktop = desktop();
        let placed = desktop.tree.windows().enumerate();
        let placed: Vec<_> = placed.map(|(idx, con)| (SlotIdx(idx), con.id)).collect();
        let mut records = Records::default();
        let file = Path::new("one.yaml");
        records.place(&plan(LAYOUT, None), file, &placed, &desktop);
        assert_eq!(records, Records::default());
        records.place(&plan(LAYOUT, Some("one")), file, &placed, &desktop);
        records
    }

    /// The slots whose records count for a plan, if the file of layout `one` has `slots`.
    fn counting(records: &Records, plan: &Plan, slots: Option<&[&str]>) -> Vec<String> {
        let slots = slots.map(|slots| slots.iter().map(|&slot| slot.to_owned()).collect());
        let marks = records.for_plan(plan, &mut |_: &Path| slots.clone());
        marks.into_values().flatten().collect()
    }

    #[test]
    fn records_count_while_the_slot_is_the_same() {
        let records = placed();
        let same = plan(LAYOUT, Some("one"));
        assert_eq!(
            counting(&records, &same, None),
            ["_i3pm:one:a", "_i3pm:one:b"]
        );
        for edited in [
            LAYOUT.replace("command: a", "command: x"),
            LAYOUT.replace("^A$", "^X$"),
            LAYOUT.replace("command: a", "command: a, cwd: /x"),
            LAYOUT.replace("id: a", "id: x"),
        ] {
            let edited = plan(&edited, Some("one"));
            assert_eq!(counting(&records, &edited, None), ["_i3pm:one:b"]);
        }
    }

    #[test]
    fn records_of_other_layouts_count_while_the_layout_exists_elsewhere() {
        let records = placed();
        let elsewhere = plan(&LAYOUT.replace("1: code", "5"), Some("two"));
        let slots: &[&str] = &["a"];
        assert_eq!(counting(&records, &elsewhere, Some(slots)), ["_i3pm:one:a"]);
        assert!(counting(&records, &elsewhere, None).is_empty());
        for name in ["1: code", "1: other"] {
            let shared = plan(&LAYOUT.replace("1: code", name), Some("two"));
            assert!(
                counting(&records, &shared, Some(slots)).is_empty(),
                "{name}"
            );
        }
    }

    #[test]
    fn records_are_for_one_process() {
        let records = placed().of_layout("one");
        let mut desktop = desktop();
        let windows = desktop.windows.clone();
        let in_i3 = mark(&mut desktop.tree, &windows, &records);
        assert!(in_i3.is_empty());
        let marked = |desktop: &Desktop| {
            let windows = desktop.tree.windows();
            windows.flat_map(|con| con.attributes.marks.clone()).count()
        };
        assert_eq!(marked(&desktop), 2);

        let mut later = super::tests::desktop();
        for facts in later.windows.values_mut() {
            if let Some(process) = &mut facts.process {
                process.started = Some(7);
            }
        }
        let windows = later.windows.clone();
        mark(&mut later.tree, &windows, &records);
        assert_eq!(marked(&later), 0);
    }

    #[test]
    fn marks_in_i3_are_newer_than_records() {
        let records = placed().of_layout("one");
        let mut desktop = one_output([workspace(
            "1",
            [
                win("a").argv(["a"]).mark("_i3pm:one:b"),
                win("b").argv(["b"]),
            ],
        )]);
        let windows = desktop.windows.clone();
        let in_i3 = mark(&mut desktop.tree, &windows, &records);
        assert_eq!(in_i3.len(), 1);
        let windows = desktop.tree.windows();
        let marks: Vec<_> = windows.flat_map(|con| &con.attributes.marks).collect();
        assert_eq!(marks, ["_i3pm:one:b"]);
    }

    #[test]
    fn renamed_layout_keeps_its_records() {
        let mut records = placed();
        assert_eq!(records.rename("one", "two", Path::new("two.yaml")), 2);
        assert!(records.of_layout("one").is_empty());
        assert_eq!(records.of_layout("two").len(), 2);
        assert_eq!(records.rename("gone", "two", Path::new("two.yaml")), 0);
    }
}
