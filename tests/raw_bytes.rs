//! Windows, marks, workspaces and configs with bytes that are not UTF-8.
//!
//! Real programs have them: old toolkits write Latin-1 into `WM_CLASS`, and i3 forwards all
//! bytes unchanged.

use std::fs;

use i3pm_layout::text;
use serde_json::Value;
use swayipc_types::CommandType;

use crate::harness::{Desktop, Name, TestWindow};

/// The bytes `caf\xe9` as the program decodes them.
const CAFE: &str = "caf\u{10fee9}";

/// Runs an i3 command of arbitrary bytes, which must succeed.
fn run_i3(desktop: &Desktop, command: &[u8]) {
    let reply = desktop.ipc().request(CommandType::RunCommand, command);
    let replies = reply.as_array().expect("i3 answers each command");
    let done = replies.iter().all(|reply| reply["success"] == true);
    assert!(done, "{}: {reply}", command.escape_ascii());
}

/// All marks as escaped bytes.
fn marks(desktop: &Desktop) -> String {
    desktop.sync();
    let bytes = desktop.ipc().request_bytes(CommandType::GetMarks);
    bytes.escape_ascii().to_string()
}

/// A desktop with a UTF-8 window and one of each other kind, captured as `odd`.
fn captured() -> (Desktop, Value) {
    let desktop = Desktop::new();
    desktop.open_window("plain");
    desktop.open_window(TestWindow::not_utf8());
    desktop.open_window(TestWindow::new("half").class(r"Half\xff\xfe"));
    let before = desktop.tree();
    desktop.run(["capture", "odd"]).success();
    (desktop, before)
}

#[test]
fn capture_writes_criteria_that_i3_can_match() {
    let (desktop, _) = captured();
    let text = desktop.layout("odd");
    for criteria in [
        "swallow: { class: ^Plain$ }",
        "swallow: { title: ^title\u{fffd}$ }",
        "swallow: { instance: ^half$ }",
    ] {
        assert!(text.contains(criteria), "{criteria} is not in:\n{text}");
    }
    desktop.run(["validate", "odd"]).success();
}

#[test]
fn open_windows_are_recognised() {
    let (desktop, before) = captured();
    desktop.run(["diff", "odd"]).success();
    let starts = desktop.starts();
    desktop.run_i3(r"[instance=half] move left; [instance=plain] move to workspace 3");
    desktop.run(["diff", "odd"]).code(1);
    desktop.run(["apply", "odd"]).success();
    desktop.assert_same_tree(&before);
    assert_eq!(desktop.starts(), starts);
    desktop.assert_idempotent("odd");
}

#[test]
fn programs_are_started_and_their_windows_restored() {
    let (desktop, before) = captured();
    desktop.close_all_windows();
    desktop.run(["apply", "odd"]).success();
    desktop.assert_same_tree(&before);
    desktop.assert_idempotent("odd");
}

#[test]
fn window_that_opens_during_a_run_does_not_disturb_it() {
    let desktop = Desktop::new();
    desktop.save("t", [TestWindow::new("plain").map_after("open").slot()]);
    let run = desktop.command(["apply", "t"]).start();
    // Before the workspace is shown, a new window does not keep the focus.
    crate::waiting::wait_for_labels(&desktop, &["plain"]);
    let odd = desktop.open_window(TestWindow::not_utf8());
    let mark = format!("[con_id={}] mark --add m", odd.con());
    run_i3(&desktop, &[mark.as_bytes(), b"\xff"].concat());
    desktop.cue("open");
    run.wait().success();
    assert_eq!(
        desktop.tree_text(),
        "1: splith[plain 960, odd\u{fffd}* 960 (marks m\u{fffd})]\n"
    );
}

#[test]
fn window_without_identifying_properties_is_skipped_with_a_warning() {
    let desktop = Desktop::new();
    desktop.open_window(TestWindow::not_utf8().title(""));
    let capture = desktop.run(["capture", "-"]).success();
    capture.stderr_has("it has no identifying properties");
}

#[test]
fn commands_work_while_such_windows_are_open() {
    let (desktop, _) = captured();
    for command in [
        &["recover"][..],
        &["list"],
        &["rules", "suggest"],
        &["discover"],
        &["show", "odd"],
        &["apply", "odd", "--dry-run"],
        &["apply", "odd", "--dry-run", "--explain"],
        &["capture", "odd", "--update"],
    ] {
        let output = desktop.run(command);
        assert!(output.status.success(), "{command:?}: {}", output.stderr);
    }
}

#[test]
fn marks_are_captured_and_restored() {
    let desktop = Desktop::new();
    desktop.open_window("a");
    desktop.open_window("b");
    desktop.run_i3("split vertical");
    desktop.open_window("c");
    run_i3(&desktop, b"[instance=a] mark --add caf\xe9");
    run_i3(&desktop, b"[instance=b] mark --add caf\xe8");
    run_i3(
        &desktop,
        b"[instance=b] focus; focus parent; mark --add group\xff; focus child",
    );
    let before = desktop.tree();
    let found = marks(&desktop);
    desktop.run(["capture", "odd"]).success();
    assert!(desktop.layout("odd").contains(r#""caf\U0010fee9""#));
    assert_eq!(text::encode(CAFE), &b"caf\xe9"[..]);
    desktop.run(["diff", "odd"]).success();

    // The mark is set on an open window.
    run_i3(&desktop, b"unmark caf\xe9");
    let diff = desktop.run(["diff", "odd"]).code(1);
    diff.stdout_has(r"caf\xe9");
    desktop.run(["apply", "odd"]).success();
    assert!(marks(&desktop).contains(r"caf\xe9"), "{}", marks(&desktop));

    // The marks are set on new windows and containers.
    desktop.close_all_windows();
    desktop.run(["apply", "odd"]).success();
    desktop.assert_same_tree(&before);
    for mark in [r"caf\xe9", r"caf\xe8", r"group\xff"] {
        assert!(found.contains(mark), "{mark} of {found}");
        assert!(marks(&desktop).contains(mark), "{}", marks(&desktop));
    }
    desktop.assert_idempotent("odd");
}

#[test]
fn workspace_names_are_restored_byte_for_byte() {
    let desktop = Desktop::new();
    run_i3(&desktop, b"workspace caf\xe9");
    desktop.open_window("a");
    desktop.open_window("b");
    let before = desktop.tree();
    desktop.run(["capture", "odd"]).success();
    desktop.run(["diff", "odd"]).success();
    desktop.close_all_windows();
    desktop.run_i3("workspace other");
    desktop.run(["apply", "odd"]).success();
    desktop.assert_same_tree(&before);
    let workspaces = desktop.ipc().request_bytes(CommandType::GetWorkspaces);
    let workspaces = workspaces.escape_ascii().to_string();
    assert!(workspaces.contains(r"caf\xe9"), "{workspaces}");
}

#[test]
fn config_in_latin_1_is_read() {
    let desktop = Desktop::new();
    desktop.open_window("a");
    let config = desktop.path().join("config/i3/config");
    let mut bytes = fs::read(&config).expect("the file was written");
    bytes.extend(b"# f\xfcr mich\ndefault_border pixel 3\n");
    fs::write(&config, bytes).expect("the file is writable");
    desktop.run_i3("reload");
    desktop.open_window("b");
    desktop.run(["capture", "odd"]).success();
    let text = desktop.layout("odd");
    // Only the window from before the reload differs from the default border.
    assert_eq!(text.matches("border:").count(), 1, "{text}");
    desktop.run(["diff", "odd"]).success();
    assert_eq!(
        desktop.tree_text_by(Name::Title),
        "1: splith[a 960, b* 960 (border pixel)]\n"
    );
}
