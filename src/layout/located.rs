//! The text of a file as a tree of values with their places.
//!
//! Only read when something is wrong (or might be): the way of a sound file does
//! not come by here.
//! YAML is composed from the parser's events, with aliases and merge keys as the
//! reader has them; JSON has a small scanner of its own, because not every JSON text
//! is YAML (tabs).

use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, Span};
use serde_json::Value;

use super::fault::Fault;
use super::problem::{Finding, Path, Step};

/// Deeper than any desktop, and shallow enough for every stack.
pub const MAX_DEPTH: usize = 96;

/// More values than any desktop; aliases can multiply.
const MAX_VALUES: usize = 200_000;

/// A value and where it is in the text.
#[derive(Clone, Debug)]
pub struct Located {
    /// The bytes of the value.
    pub span: Range<usize>,
    /// The value.
    pub kind: Kind,
}

/// What a [`Located`] is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A text, a number, a truth value or nothing.
    Scalar(Value),
    /// A list.
    List(Vec<Located>),
    /// A map, in the order of the text; a key that stands twice is there twice.
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The bytes of the key.
    pub span: Range<usize>,
    /// The value.
    pub value: Located,
}

/// A text that cannot be composed, and where.
#[derive(Debug)]
pub struct NoTree {
    /// What is wrong.
    pub message: String,
    /// Where.
    pub span: Range<usize>,
}

impl Located {
    /// The plain value; of a key that stands twice, the first.
    pub fn to_value(&self) -> Value {
        match &self.kind {
            Kind::Scalar(value) => value.clone(),
            Kind::List(entries) => entries.iter().map(Self::to_value).collect(),
            Kind::Map(entries) => {
                let mut map = serde_json::Map::new();
                for entry in entries {
                    map.entry(entry.key.clone())
                        .or_insert_with(|| entry.value.to_value());
                }
                Value::Object(map)
            }
        }
    }

    /// Where `path` is; where it does not lead all the way, the last value on it.
    pub fn find(&self, path: &Path, at_key: bool) -> Range<usize> {
        let mut here = self;
        let mut span = &self.span;
        for (position, step) in path.0.iter().enumerate() {
            let last = position + 1 == path.0.len();
            match (&here.kind, step) {
                (Kind::List(entries), Step::Index(index)) => {
                    let Some(entry) = entries.get(*index) else {
                        return span.clone();
                    };
                    here = entry;
                    span = &entry.span;
                }
                (Kind::Map(entries), Step::Key(key)) => {
                    let Some(entry) = entries.iter().find(|entry| entry.key == *key) else {
                        return span.clone();
                    };
                    here = &entry.value;
                    span = if last && at_key {
                        &entry.span
                    } else {
                        &entry.value.span
                    };
                }
                _ => return span.clone(),
            }
        }
        span.clone()
    }

    /// The keys that stand twice in one map, with the span of the second one.
    pub fn duplicates(&self) -> Vec<(Finding, Range<usize>)> {
        let mut found = Vec::new();
        self.collect_duplicates(&Path::default(), &mut found);
        found
    }

    fn collect_duplicates(&self, path: &Path, found: &mut Vec<(Finding, Range<usize>)>) {
        match &self.kind {
            Kind::Scalar(_) => {}
            Kind::List(entries) => {
                for (position, entry) in entries.iter().enumerate() {
                    entry.collect_duplicates(&path.index(position), found);
                }
            }
            Kind::Map(entries) => {
                let mut seen = std::collections::HashSet::new();
                for entry in entries {
                    let place = path.key(&entry.key);
                    if seen.insert(&entry.key) {
                        entry.value.collect_duplicates(&place, found);
                    } else {
                        let fault = Fault::DuplicateKey(entry.key.clone());
                        let finding = Finding::key(place.clone(), fault).besides(place);
                        found.push((finding, entry.span.clone()));
                    }
                }
            }
        }
    }
}

/// Composes a YAML text of one document.
pub fn yaml(text: &str) -> Result<Located, NoTree> {
    let mut composer = Composer {
        parser: Parser::new_from_str(text),
        length: text.len(),
        anchors: HashMap::new(),
        values: 0,
    };
    let mut root = None;
    loop {
        let (event, span) = composer.next()?;
        match event {
            Event::StreamEnd => break,
            Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd => {}
            _ if root.is_some() => {
                return Err(composer.refuse(&span, "the file must hold one document only"));
            }
            event => root = Some(composer.value(event, &span, 0)?),
        }
    }
    root.ok_or_else(|| NoTree {
        message: "the file is empty".to_owned(),
        span: 0..0,
    })
}

struct Composer<'t> {
    parser: Parser<'t, granit_parser::StrInput<'t>>,
    length: usize,
    anchors: HashMap<usize, Located>,
    values: usize,
}

impl<'t> Composer<'t> {
    fn next(&mut self) -> Result<(Event<'t>, Span), NoTree> {
        match self.parser.next_event() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => {
                let at = error.marker().byte_offset().unwrap_or(self.length);
                Err(NoTree {
                    message: error.info(),
                    span: at..at,
                })
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn bytes(&self, span: &Span) -> Range<usize> {
        span.byte_range().unwrap_or(self.length..self.length)
    }

    fn refuse(&self, span: &Span, message: &str) -> NoTree {
        NoTree {
            message: message.to_owned(),
            span: self.bytes(span),
        }
    }

    fn value(&mut self, event: Event<'t>, span: &Span, depth: usize) -> Result<Located, NoTree> {
        self.values += 1;
        if depth > MAX_DEPTH {
            return Err(self.refuse(span, "this is nested too deeply"));
        }
        if self.values > MAX_VALUES {
            return Err(self.refuse(span, "the file has too many values"));
        }
        let start = self.bytes(span);
        let (anchor, located) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = tag
                    .as_ref()
                    .is_some_and(|tag| tag.is_yaml_core_schema_tag("str"));
                let value = if style == ScalarStyle::Plain && !is_text {
                    resolve(&text)
                } else {
                    Value::String(text.into_owned())
                };
                (
                    anchor,
                    Located {
                        span: start,
                        kind: Kind::Scalar(value),
                    },
                )
            }
            Event::SequenceStart(_, anchor, _) => {
                let mut entries = Vec::new();
                let end = loop {
                    let (event, span) = self.next()?;
                    match event {
                        Event::SequenceEnd => break self.bytes(&span).end,
                        event => entries.push(self.value(event, &span, depth + 1)?),
                    }
                };
                let kind = Kind::List(entries);
                (
                    anchor,
                    Located {
                        span: start.start..end,
                        kind,
                    },
                )
            }
            Event::MappingStart(_, anchor, _) => {
                let (entries, end) = self.entries(depth)?;
                let kind = Kind::Map(entries);
                (
                    anchor,
                    Located {
                        span: start.start..end,
                        kind,
                    },
                )
            }
            Event::Alias(anchor) => {
                let mut located = self
                    .anchors
                    .get(&anchor)
                    .cloned()
                    .ok_or_else(|| self.refuse(span, "this alias is inside its own anchor"))?;
                self.values += count(&located);
                // What is wrong in it is wrong where it is written; the alias itself
                // is the better place only for its kind.
                if matches!(located.kind, Kind::Scalar(_)) {
                    located.span = start;
                }
                (0, located)
            }
            _ => return Err(self.refuse(span, "a value is missing here")),
        };
        if anchor != 0 {
            self.anchors.insert(anchor, located.clone());
        }
        Ok(located)
    }

    fn entries(&mut self, depth: usize) -> Result<(Vec<Entry>, usize), NoTree> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut merged: Vec<Entry> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            let plain = matches!(&event, Event::Scalar(_, ScalarStyle::Plain, ..));
            let key = match event {
                Event::MappingEnd => {
                    let end = self.bytes(&span).end;
                    for entry in merged {
                        if !entries.iter().any(|own| own.key == entry.key) {
                            entries.push(entry);
                        }
                    }
                    return Ok((entries, end));
                }
                Event::Scalar(key, ..) => key.into_owned(),
                _ => return Err(self.refuse(&span, "a key must be a plain text")),
            };
            let (event, value_span) = self.next()?;
            let value = self.value(event, &value_span, depth + 1)?;
            if plain && key == "<<" {
                match value.kind {
                    Kind::Map(others) => merged.extend(others),
                    Kind::List(maps) => merged.extend(maps.into_iter().flat_map(|map| {
                        if let Kind::Map(others) = map.kind {
                            others
                        } else {
                            Vec::new()
                        }
                    })),
                    Kind::Scalar(_) => {}
                }
            } else {
                let span = self.bytes(&span);
                entries.push(Entry { key, span, value });
            }
        }
    }
}

fn count(located: &Located) -> usize {
    1 + match &located.kind {
        Kind::Scalar(_) => 0,
        Kind::List(entries) => entries.iter().map(count).sum(),
        Kind::Map(entries) => entries.iter().map(|entry| count(&entry.value)).sum(),
    }
}

/// The value of a plain scalar by YAML 1.2's core schema.
pub fn resolve(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let integer = unsigned
        .strip_prefix("0x")
        .and_then(|digits| i64::from_str_radix(digits, 16).ok())
        .or_else(|| {
            unsigned
                .strip_prefix("0o")
                .and_then(|digits| i64::from_str_radix(digits, 8).ok())
        });
    if let Some(integer) = integer.filter(|_| !unsigned.contains(['+'])) {
        return Value::from(if text.starts_with('-') {
            -integer
        } else {
            integer
        });
    }
    let begins = unsigned.strip_prefix('.').unwrap_or(unsigned);
    if begins.starts_with(|first: char| first.is_ascii_digit()) {
        let digits = text.strip_prefix('+').unwrap_or(text);
        if let Ok(integer) = digits.parse::<i64>() {
            return Value::from(integer);
        }
        if let Ok(float) = digits.parse::<f64>()
            && let Some(number) = serde_json::Number::from_f64(float)
        {
            return Value::Number(number);
        }
    }
    Value::String(text.to_owned())
}

/// Composes a JSON text that `serde_json` has accepted.
pub fn json(text: &str) -> Result<Located, NoTree> {
    let mut scanner = Scanner { text, at: 0 };
    scanner.value(0)
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl Scanner<'_> {
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    fn refuse(&self) -> NoTree {
        NoTree {
            message: "this is no JSON value".to_owned(),
            span: self.at..self.at,
        }
    }

    fn value(&mut self, depth: usize) -> Result<Located, NoTree> {
        if depth > MAX_DEPTH {
            return Err(NoTree {
                message: "this is nested too deeply".to_owned(),
                span: self.at..self.at,
            });
        }
        let first = self.peek().ok_or_else(|| self.refuse())?;
        let start = self.at;
        let kind = match first {
            b'{' => {
                self.at += 1;
                let mut entries = Vec::new();
                while self.peek().ok_or_else(|| self.refuse())? != b'}' {
                    let from = self.at;
                    let Value::String(key) = self.scalar()? else {
                        return Err(self.refuse());
                    };
                    let span = from..self.at;
                    self.skip(b':');
                    let value = self.value(depth + 1)?;
                    entries.push(Entry { key, span, value });
                    self.skip(b',');
                }
                self.at += 1;
                Kind::Map(entries)
            }
            b'[' => {
                self.at += 1;
                let mut entries = Vec::new();
                while self.peek().ok_or_else(|| self.refuse())? != b']' {
                    entries.push(self.value(depth + 1)?);
                    self.skip(b',');
                }
                self.at += 1;
                Kind::List(entries)
            }
            _ => Kind::Scalar(self.scalar()?),
        };
        Ok(Located {
            span: start..self.at,
            kind,
        })
    }

    fn skip(&mut self, byte: u8) {
        if self.peek() == Some(byte) {
            self.at += 1;
        }
    }

    fn scalar(&mut self) -> Result<Value, NoTree> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        if bytes.get(start) == Some(&b'"') {
            self.at += 1;
            while let Some(&byte) = bytes.get(self.at) {
                match byte {
                    b'"' => break,
                    b'\\' => self.at += 2,
                    _ => self.at += 1,
                }
            }
            self.at = (self.at + 1).min(bytes.len());
        } else {
            while bytes
                .get(self.at)
                .is_some_and(|byte| !b" \t\r\n,:]}[{\"".contains(byte))
            {
                self.at += 1;
            }
        }
        self.text
            .get(start..self.at)
            .and_then(|scalar| serde_json::from_str(scalar).ok())
            .ok_or_else(|| self.refuse())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn yaml_aliases_and_merge_keys_are_resolved() -> Result<(), NoTree> {
        let located = yaml("a: &x { k: 1, l: [t, ~] }\nb: *x\nc: { <<: *x, k: 2 }\n")?;
        let x = json!({ "k": 1, "l": ["t", null] });
        assert_eq!(
            located.to_value(),
            json!({ "a": x, "b": x, "c": { "k": 2, "l": ["t", null] } })
        );
        Ok(())
    }

    #[test]
    fn places_are_bytes_of_key_and_value() -> Result<(), NoTree> {
        for (text, located) in [
            ("ü: 1\nlist:\n  - k: val\n", yaml as fn(&str) -> _),
            ("{\t\"list\": [\n {\"k\":\t\"val\" } ] }", json),
        ] {
            let located: Located = located(text)?;
            let path = Path::default().key("list").index(0).key("k");
            let value = &text[located.find(&path, false)];
            assert_eq!(value.trim_matches('"'), "val");
            assert_eq!(text[located.find(&path, true)].trim_matches('"'), "k");
        }
        Ok(())
    }

    #[test]
    fn alias_bombs_and_deep_nests_are_refused() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let below = format!("*a{}, ", level - 1).repeat(10);
            bomb.extend([&format!("a{level}: &a{level} ["), &*below, "]\n"]);
        }
        assert!(yaml(&bomb).is_err());
        assert!(yaml(&"[".repeat(100_000)).is_err());
        assert!(json(&"[".repeat(100_000)).is_err());
        assert!(yaml("a: &a [ *a ]").is_err());
    }

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        for (text, value) in [
            ("1", json!(1)),
            ("-0x1F", json!(-31)),
            ("0o17", json!(15)),
            ("33.34", json!(33.34)),
            (".5", json!(0.5)),
            ("1e3", json!(1000.0)),
            ("yes", json!("yes")),
            ("1:30", json!("1:30")),
            ("800x600+1+1", json!("800x600+1+1")),
            ("1:code", json!("1:code")),
            ("~", json!(null)),
            ("True", json!(true)),
        ] {
            assert_eq!(resolve(text), value, "{text}");
        }
    }
}
