//! Identifying windows: marks, other layouts, titles, shells.

use std::time::Duration;

use crate::harness::{Desktop, Name, Slot, TestWindow, Workspace};

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

/// Like [`applied`], with a copy of the layout called `two`.
fn applied_and_copied() -> Desktop {
    let (desktop, _) = applied();
    desktop.save_text("two", &desktop.layout("one"));
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
fn windows_of_another_layout_are_not_taken_by_default() {
    let desktop = applied_and_copied();
    let starts = desktop.starts();
    let before = desktop.tree();
    desktop
        .run(["apply", "two"])
        .code(1)
        .stderr_has("its window `left` belongs to slot `same` of layout `one`")
        .stderr_has("its window `right` belongs to slot `same-2` of layout `one`")
        .stderr_has("`i3pm-layout apply two --reuse all` to reuse the windows of layout `one`");
    desktop.assert_same_tree(&before);
    assert_eq!(desktop.starts(), starts);

    desktop.apply("two --reuse all");
    for name in ["two", "one"] {
        desktop.assert_idempotent(name);
    }
    assert_eq!(desktop.starts(), starts);
}

#[test]
fn apply_on_a_terminal_asks_before_taking_windows_of_another_layout() {
    let desktop = applied_and_copied();
    let starts = desktop.starts();
    let answered = |answer: &str| {
        let call = desktop.command(["apply", "two"]).on_terminal();
        call.stdin(answer).run()
    };
    let output = answered("\n").code(1);
    output.stdout_has("Reuse the windows of layout `one`? [y/N]");
    let output = answered("y\n").success();
    output.stdout_has("2 slots already in place");
    desktop.assert_idempotent("two");
    assert_eq!(desktop.starts(), starts);
}

#[test]
fn dry_run_names_windows_of_another_layout() {
    let desktop = applied_and_copied();
    desktop
        .run(["apply", "two", "--dry-run"])
        .success()
        .stdout_has("same-2  its window `right` belongs to slot `same-2` of layout `one`");
}

#[test]
fn explain_names_the_layout_that_owns_a_window() {
    let desktop = applied_and_copied();
    let output = desktop.run(["apply", "two", "--dry-run", "--explain", "--json"]);
    let text = output.success().json().to_string();
    assert!(
        text.contains("it belongs to slot `same` of layout `one`"),
        "{text}"
    );
}

#[test]
fn reuse_marked_opens_windows_of_another_layout_again() {
    let desktop = applied_and_copied();
    let starts = desktop.starts();
    desktop.apply("two --reuse marked");
    assert_eq!(desktop.starts(), starts + 2);
    for name in ["two", "one"] {
        let report = desktop.run(["apply", name, "--json"]).json();
        assert_eq!(report["slots"][0]["outcome"], "placed", "{report:#}");
    }
    assert_eq!(desktop.starts(), starts + 2);
}

#[test]
fn program_is_started_although_another_layout_owns_a_window_of_its_class() {
    let (desktop, _) = applied();
    let starts = desktop.starts();
    let third = TestWindow::new("same").title("third").command();
    let third = Slot::new("third")
        .swallow("instance: ^same$")
        .command(&third);
    desktop.save_workspaces("two", [Workspace::new("1").nodes([third])]);
    desktop.apply("two");
    assert_eq!(desktop.starts(), starts + 1);
    let report = desktop.apply("one --keep-focus");
    assert_eq!(report["slots"][0]["outcome"], "placed", "{report:#}");
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
        desktop.tree().to_string().matches("\"_i3pm:t:").count() == count
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
    // The running instance opens its own window last.
    for (name, count) in [("two", 1), ("three", 2), ("one", 3)] {
        desktop.cue(name);
        desktop.wait_until("the window is open", || {
            titles(&desktop).matches("Web").count() == count
        });
    }
    desktop.cue("titles");
    running.wait().success();
    // The last window is placed without its title, because only one slot is left.
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
