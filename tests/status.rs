//! `status`.

use std::fs;

use serde_json::json;

use crate::harness::{Desktop, Slot, TestWindow};

/// A desktop with the window `editor`, captured as `daily`.
fn captured() -> Desktop {
    let desktop = Desktop::new();
    desktop.open_window("editor");
    desktop.run(["capture", "daily"]).success();
    desktop
}

#[test]
fn empty_desktop_has_no_layout_and_no_run() {
    let desktop = Desktop::new();
    let status = desktop.run(["status"]).success();
    status.stdout_has("i3 4.");
    status.stdout_has("\nmonitors: ");
    status.stdout_has("\nno layout is on the desktop\nno recorded runs\nrecords: 0 open windows\n");
    assert_eq!(status.stderr, "");
    let report = desktop.report("status");
    assert_eq!(report["layouts"], serde_json::json!([]));
    assert_eq!(report["last_run"], serde_json::Value::Null);
    assert_eq!(report["leftovers"]["placeholders"], 0);
    let short = desktop.run(["status", "--short"]).success();
    assert_eq!(short.stdout, "no layout\n");
}

#[test]
fn layouts_are_complete_or_have_differences() {
    let desktop = captured();
    let status = desktop.run(["status"]).success();
    status.stdout_has(
        "layouts on the desktop\n  daily: complete (1 slot)\nlast run: capture daily, ",
    );
    let short = desktop.run(["status", "--short"]).success();
    assert_eq!(short.stdout, "daily\n");

    let both = [
        TestWindow::new("mail").slot(),
        TestWindow::new("chat").slot(),
    ];
    desktop.save("talk", both);
    desktop.run(["apply", "talk"]).success();
    desktop.run_i3("[instance=mail] kill");
    desktop.wait_until("the window is closed", || {
        !desktop.tree_text().contains("mail")
    });
    let report = desktop.report("status");
    let layouts = report["layouts"].as_array().expect("a list");
    let names: Vec<_> = layouts.iter().map(|one| one["layout"].clone()).collect();
    assert_eq!(names, ["daily", "talk"]);
    let talk = &layouts[1];
    assert_eq!((&talk["filled"], &talk["slots"]), (&1.into(), &2.into()));
    assert_eq!(talk["complete"], false);
    let differences = desktop.run(["diff", "talk", "--json"]).json();
    let differences = differences["differences"].as_array().expect("a list").len();
    assert_eq!(talk["differences"], differences);
    assert_eq!(report["last_run"]["command"], "apply");
    assert_eq!(report["last_run"]["result"], "done");
    let short = desktop.run(["status", "--short"]).success();
    assert!(short.stdout.contains("talk 1/2, "), "{}", short.stdout);

    desktop.close_all_windows();
    let short = desktop.run(["status", "--short"]).success();
    assert_eq!(short.stdout, "no layout\n");
}

#[test]
fn layout_without_its_open_windows_is_not_on_the_desktop() {
    let desktop = captured();
    let saved = desktop.layout("daily");
    let other = saved.replace("editor", "other").replace("Editor", "Other");
    for (text, is_open) in [
        (saved.as_str(), true),
        // The window is in the slot, though not by the record.
        (
            &format!("{saved}# x\n").replace("command: ", "timeout: 9, command: true "),
            true,
        ),
        ("version: 1\n", false),
        (&other, false),
    ] {
        desktop.save_text("daily", text);
        let listed = desktop.run(["list", "--json"]).success().json();
        assert_eq!(listed[0]["current"], is_open, "{text}");
        let status = desktop.report("status");
        let layouts = status["layouts"].as_array().expect("a list");
        assert_eq!(!layouts.is_empty(), is_open, "{text}{status:#}");
        let short = desktop.run(["status", "--short"]).success();
        assert_eq!(short.stdout == "no layout\n", !is_open, "{text}");
    }
}

#[test]
fn killed_run_and_its_leftovers_are_reported() {
    let desktop = Desktop::new();
    let never = Slot::without_window("never");
    desktop.save("t", [never, TestWindow::new("good").slot()]);
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until_filled("good");
    let report = desktop.report("status");
    assert_eq!(report["last_run"]["result"], "running");
    assert_eq!(report["leftovers"], serde_json::Value::Null);
    running.kill();
    let status = desktop.run(["status"]).success();
    status.stdout_has(": killed\n");
    status.stdout_has("warning: an interrupted run has left ");
    status.stdout_has("hint: run `i3pm-layout recover`\n");
    let short = desktop.run(["status", "--short"]).success();
    assert!(
        short.stdout.ends_with("; apply killed; leftovers\n"),
        "{}",
        short.stdout
    );
    let found = desktop.report("status")["leftovers"]["placeholders"].clone();
    assert_ne!(found, 0);
    let recovered = desktop.report("recover");
    assert_eq!(recovered["placeholders"], found);
    let status = desktop.run(["status"]).success();
    status.stdout_lacks("interrupted run");
}

#[test]
fn damaged_records_and_layouts_are_reported() {
    let desktop = captured();
    desktop.save_text("daily", "version: 1\nworkspace: []\n");
    let status = desktop.run(["status"]).success();
    status.stdout_has("daily.yaml:2:1: unknown key `workspace`\n");
    let short = desktop.run(["status", "--short"]).success();
    assert_eq!(short.stdout, "daily invalid\n");
    fs::write(desktop.records_path(), "{").expect("the file is writable");
    let status = desktop.run(["status"]).success();
    status.stdout_has("warning: cannot read ");
    let report = desktop.report("status");
    assert!(report["records"]["problem"].is_string(), "{report:#}");
    assert_eq!(report["records"]["windows"], 0);
}

#[test]
fn deleted_layout_is_not_on_the_desktop() {
    let desktop = captured();
    let before = desktop.report("status");
    assert_ne!(before["layouts"], json!([]), "{before:#}");
    for layout in before["layouts"].as_array().into_iter().flatten() {
        let name = layout["layout"].as_str().expect("it is a string");
        desktop.run(["delete", name]).success();
    }
    let after = desktop.report("status");
    assert_eq!(after["layouts"], json!([]), "{after:#}");
}

#[test]
fn damaged_record_of_a_run_is_not_the_last_run() {
    let desktop = captured();
    desktop.write("state/i3pm-layout/runs/20991231-235959-1.jsonl", "");
    desktop.run(["history", "show", "last"]).success();
}

#[test]
fn refused_run_is_not_the_last_run() {
    let desktop = Desktop::new();
    let never = Slot::without_window("never");
    desktop.save("t", [never, TestWindow::new("good").slot()]);
    let running = desktop.command(["apply", "t", "--timeout", "50"]).start();
    desktop.wait_until_filled("good");
    desktop
        .run(["apply", "t"])
        .code(2)
        .stderr_has("another i3pm-layout command")
        .stderr_has(&format!("run `kill {}`", running.pid()));
    let report = desktop.report("status");
    assert_eq!(report["last_run"]["result"], "running", "{report:#}");
    let short = desktop.run(["status", "--short"]).success();
    short.stdout_has("apply running: 1/2, waits for never");
    short.stdout_lacks("failed");
    running.kill();
}

#[test]
fn misspelt_name_is_not_the_last_run() {
    let desktop = captured();
    desktop.run(["apply", "daly"]).code(2);
    let short = desktop.run(["status", "--short"]).success();
    assert_eq!(short.stdout, "daily\n");
    let stats = desktop.report("stats");
    assert_eq!(
        stats["commands"].as_array().map(Vec::len),
        Some(1),
        "{stats:#}"
    );
}
