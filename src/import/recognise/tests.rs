use super::*;
use crate::import::files::{File, layout_name};
use crate::layout::names;

fn folder(files: &[(&str, &str)], chosen: Option<&str>) -> Folder {
    let files = files.iter().map(|(name, text)| File {
        name: (*name).to_owned(),
        origin: (*name).to_owned(),
        bytes: text.as_bytes().to_vec(),
    });
    Folder {
        files: files.collect(),
        chosen: chosen.map(str::to_owned),
        is_of_profiles: false,
    }
}

const CON: &str = r#"{"type": "con", "swallows": [{"class": "^A$"}]}"#;
const WORKSPACE: &str =
    r#"{"type": "workspace", "name": "1", "scratchpad_state": "none", "nodes": []}"#;
const PROGRAMS: &str = r#"[{"command": ["a"], "working_directory": "/"}]"#;

#[test]
fn files_are_recognised_by_content_and_name() {
    for (name, text, expected) in [
        ("a.json", CON, Tool::I3SaveTree),
        ("layout-A.json", CON, Tool::I3SaveTree),
        ("layout-A.json", "[{\"nodes\": []}]", Tool::I3LayoutManager),
        ("b", WORKSPACE, Tool::I3Resurrect),
        ("workspace_1_layout.json", WORKSPACE, Tool::I3Resurrect),
        ("workspace_1_layout.json", CON, Tool::I3Resurrect),
        ("workspace_1_DP-1_layout.json", CON, Tool::I3Restore),
        ("workspace_1_programs.sh", "", Tool::I3Restore),
        ("c.json", PROGRAMS, Tool::I3Resurrect),
    ] {
        let folder = folder(&[(name, text)], Some(name));
        assert_eq!(recognise(&folder).ok(), Some(expected), "{name}");
    }
}

#[test]
fn a_file_of_another_tool_than_the_named_one_is_refused() {
    const LIST: &str = r#"[{"nodes": []}]"#;
    let all = "i3-save-tree i3-resurrect i3-layout-manager i3-restore";
    for (name, text, accepted) in [
        // All tools write such trees.
        ("a.json", CON, all),
        ("workspace_1_layout.json", CON, all),
        ("b", WORKSPACE, "i3-resurrect"),
        ("workspace_1_layout.json", WORKSPACE, "i3-resurrect"),
        ("c.json", PROGRAMS, "i3-resurrect"),
        ("layout-A.json", LIST, "i3-layout-manager"),
        ("workspace_1_programs.sh", "", "i3-restore"),
    ] {
        let folder = folder(&[(name, text)], Some(name));
        for tool in Tool::ALL {
            let is_accepted = accepted.split(' ').any(|one| one == tool.as_str());
            let refused = match units(&folder, Some(tool)) {
                Ok(_) => String::new(),
                Err(problems) => problems.to_string(),
            };
            assert_eq!(refused.is_empty(), is_accepted, "{name} {tool}: {refused}");
            if !is_accepted {
                let expected = format!("this is a file of {accepted}, not a file of {tool}");
                assert!(refused.contains(&expected), "{refused}");
            }
        }
    }
    // In a folder, only the files that are read count.
    let files = [
        ("workspace_1_layout.json", WORKSPACE),
        ("workspace_1_programs.json", PROGRAMS),
    ];
    let folder = folder(&files, None);
    assert!(units(&folder, Some(Tool::I3Resurrect)).is_ok());
    assert!(units(&folder, Some(Tool::I3SaveTree)).is_err());
}

#[test]
fn folders_are_recognised_by_names() {
    for (names, expected) in [
        (
            &["workspace_1_layout.json", "workspace_1_programs.json"][..],
            Tool::I3Resurrect,
        ),
        (
            &["workspace_1_eDP-1_layout.json", "workspace_1_programs.sh"],
            Tool::I3Restore,
        ),
        (
            &["layout-A.json", "all-layouts.json"],
            Tool::I3LayoutManager,
        ),
        (&["a.json", "b.json"], Tool::I3SaveTree),
    ] {
        let files: Vec<(&str, &str)> = names.iter().map(|name| (*name, "")).collect();
        assert_eq!(
            recognise(&folder(&files, None)).ok(),
            Some(expected),
            "{names:?}"
        );
    }
}

#[test]
fn other_files_are_refused_with_their_kind() {
    for (text, expected) in [
        ("version: 1\nworkspaces: []\n", "a layout of i3pm-layout"),
        (
            "{\"version\": 1, \"workspaces\": []}",
            "a layout of i3pm-layout",
        ),
        ("bindsym x exec y\n", "no JSON"),
        ("{\"a\": \0}", "no JSON"),
    ] {
        let folder = folder(&[("f", text)], Some("f"));
        let problems = recognise(&folder).unwrap_err().to_string();
        assert!(
            problems.contains(&format!("this is {expected}")),
            "{problems}"
        );
    }
}

#[test]
fn names_of_layouts_are_valid() {
    for (text, expected) in [
        ("1: web", "1-web"),
        ("../x", "x"),
        ("büro", "büro"),
        ("", "imported"),
        ("///", "imported"),
        ("a.json", "a-json"),
    ] {
        assert_eq!(layout_name(text), expected);
    }
    assert!(names::refuse(&layout_name(&"ü".repeat(200))).is_none());
}

#[test]
fn companions_are_found_by_name() {
    for (name, other, expected) in [
        ("workspace_1_layout.json", "workspace_1_programs.json", true),
        (
            "workspace_1_layout.json",
            "workspace_2_programs.json",
            false,
        ),
        ("workspace_1_programs.json", "workspace_1_layout.json", true),
        (
            "workspace_1_DP-1_layout.json",
            "workspace_1_programs.sh",
            true,
        ),
        ("workspace_1_DP-1_layout.json", "web_browsers.sh", true),
        ("a.json", "b.json", false),
    ] {
        assert_eq!(companions(name, other), expected, "{name} {other}");
    }
}

#[test]
fn files_of_other_tools_in_the_folder_are_named() {
    let files = [
        ("workspace_1_layout.json", WORKSPACE),
        ("workspace_1_programs.json", PROGRAMS),
        ("mine.json", CON),
        ("notes.txt", ""),
    ];
    let folder = folder(&files, None);
    let units = units(&folder, None).unwrap_or_else(|problems| panic!("{problems}"));
    let notes: Vec<&About> = units
        .iter()
        .flat_map(|unit| &unit.notes)
        .map(|note| &note.about)
        .collect();
    assert_eq!(notes, [&About::File("mine.json".to_owned())]);
}
