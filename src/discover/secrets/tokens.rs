//! Secrets that are known by their own shape.
//!
//! The shapes are those that the services document for secret scanners.

use std::ops::Range;

use super::data::DATA;

/// Tokens of well-known services, JSON web tokens, and addresses that are secrets.
pub(super) fn find(text: &str, mut found: impl FnMut(Range<usize>)) {
    let mut start = 0;
    for run in text.split(|character| !is_token_character(character)) {
        for offset in beginnings(run) {
            let rest = run.get(offset..).unwrap_or_default();
            if let Some(length) = token(rest) {
                let end = start + offset + length;
                found(start + offset..end);
                if is_access_key(rest) {
                    secret_after(text, end, &mut found);
                }
                break;
            }
        }
        start += run.len();
        start += text
            .get(start..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8);
    }
    for address in &DATA.addresses {
        for (at, _) in text.match_indices(address.as_str()) {
            let from = at + address.len();
            let rest = text.get(from..).unwrap_or_default();
            let end = rest
                .find(|character: char| {
                    character.is_whitespace() || matches!(character, '"' | '\'' | '?' | '#')
                })
                .unwrap_or(rest.len());
            // A variable that stands for it already is shown as it is.
            if end >= 20 && !rest.starts_with("${env:") {
                found(from..from + end);
            }
        }
    }
    bots(text, &mut found);
}

/// Where a token can begin in a run of its characters: at words.
fn beginnings(run: &str) -> impl Iterator<Item = usize> {
    let bytes = run.as_bytes();
    (0..bytes.len()).filter(move |&at| {
        at == 0
            || bytes
                .get(at - 1)
                .is_some_and(|before| !before.is_ascii_alphanumeric())
    })
}

/// How long the token at the start of the run is.
fn token(run: &str) -> Option<usize> {
    let known = DATA.tokens.iter().any(|token| token.starts(run));
    (known || is_web_token(run)).then(|| run.trim_end_matches('.').len())
}

/// A JSON web token (RFC 7519): the first part is a JSON object in base64. One that is
/// signed has three parts, an encrypted one five; without a signature the last is empty.
fn is_web_token(run: &str) -> bool {
    if !run.starts_with("eyJ") || run.len() < 20 {
        return false;
    }
    let parts: Vec<&str> = run.split('.').collect();
    let long = |part: Option<&&str>| part.is_some_and(|part| part.len() >= 4);
    match parts.len() {
        3 => long(parts.get(1)),
        5 => long(parts.get(3)) && long(parts.get(4)),
        _ => false,
    }
}

/// True if this is the identifier of an access key of Amazon's: beside it stands its
/// secret, which has no shape of its own.
pub(super) fn is_access_key(word: &str) -> bool {
    let mut identifiers = DATA.tokens.iter().filter(|token| token.is_identifier());
    identifiers.any(|token| token.starts(word))
}

/// True if this has the length and the characters of the secret of an access key.
pub(super) fn is_secret_of_access_key(word: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '+');
    word.len() == 40 && word.chars().all(allowed)
}

/// The secret in the next word of the text, also when only a colon stands between.
fn secret_after(text: &str, at: usize, found: &mut impl FnMut(Range<usize>)) {
    let rest = text.get(at..).unwrap_or_default();
    let word = rest.trim_start_matches([' ', ':', ',', '"', '\'']);
    let from = text.len() - word.len();
    let end = word
        .find([' ', ':', ',', '"', '\'', '@'])
        .unwrap_or(word.len());
    if from > at && word.get(..end).is_some_and(is_secret_of_access_key) {
        found(from..from + end);
    }
}

/// `123456789:AAE…`, the token of a Telegram bot.
fn bots(text: &str, found: &mut impl FnMut(Range<usize>)) {
    for (colon, _) in text.match_indices(":AA") {
        let before = text.get(..colon).unwrap_or_default();
        let digits = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let rest = text.get(colon + 1..).unwrap_or_default();
        let length = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')))
            .unwrap_or(rest.len());
        if (8..=10).contains(&digits) && (33..=37).contains(&length) {
            found(colon - digits..colon + 1 + length);
        }
    }
}

fn is_token_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.')
}
