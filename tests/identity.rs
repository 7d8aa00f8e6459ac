//! Identifying windows: records, other layouts, titles, shells.

use std::time::Duration;

use crate::harness::{Desktop, Name, Slot, TestWindow, Workspace, layout};

/// Opens two windows of one class with different titles and command lines.
fn open_two(desktop: &Desktop) -> [u64; 2] {
    ["left", "right"].map(|title| {
        let window = TestWindow::new("same").title(title);
        desktop.open_window(&window).con()
    })
}

/// A desktop to which the layout `one` was applied.
fn applied() -> (Desktop, [u64; 2]) {
    let desktop = Desktop::new();
    let cons = open_two(&desktop);
    desktop.run(["capture", "one"]).success();
    desktop.apply("one");
    (desktop, cons)
}

/// Like [`applied`], with the same windows in layout `two`, but on workspace 5.
fn applied_and_copied_elsewhere() -> Desktop {
    let (desktop, _) = applied();
    let text = desktop.layout("one").replace("\"1\"", "\"5\"");
    desktop.save_text("two", &text);
    desktop
}

#[test]
fn capture_after_a_swap_is_what_apply_restores() {
    let (desktop, [left, right]) = applied();
    desktop.run_i3(&format!(
        "[con_id={left}] swap container with con_id {right}"
    ));
    desktop.run(["capture", "one"]).success();
    let before = desktop.tree_text();
    desktop.assert_idempotent("one");
    assert_eq!(desktop.tree_text(), before);
}

#[test]
fn windows_captured_under_a_second_name_belong_to_both_layouts() {
    let (desktop, _) = applied();
    let starts = desktop.starts();
    desktop.run(["capture", "two"]).success();
    for name in ["two", "one", "two"] {
        desktop.assert_idempotent(name);
    }
    desktop.run(["capture", "one"]).success();
    for name in ["two", "one"] {
        let report = desktop.apply(name);
        assert_eq!(report["slots"][0]["outcome"], "placed", "{report:#}");
    }
    assert_eq!(desktop.starts(), starts);
    let text = desktop.layout("two");
    assert!(!text.contains("_i3pm:"), "{text}");
}

#[test]
fn layouts_with_a_common_workspace_share_their_windows() {
    let (desktop, _) = applied();
    desktop.save_text("two", &desktop.layout("one"));
    let starts = desktop.starts();
    let before = desktop.tree();
    let first = desktop.run(["apply", "two"]).success();
    first.stderr_has("note: used windows of layout `one` for `same`, `same-2`");
    let second = desktop.run(["apply", "two"]).success();
    second.stderr_lacks("note:");
    for name in ["one", "two"] {
        desktop.assert_idempotent(name);
        desktop.run(["diff", name]).success();
    }
    desktop.assert_same_tree(&before);
    assert_eq!(desktop.starts(), starts);
}

#[test]
fn layouts_without_a_common_workspace_keep_their_windows() {
    let desktop = applied_and_copied_elsewhere();
    let starts = desktop.starts();
    desktop.run(["apply", "two"]).success().stderr_has(
        "note: layout `one` keeps its windows; opened other windows for `same`, `same-2`",
    );
    assert_eq!(desktop.starts(), starts + 2);
    for name in ["one", "two", "one"] {
        desktop.run(["diff", name]).success();
        desktop.apply(name);
    }
    assert_eq!(desktop.starts(), starts + 2);

    desktop.apply("two --reuse all");
    assert_eq!(desktop.starts(), starts + 2);
}

#[test]
fn explain_names_the_layout_that_owns_a_window() {
    let desktop = applied_and_copied_elsewhere();
    let output = desktop.run(["apply", "two", "--dry-run", "--explain", "--json"]);
    let text = output.success().json().to_string();
    assert!(
        text.contains("it belongs to slot `same` of layout `one`"),
        "{text}"
    );
}

#[test]
fn deleted_layout_owns_no_windows() {
    let desktop = applied_and_copied_elsewhere();
    let starts = desktop.starts();
    desktop.run(["delete", "one"]).success();
    desktop.apply("two");
    assert_eq!(desktop.starts(), starts);
}

#[test]
fn files_with_the_same_name_do_not_share_windows() {
    let desktop = Desktop::new();
    let shell = TestWindow::new("shell");
    for (folder, workspace) in [("garden", "1"), ("nixos", "2")] {
        let text = layout([Workspace::new(workspace).nodes([shell.slot()])]);
        desktop.write(&format!("{folder}/layout.yaml"), &text);
    }
    let apply = |folder: &str| {
        let path = desktop.path().join(folder).join("layout.yaml");
        desktop
            .run(["apply", path.to_str().expect("the path is UTF-8")])
            .success();
    };
    for folder in ["garden", "nixos", "garden"] {
        apply(folder);
    }
    assert_eq!(desktop.starts(), 2);
    assert_eq!(
        desktop.arrangement(),
        "1: splith[shell 1920]\n2: splith[shell 1920]\n"
    );
}

#[test]
fn layout_of_a_renamed_file_keeps_its_windows() {
    let (desktop, _) = applied();
    let starts = desktop.starts();
    let old = desktop.layout_path("one");
    std::fs::rename(&old, old.with_file_name("other.yaml")).expect("the layout exists");
    desktop.assert_idempotent("other");
    assert_eq!(desktop.starts(), starts);
}

#[test]
fn windows_are_found_without_records() {
    let (desktop, _) = applied();
    let starts = desktop.starts();
    for text in [None, Some(""), Some("[{]"), Some("[1]")] {
        let file = desktop.records_path();
        match text {
            Some(text) => std::fs::write(&file, text).expect("the file is writable"),
            None => std::fs::remove_file(&file).expect("the file exists"),
        }
        desktop.assert_idempotent("one");
        assert_eq!(desktop.starts(), starts, "{text:?}");
    }
}

#[test]
fn edited_slot_gets_a_new_window() {
    let desktop = Desktop::new();
    let save = |instance: &str| {
        let slot = Slot::new("shell").swallow(&format!("instance: ^{instance}$"));
        let slot = slot.command(&TestWindow::new(instance).command());
        desktop.save_workspaces("t", [Workspace::new("1").nodes([slot])]);
    };
    save("old");
    desktop.apply("t");
    save("new");
    desktop
        .run(["diff", "t"])
        .code(1)
        .stdout_has("- shell: has no window");
    desktop.apply("t");
    assert_eq!(desktop.starts(), 2);
    desktop.assert_idempotent("t");
}

#[test]
fn no_mark_is_left_on_windows() {
    let (desktop, _) = applied();
    desktop.assert_no_traces();
    desktop.close_all_windows();
    desktop.apply("one");
    desktop.assert_no_traces();
    desktop.run(["capture", "one", "--update"]).success();
    desktop.assert_no_traces();
}

/// Saves a layout of one workspace with slots of class `Web`, given as command and captured
/// title.
fn save_web(desktop: &Desktop, slots: &[(Option<TestWindow>, &str)]) {
    let slots = slots.iter().enumerate().map(|(number, (window, title))| {
        let slot = Slot::new(&format!("w{number}")).swallow("class: ^Web$");
        let slot = match window {
            Some(window) => slot.command(&window.command()),
            None => slot.with("command: null"),
        };
        slot.with(&format!("seen: {{ title: {title:?} }}"))
    });
    desktop.save_workspaces("t", [Workspace::new("1").nodes(slots)]);
}

/// A program whose windows have the same title.
fn web() -> TestWindow {
    TestWindow::new("web").title("Web")
}

fn titles(desktop: &Desktop) -> String {
    desktop.tree_text_by(Name::Title)
}

/// Waits until windows fill this many slots.
#[track_caller]
fn wait_for_filled(desktop: &Desktop, count: usize) {
    desktop.wait_until("the slots are filled", || {
        let is_waiting = desktop.tree().to_string().contains("_i3pm:");
        !is_waiting && titles(desktop).matches("Web").count() == count
    });
}

#[test]
fn windows_of_one_process_are_distinguished_by_late_titles() {
    let desktop = Desktop::new();
    let program = web().title_after("titles", "({n}) Page {n} - Web").count(3);
    save_web(
        &desktop,
        &[
            (Some(program), "Page 3 - Web"),
            (None, "Page 1 - Web"),
            (None, "(7) Page 2 - Web"),
        ],
    );
    let running = desktop.command(["apply", "t"]).start();
    wait_for_filled(&desktop, 3);
    desktop.cue("titles");
    running.wait().success();
    assert_eq!(desktop.starts(), 1);
    assert_eq!(
        titles(&desktop),
        "1: splith[(3) Page 3 - Web* 640, (1) Page 1 - Web 640, (2) Page 2 - Web 640]\n"
    );
    assert_eq!(desktop.unmaps(), 0);
    desktop.assert_idempotent("t");
}

#[test]
fn titles_that_change_again_before_the_end_count() {
    let desktop = Desktop::new();
    // Each window first has the page number of the other.
    let program = web()
        .title_after("first", "Page {n} of 2 - Web")
        .title_after("second", "{n} is the page - Web")
        .count(2);
    save_web(
        &desktop,
        &[
            (Some(program), "2 is the page - Web"),
            (None, "1 is the page - Web"),
        ],
    );
    let running = desktop.command(["apply", "t"]).start();
    wait_for_filled(&desktop, 2);
    desktop.cue("first");
    desktop.wait_until("both have their first titles", || {
        titles(&desktop).matches(" of 2 - Web").count() == 2
    });
    desktop.cue("second");
    running.wait().success();
    assert_eq!(
        titles(&desktop),
        "1: splith[2 is the page - Web* 960, 1 is the page - Web 960]\n"
    );
}

#[test]
fn windows_of_a_running_instance_are_distinguished_by_late_titles() {
    let desktop = Desktop::new();
    let socket = desktop.path().join("web.sock").display().to_string();
    let page = |name: &str| {
        let title = format!("Page {name} - Web");
        let window = web().arg("--server", &socket).map_after(name);
        Some(window.title_after("titles", &title))
    };
    save_web(
        &desktop,
        &[
            (page("one"), "Page one - Web"),
            (page("two"), "Page two - Web"),
            (page("three"), "Page three - Web"),
        ],
    );
    let running = desktop.command(["apply", "t"]).start();
    for (name, count) in [("one", 1), ("two", 2), ("three", 3)] {
        desktop.cue(name);
        desktop.wait_until("the window is open", || {
            titles(&desktop).matches("Web").count() == count
        });
    }
    desktop.cue("titles");
    running.wait().success();
    // The windows are placed without their titles, in the order of the commands.
    let right = "1: splith[Page one - Web* 640, Page two - Web 640, Page three - Web 640]\n";
    desktop.wait_until("all titles are right", || titles(&desktop) == right);
}

#[test]
fn windows_with_matching_titles_are_placed_without_delay() {
    let desktop = Desktop::new();
    let program = TestWindow::new("web").title("Page {n} - Web").count(3);
    save_web(
        &desktop,
        &[
            (Some(program), "Page 3 - Web"),
            (None, "Page 2 - Web"),
            (None, "Page 1 - Web"),
        ],
    );
    desktop.run(["apply", "t"]).success();
    let waited = desktop.since_last_map();
    assert!(
        waited < Duration::from_secs(2),
        "apply waited for titles: {waited:?}"
    );
    assert_eq!(
        titles(&desktop),
        "1: splith[Page 3 - Web* 640, Page 2 - Web 640, Page 1 - Web 640]\n"
    );
}

#[test]
fn run_ends_when_titles_never_identify_the_windows() {
    let desktop = Desktop::new();
    let program = web().title_after("0", "Something else {n}").count(2);
    save_web(&desktop, &[(Some(program), "Page one"), (None, "Page two")]);
    let report = desktop.apply("t");
    assert_eq!(report["complete"], true, "{report:#}");
    desktop.assert_idempotent("t");
}

#[test]
fn windows_of_a_terminal_server_are_identified_by_shell_directory() {
    let desktop = Desktop::new();
    desktop.spawn(&["urxvtd", "-q", "-f"]).wait();
    let slots = ["one", "two", "three"].map(|name| {
        let directory = desktop.create_directory(&format!("home/{name}"));
        desktop.spawn_with(&["urxvtc", "-title", name], &directory, &[]);
        desktop.wait_for_title(name);
        Slot::new(name)
            .swallow("class: ^URxvt$")
            .command("urxvtc")
            .with(&format!("cwd: ~/{name}"))
            .with("seen: { process: urxvtd -q -f }")
    });
    desktop.save_workspaces("t", [Workspace::new("5").nodes(slots)]);
    for title in ["three", "one", "two"] {
        desktop.run_i3(&format!(
            "[title={title}] move container to workspace {title}"
        ));
    }
    let known = desktop.processes();
    desktop.apply("t");
    assert_eq!(
        titles(&desktop).lines().last(),
        Some("5: splith[one 640, two 640, three 640]")
    );
    assert!(
        desktop.processes().is_subset(&known),
        "a program was started"
    );
    assert_eq!(desktop.unmaps(), 0);
}

#[test]
fn terminal_is_identified_by_shell_directory() {
    let desktop = Desktop::new();
    let work = desktop.create_directory("home/work");
    // Both terminals start at home; the shell of the second changes its directory.
    let cd = format!("cd {}", work.display());
    let slots = [("one", "true", "~"), ("two", &cd, "~/work")].map(|(id, first, cwd)| {
        // i3 can miss a title that changes while it manages the window.
        let wait = desktop.wait_for_cue(id);
        let script = format!("{first}; {wait}; printf '\\033]0;{id}\\007'; exec sh");
        let argv = ["urxvt", "-e", "sh", "-c", &script];
        desktop.open(&argv);
        desktop.cue(id);
        desktop.wait_for_title(id);
        let process = shell_words::join(argv);
        Slot::new(id)
            .swallow("class: ^URxvt$")
            .command("urxvt")
            .with(&format!("cwd: {cwd}, seen: {{ process: {process:?} }}"))
    });
    desktop.save_workspaces("t", [Workspace::new("5").nodes(slots)]);
    let known = desktop.processes();
    desktop.apply("t");
    let text = titles(&desktop);
    assert!(text.contains("5: splith[one 960, two 960]"), "{text}");
    assert!(
        desktop.processes().is_subset(&known),
        "a program was started"
    );
}
