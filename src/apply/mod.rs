//! Applies a plan: build, adopt, launch, wait, verify, repair, report.
//!
//! [`step`] is the course of a run, a pure function of state and event; `build`, `settle` and
//! `finish` compute its commands. [`run`] performs the actions. Only `execute` looks at the clock
//! and waits.

mod action;
mod apart;
mod appended;
mod arrivals;
mod attention;
pub mod build;
mod causes;
mod duration;
mod error;
mod event;
mod execute;
pub mod finish;
#[cfg(test)]
mod finish_tests;
pub mod label;
pub mod leftovers;
#[cfg(test)]
mod leftovers_tests;
mod not_started;
mod options;
mod placement;
mod plans;
mod previous;
pub mod queue;
mod reason;
mod remedy;
mod report;
mod scope;
pub mod settle;
#[cfg(test)]
mod settle_tests;
mod state;
mod step;
pub mod underway;
mod unfinished;

pub use action::{Action, Check, Failure, Gone, Piece, Start};
pub use build::Mode;
pub use causes::conflicts;
pub use error::ApplyError;
pub use event::{Checked, Event, Happening, What};
pub use execute::{
    AdaptTo, Adapted, DryRun, FutureCon, HookEnd, HookRun, Interrupts, Listener, Messages,
    MovedWorkspace, Placeholders, Progress, Recorder, Recovered, Sent, Signal, World, adapt,
    check_directory, check_program, close, dry_adapt, dry_run, recover, run, run_hook,
    seats_of_started, shorten_logs,
};
pub use finish::FocusMode;
pub use not_started::NotStarted;
pub use options::{Missing, Options};
pub use plans::{MakePlan, Plans};
pub use reason::{Beside, BesideKind, Exit, Late, Reason};
pub use remedy::Remedy;
pub use report::{
    Aside, BesideLayout, Costs, Neighbour, Note, OnMonitors, OtherDirectory, Outcome,
    ProgramOutput, Report, SlotReport,
};
pub use scope::{Scope, ScopeError};
pub use state::{Setup, State};
pub use step::step;
pub use unfinished::Unfinished;
