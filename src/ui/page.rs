//! Pages of the documentation for a terminal.

mod inline;
mod table;

use unicode_width::UnicodeWidthStr as _;

use inline::text;

/// The columns of a page.
const WIDTH: usize = 80;

/// The indentation of code, in columns.
const INDENT: usize = 4;

/// A page in Markdown as plain text: lines are wrapped, code is indented, tables have columns, and links
/// have no targets, which lead nowhere in a terminal.
pub fn plain(page: &str) -> String {
    let mut out = String::with_capacity(page.len());
    let mut lines = page.lines().peekable();
    // The indentation of the fence around the code.
    let mut fence: Option<usize> = None;
    while let Some(line) = lines.next() {
        let inner = line.trim_start();
        let indent = line.len() - inner.len();
        if inner.starts_with("```") {
            fence = if fence.is_some() { None } else { Some(indent) };
        } else if let Some(outer) = fence {
            let code = line.get(outer.min(indent)..).unwrap_or_default();
            push(&mut out, outer + INDENT, code);
        } else if inner.starts_with("<!--") && inner.ends_with("-->") {
        } else if inner.starts_with('|') {
            let mut rows = vec![inner];
            while let Some(row) = lines.next_if(|next| next.trim_start().starts_with('|')) {
                rows.push(row.trim_start());
            }
            for row in table::aligned(&rows, WIDTH - indent) {
                push(&mut out, indent, &row);
            }
        } else if let Some(heading) = heading(inner) {
            out.push_str(&heading);
        } else {
            let (mark, rest) = item(inner);
            let hanging = indent + mark.len();
            for (at, part) in wrapped(&text(rest), WIDTH.saturating_sub(hanging))
                .iter()
                .enumerate()
            {
                if at == 0 {
                    push(&mut out, indent, &format!("{mark}{part}"));
                } else {
                    push(&mut out, hanging, part);
                }
            }
        }
    }
    out
}

fn push(out: &mut String, indent: usize, line: &str) {
    let line = line.trim_end();
    if !line.is_empty() {
        out.push_str(&" ".repeat(indent));
        out.push_str(line);
    }
    out.push('\n');
}

/// A heading: the first two levels are underlined.
fn heading(line: &str) -> Option<String> {
    let title = line.trim_start_matches('#');
    let level = line.len() - title.len();
    let title = text(title.strip_prefix(' ')?);
    let rule = match level {
        0 => return None,
        1 => "=",
        2 => "-",
        _ => return Some(format!("{title}\n")),
    };
    Some(format!("{title}\n{}\n", rule.repeat(title.width())))
}

/// The mark of an item of a list, and the rest of its line.
fn item(line: &str) -> (&str, &str) {
    let digits = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let number = line.len() - digits.len();
    let end = if digits.starts_with(". ") && number > 0 {
        number + 2
    } else if line.starts_with("- ") {
        2
    } else {
        0
    };
    line.split_at(end)
}

/// The text in lines of at most this width; at least one.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_whitespace() {
        let needed = word.width();
        if used > 0 && used + 1 + needed > width {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += needed;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_plain_text() {
        let page = "# How to `x`\n\nThis **guide** is for [users](a.md).\n\n## First\n\n- one\n\n  \
                    ```sh\n  i3pm-layout \\\n      apply\n  ```\n\n```yaml\na: *b\n```\n\n\
                    | key | value |\n|---|---|\n| `a` | `b \\| c` |\n| longer | [d](e) |\n\n\
                    <!-- made -->\n### Third\n";
        assert_eq!(
            plain(page),
            "How to `x`\n==========\n\nThis guide is for users.\n\nFirst\n-----\n\n- one\n\n      \
             i3pm-layout \\\n          apply\n\n    a: *b\n\n\
             key     value\n------  -------\n`a`     `b | c`\nlonger  d\n\n\
             Third\n"
        );
    }

    #[test]
    fn long_lines_are_wrapped() {
        let words = "word ".repeat(30);
        let page = plain(&format!("1. {words}"));
        let lines: Vec<&str> = page.lines().collect();
        assert_eq!(lines.len(), 2, "{page}");
        assert!(
            lines[0].starts_with("1. word") && lines[1].starts_with("   word"),
            "{page}"
        );
        assert!(lines.iter().all(|line| line.len() <= WIDTH), "{page}");
    }

    #[test]
    fn wide_tables_have_a_paragraph_for_each_row() {
        let long = "word ".repeat(20);
        let page = plain(&format!("| a | b |\n|---|---|\n| one | {long} |\n"));
        assert!(page.starts_with("one\n    word word"), "{page}");
    }
}
