//! Swallow criteria, matched as i3 does.
//!
//! i3 compiles each pattern as PCRE2 with UTF and UCP and searches for it in the property
//! (i3's src/regex.c). A missing property is the empty string (src/match.c).

use serde::Serialize;

use super::criterion::{Criterion, Swallow};
pub use super::pattern::{Pattern, compile};
use crate::live::Properties;
use crate::text::has_raw_bytes;

/// Returns the pattern that matches only this string.
pub fn exact(literal: &str) -> String {
    format!("^{}$", escape(literal))
}

/// The only string that a pattern of [`exact`] matches; `None` for another pattern.
pub fn literal(pattern: &str) -> Option<String> {
    let inside = pattern.strip_prefix('^')?.strip_suffix('$')?;
    let mut literal = String::with_capacity(inside.len());
    let mut characters = inside.chars();
    while let Some(character) = characters.next() {
        literal.push(match character {
            '\\' => characters.next().filter(|next| !next.is_alphanumeric())?,
            other => other,
        });
    }
    (exact(&literal) == pattern).then_some(literal)
}

/// True if a pattern is anchored at both ends, as all patterns of `capture` are.
pub fn is_whole(pattern: &str) -> bool {
    pattern.starts_with('^') && pattern.ends_with('$')
}

/// Escapes the characters that are special in a PCRE, and no others.
pub fn escape(literal: &str) -> String {
    let mut pattern = String::with_capacity(literal.len());
    for character in literal.chars() {
        if r"\^$.[|()?*+{".contains(character) {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

/// The longest property for which PCRE accepts an [`exact`] pattern, in bytes. i3 reads only 512
/// bytes of each property.
const LONGEST: usize = 16 * 1024;

/// True if a criterion can match this property: it is not empty, it is UTF-8, as PCRE requires,
/// and its pattern is not too long.
pub fn is_matchable(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST && !has_raw_bytes(text)
}

/// A [`Swallow`], compiled.
#[derive(Clone, Debug, Default)]
pub struct Matcher(Vec<(Criterion, Pattern)>);

/// A criterion that PCRE refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid regular expression in `{criterion}`: {message}")]
pub struct PatternError {
    /// i3's name of the criterion.
    pub criterion: &'static str,
    /// The message of PCRE.
    pub message: String,
}

/// A criterion that a window does not match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Misfit {
    /// i3's name of the criterion.
    pub criterion: &'static str,
    /// The pattern.
    pub pattern: String,
    /// The property of the window.
    pub window: String,
}

impl Matcher {
    /// Compiles all criteria.
    pub fn new(swallow: &Swallow) -> Result<Self, PatternError> {
        let mut compiled = Vec::new();
        for criterion in Criterion::ALL {
            if let Some(pattern) = criterion.pattern(swallow) {
                let regex = compile(pattern).map_err(|message| PatternError {
                    criterion: criterion.as_str(),
                    message,
                })?;
                compiled.push((criterion, regex));
            }
        }
        Ok(Self(compiled))
    }

    /// The criteria of a slot, compiled; `None` without criteria. The patterns of a layout that was
    /// read are valid.
    pub fn of_slot(swallow: &Swallow) -> Option<Self> {
        Self::new(swallow).ok().filter(|_| !swallow.is_empty())
    }

    /// True if i3 would swallow a window with these properties. As in i3, an empty list of
    /// criteria matches nothing.
    pub fn matches(&self, properties: &Properties) -> bool {
        let mut criteria = self.0.iter();
        !self.0.is_empty()
            && criteria.all(|(criterion, pattern)| {
                is_found(pattern, criterion.of(properties).unwrap_or_default())
            })
    }

    /// The properties on which the answer of [`Matcher::matches`] depends, in the order of the
    /// criteria.
    pub fn relevant<'p>(&self, properties: &'p Properties) -> Vec<&'p str> {
        let criteria = self.0.iter();
        criteria
            .map(|(criterion, _)| criterion.of(properties).unwrap_or_default())
            .collect()
    }

    /// The first criterion that these properties do not match.
    pub fn first_misfit(&self, properties: &Properties) -> Option<Criterion> {
        let mut criteria = self.0.iter();
        criteria.find_map(|(criterion, pattern)| {
            let is_met = is_found(pattern, criterion.of(properties).unwrap_or_default());
            (!is_met).then_some(*criterion)
        })
    }

    /// The criteria that a window with these properties will never match. The title is not
    /// among them, as it changes, nor are missing properties, which may still be set.
    pub fn misfits(&self, properties: &Properties) -> Vec<Misfit> {
        let lasting = self
            .0
            .iter()
            .filter(|(criterion, _)| *criterion != Criterion::Title);
        lasting
            .filter_map(|(criterion, pattern)| {
                let window = criterion.of(properties)?;
                (!window.is_empty() && !is_found(pattern, window)).then(|| Misfit {
                    criterion: criterion.as_str(),
                    pattern: pattern.as_str().to_owned(),
                    window: window.to_owned(),
                })
            })
            .collect()
    }
}

/// True if the pattern is found. If matching exceeds PCRE's limits (too much backtracking), it is
/// not. Neither is any pattern, not even `.*`, in a string that is not UTF-8, because PCRE rejects
/// it.
fn is_found(pattern: &Pattern, text: &str) -> bool {
    !has_raw_bytes(text) && pattern.is_match(text.as_bytes()).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code() -> Properties {
        Properties {
            class: Some("Code".to_owned()),
            instance: Some("code".to_owned()),
            title: Some("größe.rs - Code".to_owned()),
            ..Properties::default()
        }
    }

    proptest! {
        #[test]
        fn literal_is_the_inverse_of_exact(text in "\\PC{0,20}") {
            prop_assert_eq!(literal(&exact(&text)), Some(text));
        }
    }

    #[test]
    fn other_patterns_have_no_literal() {
        for pattern in [
            "Code",
            "^Code",
            "^Co+de$",
            "^a\\d$",
            "^a|b$",
            "^[Cc]ode$",
            "^a\\",
            "",
        ] {
            assert_eq!(literal(pattern), None, "{pattern}");
        }
    }

    fn swallow(class: &str, title: &str) -> Swallow {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Swallow {
            class: some(class),
            title: some(title),
            ..Swallow::default()
        }
    }

    #[test]
    fn criteria_match_as_in_i3() {
        for (class, title, expected) in [
            ("^Code$", "", true),
            ("^code$", "", false),
            ("(?i)^code$", "", true),
            ("od", "", true),
            ("^Code$", "^Firefox", false),
            ("", r"^\w+\.rs", true),
            ("^Code(?!-insiders)", "", true),
            ("^(Code|Emacs)$", "", true),
            ("", "", false),
        ] {
            let matcher = Matcher::new(&swallow(class, title));
            assert_eq!(
                matcher.map(|matcher| matcher.matches(&code())).ok(),
                Some(expected),
                "{class} {title}"
            );
        }
    }

    #[test]
    fn misfits_are_criteria_that_the_window_can_never_match() {
        for (class, title, expected) in [
            ("^Code$", "^Firefox", vec![]),
            ("^code$", "", vec![("class", "^code$", "Code")]),
            ("^code$", "^Firefox", vec![("class", "^code$", "Code")]),
        ] {
            let found = Matcher::new(&swallow(class, title)).map(|one| one.misfits(&code()));
            let found = found.unwrap_or_default();
            let found: Vec<_> = found
                .iter()
                .map(|one| (one.criterion, one.pattern.as_str(), one.window.as_str()))
                .collect();
            assert_eq!(found, expected, "{class} {title}");
        }
        let silent = Properties::default();
        let late = Matcher::new(&swallow("^Code$", "")).map(|one| one.misfits(&silent));
        assert_eq!(late, Ok(vec![]));
    }

    #[test]
    fn a_missing_property_is_an_empty_string() {
        let matcher = Matcher::new(&swallow(".*", ""));
        assert!(matcher.is_ok_and(|matcher| matcher.matches(&Properties::default())));
    }

    #[test]
    fn properties_have_patterns_unless_they_are_too_long() {
        for letter in ["a", "$", "\u{10fff0}"] {
            let long = letter.repeat(LONGEST / letter.len());
            assert!(is_matchable(&long) && compile(&exact(&long)).is_ok());
            assert!(!is_matchable(&format!("{long}{letter}")));
        }
        assert!(!is_matchable(""));
    }

    #[test]
    fn literals_are_escaped_only_where_necessary() {
        assert_eq!(exact("Code"), "^Code$");
        assert_eq!(exact("org.gnome.Nautilus"), r"^org\.gnome\.Nautilus$");
        assert_eq!(exact("a-b_c #1]}"), "^a-b_c #1]}$");
        assert_eq!(exact("C++ (x)"), r"^C\+\+ \(x\)$");
    }

    proptest! {
        #[test]
        fn an_exact_pattern_matches_only_its_literal(
            literal in r"([\\^$.\[\]|()?*+{},#0-9 -]|\PC)*", other in r"\PC*",
        ) {
            let matcher = Matcher::new(&swallow(&exact(&literal), ""))
                .map_err(|error| TestCaseError::fail(error.to_string()))?;
            let named = |class: &str| Properties { class: Some(class.to_owned()), ..Properties::default() };
            prop_assert!(matcher.matches(&named(&literal)));
            prop_assert_eq!(matcher.matches(&named(&other)), literal == other);
        }
    }
}
