//! Records: which window was placed in which slot of which layout.
//!
//! A record is evidence for the next run, and leaves no trace on the desktop. It is kept
//! for the X session in a file of the runtime directory; see [`mod@file`].

pub mod arrangement;
pub mod file;
pub mod profile;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use arrangement::{Arrangement, Arrangements};

use crate::compile::{Launch, Plan, SlotIdx};
use crate::live::{ConId, Desktop, Pid, Seat, WindowFacts, XId, workspace_number};

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

/// The slots in which windows were placed.
pub type Placed = BTreeMap<Window, Vec<Seat>>;

/// The layouts other than that of a plan.
pub trait OtherLayouts {
    /// True if the file of a layout exists.
    fn exists(&self, file: &Path) -> bool;

    /// The ids of the slots of a layout; `None` if its file cannot be read.
    fn slots(&mut self, file: &Path) -> Option<BTreeSet<String>>;

    /// True if this is the file of the layout with this identity, perhaps with other values of variables.
    fn is_file_of(&self, file: &Path, identity: &str) -> bool;
}

/// All records of an X session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Records(Vec<Record>);

impl Records {
    /// The records that count for a plan.
    ///
    /// A record of the same layout counts while its slot has the same command, directory and
    /// criteria. A record of another layout counts while the slot is in the layout's file.
    /// If the layouts have a workspace in common, they are alternative arrangements of the same
    /// windows, so the record does not reserve the window. The window of a slot in which the values of
    /// variables make a difference is that of the layout with these values, though.
    pub fn for_plan(&self, plan: &Plan, others: &mut dyn OtherLayouts) -> Placed {
        let own = plan.identity.as_deref();
        let definitions = definitions(plan);
        self.placed(|record| {
            if own == Some(record.layout.as_str()) {
                let is_same = definitions.get(record.slot.as_str()) == Some(&record.definition);
                return is_same.then_some(true);
            }
            if shares_a_workspace(plan, &record.workspaces) {
                let slot = definitions.get(record.slot.as_str());
                let differs = slot.is_some_and(|slot| *slot != record.definition);
                let is_variant = own.is_some_and(|own| others.is_file_of(&record.file, own));
                return others.exists(&record.file).then_some(differs && is_variant);
            }
            let slots = others.slots(&record.file)?;
            slots.contains(&record.slot).then_some(true)
        })
    }

    /// The records of a layout.
    pub fn of_layout(&self, layout: &str) -> Placed {
        self.placed(|record| (record.layout == layout).then_some(true))
    }

    /// The layouts with one of these open windows in a slot, each with its file.
    pub fn files(&self, open: &BTreeSet<Window>) -> BTreeMap<&str, &Path> {
        let records = self.0.iter();
        let records = records.filter(|record| open.contains(&record.window));
        let files = records.map(|record| (record.layout.as_str(), record.file.as_path()));
        files.collect()
    }

    /// True if one of these open windows is recorded in a slot that the plan still has, with the same
    /// command, directory and criteria.
    pub fn has_open(&self, plan: &Plan, open: &BTreeSet<Window>) -> bool {
        let definitions = definitions(plan);
        self.0.iter().any(|record| {
            plan.identity.as_ref() == Some(&record.layout)
                && definitions.get(record.slot.as_str()) == Some(&record.definition)
                && open.contains(&record.window)
        })
    }

    /// The number of these open windows that are in a slot.
    pub fn open(&self, open: &BTreeSet<Window>) -> usize {
        let windows = self.0.iter().map(|record| record.window);
        let windows: BTreeSet<Window> = windows.filter(|window| open.contains(window)).collect();
        windows.len()
    }

    /// The records that count, with the answer whether the window is reserved.
    fn placed(&self, mut counts: impl FnMut(&Record) -> Option<bool>) -> Placed {
        let mut placed = Placed::new();
        for record in &self.0 {
            if let Some(reserved) = counts(record) {
                placed.entry(record.window).or_default().push(Seat {
                    reserved,
                    ..Seat::new(&record.layout, &record.slot)
                });
            }
        }
        placed
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
        let renamed = self
            .0
            .iter_mut()
            .filter(|record| is_of(&record.layout, from));
        let renamed = renamed.map(|record| {
            record.layout.replace_range(..from.len(), to);
            file.clone_into(&mut record.file);
        });
        renamed.count()
    }
}

/// True if an identity is that of the layout with this one, perhaps with values of variables.
fn is_of(identity: &str, layout: &str) -> bool {
    let given = identity.strip_prefix(layout);
    given.is_some_and(|given| given.is_empty() || given.starts_with(' '))
}

/// The definition of each slot, by id.
fn definitions(plan: &Plan) -> BTreeMap<&str, u64> {
    let slots = plan.slots();
    slots
        .map(|(idx, slot)| (slot.id.as_str(), definition(plan, idx)))
        .collect()
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

    /// A layout whose file has these slots, or no file.
    struct Other<'a>(Option<&'a [&'a str]>);

    impl OtherLayouts for Other<'_> {
        fn exists(&self, _file: &Path) -> bool {
            self.0.is_some()
        }

        fn slots(&mut self, _file: &Path) -> Option<BTreeSet<String>> {
            let slots = self.0?.iter();
            Some(slots.map(|&slot| slot.to_owned()).collect())
        }

        fn is_file_of(&self, _file: &Path, identity: &str) -> bool {
            identity.starts_with("one ")
        }
    }

    /// The slots whose records count for a plan, if the file of layout `one` has `slots`. Those
    /// that do not reserve their window have a `?`.
    fn counting(records: &Records, plan: &Plan, slots: Option<&[&str]>) -> Vec<String> {
        let placed = records.for_plan(plan, &mut Other(slots));
        let in_words = |seat: &Seat| {
            let shared = if seat.reserved { "" } else { "?" };
            format!("{}:{}{shared}", seat.layout, seat.slot)
        };
        placed.values().flatten().map(in_words).collect()
    }

    #[test]
    fn records_count_while_the_slot_is_the_same() {
        let records = placed();
        let same = plan(LAYOUT, Some("one"));
        assert_eq!(counting(&records, &same, None), ["one:a", "one:b"]);
        for edited in [
            LAYOUT.replace("command: a", "command: x"),
            LAYOUT.replace("^A$", "^X$"),
            LAYOUT.replace("command: a", "command: a, cwd: /x"),
            LAYOUT.replace("id: a", "id: x"),
        ] {
            let edited = plan(&edited, Some("one"));
            assert_eq!(counting(&records, &edited, None), ["one:b"]);
        }
    }

    #[test]
    fn records_of_other_layouts_count_while_the_layout_exists() {
        let records = placed();
        let elsewhere = plan(&LAYOUT.replace("1: code", "5"), Some("two"));
        let slots: &[&str] = &["a"];
        assert_eq!(counting(&records, &elsewhere, Some(slots)), ["one:a"]);
        assert!(counting(&records, &elsewhere, None).is_empty());
        for name in ["1: code", "1: other"] {
            let shared = plan(&LAYOUT.replace("1: code", name), Some("two"));
            assert_eq!(
                counting(&records, &shared, Some(slots)),
                ["one:a?", "one:b?"],
                "{name}"
            );
            assert!(counting(&records, &shared, None).is_empty(), "{name}");
        }
    }

    #[test]
    fn windows_of_other_values_are_reserved_where_the_values_matter() {
        let records = placed();
        let other = plan(&LAYOUT.replace("command: a", "command: x"), Some("one v=2"));
        assert_eq!(
            counting(&records, &other, Some(&["a"])),
            ["one:a", "one:b?"]
        );
    }

    #[test]
    fn records_are_for_one_process() {
        let records = placed().of_layout("one");
        let mut desktop = desktop();
        let known = |desktop: &Desktop| {
            let windows = desktop.windows.iter();
            let known = windows.filter(|(id, facts)| {
                let window = Window::new(**id, Some(facts));
                records.contains_key(&window)
            });
            known.count()
        };
        assert_eq!(known(&desktop), 2);
        for facts in desktop.windows.values_mut() {
            if let Some(process) = &mut facts.process {
                process.started = Some(7);
            }
        }
        assert_eq!(known(&desktop), 0);
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
