//! Windows that stand for those of programs that are not started. Pure.

use crate::compile::slot_ids;
use crate::layout::vars::Values;
use crate::layout::{Command, Layout, Swallow, Window, escape, vars};

/// The begin of the instance of such a window, before the id of its slot.
const INSTANCE: &str = "i3pm-stand-in-";

/// The layout with windows of this program instead of those for which `is_wanted` is true. `command`
/// opens a window with an instance and a title, the two words that follow it. The title is the command of
/// the program, with these values.
///
/// A window without a command is opened by the program of another one. If a program is replaced, so are
/// such windows, except those of the class of a program that stays.
pub fn with_stand_ins(
    layout: &Layout,
    command: &[String],
    values: &Values<'_>,
    is_wanted: impl Fn(&Window) -> bool,
) -> Layout {
    let windows: Vec<&Window> = layout.windows().collect();
    let (gone, kept): (Vec<&Window>, Vec<&Window>) = windows
        .iter()
        .filter(|window| window.command.is_some())
        .partition(|window| is_wanted(window));
    let is_without_program = |window: &Window| {
        let mut same = kept.iter().map(|kept| &kept.swallow.class);
        window.command.is_none()
            && !gone.is_empty()
            && !same.any(|class| *class == window.swallow.class)
    };
    let is_wanted = |window: &Window| is_wanted(window) || is_without_program(window);
    let mut ids = slot_ids::assign(&windows).into_iter();
    let mut replaced = layout.clone();
    replaced.for_each_window(&mut |window| {
        let Some(id) = ids.next().filter(|_| is_wanted(window)) else {
            return;
        };
        let instance = format!("{INSTANCE}{id}");
        let line = window.command.as_ref().map(|line| filled(line, values));
        let title = line.unwrap_or_else(|| id.clone());
        let words = [instance.clone(), title];
        let words = command.iter().chain(&words).map(|word| vars::escape(word));
        *window = Window {
            swallow: Swallow {
                instance: Some(format!("^{}$", escape(&instance))),
                ..Swallow::default()
            },
            id: Some(id),
            command: Some(Command::Args(words.collect())),
            optional: window.optional,
            ..Window::default()
        };
    });
    replaced
}

/// A command line with the values of variables; those that have none stay.
fn filled(command: &Command, values: &Values<'_>) -> String {
    let env = |name: &str| Some((values.env)(name).unwrap_or_else(|| format!("${{env:{name}}}")));
    let values = Values {
        env: &env,
        ..*values
    };
    let fill = |text: &String| values.expand(text).unwrap_or_else(|_| text.clone());
    match command {
        Command::Line(line) => fill(line),
        Command::Args(words) => Command::Args(words.iter().map(fill).collect()).line(),
    }
}

/// The program of a window, and the one that it runs as a terminal, if they are known without values of
/// variables.
pub fn programs(window: &Window) -> Vec<String> {
    let words = window.command.as_ref().and_then(|line| line.words().ok());
    let words = words.unwrap_or_default();
    let inside = words.iter().skip_while(|word| *word != "-e").nth(1);
    let all = words.first().into_iter().chain(inside);
    // With spaces, it is a command line.
    let all = all.filter(|word| !word.contains(['$', ' ']) && !word.starts_with('~'));
    all.cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{Format, WriteOptions, read, write};

    #[test]
    fn only_wanted_windows_are_replaced() {
        let text = "version: 1\nvars: { root: /x }\nworkspaces:\n  - name: \"1\"\n    nodes:\n      \
                    - { swallow: { class: A }, command: \"a ${root} ${env:NO}\", percent: 60, focused: true }\n      \
                    - { id: b, swallow: { class: B }, command: b, percent: 40 }\n";
        let layout = read(text, "t", Format::Yaml).unwrap();
        let own = ["own".to_owned(), "show".to_owned()];
        let values = Values {
            vars: &layout.vars,
            env: &|_| None,
            home: None,
        };
        let wanted = |window: &Window| programs(window) == ["a"];
        let replaced = with_stand_ins(&layout, &own, &values, wanted);
        let written = write(&replaced, Format::Yaml, &WriteOptions::default());
        assert!(
            written.contains(r"swallow: { instance: ^i3pm-stand-in-a$ }"),
            "{written}"
        );
        assert!(
            written.contains("[own, show, i3pm-stand-in-a, a /x $${env:NO}]")
                || written.contains("[own, show, i3pm-stand-in-a, \"a /x $${env:NO}\"]"),
            "{written}"
        );
        assert!(written.contains("percent: 60"), "{written}");
        assert!(written.contains("command: b"), "{written}");
        // It is a layout.
        read(&written, "t", Format::Yaml).unwrap();
    }

    #[test]
    fn windows_that_a_missing_program_opens_are_replaced() {
        let text = "version: 1\nworkspaces:\n  - name: \"1\"\n    nodes:\n      \
                    - { id: a, swallow: { class: A }, command: a }\n      \
                    - { id: a2, swallow: { class: A, title: two } }\n      \
                    - { id: b, swallow: { class: B }, command: b }\n      \
                    - { id: b2, swallow: { class: B, title: two } }\n";
        let layout = read(text, "t", Format::Yaml).unwrap();
        let values = Values {
            vars: &layout.vars,
            env: &|_| None,
            home: None,
        };
        for (missing, expected) in [("a", &["a", "a2"][..]), ("b", &["b", "b2"]), ("c", &[])] {
            let wanted = |window: &Window| programs(window) == [missing];
            let replaced = with_stand_ins(&layout, &["own".to_owned()], &values, wanted);
            let replaced = replaced
                .windows()
                .filter(|window| window.swallow.class.is_none());
            let ids: Vec<&str> = replaced.filter_map(|window| window.id.as_deref()).collect();
            assert_eq!(ids, expected, "{missing}");
        }
    }

    #[test]
    fn programs_behind_variables_are_unknown() {
        let of = |command: &str| {
            programs(&Window {
                command: Some(Command::Line(command.to_owned())),
                ..Window::default()
            })
        };
        let none: [&str; 0] = [];
        assert_eq!(of("xterm -e top -d 1"), ["xterm", "top"]);
        assert_eq!(of("xterm -e 'top -d 1'"), ["xterm"]);
        assert_eq!(of("${editor} x"), none);
        assert_eq!(of("~/bin/x"), none);
        assert_eq!(programs(&Window::default()), none);
    }
}
