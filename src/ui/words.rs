//! Small words that have to agree with each other.

use std::fmt;
use std::time::Duration;

/// A number of things: `1 window`, `3 windows`.
#[derive(Clone, Copy, Debug)]
pub struct Count(pub usize, pub &'static str);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0 == 1 { "" } else { "s" };
        write!(f, "{} {}{plural}", self.0, self.1)
    }
}

/// How long something took: `8 ms`, `1.2 s`.
#[derive(Clone, Copy, Debug)]
pub struct Took(pub Duration);

impl fmt::Display for Took {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < Duration::from_millis(100) {
            write!(f, "{} ms", self.0.as_millis().max(1))
        } else {
            write!(f, "{:.1} s", self.0.as_secs_f64())
        }
    }
}

/// A name as messages show it; what a terminal would obey is replaced.
pub fn clean(text: &str) -> String {
    text.chars()
        .map(|letter| {
            if letter.is_control() {
                '\u{fffd}'
            } else {
                letter
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_agree() {
        assert_eq!(Count(1, "window").to_string(), "1 window");
        assert_eq!(Count(0, "window").to_string(), "0 windows");
        assert_eq!(Count(2, "window").to_string(), "2 windows");
    }

    #[test]
    fn times_have_as_many_digits_as_matter() {
        for (millis, text) in [(0, "1 ms"), (8, "8 ms"), (100, "0.1 s"), (1234, "1.2 s")] {
            assert_eq!(Took(Duration::from_millis(millis)).to_string(), text);
        }
    }
}
