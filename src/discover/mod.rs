//! What started a window: the evidence, and one command out of it.
//!
//! [`proc`] and `inside`, [`processes`], [`programs`], [`multiplexers`] and [`desktop_entries`] are
//! edges: they read /proc, the directories of `PATH` and `.desktop` files, and ask tmux.
//! All else takes values and returns values, and asks its questions through [`Machine`];
//! [`Sources`] is the machine that is there.

pub mod candidate;
mod checks;
mod evidence;
pub mod machine;
pub mod question;
pub mod ranking;

mod desktop_entry;
mod emacs;
mod process;
mod rule;
pub mod terminal;

pub mod command_line;
pub mod entries;
pub mod entry;
mod file_url;
pub mod foreground;
pub mod multiplexer;
pub mod secrets;
pub mod standing;
mod template;
pub mod terminals;
mod wrappers;

pub mod desktop_entries;
mod inside;
pub mod multiplexers;
pub mod proc;
pub mod processes;
pub mod programs;
mod sources;

pub use candidate::{Candidate, Discovered, Discovery, Doubt, NoCommand, Outcome, Refused, Unfit};
pub use machine::Machine;
pub use question::{Asked, Questions};
pub use ranking::{discover, explain};
pub use sources::Sources;
