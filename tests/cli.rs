//! The command line as a person or a script meets it: help, exit codes, messages.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use assert_cmd::Command;
use clap::Command as Clap;
use insta::assert_snapshot;
use tempfile::TempDir;

use crate::harness::{Desktop, Slot, TestWindow, Workspace, coverage_variable};

/// A home without a desktop.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(TempDir::new().expect("the system has a directory for temporary files"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Puts a file into the home directory, or with `.config/...` into the store.
    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("it is ours");
        fs::write(&path, text).expect("it is ours");
        path
    }

    fn layout(&self, name: &str) -> PathBuf {
        let text = "version: 1\nworkspaces:\n  - name: \"1\"\n    nodes:\n      \
                    - { id: shell, swallow: { class: ^XTerm$ }, command: xterm }\n";
        self.write(&format!(".config/i3pm-layout/layouts/{name}.yaml"), text)
    }

    /// An editor that runs `sed SCRIPT` on the file.
    fn editor(&self, script: &str) -> String {
        let path = self.write(
            "editor",
            &format!("#!/bin/sh\nexec sed -i '{script}' \"$1\"\n"),
        );
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is ours");
        path.display().to_string()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_i3pm-layout"));
        command
            .args(arguments)
            .current_dir(self.0.path())
            .env_clear()
            .envs(coverage_variable())
            .env("HOME", self.0.path())
            .env("XDG_RUNTIME_DIR", self.0.path())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
    }

    /// Runs it and gives everything that was said, and how it ended.
    fn run(&self, arguments: &[&str]) -> String {
        self.transcript(&mut self.command(arguments))
    }

    fn transcript(&self, command: &mut Command) -> String {
        let output = command.output().expect("the program is built");
        let text = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            text.replace(&self.0.path().display().to_string(), "[HOME]")
        };
        let pid = regex::Regex::new(r"edit-\d+").expect("the pattern is valid");
        let stderr = text(&output.stderr);
        let stderr = pid.replace_all(&stderr, "edit-[PID]");
        format!(
            "{}{stderr}[exit {}]",
            text(&output.stdout),
            output.status.code().unwrap_or(-1)
        )
    }
}

#[test]
fn every_command_has_help_with_examples() {
    let command = i3pm_layout::cli::command();
    let mut seen = 0;
    for subcommand in command.get_subcommands() {
        let name = subcommand.get_name();
        let examples = subcommand.get_after_help().expect(name).to_string();
        assert!(examples.starts_with("Examples:\n"), "{name}");
        assert!(examples.contains(&format!("i3pm-layout {name}")), "{name}");
        let about = subcommand.get_about().expect(name).to_string();
        assert!(!about.ends_with('.'), "{name}: {about}");
        assert!(about.starts_with(char::is_uppercase), "{name}: {about}");
        check_arguments(subcommand);
        seen += 1;
    }
    assert!(seen >= 11);
}

fn check_arguments(command: &Clap) {
    for argument in command.get_arguments() {
        let id = format!("{} {}", command.get_name(), argument.get_id());
        let help = argument.get_help().expect(&id).to_string();
        assert!(!help.ends_with('.'), "{id}: {help}");
        assert!(help.starts_with(char::is_uppercase), "{id}: {help}");
    }
}

#[test]
fn the_examples_of_the_help_can_be_parsed() {
    for subcommand in i3pm_layout::cli::command().get_subcommands() {
        let help = subcommand
            .get_after_help()
            .expect("it has some")
            .to_string();
        for line in help.lines().skip(1) {
            let Some(at) = line.find("i3pm-layout ") else {
                panic!("no example: {line}");
            };
            let example = line[at..].split("  ").next().unwrap_or_default();
            let example = example.split(['|', '<', '>']).next().unwrap_or_default();
            let words = shell_words::split(example).expect(example);
            i3pm_layout::cli::command()
                .try_get_matches_from(&words)
                .unwrap_or_else(|error| panic!("{example}: {error}"));
        }
    }
}

#[test]
fn help_and_version_are_no_errors() {
    let home = Home::new();
    for arguments in [
        &["--help"][..],
        &["-V"],
        &["apply", "--help"],
        &["restore", "-h"],
    ] {
        let output = home.command(arguments).output().expect("it is built");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(output.stderr.is_empty(), "{arguments:?}");
    }
    assert_eq!(
        home.run(&["--version"]),
        format!("i3pm-layout {}\n[exit 0]", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn wrong_usage_is_trouble() {
    let home = Home::new();
    for arguments in [
        &[][..],
        &["frobnicate"],
        &["capture"],
        &["apply"],
        &["apply", "x", "--timeout", "-1"],
        &["apply", "x", "--reuse", "some"],
        &["compile", "x", "--monitors", "eDP-1"],
        &["compile", "x", "--json"],
        &["diff", "x", "--text", "--json"],
    ] {
        let output = home.command(arguments).output().expect("it is built");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn without_i3_it_says_where_it_looked() {
    let home = Home::new();
    home.layout("daily");
    for arguments in [
        &["capture", "x"][..],
        &["apply", "daily"],
        &["diff", "daily"],
    ] {
        let said = home.run(arguments);
        assert!(said.starts_with("error: cannot reach i3: "), "{said}");
        assert!(
            said.contains("\nhint: run this inside an i3 session"),
            "{said}"
        );
        assert!(said.ends_with("[exit 2]"), "{said}");
    }
    assert!(!home.path(".config/i3pm-layout/layouts/x.yaml").exists());
}

#[test]
fn similar_name_is_suggested() {
    let home = Home::new();
    home.layout("daily-dev");
    assert_snapshot!(home.run(&["apply", "daily-dv"]), @"
    error: there is no layout `daily-dv` in [HOME]/.config/i3pm-layout/layouts
    hint: did you mean `daily-dev`?
    [exit 2]
    ");
    assert_snapshot!(home.run(&["show", "a b"]), @"
    error: `a b` cannot be the name of a layout: it has other characters than letters, digits, `.`, `_` and `-`
    hint: use letters, digits, `.`, `_` and `-`; a path begins with `./`, `../`, `/` or `~/`
    [exit 2]
    ");
}

#[test]
fn reason_of_the_system_is_a_note() {
    let home = Home::new();
    assert_snapshot!(home.run(&["show", "./none.yaml"]), @"
    error: cannot read ./none.yaml
    note: No such file or directory (os error 2)
    [exit 2]
    ");
}

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
        .expect("it is built");
    assert_eq!(output.status.code(), Some(1));
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(list[0]["file"], "<stdin>");
    assert_eq!(list[0]["line"], 1);
    let missing = home.run(&["validate", "bad.yaml", "none.yaml"]);
    assert!(missing.ends_with("[exit 2]"), "{missing}");
}

#[test]
fn list_is_one_name_per_line() {
    let home = Home::new();
    assert_snapshot!(home.run(&["list"]), @"
    no layout in ~/.config/i3pm-layout/layouts yet, `i3pm-layout capture NAME` saves one
    [exit 0]
    ");
    home.layout("zoo");
    home.layout("nixos/daily");
    assert_snapshot!(home.run(&["ls"]), @"
    zoo
    nixos/daily
    [exit 0]
    ");
    let output = home.command(&["list", "--json"]).output().expect("built");
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(list[1]["name"], "nixos/daily");
    assert_eq!(list[1]["project"], "nixos");
}

#[test]
fn show_needs_no_desktop() {
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

    1:code  splith, on eDP-1, shown, focused
      60 %  editor  code [HOME]/src
      40 %  tabbed
        50 %  log  xterm  (in [HOME]/src)  [mark log]
        50 %  more  (opened by another slot's program)
      floating 800x600+10+20  mixer  (cannot be started: the environment variable `NONE` is not set)
    scratchpad
      floating  drop  A='b c' xterm -name drop
    [exit 0]
    ");
    let output = home
        .command(&["info", "tour.yaml", "--json"])
        .output()
        .expect("it is built");
    let shown: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(shown["workspaces"][0]["slots"][0]["slot"], "editor");
}

#[test]
fn layouts_are_renamed_and_deleted_with_a_backup() {
    let home = Home::new();
    let old = home.layout("daily");
    let text = fs::read_to_string(&old).expect("it was written");
    assert_snapshot!(home.run(&["rename", "daily", "work/day"]), @"
    `daily` is now `work/day`, in ~/.config/i3pm-layout/layouts/work/day.yaml
    [exit 0]
    ");
    home.layout("other");
    assert_snapshot!(home.run(&["rename", "other", "work/day"]), @"
    error: there is already a layout in [HOME]/.config/i3pm-layout/layouts/work/day.yaml
    hint: delete it first, or choose another name
    [exit 2]
    ");
    let said = home.run(&["rm", "work/day"]);
    assert!(said.ends_with("[exit 0]"), "{said}");
    let backup = said
        .split("kept in ~/")
        .nth(1)
        .and_then(|rest| rest.lines().next())
        .expect(&said);
    let kept = fs::read_to_string(home.path(backup)).expect("it is there");
    assert_eq!(kept, text);
    assert_eq!(home.run(&["list"]), "other\n[exit 0]");
}

#[test]
fn edit_checks_what_was_written() {
    let home = Home::new();
    let path = home.layout("daily");
    let edit = |script: &str| {
        let editor = home.editor(script);
        home.transcript(home.command(&["edit", "daily"]).env("EDITOR", editor))
    };
    assert_snapshot!(edit("s/xterm/urxvt/"), @"
    saved ~/.config/i3pm-layout/layouts/daily.yaml
    [exit 0]
    ");
    let good = fs::read_to_string(&path).expect("it is there");
    assert!(good.contains("command: urxvt"));
    assert_snapshot!(edit("s/none//"), @"
    nothing was changed
    [exit 0]
    ");
    assert_snapshot!(edit("s/command/comand/"), @"
    error: unknown key `comand`
     --> [HOME]/.local/state/i3pm-layout/edit-[PID]/daily.yaml:5:51
      |
    5 |       - { id: shell, swallow: { class: ^XTerm$ }, comand: urxvt }
      |                                                   ^^^^^^
    hint: did you mean `command`?
    error: [HOME]/.config/i3pm-layout/layouts/daily.yaml was left as it was, the edited text is in [HOME]/.local/state/i3pm-layout/edit-[PID]/daily.yaml
    hint: mend it, then `i3pm-layout validate [HOME]/.local/state/i3pm-layout/edit-[PID]/daily.yaml && cp [HOME]/.local/state/i3pm-layout/edit-[PID]/daily.yaml [HOME]/.config/i3pm-layout/layouts/daily.yaml`
    [exit 2]
    ");
    assert_eq!(fs::read_to_string(&path).expect("it is there"), good);
    let failed = home.transcript(home.command(&["edit", "daily"]).env("VISUAL", "false"));
    assert_snapshot!(failed, @"
    error: the editor `false` failed (exit status: 1)
    hint: set VISUAL or EDITOR to your editor
    [exit 2]
    ");
}

#[test]
fn commands_of_a_file_that_others_can_write_are_not_run() {
    let home = Home::new();
    let path = home.layout("shared");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).expect("it is ours");
    assert_snapshot!(home.run(&["apply", "shared"]), @"
    error: others can write [HOME]/.config/i3pm-layout/layouts/shared.yaml (mode 0666), so its commands were not run
    hint: `chmod go-w [HOME]/.config/i3pm-layout/layouts/shared.yaml`, or read it and pass `--trust`
    [exit 2]
    ");
}

#[test]
fn compile_needs_no_desktop_with_given_monitors() {
    let home = Home::new();
    home.layout("daily");
    let monitors = ["--monitors", "eDP-1:1920x1080+0+0:primary"];
    let printed = home.run(&["compile", "daily", monitors[0], monitors[1]]);
    assert!(printed.starts_with("// workspace `1`\n{"), "{printed}");
    let written = home.run(&["compile", "daily", monitors[0], monitors[1], "-o", "out"]);
    assert_snapshot!(written, @r#"
    i3-msg 'workspace --no-auto-back-and-forth "1"; append_layout "[HOME]/out/1.json"'
    wrote 1 file to [HOME]/out
    [exit 0]
    "#);
    assert!(home.path("out/1.json").exists());
}

#[test]
fn closed_standard_output_is_no_error() {
    let home = Home::new();
    let program = env!("CARGO_BIN_EXE_i3pm-layout");
    let script = format!("( {program} schema; echo $? >code ) | true; cat code");
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .current_dir(home.path(""))
        .env("HOME", home.path(""))
        .output()
        .expect("there is a shell");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "0\n");
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn an_edited_file_is_not_overwritten_unless_told() {
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
fn an_empty_desktop_does_not_replace_a_layout() {
    let desktop = Desktop::new();
    desktop.open_window("editor");
    desktop.run(["capture", "daily"]).success();
    desktop.close_all_windows();
    let refused = desktop.run(["capture", "daily"]).code(2);
    assert!(
        refused
            .stderr
            .starts_with("error: there is no window to capture, so ")
    );
    let refused = desktop.run(["capture", "new", "--workspace", "focused"]);
    let refused = refused.code(2);
    assert_eq!(
        refused.stderr,
        "error: there is no window to capture on `1`\n\
         hint: open a window first, or pass `--force` to save it all the same\n"
    );
    desktop.run(["capture", "daily", "--force"]).success();

    // On standard output nothing is lost; a project without a window is a wrong name.
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
fn unknown_workspaces_outputs_and_slots_are_reported_with_a_hint() {
    let desktop = Desktop::new();
    desktop.open_window("editor");
    desktop.run(["capture", "daily"]).success();
    for (arguments, error) in [
        (
            vec!["capture", "x", "--workspace", "9"],
            "no workspace has the number 9",
        ),
        (
            vec!["capture", "x", "--output", "HDMI-7"],
            "no output is called `HDMI-7`",
        ),
        (
            vec!["apply", "daily", "--only", "edtor"],
            "`daily` has no slot `edtor`",
        ),
        (
            vec!["diff", "daily", "--workspace", "9"],
            "`daily` has no workspace `9`",
        ),
    ] {
        let said = desktop.run(&arguments).code(2);
        assert!(
            said.stderr.starts_with(&format!("error: {error}\nhint: ")),
            "{}",
            said.stderr
        );
    }
}

#[test]
fn a_renamed_layout_keeps_its_open_windows() {
    let desktop = Desktop::new();
    desktop.open_window("editor");
    desktop.run(["capture", "daily"]).success();
    desktop.run(["apply", "daily"]).success();
    desktop.run(["rename", "daily", "work/day"]).success();
    let applied = desktop.run(["apply", "work/day"]).success();
    applied.stderr_has("already right");
}

#[test]
fn error_of_a_key_binding_is_shown_in_i3_nagbar() {
    let desktop = Desktop::new();
    let program = env!("CARGO_BIN_EXE_i3pm-layout");
    desktop.run_i3(&format!("exec --no-startup-id {program} apply none"));
    desktop.wait_until("i3-nagbar is there", || {
        !desktop.programs("i3-nagbar").is_empty()
    });
}

#[test]
fn a_desktop_captured_under_a_second_name_is_right_under_both() {
    let desktop = Desktop::new();
    desktop.open_window("editor");
    for name in ["first", "second", "first"] {
        desktop.run(["capture", name]).success();
        let applied = desktop.run(["apply", name, "--json"]).success().json();
        assert_eq!(applied["slots"][0]["outcome"], "placed", "{applied}");
        assert_eq!(desktop.starts(), 1, "{name}");
    }
}

/// What a failed command says as JSON.
fn errors(stderr: &str) -> Vec<serde_json::Value> {
    let said: serde_json::Value = serde_json::from_str(stderr).expect(stderr);
    said["errors"].as_array().expect(stderr).clone()
}

#[test]
fn errors_are_json_with_the_json_option() {
    let home = Home::new();
    home.layout("daily");
    home.write("bad.yaml", "version: 1\nworkspace: []\nmonitor: []\n");
    for (arguments, kind, message) in [
        (
            &["show", "daly", "--json"][..],
            "no-such-layout",
            "there is no layout `daly`",
        ),
        (
            &["show", "bad.yaml", "--json"],
            "invalid-layout",
            "unknown key `workspace`",
        ),
        (&["show", "./none.yaml", "--json"], "io", "cannot read"),
        (
            &["diff", "daily", "--json"],
            "no-desktop",
            "cannot reach i3",
        ),
        (
            &["rename", "daily", "a b", "--json"],
            "bad-name",
            "`a b` cannot be",
        ),
        (&["delete", "x", "--json"], "no-such-layout", "there is no"),
        (
            &["apply", "daily", "--jsn", "--json"],
            "usage",
            "unexpected argument '--jsn'",
        ),
        (
            &["capture", "-", "--json"],
            "usage",
            "`--json` and `-` would both",
        ),
    ] {
        let output = home.command(arguments).output().expect("it is built");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        let stderr = String::from_utf8(output.stderr).expect("it is UTF-8");
        let errors = errors(&stderr);
        let said = errors[0]["message"].as_str().expect("it has one");
        assert_eq!(errors[0]["kind"], kind, "{stderr}");
        assert!(said.starts_with(message), "{stderr}");
        for key in ["file", "line", "column", "hints"] {
            assert!(errors[0].get(key).is_some(), "{key}: {stderr}");
        }
    }
    let output = home.command(&["show", "bad.yaml", "--json"]).output();
    let errors = errors(&String::from_utf8_lossy(
        &output.expect("it is built").stderr,
    ));
    assert_eq!(errors.len(), 2);
    assert_eq!(errors[1]["file"], "bad.yaml");
    assert_eq!(
        (&errors[1]["line"], &errors[1]["column"]),
        (&3.into(), &1.into())
    );
    assert_eq!(errors[1]["hints"][0], "did you mean `monitors`?");
}

#[test]
fn commands_that_change_files_report_it_as_json() {
    let home = Home::new();
    home.layout("daily");
    let json = |command: &mut Command, code: i32| -> serde_json::Value {
        let output = command.output().expect("it is built");
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        let text = if code == 0 {
            output.stdout
        } else {
            output.stderr
        };
        serde_json::from_slice(&text).expect("it is JSON")
    };
    let edit = |script: &str, code| {
        let editor = home.editor(script);
        let mut command = home.command(&["edit", "daily", "--json"]);
        json(command.env("EDITOR", editor), code)
    };
    assert_eq!(edit("s/none//", 0)["changed"], false);
    let edited = edit("s/xterm/urxvt/", 0);
    assert_eq!(edited["changed"], true);
    let backup = edited["backup"].as_str().expect("there is one");
    assert!(
        fs::read_to_string(backup)
            .expect("it is there")
            .contains("xterm")
    );
    let refused = edit("s/command/comand/", 2);
    assert_eq!(refused["errors"][0]["kind"], "invalid-layout");
    assert_eq!(refused["errors"][0]["line"], 5);
    assert_eq!(refused["errors"][1]["kind"], "not-saved");
    let renamed = json(
        &mut home.command(&["rename", "daily", "work/day", "--json"]),
        0,
    );
    assert_eq!(renamed["name"], "work/day");
    assert_eq!(renamed["windows"], 0);
    let path = renamed["path"].as_str().expect("it has one");
    let deleted = json(&mut home.command(&["delete", "work/day", "--json"]), 0);
    assert_eq!(deleted["path"], path);
    let backup = deleted["backup"].as_str().expect("there is one");
    assert!(
        fs::read_to_string(backup)
            .expect("it is there")
            .contains("urxvt")
    );
}

#[test]
fn hint_of_a_failed_edit_works_as_printed() {
    let home = Home::new();
    // A name that a shell would take apart, through a link that has to stay one.
    let real = home.layout("real");
    let file = home.path("my daily's.yaml");
    std::os::unix::fs::symlink(&real, &file).expect("it is ours");
    let editor = home.editor("s/command/comand/");
    let mut edit = home.command(&["edit", "./my daily's.yaml"]);
    let output = edit.env("EDITOR", editor).output().expect("it is built");
    let said = String::from_utf8(output.stderr).expect("it is UTF-8");
    let hint = said.lines().last().expect(&said);
    let command = hint.split('`').nth(1).expect(&said);
    let program = PathBuf::from(env!("CARGO_BIN_EXE_i3pm-layout"));
    let bin = program.parent().expect("it is in a directory");
    let run = || {
        let path = std::env::var("PATH").unwrap_or_default();
        std::process::Command::new("sh")
            .args(["-c", command])
            .current_dir(home.path(""))
            .env("HOME", home.path(""))
            .env("PATH", format!("{}:{path}", bin.display()))
            .output()
            .expect("there is a shell")
    };
    // As long as it is not mended, nothing is copied.
    assert_eq!(run().status.code(), Some(1));
    assert!(
        fs::read_to_string(&real)
            .expect("it is there")
            .contains("command")
    );
    let kept = shell_words::split(command).expect(command).remove(2);
    let text = fs::read_to_string(&kept).expect("it was kept");
    let mended = text.replace("comand", "command").replace("xterm", "urxvt");
    fs::write(&kept, mended).expect("it is ours");
    assert_eq!(run().status.code(), Some(0), "{command}");
    assert!(
        fs::read_to_string(&real)
            .expect("it is there")
            .contains("urxvt")
    );
    assert!(file.is_symlink());
}

#[test]
fn editors_find_the_schema_from_the_layout_and_from_the_copy_that_is_edited() {
    let desktop = Desktop::new();
    desktop.open_window("editor");
    let home = desktop.path().join("home");
    for (name, file, line) in [
        (
            "daily",
            desktop.layout_path("daily"),
            Some("../layout-v1.schema.json"),
        ),
        (
            "work/day",
            desktop.layout_path("work/day"),
            Some("../../layout-v1.schema.json"),
        ),
        // Neither in the store nor below the home directory.
        ("../else.yaml", desktop.path().join("else.yaml"), None),
    ] {
        desktop
            .command(["capture", name])
            .directory(&home)
            .run()
            .success();
        let text = fs::read_to_string(&file).expect("it was written");
        let named = text
            .lines()
            .next()
            .and_then(|first| first.strip_prefix("# yaml-language-server: $schema="));
        assert_eq!(named, line, "{text}");
        let Some(line) = line else { continue };
        let folder = file.parent().expect("it has one");
        assert!(folder.join(line).is_file(), "{name}");
        // The editor looks from where the copy is.
        let editor = desktop.write_executable(
            "editor",
            &format!("#!/bin/sh\ncp \"$(dirname \"$1\")/{line}\" \"$HOME/found\"\n"),
        );
        let edit = desktop.command(["edit", name]).env("EDITOR", &editor);
        edit.run().success();
        let found = home.join("found");
        let schema = fs::read_to_string(&found).expect("the editor found it");
        assert!(schema.contains("\"$defs\""));
        fs::remove_file(found).expect("it is ours");
    }
}

#[test]
fn names_that_begin_with_a_hyphen_need_no_equals_sign() {
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
    // Where the name was forgotten, the next option is not taken for it.
    let refused = desktop.run(["apply", "daily", "--to", "--dry-run"]).code(2);
    refused.stderr_has("the value is missing");
}

#[test]
fn sticky_window_is_not_captured_with_another_workspace_nor_started_twice() {
    let desktop = Desktop::new();
    desktop.open_window("mixer");
    desktop.run_i3("floating enable, sticky enable");
    desktop.run(["capture", "all"]).success();
    desktop.run_i3("workspace 2");
    let refused = desktop.run(["capture", "web", "--workspace", "focused"]);
    let refused = refused.code(2);
    refused.stderr_has("`mixer` is sticky");
    refused.stderr_has("error: there is no window to capture on `2`");
    // It is where it belongs, on whatever workspace its output shows.
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
fn report_names_what_was_repaired() {
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
            .starts_with("daily: 2 slots already filled, put right: focus ("),
        "{}",
        applied.stderr
    );
    desktop.run_i3("floating enable");
    let diff = desktop.run(["diff", "daily"]).code(1);
    diff.stdout_has("  ~ right is floating, expected tiled\n");
}

#[test]
fn explanation_covers_only_the_chosen_slots() {
    let desktop = Desktop::new();
    desktop.open_window("left");
    desktop.open_window("right");
    desktop.run(["capture", "daily"]).success();
    desktop.run(["apply", "daily"]).success();
    let said = desktop.run(["apply", "daily", "--dry-run", "--explain", "--only", "left"]);
    assert_snapshot!(said.success().stdout, @"
    left
      `left` is taken
        an earlier `apply` of this layout marked it
        its program was started with the slot's command
        it matches the slot's `swallow`
        its program runs in the slot's working directory
        its title is the one that `capture` saved
        it is on the slot's workspace
    note: each reason counts more than all below it together
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
    assert_eq!(json.as_array().map(Vec::len), Some(1), "{json}");
    desktop.run_i3("[instance=\"left\"] move to workspace 7");
    let dry = desktop.run(["apply", "daily", "--dry-run", "--only", "right"]);
    let dry = dry.success();
    dry.stdout_lacks("left  takes");
}

#[test]
fn a_program_without_a_window_is_waited_for_again_not_started_twice() {
    let desktop = Desktop::new();
    let window = TestWindow::new("late").map_after("open");
    desktop.save("daily", [window.slot()]);
    let mut pids = Vec::new();
    for _ in 0..2 {
        let applied = desktop.run(["apply", "daily", "--timeout", "0.5", "--json"]);
        let applied = applied.code(1).json();
        let pid = applied["slots"][0]["pid"].as_u64().expect("it still runs");
        let reason = applied["slots"][0]["reason"]
            .as_str()
            .expect("there is one");
        assert!(
            reason.contains(&format!("is still running (process {pid})")),
            "{reason}"
        );
        pids.push(pid);
    }
    assert_eq!(pids[0], pids[1]);
    let dry = desktop.run(["apply", "daily", "--dry-run"]).success();
    let waits = format!(
        "programs of an earlier apply waited for\n  late  process {}\n",
        pids[0]
    );
    dry.stdout_has(&waits);
    dry.stdout_lacks("programs started");
    // Nor when the run is interrupted while it waits.
    let running = desktop.command(["apply", "daily"]).start();
    desktop.wait_until("it waits", || desktop.tree().to_string().contains("_i3pm:"));
    running.interrupt();
    running.wait().code(1);
    assert_eq!(desktop.starts(), 1);
    desktop.cue("open");
    desktop.run(["apply", "daily"]).success();
    assert_eq!(desktop.starts(), 1);
    assert_eq!(desktop.run(["diff", "daily"]).success().stdout, "");
    // Its window was there, so it is started when that is gone.
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
fn hint_for_the_first_layout_is_to_capture_it() {
    let home = Home::new();
    assert_snapshot!(home.run(&["show", "daily"]), @"
    error: there is no layout `daily` in [HOME]/.config/i3pm-layout/layouts
    hint: `i3pm-layout capture daily` saves one
    [exit 2]
    ");
}
