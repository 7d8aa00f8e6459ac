//! All layers together.

use std::collections::BTreeMap;
use std::path::PathBuf;

use pcre2::bytes::Regex;

use super::model::{Layer, Layered, Project, SecretPattern, Sourced};
use super::read;
use super::rules::Rules;
use crate::layout::Problems;

/// The rules that come with the program.
const BUILT_IN: &str = include_str!("../../rules/built-in.yaml");

/// Their file as messages name it.
const BUILT_IN_FILE: &str = "rules/built-in.yaml";

/// What counts.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The rules, in the order in which they count.
    pub rules: Rules,
    /// The projects by name.
    pub projects: BTreeMap<String, Sourced<Project>>,
    /// Programs that are started again in terminals besides those that are known.
    pub add: Vec<Sourced<String>>,
    /// Known programs that are not.
    pub remove: Vec<Sourced<String>>,
    /// What is secret.
    pub secret_patterns: Vec<Sourced<SecretPattern>>,
    /// The files that were looked for, the most important first, and whether they are
    /// there.
    pub files: Vec<(PathBuf, bool)>,
}

impl Config {
    /// From files, the most important first.
    ///
    /// All secret patterns hold. Of two projects of one name, the more important file's
    /// counts; so it does for a program that one file adds and another removes.
    pub fn new(layers: Vec<Layered>, files: Vec<(PathBuf, bool)>) -> Result<Self, Problems> {
        let mut config = Self {
            files,
            ..Self::default()
        };
        let mut rules = Vec::new();
        let built_in = read::read(BUILT_IN.as_bytes(), BUILT_IN_FILE, Layer::BuiltIn)?;
        for layer in layers.into_iter().chain([built_in]) {
            rules.extend(layer.rules);
            for (name, project) in layer.projects {
                config.projects.entry(name).or_insert(project);
            }
            for (list, other, programs) in [(0, 1, layer.add), (1, 0, layer.remove)] {
                let lists = [&config.add, &config.remove];
                let said = |list: usize, name: &str| {
                    lists
                        .get(list)
                        .is_some_and(|list| list.iter().any(|known| known.value == name))
                };
                let fresh: Vec<_> = programs
                    .into_iter()
                    .filter(|program| !said(list, &program.value) && !said(other, &program.value))
                    .collect();
                if list == 0 {
                    config.add.extend(fresh);
                } else {
                    config.remove.extend(fresh);
                }
            }
            config.secret_patterns.extend(layer.secret_patterns);
        }
        config.rules = Rules::new(rules);
        Ok(config)
    }

    /// What this user knows to be secret.
    pub fn secret_regexes(&self) -> Vec<Regex> {
        self.secret_patterns
            .iter()
            .map(|pattern| pattern.value.regex.clone())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::live::Properties;

    fn layer(layer: Layer, text: &str) -> Layered {
        let text = format!("version: 1\n{text}");
        read::read(text.as_bytes(), layer.as_str(), layer).unwrap()
    }

    #[test]
    fn the_more_important_file_wins() {
        let config = Config::new(
            vec![
                layer(
                    Layer::User,
                    "projects: { p: { directory: ~/p } }\nforeground_programs: { add: [a], \
                     remove: [b] }\nsecret_patterns: [x]\n",
                ),
                layer(
                    Layer::System,
                    "projects: { p: { directory: /p }, q: { directory: /q } \
                     }\nforeground_programs: { add: [b, c], remove: [a] }\nsecret_patterns: [y]\n",
                ),
            ],
            Vec::new(),
        )
        .unwrap();
        assert_eq!(config.projects["p"].value.directory, "~/p");
        assert_eq!(config.projects["q"].origin.to_string(), "system:2");
        let names = |list: &[Sourced<String>]| -> Vec<String> {
            list.iter().map(|program| program.value.clone()).collect()
        };
        assert_eq!(names(&config.add), ["a", "c"]);
        assert_eq!(names(&config.remove), ["b"]);
        let patterns = config.secret_regexes();
        let patterns: Vec<_> = patterns.iter().map(Regex::as_str).collect();
        assert_eq!(patterns, ["x", "y"]);
    }

    #[test]
    fn built_in_rules_are_valid_and_about_what_they_say() {
        let config = Config::new(Vec::new(), Vec::new()).unwrap();
        assert!(config.rules.all().len() > 3);
        let ignored = |class: &str, title: &str, role: &str| {
            let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            let properties = Properties {
                class: some(class),
                instance: some(&class.to_lowercase()),
                title: some(title),
                window_role: some(role),
                ..Properties::default()
            };
            config
                .rules
                .winner(&properties)
                .is_some_and(|rule| rule.ignore)
        };
        for (class, title, role) in [
            ("Pinentry-gtk-2", "", ""),
            ("pinentry-qt", "", ""),
            ("Gcr-prompter", "", ""),
            ("Polkit-gnome-authentication-agent-1", "Authenticate", ""),
            ("Lxpolkit", "", ""),
            ("firefox", "Picture-in-Picture", "PictureInPicture"),
            ("Firefox-esr", "Picture-in-Picture", "PictureInPicture"),
            ("zoom", "as_toolbar", ""),
            ("Ssh-askpass-gnome", "OpenSSH", ""),
        ] {
            assert!(ignored(class, title, role), "{class}");
        }
        for (class, title, role) in [
            ("firefox", "Picture-in-Picture - Wikipedia", "browser"),
            ("zoom", "Zoom Meeting", ""),
            ("XTerm", "pinentry", ""),
        ] {
            assert!(!ignored(class, title, role), "{class}");
        }
    }
}
