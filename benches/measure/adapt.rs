//! The costs of `adapt` after a monitor was connected again.

use std::time::Duration;

use serde_json::Value;

use crate::calls::Program;
use crate::figures::{Table, millis, summary};
use crate::harness::Desktop;

/// The number of workspaces; half of them are on the monitor that is disconnected.
const WORKSPACES: usize = 20;

/// The number of calls for each way.
const CALLS: usize = 10;

/// Measures `adapt` with a layout, with a profile and with the record of the monitors.
pub(crate) fn measure(program: &Program) {
    let desktop = Desktop::builder().screen(7040, 1440).two_monitors().start();
    for number in 1..=WORKSPACES {
        let output = if number % 2 == 0 { "DP-1" } else { "eDP-1" };
        desktop.run_i3(&format!("focus output {output}\nworkspace {number}"));
        for window in ["left", "right", "floating"] {
            desktop.open_window(format!("{window}{number}").as_str());
        }
        desktop.run_i3(&format!(
            "[instance=\"^floating{number}$\"] floating enable, resize set 640 px 480 px, \
             move absolute position 333 px 222 px"
        ));
    }
    program.call_successfully(&desktop, &["capture", "t"]);
    let windows = 3 * WORKSPACES;
    let mut table = Table::new(format!(
        "`adapt` after a monitor is connected again, {WORKSPACES} workspaces, {windows} windows"
    ));
    for (name, arguments) in [
        ("layout", &["adapt", "t", "--json"][..]),
        ("record", &["adapt", "--json"]),
        ("profile", &["adapt", "--json"]),
    ] {
        if name == "profile" {
            program.call_successfully(&desktop, &["adapt", "--save", "docked"]);
        }
        let (mut walls, mut cpu): (Vec<Duration>, Vec<Duration>) = (Vec::new(), Vec::new());
        let mut moved = 0;
        for _ in 0..CALLS {
            desktop.unplug("DP-1");
            desktop.plug("DP-1", "2560x1440+1920+0");
            let ran = program.call_successfully(&desktop, arguments);
            let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
            moved = report["moved"].as_array().map_or(0, Vec::len);
            walls.push(ran.wall);
            cpu.extend(ran.cpu);
        }
        table.row(
            format!("{name}, total"),
            format!("{}, {moved} moved", summary(&walls, millis)),
        );
        table.row(format!("{name}, processor time"), summary(&cpu, millis));
    }
    table.print();
}
