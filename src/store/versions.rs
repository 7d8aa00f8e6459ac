//! Earlier versions of layouts, which `capture`, `edit`, `delete` and others keep as backups.
#![expect(clippy::disallowed_methods, reason = "reads backups")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::Store;
use super::backup::{numbered, numbers_of, split};
use super::error::{Doing, StoreError};
use super::list::Listed;
use super::read::read_all;
use super::target::{EXTENSIONS, Target};
use crate::files::open_regular;

/// An earlier version of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its number; a higher one is newer.
    pub number: u64,
    /// The backup.
    pub backup: PathBuf,
    /// The time at which it was replaced or deleted, since 1970.
    pub replaced: Duration,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A file with earlier versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned {
    /// The file.
    pub path: PathBuf,
    /// True if it exists.
    pub exists: bool,
    /// The number of its versions.
    pub versions: usize,
    /// The time at which the newest version was replaced or deleted, since 1970.
    pub replaced: Duration,
}

impl Store {
    /// The earlier versions of a file, the newest first.
    pub fn versions(&self, path: &Path) -> Result<Vec<Version>, StoreError> {
        let base = self.state_file("backups", path);
        let numbers = numbers_of(&base).into_iter().rev();
        let versions = numbers.map(|number| {
            let backup = numbered(&base, number);
            let file = open_regular(&backup).doing("read", &backup)?;
            Ok(Version {
                number,
                replaced: modified(&backup),
                bytes: read_all(file, &backup)?,
                backup,
            })
        });
        versions.collect()
    }

    /// All files with earlier versions, sorted by path.
    pub fn versioned(&self) -> Vec<Versioned> {
        let folder = self.state.join("backups");
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let mut newest: BTreeMap<String, (u64, usize)> = BTreeMap::new();
        for name in names {
            if let Some((base, number)) = split(&name) {
                let (last, count) = newest.entry(base.to_owned()).or_default();
                *last = number.max(*last);
                *count += 1;
            }
        }
        // The real folder, which the names of backups have.
        let real = fs::canonicalize(&self.layouts).ok();
        let found = newest.into_iter().filter_map(|(base, (last, versions))| {
            let path = decoded(&base)?;
            let inside = real.as_ref().and_then(|real| path.strip_prefix(real).ok());
            let path = inside.map_or_else(|| path.clone(), |inside| self.layouts.join(inside));
            let base = self.state.join("backups").join(&base);
            Some(Versioned {
                exists: path.exists(),
                path,
                versions,
                replaced: modified(&numbered(&base, last)),
            })
        });
        let mut found: Vec<Versioned> = found.collect();
        found.sort_by(|a, b| a.path.cmp(&b.path));
        found
    }

    /// The file of a layout that exists, or that has existed and has earlier versions. A name without
    /// a project also finds a layout in a project, if there is only one with that name.
    pub fn find_versioned(&self, target: &Target) -> Result<PathBuf, StoreError> {
        let Some(path) = self.path(target) else {
            return Err(StoreError::NotNamed(target.to_string()));
        };
        let has_versions = |path: &Path| !numbers_of(&self.state_file("backups", path)).is_empty();
        let Target::Named { project, name } = target else {
            if path.exists() || has_versions(&path) {
                return Ok(path);
            }
            return open_regular(&path).doing("read", &path).map(|_| path);
        };
        if path.exists() {
            return Ok(path);
        }
        // Not `set_extension`: a name may contain a dot.
        let folder = path.parent().unwrap_or(&self.layouts);
        let paths = EXTENSIONS.iter();
        let mut paths = paths.map(|extension| folder.join(format!("{name}.{extension}")));
        if let Some(path) = paths.find(|path| has_versions(path)) {
            return Ok(path);
        }
        let missing = match self.find(target) {
            Err(missing @ StoreError::Missing { .. }) => missing,
            other => return other,
        };
        let all = self.versioned();
        let listed = all.iter().filter_map(|one| self.listed(&one.path));
        let same = listed.filter(|one| project.is_none() && one.name == *name);
        let same: Vec<Listed> = same.collect();
        let names: BTreeSet<String> = same.iter().map(Listed::full_name).collect();
        match (same.first(), names.len()) {
            (Some(one), 1) => Ok(one.path.clone()),
            (Some(_), _) => Err(StoreError::Ambiguous {
                name: name.clone(),
                all: names.into_iter().collect(),
            }),
            (None, _) => Err(missing),
        }
    }
}

/// The path in the name of a backup, without its number; `None` for a long path, of which the name
/// has only a fingerprint.
fn decoded(base: &str) -> Option<PathBuf> {
    if !base.starts_with('%') {
        return None;
    }
    let mut path = String::new();
    let mut letters = base.chars().peekable();
    while let Some(letter) = letters.next() {
        path.push(match letter {
            '%' if letters.next_if_eq(&'%').is_some() => '%',
            '%' => '/',
            letter => letter,
        });
    }
    Some(PathBuf::from(path))
}

/// The time of the last change of a file, since 1970.
fn modified(path: &Path) -> Duration {
    let time = fs::metadata(path).and_then(|metadata| metadata.modified());
    let since = time.map(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
    since.ok().flatten().unwrap_or_default()
}

#[cfg(test)]
mod tests;
