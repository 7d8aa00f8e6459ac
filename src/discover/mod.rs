//! The discovery of commands: evidence about what started a window, and one command from it.
//!
//! [`sources`] has the sources of commands, a file for each, and ranks what they propose.
//! All of it takes values and returns values, and asks its questions through [`Machine`];
//! [`ThisMachine`] is the machine that is there. The edges read /proc ([`proc_table`],
//! [`running_processes`], `terminal_children`), the directories of `PATH` ([`search_path`])
//! and the files of applications ([`installed_apps`]), and ask [`tmux`].

pub mod candidate;
mod doubts;
mod evidence;
pub mod machine;
pub mod question;
pub mod sources;

pub mod command_line;
pub mod desktop_file;
pub mod desktop_match;
mod file_url;
pub mod foreground;
pub mod isolation;
pub mod job;
pub mod multiplexer;
mod own_command;
pub mod secrets;
mod start_directory;
pub mod terminal_table;
mod typed;
mod wrappers;

pub mod installed_apps;
pub mod observed_processes;
pub mod proc_table;
pub mod running_processes;
pub mod search_path;
mod terminal_children;
mod this_machine;
pub mod tmux;

pub use candidate::{Candidate, Discovered, Discovery, Doubt, NoCommand, Outcome, Refused, Unfit};
pub use machine::Machine;
pub use question::{Asked, Questions};
pub use sources::{discover, explain};
pub use this_machine::ThisMachine;
