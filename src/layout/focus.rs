//! The shortest notation for the focus order of children.
//!
//! The model has complete focus orders. In most cases, a file needs no notation or one child
//! that is `focused`. Only other orders are written as `focus_order`.

/// The focus order of children without `focus_order`: positions of children, most recently
/// focused first, as in i3's `focus` lists.
///
/// `focused[i]` is true if child `i` itself is `focused`, `holds_focused[i]` if something
/// below it is. The order begins with the child that is focused, or else the first child
/// above something focused, or else the first child. The others follow in tree order.
pub fn default_order(focused: &[bool], holds_focused: &[bool]) -> Vec<usize> {
    let head = focused
        .iter()
        .position(|&is| is)
        .or_else(|| holds_focused.iter().position(|&is| is))
        .unwrap_or(0);
    order_with_head(head, focused.len())
}

/// The child at `head`, then the others in tree order.
pub fn order_with_head(head: usize, count: usize) -> Vec<usize> {
    let others = (0..count).filter(|&position| position != head);
    std::iter::once(head).take(count).chain(others).collect()
}

/// The notation of a focus order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// No key, because it is the default order.
    Nothing,
    /// `focused` in this child.
    Focused(usize),
    /// `focus_order`, most recently focused first.
    Order(Vec<usize>),
}

/// The shortest notation of a focus order. `holds_focused[i]` is true if something below
/// child `i` is already `focused`.
pub fn shortest(order: &[usize], holds_focused: &[bool]) -> Written {
    let mut focused = vec![false; holds_focused.len()];
    if default_order(&focused, holds_focused) == order {
        return Written::Nothing;
    }
    if let Some(&head) = order.first()
        && let Some(flag) = focused.get_mut(head)
    {
        *flag = true;
        if default_order(&focused, holds_focused) == order {
            return Written::Focused(head);
        }
    }
    Written::Order(order.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::prelude::*;

    #[test]
    fn the_shortest_notation_is_used() {
        let table = [
            (vec![0, 1, 2], vec![false; 3], Written::Nothing),
            (vec![1, 0, 2], vec![false; 3], Written::Focused(1)),
            (vec![1, 0, 2], vec![false, true, false], Written::Nothing),
            (vec![0, 1, 2], vec![false, true, false], Written::Focused(0)),
            (vec![0, 2, 1], vec![false; 3], Written::Order(vec![0, 2, 1])),
            (vec![2, 1, 0], vec![false; 3], Written::Order(vec![2, 1, 0])),
            (vec![], vec![], Written::Nothing),
        ];
        for (order, holds_focused, expected) in table {
            assert_eq!(shortest(&order, &holds_focused), expected, "{order:?}");
        }
    }

    proptest! {
        #[test]
        fn the_notation_gives_the_same_order(
            (order, holds_focused) in (0_usize..6).prop_flat_map(|count| {
                (Just((0..count).collect::<Vec<_>>()).prop_shuffle(), prop::collection::vec(any::<bool>(), count))
            })
        ) {
            let mut focused = vec![false; order.len()];
            let read = match shortest(&order, &holds_focused) {
                Written::Order(order) => order,
                Written::Focused(child) => {
                    focused[child] = true;
                    default_order(&focused, &holds_focused)
                }
                Written::Nothing => default_order(&focused, &holds_focused),
            };
            prop_assert_eq!(read, order);
        }
    }
}
