//! Reads files into the model, or reports all their problems.

use std::ops::Range;

use super::fault::Fault;
use super::form::{Document, Form};
use super::path::Path;
use super::problem::{Finding, Problem, Problems};
use super::reading::{self, Cursor, MOST_PROBLEMS, Reading};
use super::source_text::SourceText;
use super::spanned::{Spanned, SyntaxError};
use super::{json, yaml};

/// The notation of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// YAML 1.2.
    #[default]
    Yaml,
    /// JSON.
    Json,
}

impl Format {
    /// The notation for a file name: JSON for `.json`, else YAML.
    pub fn of_path(path: &std::path::Path) -> Self {
        let json = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        if json { Self::Json } else { Self::Yaml }
    }

    /// Composes the YAML or JSON into a tree of values with places.
    pub fn compose(self, text: &str) -> Result<Spanned, SyntaxError> {
        match self {
            Self::Yaml => yaml::compose(text),
            Self::Json => json::compose(text),
        }
    }
}

/// Reads a file. `origin` is the name of the file in messages.
pub fn read<T: Document>(text: &str, origin: &str, format: Format) -> Result<T, Problems> {
    read_with(text, origin, format, &|_| {})
}

/// As [`read`], with a function that completes the model before [`Document::check`].
pub fn read_with<T: Document>(
    text: &str,
    origin: &str,
    format: Format,
    complete: &dyn Fn(&mut T),
) -> Result<T, Problems> {
    let source = Source::new(text, origin, T::KIND);
    read_source(&source, format, complete).map_err(|problems| match T::foreign(text) {
        Some(fault) => source.problem(fault, 0..source.text.find('\n').unwrap_or(1)),
        None => problems,
    })
}

fn read_source<T: Document>(
    source: &Source<'_>,
    format: Format,
    complete: &dyn Fn(&mut T),
) -> Result<T, Problems> {
    let tree = match format.compose(source.text) {
        Ok(tree) => tree,
        Err(error) => return Err(source.syntax(error)),
    };
    let mut reading = Reading::new(source.text);
    let mut model = T::decode(&Cursor::root(&tree, T::WHAT), &mut reading);
    if let Some(model) = &mut model {
        complete(model);
    }
    let Reading {
        mut findings,
        more,
        misspelt,
        ..
    } = reading;
    let is_other_version = |finding: &Finding| matches!(finding.fault, Fault::UnknownVersion(_));
    if let Some(finding) = findings.iter().find(|finding| is_other_version(finding)) {
        // Another version has other rules, so further problems would be misleading.
        return Err(sorted(vec![source.place(&tree, finding.clone())], 0));
    }
    // Without all findings, it is not known which values are invalid.
    let to_check = model.as_ref().filter(|_| more == 0);
    let mut senseless = to_check.map(T::check).unwrap_or_default();
    for finding in &mut senseless {
        finding.path = misspelt.in_text(std::mem::take(&mut finding.path));
        finding.other = finding.other.take().map(|other| misspelt.in_text(other));
    }
    if !senseless.is_empty() && !findings.is_empty() {
        let broken: Vec<Path> = findings
            .iter()
            // The value below a misspelt key was read.
            .filter(|finding| !(finding.at_key && misspelt.has(&finding.path)))
            .map(|finding| finding.path.clone())
            .collect();
        senseless.retain(|finding| T::is_unrelated(finding, &broken));
    }
    findings.append(&mut senseless);
    let duplicates = reading::duplicates(&tree);
    match model {
        Some(model) if findings.is_empty() && duplicates.is_empty() => Ok(model),
        _ => {
            let mut list: Vec<Problem> = findings
                .into_iter()
                .map(|finding| source.place(&tree, finding))
                .collect();
            let more = more + duplicates.len().saturating_sub(MOST_PROBLEMS);
            for (finding, span) in duplicates.into_iter().take(MOST_PROBLEMS) {
                let mut problem = source.place(&tree, finding);
                problem.other = problem.span.replace(span);
                list.push(problem);
            }
            Err(sorted(list, more))
        }
    }
}

/// As [`read`], for bytes that may not be UTF-8.
pub fn read_bytes<T: Document>(bytes: &[u8], origin: &str, format: Format) -> Result<T, Problems> {
    read_bytes_with(bytes, origin, format, &|_| {})
}

/// As [`read_with`], for bytes that may not be UTF-8.
pub fn read_bytes_with<T: Document>(
    bytes: &[u8],
    origin: &str,
    format: Format,
    complete: &dyn Fn(&mut T),
) -> Result<T, Problems> {
    match std::str::from_utf8(bytes) {
        Ok(text) => read_with(text, origin, format, complete),
        Err(error) => {
            let text = String::from_utf8_lossy(bytes);
            let at = error.valid_up_to();
            if bytes.contains(&0) {
                // Without a place: the line would be unreadable.
                let fault = Fault::Syntax {
                    message: "this is a binary file, not text".to_owned(),
                    hint: Some(format!("check that this is {}", T::WHAT)),
                };
                let finding = Finding::new(Path::default(), fault);
                return Err(without_text::<T>(origin, vec![finding]));
            }
            Err(Source::new(&text, origin, T::KIND).syntax(SyntaxError {
                message: "this is not UTF-8 text".to_owned(),
                hint: Some("save the file in UTF-8".to_owned()),
                span: at..at + 1,
            }))
        }
    }
}

/// Problems that were found after the file was read, with their places in its text.
pub fn with_text<T: Document>(
    text: &str,
    origin: &str,
    format: Format,
    findings: Vec<Finding>,
) -> Problems {
    let source = Source::new(text, origin, T::KIND);
    match format.compose(source.text) {
        Ok(tree) => {
            let findings = findings.into_iter();
            sorted(findings.map(|one| source.place(&tree, one)).collect(), 0)
        }
        Err(_) => without_text::<T>(origin, findings),
    }
}

/// The problems of a model that was not read from a file; messages call it `origin`.
pub fn without_text<T: Document>(origin: &str, findings: Vec<Finding>) -> Problems {
    let source = SourceText::new(origin, "");
    let problem = |finding: Finding| Problem {
        fault: finding.fault,
        path: finding.path,
        span: None,
        other: None,
        kind: T::KIND,
        source: source.clone(),
    };
    let more = findings.len().saturating_sub(MOST_PROBLEMS);
    let findings = findings.into_iter().take(MOST_PROBLEMS);
    Problems::new(findings.map(problem).collect(), more)
}

/// The model of a file and the findings about the values, without [`Document::check`].
#[cfg(test)]
pub(crate) fn parse_only<T: Document>(
    text: &str,
    format: Format,
) -> Result<(T, Vec<Finding>), String> {
    let tree = format.compose(text).map_err(|error| error.message)?;
    let mut reading = Reading::new(text);
    let model = T::decode(&Cursor::root(&tree, T::WHAT), &mut reading);
    let model = model.ok_or_else(|| format!("{:?}", reading.findings))?;
    Ok((model, reading.findings))
}

/// The content of a file, and its name in messages.
struct Source<'a> {
    text: &'a str,
    kind: &'static str,
    file: SourceText,
}

impl<'a> Source<'a> {
    fn new(text: &'a str, origin: &str, kind: &'static str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self {
            text,
            kind,
            file: SourceText::new(origin, text),
        }
    }

    fn place(&self, tree: &Spanned, finding: Finding) -> Problem {
        Problem {
            span: Some(tree.find(&finding.path, finding.at_key)),
            other: finding.other.map(|other| tree.find(&other, finding.at_key)),
            path: finding.path,
            fault: finding.fault,
            kind: self.kind,
            source: self.file.clone(),
        }
    }

    fn syntax(&self, error: SyntaxError) -> Problems {
        // The place of an unexpected end is after the last character, not on an empty line.
        let last = self.text.trim_end().len();
        let (start, end) = (error.span.start.min(last), error.span.end.min(last));
        let fault = Fault::Syntax {
            message: error.message,
            hint: error.hint,
        };
        self.problem(fault, start..end)
    }

    /// A problem of the syntax, not of a value.
    fn problem(&self, fault: Fault, span: Range<usize>) -> Problems {
        let problem = Problem {
            fault,
            path: Path::default(),
            span: Some(span),
            other: None,
            kind: self.kind,
            source: self.file.clone(),
        };
        Problems::new(vec![problem], 0)
    }
}

/// Puts problems in the order of the text, a key before the map that it is in.
fn sorted(mut list: Vec<Problem>, more: usize) -> Problems {
    let place = |problem: &Problem| problem.span.as_ref().map(|span| (span.start, span.end));
    list.sort_by_key(place);
    list.dedup();
    let more = more + list.len().saturating_sub(MOST_PROBLEMS);
    list.truncate(MOST_PROBLEMS);
    Problems::new(list, more)
}
