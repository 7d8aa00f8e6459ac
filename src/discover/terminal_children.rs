//! Edge: what runs inside the windows of terminals.
//!
//! A terminal puts the id of the window into the environment of the shell that it starts
//! for it (`WINDOWID`, as xterm(1), urxvt(7), kitty and the VTE terminals document it).
//! So the children of a process that has several windows say which is which, and where
//! the person works in it: the directory of the terminal itself says little.
//! Reading environments costs, so it is done only for terminals, and for a process that
//! has several windows.

use std::collections::BTreeMap;

use procfs::process::Stat;

use super::command_line::base_name;
use super::proc_table::{ProcTable, job_of, pid_of};
use super::terminal_table::Terminal;
use crate::live::{Inside, Pid, Process, XId};

/// True if what runs inside the windows is worth reading: there are several, or it is a
/// terminal.
pub(super) fn is_worth_reading(process: &Process, windows: usize) -> bool {
    windows > 1 || is_terminal(process)
}

fn is_terminal(process: &Process) -> bool {
    let exe = process
        .exe
        .as_deref()
        .and_then(|exe| exe.file_name()?.to_str());
    // The second is the script, where the program is its interpreter.
    let called = process.argv.iter().take(2).map(|name| base_name(name));
    let mut names = exe.into_iter().chain(called);
    names.any(|name| Terminal::of_program(name).is_some())
}

impl ProcTable {
    /// The children of a terminal that lead a session of their own on a terminal, as a
    /// shell does. A helper, such as that of urxvt, leads nothing.
    pub(super) fn shells(&self, terminal: Pid) -> Vec<(Pid, Stat)> {
        self.children(terminal)
            .into_iter()
            .filter_map(|pid| Some((pid, self.stat(pid)?)))
            .filter(|(pid, stat)| stat.tty_nr != 0 && pid_of(stat.session) == Some(*pid))
            .collect()
    }

    /// The shell and the job inside each of these windows, which are all that the process owns.
    ///
    /// A window of which no child speaks is left out. `read` reads a process.
    pub fn insides(
        &self,
        pid: Pid,
        windows: &[XId],
        read: &dyn Fn(Pid) -> Option<Process>,
    ) -> BTreeMap<XId, Inside> {
        let children = self.shells(pid);
        let mut shells: BTreeMap<XId, &(Pid, Stat)> = BTreeMap::new();
        for child in &children {
            if let Some(window) = self.window_id(child.0).filter(|id| windows.contains(id)) {
                shells.entry(window).or_insert(child);
            }
        }
        // gnome-terminal does not say it any more; with one window and one shell it is plain.
        if let ([window], [child], true) = (windows, children.as_slice(), shells.is_empty()) {
            shells.insert(*window, child);
        }
        shells
            .into_iter()
            .filter_map(|(window, (child, stat))| {
                let shell = read(*child)?;
                let job = job_of(stat).and_then(read);
                Some((window, Inside { shell, job }))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::path::Path;
    use std::{fs, iter};

    /// A process with its children, its environment and the foreground job of its
    /// terminal, as /proc shows them.
    fn process(root: &Path, pid: u32, children: &str, environ: &str, tpgid: i32) {
        let dir = root.join(pid.to_string());
        let task = dir.join("task").join(pid.to_string());
        fs::create_dir_all(&task).unwrap();
        let zeros: String = iter::repeat_n(" 0", 44).collect();
        // pid, name, state, parent, process group, session, terminal, foreground job
        let stat = format!("{pid} (a name) S 1 {pid} {pid} 34816 {tpgid}{zeros}\n");
        fs::write(dir.join("stat"), stat).unwrap();
        fs::write(dir.join("cmdline"), format!("program-{pid}\0")).unwrap();
        fs::write(dir.join("environ"), environ).unwrap();
        fs::write(task.join("children"), children).unwrap();
    }

    fn insides(root: &Path, windows: &[u32]) -> Vec<(u32, String, Option<String>)> {
        let table = ProcTable::with_root(root);
        let windows: Vec<XId> = windows.iter().copied().map(XId).collect();
        let argv = |process: &Process| process.argv.join(" ");
        table
            .insides(Pid(10), &windows, &|pid| table.program(pid))
            .iter()
            .map(|(window, inside)| {
                let job = inside.job.as_ref().map(argv);
                (window.0, argv(&inside.shell), job)
            })
            .collect()
    }

    #[test]
    fn each_window_is_that_of_the_shell_that_was_given_its_id() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        process(root, 10, "11 12 13 14 ", "WINDOWID=99\0", -1);
        process(root, 11, "", "A=1\0WINDOWID=501\0", 11);
        process(root, 12, "20", "WINDOWID=502\0", 20);
        process(root, 20, "", "WINDOWID=502\0", 20);
        // A helper that inherited the id of the terminal in which the server was started,
        // and one that says nothing.
        process(root, 13, "", "WINDOWID=99\0", -1);
        process(root, 14, "", "XWINDOWID=503\0WINDOWID=no number\0", -1);
        assert_eq!(
            insides(root, &[501, 502, 503]),
            [
                (501, "program-11".to_owned(), None),
                (502, "program-12".to_owned(), Some("program-20".to_owned())),
            ]
        );
    }

    #[test]
    fn one_window_and_one_shell_belong_together() {
        let root = tempfile::tempdir().unwrap();
        process(root.path(), 10, "11", "", -1);
        process(root.path(), 11, "", "", 11);
        let alone = [(501, "program-11".to_owned(), None)];
        assert_eq!(insides(root.path(), &[501]), alone);
        assert_eq!(insides(root.path(), &[501, 502]), []);
    }

    #[test]
    fn only_terminals_and_processes_of_several_windows_are_read() {
        let called = |argv: &[&str]| Process {
            argv: argv.iter().map(|&word| word.to_owned()).collect(),
            ..Process::default()
        };
        for (argv, windows, expected) in [
            (&["xterm"][..], 1, true),
            (&["firefox"], 1, false),
            (&["firefox"], 2, true),
            (&["/usr/bin/urxvtd", "-q"], 1, true),
            (&["/usr/bin/python3", "/usr/bin/terminator"], 1, true),
            (&["/usr/libexec/gnome-terminal-server"], 1, true),
            (&["cat", "notes-on/kitty.txt"], 1, false),
        ] {
            assert_eq!(
                is_worth_reading(&called(argv), windows),
                expected,
                "{argv:?}"
            );
        }
    }
}
