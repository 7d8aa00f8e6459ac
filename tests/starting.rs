//! Programs that are already starting, programs of one process, and further windows of a program.

use crate::harness::{Desktop, Slot, TestWindow};

/// Opens the windows of a program of one process, as browsers do: a first process that is not
/// ready yet loses what others ask of it.
const ONE_PROCESS: &str = r#"#!/bin/sh
socket=$HOME/one-process.sock
if mkdir "$HOME/first-process" 2>/dev/null; then
    exec test-window --class Uni --instance uni --title "$1" --server "$socket"
fi
[ -e "$socket" ] || exit 0
exec test-window --class Uni --instance uni --title "$1" --server "$socket"
"#;

fn uni(id: &str, command: Option<&str>) -> Slot {
    let slot = Slot::new(id).swallow("class: ^Uni$");
    let slot = match command {
        Some(command) => slot.command(command),
        None => slot.with("command: null"),
    };
    slot.with(&format!("seen: {{ title: {id} }}"))
}

/// Checks that `apply` would start one program or wait for one.
#[track_caller]
fn assert_one_program_would_start(desktop: &Desktop) {
    let dry = desktop.report("apply t --dry-run");
    assert_eq!(dry["launch"].as_array().map(Vec::len), Some(1), "{dry:#}");
}

fn titles(desktop: &Desktop) -> String {
    desktop.arrangement_by(crate::harness::Name::Title)
}

#[test]
fn a_program_that_the_session_has_just_started_is_waited_for() {
    let desktop = Desktop::new();
    let late = TestWindow::late("late");
    desktop.save("t", [late.slot(), TestWindow::new("other").slot()]);
    let program = desktop.spawn(&late.argv());
    assert_one_program_would_start(&desktop);
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until_filled("other");
    desktop.cue("late");
    running.wait().success();
    assert_eq!(desktop.arrangement(), "1: splith[late 960, other 960]\n");
    assert_eq!(desktop.starts(), 2, "{}", desktop.describe());
    drop(program);
    desktop.assert_idempotent("t");
}

#[test]
fn a_program_that_ends_without_a_window_is_started_after_all() {
    let desktop = Desktop::new();
    let script = "#!/bin/sh\nmkdir \"$HOME/first\" 2>/dev/null && exec sleep 1\n\
                  exec test-window --class Tool --instance tool\n";
    desktop.write_executable("bin/tool", script);
    desktop.save(
        "t",
        [Slot::new("tool").swallow("class: ^Tool$").command("tool")],
    );
    let first = desktop.spawn(&["tool"]);
    desktop.run(["apply", "t"]).success();
    assert_eq!(desktop.arrangement(), "1: splith[tool 1920]\n");
    first.wait();
    assert_eq!(desktop.starts(), 1);
}

#[test]
fn commands_of_one_process_start_one_after_the_other() {
    let desktop = Desktop::new();
    desktop.write_executable("bin/uni", ONE_PROCESS);
    desktop.save(
        "t",
        ["one", "two", "three"].map(|id| uni(id, Some(&format!("uni {id}")))),
    );
    desktop.run(["apply", "t"]).success();
    assert_eq!(titles(&desktop), "1: splith[one 640, two 640, three 640]\n");
    desktop.assert_idempotent("t");
}

#[test]
fn commands_with_processes_of_their_own_start_at_once_the_next_time() {
    let desktop = Desktop::new();
    let script =
        "#!/bin/sh\nexec test-window --class Tool --instance \"$1\" $(cat \"$HOME/options\")\n";
    desktop.write_executable("bin/tool", script);
    desktop.write("home/options", "");
    let slot = |id: &str| {
        let slot = Slot::new(id).swallow("class: ^Tool$");
        slot.command(&format!("tool {id}"))
    };
    desktop.save("t", ["one", "two", "three"].map(slot));
    desktop.run(["apply", "t"]).success();
    let arrangement = desktop.arrangement();
    assert_eq!(arrangement, "1: splith[one 640, two 640, three 640]\n");
    desktop.close_all_windows();
    // No window opens before all programs have started.
    desktop.write("home/options", "--map-after go");
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until("all programs have started", || desktop.starts() == 6);
    desktop.cue("go");
    running.wait().success();
    assert_eq!(desktop.arrangement(), arrangement);
    desktop.assert_no_traces();
}

#[test]
fn commands_of_one_process_never_start_at_once() {
    let desktop = Desktop::new();
    desktop.write_executable("bin/uni", ONE_PROCESS);
    let slots = ["one", "two", "three"].map(|id| uni(id, Some(&format!("uni {id}"))));
    desktop.save("t", slots);
    for _ in 0..2 {
        desktop.run(["apply", "t"]).success();
        assert_eq!(titles(&desktop), "1: splith[one 640, two 640, three 640]\n");
        desktop.close_all_windows();
        std::fs::remove_dir(desktop.path().join("home/first-process")).expect("it is there");
        std::fs::remove_file(desktop.path().join("home/one-process.sock")).expect("it is there");
    }
}

#[test]
fn a_running_program_is_asked_for_the_window_of_a_slot_without_a_command() {
    let desktop = Desktop::new();
    desktop.write_executable("bin/uni", ONE_PROCESS);
    desktop.write(
        "data/applications/uni.desktop",
        "[Desktop Entry]\nType=Application\nName=Uni\nExec=uni\nActions=new-window;\n\
         [Desktop Action new-window]\nExec=uni two\n",
    );
    desktop.save("t", [uni("one", Some("uni one")), uni("two", None)]);
    desktop.run(["apply", "t"]).success();
    assert_eq!(titles(&desktop), "1: splith[one 960, two 960]\n");
    // The program is running, so nothing has to be waited for.
    desktop.run_i3("[title=\"^two$\"] kill");
    desktop.wait_until("the window is closed", || {
        titles(&desktop) == "1: splith[one 1920]\n"
    });
    assert_one_program_would_start(&desktop);
    desktop.run(["apply", "t"]).success();
    assert_eq!(titles(&desktop), "1: splith[one 960, two 960]\n");
    desktop.assert_idempotent("t");
}

#[test]
fn a_program_of_one_process_lends_its_window_to_another_layout() {
    let desktop = Desktop::new();
    let window = TestWindow::new("chat");
    desktop.save("one", [window.slot()]);
    desktop.run(["apply", "one"]).success();
    let text = desktop.layout("one").replace("\"1\"", "\"5\"");
    // The program only passes its request on, and the running one does nothing.
    let text = text.replace(&window.command(), "true");
    desktop.save_text("two", &text);
    let report = desktop.apply("two");
    assert_eq!(report["slots"][0]["outcome"], "adopted", "{report:#}");
    assert_eq!(report["others"][0]["layout"], "one", "{report:#}");
    assert_eq!(report["others"][0]["taken"][0], "chat", "{report:#}");
    assert_eq!(desktop.arrangement(), "5: splith[chat 1920]\n");
    assert_eq!(desktop.starts(), 1);
    desktop.assert_idempotent("two");
}

#[test]
fn a_second_copy_of_a_program_is_reported() {
    let desktop = Desktop::new();
    let window = TestWindow::new("tool");
    desktop.save("t", [window.slot(), TestWindow::late("late").slot()]);
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until_filled("tool");
    // The same program by hand, while the run waits for another one.
    desktop.open_window(&window);
    desktop.cue("late");
    running
        .wait()
        .success()
        .stderr_has("warning: something else also started the program of `tool` during the run");
    assert_eq!(desktop.starts(), 3);
}

#[test]
fn a_starting_program_with_relative_paths_is_the_same() {
    let desktop = Desktop::new();
    let window = TestWindow::new("tool").map_after("tool");
    let title = desktop.create_directory("home/src").join("a");
    let slot = window.clone().title(&title.display().to_string()).slot();
    desktop.save("t", [slot]);
    desktop.spawn(&window.title("src/a").argv());
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until("the run waits", || {
        desktop.tree().to_string().contains("_i3pm:place:t:tool")
    });
    desktop.cue("tool");
    running.wait().success();
    assert_eq!(desktop.starts(), 1);
    desktop.run_i3("[instance=\"^tool$\"] move container to workspace 5");
    std::fs::remove_file(desktop.records_path()).expect("the run recorded the window");
    desktop.run(["apply", "t"]).success();
    assert_eq!(desktop.arrangement(), "1: splith[tool 1920]\n");
    assert_eq!(desktop.starts(), 1);
}

/// A script whose window `tool` opens at the cue `tool`, under another command line than the
/// script's.
const LATE_SCRIPT: &str =
    "#!/bin/sh\nexec test-window --class Tool --instance tool --map-after tool\n";

/// A desktop with a layout `t` of this script on workspace 1.
fn with_late_script(keys: &str) -> Desktop {
    let desktop = Desktop::new();
    desktop.write_executable("bin/tool", LATE_SCRIPT);
    let slot = Slot::new("tool").swallow("instance: ^tool$");
    desktop.save("t", [slot.command("tool").with(keys)]);
    desktop
}

/// Lets the window open on workspace 3, applies `t`, and checks that it was not started again.
#[track_caller]
fn assert_late_window_is_used(desktop: &Desktop) {
    desktop.run_i3("workspace 3");
    desktop.cue("tool");
    desktop.wait_until("the window is open", || {
        desktop.tree_text().contains("tool")
    });
    desktop.run(["apply", "t"]).success();
    assert_eq!(desktop.arrangement(), "1: splith[tool 1920]\n");
    assert_eq!(desktop.starts(), 1, "{}", desktop.describe());
    desktop.assert_no_traces();
    desktop.assert_idempotent("t");
}

#[test]
fn window_that_opens_after_the_timeout_is_used_by_the_next_run() {
    let desktop = with_late_script("timeout: 0.3");
    desktop.run(["apply", "t"]).code(1);
    assert_late_window_is_used(&desktop);
}

#[test]
fn window_that_opens_after_the_run_was_killed_is_used_by_the_next_run() {
    let desktop = with_late_script("timeout: 60");
    let running = desktop.command(["apply", "t"]).start();
    crate::waiting::wait_for_labels(&desktop, &["tool"]);
    running.kill();
    assert_late_window_is_used(&desktop);
}
