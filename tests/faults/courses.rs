//! Commands that are disturbed, each with a desktop and what a user does next.

use super::events::CLOSED;
use crate::harness::{Desktop, TestWindow};

/// A command on a desktop.
pub(super) struct Course {
    pub(super) name: &'static str,
    /// Starts the desktop.
    pub(super) start: fn() -> Desktop,
    pub(super) arguments: &'static [&'static str],
    /// The next steps of a user, with checks of the result.
    pub(super) again: fn(&Desktop),
}

const FRESH: Course = Course {
    name: "apply, all windows missing",
    start: || {
        let desktop = captured();
        desktop.close_all_windows();
        desktop.run_i3("workspace 5");
        desktop
    },
    arguments: &["apply", "t"],
    again: apply_again,
};

const OPEN: Course = Course {
    name: "apply, all windows elsewhere",
    start: shuffled,
    arguments: &["apply", "t"],
    again: apply_again,
};

const UNDO: Course = Course {
    name: "undo",
    start: || {
        let desktop = shuffled();
        desktop.run(["apply", "t"]).success();
        desktop
    },
    arguments: &["undo"],
    again: apply_again,
};

const ADAPT: Course = Course {
    name: "adapt",
    start: || {
        let desktop = captured();
        desktop.run_i3(
            "[workspace=2] move workspace to output eDP-1
             [instance=float] move absolute position 10 px 10 px",
        );
        desktop
    },
    arguments: &["adapt", "t"],
    again: |desktop| {
        // A monitor can be missing by now.
        let again = desktop.run(["adapt", "t"]);
        assert!(
            again.status.code().is_some_and(|code| code < 2),
            "{again:?}"
        );
    },
};

const RECOVER: Course = Course {
    name: "recover",
    start: || {
        let desktop = captured();
        desktop.close_all_windows();
        let layout = desktop.layout("t");
        let late = TestWindow::late("late").slot();
        desktop.save("late", [late]);
        let starts = desktop.starts();
        let running = desktop.command(["apply", "late"]).start();
        desktop.wait_until("the program was started", || desktop.starts() > starts);
        running.kill();
        desktop.cue("late");
        desktop.wait_until("the window is open", || super::windows(&desktop).len() == 1);
        desktop.save_text("t", &layout);
        desktop
    },
    arguments: &["recover"],
    again: |desktop| {
        let again = desktop.run(["recover"]).success();
        let _ = again;
    },
};

const CAPTURE: Course = Course {
    name: "capture of an existing layout",
    start: || {
        let desktop = captured();
        desktop.run_i3("[instance=a] move container to workspace 3");
        desktop
    },
    arguments: &["capture", "t", "--force"],
    again: |desktop| {
        let again = desktop.run(["capture", "t"]).success();
        // Only this program has written the file.
        again.stderr_lacks("edited");
        apply_again(desktop);
    },
};

const UPDATE: Course = Course {
    name: "capture --update",
    start: || {
        let desktop = captured();
        desktop.run_i3("[instance=a] move container to workspace 3");
        desktop
    },
    arguments: &["capture", "t", "--update"],
    again: |desktop| {
        desktop.run(["capture", "t", "--update"]).success();
        apply_again(desktop);
    },
};

const RENAME: Course = Course {
    name: "rename",
    start: captured,
    arguments: &["rename", "t", "renamed"],
    again: |desktop| {
        let is_renamed = desktop.layout_path("renamed").exists();
        let is_old = desktop.layout_path("t").exists();
        assert!(is_renamed || is_old, "the layout was lost");
        let name = if is_renamed { "renamed" } else { "t" };
        let report = desktop.apply(name);
        assert_eq!(report["complete"], true, "{report:#}");
    },
};

const DELETE: Course = Course {
    name: "delete",
    start: captured,
    arguments: &["delete", "t"],
    again: |desktop| {
        if !desktop.layout_path("t").exists() {
            desktop.run(["revert", "t", "last"]).success();
        }
        apply_again(desktop);
    },
};

pub(super) const COURSES: [Course; 9] = [
    FRESH, OPEN, UNDO, ADAPT, RECOVER, CAPTURE, UPDATE, RENAME, DELETE,
];

pub(super) const ON_TWO_MONITORS: [&Course; 4] = [&FRESH, &OPEN, &UNDO, &ADAPT];

/// A desktop with the layout `t`: two monitors, tiled, tabbed and floating windows and one in the
/// scratchpad.
fn captured() -> Desktop {
    let desktop = Desktop::builder().two_monitors().start();
    desktop.run_i3("focus output DP-1; workspace 2");
    desktop.open_window("c");
    desktop.open_window("float");
    desktop
        .run_i3("floating enable, resize set 500 px 400 px, move absolute position 2222 px 333 px");
    desktop.open_window("hidden");
    desktop.run_i3("move scratchpad");
    desktop.run_i3("focus output eDP-1; workspace 1");
    desktop.open_window("a");
    desktop.open_window("b");
    desktop.run_i3("split v; layout tabbed");
    desktop.open_window(CLOSED);
    desktop.run(["capture", "t"]).success();
    desktop
}

/// The same, with all windows elsewhere.
fn shuffled() -> Desktop {
    let desktop = captured();
    desktop.run_i3(
        "[instance=a] move container to workspace 7
         [instance=c] move container to workspace 1
         [instance=float] floating disable
         [instance=closed] move container to workspace 2
         [instance=b] floating enable
         [instance=hidden] scratchpad show",
    );
    desktop
}

/// Applies the layout until it is complete, and checks that there is nothing left to do.
fn apply_again(desktop: &Desktop) {
    let report = desktop.apply("t");
    assert_eq!(report["complete"], true, "{report:#}");
    desktop.assert_idempotent("t");
}
