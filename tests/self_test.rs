//! Tests of the harness and the test client.

mod client;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::harness::compare::{self, Precision};
use crate::harness::display::Monitor;
use crate::harness::tree::{self, Name};
use crate::harness::{Desktop, PATIENCE, TestWindow, processes};

#[test]
fn every_test_file_is_a_module() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    assert_modules(&tests, &tests.join("main.rs"));
    for entry in fs::read_dir(&tests).expect("the folder exists").flatten() {
        let parent = entry.path().with_extension("rs");
        if entry.path().is_dir() && parent.exists() {
            assert_modules(&entry.path(), &parent);
        }
    }
}

/// Fails unless the parent declares all files of the folder as modules.
fn assert_modules(folder: &Path, parent: &Path) {
    let text = fs::read_to_string(parent).expect("the file is UTF-8");
    for entry in fs::read_dir(folder).expect("the folder exists").flatten() {
        let name = entry.file_name();
        let Some(module) = name.to_str().and_then(|name| name.strip_suffix(".rs")) else {
            continue;
        };
        assert!(
            entry.path() == parent || text.contains(&format!("\nmod {module};")),
            "{} is not a module of {}, so its tests do not run",
            entry.path().display(),
            parent.display()
        );
    }
}

#[test]
fn shell_waits_for_its_cue() {
    let desktop = Desktop::new();
    let wait = desktop.wait_for_cue("go");
    let shell = desktop.spawn(&["sh", "-c", &format!("{wait}; exit 7")]);
    desktop.cue("go");
    assert_eq!(shell.wait().code(), Some(7));
}

#[test]
fn real_terminals_open_with_their_arguments() {
    let desktop = Desktop::new();
    desktop.open_xterm(&["-name", "logs"]);
    desktop.open(&["urxvt", "-name", "shell"]);
    assert_eq!(desktop.tree_text(), "1: splith[logs 960, shell* 960]\n");
    // xterm forks before its shell starts, so there are two processes for a moment.
    desktop.wait_until("there is one xterm", || {
        desktop.programs("xterm").len() == 1
    });
    desktop.close_all_windows();
    assert_eq!(desktop.tree_text(), "1*: splith[]\n");
}

#[test]
fn tree_text_describes_the_desktop() {
    let desktop = Desktop::builder().two_monitors().start();
    fill(&desktop);
    let text = desktop.tree_text();
    // The position of a hidden window depends on i3.
    let (text, _) = text.rsplit_once('+').expect("the text ends with a rect");
    let (text, _) = text.rsplit_once('+').expect("the text ends with a rect");
    assert_eq!(
        text,
        "1: splith[editor 1152, tabbed 768[logs, htop* (marks h)]] \
         floating[calc 800x600+560+240 (sticky)]\n\
         2:web: splith[web 2560 (border none)]\n\
         scratchpad: dropdown 1200x500"
    );
    assert_eq!(desktop.visible_workspaces(), ["1", "2:web"]);
    assert_eq!(desktop.focused(), "htop");
}

#[test]
fn comparison_reports_only_relevant_differences() {
    let desktop = Desktop::builder().two_monitors().start();
    fill(&desktop);
    let before = desktop.tree();
    desktop.assert_same_tree(&before);
    let difference = |precision| {
        desktop.sync();
        compare::difference(&before, &desktop.tree(), precision, Name::Instance)
    };

    // A difference of one pixel in a floating rect is ignored; two pixels are reported.
    desktop.run_i3("[instance=calc] move position 561 px 240 px");
    assert_eq!(difference(Precision::Exact), None);
    desktop.run_i3("[instance=calc] move position 562 px 240 px");
    assert!(difference(Precision::Exact).is_some());
    assert_eq!(difference(Precision::Structure), None);
    desktop.run_i3("[instance=calc] move position 560 px 240 px");
    assert_eq!(difference(Precision::Exact), None);

    // The program's own marks are ignored.
    desktop.run_i3("[instance=calc] mark --add _i3pm:daily:calc");
    assert_eq!(difference(Precision::Exact), None);

    // The focus inside a container is compared.
    desktop.run_i3("[instance=logs] focus; [instance=editor] focus");
    let text = difference(Precision::Exact).expect("the focus is elsewhere");
    assert!(text.contains("-focused: \"htop\""), "{text}");
    assert!(text.contains("+focused: \"editor\""), "{text}");
    desktop.run_i3("[instance=calc] focus; [instance=htop] focus");
    assert_eq!(difference(Precision::Exact), None);

    desktop.run_i3("[instance=logs] border pixel 1");
    assert!(difference(Precision::Structure).is_some());
    desktop.run_i3("[instance=logs] border normal 2");
    assert_eq!(difference(Precision::Exact), None);
    desktop.run_i3("[instance=editor] resize set 50 ppt");
    let text = difference(Precision::Exact).expect("a border has moved");
    let rect = if tree::has_gaps(&before) {
        "rect: [0,0,960,1080]"
    } else {
        "rect: [0,22,960,1058]"
    };
    assert!(text.contains(rect), "{text}");
}

/// Opens windows in all kinds of places on two monitors.
fn fill(desktop: &Desktop) {
    let open = |name: &str| desktop.open_window(name);
    let run = |commands: &str| desktop.run_i3(commands);
    run("focus output eDP-1; workspace 1");
    open("editor");
    open("logs");
    run("split v, layout tabbed");
    open("htop");
    run("mark h");
    run("[instance=editor] resize set 60 ppt");
    open("calc");
    run("floating enable, sticky enable, resize set 800 px 600 px, move position 560 px 240 px");
    open("dropdown");
    run("floating enable, resize set 1200 px 500 px, move position 360 px 0 px");
    run("move scratchpad");
    run("focus output DP-1; workspace 2:web");
    open("web");
    run("border none");
    run("[instance=htop] focus");
    desktop.sync();
}

#[test]
fn monitors_can_be_plugged_and_unplugged() {
    let desktop = Desktop::builder()
        .screen(4480, 1440)
        .monitor("eDP-1", "1920x1080+0+0")
        .start();
    let seen = |name: &str, rect: &str, primary| (name.to_owned(), rect.to_owned(), primary);
    let laptop = seen("eDP-1", "1920x1080+0+0", true);
    assert_eq!(desktop.outputs(), BTreeSet::from([laptop.clone()]));

    desktop.plug("DP-1", "2560x1440+1920+0");
    let desk = seen("DP-1", "2560x1440+1920+0", false);
    assert_eq!(desktop.outputs(), BTreeSet::from([laptop, desk.clone()]));
    desktop.run_i3("focus output DP-1; workspace desk");
    assert_eq!(desktop.visible_workspaces().len(), 2);

    // Unplugs the monitor that has Xvfb's only output.
    desktop.unplug("eDP-1");
    let desk = seen("DP-1", &desk.1, true);
    assert_eq!(desktop.outputs(), BTreeSet::from([desk]));

    desktop.arrange(&[
        Monitor::new("HDMI-1", "1280x720+0+0"),
        Monitor::new("HDMI-2", "1280x720+1280+0"),
    ]);
    let names: Vec<_> = desktop
        .outputs()
        .into_iter()
        .map(|(name, ..)| name)
        .collect();
    assert_eq!(names, ["HDMI-1", "HDMI-2"]);
}

#[test]
fn dropped_desktop_leaves_no_process_or_file() {
    let desktop = Desktop::builder().bar().start();
    desktop.open_window("plain");
    desktop.open_window(TestWindow::new("daemon").flag("--fork"));
    desktop.open_xterm(&[]);
    desktop.run_i3("exec sleep 1000");
    // A process without the variable, found by its connection to the X server.
    let display = format!("DISPLAY={}", desktop.display().name());
    let argv = TestWindow::new("bare").argv();
    let bare = [
        &["env", "-i", &display][..],
        &argv.iter().map(String::as_str).collect::<Vec<_>>(),
    ];
    desktop.spawn(&bare.concat());
    desktop.wait_until("all processes are running", || {
        desktop.tree_text().contains("bare") && !desktop.programs("sleep").is_empty()
    });
    let (marker, path) = (desktop.marker(), desktop.path().to_owned());
    let server = desktop.display().server_pid();
    let all = desktop.processes();
    assert!(all.len() >= 7, "{all:?}");

    drop(desktop);
    assert_eq!(processes::with_environment(&marker), BTreeSet::new());
    assert!(!path.exists());
    for pid in all.into_iter().chain([server]) {
        let name = processes::name(pid).unwrap_or_default();
        assert!(
            processes::Handle::open(pid).is_none_or(|handle| handle.ends_within(Duration::ZERO)),
            "{name} ({pid}) is still running"
        );
    }
}

#[test]
fn failing_test_ends_its_desktop() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let failed = std::thread::spawn(move || {
        let desktop = Desktop::new();
        desktop.open_window("plain");
        sender.send(desktop.marker()).expect("the receiver exists");
        // Not panic!, which would print a message that looks like a failure.
        std::panic::resume_unwind(Box::new("the test fails"));
    })
    .join();
    assert!(failed.is_err());
    let marker = receiver.recv().expect("the marker was sent");
    assert_eq!(processes::with_environment(&marker), BTreeSet::new());
}

#[test]
fn many_desktops_start_at_once() {
    let threads: Vec<_> = (0..6)
        .map(|number| {
            std::thread::spawn(move || {
                let desktop = Desktop::new();
                let name = format!("w{number}");
                desktop.open_window(name.as_str());
                assert_eq!(desktop.tree_text(), format!("1: splith[{name}* 1920]\n"));
                desktop.display().name().to_owned()
            })
        })
        .collect();
    for thread in threads {
        thread.join().expect("the desktop starts");
    }
}

#[test]
fn call_is_isolated_and_has_a_transcript() {
    let desktop = Desktop::new();
    let output = desktop.run(["--help"]).success();
    assert!(output.duration < PATIENCE);
    assert!(output.transcript().starts_with("$ i3pm-layout --help\n"));
    // Unread input is not an error.
    let running = desktop.command(["--help"]).stdin("text").start();
    running.wait().success();
    desktop.command(["--help"]).on_terminal().run().success();
}
