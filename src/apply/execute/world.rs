//! The environment of a run, and who follows its progress.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use crate::apply::action::Action;
use crate::apply::event::Event;
use crate::apply::options::Options;
use crate::apply::report::SlotReport;
use crate::compile::Plan;
use crate::live::{Desktop, Processes};
use crate::matching::Assignment;
use crate::session::Session;
use crate::wm::command::Command;

/// The environment of a run.
pub struct World<'a> {
    /// The connections to i3 and the X server.
    pub session: &'a mut Session,
    /// Information about processes, from /proc.
    pub process: &'a dyn Processes,
    /// The session's environment, in which programs are started.
    pub env: BTreeMap<OsString, OsString>,
    /// The private directory for the files of a run.
    pub runtime: PathBuf,
    /// The layout's file, if it has one.
    pub layout: Option<PathBuf>,
    /// The directory for the output of programs.
    pub logs: PathBuf,
    /// The file of the commands that are known to have a process each.
    pub apart: PathBuf,
    /// The display's name, for the lock.
    pub display: String,
    /// Masks everything in a string that the user's configuration declares to be secret.
    pub hide: &'a dyn Fn(&str) -> String,
    /// Records what happens.
    pub recorder: &'a dyn Recorder,
}

/// Progress of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The number of slots that have their window.
    pub filled: usize,
    /// The number of selected slots.
    pub total: usize,
    /// The slot that has been pending for the longest time.
    pub waiting: Option<&'a str>,
    /// The time since the start of the run.
    pub elapsed: Duration,
}

/// Follows a run.
pub trait Listener {
    /// Called after each event, and every tenth of a second.
    fn update(&mut self, _progress: Progress<'_>) {}

    /// Called when a slot is given up while others are still pending.
    fn gave_up(&mut self, _slot: &SlotReport) {}

    /// Called with each event.
    fn happened(&mut self, _event: &Event) {}

    /// Called with the actions that follow from it, before they are performed.
    fn follows(&mut self, _actions: &[Action]) {}
}

/// Records everything about a command that its [`Listener`] does not learn.
pub trait Recorder {
    /// Called with each plan of a run; the first time with the user's options.
    fn plan(&self, _plan: &Plan, _options: Option<&Options>) {}

    /// Called at the end of a run with the windows in slots.
    fn matched(&self, _plan: &Plan, _desktop: &Desktop, _assignment: &Assignment) {}

    /// Called with each look at the desktop outside of a run's steps.
    fn saw(&self, _desktop: &Desktop) {}

    /// Called with commands outside of a run's steps, before they are sent.
    fn sent(&self, _commands: &[Command]) {}
}

/// Records nothing.
impl Recorder for () {}
