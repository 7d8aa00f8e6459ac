//! `try`: layouts in a second i3, with the real Xephyr and Xvfb.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use resvg::tiny_skia::Pixmap;
use rustix::process::{Pid, Signal, kill_process};

use crate::harness::nested::Nested;
use crate::harness::{Desktop, TestWindow};

/// A layout of two windows side by side.
const LAYOUT: &str = "1: splith[left, right]";

/// A desktop with a window, and the layout `t` with two others.
fn desktop() -> Desktop {
    let desktop = Desktop::new();
    desktop.open_window("mine");
    let slots = ["left", "right"].map(|name| TestWindow::new(name).slot());
    desktop.save("t", slots);
    desktop
}

/// The files of nested desktops, and of runs.
fn traces(desktop: &Desktop) -> Vec<String> {
    let entries = |folder: &str| {
        let entries = fs::read_dir(desktop.path().join(folder));
        entries.into_iter().flatten().flatten()
    };
    let nested = entries("runtime/i3pm-layout");
    let nested = nested.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let runs = entries("state/i3pm-layout/runs").map(|entry| entry.path().display().to_string());
    nested
        .filter(|name| name.starts_with("nested-"))
        .chain(runs)
        .collect()
}

/// What must be the same before and after.
struct Before<'a> {
    desktop: &'a Desktop,
    processes: BTreeSet<u32>,
    tree: serde_json::Value,
}

impl<'a> Before<'a> {
    fn of(desktop: &'a Desktop) -> Self {
        desktop.sync();
        Self {
            desktop,
            processes: desktop.processes(),
            tree: desktop.tree(),
        }
    }

    #[track_caller]
    fn assert_same(&self) {
        assert_eq!(self.desktop.processes(), self.processes);
        self.desktop.assert_same_tree(&self.tree);
        assert_eq!(traces(self.desktop), Vec::<String>::new());
    }
}

/// The size of a picture, and whether it has several colours.
fn picture(file: &Path) -> (u32, u32, bool) {
    let bytes = fs::read(file).expect("the picture was written");
    let pixmap = Pixmap::decode_png(&bytes).expect("it is a PNG");
    let first = pixmap.pixels()[0];
    let is_colorful = pixmap.pixels().iter().any(|pixel| *pixel != first);
    (pixmap.width(), pixmap.height(), is_colorful)
}

#[test]
fn without_a_display_a_picture_is_written() {
    let desktop = desktop();
    let before = Before::of(&desktop);
    let file = desktop.path().join("home/t.png");
    let tried = desktop.command(["try", "t", "-o", "t.png"]);
    let tried = tried.env_remove("DISPLAY").run().success();
    tried.stderr_has("restored 2 of 2 slots");
    tried.stderr_has("wrote t.png");
    assert_eq!(picture(&file), (1920, 1080, true));
    before.assert_same();
    // Without a name for the file, and on a desktop.
    let tried = desktop.command(["try", "two-monitors", "--no-launch"]);
    let tried = tried.env_remove("DISPLAY").run().success();
    tried.stderr_has("two-monitors: restored 5 of 5 slots");
    let file = desktop
        .path()
        .join("cache/i3pm-layout/try/two-monitors.png");
    assert_eq!(picture(&file), (3840, 1234, true));
    before.assert_same();
}

#[test]
fn layout_opens_in_a_window_and_ends_with_it() {
    let desktop = desktop();
    let before = Before::of(&desktop);
    let running = desktop.command(["try", "t"]).start();
    let nested = Nested::wait(&desktop);
    nested.wait_for("the layout is complete", |windows| windows == LAYOUT);
    desktop.wait_until("the window is open", || {
        desktop.arrangement().contains("i3pm-layout")
    });
    assert!(nested.environment()["DISPLAY"] != desktop.display().name());
    desktop.wait_until("the run is over", || {
        desktop.programs("i3pm-layout").len() == 1
    });
    desktop.run_i3("[instance=\"^i3pm-layout$\"] kill");
    let output = running.wait().success();
    output.stderr_has("Alt+Return opens a terminal");
    output.stderr_has("restored 2 of 2 slots");
    before.assert_same();
}

#[test]
fn what_a_killed_call_has_left_is_ended_by_the_next_one() {
    let desktop = desktop();
    let before = Before::of(&desktop);
    let running = desktop.command(["try", "t"]).start();
    let nested = Nested::wait(&desktop);
    nested.wait_for("the layout is complete", |windows| windows == LAYOUT);
    // A program that ignores signals.
    nested
        .ipc()
        .run("exec \"trap '' TERM HUP INT; exec sleep 1000\"");
    desktop.wait_until("the program runs", || desktop.programs("sleep").len() == 1);
    running.signal(Signal::KILL);
    let _killed = running.wait();
    assert_eq!(desktop.programs("Xephyr").len(), 1);
    let picture = desktop.path().join("home/t.png");
    let picture = picture.to_str().expect("the path is UTF-8");
    desktop.run(["try", "t", "-o", picture]).success();
    assert_eq!(desktop.programs("sleep").len(), 0);
    desktop.wait_until("all programs have ended", || {
        desktop.processes() == before.processes
    });
    before.assert_same();
}

#[test]
fn exit_of_i3_ends_it_and_slots_can_be_chosen() {
    let desktop = desktop();
    let before = Before::of(&desktop);
    let running = desktop.command(["try", "t", "--only", "right"]).start();
    let nested = Nested::wait(&desktop);
    nested.wait_for("the slot has its window", |windows| {
        windows.contains("right")
    });
    desktop.wait_until("the run is over", || {
        desktop.programs("i3pm-layout").len() == 1
    });
    assert!(!nested.arrangement().contains("left"));
    nested.run(&["i3-msg", "exit"]);
    running.wait().success();
    before.assert_same();
}

#[test]
fn signals_end_everything_that_was_started() {
    let desktop = Desktop::new();
    // A program that leaves its session, and one that ignores signals.
    let window = TestWindow::new("left").command();
    let daemons = "setsid sleep 1000 & (trap '' TERM HUP INT; sleep 1001; sleep 1002) & exec";
    let script = desktop.write_executable("bin/start", &format!("#!/bin/sh\n{daemons} {window}\n"));
    let script = script.display();
    desktop.save_text(
        "t",
        &format!(
            "version: 1\nworkspaces:\n  - name: \"1\"\n    nodes:\n      \
             - {{ id: left, swallow: {{ instance: ^left$ }}, command: {script} }}\n"
        ),
    );
    let before = Before::of(&desktop);
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let running = desktop.command(["try", "t"]).start();
        let nested = Nested::wait(&desktop);
        nested.wait_for("the window is open", |windows| windows == "1: splith[left]");
        desktop.wait_until("the daemons run", || desktop.programs("sleep").len() >= 2);
        running.signal(signal);
        let code = running.wait().status.code();
        assert!(matches!(code, Some(0 | 1)), "{signal:?} {code:?}");
        before.assert_same();
    }
    // As early as possible.
    let running = desktop.command(["try", "t"]).start();
    desktop.wait_until("the X server starts", || {
        !desktop.programs("Xephyr").is_empty()
    });
    running.interrupt();
    running.wait().code(1);
    before.assert_same();
}

#[test]
fn monitors_have_their_names_and_workspaces() {
    let desktop = Desktop::new();
    let before = Before::of(&desktop);
    let running = desktop
        .command(["try", "two-monitors", "--no-launch"])
        .start();
    let nested = Nested::wait(&desktop);
    nested.wait_for("all windows are open", |windows| {
        windows.matches("i3pm-stand-in-").count() == 5
    });
    let outputs = nested.ipc().outputs();
    let active = outputs.as_array().expect("it is a list").iter();
    let active = active.filter(|output| output["active"] == true);
    let active: Vec<(&str, &str, bool)> = active
        .map(|output| {
            let text = |key: &str| output[key].as_str().unwrap_or_default();
            (
                text("name"),
                text("current_workspace"),
                output["primary"] == true,
            )
        })
        .collect();
    assert_eq!(
        active,
        [("eDP-1", "2:talk", true), ("DP-1", "1:work", false)]
    );
    running.interrupt();
    let _ = running.wait();
    before.assert_same();
}

#[test]
fn programs_find_nothing_of_the_desktop() {
    let desktop = Desktop::builder()
        .env("SWAYSOCK", "/run/sway")
        .env("TMUX", "/tmp/tmux-0/default,1,0")
        .start();
    let window = TestWindow::new("left").command();
    let file = desktop.path().join("home/environment");
    let script = desktop.write_executable(
        "bin/start",
        &format!("#!/bin/sh\nenv >{}\nexec {window}\n", file.display()),
    );
    desktop.write_executable("bin/firefox", "#!/bin/sh\nexit 1\n");
    let script = script.display();
    desktop.save_text(
        "t",
        &format!(
            "version: 1\nhooks: {{ pre-apply: touch hooked }}\nworkspaces:\n  - name: \"1\"\n    \
             nodes:\n      - {{ id: left, swallow: {{ instance: ^left$ }}, command: {script} }}\n"
        ),
    );
    let running = desktop.command(["try", "t"]).start();
    let nested = Nested::wait(&desktop);
    nested.wait_for("the window is open", |windows| windows == "1: splith[left]");
    let environment = fs::read_to_string(&file).expect("the program has written it");
    let value = |name: &str| {
        let mut lines = environment.lines();
        lines.find_map(|line| line.strip_prefix(&format!("{name}=")))
    };
    for name in ["SWAYSOCK", "TMUX", "WAYLAND_DISPLAY", "SESSION_MANAGER"] {
        assert_eq!(value(name), None, "{name}");
    }
    for (name, outside) in desktop.environment() {
        let is_private = ["DISPLAY", "I3SOCK", "XDG_RUNTIME_DIR", "XDG_STATE_HOME"].contains(&name);
        let is_same = ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"].contains(&name);
        if is_private {
            assert_ne!(value(name), Some(outside.as_str()), "{name}");
        }
        if is_same {
            assert_eq!(value(name), Some(outside.as_str()), "{name}");
        }
    }
    assert!(value("DBUS_SESSION_BUS_ADDRESS").is_some_and(|bus| bus.contains("/nested-")));
    let firefox = nested.run(&["sh", "-c", "cat $(command -v firefox)"]);
    assert!(firefox.contains("--no-remote --profile"), "{firefox}");
    // The display cannot be used without its cookie.
    let refused = nested.run(&["env", "-u", "XAUTHORITY", "xprop", "-root"]);
    assert!(refused.contains("unable to open display"), "{refused}");
    assert!(!desktop.path().join("home/hooked").exists());
    running.interrupt();
    let _ = running.wait();
}

#[test]
fn missing_programs_are_named_with_their_packages() {
    let desktop = desktop();
    let before = Before::of(&desktop);
    let path = |programs: &[&str]| {
        let folder = desktop.create_directory(&format!("path-{}", programs.join("-")));
        for program in programs {
            let system = std::env::var_os("PATH").unwrap_or_default();
            let mut folders = std::env::split_paths(&system);
            let file = folders.find(|folder| folder.join(program).exists());
            let file = file.expect("it is installed").join(program);
            let _ = symlink(file, folder.join(program));
        }
        folder
    };
    for (programs, has_display, missing, package) in [
        (&["i3"][..], true, "Xephyr", "xserver-xephyr"),
        (&["i3"], false, "Xvfb", "xorg-server-xvfb"),
        (&["Xephyr"], true, "i3", "i3-wm"),
        (&["Xvfb"], false, "i3", "i3-wm"),
    ] {
        let mut command = desktop.command(["try", "t"]).env("PATH", path(programs));
        if !has_display {
            command = command.env_remove("DISPLAY");
        }
        let failed = command.run().code(2);
        failed.stderr_has(&format!("`{missing}` is not installed"));
        failed.stderr_has(package);
        before.assert_same();
    }
    // Without Xephyr, there is a picture at least.
    let window = Path::new(env!("CARGO_BIN_EXE_test-window"));
    let folder = path(&["i3", "Xvfb"]);
    let _ = symlink(window, folder.join("test-window"));
    let tried = desktop.command(["try", "t"]).env("PATH", folder);
    let tried = tried.run().success();
    tried.stderr_has("warning: `Xephyr` is not installed");
    tried.stderr_has("wrote ");
    before.assert_same();
}

#[test]
fn mistakes_are_reported_before_anything_starts() {
    let desktop = desktop();
    let before = Before::of(&desktop);
    let unknown = desktop.run(["try", "two-monitor"]).code(2);
    unknown.stderr_has("no example has this name");
    unknown.stderr_has("did you mean `two-monitors`?");
    desktop.save_text("broken", "version: 1\nworkspaces: [{ name: 1 }]\nx: 1\n");
    desktop
        .run(["try", "broken"])
        .code(2)
        .stderr_has("unknown key `x`");
    desktop
        .run(["try", "t", "-o", "none/t.png"])
        .code(2)
        .stderr_has("does not exist");
    desktop
        .run(["try", "t", "--only", "none", "-o", "t.png"])
        .code(2)
        .stderr_has("layout `t` has no slot `none`");
    desktop
        .run(["try", "t", "-w", "7", "-o", "t.png"])
        .code(2)
        .stderr_has("layout `t` has no workspace `7`");
    desktop
        .run(["try", "three-workspaces", "rot=/"])
        .code(2)
        .stderr_has("layout `three-workspaces` has no variable `rot`");
    desktop
        .run(["try", "t", "-o", "t.jpg"])
        .code(2)
        .stderr_has("expected a file name that ends with `.png`");
    desktop
        .run(["try", "-o", "t.png"])
        .code(2)
        .stderr_has("no layout or example is named");
    before.assert_same();
    let listed = desktop.run(["try"]).success();
    listed.stdout_has("three-workspaces     A development desktop on three workspaces");
    listed.stderr_has("i3pm-layout try NAME");
    // A layout of the user comes first.
    desktop.save("two-monitors", [TestWindow::new("own").slot()]);
    let own = desktop
        .run(["try", "two-monitors", "-o", "t.png"])
        .success();
    own.stderr_has("restored 1 of 1 slot");
}

#[test]
fn picture_shows_something_of_every_layout() {
    let desktop = Desktop::new();
    let command = TestWindow::new("a").command();
    let slot = format!("{{ id: a, swallow: {{ instance: ^a$ }}, command: {command} }}");
    desktop.write(
        "config/i3pm-layout/shared.yaml",
        &format!("version: 1\ntemplates: {{ a: {slot} }}\n").replace("id: a, ", ""),
    );
    for (name, text) in [
        // Nothing says which workspace is visible.
        (
            "hidden",
            format!("workspaces: [{{ name: \"5\", nodes: [{slot}] }}]"),
        ),
        ("scratchpad", format!("scratchpad: [{slot}]")),
        // The names of the outputs of Xvfb and Xephyr.
        (
            "outputs",
            format!(
                "monitors: [{{ output: screen, rect: 800x600+0+0 }}, {{ output: default, rect: 800x600+800+0 \
                 }}]\nworkspaces: [{{ name: \"5\", output: default, nodes: [{slot}] }}]"
            ),
        ),
        (
            "included",
            "include: ../shared.yaml\nworkspaces: [{ name: \"5\", nodes: [{ template: a }] }]"
                .to_owned(),
        ),
    ] {
        desktop.save_text(name, &format!("version: 1\n{text}\n"));
        let tried = desktop.command(["try", name, "-o", "t.png"]).run();
        tried.success().stderr_has("restored 1 of 1 slot");
        let (.., is_colorful) = picture(&desktop.path().join("home/t.png"));
        assert!(is_colorful, "{name}");
    }
}

#[test]
fn window_in_place_of_a_program_shows_the_values_of_variables() {
    let desktop = Desktop::new();
    desktop.save_text(
        "t",
        "version: 1\nvars: { root: null, tool: vim }\nworkspaces:\n  - name: \"1\"\n    nodes:\n      \
         - { id: a, swallow: { instance: a }, command: \"xterm -e ${tool} ${root}/x ${env:API_TOKEN}\" }\n",
    );
    let tried = desktop.command(["try", "t", "root=~/site", "--no-launch"]);
    let running = tried.env("API_TOKEN", "hunter2hunter2").start();
    let nested = Nested::wait(&desktop);
    nested.wait_for("the window is open", |windows| {
        windows.contains("i3pm-stand-in-a")
    });
    let tree = nested.ipc().tree().to_string();
    assert!(tree.contains("xterm -e vim ~/site/x "), "{tree}");
    assert!(
        !tree.contains("hunter2") && !tree.contains("API_TOKEN"),
        "{tree}"
    );
    running.interrupt();
    let _ = running.wait();
}

#[test]
fn commands_in_the_window_do_not_change_layouts() {
    let desktop = desktop();
    desktop.write_executable("bin/editor", "#!/bin/sh\necho '# edited' >>\"$1\"\n");
    let file = desktop.path().join("config/i3pm-layout/layouts/t.yaml");
    let text = || fs::read_to_string(&file).expect("the layout exists");
    let before = text();
    let running = desktop.command(["try", "t"]).start();
    let nested = Nested::wait(&desktop);
    nested.wait_for("the layout is complete", |windows| windows == LAYOUT);
    desktop.wait_until("the run is over", || {
        desktop.programs("i3pm-layout").len() == 1
    });
    for command in [
        "capture t --force",
        "capture t --update --quiet; EDITOR=editor i3pm-layout edit t",
        "capture new",
        "capture ./new.yaml",
        "delete t",
        "copy t new",
        "rename t new",
    ] {
        // Also if the shell has another `PATH`.
        let own = env!("CARGO_BIN_EXE_i3pm-layout");
        for program in ["i3pm-layout", own] {
            let line = format!("{program} {command} </dev/null");
            let output = nested.run(&["sh", "-c", &line]);
            assert!(
                output.contains("is not changed in the window of `try`"),
                "{command}: {output}"
            );
            assert!(output.contains("in a terminal of your desktop"), "{output}");
        }
    }
    // What changes no layout works.
    let captured = nested.run(&["i3pm-layout", "capture", "-"]);
    assert!(captured.contains("left"), "{captured}");
    let applied = nested.run(&["i3pm-layout", "apply", "t"]);
    assert!(applied.contains("2 slots already in place"), "{applied}");
    running.interrupt();
    running.wait().success();
    assert_eq!(text(), before);
    desktop.run(["show", "new"]).code(2);
    assert!(!desktop.path().join("home/new.yaml").exists());
    desktop.run(["capture", "t", "--force"]).success();
}

#[test]
fn server_that_is_not_ready_is_not_started_again() {
    let desktop = desktop();
    let starts = desktop.path().join("home/starts");
    desktop.write_executable(
        "bin/Xvfb",
        &format!(
            "#!/bin/sh\necho start >>{}\nexec sleep 1000\n",
            starts.display()
        ),
    );
    let before = Before::of(&desktop);
    let failed = desktop.run(["try", "t", "-o", "t.png"]).code(2);
    failed.stderr_has("`Xvfb` was not ready in time");
    let starts = fs::read_to_string(&starts).expect("it was started");
    assert_eq!(starts, "start\n");
    before.assert_same();
}

#[test]
fn crashes_are_reported() {
    let desktop = Desktop::new();
    desktop.save_text(
        "t",
        "version: 1\nworkspaces:\n  - name: \"1\"\n    nodes:\n      \
         - { id: a, swallow: { instance: a }, command: sleep 1000 }\n",
    );
    let before = Before::of(&desktop);
    for (options, server, program) in [
        (&["-o", "t.png"][..], "Xvfb", "Xvfb"),
        (&["-o", "t.png"], "Xvfb", "i3"),
        (&[], "Xephyr", "Xephyr"),
        (&[], "Xephyr", "i3"),
    ] {
        let running = desktop.command([&["try", "t"], options].concat()).start();
        let nested = Nested::wait(&desktop);
        desktop.wait_until("the program of the layout runs", || {
            desktop.programs("sleep").len() == 1
        });
        let servers = desktop.programs(server);
        let pid = if program == server {
            servers[0]
        } else {
            nested.pid()
        };
        let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
        let pid = pid.expect("it is an id");
        kill_process(pid, Signal::KILL).expect("it runs");
        let failed = running.wait().code(2);
        failed.stderr_has(&format!("`{program}` has ended"));
        before.assert_same();
    }
}

#[test]
fn report_has_only_notes_that_are_true_afterwards() {
    let desktop = Desktop::new();
    desktop.save_text(
        "t",
        "version: 1\nworkspaces:\n  - name: \"1\"\n    nodes:\n      \
         - { id: a, swallow: { instance: a }, command: sleep 1000, timeout: 1 }\n",
    );
    for terminal in [false, true] {
        let tried = desktop.command(["try", "t", "-o", "t.png"]);
        let tried = if terminal { tried.on_terminal() } else { tried };
        let tried = tried.run().code(1);
        let text = format!("{}{}", tried.stdout, tried.stderr);
        assert!(text.contains("`sleep`"), "{text}");
        for untrue in ["i3pm-layout recover", "the next `apply`", "hint:"] {
            assert!(!text.contains(untrue), "{text}");
        }
    }
}

#[test]
fn pictures_of_projects_have_their_own_files() {
    let desktop = Desktop::new();
    let slot = TestWindow::new("a").slot();
    for name in ["p1/t", "p2/t"] {
        desktop.save(name, [slot.clone()]);
        let tried = desktop.command(["try", name]).env_remove("DISPLAY");
        tried.run().success();
        let file = format!("cache/i3pm-layout/try/{name}.png");
        assert!(desktop.path().join(file).exists(), "{name}");
    }
}

#[test]
fn windows_of_missing_programs_are_not_awaited() {
    let desktop = Desktop::new();
    desktop.save_text(
        "t",
        "version: 1\nworkspaces:\n  - name: \"1\"\n    nodes:\n      \
         - { id: a, swallow: { class: A }, command: not-installed }\n      \
         - { id: b, swallow: { class: A, title: two } }\n",
    );
    let tried = desktop.run(["try", "t", "-o", "t.png"]).success();
    tried.stderr_has("restored 2 of 2 slots");
}
