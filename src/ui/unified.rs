//! Unified diffs.

use std::fmt::Write as _;

use similar::udiff::UnifiedHunkHeader;
use similar::{ChangeTag, TextDiff};

use super::Paint;
use super::masked::{mask, mask_words};
use super::words::clean;
use crate::layout::Format;

/// The unified diff of two versions of a file, with `***` for secrets. A changed secret is a changed
/// line.
pub fn unified(before: &str, after: &str, name: &str, other: &str) -> String {
    // Each may have secrets of the other one, so all are learned first.
    shown(before);
    let (new, old) = (shown(after), shown(before));
    let diff = TextDiff::from_lines(before, after);
    let mut text = String::new();
    for group in diff.grouped_ops(3) {
        if text.is_empty() {
            text = format!("--- {name}\n+++ {other}\n");
        }
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", UnifiedHunkHeader::new(&group));
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let (lines, index) = match change.tag() {
                ChangeTag::Insert => (&new, change.new_index()),
                ChangeTag::Delete | ChangeTag::Equal => (&old, change.old_index()),
            };
            let line = index.and_then(|index| lines.get(index));
            let line = line.map_or("", String::as_str);
            let _ = writeln!(text, "{}{line}", change.tag());
            if change.missing_newline() {
                text.push_str("\\ No newline at end of file\n");
            }
        }
    }
    text
}

/// The lines of a file as they are printed.
fn shown(text: &str) -> Vec<String> {
    // JSON is YAML, too.
    match mask(text, Format::Yaml) {
        Some(masked) => masked.text.lines().map(str::to_owned).collect(),
        None => mask_words(text),
    }
}

/// The diff in colour, without control characters and secrets.
pub fn colored(unified: &str, paint: Paint) -> String {
    unified
        .lines()
        .map(|line| {
            let line = clean(line);
            let line = match line.as_bytes().first() {
                Some(b'-') => paint.error(&line),
                Some(b'+') => paint.good(&line),
                Some(b'@') => paint.faint(&line),
                _ => line,
            };
            line + "\n"
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_on_lines_of_their_own_are_masked() {
        let before = "a: 1\ncommand:\n- app\n- --password\n- unified-one\nend: 1";
        let after = "a: 1\ncommand:\n- app\n- --password\n- unified-two\nend: 1\n";
        assert_eq!(
            unified(before, after, "x", "y"),
            "--- x\n+++ y\n@@ -2,5 +2,5 @@\n command:\n - app\n - --password\n\
             -- ***\n-end: 1\n\\ No newline at end of file\n+- ***\n+end: 1\n"
        );
        assert_eq!(unified(before, before, "x", "y"), "");
    }
}
