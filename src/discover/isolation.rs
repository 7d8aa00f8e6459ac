//! The isolation of a process, which keeps us from starting it by its command line.

use std::path::PathBuf;

/// How a process stands to us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Isolation {
    /// Nothing does: its command line means the same to us.
    #[default]
    None,
    /// It runs as another user.
    OtherUser(String),
    /// It runs in a container, where paths mean something else.
    Container,
    /// It runs in the sandbox of this flatpak application.
    Flatpak(String),
    /// It is a program of this snap.
    Snap(String),
    /// It runs from an `AppImage`, which is mounted only as long as it runs.
    AppImage(PathBuf),
}
