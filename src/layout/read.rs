//! Reading a layout file: the model, or everything that is wrong with the text.
//!
//! How, is in [`super::source`]; here is what is special about layouts.

use serde_json::{Value, json};

use super::convert;
use super::file::{FileLayout, VERSION};
use super::model::Layout;
use super::source::{self, Document};
use super::{schema, validate};
use crate::document::Fault;
use crate::document::Format;
use crate::document::{Finding, Path, Problem, Problems};

/// Reads a layout file; `origin` is the file as messages name it.
pub fn read(text: &str, origin: &str, format: Format) -> Result<Layout, Problems> {
    source::read::<FileLayout>(text, origin, format)
}

/// As [`read`], of bytes that may not be text at all.
pub fn read_bytes(bytes: &[u8], origin: &str, format: Format) -> Result<Layout, Problems> {
    source::read_bytes::<FileLayout>(bytes, origin, format)
}

/// The problems for findings of a later step (such as monitors that do not fit),
/// with their places in the text that the layout was read from.
pub fn locate(text: &str, origin: &str, format: Format, findings: Vec<Finding>) -> Problems {
    source::locate::<FileLayout>(text, origin, format, findings)
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
        kind: <FileLayout as Document>::KIND,
        origin: origin.to_owned(),
        list,
    })
}

impl Document for FileLayout {
    type Model = Layout;
    const WHAT: &'static str = "a layout file";
    const KIND: &'static str = "invalid-layout";
    const VERSION: u64 = VERSION;

    fn schema() -> Value {
        schema::schema()
    }

    fn meaning(self) -> (Layout, Vec<Finding>) {
        let (layout, mut findings) = convert::to_model(self);
        let senseless = Self::unrelated(validate::check(&layout), &findings);
        findings.extend(senseless);
        (layout, findings)
    }

    /// What could not be read is not there to be referred to, either.
    fn unrelated(findings: Vec<Finding>, others: &[Finding]) -> Vec<Finding> {
        let workspaces = Path::default().key("workspaces");
        let vars = Path::default().key("vars");
        // The whole list, a whole entry, or a name in it.
        let has_names = !others.iter().any(|Finding { path, .. }| {
            let steps = path.0.len();
            workspaces.holds(path) && (steps <= 2 || steps == 3 && path.last_key() == Some("name"))
        });
        let is_read = |name: &str| {
            let var = vars.key(name);
            !others
                .iter()
                .any(|other| other.path == vars || other.path == var)
        };
        let mut findings = source::unrelated(findings, others);
        findings.retain(|finding| match &finding.fault {
            Fault::UnknownFocus { .. } => has_names,
            Fault::UnknownVariable { name, .. } => is_read(name),
            _ => true,
        });
        findings
    }

    fn stand_in(key: &str) -> Option<Value> {
        match key {
            "rect" => Some(json!("1x1+0+0")),
            "name" | "output" => Some(json!("")),
            _ => None,
        }
    }

    fn stand_in_entry(list: &str) -> Value {
        match list {
            "marks" | "command" | "output" => json!(""),
            "focus_order" => json!(0),
            "workspaces" => json!({ "name": "" }),
            "monitors" => json!({ "output": "", "rect": "1x1+0+0" }),
            _ => json!({}),
        }
    }
}

/// The model of a text without the checks of meaning, to test that writing and
/// reading are inverse on nonsense too.
#[cfg(test)]
pub(super) fn parse_only(text: &str, format: Format) -> Result<(Layout, Vec<Finding>), String> {
    let file = source::parse_only::<FileLayout>(text, format)?;
    let (layout, mut findings) = convert::to_model(file);
    findings.retain(|finding| finding.fault != Fault::EmptySwallow);
    Ok((layout, findings))
}
