//! Hooks before and after `apply` and `capture`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{Desktop, Slot, TestWindow, Workspace, layout};

/// A script that adds a line with these variables to the file `hooks.log`.
fn noting(desktop: &Desktop, text: &str) -> String {
    let log = desktop.path().join("hooks.log");
    format!("#!/bin/sh\necho \"{text}\" >> {}\n", log.display())
}

/// The lines of `hooks.log`.
fn noted(desktop: &Desktop) -> Vec<String> {
    let text = fs::read_to_string(desktop.path().join("hooks.log")).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// Saves a layout `t` with these hooks and nodes on workspace 1.
fn save<T: std::fmt::Display>(desktop: &Desktop, hooks: &str, nodes: impl IntoIterator<Item = T>) {
    let workspaces = layout([Workspace::shown("1").nodes(nodes)]);
    desktop.save_text("t", &format!("{workspaces}hooks: {hooks}\n"));
}

fn is_running(pid: &str) -> bool {
    Path::new("/proc").join(pid).exists()
}

#[test]
fn hooks_run_in_order_with_facts_about_the_run() {
    let desktop = Desktop::new();
    let facts = "$0 $I3PM_EVENT $I3PM_COMMAND $I3PM_LAYOUT $I3PM_SLOTS ${I3PM_FILLED-none} \
                 ${I3PM_RESULT-none} $1";
    let script = noting(&desktop, facts).replace("$0", "$(basename $0)");
    desktop.write_executable("bin/note", &script);
    for file in [
        "config/i3pm-layout/hooks.d/pre-apply/20-user",
        "config/i3pm-layout/hooks.d/pre-apply/10-both",
        "share/i3pm-layout/hooks.d/post-apply",
        "share/i3pm-layout/hooks.d/pre-apply/15-system",
    ] {
        desktop.write_executable(file, &script);
    }
    let fails = "#!/bin/sh\nexit 1\n";
    desktop.write_executable("share/i3pm-layout/hooks.d/pre-apply/10-both", fails);
    desktop.write("config/i3pm-layout/hooks.d/pre-apply/README", "no program");
    desktop.write_executable("config/i3pm-layout/hooks.d/pre-apply/30-old~", fails);
    desktop.configure("hooks: { post-apply: [[note, user]], on-incomplete: note never }\n");
    desktop.write(
        "share/i3pm-layout/config.yaml",
        "version: 1\nhooks: { post-apply: note system }\n",
    );
    let hooks = "{ pre-apply: [note, \"${what} ~\"], post-apply: { command: note last } }";
    save(&desktop, hooks, [TestWindow::new("w0").slot()]);
    let text = desktop.layout("t");
    desktop.save_text("t", &format!("{text}vars: {{ what: a b }}\n"));

    let report = desktop.apply("t");
    let expected = [
        "10-both pre-apply apply t 1 none none ",
        "15-system pre-apply apply t 1 none none ",
        "20-user pre-apply apply t 1 none none ",
        "note pre-apply apply t 1 none none a b ~",
        "post-apply post-apply apply t 1 1 complete ",
        "note post-apply apply t 1 1 complete system",
        "note post-apply apply t 1 1 complete user",
        "note post-apply apply t 1 1 complete last",
    ];
    assert_eq!(noted(&desktop), expected);
    assert_eq!(
        report["hooks"].as_array().map(Vec::len),
        Some(expected.len())
    );
    assert_eq!(report["hooks"][7]["command"], json!(["note", "last"]));
    assert_eq!(report["hooks"][7]["failed"], Value::Null);
}

#[test]
fn failing_hook_before_a_run_stops_it() {
    let desktop = Desktop::new();
    desktop.open_window("open");
    let before = desktop.tree();
    desktop.write_executable("bin/fails", "#!/bin/sh\necho fatal: no bar >&2\nexit 3\n");
    desktop.configure("hooks: { post-apply: touch ran }\n");
    for (command, error) in [
        (
            "fails",
            "the pre-apply hook `fails` exited with code 3; nothing was changed",
        ),
        (
            "no-such-hook",
            "hook `no-such-hook` cannot be started: `no-such-hook` is not installed",
        ),
        (
            "'fails ${env:NO_SUCH}'",
            "the environment variable `NO_SUCH` is not set",
        ),
    ] {
        let hooks = format!("{{ pre-apply: {command} }}");
        save(&desktop, &hooks, [TestWindow::new("w0").slot()]);
        let output = desktop.run(["apply", "t"]).code(2);
        output.stderr_has(error).stderr_has("it is in ");
        assert_eq!(desktop.tree(), before, "{output:?}");
    }
    assert_eq!(desktop.starts(), 1);
    assert!(!desktop.path().join("home/ran").exists());

    save(
        &desktop,
        "{ pre-apply: fails }",
        [TestWindow::new("w0").slot()],
    );
    let output = desktop.run(["apply", "t", "--json"]).code(2);
    let errors: Value = serde_json::from_str(&output.stderr).expect("errors are JSON");
    assert_eq!(errors["errors"][0]["code"], "hook-failed", "{errors:#}");
    let note = errors["errors"][0]["notes"][0].as_str().expect("a note");
    assert!(note.contains("fatal: no bar"), "{note}");
}

#[test]
fn failing_hook_after_a_run_is_a_warning() {
    let desktop = Desktop::new();
    desktop.write_executable("bin/note", &noting(&desktop, "$I3PM_EVENT"));
    let hooks = "{ post-apply: [[sh, -c, 'echo cannot do it; exit 4'], [note]] }";
    save(&desktop, hooks, [TestWindow::new("w0").slot()]);
    let output = desktop.run(["apply", "t"]).success();
    output
        .stderr_has(
            "warning: the post-apply hook `sh -c 'echo cannot do it; exit 4'` exited with code 4\n",
        )
        .stderr_has("note: its output: cannot do it\n")
        .stderr_lacks("nothing was changed");
    assert_eq!(noted(&desktop), ["post-apply"]);
    let report = desktop.apply("t");
    assert_eq!(
        report["hooks"][0]["failed"], "exited with code 4",
        "{report:#}"
    );
    assert_eq!(report["hooks"][0]["output"], json!(["cannot do it"]));
}

#[test]
fn hooks_of_incomplete_runs_get_the_empty_slots() {
    let desktop = Desktop::new();
    let facts = "$I3PM_EVENT $I3PM_RESULT $I3PM_FILLED/$I3PM_SLOTS $I3PM_EMPTY";
    desktop.write_executable("bin/note", &noting(&desktop, facts));
    let nodes = [
        TestWindow::new("w0").slot(),
        Slot::new("none").command("false"),
    ];
    save(&desktop, "{ on-incomplete: note, post-apply: note }", nodes);
    desktop.run(["apply", "t"]).code(1);
    let expected = [
        "post-apply incomplete 1/2 none",
        "on-incomplete incomplete 1/2 none",
    ];
    assert_eq!(noted(&desktop), expected);
}

#[test]
fn hook_that_takes_too_long_is_ended_with_its_processes() {
    let desktop = Desktop::new();
    let pid = desktop.path().join("pid");
    let script = format!(
        "#!/bin/sh\ntrap '' TERM\nsleep 1000 & echo $! > {}; wait; sleep 1000\n",
        pid.display()
    );
    desktop.write_executable("bin/slow", &script);
    let hooks = "{ pre-apply: { command: slow, timeout: 0.5 } }";
    save(&desktop, hooks, [TestWindow::new("w0").slot()]);
    let output = desktop.run(["apply", "t"]).code(2);
    output.stderr_has("the pre-apply hook `slow` did not end within 0.5 s and was ended");
    output.stderr_has("set a longer `timeout`");
    let child = fs::read_to_string(&pid).expect("the hook has run");
    desktop.wait_until("the child of the hook is gone", || {
        !is_running(child.trim())
    });
    assert_eq!(desktop.starts(), 0);
}

#[test]
fn interrupt_ends_a_hook_and_the_run() {
    let desktop = Desktop::new();
    let pid = desktop.path().join("pid");
    let script = format!(
        "#!/bin/sh\nsleep 1000 & echo $! > {}; wait\n",
        pid.display()
    );
    desktop.write_executable("bin/slow", &script);
    let hooks = "{ pre-apply: { command: slow, timeout: 1000 } }";
    save(&desktop, hooks, [TestWindow::new("w0").slot()]);
    let running = desktop.command(["apply", "t"]).start();
    let child = || fs::read_to_string(&pid).unwrap_or_default();
    desktop.wait_until("the hook runs", || child().ends_with('\n'));
    running.interrupt();
    let output = running.wait().code(2);
    output.stderr_has("the pre-apply hook `slow` was interrupted; nothing was changed");
    desktop.wait_until("the child of the hook is gone", || {
        !is_running(child().trim())
    });
    assert_eq!(desktop.starts(), 0);
}

#[test]
fn files_that_others_can_write_are_not_run() {
    let desktop = Desktop::new();
    let script = noting(&desktop, "$I3PM_EVENT");
    let hook = desktop.write_executable("config/i3pm-layout/hooks.d/post-apply/x", &script);
    save(&desktop, "{}", [TestWindow::new("w0").slot()]);
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o777)).expect("the file is own");
    let output = desktop.run(["apply", "t"]).success();
    output
        .stderr_has("was not run: ")
        .stderr_has("is writable by other users (mode 0777)");
    output.stderr_has("then run `chmod go-w ");
    assert!(noted(&desktop).is_empty());
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).expect("the file is own");
    desktop
        .run(["apply", "t"])
        .success()
        .stderr_lacks("was not run");
    assert_eq!(noted(&desktop), ["post-apply"]);

    save(
        &desktop,
        "{ pre-apply: touch ran }",
        [TestWindow::new("w0").slot()],
    );
    let file = desktop.layout_path("t");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).expect("the file is own");
    let output = desktop.run(["apply", "t", "--rearrange"]).code(2);
    output.stderr_has("the pre-apply hook `touch ran` was not run: ");
    desktop
        .run(["apply", "t", "--rearrange", "--trust"])
        .success();
    assert!(desktop.path().join("home/ran").exists());
}

#[test]
fn dry_run_lists_hooks_and_runs_none() {
    let desktop = Desktop::new();
    desktop.configure("hooks: { pre-apply: touch ran, on-incomplete: no-such-hook }\n");
    save(
        &desktop,
        "{ post-apply: touch ran }",
        [TestWindow::new("w0").slot()],
    );
    let output = desktop.run(["apply", "t", "--dry-run"]).success();
    output.stdout_has(
        "run hooks\n  pre-apply  touch ran  (~/../config/i3pm-layout/config.yaml:2)\n"
            .replace("~/..", &desktop.path().display().to_string())
            .as_str(),
    );
    output.stdout_has("error: it cannot be started: `no-such-hook` is not installed");
    let dry = desktop.report("apply t --dry-run");
    let events = dry["hooks"].as_array().expect("a list").iter();
    let events: Vec<_> = events.map(|hook| hook["event"].as_str()).collect();
    assert_eq!(
        events,
        [Some("pre-apply"), Some("post-apply"), Some("on-incomplete")]
    );
    assert!(!desktop.path().join("home/ran").exists());
}

#[test]
fn hooks_of_capture_run_around_it() {
    let desktop = Desktop::new();
    let facts = "$I3PM_EVENT $I3PM_COMMAND $I3PM_LAYOUT ${I3PM_SLOTS-none} ${I3PM_RESULT-none} \
                 $(basename $I3PM_FILE) $(test -e $I3PM_FILE && echo exists)";
    desktop.write_executable("bin/note", &noting(&desktop, facts));
    desktop.configure("hooks: { pre-capture: note, post-capture: note }\n");
    desktop.open_window("w0");
    desktop.run(["capture", "t"]).success();
    let expected = [
        "pre-capture capture t none none t.yaml ",
        "post-capture capture t 1 created t.yaml exists",
    ];
    assert_eq!(noted(&desktop), expected);

    let text = format!(
        "{}hooks: {{ post-capture: touch ran }}\n",
        desktop.layout("t")
    );
    desktop.save_text("t", &text);
    desktop
        .run(["capture", "t", "--update", "--dry-run"])
        .success();
    assert_eq!(noted(&desktop).len(), 2);
    desktop.open_window("w1");
    let report = desktop.report("capture t --update");
    assert!(desktop.path().join("home/ran").exists());
    assert_eq!(noted(&desktop).len(), 4);
    assert_eq!(report["hooks"].as_array().map(Vec::len), Some(3));
    let text = desktop.layout("t");
    assert!(
        text.contains("hooks: { post-capture: touch ran }"),
        "{text}"
    );

    desktop.configure("hooks: { pre-capture: 'false' }\n");
    let output = desktop.run(["capture", "new"]).code(2);
    output.stderr_has("the pre-capture hook `false` exited with code 1; nothing was changed");
    assert!(!desktop.layout_path("new").exists());
}

#[test]
fn journal_has_hooks_without_secrets() {
    let desktop = Desktop::new();
    let hooks = "{ post-apply: [sh, -c, 'echo $0', '--password=hunter2hunter2'] }";
    save(&desktop, hooks, [TestWindow::new("w0").slot()]);
    let output = desktop.run(["apply", "t", "--verbose"]).success();
    output
        .stderr_has("hook  post-apply  sh -c 'echo $0'")
        .stderr_lacks("hunter2");
    let shown = desktop
        .run(["history", "show", "last", "--events"])
        .success();
    shown.stdout_has("hook").stdout_lacks("hunter2");
    let runs = fs::read_dir(desktop.path().join("state/i3pm-layout/runs")).expect("it exists");
    for run in runs.flatten() {
        let text = fs::read_to_string(run.path()).expect("the file can be read");
        assert!(
            text.contains("\"hook\":") && !text.contains("hunter2"),
            "{text}"
        );
    }
}

#[test]
fn hooks_run_once_if_a_part_updates_a_larger_layout() {
    let desktop = Desktop::new();
    desktop.open_window("first");
    desktop.run_i3("workspace 2");
    desktop.open_window("second");
    desktop.run(["capture", "t"]).success();
    let script = noting(&desktop, "$I3PM_EVENT");
    desktop.write_executable("bin/note", &script);
    desktop.configure("hooks: { pre-capture: note, post-capture: note }\n");
    desktop.open_window("third");
    desktop.run(["capture", "t", "-w", "2"]).success();
    assert_eq!(noted(&desktop), ["pre-capture", "post-capture"]);
}

#[test]
fn a_broken_configuration_with_hooks_stops_apply() {
    let desktop = Desktop::new();
    save(&desktop, "{}", [TestWindow::new("w0").slot()]);
    desktop.configure("hooks: { pre-apply: false }\nrule: []\n");
    let refused = desktop.run(["apply", "t"]).code(2);
    refused.stderr_has("unknown key `rule`");
    refused.stderr_has("nothing was changed");
    assert_eq!(desktop.starts(), 0);
    desktop.configure("# hooks: later\nrule: []\n");
    let applied = desktop.run(["apply", "t"]).success();
    applied.stderr_has("it has no hooks, so the layout is restored without it");
    assert_eq!(desktop.starts(), 1);
}
