//! The costs of many windows, and of many calls in a row.
//!
//! The desktop has 10 workspaces on 3 monitors. Half of each workspace is beside a tabbed
//! container with the other half.

use std::time::Duration;

use serde_json::Value;

use crate::calls::{CallResult, Program};
use crate::desk::wait_for_windows;
use crate::figures::{Table, mebibytes, median, millis, summary};
use crate::harness::{Desktop, Name, Precision, compare, tree};
use crate::places::{self, Places};
use crate::restore::{Servers, clear, reported};

/// The numbers of windows.
pub(crate) const SIZES: [usize; 3] = [50, 100, 500];

const WORKSPACES: usize = 10;

const OUTPUTS: [(&str, &str, bool); 3] = [
    ("eDP-1", "1920x1080+0+0", true),
    ("DP-1", "2560x1440+1920+0", false),
    ("DP-2", "1920x1080+4480+0", false),
];

/// The number of measured calls that change nothing.
const CALLS: usize = 5;

/// The number of measured calls that move or open all of this many windows. With 500 windows, i3
/// takes long for each of them.
fn rounds(size: usize) -> usize {
    if size > 100 { 1 } else { 3 }
}

/// The number of windows that are closed at once. i3 draws after each of them and answers only
/// afterwards.
const CLOSED_AT_ONCE: usize = 25;

/// The number of calls in a row, and the number of first and last calls that are compared.
pub(crate) const IN_A_ROW: usize = 300;
const COMPARED: usize = 30;

/// The costs of all sizes.
#[derive(Default)]
pub(crate) struct Costs {
    measured: Vec<(usize, Vec<Cost>)>,
}

/// The costs of the calls of one kind.
struct Cost {
    name: &'static str,
    calls: Vec<CallResult>,
    /// The processor time of i3 during each call.
    i3: Vec<Duration>,
}

impl Cost {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            calls: Vec::new(),
            i3: Vec::new(),
        }
    }

    /// Calls the program, which must succeed.
    fn call(&mut self, program: &Program, desktop: &Desktop, arguments: &[&str]) {
        let servers = Servers::of(desktop);
        desktop.sync();
        let before = servers.busy();
        let ran = program.call_watching_memory(desktop, arguments);
        let ran = ran.success(arguments);
        // Includes the drawing that i3 still has to do.
        desktop.sync();
        self.i3.push(servers.busy()[0].saturating_sub(before[0]));
        self.calls.push(ran);
    }

    fn wall(&self) -> Duration {
        median(&self.calls.iter().map(|ran| ran.wall).collect::<Vec<_>>())
    }

    fn own(&self) -> Duration {
        median(&self.calls.iter().map(own).collect::<Vec<_>>())
    }

    fn peak(&self) -> u64 {
        peak(&self.calls)
    }
}

/// The processor time of a call: its main thread from the start of the process, or all threads
/// during the run of `apply` if that is more.
fn own(ran: &CallResult) -> Duration {
    let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
    ran.cpu.unwrap_or_default().max(reported(&report, "own_ms"))
}

fn peak(calls: &[CallResult]) -> u64 {
    calls.iter().map(|ran| ran.peak).max().unwrap_or_default()
}

impl Costs {
    /// Measures all kinds of calls on a desktop with this many windows.
    pub(crate) fn measure(&mut self, program: &Program, size: usize) {
        // Costs that were measured before a failure are printed too.
        self.measured.push((size, Vec::new()));
        let Some((_, costs)) = self.measured.last_mut() else {
            return;
        };
        {
            let desktop = desktop();
            open(&desktop, size, None);
            with_open_windows(program, &desktop, size, costs);
            costs.push(fresh(program, &desktop, "fresh `apply`, 20 programs", size));
        }
        let desktop = desktop();
        open(&desktop, size, Some(1));
        program.call_successfully(&desktop, &["capture", "desk"]);
        costs.push(fresh(
            program,
            &desktop,
            "fresh `apply`, a program per window",
            size,
        ));
    }

    /// Prints a table per kind of call, with the ratio of the largest to the smallest desktop.
    pub(crate) fn print(&self) {
        let (Some((least, first)), Some((most, last))) =
            (self.measured.first(), self.measured.last())
        else {
            return;
        };
        for (index, cost) in first.iter().enumerate() {
            let mut table = Table::new(format!("{}, {WORKSPACES} workspaces", cost.name));
            for (size, costs) in &self.measured {
                let Some(cost) = costs.get(index) else {
                    continue;
                };
                table.row(
                    format!("{size} windows"),
                    format!(
                        "total {:>11}, own {:>10}, i3 {:>11}, peak {:>9}",
                        millis(cost.wall()),
                        millis(cost.own()),
                        millis(median(&cost.i3)),
                        mebibytes(cost.peak())
                    ),
                );
            }
            if let Some(large) = last.get(index) {
                let ratio = large.own().as_secs_f64() / cost.own().as_secs_f64();
                table.row(format!("own, {most} to {least}"), format!("{ratio:.1}"));
            }
            table.print();
        }
    }
}

/// A desktop with the three monitors.
fn desktop() -> Desktop {
    Desktop::builder()
        .monitors(&OUTPUTS)
        // Linux allows a user only 128 watches for cues.
        .env("TEST_WINDOW_CUES", "")
        .start()
}

/// Opens this many windows. By default, each workspace has two processes.
fn open(desktop: &Desktop, size: usize, per_process: Option<usize>) {
    let home = desktop.path().join("home");
    let mut opened = 0;
    for workspace in 1..=WORKSPACES {
        let output = OUTPUTS[workspace % OUTPUTS.len()].0;
        desktop.run_i3(&format!("focus output {output}\nworkspace {workspace}"));
        let here = size / WORKSPACES;
        for (half, windows) in [(1, here / 2), (2, here - here / 2)] {
            let each = per_process.unwrap_or(windows);
            for process in 0..windows / each {
                let name = format!("app{workspace}-{half}-{process}");
                desktop.spawn_with(
                    &[
                        "test-window",
                        "--class",
                        &format!("App{workspace}"),
                        "--instance",
                        &format!("app{half}"),
                        "--title",
                        &format!("{name} document {{n}}"),
                        "--count",
                        &each.to_string(),
                    ],
                    &home,
                    &[],
                );
            }
            opened += windows;
            wait_for_windows(desktop, opened);
            desktop.sync();
            if half == 1 {
                desktop.run_i3("split v, layout tabbed");
            }
        }
    }
    desktop.sync();
}

/// The places and the tree that each call must restore.
struct Before {
    places: Places,
    tree: Value,
}

impl Before {
    fn of(desktop: &Desktop, size: usize) -> Self {
        let places = places::places(desktop);
        assert_eq!(places::count(&places), size);
        Self {
            places,
            tree: places::laid_out(desktop),
        }
    }

    /// Fails unless the desktop is the same again, in each pixel and focus order.
    fn assert_restored(&self, desktop: &Desktop) {
        let now = places::places(desktop);
        let exact = places::exact(&self.places, &now);
        assert_eq!(
            exact,
            places::count(&self.places),
            "{}",
            places::differences(&self.places, &now)
        );
        let tree = places::laid_out(desktop);
        let difference = compare::difference(&self.tree, &tree, Precision::Exact, Name::Title);
        assert!(difference.is_none(), "{}", difference.unwrap_or_default());
    }
}

/// Measures the calls for which all windows are open.
fn with_open_windows(program: &Program, desktop: &Desktop, size: usize, costs: &mut Vec<Cost>) {
    let before = Before::of(desktop, size);
    let mut capture = Cost::new("`capture`");
    for _ in 0..CALLS {
        capture.call(program, desktop, &["capture", "desk", "--force"]);
    }
    costs.push(capture);
    // The first call may set marks.
    program.call_successfully(desktop, &["apply", "desk"]);
    let mut diff = Cost::new("`diff`");
    let mut second = Cost::new("`apply` with everything in place");
    for _ in 0..CALLS {
        diff.call(program, desktop, &["diff", "desk"]);
        second.call(program, desktop, &["apply", "desk", "--json"]);
    }
    before.assert_restored(desktop);
    costs.extend([diff, second]);
    let mut shuffled = Cost::new("`apply` with all windows elsewhere");
    for round in 1..=rounds(size) {
        shuffle(desktop, round);
        shuffled.call(program, desktop, &["apply", "desk", "--json"]);
        before.assert_restored(desktop);
    }
    costs.push(shuffled);
}

/// Moves all windows to other workspaces, with one message.
fn shuffle(desktop: &Desktop, round: usize) {
    let moves: Vec<_> = tree::windows(&desktop.tree())
        .iter()
        .enumerate()
        .map(|(index, con)| {
            let to = (index * 7 + round) % WORKSPACES + 1;
            format!("[con_id={}] move container to workspace {to}", con["id"])
        })
        .collect();
    desktop.run_i3(&moves.join("; "));
    desktop.sync();
}

/// Closes all windows in steps.
fn close(desktop: &Desktop) {
    let tree = desktop.tree();
    let windows = tree::windows(&tree);
    let mut left = windows.len();
    for step in windows.chunks(CLOSED_AT_ONCE) {
        let commands: Vec<_> = step
            .iter()
            .map(|con| format!("[con_id={}] kill client", con["id"]))
            .collect();
        desktop.run_i3(&commands.join("; "));
        left -= step.len();
        desktop.wait_until(&format!("{left} windows are left"), || {
            tree::windows(&desktop.tree()).len() <= left
        });
    }
}

/// Measures `apply` after all windows were closed.
fn fresh(program: &Program, desktop: &Desktop, name: &'static str, size: usize) -> Cost {
    let before = Before::of(desktop, size);
    let mut cost = Cost::new(name);
    for _ in 0..rounds(size) {
        close(desktop);
        clear(desktop);
        cost.call(program, desktop, &["apply", "desk", "--json"]);
        before.assert_restored(desktop);
    }
    cost
}

/// Measures many calls of `apply` in a row; before each, one window is moved to another
/// workspace.
pub(crate) fn in_a_row(program: &Program) {
    let desktop = desktop();
    open(&desktop, SIZES[0], None);
    let before = Before::of(&desktop, SIZES[0]);
    program.call_successfully(&desktop, &["capture", "desk"]);
    program.call_successfully(&desktop, &["apply", "desk"]);
    let mut cost = Cost::new("in a row");
    for round in 0..IN_A_ROW {
        let tree = desktop.tree();
        let windows = tree::windows(&tree);
        let moved = &windows[round % windows.len()]["id"];
        let to = round % WORKSPACES + 1;
        desktop.run_i3(&format!(
            "[con_id={moved}] move container to workspace {to}"
        ));
        cost.call(program, &desktop, &["apply", "desk", "--json"]);
    }
    before.assert_restored(&desktop);
    let mut table = Table::new(format!(
        "{IN_A_ROW} calls of `apply` in a row, {} windows, one of them elsewhere",
        SIZES[0]
    ));
    for (name, calls, i3) in [
        ("first", &cost.calls[..COMPARED], &cost.i3[..COMPARED]),
        (
            "last",
            &cost.calls[IN_A_ROW - COMPARED..],
            &cost.i3[IN_A_ROW - COMPARED..],
        ),
    ] {
        let walls: Vec<_> = calls.iter().map(|ran| ran.wall).collect();
        let own: Vec<_> = calls.iter().map(own).collect();
        table.row(format!("{name} {COMPARED}, total"), summary(&walls, millis));
        table.row(format!("{name} {COMPARED}, own"), summary(&own, millis));
        table.row(format!("{name} {COMPARED}, i3"), summary(i3, millis));
        table.row(format!("{name} {COMPARED}, peak"), mebibytes(peak(calls)));
    }
    table.print();
}
