//! Tests of the harness and the test client.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::harness::compare::{self, Precision};
use crate::harness::display::Monitor;
use crate::harness::tree::{self, Name};
use crate::harness::{Desktop, PATIENCE, TestWindow, processes};

#[test]
fn every_test_file_is_in_main_rs() {
    let main = include_str!("main.rs");
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for entry in fs::read_dir(tests).expect("it exists").flatten() {
        let name = entry.file_name();
        let Some(module) = name.to_str().and_then(|name| name.strip_suffix(".rs")) else {
            continue;
        };
        assert!(
            module == "main" || main.contains(&format!("\nmod {module};")),
            "tests/{module}.rs is not in tests/main.rs, so its tests do not run"
        );
    }
}

// --- the client --------------------------------------------------------------

#[test]
fn window_has_the_requested_properties() {
    let desktop = Desktop::new();
    let window = TestWindow::new("editor")
        .class("Code")
        .title("main.rs - „Entwurf“")
        .role("main");
    let window = desktop.open_window(&window);
    assert_eq!(desktop.tree_text(), "1: splith[editor* 1920]\n");
    let tree = desktop.tree();
    let con = tree::windows(&tree)[0].clone();
    assert_eq!(con["window"], window.window());
    assert_eq!(con["id"], window.con());
    let properties = &con["window_properties"];
    assert_eq!(properties["class"], "Code");
    assert_eq!(properties["title"], "main.rs - „Entwurf“");
    assert_eq!(properties["window_role"], "main");
    assert_eq!(
        desktop.display().pid_of(window.window()),
        Some(window.program.pid())
    );
}

#[test]
fn title_class_and_role_change_later() {
    let desktop = Desktop::new();
    let window = TestWindow::new("late")
        .title_after("30", "second")
        .title_after("60", "third")
        .arg("--class-after", "class:other:Other")
        .arg("--role-after", "50:changed");
    desktop.open_window(window);
    desktop.cue("class");
    desktop.wait_until("everything has changed", || {
        let tree = desktop.tree();
        let properties = tree::windows(&tree)[0]["window_properties"].clone();
        properties["title"] == "third"
            && properties["instance"] == "other"
            && properties["class"] == "Other"
            && properties["window_role"] == "changed"
    });
}

#[test]
fn one_process_opens_several_windows() {
    let desktop = Desktop::new();
    let window = TestWindow::new("web").title("page {n}").count(3);
    let window = desktop.open_window(&window);
    assert_eq!(window.windows.len(), 3);
    assert_eq!(
        desktop.tree_text_by(Name::Title),
        "1: splith[page 1 640, page 2 640, page 3* 640]\n"
    );
    assert_eq!(desktop.starts(), 1);
    // The process ends with its last window.
    desktop.close_all_windows();
    assert!(window.program.wait().success());
}

#[test]
fn map_delay_postpones_the_window() {
    let desktop = Desktop::new();
    let start = Instant::now();
    desktop.open_window(TestWindow::new("slow").arg("--map-after", "300"));
    assert!(start.elapsed() >= Duration::from_millis(300));
}

#[test]
fn window_opens_at_its_cue_even_if_given_before_the_start() {
    let desktop = Desktop::new();
    let window = TestWindow::new("late").map_after("open");
    desktop.spawn(&window.argv());
    desktop.wait_until("the program runs", || desktop.starts() == 1);
    desktop.sync();
    assert_eq!(desktop.tree_text(), "1*: splith[]\n");
    desktop.cue("open");
    desktop.wait_until("the window is open", || {
        desktop.tree_text().contains("late")
    });
    desktop.open_window(window);
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
fn splash_screen_precedes_the_main_window() {
    let desktop = Desktop::new();
    let window = TestWindow::new("big").flag("--splash").map_after("open");
    desktop.open_window(&window);
    let text = desktop.tree_text_by(Name::Title);
    assert!(text.contains("big is starting"), "{text}");
    desktop.cue("open");
    desktop.wait_until("the splash screen is closed", || {
        desktop.tree_text() == "1: splith[big* 1920]\n"
    });
    let titles: Vec<_> = desktop
        .log()
        .into_iter()
        .filter(|line| line.event() == "Created")
        .map(|line| line.title().to_owned())
        .collect();
    assert_eq!(titles, ["big is starting", "big"]);
}

#[test]
fn dialogs_and_fixed_sizes_float() {
    let desktop = Desktop::new();
    let editor = desktop.open_window("editor");
    let dialog = TestWindow::new("dialog")
        .kind("dialog")
        .arg("--size", "300x200")
        .arg("--transient-for", &editor.window().to_string());
    desktop.open_window(&dialog);
    let calculator = TestWindow::new("calc")
        .arg("--min-size", "240x320")
        .arg("--max-size", "240x320")
        .arg("--size", "240x320");
    desktop.open_window(&calculator);
    let text = desktop.tree_text();
    assert!(
        text.starts_with("1: splith[editor 1920] floating[dialog 3"),
        "{text}"
    );
    assert!(text.contains(", calc* 2"), "{text}");
}

#[test]
fn dock_is_not_listed_as_a_window() {
    let desktop = Desktop::new();
    let bar = TestWindow::new("bar").kind("dock").arg("--size", "1920x30");
    desktop.open_window(&bar);
    let tree = desktop.tree();
    assert!(tree::windows(&tree).is_empty());
    assert_eq!(
        tree::geometry(&tree::workspaces(&tree)[0].con["rect"]),
        "1920x1050+0+30"
    );
}

#[test]
fn pid_property_is_right_missing_or_wrong() {
    let desktop = Desktop::new();
    for (claim, told) in [("self", true), ("none", false), ("wrong", true)] {
        let window = desktop.open_window(TestWindow::new(claim).arg("--pid", claim));
        let output = std::process::Command::new("xprop")
            .args(["-display", desktop.display().name()])
            .args(["-id", &window.window().to_string(), "_NET_WM_PID"])
            .output()
            .expect("x11-utils is installed");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let truth = format!("= {}\n", window.program.pid());
        assert_eq!(text.contains(" = "), told, "{text}");
        assert_eq!(text.ends_with(&truth), claim == "self", "{text}");
        // The X server always reports the right process.
        let pid = desktop.display().pid_of(window.window());
        assert_eq!(pid, Some(window.program.pid()));
    }
}

#[test]
fn program_exits_with_the_requested_code() {
    let desktop = Desktop::new();
    let argv = TestWindow::new("broken")
        .arg("--exit-at-once", "7:no such file")
        .argv();
    assert_eq!(desktop.spawn(&argv).wait().code(), Some(7));
    let output = fs::read_to_string(desktop.path().join("log/programs")).expect("it exists");
    assert_eq!(output, "test-window: no such file\n");
    let short = desktop.open_window(TestWindow::new("short").arg("--exit-after", "50:3"));
    assert_eq!(short.program.wait().code(), Some(3));
}

#[test]
fn daemon_outlives_its_parent() {
    let desktop = Desktop::new();
    let window = desktop.open_window(TestWindow::new("daemon").flag("--fork"));
    assert!(window.program.wait().success());
    let pid = desktop.display().pid_of(window.window());
    assert_ne!(pid, Some(window.program.pid()));
    assert_eq!(desktop.tree_text(), "1: splith[daemon* 1920]\n");
    assert_eq!(desktop.starts(), 1);
}

#[test]
fn second_instance_hands_over_and_ends() {
    let desktop = Desktop::new();
    let socket = desktop.path().join("runtime/browser");
    let socket = socket.display().to_string();
    let first = desktop.open_window(TestWindow::new("first").arg("--server", &socket));
    let argv = TestWindow::new("second").arg("--server", &socket).argv();
    let second = desktop.spawn(&argv);
    assert!(second.wait().success());
    desktop.wait_until("the second window is open", || {
        desktop.tree_text() == "1: splith[first 960, second* 960]\n"
    });
    let tree = desktop.tree();
    for con in tree::windows(&tree) {
        let window = con["window"].as_u64().and_then(|id| id.try_into().ok());
        let pid = desktop.display().pid_of(window.expect("it has an X id"));
        assert_eq!(pid, Some(first.program.pid()));
    }
}

#[test]
fn startup_id_of_the_environment_is_set() {
    let desktop = Desktop::new();
    let argv = TestWindow::new("started").flag("--startup-id").argv();
    let environment = [("DESKTOP_STARTUP_ID", "token-1_TIME0")];
    desktop.spawn_with(&argv, desktop.path(), &environment);
    desktop.wait_until("the window is open", || {
        !tree::windows(&desktop.tree()).is_empty()
    });
    let output = std::process::Command::new("xprop")
        .args(["-display", desktop.display().name()])
        .args(["-name", "started", "_NET_STARTUP_ID"])
        .output()
        .expect("x11-utils is installed");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("\"token-1_TIME0\""), "{text}");
}

#[test]
fn log_counts_unmaps_of_the_window_manager_only() {
    let desktop = Desktop::new();
    let window = desktop.open_window("seen");
    // When i3 hides a workspace, it unmaps the frame but not the window.
    desktop.run_i3("workspace 2");
    desktop.run_i3("workspace 1");
    desktop.sync();
    assert_eq!(desktop.unmaps(), 0);
    assert!(unmap(&desktop, window.window()));
    desktop.wait_until("the unmap is logged", || desktop.unmaps() == 1);
    desktop.open_window("closed");
    desktop.close_all_windows();
    assert_eq!(desktop.unmaps(), 1);
    let names: BTreeSet<_> = desktop
        .x_events(window.window())
        .iter()
        .map(|line| line.event().to_owned())
        .collect();
    for name in ["Created", "MapNotify", "ConfigureNotify", "ReparentNotify"] {
        assert!(names.contains(name), "{name} of {names:?}");
    }
}

fn unmap(desktop: &Desktop, window: u32) -> bool {
    use x11rb::protocol::xproto::ConnectionExt as _;
    desktop
        .display()
        .connection()
        .unmap_window(window)
        .is_ok_and(|cookie| cookie.check().is_ok())
}

// --- real programs -----------------------------------------------------------

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

// --- trees -------------------------------------------------------------------

#[test]
fn tree_text_describes_the_desktop() {
    let desktop = Desktop::builder().two_monitors().start();
    fill(&desktop);
    let text = desktop.tree_text();
    // The position of a hidden window depends on i3.
    let (text, _) = text.rsplit_once('+').expect("it ends with a rect");
    let (text, _) = text.rsplit_once('+').expect("it ends with a rect");
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

// --- monitors ----------------------------------------------------------------

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

// --- the end -----------------------------------------------------------------

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
    let marker = receiver.recv().expect("it was sent");
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

// --- calls of the program ----------------------------------------------------

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
