//! The description of how values are written in a file.
//!
//! A type that is written as a map lists its keys once, in [`Object::fields`]. Whoever
//! needs to know them visits that list: the decoder, the JSON Schema, the writer.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::definitions::Schemas;
use super::fault::Fault;
use super::path::Path;
use super::problem::{Finding, is_unrelated};
use super::range::Range;
use super::reading::{Cursor, Reading};
use super::spanned::Spanned;

/// A type of values that are written in a file.
pub trait Form: Clone {
    /// The value at a place in a file. `None` if it is wrong in itself; what is wrong
    /// is added to the findings of `reading`.
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self>;

    /// The value as it is written; null for one that is left out.
    fn encode(&self) -> Value;

    /// The JSON Schema of all values of this type.
    fn schema(schemas: &mut Schemas) -> Map<String, Value>;

    /// True for a value that need not be written, as it is the default.
    fn is_default(&self) -> bool {
        false
    }

    /// A value in the place of one that is wrong, where later checks count positions.
    fn stand_in() -> Option<Self> {
        None
    }
}

/// A type of values that are written as maps.
pub trait Object: Clone + Default + 'static {
    /// The type's name in the JSON Schema.
    const NAME: &'static str;
    /// The description of the type, for people who write a file.
    const DOC: &'static str;

    /// Lists all keys in the order in which they are written.
    fn fields(fields: &mut impl Fields<Self>);

    /// The value that the keys of a map are then set in.
    fn start(_map: &Spanned) -> Self {
        Self::default()
    }

    /// The value after all its keys were set; `None` if they do not go together.
    fn finish(self, _at: &Cursor<'_>, _reading: &mut Reading<'_>) -> Option<Self> {
        Some(self)
    }

    /// The fault of a key that is known, but not for this very value: [`Access::get`] has
    /// nothing there.
    fn misplaced(&self, key: &'static str) -> Fault {
        Fault::unknown_key(key)
    }

    /// A better fault for a key that is not listed.
    fn unknown(_key: &str) -> Option<Fault> {
        None
    }

    /// Adds to a written map what depends on several keys.
    fn complete(&self, _map: &mut Map<String, Value>) {}

    /// Examples of whole values, a list.
    fn examples() -> Value {
        Value::Null
    }
}

/// A visitor of the keys of `M`.
pub trait Fields<M> {
    /// Visits one key, whose values have the form `T`.
    fn field<T: Form + 'static>(&mut self, field: Field, access: Access<M, T>);
}

/// The keys of an object in order.
pub(super) fn keys_of<M: Object>() -> Vec<&'static str> {
    let mut keys = Keys(Vec::new());
    M::fields(&mut keys);
    keys.0
}

/// Collects the keys of an object.
struct Keys(Vec<&'static str>);

impl<M> Fields<M> for Keys {
    fn field<T: Form + 'static>(&mut self, field: Field, _: Access<M, T>) {
        self.0.push(field.key);
    }
}

/// A key of a map.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The key.
    pub key: &'static str,
    /// The description, for people who write a file.
    pub doc: &'static str,
    /// True if the key must be there.
    pub is_required: bool,
    /// True if the key is written even with the default value.
    pub is_always_written: bool,
    /// True if the value may be null, which is the same as leaving the key out.
    pub is_nullable: bool,
    /// The numbers that it takes.
    pub range: Option<Range>,
    /// A regular expression for the strings that it takes; for the schema only.
    pub pattern: Option<&'static str>,
    /// Examples of values, a list.
    pub examples: fn() -> Value,
}

impl Field {
    /// A key that may be left out.
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

    /// The same key under another name.
    #[must_use]
    pub const fn named(self, key: &'static str) -> Self {
        Self { key, ..self }
    }

    /// The same key, which must be there.
    #[must_use]
    pub const fn required(self) -> Self {
        Self {
            is_required: true,
            is_always_written: true,
            ..self
        }
    }

    /// The same key, which is written even with the default value.
    #[must_use]
    pub const fn always_written(self) -> Self {
        Self {
            is_always_written: true,
            ..self
        }
    }

    /// The same key, whose value may be null.
    #[must_use]
    pub const fn nullable(self) -> Self {
        Self {
            is_nullable: true,
            ..self
        }
    }

    /// The same key for numbers in a range.
    #[must_use]
    pub const fn range(self, range: Range) -> Self {
        Self {
            range: Some(range),
            ..self
        }
    }

    /// The same key for strings that match a pattern.
    #[must_use]
    pub const fn pattern(self, pattern: &'static str) -> Self {
        Self {
            pattern: Some(pattern),
            ..self
        }
    }

    /// The same key with examples, a list.
    #[must_use]
    pub const fn examples(self, examples: fn() -> Value) -> Self {
        Self { examples, ..self }
    }
}

/// The way to a key's value in the model.
#[derive(Debug)]
pub struct Access<M, T: Clone + 'static> {
    /// The value; `None` if `M` cannot have one.
    pub get: for<'m> fn(&'m M) -> Option<Cow<'m, T>>,
    /// Sets the value, or refuses it.
    pub set: fn(&mut M, T) -> Result<(), Fault>,
}

/// The [`Access`] to a field of a struct.
macro_rules! at {
    ($($field:ident).+) => {
        $crate::document::Access {
            get: |model| Some(std::borrow::Cow::Borrowed(&model.$($field).+)),
            set: |model, value| {
                model.$($field).+ = value;
                Ok(())
            },
        }
    };
}
pub(crate) use at;

/// Visits keys, each with its description as a doc comment, the methods of [`Field`] for
/// what else there is to know, and the [`Access`] if it is not a field of the same name:
///
/// ```text
/// keys! { fields;
///     /// The output's name.
///     output.required(),
///     /// Where the JSON Schema is.
///     schema.named("$schema") => ignored::<_, Option<String>>(),
/// }
/// ```
macro_rules! keys {
    ($fields:expr; $(
        $(#[doc = $doc:literal])+
        $key:ident $(.$method:ident($($argument:expr),*))* $(=> $access:expr)?
    ),+ $(,)?) => {
        $($fields.field(
            $crate::document::Field::new(
                stringify!($key),
                concat!($($doc),+).trim_ascii_start(),
            )$(.$method($($argument),*))*,
            $crate::document::form::keys!(@access $key $(=> $access)?),
        );)+
    };
    (@access $key:ident => $access:expr) => { $access };
    (@access $key:ident) => { $crate::document::form::at!($key) };
}
pub(crate) use keys;

/// Implements [`Object`] for a type: its description as a doc comment, its keys as in
/// [`keys!`], and after them other methods of the trait.
macro_rules! object {
    (
        $(#[doc = $doc:literal])+
        $type:ident { $($keys:tt)* }
        $($methods:tt)*
    ) => {
        impl $crate::document::Object for $type {
            const NAME: &'static str = stringify!($type);
            const DOC: &'static str = concat!($($doc),+).trim_ascii_start();

            fn fields(fields: &mut impl $crate::document::Fields<Self>) {
                $crate::document::form::keys! { fields; $($keys)* }
            }

            $($methods)*
        }
    };
}
pub(crate) use object;

/// A key that is read and not kept, such as `$schema`.
pub const fn ignored<M, T: Clone + Default + 'static>() -> Access<M, T> {
    Access {
        get: |_| Some(Cow::Owned(T::default())),
        set: |_, _| Ok(()),
    }
}

/// A kind of file.
pub trait Document: Object {
    /// The kind for the beginning of a sentence: `a layout file`.
    const WHAT: &'static str;
    /// The first part of the codes of its problems: `layout` in `layout::unknown-key`.
    const KIND: &'static str;
    /// The title of the JSON Schema.
    const TITLE: &'static str;
    /// The name of the JSON Schema; not a place on the net.
    const SCHEMA_ID: &'static str;

    /// Everything that makes no sense, though each value is right in itself.
    fn check(&self) -> Vec<Finding> {
        Vec::new()
    }

    /// The fault of a text that is a file of another tool.
    fn foreign(_text: &str) -> Option<Fault> {
        None
    }

    /// True unless `finding` of [`Document::check`] is the consequence of a problem at one
    /// of the places in `broken`.
    fn is_unrelated(finding: &Finding, broken: &[Path]) -> bool {
        is_unrelated(finding, broken)
    }
}

/// The version of a file format; only `V` is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Version<const V: u64>;
