//! Commands without the name of a layout.

use crate::harness::{Desktop, Slot};

#[test]
fn commands_without_a_name_use_the_layout_on_the_desktop() {
    let desktop = Desktop::new();
    let none = desktop.run(["apply"]).code(2);
    none.stderr_has("no layout is named")
        .stderr_has("capture NAME");
    desktop.open_window("app");
    desktop.run(["capture", "one"]).success();
    desktop.run(["capture", "two", "-w", "1"]).success();
    let listed = desktop.run(["list", "--long"]).success();
    assert!(listed.stdout.contains(">* one "), "{}", listed.stdout);
    assert!(
        listed.stdout.contains("1 window on 1 workspace"),
        "{}",
        listed.stdout
    );
    // Both have the window; `two` was used last.
    let note = "no layout named; using `two`, which is on the desktop";
    desktop.run(["diff"]).success().stderr_has(note);
    desktop.run(["apply", "one"]).success();
    let applied = desktop.run(["apply"]).success();
    applied.stderr_has("using `one`, which is on the desktop");
    desktop.close_all_windows();
    let applied = desktop.run(["apply"]).success();
    applied.stderr_has("using `one`, which was used last");
    applied.stderr_has("restored 1 of 1 slot");
    desktop.open_window("more");
    let captured = desktop.run(["capture"]).success();
    captured
        .stderr_has("using `one`")
        .stderr_has("saved 2 windows");
    // At a terminal, nothing is saved without an answer.
    let before = desktop.layout("one");
    desktop.open_window("third");
    let asked = desktop
        .command(["capture"])
        .on_terminal()
        .stdin("n\n")
        .run();
    asked
        .success()
        .has("Save to `one`, which is on the desktop? [Y/n]");
    assert_eq!(desktop.layout("one"), before);
}

#[test]
fn a_part_updates_the_layout_that_has_more() {
    let desktop = Desktop::new();
    desktop.open_window("first");
    desktop.run_i3("workspace 2");
    desktop.open_window("second");
    desktop.run(["capture", "t"]).success();
    let before = desktop.layout("t");
    desktop.open_window("third");
    let part = desktop.run(["capture", "t", "-w", "2"]).success();
    part.stderr_has("1 other workspace of the layout stays as it is");
    let after = desktop.layout("t");
    assert!(
        after.contains("first") && after.contains("third"),
        "{after}"
    );
    assert_ne!(after, before);
    desktop.run(["diff", "t"]).success();
    let whole = desktop.run(["capture", "t", "-w", "2", "-f"]).success();
    whole.stderr_has("saved 2 windows on 1 workspace");
    assert!(!desktop.layout("t").contains("first"));
}

#[test]
fn answer_no_is_no_error() {
    let desktop = Desktop::new();
    desktop.open_window("app");
    desktop.run(["capture", "t"]).success();
    let edited = format!("{}# by hand\n", desktop.layout("t"));
    std::fs::write(desktop.layout_path("t"), &edited).expect("the file is the test's own");
    let asked = desktop
        .command(["capture", "t"])
        .on_terminal()
        .stdin("n\n")
        .run();
    asked.success().has("nothing was saved");
    assert_eq!(desktop.layout("t"), edited);
}

#[test]
fn copies_are_independent_layouts() {
    let desktop = Desktop::new();
    desktop.open_window("app");
    desktop.run(["capture", "one"]).success();
    desktop.run(["copy", "one", "two"]).success();
    desktop
        .run(["diff", "one", "two"])
        .success()
        .stderr_has("no differences");
    desktop
        .run(["copy", "one", "two"])
        .code(2)
        .stderr_has("already exists");
    let same = desktop.run(["copy", "one", "one"]).code(2);
    same.stderr_has("choose another name");
    let wrong = desktop.run(["diff", "one", "two", "-w", "1"]).code(2);
    wrong.stderr_has("cannot be used with two layouts");
    desktop.open_window("more");
    // It counts as captured, so no `--force` is needed.
    desktop.run(["capture", "two"]).success();
    let differ = desktop.run(["diff", "one", "two"]).code(1);
    assert!(
        differ.stdout.contains('+') && differ.stdout.contains("more"),
        "{}",
        differ.stdout
    );
    let json = desktop.run(["diff", "two", "one", "--json"]).code(1).json();
    assert_eq!(json["same"], false);
    assert!(!desktop.layout("one").contains("more"));
}

#[test]
fn quiet_run_prints_only_problems() {
    let desktop = Desktop::new();
    desktop.open_window("app");
    assert_eq!(desktop.run(["capture", "t", "-q"]).success().stderr, "");
    assert_eq!(desktop.run(["-q", "apply", "t"]).success().stderr, "");
    desktop.save("gone", [Slot::new("gone").command("no-such-program")]);
    let incomplete = desktop.run(["apply", "gone", "-q"]).code(1);
    incomplete.stderr_has("no-such-program");
    let wrong = desktop.run(["apply", "nothing", "-q"]).code(2);
    wrong.stderr_has("not found");
}

#[test]
fn capture_by_a_key_keeps_an_edited_layout_and_names_it() {
    let desktop = Desktop::new();
    desktop.open_window("app");
    desktop.run(["capture", "one"]).success();
    let edited = format!("{}# by hand\n", desktop.layout("one"));
    std::fs::write(desktop.layout_path("one"), &edited).expect("the file is the test's own");
    desktop.open_window("more");
    let program = env!("CARGO_BIN_EXE_i3pm-layout");
    desktop.run_i3(&format!("exec --no-startup-id {program} capture"));
    let mut bar = String::new();
    desktop.wait_until("a bar says so", || {
        let bars = desktop.programs("i3-nagbar");
        let lines = bars
            .iter()
            .filter_map(|pid| std::fs::read_to_string(format!("/proc/{pid}/cmdline")).ok());
        bar = lines.collect();
        bar.contains("-m")
    });
    assert!(
        bar.contains("one.yaml was edited since it was captured"),
        "{bar}"
    );
    assert_eq!(desktop.layout("one"), edited);
}
