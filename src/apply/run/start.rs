//! Starts programs, and keeps track of programs that an earlier run has started.
#![expect(clippy::disallowed_methods, reason = "the run looks at the clock")]

use std::collections::BTreeSet;
use std::time::Instant;

use super::Run;
use super::wait::{Event, Pending};
use crate::apply::launch::{Launched, Launcher};
use crate::apply::report::{NotStarted, Outcome};
use crate::apply::started::Started;
use crate::apply::unfinished::{self, Unfinished};
use crate::compile::{Launch, SlotIdx};
use crate::live::{Desktop, Pid};

impl Run<'_, '_> {
    /// True if a program that an earlier run has started may open its window at any moment.
    ///
    /// In this case, no placeholder waits for windows in i3: a window that opens while its
    /// placeholder is appended would be destroyed (see `docs/i3-facts.md`). The windows are moved
    /// in from where i3 puts them.
    pub(super) fn comes_from_earlier(
        &mut self,
        expected: &BTreeSet<SlotIdx>,
        desktop: &Desktop,
    ) -> bool {
        self.earlier = unfinished::read(&self.runtime);
        let (plan, process) = (self.plan, self.world.process);
        expected
            .iter()
            .any(|&idx| unfinished::find(&self.earlier, plan, idx, process, desktop).is_some())
    }

    pub(super) fn launch(&mut self, expected: &BTreeSet<SlotIdx>, desktop: &Desktop) {
        let launcher = Launcher {
            env: self.world.env.clone(),
            logs: self.world.logs.join(&self.plan.layout),
        };
        for &idx in expected {
            let slot = self.plan.slot(idx);
            let since = Instant::now();
            let timeout = slot.timeout.unwrap_or(self.options.timeout);
            let left = self.options.total_timeout;
            let timeout = left.map_or(timeout, |left| timeout.min(left));
            let mut pending = Pending {
                since,
                deadline: since + timeout,
                launched: None,
                earlier: None,
                ended: None,
                ended_well: false,
                labelled: false,
                lost: None,
                beside: None,
            };
            let earlier =
                unfinished::find(&self.earlier, self.plan, idx, self.world.process, desktop);
            if let Some(earlier) = earlier.cloned() {
                self.started.insert(idx, earlier.as_started());
                pending.launched = Some(Launched {
                    pid: Pid(earlier.pid),
                    log: launcher.log(&slot.id),
                });
                pending.earlier = Some(earlier);
            } else if let Launch::Program(program) = &slot.launch {
                let token = format!("{}-{}", std::process::id(), idx.0);
                let sender = self.sender.clone();
                let ended = move |status| {
                    // The receiver is gone after the run has ended.
                    let _ = sender.send(Event::Ended(idx, status));
                };
                match launcher.launch(program, &token, &slot.id, ended) {
                    Ok(launched) => {
                        let pid = Some(launched.pid);
                        self.started.insert(idx, Started { token, pid });
                        pending.launched = Some(launched);
                    }
                    Err(NotStarted { reason, remedy }) => {
                        self.missing(idx, reason, Vec::new(), None, remedy);
                        continue;
                    }
                }
            }
            self.pending.insert(idx, pending);
        }
    }

    /// Records a program that is still running and whose window has not opened.
    pub(super) fn unfinished(&mut self, idx: SlotIdx, launched: &Launched) -> Option<u32> {
        let started = self.world.process.process(launched.pid)?.started?;
        let (slot, token) = (self.plan.slot(idx), &self.started.get(&idx)?.token);
        let Launch::Program(program) = &slot.launch else {
            return None;
        };
        let pid = launched.pid.0;
        self.earlier.retain(|earlier| earlier.pid != pid);
        self.earlier.push(Unfinished {
            layout: self.plan.layout.clone(),
            slot: slot.id.clone(),
            command: Unfinished::command(&program.argv),
            pid,
            started,
            token: token.clone(),
        });
        Some(pid)
    }

    /// Saves the records of unfinished programs for the next run.
    pub(super) fn remember(&mut self) {
        if self.started.is_empty() {
            return;
        }
        let pending: Vec<(SlotIdx, Launched)> = self
            .pending
            .iter()
            .filter_map(|(&idx, pending)| Some((idx, pending.launched.clone()?)))
            .collect();
        for (idx, launched) in pending {
            self.unfinished(idx, &launched);
        }
        let process = self.world.process;
        self.earlier.retain(|earlier| earlier.runs(process));
        let filled: BTreeSet<&str> = self
            .outcomes
            .iter()
            .filter(|(_, outcome)| matches!(outcome, Outcome::Launched { .. }))
            .map(|(&idx, _)| self.plan.slot(idx).id.as_str())
            .collect();
        let layout = &self.plan.layout;
        self.earlier
            .retain(|earlier| earlier.layout != *layout || !filled.contains(earlier.slot.as_str()));
        if unfinished::read(&self.runtime) != self.earlier {
            // Without it, the next run would start the programs a second time.
            let _ = unfinished::write(&self.runtime, &self.earlier);
        }
    }
}
