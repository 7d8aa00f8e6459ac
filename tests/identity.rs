use std::fmt::Write as _;
use std::fs;

use crate::harness::{Desktop, Name, TestWindow};

fn layouts(desktop: &Desktop, name: &str) -> std::path::PathBuf {
    let path = format!("config/i3pm-layout/layouts/{name}.yaml");
    desktop.path().join(path)
}

/// Two windows of one class, told apart by their titles and command lines.
fn open_two(desktop: &Desktop) -> [u64; 2] {
    ["left", "right"].map(|title| {
        let window = TestWindow::new("same").title(title);
        desktop.open_window(&window).con()
    })
}

fn apply(desktop: &Desktop, arguments: &[&str]) -> serde_json::Value {
    let arguments = ["apply"].iter().chain(arguments).chain(&["--json"]);
    desktop.run(arguments).success().json()
}

/// A desktop that was brought back from the layout `one`.
fn applied() -> (Desktop, [u64; 2]) {
    let desktop = Desktop::new();
    let cons = open_two(&desktop);
    desktop.run(["capture", "one"]).success();
    apply(&desktop, &["one"]);
    (desktop, cons)
}

#[test]
fn capture_after_windows_changed_places_is_what_apply_brings_back() {
    let (desktop, [left, right]) = applied();
    desktop.run_i3(&format!(
        "[con_id={left}] swap container with con_id {right}"
    ));
    desktop.run(["capture", "one"]).success();
    let before = desktop.tree_text();
    assert_eq!(apply(&desktop, &["one"])["commands"], 0);
    assert_eq!(desktop.tree_text(), before);
}

#[test]
fn desktop_that_is_captured_under_a_second_name_belongs_to_both() {
    let (desktop, _) = applied();
    let starts = desktop.starts();
    desktop.run(["capture", "two"]).success();
    for name in ["two", "one", "two"] {
        assert_eq!(apply(&desktop, &[name])["commands"], 0, "{name}");
    }
    assert_eq!(desktop.starts(), starts);
    let text = fs::read_to_string(layouts(&desktop, "two")).expect("it was captured");
    assert!(!text.contains("_i3pm:"), "{text}");
}

#[test]
fn windows_of_another_layout_are_neither_taken_nor_opened_again_without_being_asked() {
    let (desktop, _) = applied();
    let starts = desktop.starts();
    fs::copy(layouts(&desktop, "one"), layouts(&desktop, "two")).expect("it was captured");
    let before = desktop.tree();
    let output = desktop.run(["apply", "two"]).code(1);
    for part in [
        "layout `one` has its window `left` as its slot `same`",
        "layout `one` has its window `right` as its slot `same-2`",
        "`i3pm-layout apply two --reuse all` takes what layout `one` has",
    ] {
        assert!(output.stderr.contains(part), "{}", output.stderr);
    }
    desktop.assert_same_tree(&before);
    assert_eq!(desktop.starts(), starts);

    apply(&desktop, &["two", "--reuse", "all"]);
    for name in ["two", "one"] {
        assert_eq!(apply(&desktop, &[name])["commands"], 0, "{name}");
    }
    assert_eq!(desktop.starts(), starts);
}

#[test]
fn person_at_a_terminal_is_asked_for_the_windows_of_another_layout() {
    let (desktop, _) = applied();
    let starts = desktop.starts();
    fs::copy(layouts(&desktop, "one"), layouts(&desktop, "two")).expect("it was captured");
    let answered = |answer: &str| {
        let call = desktop.command(["apply", "two"]).on_terminal();
        call.stdin(answer).run()
    };
    let output = answered("\n").code(1);
    assert!(
        output.stdout.contains("Take what layout `one` has? [y/N]"),
        "{}",
        output.stdout
    );
    let output = answered("y\n").success();
    assert!(
        output.stdout.contains("2 slots already filled"),
        "{}",
        output.stdout
    );
    assert_eq!(apply(&desktop, &["two"])["commands"], 0);
    assert_eq!(desktop.starts(), starts);
}

#[test]
fn dry_run_says_which_windows_another_layout_has() {
    let (desktop, _) = applied();
    fs::copy(layouts(&desktop, "one"), layouts(&desktop, "two")).expect("it was captured");
    let output = desktop.run(["apply", "two", "--dry-run"]).success();
    let reason = "same-2  layout `one` has its window `right` as its slot `same-2`";
    assert!(output.stdout.contains(reason), "{}", output.stdout);
}

#[test]
fn explain_says_which_layout_has_a_window() {
    let (desktop, _) = applied();
    fs::copy(layouts(&desktop, "one"), layouts(&desktop, "two")).expect("it was captured");
    let output = desktop.run(["apply", "two", "--dry-run", "--explain", "--json"]);
    let text = output.success().json().to_string();
    assert!(
        text.contains("layout `one` has it as its slot `same`"),
        "{text}"
    );
}

#[test]
fn what_another_layout_has_is_opened_once_more_when_that_is_asked() {
    let (desktop, _) = applied();
    let starts = desktop.starts();
    fs::copy(layouts(&desktop, "one"), layouts(&desktop, "two")).expect("it was captured");
    apply(&desktop, &["two", "--reuse", "marked"]);
    assert_eq!(desktop.starts(), starts + 2);
    for name in ["two", "one"] {
        let report = desktop.run(["apply", name, "--json"]).json();
        assert_eq!(report["slots"][0]["outcome"], "placed", "{report:#}");
    }
    assert_eq!(desktop.starts(), starts + 2);
}

#[test]
fn another_program_of_the_same_class_is_started_beside_the_window_of_another_layout() {
    let (desktop, _) = applied();
    let starts = desktop.starts();
    let third = TestWindow::new("same").title("third").command();
    desktop.write(
        "config/i3pm-layout/layouts/two.yaml",
        &format!(
            "version: 1\nworkspaces:\n  - name: \"1\"\n    nodes:\n      \
             - {{ id: third, swallow: {{ instance: ^same$ }}, command: {third:?} }}\n"
        ),
    );
    apply(&desktop, &["two"]);
    assert_eq!(desktop.starts(), starts + 1);
    assert_eq!(
        apply(&desktop, &["one", "--keep-focus"])["slots"][0]["outcome"],
        "placed"
    );
}

/// A layout of one workspace with slots of class `Web`: command and title that was saved.
fn web_layout(desktop: &Desktop, slots: &[(Option<String>, &str)]) {
    let mut text = "version: 1\nworkspaces:\n  - name: \"1\"\n    nodes:\n".to_owned();
    for (number, (command, title)) in slots.iter().enumerate() {
        let command = command
            .as_ref()
            .map_or_else(|| "null".to_owned(), |command| format!("{command:?}"));
        let _ = writeln!(
            text,
            "      - {{ id: w{number}, swallow: {{ class: ^Web$ }}, command: {command}, \
             seen: {{ title: {title:?} }} }}"
        );
    }
    desktop.write("config/i3pm-layout/layouts/t.yaml", &text);
}

/// A program whose windows get these titles a while after they were opened; `{n}` is the
/// number of the window.
fn web(titles: &[&str]) -> TestWindow {
    let mut window = TestWindow::new("web").class("Web").title("Web");
    for title in titles {
        window = window.arg("--title-after", title);
    }
    window
}

fn titles(desktop: &Desktop) -> String {
    desktop.tree_text_by(Name::Title)
}

#[test]
fn windows_of_one_process_are_told_apart_by_titles_that_come_late() {
    let desktop = Desktop::new();
    let program = web(&["300:({n}) Page {n} - Web"]).count(3).command();
    web_layout(
        &desktop,
        &[
            (Some(program), "Page 3 - Web"),
            (None, "Page 1 - Web"),
            (None, "(7) Page 2 - Web"),
        ],
    );
    let report = apply(&desktop, &["t"]);
    assert_eq!(desktop.starts(), 1, "{report:#}");
    assert_eq!(
        titles(&desktop),
        "1: splith[(3) Page 3 - Web* 640, (1) Page 1 - Web 640, (2) Page 2 - Web 640]\n"
    );
    assert_eq!(desktop.unmaps(), 0);
    assert_eq!(apply(&desktop, &["t"])["commands"], 0);
}

#[test]
fn titles_that_change_once_more_before_the_end_count() {
    let desktop = Desktop::new();
    // Both begin with the other's page.
    let program = web(&["100:Page {n} of 2 - Web", "600:{n} is the page - Web"]).count(2);
    web_layout(
        &desktop,
        &[
            (Some(program.command()), "2 is the page - Web"),
            (None, "1 is the page - Web"),
        ],
    );
    apply(&desktop, &["t"]);
    assert_eq!(
        titles(&desktop),
        "1: splith[2 is the page - Web* 960, 1 is the page - Web 960]\n"
    );
}

#[test]
fn windows_handed_over_to_a_running_instance_are_told_apart_by_late_titles() {
    let desktop = Desktop::new();
    let socket = desktop.path().join("web.sock").display().to_string();
    let page = |name: &str, delay: &str| {
        let title = format!("400:Page {name} - Web");
        let window = web(&[&title]).arg("--server", &socket);
        Some(window.arg("--map-delay", delay).command())
    };
    // The instance is slow with its own window, and quick with the others'.
    web_layout(
        &desktop,
        &[
            (page("one", "500"), "Page one - Web"),
            (page("two", "0"), "Page two - Web"),
            (page("three", "200"), "Page three - Web"),
        ],
    );
    apply(&desktop, &["t"]);
    // The last window has no need of a title to be in the last place.
    let right = "1: splith[Page one - Web* 640, Page two - Web 640, Page three - Web 640]\n";
    desktop.wait_until("all titles are right", || titles(&desktop) == right);
}

#[test]
fn titles_that_are_right_from_the_beginning_are_in_their_places_at_once() {
    let desktop = Desktop::new();
    let program = TestWindow::new("web").class("Web").title("Page {n} - Web");
    web_layout(
        &desktop,
        &[
            (Some(program.count(3).command()), "Page 3 - Web"),
            (None, "Page 2 - Web"),
            (None, "Page 1 - Web"),
        ],
    );
    let report = apply(&desktop, &["t"]);
    let elapsed = report["elapsed_ms"].as_f64().unwrap_or(f64::MAX);
    assert!(elapsed < 2000.0, "titles are not waited for: {report:#}");
    assert_eq!(
        titles(&desktop),
        "1: splith[Page 3 - Web* 640, Page 2 - Web 640, Page 1 - Web 640]\n"
    );
}

#[test]
fn titles_that_never_say_anything_end_the_run_all_the_same() {
    let desktop = Desktop::new();
    let program = web(&["200:Something else {n}"]).count(2).command();
    web_layout(&desktop, &[(Some(program), "Page one"), (None, "Page two")]);
    let report = apply(&desktop, &["t"]);
    assert_eq!(report["complete"], true, "{report:#}");
    assert_eq!(apply(&desktop, &["t"])["commands"], 0);
}

#[test]
fn windows_of_a_terminal_server_are_known_by_the_directories_of_their_shells() {
    let desktop = Desktop::new();
    desktop.spawn(&["urxvtd", "-q", "-f"]).wait();
    let mut slots = String::new();
    for name in ["one", "two", "three"] {
        let file = desktop.write(&format!("home/{name}/x"), "");
        let directory = file.parent().expect("it is in one").to_owned();
        desktop.spawn_with(&["urxvtc", "-title", name], &directory, &[]);
        desktop.wait_until("its window is there", || titles(&desktop).contains(name));
        let _ = writeln!(
            slots,
            "      - {{ id: {name}, swallow: {{ class: ^URxvt$ }}, cwd: ~/{name}, \
             command: urxvtc, seen: {{ process: urxvtd -q -f }} }}"
        );
    }
    desktop.write(
        "config/i3pm-layout/layouts/t.yaml",
        &format!("version: 1\nworkspaces:\n  - name: \"5\"\n    nodes:\n{slots}"),
    );
    for title in ["three", "one", "two"] {
        desktop.run_i3(&format!(
            "[title={title}] move container to workspace {title}"
        ));
    }
    let known = desktop.processes();
    apply(&desktop, &["t"]);
    assert_eq!(
        titles(&desktop).lines().last(),
        Some("5: splith[one 640, two 640, three 640]")
    );
    assert!(desktop.processes().is_subset(&known), "nothing was started");
    assert_eq!(desktop.unmaps(), 0);
}

#[test]
fn terminal_is_known_by_the_directory_in_which_its_shell_works() {
    let desktop = Desktop::new();
    let file = desktop.write("home/work/x", "");
    let work = file.parent().expect("it is in one").display().to_string();
    // The first one was started at home, and its shell went elsewhere.
    let shells = ["one", &format!("two; cd {work}")].map(|title| {
        let (title, cd) = title.split_once("; ").unwrap_or((title, "true"));
        let script = format!("{cd}; printf '\\033]0;{title}\\007'; exec sh");
        vec![
            "urxvt".to_owned(),
            "-e".to_owned(),
            "sh".to_owned(),
            "-c".to_owned(),
            script,
        ]
    });
    let mut slots = String::new();
    for (argv, (id, cwd)) in shells.iter().zip([("one", "~"), ("two", "~/work")]) {
        desktop.spawn(argv);
        desktop.wait_until("its shell has told its name", || {
            titles(&desktop).contains(id)
        });
        let _ = writeln!(
            slots,
            "      - {{ id: {id}, swallow: {{ class: ^URxvt$ }}, cwd: {cwd}, \
             command: urxvt, seen: {{ process: {:?} }} }}",
            shell_words::join(argv)
        );
    }
    desktop.write(
        "config/i3pm-layout/layouts/t.yaml",
        &format!("version: 1\nworkspaces:\n  - name: \"5\"\n    nodes:\n{slots}"),
    );
    let known = desktop.processes();
    apply(&desktop, &["t"]);
    let text = titles(&desktop);
    assert!(text.contains("5: splith[one 960, two 960]"), "{text}");
    assert!(desktop.processes().is_subset(&known), "nothing was started");
}
