//! Real processes, and directories that look like /proc.

use super::*;

use std::ffi::OsStr;
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

/// A `cat` that has answered. Right after the exec, its command line would be empty.
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
fn a_real_process_is_read() {
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
    assert_eq!(environ[OsStr::new(TOKEN_VARIABLE)], "t-1");
}

#[test]
fn a_deleted_directory_is_left_out() {
    let dir = tempfile::tempdir().unwrap();
    let child = cat(dir.path());
    drop(dir);
    let process = ProcTable::new().process(Pid(child.0.id())).unwrap();
    assert_eq!(process.cwd, None);
}

#[test]
fn ended_processes_are_left_out() {
    let table = ProcTable::new();
    assert_eq!(table.process(Pid(u32::MAX)), None);
    assert_eq!(table.environ(Pid(u32::MAX)), None);
    let root = tempfile::tempdir().unwrap();
    process(root.path(), 5, ('Z', 1), b"");
    assert_eq!(ProcTable::with_root(root.path()).process(Pid(5)), None);
}

#[test]
fn unreadable_files_are_left_out() {
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
fn ancestors_end_with_the_first_process_or_with_a_cycle() {
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
fn children_are_in_the_order_of_their_start_even_if_process_ids_are_reused() {
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
fn an_upgraded_program_keeps_its_path() {
    let root = tempfile::tempdir().unwrap();
    let dir = process(root.path(), 7, ('S', 0), b"gvim\0");
    symlink("/usr/bin/no-such-program (deleted)", dir.join("exe")).unwrap();
    let read = ProcTable::with_root(root.path()).process(Pid(7)).unwrap();
    assert_eq!(read.exe, Some(PathBuf::from("/usr/bin/no-such-program")));
}

#[test]
fn arguments_are_split_at_nul_bytes() {
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
