//! Messages about names that do not exist, and other small things that a user reads.

use super::Home;

/// Writes a layout `t` that needs a value for `root`.
fn template(home: &Home) {
    let text = "version: 1\nvars: { root: , kind: vim }\nworkspaces:\n  - name: \"1\"\n    nodes:\n      \
                - { id: a, swallow: { class: ^A$ }, command: \"a ${root}\" }\n  - name: \"2\"\n    \
                nodes:\n      - { id: b, swallow: { class: ^B$ }, command: no-such-b }\n";
    home.write(".config/i3pm-layout/layouts/t.yaml", text);
}

#[test]
fn unknown_layouts_of_history_and_stats_are_errors() {
    let home = Home::new();
    home.layout("daily");
    for command in ["history", "stats"] {
        let printed = home.run(&[command, "--layout", "dayli"]);
        assert!(
            printed.starts_with("error: layout `dayli` not found"),
            "{printed}"
        );
        assert!(printed.contains("did you mean `daily`?"), "{printed}");
        assert!(printed.ends_with("[exit 2]"), "{printed}");
        assert_eq!(
            home.run(&[command, "--layout", "daily"]),
            "no recorded runs\n[exit 0]"
        );
    }
}

#[test]
fn misspelt_last_is_recognised() {
    let home = Home::new();
    for arguments in [
        &["history", "show", "lats"][..],
        &["session", "restore", "lats"],
    ] {
        let printed = home.run(arguments);
        assert!(printed.contains("hint: did you mean `last`?"), "{printed}");
        assert!(printed.ends_with("[exit 2]"), "{printed}");
    }
}

#[test]
fn names_have_one_slash_at_most() {
    let home = Home::new();
    insta::assert_snapshot!(home.run(&["show", "a/b/c"]), @"
    error: invalid layout name `a/b/c`: only one `/` is allowed, between a project and a name
    hint: choose another name, or write a path, which begins with `./`, `../`, `/` or `~/`
    [exit 2]
    ");
}

#[test]
fn misspelt_variable_is_named_before_the_missing_value() {
    let home = Home::new();
    template(&home);
    insta::assert_snapshot!(home.run(&["show", "t", "rot=x"]), @"
    error: layout `t` has no variable `rot`
    hint: did you mean `root`?
    [exit 2]
    ");
    home.layout("daily");
    insta::assert_snapshot!(home.run(&["show", "daily", "rot=x"]), @"
    error: layout `daily` has no variable `rot`
    hint: the layout has no variables
    [exit 2]
    ");
}

#[test]
fn show_is_limited_to_a_workspace() {
    let home = Home::new();
    template(&home);
    let all = home.run(&["show", "t", "root=/x"]);
    assert!(
        all.contains("a /x") && all.contains("warning: `b`"),
        "{all}"
    );
    let one = home.run(&["show", "t", "root=/x", "-w", "1"]);
    assert!(one.contains("a /x") && !one.contains("no-such-b"), "{one}");
    let unknown = home.run(&["show", "t", "root=/x", "-w", "3"]);
    assert!(
        unknown.contains("layout `t` has no workspace `3`"),
        "{unknown}"
    );
    assert!(unknown.contains("available: `1`, `2`"), "{unknown}");
}

#[test]
fn file_to_import_must_exist() {
    let home = Home::new();
    insta::assert_snapshot!(home.run(&["import", "nope.json"]), @"
    error: nope.json does not exist
    hint: check the path: `import` reads a file of another tool, or the folder of its files
    [exit 2]
    ");
}

#[test]
fn file_to_import_must_be_of_the_named_tool() {
    let home = Home::new();
    home.write("a.json", "[{\"command\": [\"xterm\"]}]\n");
    let printed = home.run(&["import", "a.json", "--from", "i3-save-tree"]);
    assert!(
        printed.contains("this is a file of i3-resurrect, not a file of i3-save-tree"),
        "{printed}"
    );
    assert!(printed.ends_with("[exit 2]"), "{printed}");
    assert!(!home.path(".config").exists());
}

#[test]
fn import_says_why_a_named_terminal_has_no_command() {
    let home = Home::new();
    let text =
        "{\"type\": \"con\", \"swallows\": [{\"class\": \"^XTerm$\", \"instance\": \"^foo$\"}]}";
    home.write("a.json", text);
    let printed = home.run(&["import", "a.json", "-n"]);
    assert!(
        printed.contains("the terminal has the instance `foo`"),
        "{printed}"
    );
    assert!(
        printed.contains("# no command: add the `command` that opens this terminal"),
        "{printed}"
    );
}

#[test]
fn problems_below_a_misspelt_key_have_their_own_lines() {
    let home = Home::new();
    let text = "version: 1\nhooks:\n  pre-aply: [true]\nworkspaces:\n  - name: \"1\"\n    nodez:\n      \
                - { id: a, swallow: { class: \"(\" }, command: a }\n";
    home.write("bad.yaml", text);
    let printed = home.run(&["validate", "./bad.yaml"]);
    assert!(
        printed.contains("class`: missing closing parenthesis\n --> ./bad.yaml:7:"),
        "{printed}"
    );
    assert!(printed.contains("did you mean `nodes`?"), "{printed}");
    assert!(!printed.contains("the command is empty"), "{printed}");
    assert_eq!(printed.matches("error: ").count(), 4, "{printed}");
}

#[test]
fn quiet_revert_prints_no_changes() {
    let home = Home::new();
    home.layout("daily");
    let editor = home.editor("s/xterm/urxvt/");
    let mut edit = home.command(&["edit", "daily"]);
    let edited = edit.env("EDITOR", editor).output();
    assert!(edited.is_ok_and(|edited| edited.status.success()));
    assert!(home.run(&["revert", "daily", "last", "-n"]).contains('+'));
    assert_eq!(home.run(&["revert", "daily", "last", "-q"]), "[exit 0]");
}

#[test]
fn topics_are_plain_text() {
    let home = Home::new();
    let page = home.run(&["help", "hooks"]);
    for (part, is_there) in [
        ("How to run commands before and after a layout\n====", true),
        ("```", false),
        ("](", false),
        ("|---", false),
        ("\n    hooks:\n", true),
        ("**", false),
    ] {
        assert_eq!(page.contains(part), is_there, "{part}: {page}");
    }
}
