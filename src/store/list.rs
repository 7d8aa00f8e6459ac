//! Paths and lists of layouts.
#![expect(clippy::disallowed_methods, reason = "looks for layout files")]

use std::io;
use std::path::{Path, PathBuf};

use super::Store;
use super::error::{Doing, StoreError};
use super::target::{EXTENSIONS, Target, is_layout_file};
use crate::document::fault;

/// A layout in the store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// Its project.
    pub project: Option<String>,
    /// Its name.
    pub name: String,
    /// Its file.
    pub path: PathBuf,
}

impl Listed {
    /// `project/name`, or the name alone.
    pub fn full_name(&self) -> String {
        match &self.project {
            Some(project) => format!("{project}/{}", self.name),
            None => self.name.clone(),
        }
    }
}

/// The rank of a file among those with the same name.
fn rank(path: &Path) -> Option<usize> {
    let extension = path.extension()?;
    EXTENSIONS.iter().position(|one| extension == *one)
}

impl Store {
    /// The file of a target, which may not exist; `None` for standard input.
    pub fn path(&self, target: &Target) -> Option<PathBuf> {
        match target {
            Target::Stdio => None,
            Target::File(path) => Some(path.clone()),
            Target::Named { project, name } => {
                let folder = match project {
                    Some(project) => self.layouts.join(project),
                    None => self.layouts.clone(),
                };
                let path = |extension: &str| folder.join(format!("{name}.{extension}"));
                let there = EXTENSIONS
                    .iter()
                    .map(|extension| path(extension))
                    .find(|path| path.exists());
                Some(there.unwrap_or_else(|| path(EXTENSIONS[0])))
            }
        }
    }

    /// All layouts of the store, sorted by project. Those without a project come first. If two files have
    /// the name of a layout, only the one that is used.
    pub fn list(&self) -> Result<Vec<Listed>, StoreError> {
        let mut all = self.files()?;
        all.dedup_by(|second, first| {
            let is_same = (&first.project, &first.name) == (&second.project, &second.name);
            // They are sorted by path, so `json` comes before `yaml`.
            if is_same && rank(&second.path) < rank(&first.path) {
                std::mem::swap(first, second);
            }
            is_same
        });
        Ok(all)
    }

    /// All layout files of the store, sorted like [`Self::list`].
    pub fn files(&self) -> Result<Vec<Listed>, StoreError> {
        let entries = self.entries()?.into_iter();
        let files = entries.filter(|entry| entry.file_type().is_file());
        let mut all: Vec<Listed> = files
            .filter_map(|entry| self.listed(entry.path()))
            .collect();
        all.sort();
        Ok(all)
    }

    /// Directories, pipes, sockets and devices with the names of layout files, sorted by path.
    pub fn not_files(&self) -> Result<Vec<PathBuf>, StoreError> {
        let entries = self.entries()?.into_iter();
        let others = entries.filter(|entry| !entry.file_type().is_file());
        let mut others: Vec<PathBuf> = others.map(walkdir::DirEntry::into_path).collect();
        others.sort();
        Ok(others)
    }

    /// Symbolic links with the names of layout files that lead nowhere, sorted by path.
    pub fn dangling_links(&self) -> Vec<PathBuf> {
        let walk = walkdir::WalkDir::new(&self.layouts)
            .min_depth(1)
            .max_depth(2);
        let entries = walk.into_iter().filter_map(Result::ok);
        let links = entries.filter(|entry| entry.path_is_symlink() && !entry.path().exists());
        let links = links.map(walkdir::DirEntry::into_path);
        let mut links: Vec<PathBuf> = links.filter(|path| is_layout_file(path)).collect();
        links.sort();
        links
    }

    /// Everything with the name of a layout file.
    fn entries(&self) -> Result<Vec<walkdir::DirEntry>, StoreError> {
        let mut all = Vec::new();
        let walk = walkdir::WalkDir::new(&self.layouts)
            .min_depth(1)
            .max_depth(2)
            .follow_links(true);
        for entry in walk {
            let entry = match entry {
                Ok(entry) => entry,
                // No folder yet, or a dangling link.
                Err(error)
                    if error
                        .io_error()
                        .is_none_or(|error| error.kind() == io::ErrorKind::NotFound) =>
                {
                    continue;
                }
                Err(error) => {
                    let path = error.path().unwrap_or(&self.layouts).to_owned();
                    // Without the context of `walkdir`, which repeats the path and the cause.
                    let cause = error.into_io_error();
                    let cause = cause.unwrap_or_else(|| io::ErrorKind::Other.into());
                    return Err(cause).doing("list", &path);
                }
            };
            if is_layout_file(entry.path()) {
                all.push(entry);
            }
        }
        Ok(all)
    }

    /// The layout with this file; `None` for another file.
    pub(super) fn listed(&self, path: &Path) -> Option<Listed> {
        let name = path.with_extension("");
        let name = name.strip_prefix(&self.layouts).ok()?.to_str()?;
        let Ok(Target::Named { project, name }) = Target::parse(name, &self.home) else {
            return None;
        };
        let path = path.to_owned();
        Some(Listed {
            project,
            name,
            path,
        })
    }

    /// The file of an existing layout. A name without a project also finds a layout in a
    /// project, if there is only one with that name.
    pub fn find(&self, target: &Target) -> Result<PathBuf, StoreError> {
        let Some(path) = self.path(target) else {
            return Err(StoreError::NotNamed(target.to_string()));
        };
        let Target::Named { project, name } = target else {
            return Ok(path);
        };
        if path.exists() {
            return Ok(path);
        }
        let links = EXTENSIONS.map(|extension| path.with_extension(extension));
        let link = links.into_iter().find(|link| link.is_symlink());
        if let Some(link) = link {
            return Err(StoreError::Dangling {
                name: target.to_string(),
                link,
            });
        }
        let all = self.list()?;
        let same: Vec<&Listed> = all
            .iter()
            .filter(|listed| project.is_none() && listed.name == *name)
            .collect();
        match same.as_slice() {
            [one] => Ok(one.path.clone()),
            [] => {
                let names: Vec<String> = all.iter().map(Listed::full_name).collect();
                let wanted = target.to_string();
                let near = fault::nearest(&wanted, &names).map(str::to_owned);
                Err(StoreError::Missing {
                    name: wanted,
                    layouts: self.layouts.clone(),
                    near,
                    none: all.is_empty(),
                })
            }
            several => Err(StoreError::Ambiguous {
                name: name.clone(),
                all: several.iter().map(|listed| listed.full_name()).collect(),
            }),
        }
    }
}
