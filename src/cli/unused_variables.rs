//! Warnings about variables of a layout that nothing uses.

use std::ops::Range;

use miette::Diagnostic;

use crate::document::Path;
use crate::document::fault::nearest;
use crate::document::source_text::SourceText;
use crate::layout::Layout;
use crate::store::Opened;

/// The most variables that are named. A file with more was not written by hand.
const MOST_WARNINGS: usize = 100;

/// A variable that nothing uses, which is often misspelt.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("nothing uses the variable `{name}`")]
#[diagnostic(code("unused-variable"), severity(Warning), help("{}", right_name(.name, .included)))]
pub(super) struct UnusedVariable {
    name: String,
    /// The variables of included files, which this one may be meant to replace.
    included: Vec<String>,
    #[source_code]
    file: SourceText,
    #[label(primary, "vars.{name}")]
    place: Range<usize>,
}

/// The variables in the file of a layout that nothing uses.
pub(super) fn unused_variables(opened: &Opened, layout: &Layout) -> Vec<UnusedVariable> {
    let names = layout.unused_variables().into_iter().take(MOST_WARNINGS);
    let text = String::from_utf8_lossy(&opened.bytes);
    let text = text.trim_start_matches('\u{feff}');
    let Ok(tree) = opened.format.compose(text) else {
        return Vec::new();
    };
    let vars = Path::default().key("vars");
    let file = SourceText::new(&opened.origin, text);
    let mut warnings: Vec<UnusedVariable> = names
        .map(|name| UnusedVariable {
            place: tree.find(&vars.key(&name), true),
            included: layout.included.vars.keys().cloned().collect(),
            file: file.clone(),
            name,
        })
        .collect();
    warnings.sort_by_key(|warning| warning.place.start);
    warnings
}

fn right_name(name: &str, included: &[String]) -> String {
    match nearest(name, included) {
        Some(near) => format!("did you mean `{near}`, which an included file has?"),
        None => format!("write `${{{name}}}` where its value belongs, or remove it"),
    }
}
