//! Composes YAML from the parser's events, with aliases and merge keys resolved.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, Span, StrInput, Tag, options};

use super::mistake;
use super::spanned::{Entry, Kind, MAX_DEPTH, MAX_VALUES, Number, Spanned, SyntaxError};

/// Composes one YAML document.
pub(super) fn compose(text: &str) -> Result<Spanned, SyntaxError> {
    Composer::of_yaml(text).compose()
}

/// Composes YAML, and lists the spans of its comments in bytes.
pub fn compose_with_comments(text: &str) -> (Result<Spanned, SyntaxError>, Vec<Range<usize>>) {
    let mut composer = Composer::of_yaml(text);
    let tree = composer.compose();
    // The parser reports a comment in the head of a block scalar after the scalar.
    composer.comments.sort_by_key(|span| span.start);
    (tree, composer.comments)
}

pub(super) struct Composer<'t> {
    parser: Parser<'t, StrInput<'t>>,
    text: &'t str,
    /// The text from which quoted strings are read, if it is JSON.
    json: Option<&'t str>,
    anchors: HashMap<usize, Anchored>,
    /// The number of values so far, including those that aliases repeat.
    values: usize,
    comments: Vec<Range<usize>>,
}

/// A value with an anchor.
struct Anchored {
    value: Spanned,
    /// The number of values in it, including itself.
    count: usize,
    /// The number of levels below it.
    height: usize,
}

impl<'t> Composer<'t> {
    fn of_yaml(text: &'t str) -> Self {
        let options = options! { max_buffered_comment_events: text.len() };
        Self {
            parser: Parser::new_from_str_with_options(text, options),
            text,
            json: None,
            anchors: HashMap::new(),
            values: 0,
            comments: Vec::new(),
        }
    }

    /// Composes JSON text; `ascii` is `json` with other characters in its strings, at the
    /// same places.
    pub(super) fn of_json(ascii: &'t str, json: &'t str) -> Self {
        let options = options! { simple_key_max_lookahead: ascii.len() };
        Self {
            parser: Parser::new_from_str_with_options(ascii, options),
            json: Some(json),
            ..Self::of_yaml(ascii)
        }
    }

    pub(super) fn compose(&mut self) -> Result<Spanned, SyntaxError> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd => {}
                _ if root.is_some() => {
                    return Err(SyntaxError {
                        hint: Some(mistake::ONE_DOCUMENT.to_owned()),
                        ..self.refuse(&span, "the file must contain only one document")
                    });
                }
                event => root = Some(self.value(event, &span, 0)?),
            }
        }
        root.ok_or_else(|| SyntaxError {
            message: if self.text.trim().is_empty() {
                "the file is empty".to_owned()
            } else {
                "the file contains only comments".to_owned()
            },
            hint: Some("begin it with `version: 1`".to_owned()),
            span: 0..0,
        })
    }

    fn next(&mut self) -> Result<(Event<'t>, Span), SyntaxError> {
        loop {
            match self.parser.next_event() {
                Some(Ok((Event::Comment(..), span))) => self.comments.push(self.bytes(&span)),
                Some(Ok((Event::Scalar(text, style, anchor, tag), span))) => {
                    let text = self.string_of_json(style, &span).unwrap_or(text);
                    return Ok((Event::Scalar(text, style, anchor, tag), span));
                }
                Some(Ok(next)) => return Ok(next),
                Some(Err(error)) => {
                    let at = error.marker().byte_offset().unwrap_or(self.text.len());
                    let text = self.text;
                    return Err(mistake::explain(text, at, error.kind()));
                }
                None => return Ok((Event::StreamEnd, Span::default())),
            }
        }
    }

    /// A quoted string as JSON defines it.
    fn string_of_json(&self, style: ScalarStyle, span: &Span) -> Option<Cow<'t, str>> {
        let json = self.json.filter(|_| style == ScalarStyle::DoubleQuoted)?;
        serde_json::from_str(json.get(self.bytes(span))?).ok()
    }

    fn bytes(&self, span: &Span) -> Range<usize> {
        span.byte_range()
            .unwrap_or(self.text.len()..self.text.len())
    }

    fn refuse(&self, span: &Span, message: &str) -> SyntaxError {
        SyntaxError {
            message: message.to_owned(),
            hint: None,
            span: self.bytes(span),
        }
    }

    /// Counts values at a depth. Fails if there are too many or they are too deep.
    fn count(&mut self, count: usize, depth: usize, span: &Span) -> Result<(), SyntaxError> {
        self.values += count;
        if depth > MAX_DEPTH {
            return Err(self.refuse(span, "the values are nested too deeply"));
        }
        if self.values > MAX_VALUES {
            return Err(self.refuse(span, "the file has too many values"));
        }
        Ok(())
    }

    fn value(
        &mut self,
        event: Event<'t>,
        span: &Span,
        depth: usize,
    ) -> Result<Spanned, SyntaxError> {
        self.count(1, depth, span)?;
        let start = self.bytes(span);
        let (anchor, kind, end) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let kind = scalar(text, style, tag.as_deref())
                    .map_err(|message| self.refuse(span, &message))?;
                (anchor, kind, start.end)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.check_tag(tag.as_deref(), "seq", "a list", span)?;
                let mut entries = Vec::new();
                let end = loop {
                    let (event, span) = self.next()?;
                    match event {
                        Event::SequenceEnd => break self.bytes(&span).end,
                        event => entries.push(self.value(event, &span, depth + 1)?),
                    }
                };
                (anchor, Kind::List(entries), end)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.check_tag(tag.as_deref(), "map", "a map", span)?;
                let (entries, end) = self.entries(depth)?;
                (anchor, Kind::Map(entries), end)
            }
            Event::Alias(anchor) => return self.alias(anchor, span, depth),
            _ => return Err(self.refuse(span, "missing value")),
        };
        let value = Spanned {
            span: start.start..end,
            kind,
        };
        if anchor != 0 {
            let (count, height) = size(&value);
            let value = value.clone();
            let anchored = Anchored {
                value,
                count,
                height,
            };
            self.anchors.insert(anchor, anchored);
        }
        Ok(value)
    }

    fn alias(&mut self, anchor: usize, span: &Span, depth: usize) -> Result<Spanned, SyntaxError> {
        let Some(anchored) = self.anchors.get(&anchor) else {
            return Err(self.refuse(span, "this alias is inside its own anchor"));
        };
        let (mut value, height) = (anchored.value.clone(), anchored.height);
        self.count(anchored.count, depth + height, span)?;
        // Problems inside a list or map are reported where it is written, and those of
        // scalars at the alias.
        if value.is_scalar() {
            value.span = self.bytes(span);
        }
        Ok(value)
    }

    /// Fails if a tag of the core schema is for another type of value.
    fn check_tag(
        &self,
        tag: Option<&Tag>,
        expected: &str,
        found: &str,
        span: &Span,
    ) -> Result<(), SyntaxError> {
        match tag.and_then(Tag::core_suffix) {
            Some(name) if name != expected => {
                let message = format!("the tag `!!{name}` is invalid for {found}");
                Err(self.refuse(span, &message))
            }
            _ => Ok(()),
        }
    }

    fn entries(&mut self, depth: usize) -> Result<(Vec<Entry>, usize), SyntaxError> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut merged: Vec<Entry> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            let plain = matches!(&event, Event::Scalar(_, ScalarStyle::Plain, ..));
            let key = match event {
                Event::MappingEnd => {
                    let end = self.bytes(&span).end;
                    if !merged.is_empty() {
                        // The map's own keys take precedence.
                        let known = entries.iter().map(|entry| entry.key.clone());
                        let mut known: HashSet<String> = known.collect();
                        merged.retain(|entry| known.insert(entry.key.clone()));
                        entries.append(&mut merged);
                    }
                    return Ok((entries, end));
                }
                Event::Scalar(key, ..) => key.into_owned(),
                _ => return Err(self.refuse(&span, "a key must be a string")),
            };
            let (event, value_span) = self.next()?;
            let value = self.value(event, &value_span, depth + 1)?;
            if plain && key == "<<" {
                merge(value, &mut merged)?;
            } else {
                let span = self.bytes(&span);
                entries.push(Entry { key, span, value });
            }
        }
    }
}

/// Adds the entries of a merge key's value, which is a map or a list of maps.
fn merge(value: Spanned, merged: &mut Vec<Entry>) -> Result<(), SyntaxError> {
    match value.kind {
        Kind::Map(others) => merged.extend(others),
        Kind::List(maps) => {
            for map in maps {
                let Kind::Map(others) = map.kind else {
                    return Err(no_merge(map.span));
                };
                merged.extend(others);
            }
        }
        Kind::Null => {}
        _ => return Err(no_merge(value.span)),
    }
    Ok(())
}

fn no_merge(span: Range<usize>) -> SyntaxError {
    SyntaxError {
        message: "the value of `<<` must be a map or a list of maps".to_owned(),
        hint: None,
        span,
    }
}

/// The number of values in a value, including itself, and the number of levels below it.
fn size(value: &Spanned) -> (usize, usize) {
    let parts: Vec<(usize, usize)> = match &value.kind {
        Kind::List(entries) => entries.iter().map(size).collect(),
        Kind::Map(entries) => entries.iter().map(|entry| size(&entry.value)).collect(),
        _ => Vec::new(),
    };
    let count = parts.iter().map(|(count, _)| count).sum::<usize>();
    let height = parts.iter().map(|(_, height)| height + 1).max();
    (count + 1, height.unwrap_or(0))
}

/// Resolves a scalar by its tag, or else by its style.
fn scalar(text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>) -> Result<Kind, String> {
    let is_plain = style == ScalarStyle::Plain;
    let Some(tag) = tag else {
        return Ok(if is_plain {
            resolve(text)
        } else {
            Kind::Text(text.into_owned())
        });
    };
    let wrong = |text: &str, name: &str| Err(format!("the tag `!!{name}` is invalid for `{text}`"));
    // Quoted numbers can have spaces around them.
    let resolved = || resolve(Cow::Borrowed(text.trim_ascii()));
    match tag.core_suffix() {
        Some("str") => Ok(Kind::Text(text.into_owned())),
        Some(name @ ("int" | "float")) => match resolved() {
            Kind::Number(number) => Ok(Kind::Number(number)),
            _ => wrong(&text, name),
        },
        Some("bool") => match resolved() {
            Kind::Bool(value) => Ok(Kind::Bool(value)),
            _ => wrong(&text, "bool"),
        },
        Some("null") => match resolved() {
            Kind::Null => Ok(Kind::Null),
            _ => wrong(&text, "null"),
        },
        Some(name) => wrong(&text, name),
        None if tag.suffix_in_namespace("tag:yaml.org,2002:").as_deref() == Some("binary") => {
            Err("binary values are not supported".to_owned())
        }
        // The tag "!" makes the scalar a string (YAML 1.2.2, 6.9.1).
        None if is_plain && !matches!(tag.parts(), ("", "!") | ("!", "")) => Ok(resolve(text)),
        None => Ok(Kind::Text(text.into_owned())),
    }
}

/// Resolves a plain scalar by YAML 1.2's core schema. The additional numbers of YAML 1.1
/// (`0b1`, `1_000`) are numbers too, as they are for other readers.
pub(super) fn resolve(text: Cow<'_, str>) -> Kind {
    match &*text {
        "" | "~" | "null" | "Null" | "NULL" => return Kind::Null,
        "true" | "True" | "TRUE" => return Kind::Bool(true),
        "false" | "False" | "FALSE" => return Kind::Bool(false),
        _ => {}
    }
    let text = text.into_owned();
    match number(&text) {
        Some(value) => Kind::Number(Number { value, text }),
        None => Kind::Text(text),
    }
}

/// The value of a number in the notation of YAML 1.1 or 1.2.
fn number(text: &str) -> Option<f64> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => (-1.0, &text[1..]),
        b'+' => (1.0, &text[1..]),
        _ => (1.0, text),
    };
    let first = *digits
        .strip_prefix('.')
        .unwrap_or(digits)
        .as_bytes()
        .first()?;
    if !first.is_ascii_digit() {
        return match digits {
            ".inf" | ".Inf" | ".INF" => Some(sign * f64::INFINITY),
            ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
            _ => None,
        };
    }
    let radix = match digits.as_bytes().get(..2) {
        Some(b"0x" | b"0X") => 16,
        Some(b"0o" | b"0O") => 8,
        Some(b"0b" | b"0B") => 2,
        _ => return decimal(digits).map(|value| sign * value),
    };
    let value = u64::from_str_radix(&grouped(&digits[2..])?, radix).ok()?;
    #[expect(clippy::cast_precision_loss, reason = "as in any reader of JSON")]
    Some(sign * value as f64)
}

fn decimal(digits: &str) -> Option<f64> {
    let plain = if digits.contains('_') {
        let plain = grouped(digits)?;
        plain
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then_some(plain)?
    } else {
        Cow::Borrowed(digits)
    };
    plain.parse().ok().filter(|value: &f64| value.is_finite())
}

/// Removes `_` between digits. Returns `None` if one is at an end or next to another.
fn grouped(digits: &str) -> Option<Cow<'_, str>> {
    if !digits.contains('_') {
        // `from_str_radix` would accept a sign.
        return (!digits.starts_with(['+', '-'])).then_some(Cow::Borrowed(digits));
    }
    let groups: Vec<&str> = digits.split('_').collect();
    let is_group = |group: &&str| group.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_sound = groups
        .iter()
        .all(|group| !group.is_empty() && is_group(group));
    is_sound.then(|| Cow::Owned(groups.concat()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn aliases_and_merge_keys_are_resolved() -> Result<(), SyntaxError> {
        let spanned = compose("a: &x { k: 1, l: [t, ~] }\nb: *x\nc: { <<: *x, k: 2 }\n")?;
        let x = json!({ "k": 1, "l": ["t", null] });
        assert_eq!(
            spanned.to_value(),
            json!({ "a": x, "b": x, "c": { "k": 2, "l": ["t", null] } })
        );
        Ok(())
    }

    #[test]
    fn alias_bombs_and_deep_nests_are_refused() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let below = format!("*a{}, ", level - 1).repeat(10);
            bomb.extend([&format!("a{level}: &a{level} ["), &*below, "]\n"]);
        }
        assert!(compose(&bomb).is_err());
        // Few values, each alias a level deeper than the one before.
        let mut tower = "a0: &a0 [x]\n".to_owned();
        for level in 1..2000 {
            let below = level - 1;
            tower.extend([&*format!("a{level}: &a{level} [[[[*a{below}]]]]\n")]);
        }
        assert!(compose(&tower).is_err());
        assert!(compose(&"[".repeat(100_000)).is_err());
        assert!(compose(&"- ".repeat(100_000)).is_err());
        assert!(compose("a: &a [ *a ]").is_err());
    }

    #[test]
    fn large_maps_are_merged_quickly() {
        let keys: Vec<String> = (0..40_000).map(|key| format!("  k{key}: 1\n")).collect();
        let keys = keys.concat();
        let text = format!("a: &a\n{keys}b:\n  <<: *a\n{keys}");
        let spanned = compose(&text).unwrap_or_else(|error| panic!("{error:?}"));
        let merged = spanned.get("b").map_or(0, |map| map.entries().len());
        assert_eq!(merged, 40_000);
    }

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        for (text, value) in [
            ("1", json!(1)),
            ("-0x1F", json!(-31)),
            ("0o17", json!(15)),
            ("0b11", json!(3)),
            ("1_000", json!(1000)),
            ("1__0", json!("1__0")),
            ("0x", json!("0x")),
            ("0x+1", json!("0x+1")),
            ("007", json!(7)),
            ("33.34", json!(33.34)),
            (".5", json!(0.5)),
            ("1.", json!(1)),
            ("1e3", json!(1000)),
            ("1e999", json!("1e999")),
            ("1e", json!("1e")),
            ("inf", json!("inf")),
            ("nan", json!("nan")),
            (".", json!(".")),
            ("-", json!("-")),
            ("-.5", json!(-0.5)),
            ("yes", json!("yes")),
            ("1:30", json!("1:30")),
            ("2001-01-01", json!("2001-01-01")),
            ("800x600+1+1", json!("800x600+1+1")),
            ("1:code", json!("1:code")),
            ("~", json!(null)),
            ("True", json!(true)),
        ] {
            let kind = resolve(Cow::Borrowed(text));
            let spanned = Spanned { span: 0..0, kind };
            assert_eq!(spanned.to_value(), value, "{text}");
        }
        for (text, value) in [(".inf", "inf"), ("-.Inf", "-inf"), (".NAN", "NaN")] {
            let Kind::Number(number) = resolve(Cow::Borrowed(text)) else {
                panic!("{text}");
            };
            assert_eq!(number.value.to_string(), value);
        }
    }

    #[test]
    fn tags_determine_the_type_of_a_value() {
        for (text, value) in [
            ("!!str 1", json!("1")),
            ("! 1", json!("1")),
            ("!!int \"1\"", json!(1)),
            ("!!float 1", json!(1)),
            ("!!bool \"true\"", json!(true)),
            ("!!null ''", json!(null)),
            ("!other 1", json!(1)),
            ("!other a", json!("a")),
            ("!!map { a: 1 }", json!({ "a": 1 })),
            ("!!seq [1]", json!([1])),
        ] {
            let spanned = compose(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
            assert_eq!(spanned.to_value(), value, "{text}");
        }
        for text in [
            "!!int a",
            "!!bool 1",
            "!!null a",
            "!!map a",
            "!!seq {}",
            "!!map []",
            "!!str []",
            "!!binary YQ==",
        ] {
            assert!(compose(text).is_err(), "{text}");
        }
    }
}
