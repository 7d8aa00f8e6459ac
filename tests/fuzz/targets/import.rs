//! Layouts of other tools.

use i3pm_layout::config::Rules;
use i3pm_layout::discover::Machine;
use i3pm_layout::import::{File, Folder, Imported, Surroundings, Tool, import as read_all};
use i3pm_layout::layout::{Format, WriteOptions, check, read, write};
use i3pm_layout::live::Defaults;
use i3pm_layout::ui::Paint;
use i3pm_layout::ui::diagnostic::{to_json, to_line, to_text};
use i3pm_layout::ui::import::{notes, summary};

/// A machine of which nothing is known.
struct Unknown;

impl Machine for Unknown {}

/// A tree with windows for programs.
const TREE: &str = r#"{"type": "workspace", "name": "1", "scratchpad_state": "none", "nodes": [
    {"swallows": [{"class": "^XTerm$"}], "name": "a"},
    {"swallows": [{"class": "^XTerm$"}], "name": "b"},
    {"swallows": [{"class": "^Gimp$"}], "name": "c"}
]}"#;

/// A file of any tool, and the same as a file of one tool, as programs or as a script.
pub(super) fn import(bytes: &[u8]) {
    run(&[("f.json", bytes)], Some("f.json"), None);
    let tree = TREE.as_bytes();
    let (resurrect, restore) = ("workspace_1_layout.json", "workspace_1_DP-1_layout.json");
    match bytes.len() % 8 {
        0 => run(
            &[(resurrect, tree), ("workspace_1_programs.json", bytes)],
            None,
            None,
        ),
        1 => run(
            &[(restore, tree), ("workspace_1_programs.sh", bytes)],
            None,
            None,
        ),
        2 => run(&[(restore, tree), ("web_browsers.sh", bytes)], None, None),
        3 => run(&[("workspace_1_programs.sh", bytes)], None, None),
        other => run(
            &[("f.json", bytes)],
            Some("f.json"),
            Some(Tool::ALL[other - 4]),
        ),
    }
}

fn run(files: &[(&str, &[u8])], chosen: Option<&str>, from: Option<Tool>) {
    let files = files.iter().map(|(name, bytes)| File {
        name: (*name).to_owned(),
        origin: (*name).to_owned(),
        bytes: bytes.to_vec(),
    });
    let folder = Folder {
        files: files.collect(),
        chosen: chosen.map(str::to_owned),
        is_of_profiles: false,
    };
    let rules = Rules::default();
    let surroundings = Surroundings {
        machine: &Unknown,
        rules: &rules,
        defaults: Defaults::default(),
        saves_titles: true,
    };
    match read_all(&folder, from, &[], surroundings) {
        Ok(all) => all.iter().for_each(valid),
        Err(problems) => {
            to_text(&problems, Paint(true));
            to_json(&problems);
            to_line(&problems);
        }
    }
}

/// Fails unless the layout is valid and is read as it was written.
fn valid(imported: &Imported) {
    summary(imported, "");
    notes(imported, Paint(true));
    let options = WriteOptions {
        comments: imported.comments.clone(),
        ..WriteOptions::default()
    };
    let text = write(&imported.layout, Format::Yaml, &options);
    check(&imported.layout, "import")
        .unwrap_or_else(|problems| panic!("{}\n{text}", to_line(&problems)));
    let again = read(&text, "again", Format::Yaml);
    let again = again.unwrap_or_else(|problems| panic!("{}\n{text}", to_line(&problems)));
    assert_eq!(again, imported.layout, "{text}");
}
