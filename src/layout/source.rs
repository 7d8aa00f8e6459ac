//! Reading a file that people write: the model, or everything that is wrong with it.
//!
//! A sound file takes the short way: text, types, model, checks. Only when something
//! is wrong is the text composed again with places, compared with the schema, and
//! each finding looked up, so that one run shows all problems with their lines.
//!
//! Layouts and the configuration are such files: see [`Document`].

use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::structure;
use crate::document::Fault;
use crate::document::located::{Located, SyntaxError};
use crate::document::{Finding, Format, Path, Place, Problem, Problems, Step};

/// A kind of file: its shape, and what it means.
pub trait Document: DeserializeOwned {
    /// What the file means.
    type Model;
    /// What it is, for the beginning of a sentence: `a layout file`.
    const WHAT: &'static str;
    /// What it is when it is wrong, in a word for programs: `invalid-layout`.
    const KIND: &'static str;
    /// The only version of its format so far.
    const VERSION: u64;

    /// The JSON Schema of its shape.
    fn schema() -> Value;

    /// What the file means, and all that makes no sense.
    fn meaning(self) -> (Self::Model, Vec<Finding>);

    /// Of findings about the meaning, those that are not just the consequence of others.
    fn unrelated(findings: Vec<Finding>, others: &[Finding]) -> Vec<Finding> {
        unrelated(findings, others)
    }

    /// A value for a key that must be there, in place of a wrong or a missing one.
    fn stand_in(key: &str) -> Option<Value>;

    /// A value for an entry of the list of this name, in place of a wrong one.
    fn stand_in_entry(list: &str) -> Value;
}

/// Reads a file; `origin` is the file as messages name it.
pub fn read<T: Document>(text: &str, origin: &str, format: Format) -> Result<T::Model, Problems> {
    let source = Source::<T>::new(text, origin, format);
    match source.parse() {
        Ok(file) => {
            let (model, findings) = file.meaning();
            if findings.is_empty() {
                Ok(model)
            } else {
                Err(source.locate(findings))
            }
        }
        Err(failure) => Err(source.diagnose(failure)),
    }
}

/// As [`read`], of bytes that may not be text at all.
pub fn read_bytes<T: Document>(
    bytes: &[u8],
    origin: &str,
    format: Format,
) -> Result<T::Model, Problems> {
    match std::str::from_utf8(bytes) {
        Ok(text) => read::<T>(text, origin, format),
        Err(error) => {
            let text = String::from_utf8_lossy(bytes);
            let at = error.valid_up_to();
            let message = "this is not UTF-8 text".to_owned();
            Err(
                Source::<T>::new(&text, origin, format).syntax(&SyntaxError {
                    message,
                    span: at..at + 1,
                }),
            )
        }
    }
}

/// The problems for findings of a later step, with their places in the text that the
/// model was read from.
pub fn locate<T: Document>(
    text: &str,
    origin: &str,
    format: Format,
    findings: Vec<Finding>,
) -> Problems {
    Source::<T>::new(text, origin, format).locate(findings)
}

/// The types of a text without their meaning, or what the reader says.
#[cfg(test)]
pub(super) fn parse_only<T: Document>(text: &str, format: Format) -> Result<T, String> {
    let source = Source::<T>::new(text, "test", format);
    source.parse().map_err(|failure| failure.message)
}

/// The findings that are not just the consequence of others: what is wrong inside a
/// value makes the value itself incomplete.
pub fn unrelated(findings: Vec<Finding>, others: &[Finding]) -> Vec<Finding> {
    findings
        .into_iter()
        .filter(|finding| {
            !others
                .iter()
                .any(|other| other.path.holds(&finding.path) || other.path.parent() == finding.path)
        })
        .collect()
}

/// A text that did not become a file, as the reader said it.
struct Failure {
    message: String,
    at: Option<usize>,
}

struct Source<'a, T> {
    text: &'a str,
    origin: &'a str,
    format: Format,
    kind: PhantomData<T>,
}

impl<'a, T: Document> Source<'a, T> {
    fn new(text: &'a str, origin: &'a str, format: Format) -> Self {
        Self {
            text: text.strip_prefix('\u{feff}').unwrap_or(text),
            origin,
            format,
            kind: PhantomData,
        }
    }

    fn parse(&self) -> Result<T, Failure> {
        match self.format {
            Format::Yaml => {
                let mut options = serde_saphyr::options! {
                    strict_booleans: true,
                    no_schema: true,
                    with_snippet: false,
                };
                if let Some(budget) = &mut options.budget {
                    budget.max_depth = 96;
                }
                serde_saphyr::from_str_with_options(self.text, options).map_err(|error| Failure {
                    at: error.location().and_then(|location| {
                        let offset = location.span().byte_offset()?;
                        usize::try_from(offset).ok()
                    }),
                    message: error.without_snippet().to_string(),
                })
            }
            Format::Json => {
                let file = serde_json::from_str(self.text).map_err(|error| Failure {
                    at: Some(offset(self.text, error.line(), error.column())),
                    message: error.to_string(),
                })?;
                // serde_json takes the last of two equal keys in a map.
                let duplicate = self
                    .compose()
                    .ok()
                    .is_some_and(|located| !located.duplicates().is_empty());
                if duplicate {
                    return Err(Failure {
                        message: "a key stands twice".to_owned(),
                        at: None,
                    });
                }
                Ok(file)
            }
        }
    }

    fn compose(&self) -> Result<Located, SyntaxError> {
        self.format.compose(self.text)
    }

    /// All problems of a text that the reader refused.
    fn diagnose(&self, failure: Failure) -> Problems {
        let located = match self.compose() {
            Ok(located) => located,
            Err(error) => return self.syntax(&error),
        };
        let mut value = located.to_value();
        let version = value.get("version").and_then(Value::as_u64);
        let mut findings = structure::check::<T>(&value);
        if let Some(finding) = findings
            .iter()
            .find(|finding| matches!(finding.fault, Fault::UnknownVersion(_)))
            && version.is_some()
        {
            // Another version has other rules: the rest would be noise.
            let finding = finding.clone();
            return self.problems(vec![self.place(&located, finding)]);
        }
        prune::<T>(&mut value, &findings);
        if let Ok(file) = serde_json::from_value::<T>(value) {
            let (_, senseless) = file.meaning();
            findings.extend(T::unrelated(senseless, &findings));
        }
        let mut list: Vec<Problem> = findings
            .into_iter()
            .map(|finding| self.place(&located, finding))
            .collect();
        for (finding, span) in located.duplicates() {
            let mut problem = self.place(&located, finding);
            problem.other = problem.place.take();
            problem.place = Some(Place::of(self.text, span.start, span.end));
            list.push(problem);
        }
        if list.is_empty() {
            // The reader is stricter than the schema; what it said has to do.
            let at = failure.at.unwrap_or_default();
            let message = failure.message;
            return self.syntax(&SyntaxError {
                message: without_place(&message).to_owned(),
                span: at..at,
            });
        }
        self.problems(list)
    }

    fn locate(&self, findings: Vec<Finding>) -> Problems {
        let located = self.compose().ok();
        let list = findings
            .into_iter()
            .map(|finding| match &located {
                Some(located) => self.place(located, finding),
                None => Problem {
                    fault: finding.fault,
                    path: finding.path,
                    place: None,
                    other: None,
                },
            })
            .collect();
        self.problems(list)
    }

    fn place(&self, located: &Located, finding: Finding) -> Problem {
        let place = |path: &Path| {
            let span = located.find(path, finding.at_key);
            Place::of(self.text, span.start, span.end)
        };
        Problem {
            place: Some(place(&finding.path)),
            other: finding.other.as_ref().map(place),
            path: finding.path,
            fault: finding.fault,
        }
    }

    fn problems(&self, mut list: Vec<Problem>) -> Problems {
        list.sort_by_key(|problem| problem.place.as_ref().map(|place| place.start));
        list.dedup();
        Problems {
            kind: T::KIND,
            origin: self.origin.to_owned(),
            list,
        }
    }

    fn syntax(&self, error: &SyntaxError) -> Problems {
        // What is missing at the end is missing behind the last character, not on an
        // empty line after it.
        let last = self.text.trim_end().len();
        let (start, end) = (error.span.start.min(last), error.span.end.min(last));
        self.problems(vec![Problem {
            fault: Fault::Syntax(error.message.clone()),
            path: Path::default(),
            place: Some(Place::of(self.text, start, end)),
            other: None,
        }])
    }
}

/// The message of a reader without the place at its end, which we show ourselves.
fn without_place(message: &str) -> &str {
    message
        .rsplit_once(" at line ")
        .map_or(message, |(reason, _)| reason)
}

/// The byte offset of a line and column as `serde_json` counts them (bytes, from 1).
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    (start + column.saturating_sub(1)).min(text.len())
}

/// Takes away what the schema refuses, so that the rest can be looked at. What must be
/// there gets a stand-in; findings about stand-ins are no news (see [`Document::unrelated`]).
fn prune<T: Document>(value: &mut Value, findings: &[Finding]) {
    for finding in findings {
        let Some((last, parents)) = finding.path.0.split_last() else {
            continue;
        };
        match (pointer(value, parents), last) {
            (Some(Value::Object(map)), Step::Key(key)) => {
                let missing = matches!(finding.fault, Fault::MissingKey(_));
                match stand_in::<T>(key) {
                    Some(value) if missing || map.contains_key(key) => {
                        map.insert(key.clone(), value);
                    }
                    _ => {
                        map.shift_remove(key);
                    }
                }
            }
            // Entries keep their positions, or the places of the others would shift.
            (Some(Value::Array(entries)), Step::Index(index)) => {
                let of = match parents.last() {
                    Some(Step::Key(key)) => key.as_str(),
                    _ => "",
                };
                if let Some(entry) = entries.get_mut(*index) {
                    *entry = T::stand_in_entry(of);
                }
            }
            _ => {}
        }
    }
}

fn stand_in<T: Document>(key: &str) -> Option<Value> {
    match key {
        "version" => Some(json!(T::VERSION)),
        _ => T::stand_in(key),
    }
}

fn pointer<'v>(value: &'v mut Value, steps: &[Step]) -> Option<&'v mut Value> {
    steps
        .iter()
        .try_fold(value, |value, step| match (value, step) {
            (Value::Object(map), Step::Key(key)) => map.get_mut(key),
            (Value::Array(list), Step::Index(index)) => list.get_mut(*index),
            _ => None,
        })
}
