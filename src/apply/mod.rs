//! Applies a plan: build, adopt, launch, wait, verify, repair, report.
//!
//! `build`, `settle`, `reseat` and `finish` are pure: they compute commands from values. `run`
//! sends the commands. Only `run` looks at the clock and waits.

pub mod build;
mod error;
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
mod recover;
mod report;
pub mod reseat;
mod run;
mod runtime;
mod scope;
pub mod settle;
#[cfg(test)]
mod settle_tests;
mod started;
mod unfinished;

pub use build::Mode;
pub use error::ApplyError;
pub use finish::FocusMode;
pub use recover::{Recovered, recover};
pub use report::{Aside, Outcome, Remedy, Report, SlotReport};
pub use run::{DryRun, Options, Progress, ProgressListener, World, dry_run, run};
pub use scope::{Scope, ScopeError};
