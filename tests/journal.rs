//! The journal of runs, and the commands that read it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use serde_json::Value;

use crate::harness::{Desktop, Slot, TestWindow, Workspace};

/// The files of the journal, the oldest first.
fn files(desktop: &Desktop) -> Vec<PathBuf> {
    let folder = fs::read_dir(desktop.path().join("state/i3pm-layout/runs"));
    let entries = folder.into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.sort();
    files
}

/// The lines of the latest run.
fn lines(desktop: &Desktop) -> Vec<Value> {
    let file = files(desktop).pop().expect("a run was recorded");
    let text = fs::read_to_string(file).expect("the file can be read");
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("a line is JSON"))
        .collect()
}

/// The first line of this kind.
fn line(lines: &[Value], kind: &str) -> Value {
    let found = lines.iter().find_map(|line| line.get(kind));
    found.unwrap_or_else(|| panic!("no line `{kind}`")).clone()
}

/// The recorded runs as `history` lists them.
fn history(desktop: &Desktop) -> Vec<Value> {
    let report = desktop.report("history");
    report.as_array().expect("a list").clone()
}

/// A desktop whose layout `t` has an open window `open`, a window `new` that is started, and a
/// program without a window.
fn applied() -> Desktop {
    let desktop = Desktop::new();
    desktop.run_i3("workspace 5");
    desktop.open_window("open");
    desktop.save(
        "t",
        [
            TestWindow::new("open").slot(),
            TestWindow::new("new").slot(),
            Slot::new("none").command("sh -c 'exit 3'"),
        ],
    );
    desktop.run(["apply", "t"]).code(1);
    desktop
}

#[test]
fn run_leaves_a_private_file_with_everything() {
    let desktop = applied();
    let files = files(&desktop);
    assert_eq!(files.len(), 1);
    let mode = |path: &std::path::Path| {
        let metadata = fs::metadata(path).expect("the file exists");
        metadata.permissions().mode() & 0o777
    };
    assert_eq!(mode(&files[0]), 0o600);
    assert_eq!(mode(files[0].parent().expect("a folder")), 0o700);
    let lines = lines(&desktop);
    let start = line(&lines, "start");
    assert_eq!(start["command"], "apply");
    assert_eq!(start["arguments"], serde_json::json!(["apply", "t"]));
    assert_eq!(line(&lines, "layout")["name"], "t");
    let matched = line(&lines, "matched");
    assert_eq!(matched[0]["slot"], "open");
    assert!(matched[0]["evidence"][0].is_string(), "{matched:#}");
    let text = fs::read_to_string(&files[0]).expect("the file can be read");
    assert!(
        text.contains(r#""Exited":{"slot":2,"exit":{"code":3}}"#),
        "{text}"
    );
    let end = line(&lines, "end");
    assert_eq!(
        (&end["exit"], &end["windows"], &end["slots"]),
        (&1.into(), &2.into(), &3.into())
    );
    let times = lines
        .iter()
        .map(|line| line["ms"].as_f64().expect("a time"));
    assert!(times.is_sorted_by(|a, b| a <= b));
}

#[test]
fn every_command_that_changes_something_is_listed() {
    let desktop = Desktop::new();
    desktop.open_window("a");
    desktop.run(["capture", "t"]).success();
    desktop.run(["apply", "t", "--dry-run"]).success();
    desktop.run(["diff", "t"]).success();
    desktop.run(["apply", "t"]).success();
    desktop.run(["adapt", "t"]).success();
    desktop.run(["recover"]).success();
    desktop.run(["apply", "missing"]).code(2);
    let runs = history(&desktop);
    let found: Vec<_> = runs
        .iter()
        .map(|run| {
            (
                run["command"].as_str(),
                run["result"].as_str(),
                run["layout"].as_str(),
            )
        })
        .collect();
    let (done, refused, t) = (Some("done"), Some("refused"), Some("t"));
    assert_eq!(
        found,
        [
            (Some("apply"), refused, None),
            (Some("recover"), done, None),
            (Some("adapt"), done, t),
            (Some("apply"), done, t),
            (Some("capture"), done, t),
        ]
    );
    assert_eq!(runs[4]["windows"], 1);
    let output = desktop
        .run(["history", "--limit", "2", "--layout", "t"])
        .success();
    assert_eq!(output.stdout.lines().count(), 2, "{}", output.transcript());
    output.stdout_has("apply t").stdout_has("1/1 windows");
    desktop.run(["history", "--since", "1x"]).code(2);
    assert_eq!(
        desktop
            .report("history --since 1h")
            .as_array()
            .map(Vec::len),
        Some(5)
    );
}

#[test]
fn show_tells_the_run() {
    let desktop = applied();
    let output = desktop.run(["history", "show", "last"]).success();
    output
        .stdout_has("i3pm-layout apply t")
        .stdout_has("it was incomplete")
        .stdout_has("`open` on workspace `1`: `open`, because its program was started with the slot's command; ")
        .stdout_has("its program exited with code 3")
        .stdout_has("`none` is missing: ");
    let id = history(&desktop)[0]["run"]
        .as_str()
        .expect("an id")
        .to_owned();
    let shown = desktop.report(&format!("history show {id}"));
    assert_eq!(shown["report"]["slots"][2]["outcome"], "missing");
    assert_eq!(shown["matched"][1]["slot"], "new");
    desktop
        .run(["history", "show", "x"])
        .code(2)
        .stderr_has("no recorded run is called `x`");
}

#[test]
fn events_are_filtered() {
    let desktop = applied();
    let events = |options: &str| -> Vec<(String, String)> {
        let report = desktop.report(format!("history show last --events {options}").trim_end());
        let events = report.as_array().expect("a list").iter();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        events
            .map(|one| (text(&one["source"]), text(&one["type"])))
            .collect()
    };
    let all = events("");
    for kind in [
        "start",
        "begun",
        "seen",
        "window-new",
        "started",
        "append",
        "finish",
        "end",
    ] {
        assert!(
            all.iter().any(|(_, found)| found == kind),
            "no {kind}: {all:?}"
        );
    }
    assert!(
        events("--source i3")
            .iter()
            .all(|(source, _)| source == "i3")
    );
    let starts = events("--type start --slot new");
    assert_eq!(starts, [("proc".to_owned(), "start".to_owned())]);
    let output = desktop.run(["history", "show", "last", "--events", "--type", "send"]);
    output.success().stdout_has("con_id=");
}

#[test]
fn recorded_run_is_replayed() {
    let desktop = applied();
    desktop
        .run(["history", "show", "last", "--replay"])
        .success()
        .stdout_has("steps give the recorded actions");
    desktop.open_window("other");
    desktop.run(["apply", "t", "--rearrange"]).success();
    let replayed = desktop.report("history show last --replay");
    assert_eq!(replayed["same"], true, "{replayed:#}");
    // A run of another program would have decided otherwise.
    let file = files(&desktop).remove(0);
    let text = fs::read_to_string(&file).expect("the file can be read");
    let changed = text.replacen(r#"["Observe"]"#, r#"["ReadTree"]"#, 1);
    assert_ne!(text, changed);
    fs::write(&file, changed).expect("the file is writable");
    let id = file
        .file_stem()
        .expect("a name")
        .to_str()
        .expect("UTF-8")
        .to_owned();
    desktop
        .run(["history", "show", &id, "--replay"])
        .code(1)
        .stdout_has("step 0 gives other actions")
        .stdout_has("ReadTree");
}

#[test]
fn killed_run_leaves_a_readable_file() {
    let desktop = Desktop::new();
    desktop.open_window("open");
    let slots = [
        TestWindow::new("open").slot(),
        TestWindow::late("late").slot(),
    ];
    desktop.save("t", slots);
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until("the program was started", || {
        files(&desktop).first().is_some_and(|file| {
            fs::read_to_string(file).is_ok_and(|text| text.contains(r#""Started""#))
        })
    });
    assert_eq!(history(&desktop)[0]["result"], "running");
    running.kill();
    assert_eq!(history(&desktop)[0]["result"], "killed");
    desktop
        .run(["history", "show", "last"])
        .success()
        .stdout_has("it was killed")
        .stdout_has("`open` on workspace `1`")
        .stdout_has("started as process");
    desktop
        .run(["history", "show", "last", "--replay"])
        .success();
}

#[test]
fn old_and_surplus_runs_are_removed() {
    let desktop = Desktop::new();
    desktop.open_window("a");
    desktop.run(["capture", "t"]).success();
    let old = "state/i3pm-layout/runs/20200101-000000-1.jsonl";
    let old = desktop.write(old, "damaged");
    let other = desktop.write("state/i3pm-layout/runs/notes.txt", "mine");
    desktop.run(["apply", "t"]).success();
    assert!(!old.exists(), "a run of another year is left");
    assert!(other.exists(), "a file that is no run was removed");
    desktop.configure("history: { runs: 2 }\n");
    for _ in 0..3 {
        desktop.run(["apply", "t"]).success();
    }
    assert_eq!(history(&desktop).len(), 2);
    desktop.configure("history: { days: 0 }\n");
    desktop.run(["apply", "t"]).success();
    desktop
        .run(["config"])
        .success()
        .stdout_has("0 days, 200 runs");
}

#[test]
fn damaged_files_and_a_folder_that_cannot_be_written_stop_no_command() {
    let desktop = Desktop::new();
    desktop.open_window("a");
    desktop.run(["capture", "t"]).success();
    let runs = desktop.path().join("state/i3pm-layout/runs");
    let soon = "state/i3pm-layout/runs/20990101-000000-1.jsonl";
    desktop.write(soon, "\u{0}{\"ms\":");
    desktop.run(["apply", "t"]).success();
    desktop.run(["undo"]).code(2);
    desktop.run(["history"]).success();
    desktop.run(["stats"]).success();
    desktop.run(["history", "show", "last"]).success();
    desktop
        .run(["history", "show", "20990101"])
        .code(2)
        .stderr_has("cannot read");
    fs::remove_dir_all(&runs).expect("the folder is writable");
    fs::write(&runs, "a file").expect("the folder is writable");
    let output = desktop.run(["apply", "t"]).success();
    output.stderr_has("warning: this run is not recorded");
    desktop
        .run(["history"])
        .success()
        .stderr_has("no recorded runs");
}

#[test]
fn secrets_are_not_recorded_and_the_run_is_replayed_nevertheless() {
    const SECRET: &str = "correct-horse";
    let desktop = Desktop::new();
    let command = "test-window --instance a --class A --title ${env:PASSPHRASE}";
    desktop.save_workspaces(
        "t",
        [Workspace::shown("1").nodes([Slot::new("a").command(command)])],
    );
    for _ in 0..2 {
        let call = desktop.command(["apply", "t"]).env("PASSPHRASE", SECRET);
        call.run().success();
        let file = files(&desktop).pop().expect("a run was recorded");
        let text = fs::read_to_string(file).expect("the file can be read");
        assert!(!text.contains(SECRET), "{text}");
        assert!(text.contains("${env:PASSPHRASE}"), "{text}");
        desktop
            .run(["history", "show", "last", "--replay"])
            .success();
    }
}

#[test]
fn stats_count_runs_and_programs() {
    let desktop = applied();
    let stats = desktop.report("stats");
    assert_eq!(stats["commands"][0]["command"], "apply");
    assert_eq!(stats["commands"][0]["incomplete"], 1);
    let programs = stats["programs"].as_array().expect("a list");
    let of = |name: &str| {
        programs
            .iter()
            .find(|one| one["program"] == name)
            .expect(name)
    };
    assert_eq!(of("test-window")["opened"], 1);
    assert_eq!(of("sh")["rare"], true);
    let output = desktop.run(["stats"]).success();
    output
        .stdout_has("apply: 1 run, 0 % successful")
        .stdout_has("sh: a window after 0 of 1 start");
    let output = desktop.run(["stats", "--prometheus"]).success();
    output.stdout_has("i3pm_layout_runs{command=\"apply\",result=\"incomplete\"} 1\n");
}
