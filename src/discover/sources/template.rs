//! The templates of rules, filled in for a window: `{1}` and `{title:REGEX}`.

use pcre2::bytes::Regex;

use crate::config::Criterion;
use crate::config::template::{Piece, Template};
use crate::discover::candidate::NoValue;
use crate::discover::secrets::{Marked, Secrets};
use crate::live::Properties;

/// The words for a window, as a layout file has them: what comes from the window is
/// escaped, references to the environment stay. What is secret there is so here.
pub(super) fn words(template: &Template, seen: &Seen) -> Result<Vec<Marked>, NoValue> {
    if let [Piece::Arguments(first)] = template.pieces() {
        return Ok(seen.rest(*first).iter().map(escaped).collect());
    }
    Ok(vec![value(template, seen)?])
}

/// The one text for a window; see [`words`].
pub(super) fn value(template: &Template, seen: &Seen) -> Result<Marked, NoValue> {
    let mut value = Marked::default();
    for piece in template.pieces() {
        match piece {
            Piece::Text(text) => value.push(text),
            Piece::Argument(index) => {
                let argument = seen.argv.get(*index).ok_or(NoValue::Argument(*index))?;
                value.push_escaped(argument);
            }
            Piece::Arguments(first) => {
                for (index, argument) in seen.rest(*first).iter().enumerate() {
                    if index > 0 {
                        value.push(" ");
                    }
                    value.push_escaped(argument);
                }
            }
            Piece::Property(criterion, pattern) => {
                value.push_escaped(&seen.property(*criterion, pattern.as_ref())?);
            }
        }
    }
    Ok(value)
}

/// The texts of a window that templates can name, with their secrets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen<'a> {
    argv: &'a [Marked],
    properties: &'a Properties,
    secrets: &'a Secrets,
}

impl<'a> Seen<'a> {
    /// The arguments of its process, and what it says about itself.
    pub(super) const fn new(
        argv: &'a [Marked],
        properties: &'a Properties,
        secrets: &'a Secrets,
    ) -> Self {
        Self {
            argv,
            properties,
            secrets,
        }
    }

    /// The arguments from this one on.
    fn rest(&self, first: usize) -> &[Marked] {
        self.argv.get(first..).unwrap_or_default()
    }

    /// The first group of the pattern in the property; all of what it matches where it
    /// has no group.
    fn property(&self, criterion: Criterion, pattern: Option<&Regex>) -> Result<Marked, NoValue> {
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

fn escaped(text: &Marked) -> Marked {
    let mut escaped = Marked::default();
    escaped.push_escaped(text);
    escaped
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
        let secrets = Secrets::default();
        match Template::parse(text, true) {
            Err(error) => format!("! {error}"),
            Ok(template) => match words(&template, &Seen::new(&argv, &properties, &secrets)) {
                Ok(words) => {
                    let words: Vec<&str> = words.iter().map(Marked::text).collect();
                    words.join("|")
                }
                Err(reason) => format!("? {reason}"),
            },
        }
    }

    #[test]
    fn arguments_and_groups_are_put_in() {
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
