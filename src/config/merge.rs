//! The merged configuration.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::model::{ForegroundPrograms, History, Layer, Layered, Project, SeenSettings, Sourced};
use super::policy::Policy;
use super::read;
use super::rules::Rules;
use crate::layout::{Hooks, Pattern, Problems, Profile};

/// The built-in rules.
const BUILT_IN: &str = include_str!("../../rules/built-in.yaml");

/// The name of their file in messages.
const BUILT_IN_FILE: &str = "rules/built-in.yaml";

/// The merged configuration.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The rules, in order of precedence.
    pub rules: Rules,
    /// The projects by name.
    pub projects: BTreeMap<String, Sourced<Project>>,
    /// Changes to the built-in list of programs that are started again in terminals.
    pub foreground_programs: ForegroundPrograms,
    /// The places of workspaces on sets of monitors.
    pub profiles: Vec<Sourced<Profile>>,
    /// Patterns for secrets.
    pub secret_patterns: Vec<Sourced<Pattern>>,
    /// Commands that run before or after `apply` and `capture`, those of the system first.
    pub hooks: Vec<Sourced<Hooks>>,
    /// The runs to keep in the journal, with the file that says so.
    pub history: Option<Sourced<History>>,
    /// What `capture` saves about windows.
    pub seen: Option<Sourced<SeenSettings>>,
    /// True if commands without a terminal show notifications.
    pub notify: Option<Sourced<bool>>,
    /// The decisions of the administrator.
    pub policy: Policy,
    /// The possible files, the most important first, each with true if it exists.
    pub files: Vec<(PathBuf, bool)>,
}

impl Config {
    /// Merges files, the most important first.
    ///
    /// All secret patterns apply. If two files define the same project or profile, or one adds a
    /// program that the other removes, or both have `history`, `seen` or `notify`, the more important
    /// file takes precedence.
    pub fn new(layers: Vec<Layered>, files: Vec<(PathBuf, bool)>) -> Result<Self, Problems> {
        Self::with_policy(layers, files, Policy::default())
    }

    /// As [`Self::new`], with the decisions of the administrator.
    pub(super) fn with_policy(
        layers: Vec<Layered>,
        files: Vec<(PathBuf, bool)>,
        policy: Policy,
    ) -> Result<Self, Problems> {
        let mut config = Self {
            policy,
            files,
            ..Self::default()
        };
        let mut rules = Vec::new();
        let mut programs = BTreeSet::new();
        let built_in = read::read(BUILT_IN.as_bytes(), BUILT_IN_FILE, Layer::BuiltIn)?;
        for layer in layers.into_iter().chain([built_in]) {
            rules.extend(layer.rules);
            for (name, project) in layer.projects {
                config.projects.entry(name).or_insert(project);
            }
            let ForegroundPrograms { add, remove } = layer.foreground_programs;
            let mut is_new = |program: &Sourced<String>| programs.insert(program.value.clone());
            let merged = &mut config.foreground_programs;
            merged.add.extend(add.into_iter().filter(&mut is_new));
            merged.remove.extend(remove.into_iter().filter(is_new));
            let known = config.profiles.len();
            for profile in layer.profiles {
                let mut earlier = config.profiles.iter().take(known);
                if !earlier.any(|other| other.value.name == profile.value.name) {
                    config.profiles.push(profile);
                }
            }
            config.secret_patterns.extend(layer.secret_patterns);
            config.hooks.splice(0..0, layer.hooks);
            config.history = config.history.or(layer.history);
            config.seen = config.seen.or(layer.seen);
            config.notify = config.notify.or(layer.notify);
        }
        config.rules = Rules::new(rules);
        Ok(config)
    }

    /// True if layout files may contain the titles of windows.
    pub fn saves_titles(&self) -> bool {
        let seen = self.seen.as_ref();
        seen.and_then(|seen| seen.value.titles).unwrap_or(true)
    }

    /// Returns the patterns of the user for secrets.
    pub fn secret_regexes(&self) -> Vec<Pattern> {
        let patterns = self.secret_patterns.iter();
        patterns.map(|pattern| pattern.value.clone()).collect()
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
        assert_eq!(names(&config.foreground_programs.add), ["a", "c"]);
        assert_eq!(names(&config.foreground_programs.remove), ["b"]);
        let patterns = config.secret_regexes();
        let patterns: Vec<_> = patterns.iter().map(Pattern::as_str).collect();
        assert_eq!(patterns, ["x", "y"]);
    }

    #[test]
    fn built_in_rules_are_valid_and_match_their_windows() {
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
