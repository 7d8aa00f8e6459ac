//! Restoring the desktop, compared with starting the programs alone.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use i3pm_layout::session::Session;
use serde_json::Value;

use crate::calls::{Program, on_processor};
use crate::desk::{self, Desk};
use crate::figures::{Table, mebibytes, median, millis, seconds, summary};
use crate::harness::{Desktop, Name, PATIENCE, Precision, compare, processes, tree};
use crate::places::{self, Places};
use crate::timeline;

/// The number of restores of each kind, which alternate.
const ROUNDS: usize = 5;

pub(crate) fn measure(program: &Program, desktop: &Desktop, desk: &Desk) {
    let before = places::places(desktop);
    let tree_before = places::laid_out(desktop);
    assert_eq!(places::count(&before), desk.windows, "{before:#?}");
    program.call_successfully(desktop, &["capture", "desk"]);
    restores(program, desktop, desk, (&before, &tree_before));
    let layout = program.call_successfully(desktop, &["capture", "-"]).stdout;
    clear(desktop);
    timeline::print(desktop, &layout);
    desktop.sync();
    shuffled(program, desktop, &before);
}

fn restores(
    program: &Program,
    desktop: &Desktop,
    desk: &Desk,
    (before, tree_before): (&Places, &Value),
) {
    let mut total = Vec::new();
    let mut alone = Vec::new();
    let mut until_last = Vec::new();
    let mut after_last = Vec::new();
    let mut own = Vec::new();
    let mut around = Vec::new();
    let mut cpu = Vec::new();
    let (mut exact, mut exact_alone, mut identical) = (Vec::new(), Vec::new(), 0);
    let mut complaints = String::new();
    let servers = Servers::of(desktop);
    let (mut busy, mut busy_alone) = ([const { Vec::new() }; 2], [const { Vec::new() }; 2]);
    for round in 0..ROUNDS {
        clear(desktop);
        placeholders(program, desktop);
        let before_programs = servers.busy();
        let placed = baseline(desktop, desk);
        alone.push(placed);
        desktop.sync();
        servers.add_since(before_programs, &mut busy_alone);
        exact_alone.push(places::exact(before, &places::places(desktop)));

        clear(desktop);
        let windows = desk.windows;
        let before_run = servers.busy();
        let (ran, begun, last) = watched(desktop, windows, || {
            program.call(desktop, &["apply", "desk", "--json"])
        });
        assert!(ran.status.code() != Some(2), "apply failed: {}", ran.stderr);
        desktop.sync();
        servers.add_since(before_run, &mut busy);
        let now = places::places(desktop);
        exact.push(places::exact(before, &now));
        let difference = compare::difference(
            tree_before,
            &places::laid_out(desktop),
            Precision::Exact,
            Name::Instance,
        );
        identical += usize::from(difference.is_none());
        if let Some(difference) = difference.filter(|_| complaints.is_empty()) {
            let places = places::differences(before, &now);
            let text = [&places, &difference, &ran.stderr].map(String::as_str);
            complaints = format!("  differences in round {round}:\n{}", text.concat());
        }
        let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
        own.push(reported(&report, "own_ms"));
        around.push(ran.wall.saturating_sub(reported(&report, "elapsed_ms")));
        total.push(ran.wall);
        cpu.extend(ran.cpu);
        until_last.push(last.duration_since(begun));
        after_last.push(ran.ended.saturating_duration_since(last));
    }

    let mut table = Table::new(format!(
        "Restore of {} windows on {} workspaces, {ROUNDS} rounds",
        desk.windows,
        desk.workspaces(),
    ));
    table.row(
        "windows restored exactly, per run",
        format!("{exact:?} of {}", desk.windows),
    );
    table.row(
        "complete tree identical, including focus orders",
        format!("{identical} of {ROUNDS}"),
    );
    table.row("`apply`, total", summary(&total, seconds));
    table.row(
        "programs alone, into placeholders",
        summary(&alone, seconds),
    );
    let ratio = median(&total).as_secs_f64() / median(&alone).as_secs_f64();
    table.row("ratio of the medians", format!("{ratio:.2}"));
    let until = "`apply`, until the last window";
    table.row(until, summary(&until_last, seconds));
    for (name, times) in [
        ("`apply`, after the last window", &after_last),
        ("`own_ms` of the report", &own),
        ("process start and reading the file", &around),
        ("processor time of the main thread", &cpu),
    ] {
        table.row(name, summary(times, millis));
    }
    for (name, (busy, alone)) in ["i3", "X"].into_iter().zip(busy.iter().zip(&busy_alone)) {
        table.row(
            format!("processor time of {name}, programs alone"),
            format!("{}, {}", millis(median(busy)), millis(median(alone))),
        );
    }
    table.row(
        "windows restored exactly by placeholders alone",
        format!("{exact_alone:?} of {}", desk.windows),
    );
    clear(desktop);
    let peak = program
        .call_watching_memory(desktop, &["apply", "desk"])
        .peak;
    table.row("peak memory of `apply`", mebibytes(peak));
    table.print();
    print!("{complaints}");
    desktop.sync();
}

/// A time of a report, which has milliseconds.
pub(crate) fn reported(report: &Value, field: &str) -> Duration {
    Duration::from_secs_f64(report[field].as_f64().unwrap_or_default() / 1e3)
}

/// The processes that draw and arrange the windows: i3 and the X server.
pub(crate) struct Servers([u32; 2]);

impl Servers {
    pub(crate) fn of(desktop: &Desktop) -> Self {
        let i3 = Session::open(&desktop.session_env()).expect("the desktop is running");
        Self([i3.i3_pid().0, desktop.display().server_pid()])
    }

    /// Their processor times so far.
    pub(crate) fn busy(&self) -> [Duration; 2] {
        self.0.map(|pid| on_processor(pid).unwrap_or_default())
    }

    /// Adds their processor times since then.
    fn add_since(&self, then: [Duration; 2], times: &mut [Vec<Duration>; 2]) {
        for ((times, then), now) in times.iter_mut().zip(then).zip(self.busy()) {
            times.push(now.saturating_sub(then));
        }
    }
}

/// Appends the placeholders of the layout with i3's own command.
fn placeholders(program: &Program, desktop: &Desktop) {
    let directory = desktop.path().join("tmp/compiled");
    let directory = directory.to_str().unwrap_or_default();
    let files = program.call_successfully(desktop, &["compile", "desk", "-o", directory, "--json"]);
    let files: Value = serde_json::from_str(&files.stdout).expect("the output is JSON");
    for file in files.as_array().into_iter().flatten() {
        desktop.run_i3(&format!(
            "workspace --no-auto-back-and-forth {}; append_layout {}",
            file["workspace"], file["file"]
        ));
    }
    desktop.run_i3(&format!("workspace \"{}\"", desk::WORKSPACES[0]));
    desktop.sync();
}

/// Starts the programs alone, all at once and into existing placeholders. Returns the time
/// until the last window.
fn baseline(desktop: &Desktop, desk: &Desk) -> Duration {
    let ((), begun, last) = watched(desktop, desk.windows, || {
        for program in &desk.programs {
            desktop.spawn_with(&program.argv, &program.directory, &[]);
        }
    });
    last.duration_since(begun)
}

/// Runs `act`. Returns its result, the time at which it began, and the time of the last of this
/// many windows.
fn watched<T>(desktop: &Desktop, windows: usize, act: impl FnOnce() -> T) -> (T, Instant, Instant) {
    let events = desktop.ipc().events(&["window"]);
    thread::scope(|scope| {
        let last = scope.spawn(move || {
            let deadline = Instant::now() + PATIENCE;
            let mut last = Instant::now();
            let mut ids = BTreeSet::new();
            while ids.len() < windows {
                let left = deadline.saturating_duration_since(Instant::now());
                let Some(event) = events.next_within(left) else {
                    break;
                };
                let con = &event.body["container"];
                // The windows of placeholders have no class.
                if event.is("window", "new")
                    && !con["window_properties"]["class"].is_null()
                    && ids.insert(con["window"].to_string())
                {
                    last = Instant::now();
                }
            }
            (last, ids.len())
        });
        let begun = Instant::now();
        let done = act();
        let (last, count) = last.join().expect("the thread does not panic");
        if count < windows {
            println!("  only {count} of {windows} windows opened");
        }
        (done, begun, last)
    })
}

/// Closes all windows and placeholders, and waits until the programs have ended.
pub(crate) fn clear(desktop: &Desktop) {
    let tree = desktop.tree();
    let handles: Vec<_> = tree::windows(&tree)
        .into_iter()
        .filter_map(|con| processes::Handle::open(places::pid(desktop, con)))
        .collect();
    desktop.close_all_windows();
    for handle in &handles {
        handle.ends_within(PATIENCE);
    }
    let tree = desktop.tree();
    let placeholders: Vec<_> = tree::workspaces(&tree)
        .iter()
        .flat_map(|workspace| tree::descendants(workspace.con))
        .filter(|con| tree::is_placeholder(con))
        .map(|con| format!("[con_id={}] kill", con["id"]))
        .collect();
    if !placeholders.is_empty() {
        desktop.run_i3(&placeholders.join("; "));
    }
    desktop.run_i3("workspace --no-auto-back-and-forth 1");
    desktop.sync();
}

/// Measures `apply --no-launch` with all windows open but elsewhere.
fn shuffled(program: &Program, desktop: &Desktop, before: &Places) {
    let (mut walls, mut own, mut exact) = (Vec::new(), Vec::new(), Vec::new());
    let mut complaints = String::new();
    for round in 0..ROUNDS {
        let tree = desktop.tree();
        for (index, con) in tree::windows(&tree).into_iter().enumerate() {
            let to = desk::WORKSPACES[(index + round) % desk::WORKSPACES.len()];
            desktop.run_i3(&format!(
                "[con_id={id}] move container to workspace \"{to}\", floating disable",
                id = con["id"]
            ));
        }
        desktop.run_i3(&format!("workspace \"{}\"", desk::WORKSPACES[round % 3]));
        desktop.sync();
        let ran = program.call(desktop, &["apply", "desk", "--no-launch", "--json"]);
        desktop.sync();
        let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
        own.push(reported(&report, "own_ms"));
        walls.push(ran.wall);
        let now = places::places(desktop);
        exact.push(places::exact(before, &now));
        if complaints.is_empty() {
            complaints = places::differences(before, &now) + &ran.stderr;
        }
    }
    let mut table = Table::new(format!(
        "`apply --no-launch` of {} windows that are open elsewhere",
        places::count(before)
    ));
    table.row("total", summary(&walls, millis));
    table.row("`own_ms` of the report", summary(&own, millis));
    table.row("windows restored exactly", format!("{exact:?}"));
    table.print();
    print!("{complaints}");
}
