//! Everything that is printed.

pub mod adapt;
pub mod arrangement;
pub mod candidates;
pub mod config;
pub mod diagnose;
pub mod diagnostic;
pub mod differences;
pub mod doctor;
pub mod dry_run;
pub mod explain;
pub mod history;
pub mod hooks;
pub mod import;
pub mod monitors;
pub mod nagbar;
pub mod notes;
pub mod notify;
pub mod outline;
pub mod page;
pub mod picture;
pub mod private;
pub mod profiles;
pub mod progress;
mod reasons;
pub mod report;
#[cfg(test)]
mod report_tests;
pub mod revert;
pub mod rules;
pub mod stats;
pub mod status;
pub mod story;
pub mod terminal;
pub mod trace;
pub mod undo;
pub mod unified;
pub mod update;
pub mod version;
pub mod words;

mod lines;
pub mod list;
pub mod masked;
mod paint;

pub use lines::without_hints;
pub use paint::Paint;
pub use terminal::Ui;
