//! The JSON Schemas match the program and describe every key.

use std::path::Path;
use std::{env, fs};

use i3pm_layout::{config, layout};
use serde_json::Value;

/// The name, the text in the repository and the generated text of each schema.
fn schemas() -> [(&'static str, &'static str, String); 2] {
    [
        (
            "layout-v1",
            layout::schema::SCHEMA_TEXT,
            layout::schema::schema_text(),
        ),
        (
            "config-v1",
            config::schema::SCHEMA_TEXT,
            config::schema::schema_text(),
        ),
    ]
}

#[test]
fn schema_files_are_up_to_date() {
    for (name, text, made) in schemas() {
        let file = format!("schemas/{name}.schema.json");
        if env::var_os("UPDATE_SCHEMA").is_some() {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&file);
            fs::write(path, made).expect("the repository is writable");
        } else {
            assert_eq!(
                text, made,
                "{file} is stale: run the tests with UPDATE_SCHEMA=1"
            );
        }
    }
}

#[test]
fn every_key_has_a_description() {
    for (name, _, made) in schemas() {
        let schema: Value = serde_json::from_str(&made).expect("the schema is JSON");
        let definitions = schema["$defs"].as_object().into_iter().flatten();
        for (kind, definition) in definitions.chain([(&name.to_owned(), &schema)]) {
            for (key, property) in definition["properties"].as_object().into_iter().flatten() {
                assert!(property["description"].is_string(), "{kind}.{key}");
            }
        }
    }
}

#[test]
fn schemas_are_valid() {
    for (name, _, made) in schemas() {
        let schema: Value = serde_json::from_str(&made).expect("the schema is JSON");
        assert!(jsonschema::meta::is_valid(&schema), "{name}");
        assert!(jsonschema::validator_for(&schema).is_ok(), "{name}");
    }
}
