//! Reading layout files and standard input.
#![expect(clippy::disallowed_methods, reason = "reads layout files")]

use std::borrow::Cow;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::around::{is_of_root, trust_of};
use super::backup::fingerprint;
use super::error::{Doing, StoreError};
use super::target::Target;
use super::trust::TrustError;
use super::{MAX_BYTES, Store};
use crate::document::Format;
use crate::files::open_input;

/// A layout file that was read.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The name of the file in messages.
    pub origin: String,
    /// Its notation.
    pub format: Format,
    /// Its content.
    pub bytes: Vec<u8>,
    /// Its path; `None` for standard input.
    pub path: Option<PathBuf>,
    /// The contents of the files that it includes, in order.
    pub included: Vec<Vec<u8>>,
    /// The reason why its commands must not be run. Standard input is trusted.
    pub trust: Result<(), TrustError>,
    /// True if only root can change it.
    pub is_of_root: bool,
}

impl Opened {
    /// Its content, and that of the files that it includes.
    pub fn content(&self) -> Cow<'_, [u8]> {
        if self.included.is_empty() {
            return Cow::Borrowed(&self.bytes);
        }
        let all = std::iter::once(&self.bytes).chain(&self.included);
        let all: Vec<&[u8]> = all.map(Vec::as_slice).collect();
        // No text has this byte, so no content can pass for another one in several files.
        Cow::Owned(all.join(&0))
    }

    /// A hash that identifies the content of the file and of those that it includes.
    pub fn fingerprint_of_all(&self) -> String {
        fingerprint(&self.content())
    }

    /// A hash that identifies the content of the file itself.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.bytes)
    }
}

impl Store {
    /// Reads a layout file or standard input.
    pub fn read(&self, target: &Target) -> Result<Opened, StoreError> {
        if *target == Target::Stdio {
            let path = Path::new("<stdin>");
            return Ok(Opened {
                origin: path.display().to_string(),
                format: Format::Yaml,
                bytes: read_all(io::stdin().lock(), path)?,
                path: None,
                included: Vec::new(),
                trust: Ok(()),
                is_of_root: false,
            });
        }
        let path = self.find(target)?;
        let file = open_input(&path).doing("read", &path)?;
        Ok(Opened {
            origin: path.display().to_string(),
            format: Format::of_path(&path),
            trust: trust_of(&path, &file)?,
            is_of_root: is_of_root(&path, &file),
            bytes: read_all(file, &path)?,
            included: Vec::new(),
            path: Some(path),
        })
    }
}

pub(super) fn read_all(from: impl Read, path: &Path) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::new();
    from.take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .doing("read", path)?;
    if bytes.len() as u64 > MAX_BYTES {
        let path = path.to_owned();
        return Err(StoreError::TooLarge { path });
    }
    Ok(bytes)
}
