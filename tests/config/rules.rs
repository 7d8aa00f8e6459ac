//! Rules.

use serde_json::json;

use super::configure_system;
use crate::harness::{Desktop, TestWindow};

#[test]
fn rule_builds_the_command_from_arguments_and_title() {
    let desktop = Desktop::new();
    desktop.configure("rules:\n  - criteria: { class: ^Editor$ }\n    command: \"{0} --class Editor {1} {2} --title \
         'doc: {title:^doc: (.*) - .*$} - restored'\"\n    timeout: 20\n",
    );
    let window = TestWindow::new("editor").title("doc: my notes - Editor");
    desktop.open_window(&window);
    desktop.run(["capture", "t"]).success().lacks("warning");
    let text = desktop.layout("t");
    assert!(
        text.contains("--class Editor --instance editor --title 'doc: my notes - restored'"),
        "{text}"
    );
    assert!(text.contains("timeout: 20"), "{text}");
    let before = desktop.tree_text();
    desktop.close_all_windows();
    desktop.run(["apply", "t"]).success();
    assert_eq!(desktop.tree_text(), before);
    let titles = desktop.tree_text_by(crate::harness::Name::Title);
    assert!(titles.contains("doc: my notes - restored"), "{titles}");
}

#[test]
fn ignored_window_is_neither_captured_nor_moved() {
    let desktop = Desktop::new();
    desktop.configure("rules: [{ criteria: { class: ^Chat$ }, ignore: true }]\n");
    desktop.open_window("editor");
    desktop.open_window("chat");
    desktop
        .run(["capture", "t"])
        .success()
        .has("saved 1 window on 1 workspace");
    assert!(!desktop.layout("t").to_lowercase().contains("chat"));
    let before = desktop.tree_text();
    desktop.run(["apply", "t"]).success();
    assert_eq!(desktop.tree_text(), before);
    desktop.run(["diff", "t", "--text"]).success();
    desktop.run(["diff", "t"]).success();
}

#[test]
fn ignored_window_stays_in_mode_close_and_replace() {
    for mode in ["close", "replace"] {
        let desktop = Desktop::new();
        desktop.configure("rules: [{ criteria: { class: ^Chat$ }, ignore: true }]\n");
        desktop.open_window("a");
        desktop.open_window("b");
        desktop.run(["capture", "t"]).success();
        // The ignored window shares a container with a window that has to be removed.
        desktop.open_window("chat");
        desktop.run_i3("split v");
        desktop.open_window("other");
        let printed = desktop.run(["diff", "t"]).code(1).transcript();
        assert!(
            printed.contains("other") && !printed.to_lowercase().contains("chat"),
            "{printed}"
        );
        // This makes `apply` rebuild the workspace.
        desktop.run_i3("[instance=^a$] move right; [instance=^a$] floating enable");
        desktop.run(["apply", "t", "--mode", mode]).success();
        let beside = |name: &str| {
            let text = desktop.tree_text();
            let mut lines = text.lines();
            lines.any(|line| line.starts_with("1:") && line.contains(name))
        };
        desktop.wait_until("the other window is gone", || !beside("other"));
        assert!(beside("chat"), "{mode}: {}", desktop.tree_text());
        desktop.run(["diff", "t"]).success();
    }
}

#[test]
fn enforced_system_rule_overrides_user_rules() {
    let desktop = Desktop::new();
    desktop.configure(
        "rules:\n  - { criteria: { class: ^Editor$, instance: ^editor$ }, timeout: 1 }\n  - { \
         criteria: { class: ^Chat$ }, timeout: 3 }\n",
    );
    configure_system(
        &desktop,
        "rules:\n  - { criteria: { class: ^Editor$ }, timeout: 2, enforce: true }\n  - { criteria: \
         { class: ^Chat$ }, timeout: 4 }\n",
    );
    desktop.open_window("editor");
    desktop.open_window("chat");
    desktop.run(["capture", "t"]).success();
    let text = desktop.layout("t");
    assert!(text.contains("timeout: 2"), "{text}");
    assert!(text.contains("timeout: 3"), "{text}");
    let printed = desktop.run(["rules", "explain"]).success().transcript();
    for line in [
        "class=^Editor$: timeout 2; enforce  applies: enforced by the system",
        "class=^Editor$ instance=^editor$: timeout 1  overridden: the system enforces another rule",
        "class=^Chat$: timeout 4  overridden: rules of the user override rules of the system",
        "i3pm-layout/config.yaml:3)",
    ] {
        assert!(printed.contains(line), "{line}\n{printed}");
    }
    let json = desktop.report("rules explain");
    assert_eq!(json[0]["rules"][0]["counts"], true, "{json:#}");
    assert_eq!(json[0]["rules"][0]["origin"]["layer"], "system", "{json:#}");
}

#[test]
fn secrets_in_rules_are_masked() {
    let desktop = Desktop::new();
    desktop.configure(
        "rules:\n  - { criteria: { class: ^X$, title: password }, command: app --token x, enforce: \
         true }\n",
    );
    let printed = desktop.run(["config"]).success().stdout;
    let line = "class=^X$ title=password: command app --token ***; enforce (ignored: not a system \
                file)";
    assert!(printed.contains(line), "{printed}");
}

#[test]
fn rules_explain_skips_bars_and_docks() {
    let desktop = Desktop::builder().bar().start();
    desktop.configure(
        "rules: [{ criteria: { class: ^Editor$ }, command: \"editor '{title:^doc (.*)$}'\" }]\n",
    );
    desktop.open_window(TestWindow::new("editor").title("nothing"));
    desktop.open_window(TestWindow::new("editor").title("doc a"));
    desktop.open(&["test-window", "--class", "Panel", "--type", "dock"]);
    let printed = desktop.run(["rules", "explain"]).success().stdout.clone();
    assert!(
        !printed.contains("i3bar") && !printed.contains("Panel"),
        "{printed}"
    );
    assert!(
        printed
            .contains("applies in part: cannot build `command`: the window's title does not match"),
        "{printed}"
    );
    assert_eq!(
        printed.matches("applies: no other rule matches").count(),
        1,
        "{printed}"
    );
    let json = desktop.report("rules explain");
    let windows = json.as_array().expect("a list");
    assert_eq!(windows.len(), 2, "{json:#}");
    let refused: Vec<bool> = windows
        .iter()
        .map(|one| one["rules"][0]["refused"].is_string())
        .collect();
    assert_eq!(refused, [true, false], "{json:#}");
}

#[test]
fn once_per_process_false_gives_each_window_a_command() {
    let desktop = Desktop::new();
    desktop.open_window(TestWindow::new("editor").count(2));
    desktop.run(["capture", "t"]).success();
    let commands = || {
        let text = desktop.layout("t");
        let lines = text.lines().map(str::trim);
        let values = lines.filter(|line| !line.starts_with('#'));
        values.filter(|line| line.contains("command:")).count()
    };
    assert_eq!(commands(), 1);
    desktop.configure(
        "rules: [{ criteria: { class: ^Editor$ }, once_per_process: false, command: \"test-window \
         --instance editor --class Editor\" }]\n",
    );
    desktop.run(["capture", "t"]).success();
    assert_eq!(commands(), 2);
    let before = desktop.tree_text();
    desktop.close_all_windows();
    desktop.run(["apply", "t"]).success();
    assert_eq!(desktop.tree_text(), before);
}

#[test]
fn discover_shows_the_effect_of_rules() {
    let desktop = Desktop::new();
    let inside = desktop.create_directory("home/work");
    desktop.open_window_in(TestWindow::new("editor").count(2), &inside);
    let discovered = |rule: &str| {
        let rule = format!("rules: [{{ criteria: {{ class: ^Editor$ }}, {rule} }}]\n");
        desktop.configure(&rule);
        desktop
            .command(["discover", "--all", "--json"])
            .run()
            .json()
    };
    let cwds = |json: &serde_json::Value| [json[0]["cwd"].clone(), json[1]["cwd"].clone()];
    let json = discovered("timeout: 3");
    assert_eq!(cwds(&json), [json!("~/work"), json!(null)], "{json:#}");
    for rule in [
        "once_per_process: false",
        "once_per_process: false, command: test-window",
    ] {
        let json = discovered(rule);
        assert_eq!(cwds(&json), ["~/work", "~/work"], "{json:#}");
    }
    // Only the first window has a command, which opens both, as in a captured layout.
    let json = discovered("command: test-window, cwd: ~/work/..");
    assert_eq!(cwds(&json), [json!("~/work/.."), json!(null)], "{json:#}");

    let json = discovered("ignore: true");
    let rule = json[0]["left_out_by"].as_str().unwrap_or_default();
    assert!(rule.ends_with("config.yaml:2"), "{json:#}");
    let printed = desktop.command(["discover", "--all"]).run().transcript();
    assert_eq!(
        printed.matches("excludes the window from layouts").count(),
        2,
        "{printed}"
    );
}
