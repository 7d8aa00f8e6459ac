//! The configuration: rules, projects and the user's own secret patterns, with real windows.

mod rules;
mod suggested;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::harness::desktop::layouts::CONFIG;
use crate::harness::{Desktop, TestWindow};

/// Writes the system's configuration file, which is below `share` in the tests.
fn configure_system(desktop: &Desktop, lines: &str) {
    let text = format!("version: 1\n{lines}");
    desktop.write("share/i3pm-layout/config.yaml", &text);
}

#[test]
fn project_windows_are_found_by_mark_rule_and_directory() {
    let desktop = Desktop::new();
    let inside = desktop.create_directory("home/src/p/lib");
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

    // Without a directory, only marked windows belong to the project.
    let printed = desktop.run(["capture", "t", "--project", "p"]).success();
    printed.has("no directory is set for the project `p`");
    let text = desktop.layout("p/t");
    assert_eq!(slots(&text), ["marked"], "{text}");
    let printed = desktop.run(["capture", "t", "--project", "q"]).code(2);
    printed
        .has("no open window belongs to project `q`, which has no directory")
        .has("projects: { q: { directory: ~/src/q } }");
    let printed = desktop.run(["capture", "t", "--project", "/src/q"]).code(2);
    printed.has("hint: write the project's name");

    desktop.configure(
        "rules:\n  - { criteria: { class: ^Ruled$ }, scope: project }\n  - { criteria: { class: \
         ^Music$ }, scope: global }\nprojects: { p: { directory: ~/src/p } }\n",
    );
    let printed = desktop.run(["capture", "p/t", "--update", "--dry-run"]);
    let printed = printed.success().transcript();
    let hint = "`i3pm-layout capture t --project p --update` to capture only those of `p`";
    assert!(printed.contains(hint), "{printed}");
    let printed = desktop.run(["capture", "p/t", "--project", "q"]).code(2);
    printed.has("`i3pm-layout capture t --project q`");
    let printed = desktop.run(["capture", "t", "--project", "p"]).success();
    assert!(
        !printed.transcript().contains("directory"),
        "{}",
        printed.transcript()
    );
    let text = desktop.layout("p/t");
    assert_eq!(slots(&text), ["inside", "ruled", "marked"], "{text}");
    let before = desktop.tree_text();
    desktop.run(["apply", "p/t"]).success();
    assert_eq!(desktop.tree_text(), before);
}

#[test]
fn secrets_that_match_user_patterns_are_masked() {
    let desktop = Desktop::new();
    desktop.configure("secret_patterns: [\"corp-[0-9]{6}\"]\n");
    desktop.open_window(TestWindow::new("editor").title("ticket corp-123456 open"));
    desktop
        .run(["capture", "t"])
        .success()
        .has("set TEST_WINDOW_SECRET");
    let text = desktop.layout("t");
    assert!(
        text.contains("'ticket ${env:TEST_WINDOW_SECRET} open'"),
        "{text}"
    );
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
        call.run().lacks("corp-123456");
    }
}

#[test]
fn secret_patterns_are_printed_unmasked() {
    let desktop = Desktop::new();
    // The first pattern matches its own text; the second contains the word "password".
    desktop.configure(
        "secret_patterns: [\"corp.+\", \"password is (\\\\S+)\"]\nrules: [{ criteria: { title: \
         corp12345678 }, ignore: true }]\n",
    );
    desktop
        .run(["config"])
        .success()
        .has("  corp.+  (")
        .has("  password is (\\S+)  (")
        .lacks("corp12345678");
    let printed = desktop.report("config");
    let patterns = &printed["secret_patterns"];
    assert_eq!(patterns[0]["pattern"], "corp.+", "{printed:#}");
    assert_eq!(patterns[1]["pattern"], "password is (\\S+)", "{printed:#}");
    assert!(!printed.to_string().contains("corp12345678"), "{printed:#}");
}

#[test]
fn config_prints_the_origin_of_each_setting() {
    let desktop = Desktop::new();
    desktop.configure(
        "projects:\n  p: { directory: ~/src/p }\nforeground_programs: { add: [ncmpcpp] }\n",
    );
    configure_system(&desktop, "secret_patterns: [\"corp-[0-9]+\"]\n");
    let printed = desktop.run(["config"]).success().transcript();
    for line in [
        "p: ~/src/p  (",
        "config/i3pm-layout/config.yaml:3)",
        "+ncmpcpp  (",
        "corp-[0-9]+  (",
        "share/i3pm-layout/config.yaml:2)",
        "(built-in, rules/built-in.yaml:",
        "/etc/i3pm-layout/config.yaml  (not found)",
    ] {
        assert!(printed.contains(line), "{line}\n{printed}");
    }
    let json = desktop.report("config");
    assert_eq!(json["projects"]["p"]["origin"]["line"], 3, "{json:#}");
    assert_eq!(json["projects"]["p"]["origin"]["layer"], "user", "{json:#}");
}

#[test]
fn administrator_forbids_commands_and_trust() {
    let desktop = Desktop::new();
    desktop.open_window("editor");
    desktop.run(["capture", "t"]).success();
    desktop.close_all_windows();
    configure_system(
        &desktop,
        "enforce: true\nforbid: [test-window]\nforbid_trust: true\n\
         rules: [{ criteria: { class: ^Editor$ }, timeout: 7 }]\n",
    );
    // The rule of the system takes precedence over this one, which has more criteria.
    desktop.configure("rules: [{ criteria: { class: ^Editor$, instance: e }, timeout: 8 }]\n");
    let is_root = rustix::process::geteuid().is_root();
    if !is_root {
        // Only root can enforce anything.
        let ignored = "enforce (ignored: not only root can change the file)";
        desktop.run(["config"]).success().has(ignored);
        desktop.run(["apply", "t"]).success();
        return;
    }
    let file = "share/i3pm-layout/config.yaml";
    let config = desktop.run(["config"]).success().transcript();
    for (line, number) in [
        ("enforce  (", 2),
        ("forbid test-window  (", 3),
        ("forbid_trust  (", 4),
    ] {
        let place = format!("{file}:{number})");
        let found = config
            .lines()
            .any(|found| found.contains(line) && found.contains(&place));
        assert!(found, "{line} {place}\n{config}");
    }
    let reason = "its command is forbidden by ";
    let place = format!("{file}:3 (`test-window`)");
    for arguments in [
        &["validate", "t"][..],
        &["show", "t"],
        &["apply", "t", "--dry-run"],
        &["apply", "t"],
    ] {
        let printed = desktop.run(arguments).transcript();
        assert!(
            printed.contains(reason) && printed.contains(&place),
            "{arguments:?}\n{printed}"
        );
    }
    assert_eq!(desktop.tree_text().matches("editor").count(), 0);
    // A mistake in the user's file avoids nothing.
    desktop.configure("rules: [{ nonsense: 1 }]\n");
    desktop.run(["apply", "t"]).code(1).has(reason);
    desktop.configure("");
    let layout = desktop.layout_path("t");
    fs::set_permissions(&layout, fs::Permissions::from_mode(0o666)).expect("the file is writable");
    desktop
        .run(["apply", "t", "--trust"])
        .code(2)
        .has("`--trust` is forbidden by ")
        .has(&format!("{file}:4"));
    fs::set_permissions(&layout, fs::Permissions::from_mode(0o644)).expect("the file is writable");
    desktop.open_window("editor");
    desktop.configure("rules: [{ criteria: { class: ^Editor$, instance: e }, timeout: 8 }]\n");
    desktop.run(["capture", "u"]).success();
    assert!(
        desktop.layout("u").contains("timeout: 7"),
        "{}",
        desktop.layout("u")
    );
    let system = desktop.path().join(file);
    // What is forbidden stays forbidden if other users can change the file.
    std::os::unix::fs::chown(&system, Some(54_321), None).expect("the test runs as root");
    desktop.close_all_windows();
    desktop
        .run(["apply", "t"])
        .code(2)
        .has("refusing to use the configuration ");
}

#[test]
fn invalid_or_untrusted_configuration_is_rejected() {
    let desktop = Desktop::new();
    desktop.open_window("editor");
    desktop.configure("rules:\n  - criteria: { clas: ^A$ }\n    ignore: yes\n");
    desktop
        .run(["capture", "t"])
        .code(2)
        .has("unknown key `clas`")
        .has("did you mean `class`?")
        .has("config.yaml:3:")
        .has("`ignore` must be `true` or `false`");

    let file = desktop.write(CONFIG, "version: 1\n");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).expect("the file is writable");
    let printed = desktop.run(["capture", "t"]).code(2).transcript();
    assert!(
        printed.contains("writable by other users")
            && printed.contains("error: refusing to use the configuration ")
            && printed.contains("`chmod go-w ")
            && printed.contains("`capture` reads the configuration first, so nothing was changed"),
        "{printed}"
    );
    assert!(!printed.contains("commands"), "{printed}");
    desktop.run(["config"]).code(2).lacks("nothing was changed");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644))
        .expect("the home directory is writable");
    desktop.run(["capture", "t"]).success();
}

#[test]
fn invalid_configuration_stops_only_commands_that_need_it() {
    let desktop = Desktop::new();
    desktop.open_window("a");
    desktop.run(["capture", "t"]).success();
    desktop.configure("rules: [{ nonsense: 1 }]\n");
    desktop.run(["apply", "t"]).success();
    desktop.run(["apply", "t", "--mode", "close"]).code(2);
    desktop.run(["diff", "t"]).code(2);
    // A file with only comments is valid.
    desktop.write(CONFIG, "# rules:\n");
    desktop.run(["diff", "t"]).success();
}
