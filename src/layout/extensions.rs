//! Keys that begin with `x-`, which have no meaning for the program.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::comments::target;
use crate::document::decode::is_extension;
use crate::document::{Path, Step};

/// Adds the keys of the text `before` to a written layout, at the places to which the maps around them
/// were moved. Those of maps that are gone are left out.
pub(super) fn keep(value: &mut Value, before: &Value, moves: &BTreeMap<Path, Path>) {
    walk(before, &Path::default(), &mut |map, path| {
        let (path, is_there) = target(path, moves);
        let Some(Value::Object(written)) = at(value, &path).filter(|_| is_there) else {
            return;
        };
        let mut previous = None;
        for (key, entry) in map {
            if is_extension(key) {
                insert_after(written, previous, key, entry);
            }
            previous = Some(key.as_str());
        }
    });
}

/// Inserts an entry after the key that it followed before; else at the end.
fn insert_after(map: &mut Map<String, Value>, previous: Option<&str>, key: &str, entry: &Value) {
    let position = match previous {
        None => Some(0),
        Some(previous) => map
            .keys()
            .position(|known| known == previous)
            .map(|position| position + 1),
    };
    let position = position.unwrap_or(map.len());
    map.shift_insert(position, key.to_owned(), entry.clone());
}

/// Visits all maps outside of such keys.
fn walk(value: &Value, path: &Path, visit: &mut dyn FnMut(&Map<String, Value>, &Path)) {
    match value {
        Value::Array(list) => {
            for (position, entry) in list.iter().enumerate() {
                walk(entry, &path.index(position), visit);
            }
        }
        Value::Object(map) => {
            visit(map, path);
            for (key, entry) in map.iter().filter(|(key, _)| !is_extension(key)) {
                walk(entry, &path.key(key), visit);
            }
        }
        _ => {}
    }
}

/// The value at a path.
fn at<'v>(value: &'v mut Value, path: &Path) -> Option<&'v mut Value> {
    path.0.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get_mut(key),
        Step::Index(position) => value.get_mut(position),
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Format, read, rewrite};
    use super::*;

    const TEXT: &str = "version: 1
# shared
x-term: &term { swallow: { class: ^XTerm$ }, x-deep: [1] }
workspaces:
  - name: \"1\"
    x-note: left
    nodes:
      - { <<: *term, id: a, command: xterm, x-mine: { b: 1 } }
x-end: true
";

    #[test]
    fn extensions_are_ignored_and_kept() {
        for format in [Format::Yaml, Format::Json] {
            let text = match format {
                Format::Yaml => TEXT.to_owned(),
                Format::Json => Format::Yaml.compose(TEXT).unwrap().to_value().to_string(),
            };
            let mut layout =
                read(&text, "t", format).unwrap_or_else(|problems| panic!("{problems}"));
            assert_eq!(layout.window_count(), 1);
            layout.workspaces[0].name = "2".to_owned();
            let workspace = Path::default().key("workspaces").index(0);
            let node = workspace.key("nodes").index(0);
            let moves = [workspace, node].map(|path| (path.clone(), path)).into();
            let written = rewrite(&layout, format, &text, &moves, &BTreeMap::default());
            let value = format.compose(&written).unwrap().to_value();
            assert_eq!(value["x-end"], true, "{written}");
            assert_eq!(value["x-term"]["x-deep"][0], 1, "{written}");
            assert_eq!(value["workspaces"][0]["x-note"], "left", "{written}");
            let node = &value["workspaces"][0]["nodes"][0];
            assert_eq!(node["x-mine"]["b"], 1, "{written}");
            assert_eq!(node["swallow"]["class"], "^XTerm$", "{written}");
            let keys: Vec<_> = value.as_object().unwrap().keys().collect();
            assert_eq!(keys, ["version", "x-term", "workspaces", "x-end"]);
            assert_eq!(read(&written, "t", format).as_ref(), Ok(&layout));
            if format == Format::Yaml {
                assert!(written.contains("# shared\nx-term:"), "{written}");
            }
        }
    }

    #[test]
    fn extensions_are_allowed_in_all_maps() {
        let text = "version: 1\nx-a: 1\nhooks: { x-b: 1, post-apply: { command: a, x-c: 1 } }\n\
                    monitors:\n  - { output: A, rect: 1x1+0+0, x-d: null }\n";
        assert!(read(text, "t", Format::Yaml).is_ok());
        let problems = read("version: 1\nX-a: 1\n", "t", Format::Yaml);
        assert!(problems.is_err());
    }
}
