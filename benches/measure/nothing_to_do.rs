//! `apply` with nothing to do, and the part of the journal in it.

use std::fs;
use std::time::Duration;

use serde_json::Value;

use crate::calls::Program;
use crate::figures::{Table, mebibytes, millis, summary};
use crate::harness::Desktop;

/// The number of calls, with the journal and without it.
const CALLS: usize = 150;

/// The number of earlier runs: as many as are kept by default.
const EARLIER: usize = 200;

/// The costs of calls.
#[derive(Default)]
struct Costs {
    walls: Vec<Duration>,
    cpu: Vec<Duration>,
    /// The numbers of i3 commands that were sent.
    commands: Vec<Option<u64>>,
}

impl Costs {
    fn call(&mut self, program: &Program, desktop: &Desktop) {
        let ran = program.call(desktop, &["apply", "right", "--json"]);
        let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
        self.commands.push(report["commands"].as_u64());
        self.walls.push(ran.wall);
        self.cpu.extend(ran.cpu);
    }
}

pub(crate) fn measure(program: &Program, desktop: &Desktop, windows: usize) {
    program.call_successfully(desktop, &["capture", "right"]);
    // The first apply may set marks that identify the windows later.
    program.call(desktop, &["apply", "right"]);
    let state = desktop.path().join("state/i3pm-layout");
    let (runs, away) = (state.join("runs"), state.join("runs-away"));
    // Runs of the future, so that none is removed because of its age.
    for number in 0..EARLIER {
        let name = format!("20990101-000000-{number}.jsonl");
        fs::write(runs.join(name), "").expect("the folder is writable");
    }
    let (mut with, mut without) = (Costs::default(), Costs::default());
    for _ in 0..CALLS {
        with.call(program, desktop);
        // A file in place of the folder: nothing can be recorded.
        fs::rename(&runs, &away).expect("the folder is there");
        fs::write(&runs, "").expect("the folder is writable");
        without.call(program, desktop);
        fs::remove_file(&runs).expect("the file is there");
        fs::rename(&away, &runs).expect("the folder is there");
    }
    let quiet = with.commands.iter().filter(|&&count| count == Some(0));
    let quiet = quiet.count();
    let mut table = Table::new(format!("`apply` with nothing to do, {windows} windows"));
    table.row("total", summary(&with.walls, millis));
    table.row("  without a journal", summary(&without.walls, millis));
    table.row("  journal", difference(&with.walls, &without.walls));
    table.row("processor time", summary(&with.cpu, millis));
    table.row("  without a journal", summary(&without.cpu, millis));
    table.row("  journal", difference(&with.cpu, &without.cpu));
    table.row("calls without a command", format!("{quiet} of {CALLS}"));
    let call = program.call_watching_memory(desktop, &["apply", "right"]);
    table.row("peak memory", mebibytes(call.peak));
    table.print();
}

/// The median of the differences between a call and the next one, which are equally disturbed on a busy
/// machine.
fn difference(with: &[Duration], without: &[Duration]) -> String {
    let pairs = with.iter().zip(without);
    let differences = pairs.map(|(with, without)| with.as_secs_f64() - without.as_secs_f64());
    let mut differences: Vec<f64> = differences.collect();
    differences.sort_by(f64::total_cmp);
    let middle = differences.get(differences.len() / 2).copied();
    format!("{:.2} ms", middle.unwrap_or_default() * 1e3)
}
