//! Isolation of a process: its command line alone does not start it again.

use std::path::PathBuf;

/// The isolation of a process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Isolation {
    /// None: its command line means the same outside.
    #[default]
    None,
    /// It runs as another user.
    OtherUser(String),
    /// It runs in a container or a sandbox, with other files, processes or networks.
    Container,
    /// It has namespaces of its own (namespaces(7)), but the files, processes and networks of the
    /// session.
    Namespaces,
    /// It runs in a container that this command enters: `distrobox-enter -n NAME --`.
    Entered(Vec<String>),
    /// It runs in the sandbox of this flatpak application.
    Flatpak(String),
    /// It is a program of this snap.
    Snap(String),
    /// It runs from an `AppImage`, which is mounted only while it runs.
    AppImage(PathBuf),
}

impl Isolation {
    /// True if a program of the same name outside may be another one, or run with other rights.
    pub const fn is_apart(&self) -> bool {
        matches!(
            self,
            Self::OtherUser(_) | Self::Container | Self::Entered(_)
        )
    }
}
