//! Commands discovered for real programs, and restoring windows with them.

use std::fs;

use serde_json::Value;

use crate::harness::{Desktop, TestWindow};
use crate::roundtrip::assert_round_trip;
use crate::sandboxes::has_namespaces;

/// Runs `START` before the first prompt of a shell. Foreground jobs exist only from then on.
const BASHRC: &str = "PS1='$ '\n\
    PROMPT_COMMAND='eval \"${START:-:}\"; unset START PROMPT_COMMAND'\n";

/// A desktop whose shells run `START`, with files in `one` and `two`.
fn desktop() -> Desktop {
    let desktop = Desktop::builder().env("SHELL", "/bin/bash").start();
    desktop.write("home/.bashrc", BASHRC);
    for name in ["one", "two"] {
        desktop.write(&format!("home/{name}/a.txt"), "text\n");
    }
    desktop
}

/// The command, directory, source and doubts of each window, in tree order.
pub(crate) fn discovered(desktop: &Desktop) -> Vec<String> {
    let output = desktop.run(["discover", "--all", "--json"]);
    let list: Vec<Value> = serde_json::from_value(output.json()).expect("a list");
    list.iter()
        .map(|one| {
            let text = |key: &str| one[key].as_str().unwrap_or("-").to_owned();
            let doubts = one["doubts"].as_array().map_or(0, Vec::len);
            let doubts = if doubts == 0 { "" } else { " (doubtful)" };
            format!(
                "{} in {} by {}{doubts}",
                text("command"),
                text("cwd"),
                text("source")
            )
        })
        .collect()
}

/// Waits until the discovered commands are as expected.
#[track_caller]
fn wait_for(desktop: &Desktop, expected: &[&str]) {
    let mut last = Vec::new();
    desktop.wait_until(&format!("discovered: {expected:#?}"), || {
        last = discovered(desktop);
        last == expected
    });
}

/// Captures, closes everything and applies; another apply must do nothing. Does not compare
/// titles, which differ when a terminal is started with a command.
#[track_caller]
fn assert_reopened(desktop: &Desktop) {
    desktop.run(["capture", "t"]).success();
    desktop.close_all_windows();
    desktop.run(["apply", "t"]).success();
    desktop.assert_idempotent("t");
}

/// Opens a terminal whose shell runs this first.
fn terminal(desktop: &Desktop, argv: &[&str], start: &str) {
    let start = format!("START={start}");
    desktop.open(&[&["env", &start], argv].concat());
}

#[test]
fn shells_are_restored_with_directory_and_foreground_program() {
    let desktop = desktop();
    terminal(&desktop, &["xterm", "-T", "shell"], "cd one");
    terminal(&desktop, &["xterm", "-T", "pager"], "cd two; less a.txt");
    terminal(
        &desktop,
        &["xterm", "-T", "editor"],
        "cd one; vim -u NONE a.txt",
    );
    terminal(
        &desktop,
        &["xterm", "-T", "pipe"],
        "cd two; cat a.txt | less",
    );
    terminal(&desktop, &["urxvt", "-T", "work"], "cd one; cat");
    let mut commands = [
        "xterm -T shell in ~/one by terminal",
        "xterm -T pager -e less a.txt in ~/two by terminal",
        "xterm -T editor -e vim -u NONE a.txt in ~/one by terminal",
        "xterm -T pipe in ~/two by terminal (doubtful)",
        "urxvt -T work in ~/one by terminal (doubtful)",
    ];
    wait_for(&desktop, &commands);
    assert_reopened(&desktop);
    // The programs that are not started again are in the comments.
    let text = desktop.layout("t");
    for lost in ["a pipeline with `less`", "`cat`"] {
        let comment = format!("# may not work: {lost} runs in the shell and is not started again");
        assert!(text.contains(&comment), "{text}");
    }
    commands[3] = "xterm -T pipe in ~/two by terminal";
    commands[4] = "urxvt -T work in ~/one by terminal";
    wait_for(&desktop, &commands);
    assert_eq!(desktop.directories_of("less"), ["two"]);
    assert_eq!(desktop.directories_of("vim"), ["one"]);
}

#[test]
fn a_program_in_a_shell_of_a_sandbox_or_a_script_comes_back_or_is_named() {
    if !has_namespaces() {
        return;
    }
    let desktop = desktop();
    let sandbox = ["xterm", "-e", "bwrap", "--dev-bind", "/", "/", "bash"];
    terminal(&desktop, &sandbox, "cd one; less a.txt");
    terminal(&desktop, &sandbox, "cd two; cat");
    terminal(&desktop, &sandbox, "cd two");
    let script = ["xterm", "-e", "sh", "-c", "cd two; bash; true"];
    terminal(&desktop, &script, "less a.txt");
    terminal(&desktop, &script, "cat");
    let mut commands = [
        "xterm -e bwrap --dev-bind / / less a.txt in ~/one by terminal",
        "xterm -e bwrap --dev-bind / / bash in ~/two by terminal (doubtful)",
        "xterm -e bwrap --dev-bind / / bash in ~/two by terminal",
        "xterm -e less a.txt in ~/two by terminal",
        "xterm -e bash in ~/two by terminal (doubtful)",
    ];
    wait_for(&desktop, &commands);
    let captured = desktop.run(["capture", "t"]).success();
    captured.stderr_has("`cat` runs in the shell and is not started again");
    let text = desktop.layout("t");
    assert_eq!(
        text.matches("# may not work: `cat` runs in the shell")
            .count(),
        2,
        "{text}"
    );
    assert_reopened(&desktop);
    commands[1] = commands[2];
    commands[4] = "xterm -e bash in ~/two by terminal";
    wait_for(&desktop, &commands);
}

#[test]
fn windows_of_one_daemon_have_their_own_directories() {
    let desktop = desktop();
    desktop.spawn(&["urxvtd", "-q", "-f"]).wait();
    let windows = |count| desktop.tree_text().matches("urxvt").count() == count;
    for (count, start) in ["cd one", "cd two; less a.txt"].into_iter().enumerate() {
        let start = format!("START={start}");
        // Not `open`, because the window belongs to the daemon and not to the started process.
        desktop.spawn(&["env", &start, "urxvtc"]);
        desktop.wait_until("the window is there", || windows(count + 1));
    }
    let commands = [
        "urxvtc in ~/one by terminal",
        "urxvtc -e less a.txt in ~/two by terminal",
    ];
    wait_for(&desktop, &commands);
    assert_reopened(&desktop);
    wait_for(&desktop, &commands);
    assert_eq!(desktop.directories_of("less"), ["two"]);
}

#[test]
fn daemon_that_forked_after_opening_the_display_is_identified() {
    let desktop = desktop();
    // The X server reports the process that opened the display, which has exited.
    desktop.spawn(&["urxvtd", "-q", "-o", "-f"]).wait();
    desktop.spawn(&["env", "START=cd one", "urxvtc"]);
    wait_for(&desktop, &["urxvtc in ~/one by terminal"]);
    assert_reopened(&desktop);
    wait_for(&desktop, &["urxvtc in ~/one by terminal"]);
}

#[test]
fn tmux_client_attaches_to_its_session() {
    let desktop = desktop();
    let tmux = |arguments: &[&str]| {
        let argv = [
            &[
                "xterm",
                "-T",
                "tmux",
                "-e",
                "tmux",
                "-L",
                "own",
                "-f",
                "/dev/null",
            ],
            arguments,
        ];
        desktop.open(&argv.concat());
    };
    let sessions = ["play", "1"].map(|name| {
        format!("xterm -T tmux -e tmux -L own new-session -A -s {name} in ~ by terminal")
    });
    tmux(&["new", "-s", "play"]);
    // The second session is called `1`: the server of the first has counted `play` as 0.
    wait_for(&desktop, &[sessions[0].as_str()]);
    tmux(&["new"]);
    wait_for(&desktop, &sessions.each_ref().map(String::as_str));
    assert_round_trip(&desktop);
}

#[test]
fn scripts_in_path_are_called_by_name() {
    let desktop = desktop();
    let text = include_str!("data/x-window.py");
    desktop.write_executable("bin/tool", text);
    let elsewhere = desktop.write_executable("home/scripts/other.py", text);
    let one = desktop.create_directory("home/one");
    desktop.open_in(&["tool", "Tool", "x"], &one);
    desktop.open(&["python3", &elsewhere.display().to_string(), "Other"]);
    let seen = discovered(&desktop);
    assert_eq!(seen[0], "tool Tool x in ~/one by process");
    // The command includes the interpreter only if `python3` in `PATH` (a shim, for example) is
    // not the one that the script's `#!` line runs.
    let other = "~/scripts/other.py Other in ~ by process";
    assert!(
        seen[1] == other || seen[1].ends_with(&format!(" {other}")),
        "{seen:?}"
    );
    assert_round_trip(&desktop);
}

#[test]
fn literal_tilde_stays_literal() {
    let desktop = desktop();
    let text = include_str!("data/x-window.py");
    desktop.write_executable("bin/tool", text);
    // No shell has replaced it.
    desktop.open_in(
        &["tool", "Tool", "~/x"],
        &desktop.create_directory("home/one"),
    );
    assert_eq!(discovered(&desktop), ["tool Tool $~/x in ~/one by process"]);
    desktop.run(["capture", "t"]).success();
    let before = desktop.layout("t");
    desktop.close_all_windows();
    desktop.run(["apply", "t"]).success();
    desktop.run(["capture", "again"]).success();
    assert_eq!(desktop.layout("again"), before);
    desktop.assert_idempotent("t");
}

#[test]
fn options_of_session_managers_are_left_out() {
    let desktop = desktop();
    desktop.open(&["xterm", "-xtsessionID", "117f0001", "-T", "shell"]);
    let command = ["xterm -T shell in ~ by terminal"];
    wait_for(&desktop, &command);
    desktop.run(["capture", "t"]).success();
    desktop.close_all_windows();
    // Opened by hand, without the option, it is the same window.
    desktop.run_i3("workspace 5");
    desktop.open(&["xterm", "-T", "shell"]);
    desktop.run(["apply", "t", "--no-launch"]).success();
    desktop.assert_idempotent("t");
    wait_for(&desktop, &command);
}

#[test]
fn wrapper_scripts_and_desktop_entries_provide_the_command() {
    let desktop = desktop();
    let inner = desktop.copy_test_window("libexec/tool.bin");
    let inner = inner.display();
    desktop.write_executable("bin/tool", &format!("#!/bin/sh\nexec {inner} \"$@\"\n"));
    desktop.write(
        "data/applications/shell.desktop",
        &format!(
            "[Desktop Entry]\nType=Application\nName=Shell\nStartupWMClass=Shelled\n\
             Exec=sh -c \"exec {inner} --class Shelled --instance shelled\"\n"
        ),
    );
    desktop.open(&["tool", "--class", "Tool", "--instance", "tool"]);
    let shell = format!("exec {inner} --class Shelled --instance shelled");
    desktop.open(&["sh", "-c", &shell]);
    // The script in PATH runs the same file, so it is the command of both windows.
    assert_eq!(
        discovered(&desktop),
        [
            "tool --class Tool --instance tool in ~ by process",
            "tool --class Shelled --instance shelled in ~ by process",
        ]
    );
    // Without the script, only the desktop entry provides a command.
    fs::remove_file(desktop.path().join("bin/tool")).expect("the file exists");
    assert_eq!(
        discovered(&desktop)[1],
        format!("sh -c '{shell}' in ~ by desktop-entry"),
    );
}

#[test]
fn capture_warns_of_commands_that_may_not_work() {
    let desktop = desktop();
    desktop.open_deleted_program("home/copy", &["--class", "Copy"]);
    let output = desktop.run(["capture", "t"]).success();
    let warning = "warning: the command of slot `copy` may not work: `";
    output.stderr_has(warning);
    let text = desktop.layout("t");
    let mut lines = text.lines();
    lines
        .find(|line| line.trim_start().starts_with("# may not work: `"))
        .unwrap_or_else(|| panic!("no comment\n{text}"));
    assert!(
        lines.next().is_some_and(|line| line.contains("id: copy")),
        "{text}"
    );
    desktop.run(["validate", "t"]).success();
    let output = desktop.run(["discover"]).success();
    output.stdout_has("\n  warning: `");
}

#[test]
fn shell_in_a_deleted_directory_is_reported() {
    let desktop = desktop();
    let gone = "mkdir gone; cd gone; rmdir ../gone";
    terminal(&desktop, &["xterm", "-T", "shell"], gone);
    let pager = "mkdir gone; cd gone; rmdir ../gone; less ~/one/a.txt";
    terminal(&desktop, &["xterm", "-T", "pager"], pager);
    wait_for(
        &desktop,
        &[
            "xterm -T shell in ~ by terminal (doubtful)",
            "xterm -T pager -e less ~/one/a.txt in ~ by terminal (doubtful)",
        ],
    );
    let warning = desktop.run(["capture", "t"]).success().stderr;
    let why = "may not work: the directory `~/gone` does not exist";
    assert_eq!(warning.matches(why).count(), 2, "{warning}");
}

#[test]
fn discover_explains_one_window_or_all() {
    let desktop = desktop();
    desktop.write(
        "data/applications/term.desktop",
        "[Desktop Entry]\nType=Application\nName=T\nExec=xterm\nStartupWMClass=XTerm\n",
    );
    desktop.run(["discover"]).code(2);
    let xterm = desktop.open(&["xterm", "-T", "first"]);
    // Before that, the terminal's child is a fork of the terminal.
    desktop.wait_until("its shell runs", || desktop.programs("bash").len() == 1);
    desktop.open_window("second");
    let id = format!("{:#x}", xterm.windows[0]);
    let output = desktop
        .run(["discover", "--window", &id, "--explain"])
        .success();
    assert_eq!(
        output.stdout,
        "xterm -T first\n  cwd:     ~\n  source:  terminal xterm: the shell in the xterm is idle\n  \
         terminal xterm  `xterm -T first`  used: the shell in the xterm is idle\n  \
         desktop-entry term  -  not used: it accepts no files, but the process has more arguments\n  \
         process  `xterm -T first`  not used: the command of the terminal includes the program inside\n"
    );
    let focused = desktop.run(["discover"]).success();
    assert!(
        focused.stdout.starts_with("test-window "),
        "{}",
        focused.transcript()
    );
    let all = desktop.run(["discover", "--all"]).success();
    assert!(
        all.stdout.contains("first  (XTerm, 0x"),
        "{}",
        all.transcript()
    );
    assert!(
        desktop
            .run(["discover", "--window", "1"])
            .code(2)
            .stderr
            .contains("no window 0x1")
    );
}

#[test]
fn window_that_a_terminal_opens_has_no_command() {
    let desktop = Desktop::new();
    let window = TestWindow::new("inside").command();
    desktop.open_xterm(&["-e", "sh", "-c", &format!("exec {window}")]);
    desktop.wait_until("the program has opened its window", || {
        desktop.tree_text().contains("inside")
    });
    desktop.run(["capture", "t"]).success();
    let text = desktop.layout("t");
    assert_eq!(text.matches("command:").count(), 1, "{text}");

    // Without a shell in between, the terminal's command line ends with that of the program.
    desktop.close_all_windows();
    let words = shell_words::split(&window).expect("the command is valid");
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    desktop.open_xterm(&[&["-e"], words.as_slice()].concat());
    desktop.wait_until("the program has opened its window", || {
        desktop.tree_text().contains("inside")
    });
    desktop.run(["capture", "u"]).success();
    let text = desktop.layout("u");
    assert_eq!(text.matches("command:").count(), 1, "{text}");
    let starts = desktop.starts();
    desktop.close_all_windows();
    desktop.apply("u");
    assert_eq!(desktop.starts(), starts + 1);
    desktop.assert_idempotent("u");
}

#[test]
fn terminal_in_which_capture_is_typed_has_no_lost_program() {
    let program = env!("CARGO_BIN_EXE_i3pm-layout");
    capture_typed_as(&desktop(), program);
    let desktop = desktop();
    let script = format!("#!/bin/sh\n{program} \"$@\"\n");
    let script = desktop.write_executable("home/save", &script);
    capture_typed_as(&desktop, &script.display().to_string());
}

/// Types `capture` with this program into a terminal, which is saved with its shell.
#[track_caller]
fn capture_typed_as(desktop: &Desktop, program: &str) {
    let log = desktop.path().join("log/capture");
    let start = format!(
        "START={program} capture t > {0} 2>&1; mv {0} {0}.end",
        log.display()
    );
    desktop.open(&["env", &start, "xterm", "-T", "shell"]);
    let end = log.with_extension("end");
    desktop.wait_until("the layout is saved", || end.exists());
    let printed = fs::read_to_string(end).expect("it was written");
    assert!(printed.starts_with("saved 1 window"), "{printed}");
    let text = desktop.layout("t");
    assert!(text.contains("command: xterm -T shell"), "{text}");
    assert!(!text.contains("may not work"), "{text}");
}

#[test]
fn program_in_the_foreground_with_its_own_window_is_started_once() {
    let desktop = desktop();
    let program = format!("cd one; {}", TestWindow::new("inside").command());
    let start = format!("START={program}");
    desktop.open(&["env", &start, "xterm", "-T", "shell"]);
    desktop.wait_until("the program has opened its window", || {
        desktop.tree_text().contains("inside")
    });
    let mut found = discovered(&desktop);
    // On a busy machine, the program may open its window first.
    found.sort_by_key(|one| !one.starts_with("xterm"));
    assert_eq!(found[0], "xterm -T shell in ~/one by terminal");
    assert!(found[1].ends_with(" in ~/one by process"), "{found:?}");
    let starts = desktop.starts();
    assert_reopened(&desktop);
    assert_eq!(desktop.starts(), starts + 1);
}
