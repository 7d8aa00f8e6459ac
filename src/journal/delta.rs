//! Changes between two values. Looks at the desktop differ little from one to the next, and most of
//! a journal would be copies without this.
//!
//! A change is `{"=": VALUE}` for another value, `{"~": {KEY: CHANGE}, "-": [KEY]}` for an object
//! with changed and removed entries, or `{"@": {POSITION: CHANGE}}` for a list of the same length.
//! Lists of strings change as a whole: they can be command lines, in which one word tells that the
//! next is a secret.

use serde_json::{Map, Value, json};

/// The change from one value to another; `None` if they are equal.
pub(super) fn between(old: &Value, new: &Value) -> Option<Value> {
    if old == new {
        return None;
    }
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            let mut changed = Map::new();
            for (key, new) in new {
                let change = match old.get(key) {
                    Some(old) => between(old, new),
                    None => Some(json!({ "=": new })),
                };
                changed.extend(change.map(|change| (key.clone(), change)));
            }
            let removed = old.keys().filter(|key| !new.contains_key(*key));
            let removed: Vec<&String> = removed.collect();
            let mut change = json!({ "~": changed });
            if !removed.is_empty() {
                change["-"] = json!(removed);
            }
            Some(change)
        }
        (Value::Array(old), Value::Array(new))
            if old.len() == new.len() && !new.iter().all(Value::is_string) =>
        {
            let pairs = old.iter().zip(new).enumerate();
            let changed = pairs.filter_map(|(at, (old, new))| {
                let change = between(old, new)?;
                Some((at.to_string(), change))
            });
            Some(json!({ "@": changed.collect::<Map<_, _>>() }))
        }
        _ => Some(json!({ "=": new })),
    }
}

/// Applies a change. Returns `None` if it does not fit the value.
pub(super) fn apply(value: &mut Value, change: &Value) -> Option<()> {
    if let Some(new) = change.get("=") {
        value.clone_from(new);
        return Some(());
    }
    if let Some(changed) = change.get("@") {
        for (at, change) in changed.as_object()? {
            apply(value.get_mut(at.parse::<usize>().ok()?)?, change)?;
        }
        return Some(());
    }
    let map = value.as_object_mut()?;
    for key in change
        .get("-")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        map.remove(key.as_str()?)?;
    }
    for (key, change) in change.get("~")?.as_object()? {
        apply(map.entry(key.clone()).or_insert(Value::Null), change)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i32>().prop_map(Value::from),
            "[a-c]{0,2}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-c=~@-]", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn change_leads_to_the_other_value(old in any_value(), new in any_value()) {
            let mut value = old.clone();
            if let Some(change) = between(&old, &new) {
                prop_assert_eq!(apply(&mut value, &change), Some(()));
            }
            prop_assert_eq!(value, new);
        }

        #[test]
        fn damaged_change_is_no_panic(mut value in any_value(), change in any_value()) {
            let _ = apply(&mut value, &change);
        }
    }

    #[test]
    fn command_lines_change_as_a_whole() {
        let old = json!({ "argv": ["a", "--token", "x"], "same": [1, 2], "gone": 1 });
        let new = json!({ "argv": ["a", "--token", "y"], "same": [1, 3] });
        assert_eq!(
            between(&old, &new),
            Some(json!({
                "~": { "argv": { "=": ["a", "--token", "y"] }, "same": { "@": { "1": { "=": 3 } } } },
                "-": ["gone"],
            }))
        );
    }
}
