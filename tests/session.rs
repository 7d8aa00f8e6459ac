//! Sessions: saved at logout, restored at login.

use std::fs;
use std::path::Path;

use crate::harness::{Desktop, TestWindow};

/// The folder of the saved sessions.
const FOLDER: &str = "state/i3pm-layout/sessions";

fn saved(desktop: &Desktop) -> usize {
    let files = fs::read_dir(desktop.path().join(FOLDER));
    files.map_or(0, Iterator::count)
}

/// Copies the saved sessions to the home directory of another login.
fn log_out(from: &Desktop, to: &Desktop) {
    let folder = to.create_directory(FOLDER);
    let files = fs::read_dir(from.path().join(FOLDER)).expect("there are sessions");
    for file in files.flatten() {
        let copy = folder.join(file.file_name());
        fs::copy(file.path(), copy).expect("the file can be copied");
    }
}

#[test]
fn login_brings_back_what_logout_has_saved() {
    let before = Desktop::new();
    before.open_window("first");
    before.run_i3("workspace 2");
    before.open_window("auto");
    before.open_window("third");
    let program = env!("CARGO_BIN_EXE_i3pm-layout");
    // As an exit binding does.
    before.run_i3(&format!("exec --no-startup-id {program} session save"));
    before.wait_until("the session is saved", || saved(&before) == 1);
    let arrangement = before.arrangement();

    // i3 starts one of the programs itself, on another workspace.
    let auto = TestWindow::new("auto").command();
    let after = Desktop::builder()
        .config(&format!("exec --no-startup-id {auto}"))
        .start();
    log_out(&before, &after);
    after.run_i3(&format!("exec --no-startup-id {program} session restore"));
    after.wait_until("the desktop is restored", || {
        after.arrangement() == arrangement
    });
    after.wait_until("the run is over", || {
        after.programs("i3pm-layout").is_empty()
    });
    assert_eq!(after.arrangement(), arrangement);
    assert!(after.programs("i3-nagbar").is_empty());
    after.assert_no_traces();
    // A saved session is no layout that somebody has named.
    after
        .run(["apply"])
        .code(2)
        .stderr_has("no layout is named");
}

#[test]
fn nothing_is_lost_or_said_without_windows_or_sessions() {
    let desktop = Desktop::new();
    let none = desktop.run(["session", "restore", "-q"]).success();
    assert_eq!(none.stderr, "");
    desktop
        .run(["session", "save"])
        .success()
        .stderr_has("no window is open");
    assert_eq!(saved(&desktop), 0);
    desktop.open_window("app");
    desktop
        .run(["session", "save"])
        .success()
        .stderr_has("saved 1 window");
    desktop
        .run(["session", "save"])
        .success()
        .stderr_has("up to date");
    desktop.close_all_windows();
    desktop
        .run(["session", "save"])
        .success()
        .stderr_has("stay as they are");
    assert_eq!(saved(&desktop), 1);
    desktop
        .run(["session", "restore"])
        .success()
        .stderr_has("restored 1 of 1 slot");
    let listed = desktop.run(["session", "list", "--json"]).success().json();
    let name = listed[0]["session"]
        .as_str()
        .expect("it has a name")
        .to_owned();
    assert_eq!(listed[0]["fits"], true);
    desktop.run(["session", "restore", &name, "-n"]).success();
    desktop
        .run(["session", "restore", "none"])
        .code(2)
        .stderr_has("session list");
}

#[test]
fn sessions_are_named_by_date_and_broken_ones_are_reported() {
    let desktop = Desktop::new();
    desktop.open_window("app");
    desktop.run(["session", "save"]).success();
    desktop.write(
        &format!("{FOLDER}/20200101-000000-1.yaml"),
        "version: 1\nworkspace: []\n",
    );
    let listed = desktop.run(["session", "list"]).success();
    listed.stderr_has("20200101-000000-1.yaml cannot be read: ");
    listed.stderr_has("unknown key `workspace`");
    assert_eq!(listed.stdout.lines().count(), 1, "{}", listed.stdout);
    let mut words = listed.stdout.split_whitespace();
    let id = words
        .find(|word| word.starts_with("20"))
        .unwrap_or_default();
    let day = format!("{}-{}-{}", &id[..4], &id[4..6], &id[6..8]);
    desktop.close_all_windows();
    for name in ["last", &day] {
        let restored = desktop.run(["session", "restore", name]).success();
        restored.stderr_has("cannot be read");
        assert!(desktop.arrangement().contains("app"), "{name}");
    }
}

#[test]
fn the_session_of_the_connected_monitors_is_restored() {
    let desktop = Desktop::builder().two_monitors().start();
    desktop.open_window("docked");
    desktop.run(["session", "save"]).success();
    let docked = session_with(desktop.path(), "docked");
    assert!(docked.contains("docked"));
    let monitors = desktop.outputs();
    let second = monitors
        .iter()
        .find(|(_, _, primary)| !primary)
        .expect("there are two");
    desktop.unplug(&second.0);
    desktop.open_window("mobile");
    desktop.run(["session", "save"]).success();
    desktop.close_all_windows();
    desktop.plug(&second.0, &second.1);
    let restored = desktop.run(["session", "restore"]).success();
    restored.stderr_has("restored 1 of 1 slot");
    assert!(desktop.arrangement().contains("docked"));
    assert!(!desktop.arrangement().contains("mobile"));
}

/// The text of the session that has this window.
fn session_with(desktop: &Path, window: &str) -> String {
    let files = fs::read_dir(desktop.join(FOLDER)).expect("there are sessions");
    let mut texts = files
        .flatten()
        .filter_map(|file| fs::read_to_string(file.path()).ok());
    texts
        .find(|text| text.contains(window))
        .expect("the window is saved")
}

#[test]
fn old_sessions_are_removed() {
    let desktop = Desktop::new();
    desktop.open_window("app");
    for number in 0..12 {
        desktop.run_i3(&format!("[instance=app] mark number{number}"));
        desktop.run(["session", "save"]).success();
    }
    assert_eq!(saved(&desktop), 10);
}

#[test]
fn half_restored_session_is_not_saved() {
    let desktop = Desktop::new();
    desktop.open_window("app");
    desktop.run(["session", "save"]).success();
    let late = TestWindow::late("late").slot();
    desktop.save("t", [TestWindow::new("app").slot(), late]);
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until_filled("app");
    desktop.open_window("more");
    let refused = desktop.run(["session", "save"]).success();
    refused.stderr_has("another command still restores windows");
    assert_eq!(saved(&desktop), 1);
    desktop.cue("late");
    running.wait().success();
    desktop
        .run(["session", "save"])
        .success()
        .stderr_has("saved 3 windows");
}
