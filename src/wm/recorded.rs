//! Replies of i3 that were kept in a file, as a desktop. Pure.
//!
//! The file holds what i3 answered, word for word: `version`, `outputs`, `tree`
//! and `config` (`tests/data/trees/` has some).

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::error::WmError;
use super::{config, convert, reply};
use crate::live::{ConfigGaps, Desktop, WindowFacts};

#[derive(Deserialize)]
struct Recorded {
    version: reply::Version,
    outputs: Vec<reply::Output>,
    tree: reply::Node,
    config: reply::Config,
}

/// The desktop that these replies tell of. X11 and /proc say nothing about its
/// windows: each has empty facts.
pub fn desktop(text: &str) -> Result<Desktop, WmError> {
    let recorded: Recorded = reply::read("recorded replies", text.as_bytes())?;
    let defaults = config::defaults(&recorded.config);
    let tree = convert::con(recorded.tree, defaults);
    let windows: BTreeMap<_, _> = tree
        .windows()
        .filter_map(|con| Some((con.window?, WindowFacts::default())))
        .collect();
    Ok(Desktop {
        gaps: Some(ConfigGaps::default()),
        version: convert::version(recorded.version),
        outputs: convert::outputs(recorded.outputs),
        tree,
        windows,
        defaults,
        ignored: BTreeSet::new(),
    })
}
