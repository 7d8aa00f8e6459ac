//! Reads layout files into the model, or reports all problems of the text.

use super::foreign;
use super::model::{Included, Layout};
use super::profile;
use super::validate;
use crate::document::spanned::Kind;
use crate::document::{self, Document, Fault, Finding, Format, Path, Problems, Spanned, Step};

/// Reads a layout that includes no files. `origin` is the name of the file in messages.
pub fn read(text: &str, origin: &str, format: Format) -> Result<Layout, Problems> {
    document::read_with(text, origin, format, &|layout: &mut Layout| {
        layout.include(Included::default());
    })
}

/// As [`read`], for bytes that may not be UTF-8.
pub fn read_bytes(bytes: &[u8], origin: &str, format: Format) -> Result<Layout, Problems> {
    read_including(bytes, origin, format, &Included::default())
}

/// As [`read_bytes`], with the variables and templates of the files that the layout includes; see
/// [`includes`].
pub fn read_including(
    bytes: &[u8],
    origin: &str,
    format: Format,
    included: &Included,
) -> Result<Layout, Problems> {
    document::read_bytes_with(bytes, origin, format, &|layout: &mut Layout| {
        layout.include(included.clone());
    })
}

/// True for the place of `include`, and of one of its files.
fn may_include(path: &Path) -> bool {
    Path::default().key(INCLUDE).holds(path)
}

/// The files that a layout includes, with their places in it. Empty if the text is not valid, which
/// [`read_including`] reports.
pub fn includes(bytes: &[u8], format: Format) -> Vec<(Path, String)> {
    let text = str::from_utf8(bytes).unwrap_or_default();
    if !text.contains(INCLUDE) {
        return Vec::new();
    }
    let Ok(tree) = format.compose(text.trim_start_matches('\u{feff}')) else {
        return Vec::new();
    };
    let at = Path::default().key(INCLUDE);
    let text_of = |value: &Spanned| match &value.kind {
        Kind::Text(text) => Some(text.clone()),
        _ => None,
    };
    match tree.get(INCLUDE) {
        Some(
            list @ Spanned {
                kind: Kind::List(_),
                ..
            },
        ) => {
            let files = list.items().iter().enumerate();
            let files =
                files.filter_map(|(position, file)| Some((at.index(position), text_of(file)?)));
            files.collect()
        }
        one => one
            .and_then(text_of)
            .map(|file| (at, file))
            .into_iter()
            .collect(),
    }
}

/// Findings about a file that was read, with their places in its text.
pub fn problems(text: &[u8], origin: &str, format: Format, findings: Vec<Finding>) -> Problems {
    document::with_text::<Layout>(&String::from_utf8_lossy(text), origin, format, findings)
}

const INCLUDE: &str = "include";

/// Checks a layout that was not read from a file. The problems have no places.
pub fn check(layout: &Layout, origin: &str) -> Result<(), Problems> {
    let findings = validate::check(layout);
    if findings.is_empty() {
        return Ok(());
    }
    Err(document::without_text::<Layout>(origin, findings))
}

impl Document for Layout {
    const WHAT: &'static str = "a layout file";
    const KIND: &'static str = "layout";
    const TITLE: &'static str = "i3pm-layout file";
    const SCHEMA_ID: &'static str = "urn:i3pm-layout:layout-v1";

    fn check(&self) -> Vec<Finding> {
        validate::check(self)
    }

    fn foreign(text: &str) -> Option<Fault> {
        foreign::recognise(text)
    }

    /// References to values that could not be read are not reported.
    fn is_unrelated(finding: &Finding, broken: &[Path]) -> bool {
        let root = Path::default();
        let is_expected = match &finding.fault {
            Fault::UnknownFocus { .. } | Fault::UnknownWorkspace { .. } => {
                // The list, an entry, or the name of an entry.
                let workspaces = root.key("workspaces");
                !broken.iter().any(|path| {
                    let steps = path.0.len();
                    workspaces.holds(path)
                        && (steps <= 2 || steps == 3 && path.last_key() == Some("name"))
                })
            }
            Fault::UnknownVariable { name, .. } => {
                let vars = root.key("vars");
                let var = vars.key(name);
                let is_it = |path: &Path| *path == vars || *path == var || may_include(path);
                !broken.iter().any(is_it)
            }
            Fault::UnknownTemplate { name, .. } => {
                let templates = root.key("templates");
                let template = templates.key(name);
                let is_it =
                    |path: &Path| *path == templates || *path == template || may_include(path);
                !broken.iter().any(is_it)
            }
            // The invalid value may be `command` or `swallow`, unless it is `focused`.
            Fault::EmptyWindow => {
                let here = &finding.path;
                let focused = here.key("focused");
                return !broken
                    .iter()
                    .any(|path| path.holds(here) || here.holds(path) && *path != focused);
            }
            Fault::PercentSum { .. } => {
                let siblings = finding.path.parent().parent();
                !broken.iter().any(|path| {
                    let below = path.0.strip_prefix(&*siblings.0);
                    matches!(below, Some([_]))
                        || matches!(below, Some([_, Step::Key(key)]) if key == "percent")
                })
            }
            _ => true,
        };
        is_expected
            && profile::is_unrelated(finding, broken)
            && document::is_unrelated(finding, broken)
    }
}
