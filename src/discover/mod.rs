//! What started a window: the evidence, and one command out of it.
//!
//! [`proc`] and `inside`, [`processes`], [`programs`], [`multiplexers`] and [`desktop_entries`] are
//! edges: they read /proc, the directories of `PATH` and `.desktop` files, and ask tmux.
//! All else takes values and returns values, and asks its questions through [`Machine`];
//! [`Sources`] is the machine that is there.

pub mod candidate;
pub mod checks;
pub mod launch_command;
pub mod machine;

pub mod command_line;
mod emacs;
pub mod entries;
pub mod entry;
mod file_url;
pub mod foreground;
pub mod multiplexer;
mod process;
pub mod secrets;
pub mod standing;
pub mod terminal;
pub mod terminals;
mod wrappers;

pub mod desktop_entries;
mod inside;
pub mod multiplexers;
pub mod proc;
pub mod processes;
pub mod programs;
mod sources;

pub use candidate::{Asked, Candidate, Discovered, Discovery, Doubt, NoCommand, Questions};
pub use launch_command::{discover, explain};
pub use machine::Machine;
pub use sources::Sources;
