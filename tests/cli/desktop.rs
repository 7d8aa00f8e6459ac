//! `capture`, `apply` and `diff` as a user calls them on a desktop.

use insta::assert_snapshot;

use crate::harness::{Desktop, Slot, TestWindow, Workspace};

#[test]
fn capture_overwrites_an_edited_file_only_with_force() {
    let desktop = Desktop::new();
    desktop.open_window("editor");
    desktop.run(["capture", "daily"]).success();
    let text = desktop.layout("daily");
    desktop.save_text("daily", &format!("{text}# mine\n"));
    desktop
        .run(["capture", "daily"])
        .code(2)
        .stderr_has("was edited since it was captured")
        .stderr_has("--force");
    desktop.run(["capture", "daily", "--force"]).success();
    assert_eq!(desktop.layout("daily"), text);
}

#[test]
fn capture_of_an_empty_desktop_requires_force() {
    let desktop = Desktop::new();
    desktop.open_window("editor");
    desktop.run(["capture", "daily"]).success();
    desktop.close_all_windows();
    let refused = desktop.run(["capture", "daily"]).code(2);
    assert!(
        refused
            .stderr
            .starts_with("error: there is no window to capture; ")
    );
    let refused = desktop.run(["capture", "new", "--workspace", "focused"]);
    let refused = refused.code(2);
    assert_eq!(
        refused.stderr,
        "error: there is no window to capture on `1`\n\
         hint: open a window first, or pass `--force` to save an empty layout\n"
    );
    let refused = desktop.run(["capture", "new"]).code(2);
    assert_eq!(
        refused.stderr,
        "error: there is no window to capture\n\
         hint: open a window first, or pass `--force` to save an empty layout\n"
    );
    assert!(!desktop.layout_path("new").exists());
    desktop.run(["capture", "daily", "--force"]).success();

    // Nothing is overwritten on standard output. A project without a window is probably a typo.
    let printed = desktop.run(["capture", "-", "--workspace", "focused"]);
    assert!(printed.success().stdout.contains("version: 1"));
    let project = ["--project", "p"];
    for target in [&["-"] as &[&str], &["daily"], &["daily", "--update"]] {
        let capture = [&["capture"], target, &project].concat();
        let refused = desktop.run(capture.clone()).code(2);
        refused.stderr_has("no open window belongs");
        desktop.run([&capture[..], &["--force"]].concat()).success();
    }
}

#[test]
fn renamed_layout_keeps_its_open_windows() {
    let desktop = Desktop::new();
    desktop.open_window("editor");
    desktop.run(["capture", "daily"]).success();
    desktop.run(["apply", "daily"]).success();
    desktop.run(["rename", "daily", "work/day"]).success();
    let applied = desktop.run(["apply", "work/day"]).success();
    applied.stderr_has("nothing to do");
}

#[test]
fn option_values_may_begin_with_a_hyphen() {
    let desktop = Desktop::new();
    desktop.run_i3("workspace \"-1\"");
    desktop.open_window("editor");
    desktop
        .run(["capture", "daily", "--workspace", "-1"])
        .success();
    desktop
        .run(["diff", "daily", "--workspace", "-1"])
        .success();
    desktop
        .run(["apply", "daily", "--workspace", "-1", "--to", "-2"])
        .success();
    assert_eq!(desktop.visible_workspaces(), ["-2"]);
    // An option is not accepted as the missing value.
    let refused = desktop.run(["apply", "daily", "--to", "--dry-run"]).code(2);
    refused.stderr_has("the value is missing");
}

#[test]
fn sticky_window_is_neither_captured_with_another_workspace_nor_started_twice() {
    let desktop = Desktop::new();
    desktop.open_window("mixer");
    desktop.run_i3("floating enable, sticky enable");
    desktop.run(["capture", "all"]).success();
    desktop.run_i3("workspace 2");
    let refused = desktop.run(["capture", "web", "--workspace", "focused"]);
    let refused = refused.code(2);
    refused.stderr_has("the sticky window `mixer`");
    refused.stderr_has("error: there is no window to capture on `2`");
    // A sticky window is in its place on any workspace of its output.
    let text = desktop.layout("all");
    let lines = text.lines().map(|line| match line.find("command:") {
        Some(at) => format!("{}command: [another-program]\n", &line[..at]),
        None => format!("{line}\n"),
    });
    desktop.save_text("all", &lines.collect::<String>());
    let applied = desktop.apply("all");
    assert_eq!(applied["slots"][0]["outcome"], "placed", "{applied}");
    assert_eq!(desktop.starts(), 1);
}

#[test]
fn sticky_window_of_the_layout_stays_in_it_on_another_workspace() {
    let desktop = Desktop::new();
    desktop.open_window("mixer");
    desktop.run_i3("floating enable, sticky enable");
    desktop.run(["capture", "all"]).success();
    desktop.run_i3("workspace 2");
    let captured = desktop.run(["capture", "all", "--workspace", "focused"]);
    captured.success().stderr_lacks("sticky window");
    let text = desktop.layout("all");
    assert!(
        text.contains("name: \"2\"") && text.contains("mixer"),
        "{text}"
    );
}

#[test]
fn report_names_what_was_updated() {
    let desktop = Desktop::new();
    desktop.open_window("left");
    desktop.open_window("right");
    desktop.run(["capture", "daily"]).success();
    desktop.run(["apply", "daily"]).success();
    desktop.run_i3("focus left");
    let applied = desktop.run(["apply", "daily"]).success();
    assert!(
        applied
            .stderr
            .starts_with("daily: 2 slots already in place, updated: focus ("),
        "{}",
        applied.stderr
    );
    desktop.run_i3("floating enable");
    let diff = desktop.run(["diff", "daily"]).code(1);
    diff.stdout_has("  ~ right: is floating, expected tiled\n");
}

#[test]
fn explain_covers_only_the_selected_slots() {
    let desktop = Desktop::new();
    desktop.open_window("left");
    desktop.open_window("right");
    desktop.run(["capture", "daily"]).success();
    desktop.run(["apply", "daily"]).success();
    let printed = desktop.run(["apply", "daily", "--dry-run", "--explain", "--only", "left"]);
    assert_snapshot!(printed.success().stdout, @"
    monitors
      screen: screen  (same output)
    left
      `left`: reused
        an earlier run placed it in this slot
        its program was started with the slot's command
        it matches the slot's `swallow`
        its program runs in the slot's working directory
        it is on the slot's workspace
    note: each reason outweighs all reasons below it combined
    ");
    let json = desktop.run([
        "apply",
        "daily",
        "--dry-run",
        "--explain",
        "--only",
        "left",
        "--json",
    ]);
    let json = json.success().json();
    assert_eq!(json["slots"].as_array().map(Vec::len), Some(1), "{json}");
    desktop.run_i3("[instance=\"left\"] move to workspace 7");
    let dry = desktop.run(["apply", "daily", "--dry-run", "--only", "right"]);
    let dry = dry.success();
    dry.stdout_lacks("left  `left`");
}

#[test]
fn program_without_a_window_is_not_started_again() {
    let desktop = Desktop::new();
    let window = TestWindow::new("late").map_after("open");
    desktop.save("daily", [window.slot()]);
    let applied = desktop.run(["apply", "daily", "--timeout", "0.5", "--json"]);
    let applied = applied.code(1).json();
    let pid = applied["slots"][0]["pid"]
        .as_u64()
        .expect("the program is still running");
    let reason = applied["slots"][0]["reason"]
        .as_str()
        .expect("the key is set");
    assert!(
        reason.contains(&format!("is still running (process {pid})")),
        "{reason}"
    );
    // A run that allows more time waits for it.
    let apply = ["apply", "daily", "--timeout", "120"];
    let dry = desktop.run([&apply[..], &["--dry-run"]].concat()).success();
    let waits = format!("wait for programs of an earlier apply\n  late  process {pid}\n");
    dry.stdout_has(&waits);
    dry.stdout_lacks("start programs");
    // An interrupted run does not start it again either.
    let running = desktop.command(apply).start();
    desktop.wait_until("the run is waiting", || {
        desktop.tree().to_string().contains("_i3pm:")
    });
    running.interrupt();
    running.wait().code(1);
    assert_eq!(desktop.starts(), 1);
    desktop.cue("open");
    desktop.run(apply).success();
    assert_eq!(desktop.starts(), 1);
    assert_eq!(desktop.run(["diff", "daily"]).success().stdout, "");
    // The program is started again after its window has been open and was closed.
    desktop.close_all_windows();
    desktop.run(["apply", "daily"]).success();
    assert_eq!(desktop.starts(), 2);
}

#[test]
fn workspace_with_only_an_optional_window_may_be_missing() {
    let desktop = Desktop::new();
    let none = Slot::new("none").command("no-such-program");
    let none = none.with("optional: true");
    desktop.save_workspaces("daily", [Workspace::new("9").nodes([none])]);
    let applied = desktop.run(["apply", "daily"]).success();
    applied.stderr_lacks("does not exist");
}

#[test]
fn capture_does_not_overwrite_a_file_that_it_did_not_write() {
    let desktop = Desktop::new();
    desktop.open_window("editor");
    let file = desktop.write("home/notes.yaml", "mine\n");
    let printed = desktop.run(["capture", "-o", "notes.yaml", "x"]).code(2);
    printed
        .stderr_has("is not known as a file that `capture` wrote, and was not overwritten")
        .stderr_lacks("edited");
    let text = std::fs::read_to_string(file).expect("the file exists");
    assert_eq!(text, "mine\n");
}

#[test]
fn capture_to_a_missing_directory_is_refused() {
    let desktop = Desktop::new();
    desktop.open_window("editor");
    let missing = desktop.path().join("home/missing");
    desktop
        .run(["capture", "-o", "missing/y.yaml", "x"])
        .code(2)
        .stderr_has("error: the directory missing does not exist")
        .stderr_has("hint: run `mkdir -p missing` first");
    assert!(!missing.exists());
    desktop.run(["capture", "new-project/x"]).success();
}

#[test]
fn capture_suggests_the_nearest_project() {
    let desktop = Desktop::new();
    desktop.open_window("editor");
    desktop.configure("projects: { nixos: { directory: ~/src/nixos } }\n");
    desktop
        .run(["capture", "dev", "--project", "nixo"])
        .code(2)
        .stderr_has("hint: did you mean `nixos`?");
}

#[test]
fn update_says_what_changed_and_capture_counts_an_empty_workspace() {
    let desktop = Desktop::new();
    desktop.open_window("left");
    desktop.open_window("right");
    desktop.run(["capture", "daily"]).success();
    desktop.run_i3("resize set width 70 ppt");
    let updated = desktop.run(["capture", "daily", "--update"]).success();
    updated.stderr_has(", was 50.0 %").stderr_lacks("expected");
    desktop.close_all_windows();
    desktop
        .run(["capture", "empty", "--force"])
        .success()
        .stderr_has("saved 0 windows on 1 workspace to ");
}

#[test]
fn dry_run_lists_programs_that_cannot_be_started() {
    let desktop = Desktop::new();
    desktop.save(
        "daily",
        [
            Slot::new("absent").command("no-such-program"),
            Slot::new("away").command("xterm").with("cwd: ~/gone"),
            Slot::new("fine").command("xterm"),
        ],
    );
    let dry = desktop.run(["apply", "daily", "--dry-run"]).success();
    dry.stdout_has("warning: the working directory ~/gone does not exist")
        .stdout_has(
            "programs that cannot be started\n  absent  no-such-program\n    error: \
             `no-such-program` is not installed, or not in PATH\n",
        );
    assert_eq!(dry.stdout.matches("absent").count(), 1, "{}", dry.stdout);
    let dry = desktop.run(["apply", "daily", "--dry-run", "--json"]);
    let dry = dry.success().json();
    let warnings = dry["launch"].as_array().map(|slots| {
        let slots = slots.iter();
        slots.filter(|slot| slot["warning"].is_string()).count()
    });
    assert_eq!(warnings, Some(1), "{dry:#}");
    let slots = |key: &str| -> Vec<&str> {
        let slots = dry[key].as_array().into_iter().flatten();
        slots.filter_map(|slot| slot["slot"].as_str()).collect()
    };
    assert_eq!(slots("launch"), ["away", "fine"], "{dry:#}");
    assert_eq!(slots("unstartable"), ["absent"], "{dry:#}");
    let reason = &dry["unstartable"][0]["reason"];
    assert_eq!(reason, "`no-such-program` is not installed, or not in PATH");

    let applied = desktop
        .run(["apply", "daily", "--only", "absent", "--only", "away"])
        .code(1);
    applied
        .stderr_has("hint: install `no-such-program`, or change the `command` of the slot")
        .stderr_has("hint: run `mkdir -p ~/gone`, or change the `cwd` of the slot");
}

#[test]
fn program_that_exits_without_a_window_gets_a_hint() {
    let desktop = Desktop::new();
    desktop.save("daily", [Slot::new("brief").command("true")]);
    desktop
        .run(["apply", "daily", "--timeout", "1"])
        .code(1)
        .stderr_has("exited with code 0")
        .stderr_has("hint: run the command in a terminal to see why it opens no window");
}

#[test]
fn home_directory_replaces_a_deleted_directory() {
    let desktop = Desktop::new();
    let directory = desktop.create_directory("home/gone");
    desktop.open_window_in("editor", &directory);
    std::fs::remove_dir(&directory).expect("the directory is empty");
    let reason = "the directory `~/gone` does not exist, so the home directory is used";
    desktop
        .run(["capture", "daily"])
        .success()
        .stderr_has(reason);
    let text = desktop.layout("daily");
    assert!(
        text.contains(reason) && !text.contains("cwd: ~/gone"),
        "{text}"
    );
}
