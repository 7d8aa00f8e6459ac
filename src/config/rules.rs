//! Which rule is a window's, and what it says about it.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::Path;

use super::model::{Layer, Rule};
use super::template::{NoValue, Seen, Template};
use crate::discover::checks::{self, Replaced};
use crate::discover::command_line;
use crate::discover::launch_command::below_home;
use crate::discover::secrets::{Marked, Secrets};
use crate::discover::{Doubt, Machine};
use crate::layout::Command;
use crate::live::Properties;

/// Rules in the order in which they count.
#[derive(Clone, Debug, Default)]
pub struct Rules(Vec<Rule>);

/// What a rule says about one window, as a layout file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// What to run.
    pub command: Option<Command>,
    /// Where to run it.
    pub cwd: Option<String>,
    /// Environment variables to add.
    pub env: BTreeMap<String, String>,
    /// The environment variables that these want instead of secrets.
    pub secrets: Vec<String>,
}

/// Why a rule that matches a window cannot say what it should.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{key}` cannot be made: {reason}")]
pub struct Unfit {
    /// The key of the rule, such as `command`.
    pub key: &'static str,
    /// What is missing.
    pub reason: NoValue,
}

impl Rules {
    /// Puts rules into the order in which they count: those of the system that are
    /// enforced, then those of files, then the built-in ones; among them, more criteria
    /// before fewer, then the user's before the system's, then the first.
    pub fn new(mut rules: Vec<Rule>) -> Self {
        // A stable sort: the order of the file is the last word.
        rules.sort_by_key(|rule| {
            let enforced = rule.enforce && rule.origin.layer == Layer::System;
            (
                Reverse(enforced),
                rule.origin.layer == Layer::BuiltIn,
                Reverse(rule.specificity()),
                rule.origin.layer,
            )
        });
        Self(rules)
    }

    /// All of them, in the order in which they count.
    pub fn all(&self) -> &[Rule] {
        &self.0
    }

    /// The rules that match a window; the first one counts.
    pub fn matching<'a>(&'a self, properties: &'a Properties) -> impl Iterator<Item = &'a Rule> {
        self.0
            .iter()
            .filter(|rule| rule.matcher.matches(properties))
    }

    /// The rule that counts for a window.
    pub fn winner(&self, properties: &Properties) -> Option<&Rule> {
        self.0.iter().find(|rule| rule.matcher.matches(properties))
    }

    /// Whether a window is left out of layouts.
    pub fn ignores(&self, properties: &Properties) -> bool {
        self.winner(properties).is_some_and(|rule| rule.ignore)
    }
}

impl Said {
    /// The doubts about this command and directory, which are what it says and else what
    /// was discovered with the doubts of `before`.
    pub fn doubts(
        &self,
        before: Vec<Doubt>,
        command: Option<&Command>,
        cwd: Option<&str>,
        machine: Option<&dyn Machine>,
    ) -> Vec<Doubt> {
        let replaced = Replaced {
            command: self.command.is_some(),
            cwd: self.cwd.is_some(),
        };
        checks::doubts(before, replaced, command, cwd, machine)
    }
}

impl Rule {
    /// The keys by which it says how the program is started. When one of them cannot be
    /// made, none of them counts.
    pub fn of_program(&self) -> Vec<&'static str> {
        let keys = [
            (self.command.is_some(), "command"),
            (self.cwd.is_some(), "cwd"),
            (!self.env.is_empty(), "env"),
        ];
        let keys = keys.into_iter().filter(|(is_there, _)| *is_there);
        keys.map(|(_, key)| key).collect()
    }

    /// What the rule says about a window whose process was started with `argv`.
    pub fn apply(
        &self,
        argv: &[String],
        properties: &Properties,
        secrets: &Secrets,
        home: Option<&Path>,
    ) -> Result<Said, Unfit> {
        let unfit = |key| move |reason| Unfit { key, reason };
        let marked = secrets.marked(argv);
        let seen = Seen::new(&marked, properties, secrets);
        let mut said = Said::default();
        if let Some(templates) = &self.command {
            let mut words = Vec::new();
            for template in templates {
                words.extend(template.words(&seen).map_err(unfit("command"))?);
            }
            let (words, names) = secrets.replaced_words(&words);
            said.secrets.extend(names);
            let words = words.into_iter().map(|word| short(word, home)).collect();
            said.command = Some(command_line::command(words));
        }
        let program = argv.first().map_or("", String::as_str);
        let mut text = |template: &Template, key, name: &str| {
            // The program first, as it names the variables; and a variable's name tells
            // whether its value is a secret.
            let whole = template.value(&seen).map_err(unfit(key))?.preceded_by(name);
            let (words, names) = secrets.replaced_words(&[Marked::from(program), whole]);
            said.secrets.extend(names);
            let whole = words.into_iter().nth(1).unwrap_or_default();
            let value = whole.strip_prefix(name).unwrap_or(&whole);
            Ok::<String, Unfit>(short(value.to_owned(), home))
        };
        let cwd = self
            .cwd
            .as_ref()
            .map(|cwd| text(cwd, "cwd", ""))
            .transpose()?;
        let mut env = BTreeMap::new();
        for (name, value) in &self.env {
            env.insert(name.clone(), text(value, "env", &format!("{name}="))?);
        }
        said.cwd = cwd;
        said.env = env;
        said.secrets.sort();
        said.secrets.dedup();
        Ok(said)
    }
}

/// `~/…` for a path below the home directory.
fn short(word: String, home: Option<&Path>) -> String {
    below_home(&word, home).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::config::convert::read;

    fn rules(files: &[(Layer, &str)]) -> Rules {
        let all = files.iter().flat_map(|(layer, text)| {
            let text = format!("version: 1\nrules:\n{text}");
            read(text.as_bytes(), layer.as_str(), *layer).unwrap().rules
        });
        Rules::new(all.collect())
    }

    fn window(class: &str, title: &str) -> Properties {
        Properties {
            class: Some(class.to_owned()),
            instance: Some(class.to_lowercase()),
            title: Some(title.to_owned()),
            ..Properties::default()
        }
    }

    #[test]
    fn the_most_specific_rule_wins() {
        let user = "  - { criteria: { class: ^A$ }, timeout: 1 }
  - { criteria: { class: ^A$, title: x }, timeout: 2 }
  - { criteria: { title: x, class: A }, timeout: 3 }
  - { criteria: { class: ^B$ }, timeout: 4, enforce: true }\n";
        let system = "  - { criteria: { class: ^A$, instance: a, title: y }, timeout: 5 }
  - { criteria: { class: ^B$ }, timeout: 6 }
  - { criteria: { class: ^C$ }, timeout: 7, enforce: true }
  - { criteria: { class: ^B$ }, timeout: 8 }\n";
        let more = "  - { criteria: { class: ^C$, title: x }, timeout: 9 }\n";
        let built_in = "  - { criteria: { class: ^A$, instance: ^a$, title: z }, timeout: 10 }
  - { criteria: { class: ^D$ }, timeout: 11 }\n";
        let rules = rules(&[
            (Layer::BuiltIn, built_in),
            (Layer::System, system),
            (Layer::User, user),
            (Layer::User, more),
        ]);
        let winner = |class, title| {
            rules
                .winner(&window(class, title))
                .map(|rule| format!("{} {}", rule.origin.layer.as_str(), rule.timeout.unwrap()))
                .unwrap_or_default()
        };
        for (class, title, expected) in [
            ("A", "", "user 1"),
            ("A", "x", "user 2"),
            ("A", "xy", "system 5"),
            ("A", "z", "user 1"),
            ("B", "", "user 4"),
            ("C", "x", "system 7"),
            ("D", "", "built-in 11"),
            ("E", "", ""),
        ] {
            assert_eq!(winner(class, title), expected, "{class} {title}");
        }
        let all: Vec<f64> = rules
            .matching(&window("A", "xyz"))
            .filter_map(|rule| rule.timeout)
            .collect();
        assert_eq!(all, [5.0, 2.0, 3.0, 1.0, 10.0]);
    }

    #[test]
    fn what_it_says_is_what_a_layout_file_has() {
        let rules = rules(&[(
            Layer::User,
            r#"  - criteria: { class: ^A$ }
    command: "client --file {1} '{title:^(.*) -}' ${env:X}"
    cwd: "{title:in (.*)$}"
    env: { PLACE: "{2}", API_TOKEN: "{3}" }
"#,
        )]);
        let argv = ["/opt/a", "/home/me/a b", "${x}", "hunter2"].map(str::to_owned);
        let title = window("A", "token=abc - in /home/me/src");
        let rule = rules.winner(&title).unwrap();
        let secrets = Secrets::default();
        let apply = |argv: &[String], window| {
            rule.apply(argv, window, &secrets, Some(Path::new("/home/me")))
        };
        let said = apply(&argv, &title).unwrap();
        assert_eq!(
            said,
            Said {
                command: Some(Command::Line(
                    "client --file '~/a b' token=${env:CLIENT_TOKEN} ${env:X}".to_owned()
                )),
                cwd: Some("~/src".to_owned()),
                env: [("PLACE", "$${x}"), ("API_TOKEN", "${env:API_TOKEN}")]
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .into(),
                secrets: vec!["API_TOKEN".to_owned(), "CLIENT_TOKEN".to_owned()],
            }
        );
        let reason = apply(&argv[..1], &title).unwrap_err().to_string();
        assert_eq!(
            reason,
            "`command` cannot be made: its process has no argument {1}"
        );
        let reason = apply(&argv, &window("A", "a -")).unwrap_err().to_string();
        assert_eq!(
            reason,
            "`cwd` cannot be made: its title does not match `in (.*)$`"
        );
    }

    #[test]
    fn what_is_copied_out_of_a_secret_is_a_secret() {
        let own = pcre2::bytes::Regex::new("Kunde ([A-Z][a-z]+)").unwrap();
        let argv = [
            "xterm",
            "-e",
            "x",
            "--token",
            "hunter2hunter2",
            "--pin-password",
            "a1",
        ];
        let argv = argv.map(str::to_owned);
        for (title, command, expected) in [
            ("", "tool {4}", "tool ${env:TOOL_TOKEN}"),
            ("", "tool {6}", "tool ${env:TOOL_PIN_PASSWORD}"),
            ("", "tool x{4}y", "tool x${env:TOOL_TOKEN}y"),
            (
                "",
                "tool {2..}",
                "tool x --token ${env:TOOL_TOKEN} --pin-password ${env:TOOL_PIN_PASSWORD}",
            ),
            (
                "at hunter2hunter2",
                "tool '{title:at (.*)}'",
                "tool ${env:TOOL_TOKEN}",
            ),
            (
                "at hunter2hunter2",
                "tool '{title:at hunter(.*)}'",
                "tool ${env:TOOL_TOKEN}",
            ),
            (
                "password: swordfish99",
                "tool '{title:password: (.*)}'",
                "tool ${env:TOOL_PASSWORD}",
            ),
            (
                "password: sword${x}99",
                "tool '{title:password: (.*)}'",
                "tool ${env:TOOL_PASSWORD}",
            ),
            (
                "Kunde Meier",
                "tool '{title:Kunde (.*)}'",
                "tool ${env:TOOL_SECRET}",
            ),
            (
                "Kunde Meier - x",
                "tool '{title:Kunde (.*)}'",
                "tool '${env:TOOL_SECRET} - x'",
            ),
            ("Kunde Meier", "tool '{title:^(.)}'", "tool K"),
        ] {
            let rule = format!("  - {{ criteria: {{ class: ^A$ }}, command: \"{command}\" }}\n");
            let rules = rules(&[(Layer::User, &rule)]);
            let window = window("A", title);
            let secrets = Secrets::new(vec![own.clone()]);
            let rule = rules.winner(&window).unwrap();
            let said = rule.apply(&argv, &window, &secrets, None).unwrap();
            assert_eq!(
                said.command,
                Some(Command::Line(expected.to_owned())),
                "{command}"
            );
            assert_eq!(said.secrets.is_empty(), !expected.contains("${env"));
        }
        let rules = rules(&[(
            Layer::User,
            "  - { criteria: { class: ^A$ }, cwd: \"/x/{title:Kunde (.*)}\", env: { A: \"{4}\", B: \"b {title}\" } }\n",
        )]);
        let window = window("A", "Kunde Meier");
        let secrets = Secrets::new(vec![own]);
        let rule = rules.winner(&window).unwrap();
        let said = rule.apply(&argv, &window, &secrets, None).unwrap();
        assert_eq!(said.cwd.as_deref(), Some("/x/${env:XTERM_SECRET}"));
        assert_eq!(said.env["A"], "${env:XTERM_TOKEN}");
        assert_eq!(said.env["B"], "b Kunde ${env:XTERM_SECRET}");
        assert_eq!(said.secrets, ["XTERM_SECRET", "XTERM_TOKEN"]);
    }
}
