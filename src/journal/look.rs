//! Looks at the desktop. The first one of a journal is complete, and the others have only what has
//! changed: looks differ little from one to the next, and most of a journal would be copies.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::live::{
    Con, ConId, ConfigGaps, Defaults, Desktop, Output, Seats, Version, WindowFacts, XId,
};

/// A look at the desktop, as a change of the one before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Look<D = Box<Desktop>> {
    /// Everything.
    #[serde(rename = "whole")]
    Whole(D),
    /// The changed parts.
    #[serde(rename = "changed")]
    Changed(Box<Changed>),
}

/// The changed parts of a desktop.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Changed {
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<Version>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outputs: Option<Vec<Output>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tree: Option<ChangedCon>,
    /// New windows, and windows with other facts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    windows: BTreeMap<XId, WindowFacts>,
    /// Windows that are gone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    closed: Vec<XId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    defaults: Option<Defaults>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gaps: Option<(Option<ConfigGaps>,)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ignored: Option<BTreeSet<ConId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seats: Option<Seats>,
}

/// A container that may have changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum ChangedCon {
    /// The container with this id is as before, with everything in it.
    Same { same: ConId },
    /// The container, without its children, and the children.
    Other {
        con: Box<Con>,
        nodes: Vec<ChangedCon>,
        floating_nodes: Vec<ChangedCon>,
    },
}

impl<'d> Look<&'d Desktop> {
    /// The look at a desktop after the one before.
    pub(super) fn after(before: Option<&Desktop>, desktop: &'d Desktop) -> Self {
        let Some(before) = before else {
            return Self::Whole(desktop);
        };
        Self::Changed(Box::new(Changed {
            version: other(&before.version, &desktop.version),
            outputs: other(&before.outputs, &desktop.outputs),
            tree: (before.tree != desktop.tree).then(|| {
                let known = before.tree.descendants();
                let known = known.map(|con| (con.id, con)).collect();
                ChangedCon::new(&known, &desktop.tree)
            }),
            windows: desktop
                .windows
                .iter()
                .filter(|(id, facts)| before.windows.get(id) != Some(facts))
                .map(|(id, facts)| (*id, facts.clone()))
                .collect(),
            closed: before
                .windows
                .keys()
                .filter(|id| !desktop.windows.contains_key(id))
                .copied()
                .collect(),
            defaults: other(&before.defaults, &desktop.defaults),
            gaps: other(&before.gaps, &desktop.gaps).map(|gaps| (gaps,)),
            ignored: other(&before.ignored, &desktop.ignored),
            seats: other(&before.seats, &desktop.seats),
        }))
    }
}

impl Look {
    /// The desktop, after the one before. `None` if the look does not fit it.
    pub(super) fn desktop(&self, before: Option<&Desktop>) -> Option<Desktop> {
        let changed = match self {
            Self::Whole(desktop) => return Some((**desktop).clone()),
            Self::Changed(changed) => (**changed).clone(),
        };
        let before = before?;
        let tree = match &changed.tree {
            None => before.tree.clone(),
            Some(tree) => {
                let known = before.tree.descendants();
                tree.con(&known.map(|con| (con.id, con)).collect())?
            }
        };
        let mut windows = before.windows.clone();
        windows.retain(|id, _| !changed.closed.contains(id));
        windows.extend(changed.windows);
        let before = before.clone();
        Some(Desktop {
            version: changed.version.unwrap_or(before.version),
            outputs: changed.outputs.unwrap_or(before.outputs),
            tree,
            windows,
            defaults: changed.defaults.unwrap_or(before.defaults),
            gaps: changed.gaps.map_or(before.gaps, |(gaps,)| gaps),
            ignored: changed.ignored.unwrap_or(before.ignored),
            seats: changed.seats.unwrap_or(before.seats),
        })
    }
}

fn other<T: PartialEq + Clone>(before: &T, now: &T) -> Option<T> {
    (before != now).then(|| now.clone())
}

impl ChangedCon {
    fn new(known: &HashMap<ConId, &Con>, con: &Con) -> Self {
        if known.get(&con.id) == Some(&con) {
            return Self::Same { same: con.id };
        }
        let children = |list: &[Con]| list.iter().map(|child| Self::new(known, child)).collect();
        Self::Other {
            con: Box::new(Con {
                nodes: Vec::new(),
                floating_nodes: Vec::new(),
                name: con.name.clone(),
                attributes: con.attributes.clone(),
                focus: con.focus.clone(),
                properties: con.properties.clone(),
                ..*con
            }),
            nodes: children(&con.nodes),
            floating_nodes: children(&con.floating_nodes),
        }
    }

    fn con(&self, known: &HashMap<ConId, &Con>) -> Option<Con> {
        match self {
            Self::Same { same } => known.get(same).map(|con| (*con).clone()),
            Self::Other {
                con,
                nodes,
                floating_nodes,
            } => {
                let children = |list: &[Self]| -> Option<Vec<Con>> {
                    list.iter().map(|child| child.con(known)).collect()
                };
                Some(Con {
                    nodes: children(nodes)?,
                    floating_nodes: children(floating_nodes)?,
                    ..(**con).clone()
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::build::{one_output, win, workspace};

    #[test]
    fn looks_lead_to_the_same_desktops() {
        let desktops = [
            one_output([workspace("1", [win("a"), win("b")])]),
            one_output([workspace("1", [win("a"), win("b").argv(["b"])])]),
            one_output([
                workspace("1", [win("b"), win("a"), win("c")]),
                workspace("2", []),
            ]),
            one_output([workspace("2", [win("c")])]),
            one_output([]),
            Desktop {
                gaps: None,
                ..one_output([])
            },
            Desktop {
                gaps: Some(ConfigGaps::default()),
                ..one_output([])
            },
        ];
        let (mut before, mut read) = (None, None);
        for desktop in &desktops {
            let look = Look::after(before, desktop);
            let text = serde_json::to_string(&look).unwrap();
            let look: Look = serde_json::from_str(&text).unwrap();
            read = look.desktop(read.as_ref());
            assert_eq!(read.as_ref(), Some(desktop), "{text}");
            before = Some(desktop);
        }
        let last = desktops.last().unwrap();
        let same = Look::after(Some(last), last);
        assert_eq!(serde_json::to_string(&same).unwrap(), r#"{"changed":{}}"#);
        let changed: Look = serde_json::from_str(r#"{"changed":{}}"#).unwrap();
        assert_eq!(changed.desktop(None), None);
    }
}
