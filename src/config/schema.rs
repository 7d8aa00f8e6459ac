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

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/config-v1.schema.json");

    #[test]
    fn the_schema_file_is_up_to_date() -> std::io::Result<()> {
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(FILE, schema_text())?;
        }
        assert!(
            SCHEMA_TEXT == schema_text() || std::env::var_os("UPDATE_SCHEMA").is_some(),
            "schemas/config-v1.schema.json is stale: run the tests with UPDATE_SCHEMA=1"
        );
        Ok(())
    }

    #[test]
    fn every_key_is_described() {
        let schema = schema();
        let definitions = schema["$defs"].as_object().into_iter().flatten();
        for (name, definition) in definitions.chain([(&"Config".to_owned(), &schema)]) {
            for (key, property) in definition["properties"].as_object().into_iter().flatten() {
                assert!(property["description"].is_string(), "{name}.{key}");
            }
        }
        assert!(jsonschema::meta::is_valid(&schema));
        assert!(jsonschema::validator_for(&schema).is_ok());
    }
}
