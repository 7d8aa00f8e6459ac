//! Comparison of the attributes that commands set on a container.

use super::PropertyChange;
use crate::compile::{Plan, SlotIdx};
use crate::live::Con;
use crate::tree::{Attribute, Attributes, Border, Node};

/// The planned attributes of a slot.
pub(crate) fn of_slot(plan: &Plan, idx: SlotIdx) -> Option<&Attributes> {
    plan.nodes()
        .flat_map(Node::descendants)
        .find(|node| node.as_leaf() == Some(&idx))
        .map(|node| &node.attributes)
}

/// The attributes that differ. `default` is the border if the plan has none; if both are
/// `None`, any border is accepted.
pub(crate) fn changes(
    planned: &Attributes,
    con: &Con,
    default: Option<Border>,
) -> impl Iterator<Item = PropertyChange> {
    let planned = Attributes {
        border: planned.border.or(default),
        ..planned.clone()
    };
    let pairs = planned.each().into_iter().zip(con.own_attributes().each());
    pairs
        .filter(|pair| match pair {
            (Attribute::Border(None), _) => false,
            // The user may have set other marks.
            (Attribute::Marks(planned), Attribute::Marks(present)) => {
                planned.iter().any(|mark| !present.contains(mark))
            }
            (before, after) => before != after,
        })
        .map(|(before, after)| PropertyChange { before, after })
}
