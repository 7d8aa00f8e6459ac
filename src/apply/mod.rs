//! The Plan carried out: build, adopt, launch, watch, verify, repair, report.
//!
//! `build`, `settle`, `reseat` and `finish` decide, from values to commands.
//! `run` performs: it is the only one that looks at the clock and waits.

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
mod recover;
mod report;
pub mod reseat;
mod run;
mod runtime;
mod scope;
mod seated;
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
pub use run::{DryRun, Options, Progress, Stand, World, dry_run, run};
pub use scope::{Scope, ScopeError};
