//! From the model to the values that are written.

use serde_json::{Map, Value};

use super::form::{Access, Field, Fields, Form, Object};

/// The map that an object is written as: its keys in order, without defaults.
pub fn object<M: Object>(model: &M) -> Map<String, Value> {
    let mut encoder = Encoder {
        model,
        map: Map::new(),
    };
    M::fields(&mut encoder);
    encoder.map
}

struct Encoder<'m, M> {
    model: &'m M,
    map: Map<String, Value>,
}

impl<M> Fields<M> for Encoder<'_, M> {
    fn field<T: Form + 'static>(&mut self, field: Field, access: Access<M, T>) {
        let Some(value) = (access.get)(self.model) else {
            return;
        };
        if value.is_default() && !field.is_always_written {
            return;
        }
        let value = value.encode();
        if !value.is_null() {
            self.map.insert(field.key.to_owned(), value);
        }
    }
}
