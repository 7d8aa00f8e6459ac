//! The cost of matching open windows with slots.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use i3pm_layout::compile::{Plan, Surroundings, compile};
use i3pm_layout::diff::diff;
use i3pm_layout::discover::proc_table::ProcTable;
use i3pm_layout::layout::{Format, read_bytes};
use i3pm_layout::live::Desktop as Live;
use i3pm_layout::live::Seat;
use i3pm_layout::matching::{Reuse, match_windows};
use i3pm_layout::session::Session;

use crate::figures::{Table, median, millis};
use crate::harness::Desktop;

/// The number of measured calls.
const CALLS: usize = 10;

/// Measures this for the windows of a layout: without records, as after a login, and with the
/// records of an earlier run.
pub(crate) fn measure(desktop: &Desktop, layout: &str) {
    let mut session = Session::open(&desktop.session_env()).expect("the desktop is running");
    let mut live = session.observe(&ProcTable::new()).expect("i3 answers");
    let text = desktop.layout(layout);
    let read = read_bytes(text.as_bytes(), layout, Format::Yaml).expect("the layout is valid");
    let plan = compile(
        &read,
        Surroundings {
            name: layout,
            identity: Some(layout),
            outputs: &live.outputs,
            workspaces: &live.present_workspaces(),
            workspace_outputs: &[],
            env: &BTreeMap::new(),
            home: &desktop.path().join("home"),
        },
    );
    let slots = plan.slots().count();
    let mut table = Table::new(format!("Matching {slots} slots (medians of {CALLS})"));
    let timed = |live: &Live| time(&plan, live);
    table.row("without records", timed(&live));
    let assignment = match_windows(&plan, &live, Reuse::default());
    for (idx, _) in plan.slots() {
        let con = assignment.window(idx).and_then(|con| live.tree.find(con));
        let slot = &plan.slot(idx).id;
        if let Some(window) = con.and_then(|con| con.window) {
            let seat = Seat::new(plan.name_of_seats(), slot);
            live.seats.entry(window).or_default().push(seat);
        }
    }
    table.row("with records", timed(&live));
    let differences: Vec<Duration> = (0..CALLS)
        .map(|_| {
            let begun = Instant::now();
            diff(&plan, &live, &assignment);
            begun.elapsed()
        })
        .collect();
    table.row("comparing afterwards", millis(median(&differences)));
    table.print();
}

fn time(plan: &Plan, live: &Live) -> String {
    let times: Vec<Duration> = (0..CALLS)
        .map(|_| {
            let begun = Instant::now();
            match_windows(plan, live, Reuse::default());
            begun.elapsed()
        })
        .collect();
    millis(median(&times))
}
