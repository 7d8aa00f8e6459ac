//! The text of a file of YAML or JSON without its secrets, line for line.
//!
//! A line does not show that its value is a secret: an option and its value can be on two lines, and
//! a value can have several. So the values of the parsed file are masked, at their places in the
//! text.

use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::Value;

use super::private::hide_in_lines;
use super::words::{hide, hide_known, hide_line, hide_value, hide_values};
use crate::discover::secrets::MASK;
use crate::document::spanned::{Kind, Spanned};
use crate::document::{Path, compose_with_comments};
use crate::layout::{Format, criteria};

/// Shorter titles are not recognised inside of a text.
const SHORT_TITLE: usize = 8;

/// The keys of criteria, whose `title` is a regular expression.
const CRITERIA: [&str; 2] = ["swallow", "criteria"];

/// A file without secrets.
#[derive(Debug, Default)]
pub struct Masked {
    /// The text, with as many lines as the file.
    pub text: String,
    /// The titles of windows in it.
    pub titles: BTreeSet<String>,
    /// The values that were replaced completely, of any length.
    pub values: BTreeSet<String>,
}

/// Masks the secrets of a file, here and in all output from now on. `None` if it cannot be parsed.
pub fn mask(text: &str, format: Format) -> Option<Masked> {
    masked(text, format, None)
}

/// Like [`mask`], for a report that others read: also masks serial numbers and the strings at these
/// paths, and finds the titles.
pub fn mask_private(text: &str, format: Format, strange: &[Path]) -> Option<Masked> {
    masked(text, format, Some(strange))
}

fn masked(text: &str, format: Format, strange: Option<&[Path]>) -> Option<Masked> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (tree, comments) = match format {
        Format::Yaml => compose_with_comments(text),
        Format::Json => (format.compose(text), Vec::new()),
    };
    let tree = tree.ok()?;
    let is_private = strange.is_some();
    let strange = strange.unwrap_or_default().iter();
    let strange: Vec<_> = strange.map(|path| tree.find(path, false)).collect();
    let walk = || {
        let mut walk = Walk {
            text,
            is_private,
            strange: &strange,
            parts: Vec::new(),
            found: Masked::default(),
        };
        walk.value("", "", &tree);
        walk
    };
    // The first walk learns the secrets that the second one finds in other places, too.
    walk();
    let Walk {
        mut parts,
        mut found,
        ..
    } = walk();
    for span in comments {
        let comment = text.get(span.clone())?;
        parts.push((span, hide_in_lines(comment)));
    }
    parts.sort_by_key(|(span, _)| (span.start, span.end));
    let mut end = 0;
    for (span, replacement) in parts {
        // An anchor's list is in the tree as often as its aliases.
        if span.start < end {
            continue;
        }
        found.text.push_str(text.get(end..span.start)?);
        found.text.push_str(&replacement);
        end = span.end;
    }
    found.text.push_str(text.get(end..)?);
    let lines = found.text.split('\n').map(hide_known);
    found.text = lines.collect::<Vec<_>>().join("\n");
    Some(found)
}

/// A walk through the values of a file.
struct Walk<'t> {
    text: &'t str,
    is_private: bool,
    /// The places of values that the program does not know.
    strange: &'t [Range<usize>],
    /// The replacements.
    parts: Vec<(Range<usize>, String)>,
    found: Masked,
}

impl Walk<'_> {
    /// Masks a value of `key`, whose map is the value of `parent`.
    fn value(&mut self, parent: &str, key: &str, value: &Spanned) {
        match &value.kind {
            Kind::Map(entries) => {
                for entry in entries {
                    let hidden = hide(&entry.key);
                    if hidden != entry.key {
                        self.replace(&entry.span, &hidden);
                    }
                    let is_title = self.is_private && key == "title";
                    let key_of = if is_title { key } else { &entry.key };
                    self.value(key, key_of, &entry.value);
                }
            }
            Kind::List(items) => {
                let words = items.iter().map(|item| text_of(item).unwrap_or_default());
                // The words of a command announce each other.
                let (hidden, _) = hide_line(&words.collect::<Vec<_>>());
                for (item, hidden) in items.iter().zip(&hidden) {
                    match text_of(item) {
                        Some(text) if *hidden != text => self.replace(&item.span, hidden),
                        _ => self.value(parent, key, item),
                    }
                }
            }
            _ => self.scalar(parent, key, value),
        }
    }

    fn scalar(&mut self, parent: &str, key: &str, value: &Spanned) {
        let Some(text) = text_of(value).filter(|text| !text.is_empty()) else {
            return;
        };
        let is_inside =
            |span: &Range<usize>| span.start <= value.span.start && value.span.end <= span.end;
        let is_strange = self.strange.iter().any(is_inside) && matches!(value.kind, Kind::Text(_));
        let is_serial = self.is_private && key == "serial";
        if is_strange || is_serial || hide_value(key, &text) == MASK {
            if !is_strange {
                hide_values([text.clone()]);
            }
            if text != MASK {
                self.found.values.insert(text);
                self.replace(&value.span, MASK);
            }
            return;
        }
        if self.is_private && key == "title" && (!CRITERIA.contains(&parent) || !is_pattern(&text))
        {
            self.title(&value.span, text);
            return;
        }
        if let Ok(words) = shell_words::split(&text) {
            hide_line(&words);
        }
        let hidden = hide(&text);
        if hidden != text {
            self.replace(&value.span, &hidden);
        }
    }

    /// Writes a title so that it is recognised later.
    fn title(&mut self, span: &Range<usize>, text: String) {
        let title = criteria::literal(&text).unwrap_or_else(|| text.clone());
        let hidden = hide(&text);
        let (place, source) = self.source(span);
        if title.chars().count() < SHORT_TITLE {
            self.replace(span, "<title>");
        } else if hidden != text || source.contains('\n') || !source.contains(&text) {
            let newlines = newlines(source);
            let quoted = Value::from(hidden);
            self.parts.push((place, format!("{quoted}{newlines}")));
        }
        self.found.titles.insert(title);
        self.found.values.insert(text);
    }

    /// Replaces a scalar, in its own notation if that is possible.
    fn replace(&mut self, span: &Range<usize>, by: &str) {
        let (span, source) = self.source(span);
        let newlines = newlines(source);
        let is_block = source.starts_with(['|', '>']) || !newlines.is_empty();
        let by = match source.chars().next() {
            Some('\'') => format!("'{}'", by.replace('\'', "''")),
            Some('"') => Value::from(by).to_string(),
            _ if is_block && by != MASK => Value::from(by).to_string(),
            _ => by.to_owned(),
        };
        self.parts.push((span, by + &newlines));
    }

    /// The text of a scalar. The place of a block scalar ends after the indent of the next line.
    fn source(&self, span: &Range<usize>) -> (Range<usize>, &str) {
        let source = self.text.get(span.clone()).unwrap_or_default();
        let source = source.trim_end();
        (span.start..span.start + source.len(), source)
    }
}

/// The ends of lines in a text.
fn newlines(text: &str) -> String {
    "\n".repeat(text.matches('\n').count())
}

/// A string or a number as it is in the file.
fn text_of(value: &Spanned) -> Option<String> {
    match &value.kind {
        Kind::Text(text) => Some(text.clone()),
        Kind::Number(number) => Some(number.text.clone()),
        _ => None,
    }
}

/// True for a regular expression that matches more than one title.
fn is_pattern(text: &str) -> bool {
    criteria::literal(text).is_none()
        && text.contains(['.', '*', '+', '?', '[', '(', '|', '^', '$'])
}

/// The lines of a file that cannot be parsed without secrets, as far as its words show them. These are
/// masked in all output from now on.
pub fn mask_words(text: &str) -> Vec<String> {
    let is_end = |letter: char| letter.is_whitespace() || "[]{},\"'".contains(letter);
    let words = text.split(is_end);
    // The signs of YAML are between an option and its value.
    let words = words.filter(|word| !word.is_empty() && !["-", "|", ">"].contains(word));
    let words: Vec<String> = words.map(str::to_owned).collect();
    hide_line(&words);
    // The indent of a key whose value is a secret, which may continue on more indented lines.
    let mut outer: Option<usize> = None;
    let lines = text.lines().map(|line| {
        let inside = line.trim_start();
        let (indent, _) = line.split_at(line.len() - inside.len());
        if inside.is_empty() {
            return line.to_owned();
        }
        if outer.is_some_and(|outer| indent.len() > outer) {
            hide_values([inside.trim_end().to_owned()]);
            return format!("{indent}{MASK}");
        }
        outer = None;
        let Some((before, _)) = inside.split_once(':') else {
            return line.to_owned();
        };
        let key = before.trim_start_matches("- ").trim_matches(['"', '\'']);
        if hide_value(key, "x") == MASK {
            outer = Some(indent.len());
            return format!("{indent}{before}: {MASK}");
        }
        line.to_owned()
    });
    let lines: Vec<String> = lines.collect();
    lines.iter().map(|line| hide_known(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_masked_at_their_places() {
        for (text, expected) in [
            (
                "command: [mysql, --password, list12, -pshort, x]",
                "command: [mysql, --password, ***, -p***, x]",
            ),
            (
                "command:\n  - app\n  - --password\n  - abc\n  - x\n",
                "command:\n  - app\n  - --password\n  - ***\n  - x\n",
            ),
            (
                "env: { GITHUB_TOKEN: abc, AWS_REGION: eu, LANG: C } # --token def",
                "env: { GITHUB_TOKEN: ***, AWS_REGION: eu, LANG: C } # --token ***",
            ),
            ("marks: [token=abc]\n", "marks: [token=***]\n"),
            (
                "PGPASSWORD: \"multi word tail\"\nA: b",
                "PGPASSWORD: \"***\"\nA: b",
            ),
            ("password: 'a b'", "password: '***'"),
            ("password: a\n  b\nA: b", "password: ***\n\nA: b"),
            ("ü: é\ncommand: mysql -pabc", "ü: é\ncommand: mysql -p***"),
        ] {
            let masked = mask(text, Format::Yaml).map(|masked| masked.text);
            assert_eq!(masked.as_deref(), Some(expected));
        }
        let masked = mask("{\"token\": \"a\\\"b\", \"x\": 1}", Format::Json);
        let masked = masked.map(|masked| masked.text);
        assert_eq!(masked.as_deref(), Some("{\"token\": \"***\", \"x\": 1}"));
    }

    #[test]
    fn block_scalars_keep_the_number_of_lines() {
        for head in ["|", ">", "|-", ">+ # why"] {
            let text = format!("env:\n  API_KEY: {head}\n    first\n    second\n\n  A: b\n");
            let masked = mask(&text, Format::Yaml).unwrap_or_default().text;
            assert_eq!(masked.lines().count(), text.lines().count(), "{masked}");
            assert!(masked.ends_with("\n  A: b\n"), "{masked}");
            assert!(
                !masked.contains("first") && !masked.contains("second"),
                "{masked}"
            );
        }
    }

    #[test]
    fn titles_are_found_in_any_notation() {
        let text = "seen:\n  title: Letter to\n    my lawyer\nother: { title: 'Bank' }\n\
                    swallow: { title: '^Letter (to|for)' }\nlast: { title: [ab, 'cd'] }\n";
        let masked = mask_private(text, Format::Yaml, &[]).unwrap_or_default();
        let titles: Vec<&str> = masked.titles.iter().map(String::as_str).collect();
        assert_eq!(titles, ["Bank", "Letter to my lawyer", "ab", "cd"]);
        assert_eq!(
            masked.text,
            "seen:\n  title: \"Letter to my lawyer\"\n\nother: { title: '<title>' }\n\
             swallow: { title: '^Letter (to|for)' }\nlast: { title: [<title>, '<title>'] }\n"
        );
    }

    #[test]
    fn words_of_an_invalid_file_show_secrets() {
        let lines = mask_words(
            "- --password\n- words-block1\nx: [\nDB_PASSWORD: >\n    words-folded2\n- TOKEN: \"a\n    b\"\nc",
        );
        let expected = [
            "- --password",
            "- ***",
            "x: [",
            "DB_PASSWORD: ***",
            "    ***",
            "- TOKEN: ***",
            "    ***",
            "c",
        ];
        assert_eq!(lines, expected);
        assert_eq!(hide_known("words-block1 words-folded2"), "*** ***");
    }
}
