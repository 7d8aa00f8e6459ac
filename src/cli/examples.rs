//! The example layouts, which are part of the program. Pure.

use super::context::Loaded;
use crate::layout::{Format, Problems, read};

/// An example layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Example {
    /// Its name.
    pub(super) name: &'static str,
    /// Its file.
    pub(super) text: &'static str,
}

/// The examples, the simplest first.
const ALL: [Example; 5] = [
    Example {
        name: "editor-and-terminal",
        text: include_str!("../../layouts/examples/editor-and-terminal.yaml"),
    },
    Example {
        name: "browser-and-chat",
        text: include_str!("../../layouts/examples/browser-and-chat.yaml"),
    },
    Example {
        name: "dropdown-terminal",
        text: include_str!("../../layouts/examples/dropdown-terminal.yaml"),
    },
    Example {
        name: "three-workspaces",
        text: include_str!("../../layouts/examples/three-workspaces.yaml"),
    },
    Example {
        name: "two-monitors",
        text: include_str!("../../layouts/examples/two-monitors.yaml"),
    },
];

/// All examples.
pub(super) fn all() -> impl Iterator<Item = Example> {
    ALL.into_iter()
}

/// The example with this name.
pub(super) fn find(name: &str) -> Option<Example> {
    all().find(|one| one.name == name)
}

impl Example {
    /// The first sentence of the comment at the start of the file, without its full stop.
    pub(super) fn description(self) -> String {
        let comment = self.text.lines().map_while(|line| line.strip_prefix('#'));
        let comment = comment.map(str::trim).take_while(|line| !line.is_empty());
        let comment = comment.collect::<Vec<&str>>().join(" ");
        let sentence = comment.split(". ").next().unwrap_or_default();
        sentence.trim_end_matches('.').to_owned()
    }

    /// The layout.
    pub(super) fn load(self) -> Result<Loaded, Problems> {
        read(self.text, self.name, Format::Yaml).map(Loaded::without_file)
    }
}

/// The examples with their descriptions, one line each.
pub(super) fn list() -> String {
    let width = all().map(|one| one.name.len()).max().unwrap_or_default();
    let lines = all().map(|one| format!("  {:width$}  {}\n", one.name, one.description()));
    lines.collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_example_is_known() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("layouts/examples");
        let files = std::fs::read_dir(folder).unwrap().flatten();
        let files = files.filter_map(|file| {
            let name = file.file_name().into_string().unwrap();
            name.strip_suffix(".yaml").map(str::to_owned)
        });
        let mut files: Vec<String> = files.collect();
        let mut known: Vec<&str> = all().map(|one| one.name).collect();
        files.sort();
        known.sort_unstable();
        assert_eq!(files, known);
    }

    #[test]
    fn descriptions_are_sentences() {
        for example in all() {
            let description = example.description();
            assert!(description.contains(' '), "{description}");
            assert!(description.len() < 90, "{description}");
            assert!(example.load().is_ok());
        }
        let first = find("three-workspaces").unwrap().description();
        assert_eq!(first, "A development desktop on three workspaces");
    }
}
