//! Names that announce a secret, and the values that can be secrets.

use super::data::DATA;

/// The condition under which a value with a name is a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Announces {
    /// Always.
    Secret,
    /// If it looks random.
    Perhaps,
    /// If it consists of 4 to 12 digits.
    Digits,
}

/// Returns the condition under which a name such as `db_password`, `apiKey` or `PIN` announces a
/// secret; `None` for `password-file` and `passwordless`.
pub(super) fn announces(key: &str) -> Option<Announces> {
    let words = key_words(key);
    let (last, before) = words.split_last()?;
    let previous = before.last().map_or("", String::as_str);
    let first = before.first().map_or("", String::as_str);
    let names = &DATA.names;
    let harmless_after = names.harmless_after.get(last);
    if names.harmless_first.contains(first)
        || harmless_after.is_some_and(|harmless| harmless.contains(previous))
    {
        return None;
    }
    let secret = names.words.contains(last)
        || names.endings.iter().any(|ending| last.ends_with(ending))
        || last == "key" && names.keys.contains(previous)
        || last == "auth" && names.auths.contains(previous);
    if secret {
        Some(Announces::Secret)
    } else if names.digits.contains(last) {
        Some(Announces::Digits)
    } else {
        names.random.contains(last).then_some(Announces::Perhaps)
    }
}

/// Like [`announces`], in the query of a URL, where more names announce secrets.
pub(super) fn announces_in_query(key: &str) -> Option<Announces> {
    let weak = key_words(key)
        .last()
        .is_some_and(|last| DATA.names.random_in_queries.contains(last));
    match announces(key) {
        Some(Announces::Secret) => Some(Announces::Secret),
        other => weak.then_some(Announces::Perhaps).or(other),
    }
}

/// Splits `db_password`, `db-password` or `dbPassword` into words in lower case.
pub(super) fn key_words(key: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for character in key.chars() {
        let is_new = !character.is_ascii_alphanumeric()
            || before.is_ascii_lowercase() && character.is_ascii_uppercase();
        if is_new {
            words.push(String::new());
        }
        if let Some(word) = words
            .last_mut()
            .filter(|_| character.is_ascii_alphanumeric())
        {
            word.push(character.to_ascii_lowercase());
        }
        before = character;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// True if a value is the secret that its name announces: not empty, not a variable, not a file
/// that contains the secret, and not a directory as in `pwd=/somewhere`.
///
/// In a `script`, `$name` is a variable of the shell. In an argument of a program, only `$NAME` and
/// `${…}` can be variables that nothing replaced.
pub(super) fn is_value(key: &str, announces: Announces, value: &str, script: bool) -> bool {
    if value.is_empty() || is_variable(value, script) || is_word(value) {
        return false;
    }
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| value.starts_with(prefix));
    let is_path = starts(&["/", "~", "./", "../"]);
    if is_path && (key.eq_ignore_ascii_case("pwd") || value.matches('/').count() > 1)
        || starts(&["file:", "env:", "fd:"])
    {
        return false;
    }
    let words = key_words(key);
    let last = words.last().map_or("", String::as_str);
    match announces {
        Announces::Secret => match last {
            // `ffmpeg -pass 2`.
            "pass" => value.len() > 1 || !value.starts_with(|c: char| c.is_ascii_digit()),
            "credential" | "credentials" | "key" | "privatekey" => !is_file_name(value),
            _ => true,
        },
        // A cookie without `=` is a file with cookies.
        Announces::Perhaps => is_random(value) || last == "cookie" && value.contains('='),
        Announces::Digits => {
            (4..=12).contains(&value.len()) && value.chars().all(|c| c.is_ascii_digit())
        }
    }
}

/// True for words in place of a secret: `***`, `true`, `prompt`. In a file, a comma or bracket may
/// follow.
fn is_word(value: &str) -> bool {
    value
        .trim_end_matches([',', ']', '}', ')'])
        .chars()
        .all(|character| matches!(character, '*' | '.' | '•'))
        || DATA.values.words.contains(&value.to_ascii_lowercase())
}

/// True if the value will be replaced.
fn is_variable(value: &str, script: bool) -> bool {
    if value.starts_with('%') && value.ends_with('%') && value.len() > 2 {
        return true;
    }
    let Some(name) = value.strip_prefix('$') else {
        return value.starts_with('`') && script;
    };
    let name = name.strip_prefix('$').unwrap_or(name);
    name.starts_with(['{', '('])
        || !name.is_empty()
            && name.chars().all(|character| {
                character == '_'
                    || character.is_ascii_digit()
                    || character.is_ascii_uppercase()
                    || script && character.is_ascii_lowercase()
            })
        || script && name.chars().all(|character| "@*#?!-".contains(character))
}

/// True for a file that contains a key: `server.key`, `account.json`.
fn is_file_name(value: &str) -> bool {
    value
        .rsplit_once('.')
        .is_some_and(|(stem, ending)| !stem.is_empty() && DATA.values.key_files.contains(ending))
        || value.contains("id_rsa")
        || value.contains("id_ed25519")
}

/// True if a string looks random: long, with alternating letters and digits, and not a UUID or the
/// name of a file.
pub(super) fn is_random(text: &str) -> bool {
    /// Shorter strings are often versions or names of machines.
    const SHORTEST: usize = 16;
    let allowed =
        |character: char| character.is_ascii_alphanumeric() || "+/=_-.~%".contains(character);
    if text.len() < SHORTEST || !text.chars().all(allowed) || is_uuid(text) {
        return false;
    }
    if text.starts_with(['/', '.', '~']) || text.matches('/').count() > 2 {
        return false;
    }
    let ending = text.rsplit_once('.').map_or("", |(_, ending)| ending);
    if (1..=4).contains(&ending.len()) && ending.starts_with(|c: char| c.is_ascii_lowercase()) {
        return false;
    }
    let longest = text
        .split(|character: char| !character.is_ascii_alphanumeric())
        .max_by_key(|piece| piece.len())
        .unwrap_or_default();
    longest.len() >= SHORTEST - 4 && turns(longest) * 5 >= longest.len()
}

/// Returns the number of changes between capitals, small letters and digits.
fn turns(text: &str) -> usize {
    let kind = |byte: &u8| (byte.is_ascii_digit(), byte.is_ascii_uppercase());
    text.as_bytes()
        .windows(2)
        .filter(|pair| matches!(pair, [a, b] if kind(a) != kind(b)))
        .count()
}

/// True for a UUID: `6f1e0b3a-7f5a-4c43-9d4e-0123456789ab` (RFC 9562).
pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.split('-').map(str::len).eq([8, 4, 4, 4, 12])
        && text
            .chars()
            .all(|character| character == '-' || character.is_ascii_hexdigit())
}

pub(super) fn is_key_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.')
}
