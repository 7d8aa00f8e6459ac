//! The JSON Schema of the layout file.

use super::model::Layout;
use crate::document::schema;

/// What [`schema_text`] makes, as it is in the repository. Making it anew at each capture
/// would cost as much as the text of a layout of 15 windows; a test holds the two together.
pub const SCHEMA_TEXT: &str = include_str!("../../schemas/layout-v1.schema.json");

/// The schema as a file: indented, with a newline at the end.
pub fn schema_text() -> String {
    schema::text::<Layout>()
}
