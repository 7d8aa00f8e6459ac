//! Secrets in strings and in lists of arguments.

use super::data::{DATA, Form, Program};
use super::patterns;
use super::secret::{Secret, joined};
use super::words::{Announces, announces, is_key_character, is_random, is_value};
use crate::discover::command_line::base_name;

/// Returns the secrets of each argument, in order, without overlaps.
pub(super) fn in_arguments(words: &[&str]) -> Vec<Vec<Secret>> {
    let before = std::iter::once(&"").chain(words);
    let announced = announced(words, false);
    let words = words.iter().zip(before).zip(announced);
    words
        .map(|((word, before), announced)| {
            let assigned = || assigned(word).filter(|_| !is_script_option(before));
            let secret = announced.or_else(assigned);
            secret.map_or_else(|| in_text(word), |secret| vec![secret])
        })
        .collect()
}

/// Returns the secrets anywhere in a string, in order, without overlaps.
pub(super) fn in_text(text: &str) -> Vec<Secret> {
    if is_plain(text) {
        return Vec::new();
    }
    in_any_text(text)
}

fn in_any_text(text: &str) -> Vec<Secret> {
    let mut found = Vec::new();
    patterns::find(text, &mut found);
    in_words(text, 0, &mut found);
    joined(&[], found)
}

/// True for a word in which no pattern can find anything: it has no character that separates a name
/// from a value, and no part with which a token begins, or it is shorter than all tokens. Most strings
/// are of this kind, and patterns take time.
fn is_plain(text: &str) -> bool {
    /// The length of the longest word that cannot be a token. A test makes sure that none is as short.
    const SHORT: usize = 14;
    /// The number of `.` in tokens that begin with any letters.
    const DOTS: usize = 2;
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.^$/~".contains(&byte);
    let dots = || text.bytes().filter(|byte| *byte == b'.').count();
    text.bytes().all(is_letter)
        && (text.len() <= SHORT || dots() < DOTS && !patterns::may_have_token(text))
}

/// Finds secrets that words announce, also in a quoted script inside a script.
fn in_words(text: &str, offset: usize, found: &mut Vec<Secret>) {
    // A single word, as a path or an address.
    if !text
        .bytes()
        .any(|byte| byte <= b' ' || b"\"';|&)".contains(&byte))
    {
        return;
    }
    let words = patterns::words(text);
    if words.len() < 2 && words.first().is_none_or(|only| only.len() == text.len()) {
        return;
    }
    let strings: Vec<&str> = words
        .iter()
        .map(|range| text.get(range.clone()).unwrap_or_default())
        .collect();
    for ((range, word), secret) in words.iter().zip(&strings).zip(announced(&strings, true)) {
        if let Some(Secret { range: inside, key }) = secret {
            let start = offset + range.start + inside.start;
            found.push(Secret {
                range: start..start + inside.len(),
                key,
            });
        } else if word.contains(char::is_whitespace) {
            in_words(word, offset + range.start, found);
        }
    }
}

/// True for `-c` of a shell, also as `-lc`: a script follows.
fn is_script_option(argument: &str) -> bool {
    argument
        .strip_prefix('-')
        .and_then(|letters| letters.strip_suffix('c'))
        .is_some_and(|letters| letters.len() < 4 && letters.chars().all(|c| c.is_ascii_lowercase()))
}

/// Returns the secret in an argument `key=value`. The value may contain spaces.
fn assigned(argument: &str) -> Option<Secret> {
    let (name, value) = argument.split_once('=')?;
    let key = name.trim_start_matches('-');
    let wanted = key.chars().all(is_key_character)
        && announces(key).is_some_and(|announces| is_value(key, announces, value, false));
    wanted.then(|| Secret::new(name.len() + 1..argument.len(), key))
}

/// Returns the secret of each word that is announced by the word before it, or by an option of
/// the last program name.
fn announced(words: &[&str], script: bool) -> Vec<Option<Secret>> {
    let mut walk = Walk {
        script,
        program: None,
        is_on: false,
        arguments: 0,
        keys_are_names: false,
        expected: None,
    };
    words.iter().map(|word| walk.step(word)).collect()
}

/// The state between words.
struct Walk {
    script: bool,
    /// The last program with special options, and whether its subcommand was found.
    program: Option<&'static Program>,
    is_on: bool,
    /// The number of its arguments so far that are not options.
    arguments: usize,
    /// True if keys in the program's arguments are only names of keys.
    keys_are_names: bool,
    /// The secret that the previous word announced.
    expected: Option<Expected>,
}

/// Words before the name of a variable and its value: of bwrap(1), tcsh(1) and tmux(1).
const SET_VARIABLE: [&str; 3] = ["--setenv", "setenv", "set-environment"];

enum Expected {
    /// The value of an option with this name.
    Named(String, Announces),
    /// The value of a special option of the program.
    Own(Form),
    /// The secret that belongs to an access key.
    OfAccessKey,
    /// The name of a variable, before its value.
    Variable,
}

impl Walk {
    fn step(&mut self, word: &str) -> Option<Secret> {
        match self.expected.take() {
            Some(Expected::Named(key, announces)) => {
                let option = word.starts_with("--") || word.starts_with('-') && !is_random(word);
                if !option && is_value(&key, announces, word, self.script) {
                    return Some(Secret::new(0..word.len(), &key));
                }
            }
            Some(Expected::Own(form)) if !word.starts_with("--") && word != "-" => {
                return self.value(word, 0, form);
            }
            Some(Expected::OfAccessKey) if is_secret_of_access_key(word) => {
                return Some(Secret::new(0..word.len(), "secret-key"));
            }
            Some(Expected::Variable) if word.chars().all(is_key_character) => {
                let named = |announces| Expected::Named(word.to_owned(), announces);
                self.expected = announces(word).map(named);
                return None;
            }
            _ => {}
        }
        let name = base_name(word);
        if let Some(known) = Program::named(name) {
            self.program = Some(known);
            self.is_on = known.subcommand.is_none();
            self.arguments = 0;
            self.keys_are_names = false;
            return None;
        }
        if DATA.key_name_programs.contains(name) {
            self.program = None;
            self.keys_are_names = true;
        }
        if let Some(known) = self.program {
            self.is_on |= known.subcommand.as_deref() == Some(word);
            if !word.starts_with('-') {
                self.arguments += 1;
                let place = known.arguments.get(&self.arguments);
                if let Some(&form) = place.filter(|_| self.is_on) {
                    return self.value(word, 0, form);
                }
            }
            for (option, &form) in known.options.iter().filter(|_| self.is_on) {
                let Some(rest) = word.strip_prefix(option.as_str()) else {
                    continue;
                };
                // `-pVALUE`, or `--user=VALUE` for a long option.
                let value = match rest.strip_prefix('=') {
                    value if option.starts_with("--") => value,
                    _ => Some(rest).filter(|rest| !rest.is_empty() && form != Form::Next),
                };
                if rest.is_empty() && form != Form::Attached {
                    self.expected = Some(Expected::Own(form));
                    return None;
                } else if let Some(value) = value {
                    return self.value(value, word.len() - value.len(), form);
                }
            }
        }
        if SET_VARIABLE.contains(&word) {
            self.expected = Some(Expected::Variable);
        } else if DATA.tokens.iter().any(|token| token.is_identifier(word)) {
            self.expected = Some(Expected::OfAccessKey);
        } else if word.eq_ignore_ascii_case("bearer") {
            let key = "token".to_owned();
            self.expected = Some(Expected::Named(key, Announces::Perhaps));
        } else if let Some(key) = flag(word)
            .or_else(|| word.strip_suffix(':'))
            .or_else(|| registry_key(word))
            && let Some(announces) = announces(key)
            && !(self.keys_are_names && announces == Announces::Perhaps)
        {
            self.expected = Some(Expected::Named(key.to_owned(), announces));
        }
        None
    }

    /// Returns the secret in the value of a special option, which starts at `offset`.
    fn value(&self, value: &str, offset: usize, form: Form) -> Option<Secret> {
        let start = match form {
            Form::After(separator) => value.find(separator)? + 1,
            _ => 0,
        };
        let secret = value.get(start..)?;
        // The password of `curl -x http://…` is found like that of any URL.
        let is_secret = !(secret.starts_with("//") && matches!(form, Form::After(':')))
            && is_value("password", Announces::Secret, secret, self.script);
        is_secret.then(|| Secret::new(offset + start..offset + value.len(), "password"))
    }
}

/// True if the word has the length and the characters of the secret of an access key.
fn is_secret_of_access_key(word: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '+');
    word.len() == 40 && word.chars().all(allowed)
}

/// Returns the key of npm's configuration in `//registry.example/:_authToken`, whose value is the
/// next word (npm documentation, "npmrc").
fn registry_key(word: &str) -> Option<&str> {
    let (_, key) = word.strip_prefix("//")?.rsplit_once(":_")?;
    key.chars().all(is_key_character).then_some(key)
}

/// Returns the name of an option whose value is the next word: `--password`, `-password`.
fn flag(argument: &str) -> Option<&str> {
    let key = argument
        .strip_prefix("--")
        .or_else(|| argument.strip_prefix('-'))?;
    (key.len() > 1 && key.chars().all(is_key_character)).then_some(key)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::discover::secrets::data::Token;

    #[test]
    fn no_token_is_a_plain_word() {
        for token in &DATA.tokens {
            assert!(token.shortest() > Some(14), "{:?}", token.regexes());
        }
    }

    proptest! {
        #[test]
        fn plain_words_have_no_secrets(text in "[A-Za-z0-9_.^$/~-]{0,14}|[A-Za-z0-9_.^$/~-]{0,90}") {
            prop_assert!(is_plain(&text) || text.len() > 14);
            prop_assert!(!is_plain(&text) || in_any_text(&text).is_empty(), "{text}");
        }

        #[test]
        fn tokens_are_no_plain_words(
            before in "[a-z/]{0,9}[/.^-]?",
            at in 0..1000_usize,
            rest in "[A-Za-z0-9]{60}",
        ) {
            let all: Vec<&String> = DATA.tokens.iter().flat_map(Token::prefixes).collect();
            let text = format!("{before}{}{rest}", all[at % all.len()]);
            prop_assert!(!is_plain(&text), "{text}");
        }
    }
}
