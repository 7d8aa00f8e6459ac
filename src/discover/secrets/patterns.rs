//! Secrets that are recognized by their form.

use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use memchr::memchr2_iter;
use pcre2::bytes::{Captures, Regex, RegexBuilder};

use super::data::{self, Check, DATA, Token};
use super::secret::Secret;
use super::words::{Announces, announces, announces_in_query, is_random, is_uuid, is_value};
use crate::layout::criteria;

/// The patterns of the data file. A test makes sure that all patterns here are valid.
static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let all = DATA.patterns.iter();
    let regex = OnceLock::new;
    all.map(|data| Pattern {
        data,
        regex: regex(),
    })
    .collect()
});

/// A pattern of the data file, which is compiled if a string contains its part: most strings contain
/// none of them.
struct Pattern {
    data: &'static data::Pattern,
    regex: OnceLock<Option<Regex>>,
}

impl Pattern {
    fn regex(&self) -> Option<&Regex> {
        let compile = || compile(&self.data.regex);
        self.regex.get_or_init(compile).as_ref()
    }

    /// True if the string may match.
    fn may_match(&self, text: &str) -> bool {
        let (text, part) = (text.as_bytes(), self.data.contains.as_bytes());
        let Some(first) = part.first() else {
            return true;
        };
        let cases = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
        memchr2_iter(cases.0, cases.1, text).any(|at| {
            let found = text.get(at..at + part.len());
            found.is_some_and(|found| found.eq_ignore_ascii_case(part))
        })
    }
}

/// The beginnings of all tokens and secret addresses, and those of the tokens among the patterns.
static BEGINNINGS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let tokens = DATA.tokens.iter().flat_map(Token::prefixes);
    let others = ["eyJ", "key-"].map(str::to_owned);
    let all = tokens.chain(&DATA.addresses).chain(&others);
    // The other kinds take several times as long to build, and strings are short.
    let kind = Some(AhoCorasickKind::NoncontiguousNFA);
    AhoCorasick::builder().kind(kind).build(all).ok()
});

/// True if a token or a secret address may begin in the string.
pub(super) fn may_have_token(text: &str) -> bool {
    BEGINNINGS.as_ref().is_none_or(|all| all.is_match(text))
}

/// All tokens and secret addresses.
static TOKENS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let addresses = DATA.addresses.iter().map(|address| {
        let rest = r#"(?!\$\{env:)([^\s"'?#]{20,})"#;
        format!("{}{rest}", criteria::escape(address))
    });
    let tokens = DATA.tokens.iter().flat_map(Token::regexes);
    let all: Vec<String> = tokens.chain(addresses).collect();
    compile(&format!("(?|{})", all.join("|")))
});

/// `key=value` and `key: value`: a `?` or `&` before the key (1), the key (2), and the value
/// without quotes, up to a space, a quote or the next part of a query (3). Values may overlap, so
/// the value is not part of the match. `https://`, `std::x` and `==` have no value.
static ASSIGNMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compile(concat!(
        r"(?:(?<=([?&]))(?=[\w.-]+=)|(?<![\w.-]))-*([\w.][\w.-]*)",
        r#"["']?(?|=(?!=|//)(?=(?|"([^"]*)|'([^']*)|([^\s&;"']*)))"#,
        r#"|:(?!:|//)\ *(?=(?|"([^"]*)|'([^']*)|([^\s&;"',}]*))))"#,
    ))
});

/// A word, as a shell splits a string: quotes around a word and operators after it are not part of
/// it. `it's` and `"a"b` are not quoted words.
static WORD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compile(concat!(
        r#"(?|"([^"]*)"(?=[\s;|&)]|\z)|'([^']*)'(?=[\s;|&)]|\z)"#,
        r"|(?=\S)(\S*?)[;|&)]*(?=\s|\z))",
    ))
});

fn compile(pattern: &str) -> Option<Regex> {
    let mut builder = RegexBuilder::new();
    builder.jit_if_available(true).build(pattern).ok()
}

/// Finds the secrets in a string. Of two secrets in the same place, the first determines the name,
/// and an assignment names it better than a token.
pub(super) fn find(text: &str, found: &mut Vec<Secret>) {
    for pattern in PATTERNS.iter().filter(|pattern| pattern.may_match(text)) {
        let key = pattern.data.key.as_str();
        let ranges = pattern
            .regex()
            .into_iter()
            .flat_map(|regex| matches(regex, text));
        let ranges = ranges.filter(|range| {
            let secret = text.get(range.clone()).unwrap_or_default();
            match pattern.data.check {
                None => true,
                Some(Check::Value) => is_value(key, Announces::Secret, secret, true),
                Some(Check::Random) => is_random(secret) && !is_uuid(secret),
            }
        });
        found.extend(ranges.map(|range| Secret::new(range, key)));
    }
    if text.contains(['=', ':']) {
        assignments(text, found);
    }
    if may_have_token(text) {
        let tokens = TOKENS.iter().flat_map(|regex| matches(regex, text));
        found.extend(tokens.map(|range| Secret::new(range, "token")));
    }
}

fn assignments(text: &str, found: &mut Vec<Secret>) {
    let captures = ASSIGNMENT
        .iter()
        .flat_map(|regex| regex.captures_iter(text.as_bytes()));
    for captures in captures.map_while(Result::ok) {
        let group = |index| captures.get(index).map(|group| group.start()..group.end());
        let (Some(key), Some(range)) = (group(2), group(3)) else {
            continue;
        };
        let key = text.get(key).unwrap_or_default();
        let announces = match group(1) {
            Some(_) => announces_in_query(key),
            None => announces(key),
        };
        let value = text.get(range.clone()).unwrap_or_default();
        if is_place(value) && text[..range.start].ends_with(':') {
            continue;
        }
        if announces.is_some_and(|announces| is_value(key, announces, value, true)) {
            found.push(Secret::new(range, key));
        }
    }
}

/// True for the end of `FILE:LINE:COLUMN`, as in a message of a compiler.
fn is_place(value: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let value = value.strip_suffix(':').unwrap_or(value);
    value
        .split_once(':')
        .is_some_and(|(line, column)| is_number(line) && is_number(column))
}

/// Splits a string into words.
pub(super) fn words(text: &str) -> Vec<Range<usize>> {
    let captures = WORD
        .iter()
        .flat_map(|regex| regex.captures_iter(text.as_bytes()));
    let words = captures.map_while(Result::ok);
    words.filter_map(|captures| secret(&captures)).collect()
}

/// Returns the first group of each match, or the match if the pattern has no group. If the pattern
/// exceeds its limits, the rest of the string could be a secret.
pub(super) fn matches<'a>(regex: &'a Regex, text: &'a str) -> impl Iterator<Item = Range<usize>> {
    let mut end = Some(0);
    let captures = regex.captures_iter(text.as_bytes());
    let ranges = captures.map_while(move |found| {
        let begin = end?;
        let Ok(captures) = found else {
            end = None;
            return Some(Some(begin..text.len()));
        };
        end = captures.get(0).map(|all| all.end());
        Some(secret(&captures))
    });
    ranges.flatten()
}

/// The first group of a match, or the match if the pattern has no group.
fn secret(captures: &Captures<'_>) -> Option<Range<usize>> {
    let group = captures.get(1).or_else(|| captures.get(0))?;
    Some(group.start()..group.end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_patterns_are_valid() {
        for pattern in PATTERNS.iter() {
            assert!(pattern.regex().is_some());
            let text = pattern.data.regex.replace('\\', "").to_lowercase();
            let part = pattern.data.contains.to_lowercase();
            assert!(!part.is_empty() && text.contains(&part), "{part}");
        }
        assert!(ASSIGNMENT.is_some() && TOKENS.is_some() && WORD.is_some());
    }
}
