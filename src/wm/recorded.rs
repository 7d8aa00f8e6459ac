//! Recorded replies of i3 as a desktop. Pure.
//!
//! The file has i3's replies unchanged, below `version`, `outputs`, `tree` and `config`
//! (examples are in `tests/data/trees/`).

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

/// The desktop of these replies. Its windows have no facts from X11 and /proc.
pub fn desktop(text: &str) -> Result<Desktop, WmError> {
    let recorded: Recorded = reply::read("recorded replies", text.as_bytes())?;
    let defaults = config::defaults(&recorded.config);
    let tree = convert::con(recorded.tree, defaults);
    let windows: BTreeMap<_, _> = tree
        .windows()
        .filter_map(|con| Some((con.window?, WindowFacts::default())))
        .collect();
    Ok(Desktop {
        seats: BTreeMap::new(),
        gaps: Some(ConfigGaps::default()),
        version: recorded.version.version,
        outputs: convert::outputs(recorded.outputs),
        tree,
        windows,
        defaults,
        ignored: BTreeSet::new(),
    })
}
