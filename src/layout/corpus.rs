//! Tests with layout files: the examples, valid files, and an invalid file for each rule
//! with its message.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proptest::prelude::*;

use super::{Format, Layout, WriteOptions, read, read_bytes, write};
use crate::document::agreement;
use crate::ui::Paint;
use crate::ui::diagnostic::{to_json, to_text};

type Outcome = Result<(), Box<dyn Error>>;

fn files(folder: &str) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if crate::store::is_layout_file(&path) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// Run with `UPDATE_EXPECTED=1` to update the messages, and review them.
#[test]
fn each_invalid_file_has_its_message() -> Outcome {
    let mut stale = Vec::new();
    for path in files("tests/data/layouts/invalid")? {
        let text = std::fs::read_to_string(&path)?;
        let rendered = match read(&text, &name(&path), Format::of_path(&path)) {
            Ok(_) => "this file is valid\n".to_owned(),
            Err(problems) => to_text(&problems, Paint(false)),
        };
        let mut expected = path.clone().into_os_string();
        expected.push(".expected");
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            std::fs::write(&expected, &rendered)?;
        }
        if std::fs::read_to_string(&expected).unwrap_or_default() != rendered {
            stale.push(format!("{}:\n{rendered}", name(&path)));
        }
    }
    assert!(
        stale.is_empty(),
        "unexpected messages:\n{}",
        stale.join("\n")
    );
    Ok(())
}

/// Anything that compares each problem with each other would take minutes.
#[test]
fn only_the_first_problems_are_listed() {
    let entries = "  - { nme: w, output: DP-1 }\n".repeat(30_000);
    let text = format!("version: 1\nworkspaces:\n{entries}");
    let problems = read(&text, "many.yaml", Format::Yaml).unwrap_err();
    assert_eq!(problems.list.len(), 100);
    let rendered = to_text(&problems, Paint(false));
    assert!(rendered.contains("many.yaml:102:7"), "{rendered}");
    assert!(
        rendered.ends_with("\nnote: 29900 more errors are not shown\n"),
        "{rendered}"
    );
}

#[test]
fn examples_and_valid_files_are_read_fit_the_schema_and_round_trip() -> Outcome {
    let validator = agreement::validator::<Layout>();
    let mut paths = files("layouts/examples")?;
    assert!(paths.len() >= 5, "{paths:?}");
    paths.extend(files("tests/data/layouts/valid")?);
    for path in paths {
        let text = std::fs::read_to_string(&path)?;
        let format = Format::of_path(&path);
        let layout = read(&text, &name(&path), format)?;
        let value = format
            .compose(&text)
            .map_err(|error| error.message)?
            .to_value();
        if let Err(error) = validator.validate(&value) {
            return Err(format!("{}: {error}", path.display()).into());
        }
        for format in [Format::Yaml, Format::Json] {
            let written = write(&layout, format, &WriteOptions::default());
            let again = read(&written, "written", format)?;
            assert_eq!(again, layout, "{}", path.display());
        }
    }
    Ok(())
}

#[test]
fn each_example_is_named_in_their_readme() -> Outcome {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("layouts/examples");
    let readme = std::fs::read_to_string(folder.join("README.md"))?;
    for path in files("layouts/examples")? {
        assert!(readme.contains(&name(&path)), "{}", path.display());
    }
    Ok(())
}

#[test]
fn the_schema_and_the_reader_agree_on_all_files() -> Outcome {
    let validator = agreement::validator::<Layout>();
    for folder in [
        "layouts/examples",
        "tests/data/layouts/valid",
        "tests/data/layouts/invalid",
    ] {
        for path in files(folder)? {
            let text = std::fs::read_to_string(&path)?;
            agreement::check::<Layout>(&validator, &text, Format::of_path(&path))
                .map_err(|error| format!("{}: {error}", path.display()))?;
        }
    }
    Ok(())
}

#[test]
fn deep_trees_are_read_or_refused() {
    for (levels, is_read) in [(40, true), (60, false), (5000, false)] {
        let (open, close) = ("{ nodes: [".repeat(levels), "] }".repeat(levels));
        let text = format!(
            "version: 1\nworkspaces: [{{ name: a, nodes: [{open}{{ command: x }}{close}] }}]\n"
        );
        assert_eq!(
            read(&text, "deep", Format::Yaml).is_ok(),
            is_read,
            "{levels}"
        );
        let text = text
            .replace("nodes", "\"nodes\"")
            .replace("version: 1\nworkspaces", "{\"version\": 1, \"workspaces\"");
        let text = text
            .replace("name: a", "\"name\": \"a\"")
            .replace("command: x", "\"command\": \"x\"");
        assert_eq!(
            read(&(text + "}"), "deep", Format::Json).is_ok(),
            is_read,
            "{levels}"
        );
    }
}

/// Reads any bytes without a panic.
fn survives(bytes: &[u8]) {
    for format in [Format::Yaml, Format::Json] {
        if let Err(problems) = read_bytes(bytes, "mutant", format) {
            assert!(!problems.list.is_empty());
            to_text(&problems, Paint(true));
            to_json(&problems);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        survives(&bytes);
    }

    #[test]
    fn yaml_like_noise_is_read_or_refused(text in "[a-z0-9 \n\t:,#&*!|>'\"%@{}\\[\\]?<~.-]{0,80}") {
        survives(text.as_bytes());
        survives(format!("version: 1\nworkspaces:\n  - name: a\n    nodes: {text}").as_bytes());
    }

    #[test]
    fn the_schema_and_the_reader_agree(value in agreement::nearly::<Layout>(&KEYS)) {
        let validator = &*VALIDATOR;
        let text = value.to_string();
        agreement::check::<Layout>(validator, &text, Format::Json)?;
        agreement::check::<Layout>(validator, &text, Format::Yaml)?;
    }

    #[test]
    fn mutated_files_are_read_or_refused(
        file in any::<prop::sample::Index>(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0usize..20, "[a-z{}\\[\\]:,\"'\n \u{1F980}-]{0,4}"), 1..4),
    ) {
        let mut all = files("tests/data/layouts/invalid").unwrap_or_default();
        all.extend(files("tests/data/layouts/valid").unwrap_or_default());
        let mut bytes = std::fs::read(file.get(&all)).unwrap_or_default();
        for (at, length, insert) in cuts {
            let at = at.index(bytes.len() + 1);
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, insert.into_bytes());
        }
        survives(&bytes);
        if let Ok(text) = std::str::from_utf8(&bytes) {
            agreement::check::<Layout>(&VALIDATOR, text, Format::Yaml)?;
        }
    }
}

static VALIDATOR: LazyLock<jsonschema::Validator> = LazyLock::new(agreement::validator::<Layout>);

/// The keys of all objects of a layout, and an unknown key.
const KEYS: [&str; 36] = [
    "output",
    "rect",
    "primary",
    "name",
    "layout",
    "gaps",
    "visible",
    "nodes",
    "floating",
    "focus_order",
    "inner",
    "outer",
    "top",
    "left",
    "id",
    "swallow",
    "command",
    "cwd",
    "env",
    "timeout",
    "optional",
    "percent",
    "scratchpad",
    "marks",
    "border",
    "title_format",
    "title_window_icon",
    "fullscreen",
    "sticky",
    "focused",
    "seen",
    "class",
    "title",
    "source",
    "process",
    "xyzzy",
];
