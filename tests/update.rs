//! `capture --update` on the real i3: merging the desktop into a file that the user has edited.

use std::fs;

use crate::harness::{Desktop, TestWindow};

/// Captures, and edits the file: comments, a renamed slot, a variable in a command.
fn captured_and_edited(desktop: &Desktop) -> String {
    desktop.run(["capture", "t"]).success();
    let text = desktop.layout("t");
    let edited = text
        .replacen(
            "version: 1\n",
            "# Mine.\nversion: 1 # keep\nvars: { class: Left }\n",
            1,
        )
        .replacen(
            "- id: left\n",
            "# On the left.\n      - id: editor # renamed\n",
            1,
        )
        .replacen("--class Left", "--class ${class}", 1);
    let edited = format!("{edited}# The end.\n");
    assert!(
        edited.contains("id: editor") && edited.contains("${class}"),
        "{edited}"
    );
    desktop.save_text("t", &edited);
    edited
}

#[test]
fn unchanged_desktop_does_not_change_the_file() {
    let desktop = Desktop::new();
    desktop.open_window("left");
    desktop.open_window("right");
    let edited = captured_and_edited(&desktop);
    // The same content in another YAML style.
    let edited = edited.replacen("vars: { class: Left }", "vars:\n    class:   Left", 1);
    desktop.save_text("t", &edited);
    let report = desktop.report("capture t --update");
    assert_eq!(report["written"], "unchanged", "{report:#}");
    assert_eq!(report["kept"], 2, "{report:#}");
    assert_eq!(desktop.layout("t"), edited);
}

#[test]
fn ignored_window_does_not_change_the_file() {
    let desktop = Desktop::new();
    desktop.configure("rules: [{ criteria: { class: ^Chat$ }, ignore: true }]\n");
    desktop.open_window("left");
    desktop.open_window("right");
    // Monitors are not added to a file without monitors if nothing else has changed.
    let edited = captured_and_edited(&desktop);
    let edited: String = edited
        .split_inclusive('\n')
        .filter(|line| !line.contains("monitors:") && !line.contains("rect:"))
        .collect();
    desktop.save_text("t", &edited);
    desktop.open_window("chat");
    desktop.run(["diff", "t"]).success();
    let report = desktop.report("capture t --update");
    assert_eq!(report["written"], "unchanged", "{report:#}");
    assert_eq!(desktop.layout("t"), edited);
}

#[test]
fn update_keeps_edits_and_follows_the_desktop() {
    let desktop = Desktop::new();
    let left = desktop.open_window("left").con();
    let middle = desktop.open_window("middle").con();
    let right = desktop.open_window("right").con();
    captured_and_edited(&desktop);
    desktop.run(["apply", "t"]).success();

    desktop.run_i3(&format!("[con_id={right}] move left, move left"));
    desktop.run_i3(&format!("[con_id={left}] resize set 50 ppt"));
    desktop.run_i3(&format!("[con_id={middle}] move to workspace 7"));
    desktop.run_i3("[instance=left] focus");
    desktop.open_window("new");

    let printed = desktop.run(["capture", "t", "--update"]).success();
    printed.stderr_has("+ new: added on workspace `1`");
    printed.stderr_has("~ middle: moved from workspace `1` to workspace `7`");
    let text = desktop.layout("t");
    for line in [
        "# Mine.\nversion: 1 # keep\n",
        "vars: { class: Left }\n",
        "      # On the left.\n      - id: editor # renamed\n",
        "--class ${class}",
        "# The end.\n",
    ] {
        assert_eq!(text.matches(line).count(), 1, "{line}\n{text}");
    }
    let order: Vec<&str> = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- id: "))
        .collect();
    assert_eq!(
        order,
        ["right", "editor # renamed", "new", "middle"],
        "{text}"
    );

    // A second update changes nothing.
    desktop.run(["capture", "t", "--update"]).success();
    assert_eq!(desktop.layout("t"), text);

    // The updated file restores this desktop.
    desktop.run(["diff", "t"]).success();
    desktop.visit_all_workspaces();
    let before = desktop.tree();
    desktop.close_all_windows();
    desktop.run(["apply", "t"]).success();
    desktop.visit_all_workspaces();
    desktop.assert_same_tree(&before);
    desktop.run(["capture", "t", "--update"]).success();
    assert_eq!(desktop.layout("t"), text);
}

#[test]
fn summary_lists_the_changes() {
    let desktop = Desktop::new();
    let left = desktop.open_window("left").con();
    let middle = desktop.open_window("middle").con();
    desktop.open_window("right");
    captured_and_edited(&desktop);
    let update = |desktop: &Desktop| {
        desktop
            .run(["capture", "t", "--update"])
            .success()
            .stderr
            .clone()
    };

    let printed = update(&desktop);
    assert!(!printed.contains("~ "), "{printed}");
    assert!(
        printed.contains("  3 windows stayed on their workspaces"),
        "{printed}"
    );

    desktop.run_i3(&format!("[con_id={middle}] floating enable"));
    let printed = update(&desktop);
    assert!(
        printed.contains("~ middle: is floating, was tiled"),
        "{printed}"
    );
    assert!(!printed.contains("~ editor: is floating"), "{printed}");

    desktop.run_i3(&format!("[con_id={middle}] move position 50 60"));
    let printed = update(&desktop);
    assert!(printed.contains("~ middle: rect is "), "{printed}");
    assert_eq!(printed.matches("~ ").count(), 1, "{printed}");

    desktop.run_i3(&format!(
        "[con_id={middle}] floating disable; [con_id={middle}] mark here"
    ));
    let printed = update(&desktop);
    assert!(
        printed.contains("~ middle: is tiled, was floating"),
        "{printed}"
    );
    assert!(
        printed.contains("~ middle: marks: here, was none"),
        "{printed}"
    );

    desktop.run_i3(&format!("[con_id={left}] resize set 50 ppt"));
    let printed = update(&desktop);
    assert!(
        printed.contains("~ workspace `1`: editor: size is 50.0 %"),
        "{printed}"
    );

    desktop.run_i3(&format!("[con_id={left}] layout tabbed"));
    let report = desktop.report("capture t --update");
    assert_eq!(report["changed"][0]["kind"], "arranged", "{report:#}");
    assert_eq!(report["changed"][0]["workspace"], "1", "{report:#}");
    assert!(report["changed"][0]["message"].is_string(), "{report:#}");
}

#[test]
fn closed_windows_stay_until_pruned() {
    let desktop = Desktop::new();
    desktop.open_window("left");
    let middle = desktop.open_window("middle");
    desktop.open_window("right");
    let edited = captured_and_edited(&desktop);
    desktop.run_i3(&format!("[con_id={}] kill", middle.con()));
    middle.program.wait();
    desktop.sync();

    let report = desktop.report("capture t --update");
    assert_eq!(report["not_open"][0]["slot"], "middle", "{report:#}");
    assert_eq!(desktop.layout("t"), edited);

    let preview = desktop
        .run(["capture", "t", "--update", "--prune", "--dry-run"])
        .success();
    preview.stdout_has("-      - id: middle\n");
    assert_eq!(desktop.layout("t"), edited, "the dry run changed the file");

    let report = desktop.report("capture t --update --prune");
    assert_eq!(report["removed"][0]["slot"], "middle", "{report:#}");
    let text = desktop.layout("t");
    assert!(
        !text.contains("id: middle") && text.contains("# The end."),
        "{text}"
    );
    let backup = report["backup"].as_str().expect("the file was replaced");
    assert_eq!(
        fs::read_to_string(backup).expect("the file was kept"),
        edited
    );

    // The file still counts as edited.
    let refused = desktop.run(["capture", "t"]).code(2);
    refused.stderr_has("was edited since");
}

#[test]
fn updated_file_does_not_count_as_edited() {
    let desktop = Desktop::new();
    desktop.open_window("left");
    desktop.run(["capture", "t"]).success();
    desktop.open_window("right");
    desktop.run(["capture", "t", "--update"]).success();
    let updated = desktop.layout("t");
    desktop.run(["capture", "t"]).success();
    assert_eq!(
        desktop.layout("t"),
        updated,
        "capture and update wrote different files"
    );
}

#[test]
fn update_of_one_workspace_keeps_the_others() {
    let desktop = Desktop::new();
    desktop.open_window("left");
    desktop.run_i3("workspace 2");
    desktop.open_window("right");
    captured_and_edited(&desktop);
    desktop.run_i3("workspace 1");
    desktop.open_window("first");
    desktop.run_i3("workspace 2");
    desktop.open_window("second");
    let report = desktop.report("capture t --update --workspace 2");
    assert_eq!(report["added"][0]["slot"], "second", "{report:#}");
    let text = desktop.layout("t");
    assert!(
        !text.contains("id: first") && text.contains("id: editor"),
        "{text}"
    );
}

#[test]
fn json_layout_is_updated() {
    let desktop = Desktop::new();
    desktop.open_window("left");
    let path = desktop.path().join("home/t.json");
    desktop.run(["capture", "-o", "t.json"]).success();
    let text = fs::read_to_string(&path).expect("the layout was captured");
    let edited = text.replacen("\"left\"", "\"editor\"", 1);
    let mut edited: serde_json::Value = serde_json::from_str(&edited).expect("the output is JSON");
    edited["$schema"] = "my.schema.json".into();
    let edited = edited.to_string();
    fs::write(&path, &edited).expect("the file is writable");
    desktop.run(["capture", "./t.json", "--update"]).success();
    assert_eq!(fs::read_to_string(&path).expect("the file exists"), edited);
    desktop.open_window("right");
    desktop.run(["capture", "./t.json", "--update"]).success();
    let text = fs::read_to_string(&path).expect("the file exists");
    let value: serde_json::Value = serde_json::from_str(&text).expect("the output is JSON");
    let nodes = &value["workspaces"][0]["nodes"];
    assert_eq!(
        (&nodes[0]["id"], &nodes[1]["id"]),
        (&"editor".into(), &"right".into())
    );
    assert_eq!(value["$schema"], "my.schema.json", "{text}");
}

#[test]
fn impossible_update_is_reported_with_a_hint() {
    let desktop = Desktop::new();
    desktop.open_window("left");
    desktop.run_i3("mark --add project:p");
    // Each hint is a working command.
    for (arguments, command) in [
        (&["t"] as &[&str], "`i3pm-layout capture t` first"),
        (
            &["q", "--project", "p"],
            "`i3pm-layout capture q --project p` first",
        ),
        (
            &["--file", "an other.yaml"],
            "`i3pm-layout capture --file 'an other.yaml'` first",
        ),
        (
            &["tt"],
            "did you mean `t`? To create a new layout, run `i3pm-layout capture tt`",
        ),
    ] {
        let missing = desktop.run([&["capture", "--update"], arguments].concat());
        let missing = &missing.code(2).stderr;
        assert!(missing.contains(command), "{missing}");
        desktop.run([&["capture"], arguments].concat()).success();
        desktop
            .run([&["capture", "--update"], arguments].concat())
            .success();
    }
    desktop.run(["capture", "t"]).success();
    let broken = desktop
        .layout("t")
        .replacen("version: 1", "version: 1\nfocsu: x", 1);
    desktop.save_text("t", &broken);
    let refused = desktop.run(["capture", "t", "--update"]).code(2);
    refused.stderr_has("focsu");
    assert_eq!(desktop.layout("t"), broken);
}

#[test]
fn rules_secrets_and_warnings_apply_to_new_windows() {
    let desktop = Desktop::new();
    desktop.configure(
        "rules:\n  - { criteria: { class: ^Chat$ }, ignore: true }\n  - { criteria: { \
         class: ^Editor$ }, timeout: 20 }\nsecret_patterns: [\"corp-[0-9]{6}\"]\n",
    );
    desktop.open_window(TestWindow::new("left").arg("--role", "corp-111111"));
    desktop.run(["capture", "t"]).success();
    let text = desktop.layout("t");
    assert!(text.contains("--role ${env:TEST_WINDOW_SECRET}"), "{text}");
    // The user's own comments are not masked.
    let edited = text.replacen("version: 1\n", "version: 1 # of corp-111111\n", 1);
    desktop.save_text("t", &edited);

    desktop.open_window("chat");
    desktop.open_window(TestWindow::new("editor").title("ticket corp-222222"));
    desktop.open_deleted_program(
        "home/corp-333333/copy",
        &["--class", "Copy", "--role", "corp-444444"],
    );

    let printed = desktop.run(["capture", "t", "--update"]).success();
    let text = desktop.layout("t");
    assert!(!text.to_lowercase().contains("chat"), "{text}");
    assert!(text.contains("timeout: 20"), "{text}");
    assert!(
        text.contains("'ticket ${env:TEST_WINDOW_SECRET_2}'"),
        "{text}"
    );
    assert_eq!(text.matches("# of corp-111111\n").count(), 1, "{text}");
    assert_eq!(text.matches("corp-").count(), 1, "{text}");
    assert!(
        !printed.transcript().contains("corp-"),
        "{}",
        printed.transcript()
    );
    assert_eq!(text.matches("# may not work: ").count(), 1, "{text}");
    let mut lines = text.lines();
    lines.find(|line| line.trim_start().starts_with("# may not work: "));
    assert!(
        lines.next().is_some_and(|line| line.contains("id: copy")),
        "{text}"
    );

    // The warning is not repeated when the file is updated again.
    desktop.run(["capture", "t", "--update"]).success();
    assert_eq!(desktop.layout("t"), text);
    desktop.open_window("last");
    desktop.run(["capture", "t", "--update"]).success();
    let text = desktop.layout("t");
    assert!(text.contains("id: last"), "{text}");
    assert_eq!(text.matches("# may not work: ").count(), 1, "{text}");
}

#[test]
fn new_secret_gets_a_new_variable() {
    let desktop = Desktop::new();
    let argument = |secret: &str| TestWindow::new("db").arg("--token", secret);
    desktop.open_window(argument("hunter2-hunter2"));
    desktop.run(["capture", "t"]).success();
    assert!(desktop.layout("t").contains("${env:TEST_WINDOW_TOKEN}"));
    desktop.close_all_windows();
    desktop.open_window(argument("another-one-42").class("Other"));
    let printed = desktop.run(["capture", "t", "--update"]).success();
    let text = desktop.layout("t");
    assert!(text.contains("${env:TEST_WINDOW_TOKEN_2}"), "{text}");
    printed.stderr_has("set TEST_WINDOW_TOKEN_2");
}

#[test]
fn windows_added_by_an_update_belong_to_the_layout() {
    let desktop = Desktop::new();
    desktop.open_window("one");
    desktop.run(["capture", "a"]).success();
    desktop.run(["apply", "a"]).success();
    desktop.open_window("two");
    desktop.run(["capture", "a", "--update"]).success();
    // After a capture under a second name, they belong to both layouts.
    desktop.run(["capture", "b"]).success();
    for layout in ["a", "b"] {
        assert_eq!(desktop.run(["diff", layout]).success().stdout, "");
        desktop.assert_idempotent(layout);
    }
}

#[test]
fn windows_without_a_command_are_noted_once_per_process() {
    let desktop = Desktop::new();
    desktop.open_window(TestWindow::new("pad").count(3));
    let printed = desktop.run(["capture", "t", "--workspace", "1"]).success();
    let note = "` should reopen slots `pad-2`, `pad-3` too";
    printed.stderr_has(note);
    assert_eq!(printed.stderr.matches("no command").count(), 1);
    let comments = || {
        let text = desktop.layout("t");
        text.matches("# no command: the program's first window")
            .count()
    };
    assert_eq!(comments(), 2);

    // An update adds notes and comments only for new windows.
    desktop.open_window(TestWindow::new("new").count(2));
    let update = ["capture", "t", "--workspace", "1", "--update"];
    let printed = desktop.run(update).success();
    let note = "` should reopen slot `new-2` too";
    printed.stderr_has(note);
    printed.stderr_lacks("`pad-2`");
    assert_eq!(comments(), 3);
    desktop.run_i3("layout tabbed");
    desktop.sync();
    let printed = desktop.run(update).success();
    printed.stderr_lacks("no command");
    assert_eq!(comments(), 3);

    // The rule is only suggested as a comment, because the layout may be right as it is.
    let rules = desktop.run(["rules", "suggest"]);
    rules.stdout_has("once_per_process: false");
}
