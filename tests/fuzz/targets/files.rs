//! Files that people write: layouts and the configuration.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use i3pm_layout::config::model::Layer;
use i3pm_layout::config::{self, Config, edit};
use i3pm_layout::document::{Problems, encode};
use i3pm_layout::layout::comments::Comments;
use i3pm_layout::layout::{
    Format, Layout, Profile, ProfileMonitor, ProfileWorkspace, WriteOptions, includes, read,
    read_bytes, rewrite, write, yaml,
};
use i3pm_layout::live::Properties;
use i3pm_layout::ui::Paint;
use i3pm_layout::ui::diagnostic::{to_json, to_line, to_text};
use serde_json::Value;

use super::desktop::use_layout;

/// A layout in YAML.
pub(super) fn layout_yaml(bytes: &[u8]) {
    layout(bytes, Format::Yaml);
}

/// A layout in JSON.
pub(super) fn layout_json(bytes: &[u8]) {
    layout(bytes, Format::Json);
}

fn layout(bytes: &[u8], format: Format) {
    includes(bytes, format);
    match read_bytes(bytes, "layout", format) {
        Ok(layout) => {
            for format in [Format::Yaml, Format::Json] {
                let text = write(&layout, format, &WriteOptions::default());
                assert_same(&text, format, &layout);
                let again = write(&layout, format, &WriteOptions::default());
                assert_eq!(text, again);
            }
            let before = String::from_utf8_lossy(bytes);
            let text = rewrite(
                &layout,
                format,
                &before,
                &BTreeMap::new(),
                &BTreeMap::default(),
            );
            assert_same(&text, format, &layout);
            use_layout(&layout);
        }
        Err(problems) => print(&problems),
    }
}

fn assert_same(text: &str, format: Format, layout: &Layout) {
    let again = read(text, "again", format);
    let again = again.unwrap_or_else(|problems| panic!("{}\n{text}", to_line(&problems)));
    assert_eq!(again, *layout, "{text}");
}

fn print(problems: &Problems) {
    assert!(!problems.list.is_empty());
    to_text(problems, Paint(true));
    to_json(problems);
    to_line(problems);
}

/// A configuration file.
pub(super) fn config(bytes: &[u8]) {
    let read = |bytes: &[u8]| config::read::read(bytes, "config.yaml", Layer::User);
    let layered = match read(bytes) {
        Ok(layered) => layered,
        Err(problems) => return print(&problems),
    };
    let written = encode::object(&layered);
    let text = yaml::emit(&Value::Object(written.clone()), &Comments::default());
    let again = read(text.as_bytes());
    let again = again.unwrap_or_else(|problems| panic!("{}\n{text}", to_line(&problems)));
    assert_eq!(encode::object(&again), written, "{text}");

    let text = String::from_utf8_lossy(bytes);
    let profile = profile();
    if let Ok(edited) = edit::with_profile(&text, &profile, "config.yaml") {
        assert!(edit::is_generated(&edited, &profile), "{edited}");
        let mut other = profile;
        other.workspaces[0].visible = false;
        other.focus = None;
        edit::with_places(&edited, &other);
    }
    let files = vec![(PathBuf::from("config.yaml"), true)];
    if let Ok(config) = Config::new(vec![layered], files) {
        let properties = Properties {
            class: Some("Code".to_owned()),
            title: Some("a".repeat(100)),
            ..Properties::default()
        };
        config.rules.winner(&properties);
        config.rules.ignores(&properties);
        for project in config.projects.values() {
            project.value.path(Path::new("/home/me"));
        }
        for pattern in config.secret_regexes() {
            // Too much backtracking is an error.
            let _ = pattern.is_match("secret=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!".as_bytes());
        }
    }
}

fn profile() -> Profile {
    Profile {
        name: "fuzz".to_owned(),
        monitors: vec![ProfileMonitor {
            output: Some("eDP-1".to_owned()),
            ..ProfileMonitor::default()
        }],
        workspaces: vec![ProfileWorkspace {
            name: "1:a".to_owned(),
            output: "eDP-1".to_owned(),
            visible: true,
        }],
        focus: Some("1:a".to_owned()),
    }
}
