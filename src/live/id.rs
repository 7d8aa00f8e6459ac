//! Ids of containers, windows and processes.

use serde::{Deserialize, Serialize};

/// i3's id of a container; stable until i3 restarts.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize,
)]
pub struct ConId(pub u64);

/// An X11 window id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct XId(pub u32);

/// A process id in this program's pid namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Pid(pub u32);

/// A process. Ids are used again, the pair is unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ProcessId {
    /// Its id.
    pub pid: Pid,
    /// Its start time, in clock ticks since boot (proc(5), `starttime`).
    pub started: u64,
}
