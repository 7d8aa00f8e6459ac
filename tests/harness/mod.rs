//! A private desktop with the real i3, and helpers to fill and inspect it and to run the
//! program in it.
//!
//! ```ignore
//! let desktop = Desktop::builder().monitor("eDP-1", "1920x1080+0+0").start();
//! desktop.open_window("editor");
//! let before = desktop.tree();
//! desktop.run(["capture", "daily"]).success();
//! desktop.close_all_windows();
//! desktop.run(["apply", "daily"]).success();
//! desktop.assert_same_tree(&before);
//! ```
//!
//! Nothing waits for a fixed time. Waits end with an event of i3, X or the kernel, or with a
//! condition that is checked after each event of i3 and at least every 50 ms. They fail after
//! [`PATIENCE`].
#![allow(
    dead_code,
    unused_imports,
    reason = "three programs use the harness, and none of them uses all of it"
)]

pub(crate) mod command;
pub(crate) mod compare;
pub(crate) mod desktop;
pub(crate) mod display;
pub(crate) mod fake_i3;
pub(crate) mod in_process;
pub(crate) mod ipc;
pub(crate) mod nested;
pub(crate) mod processes;
pub(crate) mod random;
pub(crate) mod tree;
pub(crate) mod windows;

use std::time::Duration;

pub(crate) use compare::Precision;
pub(crate) use desktop::Desktop;
pub(crate) use desktop::layouts::{Slot, Workspace, layout};
pub(crate) use tree::Name;
pub(crate) use windows::TestWindow;

/// Time limit of every wait in a test.
///
/// Much longer than any wait should take, because many tests share few processors.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The environment variable with the file for coverage data; set by `scripts/coverage`.
pub(crate) fn coverage_variable() -> Option<(&'static str, String)> {
    let name = "LLVM_PROFILE_FILE";
    std::env::var(name).ok().map(|value| (name, value))
}
