//! What started a window: the evidence, and one command out of it.
//!
//! [`proc`] and `inside`, [`programs`] and [`desktop_entries`] are edges: they read /proc, the
//! directories of `PATH` and `.desktop` files.
//! [`entry`], [`command_line`], [`secrets`] and [`launch_command`] take values and return
//! values. [`Sources`] joins the two halves.

pub mod launch_command;

pub mod command_line;
pub mod entry;
pub mod secrets;

pub mod desktop_entries;
mod inside;
pub mod proc;
pub mod programs;
mod sources;

pub use launch_command::{Discovered, NoCommand, Surroundings, discover};
pub use sources::Sources;
