//! The JSON Schema of the configuration, made from the types of [`super::file`].

use serde_json::Value;

use super::file::FileConfig;
use crate::layout::schema::schema_of;

/// The schema's own name; not a place on the net.
pub const SCHEMA_ID: &str = "urn:i3pm-layout:config-v1";

/// What [`schema_text`] makes, as it is in the repository.
pub const SCHEMA_TEXT: &str = include_str!("../../schemas/config-v1.schema.json");

/// The JSON Schema (draft 2020-12).
pub fn schema() -> Value {
    schema_of::<FileConfig>(SCHEMA_ID)
}

/// The schema as a file: indented, with a newline at the end.
pub fn schema_text() -> String {
    format!("{:#}\n", schema())
}
