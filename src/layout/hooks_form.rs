//! The written form of hooks; see [`crate::document::form`].

use serde_json::{Map, Value, json};

use super::command::Command;
use super::hooks::{Hook, HookList, Hooks};
use super::validate::TIMEOUT;
use crate::document::definitions::{Schemas, map};
use crate::document::form::object;
use crate::document::spanned::Kind;
use crate::document::{Cursor, Form, Reading, decode};

object! {
    /// Commands that run before or after `apply` and `capture`. A command is a string or a list of
    /// arguments, as the `command` of a window, or a map with `command` and `timeout`. A list of
    /// lists and maps is several commands, which run one after the other.
    Hooks {
        /// Commands that run before `apply` changes anything. If one fails, `apply` does nothing.
        pre_apply.named("pre-apply").examples(|| json!(["playerctl pause"])),
        /// Commands that run after `apply`.
        post_apply.named("post-apply").examples(|| json!([["polybar-msg", "cmd", "restart"]])),
        /// Commands that run before `capture`. If one fails, `capture` does nothing. In a layout,
        /// they run only with `capture --update`.
        pre_capture.named("pre-capture"),
        /// Commands that run after `capture`. In a layout, they run only with `capture --update`.
        post_capture.named("post-capture").examples(|| json!(["git -C ~/.config commit -am layouts"])),
        /// Commands that run after `apply` if a window is missing or not in its place, after those
        /// of `post-apply`.
        on_incomplete.named("on-incomplete"),
    }

    fn is_omitted(&self) -> bool {
        self.is_empty()
    }

    fn examples() -> Value {
        json!([{ "post-apply": ["polybar-msg", "cmd", "restart"] }])
    }
}

/// A hook that is written as a map.
#[derive(Clone, Debug, Default)]
struct HookMap {
    command: Option<Command>,
    timeout: Option<f64>,
}

object! {
    /// A command with its timeout.
    HookMap {
        /// The command, as the `command` of a window.
        command.required(),
        /// The time after which the command is ended, in seconds; 10 by default.
        timeout.range(TIMEOUT).examples(|| json!([60])),
    }

    fn examples() -> Value {
        json!([{ "command": "polybar-msg cmd restart", "timeout": 60 }])
    }
}

/// Values that are a hook.
const HOOK: &str = "a string, a list or a map";

impl Form for Hook {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        match &at.value.kind {
            Kind::Map(_) => {
                let HookMap { command, timeout } = HookMap::decode(at, reading)?;
                let command = command?;
                Some(Self { command, timeout })
            }
            Kind::Text(_) | Kind::List(_) => {
                let command = Command::decode(at, reading)?;
                let timeout = None;
                Some(Self { command, timeout })
            }
            _ => {
                reading.wrong_type(at, HOOK);
                None
            }
        }
    }

    fn encode(&self) -> Value {
        let Self { command, timeout } = self;
        match (command, timeout) {
            // In a list, a string would be an argument.
            (Command::Args(_), None) => command.encode(),
            _ => HookMap {
                command: Some(command.clone()),
                timeout: *timeout,
            }
            .encode(),
        }
    }

    fn schema(schemas: &mut Schemas) -> Map<String, Value> {
        let command = Command::schema(schemas);
        map([("anyOf", json!([command, HookMap::schema(schemas)]))])
    }

    fn stand_in() -> Option<Self> {
        Some(Self {
            command: Command::Args(Vec::new()),
            timeout: None,
        })
    }
}

impl Form for HookList {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        let is_nested = |entry: &Kind| matches!(entry, Kind::List(_) | Kind::Map(_));
        match &at.value.kind {
            Kind::List(entries) if entries.is_empty() => Some(Self::default()),
            Kind::List(entries) if entries.iter().any(|entry| is_nested(&entry.kind)) => {
                decode::list(at, HOOK, reading).map(Self)
            }
            _ => Hook::decode(at, reading).map(|hook| Self(vec![hook])),
        }
    }

    fn encode(&self) -> Value {
        match self.0.as_slice() {
            [
                Hook {
                    command,
                    timeout: None,
                },
            ] => command.encode(),
            [hook] => hook.encode(),
            hooks => hooks.iter().map(Hook::encode).collect(),
        }
    }

    fn is_default(&self) -> bool {
        self.0.is_empty()
    }

    fn schema(schemas: &mut Schemas) -> Map<String, Value> {
        let mut hook = Hook::schema(schemas);
        let list = json!({ "type": "array", "items": hook.clone() });
        if let Some(Value::Array(forms)) = hook.get_mut("anyOf") {
            forms.push(list);
        }
        hook
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, HookEvent, Layout, WriteOptions, read, write};
    use super::*;
    use crate::ui::Paint;
    use crate::ui::diagnostic::to_text;

    fn post_apply(value: &str) -> (Vec<Hook>, String) {
        let text = format!("version: 1\nhooks: {{ post-apply: {value} }}\n");
        let layout: Layout = read(&text, "t.yaml", Format::Yaml)
            .unwrap_or_else(|problems| panic!("{}", to_text(&problems, Paint(false))));
        let written = write(&layout, Format::Yaml, &WriteOptions::default());
        let again = read(&written, "t.yaml", Format::Yaml);
        assert_eq!(again.as_ref(), Ok(&layout), "{written}");
        (layout.hooks.of(HookEvent::PostApply).to_vec(), written)
    }

    #[test]
    fn hooks_have_the_forms_of_commands() {
        let line = |line: &str| Command::Line(line.to_owned());
        let args = |args: &[&str]| Command::Args(args.iter().map(|&one| one.to_owned()).collect());
        for (value, expected) in [
            ("a b", vec![(line("a b"), None)]),
            ("[a, b]", vec![(args(&["a", "b"]), None)]),
            (
                "{ command: a b, timeout: 3 }",
                vec![(line("a b"), Some(3.0))],
            ),
            ("[[a, b]]", vec![(args(&["a", "b"]), None)]),
            (
                "[[a], { command: [c] }, b d]",
                vec![
                    (args(&["a"]), None),
                    (args(&["c"]), None),
                    (line("b d"), None),
                ],
            ),
            ("[]", vec![]),
        ] {
            let (hooks, _) = post_apply(value);
            let found: Vec<_> = hooks
                .into_iter()
                .map(|hook| (hook.command, hook.timeout))
                .collect();
            assert_eq!(found, expected, "{value}");
        }
        let (_, written) = post_apply("{ command: a b }");
        assert_eq!(written, "version: 1\nhooks: { post-apply: a b }\n");
    }

    #[test]
    fn mistakes_in_hooks_are_named() {
        for (value, expected) in [
            ("3", "must be a string, a list or a map"),
            (
                "[polybar-msg cmd restart, b]",
                "a list of strings is one command",
            ),
            ("''", "the command is empty"),
            ("[[]]", "the command is empty"),
            ("{ timeout: 3 }", "missing key `command`"),
            ("'a ${b}'", "unknown variable `b`"),
            ("\"a 'b\"", "missing closing quote"),
        ] {
            let text = format!("version: 1\nhooks: {{ post-apply: {value} }}\n");
            let problems = read(&text, "t.yaml", Format::Yaml).unwrap_err();
            let text = to_text(&problems, Paint(false));
            assert!(text.contains(expected), "{value}: {text}");
        }
    }
}
