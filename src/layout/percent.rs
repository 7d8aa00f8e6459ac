//! The share of a node in a layout file.

use crate::tree::{Share, shares};

/// The precision of percents: units per percent.
const UNITS: f64 = 10_000.0;

/// The share of the parent in percent (0 to 100). `None` means an even share of the rest.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Percent(pub Option<f64>);

impl Percent {
    /// Rounds a share (0 to 1).
    pub fn rounded(share: f64) -> Self {
        let percent = (share * 100.0 * UNITS).round() / UNITS;
        Self((percent > 0.0).then_some(percent))
    }

    /// Sets the shares (0 to 1) of all siblings. A child without siblings needs none.
    pub fn set_shares(siblings: Vec<&mut Self>, shares: &[f64]) {
        let alone = siblings.len() == 1;
        for (sibling, share) in siblings.into_iter().zip(shares) {
            *sibling = if alone {
                Self::default()
            } else {
                Self::rounded(*share)
            };
        }
    }
}

impl Share for Percent {
    fn divide_again(siblings: Vec<&mut Self>) {
        let percents: Option<Vec<f64>> = siblings.iter().map(|percent| percent.0).collect();
        if let Some(percents) = percents {
            Self::set_shares(siblings, &shares::normalise(&percents));
        }
    }
}
