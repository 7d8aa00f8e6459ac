//! The forms of strings, numbers, lists and other basic types.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::decode;
use super::definitions::{Schemas, map};
use super::encode;
use super::fault::Fault;
use super::form::{Form, Object, Version};
use super::range::Range;
use super::reading::{BOOLEAN, Cursor, NUMBER, Reading, WHOLE_NUMBER};
use super::schema::{self, or_null};
use super::spanned::{Kind, whole};
use crate::geometry::{Rect, Size};

impl<T: Object> Form for T {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        decode::object(at, reading)
    }

    fn encode(&self) -> Value {
        Value::Object(encode::object(self))
    }

    fn is_default(&self) -> bool {
        self.is_omitted()
    }

    fn schema(schemas: &mut Schemas) -> Map<String, Value> {
        schema::object::<T>(schemas)
    }

    fn example() -> Option<Value> {
        T::examples().get(0).cloned()
    }

    fn stand_in() -> Option<Self> {
        Some(T::default())
    }
}

impl Form for String {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        decode::text(at, reading).map(str::to_owned)
    }

    fn encode(&self) -> Value {
        Value::String(self.clone())
    }

    fn schema(_: &mut Schemas) -> Map<String, Value> {
        map([("type", json!("string"))])
    }

    fn stand_in() -> Option<Self> {
        Some(Self::new())
    }
}

impl Form for bool {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        if let Kind::Bool(value) = at.value.kind {
            return Some(value);
        }
        reading.wrong_type(at, BOOLEAN);
        None
    }

    fn encode(&self) -> Value {
        Value::Bool(*self)
    }

    fn is_default(&self) -> bool {
        !self
    }

    fn schema(_: &mut Schemas) -> Map<String, Value> {
        map([("type", json!("boolean"))])
    }
}

impl Form for f64 {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        decode::number(at, NUMBER, None, reading)
    }

    /// Numbers without a fractional part are written as integers. Infinity is left out, because
    /// readers of YAML and JSON treat it differently.
    fn encode(&self) -> Value {
        whole(*self).map_or_else(|| json!(self), Value::from)
    }

    fn schema(_: &mut Schemas) -> Map<String, Value> {
        map([("type", json!("number"))])
    }
}

impl Form for i32 {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        let all = Range::from(Self::MIN).to(Self::MAX);
        let number = decode::number(at, WHOLE_NUMBER, Some(all), reading)?;
        #[expect(clippy::cast_possible_truncation, reason = "whole and in range")]
        Some(number as Self)
    }

    fn encode(&self) -> Value {
        json!(self)
    }

    fn schema(_: &mut Schemas) -> Map<String, Value> {
        map([("type", json!("integer"))])
    }
}

impl Form for usize {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        let number = decode::number(at, WHOLE_NUMBER, Some(Range::from(0)), reading)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole and not negative; larger numbers become the maximum"
        )]
        Some(number as Self)
    }

    fn encode(&self) -> Value {
        json!(self)
    }

    fn schema(_: &mut Schemas) -> Map<String, Value> {
        map([("type", json!("integer")), ("minimum", json!(0))])
    }

    fn stand_in() -> Option<Self> {
        Some(0)
    }
}

impl<T: Form> Form for Option<T> {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        if at.value.is_null() {
            return Some(None);
        }
        T::decode(at, reading).map(Some)
    }

    fn encode(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::encode)
    }

    fn is_default(&self) -> bool {
        self.is_none()
    }

    fn schema(schemas: &mut Schemas) -> Map<String, Value> {
        or_null(T::schema(schemas))
    }

    fn example() -> Option<Value> {
        T::example()
    }
}

impl<T: Form> Form for Vec<T> {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        decode::list(at, "a list", reading)
    }

    fn encode(&self) -> Value {
        self.iter().map(T::encode).collect()
    }

    fn is_default(&self) -> bool {
        self.is_empty()
    }

    fn schema(schemas: &mut Schemas) -> Map<String, Value> {
        let items = Value::Object(T::schema(schemas));
        map([("type", json!("array")), ("items", items)])
    }

    fn example() -> Option<Value> {
        Some(Value::Array(vec![T::example()?]))
    }
}

impl<T: Form> Form for BTreeMap<String, T> {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        let mut values = Self::new();
        for entry in decode::map(at, None, reading)? {
            // Duplicate keys are reported elsewhere. The first is used.
            if !values.contains_key(&entry.key)
                && let Some(value) = T::decode(&at.entry(entry), reading)
            {
                values.insert(entry.key.clone(), value);
            }
        }
        Some(values)
    }

    fn encode(&self) -> Value {
        let entries = self.iter();
        entries
            .map(|(key, value)| (key.clone(), value.encode()))
            .collect::<Map<_, _>>()
            .into()
    }

    fn is_default(&self) -> bool {
        self.is_empty()
    }

    fn schema(schemas: &mut Schemas) -> Map<String, Value> {
        let values = Value::Object(T::schema(schemas));
        map([("type", json!("object")), ("additionalProperties", values)])
    }
}

impl Form for Rect {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        let rect = decode::notation(at, reading)?.parse();
        rect.map_err(|error: crate::geometry::RectError| reading.find(at, error))
            .ok()
    }

    fn encode(&self) -> Value {
        Value::String(self.to_string())
    }

    fn schema(_: &mut Schemas) -> Map<String, Value> {
        let pattern = json!(r"^[0-9]+x[0-9]+\+-?[0-9]+\+-?[0-9]+$");
        map([("type", json!("string")), ("pattern", pattern)])
    }
}

impl Form for Size {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        let size = decode::notation(at, reading)?.parse();
        size.map_err(|error: crate::geometry::SizeError| {
            let key = at.key().unwrap_or("size").to_owned();
            reading.find(at, Fault::Size { error, key });
        })
        .ok()
    }

    fn encode(&self) -> Value {
        Value::String(self.to_string())
    }

    fn schema(_: &mut Schemas) -> Map<String, Value> {
        let pattern = json!("^[0-9]+x[0-9]+$");
        map([("type", json!("string")), ("pattern", pattern)])
    }
}

impl<const V: u64> Form for Version<V> {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        let Kind::Number(number) = &at.value.kind else {
            reading.wrong_type(at, WHOLE_NUMBER);
            return None;
        };
        match number.whole().and_then(|number| u64::try_from(number).ok()) {
            Some(version) if version == V => return Some(Self),
            Some(other) => reading.find(at, Fault::UnknownVersion(other)),
            None => reading.unknown_value(at, vec![V.to_string()]),
        }
        None
    }

    fn encode(&self) -> Value {
        json!(V)
    }

    fn schema(_: &mut Schemas) -> Map<String, Value> {
        map([("type", json!("integer")), ("const", json!(V))])
    }
}
