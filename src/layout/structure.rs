//! What the JSON Schema refuses, said in the words of the file format.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::paths::LocationSegment;
use serde_json::Value;

use super::source::Document;
use crate::document::Fault;
use crate::document::{Finding, Path, Step};

/// Everything in which `value` differs from the schema.
pub fn check<T: Document>(value: &Value) -> Vec<Finding> {
    let schema = T::schema();
    let Ok(validator) = jsonschema::validator_for(&schema) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for error in validator.iter_errors(value) {
        explain::<T>(&error, &schema, &mut findings);
    }
    findings
}

fn explain<T: Document>(error: &ValidationError<'_>, schema: &Value, findings: &mut Vec<Finding>) {
    let path = path_of(error);
    let found = error.instance();
    let subject = subject::<T>(&path);
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            for key in unexpected {
                let is_floating = key == "rect" || key == "scratchpad";
                let fault = if is_floating && schema.pointer("/$defs/Floating").is_some() {
                    Fault::FloatingKey(key.clone())
                } else {
                    let (present, allowed) = keys(schema, error)
                        .into_iter()
                        .partition(|key| found.get(key).is_some());
                    Fault::UnknownKey {
                        key: key.clone(),
                        allowed,
                        present,
                    }
                };
                findings.push(Finding::key(path.key(key), fault));
            }
        }
        ValidationErrorKind::Required { property } => {
            let key = property.as_str().unwrap_or_default().to_owned();
            findings.push(Finding::new(path.key(&key), Fault::MissingKey(key)));
        }
        ValidationErrorKind::Type { kind } => {
            findings.push(Finding::new(path, wrong_kind(subject, kind, found)));
        }
        ValidationErrorKind::Enum { options } => {
            let allowed = options.as_array().map(Vec::as_slice).unwrap_or_default();
            let fault = Fault::UnknownValue {
                subject,
                found: describe(found),
                allowed: allowed.iter().map(plain).collect(),
            };
            findings.push(Finding::new(path, fault));
        }
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
            explain_choice::<T>(context, schema, &path, subject, found, findings);
        }
        ValidationErrorKind::Constant { expected_value } => {
            let fault = match found.as_u64() {
                Some(version) if version != T::VERSION && path.last_key() == Some("version") => {
                    Fault::UnknownVersion(version)
                }
                _ => Fault::UnknownValue {
                    subject,
                    found: describe(found),
                    allowed: vec![plain(expected_value)],
                },
            };
            findings.push(Finding::new(path, fault));
        }
        ValidationErrorKind::Minimum { limit } => {
            let fault = Fault::OutOfRange {
                subject,
                range: format!("{limit} or more").clone(),
                found: describe(found),
            };
            findings.push(Finding::new(path, fault));
        }
        // So large that it could not be read, and nothing after it.
        ValidationErrorKind::Maximum { limit }
            if found
                .as_i64()
                .is_none_or(|number| i32::try_from(number).is_err()) =>
        {
            let fault = Fault::OutOfRange {
                subject,
                range: format!("{limit} or less").clone(),
                found: describe(found),
            };
            findings.push(Finding::new(path, fault));
        }
        // Said better, and of valid structures too, by the checks of meaning.
        ValidationErrorKind::Pattern { .. }
        | ValidationErrorKind::ExclusiveMinimum { .. }
        | ValidationErrorKind::ExclusiveMaximum { .. }
        | ValidationErrorKind::Maximum { .. } => {}
        _ => findings.push(Finding::new(path, Fault::Syntax(error.to_string()))),
    }
}

/// Explains a value that fits none of several shapes by the shape that it comes
/// nearest to: the one in which something further inside is wrong, else the one with
/// a list of values, else all kinds together.
fn explain_choice<T: Document>(
    context: &[Vec<ValidationError<'static>>],
    schema: &Value,
    path: &Path,
    subject: String,
    found: &Value,
    findings: &mut Vec<Finding>,
) {
    let is_kind =
        |error: &ValidationError<'_>| matches!(error.kind(), ValidationErrorKind::Type { .. });
    let mut choices: Vec<String> = Vec::new();
    for branch in context {
        for error in branch {
            if let ValidationErrorKind::Enum { options } = error.kind() {
                choices.extend(options.as_array().into_iter().flatten().map(plain));
            }
            if let ValidationErrorKind::Constant { expected_value } = error.kind() {
                choices.push(plain(expected_value));
            }
        }
    }
    let near = context.iter().find(|branch| {
        !branch.is_empty()
            && !branch
                .iter()
                .any(|error| is_kind(error) && path_of(error) == *path)
    });
    if !choices.is_empty() {
        let fault = Fault::UnknownValue {
            subject,
            found: describe(found),
            allowed: choices,
        };
        findings.push(Finding::new(path.clone(), fault));
    } else if let Some(branch) = near {
        for error in branch {
            explain::<T>(error, schema, findings);
        }
    } else {
        let kinds = context
            .iter()
            .flatten()
            .filter_map(|error| match error.kind() {
                ValidationErrorKind::Type { kind } => Some(kind_names(kind)),
                _ => None,
            });
        let fault = Fault::WrongKind {
            subject,
            expected: alternatives(kinds.flatten().collect()),
            found: describe(found),
            hint: None,
        };
        findings.push(Finding::new(path.clone(), fault));
    }
}

fn path_of(error: &ValidationError<'_>) -> Path {
    Path(
        error
            .instance_path()
            .iter()
            .map(|segment| match segment {
                LocationSegment::Property(key) => Step::Key(key.to_string()),
                LocationSegment::Index(index) => Step::Index(index),
            })
            .collect(),
    )
}

/// What the value at `path` is, for the beginning of a sentence.
fn subject<T: Document>(path: &Path) -> String {
    match (path.0.last(), path.parent().last_key()) {
        (None, _) => T::WHAT.to_owned(),
        (Some(Step::Key(key)), _) => format!("`{key}`"),
        (Some(Step::Index(_)), Some(list)) => format!("each entry of `{list}`"),
        (Some(Step::Index(_)), None) => "each entry".to_owned(),
    }
}

fn wrong_kind(subject: String, kind: &TypeKind, found: &Value) -> Fault {
    let names = kind_names(kind);
    let quoted = (names.contains(&"a text") && !found.is_array() && !found.is_object())
        .then(|| format!("write `\"{}\"`, in quotes", plain(found)));
    Fault::WrongKind {
        subject,
        expected: alternatives(names),
        found: describe(found),
        hint: quoted,
    }
}

fn kind_names(kind: &TypeKind) -> Vec<&'static str> {
    use jsonschema::JsonType;
    let name = |kind: JsonType| match kind {
        JsonType::Array => Some("a list"),
        JsonType::Boolean => Some("true or false"),
        JsonType::Integer => Some("a whole number"),
        JsonType::Number => Some("a number"),
        JsonType::Object => Some("a map of keys and values"),
        JsonType::String => Some("a text"),
        // Nothing is the same as leaving the key out; no need to advertise it.
        JsonType::Null => None,
    };
    match kind {
        TypeKind::Single(kind) => name(*kind).into_iter().collect(),
        TypeKind::Multiple(kinds) => {
            let mut names: Vec<&str> = kinds.iter().filter_map(name).collect();
            names.sort_by_key(|name| *name == "a list");
            names
        }
    }
}

fn alternatives(mut names: Vec<&'static str>) -> String {
    names.dedup();
    names.join(" or ")
}

/// A value for the end of a sentence.
fn describe(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(_) => format!("the truth value `{value}`"),
        Value::Number(_) => format!("the number `{value}`"),
        Value::String(text) if text.chars().count() <= 60 => format!("`{text}`"),
        Value::String(_) => "a long text".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a map".to_owned(),
    }
}

/// A value as it is written.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The keys that the map in question may have.
fn keys(schema: &Value, error: &ValidationError<'_>) -> Vec<String> {
    // The schema path ends in `additionalProperties`; its neighbour names the keys.
    // It leads through `$ref`, so the definition is looked up at the last one.
    let path = error.schema_path().to_string();
    let place = path.rsplit_once('/').map_or("", |(parent, _)| parent);
    let properties = schema
        .pointer(&format!("{place}/properties"))
        .and_then(Value::as_object);
    properties
        .into_iter()
        .flat_map(|properties| properties.keys())
        .filter(|key| !key.starts_with('$'))
        .cloned()
        .collect()
}
