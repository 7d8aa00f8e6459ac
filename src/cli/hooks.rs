//! Hooks of `apply` and `capture`: which ones there are, and running them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use super::context::{Context, Loaded, absolute};
use crate::apply::{Exit, HookEnd, ProgramOutput, check_program, run_hook};
use crate::compile::{Launch, Program, resolve_hook};
use crate::config::Config;
use crate::error::{Error, HookFailure, HookOutput, HookReason};
use crate::journal::HookRecord;
use crate::layout::vars::environment_names;
use crate::layout::{Command, Hook, HookEvent};
use crate::store::hook_files;
use crate::store::trust::TrustError;
use crate::ui::words::hide_values;

/// The time after which a hook without `timeout` is ended.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The folder of hooks below each configuration directory.
const FOLDER: &str = "i3pm-layout/hooks.d";

/// The hooks of a command.
pub(super) struct Hooks<'c> {
    context: &'c Context,
    list: Vec<Prepared>,
    /// The environment of all hooks.
    env: BTreeMap<OsString, OsString>,
    /// What happened so far, as JSON.
    ran: RefCell<Vec<Value>>,
}

/// A hook with everything that is needed to run it.
struct Prepared {
    event: HookEvent,
    /// The file that has it.
    place: String,
    /// The program and its arguments, without the values of environment variables.
    shown: Vec<String>,
    timeout: Duration,
    program: Result<Program, HookReason>,
}

/// The layout of a command, for its hooks.
pub(super) struct Subject<'l> {
    /// The layout as it was before the command, if it has one.
    pub(super) loaded: Option<&'l Loaded>,
    /// The name in reports.
    pub(super) name: String,
    /// The file.
    pub(super) path: Option<&'l Path>,
    /// True if the hooks of the layout may be run although others can change its file.
    pub(super) is_trusted: bool,
}

impl<'c> Hooks<'c> {
    /// Finds the hooks of a command for these events: first the executables in `hooks.d`, then those of
    /// the configuration, then those of the layout.
    pub(super) fn find(
        context: &'c Context,
        config: &Config,
        (command, events): (&str, &[HookEvent]),
        subject: &Subject<'_>,
    ) -> Result<Self, Error> {
        let mut list = Vec::new();
        for &event in events {
            for file in hook_files(&context.hook_folders(), event.as_str())? {
                if !file.is_executable {
                    continue;
                }
                let path = file.path.display().to_string();
                let line = Command::Args(vec![crate::layout::vars::escape(&path)]);
                let hook = Hook {
                    command: line,
                    timeout: None,
                };
                let place = context.short(&file.path);
                list.push(context.prepare(event, &hook, place, &BTreeMap::new(), &file.trust));
            }
            for hooks in &config.hooks {
                for hook in hooks.value.of(event) {
                    let place = hooks.origin.to_string();
                    list.push(context.prepare(event, hook, place, &BTreeMap::new(), &Ok(())));
                }
            }
            if let Some(loaded) = subject.loaded {
                let trust = &loaded.opened.trust;
                let trust = if subject.is_trusted { &Ok(()) } else { trust };
                for hook in loaded.layout.hooks.of(event) {
                    let place = context.origin(&loaded.opened);
                    list.push(context.prepare(event, hook, place, &loaded.layout.vars, trust));
                }
            }
        }
        let env = if list.is_empty() {
            BTreeMap::new()
        } else {
            context.hook_environment(command, subject)?
        };
        Ok(Self {
            context,
            list,
            env,
            ran: RefCell::default(),
        })
    }

    /// True without hooks for this event.
    pub(super) fn are_none(&self, event: HookEvent) -> bool {
        self.of(event).next().is_none()
    }

    fn of(&self, event: HookEvent) -> impl Iterator<Item = &Prepared> {
        self.list.iter().filter(move |hook| hook.event == event)
    }

    /// Runs the hooks of an event in order, with these variables `I3PM_*`. Hooks that must succeed end
    /// with the first one that fails; the failures of others are warnings.
    pub(super) fn run(&self, event: HookEvent, facts: &[(&str, String)]) -> Result<(), Error> {
        let mut env = self.env.clone();
        env.insert("I3PM_EVENT".into(), event.as_str().into());
        let facts = facts.iter();
        env.extend(facts.map(|(name, value)| (format!("I3PM_{name}").into(), value.into())));
        for (position, hook) in self.of(event).enumerate() {
            let Some(failure) = self.run_one(hook, position, &env)? else {
                continue;
            };
            if event.must_succeed() {
                return Err(Error::Hook(Box::new(failure)));
            }
            self.context.ui.warning(&failure);
            if failure.reason == HookReason::Interrupted {
                break;
            }
        }
        Ok(())
    }

    /// Runs a hook and records it.
    fn run_one(
        &self,
        hook: &Prepared,
        position: usize,
        env: &BTreeMap<OsString, OsString>,
    ) -> Result<Option<HookFailure>, Error> {
        let file = format!(".hooks/{}-{}.log", hook.event.as_str(), position + 1);
        let mut record = hook.record();
        let mut shown = None;
        let reason = match &hook.program {
            Err(reason) => Some(reason.clone()),
            Ok(program) => {
                let log = self.context.logs().join(file);
                let run = run_hook(program, env, hook.timeout, &log)?;
                record.took = u64::try_from(run.elapsed.as_millis()).unwrap_or(u64::MAX);
                record.output.clone_from(&run.output);
                let reason = reason(&run.end, hook.timeout);
                shown = Some(run.shown);
                reason
            }
        };
        record.failed = reason.as_ref().map(ToString::to_string);
        self.context.journal.hook(&record);
        let mut value = hook.to_json();
        value["failed"] = json!(record.failed);
        value["output"] = json!(record.output.lines().collect::<Vec<_>>());
        self.ran.borrow_mut().push(value);
        let output = shown.filter(|output| !output.lines.is_empty());
        Ok(reason.map(|reason| hook.failure(reason, output)))
    }

    /// What happened to the hooks so far, as JSON.
    pub(super) fn ran(&self) -> Value {
        Value::from(self.ran.borrow().clone())
    }

    /// All hooks as JSON, for a dry run.
    pub(super) fn planned(&self) -> Value {
        let hooks = self.list.iter();
        hooks
            .map(|hook| {
                let mut value = hook.to_json();
                value["unstartable"] = json!(self.problem(hook));
                value
            })
            .collect()
    }

    /// All hooks with the reason why they cannot be run, for a dry run.
    pub(super) fn lines(&self) -> Vec<(String, Option<String>)> {
        let hooks = self.list.iter();
        hooks
            .map(|hook| {
                let (event, command) = (hook.event.as_str(), shell_words::join(&hook.shown));
                let line = format!("{event}  {command}  ({})", hook.place);
                (line, self.problem(hook))
            })
            .collect()
    }

    /// The reason why a hook cannot be run.
    fn problem(&self, hook: &Prepared) -> Option<String> {
        match &hook.program {
            Ok(program) => {
                let error = check_program(program, &self.env).err()?;
                Some(HookReason::from(&error).to_string())
            }
            Err(reason) => Some(reason.to_string()),
        }
    }
}

/// Why a hook failed; `None` if it succeeded.
fn reason(end: &HookEnd, timeout: Duration) -> Option<HookReason> {
    match end {
        HookEnd::Exited(Exit::Code(0)) => None,
        HookEnd::Exited(exit) => Some(HookReason::Exited(exit.clone())),
        HookEnd::NotStarted(error) => Some(HookReason::from(error)),
        HookEnd::TimedOut => Some(HookReason::TimedOut(timeout)),
        HookEnd::Interrupted => Some(HookReason::Interrupted),
    }
}

impl Prepared {
    fn record(&self) -> HookRecord {
        HookRecord {
            event: self.event.as_str().to_owned(),
            command: self.shown.clone(),
            place: self.place.clone(),
            failed: None,
            took: 0,
            output: String::new(),
        }
    }

    fn to_json(&self) -> Value {
        json!({
            "event": self.event.as_str(),
            "command": self.shown,
            "place": self.place,
            "timeout": self.timeout.as_secs_f64(),
        })
    }

    fn failure(&self, reason: HookReason, output: Option<ProgramOutput>) -> HookFailure {
        HookFailure {
            event: self.event,
            command: shell_words::join(&self.shown),
            place: self.place.clone(),
            reason,
            output: output.map(|ProgramOutput { lines, log }| HookOutput { lines, log }),
        }
    }
}

impl Context {
    /// The folders of hooks, the most important first.
    pub(super) fn hook_folders(&self) -> Vec<PathBuf> {
        let folders = self.all_config_directories().into_iter();
        folders.map(|directory| directory.join(FOLDER)).collect()
    }

    fn prepare(
        &self,
        event: HookEvent,
        hook: &Hook,
        place: String,
        vars: &BTreeMap<String, String>,
        trust: &Result<(), TrustError>,
    ) -> Prepared {
        let env = self
            .texts()
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let env: BTreeMap<String, String> = env.collect();
        let words = hook.command.words().unwrap_or_default();
        let values = vars.values().chain(&words);
        for name in values.flat_map(|word| environment_names(word)) {
            hide_values(env.get(&name).cloned());
        }
        let launch = resolve_hook(&hook.command, vars, &env, &self.home);
        let seconds = hook.timeout;
        let timeout = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let mut prepared = Prepared {
            event,
            place,
            shown: words,
            timeout: timeout.unwrap_or(TIMEOUT),
            program: Err(HookReason::NotStarted("it has no command".to_owned())),
        };
        match launch {
            Launch::Program(program) => {
                prepared.shown.clone_from(&program.shown.argv);
                // A policy that cannot be read was reported when the configuration was read.
                let policy = self.policy().ok();
                let forbidden = policy.and_then(|policy| policy.refuse(&program.argv));
                prepared.program = match (trust, forbidden) {
                    (Err(distrust), _) => Err(HookReason::Untrusted(distrust.clone())),
                    (Ok(()), Some(reason)) => Err(HookReason::NotStarted(reason)),
                    (Ok(()), None) => Ok(program),
                };
            }
            Launch::Unresolved { reason, .. } => {
                prepared.program = Err(HookReason::NotStarted(reason));
            }
            Launch::Elsewhere => {}
        }
        prepared
    }

    /// The environment of hooks: that of programs, with `I3PM_*`.
    fn hook_environment(
        &self,
        command: &str,
        subject: &Subject<'_>,
    ) -> Result<BTreeMap<OsString, OsString>, Error> {
        let mut session = self.session()?;
        let mut env = self.session_environment(&mut session);
        env.insert("I3PM_COMMAND".into(), command.into());
        env.insert("I3PM_LAYOUT".into(), subject.name.clone().into());
        if let Some(path) = subject.path {
            env.insert("I3PM_FILE".into(), absolute(path).into());
        }
        if let Some(id) = self.journal.id() {
            env.insert("I3PM_RUN".into(), id.to_string().into());
        }
        if let Some(loaded) = subject.loaded {
            let slots = loaded.layout.window_count();
            env.insert("I3PM_SLOTS".into(), slots.to_string().into());
        }
        Ok(env)
    }
}
