//! Ranges of numbers: checked when a file is read, and part of its schema.

use std::fmt;

use serde_json::{Map, Value, json};

/// The numbers that a key takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    low: Bound,
    high: Option<Bound>,
    unit: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Bound {
    Included(i32),
    Excluded(i32),
}

impl Range {
    /// `low` and all larger numbers.
    pub const fn from(low: i32) -> Self {
        Self {
            low: Bound::Included(low),
            high: None,
            unit: "",
        }
    }

    /// All numbers larger than `low`.
    pub const fn above(low: i32) -> Self {
        Self {
            low: Bound::Excluded(low),
            ..Self::from(low)
        }
    }

    /// The same up to `high`, which is in the range.
    #[must_use]
    pub const fn to(self, high: i32) -> Self {
        Self {
            high: Some(Bound::Included(high)),
            ..self
        }
    }

    /// The same up to `high`, which is not in the range.
    #[must_use]
    pub const fn below(self, high: i32) -> Self {
        Self {
            high: Some(Bound::Excluded(high)),
            ..self
        }
    }

    /// The same with a unit for messages, such as ` pixels`.
    #[must_use]
    pub const fn unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    /// True if `number` is in the range; NaN is in none.
    pub fn contains(&self, number: f64) -> bool {
        let is_above = match self.low {
            Bound::Included(low) => number >= f64::from(low),
            Bound::Excluded(low) => number > f64::from(low),
        };
        let is_below = match self.high {
            Some(Bound::Included(high)) => number <= f64::from(high),
            Some(Bound::Excluded(high)) => number < f64::from(high),
            None => !number.is_nan(),
        };
        is_above && is_below
    }

    /// Adds the range to the JSON Schema of a number.
    pub fn add_to_schema(&self, schema: &mut Map<String, Value>) {
        let (key, low) = match self.low {
            Bound::Included(low) => ("minimum", low),
            Bound::Excluded(low) => ("exclusiveMinimum", low),
        };
        schema.insert(key.to_owned(), json!(low));
        let (key, high) = match self.high {
            Some(Bound::Included(high)) => ("maximum", high),
            Some(Bound::Excluded(high)) => ("exclusiveMaximum", high),
            None => return,
        };
        schema.insert(key.to_owned(), json!(high));
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.low, self.high) {
            (Bound::Included(low), None) => write!(f, "{low} or more")?,
            (Bound::Included(low), Some(_)) => write!(f, "at least {low}")?,
            (Bound::Excluded(low), _) => write!(f, "more than {low}")?,
        }
        match self.high {
            Some(Bound::Included(high)) => write!(f, " and at most {high}")?,
            Some(Bound::Excluded(high)) => write!(f, " and less than {high}")?,
            None => {}
        }
        f.write_str(self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_in_the_range_or_not() {
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
