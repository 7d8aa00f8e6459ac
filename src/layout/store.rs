//! The layout files on the disk: the one place that reads and writes them.
//!
//! Layouts are `$XDG_CONFIG_HOME/i3pm-layout/layouts/[PROJECT/]NAME.yaml`, which
//! people keep in git; so nothing else is put there, and symbolic links are written
//! through. Backups and the record of what capture wrote are under
//! `$XDG_STATE_HOME/i3pm-layout/`.
//! Writing is atomic: a new file beside the old one, synced, renamed.
#![expect(clippy::disallowed_methods, reason = "reads and writes layout files")]

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{Gid, Mode, Uid};

use super::target::{ENDINGS, NameError, Target, is_layout_file};
use super::trust::{self, Access, Distrust, Identity};
use crate::document::Format;
use crate::document::fault;

/// No layout is as large; something else was meant.
const MAX_BYTES: u64 = 4 << 20;

/// How many earlier versions of a layout are kept.
const BACKUPS: usize = 10;

/// The directories of the user (XDG Base Directory Specification), already resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dirs {
    /// `$XDG_CONFIG_HOME`.
    pub config: PathBuf,
    /// `$XDG_STATE_HOME`.
    pub state: PathBuf,
    /// `$HOME`.
    pub home: PathBuf,
}

/// The layouts of a user.
#[derive(Clone, Debug)]
pub struct Store {
    layouts: PathBuf,
    state: PathBuf,
    home: PathBuf,
}

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

/// A layout file that was read.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The file as messages name it.
    pub origin: String,
    /// Its notation, by its name.
    pub format: Format,
    /// Its content.
    pub bytes: Vec<u8>,
    /// Its path; `None` for standard input.
    pub path: Option<PathBuf>,
    /// Whether its commands may be run. What a user types or pipes in is trusted.
    pub trust: Result<(), Distrust>,
}

/// What writing did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// There was no such file before.
    Created(PathBuf),
    /// The file had the same content already and was left alone.
    Unchanged(PathBuf),
    /// The file was replaced.
    Replaced {
        /// The file.
        path: PathBuf,
        /// Where its content before is.
        backup: PathBuf,
    },
    /// It went to standard output, a pipe or a device.
    Streamed,
}

impl Written {
    /// The file; `None` for standard output.
    pub fn path(&self) -> Option<&Path> {
        self.parts().1
    }

    /// In one word, the file, and where its content before is.
    pub fn parts(&self) -> (&'static str, Option<&Path>, Option<&Path>) {
        match self {
            Self::Created(path) => ("created", Some(path), None),
            Self::Unchanged(path) => ("unchanged", Some(path), None),
            Self::Replaced { path, backup } => ("replaced", Some(path), Some(backup)),
            Self::Streamed => ("streamed", None, None),
        }
    }
}

/// Why a layout could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// No such layout.
    #[error("there is no layout `{name}` in {}", layouts.display())]
    Missing {
        /// What was asked for.
        name: String,
        /// Where layouts are.
        layouts: PathBuf,
        /// The name that was probably meant.
        near: Option<String>,
        /// Whether there is no layout at all yet.
        none: bool,
    },
    /// Several projects have it.
    #[error("several projects have a layout `{name}`")]
    Ambiguous {
        /// What was asked for.
        name: String,
        /// All that could be meant, as `project/name`.
        all: Vec<String>,
    },
    /// A file that capture did not write as it is now.
    #[error("{} was edited since it was captured, so it was not overwritten", path.display())]
    Edited {
        /// The file.
        path: PathBuf,
    },
    /// A file that would be lost.
    #[error("there is already a layout in {}", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A file that is no layout.
    #[error("{} is larger than {} MiB", path.display(), MAX_BYTES >> 20)]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// `-` or a path where only a name makes sense.
    #[error("`{0}` is not the name of a layout in the store")]
    NotNamed(String),
    /// The system refused.
    #[error("cannot {doing} {}", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl StoreError {
    /// The kind of what would be lost.
    pub const EXISTS: &str = "exists";
    /// The kind of what the system refuses.
    pub const IO: &str = "io";

    /// What it is in a word, for programs.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Name(_) | Self::NotNamed(_) => "bad-name",
            Self::Missing { .. } => "no-such-layout",
            Self::Ambiguous { .. } => "ambiguous-name",
            Self::Edited { .. } => "edited",
            Self::Exists { .. } => Self::EXISTS,
            Self::TooLarge { .. } => "too-large",
            Self::Io { .. } => Self::IO,
        }
    }

    /// The file that it is about.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Edited { path }
            | Self::Exists { path }
            | Self::TooLarge { path }
            | Self::Io { path, .. } => Some(path),
            Self::Name(_) | Self::Missing { .. } | Self::Ambiguous { .. } | Self::NotNamed(_) => {
                None
            }
        }
    }

    /// Whether there is no such file.
    pub fn is_missing(&self) -> bool {
        match self {
            Self::Missing { .. } => true,
            Self::Io { source, .. } => matches!(
                source.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ),
            _ => false,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Missing {
                near: Some(near), ..
            } => Some(format!("did you mean `{near}`?")),
            Self::Missing {
                name, none: true, ..
            } => Some(format!("`i3pm-layout capture {name}` saves one")),
            Self::Missing { near: None, .. } => Some("`i3pm-layout list` shows all".to_owned()),
            Self::Ambiguous { all, .. } => Some(format!("write one of {}", all.join(", "))),
            Self::Edited { .. } => Some(
                "`--update` keeps what you wrote, `--force` replaces it; or capture to another \
                 name"
                    .to_owned(),
            ),
            Self::Exists { .. } => Some("delete it first, or choose another name".to_owned()),
            // A layout's name with a slash has been split before.
            Self::Name(name) if name.what == "project" && name.name.contains('/') => Some(
                "give the project's name; config.yaml says where it is: \
                 `projects: { NAME: { directory: PATH } }`"
                    .to_owned(),
            ),
            Self::Name(_) => Some(
                "use letters, digits, `.`, `_` and `-`; a path begins with `./`, `../`, `/` or \
                 `~/`"
                    .to_owned(),
            ),
            Self::NotNamed(_) | Self::TooLarge { .. } | Self::Io { .. } => None,
        }
    }
}

/// Attaches what was being done to what the system says.
trait Doing<T> {
    fn doing(self, doing: &'static str, path: &Path) -> Result<T, StoreError>;
}

impl<T, E: Into<io::Error>> Doing<T> for Result<T, E> {
    fn doing(self, doing: &'static str, path: &Path) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::Io {
            doing,
            path: path.to_owned(),
            source: source.into(),
        })
    }
}

impl Store {
    /// The store of these directories; nothing is created yet.
    pub fn new(dirs: &Dirs) -> Self {
        Self {
            layouts: dirs.config.join("i3pm-layout/layouts"),
            state: dirs.state.join("i3pm-layout"),
            home: dirs.home.clone(),
        }
    }

    /// Where the named layouts are.
    pub fn layouts(&self) -> &Path {
        &self.layouts
    }

    /// Understands what was typed as a layout.
    pub fn target(&self, text: &str) -> Result<Target, StoreError> {
        Ok(Target::parse(text, &self.home)?)
    }

    /// The file of a target, be it there or not; `None` for standard input.
    pub fn path(&self, target: &Target) -> Option<PathBuf> {
        match target {
            Target::Stdio => None,
            Target::File(path) => Some(path.clone()),
            Target::Named { project, name } => {
                let folder = match project {
                    Some(project) => self.layouts.join(project),
                    None => self.layouts.clone(),
                };
                let path = |ending: &str| folder.join(format!("{name}.{ending}"));
                let there = ENDINGS
                    .iter()
                    .map(|ending| path(ending))
                    .find(|path| path.exists());
                Some(there.unwrap_or_else(|| path(ENDINGS[0])))
            }
        }
    }

    /// Whether the file of a target is there.
    pub fn exists(&self, target: &Target) -> bool {
        self.path(target).is_some_and(|path| path.exists())
    }

    /// All layouts of the store: first those without a project, then by project.
    pub fn list(&self) -> Result<Vec<Listed>, StoreError> {
        let mut all = Vec::new();
        let walk = walkdir::WalkDir::new(&self.layouts)
            .min_depth(1)
            .max_depth(2)
            .follow_links(true);
        for entry in walk {
            let entry = match entry {
                Ok(entry) => entry,
                // No folder yet, or a link to nowhere: no layout.
                Err(error)
                    if error
                        .io_error()
                        .is_none_or(|error| error.kind() == io::ErrorKind::NotFound) =>
                {
                    continue;
                }
                Err(error) => {
                    let path = error.path().unwrap_or(&self.layouts).to_owned();
                    return Err(io::Error::from(error)).doing("list", &path);
                }
            };
            let path = entry.path();
            if !entry.file_type().is_file() || !is_layout_file(path) {
                continue;
            }
            let name = path.file_stem().and_then(|stem| stem.to_str());
            let folder = path.parent().filter(|_| entry.depth() == 2);
            let project = folder.and_then(Path::file_name).map(|name| name.to_str());
            if let Some(name) = name
                && project != Some(None)
                && Target::named(project.flatten(), name).is_ok()
            {
                all.push(Listed {
                    project: project.flatten().map(str::to_owned),
                    name: name.to_owned(),
                    path: path.to_owned(),
                });
            }
        }
        all.sort();
        Ok(all)
    }

    /// The file of an existing layout. A name without a project is also found in a
    /// project, when only one has it.
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

    /// Writes what was captured, unless someone edited the file since the last
    /// capture (or wrote it all themselves); `force` overwrites that too.
    pub fn write_captured(
        &self,
        path: &Path,
        text: &str,
        force: bool,
    ) -> Result<Written, StoreError> {
        let path = through_links(path);
        let record = self.state_file("captured", &path);
        if path.is_file() && !force {
            let present = fs::read(&path).doing("read", &path)?;
            let known = fs::read_to_string(&record).unwrap_or_default();
            if present != text.as_bytes() && known.trim() != fingerprint(&present) {
                return Err(StoreError::Edited { path });
            }
        }
        let written = self.write(&path, text)?;
        if written != Written::Streamed {
            // Not synced: after a power cut that takes it, the layout counts as edited,
            // which is the careful side.
            put(
                &record,
                fingerprint(text.as_bytes()).as_bytes(),
                None,
                false,
            )?;
        }
        Ok(written)
    }

    /// Writes a layout that keeps what its file said. A file that nobody has edited
    /// since its capture does not count as edited by this.
    pub fn write_updated(&self, path: &Path, text: &str) -> Result<Written, StoreError> {
        let path = through_links(path);
        let known = fs::read_to_string(self.state_file("captured", &path)).unwrap_or_default();
        if fs::read(&path).is_ok_and(|present| known.trim() == fingerprint(&present)) {
            self.write_captured(&path, text, true)
        } else {
            self.write(&path, text)
        }
    }

    /// Gives a layout of the store another name.
    pub fn rename(&self, from: &Target, to: &Target) -> Result<PathBuf, StoreError> {
        let old = self.named(from)?;
        if !matches!(to, Target::Named { .. }) {
            return Err(StoreError::NotNamed(to.to_string()));
        }
        if self.exists(to) {
            let path = self.path(to).unwrap_or_default();
            return Err(StoreError::Exists { path });
        }
        let ending = old.extension().unwrap_or_default().to_owned();
        let new = self
            .path(to)
            .unwrap_or_default()
            .with_extension_kept(&ending);
        let folder = new.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).doing("create", folder)?;
        if fs::symlink_metadata(&old).is_ok_and(|metadata| metadata.is_symlink()) {
            // A relative link would lead elsewhere from another folder.
            let real = fs::canonicalize(&old).doing("read", &old)?;
            std::os::unix::fs::symlink(real, &new).doing("write", &new)?;
            fs::remove_file(&old).doing("delete", &old)?;
            self.remove_empty_project(&old);
            return Ok(new);
        }
        let old_record = self.state_file("captured", &old);
        let flags = rustix::fs::RenameFlags::NOREPLACE;
        let here = rustix::fs::CWD;
        match rustix::fs::renameat_with(here, &old, here, &new, flags) {
            Err(rustix::io::Errno::EXIST) => return Err(StoreError::Exists { path: new }),
            // A file system that cannot promise it; it was looked for above.
            Err(rustix::io::Errno::INVAL) => fs::rename(&old, &new).doing("rename", &old)?,
            other => other.doing("rename", &old)?,
        }
        sync_folder(&new)?;
        // The record follows; without it the layout only counts as edited.
        let _ = fs::rename(old_record, self.state_file("captured", &new));
        self.remove_empty_project(&old);
        Ok(new)
    }

    /// Removes a layout; the result is where its content still is.
    pub fn delete(&self, target: &Target) -> Result<PathBuf, StoreError> {
        let path = self.find(target)?;
        let bytes = fs::read(&path).doing("read", &path)?;
        let record = self.state_file("captured", &path);
        let backup = self.back_up(&path, &bytes)?;
        fs::remove_file(&path).doing("delete", &path)?;
        sync_folder(&path)?;
        let _ = fs::remove_file(record);
        self.remove_empty_project(&path);
        Ok(backup)
    }

    fn named(&self, target: &Target) -> Result<PathBuf, StoreError> {
        match target {
            Target::Named { .. } => self.find(target),
            _ => Err(StoreError::NotNamed(target.to_string())),
        }
    }

    /// Writes a file atomically, and keeps what was there before as a backup.
    pub fn write(&self, path: &Path, text: &str) -> Result<Written, StoreError> {
        match fs::metadata(path) {
            Ok(metadata) if !metadata.is_file() => {
                // A device or a pipe such as /dev/stdout: it cannot be replaced.
                let mut file = OpenOptions::new()
                    .write(true)
                    .open(path)
                    .doing("write", path)?;
                file.write_all(text.as_bytes()).doing("write", path)?;
                Ok(Written::Streamed)
            }
            Ok(metadata) => {
                let path = through_links(path);
                let present = fs::read(&path).doing("read", &path)?;
                if present == text.as_bytes() {
                    return Ok(Written::Unchanged(path));
                }
                let backup = self.back_up(&path, &present)?;
                replace(&path, text.as_bytes(), Some(&metadata))?;
                Ok(Written::Replaced { path, backup })
            }
            Err(_) => {
                let path = through_links(path);
                replace(&path, text.as_bytes(), None)?;
                Ok(Written::Created(path))
            }
        }
    }

    /// Keeps what a file holds, beside what it held before: `NAME.~1~`, `NAME.~2~` and so
    /// on, as cp(1) numbers them, the last ones of them. What was kept last is not kept
    /// twice.
    fn back_up(&self, path: &Path, content: &[u8]) -> Result<PathBuf, StoreError> {
        let base = self.state_file("backups", path);
        let numbered = |number: u64| {
            let mut name = base.clone().into_os_string();
            name.push(format!(".~{number}~"));
            PathBuf::from(name)
        };
        let mut numbers = numbers_of(&base);
        numbers.sort_unstable();
        let last = numbers.last().copied().unwrap_or_default();
        if fs::read(numbered(last)).is_ok_and(|kept| kept == content) {
            return Ok(numbered(last));
        }
        let backup = numbered(last + 1);
        replace(&backup, content, None)?;
        let many = (numbers.len() + 1).saturating_sub(BACKUPS);
        for old in numbers.into_iter().take(many) {
            // One too many is no trouble.
            let _ = fs::remove_file(numbered(old));
        }
        Ok(backup)
    }

    /// A file about another file: its whole path in one name, as editors do for
    /// their backups.
    fn state_file(&self, kind: &str, path: &Path) -> PathBuf {
        /// File systems take 255 bytes; temporary endings come on top.
        const LONGEST: usize = 200;
        let absolute = std::path::absolute(through_links(path)).unwrap_or_else(|_| path.to_owned());
        let mut name = absolute
            .to_string_lossy()
            .replace('%', "%%")
            .replace('/', "%");
        if name.len() > LONGEST {
            name = fingerprint(name.as_bytes());
        }
        self.state.join(kind).join(name)
    }

    fn remove_empty_project(&self, path: &Path) {
        if let Some(folder) = path.parent()
            && folder.parent() == Some(&self.layouts)
        {
            // Fails when there is something in it, which is right.
            let _ = fs::remove_dir(folder);
        }
    }
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

/// The numbers of the backups that there are.
fn numbers_of(base: &Path) -> Vec<u64> {
    let name = base.file_name().and_then(|name| name.to_str());
    let entries = base.parent().and_then(|folder| fs::read_dir(folder).ok());
    let names = entries.into_iter().flatten().flatten();
    names
        .filter_map(|entry| {
            let entry = entry.file_name();
            let number = entry.to_str()?.strip_prefix(name?)?;
            number.strip_prefix(".~")?.strip_suffix('~')?.parse().ok()
        })
        .collect()
}

/// Looks at the open file, so that nobody can put another one in its place meanwhile.
fn trust_of(path: &Path, file: &File) -> Result<Result<(), Distrust>, StoreError> {
    let access = |metadata: &fs::Metadata| Access {
        uid: metadata.uid(),
        gid: metadata.gid(),
        mode: metadata.mode(),
    };
    let us = Identity {
        uid: rustix::process::geteuid().as_raw(),
        gid: rustix::process::getegid().as_raw(),
    };
    let metadata = file.metadata().doing("read", path)?;
    if !metadata.is_file() {
        // A pipe of the user's own shell.
        return Ok(trust::decide(path, access(&metadata), None, us));
    }
    let real = fs::canonicalize(path).doing("read", path)?;
    let folder = real.parent().unwrap_or(Path::new("/"));
    let around = fs::metadata(folder).doing("read", folder)?;
    Ok(trust::decide(
        path,
        access(&metadata),
        Some((folder, access(&around))),
        us,
    ))
}

fn read_all(from: impl Read, path: &Path) -> Result<Vec<u8>, StoreError> {
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

/// The file that is meant where a path is a symbolic link, also to nowhere yet;
/// the same before and after the file is made.
fn through_links(path: &Path) -> PathBuf {
    let meant = match fs::read_link(path) {
        Ok(to) => path.parent().unwrap_or(Path::new("")).join(to),
        Err(_) => path.to_owned(),
    };
    if let Ok(real) = fs::canonicalize(&meant) {
        return real;
    }
    match (meant.parent().map(fs::canonicalize), meant.file_name()) {
        (Some(Ok(folder)), Some(name)) => folder.join(name),
        _ => meant,
    }
}

/// Puts a file with this content in the place of what was there, as a whole or not
/// at all, also where the power is cut; `like` is the old file, whose owner and
/// permissions stay.
fn replace(path: &Path, content: &[u8], like: Option<&fs::Metadata>) -> Result<(), StoreError> {
    put(path, content, like, true)?;
    sync_folder(path)
}

/// [`replace`], where `synced` says whether the content has reached the disk before the
/// file has its name.
fn put(
    path: &Path,
    content: &[u8],
    like: Option<&fs::Metadata>,
    synced: bool,
) -> Result<(), StoreError> {
    /// Nobody else needs to write a layout; see `trust`.
    const NEW_FILE: u32 = 0o644;
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder).doing("create", folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let fresh = folder.join(format!(".{name}.{}.tmp", std::process::id()));
    // Left over from a run that was killed, with the same process id.
    let _ = fs::remove_file(&fresh);
    let done = (|| -> io::Result<()> {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(NEW_FILE)
            .open(&fresh)?;
        if let Some(like) = like {
            let owner = (Uid::from_raw(like.uid()), Gid::from_raw(like.gid()));
            // Only root can give files away; for all others it is theirs already.
            let _ = rustix::fs::fchown(&file, Some(owner.0), Some(owner.1));
            rustix::fs::fchmod(&file, Mode::from_raw_mode(like.mode()))?;
        }
        file.write_all(content)?;
        if synced {
            file.sync_all()?;
        }
        fs::rename(&fresh, path)
    })();
    if done.is_err() {
        let _ = fs::remove_file(&fresh);
    }
    done.doing("write", path)
}

/// Makes sure that a rename survives a power cut.
fn sync_folder(path: &Path) -> Result<(), StoreError> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .doing("write", folder)
}

/// Tells whether a file is the one that was written: FNV-1a with the length.
/// It guards against overwriting, not against attackers.
fn fingerprint(bytes: &[u8]) -> String {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let hash = bytes.iter().fold(OFFSET, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(PRIME)
    });
    format!("{hash:016x}-{}", bytes.len())
}

/// The same path with the ending of another file, if that is one of a layout.
trait KeepExtension {
    fn with_extension_kept(self, ending: &std::ffi::OsStr) -> PathBuf;
}

impl KeepExtension for PathBuf {
    fn with_extension_kept(self, ending: &std::ffi::OsStr) -> PathBuf {
        if ending.is_empty() {
            self
        } else {
            self.with_extension(ending)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    type Outcome = Result<(), Box<dyn std::error::Error>>;

    struct House {
        dir: tempfile::TempDir,
        store: Store,
    }

    impl House {
        fn new() -> io::Result<Self> {
            let dir = tempfile::tempdir()?;
            let store = Store::new(&Dirs {
                config: dir.path().join("config"),
                state: dir.path().join("state"),
                home: dir.path().to_owned(),
            });
            Ok(Self { dir, store })
        }

        fn target(&self, text: &str) -> Result<Target, StoreError> {
            self.store.target(text)
        }

        fn write(&self, target: &Target, text: &str) -> Result<Written, StoreError> {
            self.store.write(&self.store.path(target).unwrap(), text)
        }

        fn write_captured(
            &self,
            target: &Target,
            text: &str,
            force: bool,
        ) -> Result<Written, StoreError> {
            let path = self.store.path(target).unwrap();
            self.store.write_captured(&path, text, force)
        }

        fn text(&self, text: &str) -> Result<String, Box<dyn std::error::Error>> {
            let opened = self.store.read(&self.target(text)?)?;
            Ok(String::from_utf8(opened.bytes)?)
        }
    }

    #[test]
    fn layouts_are_listed_by_project_and_nothing_else_is() -> Outcome {
        let house = House::new()?;
        assert_eq!(house.store.list()?, []);
        for name in ["zoo", "nixos/daily-dev", "a.b", "nixos/a"] {
            house.write(&house.target(name)?, "version: 1\n")?;
        }
        let layouts = house.store.layouts();
        fs::write(layouts.join(".hidden.yaml"), "")?;
        fs::write(layouts.join("README.md"), "")?;
        fs::write(layouts.join("j.json"), "{}")?;
        fs::create_dir_all(layouts.join("x/y"))?;
        fs::write(layouts.join("x/y/deep.yaml"), "")?;
        symlink("nowhere", layouts.join("broken.yaml"))?;
        let names: Vec<String> = house.store.list()?.iter().map(Listed::full_name).collect();
        assert_eq!(names, ["a.b", "j", "zoo", "nixos/a", "nixos/daily-dev"]);
        Ok(())
    }

    #[test]
    fn names_are_found_or_the_nearest_one_is_named() -> Outcome {
        let house = House::new()?;
        for name in ["nixos/daily-dev", "nixos/two", "other/two"] {
            house.write(&house.target(name)?, name)?;
        }
        assert_eq!(house.text("daily-dev")?, "nixos/daily-dev");
        let error = house.store.read(&house.target("nixos/daily-dv")?).err();
        assert_eq!(
            error.and_then(|error| error.hint()).as_deref(),
            Some("did you mean `nixos/daily-dev`?")
        );
        let error = house.store.read(&house.target("two")?).err();
        assert!(matches!(error, Some(StoreError::Ambiguous { .. })));
        Ok(())
    }

    #[test]
    fn earlier_versions_are_kept_too_but_not_for_ever() -> Outcome {
        let house = House::new()?;
        let target = house.target("a")?;
        house.write(&target, "0")?;
        // A name that begins the same has its own.
        let other = Target::File(house.store.layouts().join("a.yaml.b"));
        house.write(&other, "other")?;
        house.write(&other, "another")?;
        let mut backups = Vec::new();
        for number in 1..=BACKUPS + 2 {
            let Written::Replaced { backup, .. } = house.write(&target, &number.to_string())?
            else {
                return Err("it was there".into());
            };
            assert_eq!(fs::read_to_string(&backup)?, (number - 1).to_string());
            backups.push(backup);
        }
        let there: Vec<bool> = backups.iter().map(|backup| backup.exists()).collect();
        let mut expected = vec![true; BACKUPS + 2];
        expected[..2].fill(false);
        assert_eq!(there, expected);
        let folder = house.store.state.join("backups");
        assert_eq!(fs::read_dir(&folder)?.count(), BACKUPS + 1);

        // Deleted, written again and deleted again, the same text is kept once.
        let first = house.store.delete(&target)?;
        house.write(&target, &(BACKUPS + 2).to_string())?;
        assert_eq!(house.store.delete(&target)?, first);
        assert_eq!(fs::read_dir(&folder)?.count(), BACKUPS + 1);
        Ok(())
    }

    #[test]
    fn a_backup_holds_what_was_replaced_or_deleted() -> Outcome {
        let house = House::new()?;
        let target = house.target("a")?;
        assert!(matches!(house.write(&target, "1")?, Written::Created(_)));
        assert!(matches!(house.write(&target, "1")?, Written::Unchanged(_)));
        let Written::Replaced { backup, .. } = house.write(&target, "2")? else {
            return Err("not replaced".into());
        };
        assert_eq!(fs::read_to_string(&backup)?, "1");
        let backup = house.store.delete(&target)?;
        assert_eq!(fs::read_to_string(&backup)?, "2");
        assert!(!house.store.exists(&target));
        assert_eq!(house.store.list()?, []);
        Ok(())
    }

    #[test]
    fn permissions_and_links_stay_and_no_temporary_file_does() -> Outcome {
        let house = House::new()?;
        let dotfiles = house.dir.path().join("dotfiles");
        fs::create_dir_all(&dotfiles)?;
        let real = dotfiles.join("real.yaml");
        fs::write(&real, "old")?;
        fs::set_permissions(&real, fs::Permissions::from_mode(0o600))?;
        fs::create_dir_all(house.store.layouts())?;
        let link = house.store.layouts().join("a.yaml");
        symlink("../../../dotfiles/real.yaml", &link)?;
        house.write(&house.target("a")?, "new")?;
        assert!(fs::symlink_metadata(&link)?.is_symlink());
        assert_eq!(fs::read_to_string(&real)?, "new");
        assert_eq!(fs::metadata(&real)?.mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(&dotfiles)?.count(), 1);
        Ok(())
    }

    #[test]
    fn an_edited_file_is_not_captured_over() -> Outcome {
        let house = House::new()?;
        let target = house.target("a")?;
        let capture = |text: &str, force| house.write_captured(&target, text, force);
        assert!(matches!(capture("1", false)?, Written::Created(_)));
        assert!(matches!(capture("2", false)?, Written::Replaced { .. }));
        house.write(&target, "edited")?;
        assert!(matches!(
            capture("3", false),
            Err(StoreError::Edited { .. })
        ));
        assert_eq!(house.text("a")?, "edited");
        assert!(matches!(capture("3", true)?, Written::Replaced { .. }));
        assert!(matches!(capture("4", false)?, Written::Replaced { .. }));
        // A file that capture never wrote is a person's work.
        let other = house.target("b")?;
        house.write(&other, "mine")?;
        assert!(house.write_captured(&other, "x", false).is_err());
        Ok(())
    }

    #[test]
    fn renaming_never_overwrites_and_keeps_the_record() -> Outcome {
        let house = House::new()?;
        let (a, b, c) = (
            house.target("p/a")?,
            house.target("q/b")?,
            house.target("c")?,
        );
        house.write_captured(&a, "1", false)?;
        house.write(&c, "c")?;
        assert!(matches!(
            house.store.rename(&a, &c),
            Err(StoreError::Exists { .. })
        ));
        house.store.rename(&a, &b)?;
        assert!(!house.store.exists(&a));
        assert!(!house.store.layouts().join("p").exists());
        house.write_captured(&b, "2", false)?;
        Ok(())
    }

    #[test]
    fn a_renamed_link_still_leads_to_its_file() -> Outcome {
        let house = House::new()?;
        let real = house.dir.path().join("real.yaml");
        fs::write(&real, "1")?;
        fs::create_dir_all(house.store.layouts())?;
        symlink("../../../real.yaml", house.store.layouts().join("a.yaml"))?;
        house
            .store
            .rename(&house.target("a")?, &house.target("p/b")?)?;
        assert_eq!(house.text("p/b")?, "1");
        assert!(real.exists() && !house.store.exists(&house.target("a")?));
        Ok(())
    }

    #[test]
    fn a_file_that_others_can_write_is_not_trusted() -> Outcome {
        let house = House::new()?;
        let target = house.target("a")?;
        house.write(&target, "version: 1\n")?;
        assert_eq!(house.store.read(&target)?.trust, Ok(()));
        let path = house.store.find(&target)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666))?;
        assert!(house.store.read(&target)?.trust.is_err());
        Ok(())
    }

    #[test]
    fn what_is_no_layout_file_is_refused() -> Outcome {
        let house = House::new()?;
        let large = house.dir.path().join("large.yaml");
        let size = usize::try_from(MAX_BYTES)? + 1;
        fs::write(&large, vec![b'#'; size])?;
        let read = house.store.read(&Target::File(large));
        assert!(matches!(read, Err(StoreError::TooLarge { .. })));
        let written = house.write(&Target::File("/dev/null".into()), "x")?;
        assert_eq!(written, Written::Streamed);
        Ok(())
    }
}
