//! Edge: relations of running processes (proc(5)): their jobs and names.
#![expect(clippy::disallowed_methods, reason = "reads /proc")]

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::command_line::base_name;
use super::job::Job;
use super::proc_table::{ProcTable, pid_of};
use super::session_options::same_display;
use crate::live::{Pid, Process, XId};

impl ProcTable {
    /// Returns the children of a terminal that lead a session on a terminal of their own, as a
    /// shell does, each with the leader of its foreground job if that is another process. A
    /// helper, such as that of urxvt, does not lead a session.
    ///
    /// Copies of the terminal itself are left out in favour of their children: kitty runs a
    /// program with `--hold` below such a copy, which waits for a key when the program has ended.
    pub(super) fn shells(&self, terminal: Pid) -> Vec<(Pid, Option<Pid>)> {
        let name = self.stat(terminal).map(|stat| stat.comm);
        self.shells_below(terminal, terminal, name.as_deref())
    }

    fn shells_below(
        &self,
        parent: Pid,
        terminal: Pid,
        name: Option<&str>,
    ) -> Vec<(Pid, Option<Pid>)> {
        let children = self.children(parent).into_iter().flat_map(|pid| {
            let Some(stat) = self.stat(pid) else {
                return Vec::new();
            };
            let is_leader = stat.tty_nr != 0 && pid_of(stat.session) == Some(pid);
            if self.is_holder(pid, &stat.comm, terminal, name) {
                return if is_leader {
                    let programs = self.children(pid).into_iter();
                    programs.map(|program| (program, None)).collect()
                } else {
                    self.shells_below(pid, terminal, name)
                };
            }
            let job = pid_of(stat.tpgid);
            let job = job.filter(|_| stat.tpgid != stat.pid && stat.tpgid != stat.pgrp);
            let shell = is_leader.then_some((pid, job));
            shell.into_iter().collect()
        });
        children.collect()
    }

    /// True if the process is a copy of the terminal, or kitty's helper for `--hold`.
    fn is_holder(&self, pid: Pid, comm: &str, terminal: Pid, terminal_comm: Option<&str>) -> bool {
        // The names are compared first: they are known already.
        if Some(comm) != terminal_comm && comm != "kitten" {
            return false;
        }
        let argv = self.command_line(pid);
        let waits = argv.as_ref().and_then(|argv| argv.get(1));
        waits.is_some_and(|word| word == "__hold_till_enter__")
            || argv.is_some() && argv == self.command_line(terminal)
    }

    /// Returns the window that a terminal named to the process: `WINDOWID` in its environment.
    pub(super) fn window_id(&self, pid: Pid) -> Option<XId> {
        self.variable(pid, "WINDOWID")?.parse().ok().map(XId)
    }

    /// Returns the jobs in a window of the terminal with this process id. If some shells have the
    /// `WINDOWID` of this window, only their jobs.
    pub fn jobs(&self, terminal: Pid, window: Option<XId>) -> Vec<Job> {
        let shells = self.shells(terminal);
        let is_here = |pid| window.is_some() && self.window_id(pid) == window;
        // The `WINDOWID` of an only shell may be inherited, or that of an inner window.
        let here: Vec<_> = match shells.as_slice() {
            [_, _, ..] => shells.iter().filter(|(pid, _)| is_here(*pid)).collect(),
            _ => Vec::new(),
        };
        let sure = !here.is_empty();
        let shells = if sure { here } else { shells.iter().collect() };
        let jobs = shells.into_iter();
        jobs.filter_map(|(pid, job)| self.job(*pid, *job, sure))
            .collect()
    }

    /// True if the process runs and has no running children, except helpers without a terminal,
    /// such as that of urxvt, and copies of itself.
    pub fn is_childless(&self, pid: Pid) -> bool {
        let name = self.stat(pid).map(|stat| stat.comm);
        name.is_some() && self.has_only_helpers(pid, pid, name.as_deref())
    }

    fn has_only_helpers(&self, parent: Pid, terminal: Pid, name: Option<&str>) -> bool {
        let is_helper = |child: Pid| {
            self.stat(child).is_none_or(|stat| {
                let has_ended = matches!(stat.state, 'Z' | 'X' | 'x');
                has_ended
                    || stat.tty_nr == 0 && self.children(child).is_empty()
                    || self.is_holder(child, &stat.comm, terminal, name)
                        && self.has_only_helpers(child, terminal, name)
            })
        };
        self.children(parent).into_iter().all(is_helper)
    }

    fn job(&self, leader: Pid, first: Option<Pid>, sure: bool) -> Option<Job> {
        let mut job = Job {
            leader: self.program(leader)?,
            alone: true,
            sure,
            ..Job::default()
        };
        let Some(first) = first else {
            return Some(job);
        };
        // The shell starts all parts of a pipeline. The first may have ended.
        let parent = self.parent(first);
        let shell = parent.unwrap_or(leader);
        let is_part = |pid: &Pid| self.stat(*pid).and_then(|stat| pid_of(stat.pgrp)) == Some(first);
        let mut parts = self.children(shell);
        parts.retain(is_part);
        job.alone = parts == [first];
        let shown = parent.map_or_else(|| parts.first().copied(), |_| Some(first));
        // `capture` itself, or a script that runs it, is not restored, but the shell in which it was
        // typed is.
        let own = Pid(rustix::process::getpid()
            .as_raw_nonzero()
            .get()
            .unsigned_abs());
        if first == own || is_part(&own) {
            job.foreground = self.program(shell).filter(|_| shell != leader);
            job.alone = true;
            return Some(job);
        }
        job.foreground = shown.and_then(|pid| self.program(pid));
        job.started_in = self.program(shell).and_then(|shell| shell.cwd);
        Some(job)
    }

    /// Returns the user's processes with this program name, in the order of their start. Processes
    /// on another display are left out.
    pub fn called(&self, name: &str, display: Option<&str>) -> Vec<Process> {
        // The kernel keeps only 15 characters of a name (proc(5), `comm`).
        let short: String = name.chars().take(15).collect();
        let found = self.all().into_iter().filter_map(|pid| {
            let dir = self.open(pid)?;
            let stat = dir.stat().ok()?;
            if !stat.comm.starts_with(&short) || dir.uid().ok()? != our_user() {
                return None;
            }
            let process = self.program(pid)?;
            let is_called = process.argv.first().map(|program| base_name(program)) == Some(name);
            let its = self.variable(pid, "DISPLAY");
            let is_here = display.is_none_or(|ours| its.is_none_or(|its| same_display(&its, ours)));
            (is_called && is_here).then_some((stat.starttime, process))
        });
        let mut found: Vec<(u64, Process)> = found.collect();
        found.sort_by_key(|(started, process)| (*started, process.pid));
        found.into_iter().map(|(_, process)| process).collect()
    }

    /// Returns the user's processes, except those on another display.
    pub fn of_user(&self, display: Option<&str>) -> Vec<Process> {
        let found = self.all().into_iter().filter_map(|pid| {
            if self.open(pid)?.uid().ok()? != our_user() {
                return None;
            }
            let its = self.variable(pid, "DISPLAY");
            let is_here = display.is_none_or(|ours| its.is_none_or(|its| same_display(&its, ours)));
            is_here.then(|| self.program(pid)).flatten()
        });
        found.collect()
    }

    /// Returns the user's processes that hold one of these sockets, by inode.
    pub fn holders(&self, sockets: &BTreeSet<u64>) -> Vec<Process> {
        let holds = |pid: &Pid| self.sockets(*pid).iter().any(|one| sockets.contains(one));
        let found = self.all().into_iter().filter(holds);
        found.filter_map(|pid| self.program(pid)).collect()
    }

    /// Returns the working directory of a process if it was deleted.
    pub fn lost_directory(&self, process: &Process) -> Option<PathBuf> {
        let cwd = self.open(process.pid?)?.cwd().ok()?;
        let before = cwd.to_str()?.strip_suffix(" (deleted)")?;
        (!cwd.exists()).then(|| PathBuf::from(before))
    }
}

pub(super) fn our_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::fs;
    use std::path::Path;

    /// A process below `root`, with files and their contents.
    fn process(root: &Path, pid: &str, files: &[(&str, &str)]) {
        for (name, text) in files {
            let file = root.join(pid).join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
    }

    #[test]
    fn processes_are_found_by_name_and_display() {
        let root = tempfile::tempdir().unwrap();
        let add = |pid: &str, name: &str, started: u32, environ: &str| {
            // The 22nd field (proc(5), /proc/pid/stat).
            let (before, after) = (" 0".repeat(17), " 0".repeat(30));
            let stat = format!("{pid} ({name}) S 1{before} {started}{after}\n");
            let line = format!("/usr/bin/{name}\0-c\0");
            let files = [("stat", &*stat), ("cmdline", &line), ("environ", environ)];
            process(root.path(), pid, &files);
        };
        add("20", "client", 300, "DISPLAY=:1\0");
        add("21", "client", 200, "DISPLAY=:1.0\0");
        add("22", "client", 100, "DISPLAY=:11\0");
        add("23", "client", 400, "");
        add("24", "clients", 100, "DISPLAY=:1\0");
        let processes = ProcTable::with_root(root.path());
        let called = |display| -> Vec<u32> {
            let found = processes.called("client", display).into_iter();
            found.filter_map(|process| Some(process.pid?.0)).collect()
        };
        assert_eq!(called(Some(":1")), [21, 20, 23]);
        assert_eq!(called(None), [22, 21, 20, 23]);
    }

    /// A process with its children, in this session on a terminal; 0 for none.
    fn running(root: &Path, pid: u32, (comm, argv): (&str, &str), children: &str, session: u32) {
        let dir = root.join(pid.to_string());
        let task = dir.join("task").join(pid.to_string());
        fs::create_dir_all(&task).unwrap();
        let tty = if session == 0 { 0 } else { 34816 };
        let zeros = " 0".repeat(44);
        let stat = format!("{pid} ({comm}) S 1 {pid} {session} {tty} {pid}{zeros}\n");
        fs::write(dir.join("stat"), stat).unwrap();
        fs::write(dir.join("cmdline"), argv.replace(' ', "\0") + "\0").unwrap();
        fs::write(task.join("children"), children).unwrap();
    }

    #[test]
    fn a_program_that_kitty_holds_is_below_a_copy_of_kitty() {
        let held = ("kitty", "kitty --hold ./deploy");
        let helper = ("kitten", "/usr/bin/kitten __hold_till_enter__ ./deploy");
        let job = ("deploy", "./deploy");
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        // Version 0.26: a process that makes others, and a copy that holds.
        running(root, 10, held, "11", 0);
        running(root, 11, held, "12", 0);
        running(root, 12, held, "13", 12);
        running(root, 13, job, "", 12);
        // The same after the program has ended.
        running(root, 20, held, "21", 0);
        running(root, 21, held, "22", 0);
        running(root, 22, held, "", 22);
        // Later versions.
        running(root, 30, held, "31", 0);
        running(root, 31, helper, "32", 31);
        running(root, 32, job, "", 31);
        running(root, 40, held, "41", 0);
        running(root, 41, helper, "", 41);
        // A shell.
        running(root, 50, ("kitty", "kitty"), "51", 0);
        running(root, 51, ("bash", "bash"), "", 51);
        let table = ProcTable::with_root(root);
        for (terminal, shells, childless) in [
            (10, &[13][..], false),
            (20, &[], true),
            (30, &[32], false),
            (40, &[], true),
            (50, &[51], false),
        ] {
            let found: Vec<u32> = table
                .shells(Pid(terminal))
                .into_iter()
                .map(|(Pid(pid), _)| pid)
                .collect();
            assert_eq!(found, shells, "{terminal}");
            assert_eq!(table.is_childless(Pid(terminal)), childless, "{terminal}");
        }
    }
}
