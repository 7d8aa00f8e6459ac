//! Faults at every step of a command.
//!
//! strace counts the system calls that change something outside the process (messages to i3 and the
//! X server, file operations, starts of programs). At the n-th one, the command is killed, the call
//! fails, or the command stops while something happens on the desktop. Afterwards, no window is
//! lost, each file has the old or the new content, and the next run or `recover` leaves nothing of
//! ours behind.
//!
//! A normal run tries a few steps of each command. `scripts/test-faults` tries all of them.

mod courses;
mod events;
mod trace;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use self::courses::{COURSES, Course, ON_TWO_MONITORS};
use self::events::{CLOSED, EVENTS};
use self::trace::Fault;
use crate::harness::command::Output;
use crate::harness::{Desktop, tree};

/// Time limit of `recover` after any fault.
const RECOVER_LIMIT: Duration = Duration::from_secs(5);

/// The number of desktops at the same time.
const DESKTOPS: u32 = 4;

fn is_slow() -> bool {
    std::env::var_os("RUN_SLOW_TESTS").is_some()
}

/// The number of steps of each command to try.
#[derive(Clone, Copy)]
struct Count {
    /// In a normal run.
    sample: u32,
    /// At most, with `RUN_SLOW_TESTS=1`.
    all: u32,
}

impl Count {
    fn of(self, steps: u32) -> u32 {
        let count = if is_slow() { self.all } else { self.sample };
        count.min(steps)
    }
}

/// Windows and files that must not get lost.
struct Before {
    /// The windows by X id, with their instances.
    windows: BTreeMap<u64, String>,
    /// The layout files with their contents.
    files: BTreeMap<String, Vec<u8>>,
    /// The number of programs that were started.
    starts: usize,
}

impl Before {
    fn of(desktop: &Desktop) -> Self {
        Self {
            windows: windows(desktop),
            files: files(desktop),
            starts: desktop.starts(),
        }
    }
}

fn windows(desktop: &Desktop) -> BTreeMap<u64, String> {
    let tree = desktop.tree();
    let windows = tree::windows(&tree).into_iter();
    let named = windows.filter_map(|con| {
        let name = con["window_properties"]["instance"].as_str();
        Some((con["window"].as_u64()?, name.unwrap_or_default().to_owned()))
    });
    named.collect()
}

fn files(desktop: &Desktop) -> BTreeMap<String, Vec<u8>> {
    let folder = desktop.path().join("config/i3pm-layout/layouts");
    let mut all = BTreeMap::new();
    read_into(&mut all, &folder);
    all
}

fn read_into(all: &mut BTreeMap<String, Vec<u8>>, folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            read_into(all, &path);
        } else if let Ok(bytes) = fs::read(&path) {
            let name = entry.file_name().to_string_lossy().into_owned();
            all.insert(name, bytes);
        }
    }
}

/// The files after the command when nothing goes wrong, and the number of its steps.
struct Expected {
    files: BTreeMap<String, Vec<u8>>,
    steps: u32,
}

fn undisturbed(course: &Course, fault: &Fault) -> Expected {
    let desktop = (course.start)();
    let steps = trace::count(&desktop, course.arguments, fault);
    assert!(steps > 3, "strace counted {steps} steps");
    let files = files(&desktop);
    Expected { files, steps }
}

/// Runs the command of the course with one fault, and checks what is left.
fn try_fault(course: &Course, expected: &Expected, step: u32, fault: &Fault) {
    let desktop = (course.start)();
    let before = Before::of(&desktop);
    let output = trace::inject(&desktop, course.arguments, step, fault);
    assert!(!output.stderr.contains("panicked"), "{}", output.stderr);
    if !fault.kills_the_session() {
        check_rest(course, &desktop, &before, expected, (step, fault), &output);
    }
    check_files(&before, expected, &files(&desktop));
}

fn check_rest(
    course: &Course,
    desktop: &Desktop,
    before: &Before,
    expected: &Expected,
    (step, fault): (u32, &Fault),
    output: &Output,
) {
    desktop.sync();
    let lost = |when: &str| {
        let now = windows(desktop);
        for (id, name) in &before.windows {
            let is_there = now.contains_key(id) || (fault.closes_a_window() && name == CLOSED);
            assert!(is_there, "{name} was lost {when}\n{}", output.transcript());
        }
    };
    lost("by the fault");
    check_files(before, expected, &files(desktop));
    // A user calls `recover`, or the same command again.
    if step.is_multiple_of(2) {
        let recovered = desktop.run(["recover"]).success();
        assert!(recovered.duration < RECOVER_LIMIT, "{recovered:?}");
        lost("by `recover`");
        desktop.assert_no_traces();
    }
    (course.again)(desktop);
    lost("by the next run");
    desktop.assert_no_traces();
    let starts = desktop.starts() - before.starts;
    let mut opened = windows(desktop);
    opened.retain(|id, _| !before.windows.contains_key(id));
    // A started program whose window was closed meanwhile is started again.
    let twice = starts.saturating_sub(opened.len() + usize::from(fault.closes_a_window()));
    assert_eq!(twice, 0, "{starts} starts opened {opened:?}");
    let left = left_files(desktop);
    assert!(left.is_empty(), "left: {left:?}");
}

/// Temporary files of ours.
fn left_files(desktop: &Desktop) -> Vec<String> {
    let names = files(desktop).into_keys();
    names.filter(|name| name.contains(".tmp")).collect()
}

/// Fails unless each file has the old or the new content.
fn check_files(before: &Before, expected: &Expected, now: &BTreeMap<String, Vec<u8>>) {
    for (name, bytes) in now.iter().filter(|(name, _)| !name.contains(".tmp")) {
        let is_old = before.files.get(name) == Some(bytes);
        let is_new = expected.files.get(name) == Some(bytes);
        let text = String::from_utf8_lossy(bytes);
        assert!(is_old || is_new, "{name} is neither old nor new:\n{text}");
    }
    for (name, bytes) in &before.files {
        let is_kept = now.values().any(|one| one == bytes);
        let is_replaced = expected.files.get(name).is_none_or(|new| new != bytes);
        assert!(is_kept || is_replaced, "{name} was lost");
    }
}

/// Tries one fault at each step, or at a sample of the steps. Returns the failures.
fn try_steps(course: &Course, expected: &Expected, fault: &Fault, count: Count) -> (u32, String) {
    let steps = expected.steps.max(1);
    let count = count.of(steps);
    // The middle of each part, so that a small sample is not the start of the run.
    let step_of = |number: u32| (2 * number + 1) * steps / (2 * count) + 1;
    let next = AtomicU32::new(0);
    let failures = Mutex::new(String::new());
    thread::scope(|scope| {
        for _ in 0..DESKTOPS.min(count) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        break;
                    }
                    let step = step_of(number);
                    let tried = AssertUnwindSafe(|| try_fault(course, expected, step, fault));
                    if let Err(panic) = catch_unwind(tried) {
                        let text = panic.downcast_ref::<String>().cloned();
                        let mut failures = failures.lock().expect("no thread panics with the lock");
                        let _ = writeln!(
                            failures,
                            "{}, {fault} at step {step} of {steps}: {}",
                            course.name,
                            text.unwrap_or_default()
                        );
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().expect("all threads have ended");
    (count, failures)
}

/// Tries faults with all courses, prints the table, and fails if one of them failed.
#[track_caller]
fn check(courses: &[&Course], faults: &[Fault], count: Count) {
    let mut all = String::new();
    for course in courses {
        for fault in faults {
            let expected = undisturbed(course, fault);
            let (tried, failures) = try_steps(course, &expected, fault, count);
            let failed = failures.matches(" at step ").count();
            #[expect(clippy::print_stdout, reason = "the table of the faults")]
            {
                println!(
                    "| {} | {fault} | {tried} of {} steps | {failed} failures |",
                    course.name, expected.steps
                );
            }
            all.push_str(&failures);
        }
    }
    assert!(all.is_empty(), "{all}");
}

/// All steps, or a few of them.
const fn every(sample: u32) -> Count {
    let all = u32::MAX;
    Count { sample, all }
}

#[test]
fn command_killed_at_any_step_loses_nothing() {
    let courses: Vec<_> = COURSES.iter().collect();
    check(&courses, &[Fault::Kill], every(3));
}

#[test]
fn command_whose_system_call_fails_at_any_step_loses_nothing() {
    let errors = ["ENOSPC", "EIO"].map(Fault::Error);
    let courses: Vec<_> = COURSES.iter().collect();
    check(&courses, &errors, every(1));
}

#[test]
fn command_without_file_descriptors_at_any_step_loses_nothing() {
    let courses: Vec<_> = COURSES.iter().collect();
    check(
        &courses,
        &[Fault::NoDescriptors],
        Count { sample: 1, all: 40 },
    );
}

#[test]
fn event_at_any_step_loses_nothing() {
    let faults: Vec<_> = EVENTS.iter().map(Fault::Event).collect();
    let count = Count { sample: 1, all: 25 };
    let courses = if is_slow() { 4 } else { 2 };
    check(&ON_TWO_MONITORS[..courses], &faults, count);
}
