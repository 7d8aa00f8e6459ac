//! The description of a key in a file.

use serde_json::Value;

use super::range::Range;

/// A key of a map.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The key.
    pub key: &'static str,
    /// The description for users.
    pub doc: &'static str,
    /// True if the key is required.
    pub is_required: bool,
    /// True if the default value is written, too.
    pub is_always_written: bool,
    /// True if the value can be null, which is the same as leaving the key out.
    pub is_nullable: bool,
    /// The valid numbers.
    pub range: Option<Range>,
    /// A regular expression for valid strings, only for the schema.
    pub pattern: Option<&'static str>,
    /// Examples of values, as a list.
    pub examples: fn() -> Value,
}

impl Field {
    /// An optional key.
    pub const fn new(key: &'static str, doc: &'static str) -> Self {
        Self {
            key,
            doc,
            is_required: false,
            is_always_written: false,
            is_nullable: false,
            range: None,
            pattern: None,
            examples: || Value::Null,
        }
    }

    /// Renames the key.
    #[must_use]
    pub const fn named(self, key: &'static str) -> Self {
        Self { key, ..self }
    }

    /// Makes the key required.
    #[must_use]
    pub const fn required(self) -> Self {
        Self {
            is_required: true,
            is_always_written: true,
            ..self
        }
    }

    /// Writes the default value, too.
    #[must_use]
    pub const fn always_written(self) -> Self {
        Self {
            is_always_written: true,
            ..self
        }
    }

    /// Allows null.
    #[must_use]
    pub const fn nullable(self) -> Self {
        Self {
            is_nullable: true,
            ..self
        }
    }

    /// Restricts numbers to a range.
    #[must_use]
    pub const fn range(self, range: Range) -> Self {
        Self {
            range: Some(range),
            ..self
        }
    }

    /// Adds a pattern to the schema.
    #[must_use]
    pub const fn pattern(self, pattern: &'static str) -> Self {
        Self {
            pattern: Some(pattern),
            ..self
        }
    }

    /// Adds examples, as a list.
    #[must_use]
    pub const fn examples(self, examples: fn() -> Value) -> Self {
        Self { examples, ..self }
    }
}
