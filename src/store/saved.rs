//! The results of writing layouts.
#![expect(clippy::disallowed_methods, reason = "opens the file that was written")]

use std::fs;
use std::path::{Path, PathBuf};

use miette::Diagnostic;

use super::around::trust_of;
use super::error::StoreError;
use super::trust::TrustError;

/// The result of writing a layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// A new file.
    Created(PathBuf),
    /// The file already had this content.
    Unchanged(PathBuf),
    /// The file was replaced.
    Replaced {
        /// The file.
        path: PathBuf,
        /// The backup with the old content.
        backup: PathBuf,
    },
    /// The layout went to standard output, a pipe or a device.
    Streamed,
}

impl Written {
    /// The file; `None` for standard output.
    pub fn path(&self) -> Option<&Path> {
        self.parts().1
    }

    /// The result in one word, the file and the backup.
    pub fn parts(&self) -> (&'static str, Option<&Path>, Option<&Path>) {
        match self {
            Self::Created(path) => ("created", Some(path), None),
            Self::Unchanged(path) => ("unchanged", Some(path), None),
            Self::Replaced { path, backup } => ("replaced", Some(path), Some(backup)),
            Self::Streamed => ("streamed", None, None),
        }
    }
}

/// A captured layout that was written.
#[derive(Debug)]
pub struct Saved {
    /// The file.
    pub written: Written,
    /// The reason why the next capture does not know the file.
    pub not_recorded: Option<NotRecorded>,
    /// The reason why `apply` will not run its commands.
    pub untrusted: Option<Untrusted>,
}

impl Saved {
    /// A layout that went to standard output.
    pub const fn streamed() -> Self {
        Self {
            written: Written::Streamed,
            not_recorded: None,
            untrusted: None,
        }
    }

    pub(super) fn new(written: Written, not_recorded: Option<NotRecorded>) -> Self {
        let untrusted = written.path().and_then(|path| {
            let file = fs::File::open(path).ok()?;
            trust_of(path, &file).ok()?.err().map(Untrusted)
        });
        Self {
            written,
            not_recorded,
            untrusted,
        }
    }
}

/// The file was saved, but other users can change or replace it.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("`apply` will refuse to run the commands of this file")]
#[diagnostic(code("untrusted"), severity(Warning), help("{}", close(.0)))]
pub struct Untrusted(#[source] TrustError);

fn close(reason: &TrustError) -> String {
    let help = reason.help().into_iter();
    help.map(|help| help.to_string()).collect()
}

/// The file was saved, but not recorded as one of `capture`.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("cannot record that `capture` wrote the file")]
#[diagnostic(
    code("not-recorded"),
    severity(Warning),
    help("the next `capture` treats it as edited; pass `--force` then to replace it")
)]
pub struct NotRecorded(#[source] pub(super) StoreError);
