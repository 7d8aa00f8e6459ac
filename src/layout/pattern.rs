//! Regular expressions of files, with bounded time and memory.

use std::ops::Deref;

use pcre2::bytes::{Regex, RegexBuilder};

/// The limits of each search: a number of steps, a tenth of i3's limit, and KiB of memory
/// (pcre2pattern(3), "Setting match and backtracking depth limits"). Patterns with nested
/// repetitions, such as `(a+)+$`, would need seconds and gigabytes.
const LIMITS: &str = "(*LIMIT_MATCH=1000000)(*LIMIT_HEAP=65536)";

/// A regular expression. A search that exceeds the limits is an error.
#[derive(Clone, Debug)]
pub struct Pattern(Regex);

impl Pattern {
    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        let text = self.0.as_str();
        text.strip_prefix(LIMITS).unwrap_or(text)
    }
}

impl Deref for Pattern {
    type Target = Regex;

    fn deref(&self) -> &Regex {
        &self.0
    }
}

/// Compiles a pattern as i3 does. The error is PCRE's own message.
pub fn compile(pattern: &str) -> Result<Pattern, String> {
    let regex = RegexBuilder::new()
        .utf(true)
        .ucp(true)
        .build(&format!("{LIMITS}{pattern}"));
    regex.map(Pattern).map_err(|error| {
        let text = error.to_string();
        let offset = error
            .offset()
            .map(|offset| offset.saturating_sub(LIMITS.len()));
        // "PCRE2: error compiling pattern at offset 5: missing closing parenthesis"
        match (offset, text.rsplit_once(": ")) {
            (Some(offset), Some((_, reason))) if offset < pattern.len() => {
                let head = pattern.get(..offset).unwrap_or(pattern);
                format!("{reason}, after `{head}`")
            }
            (Some(_), Some((_, reason))) => reason.to_owned(),
            _ => text,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_pattern_reports_the_position() {
        let error = compile("^(Code|").err().unwrap_or_default();
        assert!(error.contains("parenthesis"), "{error}");
        let error = compile("a**b(c").err().unwrap_or_default();
        assert!(!error.is_empty());
        let error = compile("ab[z-a]cd").err().unwrap_or_default();
        assert!(error.ends_with(", after `ab[z-`"), "{error}");
    }

    #[test]
    fn limits_are_not_part_of_the_text() {
        for text in ["", "^a$", "(*UTF)a"] {
            assert_eq!(compile(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn a_search_ends_at_the_limits() {
        let text = format!("{}b", "a".repeat(5_000));
        for pattern in ["^(a+)+$", "(?:a|a)*$", "(*LIMIT_MATCH=4000000000)^(a+)+$"] {
            let pattern = compile(pattern).unwrap();
            let error = pattern.is_match(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains("limit exceeded"), "{error}");
        }
        assert!(compile("^.*b$").unwrap().is_match(text.as_bytes()).unwrap());
    }
}
