//! Everything that is printed.

pub mod candidates;
pub mod config;
pub mod differences;
pub mod dry_run;
pub mod explain;
pub mod nagbar;
pub mod outline;
pub mod progress;
pub mod report;
#[cfg(test)]
mod report_tests;
pub mod rules;
pub mod terminal;
pub mod unified;
pub mod update;
pub mod words;

mod diagnostic;
mod lines;
mod paint;

pub use diagnostic::{diagnostic, to_json};
pub use paint::Paint;
pub use terminal::Ui;
