//! The parts of the program that read input from elsewhere, each as a function that takes bytes.
//!
//! `fuzz/` feeds them with libFuzzer, `tests/fuzz.rs` with the seeds and their mutations. A
//! function panics if a property does not hold, for example if a written file is not read as the
//! same.

mod desktop;
mod files;
mod i3;
mod import;
mod journal;
mod programs;

/// A part of the program that reads input from elsewhere.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    /// The name, also that of the fuzz target and of the folder of its seeds.
    pub(crate) name: &'static str,
    /// Feeds one input into it.
    pub(crate) run: fn(&[u8]),
}

/// All targets. `targets.txt` has the same names, with folders of further seeds.
pub(crate) const TARGETS: &[Target] = &[
    target("command", programs::command),
    target("config", files::config),
    target("criteria", programs::criteria),
    target("desktop_entry", programs::desktop_entry),
    target("i3_config", i3::config),
    target("i3_desktop", desktop::desktop),
    target("i3_events", i3::events),
    target("i3_frames", i3::frames),
    target("i3_replies", i3::replies),
    target("import", import::import),
    target("journal", journal::journal),
    target("layout_json", files::layout_json),
    target("layout_yaml", files::layout_yaml),
    target("records", journal::records),
    target("secrets", programs::secrets),
];

const fn target(name: &'static str, run: fn(&[u8])) -> Target {
    Target { name, run }
}

/// The target with this name.
pub(crate) fn named(name: &str) -> Target {
    let mut all = TARGETS.iter();
    let found = all.find(|target| target.name == name);
    *found.unwrap_or_else(|| panic!("no target is called {name}"))
}

/// The text of an input, as it would be read from a terminal or a process.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
