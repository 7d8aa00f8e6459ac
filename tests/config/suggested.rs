//! Suggested rules.

use crate::harness::desktop::layouts::CONFIG;
use crate::harness::{Desktop, TestWindow};

#[test]
fn suggested_rules_distinguish_windows_of_one_process() {
    let desktop = Desktop::new();
    desktop.open_window(TestWindow::new("browser").count(2).title("page {n}"));
    let output = desktop.run(["rules", "suggest"]).code(1);
    let suggested = output.stdout.clone();
    assert!(suggested.contains("swallow: [class, title]"), "{suggested}");
    desktop.write(CONFIG, &suggested);
    desktop.run(["capture", "t"]).success();
    let text = desktop.layout("t");
    assert!(text.contains("title: ^page 1$"), "{text}");
    assert!(text.contains("title: ^page 2$"), "{text}");
    desktop
        .run(["rules", "suggest"])
        .success()
        .has("no open window needs a rule");
}

#[test]
fn suggested_rules_are_a_valid_configuration() {
    let desktop = Desktop::new();
    // These windows are indistinguishable.
    desktop.open_window(TestWindow::new("terminal").count(2).title("Terminal"));
    let output = desktop.run(["rules", "suggest"]).success();
    let suggested = output.stdout.clone();
    assert!(
        suggested.contains("no lasting property distinguishes them"),
        "{suggested}"
    );
    assert!(!suggested.contains("swallow"), "{suggested}");
    desktop.write(CONFIG, &suggested);
    desktop.run(["config"]).success();

    desktop.open_deleted_program("home/copy", &["--class", "Gone", "--instance", "gone"]);
    let suggested = desktop.run(["rules", "suggest"]).code(1).stdout.clone();
    assert!(
        suggested.contains("the command of slot `gone` may not work"),
        "{suggested}"
    );
    assert!(
        suggested.contains(
            "  # - { criteria: { class: ^Gone$, instance: ^gone$ }, command: change-me }"
        ),
        "{suggested}"
    );
    desktop.write(CONFIG, &suggested);
    desktop.run(["config"]).success();
}

#[test]
fn rule_for_a_deleted_program_removes_the_warning() {
    let desktop = Desktop::new();
    desktop.open_deleted_program("home/copy", &["--class", "Gone", "--instance", "gone"]);
    let rule = |command: &str| {
        let rule = format!("rules: [{{ criteria: {{ class: ^Gone$ }}, command: {command} }}]\n");
        desktop.configure(&rule);
    };
    rule("test-window");
    desktop
        .run(["capture", "t"])
        .success()
        .lacks("may not work");
    let text = desktop.layout("t");
    assert!(!text.contains("may not work"), "{text}");
    desktop.run(["rules", "suggest"]).success();
    rule("nosuchprog");
    let printed = desktop.run(["capture", "t", "--force"]).success();
    let printed = printed.transcript();
    let doubt = "may not work: program `nosuchprog` not found in PATH";
    assert_eq!(printed.matches("may not work").count(), 1, "{printed}");
    assert!(printed.contains(doubt), "{printed}");
    desktop
        .run(["discover", "--all"])
        .success()
        .has("program `nosuchprog` not found");
}

#[test]
fn suggested_rules_are_tried_on_the_windows() {
    let desktop = Desktop::new();
    for number in 1..=2 {
        desktop.write(&format!("home/notes - {number}.txt"), "");
    }
    // The program in front, and the program at the end.
    for (title, pattern) in [
        ("notes - {n}.txt - Editor", r"{title:^\*?(.+) [-–—] }"),
        ("Editor - notes - {n}.txt", r"{title: [-–—] \*?(.+)$}"),
    ] {
        desktop.open_window(TestWindow::new("editor").count(2).title(title));
        let suggested = desktop.run(["rules", "suggest"]).stdout.clone();
        for expected in [
            "for slot `editor-2`, it gives: ",
            "'notes - 2.txt'\n",
            "the rule opens the file in the title of each window",
            pattern,
        ] {
            assert!(suggested.contains(expected), "{expected}: {suggested}");
        }
        desktop.write(CONFIG, &suggested);
        desktop.run(["config"]).success();
        desktop.write(CONFIG, "");
        desktop.close_all_windows();
    }
}
