//! The questions that discovery asks about the machine; tests answer them themselves.

use std::path::{Path, PathBuf};

use super::command_line::shown_line;
use super::desktop_file::DesktopFile;
use super::foreground::Foreground;
use super::isolation::Isolation;
use super::job::Job;
use super::secrets::Secrets;
use crate::live::{Pid, Process, XId};

/// The machine, as far as discovery is concerned. Every question has an answer for "unknown",
/// which is the default.
pub trait Machine {
    /// The home directory.
    fn home(&self) -> Option<&Path> {
        None
    }

    /// The name of this machine, as in `WM_CLIENT_MACHINE`.
    fn host(&self) -> Option<&str> {
        None
    }

    /// The file of a program in `PATH`.
    fn find(&self, _name: &str) -> Option<PathBuf> {
        None
    }

    /// True if the name in `PATH` is the program in this file.
    fn is_named(&self, _name: &str, _file: &Path) -> bool {
        false
    }

    /// True if the file can be run.
    fn is_program(&self, _file: &Path) -> bool {
        true
    }

    /// True if the file exists and is not a directory.
    fn is_file(&self, _file: &Path) -> bool {
        false
    }

    /// True if the directory exists.
    fn is_directory(&self, _directory: &Path) -> bool {
        true
    }

    /// The text of a script, that is, of a file that begins with `#!`.
    fn script(&self, _file: &Path) -> Option<String> {
        None
    }

    /// The text of the script with this name in `PATH`.
    fn script_in_path(&self, name: &str) -> Option<String> {
        self.script(&self.find(name)?)
    }

    /// The desktop entries. Reading them is slow, so this is called only when they are needed.
    fn desktop_files(&self) -> &[DesktopFile] {
        &[]
    }

    /// The reason why the command line of a process does not start it.
    fn isolation(&self, _process: &Process) -> Isolation {
        Isolation::None
    }

    /// The parents of a process, the nearest first.
    fn parents(&self, _process: &Process) -> Vec<Process> {
        Vec::new()
    }

    /// The running programs with this name on this display, in the order of their start.
    fn clients(&self, _name: &str) -> Vec<Process> {
        Vec::new()
    }

    /// The programs that run in this window of a terminal: more than one if the window has tabs, or
    /// if it is unknown which belongs to the window.
    fn jobs(&self, _terminal: Pid, _window: Option<XId>) -> Vec<Job> {
        Vec::new()
    }

    /// True if the process runs and has no running children.
    fn is_childless(&self, _process: Pid) -> bool {
        false
    }

    /// The session that is attached to a client of a terminal multiplexer.
    fn attached(&self, _client: &Process) -> Option<String> {
        None
    }

    /// The working directory of a process if it was deleted.
    fn lost_directory(&self, _process: &Process) -> Option<PathBuf> {
        None
    }

    /// The programs that may be started again if they run in the foreground of a terminal.
    fn restored(&self) -> &Foreground {
        Foreground::built_in()
    }

    /// Finds secrets; by default without patterns of the user.
    fn secrets(&self) -> &Secrets {
        static BUILT_IN: Secrets = Secrets::forgetful();
        &BUILT_IN
    }

    /// A command line for people and files: without secrets and the path of the home directory.
    fn shown_line(&self, arguments: &[String]) -> String {
        shown_line(self.secrets().masked(arguments), self.home())
    }
}
