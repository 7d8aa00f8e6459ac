//! The JSON Schema of a file (draft 2020-12), from the description of its values.

use serde_json::{Map, Value, json};

use super::form::{Access, Document, Field, Fields, Form, Object};

/// The schema of a kind of file.
pub fn of<T: Document>() -> Value {
    let mut schemas = Schemas::default();
    let properties = schemas.properties::<T>();
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
    schema.insert("$defs".to_owned(), Value::Object(schemas.definitions));
    Value::Object(schema)
}

/// The schema as a file: indented, with a newline at the end.
pub fn text<T: Document>() -> String {
    format!("{:#}\n", of::<T>())
}

/// The definitions that schemas refer to, in the order in which they come up.
#[derive(Debug, Default)]
pub struct Schemas {
    definitions: Map<String, Value>,
}

impl Schemas {
    /// A reference to the definition of an object.
    pub(super) fn object<M: Object>(&mut self) -> Map<String, Value> {
        if !self.definitions.contains_key(M::NAME) {
            // Keeps its position, and ends the recursion of nodes in nodes.
            self.definitions.insert(M::NAME.to_owned(), Value::Null);
            let mut definition = map([("description", json!(M::DOC))]);
            add(&mut definition, "examples", M::examples());
            definition.extend(self.properties::<M>());
            self.definitions
                .insert(M::NAME.to_owned(), Value::Object(definition));
        }
        reference(M::NAME)
    }

    /// A reference to a definition that is made where there is none yet.
    pub(super) fn definition(
        &mut self,
        name: &str,
        definition: impl FnOnce() -> Map<String, Value>,
    ) -> Map<String, Value> {
        if !self.definitions.contains_key(name) {
            let definition = Value::Object(definition());
            self.definitions.insert(name.to_owned(), definition);
        }
        reference(name)
    }

    fn properties<M: Object>(&mut self) -> Map<String, Value> {
        let mut visitor = Properties {
            schemas: self,
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
        ]);
        if !required.is_empty() {
            schema.insert("required".to_owned(), json!(required));
        }
        schema
    }
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

/// A schema from its keys and values.
pub fn map<const N: usize>(entries: [(&str, Value); N]) -> Map<String, Value> {
    let entries = entries.into_iter();
    entries
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

/// The schema of the same values and null.
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

fn reference(name: &str) -> Map<String, Value> {
    map([("$ref", json!(format!("#/$defs/{name}")))])
}

fn add(schema: &mut Map<String, Value>, key: &str, value: Value) {
    if !value.is_null() {
        schema.insert(key.to_owned(), value);
    }
}
