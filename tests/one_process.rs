//! Programs whose processes are not the way to their windows: one start opens several windows, or
//! none.

use crate::discovery::discovered;
use crate::harness::tree;
use crate::harness::{Desktop, Slot, TestWindow};

/// True if the programs are in the `PATH` of the tests. Tests of large programs pass without a check
/// otherwise; `scripts/discovery-survey` installs them.
#[expect(clippy::print_stderr, reason = "reports that the test is skipped")]
fn are_installed(programs: &[&str]) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there = |name: &&&str| std::env::split_paths(&path).any(|at| at.join(name).exists());
    let missing: Vec<_> = programs.iter().filter(|name| !is_there(name)).collect();
    if !missing.is_empty() {
        eprintln!("skipped: {missing:?} not installed");
    }
    missing.is_empty()
}

#[track_caller]
fn wait_for_windows(desktop: &Desktop, count: usize) {
    desktop.wait_until(&format!("there are {count} windows"), || {
        tree::windows(&desktop.tree()).len() == count
    });
}

#[test]
fn windows_of_one_start_come_back_once_each() {
    if !are_installed(&["xfce4-terminal"]) {
        return;
    }
    let desktop = Desktop::builder().session_bus().start();
    let start = ["-T", "build", "--hide-menubar", "--window"];
    desktop.spawn(&[&["xfce4-terminal"], &start[..]].concat());
    wait_for_windows(&desktop, 2);
    let commands = [
        "xfce4-terminal -T build --hide-menubar in ~ by terminal",
        "xfce4-terminal in ~ by terminal",
    ];
    desktop.wait_until("their shells run", || discovered(&desktop) == commands);
    desktop.run(["capture", "t"]).success();
    desktop.close_all_windows();
    desktop.wait_until("the process has ended", || {
        desktop.programs("xfce4-terminal").is_empty()
    });
    desktop.apply("t");
    wait_for_windows(&desktop, 2);
    desktop.assert_idempotent("t");
    wait_for_windows(&desktop, 2);
}

#[test]
fn the_window_of_a_daemon_is_opened_by_the_command_of_a_person() {
    if !are_installed(&["thunar"]) {
        return;
    }
    // GTK finds its own icons through the file types described there.
    let desktop = Desktop::builder()
        .env("XDG_DATA_DIRS", "/usr/share")
        // On a busy machine, gvfs sometimes gives the daemon no answer, which then gives none either.
        .env("GIO_USE_VFS", "local")
        .env("GIO_USE_VOLUME_MONITOR", "unix")
        .session_bus()
        .start();
    desktop.create_directory("home/one");
    let root = std::path::Path::new("/");
    desktop.spawn_with(&["thunar", "--daemon"], root, &[]);
    // It has its name on the bus before it can answer, and then loses what it is asked.
    desktop.wait_until("the daemon answers", || {
        // Without the first call, the second one could start another daemon.
        let calls = "dbus-send --session --print-reply --dest=org.freedesktop.DBus / \
                     org.freedesktop.DBus.GetNameOwner string:org.xfce.Thunar && \
                     dbus-send --session --print-reply --reply-timeout=1000 \
                     --dest=org.xfce.Thunar /org/xfce/Thunar org.gtk.Actions.DescribeAll";
        desktop.spawn(&["sh", "-c", calls]).wait().success()
    });
    desktop.spawn(&["thunar", "one"]);
    wait_for_windows(&desktop, 1);
    let found = discovered(&desktop);
    assert!(
        found[0].to_lowercase().starts_with("thunar in ~ by ") && found[0].ends_with("(doubtful)"),
        "{found:?}"
    );
    desktop
        .run(["capture", "t"])
        .success()
        .stderr_has("--daemon");
    desktop.close_all_windows();
    desktop.apply("t");
    wait_for_windows(&desktop, 1);
    desktop.assert_idempotent("t");
}

/// A program that sits in the tray when it is started, and opens its window when it is started
/// again.
fn in_tray(desktop: &Desktop) -> Slot {
    let window = TestWindow::new("mail").command();
    let script =
        format!("#!/bin/sh\nmkdir \"$HOME/runs\" 2>/dev/null && exec sleep 1000\nexec {window}\n");
    desktop.write_executable("bin/mail", &script);
    Slot::new("mail").swallow("class: ^Mail$").command("mail")
}

#[test]
fn a_program_in_the_tray_is_started_again() {
    let desktop = Desktop::new();
    let slot = in_tray(&desktop);
    desktop.save("t", [slot]);
    let output = desktop.run(["apply", "t", "--timeout", "1"]);
    output.stderr_has("still running");
    wait_for_windows(&desktop, 0);
    // It has had its time.
    desktop.run(["apply", "t", "--timeout", "1"]).success();
    assert_eq!(desktop.tree_text(), "1: splith[mail* 1920]\n");
    desktop.assert_idempotent("t");
    // `apply` does not wait for the program that it started first.
    desktop.close_all_windows();
    desktop.run(["apply", "t"]).success();
    assert_eq!(desktop.tree_text(), "1: splith[mail* 1920]\n");
}

#[test]
fn a_program_of_an_earlier_run_has_its_time_only_once() {
    let desktop = Desktop::new();
    let slot = in_tray(&desktop);
    desktop.save("t", [slot]);
    desktop.run(["apply", "t", "--timeout", "1"]).code(1);
    // With more time, this run waits for the rest of it.
    desktop.run(["apply", "t", "--timeout", "4"]).success();
    assert_eq!(desktop.tree_text(), "1: splith[mail* 1920]\n");
}
