//! All layers together.

use std::collections::BTreeMap;
use std::path::PathBuf;

use pcre2::bytes::Regex;

use super::convert;
use super::model::{Layer, Layered, Project, SecretPattern, Sourced};
use super::rules::{Rules, Said};
use crate::discover::foreground::Foreground;
use crate::discover::secrets::Secrets;
use crate::discover::{Asked, Candidate, Discovered, Discovery, Machine, NoCommand, command_line};
use crate::layout::{CommandSource, Problems};

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
        let built_in = convert::read(BUILT_IN.as_bytes(), BUILT_IN_FILE, Layer::BuiltIn)?;
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

    /// Finds what everybody and what this user knows to be secret.
    pub fn secrets(&self) -> Secrets {
        Secrets::new(self.secret_regexes())
    }

    /// The question as the rule that counts for the window has it: a program whose windows
    /// are each started for themselves is asked about each of them anew.
    pub fn asked<'a>(&self, asked: Asked<'a>) -> Asked<'a> {
        let properties = asked.con.properties.as_ref();
        let rule = properties.and_then(|properties| self.rules.winner(properties));
        let each = rule.is_some_and(|rule| rule.once_per_process == Some(false));
        Asked {
            again: asked.again && !each,
            ..asked
        }
    }

    /// What was discovered about a window, and before it what the rule says that counts.
    pub fn before(&self, discovery: Discovery, asked: &Asked, machine: &dyn Machine) -> Discovery {
        let Some(properties) = &asked.con.properties else {
            return discovery;
        };
        let Some(rule) = self.rules.winner(properties) else {
            return discovery;
        };
        let mut first = Candidate {
            source: CommandSource::Rule,
            name: Some(rule.origin.to_string()),
            found: None,
            won: false,
            why: "the rule leaves the window out of layouts".to_owned(),
        };
        if rule.ignore {
            return discovery.preceded_by(first);
        }
        if asked.again && rule.once_per_process == Some(true) {
            return discovery.without(NoCommand::Again);
        }
        let opened_by_another =
            discovery.winner().is_none() && discovery.nothing == NoCommand::Again;
        if rule.of_program().is_empty() || opened_by_another {
            return discovery;
        }
        let process = asked.facts.and_then(|facts| facts.process.as_ref());
        let argv = process.map_or(&[][..], |process| process.argv.as_slice());
        match rule.apply(argv, properties, machine.secrets(), machine.home()) {
            Ok(said) => with(discovery, &said, first, argv, machine),
            Err(unfit) => {
                first.why = unfit.to_string();
                discovery.preceded_by(first)
            }
        }
    }

    /// The programs that are started again when they run in the foreground of a terminal;
    /// `None` where the built-in list is not changed.
    pub fn foreground(&self) -> Option<Foreground> {
        if self.add.is_empty() && self.remove.is_empty() {
            return None;
        }
        let remove: Vec<&str> = self.remove.iter().map(|one| one.value.as_str()).collect();
        let add = self.add.iter().map(|one| one.value.as_str());
        Some(Foreground::changed(add, &remove))
    }
}

/// What was discovered, with what a rule says: a candidate of its own where that is a
/// command, else another directory for the winner's.
fn with(
    mut discovery: Discovery,
    said: &Said,
    mut first: Candidate,
    argv: &[String],
    machine: &dyn Machine,
) -> Discovery {
    let found = discovery.winner().and_then(|won| won.found.clone());
    let (cwd, secrets, before) = found.map_or_else(Default::default, |found| {
        (found.cwd, found.secrets, found.doubts)
    });
    let cwd = match &said.cwd {
        Some(cwd) => Some(cwd.clone()).filter(|cwd| cwd != "~"),
        None => cwd,
    };
    let secrets = said.secrets.iter().cloned().chain(secrets);
    if let Some(command) = &said.command {
        let line = command_line::quote(&machine.secrets().masked(argv));
        let found = Discovered {
            command: command.clone(),
            source: CommandSource::Rule,
            process: (!argv.is_empty()).then(|| command_line::escape(&line)),
            secrets: secrets.collect(),
            doubts: said.doubts(before, Some(command), cwd.as_deref(), Some(machine)),
            cwd,
        };
        first.found = Some(without_unused(found, said));
        first.won = true;
        "the rule that counts for the window says it".clone_into(&mut first.why);
        return discovery.preceded_by(first);
    }
    let winner = discovery.candidates.iter_mut().find(|one| one.won);
    if let Some(found) = winner.and_then(|winner| winner.found.as_mut()) {
        found.secrets = secrets.collect();
        found.doubts = said.doubts(before, Some(&found.command), cwd.as_deref(), Some(machine));
        found.cwd = cwd;
        *found = without_unused(found.clone(), said);
    }
    discovery
}

/// The same with the variables that are wanted, each once.
fn without_unused(mut found: Discovered, said: &Said) -> Discovered {
    let words = found.command.words().unwrap_or_default();
    let texts = words.iter().chain(&found.cwd).chain(said.env.values());
    let texts: Vec<&String> = texts.collect();
    found.secrets.retain(|variable| {
        let reference = format!("${{env:{variable}}}");
        texts.iter().any(|text| text.contains(&reference))
    });
    found.secrets.sort();
    found.secrets.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::layout::Command;
    use crate::live::Properties;

    fn layer(layer: Layer, text: &str) -> Layered {
        let text = format!("version: 1\n{text}");
        convert::read(text.as_bytes(), layer.as_str(), layer).unwrap()
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
        let foreground = config.foreground().unwrap();
        assert!(foreground.has(&["c".to_owned()]));
        assert_eq!(config.secrets().masked_text("axbyc"), "a***b***c");
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

    #[test]
    fn a_built_in_rule_reads_the_file_of_nedit_in_its_title() {
        let config = Config::new(Vec::new(), Vec::new()).unwrap();
        let command = |title: &str| {
            let properties = Properties {
                class: Some("NEdit".to_owned()),
                title: Some(title.to_owned()),
                ..Properties::default()
            };
            let rule = config.rules.winner(&properties)?;
            let secrets = Secrets::default();
            let home = Some(std::path::Path::new("/home/me"));
            let said = rule.apply(&[], &properties, &secrets, home).unwrap();
            said.command
        };
        for (title, expected) in [
            ("a.txt - /home/me/one/", Some("nedit ~/one/a.txt")),
            ("it's - x - /srv/", Some("nedit '/srv/it'\\''s - x'")),
            ("a.txt (modified) - /srv/", Some("nedit /srv/a.txt")),
            (
                "a.txt (read only, modified) - /srv/",
                Some("nedit /srv/a.txt"),
            ),
            ("a (copy) - /srv/", Some("nedit '/srv/a (copy)'")),
            ("Untitled", None),
            ("Untitled_1 (modified)", None),
        ] {
            let expected = expected.map(|line| Command::Line(line.to_owned()));
            assert_eq!(command(title), expected, "{title}");
        }
    }
}
