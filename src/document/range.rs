//! Ranges of numbers, for the reader and the schema.

use std::fmt;
use std::ops::{Bound, RangeBounds as _};

use serde_json::{Map, Value, json};

/// A range of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    low: Bound<i32>,
    high: Bound<i32>,
    unit: &'static str,
}

impl Range {
    /// `low` and all larger numbers.
    pub const fn from(low: i32) -> Self {
        Self {
            low: Bound::Included(low),
            high: Bound::Unbounded,
            unit: "",
        }
    }

    /// All numbers greater than `low`.
    pub const fn above(low: i32) -> Self {
        Self {
            low: Bound::Excluded(low),
            ..Self::from(low)
        }
    }

    /// Ends the range with `high`.
    #[must_use]
    pub const fn to(self, high: i32) -> Self {
        Self {
            high: Bound::Included(high),
            ..self
        }
    }

    /// Ends the range before `high`.
    #[must_use]
    pub const fn below(self, high: i32) -> Self {
        Self {
            high: Bound::Excluded(high),
            ..self
        }
    }

    /// Adds a unit for messages, such as ` pixels`.
    #[must_use]
    pub const fn unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    /// True if `number` is in the range. NaN is in no range.
    pub fn contains(&self, number: f64) -> bool {
        (self.low.map(f64::from), self.high.map(f64::from)).contains(&number)
    }

    /// Adds the range to the JSON Schema of a number.
    pub fn add_to_schema(&self, schema: &mut Map<String, Value>) {
        for (bound, included, excluded) in [
            (self.low, "minimum", "exclusiveMinimum"),
            (self.high, "maximum", "exclusiveMaximum"),
        ] {
            let (key, number) = match bound {
                Bound::Included(number) => (included, number),
                Bound::Excluded(number) => (excluded, number),
                Bound::Unbounded => continue,
            };
            schema.insert(key.to_owned(), json!(number));
        }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.low, self.high) {
            (Bound::Included(low), Bound::Unbounded) => write!(f, "{low} or more")?,
            (Bound::Included(low), _) => write!(f, "at least {low}")?,
            (Bound::Excluded(low), _) => write!(f, "more than {low}")?,
            (Bound::Unbounded, _) => {}
        }
        match self.high {
            Bound::Included(high) => write!(f, " and at most {high}")?,
            Bound::Excluded(high) => write!(f, " and less than {high}")?,
            Bound::Unbounded => {}
        }
        f.write_str(self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_included_or_excluded() {
        for (range, words, inside, outside) in [
            (Range::from(0), "0 or more", [0.0, 1e9], [-0.1, f64::NAN]),
            (
                Range::above(0).to(100),
                "more than 0 and at most 100",
                [0.1, 100.0],
                [0.0, 100.1],
            ),
            (
                Range::from(1).below(9).unit(" seconds"),
                "at least 1 and less than 9 seconds",
                [1.0, 8.9],
                [0.9, 9.0],
            ),
        ] {
            assert_eq!(range.to_string(), words);
            assert!(
                inside.iter().all(|number| range.contains(*number)),
                "{words}"
            );
            assert!(
                !outside.iter().any(|number| range.contains(*number)),
                "{words}"
            );
        }
    }
}
