//! What is known to be secret: `rules/secrets.yaml`, which describes each of its lists.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::{Deserializer, Error};

use crate::document::Format;

/// The file, which is a part of the program.
const TEXT: &str = include_str!("../../../rules/secrets.yaml");

/// What is known. A test makes sure that the file can be read.
pub(super) static DATA: LazyLock<Data> = LazyLock::new(|| read().unwrap_or_default());

fn read() -> Result<Data, String> {
    let tree = Format::Yaml.compose(TEXT).map_err(|error| error.message)?;
    serde_json::from_value(tree.to_value()).map_err(|error| error.to_string())
}

/// The lists of the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Data {
    #[serde(rename = "version")]
    _version: u64,
    pub(super) names: Names,
    pub(super) values: Values,
    pub(super) programs: Vec<Program>,
    pub(super) key_name_programs: Words,
    pub(super) tokens: Vec<Token>,
    pub(super) addresses: Vec<String>,
}

/// Names that announce a secret.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Names {
    pub(super) endings: Words,
    pub(super) words: Words,
    pub(super) keys: Words,
    pub(super) digits: Words,
    pub(super) random: Words,
    pub(super) random_in_queries: Words,
    pub(super) harmless_first: Words,
    pub(super) harmless_after: BTreeMap<String, Words>,
}

/// Values that are no secret.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Values {
    pub(super) words: Words,
    pub(super) key_files: Words,
}

/// A program with options that announce a secret.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Program {
    names: Words,
    /// The subcommand that has the options; none for all.
    pub(super) subcommand: Option<String>,
    pub(super) options: BTreeMap<String, Form>,
}

impl Program {
    /// The program of this name, without its directory.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        let mut programs = DATA.programs.iter();
        programs.find(|program| program.names.contains(name))
    }
}

/// Where the secret is when the option is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// In the next argument, or right behind the option, as getopt(3) has it.
    Either,
    /// In the next argument only.
    Next,
    /// Right behind the option; the next argument is something else.
    Attached,
    /// In the next argument or right behind the option, after this character: `user:password`.
    After(char),
}

impl<'de> Deserialize<'de> for Form {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut separator = text.strip_prefix("after ").unwrap_or_default().chars();
        Ok(match (text.as_str(), separator.next(), separator.next()) {
            ("either", ..) => Self::Either,
            ("next", ..) => Self::Next,
            ("attached", ..) => Self::Attached,
            (_, Some(separator), None) => Self::After(separator),
            _ => return Err(D::Error::custom(format!("no such place: `{text}`"))),
        })
    }
}

/// Tokens of one shape.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Token {
    /// Those of a service are together.
    prefixes: Vec<Words>,
    at_least: Option<usize>,
    unbroken: Option<usize>,
    capitals: Option<usize>,
}

impl Token {
    /// Whether a run of letters, digits, `_`, `-` and `.` starts with such a token.
    pub(super) fn starts(&self, run: &str) -> bool {
        let mut prefixes = self.prefixes.iter().flat_map(Words::iter);
        prefixes.any(|prefix| {
            let rest = run.strip_prefix(prefix.as_str());
            rest.is_some_and(|rest| self.goes_on(rest))
        })
    }

    /// Whether such tokens are identifiers, and their secret is the next word.
    pub(super) const fn is_identifier(&self) -> bool {
        self.capitals.is_some()
    }

    fn goes_on(&self, rest: &str) -> bool {
        let is_capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
        let has_unbroken = |length| {
            let mut pieces = rest.split(|c: char| !c.is_ascii_alphanumeric());
            pieces
                .any(|piece| piece.len() >= length && piece.contains(|c: char| c.is_ascii_digit()))
        };
        self.at_least.is_none_or(|length| rest.len() >= length)
            && self.unbroken.is_none_or(has_unbroken)
            && self
                .capitals
                .is_none_or(|length| rest.len() == length && rest.chars().all(is_capital))
    }
}

/// Words with blanks between them.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "String")]
pub(super) struct Words(Vec<String>);

impl Words {
    /// True if this is one of the words.
    pub(super) fn contains(&self, word: &str) -> bool {
        self.0.iter().any(|known| known == word)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &String> {
        self.0.iter()
    }
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        Self(text.split_whitespace().map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::discover::secrets::words::{Announces, announces, announces_in_query, is_value};
    use crate::discover::secrets::{MASK, Secrets};

    /// Long enough for every token, of letters and digits that take turns.
    const RANDOM: &str = "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY3zA5bC7dE9f";

    fn words(argv: &[&str]) -> Vec<String> {
        argv.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn the_file_is_valid_and_documented() {
        read().unwrap();
        assert!(TEXT.contains("\nversion: 1\n"));
        let mut before = "";
        for line in TEXT.lines() {
            let key = line.trim_start();
            let is_key = key.starts_with(|first: char| first.is_ascii_lowercase())
                && key.contains(':')
                && line.len() - key.len() <= 2;
            let is_documented = before.trim_start().starts_with('#');
            assert!(!is_key || key == "version: 1" || is_documented, "{line}");
            before = line;
        }
    }

    #[test]
    fn every_name_decides_something() {
        let names = &DATA.names;
        for ending in names.endings.iter() {
            assert_eq!(announces(&format!("db{ending}")), Some(Announces::Secret));
        }
        for word in names.words.iter() {
            assert_eq!(announces(word), Some(Announces::Secret), "{word}");
            let covered = names.endings.iter().any(|ending| word.ends_with(ending));
            assert!(!covered, "{word}");
        }
        for before in names.keys.iter() {
            let key = format!("{before}-key");
            assert_eq!(announces(&key), Some(Announces::Secret), "{key}");
        }
        for word in names.digits.iter() {
            assert_eq!(announces(word), Some(Announces::Digits), "{word}");
        }
        for word in names.random.iter() {
            assert_eq!(announces(word), Some(Announces::Perhaps), "{word}");
        }
        for word in names.random_in_queries.iter() {
            assert_eq!(announces_in_query(word), Some(Announces::Perhaps), "{word}");
        }
        for first in names.harmless_first.iter() {
            assert_eq!(announces(&format!("{first}-password")), None, "{first}");
        }
        for (last, harmless) in &names.harmless_after {
            assert_eq!(announces(last), Some(Announces::Secret), "{last}");
            for before in harmless.iter() {
                assert_eq!(announces(&format!("{before}-{last}")), None, "{before}");
            }
        }
        for word in DATA.values.words.iter() {
            assert!(
                !is_value("password", Announces::Secret, word, false),
                "{word}"
            );
        }
        for ending in DATA.values.key_files.iter() {
            let file = format!("x.{ending}");
            assert!(
                !is_value("credentials", Announces::Secret, &file, false),
                "{file}"
            );
        }
    }

    #[test]
    fn every_option_announces_a_secret() {
        let secrets = Secrets::default();
        let mut all = Vec::new();
        for program in &DATA.programs {
            for name in program.names.iter() {
                all.push(name);
                let mut argv = words(&[name]);
                argv.extend(program.subcommand.clone());
                if program.options.is_empty() {
                    // What comes before it has this option.
                    let argv = [
                        words(&["sshpass", "-e"]),
                        argv.clone(),
                        words(&["-p", "hunter2"]),
                    ];
                    assert_eq!(secrets.masked(&argv.concat()), argv.concat(), "{name}");
                }
                for (option, form) in &program.options {
                    let mut argv = argv.clone();
                    if program.subcommand.as_ref() == Some(option) {
                        argv.pop();
                    }
                    let (value, hidden) = match form {
                        Form::After(separator) => {
                            let value = format!("me{separator}hunter2");
                            (value, format!("me{separator}{MASK}"))
                        }
                        _ => ("hunter2".to_owned(), MASK.to_owned()),
                    };
                    if *form != Form::Attached {
                        let separate = [argv.clone(), vec![option.clone(), value.clone()]].concat();
                        let last = secrets.masked(&separate).pop();
                        assert_eq!(last.as_ref(), Some(&hidden), "{separate:?}");
                    }
                    if *form != Form::Next {
                        let equals = if option.starts_with("--") { "=" } else { "" };
                        argv.push(format!("{option}{equals}{value}"));
                        let last = secrets.masked(&argv).pop();
                        assert_eq!(last, Some(format!("{option}{equals}{hidden}")), "{argv:?}");
                    }
                }
            }
        }
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count, "a program is there twice");
        for name in DATA.key_name_programs.iter() {
            let argv = words(&[name, "--key", RANDOM]);
            assert_eq!(secrets.masked(&argv), argv);
        }
    }

    #[test]
    fn every_token_and_address_is_found() {
        let secrets = Secrets::default();
        let mut all = Vec::new();
        for token in &DATA.tokens {
            for prefix in token.prefixes.iter().flat_map(Words::iter) {
                all.push(prefix);
                let length = token.at_least.or(token.unbroken).or(token.capitals);
                let rest = &RANDOM[..length.unwrap()];
                let rest = match token.capitals {
                    Some(_) => rest.to_uppercase(),
                    None => rest.to_owned(),
                };
                let text = format!("a {prefix}{rest} b");
                assert_eq!(secrets.masked_text(&text), format!("a {MASK} b"), "{text}");
            }
        }
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count, "a prefix is there twice");
        for address in &DATA.addresses {
            let text = format!("https://{address}{}", &RANDOM[..20]);
            assert_eq!(
                secrets.masked_text(&text),
                format!("https://{address}{MASK}")
            );
        }
    }
}
