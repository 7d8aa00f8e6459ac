//! Problems of a file with their places.
//!
//! The checks name places in the model ([`Path`]); [`super::spanned`] knows where these
//! are in the text. A [`Problem`] has both, and is a diagnostic that `ui` renders.

use std::fmt;
use std::ops::Range;

use miette::{Diagnostic, LabeledSpan, SourceCode};

use super::fault::Fault;
use super::path::Path;
use super::source_text::{SourceText, source_span};

/// A fault at a place in the model, before the place is looked up in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The fault.
    pub fault: Fault,
    /// The place in the model.
    pub path: Path,
    /// True if the key is at fault, not its value.
    pub at_key: bool,
    /// The other place of a fault that involves two places, such as a duplicate.
    pub other: Option<Path>,
}

impl Finding {
    /// A fault of the value at `path`.
    pub fn new(path: Path, fault: impl Into<Fault>) -> Self {
        Self {
            fault: fault.into(),
            path,
            at_key: false,
            other: None,
        }
    }

    /// A fault of the key at the end of `path`.
    pub fn key(path: Path, fault: impl Into<Fault>) -> Self {
        Self {
            at_key: true,
            ..Self::new(path, fault)
        }
    }

    /// The same finding with its other place.
    #[must_use]
    pub fn with_other(mut self, other: Path) -> Self {
        self.other = Some(other);
        self
    }
}

/// One fault in a file, with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The fault.
    pub fault: Fault,
    /// The place in the model, such as `workspaces[0].name`.
    pub path: Path,
    /// The bytes in the file; `None` for a model that was not read from a file.
    pub span: Option<Range<usize>>,
    /// The bytes of the other place of a fault that involves two places.
    pub other: Option<Range<usize>>,
    /// The kind of the file, the first part of the code: `layout` in `layout::unknown-key`.
    pub kind: &'static str,
    /// The file.
    pub source: SourceText,
}

impl std::error::Error for Problem {}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.span.is_none() {
            write!(f, "{}: ", self.source.name())?;
            if !self.path.0.is_empty() {
                write!(f, "{}: ", self.path)?;
            }
        }
        self.fault.fmt(f)
    }
}

impl Diagnostic for Problem {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let code = self.fault.code()?;
        Some(Box::new(format!("{}::{code}", self.kind)))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.fault.help()
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    /// The place, whose label is the path in the model, and the other place.
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let path = Some(self.path.to_string());
        let here = self
            .span
            .iter()
            .map(move |span| LabeledSpan::new_primary_with_span(path.clone(), source_span(span)));
        let other = self.other.iter().map(|span| {
            LabeledSpan::new_with_span(Some("first used here".to_owned()), source_span(span))
        });
        Some(Box::new(here.chain(other)))
    }
}

/// The problems of one file, in the order of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Problems {
    /// The first problems; never empty.
    pub list: Vec<Problem>,
    /// Says how many others there are.
    more: Option<MoreProblems>,
}

/// The number of problems that are not listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Diagnostic)]
#[error("{0} more errors are not shown")]
#[diagnostic(code("more-errors"), severity(Advice))]
struct MoreProblems(usize);

impl Problems {
    /// `more` is the number of problems that are not in the list.
    pub(super) fn new(list: Vec<Problem>, more: usize) -> Self {
        Self {
            list,
            more: (more > 0).then_some(MoreProblems(more)),
        }
    }
}

impl std::error::Error for Problems {}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, problem) in self.list.iter().enumerate() {
            let separator = if position > 0 { "; " } else { "" };
            write!(f, "{separator}{problem}")?;
        }
        Ok(())
    }
}

/// Has no code: it only groups its problems.
impl Diagnostic for Problems {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        let problems = self.list.iter().map(|problem| problem as &dyn Diagnostic);
        let more = self.more.iter().map(|more| more as &dyn Diagnostic);
        Some(Box::new(problems.chain(more)))
    }
}

/// True unless a finding is inside something that is already reported, or at a value that is
/// incomplete because a part of it is invalid.
pub fn is_unrelated(finding: &Finding, broken: &[Path]) -> bool {
    !broken
        .iter()
        .any(|broken| broken.holds(&finding.path) || broken.parent() == finding.path)
}
