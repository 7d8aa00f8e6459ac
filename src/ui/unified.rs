//! Unified diffs.

use similar::TextDiff;

use super::Paint;
use super::words::clean;

/// The unified diff of two texts.
pub fn unified(before: &str, after: &str, name: &str, other: &str) -> String {
    TextDiff::from_lines(before, after)
        .unified_diff()
        .context_radius(3)
        .header(name, other)
        .to_string()
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
