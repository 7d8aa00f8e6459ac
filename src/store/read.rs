//! Reading layout files and standard input.
#![expect(clippy::disallowed_methods, reason = "reads layout files")]

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::backup::fingerprint;
use super::error::{Doing, StoreError};
use super::target::Target;
use super::trust::{self, Access, Identity, TrustError};
use super::{MAX_BYTES, Store};
use crate::document::Format;

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
    /// The reason why its commands must not be run. Standard input is trusted.
    pub trust: Result<(), TrustError>,
}

impl Opened {
    /// A hash that identifies the content.
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
                trust: Ok(()),
            });
        }
        let path = self.find(target)?;
        let file = File::open(&path).doing("read", &path)?;
        Ok(Opened {
            origin: path.display().to_string(),
            format: Format::of_path(&path),
            trust: trust_of(&path, &file)?,
            bytes: read_all(file, &path)?,
            path: Some(path),
        })
    }
}

/// Checks the open file, so that it cannot be replaced in the meantime.
fn trust_of(path: &Path, file: &File) -> Result<Result<(), TrustError>, StoreError> {
    let access = |metadata: &fs::Metadata| Access {
        uid: metadata.uid(),
        gid: metadata.gid(),
        mode: metadata.mode(),
    };
    let user = Identity {
        uid: rustix::process::geteuid().as_raw(),
        gid: rustix::process::getegid().as_raw(),
    };
    let metadata = file.metadata().doing("read", path)?;
    if !metadata.is_file() {
        // A pipe from the user's shell.
        return Ok(trust::decide(path, access(&metadata), None, user));
    }
    let real = fs::canonicalize(path).doing("read", path)?;
    let folder = real.parent().unwrap_or(Path::new("/"));
    let around = fs::metadata(folder).doing("read", folder)?;
    Ok(trust::decide(
        path,
        access(&metadata),
        Some((folder, access(&around))),
        user,
    ))
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
