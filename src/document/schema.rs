//! Generates the JSON Schema of a kind of file (draft 2020-12).

use serde_json::{Map, Value, json};

use super::decode::EXTENSION;
use super::definitions::{Schemas, map};
use super::field::Field;
use super::form::{Access, Document, Fields, Form, Object};

/// The schema of a kind of file.
pub fn of<T: Document>() -> Value {
    let mut schemas = Schemas::default();
    let properties = properties::<T>(&mut schemas);
    let mut schema = map([
        (
            "$schema",
            json!("https://json-schema.org/draft/2020-12/schema"),
        ),
        ("$id", json!(T::SCHEMA_ID)),
        ("title", json!(T::TITLE)),
        ("description", json!(T::DOC)),
    ]);
    schema.extend(properties);
    schema.insert("$defs".to_owned(), Value::Object(schemas.into_map()));
    Value::Object(schema)
}

/// The text of the schema, indented and with a newline at the end.
pub fn text<T: Document>() -> String {
    format!("{:#}\n", of::<T>())
}

/// A reference to the definition of an object.
pub(super) fn object<M: Object>(schemas: &mut Schemas) -> Map<String, Value> {
    schemas.definition(M::NAME, |schemas| {
        let mut definition = map([("description", json!(M::DOC))]);
        add(&mut definition, "examples", M::examples());
        definition.extend(properties::<M>(schemas));
        definition
    })
}

fn properties<M: Object>(schemas: &mut Schemas) -> Map<String, Value> {
    let mut visitor = Properties {
        schemas,
        default: M::default(),
        map: Map::new(),
        required: Vec::new(),
    };
    M::fields(&mut visitor);
    let Properties {
        map: properties,
        required,
        ..
    } = visitor;
    let mut schema = map([
        ("type", json!("object")),
        ("additionalProperties", json!(false)),
        ("properties", Value::Object(properties)),
        (
            "patternProperties",
            json!({ (format!("^{EXTENSION}")): {} }),
        ),
    ]);
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema
}

struct Properties<'s, M> {
    schemas: &'s mut Schemas,
    default: M,
    map: Map<String, Value>,
    required: Vec<&'static str>,
}

impl<M> Fields<M> for Properties<'_, M> {
    fn field<T: Form + 'static>(&mut self, field: Field, access: Access<M, T>) {
        let mut schema = T::schema(self.schemas);
        if field.is_nullable {
            schema = or_null(schema);
        }
        if let Some(range) = field.range {
            range.add_to_schema(&mut schema);
        }
        add(&mut schema, "pattern", json!(field.pattern));
        schema.insert("description".to_owned(), json!(field.doc));
        if field.is_required {
            self.required.push(field.key);
        } else if let Some(default) = (access.get)(&self.default) {
            add(&mut schema, "default", default.encode());
        }
        add(&mut schema, "examples", (field.examples)());
        self.map.insert(field.key.to_owned(), Value::Object(schema));
    }
}

/// Allows null in a schema.
pub(super) fn or_null(mut schema: Map<String, Value>) -> Map<String, Value> {
    if let Some(choices) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        choices.push(Value::Null);
        return schema;
    }
    match schema.get_mut("type") {
        Some(Value::Array(kinds)) => kinds.push(json!("null")),
        Some(kind) => *kind = json!([kind, "null"]),
        None => return map([("anyOf", json!([schema, { "type": "null" }]))]),
    }
    schema
}

fn add(schema: &mut Map<String, Value>, key: &str, value: Value) {
    if !value.is_null() {
        schema.insert(key.to_owned(), value);
    }
}
