//! The JSON Schema of the configuration.

use super::model::Layered;
use crate::document::schema;

/// The schema in the repository.
pub const SCHEMA_TEXT: &str = include_str!("../../schemas/config-v1.schema.json");

/// Returns the text of the schema: indented, with a newline at the end.
pub fn schema_text() -> String {
    schema::text::<Layered>()
}
