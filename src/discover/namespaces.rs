//! Edge: the namespaces of running processes (namespaces(7)).
#![expect(clippy::disallowed_methods, reason = "reads /proc")]

use std::cell::OnceCell;
use std::fs;
use std::path::{Path, PathBuf};

/// What counts as outside of a container, read once: most windows need only the first.
#[derive(Debug, Default)]
pub(super) struct Surroundings {
    /// The namespaces of this program.
    pub(super) ours: OnceCell<Namespaces>,
    /// Those of i3, and its directory in /proc.
    pub(super) of_i3: OnceCell<(Namespaces, PathBuf)>,
}

/// The namespaces of a process: files, processes, network and users. `None` if one cannot be read.
#[derive(Debug)]
pub(super) struct Namespaces([Option<PathBuf>; 4]);

impl Namespaces {
    /// Reads the links in the directory of a process. Much cheaper to read than `status`.
    pub(super) fn of(process: &Path) -> Self {
        let link = |kind| fs::read_link(process.join("ns").join(kind)).ok();
        Self(["mnt", "pid", "net", "user"].map(link))
    }

    /// Returns for each kind whether it is another namespace.
    pub(super) fn apart(&self, other: &Self) -> [bool; 4] {
        std::array::from_fn(|kind| {
            let its = self.0[kind].as_ref().zip(other.0[kind].as_ref());
            its.is_some_and(|(its, other)| its != other)
        })
    }
}
