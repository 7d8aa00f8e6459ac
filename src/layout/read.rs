//! Reads layout files into the model, or reports all problems of the text.

use super::foreign;
use super::model::Layout;
use super::profile;
use super::validate;
use crate::document::{self, Document, Fault, Finding, Format, Path, Problems, Step};

/// Reads a layout file. `origin` is the name of the file in messages.
pub fn read(text: &str, origin: &str, format: Format) -> Result<Layout, Problems> {
    document::read(text, origin, format)
}

/// As [`read`], for bytes that may not be UTF-8.
pub fn read_bytes(bytes: &[u8], origin: &str, format: Format) -> Result<Layout, Problems> {
    document::read_bytes(bytes, origin, format)
}

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
                !broken.iter().any(|path| *path == vars || *path == var)
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
