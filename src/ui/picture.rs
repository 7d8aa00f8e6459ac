//! Pictures in the terminal.

use super::Paint;
use crate::preview::Change;
use crate::preview::terminal::{Span, Tint};

/// The lines with their colours.
pub fn painted(lines: &[Vec<Span>], paint: Paint) -> String {
    let mut text = String::new();
    for line in lines {
        let parts = line.iter().map(|span| tinted(span, paint));
        text.push_str(parts.collect::<String>().trim_end());
        text.push('\n');
    }
    text
}

fn tinted(span: &Span, paint: Paint) -> String {
    let text = span.text.as_str();
    match span.tint {
        None => text.to_owned(),
        Some(Tint::Heading | Tint::Label) => paint.bold(text),
        Some(Tint::Faint) => paint.faint(text),
        Some(Tint::Program(position)) => paint.program(position)(text),
        Some(Tint::Change(Change::Changed)) => paint.warning(text),
        Some(Tint::Change(Change::Extra)) => paint.good(text),
        Some(Tint::Change(Change::Missing)) => paint.error(text),
    }
}
