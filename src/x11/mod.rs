//! The X server: whose windows these are, and whether they are what they say.
//!
//! i3's tree has no process ids. All questions about a list of windows are sent
//! before the first answer is read, so that 500 windows cost a few round trips.

mod atoms;
mod bare;
mod display;
mod windows;

pub use display::{Display, XError};
