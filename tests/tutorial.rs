//! The tutorial, gone through in a real nested desktop.

use std::fs;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::harness::Desktop;
use crate::harness::command::Running;
use crate::harness::nested::Nested;
use crate::harness::{Name, tree};

/// A tutorial that runs on a terminal.
struct Tutorial<'a> {
    desktop: &'a Desktop,
    running: Running<'a>,
    nested: Nested<'a>,
}

impl<'a> Tutorial<'a> {
    fn start(desktop: &'a Desktop) -> Self {
        let running = desktop.command(["tutorial"]).on_terminal().start();
        let nested = Nested::wait(desktop);
        let tutorial = Self {
            desktop,
            running,
            nested,
        };
        tutorial.wait_for_step(1);
        tutorial
    }

    /// Waits until the terminal shows this step.
    #[track_caller]
    fn wait_for_step(&self, number: usize) {
        let wanted = format!("Step {number} of 13");
        self.desktop
            .wait_until(&wanted, || self.running.stdout_so_far().contains(&wanted));
    }

    /// Waits until the panel shows this text.
    #[track_caller]
    fn wait_for_panel(&self, text: &str) {
        let root = self.nested.environment()["XDG_RUNTIME_DIR"].clone();
        let panel = format!("{}/panel", root.trim_end_matches("/run"));
        self.desktop
            .wait_until(&format!("the panel shows {text}"), || {
                let shown = fs::read_to_string(&panel).unwrap_or_default();
                let last = shown.rsplit("\x1b[2J").next().unwrap_or_default();
                last.contains(text)
            });
    }

    /// Presses a key.
    fn press(&self, key: &str) {
        self.nested.run(&["xdotool", "key", key]);
    }

    /// Types a command into the focused window.
    fn type_command(&self, command: &str) {
        self.nested
            .run(&["xdotool", "type", "--delay", "4", command]);
        self.press("Return");
    }

    fn i3(&self, command: &str) {
        self.nested.ipc().run(command);
    }

    /// Focuses a window.
    #[track_caller]
    fn focus(&self, window: &str) {
        self.desktop.wait_until("the window has the focus", || {
            self.i3(&format!("[instance=^{window}$] focus"));
            let tree = self.nested.ipc().tree();
            tree::focused(&tree).is_some_and(|con| Name::Instance.of(con) == window)
        });
    }
}

#[test]
fn tutorial_can_be_gone_through() {
    let desktop = Desktop::builder().env("EDITOR", "add-tabs").start();
    // Does what the step asks for.
    desktop.write_executable(
        "bin/add-tabs",
        "#!/bin/sh\nsed -i '/- name: \"1\"/a\\    layout: tabbed' \"$1\"\n",
    );
    desktop.save_text("tour", "version: 1\nworkspaces: []\n");
    let own = desktop.layout("tour");
    let tutorial = Tutorial::start(&desktop);
    let nested = &tutorial.nested;
    tutorial.press("alt+Return");
    tutorial.wait_for_step(2);
    nested.wait_for("the terminal has the focus", |windows| {
        windows.contains("xterm")
    });
    // A wrong name gives a hint.
    tutorial.type_command("xterm -name clock -e top & xterm -name note &");
    tutorial.wait_for_panel("Hint: a window has another name");
    // A window that opens later would take the focus.
    nested.wait_for("both windows are open", |windows| {
        windows.contains("clock") && windows.contains("note")
    });
    tutorial.i3("[instance=^note$] kill");
    nested.wait_for("the window is closed", |windows| !windows.contains("note"));
    tutorial.focus("xterm");
    tutorial.type_command("xterm -name notes &");
    tutorial.wait_for_step(3);
    tutorial.focus("xterm");
    tutorial.type_command("i3pm-layout capture trip");
    tutorial.wait_for_panel("Hint: you have saved `trip`");
    tutorial.type_command("i3pm-layout capture tour");
    tutorial.wait_for_step(4);
    for window in ["clock", "notes"] {
        tutorial.focus(window);
        tutorial.press("alt+shift+q");
        nested.wait_for("the window is closed", |windows| !windows.contains(window));
    }
    tutorial.wait_for_step(5);
    tutorial.focus("xterm");
    tutorial.type_command("i3pm-layout apply tour");
    tutorial.wait_for_step(6);
    tutorial.focus("xterm");
    tutorial.type_command("i3pm-layout apply tour");
    tutorial.wait_for_step(7);
    tutorial.focus("notes");
    tutorial.press("alt+shift+2");
    tutorial.wait_for_step(8);
    tutorial.focus("xterm");
    tutorial.type_command("i3pm-layout diff tour; i3pm-layout apply tour");
    tutorial.wait_for_step(9);
    if let Some(file) = std::env::var_os("PICTURE_OF_TUTORIAL") {
        nested.screenshot(file.as_ref());
    }
    tutorial.type_command("i3pm-layout edit tour");
    tutorial.wait_for_step(10);
    tutorial.type_command("i3pm-layout apply tour");
    tutorial.wait_for_step(11);
    tutorial.type_command("i3pm-layout undo");
    tutorial.wait_for_step(12);
    // Without `--update`, the edited file stays.
    tutorial.type_command("i3pm-layout capture tour </dev/null");
    tutorial.wait_for_panel("Hint: you have edited the file");
    tutorial.type_command("i3pm-layout capture tour --update");
    tutorial.wait_for_step(13);
    tutorial.i3("[instance=^clock$] kill");
    nested.wait_for("the window is closed", |windows| !windows.contains("clock"));
    tutorial.press("alt+F9");
    tutorial.wait_for_panel("This was the tutorial");
    nested.wait_for("the key restores it", |windows| windows.contains("clock"));
    tutorial.press("alt+shift+e");
    let output = tutorial.running.wait().success();
    output.has("i3pm-layout try daily");
    // The user's layout of this name is the same.
    assert_eq!(desktop.layout("tour"), own);
    desktop.wait_until("no program is left", || {
        desktop.programs("xterm").is_empty() && desktop.programs("tail").is_empty()
    });
    assert!(desktop.programs("i3").len() == 1);
}

#[test]
fn tutorial_ends_with_its_window_or_a_signal() {
    let desktop = Desktop::new();
    let before = desktop.processes();
    let tutorial = Tutorial::start(&desktop);
    desktop.run_i3("[instance=\"^i3pm-layout$\"] kill");
    let output = tutorial.running.wait().code(1);
    output.has("ended before step 1 of 13");
    assert_eq!(desktop.processes(), before);
    let tutorial = Tutorial::start(&desktop);
    tutorial.press("alt+Return");
    tutorial.wait_for_step(2);
    tutorial.running.signal(Signal::TERM);
    tutorial.running.wait().code(1);
    assert_eq!(desktop.processes(), before);
    let runtime = desktop.path().join("runtime/i3pm-layout");
    let left = fs::read_dir(runtime).into_iter().flatten().flatten();
    let left: Vec<_> = left.map(|entry| entry.file_name()).collect();
    assert!(
        !left
            .iter()
            .any(|name| name.to_string_lossy().starts_with("nested-")),
        "{left:?}"
    );
}

#[test]
fn tutorial_needs_a_display() {
    let desktop = Desktop::new();
    let failed = desktop.command(["tutorial"]).env_remove("DISPLAY");
    let failed = failed.run().code(2);
    failed.stderr_has("there is no display");
    failed.stderr_has("help tutorial-guide");
}

#[test]
fn signal_ends_the_tutorial_at_once_while_titles_change() {
    let desktop = Desktop::new();
    let tutorial = Tutorial::start(&desktop);
    let done = desktop.path().join("home/done");
    let script = desktop.write_executable(
        "bin/titles",
        &format!(
            "#!/bin/sh\nfor i in $(seq 20000); do printf '\\033]0;%s\\007' $i; done\n\
             touch {}\nsleep 1000\n",
            done.display()
        ),
    );
    tutorial.i3(&format!("exec xterm -e {}", script.display()));
    desktop.wait_until("all titles are set", || done.exists());
    let start = Instant::now();
    tutorial.running.signal(Signal::TERM);
    tutorial.running.wait().code(1);
    let elapsed = start.elapsed();
    assert!(elapsed < Duration::from_secs(4), "{elapsed:?}");
}
