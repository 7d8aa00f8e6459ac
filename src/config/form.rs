//! The form of the configuration file, for the reader and the schema; see
//! [`crate::document::form`].

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::model::{
    ForegroundPrograms, History, Layered, Origin, Project, Rule, RuleScope, SeenSettings, Sourced,
};
use super::template::Template;
use crate::document::choice::choices;
use crate::document::definitions::Schemas;
use crate::document::form::{ignored, object};
use crate::document::{
    self, Access, Cursor, Document, Fault, Finding, Form, Path, Range, Reading, Version, decode,
};
use crate::layout::{
    Command, CommandError, Criterion, Matcher, Pattern, Profile, criteria, is_layout, names,
    profile, validate,
};

/// The age and the number of runs to keep.
const HISTORY: Range = Range::from(0).to(100_000);

impl Document for Layered {
    const WHAT: &'static str = "a configuration file";
    const KIND: &'static str = "config";
    const TITLE: &'static str = "i3pm-layout configuration";
    const SCHEMA_ID: &'static str = "urn:i3pm-layout:config-v1";

    fn foreign(text: &str) -> Option<Fault> {
        is_layout(text).then_some(Fault::Foreign {
            found: "a layout",
            expected: Self::WHAT,
            hint: "move it to `~/.config/i3pm-layout/layouts/`, and use its name, for example \
                   `i3pm-layout apply NAME`",
        })
    }

    fn check(&self) -> Vec<Finding> {
        let profiles = self.profiles.iter();
        let profiles: Vec<Profile> = profiles.map(|profile| profile.value.clone()).collect();
        let root = Path::default();
        let mut findings = profile::check(&profiles, &root.key("profiles"), None);
        if let Some(hooks) = &self.hooks {
            let none = BTreeMap::new();
            findings.extend(validate::check_hooks(
                &hooks.value,
                &root.key("hooks"),
                &none,
            ));
        }
        findings
    }

    fn is_unrelated(finding: &Finding, broken: &[Path]) -> bool {
        profile::is_unrelated(finding, broken) && document::is_unrelated(finding, broken)
    }
}

object! {
    /// Your rules, projects and other settings.
    Layered {
        /// The location of the JSON Schema of this file, for editors.
        schema.named("$schema") => ignored::<_, Option<String>>(),
        /// The version of the file format, always 1.
        version.required() => ignored::<_, Version<1>>(),
        /// Rules for certain windows. Of the rules that match a window, the one with the most
        /// criteria applies, then the first.
        rules,
        /// Projects by name, for `capture --project`.
        projects.examples(|| json!([{ "nixos": { "directory": "~/src/nixos" } }])),
        /// The programs that are started again when they run in the foreground of a
        /// terminal.
        foreground_programs,
        /// Sets of monitors, and the places of workspaces on each, for `adapt`.
        profiles,
        /// Regular expressions (PCRE) for strings that must never be saved or shown. If an
        /// expression has a group, the first group is the secret.
        secret_patterns.examples(|| json!([["corp-[0-9a-f]{16}"]])),
        /// Commands that run before or after each `apply` and `capture`.
        hooks,
        /// The runs to keep in the journal, which `i3pm-layout history` shows.
        history.examples(|| json!([{ "days": 30, "runs": 1000 }])),
        /// What `capture` saves about windows for `apply` to recognize them.
        seen.examples(|| json!([{ "titles": false }])),
        /// If `true`, a command without a terminal shows its progress and result as a desktop
        /// notification, as `--notify` does. Default: `false`.
        notify,
        /// In a file of the system that only root can change: if `true`, all its rules take precedence
        /// over the rules of users, and `forbid` and `forbid_trust` apply.
        enforce,
        /// With `enforce`: regular expressions (PCRE) for commands that must not be started.
        forbid.examples(|| json!([["^curl( |$)"]])),
        /// With `enforce`: if `true`, `apply --trust` is not allowed.
        forbid_trust,
    }

    fn finish(self, at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        let projects = at.get("projects");
        for name in self.projects.keys() {
            let project = projects.as_ref().and_then(|projects| projects.get(name));
            if let (Some(why), Some(at)) = (names::refuse(name), project) {
                let fault = Fault::Name {
                    what: "project",
                    name: name.clone(),
                    why,
                };
                reading.find_key(&at, fault);
            }
        }
        Some(self)
    }
}

/// A value with the line where it begins; [`super::read`] adds the file.
impl<T: Form> Form for Sourced<T> {
    fn example() -> Option<Value> {
        T::example()
    }

    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        let value = T::decode(at, reading)?;
        let origin = Origin::on_line(reading.line(at));
        Some(Self { value, origin })
    }

    fn encode(&self) -> Value {
        self.value.encode()
    }

    fn stand_in() -> Option<Self> {
        let origin = Origin::default();
        T::stand_in().map(|value| Self { value, origin })
    }

    fn schema(schemas: &mut Schemas) -> Map<String, Value> {
        T::schema(schemas)
    }
}

object! {
    /// A rule for windows.
    Rule {
        /// The windows. All criteria must match. Each is a regular expression (PCRE) that is
        /// searched in the property, so anchor it with `^` and `$`.
        criteria.required(),
        /// The command that starts the program again. `{0}` is the name of the running program,
        /// `{1}` its first argument, `{1..}` all its arguments; `{title:REGEX}` is the first group
        /// of a regular expression in the title. `${env:NAME}` is replaced when the layout is
        /// applied.
        command.examples(|| json!(["emacsclient -c {1..}"])) => Access {
            get: |rule| Some(Cow::Owned(rule.command.clone().map(Words))),
            set: |rule, words: Option<Words>| {
                rule.command = words.map(|Words(words)| words);
                Ok(())
            },
        },
        /// The directory to start the program in, with the same replacements.
        cwd.examples(|| json!(["~/src", "{title:\\((.*)\\)}"])),
        /// Additional environment variables, with the same replacements.
        env,
        /// The criteria that identify the window in the layout; class and instance by default.
        swallow.examples(|| json!([["class", "title"]])) => Access {
            get: |rule| Some(Cow::Borrowed(&rule.swallow)),
            set: |rule, swallow: Option<Vec<Criterion>>| {
                if swallow.as_ref().is_some_and(Vec::is_empty) {
                    return Err(Fault::NoCriterion);
                }
                rule.swallow = swallow;
                Ok(())
            },
        },
        /// If `true`, one process opens all its windows, so only the first window has a command. If
        /// `false`, each window has its own command. Default: `false` for terminals, `true` for
        /// other programs.
        once_per_process,
        /// If `true`, layouts leave out these windows.
        ignore,
        /// The timeout of `apply` for the window, in seconds.
        timeout.range(validate::TIMEOUT).examples(|| json!([60])),
        /// The layouts to which these windows belong: layouts of the project (`project`) or layouts
        /// without a project (`global`). By default, the directory of the process decides.
        scope,
        /// In a file of the system: if `true`, this rule takes precedence over the rules of users.
        enforce,
    }

    fn unknown(key: &str) -> Option<Fault> {
        let is_criterion = ["class", "instance", "title", "window_role", "machine"].contains(&key);
        is_criterion.then(|| Fault::MisplacedKey {
            key: key.to_owned(),
            hint: format!("write `criteria: {{ {key}: ... }}`"),
        })
    }

    fn examples() -> Value {
        json!([{ "criteria": { "class": "^Emacs$" }, "command": "emacsclient -c" }])
    }

    fn finish(mut self, at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        self.origin = Origin::on_line(reading.line(at));
        if let Some(criteria) = at.get("criteria") {
            if criteria.value.entries().is_empty() && !reading.is_broken(&criteria) {
                reading.find(&criteria, Fault::EmptyCriteria);
            }
            for (criterion, pattern) in self.criteria.criteria() {
                if let Err(message) = criteria::compile(pattern)
                    && let Some(at) = criteria.get(criterion)
                {
                    reading.find(&at, Fault::Pattern { criterion, message });
                }
            }
        }
        if let Some(env) = at.get("env") {
            for entry in env.value.entries() {
                if let Some(fault) = validate::environment_name(&entry.key) {
                    reading.find_key(&env.entry(entry), fault);
                }
            }
        }
        if self.says_nothing() && !reading.is_broken(at) {
            reading.find(at, Fault::EmptyRule);
        }
        self.matcher = Matcher::new(&self.criteria).ok()?;
        Some(self)
    }
}

impl Rule {
    fn says_nothing(&self) -> bool {
        self.command.is_none()
            && self.cwd.is_none()
            && self.env.is_empty()
            && self.swallow.is_none()
            && self.once_per_process.is_none()
            && !self.ignore
            && self.timeout.is_none()
            && self.scope.is_none()
    }
}

/// A command whose words are templates.
#[derive(Clone)]
struct Words(Vec<Template>);

impl Form for Words {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        let command = Command::decode(at, reading).filter(|_| !reading.is_broken(at))?;
        let words = command.words().map_err(|error| match error {
            CommandError::Quotes => Fault::Quotes,
            _ => Fault::EmptyCommand,
        });
        let words = words.map_err(|fault| reading.find(at, fault)).ok()?;
        let mut templates = Vec::new();
        for (position, word) in words.iter().enumerate() {
            let argument = at.value.items().get(position);
            let here = argument.map_or(*at, |argument| at.index(position, argument));
            templates.extend(template(word, position > 0, &here, reading));
        }
        Some(Self(templates))
    }

    fn encode(&self) -> Value {
        self.0.encode()
    }

    fn schema(schemas: &mut Schemas) -> Map<String, Value> {
        Command::schema(schemas)
    }
}

impl Form for Template {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        let text = decode::text(at, reading)?;
        template(text, false, at, reading)
    }

    fn encode(&self) -> Value {
        Value::from(self.text())
    }

    fn schema(schemas: &mut Schemas) -> Map<String, Value> {
        String::schema(schemas)
    }
}

/// Parses a word of a rule. `alone` is true if it may become several words.
fn template(
    text: &str,
    alone: bool,
    at: &Cursor<'_>,
    reading: &mut Reading<'_>,
) -> Option<Template> {
    if text.contains('\0') {
        reading.find(at, Fault::Nul("a rule".to_owned()));
    }
    match Template::parse(text, alone) {
        Ok(template) => Some(template),
        Err(error) => {
            let fault = Fault::Template {
                message: error.to_string(),
                hint: error.hint(),
            };
            reading.find(at, fault);
            None
        }
    }
}

choices! {
    /// A window criterion of i3.
    Criterion {
        /// The window class: the second string in the output of `xprop WM_CLASS`.
        Class,
        /// The window instance: the first string in the output of `xprop WM_CLASS`.
        Instance,
        /// The window title.
        Title,
        /// The window role, shown by `xprop WM_WINDOW_ROLE`.
        WindowRole,
        /// The host that the program runs on, shown by `xprop WM_CLIENT_MACHINE`.
        Machine,
    }
}

choices! {
    /// The layouts to which a window belongs.
    RuleScope {
        /// Layouts of the captured project.
        Project,
        /// Layouts without a project.
        Global,
    }
}

object! {
    /// The runs to keep in the journal. The others are removed when a command begins.
    History {
        /// The age in days; 7 by default.
        days.range(HISTORY),
        /// The number; 200 by default. At least 2 are kept, because `undo` needs them.
        runs.range(HISTORY),
    }

    fn examples() -> Value {
        json!([{ "days": 30, "runs": 1000 }])
    }
}

object! {
    /// What `capture` saves about windows for `apply` to recognize them.
    SeenSettings {
        /// If `false`, window titles are never saved. Windows that differ only in their titles may then
        /// exchange their places. Default: a title is saved where nothing else tells two windows apart.
        titles,
    }

    fn examples() -> Value {
        json!([{ "titles": false }])
    }
}

object! {
    /// A project.
    Project {
        /// The directory. Windows whose process runs in it or below belong to the project.
        directory.required().examples(|| json!(["~/src/nixos"])) => Access {
            get: |project| Some(Cow::Borrowed(&project.directory)),
            set: |project, directory: String| {
                if !["/", "~/"].iter().any(|head| directory.starts_with(head)) && directory != "~" {
                    return Err(Fault::RelativeDirectory(directory));
                }
                project.directory = directory;
                Ok(())
            },
        },
    }

    fn examples() -> Value {
        json!([{ "directory": "~/src/nixos" }])
    }
}

object! {
    /// Changes to the built-in list of programs, by name.
    ForegroundPrograms {
        /// Programs to add.
        add.examples(|| json!([["ncmpcpp"]])),
        /// Programs to remove.
        remove,
    }

    fn examples() -> Value {
        json!([{ "add": ["ncmpcpp"] }])
    }
}

impl Form for Pattern {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        let text = decode::text(at, reading)?;
        let (message, hint) = match criteria::compile(text) {
            Ok(regex) if !regex.is_match(b"").unwrap_or(true) => return Some(regex),
            // It would find a secret between any two letters.
            Ok(_) => (
                format!("`{text}` matches the empty string, so it matches everywhere"),
                Some("write a pattern that needs at least one character".to_owned()),
            ),
            Err(message) => (
                format!("invalid regular expression `{text}`: {message}"),
                None,
            ),
        };
        reading.find(at, Fault::Template { message, hint });
        None
    }

    fn encode(&self) -> Value {
        Value::from(self.as_str())
    }

    fn schema(schemas: &mut Schemas) -> Map<String, Value> {
        String::schema(schemas)
    }
}
