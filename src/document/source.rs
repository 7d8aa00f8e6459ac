//! Reads files into the model, or reports all problems of the text.

use super::fault::Fault;
use super::form::{Document, Form};
use super::path::Path;
use super::problem::{Finding, Place, Problem, Problems};
use super::reading::{self, Cursor, Reading};
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

    /// Composes a text into a tree of values with places.
    pub fn compose(self, text: &str) -> Result<Spanned, SyntaxError> {
        match self {
            Self::Yaml => yaml::compose(text),
            Self::Json => json::compose(text),
        }
    }
}

/// Reads a file. `origin` is the name of the file in messages.
pub fn read<T: Document>(text: &str, origin: &str, format: Format) -> Result<T, Problems> {
    let source = Source::new(text, origin, T::KIND);
    let tree = match format.compose(source.text) {
        Ok(tree) => tree,
        Err(error) => return Err(source.syntax(error)),
    };
    let (model, mut findings) = decode::<T>(&tree, source.text);
    let is_other_version = |finding: &Finding| matches!(finding.fault, Fault::UnknownVersion(_));
    if let Some(finding) = findings.iter().find(|finding| is_other_version(finding)) {
        // Other versions have other rules, so further problems would be misleading.
        return Err(source.problems(vec![source.place(&tree, finding.clone())]));
    }
    let mut senseless = model.as_ref().map(T::check).unwrap_or_default();
    if !senseless.is_empty() && !findings.is_empty() {
        let broken: Vec<Path> = findings
            .iter()
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
            for (finding, span) in duplicates {
                let mut problem = source.place(&tree, finding);
                problem.other = problem.place.take();
                problem.place = Some(Place::of(source.text, span.start, span.end));
                list.push(problem);
            }
            Err(source.problems(list))
        }
    }
}

/// As [`read`], for bytes that may not be UTF-8.
pub fn read_bytes<T: Document>(bytes: &[u8], origin: &str, format: Format) -> Result<T, Problems> {
    match std::str::from_utf8(bytes) {
        Ok(text) => read(text, origin, format),
        Err(error) => {
            let text = String::from_utf8_lossy(bytes);
            let at = error.valid_up_to();
            Err(Source::new(&text, origin, T::KIND).syntax(SyntaxError {
                message: "this is not UTF-8 text".to_owned(),
                span: at..at + 1,
            }))
        }
    }
}

/// The model of a tree, and all findings about the values. Invalid values are left out of
/// the model. There is no model if the file is not a map.
pub(super) fn decode<T: Document>(tree: &Spanned, text: &str) -> (Option<T>, Vec<Finding>) {
    let mut reading = Reading::new(text);
    let model = T::decode(&Cursor::root(tree, T::WHAT), &mut reading);
    (model, reading.findings)
}

/// The model of a text and the findings about the values, without [`Document::check`].
#[cfg(test)]
pub(crate) fn parse_only<T: Document>(
    text: &str,
    format: Format,
) -> Result<(T, Vec<Finding>), String> {
    let tree = format.compose(text).map_err(|error| error.message)?;
    let (model, findings) = decode::<T>(&tree, text);
    let model = model.ok_or_else(|| format!("{findings:?}"))?;
    Ok((model, findings))
}

/// A text and how messages name it.
struct Source<'a> {
    text: &'a str,
    origin: &'a str,
    kind: &'static str,
}

impl<'a> Source<'a> {
    fn new(text: &'a str, origin: &'a str, kind: &'static str) -> Self {
        Self {
            text: text.strip_prefix('\u{feff}').unwrap_or(text),
            origin,
            kind,
        }
    }

    fn place(&self, tree: &Spanned, finding: Finding) -> Problem {
        let place = |path: &Path| {
            let span = tree.find(path, finding.at_key);
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
        // A key before the map that it is in.
        list.sort_by_key(|problem| problem.place.as_ref().map(|place| (place.start, place.end)));
        list.dedup();
        Problems {
            kind: self.kind,
            origin: self.origin.to_owned(),
            list,
        }
    }

    fn syntax(&self, error: SyntaxError) -> Problems {
        // The place of an unexpected end is after the last character, not on an empty line.
        let last = self.text.trim_end().len();
        let (start, end) = (error.span.start.min(last), error.span.end.min(last));
        self.problems(vec![Problem {
            fault: Fault::Syntax(error.message),
            path: Path::default(),
            place: Some(Place::of(self.text, start, end)),
            other: None,
        }])
    }
}
