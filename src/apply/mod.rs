//! Applies a plan: build, adopt, launch, wait, verify, repair, report.
//!
//! [`step`] is the course of a run, a pure function of state and event; `build`, `settle` and
//! `finish` compute its commands. [`run`] performs the actions. Only `execute` looks at the clock
//! and waits.

mod action;
pub mod build;
mod causes;
mod check;
mod dry_run;
mod error;
mod event;
mod execute;
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
mod options;
mod placement;
pub mod queue;
mod reason;
mod recover;
mod report;
mod runtime;
mod scope;
pub mod settle;
#[cfg(test)]
mod settle_tests;
mod state;
mod step;
pub mod underway;
mod unfinished;
mod world;

pub use action::{Action, Check, Failure, Piece, Start};
pub use build::Mode;
pub use dry_run::{DryRun, dry_run};
pub use error::ApplyError;
pub use event::{Checked, Event, Happening, ProcessId, What};
pub use execute::run;
pub use finish::FocusMode;
pub use launch::check as check_program;
pub use options::Options;
pub use reason::{Beside, BesideKind, Exit, Late, Reason};
pub use recover::{Recovered, recover};
pub use report::{
    Aside, Neighbour, NotStarted, Note, OtherDirectory, Outcome, ProgramOutput, Remedy, Report,
    SlotReport,
};
pub use scope::{Scope, ScopeError};
pub use state::{Setup, State};
pub use step::step;
pub use unfinished::Unfinished;
pub use world::{Listener, Progress, World};
