//! The X server: processes and properties of windows, and the monitors behind outputs.
//!
//! i3's tree has no process ids. All requests about a list of windows are sent before the first
//! answer is read, so that 500 windows cost a few round trips.

mod atoms;
mod bare;
mod display;
mod dock;
mod edid;
mod floating;
mod lock;
mod monitors;
mod nested;
mod stand_in;
mod windows;

pub use display::{Display, XError};
pub use dock::Dock;
pub use nested::{COOKIE_NAME, Picture};
