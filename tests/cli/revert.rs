//! `revert`.

use insta::assert_snapshot;
use serde_json::Value;

use super::{Home, read};
use crate::harness::Desktop;

fn edit(home: &Home, script: &str) {
    let editor = home.editor(script);
    let mut command = home.command(&["edit", "daily"]);
    let output = command.env("EDITOR", editor).output();
    assert!(output.expect("the program is built").status.success());
}

/// The output without the ages of versions, which depend on the clock.
fn without_ages(text: &str) -> String {
    let age = regex::Regex::new(r"\d+ s ago").expect("the pattern is valid");
    age.replace_all(text, "[AGE]").into_owned()
}

#[test]
fn versions_are_listed_and_brought_back_with_their_changes() {
    let home = Home::new();
    let path = home.layout("daily");
    let first = read(&path);
    assert_snapshot!(home.run(&["revert", "daily"]), @"
    `daily` has no earlier versions
    [exit 0]
    ");
    edit(&home, "s/xterm/urxvt/");
    edit(&home, "s/urxvt/kitty/");
    let third = read(&path);
    assert_snapshot!(without_ages(&home.run(&["revert", "daily"])), @"
    2  replaced [AGE]  1 window on 1 workspace  +1 -1 lines
    1  replaced [AGE]  1 window on 1 workspace  +1 -1 lines
    to go back, run `i3pm-layout revert daily VERSION`
    [exit 0]
    ");
    let dry = home.run(&["revert", "daily", "1", "--dry-run"]);
    assert_snapshot!(dry, @"
    --- ~/.config/i3pm-layout/layouts/daily.yaml
    +++ ~/.config/i3pm-layout/layouts/daily.yaml (version 1)
    @@ -2,4 +2,4 @@
     workspaces:
       - name: \"1\"
         nodes:
    -      - { id: shell, swallow: { class: ^XTerm$ }, command: kitty }
    +      - { id: shell, swallow: { class: ^XTerm$ }, command: xterm }
    [exit 0]
    ");
    assert_eq!(read(&path), third);
    let done = home.run(&["revert", "daily", "1"]);
    assert_snapshot!(done.lines().rev().take(2).collect::<Vec<_>>().join("\n"), @"
    [exit 0]
    reverted ~/.config/i3pm-layout/layouts/daily.yaml to version 1 (1 window on 1 workspace); to undo this, run `i3pm-layout revert daily last`
    ");
    assert_eq!(read(&path), first);
    assert!(home.run(&["revert", "daily", "last"]).contains("kitty"));
    assert_eq!(read(&path), third);
}

#[test]
fn deleted_and_other_files_are_listed() {
    let home = Home::new();
    assert_snapshot!(home.run(&["revert"]), @"
    no file has earlier versions
    [exit 0]
    ");
    home.layout("daily");
    home.layout("work/day");
    edit(&home, "s/xterm/urxvt/");
    home.run(&["delete", "work/day"]);
    let notes = home.write("notes.yaml", "version: 1\n");
    let editor = home.editor("s/$/ # mine/");
    let mut command = home.command(&["edit", "notes.yaml"]);
    command.env("EDITOR", editor).assert().success();
    assert!(read(notes).contains("mine"));
    assert_snapshot!(without_ages(&home.run(&["revert"])), @"
    daily           1 version  replaced [AGE]
    work/day        1 version  deleted [AGE]
    '~/notes.yaml'  1 version  replaced [AGE]
    [exit 0]
    ");
    assert_snapshot!(without_ages(&home.run(&["revert", "day"])), @"
    1  deleted [AGE]  1 window on 1 workspace
    `work/day` does not exist; run `i3pm-layout revert work/day VERSION` to create it
    [exit 0]
    ");
    let output = home.output(&["revert", "--json"]);
    let files: Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
    assert_eq!(files[1]["name"], "work/day");
    assert_eq!(files[1]["exists"], false);
    let output = home.output(&["revert", "work/day", "1", "--json"]);
    let done: Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
    assert_eq!(done["written"], "created");
    assert_eq!(done["valid"], true);
    assert!(output.stderr.is_empty());
    let output = home.output(&["revert", "work/day", "--json"]);
    let versions: Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
    assert_eq!(versions["versions"][0]["version"], 1);
    assert_eq!(versions["versions"][0]["added"], 0);
}

#[test]
fn unknown_versions_and_names_are_errors() {
    let home = Home::new();
    home.layout("daily");
    edit(&home, "s/xterm/urxvt/");
    assert_snapshot!(home.run(&["revert", "daily", "7"]), @"
    error: `daily` has no earlier version 7
    hint: available: `1`
    [exit 2]
    ");
    assert_snapshot!(home.run(&["revert", "daly"]), @"
    error: layout `daly` not found in ~/.config/i3pm-layout/layouts
    hint: did you mean `daily`?
    [exit 2]
    ");
    let printed = home.run(&["revert", "daily", "x"]);
    assert!(
        printed.contains("expected a number, or `last`"),
        "{printed}"
    );
    home.layout("new");
    assert_snapshot!(home.run(&["revert", "new", "last"]), @"
    error: `new` has no earlier version
    hint: run `i3pm-layout revert` to list all files with earlier versions
    [exit 2]
    ");
    assert!(home.run(&["revert", "-"]).ends_with("[exit 2]"));
}

#[test]
fn version_with_mistakes_is_brought_back_with_a_warning() {
    let home = Home::new();
    let path = home.layout("daily");
    home.write(
        ".config/i3pm-layout/layouts/daily.yaml",
        "version: 1\nworkspace: []\n",
    );
    let broken = read(&path);
    home.run(&["delete", "daily"]);
    let printed = home.run(&["revert", "daily", "last"]);
    assert!(
        printed.contains("version 1 is not a valid layout; run `i3pm-layout validate daily`"),
        "{printed}"
    );
    assert_eq!(read(&path), broken);
}

#[test]
fn capture_can_be_undone_and_knows_the_earlier_version() {
    let desktop = Desktop::new();
    desktop.open_window("one");
    desktop.run(["capture", "daily"]).success();
    let first = desktop.layout("daily");
    desktop.open_window("two");
    let output = desktop.run(["capture", "daily"]).success();
    output.stderr_has("to go back to the previous version, run `i3pm-layout revert daily last`");
    desktop.run(["revert", "daily", "last"]).success();
    assert_eq!(desktop.layout("daily"), first);
    // The version is one of `capture`, so it does not count as edited.
    desktop.run(["capture", "daily"]).success();
}

#[test]
fn dry_run_says_that_a_version_is_the_same_as_the_file() {
    let home = Home::new();
    home.layout("daily");
    edit(&home, "s/xterm/urxvt/");
    edit(&home, "s/urxvt/xterm/");
    assert_snapshot!(home.run(&["revert", "daily", "1", "--dry-run"]), @"
    ~/.config/i3pm-layout/layouts/daily.yaml is the same as version 1
    [exit 0]
    ");
}

#[test]
fn deleted_link_is_a_link_again_after_revert() {
    let home = Home::new();
    let link = home.layout("daily");
    let real = home.path("dotfiles/daily.yaml");
    std::fs::create_dir_all(home.path("dotfiles")).expect("the folder is writable");
    std::fs::rename(&link, &real).expect("the folders are writable");
    let target = "../../../dotfiles/daily.yaml";
    std::os::unix::fs::symlink(target, &link).expect("the name is free");
    let text = read(&link);
    assert!(home.run(&["delete", "daily"]).contains("deleted `daily`"));
    assert_eq!(read(&real), text);
    let printed = home.run(&["revert", "daily", "last"]);
    assert!(printed.contains("created ~/.config/"), "{printed}");
    let found = std::fs::read_link(&link).expect("it is a link");
    assert_eq!(found, std::path::Path::new(target));
    assert_eq!(read(&link), text);
    // The file was edited in the meantime.
    home.run(&["delete", "daily"]);
    std::fs::write(&real, text.replace("xterm", "urxvt")).expect("it is writable");
    home.run(&["revert", "daily", "last"]);
    assert!(link.is_symlink());
    assert_eq!(read(&real), text);
    // Without its file, the link would lead nowhere.
    home.run(&["delete", "daily"]);
    std::fs::remove_file(&real).expect("it is writable");
    home.run(&["revert", "daily", "last"]);
    assert!(!link.is_symlink());
    assert_eq!(read(&link), text);
}

#[test]
fn only_layouts_are_deleted() {
    let home = Home::new();
    for (name, text) in [
        ("data.csv", "a,b\n1,2\n"),
        ("key.pem", "-----BEGIN KEY-----\nversion: 1\n"),
        ("config.yaml", "version: 1\nsecret_patterns: [a]\n"),
        ("empty.yaml", ""),
    ] {
        let path = home.path(name);
        std::fs::write(&path, text).expect("the folder is writable");
        let output = home.run(&["delete", &path.display().to_string()]);
        assert!(
            output.contains("is not a layout and was not deleted"),
            "{output}"
        );
        assert_eq!(read(&path), text);
    }
    let output = home.run(&["delete", "/dev/null"]);
    assert!(output.contains("is not a layout"), "{output}");
    let path = home.path("own.yaml");
    std::fs::write(&path, "version: 1\nworkspaces: []\n").expect("the folder is writable");
    home.run(&["delete", &path.display().to_string()]);
    assert!(!path.exists());
    // A layout of the store may have mistakes.
    let daily = home.layout("daily");
    std::fs::write(&daily, "version: [").expect("the folder is writable");
    home.run(&["delete", "daily"]);
    assert!(!daily.exists());
}
