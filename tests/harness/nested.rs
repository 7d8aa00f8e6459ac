//! A desktop that the program has started inside of another one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use regex::Regex;

use super::desktop::Desktop;
use super::ipc::Ipc;
use super::processes;
use super::tree::{self, Name};

/// A nested desktop.
pub(crate) struct Nested<'a> {
    desktop: &'a Desktop,
    environment: BTreeMap<String, String>,
    ipc: Ipc,
    pid: u32,
}

impl<'a> Nested<'a> {
    /// Waits until the nested i3 of a desktop is ready.
    #[track_caller]
    pub(crate) fn wait(desktop: &'a Desktop) -> Self {
        let mut found = None;
        desktop.wait_until("the nested i3 is ready", || {
            found = environment(desktop).filter(|(_, environment)| {
                let socket = environment.get("I3SOCK").map(Path::new);
                socket.is_some_and(Ipc::is_ready)
            });
            found.is_some()
        });
        let (pid, environment) = found.expect("it was found");
        let ipc = Ipc::new(PathBuf::from(&environment["I3SOCK"]));
        Self {
            desktop,
            environment,
            ipc,
            pid,
        }
    }

    /// The process of its i3.
    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    /// The environment of its programs.
    pub(crate) fn environment(&self) -> &BTreeMap<String, String> {
        &self.environment
    }

    /// Its i3.
    pub(crate) fn ipc(&self) -> &Ipc {
        &self.ipc
    }

    /// Its windows as text, as [`Desktop::arrangement`], without their sizes.
    pub(crate) fn arrangement(&self) -> String {
        let text = tree::text(&self.ipc.tree(), Name::Instance).replace('*', "");
        let size = Regex::new(r" \d+(x\d+\S*)?").expect("the pattern is valid");
        size.replace_all(&text, "").trim_end().to_owned()
    }

    /// Waits until its windows are so.
    #[track_caller]
    pub(crate) fn wait_for(&self, what: &str, is_so: impl Fn(&str) -> bool) {
        let desktop = self.desktop;
        desktop.wait_until(what, || is_so(&self.arrangement()));
    }

    /// Runs a program in it, and waits until it has ended.
    #[track_caller]
    pub(crate) fn run(&self, argv: &[&str]) -> String {
        let mut command = Command::new(argv[0]);
        command.args(&argv[1..]).env_clear().envs(&self.environment);
        command.current_dir(self.desktop.path().join("home"));
        let output = command.output().expect("the program is installed");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        text(&output.stdout) + &text(&output.stderr)
    }

    /// Saves a screenshot.
    pub(crate) fn screenshot(&self, path: &Path) {
        self.run(&["import", "-window", "root", &path.display().to_string()]);
    }
}

/// The process and the environment of the nested i3.
fn environment(desktop: &Desktop) -> Option<(u32, BTreeMap<String, String>)> {
    let pids = desktop.processes().into_iter();
    let mut i3 = pids.filter(|&pid| processes::name(pid).as_deref() == Some("i3"));
    i3.find_map(|pid| {
        let bytes = fs::read(format!("/proc/{pid}/environ")).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let variables = text.split('\0').filter_map(|line| line.split_once('='));
        let variables: BTreeMap<String, String> = variables
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let runtime = variables.get("XDG_RUNTIME_DIR")?;
        runtime.contains("/nested-").then_some((pid, variables))
    })
}
