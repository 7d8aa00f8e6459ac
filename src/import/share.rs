//! The shares of siblings, as i3 completes them.

use crate::capture::percents as shortest;
use crate::layout::Percent;

/// The resolution of percents: the size of the container in pixels is unknown.
const PIXELS: u32 = 10_000;

/// The percents of siblings with these shares. As in i3, a child without a share gets the average
/// of the others, and the shares are scaled to a sum of one (`con_fix_percent` in i3's
/// `src/con.c`).
pub(super) fn percents_of(shares: &[Option<f64>]) -> Vec<Option<f64>> {
    let known: Vec<f64> = shares.iter().copied().flatten().collect();
    #[expect(clippy::cast_precision_loss, reason = "numbers of siblings are small")]
    let average = known.iter().sum::<f64>() / known.len().max(1) as f64;
    let complete: Vec<Option<f64>> = shares
        .iter()
        .map(|share| share.or((!known.is_empty()).then_some(average)))
        .collect();
    let sum: f64 = complete.iter().flatten().sum();
    let is_tiny =
        |percent: &Option<f64>| percent.is_some_and(|percent| percent.is_nan() || percent <= 0.0);
    let percents = shortest(&complete, PIXELS);
    if !sum.is_finite() || percents.iter().any(is_tiny) {
        return vec![None; shares.len()];
    }
    percents
}

/// As [`percents_of`], for a layout.
pub(super) fn percents(shares: &[Option<f64>]) -> Vec<Percent> {
    percents_of(shares).into_iter().map(Percent).collect()
}
