//! Programs of slots that something else has started, such as the i3 config at login, and that
//! have no window yet.
//!
//! Pure. A run waits for their windows instead of starting the programs a second time.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::compile::{Launch, Plan, Program, SlotIdx};
use crate::discover::command_line::base_name;
use crate::live::{Con, Desktop, Pid, Process, ProcessId, WindowFacts, is_same_command};

/// The number of words among which is the program: an interpreter and its options come before it.
const MAX_PROGRAM_WORDS: usize = 4;

/// The length of a clock tick in proc(5), on every architecture that Linux supports.
pub(super) const MILLISECONDS_PER_TICK: u64 = 10;

/// True if one of these slots has this command line.
pub fn is_wanted(plan: &Plan, slots: &[SlotIdx], argv: &[String]) -> bool {
    programs(plan, slots).any(|(_, program)| may_be(program, argv))
}

/// The age below which a process without a window counts as starting. An older one may have
/// hidden its window, as programs with an icon in the tray do, and shows it if it is started again.
const STARTING: Duration = Duration::from_secs(5);

/// The processes that are starting for slots, at most one for each. `now` is in clock ticks since
/// boot.
pub fn underway(
    plan: &Plan,
    slots: &[SlotIdx],
    desktop: &Desktop,
    processes: &[Process],
    now: u64,
) -> BTreeMap<SlotIdx, ProcessId> {
    let mut free: Vec<(&Process, ProcessId)> = processes
        .iter()
        .filter_map(|process| {
            let (pid, started) = (process.pid?, process.started?);
            let age = Duration::from_millis(
                now.saturating_sub(started)
                    .saturating_mul(MILLISECONDS_PER_TICK),
            );
            let is_young = age < STARTING && !has_window(desktop, pid);
            is_young.then_some((process, ProcessId { pid, started }))
        })
        .collect();
    let mut found = BTreeMap::new();
    for (idx, program) in programs(plan, slots) {
        let position = free.iter().position(|(process, _)| {
            is_same_command(program.line(), process.line())
                && (!program.cwd_is_named || process.cwd.as_ref() == Some(&program.cwd))
        });
        if let Some(position) = position {
            let (process, underway) = free.remove(position);
            // Its own children are part of it, such as the program that a script runs.
            free.retain(|(other, _)| {
                !other.ancestors.contains(&underway.pid)
                    && !process
                        .pid
                        .is_some_and(|pid| process.ancestors.contains(&other.pid.unwrap_or(pid)))
            });
            found.insert(idx, underway);
        }
    }
    found
}

/// True if the command lines have the same number of words and the same last part of the program,
/// or one has an interpreter before it. The directory of the process, which is slow to read, decides.
fn may_be(program: &Program, argv: &[String]) -> bool {
    let wanted = program.argv.first().map(|program| base_name(program));
    let mut words = argv.iter().take(MAX_PROGRAM_WORDS);
    argv.len() >= program.argv.len() && words.any(|word| Some(base_name(word)) == wanted)
}

fn programs<'p>(plan: &'p Plan, slots: &[SlotIdx]) -> impl Iterator<Item = (SlotIdx, &'p Program)> {
    slots
        .iter()
        .filter_map(|&idx| match &plan.slot(idx).launch {
            Launch::Program(program) => Some((idx, program)),
            Launch::Elsewhere | Launch::Unresolved { .. } => None,
        })
}

/// True if the process or a program that it started has a main window.
pub fn has_window(desktop: &Desktop, pid: Pid) -> bool {
    let mut windows = desktop.tree.windows().filter(|con| con.is_main_window());
    windows.any(|con| is_of(con, desktop, pid))
}

/// True if the process or a program that it started has any window, such as a splash screen.
pub fn shows_anything(desktop: &Desktop, pid: Pid) -> bool {
    let mut windows = desktop.tree.windows();
    windows.any(|con| is_of(con, desktop, pid))
}

/// True if the window belongs to the process or to a program that it started.
fn is_of(con: &Con, desktop: &Desktop, pid: Pid) -> bool {
    let facts = desktop.facts(con);
    let process = facts.and_then(|facts| facts.process.as_ref());
    facts.and_then(WindowFacts::pid) == Some(pid)
        || process.is_some_and(|process| process.ancestors.contains(&pid))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::build::{one_output, win, workspace};
    use crate::testing::plan;

    const LAYOUT: &str = r#"
version: 1
workspaces:
  - name: "1"
    nodes:
      - { id: mail, swallow: { class: ^Mail$ }, command: mail }
      - { id: code, swallow: { class: ^Code$ }, command: code, cwd: /src }
"#;

    fn process(pid: u32, argv: &[&str], started: u64) -> Process {
        Process {
            pid: Some(Pid(pid)),
            argv: argv.iter().map(|&word| word.to_owned()).collect(),
            cwd: Some("/src".into()),
            started: Some(started),
            ..Process::default()
        }
    }

    /// The process for each slot, at tick 10 000.
    fn found(processes: &[Process], windows_of: &[u32]) -> Vec<Option<u32>> {
        let windows = windows_of
            .iter()
            .map(|&pid| win("w").facts(move |facts| facts.server_pid = Some(Pid(pid))));
        let live = one_output([workspace("1", windows.collect::<Vec<_>>())]);
        let plan = plan(LAYOUT, &live);
        let slots = [SlotIdx(0), SlotIdx(1)];
        let found = underway(&plan, &slots, &live, processes, 10_000);
        let pid = |idx| found.get(&idx).map(|one: &ProcessId| one.pid.0);
        slots.map(pid).to_vec()
    }

    #[test]
    fn young_processes_without_a_window_are_waited_for() {
        let mail = process(1, &["/usr/bin/python3", "/usr/bin/mail"], 9_900);
        assert_eq!(found(std::slice::from_ref(&mail), &[]), [Some(1), None]);
        assert_eq!(found(std::slice::from_ref(&mail), &[1]), [None, None]);
        let old = process(1, &["mail"], 9_400);
        assert_eq!(found(&[old], &[]), [None, None]);
        let code = process(2, &["code"], 9_999);
        assert_eq!(found(&[mail, code.clone()], &[]), [Some(1), Some(2)]);
        let elsewhere = Process {
            cwd: Some("/doc".into()),
            ..code
        };
        assert_eq!(found(&[elsewhere], &[]), [None, None]);
    }
}
