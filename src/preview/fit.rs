//! Texts in a limited number of columns.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// The least columns for a part of a text.
const LEAST: usize = 3;

/// The columns of a text in a monospaced font.
pub(super) fn columns(text: &str) -> usize {
    text.width()
}

/// The text, cut off with an ellipsis if it is longer than `limit` columns. `None` if there is
/// no space for a part that says anything.
pub fn fit(text: &str, limit: usize) -> Option<String> {
    if columns(text) <= limit {
        return Some(text.to_owned());
    }
    if limit < LEAST {
        return None;
    }
    let mut short = String::new();
    let mut used = 0;
    for letter in text.chars() {
        let width = letter.width().unwrap_or_default();
        if used + width >= limit {
            break;
        }
        short.push(letter);
        used += width;
    }
    Some(short.trim_end().to_owned() + "…")
}

/// The words in lines of at most `limit` columns, separated by commas.
pub(super) fn wrapped(first: &str, words: &[&str], limit: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = first.to_owned();
    for (at, word) in words.iter().enumerate() {
        let comma = if at + 1 < words.len() { "," } else { "" };
        let word = fit(word, limit.saturating_sub(3)).unwrap_or_default() + comma;
        if columns(&line) + 1 + columns(&word) > limit && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
            line = "  ".to_owned() + &word;
        } else {
            line = format!("{line} {word}");
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_end_with_an_ellipsis() {
        for (text, limit, expected) in [
            ("editor", 6, Some("editor")),
            ("editor", 5, Some("edit…")),
            ("a b c", 4, Some("a b…")),
            ("ab cd", 4, Some("ab…")),
            ("日本語", 6, Some("日本語")),
            ("日本語", 5, Some("日本…")),
            ("日本語", 4, Some("日…")),
            ("editor", 2, None),
            ("ab", 2, Some("ab")),
            ("", 0, Some("")),
        ] {
            let found = fit(text, limit);
            assert_eq!(found.as_deref(), expected, "{text} {limit}");
            assert!(found.is_none_or(|found| columns(&found) <= limit));
        }
    }

    #[test]
    fn lists_are_wrapped() {
        let lines = wrapped("not shown:", &["editor", "shell", "logs"], 20);
        assert_eq!(lines, ["not shown: editor,", "  shell, logs"]);
    }
}
