//! Descriptions of the written form of values.
//!
//! A type that is written as a map lists its keys once, in [`Object::fields`]. The decoder,
//! the JSON Schema and the writer visit that list.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::definitions::Schemas;
use super::fault::Fault;
use super::field::Field;
use super::path::Path;
use super::problem::{Finding, is_unrelated};
use super::reading::{Cursor, Reading};
use super::spanned::Spanned;

/// A type with a written form.
pub trait Form: Clone {
    /// Decodes the value at a place in a file. Adds findings to `reading` and returns `None`
    /// if it is invalid.
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self>;

    /// The written value, or null if it is left out.
    fn encode(&self) -> Value;

    /// The JSON Schema of all values of this type.
    fn schema(schemas: &mut Schemas) -> Map<String, Value>;

    /// True for the default value, which is not written.
    fn is_default(&self) -> bool {
        false
    }

    /// An example of a value, for hints.
    fn example() -> Option<Value> {
        None
    }

    /// A replacement for an invalid entry of a list, so that the others keep their positions.
    fn stand_in() -> Option<Self> {
        None
    }
}

/// A type that is written as a map.
pub trait Object: Clone + Default + 'static {
    /// The type's name in the JSON Schema.
    const NAME: &'static str;
    /// The description of the type for users.
    const DOC: &'static str;

    /// Lists all keys in the order in which they are written.
    fn fields(fields: &mut impl Fields<Self>);

    /// The initial value, in which the keys of a map are then set.
    fn start(_map: &Spanned) -> Self {
        Self::default()
    }

    /// Completes the value after all keys are set. Returns `None` if it is invalid.
    fn finish(self, _at: &Cursor<'_>, _reading: &mut Reading<'_>) -> Option<Self> {
        Some(self)
    }

    /// The fault of a known key that this value cannot have: [`Access::get`] returns
    /// `None`.
    fn misplaced(&self, key: &'static str) -> Fault {
        Fault::unknown_key(key)
    }

    /// A more specific fault for an unknown key.
    fn unknown(_key: &str) -> Option<Fault> {
        None
    }

    /// True for a value that is not written.
    fn is_omitted(&self) -> bool {
        false
    }

    /// Adds entries that depend on several keys to a written map.
    fn complete(&self, _map: &mut Map<String, Value>) {}

    /// Examples of values, as a list.
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

/// Access to the value of a key in the model.
#[derive(Debug)]
pub struct Access<M, T: Clone + 'static> {
    /// The value; `None` if the model cannot have the key.
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

/// Visits keys. Each has its description as a doc comment, methods of [`Field`], and its
/// [`Access`], by default to the field of the same name:
///
/// ```text
/// keys! { fields;
///     /// The output's name.
///     output.required(),
///     /// The path of the JSON Schema.
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

/// Implements [`Object`] for a type, with its description as a doc comment, its keys as in
/// [`keys!`], and other methods of the trait.
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

/// The [`Access`] to a key that is not in the model, such as `$schema`.
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
    /// The identifier of the JSON Schema. It is not an address.
    const SCHEMA_ID: &'static str;

    /// All values that are valid in themselves, but make no sense together.
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

/// The version of a file format. Only `V` is supported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Version<const V: u64>;
