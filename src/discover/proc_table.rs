//! Edge: processes as /proc shows them (proc(5)).
//!
//! Windows share processes and processes share ancestors, so everything is read at most
//! once per process id and kept; a [`ProcTable`] is a picture of one moment and is thrown
//! away with it.
//! What cannot be read (another user's process, one that has just ended) is left out,
//! never an error: the window is there all the same.
#![expect(clippy::disallowed_methods, reason = "reads /proc")]

use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::io::Read;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use crate::live::{Pid, Process, XId};

/// The environment variable by which a program that we started is known again.
pub const TOKEN_VARIABLE: &str = "I3PM_TOKEN";

/// How the kernel ends the name of a file or directory that is gone.
const DELETED: &[u8] = b" (deleted)";

/// No session nests this deep; it ends the walk where a process id was used again.
const MAX_ANCESTORS: usize = 256;

/// Processes by id, read when they are asked for.
#[derive(Debug)]
pub struct ProcTable {
    root: PathBuf,
    processes: RefCell<HashMap<Pid, Option<Process>>>,
    programs: RefCell<HashMap<Pid, Option<Process>>>,
    /// `None`: has no parent, or is gone.
    parents: RefCell<HashMap<Pid, Option<Pid>>>,
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
            processes: RefCell::default(),
            programs: RefCell::default(),
            parents: RefCell::default(),
        }
    }

    /// The process with this id; `None` when there is none, or only what is left of one
    /// that has ended (a zombie).
    pub fn process(&self, pid: Pid) -> Option<Process> {
        if let Some(known) = self.processes.borrow().get(&pid) {
            return known.clone();
        }
        let process = self.read(pid);
        self.processes.borrow_mut().insert(pid, process.clone());
        process
    }

    /// The process without its token and ancestors, which is all that capture wants and
    /// costs half as much: the kernel works longest for `stat` and `environ`.
    ///
    /// A zombie is a process without a command line here.
    pub fn program(&self, pid: Pid) -> Option<Process> {
        if let Some(known) = self.programs.borrow().get(&pid) {
            return known.clone();
        }
        let process = self.open(pid).map(|dir| program(&dir, pid));
        self.programs.borrow_mut().insert(pid, process.clone());
        process
    }

    /// The environment that the process was started with, in its order; `None` where it
    /// may not be read.
    pub fn environ(&self, pid: Pid) -> Option<Vec<(OsString, OsString)>> {
        let bytes = read_file(&self.open(pid)?, "environ")?;
        let variables = bytes.split(|&byte| byte == 0).filter_map(|variable| {
            let equals = variable.iter().position(|&byte| byte == b'=')?;
            let (name, value) = (variable.get(..equals)?, variable.get(equals + 1..)?);
            Some((
                OsString::from_vec(name.to_vec()),
                OsString::from_vec(value.to_vec()),
            ))
        });
        Some(variables.collect())
    }

    /// The children of the process, in the order in which they were started (proc(5),
    /// `/proc/PID/task/TID/children`).
    pub(super) fn children(&self, parent: Pid) -> Vec<Pid> {
        let Some(dir) = self.open(parent) else {
            return Vec::new();
        };
        let listed = || {
            let mut children = Vec::new();
            let mut parents = 0;
            for task in dir.tasks().ok()?.flatten() {
                // Not all kernels list them.
                let of_task = task.children().ok()?;
                parents += usize::from(!of_task.is_empty());
                children.extend(of_task.into_iter().map(Pid));
            }
            Some((children, parents > 1))
        };
        let (mut children, mixed) =
            listed().unwrap_or_else(|| (self.children_among_all(parent), true));
        if mixed {
            // Process ids begin anew some day.
            let started = |pid| Some(self.stat(pid)?.starttime);
            children.sort_by_cached_key(|&pid| (started(pid), pid));
        }
        children
    }

    /// The ids of all processes.
    pub(super) fn all(&self) -> Vec<Pid> {
        let Ok(all) = fs::read_dir(&self.root) else {
            return Vec::new();
        };
        all.flatten()
            .filter_map(|file| file.file_name().to_str()?.parse().ok().map(Pid))
            .collect()
    }

    fn children_among_all(&self, parent: Pid) -> Vec<Pid> {
        self.all()
            .into_iter()
            .filter(|&pid| {
                let stat = self.stat(pid);
                stat.is_some_and(|stat| pid_of(stat.ppid) == Some(parent))
            })
            .collect()
    }

    /// The window that a terminal named to the process: `WINDOWID` in its environment.
    pub(super) fn window_id(&self, pid: Pid) -> Option<XId> {
        let environ = read_file(&self.open(pid)?, "environ")?;
        variable(&environ, "WINDOWID")?.parse().ok().map(XId)
    }

    fn read(&self, pid: Pid) -> Option<Process> {
        let dir = self.open(pid)?;
        let stat = dir.stat().ok()?;
        if matches!(stat.state, 'Z' | 'X' | 'x') {
            return None;
        }
        let parent = pid_of(stat.ppid);
        self.parents.borrow_mut().insert(pid, parent);
        let environ = read_file(&dir, "environ").unwrap_or_default();
        Some(Process {
            token: variable(&environ, TOKEN_VARIABLE),
            from_session: environ
                .split(|&byte| byte == 0)
                .any(|variable| variable.starts_with(b"I3SOCK=")),
            started: Some(stat.starttime),
            ancestors: self.ancestors(parent),
            ..program(&dir, pid)
        })
    }

    fn ancestors(&self, parent: Option<Pid>) -> Vec<Pid> {
        let mut ancestors = Vec::new();
        let mut next = parent;
        while let Some(pid) = next
            && ancestors.len() < MAX_ANCESTORS
            && !ancestors.contains(&pid)
        {
            ancestors.push(pid);
            next = self.parent(pid);
        }
        ancestors
    }

    fn parent(&self, pid: Pid) -> Option<Pid> {
        if let Some(&known) = self.parents.borrow().get(&pid) {
            return known;
        }
        let parent = self.stat(pid).and_then(|stat| pid_of(stat.ppid));
        self.parents.borrow_mut().insert(pid, parent);
        parent
    }

    pub(super) fn stat(&self, pid: Pid) -> Option<procfs::process::Stat> {
        self.open(pid)?.stat().ok()
    }

    pub(super) fn open(&self, Pid(pid): Pid) -> Option<procfs::process::Process> {
        procfs::process::Process::new_with_root(self.root.join(pid.to_string())).ok()
    }
}

fn program(dir: &procfs::process::Process, pid: Pid) -> Process {
    Process {
        pid: Some(pid),
        argv: read_file(dir, "cmdline")
            .map(|bytes| arguments(&bytes))
            .unwrap_or_default(),
        exe: dir.exe().ok().map(without_deleted),
        cwd: dir.cwd().ok().filter(|cwd| still_there(cwd)),
        ..Process::default()
    }
}

/// The process that leads the foreground job of the process's terminal; `None` when the
/// process is in that job itself, or there is no terminal.
pub(super) fn job_of(stat: &procfs::process::Stat) -> Option<Pid> {
    pid_of(stat.tpgid).filter(|_| stat.tpgid != stat.pid && stat.tpgid != stat.pgrp)
}

pub(super) fn pid_of(number: i32) -> Option<Pid> {
    u32::try_from(number).ok().filter(|&pid| pid != 0).map(Pid)
}

/// The crate's own `cmdline` drops empty arguments and refuses what is not UTF-8.
///
/// The limit keeps the standard library from asking for a size, which these files do not
/// have, and from beginning with 32 bytes: each call costs, and there are three per window.
fn read_file(dir: &procfs::process::Process, name: &str) -> Option<Vec<u8>> {
    /// Enough for most command lines.
    const USUAL: usize = 2048;
    let mut bytes = Vec::with_capacity(USUAL);
    let file = dir.open_relative(name).ok()?;
    file.take(u64::MAX).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// The arguments of a `cmdline` file: each ends with a NUL.
///
/// What is not UTF-8 gets U+FFFD, and is known by it later on.
/// A program that writes its title over its arguments leaves NULs behind it, so the
/// empty ones at the end do not count after such a title; an empty last argument that was
/// really given is rare, and only lost when several of them are.
fn arguments(bytes: &[u8]) -> Vec<String> {
    let bytes = bytes.strip_suffix(&[0]).unwrap_or(bytes);
    let title = bytes
        .iter()
        .rposition(|&byte| byte != 0)
        .map_or(0, |last| last + 1);
    let bytes = match bytes {
        [.., 0, 0] => bytes.get(..title).unwrap_or_default(),
        _ => bytes,
    };
    if bytes.is_empty() {
        return Vec::new();
    }
    bytes
        .split(|&byte| byte == 0)
        .map(|argument| String::from_utf8_lossy(argument).into_owned())
        .collect()
}

fn variable(environ: &[u8], name: &str) -> Option<String> {
    environ
        .split(|&byte| byte == 0)
        .find_map(|variable| variable.strip_prefix(name.as_bytes())?.strip_prefix(b"="))
        .map(|value| String::from_utf8_lossy(value).into_owned())
}

/// A program file that was replaced while the program runs, as an upgrade does, has its
/// successor under the same name.
fn without_deleted(path: PathBuf) -> PathBuf {
    match path.as_os_str().as_bytes().strip_suffix(DELETED) {
        Some(before) if !path.exists() => PathBuf::from(OsString::from_vec(before.to_vec())),
        _ => path,
    }
}

/// True if a program can be started there: the directory was not deleted, and can be
/// reached from our root (the kernel writes `(unreachable)` before one that cannot).
fn still_there(directory: &Path) -> bool {
    directory.is_absolute()
        && (!directory.as_os_str().as_bytes().ends_with(DELETED) || directory.exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::fs;
    use std::io::Write;
    use std::os::unix::fs::symlink;
    use std::process::{Child, Command, Stdio};

    struct Ended(Child);

    impl Drop for Ended {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    /// A process directory with the fields of `stat` that matter here.
    fn process(root: &Path, pid: u32, (state, parent): (char, u32), cmdline: &[u8]) -> PathBuf {
        let dir = root.join(pid.to_string());
        fs::create_dir(&dir).unwrap();
        let zeros = " 0".repeat(48);
        fs::write(
            dir.join("stat"),
            format!("{pid} (a name) {state} {parent}{zeros}\n"),
        )
        .unwrap();
        fs::write(dir.join("cmdline"), cmdline).unwrap();
        dir
    }

    /// A `cat` that has answered, so its command line is there: right after the exec there
    /// is a moment in which it is empty.
    fn cat(directory: &Path) -> Ended {
        let mut child = Command::new("cat")
            .arg("-")
            .current_dir(directory)
            .env(TOKEN_VARIABLE, "t-1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map(Ended)
            .unwrap();
        child.0.stdin.as_mut().unwrap().write_all(b"x").unwrap();
        let mut answer = [0];
        let output = child.0.stdout.as_mut().unwrap();
        output.read_exact(&mut answer).unwrap();
        child
    }

    #[test]
    fn a_real_process_is_read_whole() {
        let dir = tempfile::tempdir().unwrap();
        let child = cat(dir.path());
        let table = ProcTable::new();
        let process = table.process(Pid(child.0.id())).unwrap();
        assert_eq!(process.argv, ["cat", "-"]);
        assert_eq!(process.cwd, Some(dir.path().canonicalize().unwrap()));
        assert_eq!(process.token.as_deref(), Some("t-1"));
        assert!(process.exe.is_some());
        assert_eq!(process.ancestors.first(), Some(&Pid(std::process::id())));
        assert!(process.ancestors.len() > 1);
        let program = table.program(Pid(child.0.id())).unwrap();
        assert_eq!((program.argv, program.cwd), (process.argv, process.cwd));
        let environ = table.environ(Pid(child.0.id())).unwrap();
        assert!(environ.contains(&(TOKEN_VARIABLE.into(), "t-1".into())));
    }

    #[test]
    fn a_deleted_directory_is_no_place_to_start_in() {
        let dir = tempfile::tempdir().unwrap();
        let child = cat(dir.path());
        drop(dir);
        let process = ProcTable::new().process(Pid(child.0.id())).unwrap();
        assert_eq!(process.cwd, None);
    }

    #[test]
    fn what_has_ended_is_no_process() {
        let table = ProcTable::new();
        assert_eq!(table.process(Pid(u32::MAX)), None);
        assert_eq!(table.environ(Pid(u32::MAX)), None);
        let root = tempfile::tempdir().unwrap();
        process(root.path(), 5, ('Z', 1), b"");
        assert_eq!(ProcTable::with_root(root.path()).process(Pid(5)), None);
    }

    #[test]
    fn what_may_not_be_read_is_left_out() {
        let root = tempfile::tempdir().unwrap();
        process(root.path(), 7, ('S', 0), b"xterm\0-e\0htop\0");
        let read = ProcTable::with_root(root.path()).process(Pid(7)).unwrap();
        assert_eq!(
            read,
            Process {
                pid: Some(Pid(7)),
                argv: vec!["xterm".into(), "-e".into(), "htop".into()],
                started: read.started,
                ..Process::default()
            }
        );
    }

    #[test]
    fn ancestors_end_with_the_first_process_or_with_a_circle() {
        let root = tempfile::tempdir().unwrap();
        process(root.path(), 1, ('S', 0), b"init\0");
        process(root.path(), 2, ('S', 1), b"session\0");
        process(root.path(), 3, ('S', 2), b"xterm\0");
        process(root.path(), 8, ('S', 9), b"a\0");
        process(root.path(), 9, ('S', 8), b"b\0");
        let table = ProcTable::with_root(root.path());
        let ancestors = |pid| table.process(Pid(pid)).unwrap().ancestors;
        assert_eq!(ancestors(3), [Pid(2), Pid(1)]);
        assert_eq!(ancestors(8), [Pid(9), Pid(8)]);
    }

    #[test]
    fn children_come_in_the_order_of_their_start_also_when_process_ids_begin_anew() {
        let root = tempfile::tempdir().unwrap();
        process(root.path(), 20, ('S', 1), b"server\0");
        for (pid, started) in [(31, 100), (7, 300), (32, 200)] {
            let dir = process(root.path(), pid, ('S', 20), b"sh\0");
            // The 22nd field (proc(5), /proc/pid/stat).
            let (before, after) = (" 0".repeat(17), " 0".repeat(30));
            fs::write(
                dir.join("stat"),
                format!("{pid} (sh) S 20{before} {started}{after}\n"),
            )
            .unwrap();
        }
        let children = ProcTable::with_root(root.path()).children(Pid(20));
        assert_eq!(children, [Pid(31), Pid(32), Pid(7)]);
    }

    #[test]
    fn an_upgraded_program_keeps_its_name() {
        let root = tempfile::tempdir().unwrap();
        let dir = process(root.path(), 7, ('S', 0), b"gvim\0");
        symlink("/usr/bin/no-such-program (deleted)", dir.join("exe")).unwrap();
        let read = ProcTable::with_root(root.path()).process(Pid(7)).unwrap();
        assert_eq!(read.exe, Some(PathBuf::from("/usr/bin/no-such-program")));
    }

    #[test]
    fn arguments_as_programs_leave_them() {
        let table: [(&[u8], &[&str]); 6] = [
            (b"", &[]),
            (b"a\0\0b c\0", &["a", "", "b c"]),
            (b"a\0\0", &["a", ""]),
            (b"nginx: worker\0\0\0\0\0", &["nginx: worker"]),
            (b"no end", &["no end"]),
            (b"a\xff\0", &["a\u{fffd}"]),
        ];
        for (bytes, expected) in table {
            assert_eq!(arguments(bytes), expected, "{bytes:?}");
        }
    }
}
