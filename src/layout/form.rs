//! How the values of the layout file are written, for the reader, the writer and the
//! schema; see [`crate::document::form`].

use serde_json::{Map, Value, json};

use super::model::{Command, Swallow};
use crate::document::form::at;
use crate::document::schema::{Schemas, map};
use crate::document::{Cursor, Field, Fields, Form, Object, Reading, decode, located};

impl Object for Swallow {
    const NAME: &'static str = "Swallow";
    const DOC: &'static str = "How i3 knows the window. All that are given must match; each is a \
        regular expression (PCRE) that is searched in the property, so anchor it with `^` and `$`.";

    fn fields(fields: &mut impl Fields<Self>) {
        let class = "The class, the second word of `xprop WM_CLASS`.";
        fields.field(Field::new("class", class), at!(class));
        let instance = "The instance, the first word of `xprop WM_CLASS`.";
        fields.field(Field::new("instance", instance), at!(instance));
        fields.field(Field::new("title", "The title."), at!(title));
        let role = "The role, `xprop WM_WINDOW_ROLE`.";
        fields.field(Field::new("window_role", role), at!(window_role));
        let machine = "The machine, `xprop WM_CLIENT_MACHINE`.";
        fields.field(Field::new("machine", machine), at!(machine));
    }

    fn examples() -> Value {
        json!([{ "class": "^Code$", "instance": "^code$" }])
    }
}

impl Form for Command {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        match &at.value.kind {
            located::Kind::Text(line) => Some(Self::Line(line.clone())),
            _ => decode::list(at, decode::TEXT_OR_LIST, reading).map(Self::Args),
        }
    }

    fn encode(&self) -> Value {
        match self {
            Self::Line(line) => line.encode(),
            Self::Args(args) => args.encode(),
        }
    }

    fn schema(_: &mut Schemas) -> Map<String, Value> {
        let items = json!({ "type": "string" });
        map([("type", json!(["string", "array"])), ("items", items)])
    }
}
