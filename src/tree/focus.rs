//! Focus orders: positions of children, most recently focused first.

/// The focus order from i3's list of ids. Unknown ids are skipped; children that are not in the
/// list come last, in tree order.
pub fn order_of_ids<Id: PartialEq>(children: &[Id], focus: &[Id]) -> Vec<usize> {
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

/// The focus order of the remaining children, in their new positions.
pub fn remapped(focus: &[usize], kept: &[bool]) -> Vec<usize> {
    focus
        .iter()
        .filter(|&&position| kept.get(position) == Some(&true))
        .map(|&position| kept[..position].iter().filter(|&&is| is).count())
        .collect()
}
