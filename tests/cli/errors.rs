//! Error messages and exit codes.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use insta::assert_snapshot;

use super::Home;
use crate::harness::Desktop;

#[test]
fn wrong_usage_exits_with_2() {
    let home = Home::new();
    for arguments in [
        &["frobnicate"][..],
        &["capture"],
        &["apply"],
        &["apply", "x", "--timeout", "-1"],
        &["apply", "x", "--reuse", "some"],
        &["compile", "x", "--monitors", "eDP-1"],
        &["compile", "x", "--json"],
        &["diff", "x", "--text", "--json"],
    ] {
        let output = home.output(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn missing_i3_is_reported_with_a_hint() {
    let home = Home::new();
    home.layout("daily");
    for arguments in [
        &["capture", "x"][..],
        &["apply", "daily"],
        &["diff", "daily"],
    ] {
        let printed = home.run(arguments);
        assert!(
            printed.starts_with(
                "error: cannot reach i3: DISPLAY is not set\nnote: I3SOCK is not set\nnote: "
            ),
            "{printed}"
        );
        assert!(
            printed.contains("\nhint: run this inside an i3 session"),
            "{printed}"
        );
        assert!(printed.ends_with("[exit 2]"), "{printed}");
    }
    assert!(!home.path(".config/i3pm-layout/layouts/x.yaml").exists());
}

#[test]
fn unreachable_display_is_the_first_cause() {
    let home = Home::new();
    // The second one has no TCP port.
    for display in [":4999", ":60000"] {
        let mut command = home.command(&["status"]);
        let printed = home.transcript(command.env("DISPLAY", display));
        let expected = format!("error: cannot reach i3: cannot open the display `{display}`");
        assert!(printed.starts_with(&expected), "{printed}");
    }
}

#[test]
fn similar_layout_name_is_suggested() {
    let home = Home::new();
    home.layout("daily-dev");
    assert_snapshot!(home.run(&["apply", "daily-dv"]), @"
    error: layout `daily-dv` not found in ~/.config/i3pm-layout/layouts
    hint: did you mean `daily-dev`?
    [exit 2]
    ");
    assert_snapshot!(home.run(&["show", "a b"]), @"
    error: invalid layout name `a b`: only letters, digits, `.`, `_` and `-` are allowed
    hint: choose another name, or write a path, which begins with `./`, `../`, `/` or `~/`
    [exit 2]
    ");
}

#[test]
fn system_error_is_shown_as_a_note() {
    let home = Home::new();
    assert_snapshot!(home.run(&["show", "./none.yaml"]), @"
    error: cannot read ./none.yaml
    note: No such file or directory
    hint: check the path, or run `i3pm-layout list` to see all layouts
    [exit 2]
    ");
    home.write("folder/x", "");
    assert_snapshot!(home.run(&["show", "./folder"]), @"
    error: cannot read ./folder
    note: Is a directory
    hint: this is a directory: run `ls ./folder` to choose a file in it
    [exit 2]
    ");
    home.layout("daily");
    assert_snapshot!(
        home.run(&["compile", "daily", "--monitors", "A:10x10+0+0", "-o", "folder/x"]),
        @"
    error: cannot create folder/x
    note: File exists
    hint: a file has this name: choose another directory
    [exit 2]
    "
    );
}

#[test]
fn binary_files_and_files_of_other_programs_are_recognised() {
    let home = Home::new();
    std::fs::write(home.path("binary"), b"\x7fELF\0\xff").expect("the file is writable");
    let printed = home.run(&["validate", "./binary"]);
    assert!(
        printed.starts_with("error: ./binary: this is a binary file, not text\n"),
        "{printed}"
    );
    assert!(
        printed.contains("\nhint: check that this is a layout file\n"),
        "{printed}"
    );
    std::fs::write(home.path("latin"), b"name: caf\xe9\n").expect("the file is writable");
    let printed = home.run(&["validate", "./latin"]);
    assert!(
        printed.contains("hint: save the file in UTF-8"),
        "{printed}"
    );
}

#[test]
fn configurations_and_layouts_are_told_apart() {
    let home = Home::new();
    let config = "version: 1\nrules:\n  - { criteria: { class: ^A$ }, command: a }\n";
    home.write("rules.yaml", config);
    assert_snapshot!(home.run(&["show", "./rules.yaml"]), @"
    error: this is a configuration of i3pm-layout, not a layout file
     --> ./rules.yaml:1:1
      |
    1 | version: 1
      | ^^^^^^^^^^
    hint: run `i3pm-layout list` to see all layouts; `i3pm-layout config` shows the configuration
    [exit 2]
    ");
    home.write(
        ".config/i3pm-layout/config.yaml",
        "version: 1\nworkspaces: []\n",
    );
    assert_snapshot!(home.run(&["config"]), @"
    error: this is a layout, not a configuration file
     --> ~/.config/i3pm-layout/config.yaml:1:1
      |
    1 | version: 1
      | ^^^^^^^^^^
    hint: move it to `~/.config/i3pm-layout/layouts/`, and use its name, for example `i3pm-layout apply NAME`
    [exit 2]
    ");
}

#[test]
fn negative_times_and_incomplete_monitors_are_explained() {
    let home = Home::new();
    home.layout("daily");
    for option in ["--timeout", "--total-timeout"] {
        let printed = home.run(&["apply", "daily", option, "-1"]);
        assert!(
            printed.contains("expected a number of seconds above 0"),
            "{printed}"
        );
    }
    let printed = home.run(&["compile", "daily", "--monitors", "A:10x10"]);
    assert!(
        printed.contains("expected NAME:WIDTHxHEIGHT+X+Y[:primary]"),
        "{printed}"
    );
}

#[test]
fn unreadable_folder_is_reported_once() {
    let home = Home::new();
    let config = home.path(".config/i3pm-layout");
    fs::create_dir_all(&config).expect("the folder is writable");
    std::os::unix::fs::symlink("layouts", config.join("layouts")).expect("the name is free");
    assert_snapshot!(home.run(&["list"]), @"
    error: cannot list ~/.config/i3pm-layout/layouts
    note: Too many levels of symbolic links
    [exit 2]
    ");
}

#[test]
fn commands_of_a_file_writable_by_others_are_not_run() {
    let home = Home::new();
    let path = home.layout("shared");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).expect("the file is writable");
    assert_snapshot!(home.run(&["apply", "shared"]), @"
    error: refusing to run the commands of ~/.config/i3pm-layout/layouts/shared.yaml
    note: ~/.config/i3pm-layout/layouts/shared.yaml is writable by other users (mode 0666)
    hint: check the file, then run `chmod go-w ~/.config/i3pm-layout/layouts/shared.yaml`; or pass `--trust` for this run
    [exit 2]
    ");
}

#[test]
fn closed_standard_output_is_not_an_error() {
    let home = Home::new();
    let program = env!("CARGO_BIN_EXE_i3pm-layout");
    let script = format!("( {program} schema; echo $? >code ) | true; cat code");
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .current_dir(home.path(""))
        .env("HOME", home.path(""))
        .output()
        .expect("a shell is installed");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "0\n");
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn unknown_workspaces_outputs_and_slots_are_reported_with_a_hint() {
    let desktop = Desktop::new();
    desktop.open_window("editor");
    desktop.run(["capture", "daily"]).success();
    for (arguments, error) in [
        (
            vec!["capture", "x", "--workspace", "9"],
            "workspace number 9 not found",
        ),
        (
            vec!["capture", "x", "--output", "HDMI-7"],
            "output `HDMI-7` not found",
        ),
        (
            vec!["apply", "daily", "--only", "edtor"],
            "layout `daily` has no slot `edtor`",
        ),
        (
            vec!["diff", "daily", "--workspace", "9"],
            "layout `daily` has no workspace `9`",
        ),
    ] {
        let printed = desktop.run(&arguments).code(2);
        assert!(
            printed
                .stderr
                .starts_with(&format!("error: {error}\nhint: ")),
            "{}",
            printed.stderr
        );
    }
}

#[test]
fn error_of_a_key_binding_opens_i3_nagbar() {
    for arguments in [
        "apply none",
        "diff none",
        "rename none x",
        "revert none last",
    ] {
        let desktop = Desktop::new();
        let program = env!("CARGO_BIN_EXE_i3pm-layout");
        desktop.run_i3(&format!("exec --no-startup-id {program} {arguments}"));
        desktop.wait_until("i3-nagbar is running", || {
            !desktop.programs("i3-nagbar").is_empty()
        });
    }
}

#[test]
fn a_terminal_at_which_nobody_is_gets_no_question() {
    let desktop = Desktop::new();
    desktop.open_window("app");
    desktop.run(["capture", "t"]).success();
    let path = desktop.layout_path("t");
    let edited = format!("{}# by hand\n", desktop.layout("t"));
    std::fs::write(&path, &edited).expect("the file is the test's own");
    let capture = || desktop.command(["capture", "t"]);
    // i3 has the terminal of `startx`, and its programs are in sessions of their own.
    let unattended = capture().on_unattended_terminal().stdin("y\n").run();
    unattended.code(2).lacks("[y/N]").has("--force");
    assert_eq!(desktop.layout("t"), edited);
    let attended = capture().on_terminal().stdin("y\n").run();
    attended.success().has("[y/N]");
    assert_ne!(desktop.layout("t"), edited);
}

#[test]
fn usage_error_of_a_key_binding_opens_i3_nagbar() {
    for arguments in ["apply tour --keepfocus", "aply tour"] {
        let desktop = Desktop::new();
        let program = env!("CARGO_BIN_EXE_i3pm-layout");
        desktop.run_i3(&format!("exec --no-startup-id {program} {arguments}"));
        desktop.wait_until("i3-nagbar is running", || {
            !desktop.programs("i3-nagbar").is_empty()
        });
    }
}

#[test]
fn only_commands_that_change_something_say_that_nothing_was_changed() {
    let desktop = Desktop::new();
    desktop.open_window("editor");
    desktop.run(["capture", "daily"]).success();
    desktop.configure("rulez: []\n");
    let note = "so nothing was changed";
    desktop.run(["capture", "other"]).code(2).stderr_has(note);
    for arguments in [&["discover"][..], &["diff", "daily"], &["rules", "suggest"]] {
        let printed = desktop.run(arguments).code(2);
        printed.stderr_has("unknown key").stderr_lacks(note);
    }
}

/// The errors that a failed command printed as JSON.
fn errors(stderr: &str) -> Vec<serde_json::Value> {
    let printed: serde_json::Value = serde_json::from_str(stderr).expect(stderr);
    printed["errors"].as_array().expect(stderr).clone()
}

#[test]
fn json_option_prints_errors_as_json() {
    let home = Home::new();
    home.layout("daily");
    home.write("bad.yaml", "version: 1\nworkspace: []\nmonitor: []\n");
    for (arguments, kind, message) in [
        (
            &["show", "daly", "--json"][..],
            "no-such-layout",
            "layout `daly` not found",
        ),
        (
            &["show", "bad.yaml", "--json"],
            "layout::unknown-key",
            "unknown key `workspace`",
        ),
        (&["show", "./none.yaml", "--json"], "io", "cannot read"),
        (
            &["diff", "daily", "--json"],
            "i3-not-found",
            "cannot reach i3",
        ),
        (
            &["rename", "daily", "a b", "--json"],
            "bad-name",
            "invalid layout name `a b`",
        ),
        (
            &["delete", "x", "--json"],
            "no-such-layout",
            "layout `x` not found",
        ),
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
        let output = home.output(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        let stderr = String::from_utf8(output.stderr).expect("the text is UTF-8");
        let errors = errors(&stderr);
        let printed = errors[0]["message"]
            .as_str()
            .expect("the error has a message");
        assert_eq!(errors[0]["code"], kind, "{stderr}");
        assert!(printed.starts_with(message), "{stderr}");
        for key in ["file", "line", "column", "hint"] {
            assert!(errors[0].get(key).is_some(), "{key}: {stderr}");
        }
    }
    let output = home.command(&["show", "bad.yaml", "--json"]).output();
    let errors = errors(&String::from_utf8_lossy(
        &output.expect("the program is built").stderr,
    ));
    assert_eq!(errors.len(), 2);
    assert_eq!(errors[1]["file"], "bad.yaml");
    assert_eq!(
        (&errors[1]["line"], &errors[1]["column"]),
        (&3.into(), &1.into())
    );
    assert_eq!(errors[1]["hint"], "did you mean `monitors`?");
}

#[test]
fn missing_layout_hint_suggests_capture() {
    let home = Home::new();
    assert_snapshot!(home.run(&["show", "daily"]), @"
    error: layout `daily` not found in ~/.config/i3pm-layout/layouts
    hint: run `i3pm-layout capture daily` to create it
    [exit 2]
    ");
}

/// The command lines of the bars.
fn bars(desktop: &Desktop) -> Vec<Vec<String>> {
    let read = |pid: u32| std::fs::read_to_string(format!("/proc/{pid}/cmdline"));
    let programs = desktop.programs("i3-nagbar").into_iter();
    let lines = programs.filter_map(|pid| read(pid).ok());
    lines
        .map(|line| line.split('\0').map(str::to_owned).collect())
        .collect()
}

#[test]
fn a_layout_has_one_bar_whose_buttons_work() {
    let desktop = Desktop::new();
    let program = env!("CARGO_BIN_EXE_i3pm-layout");
    let press = |arguments: &str| {
        desktop.run_i3(&format!("exec --no-startup-id {program} {arguments}"));
    };
    desktop.save(
        "t",
        [
            crate::harness::TestWindow::new("app").slot(),
            crate::harness::Slot::new("gone").command("sh -c 'exit 3'"),
        ],
    );
    press("apply t --timeout 1");
    desktop.wait_until("a bar says so", || bars(&desktop).len() == 1);
    let first = desktop.programs("i3-nagbar");
    let bar = bars(&desktop).remove(0);
    let button = |label: &str| -> String {
        let at = bar.iter().position(|word| word == label).expect(label);
        bar[at + 1].clone()
    };
    // What the terminal of the button would show.
    let details = button("Show details");
    let file = details
        .split(';')
        .next()
        .and_then(|line| line.strip_prefix("cat "));
    let text = std::fs::read_to_string(file.expect(&details)).expect("the report is a file");
    assert!(
        text.contains("gone") && text.contains("history show"),
        "{text}"
    );
    // Another run of the layout replaces the bar.
    desktop.run_i3(&format!("exec --no-startup-id {}", button("Try again")));
    desktop.wait_until("the bar is another one", || {
        let present = desktop.programs("i3-nagbar");
        present.len() == 1 && present != first
    });
    // That run has moved nothing.
    let words = bars(&desktop).remove(0);
    assert!(!words.contains(&"Undo".to_owned()), "{words:?}");
    // So does one that has nothing to report.
    press("apply t --only app");
    desktop.wait_until("the bar is gone", || bars(&desktop).is_empty());
    let undo = button("Undo");
    assert!(undo.contains(" undo 20"), "{undo}");
    desktop.wait_until("the run is over", || {
        desktop.programs("i3pm-layout").is_empty()
    });
    desktop.run_i3("[instance=app] move container to workspace 9");
    press("apply t --timeout 1");
    desktop.wait_until("a bar offers to undo", || {
        bars(&desktop)
            .iter()
            .any(|bar| bar.contains(&"Undo".to_owned()))
    });
    let bar = bars(&desktop).remove(0);
    let at = bar
        .iter()
        .position(|word| word == "Undo")
        .expect("it has the button");
    desktop.run_i3(&format!("exec --no-startup-id {}", bar[at + 1]));
    desktop.wait_until("the bar is gone", || bars(&desktop).is_empty());
}

#[test]
fn the_bar_names_the_layout_that_was_probably_meant() {
    let desktop = Desktop::new();
    desktop.save("daily-dev", [crate::harness::TestWindow::new("app").slot()]);
    let program = env!("CARGO_BIN_EXE_i3pm-layout");
    desktop.run_i3(&format!("exec --no-startup-id {program} apply daily-dv"));
    desktop.wait_until("a bar says so", || bars(&desktop).len() == 1);
    let bar = bars(&desktop).remove(0).join(" ");
    assert!(bar.contains("; did you mean `daily-dev`?"), "{bar}");
}
