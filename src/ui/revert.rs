//! Earlier versions of files.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use similar::{ChangeTag, TextDiff};
use unicode_width::UnicodeWidthStr as _;

use super::Paint;
use super::history::since;
use super::words::{Count, clean};
use crate::journal::rfc3339;

/// The content of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A layout, with the numbers of its windows and workspaces in words.
    Layout(String),
    /// A layout with mistakes.
    Invalid,
    /// Not a layout.
    Other,
}

impl Content {
    fn as_str(&self) -> &str {
        match self {
            Self::Layout(contents) => contents,
            Self::Invalid => "invalid",
            Self::Other => "",
        }
    }

    fn to_json(&self) -> Value {
        match self {
            Self::Layout(_) => json!(true),
            Self::Invalid => json!(false),
            Self::Other => Value::Null,
        }
    }
}

/// The number of lines that going back to a version adds and removes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The lines of the version that the present file does not have.
    pub added: usize,
    /// The lines of the present file that the version does not have.
    pub removed: usize,
}

/// Compares the present file with a version.
pub fn changes(present: &[u8], version: &[u8]) -> Changes {
    let (present, version) = (
        String::from_utf8_lossy(present),
        String::from_utf8_lossy(version),
    );
    let diff = TextDiff::from_lines(&present, &version);
    let count = |tag| {
        let changes = diff.iter_all_changes();
        changes.filter(|change| change.tag() == tag).count()
    };
    Changes {
        added: count(ChangeTag::Insert),
        removed: count(ChangeTag::Delete),
    }
}

/// A version in a list.
#[derive(Clone, Debug)]
pub struct Row<'v> {
    /// Its number.
    pub number: u64,
    /// The time at which it was replaced or deleted, since 1970.
    pub replaced: Duration,
    /// The backup.
    pub backup: &'v Path,
    /// Its content.
    pub content: Content,
    /// The difference to the present file; `None` if it does not exist.
    pub changes: Option<Changes>,
}

/// The versions of a file, one line each. `now` is the time since 1970.
pub fn versions(rows: &[Row<'_>], now: Duration, paint: Paint) -> String {
    let cells = rows.iter().enumerate().map(|(position, row)| {
        let is_last_of_deleted = position == 0 && row.changes.is_none();
        let what = if is_last_of_deleted {
            "deleted"
        } else {
            "replaced"
        };
        let changes = match row.changes {
            None => String::new(),
            Some(Changes {
                added: 0,
                removed: 0,
            }) => "same as the present file".to_owned(),
            Some(Changes { added, removed }) => format!("+{added} -{removed} lines"),
        };
        [
            row.number.to_string(),
            format!("{what} {}", since(now, row.replaced)),
            row.content.as_str().to_owned(),
            changes,
        ]
    });
    let cells: Vec<_> = cells.collect();
    columns(&cells, |column, cell| match column {
        2 if cell.starts_with("invalid") => paint.warning(cell),
        _ => cell.to_owned(),
    })
}

/// The same as JSON.
pub fn versions_json(name: &str, path: &Path, exists: bool, rows: &[Row<'_>]) -> Value {
    let versions = rows.iter().map(|row| {
        json!({
            "version": row.number,
            "replaced_at": rfc3339(row.replaced),
            "backup": row.backup.to_string_lossy(),
            "valid": row.content.to_json(),
            "added": row.changes.map(|changes| changes.added),
            "removed": row.changes.map(|changes| changes.removed),
        })
    });
    json!({
        "name": name,
        "path": path.to_string_lossy(),
        "exists": exists,
        "versions": versions.collect::<Vec<_>>(),
    })
}

/// A file with earlier versions.
#[derive(Clone, Debug)]
pub struct FileRow<'v> {
    /// Its name on the command line.
    pub name: String,
    /// The file.
    pub path: &'v Path,
    /// True if it exists.
    pub exists: bool,
    /// The number of its versions.
    pub versions: usize,
    /// The time at which the newest version was replaced or deleted, since 1970.
    pub replaced: Duration,
}

/// All files with earlier versions, one line each. `now` is the time since 1970.
pub fn files(rows: &[FileRow<'_>], now: Duration, paint: Paint) -> String {
    let cells = rows.iter().map(|file| {
        let done = if file.exists { "replaced" } else { "deleted" };
        [
            clean(&file.name),
            Count(file.versions, "version").to_string(),
            format!("{done} {}", since(now, file.replaced)),
        ]
    });
    let cells: Vec<_> = cells.collect();
    columns(&cells, |column, cell| match column {
        2 if cell.starts_with("deleted") => paint.warning(cell),
        _ => cell.to_owned(),
    })
}

/// The same as JSON.
pub fn files_json(rows: &[FileRow<'_>]) -> Value {
    let rows = rows.iter().map(|file| {
        json!({
            "name": file.name,
            "path": file.path.to_string_lossy(),
            "exists": file.exists,
            "versions": file.versions,
            "replaced_at": rfc3339(file.replaced),
        })
    });
    rows.collect()
}

/// Aligned columns.
fn columns<const N: usize>(
    rows: &[[String; N]],
    painted: impl Fn(usize, &str) -> String,
) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].width()).max();
    let widths: Vec<usize> = (0..N).map(|column| width(column).unwrap_or(0)).collect();
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(&widths).enumerate();
        let cells = cells.map(|(column, (cell, width))| {
            painted(column, cell) + &" ".repeat(width - cell.width() + 2)
        });
        cells.collect::<String>().trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

/// The result of `revert`.
#[derive(Clone, Debug)]
pub struct Reverted<'r> {
    /// The name of the file on the command line.
    pub name: &'r str,
    /// The file.
    pub path: &'r Path,
    /// The number of the version.
    pub version: u64,
    /// Its content.
    pub content: Content,
    /// The result in one word, as for `capture`; `None` for a dry run.
    pub written: Option<&'static str>,
    /// The backup of the content before.
    pub backup: Option<&'r Path>,
}

/// The sentence about a version that the file already has.
pub fn same(origin: &str, version: u64) -> String {
    format!("{origin} is the same as version {version}")
}

/// The result in a sentence. `origin` is the short path.
pub fn report(reverted: &Reverted<'_>, origin: &str) -> String {
    let Reverted { name, version, .. } = reverted;
    let contents = match reverted.content.as_str() {
        "" => String::new(),
        contents => format!(" ({contents})"),
    };
    match reverted.written {
        Some("unchanged") => same(origin, *version),
        Some("created") => format!("created {origin} from version {version}{contents}"),
        _ => format!(
            "reverted {origin} to version {version}{contents}; to undo this, run `i3pm-layout \
             revert {name} last`"
        ),
    }
}

/// The result as JSON, with the changes as a unified diff.
pub fn to_json(reverted: &Reverted<'_>, diff: &str) -> Value {
    json!({
        "name": reverted.name,
        "path": reverted.path.to_string_lossy(),
        "version": reverted.version,
        "valid": reverted.content.to_json(),
        "written": reverted.written,
        "backup": reverted.backup.map(Path::to_string_lossy),
        "diff": diff,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_those_of_going_back() {
        let changes = changes(b"a\nb\nc\n", b"a\nc\nd\ne\n");
        assert_eq!((changes.added, changes.removed), (2, 1));
    }

    #[test]
    fn columns_are_aligned() {
        let rows = [["a", "日本"], ["bcd", ""]].map(|row| row.map(str::to_owned));
        let text = columns(&rows, |_, cell| cell.to_owned());
        assert_eq!(text, "a    日本\nbcd\n");
    }
}
