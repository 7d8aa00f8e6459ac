//! The journal: what each command that changes something has done, one file per run.
//!
//! A file has one JSON object per line: an [`Entry`] with the time since the start of the command.
//! It is written as it happens, one `write` for each step of a run, so that a run that is killed
//! leaves a readable file. Lines that cannot be read are skipped. [`replay`] feeds the recorded
//! events into the step function again, and `undo` restores the first desktop of a run.

mod entry;
pub mod file;
mod follow;
pub mod items;
mod look;
mod mask;
mod record;
pub mod replay;
mod run;
pub mod stats;
mod time;

pub use entry::{
    Ended, Entry, Fact, HookRecord, I3Process, LayoutFile, Matched, Program, SessionId, Start,
};
pub use follow::Follower;
pub use mask::Filter;
pub use record::Journal;
pub use run::{Progress, Run, Summary};
pub use time::{Age, RunId, rfc3339};
