//! The definitions of a JSON Schema.

use serde_json::{Map, Value, json};

/// The definitions that schemas refer to, in the order of their first use.
#[derive(Debug, Default)]
pub struct Schemas {
    definitions: Map<String, Value>,
}

impl Schemas {
    /// Returns a reference to a definition, and adds the definition if it is new.
    pub(super) fn definition(
        &mut self,
        name: &str,
        definition: impl FnOnce(&mut Self) -> Map<String, Value>,
    ) -> Map<String, Value> {
        if !self.definitions.contains_key(name) {
            // Reserves the position, and ends the recursion of nodes in nodes.
            self.definitions.insert(name.to_owned(), Value::Null);
            let definition = Value::Object(definition(self));
            self.definitions.insert(name.to_owned(), definition);
        }
        reference(name)
    }

    /// All definitions by name.
    pub(super) fn into_map(self) -> Map<String, Value> {
        self.definitions
    }
}

/// Creates a schema from its keys and values.
pub fn map<const N: usize>(entries: [(&str, Value); N]) -> Map<String, Value> {
    let entries = entries.into_iter();
    entries
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

fn reference(name: &str) -> Map<String, Value> {
    map([("$ref", json!(format!("#/$defs/{name}")))])
}
