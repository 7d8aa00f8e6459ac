//! Encodes the model into written values.

use serde_json::{Map, Value};

use super::field::Field;
use super::form::{Access, Fields, Form, Object, keys_of};

/// The written map of an object, without defaults.
pub fn object<M: Object>(model: &M) -> Map<String, Value> {
    let mut encoder = Encoder {
        model,
        map: Map::new(),
    };
    M::fields(&mut encoder);
    let mut map = encoder.map;
    model.complete(&mut map);
    map
}

/// Sets a key of a written object, in the order of the keys.
pub fn set<M: Object>(map: &mut Map<String, Value>, key: &str, value: Value) {
    let keys = keys_of::<M>();
    let place = |key: &str| keys.iter().position(|known| *known == key);
    let is_before = |other: &&String| place(other) < place(key);
    let index = map.keys().take_while(is_before).count();
    map.shift_insert(index, key.to_owned(), value);
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
