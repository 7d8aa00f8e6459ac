//! Layouts of other tools: files in the form in which the tools write them, and files of a real
//! desktop.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use i3pm_layout::config::Rules;
use i3pm_layout::discover::Machine;
use i3pm_layout::discover::desktop_file::DesktopFile;
use i3pm_layout::import::{
    File, Folder, Imported, Surroundings, Tool, companions, import, is_of_interest,
};
use i3pm_layout::layout::{Format, WriteOptions, check, read, write};
use i3pm_layout::live::Defaults;
use i3pm_layout::ui::Paint;
use i3pm_layout::ui::import::{notes, summary};

mod desktop;

/// A machine with some desktop entries.
struct Installed;

impl Machine for Installed {
    fn home(&self) -> Option<&Path> {
        Some(Path::new("/home/ada"))
    }

    fn find(&self, name: &str) -> Option<PathBuf> {
        Some(Path::new("/usr/bin").join(name))
    }

    fn is_named(&self, name: &str, file: &Path) -> bool {
        self.find(name).as_deref() == Some(file)
    }

    fn desktop_files(&self) -> &[DesktopFile] {
        static ENTRIES: OnceLock<Vec<DesktopFile>> = OnceLock::new();
        ENTRIES.get_or_init(|| {
            let entry = |(id, exec, class): (&str, &str, &str)| {
                let text =
                    format!("[Desktop Entry]\nName=x\nExec={exec}\nStartupWMClass={class}\n");
                DesktopFile::parse(id, text.as_bytes())
                    .expect("the entry is valid")
                    .0
            };
            [
                ("debian-xterm", "xterm", "XTerm"),
                ("pavucontrol", "pavucontrol", "pavucontrol"),
                ("editor", "editor %F", "Editor"),
                ("editor-new", "editor --new", "Editor"),
            ]
            .map(entry)
            .into()
        })
    }
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/import")
}

/// The files of a folder with a prefix for their names.
fn files(folder: &Path, prefix: &str) -> Vec<File> {
    let entries = fs::read_dir(folder).expect("the folder exists").flatten();
    let mut files: Vec<File> = entries
        .filter(|entry| entry.path().is_file())
        .map(|entry| {
            let name = entry.file_name().into_string().expect("the name is UTF-8");
            File {
                name: format!("{prefix}{name}"),
                origin: format!("{prefix}{name}"),
                bytes: fs::read(entry.path()).expect("the file can be read"),
            }
        })
        .collect();
    files.sort_by(|one, other| one.name.cmp(&other.name));
    files
}

/// A folder, or one of its files with those that may belong to it.
fn folder(name: &str, chosen: Option<&str>) -> Folder {
    let path = data().join(name);
    let mut all = files(&path, "");
    if path.join("profiles").is_dir() && chosen.is_none() {
        all.extend(files(&path.join("profiles"), "profiles/"));
    }
    all.retain(|file| match chosen {
        Some(chosen) => file.name == chosen || companions(chosen, &file.name),
        None => is_of_interest(file.name.rsplit('/').next().unwrap_or_default()),
    });
    Folder {
        files: all,
        chosen: chosen.map(str::to_owned),
        is_of_profiles: name.ends_with("profiles"),
    }
}

fn imported(folder: &Folder, from: Option<Tool>) -> Result<Vec<Imported>, String> {
    let rules = Rules::default();
    let surroundings = Surroundings {
        machine: &Installed,
        rules: &rules,
        defaults: Defaults::default(),
        saves_titles: true,
    };
    let all = import(folder, from, &[], surroundings).map_err(|problems| problems.to_string())?;
    for one in &all {
        check(&one.layout, &one.name).unwrap_or_else(|problems| panic!("{problems}"));
    }
    Ok(all)
}

/// The layout and the report.
fn text(imported: &Imported) -> String {
    let options = WriteOptions {
        comments: imported.comments.clone(),
        ..WriteOptions::default()
    };
    let text = write(&imported.layout, Format::Yaml, &options);
    let again = read(&text, "again", Format::Yaml).expect("the layout is valid");
    assert_eq!(again, imported.layout);
    format!(
        "# {}\n{text}\n{}\n{}",
        imported.name,
        summary(imported, ""),
        notes(imported, Paint(false))
    )
}

/// Run with `UPDATE_EXPECTED=1` to update the results, and review them.
#[test]
fn files_of_each_tool_give_the_expected_layouts() {
    let mut problems = Vec::new();
    for (name, chosen, from) in [
        ("i3-save-tree", Some("workspace-1.json"), None),
        ("i3-save-tree", Some("output.json"), None),
        ("i3-save-tree", Some("get_tree.json"), None),
        ("i3-resurrect", None, None),
        ("i3-resurrect", Some("workspace_1code_programs.json"), None),
        ("i3-resurrect-1.3", None, None),
        ("i3-layout-manager", None, None),
        ("i3-restore", None, None),
        ("i3-restore", Some("workspace_1_DP-1_layout.json"), None),
        ("repairs", Some("hand-written.json"), None),
    ] {
        let tool = from.map_or("", Tool::as_str);
        let found = imported(&folder(name, chosen), from)
            .unwrap_or_else(|error| panic!("{name} {chosen:?} {tool}: {error}"));
        let texts: Vec<String> = found.iter().map(text).collect();
        let texts = texts.join("\n");
        let path = data().join(match chosen {
            Some(chosen) => format!("{name}-{chosen}.expected"),
            None => format!("{name}.expected"),
        });
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            fs::write(&path, &texts).expect("the file can be written");
        }
        if fs::read_to_string(&path).unwrap_or_default() != texts {
            problems.push(format!("{}:\n{texts}", path.display()));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn programs_without_a_tree_are_side_by_side() {
    for (name, text) in [
        (
            "workspace_3_programs.json",
            r#"[{"command": "xterm -e 'a b'", "working_directory": "/tmp"}, {"command": ["gimp"]}]"#,
        ),
        (
            "workspace_3_programs.sh",
            "#!/usr/bin/env bash\n[[ $1 == 0 ]] && cd \"/tmp\" && xterm -e 'a b'\n\
             [[ $1 == 1 ]] && cd \"/home/ada\" && gimp\n",
        ),
    ] {
        let folder = Folder {
            files: vec![File {
                name: name.to_owned(),
                origin: name.to_owned(),
                bytes: text.as_bytes().to_vec(),
            }],
            chosen: Some(name.to_owned()),
            is_of_profiles: false,
        };
        let found = imported(&folder, None).expect("the file is valid");
        let text = text_of_only(&found);
        let expected = "workspaces:\n  - name: \"3\"\n    nodes:\n      \
            - { id: a, command: xterm -e 'a b', cwd: /tmp }\n      \
            - { id: gimp, command: gimp }\nfocus: \"3\"\n";
        assert!(text.contains(expected), "{text}");
        assert!(text.contains("put the windows side by side"), "{text}");
    }
}

#[test]
fn volatile_roles_and_commands_for_other_instances_are_left_out() {
    let text = r#"
        { "swallows": [{ "class": "^Gvim$", "window_role": "^vim-21014-2517380458-1796034628$" }] }
        { "swallows": [{ "class": "^Gimp$", "window_role": "^gimp-toolbox$" }] }
        { "swallows": [{ "class": "^XTerm$", "instance": "^log$" }] }
        { "swallows": [{ "class": "^XTerm$", "instance": "^xterm$" }] }
    "#;
    let folder = Folder {
        files: vec![File {
            name: "workspace-1.json".to_owned(),
            origin: "workspace-1.json".to_owned(),
            bytes: text.as_bytes().to_vec(),
        }],
        chosen: Some("workspace-1.json".to_owned()),
        is_of_profiles: false,
    };
    let text = text_of_only(&imported(&folder, None).expect("the file is valid"));
    for line in [
        "{ id: gvim, swallow: { class: ^Gvim$ } }",
        "{ id: gimp, swallow: { class: ^Gimp$, window_role: ^gimp-toolbox$ } }",
        "{ id: log, swallow: { class: ^XTerm$, instance: ^log$ } }",
        "{ id: xterm, swallow: { class: ^XTerm$, instance: ^xterm$ }, command: xterm }",
    ] {
        assert!(text.contains(line), "{line} is not in:\n{text}");
    }
    assert!(
        text.contains("left `window_role` out of `swallow`"),
        "{text}"
    );
}

#[track_caller]
fn text_of_only(found: &[Imported]) -> String {
    let [only] = found else {
        panic!("{} layouts", found.len());
    };
    text(only)
}

#[test]
fn a_file_of_one_tool_can_be_read_as_that_of_another_if_they_do_not_differ() {
    for (name, chosen, is_own) in [
        ("i3-save-tree", "workspace-1.json", false),
        ("i3-resurrect", "workspace_1code_layout.json", true),
        ("i3-layout-manager", "layout-DEV_BOX.json", true),
        ("i3-restore", "workspace_1_DP-1_layout.json", false),
    ] {
        for from in Tool::ALL {
            let found = imported(&folder(name, Some(chosen)), Some(from));
            if is_own && from.as_str() != name {
                let error = found.expect_err("the file is of another tool");
                assert!(error.contains(&format!("a file of {name}")), "{error}");
                continue;
            }
            let found = found.unwrap_or_else(|error| panic!("{name} as {from}: {error}"));
            let windows: Vec<usize> = found.iter().map(|one| one.layout.window_count()).collect();
            let expected = if name == "i3-layout-manager" { 3 } else { 4 };
            assert_eq!(windows, [expected], "{name} as {from}");
        }
    }
}

#[test]
fn a_bad_file_is_one_error_with_its_place() {
    for (text, expected) in [
        ("{\"type\": \"con\"\n \"nodes\": [ }", "invalid JSON"),
        ("[[[", "unexpected end of file"),
        ("{\"a\": 1}", "a file without windows"),
        ("// vim:ts=4:sw=4:et\n", "a file without windows"),
        ("", "a file without windows"),
        ("[{\"command\": 5}]", "expected a command"),
        ("[{\"command\": \"a 'b\"}]", "missing closing quote"),
        ("version: 1\nworkspaces: []\n", "a layout of i3pm-layout"),
        ("set $mod Mod4\n", "no JSON"),
        ("\u{fffd}", "no JSON"),
    ] {
        let folder = Folder {
            files: vec![File {
                name: "f.json".to_owned(),
                origin: "f.json".to_owned(),
                bytes: text.as_bytes().to_vec(),
            }],
            chosen: Some("f.json".to_owned()),
            is_of_profiles: false,
        };
        let error = imported(&folder, None).expect_err("the file is invalid");
        assert!(error.contains(expected), "{text}: {error}");
    }
}
