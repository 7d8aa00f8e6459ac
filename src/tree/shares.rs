//! Shares of siblings, and their sizes in pixels in i3.

/// The share of a node in the space of its parent.
pub trait Share: Clone {
    /// Divides the parent's space among the remaining siblings in proportion to their shares.
    fn divide_again(siblings: Vec<&mut Self>);

    /// Notes that a container has lost children.
    fn note_pruned(&mut self) {}
}

/// A fraction, 0 to 1; those of siblings sum to one.
impl Share for f64 {
    fn divide_again(siblings: Vec<&mut Self>) {
        let shares: Vec<Self> = siblings.iter().map(|share| **share).collect();
        for (sibling, share) in siblings.into_iter().zip(normalise(&shares)) {
            *sibling = share;
        }
    }
}

/// Shares that sum to one, from the percents of a file.
///
/// Siblings without a percent share the rest evenly. If there is no rest, they get an even
/// share and all are scaled down.
pub fn resolve(percents: &[Option<f64>]) -> Vec<f64> {
    let named: f64 = percents.iter().flatten().copied().map(of_percent).sum();
    let unnamed = percents.iter().filter(|percent| percent.is_none()).count();
    #[expect(clippy::cast_precision_loss, reason = "numbers of siblings are small")]
    let rest = if unnamed == 0 {
        0.0
    } else if named < 1.0 {
        without_noise((1.0 - named) / unnamed as f64)
    } else {
        even(percents.len())
    };
    let shares: Vec<f64> = percents
        .iter()
        .map(|percent| percent.map_or(rest, of_percent))
        .collect();
    normalise(&shares)
}

/// The even share of each of `count` siblings.
#[expect(clippy::cast_precision_loss, reason = "numbers of siblings are small")]
pub fn even(count: usize) -> f64 {
    1.0 / count.max(1) as f64
}

/// The share of a percent of a file: 0.333 for 33.3.
pub fn of_percent(percent: f64) -> f64 {
    without_noise(percent / 100.0)
}

/// The share without the rounding error of binary fractions, if it is close to a decimal number
/// of up to twelve digits: 33.3 / 100 is 0.33299999999999996.
///
/// Other numbers, such as a third, do not change, so no pixel moves.
fn without_noise(share: f64) -> f64 {
    /// Twelve digits; percents in files have up to nine.
    const UNIT: f64 = 1e12;
    /// A few times the distance of neighboring numbers of this size.
    const NOISE: f64 = 1e-15;
    let meant = (share * UNIT).round() / UNIT;
    if (meant - share).abs() < NOISE {
        meant
    } else {
        share
    }
}

/// The same shares, scaled so that they sum to one.
///
/// Sums that differ from one only by rounding are not changed, so that i3 gets the same share
/// as in the file.
pub fn normalise(shares: &[f64]) -> Vec<f64> {
    let sum: f64 = shares.iter().sum();
    if sum <= 0.0 || !sum.is_finite() {
        return vec![even(shares.len()); shares.len()];
    }
    if (sum - 1.0).abs() < 1e-9 {
        return shares.to_vec();
    }
    shares.iter().map(|share| share / sum).collect()
}

/// The pixels that i3 gives to siblings of these shares in `total` pixels.
///
/// Rounds each, then spreads the rest, one pixel at a time, from the first sibling on (i3's
/// `src/render.c`, `precalculate_sizes`).
pub fn pixels(shares: &[f64], total: u32) -> Vec<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "shares are at most one, totals 32 bit"
    )]
    let mut sizes: Vec<i64> = shares
        .iter()
        // A damaged reply of i3 may have any numbers.
        .map(|share| (share.clamp(0.0, 1.0) * f64::from(total)).round() as i64)
        .collect();
    let Some(count) = i64::try_from(sizes.len()).ok().filter(|&count| count > 0) else {
        return sizes;
    };
    let rest = i64::from(total) - sizes.iter().sum::<i64>();
    let (each, more) = (rest / count, rest % count);
    for (size, position) in sizes.iter_mut().zip(0..) {
        *size += each;
        if position < more.abs() {
            *size += more.signum();
        }
    }
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_shares_give_no_impossible_sizes() {
        let sizes = pixels(&[1e300, 1e300, f64::NAN, -1.0], 100);
        assert_eq!(sizes.iter().sum::<i64>(), 100);
    }

    #[test]
    fn unnamed_siblings_share_the_rest() {
        assert_eq!(resolve(&[None, None]), vec![0.5, 0.5]);
        assert_eq!(resolve(&[Some(50.0), None, None]), vec![0.5, 0.25, 0.25]);
        assert_eq!(resolve(&[Some(60.0), Some(40.0)]), vec![0.6, 0.4]);
        assert!(resolve(&[]).is_empty());
    }

    #[test]
    fn shares_have_no_more_digits_than_the_percents() {
        for (percent, share) in [
            (33.3, "0.333"),
            (27.500_000_01, "0.2750000001"),
            (100.0 / 3.0, "0.33333333333333337"),
        ] {
            assert_eq!(of_percent(percent).to_string(), share);
        }
        assert_eq!(resolve(&[Some(70.0), None]), vec![0.7, 0.3]);
        assert_eq!(resolve(&[Some(33.3), Some(66.7)]), vec![0.333, 0.667]);
    }

    #[test]
    fn sums_other_than_one_are_scaled() {
        assert_eq!(resolve(&[Some(100.0), None]), vec![2.0 / 3.0, 1.0 / 3.0]);
        assert_eq!(normalise(&[0.0, 0.0]), vec![0.5, 0.5]);
    }

    #[test]
    fn left_over_pixels_go_to_the_first_siblings() {
        assert_eq!(pixels(&[1.0 / 3.0; 3], 1000), vec![334, 333, 333]);
        assert_eq!(pixels(&[0.5, 0.5], 1001), vec![500, 501]);
        assert_eq!(pixels(&[], 10), Vec::<i64>::new());
    }
}
