//! Edge: the processes of windows, and those inside the windows of terminals.
//!
//! A terminal puts the id of the window into the environment of the shell that it starts for it
//! (`WINDOWID`, as documented by xterm(1), urxvt(7), kitty and the VTE terminals). So the children
//! of a process with several windows show which window belongs to them, and the directory in which
//! the user works. The directory of the terminal itself is rarely useful. Reading environments is
//! slow, so it is done only for terminals and for processes with several windows.

use std::collections::BTreeMap;
use std::path::Path;

use super::proc_table::ProcTable;
use super::terminal_table::Terminal;
use super::this_machine::ThisMachine;
use crate::live::{Con, Desktop, Inside, Invocation, Pid, Process, Processes, XId};

/// Processes that are read once.
impl Processes for ProcTable {
    fn process(&self, pid: Pid) -> Option<Process> {
        Self::process(self, pid)
    }

    fn insides(&self, process: &Process, windows: &[XId]) -> Option<BTreeMap<XId, Inside>> {
        let is_needed = windows.len() > 1 || Terminal::of_process(process).is_some();
        let pid = process.pid.filter(|_| is_needed)?;
        Some(self.insides_of(pid, windows))
    }
}

/// Processes that are read each time, but for the relations of their ancestors. Use this during a
/// run: the command line of a started program changes when a shell replaces itself with the program.
#[derive(Debug, Default)]
pub struct Fresh(ProcTable);

impl Processes for Fresh {
    fn process(&self, pid: Pid) -> Option<Process> {
        self.0.read(pid)
    }

    fn started(&self, pid: Pid) -> Option<u64> {
        self.0.running_since(pid)
    }

    fn of_session(&self, socket: &Path, is_wanted: &dyn Fn(&[String]) -> bool) -> Vec<Process> {
        let table = ProcTable::new();
        let processes = table.all().into_iter().filter_map(|pid| {
            // The command line is read first: the rest costs several times as much.
            is_wanted(&table.command_line(pid)?).then_some(())?;
            let of = table.variable(pid, "I3SOCK")?;
            table.process(pid).filter(|_| Path::new(&of) == socket)
        });
        processes.collect()
    }

    fn insides(&self, process: &Process, windows: &[XId]) -> Option<BTreeMap<XId, Inside>> {
        self.0.forget();
        self.0.insides(process, windows)
    }
}

/// Processes, with the commands that `capture` writes for their windows.
pub struct WithCommands<'a, P> {
    /// The processes.
    pub processes: P,
    /// The machine on which they run.
    pub machine: &'a ThisMachine,
    /// The windows whose commands are needed.
    pub is_needed: &'a dyn Fn(&Con, &Desktop) -> bool,
}

impl<P: Processes> Processes for WithCommands<'_, P> {
    fn process(&self, pid: Pid) -> Option<Process> {
        self.processes.process(pid)
    }

    fn started(&self, pid: Pid) -> Option<u64> {
        self.processes.started(pid)
    }

    fn insides(&self, process: &Process, windows: &[XId]) -> Option<BTreeMap<XId, Inside>> {
        self.processes.insides(process, windows)
    }

    fn of_session(&self, socket: &Path, is_wanted: &dyn Fn(&[String]) -> bool) -> Vec<Process> {
        self.processes.of_session(socket, is_wanted)
    }

    fn new_window(&self, argv: &[String]) -> Option<Vec<String>> {
        self.machine.new_window(argv)
    }

    fn command(&self, con: &Con, desktop: &Desktop) -> Option<Invocation> {
        (self.is_needed)(con, desktop).then_some(())?;
        self.machine.invocation(con, desktop)
    }
}

impl ProcTable {
    /// Returns the shell and the job inside each of the windows, which are all windows of the
    /// process. Windows that no child names are left out.
    fn insides_of(&self, pid: Pid, windows: &[XId]) -> BTreeMap<XId, Inside> {
        let children = self.shells(pid);
        let mut shells = BTreeMap::new();
        for child in &children {
            if let Some(window) = self.window_id(child.0).filter(|id| windows.contains(id)) {
                shells.entry(window).or_insert(child);
            }
        }
        // gnome-terminal no longer sets it, but one window and one shell belong together.
        if let ([window], [child], true) = (windows, children.as_slice(), shells.is_empty()) {
            shells.insert(*window, child);
        }
        let inside = |(shell, job): &(Pid, Option<Pid>)| {
            Some(Inside {
                shell: self.process(*shell)?,
                job: job.and_then(|job| self.process(job)),
            })
        };
        shells
            .into_iter()
            .filter_map(|(window, child)| Some((window, inside(child)?)))
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
            .insides_of(Pid(10), &windows)
            .iter()
            .map(|(window, inside)| {
                let job = inside.job.as_ref().map(argv);
                (window.0, argv(&inside.shell), job)
            })
            .collect()
    }

    #[test]
    fn a_window_contains_the_shell_with_its_id() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        process(root, 10, "11 12 13 14 ", "WINDOWID=99\0", -1);
        process(root, 11, "", "A=1\0WINDOWID=501\0", 11);
        process(root, 12, "20", "WINDOWID=502\0", 20);
        process(root, 20, "", "WINDOWID=502\0", 20);
        // A helper with the inherited id of the terminal in which the server was started, and
        // one with an invalid id.
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
        let table = ProcTable::with_root("/nowhere");
        let called = |argv: &[&str]| Process {
            pid: Some(Pid(1)),
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
            let windows = vec![XId(1); windows];
            let found = table.insides(&called(argv), &windows);
            assert_eq!(found.is_some(), expected, "{argv:?}");
        }
    }
}
