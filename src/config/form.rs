//! The written form of the values of a configuration file, for the reader and the schema.
//! See [`crate::document::form`].

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::model::{Layered, Origin, Project, Rule, RuleScope, SecretPattern, Sourced};
use super::template::Template;
use crate::document::choice::choices;
use crate::document::definitions::Schemas;
use crate::document::form::{ignored, object};
use crate::document::{Access, Cursor, Document, Fault, Form, Reading, Version, decode};
use crate::layout::{Command, CommandError, Criterion, Matcher, criteria, names, validate};

impl Document for Layered {
    const WHAT: &'static str = "a configuration file";
    const KIND: &'static str = "invalid-config";
    const TITLE: &'static str = "i3pm-layout configuration";
    const SCHEMA_ID: &'static str = "urn:i3pm-layout:config-v1";
}

object! {
    /// The configuration of i3pm-layout: rules, projects and secrets.
    Layered {
        /// The path or URL of the JSON Schema of this file. Only editors use it.
        schema.named("$schema") => ignored::<_, Option<String>>(),
        /// The version of the file format, always 1.
        version.required() => ignored::<_, Version<1>>(),
        /// Rules for the windows that `capture` finds. If several rules match a window, the
        /// one with the most criteria is used; of these, the first.
        rules,
        /// Projects by name, for `capture --project`.
        projects.examples(|| json!([{ "nixos": { "directory": "~/src/nixos" } }])),
        /// The programs that are restarted if they run in the foreground of a terminal.
        foreground_programs => Access {
            get: |layered| {
                let (add, remove) = (layered.add.clone(), layered.remove.clone());
                Some(Cow::Owned(ForegroundPrograms { add, remove }))
            },
            set: |layered, programs: ForegroundPrograms| {
                layered.add = programs.add;
                layered.remove = programs.remove;
                Ok(())
            },
        },
        /// Regular expressions (PCRE) for strings that must never be saved or shown. If an
        /// expression has groups, the first group is the secret.
        secret_patterns.examples(|| json!([["corp-[0-9a-f]{16}"]])),
    }

    fn finish(self, at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        let projects = at.get("projects");
        for name in self.projects.keys() {
            if let (Some(why), Some(projects)) = (names::refuse(name), &projects)
                && let Some(at) = projects.get(name)
            {
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

/// A value with the line on which it begins. [`super::read`] adds the file.
impl<T: Form> Form for Sourced<T> {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        let value = T::decode(at, reading)?;
        let origin = Origin::on_line(reading.line(at));
        Some(Self { value, origin })
    }

    fn encode(&self) -> Value {
        self.value.encode()
    }

    fn schema(schemas: &mut Schemas) -> Map<String, Value> {
        T::schema(schemas)
    }
}

object! {
    /// A rule for windows that match the criteria.
    Rule {
        /// The windows that the rule is for. All criteria must match. Each is a regular
        /// expression (PCRE). It can match any part of the property, so anchor it with `^`
        /// and `$`.
        criteria.required(),
        /// The command that restarts the program. `{0}` is the name of the running program,
        /// `{1}` its first argument and `{1..}` all its arguments. `{title:REGEX}` is the
        /// first group of a regular expression in the title. `${env:NAME}` is replaced when
        /// the layout is applied.
        command.examples(|| json!(["emacsclient -c {1..}"])) => Access {
            get: |rule| Some(Cow::Owned(rule.command.clone().map(Words))),
            set: |rule, words: Option<Words>| {
                rule.command = words.map(|Words(words)| words);
                Ok(())
            },
        },
        /// The working directory, with the same replacements.
        cwd.examples(|| json!(["~/src", "{title:\\((.*)\\)}"])),
        /// Additional environment variables, with the same replacements.
        env,
        /// The criteria that are saved for the window. Default: class and instance.
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
        /// True if one process opens all its windows, so that only the first window gets a
        /// command. False if each window has its own command. Default: false for terminals,
        /// true for other programs.
        once_per_process,
        /// True if these windows are left out of layouts.
        ignore,
        /// The time that `apply` waits for the window, in seconds.
        timeout.range(validate::TIMEOUT).examples(|| json!([60])),
        /// `project` if these windows belong to the captured project, `global` if they belong
        /// to no project. Default: this depends on the working directory of the process.
        scope,
        /// True if this rule takes precedence over users' rules. Only for system files.
        enforce,
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

/// The words of a command, as templates.
#[derive(Clone)]
struct Words(Vec<Template>);

impl Form for Words {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        let command = Command::decode(at, reading).filter(|_| !reading.is_broken(at))?;
        let words = match command.words() {
            Ok(words) => words,
            Err(CommandError::Quotes) => {
                reading.find(at, Fault::Quotes);
                return None;
            }
            Err(_) => {
                reading.find(at, Fault::EmptyCommand);
                return None;
            }
        };
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

/// A word of a rule. `alone` is true if the word can expand to several words.
fn template(
    text: &str,
    alone: bool,
    at: &Cursor<'_>,
    reading: &mut Reading<'_>,
) -> Option<Template> {
    if text.contains('\0') {
        reading.find(at, Fault::Nul("a rule".to_owned()));
    }
    let template = Template::parse(text, alone);
    template
        .map_err(|error| reading.find(at, Fault::Template(error.to_string())))
        .ok()
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
    /// The layouts that a window belongs to.
    RuleScope {
        /// Layouts of the captured project.
        Project,
        /// Layouts without a project.
        Global,
    }
}

object! {
    /// A project.
    Project {
        /// The directory of the project. Windows whose process runs in it or below belong to
        /// the project.
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
}

/// Changes to the built-in list of programs.
#[derive(Clone, Default)]
struct ForegroundPrograms {
    add: Vec<Sourced<String>>,
    remove: Vec<Sourced<String>>,
}

object! {
    /// Changes to the built-in list of programs, by name.
    ForegroundPrograms {
        /// Additional programs that are restarted.
        add.examples(|| json!([["ncmpcpp"]])),
        /// Programs that are not restarted.
        remove,
    }
}

impl Form for SecretPattern {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        let text = decode::text(at, reading)?;
        match criteria::compile(text) {
            // It would find a secret at every position.
            Ok(regex) if regex.is_match(b"").unwrap_or(true) => {
                let message = format!("`{text}` matches the empty text, and so anywhere");
                reading.find(at, Fault::Template(message));
                None
            }
            Ok(regex) => Some(Self {
                text: text.to_owned(),
                regex,
            }),
            Err(message) => {
                let message = format!("`{text}` is no regular expression: {message}");
                reading.find(at, Fault::Template(message));
                None
            }
        }
    }

    fn encode(&self) -> Value {
        self.text.encode()
    }

    fn schema(schemas: &mut Schemas) -> Map<String, Value> {
        String::schema(schemas)
    }
}
