//! Tests that compare the JSON Schema with the reader, for all kinds of files.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::form::keys_of;
use super::spanned::{Kind, Spanned};
use super::{Document, Fault, Format, parse_only, read, schema};

/// Compares the schema with the reader. A file that the schema rejects must be rejected by the
/// reader. In other files, the reader must not find faults that a schema can express.
pub(crate) fn check<T: Document>(
    validator: &jsonschema::Validator,
    text: &str,
    format: Format,
) -> Result<(), TestCaseError> {
    let Ok(tree) = format.compose(text) else {
        return Ok(());
    };
    // JSON has no infinity and no duplicate keys.
    if has_infinity(&tree) || !super::reading::duplicates(&tree).is_empty() {
        return Ok(());
    }
    let value = tree.to_value();
    if let Err(error) = validator.validate(&value) {
        prop_assert!(
            read::<T>(text, "t", format).is_err(),
            "only the schema refuses this: {} at {}\n{}",
            error,
            error.instance_path(),
            text
        );
        return Ok(());
    }
    let (_, findings) = parse_only::<T>(text, format).map_err(TestCaseError::fail)?;
    for finding in findings {
        let is_sayable = matches!(
            finding.fault,
            Fault::UnknownKey { .. }
                | Fault::MissingKey(_)
                | Fault::WrongType { .. }
                | Fault::UnknownValue { .. }
                | Fault::OutOfRange { .. }
                | Fault::UnknownVersion(_)
                | Fault::FloatingKey(_)
        );
        prop_assert!(
            !is_sayable,
            "only the reader refuses this: {:?}\n{}",
            finding,
            text
        );
    }
    Ok(())
}

/// The validator of a kind of file.
pub(crate) fn validator<T: Document>() -> jsonschema::Validator {
    jsonschema::validator_for(&schema::of::<T>()).unwrap_or_else(|error| panic!("{error}"))
}

/// Files that are almost valid: maps and lists with the keys of the format, and values that
/// are valid for some of them.
pub(crate) fn nearly<T: Document>(
    inner_keys: &'static [&'static str],
) -> impl Strategy<Value = Value> {
    let scalar = prop::sample::select(vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(1.0),
        json!(-1),
        json!(0.5),
        json!(100_000),
        json!(1e20),
        json!(""),
        json!("x"),
        json!("^x$"),
        json!("60"),
        json!("class"),
        json!("global"),
        json!("splith"),
        json!("pixel 2"),
        json!("1x1+0+0"),
        json!("~/x"),
    ]);
    let value = scalar.prop_recursive(6, 40, 5, move |inner| {
        let key = prop::sample::select(inner_keys);
        let entry = (key, inner.clone()).prop_map(|(key, value)| (key.to_owned(), value));
        prop_oneof![
            1 => prop::collection::vec(inner, 0..3).prop_map(Value::from),
            3 => prop::collection::vec(entry, 0..5)
                .prop_map(Value::from_iter),
        ]
    });
    let keys = keys_of::<T>();
    let entry = (prop::sample::select(keys), value);
    prop::collection::vec(entry, 0..4).prop_map(|entries| {
        let mut map = Map::from_iter([("version".to_owned(), json!(1))]);
        map.extend(
            entries
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value)),
        );
        Value::Object(map)
    })
}

fn has_infinity(tree: &Spanned) -> bool {
    match &tree.kind {
        Kind::Number(number) => !number.value.is_finite(),
        Kind::List(entries) => entries.iter().any(has_infinity),
        Kind::Map(entries) => entries.iter().any(|entry| has_infinity(&entry.value)),
        _ => false,
    }
}
