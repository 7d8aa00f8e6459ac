//! From the shape of a configuration file to what it means, with all that is wrong.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::criterion::Criterion;
use super::file::{
    FileConfig, FileCriterion, FileForeground, FileProject, FileRule, FileScope, VERSION,
};
use super::model::{Layer, Layered, Origin, Project, Rule, RuleScope, SecretPattern, Sourced};
use super::schema;
use super::template::Template;
use crate::layout::source::{self, Document};
use crate::layout::{
    Command, CommandError, Fault, Finding, Format, Matcher, Path, Problems, Swallow, criteria,
    names, validate,
};

/// Reads the text of a configuration file; `origin` is the file as messages name it.
pub fn read(bytes: &[u8], origin: &str, layer: Layer) -> Result<Layered, Problems> {
    if is_blank(bytes) {
        return Ok(Layered::default());
    }
    let mut layered = source::read_bytes::<FileConfig>(bytes, origin, Format::Yaml)?;
    locate(&mut layered, &String::from_utf8_lossy(bytes), origin, layer);
    Ok(layered)
}

/// Whether there is nothing but comments in a file: people leave one so that has all
/// settings switched off.
fn is_blank(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    text.split(|&byte| byte == b'\n').all(|line| {
        let line = line.trim_ascii();
        line.is_empty() || line.starts_with(b"#") || line == b"---"
    })
}

/// Says of everything where it stands.
fn locate(layered: &mut Layered, text: &str, file: &str, layer: Layer) {
    let root = Path::default();
    let mut paths = Vec::new();
    let mut origins: Vec<&mut Origin> = Vec::new();
    for (index, rule) in layered.rules.iter_mut().enumerate() {
        paths.push(root.key("rules").index(index));
        origins.push(&mut rule.origin);
    }
    for (name, project) in &mut layered.projects {
        paths.push(root.key("projects").key(name));
        origins.push(&mut project.origin);
    }
    let foreground = root.key("foreground_programs");
    for (key, list) in [("add", &mut layered.add), ("remove", &mut layered.remove)] {
        for (index, program) in list.iter_mut().enumerate() {
            paths.push(foreground.key(key).index(index));
            origins.push(&mut program.origin);
        }
    }
    for (index, pattern) in layered.secret_patterns.iter_mut().enumerate() {
        paths.push(root.key("secret_patterns").index(index));
        origins.push(&mut pattern.origin);
    }
    let lines = source::lines::<FileConfig>(text, Format::Yaml, &paths);
    for (origin, line) in origins.into_iter().zip(lines) {
        *origin = Origin {
            layer,
            file: file.to_owned(),
            line,
        };
    }
}

impl Document for FileConfig {
    type Model = Layered;
    const WHAT: &'static str = "a configuration file";
    const KIND: &'static str = "invalid-config";
    const VERSION: u64 = VERSION;

    fn schema() -> Value {
        schema::schema()
    }

    fn meaning(self) -> (Layered, Vec<Finding>) {
        let mut reader = Reader {
            findings: Vec::new(),
        };
        let root = Path::default();
        if self.version != VERSION {
            reader.find(root.key("version"), Fault::UnknownVersion(self.version));
        }
        let rules = root.key("rules");
        let mut layered = Layered {
            rules: Vec::new(),
            projects: reader.projects(self.projects, &root.key("projects")),
            ..Layered::default()
        };
        for (index, rule) in self.rules.into_iter().enumerate() {
            layered.rules.extend(reader.rule(rule, &rules.index(index)));
        }
        let FileForeground { add, remove } = self.foreground_programs;
        layered.add = add.into_iter().map(nowhere).collect();
        layered.remove = remove.into_iter().map(nowhere).collect();
        let patterns = root.key("secret_patterns");
        for (index, text) in self.secret_patterns.into_iter().enumerate() {
            match criteria::compile(&text) {
                // It would find a secret between all letters.
                Ok(regex) if regex.is_match(b"").unwrap_or(true) => reader.find(
                    patterns.index(index),
                    Fault::Template(format!("`{text}` matches the empty text, and so anywhere")),
                ),
                Ok(regex) => layered
                    .secret_patterns
                    .push(nowhere(SecretPattern { text, regex })),
                Err(message) => reader.find(
                    patterns.index(index),
                    Fault::Template(format!("`{text}` is no regular expression: {message}")),
                ),
            }
        }
        (layered, reader.findings)
    }

    fn stand_in(key: &str) -> Option<Value> {
        match key {
            "criteria" => Some(json!({ "class": "^x$" })),
            "directory" => Some(json!("/")),
            _ => None,
        }
    }

    fn stand_in_entry(list: &str) -> Value {
        match list {
            "rules" => json!({ "criteria": { "class": "^x$" }, "ignore": true }),
            "swallow" => json!("class"),
            _ => json!(""),
        }
    }
}

/// A value whose place is looked up later.
const fn nowhere<T>(value: T) -> Sourced<T> {
    Sourced {
        value,
        origin: NOWHERE,
    }
}

const NOWHERE: Origin = Origin {
    layer: Layer::User,
    file: String::new(),
    line: 0,
};

struct Reader {
    findings: Vec<Finding>,
}

impl Reader {
    fn find(&mut self, path: Path, fault: Fault) {
        self.findings.push(Finding::new(path, fault));
    }

    fn projects(
        &mut self,
        projects: BTreeMap<String, FileProject>,
        path: &Path,
    ) -> BTreeMap<String, Sourced<Project>> {
        let mut all = BTreeMap::new();
        for (name, FileProject { directory }) in projects {
            let path = path.key(&name);
            if let Some(why) = names::refuse(&name) {
                let what = "project";
                let fault = Fault::Name {
                    what,
                    name: name.clone(),
                    why,
                };
                self.findings.push(Finding::key(path.clone(), fault));
            }
            if !(directory.starts_with('/') || directory == "~" || directory.starts_with("~/")) {
                let fault = Fault::RelativeDirectory(directory.clone());
                self.find(path.key("directory"), fault);
            }
            all.insert(name, nowhere(Project { directory }));
        }
        all
    }

    /// `None` when something about the rule is wrong.
    fn rule(&mut self, rule: FileRule, path: &Path) -> Option<Rule> {
        let before = self.findings.len();
        let criteria: Swallow = rule.criteria.into();
        let matcher = self.criteria(&criteria, &path.key("criteria"));
        let command = rule
            .command
            .and_then(|command| self.command(&command.into(), &path.key("command")));
        let cwd = rule
            .cwd
            .and_then(|cwd| self.template(&cwd, false, &path.key("cwd")));
        let mut env = BTreeMap::new();
        for (name, value) in rule.env {
            let here = path.key("env").key(&name);
            if let Some(fault) = validate::environment_name(&name) {
                self.findings.push(Finding::key(here.clone(), fault));
            }
            if let Some(value) = self.template(&value, false, &here) {
                env.insert(name, value);
            }
        }
        let swallow = rule
            .swallow
            .map(|list| list.into_iter().map(Criterion::from).collect::<Vec<_>>());
        if swallow.as_ref().is_some_and(Vec::is_empty) {
            self.find(path.key("swallow"), Fault::NoCriterion);
        }
        if let Some(fault) = rule.timeout.and_then(validate::timeout) {
            self.find(path.key("timeout"), fault);
        }
        let rule = Rule {
            criteria,
            matcher: matcher?,
            command,
            cwd,
            env,
            swallow,
            once_per_process: rule.once_per_process,
            ignore: rule.ignore,
            timeout: rule.timeout,
            scope: rule.scope.map(RuleScope::from),
            enforce: rule.enforce,
            origin: NOWHERE,
        };
        if self.findings.len() == before && says_nothing(&rule) {
            self.find(path.clone(), Fault::EmptyRule);
        }
        (self.findings.len() == before).then_some(rule)
    }

    fn criteria(&mut self, swallow: &Swallow, path: &Path) -> Option<Matcher> {
        if swallow.is_empty() {
            self.find(path.clone(), Fault::EmptyCriteria);
        }
        for (criterion, pattern) in swallow.criteria() {
            if let Err(message) = criteria::compile(pattern) {
                self.find(path.key(criterion), Fault::Pattern { criterion, message });
            }
        }
        Matcher::new(swallow).ok()
    }

    fn command(&mut self, command: &Command, path: &Path) -> Option<Vec<Template>> {
        match command.words() {
            Err(CommandError::Quotes) => {
                self.find(path.clone(), Fault::Quotes);
                None
            }
            Err(_) => {
                self.find(path.clone(), Fault::EmptyCommand);
                None
            }
            Ok(words) => words
                .iter()
                .enumerate()
                .map(|(position, word)| {
                    let here = match command {
                        Command::Line(_) => path.clone(),
                        Command::Args(_) => path.index(position),
                    };
                    self.template(word, position > 0, &here)
                })
                .collect(),
        }
    }

    fn template(&mut self, text: &str, alone: bool, path: &Path) -> Option<Template> {
        if text.contains('\0') {
            self.find(path.clone(), Fault::Nul("a rule".to_owned()));
        }
        match Template::parse(text, alone) {
            Ok(template) => Some(template),
            Err(error) => {
                self.find(path.clone(), Fault::Template(error.to_string()));
                None
            }
        }
    }
}

fn says_nothing(rule: &Rule) -> bool {
    rule.command.is_none()
        && rule.cwd.is_none()
        && rule.env.is_empty()
        && rule.swallow.is_none()
        && rule.once_per_process.is_none()
        && !rule.ignore
        && rule.timeout.is_none()
        && rule.scope.is_none()
}

impl From<FileCriterion> for Criterion {
    fn from(criterion: FileCriterion) -> Self {
        match criterion {
            FileCriterion::Class => Self::Class,
            FileCriterion::Instance => Self::Instance,
            FileCriterion::Title => Self::Title,
            FileCriterion::WindowRole => Self::WindowRole,
            FileCriterion::Machine => Self::Machine,
        }
    }
}

impl From<FileScope> for RuleScope {
    fn from(scope: FileScope) -> Self {
        match scope {
            FileScope::Project => Self::Project,
            FileScope::Global => Self::Global,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_comments_says_nothing() {
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
                    secret_patterns: []\n";
        for (key, hint) in [
            ("rulez", "did you mean `rules`?"),
            ("xyzzy", "nothing else is allowed here"),
        ] {
            let text = format!("{text}{key}: []\n");
            let problems = read(text.as_bytes(), "c.yaml", Layer::User).unwrap_err();
            assert!(problems.to_string().contains(hint), "{problems}");
        }
    }

    #[test]
    fn everything_has_its_place() {
        let text = "version: 1\nrules:\n  - criteria: { class: ^A$ }\n    ignore: true\n\n  - { \
                    criteria: { title: x }, timeout: 5 }\nprojects:\n  p: { directory: ~/p \
                    }\nforeground_programs: { add: [a], remove:\n  - b }\nsecret_patterns: [c]\n";
        // A list in block style cannot stand in a map in flow style.
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
        assert_eq!(layered.add[0].origin.line, 9);
        assert_eq!(layered.secret_patterns[0].origin.line, 10);
        assert_eq!(layered.remove[0].origin.layer, Layer::System);
    }

    #[test]
    fn all_problems_come_at_once() {
        const EXPECTED: &str = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/data/config/everything-at-once.yaml.expected"
        );
        let text = include_bytes!("../../tests/data/config/everything-at-once.yaml");
        let problems = read(text, "config.yaml", Layer::User).unwrap_err();
        let shown = problems.render(false);
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            std::fs::write(EXPECTED, &shown).unwrap();
        }
        assert_eq!(shown, std::fs::read_to_string(EXPECTED).unwrap_or_default());
    }
}
