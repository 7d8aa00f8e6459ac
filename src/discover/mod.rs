//! Discovery of the commands that open windows again.
//!
//! [`sources`] has the sources of commands, each in a file, and ranks their proposals. All of it is
//! pure and asks its questions through [`Machine`]; [`ThisMachine`] is the running machine. The
//! edges read /proc ([`proc_table`], `running_processes`, [`observed_processes`]), the directories
//! of `PATH` ([`search_path`]) and desktop entries ([`installed_apps`]), and ask [`tmux`].

pub mod candidate;
mod data_file;
mod doubts;
mod evidence;
pub mod machine;
pub mod question;
pub mod sources;

pub mod command_line;
pub mod daemons;
pub mod desktop_file;
pub mod desktop_match;
mod file_url;
pub mod foreground;
pub mod given;
mod hidden;
pub mod isolation;
pub mod job;
pub mod multiplexer;
pub mod new_window;
mod overwritten;
mod own_command;
mod sandboxes;
pub mod secrets;
mod start_command;
mod start_directory;
mod start_script;
mod terminal_arguments;
pub mod terminal_table;
mod typed;
mod wrappers;

pub mod installed_apps;
mod namespaces;
mod observed_isolation;
pub mod observed_processes;
pub mod proc_table;
mod running_processes;
pub mod search_path;
mod session_options;
mod this_machine;
pub mod tmux;

pub use candidate::{
    Candidate, CommandSource, Discovered, Discovery, Doubt, NoCommand, Outcome, Refused,
    UnusableRule,
};
pub use machine::Machine;
pub use question::{Asked, Questions};
pub use sources::{discover, explain};
pub use this_machine::ThisMachine;
