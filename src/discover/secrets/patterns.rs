//! Secrets that are recognized by their form.
//!
//! The formats of tokens are those that the services document for secret scanners.

use std::ops::Range;
use std::sync::LazyLock;

use pcre2::bytes::{Regex, RegexBuilder};

use super::data::{DATA, Token};
use super::secret::Secret;
use super::words::{Announces, announces, announces_in_query, is_random, is_uuid, is_value};
use crate::layout::criteria;

/// A pattern whose first group is a secret if it passes the check.
struct Pattern {
    key: &'static str,
    regex: Regex,
    check: fn(&str) -> bool,
}

/// The patterns; a test makes sure that all of them are valid.
static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let pattern = |(key, regex, check): Source| {
        let regex = compile(&regex)?;
        Some(Pattern { key, regex, check })
    };
    sources().into_iter().filter_map(pattern).collect()
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

type Source = (&'static str, String, fn(&str) -> bool);

fn compile(pattern: &str) -> Option<Regex> {
    let mut builder = RegexBuilder::new();
    builder.jit_if_available(true).build(pattern).ok()
}

fn sources() -> Vec<Source> {
    let always = |_: &str| true;
    let is_token = |text: &str| is_value("token", Announces::Secret, text, true);
    let is_cookie = |text: &str| is_value("cookie", Announces::Secret, text, true);
    let is_password = |text: &str| is_value("password", Announces::Secret, text, true);
    let is_random = |text: &str| is_random(text) && !is_uuid(text);
    let addresses: Vec<String> = DATA
        .addresses
        .iter()
        .map(|text| criteria::escape(text))
        .collect();
    let addresses = format!(
        r#"(?:{})(?!\$\{{env:)([^\s"'?#]{{20,}})"#,
        addresses.join("|")
    );
    let sources: [(_, _, fn(&str) -> bool); 10] = [
        // To the end of the key, or of the string.
        (
            "private-key",
            r"(?s)(-----BEGIN .{0,28}?PRIVATE KEY(?:.*?PRIVATE KEY.*?-----|.*))",
            always,
        ),
        // `Authorization: SCHEME …` and `Cookie: …`, to the end of the header.
        (
            "token",
            r#"(?i)authorization["']?:[ "']*(?>(?:[a-z0-9-]+ +)?)([^"'\r\n]{4,})"#,
            is_token,
        ),
        (
            "cookie",
            r#"(?i)cookie["']?:[ "']*([^"'\r\n]{4,})"#,
            is_cookie,
        ),
        // `scheme://user:password@host` and `scheme://token@host`.
        ("password", r#"://[^\s/?#"':]*:([^\s/?#"']*)@"#, is_password),
        ("token", r#"://([^\s/?#"':]*)@"#, is_random),
        // `Bearer …` and `Basic …` outside of a header. Words of prose are shorter.
        (
            "token",
            r#"(?i)(?<![^\s"'])bearer\s+["']?(?=[^\s"',]*\d|[^\s"',]{20})([^\s"',;|&)]{8,})"#,
            is_token,
        ),
        (
            "token",
            r#"(?i)(?<![^\s"'])basic\s+["']?([^\s"',;|&)]{7,}=)"#,
            is_token,
        ),
        // A Telegram bot.
        (
            "token",
            r"(?<!\d)(\d{8,10}:AA[\w-]{31,35})(?![\w-])",
            always,
        ),
        // A JSON web token (RFC 7519): the first part is a JSON object in base64. A signed token
        // has three parts, an encrypted token five. Without a signature, the last part is empty.
        (
            "token",
            concat!(
                r"(?<![A-Za-z0-9])(?=[\w.-]{20})(eyJ[\w-]*\.(?:[\w-]{4,}\.[\w-]*",
                r"|[\w-]*\.[\w-]*\.[\w-]{4,}\.[\w-]{4,}))(?![\w.-])",
            ),
            always,
        ),
        // The end of a secret address.
        ("token", addresses.as_str(), always),
    ];
    let sources = sources
        .into_iter()
        .map(|(key, regex, check)| (key, regex.to_owned(), check));
    let tokens = DATA.tokens.iter().flat_map(Token::regexes);
    let tokens = tokens.map(|regex| ("token", regex, always as fn(&str) -> bool));
    sources.chain(tokens).collect()
}

/// Finds the secrets in a string.
pub(super) fn find(text: &str, found: &mut Vec<Secret>) {
    for Pattern { key, regex, check } in PATTERNS.iter() {
        let ranges = matches(regex, text);
        let secrets = ranges.filter(|range| text.get(range.clone()).is_some_and(check));
        found.extend(secrets.map(|range| Secret::new(range, key)));
    }
    let assignments = ASSIGNMENT.iter();
    for captures in assignments
        .flat_map(|regex| regex.captures_iter(text.as_bytes()))
        .map_while(Result::ok)
    {
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
        if announces.is_some_and(|announces| is_value(key, announces, value, true)) {
            found.push(Secret::new(range, key));
        }
    }
}

/// Returns the first group of each match, or the match if the pattern has no group. A pattern that
/// exceeds its limits has no more matches.
pub(super) fn matches<'a>(regex: &'a Regex, text: &'a str) -> impl Iterator<Item = Range<usize>> {
    let captures = regex.captures_iter(text.as_bytes()).map_while(Result::ok);
    captures.filter_map(|captures| {
        let group = captures.get(1).or_else(|| captures.get(0))?;
        Some(group.start()..group.end())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_patterns_are_valid() {
        assert_eq!(PATTERNS.len(), sources().len());
        assert!(ASSIGNMENT.is_some());
    }
}
