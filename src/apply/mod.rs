//! Applies a plan: build, adopt, launch, wait, verify, repair, report.
//!
//! `build`, `settle` and `finish` are pure: they compute commands from values. `run`
//! sends the commands. Only `run` looks at the clock and waits.

pub mod build;
mod causes;
mod error;
mod fault_line;
pub mod finish;
#[cfg(test)]
mod finish_tests;
mod interrupt;
pub mod label;
mod launch;
pub mod leftovers;
#[cfg(test)]
mod leftovers_tests;
mod lock;
mod placement;
pub mod queue;
mod recover;
mod report;
mod run;
mod runtime;
mod scope;
pub mod settle;
#[cfg(test)]
mod settle_tests;
pub mod underway;
mod unfinished;

pub use build::Mode;
pub use error::ApplyError;
pub use finish::FocusMode;
pub use launch::check as check_program;
pub use recover::{Recovered, recover};
pub use report::{
    Aside, Neighbour, NotStarted, Note, OtherDirectory, Outcome, ProgramOutput, Remedy, Report,
    SlotReport,
};
pub use run::{DryRun, Options, Progress, ProgressListener, World, dry_run, run};
pub use scope::{Scope, ScopeError};
