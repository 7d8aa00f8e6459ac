//! The text of a file as the source code of diagnostics.

use std::ops::Range;
use std::sync::Arc;

use crate::text::{char_boundary, line_start};
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

/// The text of a file and its name in messages. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceText {
    name: Arc<str>,
    text: Arc<str>,
}

impl SourceText {
    /// The text of the file that messages call `name`: a path, or `<stdin>`.
    pub fn new(name: &str, text: &str) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
        }
    }

    /// The name of the file in messages.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// The line of a byte of `text`, from 1.
pub(super) fn line_at(text: &str, at: usize) -> usize {
    text[..char_boundary(text, at)].matches('\n').count() + 1
}

impl SourceCode for SourceText {
    /// The lines that a span touches, without context, for any span: an end after the text is the
    /// end of the text, and a byte inside a character is its first byte. The column counts
    /// characters.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        _lines_before: usize,
        _lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let start = char_boundary(&self.text, span.offset());
        let end = char_boundary(&self.text, span.offset().saturating_add(span.len()));
        let end = end.max(start);
        let first = line_start(&self.text, start);
        let last = self.text[end..]
            .find('\n')
            .map_or(self.text.len(), |at| end + at);
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.to_string(),
            self.text[first..last].as_bytes(),
            (start, end - start).into(),
            self.text[..start].matches('\n').count(),
            self.text[first..start].chars().count(),
            1,
        )))
    }
}

/// A span of bytes in the form of miette.
pub(super) fn source_span(range: &Range<usize>) -> SourceSpan {
    (range.start, range.len()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_span_has_a_place() {
        let source = SourceText::new("f", "ü\r\n\r\nab");
        for start in 0..12 {
            for length in 0..12 {
                let contents = source.read_span(&(start, length).into(), 0, 0).unwrap();
                assert!(contents.span().offset() + contents.span().len() <= 8);
            }
        }
        let contents = source.read_span(&(7, 1).into(), 0, 0).unwrap();
        assert_eq!((contents.line(), contents.column()), (2, 1));
        assert_eq!(contents.data(), b"ab");
    }
}
