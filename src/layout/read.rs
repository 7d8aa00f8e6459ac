//! Reading a layout file: the model, or everything that is wrong with the text.
//!
//! A sound file takes the short way: text, types, model, checks. Only when something
//! is wrong is the text composed again with places, compared with the schema, and
//! each finding looked up, so that one run shows all problems with their lines.

use serde_json::{Value, json};

use super::convert;
use super::fault::Fault;
use super::file::FileLayout;
use super::located::{self, Located, NoTree};
use super::model::Layout;
use super::problem::{Finding, Path, Place, Problem, Problems, Step};
use super::{structure, validate};

/// The notation of a layout file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// YAML 1.2.
    #[default]
    Yaml,
    /// JSON.
    Json,
}

impl Format {
    /// The notation that goes with a file name: JSON for `.json`, else YAML.
    pub fn of_path(path: &std::path::Path) -> Self {
        let json = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        if json { Self::Json } else { Self::Yaml }
    }
}

/// Reads a layout file; `origin` is the file as messages name it.
pub fn read(text: &str, origin: &str, format: Format) -> Result<Layout, Problems> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let source = Source {
        text,
        origin,
        format,
    };
    match source.parse() {
        Ok(file) => {
            let (layout, findings) = meaning(file);
            if findings.is_empty() {
                Ok(layout)
            } else {
                Err(source.locate(findings))
            }
        }
        Err(failure) => Err(source.diagnose(failure)),
    }
}

/// As [`read`], of bytes that may not be text at all.
pub fn read_bytes(bytes: &[u8], origin: &str, format: Format) -> Result<Layout, Problems> {
    match std::str::from_utf8(bytes) {
        Ok(text) => read(text, origin, format),
        Err(error) => {
            let text = String::from_utf8_lossy(bytes);
            let at = error.valid_up_to();
            let source = Source {
                text: &text,
                origin,
                format,
            };
            let message = "this is not UTF-8 text".to_owned();
            Err(source.syntax(&NoTree {
                message,
                span: at..at + 1,
            }))
        }
    }
}

/// The problems for findings of a later step (such as monitors that do not fit),
/// with their places in the text that the layout was read from.
pub fn locate(text: &str, origin: &str, format: Format, findings: Vec<Finding>) -> Problems {
    Source {
        text,
        origin,
        format,
    }
    .locate(findings)
}

/// Everything about a layout made in memory that makes no sense; without places.
pub fn check(layout: &Layout, origin: &str) -> Result<(), Problems> {
    let findings = validate::check(layout);
    if findings.is_empty() {
        return Ok(());
    }
    let list = findings
        .into_iter()
        .map(|finding| Problem {
            fault: finding.fault,
            path: finding.path,
            place: None,
            other: None,
        })
        .collect();
    Err(Problems {
        origin: origin.to_owned(),
        list,
    })
}

/// What the file means, and all that makes no sense.
fn meaning(file: FileLayout) -> (Layout, Vec<Finding>) {
    let (layout, mut findings) = convert::to_model(file);
    let senseless = unrelated(validate::check(&layout), &findings);
    findings.extend(senseless);
    (layout, findings)
}

/// The findings that are not just the consequence of others: what is wrong inside a
/// value makes the value itself incomplete, and what could not be read is not there
/// to be referred to.
fn unrelated(findings: Vec<Finding>, others: &[Finding]) -> Vec<Finding> {
    /// `workspaces[0].name`, the whole entry, or the whole list.
    const NAME_DEPTH: usize = 3;
    let broken = |list: &str| {
        let list = Path::default().key(list);
        others
            .iter()
            .any(|other| list.holds(&other.path) && other.path.0.len() <= NAME_DEPTH)
    };
    let (workspaces, vars) = (broken("workspaces"), broken("vars"));
    findings
        .into_iter()
        .filter(|finding| match finding.fault {
            Fault::UnknownFocus { .. } if workspaces => false,
            Fault::UnknownVariable { .. } if vars => false,
            _ => !others.iter().any(|other| {
                other.path.holds(&finding.path) || other.path.parent() == finding.path
            }),
        })
        .collect()
}

/// A text that did not become a file, as the reader said it.
struct Failure {
    message: String,
    at: Option<usize>,
}

struct Source<'a> {
    text: &'a str,
    origin: &'a str,
    format: Format,
}

impl Source<'_> {
    fn parse(&self) -> Result<FileLayout, Failure> {
        match self.format {
            Format::Yaml => {
                let mut options = serde_saphyr::options! {
                    strict_booleans: true,
                    no_schema: true,
                    with_snippet: false,
                };
                if let Some(budget) = &mut options.budget {
                    budget.max_depth = located::MAX_DEPTH;
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
                let duplicate = located::json(self.text)
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

    fn compose(&self) -> Result<Located, NoTree> {
        match self.format {
            Format::Yaml => located::yaml(self.text),
            Format::Json => {
                if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(self.text) {
                    let message = error.to_string();
                    let message = without_place(&message);
                    if error.is_eof() {
                        let end = self.text.len();
                        return Err(NoTree {
                            message: format!("the text ends too early ({message})"),
                            span: end..end,
                        });
                    }
                    let at = offset(self.text, error.line(), error.column());
                    return Err(NoTree {
                        message: message.to_owned(),
                        span: at..at + 1,
                    });
                }
                located::json(self.text)
            }
        }
    }

    /// All problems of a text that the reader refused.
    fn diagnose(&self, failure: Failure) -> Problems {
        let located = match self.compose() {
            Ok(located) => located,
            Err(error) => return self.syntax(&error),
        };
        let mut value = located.to_value();
        let version = value.get("version").and_then(Value::as_u64);
        let mut findings = structure::check(&value);
        if let Some(finding) = findings
            .iter()
            .find(|finding| matches!(finding.fault, Fault::UnknownVersion(_)))
            && version.is_some()
        {
            // Another version has other rules: the rest would be noise.
            let finding = finding.clone();
            return self.problems(vec![self.place(&located, finding)]);
        }
        prune(&mut value, &findings);
        if let Ok(file) = serde_json::from_value::<FileLayout>(value) {
            let (_, senseless) = meaning(file);
            findings.extend(unrelated(senseless, &findings));
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
            return self.syntax(&NoTree {
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
            origin: self.origin.to_owned(),
            list,
        }
    }

    fn syntax(&self, error: &NoTree) -> Problems {
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
/// there gets a stand-in; findings about stand-ins are no news (see [`unrelated`]).
fn prune(value: &mut Value, findings: &[Finding]) {
    for finding in findings {
        let Some((last, parents)) = finding.path.0.split_last() else {
            continue;
        };
        match (pointer(value, parents), last) {
            (Some(Value::Object(map)), Step::Key(key)) => {
                let missing = matches!(finding.fault, Fault::MissingKey(_));
                match stand_in(key) {
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
                    *entry = match of {
                        "marks" | "command" | "output" => json!(""),
                        "focus_order" => json!(0),
                        "workspaces" => json!({ "name": "" }),
                        "monitors" => json!({ "output": "", "rect": "1x1+0+0" }),
                        _ => json!({}),
                    };
                }
            }
            _ => {}
        }
    }
}

/// A value for a key that must be there.
fn stand_in(key: &str) -> Option<Value> {
    match key {
        "version" => Some(json!(super::file::VERSION)),
        "rect" => Some(json!("1x1+0+0")),
        "name" | "output" => Some(json!("")),
        _ => None,
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

/// The model of a text without the checks of meaning, to test that writing and
/// reading are inverse on nonsense too.
#[cfg(test)]
pub(super) fn parse_only(text: &str, format: Format) -> Result<(Layout, Vec<Finding>), String> {
    let source = Source {
        text,
        origin: "test",
        format,
    };
    let file = source.parse().map_err(|failure| failure.message)?;
    let (layout, mut findings) = convert::to_model(file);
    findings.retain(|finding| finding.fault != Fault::EmptySwallow);
    Ok((layout, findings))
}
