//! Windows of programs in sandboxes and containers.

use std::fs;
use std::process::Command;

use crate::discovery::discovered;
use crate::harness::{Desktop, TestWindow};

/// True if this user may create namespaces. Tests of sandboxes pass without a check otherwise.
#[expect(clippy::print_stderr, reason = "reports that the test is skipped")]
pub(crate) fn has_namespaces() -> bool {
    let create = ["bwrap", "--dev-bind", "/", "/", "--unshare-net", "true"];
    let status = Command::new(create[0]).args(&create[1..]).status();
    let has = status.is_ok_and(|status| status.success());
    if !has {
        eprintln!("skipped: `bwrap` cannot create namespaces");
    }
    has
}

/// Opens a test window with these words before its command.
#[track_caller]
fn open(desktop: &Desktop, before: &[&str], name: &str) {
    let window = TestWindow::new(name).argv();
    let arguments = window[1..].iter().map(String::as_str);
    let argv = before.iter().copied().chain(["test-window"]);
    desktop.open(&argv.chain(arguments).collect::<Vec<_>>());
}

/// Saves the windows without a warning, closes them, and checks that they are restored with these
/// commands.
#[track_caller]
fn assert_come_back(desktop: &Desktop, commands: &[String]) {
    desktop
        .run(["capture", "t"])
        .success()
        .stderr_lacks("warning");
    desktop.close_all_windows();
    desktop.apply("t");
    desktop.assert_idempotent("t");
    assert_eq!(discovered(desktop), commands);
}

/// The number of network namespaces of all test windows that are not those of this test.
fn other_networks(desktop: &Desktop) -> usize {
    let network = |pid: &str| fs::read_link(format!("/proc/{pid}/ns/net")).ok();
    let own = network("self");
    let pids = desktop.programs("test-window");
    let others = pids.iter().filter(|pid| network(&pid.to_string()) != own);
    others.count()
}

#[test]
fn a_sandbox_is_entered_again() {
    if !has_namespaces() {
        return;
    }
    let desktop = Desktop::new();
    let all = ["bwrap", "--dev-bind", "/", "/"];
    // `apply` would be the parent, and it ends.
    let network = ["--die-with-parent", "--unshare-net"];
    open(&desktop, &[&all[..], &network].concat(), "one");
    let processes = ["--unshare-pid", "--proc", "/proc"];
    open(&desktop, &[&all[..], &processes].concat(), "two");
    open(&desktop, &["unshare", "--net", "--fork"], "three");
    let commands = discovered(&desktop);
    for (command, begin) in commands.iter().zip([
        "bwrap --dev-bind / / --unshare-net test-window ",
        "bwrap --dev-bind / / --unshare-pid --proc /proc test-window ",
        "unshare --net --fork test-window ",
    ]) {
        assert!(command.starts_with(begin), "{command}");
        assert!(command.ends_with(" in ~ by process"), "{command}");
    }
    assert_eq!(commands.len(), 3, "{commands:?}");
    assert_eq!(other_networks(&desktop), 2);
    assert_come_back(&desktop, &commands);
    assert_eq!(other_networks(&desktop), 2);
}

#[test]
fn a_program_without_a_way_into_its_sandbox_has_no_command() {
    if !has_namespaces() {
        return;
    }
    let desktop = Desktop::new();
    desktop.write(
        "data/applications/here.desktop",
        "[Desktop Entry]\nType=Application\nName=Here\nStartupWMClass=one\nExec=test-window\n",
    );
    // It replaces itself with the program.
    open(&desktop, &["unshare", "--net"], "one");
    // Nor does the shell in a sandbox come back, which has no window.
    let window = TestWindow::new("two").command();
    let sandbox = ["bwrap", "--dev-bind", "/", "/", "bash"];
    let shell = format!("{} < cues/two", shell_words::join(sandbox));
    desktop.write("home/cues/two", &format!("{window}\nexit\n"));
    desktop.open(&["sh", "-c", &shell]);
    let found = discovered(&desktop);
    assert_eq!(found[0], "- in - by -");
    assert!(found[1].ends_with(" by process (doubtful)"), "{found:?}");
    assert!(found[1].starts_with("test-window "), "{found:?}");
    let output = desktop.run(["capture", "t"]).success();
    output.stderr_has("container or sandbox");
    output.stderr_has("namespaces of its own");
    let text = desktop.layout("t");
    assert!(
        text.contains("# may not work: it runs in namespaces"),
        "{text}"
    );
}

#[test]
fn a_terminal_that_starts_a_sandbox_starts_its_program_once() {
    if !has_namespaces() {
        return;
    }
    let desktop = Desktop::new();
    let window = TestWindow::new("inside").argv();
    let window = window.iter().map(String::as_str);
    let sandbox = ["-e", "bwrap", "--dev-bind", "/", "/"].into_iter();
    desktop.open_xterm(&sandbox.chain(window).collect::<Vec<_>>());
    desktop.wait_until("the program has opened its window", || {
        desktop.tree_text().contains("inside")
    });
    desktop.run(["capture", "t"]).success();
    let text = desktop.layout("t");
    assert_eq!(text.matches("command:").count(), 1, "{text}");
    desktop.close_all_windows();
    let starts = desktop.starts();
    desktop.apply("t");
    assert_eq!(desktop.starts(), starts + 1);
    desktop.assert_idempotent("t");
}

#[test]
fn a_script_whose_sandbox_ends_with_its_parent_survives_apply() {
    if !has_namespaces() {
        return;
    }
    let desktop = Desktop::new();
    let real = desktop.copy_test_window("real/tool");
    let script = format!(
        "#!/bin/sh\nexec bwrap --die-with-parent --dev-bind / / --unshare-net '{}' \"$@\"\n",
        real.display()
    );
    desktop.write_executable("bin/tool", &script);
    let window = TestWindow::new("one").argv();
    let arguments = window[1..].iter().map(String::as_str);
    desktop.open(&["tool"].into_iter().chain(arguments).collect::<Vec<_>>());
    let commands = discovered(&desktop);
    assert!(
        commands[0].starts_with("setsid --fork tool "),
        "{commands:?}"
    );
    // The last check is made after `apply` has ended.
    assert_come_back(&desktop, &commands);
    assert_eq!(desktop.programs("tool").len(), 1);
}

/// A program that runs another one with other files, which include these.
fn container(variables: &str, files: &[(&str, &str)]) -> String {
    let files = files.iter().map(|(name, text)| {
        let file = format!("\"$0-{name}\"");
        format!(
            "printf '{text}' > {file}; set -- --ro-bind {file} /run/.{name} \"$@\"
"
        )
    });
    let files: String = files.collect();
    format!(
        "#!/bin/sh\nname=$2; shift 3\nset -- \"$@\"\n{files}set -- --tmpfs /run \"$@\"\n\
         for one in /*; do [ -d \"$one\" ] && [ \"$one\" != /run ] && \
         set -- --dev-bind \"$one\" \"$one\" \"$@\"; done\n\
         exec env {variables} bwrap \"$@\"\n"
    )
}

#[test]
fn a_container_is_entered_by_the_program_that_made_it() {
    if !has_namespaces() {
        return;
    }
    let desktop = Desktop::new();
    let about = [("containerenv", "name=\"box\"\\nrootless=1\\n")];
    let text = container("CONTAINER_ID=$name DISTROBOX_ENTER_PATH=$0", &about);
    desktop.write_executable("bin/distrobox-enter", &text);
    let about = [("containerenv", "name=\"tool\"\\n"), ("toolboxenv", "")];
    let text = container("X=", &about).replace("name=$2; shift 3", "shift 3");
    desktop.write_executable("bin/toolbox", &text);
    // Both own a program of this name, which is another one outside.
    desktop.write(
        "data/applications/here.desktop",
        "[Desktop Entry]\nType=Application\nName=Here\nStartupWMClass=one\nExec=test-window\n",
    );
    open(&desktop, &["distrobox-enter", "-n", "box", "--"], "one");
    open(&desktop, &["toolbox", "run", "-c", "tool"], "two");
    let commands = discovered(&desktop);
    for (command, begin) in commands.iter().zip([
        "distrobox-enter -n box -- test-window ",
        "toolbox run -c tool test-window ",
    ]) {
        assert!(command.starts_with(begin), "{command}");
        assert!(command.ends_with(" in ~ by process"), "{command}");
    }
    assert_come_back(&desktop, &commands);
}

#[test]
fn the_entry_that_enters_a_sandbox_wins_over_the_one_of_this_machine() {
    if !has_namespaces() {
        return;
    }
    let desktop = Desktop::new();
    let script = "#!/bin/sh\nshift\nexec bwrap --dev-bind / / --unshare-net \"$@\"\n";
    desktop.write_executable("bin/in-box", script);
    let entry = |id: &str, exec: &str| {
        desktop.write(
            &format!("data/applications/{id}.desktop"),
            &format!(
                "[Desktop Entry]\nType=Application\nName=X\nStartupWMClass=one\nExec={exec} %F\n"
            ),
        );
    };
    entry("here", "test-window");
    entry("inside", "in-box name test-window");
    open(&desktop, &["in-box", "name"], "one");
    let found = discovered(&desktop);
    assert!(
        found[0].starts_with("in-box name test-window "),
        "{found:?}"
    );
    assert!(found[0].ends_with(" in ~ by desktop-entry"), "{found:?}");
    // The same program in another sandbox is not that of the entry.
    desktop.close_all_windows();
    let sandbox = ["bwrap", "--dev-bind", "/", "/", "--unshare-ipc"];
    open(&desktop, &sandbox, "one");
    let found = discovered(&desktop);
    assert!(
        found[0].starts_with("bwrap --dev-bind / / --unshare-ipc test-window "),
        "{found:?}"
    );
}
