//! A small YAML writer for layout files.
//!
//! No serializer at hand decides by width which maps stand on one line, and a file
//! that people read lives by that. It writes what every YAML reader reads alike,
//! those of YAML 1.1 included.

use serde_json::{Map, Value};

use super::comments::Comments;
use crate::document::Path;
use crate::document::flow::{flow, plain, scalar};

/// Lines are not longer than this, where that can be avoided.
const WIDTH: usize = 100;

/// The text of a map with its comments, with a newline at the end.
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
    /// Writes the entries of a map, each on a line of its own or more. The first line
    /// is already indented by its caller, by `first` columns, below its comments.
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
                    self.text.push_str(&match value {
                        Value::Array(_) | Value::Object(_) => flow(value),
                        _ => plain(value, false),
                    });
                    self.end_of_line(&path);
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
                    if inside || key == "workspaces" || !is_line(entry, indent + 2) =>
                {
                    // No line is the entry's own, so what stood at its end is above it.
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
                    self.text.push_str(&match entry {
                        Value::Object(_) | Value::Array(_) => flow(entry),
                        scalar => plain(scalar, false),
                    });
                    self.end_of_line(&path);
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
        let comments = self.comments;
        for line in comments
            .at(path)
            .into_iter()
            .flat_map(|notes| &notes.before)
        {
            self.comment(line, indent);
        }
    }

    fn foot(&mut self, path: &Path, indent: usize) {
        let comments = self.comments;
        for line in comments.at(path).into_iter().flat_map(|notes| &notes.foot) {
            self.comment(line, indent);
        }
    }

    fn end_of_line(&mut self, path: &Path) {
        if let Some(end) = self.comments.at(path).and_then(|notes| notes.end.as_ref()) {
            self.text.push(' ');
            self.text.push_str(end);
        }
        self.text.push('\n');
    }
}

/// Whether a list has a line for each entry.
fn is_block(key: &str, list: &[Value], used: usize) -> bool {
    let numbers = key == "focus_order";
    !list.is_empty()
        && !numbers
        && (list.iter().any(Value::is_object) || !fits(&Value::Array(list.to_vec()), used))
}

/// Whether an entry of a list stands on one line: what has children does not.
fn is_line(entry: &Value, used: usize) -> bool {
    let Value::Object(map) = entry else {
        return true;
    };
    map.is_empty() || (!map.contains_key("nodes") && fits(entry, used))
}

fn fits(value: &Value, used: usize) -> bool {
    used + flow(value).chars().count() <= WIDTH
}
