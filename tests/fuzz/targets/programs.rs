//! Command lines, desktop entries, criteria and secrets.

use std::collections::BTreeMap;

use i3pm_layout::config::Template;
use i3pm_layout::discover::command_line;
use i3pm_layout::discover::desktop_file::DesktopFile;
use i3pm_layout::discover::secrets::Secrets;
use i3pm_layout::layout::vars::{self, Values};
use i3pm_layout::layout::{Command, Matcher, Swallow, Window, criteria as patterns, shell_syntax};
use i3pm_layout::live::Properties;

/// A command of a layout file, as a string and as a list of lines.
pub(super) fn command(bytes: &[u8]) {
    let text = super::text(bytes);
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for command in [Command::Line(text.clone()), Command::Args(lines)] {
        command.line();
        if let Ok(words) = command.words() {
            let written = command_line::command(words.clone());
            assert_eq!(written.words(), Ok(words));
        }
        let found = shell_syntax::find(&Window {
            command: Some(command),
            cwd: Some(text.clone()),
            ..Window::default()
        });
        if let Some(line) = found.and_then(|found| found.fixed.command) {
            let words = Command::Line(line.clone()).words();
            words.unwrap_or_else(|error| panic!("{error}: {line}"));
        }
    }
    let known = BTreeMap::from([("a".to_owned(), "~/b".to_owned())]);
    let values = Values {
        vars: &known,
        env: &|name| Some(name.to_owned()),
        home: Some("/home/me"),
    };
    // Errors are expected.
    let _ = (values.expand(&text), values.expand_path(&text));
    let escaped = vars::escape_home(vars::escape(&text));
    assert_eq!(
        values.expand_path(&escaped).as_ref(),
        Ok(&text),
        "{escaped}"
    );
    for alone in [false, true] {
        if let Ok(template) = Template::parse(&text, alone) {
            assert_eq!(template.text(), text);
        }
    }
}

/// A pattern in the first line, and the string in which it is searched.
pub(super) fn criteria(bytes: &[u8]) {
    let text = super::text(bytes);
    let (pattern, title) = text.split_once('\n').unwrap_or((&text, ""));
    let swallow = Swallow {
        title: Some(pattern.to_owned()),
        ..Swallow::default()
    };
    let properties = Properties {
        title: Some(title.to_owned()),
        ..Properties::default()
    };
    if let Ok(matcher) = Matcher::new(&swallow) {
        let matches = matcher.matches(&properties);
        assert_eq!(matcher.first_misfit(&properties).is_none(), matches);
    }
    if patterns::is_matchable(title) {
        let exact = Swallow {
            title: Some(patterns::exact(title)),
            ..Swallow::default()
        };
        let exact = Matcher::new(&exact).expect("an escaped string is a valid pattern");
        assert!(exact.matches(&properties));
    }
}

/// A desktop entry.
pub(super) fn desktop_entry(bytes: &[u8]) {
    let Some((entry, _)) = DesktopFile::parse("fuzz", bytes) else {
        return;
    };
    let files = ["a".to_owned(), "b".to_owned()];
    for exec in [&entry.exec].into_iter().chain(&entry.actions) {
        assert!(!exec.argv.is_empty());
        assert_eq!(exec.opening(&files).len(), exec.argv.len() + files.len());
    }
}

/// The arguments of a program, one in each line.
pub(super) fn secrets(bytes: &[u8]) {
    let text = super::text(bytes);
    let argv: Vec<String> = text.lines().map(str::to_owned).collect();
    let secrets = Secrets::default();
    let (masked, values) = secrets.masked_with_values(&argv);
    assert_eq!(masked, secrets.masked(&argv));
    assert_eq!(masked.len(), argv.len());
    assert_eq!(values, secrets.values(&argv));
    let (replaced, names) = secrets.replaced(&argv);
    assert_eq!(replaced.len(), argv.len());
    for name in names {
        let reference = format!("${{env:{name}}}");
        assert!(replaced.concat().contains(&reference), "{reference}");
    }
    secrets.masked_text(&text);
    secrets.replaced_text("program", &text);
}
