//! The written form of what windows and templates have in common.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::model::{Node, Swallow, Template, Window};
use super::validate;
use crate::document::form::keys;
use crate::document::{Access, Fault, Fields, Object};

/// A window, or something that may be one.
pub(super) trait HasWindow: Object {
    fn window(&self) -> Option<&Window>;
    fn window_mut(&mut self) -> Option<&mut Window>;
}

/// The [`Access`] to a field of a window. What its template gives is not written.
macro_rules! in_window {
    ($field:ident) => {
        Access {
            get: |one| {
                Some(match one.window()?.own() {
                    Cow::Borrowed(window) => Cow::Borrowed(&window.$field),
                    Cow::Owned(window) => Cow::Owned(window.$field),
                })
            },
            set: |one, value| {
                if let Some(window) = one.window_mut() {
                    window.$field = value;
                }
                Ok(())
            },
        }
    };
}

/// Visits the keys of a window that a template can have, too.
pub(super) fn properties_of_window<W: HasWindow>(fields: &mut impl Fields<W>) {
    keys! { fields;
        /// The criteria that i3 uses to recognize the window.
        swallow.examples(|| json!([{ "class": "^XTerm$" }])) => Access {
            get: |one: &W| {
                let swallow = one.window()?.own().into_owned().swallow;
                Some(Cow::Owned(Some(swallow).filter(|swallow| !swallow.is_empty())))
            },
            set: |one, swallow: Option<Swallow>| {
                if swallow.as_ref().is_some_and(Swallow::is_empty) {
                    return Err(Fault::EmptySwallow);
                }
                if let Some(window) = one.window_mut() {
                    window.swallow = swallow.unwrap_or_default();
                }
                Ok(())
            },
        },
        /// The command that starts the program: a string, which is split by the shell's
        /// quoting rules but not run by a shell, or a list of arguments. `${name}` and
        /// `${env:NAME}` are replaced. Without it or with `null`, the program of another
        /// window must open this window.
        command.examples(|| json!(["xterm -e htop", ["code", "--new-window", "${root}"]]))
            => in_window!(command),
        /// The working directory. `~/`, `${name}` and `${env:NAME}` are replaced.
        cwd.examples(|| json!(["~/src/project", "${root}"])) => in_window!(cwd),
        /// Additional environment variables. `${name}` and `${env:NAME}` are replaced.
        env.examples(|| json!([{ "LANG": "C" }])) => in_window!(env),
        /// The time to wait for the window, in seconds.
        timeout.range(validate::TIMEOUT).examples(|| json!([30])) => in_window!(timeout),
        /// True if the layout is complete without this window.
        optional => in_window!(optional),
    }
}

impl HasWindow for Template {
    fn window(&self) -> Option<&Window> {
        Some(&self.0)
    }

    fn window_mut(&mut self) -> Option<&mut Window> {
        Some(&mut self.0)
    }
}

impl Object for Template {
    const NAME: &'static str = "Template";
    const DOC: &'static str = "What slots with this template have in common.";

    fn fields(fields: &mut impl Fields<Self>) {
        properties_of_window(fields);
    }

    fn unknown(key: &str) -> Option<Fault> {
        let hint = match key {
            "template" | "include" => {
                "a template cannot have a template; write all its keys".to_owned()
            }
            "id" | "percent" | "marks" | "border" | "fullscreen" | "sticky" | "rect"
            | "scratchpad" | "title_format" | "title_window_icon" | "focused" | "seen" => {
                format!("move `{key}` to the slots, beside `template`")
            }
            _ => return Node::unknown(key),
        };
        let key = key.to_owned();
        Some(Fault::MisplacedKey { key, hint })
    }

    fn examples() -> Value {
        json!([{ "command": "thunderbird", "swallow": { "class": "^thunderbird$" } }])
    }
}
