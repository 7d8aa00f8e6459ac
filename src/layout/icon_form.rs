//! The written form of an icon in a title bar.

use serde_json::{Map, Value, json};

use crate::document::definitions::{Schemas, map};
use crate::document::spanned::Kind;
use crate::document::{Cursor, Form, Reading};

/// The padding of a window's icon. `true` means no padding.
#[derive(Clone, Copy)]
pub(super) struct Icon(pub(super) Option<u32>);

impl Form for Icon {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        match at.value.kind {
            Kind::Bool(is_shown) => Some(Self(is_shown.then_some(0))),
            Kind::Number(_) => {
                let padding = i32::decode(at, reading)?;
                Some(Self(Some(padding.unsigned_abs())))
            }
            _ => {
                reading.wrong_type(at, "`true`, `false` or a whole number");
                None
            }
        }
    }

    fn encode(&self) -> Value {
        match self.0 {
            Some(0) => json!(true),
            padding => json!(padding),
        }
    }

    fn is_default(&self) -> bool {
        self.0.is_none()
    }

    fn schema(_: &mut Schemas) -> Map<String, Value> {
        map([("type", json!(["boolean", "integer"]))])
    }
}
