//! `import` on the command line. The files of each tool are in `tests/import.rs`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use insta::assert_snapshot;

use super::{Home, read};

/// A file of i3-save-tree with one window.
const FILE: &str = r#"// vim:ts=4:sw=4:et
{
    "name": "notes",
    "percent": 0.5,
    "swallows": [
       {
       // "class": "^Nothing\\-installed$"
       }
    ],
    "type": "con"
}
"#;

#[test]
fn import_writes_a_layout_and_reports() {
    let home = Home::new();
    home.write("workspace-7.json", FILE);
    assert_snapshot!(home.run(&["import", "workspace-7.json"]), @"
    imported 1 window on 1 workspace from workspace-7.json (format of i3-save-tree) to ~/.config/i3pm-layout/layouts/workspace-7.yaml
    commands: 0 from the files, 0 guessed, 1 missing
    Guessed
      nothing-installed: used the criteria in the comments, because no other is in force (line 2)
      called the workspace `7` after the file; `--workspace NAME` gives another name
    To fill in or check
      nothing-installed: no command: no desktop entry and no rule is for its class
    note: run `i3pm-layout edit workspace-7` to fill in the rest, then `i3pm-layout apply workspace-7`
    [exit 0]
    ");
    assert_snapshot!(read(home.path(".config/i3pm-layout/layouts/workspace-7.yaml")), @r#"
    # yaml-language-server: $schema=../layout-v1.schema.json
    version: 1
    workspaces:
      - name: "7"
        nodes:
          # no command: add `command`, which starts the program
          - { id: nothing-installed, swallow: { class: ^Nothing-installed$ } }
    focus: "7"
    "#);
    // The same content is no obstacle, another one is.
    let again = home.run(&["import", "workspace-7.json"]);
    assert!(again.ends_with("[exit 0]"), "{again}");
    home.write(
        ".config/i3pm-layout/layouts/workspace-7.yaml",
        "version: 1\n",
    );
    assert_snapshot!(home.run(&["import", "workspace-7.json"]), @"
    error: ~/.config/i3pm-layout/layouts/workspace-7.yaml exists and was not overwritten
    hint: pass `--force` to replace it, or name the layout: `i3pm-layout import workspace-7.json NAME`
    [exit 2]
    ");
    assert_eq!(
        read(home.path(".config/i3pm-layout/layouts/workspace-7.yaml")),
        "version: 1\n"
    );
    let forced = home.run(&["import", "--force", "workspace-7.json"]);
    assert!(forced.ends_with("[exit 0]"), "{forced}");
    let reverted = home.run(&["revert", "workspace-7", "last"]);
    assert!(reverted.ends_with("[exit 0]"), "{reverted}");
    assert_eq!(
        read(home.path(".config/i3pm-layout/layouts/workspace-7.yaml")),
        "version: 1\n"
    );
}

#[test]
fn names_and_targets_can_be_given() {
    let home = Home::new();
    home.write("a/x.json", FILE);
    let dry = home.run(&["import", "a/x.json", "--dry-run", "--workspace", "3: mail"]);
    assert!(dry.contains("- name: \"3: mail\"\n"), "{dry}");
    assert!(!dry.contains("called the workspace"), "{dry}");
    assert!(!home.path(".config").exists());
    let output = home.output(&["import", "a/x.json", "-"]);
    assert!(output.stdout.starts_with(b"version: 1\n"));
    let named = home.run(&["import", "a/x.json", "./b.json"]);
    assert!(named.ends_with("[exit 0]"), "{named}");
    let json: serde_json::Value = serde_json::from_str(&read(home.path("b.json"))).unwrap();
    assert_eq!(json["workspaces"][0]["name"], "x");
    let piped = home
        .command(&["import", "-", "piped", "--json"])
        .write_stdin(FILE)
        .output()
        .expect("the program is built");
    let report: serde_json::Value =
        serde_json::from_slice(&piped.stdout).expect("the output is JSON");
    let layout = &report["layouts"][0];
    assert_eq!(layout["name"], "piped");
    assert_eq!(layout["format"], "i3-save-tree");
    assert_eq!(layout["commands"]["missing"], 1);
    assert_eq!(layout["notes"][0]["kind"], "guessed");
    assert_eq!(layout["notes"][0]["line"], 2);
}

#[test]
fn files_of_other_users_are_named() {
    let home = Home::new();
    let path = home.write("x.json", FILE);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).expect("the file is writable");
    let imported = home.run(&["import", "x.json"]);
    assert!(imported.starts_with("warning: x.json: "), "{imported}");
    assert!(
        imported.contains("check the commands of the layout"),
        "{imported}"
    );
    assert!(imported.ends_with("[exit 0]"), "{imported}");
}

#[test]
fn a_name_is_that_of_the_workspaces_of_a_folder() {
    let home = Home::new();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/import/i3-resurrect");
    let folder = data.to_str().expect("the path is UTF-8");
    let imported = home.run(&["import", folder, "desk"]);
    assert!(imported.ends_with("[exit 0]"), "{imported}");
    for name in ["desk", "work"] {
        let text = read(home.path(&format!(".config/i3pm-layout/layouts/{name}.yaml")));
        assert!(text.contains("- name: \"1:code\""), "{text}");
    }
    // Nothing is written if one of the layouts exists.
    home.write(".config/i3pm-layout/layouts/work.yaml", "version: 1\n");
    let again = home.run(&["import", folder, "other"]);
    assert!(
        again.contains("work.yaml exists and was not overwritten"),
        "{again}"
    );
    assert!(!home.path(".config/i3pm-layout/layouts/other.yaml").exists());
}

#[test]
fn bad_arguments_and_files_are_one_error() {
    let home = Home::new();
    home.write("a/x.json", FILE);
    home.write("a/y.json", FILE);
    home.write("bad.json", "{\n  \"type\": \"con\",\n  \"nodes\": [ }\n");
    home.write("empty/notes.txt", "");
    assert_snapshot!(home.run(&["import", "bad.json"]), @r#"
    error: invalid JSON: expected value
     --> bad.json:3:14
      |
    3 |   "nodes": [ }
      |              ^
    [exit 2]
    "#);
    assert_snapshot!(home.run(&["import", "empty"]), @"
    error: empty has no file that can be imported
    hint: name the folder of i3-resurrect (~/.i3/i3-resurrect), i3-layout-manager (~/.config/i3-layout-manager/layouts) or i3-restore (~/.config/i3), or a single file
    [exit 2]
    ");
    assert_snapshot!(home.run(&["import", "a", "both"]), @"
    error: `both` cannot name 2 layouts (`x`, `y`)
    hint: leave the name out, or import the files one by one
    [exit 2]
    ");
    assert_snapshot!(home.run(&["import", "a/x.json", "--workspace", "1", "--workspace", "2"]), @"
    error: `--workspace` is given 2 times, but the number of workspaces is 1
    [exit 2]
    ");
    let missing = home.run(&["import", "none.json"]);
    assert!(
        missing.starts_with("error: none.json does not exist"),
        "{missing}"
    );
    assert!(!home.path(".config").exists());
    let both = home.run(&["import", "a"]);
    assert!(both.ends_with("[exit 0]"), "{both}");
    assert!(home.path(".config/i3pm-layout/layouts/y.yaml").exists());
}
