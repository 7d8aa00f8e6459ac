//! The best assignment of outputs to the monitors of a file.

use std::iter::zip;

use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;

use super::evidence::{CLOSEST, Evidence, Pair};

/// The number of the output for each monitor, or `None` if none is left for it.
///
/// `pairs` has the evidence for each monitor and output. All monitors are assigned at once, so that
/// the best evidence decides: no evidence of weaker kinds outweighs evidence of a stronger kind,
/// not even that of several monitors. Pairs without evidence are possible, unless `is_possible`
/// excludes them.
pub(super) fn assign(
    pairs: &[Vec<Pair>],
    outputs: usize,
    is_possible: &dyn Fn(usize, &Pair) -> bool,
) -> Vec<Option<usize>> {
    let monitors = pairs.len();
    if monitors == 0 || outputs == 0 {
        return vec![None; monitors];
    }
    let most = monitors.min(outputs);
    let weigh = |(row, column): (usize, usize)| {
        let pair = pairs.get(row).and_then(|pairs| pairs.get(column))?;
        is_possible(row, pair).then(|| weight(pair, most))
    };
    // The algorithm needs as many columns as rows. Nothing weighs less than an excluded pair.
    let columns = outputs.max(monitors);
    let weights = Matrix::from_fn(monitors, columns, |place| weigh(place).unwrap_or_default());
    let (_, found) = kuhn_munkres(&weights);
    let found = zip(0.., found);
    found
        .map(|(row, column)| weigh((row, column)).map(|_| column))
        .collect()
}

/// The weight of a pair. Even for `most` pairs, the sum of weaker evidence is below that of any
/// stronger evidence.
fn weight(pair: &Pair, most: usize) -> i128 {
    // Everything is possible: a monitor without evidence still gets an output that is left.
    let mut total: i128 = 1;
    let mut unit: i128 = 1;
    let most = i128::try_from(most).unwrap_or(i128::from(u8::MAX)) + 1;
    unit *= most;
    for evidence in Evidence::ALL.into_iter().rev() {
        if evidence == Evidence::Position {
            total += unit * i128::from(pair.closeness);
            unit *= most * i128::from(CLOSEST + 1);
        } else {
            total += unit * i128::from(pair.evidence.contains(&evidence));
            unit *= most;
        }
    }
    total
}
