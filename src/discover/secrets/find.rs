//! Where secrets are in a text, and which names announce one.

use std::ops::Range;

/// Words that end the name of something secret.
const SECRET_WORDS: [&str; 9] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "pass",
    "token",
    "secret",
    "apikey",
    "credentials",
];

/// `key` alone is harmless; after one of these it is not.
const KEY_WORDS: [&str; 6] = ["api", "access", "secret", "private", "auth", "encryption"];

/// How tokens of well-known services begin, and how many characters follow at least.
const TOKEN_PREFIXES: [(&str, usize); 24] = [
    ("ghp_", 30),
    ("gho_", 30),
    ("ghu_", 30),
    ("ghs_", 30),
    ("ghr_", 30),
    ("github_pat_", 20),
    ("glpat-", 16),
    ("xoxb-", 10),
    ("xoxa-", 10),
    ("xoxp-", 10),
    ("xoxr-", 10),
    ("xoxs-", 10),
    ("xapp-", 10),
    ("AKIA", 16),
    ("ASIA", 16),
    ("AIza", 30),
    ("sk-", 20),
    ("sk_live_", 16),
    ("rk_live_", 16),
    ("npm_", 30),
    ("pypi-", 30),
    ("hf_", 30),
    ("dop_v1_", 30),
    ("ya29.", 20),
];

/// A secret in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Secret {
    /// Where it is, in bytes.
    pub(super) range: Range<usize>,
    /// What it is called, such as `api-key`.
    pub(super) key: String,
}

/// Secrets anywhere in a text, in order, without overlaps.
pub(super) fn in_text(text: &str) -> Vec<Secret> {
    let mut found = Vec::new();
    assignments(text, &mut found);
    options(text, &mut found);
    urls(text, &mut found);
    bearers(text, &mut found);
    tokens(text, &mut found);
    private_keys(text, &mut found);
    found.sort_by_key(|secret| (secret.range.start, usize::MAX - secret.range.end));
    let mut end = 0;
    found.retain(|secret| {
        let apart = secret.range.start >= end && !secret.range.is_empty();
        if apart {
            end = secret.range.end;
        }
        apart
    });
    found
}

/// `key=value`, the value up to a space, a quote, or the next part of a query.
fn assignments(text: &str, found: &mut Vec<Secret>) {
    for (equals, _) in text.match_indices('=') {
        let before = text.get(..equals).unwrap_or_default();
        let key_start = before
            .rfind(|character| !is_key_character(character))
            .map_or(0, |at| {
                at + before
                    .get(at..)
                    .and_then(|rest| rest.chars().next())
                    .map_or(1, char::len_utf8)
            });
        let key = before
            .get(key_start..)
            .unwrap_or_default()
            .trim_start_matches('-');
        let mut start = equals + 1;
        let mut rest = text.get(start..).unwrap_or_default();
        let quote = rest
            .chars()
            .next()
            .filter(|first| matches!(first, '"' | '\''));
        if let Some(quote) = quote {
            start += 1;
            rest = rest.strip_prefix(quote).unwrap_or(rest);
        }
        let end = rest
            .find(|character: char| match quote {
                Some(quote) => character == quote,
                None => character.is_whitespace() || matches!(character, '&' | ';' | '"' | '\''),
            })
            .unwrap_or(rest.len());
        let value = rest.get(..end).unwrap_or_default();
        if is_secret_key(key) && is_value(key, value) {
            found.push(Secret {
                range: start..start + end,
                key: key.to_owned(),
            });
        }
    }
}

/// `--key value` inside one text, as in the argument of `sh -c`.
fn options(text: &str, found: &mut Vec<Secret>) {
    let mut announced: Option<String> = None;
    for (start, word) in words(text) {
        if let Some(key) = announced.take()
            && !word.starts_with('-')
            && is_value(&key, word)
        {
            found.push(Secret {
                range: start..start + word.len(),
                key,
            });
        }
        announced = flag(word).filter(|_| word.starts_with("--"));
    }
}

/// `scheme://user:password@host`.
fn urls(text: &str, found: &mut Vec<Secret>) {
    for (at, separator) in text.match_indices("://") {
        let start = at + separator.len();
        let rest = text.get(start..).unwrap_or_default();
        let end = rest
            .find(|character: char| {
                character.is_whitespace() || matches!(character, '/' | '?' | '#' | '"' | '\'')
            })
            .unwrap_or(rest.len());
        let authority = rest.get(..end).unwrap_or_default();
        if let Some((user, _)) = authority.rsplit_once('@')
            && let Some((name, password)) = user.split_once(':')
            && is_value("password", password)
        {
            let start = start + name.len() + 1;
            found.push(Secret {
                range: start..start + password.len(),
                key: "password".to_owned(),
            });
        }
    }
}

/// `Bearer …` and `Basic …` of an HTTP header.
fn bearers(text: &str, found: &mut Vec<Secret>) {
    let mut previous = "";
    for (start, word) in words(text) {
        let value = word.trim_end_matches(['"', '\'', ',']);
        let wanted = match previous.to_ascii_lowercase().as_str() {
            "bearer" => value.len() >= 8 && value.chars().any(|c| c.is_ascii_digit()),
            "basic" => value.len() >= 8 && value.ends_with('='),
            _ => false,
        };
        if wanted && is_value("token", value) {
            found.push(Secret {
                range: start..start + value.len(),
                key: "token".to_owned(),
            });
        }
        previous = word.trim_start_matches(['"', '\'']);
    }
}

/// Tokens of well-known services, and JSON web tokens.
fn tokens(text: &str, found: &mut Vec<Secret>) {
    let mut start = 0;
    for run in text.split(|character| !is_token_character(character)) {
        let known = TOKEN_PREFIXES.iter().any(|&(prefix, length)| {
            run.strip_prefix(prefix).is_some_and(|rest| {
                rest.len() >= length
                    && rest.chars().any(|c| c.is_ascii_digit())
                    // An Amazon key is exactly this long, in capitals.
                    && (!matches!(prefix, "AKIA" | "ASIA")
                        || rest.len() == length
                            && rest.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()))
            })
        });
        let web_token = run.starts_with("eyJ")
            && run.len() >= 30
            && run.split('.').count() == 3
            && run.split('.').all(|part| part.len() >= 4);
        if known || web_token {
            found.push(Secret {
                range: start..start + run.len(),
                key: "token".to_owned(),
            });
        }
        start += run.len();
        start += text
            .get(start..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8);
    }
}

/// `-----BEGIN … PRIVATE KEY-----` to its end, or to the end of the text.
fn private_keys(text: &str, found: &mut Vec<Secret>) {
    const END: &str = "PRIVATE KEY-----";
    for (start, _) in text.match_indices("-----BEGIN ") {
        let rest = text.get(start..).unwrap_or_default();
        let Some(head) = rest.find(END).filter(|&head| head < 40) else {
            continue;
        };
        let body = head + END.len();
        let end = rest
            .get(body..)
            .and_then(|rest| rest.find(END))
            .map_or(rest.len(), |tail| body + tail + END.len());
        found.push(Secret {
            range: start..start + end,
            key: "private-key".to_owned(),
        });
    }
}

/// The words of a text with the place where each begins.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let origin = text.as_ptr() as usize;
    text.split_whitespace()
        .map(move |word| (word.as_ptr() as usize - origin, word))
}

/// The key of an option whose value is the next word: `--password`, `-password`.
pub(super) fn flag(argument: &str) -> Option<String> {
    let key = argument
        .strip_prefix("--")
        .or_else(|| argument.strip_prefix('-'))?;
    (key.chars().all(is_key_character) && is_secret_key(key)).then(|| key.to_owned())
}

/// Whether the last word of a name says that it holds a secret: `db_password`, `apiKey`,
/// but not `password-file` and not `passwordless`.
pub(super) fn is_secret_key(key: &str) -> bool {
    let words = key_words(key);
    let Some((last, before)) = words.split_last() else {
        return false;
    };
    SECRET_WORDS.contains(&last.as_str())
        || last == "key"
            && before
                .last()
                .is_some_and(|word| KEY_WORDS.contains(&word.as_str()))
        || matches!(
            last.as_str(),
            "accesskey" | "secretkey" | "authtoken" | "accesstoken"
        )
}

/// The words of `db_password`, `db-password`, `dbPassword`, in small letters.
pub(super) fn key_words(key: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut fresh = true;
    let mut small = false;
    for character in key.chars() {
        if !character.is_ascii_alphanumeric() {
            fresh = true;
            continue;
        }
        if fresh || small && character.is_ascii_uppercase() {
            words.push(String::new());
        }
        fresh = false;
        small = character.is_ascii_lowercase();
        if let Some(word) = words.last_mut() {
            word.push(character.to_ascii_lowercase());
        }
    }
    words
}

/// Whether this can be a secret at all: not empty, no variable, no path of a file that
/// holds it, and no `pwd=/somewhere`.
pub(super) fn is_value(key: &str, value: &str) -> bool {
    let path = value.starts_with(['/', '~']) || value.starts_with("./");
    let harmless = value.is_empty()
        || value.starts_with('$')
        || value.chars().all(|character| character == '*')
        || matches!(
            value,
            "true" | "false" | "yes" | "no" | "none" | "prompt" | "ask"
        );
    let location = path && (key.eq_ignore_ascii_case("pwd") || value.matches('/').count() > 1);
    !harmless && !location
}

pub(super) fn is_key_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.')
}

fn is_token_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.')
}
