//! Edge: relations of running processes (proc(5)): their jobs and names.
#![expect(clippy::disallowed_methods, reason = "reads /proc")]

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::command_line::base_name;
use super::job::Job;
use super::proc_table::{ProcTable, pid_of};
use crate::live::{Pid, Process, XId};

impl ProcTable {
    /// Returns the children of a terminal that lead a session on a terminal of their own, as a
    /// shell does, each with the leader of its foreground job if that is another process. A
    /// helper, such as that of urxvt, does not lead a session.
    pub(super) fn shells(&self, terminal: Pid) -> Vec<(Pid, Option<Pid>)> {
        let shells = self.children(terminal).into_iter().filter_map(|pid| {
            let stat = self.stat(pid)?;
            let is_leader = stat.tty_nr != 0 && pid_of(stat.session) == Some(pid);
            let job = pid_of(stat.tpgid);
            let job = job.filter(|_| stat.tpgid != stat.pid && stat.tpgid != stat.pgrp);
            is_leader.then_some((pid, job))
        });
        shells.collect()
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
    /// such as that of urxvt.
    pub fn is_childless(&self, pid: Pid) -> bool {
        let is_helper = |child: Pid| {
            self.stat(child).is_none_or(|stat| {
                let has_ended = matches!(stat.state, 'Z' | 'X' | 'x');
                has_ended || stat.tty_nr == 0 && self.children(child).is_empty()
            })
        };
        self.stat(pid).is_some() && self.children(pid).into_iter().all(is_helper)
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

/// True if two names refer to the same display, apart from the screen at the end.
fn same_display(one: &str, other: &str) -> bool {
    fn display(name: &str) -> (&str, Option<&str>) {
        let (host, number) = name.rsplit_once(':').unwrap_or(("", name));
        (host, number.split('.').next())
    }
    display(one) == display(other)
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
}
