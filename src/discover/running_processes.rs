//! Edge: what more /proc says than a process's own command line (proc(5)): who its
//! children and parents are, whose terminal it has, and in what it is shut up.
#![expect(clippy::disallowed_methods, reason = "reads /proc")]

use std::fs;
use std::path::{Path, PathBuf};

use super::command_line::base_name;
use super::isolation::Isolation;
use super::job::Job;
use super::proc_table::{ProcTable, job_of, pid_of};
use crate::live::{Pid, Process, XId};

/// No session nests this deep.
const MAX_PARENTS: usize = 32;

/// Where `AppImage`s are mounted while they run.
const APP_IMAGE_MOUNT: &str = "/tmp/.mount_";

/// Where snaps are mounted.
const SNAP_MOUNT: &str = "/snap/";

/// Questions about running processes.
#[derive(Debug)]
pub struct RunningProcesses {
    root: PathBuf,
    table: ProcTable,
}

impl Default for RunningProcesses {
    fn default() -> Self {
        Self::with_root("/proc")
    }
}

impl RunningProcesses {
    /// The processes below a directory that looks like /proc.
    pub fn with_root(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        Self {
            table: ProcTable::with_root(&root),
            root,
        }
    }

    /// The jobs in a window of the terminal with this process id: its children that
    /// lead a session of their own, as a shell does. Where some say by `WINDOWID` that
    /// they are in this window, only those.
    pub fn jobs(&self, terminal: Pid, window: Option<XId>) -> Vec<Job> {
        let leaders = self.table.shells(terminal);
        let several = leaders.len() > 1;
        let said: Vec<Option<XId>> = leaders
            .iter()
            .map(|(pid, _)| several.then(|| self.table.window_id(*pid)).flatten())
            .collect();
        // Otherwise it is what they inherited, or a window inside of this one.
        let told = window.is_some() && said.contains(&window);
        leaders
            .into_iter()
            .zip(said)
            .filter(|(_, said)| !told || *said == window)
            .filter_map(|((pid, stat), _)| self.job(pid, &stat, told))
            .collect()
    }

    fn job(&self, leader: Pid, stat: &procfs::process::Stat, sure: bool) -> Option<Job> {
        let mut job = Job {
            leader: self.table.program(leader)?,
            foreground: None,
            started_in: None,
            alone: true,
            sure,
        };
        let Some(first) = job_of(stat) else {
            return Some(job);
        };
        let parent = self.table.stat(first).and_then(|stat| pid_of(stat.ppid));
        let in_group = |pid: &Pid| {
            let stat = self.table.stat(*pid);
            stat.is_some_and(|stat| pid_of(stat.pgrp) == Some(first))
        };
        // The shell starts all parts of a pipeline; the first may have ended.
        let shell = parent.unwrap_or(leader);
        let parts = self.table.children(shell).into_iter();
        let parts: Vec<Pid> = parts.filter(in_group).collect();
        job.alone = parts == [first];
        job.foreground = match parts.as_slice() {
            _ if parent.is_some() => self.table.program(first),
            [part, ..] => self.table.program(*part),
            [] => None,
        };
        job.started_in = self.table.program(shell).and_then(|shell| shell.cwd);
        Some(job)
    }

    /// Our own processes whose program is called so, in the order in which they were
    /// started; of those that are told a display, only those of this one.
    pub fn called(&self, name: &str, display: Option<&str>) -> Vec<Process> {
        let ours = rustix::process::geteuid().as_raw();
        let mut found: Vec<(u64, Process)> = self
            .table
            .all()
            .into_iter()
            .filter_map(|pid| {
                let dir = self.table.open(pid)?;
                let stat = dir.stat().ok()?;
                // The kernel keeps no more of a name (proc(5), `comm`).
                let short: String = name.chars().take(15).collect();
                if !stat.comm.starts_with(&short) || dir.uid().ok()? != ours {
                    return None;
                }
                let process = self.table.program(pid)?;
                let its = self.variable(pid, "DISPLAY");
                let here =
                    display.is_none_or(|ours| its.is_none_or(|its| same_display(&its, ours)));
                (is_called(&process, name) && here).then_some((stat.starttime, process))
            })
            .collect();
        found.sort_by_key(|(started, process)| (*started, process.pid));
        found.into_iter().map(|(_, process)| process).collect()
    }

    /// The parents, the nearest first.
    pub fn parents(&self, process: &Process) -> Vec<Process> {
        let mut parents: Vec<Process> = Vec::new();
        let mut next = process.pid;
        while let Some(pid) = next
            && parents.len() < MAX_PARENTS
        {
            let stat = self.table.stat(pid);
            next = stat.and_then(|stat| pid_of(stat.ppid));
            parents.extend(next.and_then(|parent| self.table.program(parent)));
        }
        parents
    }

    /// The isolation of the process.
    pub fn isolation(&self, process: &Process) -> Isolation {
        let Some(pid) = process.pid else {
            return Isolation::None;
        };
        let Some(dir) = self.table.open(pid) else {
            return Isolation::None;
        };
        let ours = rustix::process::geteuid().as_raw();
        if let Ok(user) = dir.uid()
            && user != ours
        {
            return Isolation::OtherUser(user_name(user).unwrap_or_else(|| user.to_string()));
        }
        let exe = process
            .exe
            .as_deref()
            .and_then(Path::to_str)
            .unwrap_or_default();
        let program = process.argv.first().map_or("", String::as_str);
        let below = |mount: &str| exe.starts_with(mount) || program.starts_with(mount);
        if below(APP_IMAGE_MOUNT)
            && let Some(file) = self.variable(pid, "APPIMAGE")
        {
            return Isolation::AppImage(PathBuf::from(file));
        }
        if below(SNAP_MOUNT)
            && let Some(name) = self.snap(pid, exe)
        {
            return Isolation::Snap(name);
        }
        if !self.is_apart(pid, "mnt") {
            return Isolation::None;
        }
        if let Some(app) = self.flatpak(pid) {
            return Isolation::Flatpak(app);
        }
        if self.is_apart(pid, "pid") {
            return Isolation::Container;
        }
        Isolation::None
    }

    /// The directory in which a process stands although it is gone.
    pub fn lost_directory(&self, process: &Process) -> Option<PathBuf> {
        let cwd = self.table.open(process.pid?)?.cwd().ok()?;
        let before = cwd.to_str()?.strip_suffix(" (deleted)")?;
        (!cwd.exists()).then(|| PathBuf::from(before))
    }

    /// A variable of the environment that the process was started with.
    pub fn variable(&self, pid: Pid, name: &str) -> Option<String> {
        let environ = self.table.environ(pid)?;
        let (_, value) = environ.into_iter().find(|(known, _)| known == name)?;
        value.into_string().ok().filter(|value| !value.is_empty())
    }

    /// The application whose sandbox the process is in (flatpak-metadata(5)).
    fn flatpak(&self, pid: Pid) -> Option<String> {
        let file = self.path(pid).join("root/.flatpak-info");
        let text = fs::read_to_string(file).ok()?;
        let mut lines = text.lines();
        lines.find(|line| *line == "[Application]")?;
        lines
            .take_while(|line| !line.starts_with('['))
            .find_map(|line| line.strip_prefix("name="))
            .map(|name| name.trim().to_owned())
    }

    /// The command of the snap: `app` for its main program, else `snap.app`.
    fn snap(&self, pid: Pid, exe: &str) -> Option<String> {
        let instance = self.variable(pid, "SNAP_INSTANCE_NAME");
        instance.or_else(|| {
            let below = exe.strip_prefix(SNAP_MOUNT)?;
            Some(below.split('/').next()?.to_owned())
        })
    }

    /// True if the process has another namespace of this kind than we have
    /// (namespaces(7)). Much cheaper to read than what `status` says.
    fn is_apart(&self, pid: Pid, kind: &str) -> bool {
        let link = |of: PathBuf| fs::read_link(of.join("ns").join(kind)).ok();
        match (link(self.path(pid)), link(self.root.join("self"))) {
            (Some(its), Some(ours)) => its != ours,
            _ => false,
        }
    }

    fn path(&self, Pid(pid): Pid) -> PathBuf {
        self.root.join(pid.to_string())
    }
}

fn is_called(process: &Process, name: &str) -> bool {
    let program = process.argv.first();
    program.is_some_and(|program| base_name(program) == name)
}

/// True if two names are of one display: the screen at the end does not count.
fn same_display(one: &str, other: &str) -> bool {
    let display = |name: &'_ str| {
        let (host, number) = name.rsplit_once(':').unwrap_or(("", name));
        let number = number.split('.').next().unwrap_or_default();
        format!("{host}:{number}")
    };
    display(one) == display(other)
}

/// The name of a user (passwd(5)).
fn user_name(user: u32) -> Option<String> {
    let text = fs::read_to_string("/etc/passwd").ok()?;
    text.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(user)).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::os::unix::fs::symlink;

    /// A process below `root`, in these namespaces, with files and their texts.
    fn process(root: &Path, pid: &str, namespaces: (&str, &str), files: &[(&str, &str)]) {
        let dir = root.join(pid);
        fs::create_dir_all(dir.join("ns")).unwrap();
        symlink(format!("mnt:[{}]", namespaces.0), dir.join("ns/mnt")).unwrap();
        symlink(format!("pid:[{}]", namespaces.1), dir.join("ns/pid")).unwrap();
        for (name, text) in files {
            let file = dir.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
    }

    #[test]
    fn what_a_process_is_shut_up_in() {
        let root = tempfile::tempdir().unwrap();
        process(root.path(), "self", ("1", "1"), &[]);
        process(root.path(), "10", ("1", "1"), &[]);
        process(root.path(), "11", ("2", "2"), &[]);
        process(root.path(), "12", ("2", "1"), &[]);
        let info = "[Application]\nname=org.x.App\nruntime=y\n\n[Context]\nname=z\n";
        process(
            root.path(),
            "13",
            ("2", "2"),
            &[("root/.flatpak-info", info)],
        );
        let environ = [(
            "environ",
            "A=b\0APPIMAGE=/home/me/X.AppImage\0SNAP_INSTANCE_NAME=thing\0",
        )];
        process(root.path(), "14", ("1", "1"), &environ);
        let processes = RunningProcesses::with_root(root.path());
        let check = |pid: u32, program: &str| {
            processes.isolation(&Process {
                pid: Some(Pid(pid)),
                argv: vec![program.to_owned()],
                ..Process::default()
            })
        };
        assert_eq!(check(10, "app"), Isolation::None);
        assert_eq!(check(11, "app"), Isolation::Container);
        // A mount of its own, as systemd gives to services.
        assert_eq!(check(12, "app"), Isolation::None);
        assert_eq!(
            check(13, "/app/bin/app"),
            Isolation::Flatpak("org.x.App".to_owned())
        );
        let image = Isolation::AppImage("/home/me/X.AppImage".into());
        assert_eq!(check(14, "/tmp/.mount_Xa1/AppRun"), image);
        assert_eq!(
            check(14, "/snap/thing/1/x"),
            Isolation::Snap("thing".to_owned())
        );
        assert_eq!(check(14, "app"), Isolation::None);
        // It has ended.
        assert_eq!(check(15, "app"), Isolation::None);
    }

    #[test]
    fn clients_are_known_by_name_and_display() {
        let root = tempfile::tempdir().unwrap();
        let add = |pid: &str, name: &str, started: u32, environ: &str| {
            // The 22nd field (proc(5), /proc/pid/stat).
            let (before, after) = (" 0".repeat(17), " 0".repeat(30));
            let stat = format!("{pid} ({name}) S 1{before} {started}{after}\n");
            let line = format!("/usr/bin/{name}\0-c\0");
            let files = [("stat", &*stat), ("cmdline", &line), ("environ", environ)];
            process(root.path(), pid, ("1", "1"), &files);
        };
        add("20", "client", 300, "DISPLAY=:1\0");
        add("21", "client", 200, "DISPLAY=:1.0\0");
        add("22", "client", 100, "DISPLAY=:11\0");
        add("23", "client", 400, "");
        add("24", "clients", 100, "DISPLAY=:1\0");
        let processes = RunningProcesses::with_root(root.path());
        let called = |display| -> Vec<u32> {
            let found = processes.called("client", display).into_iter();
            found.filter_map(|process| Some(process.pid?.0)).collect()
        };
        assert_eq!(called(Some(":1")), [21, 20, 23]);
        assert_eq!(called(None), [22, 21, 20, 23]);
    }
}
