//! Secrets that are recognized by their form.

use std::ops::Range;
use std::sync::LazyLock;

use pcre2::bytes::{Captures, Regex, RegexBuilder};

use super::data::{Check, DATA, Token};
use super::secret::Secret;
use super::words::{Announces, announces, announces_in_query, is_random, is_uuid, is_value};
use crate::layout::criteria;

/// The patterns of the data file with the names of their secrets and further conditions. A test
/// makes sure that all patterns here are valid.
static PATTERNS: LazyLock<Vec<(Regex, &str, Option<Check>)>> = LazyLock::new(|| {
    let patterns = DATA.patterns.iter().filter_map(|data| {
        let regex = compile(&data.regex)?;
        Some((regex, data.key.as_str(), data.check))
    });
    patterns.collect()
});

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
    for (regex, key, check) in PATTERNS.iter() {
        let ranges = matches(regex, text).filter(|range| {
            let secret = text.get(range.clone()).unwrap_or_default();
            match check {
                None => true,
                Some(Check::Value) => is_value(key, Announces::Secret, secret, true),
                Some(Check::Random) => is_random(secret) && !is_uuid(secret),
            }
        });
        found.extend(ranges.map(|range| Secret::new(range, key)));
    }
    assignments(text, found);
    let tokens = TOKENS.iter().flat_map(|regex| matches(regex, text));
    found.extend(tokens.map(|range| Secret::new(range, "token")));
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
        assert_eq!(PATTERNS.len(), DATA.patterns.len());
        assert!(ASSIGNMENT.is_some() && TOKENS.is_some() && WORD.is_some());
    }
}
