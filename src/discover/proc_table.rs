//! Edge: processes as /proc shows them (proc(5)).
//!
//! Windows share processes and processes share ancestors, so everything is read at most once per
//! process id. A [`ProcTable`] is a snapshot: use it once and drop it.
//! A process that cannot be read (it belongs to another user, or has just ended) is left out. That
//! is never an error, because its window still exists.
#![expect(clippy::disallowed_methods, reason = "reads /proc")]

use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use procfs::FromRead as _;
use procfs::process::Stat;

use super::namespaces::Surroundings;
use super::session_options::without_session_options;
use crate::live::{Pid, Process};

/// The environment variable that identifies a program started by `apply`.
pub const TOKEN_VARIABLE: &str = "I3PM_TOKEN";

/// The suffix that the kernel adds to the path of a deleted file or directory.
const DELETED: &[u8] = b" (deleted)";

/// More ancestors than any session has. The limit ends a loop of reused process ids.
const MAX_ANCESTORS: usize = 256;

/// Results by process id; `None` if the process cannot be read.
type Cache<T> = RefCell<HashMap<Pid, Option<T>>>;

fn cached<T: Clone>(cache: &Cache<T>, pid: Pid, read: impl FnOnce() -> Option<T>) -> Option<T> {
    if let Some(known) = cache.borrow().get(&pid) {
        return known.clone();
    }
    let found = read();
    cache.borrow_mut().insert(pid, found.clone());
    found
}

/// A process that descends from another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Descendant {
    /// Its id.
    pub pid: Pid,
    /// Its parent.
    pub parent: Pid,
    /// True if its parent has not noticed yet that it has ended.
    pub has_ended: bool,
}

/// Processes by id, read on demand.
#[derive(Debug)]
pub struct ProcTable {
    pub(super) root: PathBuf,
    processes: Cache<Process>,
    programs: Cache<Process>,
    parents: Cache<Pid>,
    /// The namespaces that count as outside of a container.
    pub(super) outside: Surroundings,
}

impl Default for ProcTable {
    fn default() -> Self {
        Self::new()
    }
}

impl ProcTable {
    /// The processes of this machine.
    pub fn new() -> Self {
        Self::with_root("/proc")
    }

    /// The processes below another directory that looks like /proc.
    pub fn with_root(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            processes: Cache::default(),
            programs: Cache::default(),
            parents: Cache::default(),
            outside: Surroundings::default(),
        }
    }

    /// Returns the process with this id; `None` if it does not exist or is a zombie.
    pub fn process(&self, pid: Pid) -> Option<Process> {
        cached(&self.processes, pid, || self.read(pid))
    }

    /// Forgets the processes, but not the relations of their ancestors.
    pub(super) fn forget(&self) {
        self.processes.borrow_mut().clear();
        self.programs.borrow_mut().clear();
    }

    /// Returns the process without its token and ancestors. Capture needs no more, and it costs
    /// half as much: `stat` and `environ` are the slowest files.
    ///
    /// A zombie is a process without a command line here.
    pub fn program(&self, pid: Pid) -> Option<Process> {
        cached(&self.programs, pid, || Some(program(&self.open(pid)?, pid)))
    }

    /// Returns the command line of the process; `None` if it has none or cannot be read.
    pub(super) fn command_line(&self, pid: Pid) -> Option<Vec<String>> {
        let bytes = self.file(pid, "cmdline")?;
        let display = || variable(&self.file(pid, "environ")?, "DISPLAY");
        let argv = without_session_options(arguments(&bytes), display);
        (!argv.is_empty()).then_some(argv)
    }

    /// Returns the environment that the process was started with; `None` if it cannot be read.
    pub fn environ(&self, pid: Pid) -> Option<HashMap<OsString, OsString>> {
        self.open(pid)?.environ().ok()
    }

    /// Returns a variable of the environment that the process was started with.
    pub fn variable(&self, pid: Pid, name: &str) -> Option<String> {
        variable(&self.file(pid, "environ")?, name)
    }

    /// Returns the children of the process in the order of their start (proc(5),
    /// `/proc/PID/task/TID/children`).
    pub(super) fn children(&self, parent: Pid) -> Vec<Pid> {
        let Some(dir) = self.open(parent) else {
            return Vec::new();
        };
        let listed = || {
            let mut children = Vec::new();
            let mut parents = 0;
            for task in dir.tasks().ok()?.flatten() {
                // Some kernels do not list children.
                let of_task = task.children().ok()?;
                parents += usize::from(!of_task.is_empty());
                children.extend(of_task.into_iter().map(Pid));
            }
            Some((children, parents > 1))
        };
        let among_all = || {
            let mut all = self.all();
            all.retain(|&pid| self.parent(pid) == Some(parent));
            (all, true)
        };
        let (mut children, mixed) = listed().unwrap_or_else(among_all);
        if mixed {
            // Process ids are reused.
            children.sort_by_cached_key(|&pid| (self.started(pid), pid));
        }
        children
    }

    /// Returns the processes that descend from this one.
    pub fn descendants(&self, of: Pid) -> Vec<Descendant> {
        let all = self.all().into_iter().filter_map(|pid| {
            let stat = self.stat(pid)?;
            Some(Descendant {
                pid,
                parent: pid_of(stat.ppid)?,
                has_ended: matches!(stat.state, 'Z' | 'X' | 'x'),
            })
        });
        let mut others: Vec<Descendant> = all.collect();
        let mut found = Vec::new();
        let mut generation = vec![of];
        while !generation.is_empty() {
            let (next, rest): (Vec<Descendant>, Vec<Descendant>) = others
                .into_iter()
                .partition(|one| generation.contains(&one.parent));
            others = rest;
            generation = next.iter().map(|one| one.pid).collect();
            found.extend(next);
        }
        found
    }

    /// Returns the ids of all processes.
    pub fn all(&self) -> Vec<Pid> {
        let files = fs::read_dir(&self.root).into_iter().flatten().flatten();
        files
            .filter_map(|file| file.file_name().to_str()?.parse().ok().map(Pid))
            .collect()
    }

    /// Returns the inodes of the sockets that the process has open; none for another user's.
    pub(super) fn sockets(&self, pid: Pid) -> Vec<u64> {
        let files = self.open(pid).and_then(|dir| dir.fd().ok());
        let files = files.into_iter().flatten().flatten();
        let sockets = files.filter_map(|file| match file.target {
            procfs::process::FDTarget::Socket(inode) => Some(inode),
            _ => None,
        });
        sockets.collect()
    }

    /// Reads the process, but knows its ancestors from earlier calls.
    pub(super) fn read(&self, pid: Pid) -> Option<Process> {
        let dir = self.open(pid)?;
        let stat = self.running(pid, &read_file(&dir, "stat")?)?;
        let environ = read_file(&dir, "environ").unwrap_or_default();
        Some(Process {
            token: variable(&environ, TOKEN_VARIABLE),
            from_session: environ
                .split(|&byte| byte == 0)
                .any(|variable| variable.starts_with(b"I3SOCK=")),
            started: Some(stat.starttime),
            ancestors: self.ancestors(pid),
            ..program(&dir, pid)
        })
    }

    /// Parses the status of the process; `None` if it has ended.
    fn running(&self, pid: Pid, stat: &[u8]) -> Option<Stat> {
        let stat = Stat::from_read(stat).ok()?;
        if matches!(stat.state, 'Z' | 'X' | 'x') {
            return None;
        }
        self.parents.borrow_mut().insert(pid, pid_of(stat.ppid));
        Some(stat)
    }

    /// Reads the start of the process alone, which takes a fraction of the time; `None` if it has
    /// ended.
    pub(super) fn running_since(&self, pid: Pid) -> Option<u64> {
        Some(self.running(pid, &self.file(pid, "stat")?)?.starttime)
    }

    /// Returns the parents of the process, the nearest first.
    pub(super) fn ancestors(&self, pid: Pid) -> Vec<Pid> {
        let mut ancestors = Vec::new();
        let mut next = self.parent(pid);
        while let Some(pid) = next
            && ancestors.len() < MAX_ANCESTORS
            && !ancestors.contains(&pid)
        {
            ancestors.push(pid);
            next = self.parent(pid);
        }
        ancestors
    }

    pub(super) fn parent(&self, pid: Pid) -> Option<Pid> {
        cached(&self.parents, pid, || pid_of(self.stat(pid)?.ppid))
    }

    /// Returns the start time of the process, in clock ticks since boot (proc(5), `starttime`).
    pub fn started(&self, pid: Pid) -> Option<u64> {
        Some(self.stat(pid)?.starttime)
    }

    pub(super) fn stat(&self, pid: Pid) -> Option<Stat> {
        Stat::from_read(self.file(pid, "stat")?.as_slice()).ok()
    }

    /// Reads a single file of the process, without opening its directory first.
    fn file(&self, pid: Pid, name: &str) -> Option<Vec<u8>> {
        contents(File::open(self.path(pid).join(name)).ok()?)
    }

    pub(super) fn open(&self, pid: Pid) -> Option<procfs::process::Process> {
        procfs::process::Process::new_with_root(self.path(pid)).ok()
    }

    /// Returns the directory of the process.
    pub(super) fn path(&self, Pid(pid): Pid) -> PathBuf {
        self.root.join(pid.to_string())
    }
}

fn program(dir: &procfs::process::Process, pid: Pid) -> Process {
    let display = || variable(&read_file(dir, "environ")?, "DISPLAY");
    Process {
        pid: Some(pid),
        argv: read_file(dir, "cmdline")
            .map(|bytes| without_session_options(arguments(&bytes), display))
            .unwrap_or_default(),
        exe: dir.exe().ok().map(without_deleted),
        cwd: dir.cwd().ok().filter(|cwd| still_exists(cwd)),
        ..Process::default()
    }
}

pub(super) fn pid_of(number: i32) -> Option<Pid> {
    u32::try_from(number).ok().filter(|&pid| pid != 0).map(Pid)
}

/// Reads a file of the process. The crate's own `cmdline` drops empty arguments and rejects
/// arguments that are not UTF-8.
fn read_file(dir: &procfs::process::Process, name: &str) -> Option<Vec<u8>> {
    contents(dir.open_relative(name).ok()?)
}

/// Reads a file of /proc.
///
/// `take` keeps the standard library from asking for the size, which these files do not have, and
/// from starting with a buffer of 32 bytes. Each system call costs, and there are several files per
/// window.
fn contents(file: impl Read) -> Option<Vec<u8>> {
    /// Enough for most command lines.
    const USUAL: usize = 2048;
    let mut bytes = Vec::with_capacity(USUAL);
    file.take(u64::MAX).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// Splits a `cmdline` file into arguments, each of which ends with a NUL. Bytes that are not UTF-8
/// become U+FFFD.
///
/// A program that overwrites its arguments with a title leaves several NULs behind, so several
/// empty arguments at the end are dropped. Real ones are rare.
fn arguments(bytes: &[u8]) -> Vec<String> {
    let mut bytes = bytes.strip_suffix(&[0]).unwrap_or(bytes);
    if bytes.ends_with(&[0, 0]) {
        while let [before @ .., 0] = bytes {
            bytes = before;
        }
    }
    if bytes.is_empty() {
        return Vec::new();
    }
    bytes
        .split(|&byte| byte == 0)
        .map(|argument| String::from_utf8_lossy(argument).into_owned())
        .collect()
}

/// Returns the value of a variable that is not empty.
fn variable(environ: &[u8], name: &str) -> Option<String> {
    let value = environ
        .split(|&byte| byte == 0)
        .find_map(|variable| variable.strip_prefix(name.as_bytes())?.strip_prefix(b"="))?;
    let value = String::from_utf8(value.to_vec()).ok();
    value.filter(|value| !value.is_empty())
}

/// Returns the path of a program without the kernel's suffix if the file was deleted. After an
/// upgrade, the new version has the same path.
fn without_deleted(path: PathBuf) -> PathBuf {
    match path.as_os_str().as_bytes().strip_suffix(DELETED) {
        Some(before) if !path.exists() => PathBuf::from(OsString::from_vec(before.to_vec())),
        _ => path,
    }
}

/// True if a program can be started in the directory: it was not deleted, and it is below the root
/// directory of this process (otherwise the kernel writes `(unreachable)` in front of it).
fn still_exists(directory: &Path) -> bool {
    directory.is_absolute()
        && (!directory.as_os_str().as_bytes().ends_with(DELETED) || directory.exists())
}

#[cfg(test)]
mod tests;
