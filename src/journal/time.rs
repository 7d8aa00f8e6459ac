//! Times of runs, and the ids of runs made of them.

use std::cmp::Ordering;
use std::fmt;
use std::time::Duration;

/// The id of a run: the time in UTC and the process, such as `20261129-211544-4711`. Ids sort by
/// time, and those of the same second by the number of the process. Process ids can start again within
/// a second, so [`Folder::runs`](super::file::Folder::runs) also uses the times of the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunId(String);

/// The letters of the time in an id.
const STAMP: usize = "20261129-211544".len();

impl RunId {
    /// The id of a run that began at this time since 1970.
    pub fn new(at: Duration, pid: u32) -> Self {
        Self(format!("{}-{pid}", stamp(at)))
    }

    /// The id, if the text is one.
    pub fn parse(text: &str) -> Option<Self> {
        let (time, pid) = (text.get(..STAMP)?, text.get(STAMP..)?.strip_prefix('-')?);
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let (day, clock) = time.split_once('-')?;
        let is_valid = day.len() == 8 && [day, clock, pid].into_iter().all(is_number);
        (is_valid && !pid.is_empty()).then(|| Self(text.to_owned()))
    }

    /// True if the run began before this time since 1970, to the second.
    pub fn is_before(&self, at: Duration) -> bool {
        self.0.get(..STAMP) < Some(&stamp(at))
    }

    /// The time to the second, as text.
    pub fn second(&self) -> &str {
        self.0.get(..STAMP).unwrap_or_default()
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Ord for RunId {
    fn cmp(&self, other: &Self) -> Ordering {
        // Of two numbers without leading zeros, the longer one is greater.
        let (time, others) = (self.0.get(..STAMP), other.0.get(..STAMP));
        let order = time.cmp(&others);
        let order = order.then(self.0.len().cmp(&other.0.len()));
        order.then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for RunId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A time since 1970 in UTC, such as `2026-11-29T21:15:44Z`.
pub fn rfc3339(at: Duration) -> String {
    let ([year, month, day], [hour, minute, second]) = civil(at);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

fn stamp(at: Duration) -> String {
    let ([year, month, day], [hour, minute, second]) = civil(at);
    format!("{year:04}{month:02}{day:02}-{hour:02}{minute:02}{second:02}")
}

/// The date and the time of day in UTC.
fn civil(at: Duration) -> ([u64; 3], [u64; 3]) {
    let (days, second) = (at.as_secs() / 86_400, at.as_secs() % 86_400);
    // From the proleptic Gregorian calendar in eras of 400 years that begin in March.
    let shifted = days + 719_468;
    let (era, day) = (shifted / 146_097, shifted % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let date = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + u64::from(month <= 2);
    let clock = [second / 3_600, second / 60 % 60, second % 60];
    ([year, month, date], clock)
}

/// An age such as `2d`: a whole number and `s`, `m`, `h`, `d` or `w`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Age(pub Duration);

impl std::str::FromStr for Age {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let invalid =
            || "expected a whole number and a unit, such as `90m`, `12h` or `2d`".to_owned();
        let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        let unit = match &text[digits.len()..] {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            "w" => 7 * 86_400,
            _ => return Err(invalid()),
        };
        let count: u32 = digits.parse().map_err(|_| invalid())?;
        Ok(Self(Duration::from_secs(u64::from(count) * unit)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_the_same_second_sort_by_the_number_of_the_process() {
        let id = |seconds, pid| RunId::new(Duration::from_secs(seconds), pid);
        assert!(id(1, 999) < id(1, 1000));
        assert!(id(1, 1000) < id(1, 1001));
        assert!(id(1, 1000) < id(2, 999));
    }

    #[test]
    fn times_are_written_in_utc() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_709_251_200, "2024-03-01T00:00:00Z"),
            (1_795_987_744, "2026-11-29T21:29:04Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(rfc3339(Duration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn ids_are_read_and_sort_by_time() {
        let at = Duration::from_secs(1_795_987_744);
        let id = RunId::new(at, 4711);
        assert_eq!(id.as_str(), "20261129-212904-4711");
        assert_eq!(RunId::parse(id.as_str()), Some(id.clone()));
        assert!(id.is_before(at + Duration::from_secs(1)));
        assert!(!id.is_before(at));
        for text in [
            "",
            "last",
            "20261129-212904",
            "20261129-212904-",
            "2026x129-212904-1",
            "é",
        ] {
            assert_eq!(RunId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn ages_have_a_unit() {
        for (text, seconds) in [
            ("90s", 90),
            ("2m", 120),
            ("1h", 3_600),
            ("2d", 172_800),
            ("1w", 604_800),
        ] {
            assert_eq!(text.parse(), Ok(Age(Duration::from_secs(seconds))));
        }
        for text in ["", "2", "d", "-1d", "1.5h", "2 d", "2é", "99999999999d"] {
            assert!(text.parse::<Age>().is_err(), "{text}");
        }
    }
}
