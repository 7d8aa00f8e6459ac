//! Runs of the library in the process of the test, which can follow each step.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use i3pm_layout::apply::{
    self, FocusMode, Listener, Missing, Mode, Options, Plans, Report, Scope, Setup, State, World,
};
use i3pm_layout::compile::{Plan, Surroundings, compile};
use i3pm_layout::discover::observed_processes::Fresh;
use i3pm_layout::layout::{Format, read};
use i3pm_layout::live::{Output, PresentWorkspace};
use i3pm_layout::matching::Reuse;
use i3pm_layout::session::Session;

use super::Desktop;

/// A layout that can be applied in this process.
pub(crate) struct InProcess<'d> {
    desktop: &'d Desktop,
    session: Session,
    plan: Plan,
    options: Options,
}

impl<'d> InProcess<'d> {
    /// Compiles the text of a layout.
    pub(crate) fn new(desktop: &'d Desktop, name: &str, text: &str) -> Self {
        let mut session = Session::open(&desktop.session_env()).expect("i3 runs");
        let outputs = session.wm().outputs().expect("i3 answers");
        let plan = compile(
            &read(text, "t.yaml", Format::Yaml).expect("the layout is valid"),
            Surroundings {
                name,
                identity: None,
                workspaces: &[],
                workspace_outputs: &[],
                outputs: &outputs,
                env: &BTreeMap::new(),
                home: &desktop.path().join("home"),
            },
        );
        let options = Options {
            timeout: Duration::from_secs(30),
            total_timeout: None,
            keep_placeholders: false,
            missing: Missing::Start,
            reuse: Reuse::Workspace,
            focus: FocusMode::Restore,
            scope: Scope::default(),
            mode: Mode::Merge,
        };
        Self {
            desktop,
            session,
            plan,
            options,
        }
    }

    fn logs(&self) -> PathBuf {
        self.desktop.path().join("state/i3pm-layout/log")
    }

    /// Applies the layout.
    pub(crate) fn apply(&mut self, listener: &mut dyn Listener) -> Report {
        let logs = self.logs();
        let env = self.desktop.environment();
        let mut world = World {
            session: &mut self.session,
            process: &Fresh::default(),
            hide: &str::to_owned,
            recorder: &(),
            env: env
                .iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
            layout: None,
            runtime: self.desktop.path().join("runtime/i3pm-layout"),
            logs,
            apart: self.desktop.path().join("state/i3pm-layout/processes.json"),
            display: self.desktop.display().name().to_owned(),
        };
        let make = |_: &[Output], _: &[PresentWorkspace]| self.plan.clone();
        let plans = Plans::new(self.plan.clone());
        apply::run(&mut world, (&plans, &make), &self.options, listener).expect("i3 answers")
    }

    /// Passes the state at the beginning of a run to `then`.
    pub(crate) fn with_state(&self, then: impl FnOnce(State<'_>)) {
        let make = |_: &[Output], _: &[PresentWorkspace]| self.plan.clone();
        let plans = Plans::new(self.plan.clone());
        let setup = Setup::new(&plans, &make, &self.options, self.logs(), &str::to_owned);
        then(State::new(setup));
    }
}
