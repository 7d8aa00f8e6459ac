//! Rules, projects and the user's own secrets, with real windows.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use crate::harness::{Desktop, TestWindow};

const USER: &str = "config/i3pm-layout/config.yaml";
/// The tests' `XDG_CONFIG_DIRS` is `share`.
const SYSTEM: &str = "share/i3pm-layout/config.yaml";

fn config(desktop: &Desktop, path: &str, text: &str) {
    desktop.write(path, &format!("version: 1\n{text}"));
}

#[test]
fn a_rule_makes_the_command_of_arguments_and_title() {
    let desktop = Desktop::new();
    config(
        &desktop,
        USER,
        "rules:\n  - criteria: { class: ^Editor$ }\n    command: \"{0} --class Editor {1} {2} --title \
         'doc: {title:^doc: (.*) - .*$} - restored'\"\n    timeout: 20\n",
    );
    let window = TestWindow::new("editor").title("doc: my notes - Editor");
    desktop.open_window(&window);
    let said = desktop.run(["capture", "t"]).success().transcript();
    assert!(!said.contains("warning"), "{said}");
    let text = desktop.layout("t");
    assert!(
        text.contains("--class Editor --instance editor --title 'doc: my notes - restored'"),
        "{text}"
    );
    assert!(text.contains("timeout: 20"), "{text}");
    assert!(text.contains("source: rule"), "{text}");
    let before = desktop.tree_text();
    desktop.close_all_windows();
    desktop.run(["apply", "t"]).success();
    assert_eq!(desktop.tree_text(), before);
    let titles = desktop.tree_text_by(crate::harness::Name::Title);
    assert!(titles.contains("doc: my notes - restored"), "{titles}");
}

#[test]
fn an_ignored_window_is_in_no_layout_and_stays_where_it_is() {
    let desktop = Desktop::new();
    config(
        &desktop,
        USER,
        "rules: [{ criteria: { class: ^Chat$ }, ignore: true }]\n",
    );
    desktop.open_window("editor");
    desktop.open_window("chat");
    let said = desktop.run(["capture", "t"]).success().transcript();
    assert!(said.contains("saved 1 window on 1 workspace"), "{said}");
    assert!(!desktop.layout("t").to_lowercase().contains("chat"));
    let before = desktop.tree_text();
    desktop.run(["apply", "t"]).success();
    assert_eq!(desktop.tree_text(), before);
    desktop.run(["diff", "t", "--text"]).success();
    desktop.run(["diff", "t"]).success();
}

#[test]
fn an_ignored_window_is_neither_closed_nor_moved_aside() {
    for mode in ["close", "replace"] {
        let desktop = Desktop::new();
        config(
            &desktop,
            USER,
            "rules: [{ criteria: { class: ^Chat$ }, ignore: true }]\n",
        );
        desktop.open_window("a");
        desktop.open_window("b");
        desktop.run(["capture", "t"]).success();
        // In one container with the chat is a window that has to go.
        desktop.open_window("chat");
        desktop.run_i3("split v");
        desktop.open_window("other");
        let said = desktop.run(["diff", "t"]).code(1).transcript();
        assert!(
            said.contains("other") && !said.to_lowercase().contains("chat"),
            "{said}"
        );
        // The workspace has to be built again.
        desktop.run_i3("[instance=^a$] move right; [instance=^a$] floating enable");
        desktop.run(["apply", "t", "--mode", mode]).success();
        let beside = |name: &str| {
            let text = desktop.tree_text();
            let mut lines = text.lines();
            lines.any(|line| line.starts_with("1:") && line.contains(name))
        };
        desktop.wait_until("the other one is gone", || !beside("other"));
        assert!(beside("chat"), "{mode}: {}", desktop.tree_text());
        desktop.run(["diff", "t"]).success();
    }
}

#[test]
fn an_enforced_rule_of_the_system_wins() {
    let desktop = Desktop::new();
    config(
        &desktop,
        USER,
        "rules:\n  - { criteria: { class: ^Editor$, instance: ^editor$ }, timeout: 1 }\n  - { \
         criteria: { class: ^Chat$ }, timeout: 3 }\n",
    );
    config(
        &desktop,
        SYSTEM,
        "rules:\n  - { criteria: { class: ^Editor$ }, timeout: 2, enforce: true }\n  - { criteria: \
         { class: ^Chat$ }, timeout: 4 }\n",
    );
    desktop.open_window("editor");
    desktop.open_window("chat");
    desktop.run(["capture", "t"]).success();
    let text = desktop.layout("t");
    assert!(text.contains("timeout: 2"), "{text}");
    assert!(text.contains("timeout: 3"), "{text}");
    let said = desktop.run(["rules", "explain"]).success().transcript();
    for line in [
        "class=^Editor$: timeout 2; enforce  counts: the system enforces it",
        "class=^Editor$ instance=^editor$: timeout 1  does not count: the system enforces another",
        "class=^Chat$: timeout 4  does not count: the user's own rule comes first",
        "i3pm-layout/config.yaml:3)",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    let json = desktop.report("rules explain");
    assert_eq!(json[0]["rules"][0]["counts"], true, "{json:#}");
    assert_eq!(json[0]["rules"][0]["origin"]["layer"], "system", "{json:#}");
}

#[test]
fn secrets_in_rules_are_masked() {
    let desktop = Desktop::new();
    config(
        &desktop,
        USER,
        "rules:\n  - { criteria: { class: ^X$, title: password }, command: app --token x, enforce: \
         true }\n",
    );
    let said = desktop.run(["config"]).success().stdout;
    let line = "class=^X$ title=password: command app --token ***; enforce, which holds in files \
                of the system only";
    assert!(said.contains(line), "{said}");
}

#[test]
fn rules_are_explained_for_windows_that_a_layout_can_have() {
    let desktop = Desktop::builder().bar().start();
    config(
        &desktop,
        USER,
        "rules: [{ criteria: { class: ^Editor$ }, command: \"editor '{title:^doc (.*)$}'\" }]\n",
    );
    desktop.open_window(TestWindow::new("editor").title("nothing"));
    desktop.open_window(TestWindow::new("editor").title("doc a"));
    desktop.open(&["test-window", "--class", "Panel", "--type", "dock"]);
    let said = desktop.run(["rules", "explain"]).success().stdout.clone();
    assert!(!said.contains("i3bar") && !said.contains("Panel"), "{said}");
    assert!(
        said.contains(
            "counts, but was refused: `command` cannot be made: its title does not match"
        ),
        "{said}"
    );
    assert_eq!(
        said.matches("counts: no other rule matches").count(),
        1,
        "{said}"
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
fn each_window_of_a_process_can_have_a_command() {
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
    config(
        &desktop,
        USER,
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
fn a_project_has_its_windows_by_mark_rule_and_directory() {
    let desktop = Desktop::new();
    let inside = desktop.path().join("home/src/p/lib");
    fs::create_dir_all(&inside).expect("it is ours");
    desktop.open_window("elsewhere");
    desktop.open_window_in(TestWindow::new("inside"), &inside);
    desktop.open_window_in(TestWindow::new("music"), &inside);
    desktop.open_window("ruled");
    let marked = desktop.open_window("marked");
    desktop.run_i3(&format!("[con_id={}] mark --add project:p:1", marked.con()));
    let slots = |text: &str| -> Vec<String> {
        let id = regex::Regex::new(r"id: (\w+)").expect("the pattern is valid");
        id.captures_iter(text)
            .map(|found| found[1].to_owned())
            .collect()
    };

    // Without a directory, only the mark says what belongs to it.
    let said = desktop.run(["capture", "t", "--project", "p"]).success();
    let said = said.transcript();
    assert!(
        said.contains("no directory is set for the project `p`"),
        "{said}"
    );
    let text = desktop.layout("p/t");
    assert_eq!(slots(&text), ["marked"], "{text}");
    let said = desktop.run(["capture", "t", "--project", "q"]).code(2);
    let said = said.transcript();
    assert!(
        said.contains("no open window belongs to the project `q`, and no directory is set for it"),
        "{said}"
    );
    assert!(
        said.contains("projects: { q: { directory: ~/src/q } }"),
        "{said}"
    );
    let said = desktop.run(["capture", "t", "--project", "/src/q"]).code(2);
    let said = said.transcript();
    assert!(said.contains("hint: give the project's name"), "{said}");

    config(
        &desktop,
        USER,
        "rules:\n  - { criteria: { class: ^Ruled$ }, scope: project }\n  - { criteria: { class: \
         ^Music$ }, scope: global }\nprojects: { p: { directory: ~/src/p } }\n",
    );
    let said = desktop.run(["capture", "p/t", "--update", "--dry-run"]);
    let said = said.success().transcript();
    let hint = "`i3pm-layout capture t --project p --update` takes only those of `p`";
    assert!(said.contains(hint), "{said}");
    let said = desktop.run(["capture", "p/t", "--project", "q"]).code(2);
    let said = said.transcript();
    assert!(
        said.contains("`i3pm-layout capture t --project q`"),
        "{said}"
    );
    let said = desktop.run(["capture", "t", "--project", "p"]).success();
    assert!(
        !said.transcript().contains("directory"),
        "{}",
        said.transcript()
    );
    let text = desktop.layout("p/t");
    assert_eq!(slots(&text), ["inside", "ruled", "marked"], "{text}");
    let before = desktop.tree_text();
    desktop.run(["apply", "p/t"]).success();
    assert_eq!(desktop.tree_text(), before);
}

#[test]
fn suggested_rules_can_be_pasted_and_help() {
    let desktop = Desktop::new();
    desktop.open_window(TestWindow::new("browser").count(2).title("page {n}"));
    let output = desktop.run(["rules", "suggest"]).code(1);
    let suggested = output.stdout.clone();
    assert!(
        suggested.contains("swallow: [class, instance, title]"),
        "{suggested}"
    );
    desktop.write(USER, &suggested);
    desktop.run(["capture", "t"]).success();
    let text = desktop.layout("t");
    assert!(text.contains("title: ^page 1$"), "{text}");
    assert!(text.contains("title: ^page 2$"), "{text}");
    let said = desktop.run(["rules", "suggest"]).success().transcript();
    assert!(said.contains("no open window needs a rule"), "{said}");
}

#[test]
fn suggested_rules_are_a_valid_configuration() {
    let desktop = Desktop::new();
    // Nothing tells these apart.
    desktop.open_window(TestWindow::new("terminal").count(2).title("Terminal"));
    let output = desktop.run(["rules", "suggest"]).success();
    let suggested = output.stdout.clone();
    assert!(
        suggested.contains("nothing lasting tells them apart"),
        "{suggested}"
    );
    assert!(!suggested.contains("swallow"), "{suggested}");
    desktop.write(USER, &suggested);
    desktop.run(["config"]).success();

    // The program of this one is gone.
    let copy = desktop.path().join("home/copy");
    fs::copy(desktop.path().join("bin/test-window"), &copy).expect("the program is there");
    let program = copy.to_string_lossy().into_owned();
    desktop.open(&[&program, "--class", "Gone", "--instance", "gone"]);
    fs::remove_file(&copy).expect("it was there");
    let suggested = desktop.run(["rules", "suggest"]).code(1).stdout.clone();
    assert!(
        suggested.contains("the command of slot `gone` may not do"),
        "{suggested}"
    );
    assert!(
        suggested.contains(
            "  # - { criteria: { class: ^Gone$, instance: ^gone$ }, command: change-me }"
        ),
        "{suggested}"
    );
    desktop.write(USER, &suggested);
    desktop.run(["config"]).success();
}

#[test]
fn rule_for_a_removed_program_ends_the_warning() {
    let desktop = Desktop::new();
    let copy = desktop.path().join("home/copy");
    fs::copy(desktop.path().join("bin/test-window"), &copy).expect("the program is there");
    let program = copy.to_string_lossy().into_owned();
    desktop.open(&[&program, "--class", "Gone", "--instance", "gone"]);
    fs::remove_file(&copy).expect("it was there");
    let rule = |command: &str| {
        let rule = format!("rules: [{{ criteria: {{ class: ^Gone$ }}, command: {command} }}]\n");
        config(&desktop, USER, &rule);
    };
    rule("test-window");
    let said = desktop.run(["capture", "t"]).success().transcript();
    assert!(!said.contains("may not do"), "{said}");
    let text = desktop.layout("t");
    assert!(!text.contains("may not do"), "{text}");
    desktop.run(["rules", "suggest"]).success();
    rule("nosuchprog");
    let said = desktop.run(["capture", "t", "--force"]).success();
    let said = said.transcript();
    let doubt = "may not do: there is no program `nosuchprog` in PATH";
    assert_eq!(said.matches("may not do").count(), 1, "{said}");
    assert!(said.contains(doubt), "{said}");
    let discovered = desktop.run(["discover", "--all"]).success().transcript();
    assert!(
        discovered.contains("no program `nosuchprog`"),
        "{discovered}"
    );
}

#[test]
fn discover_shows_the_effect_of_rules() {
    let desktop = Desktop::new();
    let inside = desktop.path().join("home/work");
    fs::create_dir_all(&inside).expect("it is ours");
    desktop.open_window_in(TestWindow::new("editor").count(2), &inside);
    let discovered = |rule: &str| {
        let rule = format!("rules: [{{ criteria: {{ class: ^Editor$ }}, {rule} }}]\n");
        config(&desktop, USER, &rule);
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
    // One window's command opens the other one, as in what is captured.
    let json = discovered("command: test-window, cwd: ~/work/..");
    assert_eq!(cwds(&json), [json!("~/work/.."), json!(null)], "{json:#}");

    let json = discovered("ignore: true");
    let rule = json[0]["left_out_by"].as_str().unwrap_or_default();
    assert!(rule.ends_with("config.yaml:2"), "{json:#}");
    let said = desktop.command(["discover", "--all"]).run().transcript();
    assert_eq!(
        said.matches("leaves the window out of layouts").count(),
        2,
        "{said}"
    );
}

#[test]
fn secrets_of_the_users_patterns_appear_nowhere() {
    let desktop = Desktop::new();
    config(&desktop, USER, "secret_patterns: [\"corp-[0-9]{6}\"]\n");
    desktop.open_window(TestWindow::new("editor").title("ticket corp-123456 open"));
    let said = desktop.run(["capture", "t"]).success().transcript();
    assert!(said.contains("set TEST_WINDOW_SECRET"), "{said}");
    let text = desktop.layout("t");
    assert!(text.contains("ticket *** open"), "{text}");
    assert!(!text.contains("corp-123456"), "{text}");
    for call in [
        &["diff", "t"] as &[&str],
        &["apply", "t", "--dry-run", "--explain"],
        &["show", "t", "--json"],
        &["rules", "explain"],
    ] {
        let call = desktop
            .command(call)
            .env("TEST_WINDOW_SECRET", "corp-123456");
        let said = call.run().transcript();
        assert!(!said.contains("corp-123456"), "{said}");
    }
}

#[test]
fn people_can_read_their_own_patterns() {
    let desktop = Desktop::new();
    // The one finds itself, the other announces a secret.
    config(
        &desktop,
        USER,
        "secret_patterns: [\"corp.+\", \"password is (\\\\S+)\"]\nrules: [{ criteria: { title: \
         corp12345678 }, ignore: true }]\n",
    );
    let said = desktop.run(["config"]).success().transcript();
    assert!(said.contains("  corp.+  ("), "{said}");
    assert!(said.contains("  password is (\\S+)  ("), "{said}");
    assert!(!said.contains("corp12345678"), "{said}");
    let said = desktop.report("config");
    let patterns = &said["secret_patterns"];
    assert_eq!(patterns[0]["pattern"], "corp.+", "{said:#}");
    assert_eq!(patterns[1]["pattern"], "password is (\\S+)", "{said:#}");
    assert!(!said.to_string().contains("corp12345678"), "{said:#}");
}

#[test]
fn the_configuration_says_where_each_part_is() {
    let desktop = Desktop::new();
    config(
        &desktop,
        USER,
        "projects:\n  p: { directory: ~/src/p }\nforeground_programs: { add: [ncmpcpp] }\n",
    );
    config(&desktop, SYSTEM, "secret_patterns: [\"corp-[0-9]+\"]\n");
    let said = desktop.run(["config"]).success().transcript();
    for line in [
        "p: ~/src/p  (",
        "config/i3pm-layout/config.yaml:3)",
        "+ncmpcpp  (",
        "corp-[0-9]+  (",
        "share/i3pm-layout/config.yaml:2)",
        "(built-in, rules/built-in.yaml:",
        "/etc/i3pm-layout/config.yaml  (not there)",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    let json = desktop.report("config");
    assert_eq!(json["projects"]["p"]["origin"]["line"], 3, "{json:#}");
    assert_eq!(json["projects"]["p"]["origin"]["layer"], "user", "{json:#}");
}

#[test]
fn invalid_or_foreign_configuration_is_refused_with_its_place() {
    let desktop = Desktop::new();
    desktop.open_window("editor");
    config(
        &desktop,
        USER,
        "rules:\n  - criteria: { clas: ^A$ }\n    ignore: yes\n",
    );
    let said = desktop.run(["capture", "t"]).code(2).transcript();
    assert!(said.contains("unknown key `clas`"), "{said}");
    assert!(said.contains("did you mean `class`?"), "{said}");
    assert!(said.contains("config.yaml:3:"), "{said}");
    assert!(
        said.contains("`ignore` must be `true` or `false`"),
        "{said}"
    );

    let file = desktop.write(USER, "version: 1\n");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).expect("it is ours");
    let said = desktop.run(["capture", "t"]).code(2).transcript();
    assert!(
        said.contains("others can write")
            && said.contains("(mode 0666), so the configuration was not used")
            && said.contains("`chmod go-w ")
            && said.contains("`capture` reads the configuration first, and has changed nothing"),
        "{said}"
    );
    assert!(!said.contains("commands"), "{said}");
    let said = desktop.run(["config"]).code(2).transcript();
    assert!(!said.contains("changed nothing"), "{said}");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("it is ours");
    desktop.run(["capture", "t"]).success();
}

#[test]
fn invalid_configuration_stops_apply_only_where_it_matters() {
    let desktop = Desktop::new();
    desktop.open_window("a");
    desktop.run(["capture", "t"]).success();
    config(&desktop, USER, "rules: [{ nonsense: 1 }]\n");
    desktop.run(["apply", "t"]).success();
    desktop.run(["apply", "t", "--mode", "close"]).code(2);
    desktop.run(["diff", "t"]).code(2);
    // With nothing but comments, nothing is wrong.
    desktop.write(USER, "# rules:\n");
    desktop.run(["diff", "t"]).success();
}
