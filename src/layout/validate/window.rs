//! Checks of windows and templates.

use super::{Checker, environment_name};
use crate::document::{Fault, Finding, Path};
use crate::layout::command::CommandError;
use crate::layout::model::{Base, Command, Swallow, Template, Window};
use crate::layout::{criteria, names};

impl Checker<'_> {
    pub(super) fn templates(&mut self) {
        let templates = Path::default().key("templates");
        for (name, Template(window)) in &self.layout.templates {
            let path = templates.key(name);
            if !names::is_slot_id(name) {
                let fault = Fault::TemplateName(name.clone());
                self.findings.push(Finding::key(path.clone(), fault));
            }
            self.properties(window, &path);
        }
    }

    /// Reports a template that is not known, and values that a slot cannot take away.
    fn base(&mut self, base: &Base, path: &Path) {
        let Some(template) = &base.template else {
            let fault = Fault::UnknownTemplate {
                name: base.name.clone(),
                known: self.layout.template_names(),
            };
            self.find(&path.key("template"), fault);
            return;
        };
        for key in base.without.iter().filter(|key| template.gives(key)) {
            let fault = Fault::TakenAway {
                key: key.clone(),
                template: base.name.clone(),
            };
            self.find(&path.key(key), fault);
        }
    }

    pub(super) fn window(&mut self, window: &Window, path: &Path) {
        if let Some(base) = &window.base {
            self.base(base, path);
        }
        let base = window.base.as_ref();
        let is_complete = base.is_none_or(|base| base.template.is_some());
        if is_complete && window.swallow.is_empty() && window.command.is_none() {
            self.find(path, Fault::EmptyWindow);
        }
        // The values of a template are checked in its own place.
        self.properties(&window.own(), path);
    }

    /// Checks what templates can have, too.
    fn properties(&mut self, window: &Window, path: &Path) {
        self.swallow(&window.swallow, &path.key("swallow"));
        if let Some(command) = &window.command {
            self.command(command, &path.key("command"));
        }
        if let Some(cwd) = &window.cwd {
            self.text(cwd, &path.key("cwd"), "a directory");
        }
        for (name, value) in &window.env {
            let here = path.key("env").key(name);
            if let Some(fault) = environment_name(name) {
                self.findings.push(Finding::key(here.clone(), fault));
            }
            self.text(value, &here, "an environment variable");
        }
    }

    fn swallow(&mut self, swallow: &Swallow, path: &Path) {
        let mut is_valid = true;
        let mut matches_empty = true;
        for (criterion, pattern) in swallow.criteria() {
            let here = path.key(criterion);
            self.nul(pattern, &here, "a pattern");
            match criteria::compile(pattern) {
                Ok(regex) => matches_empty &= regex.is_match(b"").unwrap_or(false),
                Err(message) => {
                    is_valid = false;
                    self.find(&here, Fault::Pattern { criterion, message });
                }
            }
        }
        if is_valid && matches_empty && !swallow.is_empty() {
            let names: Vec<&str> = swallow.criteria().map(|(name, _)| name).collect();
            self.find(path, Fault::MatchesAnything(names.join(" and ")));
        }
    }

    pub(super) fn command(&mut self, command: &Command, path: &Path) {
        match command.words() {
            Err(CommandError::Quotes) => self.find(path, Fault::Quotes),
            Err(_) => self.find(path, Fault::EmptyCommand),
            Ok(words) => {
                for (position, word) in words.iter().enumerate() {
                    let here = match command {
                        Command::Line(_) => path.clone(),
                        Command::Args(_) => path.index(position),
                    };
                    self.text(word, &here, "a command");
                }
            }
        }
    }
}
