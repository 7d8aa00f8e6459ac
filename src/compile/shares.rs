//! Shares of siblings, and the pixels that i3 gives for them.

/// Shares that sum to one, from the percents that a file names.
///
/// Siblings without a percent share evenly what the others leave; when the others
/// leave nothing, they get an even share and all are scaled down.
pub fn resolve(percents: &[Option<f64>]) -> Vec<f64> {
    let count = percents.len().max(1);
    let named: f64 = percents.iter().flatten().copied().map(of_percent).sum();
    let unnamed = percents.iter().filter(|percent| percent.is_none()).count();
    #[expect(clippy::cast_precision_loss, reason = "numbers of siblings are small")]
    let rest = if unnamed == 0 {
        0.0
    } else if named < 1.0 {
        without_noise((1.0 - named) / unnamed as f64)
    } else {
        1.0 / count as f64
    };
    let shares: Vec<f64> = percents
        .iter()
        .map(|percent| percent.map_or(rest, of_percent))
        .collect();
    normalise(&shares)
}

/// The share that a file's percent stands for: 33.3 is 0.333.
pub fn of_percent(percent: f64) -> f64 {
    without_noise(percent / 100.0)
}

/// The decimal number of up to twelve digits that was meant, where arithmetic with
/// binary fractions has missed it: 33.3 / 100 is 0.33299999999999996.
///
/// What is no such number, as a third, stays as it is, so no pixel moves by this.
fn without_noise(share: f64) -> f64 {
    /// Twelve digits; percents in files have up to nine.
    const UNIT: f64 = 1e12;
    /// A few times the distance of neighbouring numbers of this size.
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
/// Sums that are one but for rounding are left alone, so that a share reaches i3
/// as it stands in the file.
pub fn normalise(shares: &[f64]) -> Vec<f64> {
    let sum: f64 = shares.iter().sum();
    if sum <= 0.0 || !sum.is_finite() {
        #[expect(clippy::cast_precision_loss, reason = "numbers of siblings are small")]
        let even = 1.0 / shares.len().max(1) as f64;
        return vec![even; shares.len()];
    }
    if (sum - 1.0).abs() < 1e-9 {
        return shares.to_vec();
    }
    shares.iter().map(|share| share / sum).collect()
}

/// The pixels that i3 gives to siblings of these shares in `total` pixels.
///
/// Rounds each one, then spreads what is left over, one pixel at a time from the
/// first sibling on (i3's `src/render.c`, `precalculate_sizes`).
pub fn pixels(shares: &[f64], total: u32) -> Vec<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "shares are at most one, totals 32 bit"
    )]
    let mut sizes: Vec<i64> = shares
        .iter()
        .map(|share| (share * f64::from(total)).round() as i64)
        .collect();
    let mut left = i64::from(total) - sizes.iter().sum::<i64>();
    // Shares that do not sum to one would keep i3's own loop going; ours ends.
    if sizes.is_empty() || left.unsigned_abs() > sizes.len() as u64 * 2 {
        return sizes;
    }
    let step = left.signum();
    let count = sizes.len();
    let mut position = 0;
    while left != 0 {
        sizes[position % count] += step;
        left -= step;
        position += 1;
    }
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn sums_that_are_off_are_scaled() {
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
