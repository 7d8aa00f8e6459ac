//! A driver for runs: it answers the actions of [`step`] from a fake world, and records them with
//! one line for each.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use super::fake_i3::{FakeI3, Spot};
use crate::apply::action::Action;
use crate::apply::event::{Checked, Event, Happening, What};
use crate::apply::plans::{MakePlan, Plans};
use crate::apply::report::{Outcome, ProgramOutput, Report};
use crate::apply::state::Setup;
use crate::apply::{
    Exit, FocusMode, Missing, Mode, NotStarted, Options, Reason, Scope, State, step,
};
use crate::compile::{Plan, SlotIdx};
use crate::live::build::Tree;
use crate::live::{Change, Con, Desktop, Pid, Process, ProcessId, seat};
use crate::matching::Reuse;
use crate::testing::plan;
use crate::wm::WindowConfig;
use crate::wm::command::Command;

/// The default options, with a timeout of 5 s.
pub(super) fn options() -> Options {
    Options {
        timeout: Duration::from_secs(5),
        total_timeout: None,
        keep_placeholders: false,
        missing: Missing::Start,
        reuse: Reuse::Workspace,
        focus: FocusMode::Restore,
        scope: Scope::default(),
        mode: Mode::Merge,
    }
}

/// A layout `t` with one visible workspace `1`, given by its nodes as YAML.
pub(super) fn layout(nodes: &[&str]) -> String {
    let nodes = nodes.iter().map(|node| format!("      - {{ {node} }}"));
    let nodes = nodes.collect::<Vec<_>>().join("\n");
    format!("version: 1\nname: t\nworkspaces:\n  - name: '1'\n    nodes:\n{nodes}\n")
}

/// The keys of a slot whose program has its name and opens a window of this class.
pub(super) fn slot(id: &str, class: &str) -> String {
    format!("id: {id}, swallow: {{ class: ^{class}$ }}, command: {class} {id}")
}

/// A run in a fake world.
pub(super) struct Run {
    pub(super) state: State<'static>,
    pub(super) plan: &'static Plan,
    pub(super) i3: FakeI3,
    /// The answer to the check; programs that are not in it may be started.
    pub(super) checked: Checked,
    /// The programs that fail to start.
    pub(super) failing: BTreeMap<SlotIdx, NotStarted>,
    pub(super) config: WindowConfig,
    /// The processes that have ended.
    pub(super) ended: BTreeSet<ProcessId>,
    /// The lines that programs have printed.
    pub(super) output: Vec<String>,
    /// Commands that i3 ignores.
    pub(super) ignores: fn(&Command) -> bool,
    /// The end of the present wait.
    pub(super) until: Option<Duration>,
    now: Duration,
    watched: BTreeSet<ProcessId>,
    told: Option<String>,
    log: Vec<String>,
}

impl Run {
    pub(super) fn new(layout: &str, live: Desktop) -> Self {
        Self::with(layout, live, options())
    }

    pub(super) fn with(layout: &str, live: Desktop, options: Options) -> Self {
        // A state borrows them; tests need not free them.
        let plans: &'static Plans = Box::leak(Box::new(Plans::new(plan(layout, &live))));
        let options: &'static Options = Box::leak(Box::new(options));
        let plan = plans.plan();
        let no_other: &MakePlan<'static> = &|_, _| panic!("the outputs do not change");
        Self {
            state: State::new(Setup::new(
                plans,
                no_other,
                options,
                "/logs".into(),
                &|text| text.to_owned(),
            )),
            plan,
            i3: FakeI3::new(live),
            checked: Checked::default(),
            failing: BTreeMap::new(),
            config: WindowConfig::default(),
            ended: BTreeSet::new(),
            output: Vec::new(),
            ignores: |_| false,
            until: None,
            now: Duration::ZERO,
            watched: BTreeSet::new(),
            told: None,
            log: Vec::new(),
        }
    }

    /// Begins the run, as the process 1.
    pub(super) fn begin(&mut self) {
        let started = Some(1000);
        self.feed(0, What::Begun { pid: 1, started });
    }

    /// Lets something happen, this number of milliseconds after the start.
    #[track_caller]
    pub(super) fn happen<const N: usize>(
        &mut self,
        at: u64,
        change: impl FnOnce(&mut Self) -> [Happening; N],
    ) {
        self.idle(at - 1);
        assert!(self.until.is_some(), "the run is over");
        let happenings = change(self).into();
        self.feed(at, What::Woken(happenings));
    }

    /// Lets nothing happen until this number of milliseconds after the start.
    pub(super) fn idle(&mut self, to: u64) {
        let to = Duration::from_millis(to);
        while let Some(until) = self.until.filter(|until| *until <= to) {
            let until = u64::try_from(until.as_millis()).unwrap();
            self.feed(until, What::Woken(Vec::new()));
        }
    }

    /// Lets nothing happen until the run is over, and returns that time in milliseconds.
    #[track_caller]
    pub(super) fn end(&mut self) -> u128 {
        self.idle(600_000);
        assert_eq!(self.until, None, "the run does not end");
        self.now.as_millis()
    }

    fn feed(&mut self, at: u64, what: What) {
        self.until = None;
        self.now = Duration::from_millis(at);
        let mut actions = VecDeque::from(self.step(what));
        while let Some(action) = actions.pop_front() {
            let line = self.line(&action);
            if let Action::Tell { .. } = action {
                if self.told.as_ref() != Some(&line) {
                    self.log.push(format!("{at} {line}"));
                    self.told = Some(line);
                }
            } else if !line.is_empty() {
                self.log.push(format!("{at} {line}"));
            }
            if let Some(answer) = self.perform(action) {
                actions.extend(self.step(answer));
            }
        }
    }

    fn step(&mut self, what: What) -> Vec<Action> {
        let at = self.now;
        step(&mut self.state, Event { at, what })
    }

    fn perform(&mut self, action: Action) -> Option<What> {
        match action {
            Action::Observe => {
                let gone: Vec<ProcessId> =
                    self.watched.intersection(&self.ended).copied().collect();
                self.watched.retain(|one| !gone.contains(one));
                let desktop = Box::new(self.i3.desktop.clone());
                return Some(What::Seen { desktop, gone });
            }
            Action::ReadTree => {
                return Some(What::Tree(Box::new(self.i3.desktop.tree.clone())));
            }
            Action::Check(_) => return Some(What::Checked(Box::new(self.checked.clone()))),
            Action::ReadConfig => return Some(What::Config(Box::new(self.config.clone()))),
            Action::Start(start) => {
                let slot = start.slot;
                let result = match self.failing.get(&slot) {
                    Some(error) => Err(error.clone()),
                    None => Ok(process_of(slot)),
                };
                return Some(What::Started { slot, result });
            }
            Action::ReadOutput { slot, log } => {
                let lines = self.output.clone();
                let output = ProgramOutput { lines, log };
                return Some(What::Output { slot, output });
            }
            Action::Wait(until) => self.until = Some(until),
            Action::Append(pieces) => self.i3.append(&pieces),
            Action::Send(commands) | Action::Remove { commands, .. } => {
                for command in commands.iter().filter(|one| !(self.ignores)(one)) {
                    self.i3.run(command);
                }
            }
            Action::Place { window, seat } => {
                seat::take(&mut self.i3.desktop.seats, window, seat);
            }
            Action::Watch(id) => {
                self.watched.insert(id);
            }
            Action::Subscribe
            | Action::Settle
            | Action::Label { .. }
            | Action::Tell { .. }
            | Action::GaveUp(_)
            | Action::Finish
            | Action::Fail(_) => {}
        }
        None
    }

    /// The actions since the last call, each with its time in milliseconds.
    pub(super) fn log(&mut self) -> Vec<String> {
        std::mem::take(&mut self.log)
    }

    /// Checks the actions since the last call.
    #[track_caller]
    pub(super) fn check(&mut self, expected: &[&str]) {
        let found = self.log();
        assert_eq!(found, expected, "{found:#?}");
    }

    /// Checks the actions since the last call that begin with one of these words.
    #[track_caller]
    pub(super) fn check_only(&mut self, words: &[&str], expected: &[&str]) {
        let log = self.log();
        let is_meant = |line: &&String| {
            let action = line.split_once(' ').map_or("", |(_, action)| action);
            words.iter().any(|word| action.starts_with(word))
        };
        let found: Vec<&String> = log.iter().filter(is_meant).collect();
        assert_eq!(found, expected, "{log:#?}");
    }

    pub(super) fn idx(&self, id: &str) -> SlotIdx {
        let mut slots = self.plan.slots();
        let found = slots.find_map(|(idx, slot)| (slot.id == id).then_some(idx));
        found.unwrap_or_else(|| panic!("no slot {id}"))
    }

    /// The window that the program of a slot opens, with its process.
    pub(super) fn window_of(&self, id: &str, window: Tree) -> Tree {
        let idx = self.idx(id);
        window.pid(process_of(idx).pid.0).facts(|facts| {
            facts.process = Some(Process {
                pid: Some(process_of(idx).pid),
                started: Some(process_of(idx).started),
                token: Some(format!("1-{}", idx.0)),
                from_session: true,
                ..facts.process.clone().unwrap_or_default()
            });
        })
    }

    /// A window opens.
    pub(super) fn opens(&mut self, spot: Spot<'_>, window: Tree) -> Happening {
        let con = self.i3.open(spot, window);
        Happening::Change(Change::WindowNew(Box::new(con)))
    }

    /// The program of a slot opens a window in the waiting placeholder of the slot.
    pub(super) fn opens_in_slot(&mut self, id: &str, window: Tree) -> Happening {
        let mark = self.plan.waiting_mark(self.idx(id));
        let window = self.window_of(id, window);
        self.opens(Spot::In(&mark), window)
    }

    /// A window closes.
    pub(super) fn closes(&mut self, name: &str) -> Happening {
        Happening::Change(Change::WindowClosed(self.i3.close(name)))
    }

    /// A window gets another title.
    pub(super) fn retitles(&mut self, name: &str, title: &str) -> Happening {
        let con = self.i3.retitle(name, title);
        Happening::Change(Change::WindowTitle(Box::new(con)))
    }

    /// The program of a slot exits.
    pub(super) fn exits(&mut self, id: &str, exit: Exit) -> Happening {
        let slot = self.idx(id);
        self.ended.insert(process_of(slot));
        Happening::Exited { slot, exit }
    }

    #[track_caller]
    pub(super) fn report(&self) -> Report {
        self.state.report().expect("the run is over")
    }

    /// The outcome of a slot.
    #[track_caller]
    pub(super) fn outcome(&self, id: &str) -> Outcome {
        let slots = self.report().slots;
        let found = slots.into_iter().find(|one| one.slot == id);
        found.expect("the slot is in the report").outcome
    }

    /// The reason why a slot is empty.
    #[track_caller]
    pub(super) fn reason(&self, id: &str) -> Reason {
        match self.outcome(id) {
            Outcome::Missing { reason, .. } | Outcome::LeftOut { reason } => reason,
            other => panic!("slot {id} is {other:?}"),
        }
    }

    /// The titles of the windows on workspace 1, in tree order.
    pub(super) fn titles(&self) -> Vec<&str> {
        let live = self.i3.desktop.workspace("1");
        let windows = live.into_iter().flat_map(|live| live.con.windows());
        windows.map(Con::name).collect()
    }
}

/// The process of a program that the run starts for this slot.
pub(super) fn process_of(SlotIdx(idx): SlotIdx) -> ProcessId {
    let idx = u32::try_from(idx).unwrap();
    ProcessId {
        pid: Pid(100 + idx),
        started: u64::from(2000 + idx),
    }
}
