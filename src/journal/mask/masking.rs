//! Writes JSON without secrets, in one pass: most of a journal is written while windows wait.

use std::io::{self, Write};

use serde_json::ser::{CharEscape, CompactFormatter, Formatter};

use super::Mask;

/// Keys whose values are no secrets, though they look like some: undo needs the marks, and a replay
/// compares the program's own tokens.
const AS_THEY_ARE: [&str; 3] = ["hash", "marks", "token"];

/// The level of an object or a list.
#[derive(Debug, Default)]
struct Level {
    /// The latest key of an object, or the key of the list.
    key: String,
    /// True for a container that is not a window: undo needs the names of workspaces.
    keeps_name: bool,
    /// The strings at the start of a list, until another value follows: it may be a command line,
    /// in which one word tells that the next is a secret.
    line: Option<Vec<String>>,
}

/// Formats JSON without secrets.
#[derive(Debug)]
pub(super) struct Masking<'m> {
    mask: &'m mut Mask,
    levels: Vec<Level>,
    /// The present string, without escapes.
    text: String,
    in_string: bool,
    is_key: bool,
}

impl<'m> Masking<'m> {
    pub(super) const fn new(mask: &'m mut Mask) -> Self {
        Self {
            mask,
            levels: Vec::new(),
            text: String::new(),
            in_string: false,
            is_key: false,
        }
    }

    /// Writes the strings of a list before another value.
    fn before_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let Some(line) = self.levels.last_mut().and_then(|level| level.line.take()) else {
            return Ok(());
        };
        for text in &line {
            let text = self.mask.text(text);
            serde_json::to_writer(&mut *writer, text)?;
            writer.write_all(b",")?;
        }
        Ok(())
    }

    fn value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let text = std::mem::take(&mut self.text);
        let Some(level) = self.levels.last_mut() else {
            return Ok(serde_json::to_writer(writer, self.mask.text(&text))?);
        };
        if let Some(line) = &mut level.line {
            line.push(text);
            return Ok(());
        }
        let key = level.key.as_str();
        if key == "kind" && text != "Con" {
            level.keeps_name = true;
        }
        let is_kept = level.keeps_name && key == "name" || AS_THEY_ARE.contains(&key);
        let masked = if is_kept {
            &text
        } else {
            self.mask.entry(key, &text)
        };
        serde_json::to_writer(writer, masked)?;
        self.text = text;
        Ok(())
    }
}

/// Numbers, which are also the keys of some maps.
macro_rules! numbers {
    ($($method:ident $type:ty),* $(,)?) => {
        $(fn $method<W: ?Sized + Write>(&mut self, writer: &mut W, value: $type) -> io::Result<()> {
            if self.in_string {
                self.text.push_str(&value.to_string());
                return Ok(());
            }
            self.before_value(writer)?;
            CompactFormatter.$method(writer, value)
        })*
    };
}

impl Formatter for Masking<'_> {
    numbers! {
        write_i8 i8, write_i16 i16, write_i32 i32, write_i64 i64, write_u8 u8, write_u16 u16,
        write_u32 u32, write_u64 u64, write_f32 f32, write_f64 f64, write_bool bool,
    }

    fn write_null<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.before_value(writer)?;
        writer.write_all(b"null")
    }

    fn begin_string<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.text.clear();
        self.in_string = true;
        Ok(())
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        _: &mut W,
        part: &str,
    ) -> io::Result<()> {
        self.text.push_str(part);
        Ok(())
    }

    fn write_char_escape<W: ?Sized + Write>(
        &mut self,
        _: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        self.text.push(match escape {
            CharEscape::Quote => '"',
            CharEscape::ReverseSolidus => '\\',
            CharEscape::Solidus => '/',
            CharEscape::Backspace => '\u{8}',
            CharEscape::FormFeed => '\u{c}',
            CharEscape::LineFeed => '\n',
            CharEscape::CarriageReturn => '\r',
            CharEscape::Tab => '\t',
            CharEscape::AsciiControl(byte) => char::from(byte),
        });
        Ok(())
    }

    fn end_string<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.in_string = false;
        if !self.is_key {
            return self.value(writer);
        }
        serde_json::to_writer(writer, &self.text)?;
        if let Some(level) = self.levels.last_mut() {
            level.key.clone_from(&self.text);
        }
        Ok(())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.before_value(writer)?;
        let key = self.levels.last().map(|level| level.key.clone());
        let key = key.unwrap_or_default();
        let is_kept = AS_THEY_ARE.contains(&key.as_str());
        self.levels.push(Level {
            key,
            line: (!is_kept).then(Vec::new),
            ..Level::default()
        });
        writer.write_all(b"[")
    }

    fn begin_array_value<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        let is_line = self.levels.last().is_some_and(|level| level.line.is_some());
        if first || is_line {
            return Ok(());
        }
        writer.write_all(b",")
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let level = self.levels.pop();
        if let Some(line) = level
            .and_then(|level| level.line)
            .filter(|line| !line.is_empty())
        {
            let mut separator: &[u8] = b"";
            for word in self.mask.line(&line) {
                writer.write_all(separator)?;
                serde_json::to_writer(&mut *writer, word)?;
                separator = b",";
            }
        }
        writer.write_all(b"]")
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.before_value(writer)?;
        self.levels.push(Level::default());
        writer.write_all(b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.levels.pop();
        writer.write_all(b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.is_key = true;
        if first {
            Ok(())
        } else {
            writer.write_all(b",")
        }
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.is_key = false;
        Ok(())
    }
}
