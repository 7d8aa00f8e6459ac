//! Templates: criteria, commands and other properties that several slots share, in one layout or in many.
//!
//! A slot with a template has the values of the template wherever it has none of its own. So all other
//! code sees complete windows; only the writer leaves out what the template gives.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::hooks::HookEvent;
use super::model::{Base, Command, Included, Layout, Swallow, Template, Window};
use super::names::unused;
use super::vars::variable_names;

impl Base {
    /// The template of this name, which is not known yet.
    pub const fn named(name: String) -> Self {
        Self {
            name,
            template: None,
            without: Vec::new(),
        }
    }
}

impl Included {
    /// Adds the variables and templates of a file, with those that it includes itself. They replace
    /// earlier ones of the same name; a variable without a value replaces none.
    pub fn add(&mut self, layout: Layout) {
        self.vars.extend(layout.vars);
        self.required_vars.extend(layout.required_vars);
        self.required_vars
            .retain(|name| !self.vars.contains_key(name));
        self.templates.extend(layout.included.templates);
        self.templates.extend(layout.templates);
    }
}

impl Layout {
    /// Takes over the variables and templates of included files, except those of the same name in this
    /// layout, and gives slots the values of their templates.
    pub(super) fn include(&mut self, mut included: Included) {
        let own: BTreeSet<String> = self
            .vars
            .keys()
            .chain(&self.required_vars)
            .cloned()
            .collect();
        included.vars.retain(|name, _| !own.contains(name));
        included.required_vars.retain(|name| !own.contains(name));
        self.vars.extend(included.vars.clone());
        self.required_vars.extend(included.required_vars.clone());
        self.included = included;
        let all = self.all_templates();
        self.for_each_window(&mut |window| {
            if let Some(base) = &mut window.base
                && let Some(template) = all.get(&base.name)
            {
                base.template = Some(Box::new(template.clone()));
                window.inherit(&template.0);
            }
        });
        // A file with nothing but templates is for others, which may use them.
        if self.included.required_vars.is_empty() || self.is_only_shared() {
            return;
        }
        // Nobody has to give a value for a template of another file that is not used.
        let mut used = self.used_variables();
        used.extend(self.templates.values().flat_map(variables_of));
        self.included
            .required_vars
            .retain(|name| used.contains(name));
        let required = &self.included.required_vars;
        self.required_vars
            .retain(|name| own.contains(name) || required.contains(name));
    }

    /// The variables to which slots, hooks and names of workspaces refer.
    fn used_variables(&self) -> BTreeSet<String> {
        let of_windows = self.windows().flat_map(texts_of);
        let hooks = HookEvent::ALL
            .into_iter()
            .flat_map(|event| self.hooks.of(event));
        let of_hooks = hooks.flat_map(|hook| words_of(&hook.command));
        let names = self
            .workspaces
            .iter()
            .map(|workspace| workspace.name.clone());
        let texts = of_windows.chain(of_hooks).chain(names);
        let names = texts.flat_map(|text| variable_names(&text).collect::<Vec<_>>());
        names.collect()
    }

    /// The variables of the layout's own file that nothing uses, not even a template that no slot has. A
    /// file without windows has none: its variables are for the layouts that include it.
    pub fn unused_variables(&self) -> Vec<String> {
        if self.is_only_shared() {
            return Vec::new();
        }
        let mut used = self.used_variables();
        let templates = self.templates.values();
        let included = self.included.templates.values();
        used.extend(templates.chain(included).flat_map(variables_of));
        let Included {
            vars,
            required_vars,
            ..
        } = &self.included;
        let own = self.variables().into_iter();
        own.filter(|name| !vars.contains_key(name) && !required_vars.contains(name))
            .filter(|name| !used.contains(name))
            .collect()
    }

    /// True for a file with variables and templates, but without windows and workspaces.
    pub fn is_only_shared(&self) -> bool {
        let has_windows = !self.workspaces.is_empty() || !self.scratchpad.is_empty();
        let shares = !self.templates.is_empty() || !self.vars.is_empty();
        !has_windows && (shares || !self.required_vars.is_empty() || !self.include.is_empty())
    }

    /// The same layout without a reference to another file or a template.
    #[must_use]
    pub fn in_one_file(&self) -> Self {
        let mut layout = self.clone();
        layout.include = Vec::new();
        layout.templates = BTreeMap::new();
        layout.included = Included::default();
        let mut taken: BTreeSet<String> = self.windows().filter_map(|one| one.id.clone()).collect();
        layout.for_each_window(&mut |window| {
            if let Some(base) = window.base.take() {
                // The slot is named after its template.
                let id = window.id.take();
                window.id = id.or_else(|| Some(unused(&base.name, &mut taken)));
            }
        });
        layout
    }

    /// The names of all templates.
    pub(super) fn template_names(&self) -> Vec<String> {
        let names = self.included.templates.keys().chain(self.templates.keys());
        let names: BTreeSet<&String> = names.collect();
        names.into_iter().cloned().collect()
    }

    /// The templates of the layout and of the files that it includes.
    pub(super) fn all_templates(&self) -> BTreeMap<String, Template> {
        let mut all = self.included.templates.clone();
        all.extend(self.templates.clone());
        all
    }
}

fn words_of(command: &Command) -> Vec<String> {
    match command {
        Command::Line(line) => vec![line.clone()],
        Command::Args(words) => words.clone(),
    }
}

/// The variables to which a template refers.
fn variables_of(template: &Template) -> Vec<String> {
    let texts = texts_of(&template.0).into_iter();
    let names = texts.flat_map(|text| variable_names(&text).collect::<Vec<_>>());
    names.collect()
}

/// The texts of a window in which variables have a meaning.
fn texts_of(window: &Window) -> Vec<String> {
    let command = window.command.iter().flat_map(words_of);
    let others = window.cwd.iter().chain(window.env.values()).cloned();
    command.chain(others).collect()
}

impl Template {
    /// True if it has a value for this key.
    pub(super) fn gives(&self, key: &str) -> bool {
        let Self(window) = self;
        match key {
            "swallow" => !window.swallow.is_empty(),
            "command" => window.command.is_some(),
            "cwd" => window.cwd.is_some(),
            "env" => !window.env.is_empty(),
            "timeout" => window.timeout.is_some(),
            "optional" => window.optional,
            _ => false,
        }
    }
}

impl Window {
    /// Takes over values of a template.
    fn inherit(&mut self, template: &Self) {
        if self.swallow.is_empty() {
            self.swallow = template.swallow.clone();
        }
        let Self {
            command, cwd, env, ..
        } = template;
        self.command = self.command.take().or_else(|| command.clone());
        self.cwd = self.cwd.take().or_else(|| cwd.clone());
        for (name, value) in env {
            let own = self.env.entry(name.clone());
            own.or_insert_with(|| value.clone());
        }
        self.timeout = self.timeout.or(template.timeout);
        self.optional |= template.optional;
    }

    /// The window without the values that its template gives.
    pub(super) fn own(&self) -> Cow<'_, Self> {
        let template = self.base.as_ref().and_then(|base| base.template.as_ref());
        let Some(template) = template.map(|template| &template.0) else {
            return Cow::Borrowed(self);
        };
        let mut own = self.clone();
        if own.swallow == template.swallow {
            own.swallow = Swallow::default();
        }
        own.command = own.command.filter(|_| self.command != template.command);
        own.cwd = own.cwd.filter(|_| self.cwd != template.cwd);
        own.env
            .retain(|name, value| template.env.get(name) != Some(value));
        own.timeout = own.timeout.filter(|_| self.timeout != template.timeout);
        own.optional &= !template.optional;
        Cow::Owned(own)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, WriteOptions, read, read_including, write};
    use super::*;

    const SHARED: &str = "version: 1
vars: { root: ~/src, size: small }
templates:
  shell: { command: xterm, cwd: \"${root}\", timeout: 60, env: { A: \"1\", B: \"2\" } }
  log: { command: xterm -e top, optional: true }
";

    const TEXT: &str = "version: 1
vars: { size: big }
include: shared.yaml
templates: { log: { command: xterm -e htop } }
workspaces:
  - name: \"1\"
    nodes:
      - { template: shell, env: { B: \"3\" }, percent: 60 }
      - { template: log, cwd: ~/log }
";

    fn layout(included: &Included) -> Layout {
        read_including(TEXT.as_bytes(), "t.yaml", Format::Yaml, included)
            .unwrap_or_else(|problems| panic!("{problems}"))
    }

    fn shared() -> Included {
        let shared = read(SHARED, "shared.yaml", Format::Yaml);
        let mut included = Included::default();
        included.add(shared.unwrap_or_else(|problems| panic!("{problems}")));
        included
    }

    #[test]
    fn unused_variables_are_those_of_the_file_itself() {
        let unused = |text: &str| {
            let layout = read_including(text.as_bytes(), "t.yaml", Format::Yaml, &shared());
            layout
                .unwrap_or_else(|problems| panic!("{problems}"))
                .unused_variables()
        };
        // The included `size` and `root` are no business of this file.
        let text = "version: 1
vars: { rot: ~/x, root: ~/y, name: a, dir: b, tool: c, gone: null }
include: shared.yaml
templates: { log: { command: \"${tool}\" } }
hooks: { post-apply: [notify, \"${dir}\"] }
workspaces: [{ name: \"1: ${name}\", nodes: [{ command: \"echo $${rot}\" }] }]
";
        assert_eq!(unused(text), ["rot", "gone"]);
        let (shared, _) = text.split_once("workspaces").unwrap();
        assert!(unused(shared).is_empty());
    }

    #[test]
    fn own_values_take_precedence() {
        let layout = layout(&shared());
        assert_eq!(layout.vars["size"], "big");
        assert_eq!(layout.vars["root"], "~/src");
        let windows: Vec<&Window> = layout.windows().collect();
        let [shell, log] = windows[..] else {
            panic!("{windows:?}")
        };
        let env: Vec<_> = shell
            .env
            .iter()
            .map(|(name, value)| format!("{name}{value}"))
            .collect();
        assert_eq!(env, ["A1", "B3"]);
        assert_eq!(
            (shell.cwd.as_deref(), shell.timeout),
            (Some("${root}"), Some(60.0))
        );
        let line = log.command.as_ref().map(Command::line);
        assert_eq!(line.as_deref(), Some("xterm -e htop"));
        assert_eq!((log.cwd.as_deref(), log.optional), (Some("~/log"), false));
    }

    #[test]
    fn slots_of_one_template_have_different_names_in_one_file() {
        let text = "version: 1\ntemplates: { a: { command: x } }\nworkspaces: [{ name: \"1\", nodes: \
                    [{ template: a }, { template: a }, { id: a-2, command: y }] }]\n";
        let layout = read(text, "t.yaml", Format::Yaml);
        let layout = layout.unwrap_or_else(|problems| panic!("{problems}"));
        let ids = layout.in_one_file();
        let ids: Vec<_> = ids.windows().filter_map(|one| one.id.as_deref()).collect();
        assert_eq!(ids, ["a", "a-3", "a-2"]);
    }

    #[test]
    fn required_variables_of_included_files_reach_their_users() {
        let deepest = "version: 1\nvars: { v: null }\ntemplates: { a: { command: \"x ${v}\" } }\n";
        let parsed = |text: &str, included: &Included| {
            let layout = read_including(text.as_bytes(), "t.yaml", Format::Yaml, included);
            layout.unwrap_or_else(|problems| panic!("{problems}"))
        };
        let mut inner = Included::default();
        inner.add(parsed(deepest, &Included::default()));
        // A file that only passes them on, and one whose own template needs one.
        let mut outer = Included::default();
        outer.add(parsed("version: 1\ninclude: sh.yaml\n", &inner));
        let text = "version: 1\ninclude: mid.yaml\nworkspaces: [{ name: \"1\", nodes: [{ template: a }] }]\n";
        assert!(parsed(text, &outer).required_vars.contains("v"));
        let own = "version: 1\ninclude: sh.yaml\ntemplates: { own: { command: \"y ${v}\" } }\n";
        assert!(parsed(own, &inner).required_vars.contains("v"));
        let used = format!("{own}workspaces: [{{ name: \"1\", nodes: [{{ command: z }}] }}]\n");
        assert!(parsed(&used, &inner).required_vars.contains("v"));
    }

    #[test]
    fn text_stays_the_same() {
        let text = write(&layout(&shared()), Format::Yaml, &WriteOptions::default());
        assert_eq!(text, TEXT);
    }

    #[test]
    fn later_files_take_precedence_but_not_without_a_value() {
        let mut included = shared();
        let later = "version: 1\nvars: { root: null, size: huge, new: null, other: null }\n\
                     templates: { log: { command: \"xterm ${new}\" }, x: { cwd: \"${other}\" } }\n";
        let later = read(later, "later.yaml", Format::Yaml);
        included.add(later.unwrap_or_else(|problems| panic!("{problems}")));
        assert_eq!(included.vars["root"], "~/src");
        assert_eq!(included.vars["size"], "huge");
        let layout = layout(&included);
        assert_eq!(layout.vars["size"], "big");
        // The own template `log` is used, and `x` is not.
        assert!(layout.required_vars.is_empty());
        let text = TEXT.replace("templates: { log: { command: xterm -e htop } }\n", "");
        let layout = read_including(text.as_bytes(), "t.yaml", Format::Yaml, &included);
        let layout = layout.unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(layout.required_vars, BTreeSet::from(["new".to_owned()]));
    }
}
