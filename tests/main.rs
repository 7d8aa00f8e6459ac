//! All integration tests, in one binary: against the real i3 on private
//! headless X servers.

#![expect(
    clippy::disallowed_methods,
    reason = "tests make files, start programs and look at the clock"
)]

mod harness;

mod cli;

// The documentation against the program.
mod documents;

// The schemas against the program.
mod schemas;

// The harness itself, and the small X client.
mod self_test;

// What was captured comes back.
mod roundtrip;

// The desktop merged into files that people have edited.
mod update;

// Small real programs.
mod programs;

// Which command opens a window again.
mod discovery;

// Open windows that somebody has rearranged.
mod rearranged;

// Programs that are started, and what opens while they are waited for.
mod launched;

// Ctrl-C, SIGKILL, a restart of i3.
mod interrupted;

// Parts of a layout, no start, a dry run.
mod scope;

// Nobody sees a window where it does not belong.
mod viewable;

// Broken, late and foreign answers at i3's socket.
mod wm_edges;

// What the edges ask of the real i3.
mod wm_real;

// Windows that are not in the layout, and two layouts on one desktop.
mod other_windows;

// What i3 requires of layout JSON.
mod layout_json;

// Capture, compile and diff on recorded trees.
mod recorded;

// What i3 does that the program relies on.
mod i3_facts;

// Slots without which a layout is complete.
mod optional;

// Pending windows: labels, timeouts.
mod waiting;

// Kept placeholders.
mod kept;

// Programs whose first window closes soon.
mod first_window;

// What `compile` writes, with plain i3-msg.
mod exported;

// Random trees, captured, shuffled and applied.
mod random_trees;

// Whatever the i3 config says.
mod hostile_config;

// Which window is which: marks, other layouts, titles, shells.
mod identity;

// How often the X server is waited for.
mod round_trips;

// What must not be written down.
mod secrets;

// Rules and projects.
mod config;

// Windows, marks, names and configs that are not UTF-8.
mod raw_bytes;

// What may use what.
mod boundaries;
