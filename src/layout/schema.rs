//! The JSON Schema of the layout file.

use super::model::Layout;
use crate::document::schema;

/// The result of [`schema_text`]. Generating it for each capture would take as long as
/// writing a layout of 15 windows. A test compares the two.
pub const SCHEMA_TEXT: &str = include_str!("../../schemas/layout-v1.schema.json");

/// Generates the schema, indented and with a newline at the end.
pub fn schema_text() -> String {
    schema::text::<Layout>()
}
