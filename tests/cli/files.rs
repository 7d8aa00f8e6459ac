//! Commands that work on layout files and need no desktop.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;

use assert_cmd::Command;
use insta::assert_snapshot;

use super::{Home, read};

#[test]
fn validate_shows_all_problems_of_all_files() {
    let home = Home::new();
    home.write("good.yaml", "version: 1\n");
    home.write("bad.yaml", "version: 1\nworkspace: []\nmonitor: []\n");
    assert_snapshot!(home.run(&["validate", "good.yaml"]), @"
    good.yaml is valid: 0 windows on 0 workspaces
    [exit 0]
    ");
    assert_snapshot!(home.run(&["validate", "bad.yaml", "good.yaml"]), @"
    good.yaml is valid: 0 windows on 0 workspaces
    error: unknown key `workspace`
     --> bad.yaml:2:1
      |
    2 | workspace: []
      | ^^^^^^^^^
    hint: did you mean `workspaces`?

    error: unknown key `monitor`
     --> bad.yaml:3:1
      |
    3 | monitor: []
      | ^^^^^^^
    hint: did you mean `monitors`?
    [exit 1]
    ");
    let output = home
        .command(&["validate", "--json", "-"])
        .write_stdin("version: 7\n")
        .output()
        .expect("the program is built");
    assert_eq!(output.status.code(), Some(1));
    let list: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("the output is JSON");
    assert_eq!(list[0]["file"], "<stdin>");
    assert_eq!(list[0]["line"], 1);
    let missing = home.run(&["validate", "bad.yaml", "none.yaml"]);
    assert!(missing.ends_with("[exit 2]"), "{missing}");
}

#[test]
fn validate_counts_windows_and_warns_about_missing_directories() {
    let home = Home::new();
    home.write(
        "hidden.yaml",
        "version: 1\nscratchpad:\n  - { command: xterm, cwd: ~/gone }\n",
    );
    assert_snapshot!(home.run(&["validate", "hidden.yaml"]), @"
    hidden.yaml is valid: 1 window in the scratchpad
    warning: the working directory ~/gone of `xterm` does not exist
    hint: run `mkdir -p ~/gone`, or change `cwd`
    [exit 0]
    ");
    let output = home.output(&["validate", "hidden.yaml", "--json"]);
    assert_eq!(output.status.code(), Some(0));
    let list: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("the output is JSON");
    assert_eq!(list[0]["severity"], "warning");
    assert_eq!(list[0]["code"], "no-directory");
    home.write("gone/x", "");
    assert_snapshot!(home.run(&["validate", "hidden.yaml"]), @"
    hidden.yaml is valid: 1 window in the scratchpad
    [exit 0]
    ");
}

#[test]
fn list_prints_one_name_per_line() {
    let home = Home::new();
    assert_snapshot!(home.run(&["list"]), @"
    no layouts in ~/.config/i3pm-layout/layouts yet; run `i3pm-layout capture NAME` to create the first
    [exit 0]
    ");
    home.layout("zoo");
    home.layout("nixos/daily");
    assert_snapshot!(home.run(&["ls"]), @"
    zoo
    nixos/daily
    [exit 0]
    ");
    let output = home.output(&["list", "--json"]);
    let list: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("the output is JSON");
    assert_eq!(list[1]["name"], "nixos/daily");
    assert_eq!(list[1]["project"], "nixos");
}

#[test]
fn show_works_without_a_desktop() {
    let home = Home::new();
    home.write(
        "tour.yaml",
        r#"version: 1
vars: { root: ~/src }
monitors:
  - { output: eDP-1, rect: 1920x1080+0+0, primary: true }
workspaces:
  - name: "1:code"
    output: eDP-1
    visible: true
    nodes:
      - { id: editor, swallow: { class: ^Code$ }, command: "code ${root}", percent: 60 }
      - layout: tabbed
        percent: 40
        nodes:
          - { id: log, swallow: { class: ^XTerm$ }, command: xterm, cwd: "${root}", marks: [log] }
          - { id: more, swallow: { class: ^XTerm$ } }
    floating:
      - { id: mixer, swallow: { class: ^Mixer$ }, command: "mix ${env:NONE}", rect: 800x600+10+20 }
scratchpad:
  - { id: drop, swallow: { class: ^Drop$ }, command: xterm -name drop, env: { A: "b c" } }
focus: "1:code"
"#,
    );
    assert_snapshot!(home.run(&["show", "tour.yaml"]), @"
    tour.yaml
    monitors: eDP-1 1920x1080+0+0 primary

    1:code  splith, on eDP-1, visible, focused
      60 %  editor  code [HOME]/src
      40 %  tabbed
        50 %  log  xterm  (in [HOME]/src)  [mark log]
        50 %  more  (opened by another slot's program)
      floating 800x600+10+20  mixer  (cannot be started: the environment variable `NONE` is not set)
    scratchpad
      floating  drop  A='b c' xterm -name drop
    warning: the working directory ~/src of `log` does not exist
    hint: run `mkdir -p ~/src`, or change `cwd`
    warning: `editor`: `code` is not installed, or not in PATH
    hint: install the program, or change `command`
    warning: `mixer`: `mix` is not installed, or not in PATH
    hint: install the program, or change `command`
    warning: `mixer`: the environment variable `NONE` is not set
    hint: set the variable where `apply` runs, or use `vars`
    [exit 0]
    ");
    let output = home.output(&["info", "tour.yaml", "--json"]);
    let shown: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("the output is JSON");
    assert_eq!(shown["workspaces"][0]["slots"][0]["slot"], "editor");
}

#[test]
fn rename_moves_a_layout_and_delete_keeps_a_backup() {
    let home = Home::new();
    let old = home.layout("daily");
    let text = read(&old);
    assert_snapshot!(home.run(&["rename", "daily", "work/day"]), @"
    renamed `daily` to `work/day`: ~/.config/i3pm-layout/layouts/work/day.yaml
    [exit 0]
    ");
    home.layout("other");
    assert_snapshot!(home.run(&["rename", "other", "work/day"]), @"
    error: layout `work/day` already exists (~/.config/i3pm-layout/layouts/work/day.yaml)
    hint: run `i3pm-layout delete work/day` first, or choose another name
    [exit 2]
    ");
    assert_snapshot!(home.run(&["rename", "other", "other"]), @"
    error: the old and the new name are the same
    [exit 2]
    ");
    assert_snapshot!(home.run(&["rm", "work/day"]), @"
    deleted `work/day`; to restore the file, run `i3pm-layout revert work/day last`
    [exit 0]
    ");
    assert_eq!(home.run(&["list"]), "other\n[exit 0]");
    let printed = home.run(&["revert", "day", "last"]);
    assert!(printed.ends_with("[exit 0]"), "{printed}");
    assert_eq!(
        read(home.path(".config/i3pm-layout/layouts/work/day.yaml")),
        text
    );
    home.run(&["rm", "work/day"]);
    assert_eq!(home.run(&["list"]), "other\n[exit 0]");
}

#[test]
fn compile_with_monitors_works_without_a_desktop() {
    let home = Home::new();
    home.layout("daily");
    let monitors = ["--monitors", "eDP-1:1920x1080+0+0:primary"];
    let printed = home.run(&["compile", "daily", monitors[0], monitors[1]]);
    assert!(printed.starts_with("// workspace `1`\n{"), "{printed}");
    let written = home.run(&["compile", "daily", monitors[0], monitors[1], "-o", "out"]);
    assert_snapshot!(written, @r#"
    i3-msg 'workspace --no-auto-back-and-forth "1"; append_layout "[HOME]/out/1.json"'
    wrote 1 file to ~/out
    [exit 0]
    "#);
    assert!(home.path("out/1.json").exists());
}

#[test]
fn commands_that_change_files_report_json() {
    let home = Home::new();
    home.layout("daily");
    let json = |command: &mut Command, code: i32| -> serde_json::Value {
        let output = command.output().expect("the program is built");
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        let text = if code == 0 {
            output.stdout
        } else {
            output.stderr
        };
        serde_json::from_slice(&text).expect("the output is JSON")
    };
    let edit = |script: &str, code| {
        let editor = home.editor(script);
        let mut command = home.command(&["edit", "daily", "--json"]);
        json(command.env("EDITOR", editor), code)
    };
    assert_eq!(edit("s/none//", 0)["changed"], false);
    let edited = edit("s/xterm/urxvt/", 0);
    assert_eq!(edited["changed"], true);
    let backup = edited["backup"].as_str().expect("the key is set");
    assert!(read(backup).contains("xterm"));
    let refused = edit("s/command/comand/", 2);
    assert_eq!(refused["errors"][0]["code"], "layout::unknown-key");
    assert_eq!(refused["errors"][0]["line"], 5);
    assert_eq!(refused["errors"][1]["code"], "not-saved");
    let renamed = json(
        &mut home.command(&["rename", "daily", "work/day", "--json"]),
        0,
    );
    assert_eq!(renamed["name"], "work/day");
    assert_eq!(renamed["windows"], 0);
    let path = renamed["path"].as_str().expect("the key is set");
    let deleted = json(&mut home.command(&["delete", "work/day", "--json"]), 0);
    assert_eq!(deleted["path"], path);
    let backup = deleted["backup"].as_str().expect("the key is set");
    assert!(read(backup).contains("urxvt"));
}

#[test]
fn json_has_paths_that_are_not_utf8() {
    let home = Home::new();
    let odd = home.path("").join(OsStr::from_bytes(b"caf\xe9"));
    let layouts = odd.join(".config/i3pm-layout/layouts");
    fs::create_dir_all(&layouts).expect("the home directory is writable");
    fs::write(layouts.join("daily.yaml"), "version: 1\n").expect("the home directory is writable");
    for command in [
        "list",
        "config",
        "show daily",
        "rename daily work",
        "delete work",
    ] {
        let arguments: Vec<&str> = command.split(' ').chain(["--json"]).collect();
        let output = home.command(&arguments).env("HOME", &odd).output();
        let output = output.expect("the program runs");
        assert_eq!(output.status.code(), Some(0), "{command}: {output:?}");
        let text = String::from_utf8(output.stdout).expect("the text is UTF-8");
        assert!(text.contains("caf\u{fffd}/.config"), "{command}: {text}");
    }
}

#[test]
fn all_problems_of_a_slot_are_shown() {
    let home = Home::new();
    home.write(
        "a.yaml",
        "version: 1\nworkspaces:\n  - name: \"1\"\n    nodes:\n      \
         - { id: a, swallow: { class: ^A$ }, command: \"no-such-1 ${env:UNSET}\", cwd: /no/such }\n",
    );
    assert_snapshot!(home.run(&["validate", "a.yaml"]), @"
    a.yaml is valid: 1 window on 1 workspace
    warning: the working directory /no/such of `a` does not exist
    hint: run `mkdir -p /no/such`, or change `cwd`
    warning: `a`: `no-such-1` is not installed, or not in PATH
    hint: install the program, or change `command`
    warning: `a`: the environment variable `UNSET` is not set
    hint: set the variable where `apply` runs, or use `vars`
    [exit 0]
    ");
}

#[test]
fn directories_with_environment_variables_are_shown_as_written() {
    let home = Home::new();
    home.write(
        "a.yaml",
        "version: 1\nworkspaces:\n  - name: \"1\"\n    nodes:\n      \
         - { id: a, swallow: { class: ^A$ }, command: sh, cwd: \"${env:HOME}/sub\" }\n      \
         - { id: b, swallow: { class: ^B$ }, command: sh, cwd: \"${env:PART}/sub\" }\n",
    );
    let printed = home.transcript(home.command(&["show", "a.yaml"]).env("PART", "relative"));
    assert!(printed.contains("(in ${env:HOME}/sub)"), "{printed}");
    assert!(printed.contains("(in [HOME]/${env:PART}/sub)"), "{printed}");
}

#[test]
fn values_of_variables_that_are_written_elsewhere_are_not_masked() {
    let home = Home::new();
    home.write(
        "a.yaml",
        "version: 1\nworkspaces:\n  - name: \"1\"\n    nodes:\n      \
         - { id: editor-1, swallow: { class: ^A$ }, command: \"sh ${env:WHICH} ${env:OTHER}\" }\n",
    );
    let run = |which: &str, name: &str| {
        let mut command = home.command(&["show", "a.yaml", "--json"]);
        home.transcript(command.env("WHICH", which).env("OTHER", name))
    };
    assert!(run("editor-1", "x").contains("\"editor-1\""));
    // A value that is nowhere else.
    let printed = run("x", "hunter2-hunter2");
    assert!(!printed.contains("hunter2"), "{printed}");
}

#[test]
fn files_are_not_written_to_folders_that_do_not_exist() {
    let home = Home::new();
    home.layout("daily");
    for arguments in [
        &["diagnose", "-o", "none/report.json"][..],
        &["preview", "daily", "--png", "none/a.png"],
        &["preview", "daily", "--svg", "none/a.svg"],
        &["capture", "none/a.yaml"],
    ] {
        let printed = home.run(arguments);
        assert!(
            printed.contains(
                "error: the directory none does not exist\n\
                              hint: run `mkdir -p none` first\n[exit 2]"
            ),
            "{arguments:?}: {printed}"
        );
        assert!(!home.path("none").exists(), "{arguments:?}");
    }
}

#[test]
fn compared_layouts_get_the_variables_that_they_have() {
    let home = Home::new();
    let text = |vars: &str, directory: &str| {
        format!(
            "version: 1\nvars: {vars}\nworkspaces:\n  - name: \"1\"\n    nodes:\n      \
             - {{ id: shell, command: xterm, cwd: \"{directory}\" }}\n"
        )
    };
    home.write("a.yaml", &text("{ root: ~/a, name: x }", "${root}/${name}"));
    home.write("b.yaml", &text("{ root: null }", "${root}"));
    let same = home.run(&["diff", "a.yaml", "a.yaml", "root=/x", "--set", "name=y"]);
    assert!(same.ends_with("no differences\n[exit 0]"), "{same}");
    let differ = home.run(&["diff", "a.yaml", "b.yaml", "root=/x", "name=y"]);
    assert!(
        differ.contains("\n-vars: { name: \"y\", root: /x }\n+vars: { root: /x }\n"),
        "{differ}"
    );
    assert_snapshot!(home.run(&["diff", "a.yaml", "b.yaml", "root=/x", "nme=y"]), @"
    error: neither layout `a.yaml` nor layout `b.yaml` has a variable `nme`
    hint: did you mean `name`?
    [exit 2]
    ");
    assert_snapshot!(home.run(&["diff", "b.yaml", "a.yaml", "name=y"]), @"
    error: layout `b.yaml` needs a value for `root`
    hint: add `root=VALUE` to the command
    [exit 2]
    ");
}

#[test]
fn validate_warns_about_variables_that_nothing_uses() {
    let home = Home::new();
    let templates = "version: 1\nvars: { root: ~/src, spare: x }\n\
                     templates: { shell: { command: sh, cwd: \"${root}\" } }\n";
    home.write("shared.yaml", templates);
    let nodes = "workspaces: [{ name: \"1\", nodes: [{ command: sh }] }]";
    let text = format!("version: 1\ninclude: shared.yaml\nvars:\n  root: /\n  rot: /\n{nodes}\n");
    home.write("t.yaml", &text);
    assert_snapshot!(home.run(&["validate", "t.yaml", "shared.yaml"]), @"
    t.yaml is valid: 1 window on 1 workspace
    shared.yaml is valid: 0 windows on 0 workspaces
    warning: nothing uses the variable `rot`
     --> t.yaml:5:3
      |
    5 |   rot: /
      |   ^^^
    hint: write `${rot}` where its value belongs, or remove it
    [exit 0]
    ");
    home.write("t.yaml", &text.replace("  root: /\n  rot: /", "  rot: /"));
    let json = home.run(&["validate", "--json", "t.yaml"]);
    assert!(json.contains("\"code\": \"unused-variable\""), "{json}");
    assert!(
        json.contains("did you mean `root`, which an included file has?"),
        "{json}"
    );
}

#[test]
fn file_with_only_templates_is_not_restored() {
    let home = Home::new();
    let text = "version: 1\nvars: { root: null }\ntemplates: { a: { command: \"sh ${root}\" } }\n";
    home.write("shared.yaml", text);
    for command in ["apply", "try"] {
        assert_eq!(
            home.run(&[command, "shared.yaml"]),
            "error: layout `shared.yaml` has no windows to restore\n\
             hint: it has only variables and templates, for layouts that name its file in `include`: \
             apply one of these\n[exit 2]"
        );
    }
}

#[test]
fn name_of_a_saved_session_is_recognised() {
    let home = Home::new();
    let name = "20261129-211544-4711";
    let session = format!(".local/state/i3pm-layout/sessions/{name}.yaml");
    home.write(&session, "version: 1\n");
    for arguments in [&["apply", name][..], &["copy", name, "mine"]] {
        assert_eq!(
            home.run(arguments),
            format!(
                "error: layout `{name}` not found in ~/.config/i3pm-layout/layouts\n\
                 hint: `{name}` is a saved session: run `i3pm-layout session restore {name}`, or \
                 use its file ~/{session}\n[exit 2]"
            )
        );
    }
    let other = home.run(&["apply", "20261129-211544-4712"]);
    assert!(!other.contains("session"), "{other}");
}
