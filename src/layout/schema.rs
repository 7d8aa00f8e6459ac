//! The JSON Schema of the layout file, made from the types of [`super::file`].

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::file::FileLayout;

/// The schema's own name; not a place on the net.
pub const SCHEMA_ID: &str = "urn:i3pm-layout:layout-v1";

/// What [`schema_text`] makes, as it is in the repository. Making it anew at each capture
/// would cost as much as the text of a layout of 15 windows; a test holds the two together.
pub const SCHEMA_TEXT: &str = include_str!("../../schemas/layout-v1.schema.json");

/// The JSON Schema (draft 2020-12).
pub fn schema() -> Value {
    let mut schema = schema_of::<FileLayout>(SCHEMA_ID);
    split_floating(&mut schema);
    schema
}

/// The JSON Schema of any kind of file of ours.
pub fn schema_of<T: JsonSchema>(id: &str) -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<T>().to_value();
    tidy(&mut schema);
    schema["$id"] = json!(id);
    if let Value::Object(schema) = &mut schema {
        // What it is comes before what it says.
        for key in ["description", "title", "$id", "$schema"] {
            if let Some(value) = schema.shift_remove(key) {
                schema.shift_insert(0, key.to_owned(), value);
            }
        }
    }
    schema
}

/// The schema as a file: indented, with a newline at the end.
pub fn schema_text() -> String {
    format!("{:#}\n", schema())
}

/// One Rust type serves tiled and floating windows; an editor should offer `rect`
/// and `scratchpad` for floating ones only.
fn split_floating(schema: &mut Value) {
    let Some(node) = schema.pointer("/$defs/Node").cloned() else {
        return;
    };
    let mut floating = node;
    floating["description"] =
        json!("A floating window, or a floating container of several (it has `nodes` then).");
    if let Some(properties) = properties(schema, "/$defs/Node/properties") {
        properties.shift_remove("rect");
        properties.shift_remove("scratchpad");
    }
    let reference = json!({ "$ref": "#/$defs/Floating" });
    for place in [
        "/properties/scratchpad/items",
        "/$defs/Workspace/properties/floating/items",
    ] {
        if let Some(items) = schema.pointer_mut(place) {
            *items = reference.clone();
        }
    }
    if let Some(definitions) = properties(schema, "/$defs") {
        definitions.insert("Floating".to_owned(), floating);
    }
}

fn properties<'a>(schema: &'a mut Value, place: &str) -> Option<&'a mut Map<String, Value>> {
    schema.pointer_mut(place).and_then(Value::as_object_mut)
}

/// Takes away `"format": "uint64"` and the like, which no standard knows and strict
/// validators complain of, and the line breaks of our source from the descriptions.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if map.get("format").is_some_and(Value::is_string) {
                map.shift_remove("format");
            }
            if let Some(Value::String(text)) = map.get_mut("description") {
                *text = text.replace('\n', " ");
            }
            map.values_mut().for_each(tidy);
        }
        Value::Array(list) => list.iter_mut().for_each(tidy),
        _ => {}
    }
}
