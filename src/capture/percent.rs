//! Shares of a container in percent, with as few digits as possible.
//!
//! The resulting pixels must be the same: i3 rounds every share to whole pixels and spreads the
//! rest from the first child on (i3 src/render.c, `precalculate_sizes`).

use crate::tree::shares::{even, normalise, of_percent, pixels as sizes};

/// The maximum number of decimals. It distinguishes shares on any screen; more are only needed
/// for a share exactly between two pixels.
const MAX_DIGITS: u32 = 9;

/// The tolerance for equal shares: far below a pixel, far above the rounding errors of binary
/// fractions.
const NOISE: f64 = 1e-9;

/// The tolerance for a share that was read from a decimal number.
const EXACT: f64 = 1e-14;

/// The percents to write for children with these shares (0 to 1, `None` if i3 has none yet) of
/// a container that is `pixels` long in the direction of its layout.
///
/// All are `None` if even shares give the same pixels. Otherwise their sum is 100. The sum of
/// the shares may differ from 1 if some children are left out.
pub(crate) fn percents(shares: &[Option<f64>], pixels: u32) -> Vec<Option<f64>> {
    let none = || vec![None; shares.len()];
    let shares = normalized(shares);
    let even = even(shares.len());
    if shares.iter().all(|share| (share - even).abs() < NOISE) {
        return none();
    }
    // Numbers from an earlier file, or from the user, have few digits. They are kept on any
    // screen, so that a capture after `apply` gives the same file.
    if let Some(percents) = (0..=MAX_DIGITS).find_map(|digits| decimals(&shares, digits)) {
        return percents;
    }
    let wanted = sizes(&shares, pixels);
    if sizes(&vec![even; shares.len()], pixels) == wanted {
        return none();
    }
    let fitting = (0..=MAX_DIGITS)
        .map(|digits| rounded(&shares, digits))
        .find(|percents| {
            let shares: Vec<f64> = percents.iter().copied().map(of_percent).collect();
            // For i3, a share of 0 is not set.
            percents.iter().all(|&percent| percent > 0.0) && sizes(&shares, pixels) == wanted
        });
    fitting
        .unwrap_or_else(|| shares.iter().map(|share| share * 100.0).collect())
        .into_iter()
        .map(Some)
        .collect()
}

/// The percents, if the shares are decimal numbers with this many digits and a sum of 100.
fn decimals(shares: &[f64], digits: u32) -> Option<Vec<Option<f64>>> {
    let unit = 10_f64.powi(digits.cast_signed());
    let scale = 100.0 * unit;
    let units: Vec<f64> = shares.iter().map(|share| (share * scale).round()).collect();
    let exact = shares
        .iter()
        .zip(&units)
        .all(|(share, units)| *units > 0.0 && (share - units / scale).abs() < EXACT);
    let whole = (units.iter().sum::<f64>() - scale).abs() < 0.5;
    (exact && whole).then(|| units.iter().map(|units| Some(units / unit)).collect())
}

/// The shares scaled to a sum of 1; one that is not set is an even share, as in i3.
pub(super) fn normalized(shares: &[Option<f64>]) -> Vec<f64> {
    let even = even(shares.len());
    let set: Vec<f64> = shares
        .iter()
        .map(|share| {
            share
                .filter(|share| share.is_finite() && *share > 0.0)
                .unwrap_or(even)
        })
        .collect();
    normalise(&set)
}

/// The shares in percent, rounded so that their sum stays 100: the largest remainders are
/// rounded up.
fn rounded(shares: &[f64], digits: u32) -> Vec<f64> {
    let unit = 10_f64.powi(digits.cast_signed());
    let scaled: Vec<f64> = shares.iter().map(|share| share * 100.0 * unit).collect();
    let mut units: Vec<f64> = scaled.iter().map(|value| value.floor()).collect();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    let remainder = |index: usize| scaled[index] - units[index];
    order.sort_by(|&a, &b| remainder(b).total_cmp(&remainder(a)));
    let mut missing = 100.0 * unit - units.iter().sum::<f64>();
    for index in order {
        if missing < 0.5 {
            break;
        }
        units[index] += 1.0;
        missing -= 1.0;
    }
    units.into_iter().map(|value| value / unit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::prelude::*;

    fn check(shares: &[f64], pixels: u32) -> Vec<Option<f64>> {
        let shares: Vec<Option<f64>> = shares.iter().copied().map(Some).collect();
        percents(&shares, pixels)
    }

    fn all(percents: &[f64]) -> Vec<Option<f64>> {
        percents.iter().copied().map(Some).collect()
    }

    #[test]
    fn even_shares_are_not_written() {
        let third = 1.0 / 3.0;
        assert_eq!(check(&[third, third, third], 1920), [None; 3]);
        assert_eq!(check(&[1001.0 / 2001.0, 1000.0 / 2001.0], 1920), [None; 2]);
        assert_eq!(percents(&[None, None], 1920), [None; 2]);
        assert_eq!(check(&[1.0], 1920), [None]);
        assert_eq!(check(&[], 1920), []);
    }

    #[test]
    fn as_few_digits_as_the_pixels_need() {
        // `resize grow width 10 px` of a half.
        let grown = 0.5 + 10.0 / 1920.0;
        assert_eq!(check(&[grown, 1.0 - grown], 1920), all(&[50.5, 49.5]));
        let grown = 0.5 + 11.0 / 1920.0;
        assert_eq!(check(&[grown, 1.0 - grown], 1920), all(&[50.57, 49.43]));
        assert_eq!(check(&[0.6, 0.4], 1920), all(&[60.0, 40.0]));
        assert_eq!(
            check(&[0.601_234_567_891, 0.398_765_432_109], 100),
            all(&[60.0, 40.0])
        );
        assert_eq!(check(&[0.2, 0.3, 0.5], 1081), all(&[20.0, 30.0, 50.0]));
    }

    #[test]
    fn numbers_of_a_file_are_unchanged() {
        assert_eq!(check(&[0.3333, 0.6667], 10), all(&[33.33, 66.67]));
        assert_eq!(check(&[0.505_208, 0.494_792], 0), all(&[50.5208, 49.4792]));
    }

    #[test]
    fn left_out_children_leave_their_share_to_the_others() {
        assert_eq!(check(&[0.3, 0.2], 1000), all(&[60.0, 40.0]));
        assert_eq!(percents(&[Some(0.75), None], 1000), all(&[60.0, 40.0]));
        assert_eq!(check(&[0.5], 1000), [None]);
    }

    #[test]
    fn the_rest_goes_to_the_first_children() {
        let third = 1.0 / 3.0;
        assert_eq!(sizes(&[third, third, third], 1921), [641, 640, 640]);
        assert_eq!(sizes(&[third, third, third], 1919), [639, 640, 640]);
        assert_eq!(sizes(&[0.5, 0.5], 1079), [539, 540]);
        assert_eq!(sizes(&[], 1079), Vec::<i64>::new());
    }

    proptest! {
        #[test]
        fn the_pixels_stay_and_a_second_capture_gives_the_same(
            weights in prop::collection::vec(1_u32..5000, 1..8),
            pixels in prop::sample::select(vec![0_u32, 300, 1060, 1080, 1920, 2560, 7680]),
            other in prop::sample::select(vec![0_u32, 299, 1081, 10_000]),
        ) {
            let sum: u32 = weights.iter().sum();
            let shares: Vec<f64> = weights.iter().map(|&w| f64::from(w) / f64::from(sum)).collect();
            let written = check(&shares, pixels);
            let live: Vec<f64> = normalized(
                &written.iter().map(|percent| percent.map(|percent| percent / 100.0)).collect::<Vec<_>>(),
            );
            prop_assert_eq!(sizes(&live, pixels), sizes(&shares, pixels));
            // On this screen and on any other.
            prop_assert_eq!(&check(&live, pixels), &written);
            prop_assert_eq!(&check(&live, other), &written);
            if written.iter().all(Option::is_some) {
                let total: f64 = written.iter().flatten().sum();
                prop_assert!((total - 100.0).abs() < 1e-6);
            }
        }
    }
}
