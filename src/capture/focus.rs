//! The focus order of a container, said as briefly as a layout file can.
//!
//! Mostly nothing has to be said, else that one child is focused; only an order beyond
//! that is spelt out. The judge is [`default_focus_order`], which compile reads files by.

use crate::layout::default_focus_order;

/// What a file says about the children of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// Nothing: the default order is it.
    Nothing,
    /// This child is `focused`.
    Focused(usize),
    /// The whole order, most recently focused first.
    Order(Vec<usize>),
}

/// How to say that `order` (positions of all children, most recently focused first) is the
/// focus order, where `holds_focused[i]` tells whether something below child `i` is
/// `focused` already.
pub(super) fn say(order: &[usize], holds_focused: &[bool]) -> Said {
    let mut focused = vec![false; holds_focused.len()];
    if default_focus_order(&focused, holds_focused) == order {
        return Said::Nothing;
    }
    if let Some(&head) = order.first()
        && let Some(flag) = focused.get_mut(head)
    {
        *flag = true;
        if default_focus_order(&focused, holds_focused) == order {
            return Said::Focused(head);
        }
    }
    Said::Order(order.to_vec())
}

/// The positions of children in focus order, from i3's focus list of ids. Ids that are no
/// children are skipped; children that the list does not name come last.
pub(super) fn order<Id: PartialEq>(children: &[Id], focus: &[Id]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::with_capacity(children.len());
    let named = focus
        .iter()
        .filter_map(|id| children.iter().position(|child| child == id));
    for position in named.chain(0..children.len()) {
        if !order.contains(&position) {
            order.push(position);
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::prelude::*;

    #[test]
    fn no_more_is_said_than_needed() {
        let table = [
            (vec![0, 1, 2], vec![false; 3], Said::Nothing),
            (vec![1, 0, 2], vec![false; 3], Said::Focused(1)),
            (vec![1, 0, 2], vec![false, true, false], Said::Nothing),
            (vec![0, 1, 2], vec![false, true, false], Said::Focused(0)),
            (vec![0, 2, 1], vec![false; 3], Said::Order(vec![0, 2, 1])),
            (vec![2, 1, 0], vec![false; 3], Said::Order(vec![2, 1, 0])),
            (vec![], vec![], Said::Nothing),
        ];
        for (order, holds_focused, expected) in table {
            assert_eq!(say(&order, &holds_focused), expected, "{order:?}");
        }
    }

    #[test]
    fn focus_lists_become_positions() {
        assert_eq!(order(&['a', 'b', 'c'], &['c', 'x', 'a']), [2, 0, 1]);
        assert_eq!(order(&['a', 'b'], &[]), [0, 1]);
    }

    proptest! {
        #[test]
        fn what_is_said_gives_the_order_back(
            (order, holds_focused) in (0_usize..6).prop_flat_map(|count| {
                (Just((0..count).collect::<Vec<_>>()).prop_shuffle(), prop::collection::vec(any::<bool>(), count))
            })
        ) {
            let mut focused = vec![false; order.len()];
            let read = match say(&order, &holds_focused) {
                Said::Order(order) => order,
                Said::Focused(child) => {
                    focused[child] = true;
                    default_focus_order(&focused, &holds_focused)
                }
                Said::Nothing => default_focus_order(&focused, &holds_focused),
            };
            prop_assert_eq!(read, order);
        }
    }
}
