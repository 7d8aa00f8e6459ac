//! Finds secrets in command lines and titles, and takes them out.
//!
//! In a command a secret becomes `${env:NAME}`, so that the layout still works once the
//! variable is set; everywhere else it becomes `***`.
//! Better a harmless word too many than a password in a repository, but what people see
//! every day (git hashes, paths, `--password-file`) stays.

mod find;

use super::command_line::escape;
use super::entry::base_name;
use find::{Secret, flag, in_text, is_key_character, is_secret_key, is_value, key_words};

/// What stands for a secret where nobody needs it.
pub const MASK: &str = "***";

/// The arguments as a layout file has them, with `${env:NAME}` for secrets and the rest
/// [`escape`]d, and the names of those variables.
///
/// A name is made of the program and what the secret is called: `MYSQL_PASSWORD`.
pub fn replaced(argv: &[String]) -> (Vec<String>, Vec<String>) {
    let program = argv.first().map_or("", |program| base_name(program));
    let mut names: Vec<String> = Vec::new();
    let arguments = in_arguments(argv, |text, secret| match secret {
        None => escape(text),
        Some(key) => {
            let base = variable(program, key);
            let mut name = base.clone();
            let mut count = 1;
            while names.contains(&name) {
                count += 1;
                name = format!("{base}_{count}");
            }
            let reference = format!("${{env:{name}}}");
            names.push(name);
            reference
        }
    });
    (arguments, names)
}

/// The arguments with `***` for secrets.
pub fn masked(argv: &[String]) -> Vec<String> {
    in_arguments(argv, |text, secret| match secret {
        None => text.to_owned(),
        Some(_) => MASK.to_owned(),
    })
}

/// A text, such as a title, with `***` for secrets.
pub fn masked_text(text: &str) -> String {
    rebuild(text, &in_text(text), &mut |text, secret| match secret {
        None => text.to_owned(),
        Some(_) => MASK.to_owned(),
    })
}

/// Rebuilds the arguments from their harmless parts and their secrets' keys.
fn in_arguments(
    argv: &[String],
    mut part: impl FnMut(&str, Option<&str>) -> String,
) -> Vec<String> {
    let mut announced: Option<String> = None;
    argv.iter()
        .enumerate()
        .map(|(index, argument)| {
            let key = announced.take();
            announced = flag(argument).filter(|_| index > 0);
            let secrets = match key {
                Some(key) if is_value(&key, argument) && !argument.starts_with('-') => {
                    vec![Secret {
                        range: 0..argument.len(),
                        key,
                    }]
                }
                _ => in_argument(argument),
            };
            rebuild(argument, &secrets, &mut part)
        })
        .collect()
}

fn rebuild(
    text: &str,
    secrets: &[Secret],
    part: &mut impl FnMut(&str, Option<&str>) -> String,
) -> String {
    let mut result = String::with_capacity(text.len());
    let mut end = 0;
    for Secret { range, key } in secrets {
        result.push_str(&part(text.get(end..range.start).unwrap_or_default(), None));
        result.push_str(&part("", Some(key)));
        end = range.end;
    }
    result.push_str(&part(text.get(end..).unwrap_or_default(), None));
    result
}

/// Secrets of one argument: as a whole, `--key=value` may hold spaces.
fn in_argument(argument: &str) -> Vec<Secret> {
    if let Some((name, value)) = argument.split_once('=') {
        let key = name.trim_start_matches('-');
        if key.chars().all(is_key_character) && is_secret_key(key) && is_value(key, value) {
            return vec![Secret {
                range: name.len() + 1..argument.len(),
                key: key.to_owned(),
            }];
        }
    }
    in_text(argument)
}

/// `MYSQL_PASSWORD` from `mysql` and `password`.
fn variable(program: &str, key: &str) -> String {
    let upper = |text: &str| key_words(text).join("_").to_ascii_uppercase();
    let (program, key) = (upper(program), upper(key));
    let mut name = if program.is_empty() || key.starts_with(&program) {
        key
    } else {
        format!("{program}_{key}")
    };
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert(0, '_');
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::prelude::*;

    fn arguments(words: &[&str]) -> Vec<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn secrets_of_commands_become_variables() {
        let table: [(&[&str], &[&str], &[&str]); 12] = [
            (
                &["mysql", "--password=hunter2 x", "-u", "me"],
                &["mysql", "--password=${env:MYSQL_PASSWORD}", "-u", "me"],
                &["MYSQL_PASSWORD"],
            ),
            (
                &["/usr/bin/app", "--api-key", "abc", "file"],
                &["/usr/bin/app", "--api-key", "${env:APP_API_KEY}", "file"],
                &["APP_API_KEY"],
            ),
            (
                &["app", "dbPassword=x", "--token", "y"],
                &[
                    "app",
                    "dbPassword=${env:APP_DB_PASSWORD}",
                    "--token",
                    "${env:APP_TOKEN}",
                ],
                &["APP_DB_PASSWORD", "APP_TOKEN"],
            ),
            (
                &["app", "--token=a", "--token=b"],
                &[
                    "app",
                    "--token=${env:APP_TOKEN}",
                    "--token=${env:APP_TOKEN_2}",
                ],
                &["APP_TOKEN", "APP_TOKEN_2"],
            ),
            (
                &["feh", "https://me:pa:ss@host/a?b=c&access_token=d#e"],
                &[
                    "feh",
                    "https://me:${env:FEH_PASSWORD}@host/a?b=c&access_token=${env:FEH_ACCESS_TOKEN}",
                ],
                &["FEH_PASSWORD", "FEH_ACCESS_TOKEN"],
            ),
            (
                &["curl", "-H", "Authorization: Bearer abcdef012345"],
                &["curl", "-H", "Authorization: Bearer ${env:CURL_TOKEN}"],
                &["CURL_TOKEN"],
            ),
            (
                &[
                    "sh",
                    "-c",
                    "mysql --password hunter2 ${x}; PGPASSWORD='a b' psql",
                ],
                // The shell's variable is kept from being one of ours.
                &[
                    "sh",
                    "-c",
                    "mysql --password ${env:SH_PASSWORD} $${x}; PGPASSWORD='a b' psql",
                ],
                &["SH_PASSWORD"],
            ),
            (
                &["app", "ghp_0123456789abcdefghijABCDEFGHIJ012345"],
                &["app", "${env:APP_TOKEN}"],
                &["APP_TOKEN"],
            ),
            (
                &["app", "AKIAIOSFODNN7EXAMPLE"],
                &["app", "${env:APP_TOKEN}"],
                &["APP_TOKEN"],
            ),
            (
                &["app", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"],
                &["app", "${env:APP_TOKEN}"],
                &["APP_TOKEN"],
            ),
            (
                &[
                    "app",
                    "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----",
                ],
                &["app", "${env:APP_PRIVATE_KEY}"],
                &["APP_PRIVATE_KEY"],
            ),
            (
                &["7z", "--password=x"],
                &["7z", "--password=${env:_7Z_PASSWORD}"],
                &["_7Z_PASSWORD"],
            ),
        ];
        for (argv, expected, names) in table {
            let (found, variables) = replaced(&arguments(argv));
            assert_eq!(found, expected);
            assert_eq!(variables, names);
        }
    }

    #[test]
    fn look_alikes_stay() {
        let table: [&[&str]; 14] = [
            &["app", "--passwordless", "x"],
            &["app", "--password-file", "/etc/x"],
            &["app", "--password-file=/etc/x"],
            &["app", "--password"],
            &["app", "--password", "--verbose"],
            &["app", "--key=a", "-key", "b"],
            &["app", "PWD=/home/me"],
            &["app", "--token=$TOKEN"],
            &["app", "--token=", "--secret=***"],
            &["git", "show", "0123456789abcdef0123456789abcdef01234567"],
            &["app", "6f1e0b3a-7f5a-4c43-9d4e-0123456789ab"],
            &["ssh", "me@host:22", "sk-file"],
            &["app", "https://host:8080/a@b", "http://me@host/"],
            &["secret-tool", "search", "token"],
        ];
        for argv in table {
            let argv = arguments(argv);
            assert_eq!(replaced(&argv), (argv.clone(), vec![]));
            assert_eq!(masked(&argv), argv);
        }
    }

    #[test]
    fn titles_lose_their_secrets() {
        let table = [
            ("mysql --password=x - XTerm", "mysql --password=*** - XTerm"),
            ("me@host: ~/src", "me@host: ~/src"),
            ("größe token=ä b", "größe token=*** b"),
            ("ftp://me:x@host/ – Files", "ftp://me:***@host/ – Files"),
            ("Reset your password – Mail", "Reset your password – Mail"),
            ("1 + 1 = 2", "1 + 1 = 2"),
            ("password=\"\"ä\"", "password=\"\"ä\""),
            ("password=\"x y\" z", "password=\"***\" z"),
        ];
        for (title, expected) in table {
            assert_eq!(masked_text(title), expected);
        }
    }

    proptest! {
        #[test]
        fn what_is_no_secret_is_kept(text in "(.|=|-|password|token|://|@|:| |\"|Bearer ){0,40}") {
            let secrets = in_text(&text);
            let same = rebuild(&text, &[], &mut |part, _| part.to_owned());
            prop_assert_eq!(&same, &text);
            let length: usize = secrets.iter().map(|secret| secret.range.len()).sum();
            prop_assert_eq!(
                masked_text(&text).len(),
                text.len() - length + MASK.len() * secrets.len()
            );
        }
    }
}
