//! The command line as a user or a script sees it: help, exit codes, messages.

mod desktop;
mod edit;
mod errors;
mod files;
mod help;
mod import;
mod preview;
mod revert;
mod security;
mod words;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

use crate::harness::coverage_variable;

/// A home directory for running the program without a desktop.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(TempDir::new().expect("temporary directories can be created"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file below the home directory.
    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("the path has a parent"))
            .expect("the file is writable");
        fs::write(&path, text).expect("the file is writable");
        path
    }

    fn layout(&self, name: &str) -> PathBuf {
        let text = "version: 1\nworkspaces:\n  - name: \"1\"\n    nodes:\n      \
                    - { id: shell, swallow: { class: ^XTerm$ }, command: xterm }\n";
        self.write(&format!(".config/i3pm-layout/layouts/{name}.yaml"), text)
    }

    /// Creates an editor that runs `sed SCRIPT` on the file.
    fn editor(&self, script: &str) -> String {
        let path = self.write(
            "editor",
            &format!("#!/bin/sh\nexec sed -i '{script}' \"$1\"\n"),
        );
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))
            .expect("the file is writable");
        path.display().to_string()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_i3pm-layout"));
        command
            .args(arguments)
            .current_dir(self.0.path())
            .env_clear()
            .envs(coverage_variable())
            .env("HOME", self.0.path())
            .env("XDG_RUNTIME_DIR", self.0.path())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
    }

    fn output(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output();
        output.expect("the program is built")
    }

    /// Runs the program and returns its output and exit code as text.
    fn run(&self, arguments: &[&str]) -> String {
        self.transcript(&mut self.command(arguments))
    }

    fn transcript(&self, command: &mut Command) -> String {
        let output = command.output().expect("the program is built");
        let text = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            text.replace(&self.0.path().display().to_string(), "[HOME]")
        };
        let pid = regex::Regex::new(r"edit-\d+").expect("the pattern is valid");
        let stderr = text(&output.stderr);
        let stderr = pid.replace_all(&stderr, "edit-[PID]");
        format!(
            "{}{stderr}[exit {}]",
            text(&output.stdout),
            output.status.code().unwrap_or(-1)
        )
    }
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path).expect("the file exists")
}
