//! What we say: the only place that prints.

pub mod candidates;
pub mod config;
pub mod diagnostic;
pub mod differences;
pub mod dry_run;
pub mod explain;
pub mod nagbar;
pub mod outline;
pub mod progress;
pub mod report;
pub mod rules;
pub mod terminal;
pub mod unified;
pub mod update;
pub mod words;

mod paint;

pub use paint::Paint;
pub use terminal::Ui;
