//! A YAML writer for layout files.
//!
//! It writes a map on one line if it fits and was not written on several lines before, which no
//! available serializer does, and keeps comments. All YAML readers read the output in the same way, including those of YAML 1.1.

use serde_json::{Map, Value};

use super::comments::Comments;
use super::line_width::{fits, is_line};
use crate::document::Path;
use crate::document::flow::{flow, plain, scalar};

/// Writes a map with its comments, with a newline at the end.
pub fn emit(value: &Value, comments: &Comments) -> String {
    let mut emitter = Emitter {
        text: String::new(),
        comments,
    };
    if let Value::Object(map) = value {
        let root = Path::default();
        emitter.above(&root, 0);
        emitter.map(&root, map, 0, 0);
    }
    emitter.text
}

struct Emitter<'c> {
    text: String,
    comments: &'c Comments,
}

impl Emitter<'_> {
    /// Writes the entries of a map in block style. The caller has written the comments of the
    /// first entry and indented its line by `first` columns.
    fn map(&mut self, path: &Path, map: &Map<String, Value>, indent: usize, first: usize) {
        let mut before = first;
        for (key, value) in map {
            let path = path.key(key);
            if before == 0 {
                self.above(&path, indent);
            }
            self.indent(indent - before);
            before = 0;
            let key_text = scalar(key, false);
            self.text.push_str(&key_text);
            self.text.push(':');
            let used = indent + key_text.chars().count() + 2;
            let inside = self.comments.are_inside(&path);
            match value {
                Value::Array(list) if inside || is_block(key, list, used) => {
                    self.end_of_line(&path);
                    self.list(&path, key, list, indent + 2);
                }
                Value::Object(inner) if inside || !inner.is_empty() && !fits(value, used) => {
                    self.end_of_line(&path);
                    self.map(&path, inner, indent + 2, 0);
                }
                _ => {
                    self.text.push(' ');
                    self.inline(value, &path);
                }
            }
        }
        self.foot(path, indent);
    }

    fn list(&mut self, path: &Path, key: &str, list: &[Value], indent: usize) {
        for (position, entry) in list.iter().enumerate() {
            let path = path.index(position);
            self.above(&path, indent);
            let inside = self.comments.are_inside(&path);
            match entry {
                Value::Object(map)
                    if inside
                        || self.comments.is_block(&path)
                        || is_long(&path, key)
                        || !is_line(entry, indent + 2) =>
                {
                    // The entry has no line of its own, so its comment goes above it.
                    let end = self.comments.at(&path).and_then(|notes| notes.end.as_ref());
                    if let Some(end) = end {
                        self.comment(end, indent);
                    }
                    if let Some((first, _)) = map.iter().next() {
                        self.above(&path.key(first), indent);
                    }
                    self.indent(indent);
                    self.text.push_str("- ");
                    self.map(&path, map, indent + 2, indent + 2);
                }
                _ => {
                    self.indent(indent);
                    self.text.push_str("- ");
                    self.inline(entry, &path);
                }
            }
        }
        self.foot(path, indent);
    }

    fn indent(&mut self, columns: usize) {
        self.text.extend(std::iter::repeat_n(' ', columns));
    }

    fn comment(&mut self, line: &str, indent: usize) {
        if !line.is_empty() {
            self.indent(indent);
            self.text.push_str(line);
        }
        self.text.push('\n');
    }

    fn above(&mut self, path: &Path, indent: usize) {
        let notes = self.comments.at(path);
        for line in notes.into_iter().flat_map(|notes| &notes.before) {
            self.comment(line, indent);
        }
    }

    fn foot(&mut self, path: &Path, indent: usize) {
        let notes = self.comments.at(path);
        for line in notes.into_iter().flat_map(|notes| &notes.foot) {
            self.comment(line, indent);
        }
    }

    /// Writes a value and its comment on the current line.
    fn inline(&mut self, value: &Value, path: &Path) {
        let text = match value {
            Value::Array(_) | Value::Object(_) => flow(value),
            _ => plain(value, false),
        };
        self.text.push_str(&text);
        self.end_of_line(path);
    }

    fn end_of_line(&mut self, path: &Path) {
        if let Some(end) = self.comments.at(path).and_then(|notes| notes.end.as_ref()) {
            self.text.push(' ');
            self.text.push_str(end);
        }
        self.text.push('\n');
    }
}

/// True if a list is written with one entry per line.
fn is_block(key: &str, list: &[Value], used: usize) -> bool {
    let numbers = key == "focus_order";
    !list.is_empty()
        && !numbers
        && (list.iter().any(Value::is_object) || !fits(&Value::Array(list.to_vec()), used))
}

/// True for workspaces and profiles, which are never written on one line. The workspaces of a profile
/// are.
fn is_long(entry: &Path, list: &str) -> bool {
    entry.0.len() == 2 && matches!(list, "workspaces" | "profiles")
}
