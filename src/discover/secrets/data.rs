//! Known secrets: `rules/secrets.yaml`, which describes each of its lists.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::{Deserializer, Error};

use crate::discover::data_file::{self, Words};
use crate::layout::criteria;

/// The file as JSON.
const TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/secrets.json"));

/// The known secrets.
pub(super) static DATA: LazyLock<Data> =
    LazyLock::new(|| data_file::read(TEXT).unwrap_or_default());

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
    pub(super) patterns: Vec<Pattern>,
}

/// Names that announce a secret.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Names {
    pub(super) endings: Words,
    pub(super) words: Words,
    pub(super) keys: Words,
    pub(super) auths: Words,
    pub(super) digits: Words,
    pub(super) random: Words,
    pub(super) random_in_queries: Words,
    pub(super) harmless_first: Words,
    pub(super) harmless_after: BTreeMap<String, Words>,
}

/// Values that are never secrets.
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
    /// The subcommand that takes the options; `None` for all subcommands.
    pub(super) subcommand: Option<String>,
    #[serde(default)]
    pub(super) options: BTreeMap<String, Form>,
    /// The arguments that are not options, by their number, from 1.
    #[serde(default)]
    pub(super) arguments: BTreeMap<usize, Form>,
}

impl Program {
    /// Returns the program with this name, without its directory.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        let mut programs = DATA.programs.iter();
        programs.find(|program| program.names.contains(name))
    }
}

/// The place of the secret relative to the option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// In the next argument or directly after the option, as in getopt(3).
    Either,
    /// In the next argument only.
    Next,
    /// Directly after the option, in the same argument.
    Attached,
    /// Like `Either`, but only the part after this character: `user:password`.
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
            _ => return Err(D::Error::custom(format!("unknown place `{text}`"))),
        })
    }
}

/// Strings with a recognizable form.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pattern {
    pub(super) key: String,
    pub(super) contains: String,
    pub(super) regex: String,
    pub(super) check: Option<Check>,
}

/// A further condition for the secret in a [`Pattern`].
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Check {
    /// It is not a common word, a file or a variable.
    Value,
    /// It looks random.
    Random,
}

/// Tokens of one format.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Token {
    /// The prefixes, grouped by service.
    prefixes: Vec<Words>,
    at_least: Option<usize>,
    unbroken: Option<usize>,
    capitals: Option<usize>,
}

impl Token {
    /// Returns a pattern for these tokens. If they are identifiers, also a pattern for the secret
    /// that follows them.
    pub(super) fn regexes(&self) -> Vec<String> {
        let prefixes = self.prefixes().map(|prefix| criteria::escape(prefix));
        let prefixes: Vec<String> = prefixes.collect();
        let prefixes = format!("(?<![A-Za-z0-9])(?:{})", prefixes.join("|"));
        let token = |condition: String| format!(r"({prefixes}(?={condition})[\w.-]*(?<!\.))");
        let at_least = self.at_least.map(|length| format!(r"[\w.-]{{{length}}}"));
        let unbroken = self.unbroken.map(|length| {
            format!("(?:[A-Za-z0-9]*[_.-])*(?=[A-Za-z0-9]{{{length}}})[A-Za-z]*[0-9]")
        });
        let capitals = self.capitals.map(|length| format!("[A-Z0-9]{{{length}}}"));
        let secret = capitals.as_ref().map(|capitals| {
            let secret = r#"[ :,"']+([A-Za-z0-9/+]{40})(?![^ :,"'@])"#;
            format!("(?<={prefixes}{capitals}){secret}")
        });
        let capitals = capitals.map(|capitals| format!(r"{capitals}(?![\w.-])"));
        let conditions = [at_least, unbroken, capitals].into_iter().flatten();
        conditions.map(token).chain(secret).collect()
    }

    /// True if the word is such a token, and an identifier that a secret may follow.
    pub(super) fn is_identifier(&self, word: &str) -> bool {
        let is_capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
        self.capitals.is_some_and(|length| {
            let mut rests = self
                .prefixes()
                .filter_map(|prefix| word.strip_prefix(prefix.as_str()));
            rests.any(|rest| rest.len() == length && rest.chars().all(is_capital))
        })
    }

    /// The length of the shortest of these tokens.
    #[cfg(test)]
    pub(super) fn shortest(&self) -> Option<usize> {
        let rest = [self.at_least, self.unbroken, self.capitals];
        let rest = rest.into_iter().flatten().min()?;
        let prefix = self.prefixes().map(String::len).min()?;
        Some(prefix + rest)
    }

    pub(super) fn prefixes(&self) -> impl Iterator<Item = &String> {
        self.prefixes.iter().flat_map(|words| words.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::discover::secrets::words::{Announces, announces, announces_in_query, is_value};
    use crate::discover::secrets::{MASK, Secrets};

    /// Long enough for every token, with alternating letters and digits.
    const RANDOM: &str = "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY3zA5bC7dE9f";

    fn words(argv: &[&str]) -> Vec<String> {
        argv.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn the_file_is_valid_and_documented() {
        data_file::read::<Data>(TEXT).unwrap();
        let text = include_str!("../../../rules/secrets.yaml");
        assert!(text.contains("\nversion: 1\n"));
        let mut before = "";
        for line in text.lines() {
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
    fn every_name_has_an_effect() {
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
                for (&number, form) in &program.arguments {
                    let (value, hidden) = match form {
                        Form::After(separator) => (
                            format!("me{separator}hunter2"),
                            format!("me{separator}{MASK}"),
                        ),
                        _ => ("hunter2".to_owned(), MASK.to_owned()),
                    };
                    let before = vec!["--x".to_owned(); 1];
                    let others = vec!["other".to_owned(); number - 1];
                    let argv = [argv.clone(), before, others, vec![value]].concat();
                    assert_eq!(secrets.masked(&argv).pop(), Some(hidden), "{argv:?}");
                }
                if program.options.is_empty() && program.arguments.is_empty() {
                    // The program before it takes this option.
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
        assert_eq!(all.len(), count, "duplicate program");
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
            for prefix in token.prefixes() {
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
        assert_eq!(all.len(), count, "duplicate prefix");
        for address in &DATA.addresses {
            let text = format!("https://{address}{}", &RANDOM[..20]);
            assert_eq!(
                secrets.masked_text(&text),
                format!("https://{address}{MASK}")
            );
        }
    }
}
