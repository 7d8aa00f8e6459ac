//! Tables.

use unicode_width::UnicodeWidthStr as _;

use super::{INDENT, inline, wrapped};

/// The space between columns.
const GAP: usize = 2;

/// The lines of a table with these rows in Markdown, of which the second divides the first from the
/// others. If the columns do not fit, each row is a paragraph below its first cell.
pub(super) fn aligned(rows: &[&str], width: usize) -> Vec<String> {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| cells(row)).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let is_rule = |row: &[String]| {
        row.iter()
            .all(|cell| cell.trim_matches([':', '-']).is_empty())
    };
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            let cells = rows.iter().filter(|row| !is_rule(row));
            let widths = cells.filter_map(|row| Some(row.get(column)?.width()));
            widths.max().unwrap_or(0)
        })
        .collect();
    let total = widths.iter().sum::<usize>() + GAP * columns.saturating_sub(1);
    if total > width {
        return paragraphs(&rows, &is_rule, width);
    }
    let lines = rows.iter().map(|row| {
        let cells = widths.iter().enumerate().map(|(column, &width)| {
            let cell = row.get(column).map_or("", String::as_str);
            if is_rule(row) {
                "-".repeat(width)
            } else {
                format!("{cell}{}", " ".repeat(width - cell.width()))
            }
        });
        let cells: Vec<String> = cells.collect();
        cells.join(&" ".repeat(GAP)).trim_end().to_owned()
    });
    lines.collect()
}

/// The rows below the heading, each as its first cell with the others below it.
fn paragraphs(
    rows: &[Vec<String>],
    is_rule: &dyn Fn(&[String]) -> bool,
    width: usize,
) -> Vec<String> {
    let heading = rows
        .first()
        .filter(|_| rows.get(1).is_some_and(|row| is_rule(row)));
    let skipped = if heading.is_some() { 2 } else { 0 };
    let mut lines = Vec::new();
    for row in rows.iter().skip(skipped) {
        let mut cells = row.iter().enumerate();
        lines.extend(cells.next().map(|(_, cell)| cell.clone()));
        for (column, cell) in cells.filter(|(_, cell)| !cell.is_empty()) {
            // With two columns, it is clear what the second one is.
            let label = heading
                .filter(|_| row.len() > 2)
                .and_then(|row| row.get(column));
            let label = label.map_or_else(String::new, |label| format!("{label}: "));
            let text = wrapped(&format!("{label}{cell}"), width.saturating_sub(INDENT));
            lines.extend(
                text.iter()
                    .map(|line| format!("{}{line}", " ".repeat(INDENT))),
            );
        }
    }
    lines
}

/// The cells of a row: `| a | b \| c |`.
fn cells(row: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut letters = row.trim().trim_start_matches('|').chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if letters.peek() == Some(&'|') => {
                letters.next();
                if let Some(cell) = cells.last_mut() {
                    cell.push('|');
                }
            }
            '|' => cells.push(String::new()),
            _ => {
                if let Some(cell) = cells.last_mut() {
                    cell.push(letter);
                }
            }
        }
    }
    // After the last bar.
    if cells.last().is_some_and(|cell| cell.trim().is_empty()) {
        cells.pop();
    }
    cells.iter().map(|cell| inline::text(cell.trim())).collect()
}
