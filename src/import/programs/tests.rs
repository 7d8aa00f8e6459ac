//! Programs of windows with some properties.

use super::*;

/// Windows as `Class` or `Class/instance`, with a title after a space.
fn windows(list: &[&str]) -> Vec<Properties> {
    let window = |text: &&str| {
        let (name, title) = text.split_once(' ').unwrap_or((text, ""));
        let (class, instance) = name.split_once('/').unwrap_or((name, ""));
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Properties {
            class: some(class),
            instance: some(instance),
            title: some(title),
            ..Properties::default()
        }
    };
    list.iter().map(window).collect()
}

fn programs(lines: &[&str]) -> Vec<Program> {
    let program = |line: &&str| Program {
        argv: shell_words::split(line.trim_start_matches('*')).unwrap(),
        opens_all: line.starts_with('*'),
        ..Program::default()
    };
    lines.iter().map(program).collect()
}

#[track_caller]
fn check(list: &[&str], lines: &[&str], expected: &str) {
    check_with(list, lines, &[], expected);
}

#[track_caller]
fn check_with(list: &[&str], lines: &[&str], entries: &[DesktopFile], expected: &str) {
    let found = assign(&windows(list), &programs(lines), entries);
    let found: Vec<String> = found
        .into_iter()
        .map(|one| match one {
            None => "-".to_owned(),
            Some(Assigned::Certain(at)) => at.to_string(),
            Some(Assigned::ByOrder(at)) => format!("~{at}"),
            Some(Assigned::Ambiguous(all)) => format!("?{all:?}"),
            Some(Assigned::OpenedBy(at)) => format!("={at}"),
        })
        .collect();
    assert_eq!(found.join(" "), expected, "{list:?} {lines:?}");
}

#[test]
fn the_order_decides_if_no_class_contradicts() {
    check(&["XTerm", "XTerm"], &["xterm -e a", "xterm -e b"], "0 1");
    check(&["XTerm", "Foo"], &["xterm", "bar"], "0 ~1");
    check(&["Foo", "Bar"], &["x", "y"], "~0 ~1");
}

#[test]
fn classes_decide_in_a_list_that_was_edited() {
    check(&["XTerm", "Gimp"], &["gimp", "/usr/bin/xterm"], "1 0");
    check(&["Gimp", "XTerm", "Foo"], &["xterm", "gimp"], "1 0 -");
    check(
        &["XTerm/a", "XTerm/b"],
        &["xterm -name b", "xterm -name a"],
        "1 0",
    );
    check(&["org.gnome.Maps", "XTerm"], &["xterm", "maps"], "1 0");
}

#[test]
fn titles_decide_among_windows_of_one_class() {
    check(
        &["XTerm notes.md - vim", "XTerm htop", "XTerm shell"],
        &["xterm -e vim /a/notes.md", "xterm -e htop"],
        "0 1 -",
    );
    check(
        &["XTerm a", "XTerm b", "XTerm c"],
        &["xterm -e x", "xterm"],
        "?[0, 1] ?[0, 1] ?[0, 1]",
    );
}

#[test]
fn equal_commands_need_no_decision() {
    check(&["XTerm", "XTerm", "XTerm"], &["xterm", "xterm"], "0 1 -");
    check(&["XTerm"], &["xterm", "xterm"], "0");
}

#[test]
fn a_program_of_another_class_is_not_given_by_order() {
    let entry = |id: &str, exec: &str| {
        let text = format!("[Desktop Entry]\nName=X\nExec={exec}\n");
        DesktopFile::parse(id, text.as_bytes()).unwrap().0
    };
    let entries = [entry("gimp", "gimp-2.10 %U"), entry("firefox", "firefox")];
    for (list, lines, expected) in [
        (
            &["XTerm", "Firefox"][..],
            &["xterm", "gimp-2.10"][..],
            "0 -",
        ),
        (&["Foo", "XTerm"], &["urxvt", "xterm"], "- 1"),
        (&["XTerm", "Firefox"], &["xterm", "my-browser"], "0 ~1"),
        (
            &["XTerm", "Foo", "Bar"],
            &["xterm", "gimp-2.10", "x"],
            "0 ?[2] ?[2]",
        ),
        (&["XTerm", "Firefox"], &["xterm", "firefox"], "0 1"),
    ] {
        check_with(list, lines, &entries, expected);
    }
}

#[test]
fn a_browser_opens_all_its_windows() {
    check(
        &["firefox", "XTerm", "firefox"],
        &["xterm", "*firefox"],
        "1 0 =0",
    );
}

#[test]
fn nothing_is_guessed_without_evidence() {
    check(&["A", "B", "C"], &["x", "y"], "?[0, 1] ?[0, 1] ?[0, 1]");
    check(
        &["A", "B notes", "C"],
        &["x", "y -o /a/notes.txt"],
        "?[0] 1 ?[0]",
    );
    check(&["A"], &[], "-");
    check(&[], &["x"], "");
}
