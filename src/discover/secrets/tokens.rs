//! Secrets that are known by their own shape.
//!
//! The shapes are those that the services document for secret scanners.

use std::ops::Range;

/// How the rest of a token looks after its prefix.
#[derive(Clone, Copy, Debug)]
enum Rest {
    /// At least so many letters, digits, `_` and `-`: nothing else begins so.
    AtLeast(usize),
    /// Among them so many letters and digits in a row, with a digit: names of other
    /// things begin so, too.
    Unbroken(usize),
    /// Exactly so many capitals and digits.
    Capitals(usize),
}

/// How tokens of well-known services begin.
const PREFIXES: [(&str, Rest); 80] = [
    // GitHub
    ("ghp_", Rest::AtLeast(30)),
    ("gho_", Rest::AtLeast(30)),
    ("ghu_", Rest::AtLeast(30)),
    ("ghs_", Rest::AtLeast(30)),
    ("ghr_", Rest::AtLeast(30)),
    ("github_pat_", Rest::AtLeast(20)),
    // GitLab
    ("glpat-", Rest::AtLeast(16)),
    ("gldt-", Rest::AtLeast(16)),
    ("glrt-", Rest::AtLeast(16)),
    ("glptt-", Rest::AtLeast(16)),
    ("glft-", Rest::AtLeast(16)),
    ("glsoat-", Rest::AtLeast(16)),
    ("glcbt-", Rest::AtLeast(16)),
    ("glimt-", Rest::AtLeast(16)),
    ("glagent-", Rest::AtLeast(16)),
    ("gloas-", Rest::AtLeast(16)),
    ("GR1348941", Rest::AtLeast(16)),
    // Slack
    ("xoxb-", Rest::AtLeast(10)),
    ("xoxa-", Rest::AtLeast(10)),
    ("xoxp-", Rest::AtLeast(10)),
    ("xoxr-", Rest::AtLeast(10)),
    ("xoxs-", Rest::AtLeast(10)),
    ("xoxo-", Rest::AtLeast(10)),
    ("xoxe-", Rest::AtLeast(10)),
    ("xoxc-", Rest::AtLeast(10)),
    ("xoxd-", Rest::AtLeast(10)),
    ("xapp-", Rest::AtLeast(10)),
    // Amazon
    ("AKIA", Rest::Capitals(16)),
    ("ASIA", Rest::Capitals(16)),
    ("ABIA", Rest::Capitals(16)),
    ("ACCA", Rest::Capitals(16)),
    // Google
    ("AIza", Rest::AtLeast(30)),
    ("ya29.", Rest::AtLeast(20)),
    ("GOCSPX-", Rest::AtLeast(20)),
    // Stripe
    ("sk_live_", Rest::AtLeast(16)),
    ("sk_test_", Rest::AtLeast(16)),
    ("rk_live_", Rest::AtLeast(16)),
    ("rk_test_", Rest::AtLeast(16)),
    ("whsec_", Rest::AtLeast(20)),
    // Models
    ("sk-ant-", Rest::AtLeast(20)),
    ("sk-proj-", Rest::AtLeast(20)),
    ("sk-svcacct-", Rest::AtLeast(20)),
    ("sk-or-v1-", Rest::AtLeast(20)),
    ("sk-", Rest::Unbroken(16)),
    ("gsk_", Rest::Unbroken(30)),
    ("xai-", Rest::Unbroken(30)),
    ("pplx-", Rest::Unbroken(30)),
    ("nvapi-", Rest::AtLeast(30)),
    ("hf_", Rest::Unbroken(30)),
    ("r8_", Rest::Unbroken(30)),
    // Packages
    ("npm_", Rest::Unbroken(30)),
    ("pypi-", Rest::AtLeast(40)),
    ("rubygems_", Rest::Unbroken(30)),
    ("dckr_pat_", Rest::AtLeast(20)),
    ("cio", Rest::Unbroken(32)),
    // Clouds and machines
    ("dop_v1_", Rest::AtLeast(30)),
    ("doo_v1_", Rest::AtLeast(30)),
    ("dor_v1_", Rest::AtLeast(30)),
    ("tskey-", Rest::Unbroken(12)),
    ("hvs.", Rest::AtLeast(20)),
    ("hvb.", Rest::AtLeast(20)),
    ("dapi", Rest::Unbroken(32)),
    ("AGE-SECRET-KEY-1", Rest::AtLeast(40)),
    ("dp.pt.", Rest::AtLeast(30)),
    ("fo1_", Rest::AtLeast(30)),
    // Others
    ("shpat_", Rest::AtLeast(30)),
    ("shpca_", Rest::AtLeast(30)),
    ("shppa_", Rest::AtLeast(30)),
    ("shpss_", Rest::AtLeast(30)),
    ("SG.", Rest::AtLeast(40)),
    ("sq0csp-", Rest::AtLeast(30)),
    ("lin_api_", Rest::AtLeast(30)),
    ("ntn_", Rest::Unbroken(30)),
    ("figd_", Rest::AtLeast(30)),
    ("PMAK-", Rest::AtLeast(30)),
    ("glsa_", Rest::AtLeast(30)),
    ("ATATT3x", Rest::AtLeast(30)),
    ("NRAK-", Rest::AtLeast(20)),
    ("sntrys_", Rest::AtLeast(30)),
    ("sntryu_", Rest::AtLeast(30)),
];

/// Addresses whose path is the secret, and what stands before it.
const HOOKS: [&str; 4] = [
    "hooks.slack.com/services/",
    "discord.com/api/webhooks/",
    "discordapp.com/api/webhooks/",
    "api.telegram.org/bot",
];

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
    for hook in HOOKS {
        for (at, _) in text.match_indices(hook) {
            let from = at + hook.len();
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
    let known = PREFIXES.iter().any(|&(prefix, rest)| {
        run.strip_prefix(prefix).is_some_and(|text| match rest {
            Rest::AtLeast(length) => text.len() >= length,
            Rest::Unbroken(length) => text
                .split(|character: char| !character.is_ascii_alphanumeric())
                .any(|piece| piece.len() >= length && piece.chars().any(|c| c.is_ascii_digit())),
            Rest::Capitals(length) => {
                text.len() == length
                    && text
                        .chars()
                        .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
            }
        })
    });
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

/// Whether this is the identifier of an access key of Amazon's: beside it stands its
/// secret, which has no shape of its own.
pub(super) fn is_access_key(word: &str) -> bool {
    PREFIXES.iter().any(|&(prefix, rest)| {
        matches!(rest, Rest::Capitals(_)) && word.starts_with(prefix) && token(word).is_some()
    })
}

/// Whether this has the length and the characters of the secret of an access key.
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
