//! Two texts as a unified diff.

use similar::TextDiff;

use super::Paint;
use super::words::clean;

/// Two texts as a unified diff.
pub fn unified(before: &str, after: &str, name: &str, other: &str) -> String {
    TextDiff::from_lines(before, after)
        .unified_diff()
        .context_radius(3)
        .header(name, other)
        .to_string()
}

/// The same in colours, with nothing in it that a terminal would obey.
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
