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
    /// It runs in a container, where paths have another meaning.
    Container,
    /// It runs in the sandbox of this flatpak application.
    Flatpak(String),
    /// It is a program of this snap.
    Snap(String),
    /// It runs from an `AppImage`, which is mounted only while it runs.
    AppImage(PathBuf),
}
