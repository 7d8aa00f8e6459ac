//! The share of a node as a layout file has it.

use crate::tree::{Share, shares};

/// Percents are written with so many units to one percent: fine enough for any screen.
const UNITS: f64 = 10_000.0;

/// The share of the parent in percent (0 to 100); `None` shares what the siblings leave
/// evenly.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Percent(pub Option<f64>);

impl Percent {
    /// Of a share (0 to 1), rounded.
    pub fn rounded(share: f64) -> Self {
        let percent = (share * 100.0 * UNITS).round() / UNITS;
        Self((percent > 0.0).then_some(percent))
    }
}

impl Share for Percent {
    fn divide_again(siblings: Vec<&mut Self>) {
        let percents: Option<Vec<f64>> = siblings.iter().map(|percent| percent.0).collect();
        let alone = siblings.len() == 1;
        if let Some(percents) = percents {
            let shares = shares::normalise(&percents);
            for (sibling, share) in siblings.into_iter().zip(shares) {
                *sibling = if alone {
                    Self::default()
                } else {
                    Self::rounded(share)
                };
            }
        }
    }
}
