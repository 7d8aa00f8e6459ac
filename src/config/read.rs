//! Reading a configuration file.

use super::model::{ForegroundPrograms, Layer, Layered, Origin};
use crate::document::{self, Format, Problems};

/// Reads the text of a configuration file. `origin` is its name in messages.
pub fn read(bytes: &[u8], origin: &str, layer: Layer) -> Result<Layered, Problems> {
    if is_blank(bytes) {
        return Ok(Layered::default());
    }
    let mut layered: Layered = document::read_bytes(bytes, origin, Format::Yaml)?;
    for here in origins(&mut layered) {
        here.layer = layer;
        origin.clone_into(&mut here.file);
    }
    Ok(layered)
}

pub use crate::layout::is_configuration;

/// True if a file contains only comments, as left behind by users who disable all settings.
pub(super) fn is_blank(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    text.split(|&byte| byte == b'\n').all(|line| {
        let line = line.trim_ascii();
        line.is_empty() || line.starts_with(b"#") || line == b"---"
    })
}

/// Returns the origins of all values.
fn origins(layered: &mut Layered) -> impl Iterator<Item = &mut Origin> {
    let rules = layered.rules.iter_mut().map(|rule| &mut rule.origin);
    let projects = layered.projects.values_mut();
    let projects = projects.map(|project| &mut project.origin);
    let ForegroundPrograms { add, remove } = &mut layered.foreground_programs;
    let programs = add.iter_mut().chain(remove);
    let programs = programs.map(|program| &mut program.origin);
    let patterns = layered.secret_patterns.iter_mut();
    let patterns = patterns.map(|pattern| &mut pattern.origin);
    let profiles = layered.profiles.iter_mut();
    let profiles = profiles.map(|profile| &mut profile.origin);
    let history = layered.history.iter_mut();
    let history = history.map(|history| &mut history.origin);
    let seen = layered.seen.iter_mut();
    let seen = seen.map(|seen| &mut seen.origin);
    let hooks = layered.hooks.iter_mut().map(|hooks| &mut hooks.origin);
    let flags = layered.enforce.iter_mut().chain(&mut layered.forbid_trust);
    let flags = flags.chain(&mut layered.notify);
    let flags = flags.map(|flag| &mut flag.origin);
    let forbidden = layered.forbid.iter_mut();
    let forbidden = forbidden.map(|pattern| &mut pattern.origin);
    let others = projects.chain(programs).chain(profiles).chain(history);
    let others = others
        .chain(seen)
        .chain(hooks)
        .chain(flags)
        .chain(forbidden);
    rules.chain(others).chain(patterns)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::document::agreement;
    use crate::ui::Paint;
    use crate::ui::diagnostic::to_text;

    #[test]
    fn a_file_with_only_comments_is_empty() {
        for text in [
            "",
            "\n",
            "  \n\t\r\n",
            "# rules:\n\n  # - a\n",
            "\u{feff}---\n# a",
        ] {
            let layered = read(text.as_bytes(), "c.yaml", Layer::User);
            assert_eq!(
                layered.map(|layered| layered.rules.len()),
                Ok(0),
                "{text:?}"
            );
        }
        for text in ["# a\nrules: []\n", "-", "null", "\0"] {
            assert!(
                read(text.as_bytes(), "c.yaml", Layer::User).is_err(),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_misspelt_key_beside_the_right_one() {
        let text = "version: 1\nrules: []\nprojects: {}\nforeground_programs: {}\n\
                    secret_patterns: []\nprofiles: []\nhistory: {}\nseen: {}\nhooks: {}\nnotify: true\n\
                    enforce: false\nforbid: []\nforbid_trust: false\n";
        for (key, hint) in [
            ("rulez", "did you mean `rules`?"),
            ("xyzzy", "no other key is possible here"),
        ] {
            let text = format!("{text}{key}: []\n");
            let problems = read(text.as_bytes(), "c.yaml", Layer::User).unwrap_err();
            let text = to_text(&problems, Paint(false));
            assert!(text.contains(hint), "{text}");
        }
    }

    #[test]
    fn any_number_of_unknown_or_duplicate_keys_is_counted() {
        let unknown = (0..40_000).map(|number| format!("a{number}: 1\n"));
        let unknown: String = unknown.collect();
        let duplicate = "rules: []\n".repeat(40_001);
        for keys in [unknown, duplicate] {
            let text = format!("version: 1\n{keys}");
            let problems = read(text.as_bytes(), "c.yaml", Layer::User).unwrap_err();
            assert_eq!(problems.list.len(), 100);
            let shown = to_text(&problems, Paint(false));
            assert!(shown.contains("39900 more errors are not shown"), "{shown}");
        }
    }

    #[test]
    fn a_value_of_another_type_gets_an_example() {
        for (text, hint) in [
            (
                "projects:\n  nixos: ~/src\n",
                "write for example `nixos: { directory: ~/src/nixos }`",
            ),
            (
                "foreground_programs: [a]\n",
                "write for example `foreground_programs: { add: [ncmpcpp] }`",
            ),
            (
                "rules:\n  - ignore:true\n",
                "put a space after `:`: `ignore: true`",
            ),
            ("projects: [a]\n", "write for example `projects: {"),
        ] {
            let text = format!("version: 1\n{text}");
            let problems = read(text.as_bytes(), "c.yaml", Layer::User).unwrap_err();
            let text = to_text(&problems, Paint(false));
            assert!(text.contains(&format!("hint: {hint}")), "{text}");
        }
        let problems = read(b"rules\n", "c.yaml", Layer::User).unwrap_err();
        let text = to_text(&problems, Paint(false));
        assert!(
            text.ends_with("hint: begin the file with `version: 1`\n"),
            "{text}"
        );
    }

    #[test]
    fn all_values_have_an_origin() {
        let text = "version: 1\nrules:\n  - criteria: { class: ^A$ }\n    ignore: true\n\n  - { \
                    criteria: { title: x }, timeout: 5 }\nprojects:\n  p: { directory: ~/p \
                    }\nforeground_programs: { add: [a], remove:\n  - b }\nsecret_patterns: [c]\n";
        // A list in block style is not allowed in a map in flow style.
        assert!(read(text.as_bytes(), "c.yaml", Layer::User).is_err());
        let text = text.replace("remove:\n  - b }", "remove: [b] }");
        let layered = read(text.as_bytes(), "c.yaml", Layer::System).unwrap();
        let rules: Vec<String> = layered
            .rules
            .iter()
            .map(|rule| rule.origin.to_string())
            .collect();
        assert_eq!(rules, ["c.yaml:3", "c.yaml:6"]);
        assert_eq!(layered.projects["p"].origin.line, 8);
        assert_eq!(layered.foreground_programs.add[0].origin.line, 9);
        assert_eq!(layered.secret_patterns[0].origin.line, 10);
        assert_eq!(
            layered.foreground_programs.remove[0].origin.layer,
            Layer::System
        );
    }

    #[test]
    fn all_problems_are_reported_at_once() {
        const EXPECTED: &str = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/data/config/everything-at-once.yaml.expected"
        );
        let text = include_bytes!("../../tests/data/config/everything-at-once.yaml");
        let problems = read(text, "config.yaml", Layer::User).unwrap_err();
        let shown = to_text(&problems, Paint(false));
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            std::fs::write(EXPECTED, &shown).unwrap();
        }
        assert_eq!(shown, std::fs::read_to_string(EXPECTED).unwrap_or_default());
    }

    static VALIDATOR: LazyLock<jsonschema::Validator> =
        LazyLock::new(agreement::validator::<Layered>);

    /// The keys of all objects of a configuration, and some unknown keys.
    const KEYS: [&str; 20] = [
        "criteria",
        "class",
        "instance",
        "title",
        "window_role",
        "machine",
        "command",
        "cwd",
        "env",
        "swallow",
        "once_per_process",
        "ignore",
        "timeout",
        "scope",
        "enforce",
        "directory",
        "add",
        "remove",
        "p",
        "x=y",
    ];

    #[test]
    fn the_schema_and_the_reader_agree_on_all_files() {
        for file in [
            "rules/built-in.yaml",
            "tests/data/config/everything-at-once.yaml",
        ] {
            let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
            let text = std::fs::read_to_string(file).unwrap();
            agreement::check::<Layered>(&VALIDATOR, &text, Format::Yaml).unwrap();
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

        #[test]
        fn the_schema_and_the_reader_agree(value in agreement::nearly::<Layered>(&KEYS)) {
            let text = value.to_string();
            agreement::check::<Layered>(&VALIDATOR, &text, Format::Yaml)?;
        }

        #[test]
        fn any_text_is_read_or_rejected(text in "[a-z0-9 \n\t:,#&*!|>'\"%@{}\\[\\]?<~.-]{0,80}") {
            for text in [format!("version: 1\nrules:\n  - {text}"), text] {
                if let Err(problems) = read(text.as_bytes(), "c.yaml", Layer::User) {
                    prop_assert!(!problems.list.is_empty());
                }
            }
        }
    }
}
