//! The templates of rules, with the values of a window.

use crate::config::Criterion;
use crate::config::template::{Piece, Template};
use crate::discover::candidate::NoValue;
use crate::discover::secrets::{Marked, Secrets};
use crate::layout::Pattern;
use crate::live::Properties;

/// Returns the words for a window, in the form of a layout file: text from the window is escaped,
/// and references to the environment are unchanged. Secrets stay marked.
pub(super) fn words(template: &Template, seen: &Seen) -> Result<Vec<Marked>, NoValue> {
    if let [Piece::Arguments(first)] = template.pieces() {
        return Ok(seen.rest(*first).iter().map(Marked::escaped).collect());
    }
    Ok(vec![value(template, seen)?])
}

/// Returns the only word for a window; see [`words`].
pub(super) fn value(template: &Template, seen: &Seen) -> Result<Marked, NoValue> {
    let mut value = Marked::default();
    for piece in template.pieces() {
        match piece {
            Piece::Text(text) => value.push(text),
            Piece::Argument(index) => {
                let argument = seen.argv.get(*index).ok_or(NoValue::Argument(*index))?;
                value.push_argument(argument);
            }
            Piece::Arguments(first) => {
                for (index, argument) in seen.rest(*first).iter().enumerate() {
                    value.push(if index > 0 { " " } else { "" });
                    value.push_argument(argument);
                }
            }
            Piece::Property(criterion, pattern) => {
                value.push_escaped(&seen.property(*criterion, pattern.as_ref())?);
            }
        }
    }
    Ok(value)
}

/// The values of a window that templates can use, with their secrets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen<'a> {
    /// The arguments of its process.
    pub(super) argv: &'a [Marked],
    pub(super) properties: &'a Properties,
    pub(super) secrets: &'a Secrets,
}

impl Seen<'_> {
    /// The arguments from this one on.
    fn rest(&self, first: usize) -> &[Marked] {
        self.argv.get(first..).unwrap_or_default()
    }

    /// Returns the first group of the pattern in the property, or the whole match if the pattern
    /// has no group.
    fn property(&self, criterion: Criterion, pattern: Option<&Pattern>) -> Result<Marked, NoValue> {
        let text = criterion.of(self.properties).unwrap_or_default();
        let marked = self.secrets.marked_text(text, self.argv);
        let Some(regex) = pattern else {
            return Ok(marked);
        };
        let captures = regex.captures(text.as_bytes()).ok().flatten();
        captures
            .as_ref()
            .and_then(|captures| captures.get(1).or_else(|| captures.get(0)))
            .and_then(|found| marked.part(found.start()..found.end()))
            .ok_or_else(|| NoValue::Property {
                criterion,
                pattern: regex.as_str().to_owned(),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(text: &str) -> String {
        let argv = ["app", "a b", "${x}", "--y"].map(Marked::from);
        let properties = Properties {
            title: Some("notes.org – ~/src/x (Emacs)".to_owned()),
            class: Some("Emacs".to_owned()),
            ..Properties::default()
        };
        let seen = Seen {
            argv: &argv,
            properties: &properties,
            secrets: &Secrets::default(),
        };
        match Template::parse(text, true) {
            Err(error) => format!("! {error}"),
            Ok(template) => match words(&template, &seen) {
                Ok(words) => {
                    let words: Vec<&str> = words.iter().map(Marked::text).collect();
                    words.join("|")
                }
                Err(reason) => format!("? {reason}"),
            },
        }
    }

    #[test]
    fn arguments_and_groups_are_inserted() {
        for (text, expected) in [
            ("emacs", "emacs"),
            ("{0}", "app"),
            ("x{1}y", "xa by"),
            ("{1..}", "a b|$${x}|--y"),
            ("{3..}", "--y"),
            ("{9..}", ""),
            ("{title:^(.*?) – }", "notes.org"),
            ("{title:[a-z]{2,5}}", "notes"),
            (r"{title:\((\w+)\)}", "Emacs"),
            ("{class}", "Emacs"),
            ("--dir={title:– (.*) \\(}", "--dir=~/src/x"),
            ("${env:HOME}/{2}", "${env:HOME}/$${x}"),
            (
                "$${x} {x} {} {{.ID}} a() { b; }",
                "$${x} {x} {} {{.ID}} a() { b; }",
            ),
            ("{1,2} {title.x} {1", "{1,2} {title.x} {1"),
            ("{4}", "? the process has no argument {4}"),
            ("{title:^x$}", "? the window's title does not match `^x$`"),
            ("{instance:.}", "? the window's instance does not match `.`"),
            (
                "a{1..}",
                "! `{1..}` expands to several words, so it must be a separate word",
            ),
            ("{title:^(.*)", "! `{title:^(.*)` is not closed"),
            (
                "${root}/x",
                "! unknown variable `root`: rules have no variables",
            ),
            (
                "${x",
                "! invalid variable reference `${x`: expected `${env:NAME}`",
            ),
        ] {
            assert_eq!(expand(text), expected, "{text}");
        }
        assert!(expand("{title:(}").starts_with("! invalid regular expression `(`"));
    }
}
