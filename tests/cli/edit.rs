//! `edit`.

use std::fs;
use std::path::PathBuf;

use insta::assert_snapshot;

use super::{Home, read};
use crate::harness::Desktop;

#[test]
fn edit_validates_the_edited_file() {
    let home = Home::new();
    let path = home.layout("daily");
    let edit = |script: &str| {
        let editor = home.editor(script);
        home.transcript(home.command(&["edit", "daily"]).env("EDITOR", editor))
    };
    assert_snapshot!(edit("s/xterm/urxvt/"), @"
    saved ~/.config/i3pm-layout/layouts/daily.yaml
    [exit 0]
    ");
    let good = read(&path);
    assert!(good.contains("command: urxvt"));
    assert_snapshot!(edit("s/none//"), @"
    no changes
    [exit 0]
    ");
    assert_snapshot!(edit("s/command/comand/"), @"
    error: unknown key `comand`
     --> ~/.local/state/i3pm-layout/edit-[PID]/daily.yaml:5:51
      |
    5 |       - { id: shell, swallow: { class: ^XTerm$ }, comand: urxvt }
      |                                                   ^^^^^^
    hint: did you mean `command`?

    error: ~/.config/i3pm-layout/layouts/daily.yaml was not changed; the edited text is in ~/.local/state/i3pm-layout/edit-[PID]/daily.yaml
    hint: fix the mistakes, then run `i3pm-layout validate ~/.local/state/i3pm-layout/edit-[PID]/daily.yaml && cp ~/.local/state/i3pm-layout/edit-[PID]/daily.yaml ~/.config/i3pm-layout/layouts/daily.yaml`
    [exit 2]
    ");
    assert_eq!(read(&path), good);
    let failed = home.transcript(home.command(&["edit", "daily"]).env("VISUAL", "false"));
    assert_snapshot!(failed, @"
    note: an earlier edit was not saved; its text is in ~/.local/state/i3pm-layout/edit-[PID]/daily.yaml
    error: there is no terminal, and the editor `false` failed (exit status: 1)
    hint: run `i3-sensible-terminal -e i3pm-layout edit daily`, or set VISUAL to a graphical editor, for example `export VISUAL='gvim -f'`
    [exit 2]
    ");
}

#[test]
fn editor_that_needs_a_terminal_is_not_started_without_one() {
    let home = Home::new();
    home.layout("daily");
    let editor = home.editor("s/xterm/urxvt/");
    let folder = std::path::Path::new(&editor)
        .parent()
        .expect("it has a parent");
    let mut command = home.command(&["edit", "daily"]);
    // `editor` is in the list of editors that need a terminal.
    let printed = home.transcript(command.env("PATH", folder));
    assert_snapshot!(printed, @"
    error: there is no terminal for the editor `editor`
    hint: run `i3-sensible-terminal -e i3pm-layout edit daily`, or set VISUAL to a graphical editor, for example `export VISUAL='gvim -f'`
    [exit 2]
    ");
}

#[test]
fn text_that_cannot_be_saved_is_kept_and_offered() {
    let desktop = Desktop::new();
    desktop.open_window("editor");
    desktop.run(["capture", "t"]).success();
    let state = desktop.path().join("state/i3pm-layout");
    let copies = || {
        let entries = fs::read_dir(&state).expect("capture has created it");
        let names = entries.map(|entry| entry.expect("the folder can be read").path());
        let is_copy = |path: &PathBuf| path.to_string_lossy().contains("edit-");
        names.filter(is_copy).collect::<Vec<PathBuf>>()
    };
    // The editor replaces the folder of backups with a file, so the layout cannot be stored.
    let backups = state.join("backups");
    let script = format!(
        "#!/bin/sh\nsed -i 's/^version: 1/version: 1 # mine/' \"$1\"\nrm -rf {0}; touch {0}\n",
        backups.display()
    );
    let failing = desktop.write_executable("failing", &script);
    let edit = |editor: &PathBuf| desktop.command(["edit", "t"]).env("EDITOR", editor);
    edit(&failing)
        .run()
        .code(2)
        .has("was not changed; the edited text is in")
        .has("when the file can be written, run `cp ");
    assert!(!desktop.layout("t").contains("mine"));
    let [kept] = copies().try_into().expect("one text was kept");
    assert!(read(kept.join("t.yaml")).contains("# mine"));
    fs::remove_file(&backups).expect("the file is the test's own");
    // The next edit continues with the text.
    let nothing = desktop.write_executable("nothing", "#!/bin/sh\n");
    let offered = edit(&nothing).on_terminal().stdin("y\n").run().success();
    offered.has("Continue with it? [Y/n]");
    assert!(desktop.layout("t").contains("# mine"));
    assert!(copies().is_empty());
    // A killed command leaves a copy, which is removed unless it has other text.
    let kill = desktop.write_executable("kill", "#!/bin/sh\nkill -9 $PPID\n");
    for _ in 0..2 {
        assert!(!edit(&kill).run().transcript().is_empty());
        assert_eq!(copies().len(), 1);
    }
    edit(&nothing).run().success().lacks("earlier edit");
    assert!(copies().is_empty());
}

#[test]
fn hint_after_a_failed_edit_is_a_working_command() {
    let home = Home::new();
    // A name that needs quoting in a shell, and a link that must not be replaced by a file.
    let real = home.layout("real");
    let file = home.path("my daily's.yaml");
    std::os::unix::fs::symlink(&real, &file).expect("the file is writable");
    let editor = home.editor("s/command/comand/");
    let mut edit = home.command(&["edit", "./my daily's.yaml"]);
    let output = edit
        .env("EDITOR", editor)
        .output()
        .expect("the program is built");
    let printed = String::from_utf8(output.stderr).expect("the text is UTF-8");
    let hint = printed.lines().last().expect(&printed);
    let command = hint.split('`').nth(1).expect(&printed);
    let program = PathBuf::from(env!("CARGO_BIN_EXE_i3pm-layout"));
    let bin = program.parent().expect("the path has a parent");
    let run = || {
        let path = std::env::var("PATH").unwrap_or_default();
        std::process::Command::new("sh")
            .args(["-c", command])
            .current_dir(home.path(""))
            .env("HOME", home.path(""))
            .env("PATH", format!("{}:{path}", bin.display()))
            .output()
            .expect("a shell is installed")
    };
    // Nothing is copied while the file is still invalid.
    assert_eq!(run().status.code(), Some(1));
    assert!(read(&real).contains("command"));
    let kept = shell_words::split(command).expect(command).remove(2);
    let text = read(&kept);
    let fixed = text.replace("comand", "command").replace("xterm", "urxvt");
    fs::write(&kept, fixed).expect("the file is writable");
    assert_eq!(run().status.code(), Some(0), "{command}");
    assert!(read(&real).contains("urxvt"));
    assert!(file.is_symlink());
}

#[test]
fn schema_path_is_valid_from_the_layout_and_from_the_edited_copy() {
    let desktop = Desktop::new();
    desktop.open_window("editor");
    let home = desktop.path().join("home");
    for (name, file, line) in [
        (
            "daily",
            desktop.layout_path("daily"),
            Some("../layout-v1.schema.json"),
        ),
        (
            "work/day",
            desktop.layout_path("work/day"),
            Some("../../layout-v1.schema.json"),
        ),
        // A file that is neither in the store nor below the home directory.
        ("../else.yaml", desktop.path().join("else.yaml"), None),
    ] {
        desktop
            .command(["capture", name])
            .directory(&home)
            .run()
            .success();
        let text = read(&file);
        let named = text
            .lines()
            .next()
            .and_then(|first| first.strip_prefix("# yaml-language-server: $schema="));
        assert_eq!(named, line, "{text}");
        let Some(line) = line else { continue };
        let folder = file.parent().expect("the path has a parent");
        assert!(folder.join(line).is_file(), "{name}");
        // The editor resolves the path relative to the copy.
        let editor = desktop.write_executable(
            "editor",
            &format!("#!/bin/sh\ncp \"$(dirname \"$1\")/{line}\" \"$HOME/found\"\n"),
        );
        let edit = desktop.command(["edit", name]).env("EDITOR", &editor);
        edit.run().success();
        let found = home.join("found");
        let schema = read(&found);
        assert!(schema.contains("\"$defs\""));
        fs::remove_file(found).expect("the file is writable");
    }
}
