//! Swallow criteria: written as a person would, matched as i3 does.
//!
//! i3 compiles each pattern as PCRE2 with UTF and UCP and searches it in the
//! property (i3's src/regex.c); a property that a window does not have is the empty
//! text (src/match.c).

use pcre2::bytes::{Regex, RegexBuilder};
use serde::Serialize;

use super::model::Swallow;
use crate::live::Properties;
use crate::text::has_raw_bytes;

/// The pattern that matches this text and nothing else.
pub fn exact(literal: &str) -> String {
    format!("^{}$", escape(literal))
}

/// Whether a pattern is for a whole text, as capture writes them all.
pub fn is_whole(pattern: &str) -> bool {
    pattern.starts_with('^') && pattern.ends_with('$')
}

/// Escapes what has a meaning in a PCRE, and nothing else.
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

/// True if a criterion can identify a window by this property: it is not empty, and it
/// is UTF-8, which PCRE insists on.
pub fn is_matchable(text: &str) -> bool {
    !text.is_empty() && !has_raw_bytes(text)
}

/// Compiles a pattern as i3 does; the error is PCRE's own sentence.
pub fn compile(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new()
        .utf(true)
        .ucp(true)
        .build(pattern)
        .map_err(|error| {
            let text = error.to_string();
            // "PCRE2: error compiling pattern at offset 5: missing closing parenthesis"
            match (error.offset(), text.rsplit_once(": ")) {
                (Some(offset), Some((_, reason))) if offset < pattern.len() => {
                    let head = pattern.get(..offset).unwrap_or(pattern);
                    format!("{reason}, after `{head}`")
                }
                (Some(_), Some((_, reason))) => reason.to_owned(),
                _ => text,
            }
        })
}

/// A [`Swallow`], compiled.
#[derive(Clone, Debug, Default)]
pub struct Matcher {
    class: Option<Regex>,
    instance: Option<Regex>,
    title: Option<Regex>,
    window_role: Option<Regex>,
    machine: Option<Regex>,
}

/// A criterion that PCRE refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid regular expression in `{criterion}`: {message}")]
pub struct PatternError {
    /// i3's name of the criterion.
    pub criterion: &'static str,
    /// What PCRE says.
    pub message: String,
}

/// What a window says of itself, and a criterion that it does not fulfil.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Misfit {
    /// i3's name of the criterion.
    pub criterion: &'static str,
    /// The pattern.
    pub pattern: String,
    /// What the window has.
    pub window: String,
}

/// A criterion's name, its pattern, and the property of a window that it is about.
type Pair<'a> = (&'static str, Option<&'a Regex>, Option<&'a str>);

impl Matcher {
    /// Compiles all criteria.
    pub fn new(swallow: &Swallow) -> Result<Self, PatternError> {
        let one = |criterion, pattern: &Option<String>| {
            pattern
                .as_deref()
                .map(compile)
                .transpose()
                .map_err(|message| PatternError { criterion, message })
        };
        Ok(Self {
            class: one("class", &swallow.class)?,
            instance: one("instance", &swallow.instance)?,
            title: one("title", &swallow.title)?,
            window_role: one("window_role", &swallow.window_role)?,
            machine: one("machine", &swallow.machine)?,
        })
    }

    /// Whether i3 would take a window with these properties. No criterion at all
    /// matches nothing, as in i3.
    pub fn matches(&self, properties: &Properties) -> bool {
        let mut any = false;
        let all = self
            .pairs(properties)
            .into_iter()
            .all(|(_, pattern, text)| {
                pattern.is_none_or(|pattern| {
                    any = true;
                    is_found(pattern, text.unwrap_or_default())
                })
            });
        all && any
    }

    /// The criteria that a window with these properties is never going to fulfil: not the
    /// title, which changes, and not what it has not said, which may come late.
    pub fn misfits(&self, properties: &Properties) -> Vec<Misfit> {
        let pairs = self.pairs(properties).into_iter();
        pairs
            .filter(|(criterion, ..)| *criterion != "title")
            .filter_map(|(criterion, pattern, text)| Some((criterion, pattern?, text?)))
            .filter(|(_, pattern, text)| !text.is_empty() && !is_found(pattern, text))
            .map(|(criterion, pattern, text)| Misfit {
                criterion,
                pattern: pattern.as_str().to_owned(),
                window: text.to_owned(),
            })
            .collect()
    }

    fn pairs<'a>(&'a self, properties: &'a Properties) -> [Pair<'a>; 5] {
        let pair = |name, pattern: &'a Option<Regex>, property: &'a Option<String>| {
            (name, pattern.as_ref(), property.as_deref())
        };
        [
            pair("class", &self.class, &properties.class),
            pair("instance", &self.instance, &properties.instance),
            pair("title", &self.title, &properties.title),
            pair("window_role", &self.window_role, &properties.window_role),
            pair("machine", &self.machine, &properties.machine),
        ]
    }
}

/// Whether the pattern is found; one that gives up (too much backtracking) is not. A
/// text that is not UTF-8 matches no pattern, not even `.*`: PCRE refuses it.
fn is_found(pattern: &Regex, text: &str) -> bool {
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
    fn misfits_are_what_no_later_title_or_class_can_mend() {
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
    fn a_missing_property_is_the_empty_text() {
        let matcher = Matcher::new(&swallow(".*", ""));
        assert!(matcher.is_ok_and(|matcher| matcher.matches(&Properties::default())));
    }

    #[test]
    fn literals_are_escaped_no_more_than_needed() {
        assert_eq!(exact("Code"), "^Code$");
        assert_eq!(exact("org.gnome.Nautilus"), r"^org\.gnome\.Nautilus$");
        assert_eq!(exact("a-b_c #1]}"), "^a-b_c #1]}$");
        assert_eq!(exact("C++ (x)"), r"^C\+\+ \(x\)$");
    }

    #[test]
    fn a_broken_pattern_says_where() {
        let error = compile("^(Code|").err().unwrap_or_default();
        assert!(error.contains("parenthesis"), "{error}");
        let error = compile("a**b(c").err().unwrap_or_default();
        assert!(!error.is_empty());
    }

    proptest! {
        #[test]
        fn an_exact_pattern_matches_its_literal_only(
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
