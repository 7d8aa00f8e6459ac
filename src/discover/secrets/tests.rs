//! Real-looking secrets and their look-alikes.

use super::*;

use proptest::prelude::*;

fn arguments(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

#[test]
fn announced_secrets_are_found_in_other_arguments() {
    let argv = arguments(&[
        "app",
        "-T",
        "a sesame1",
        "--token",
        "sesame1",
        "--x=sesame1",
    ]);
    let (replaced, names) = Secrets::default().replaced(&argv);
    let token = "${env:APP_TOKEN}";
    let expected = format!("app -T a {token} --token {token} --x={token}");
    assert_eq!(replaced.join(" "), expected);
    assert_eq!(names, ["APP_TOKEN"]);
    // The name of an option is not a secret, and neither is part of a word.
    for argv in [
        ["app", "--password", "password", "--x"],
        ["app", "--token", "abc", "abcdef"],
    ] {
        let masked = Secrets::default().masked(&arguments(&argv));
        assert_eq!(masked, [argv[0], argv[1], MASK, argv[3]]);
    }
}

#[test]
fn secrets_of_commands_become_variables() {
    let table: [(&[&str], &[&str], &[&str]); 13] = [
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
            // The variable of the shell is escaped.
            &[
                "sh",
                "-c",
                "mysql --password ${env:SH_PASSWORD} $${x}; PGPASSWORD='${env:SH_PGPASSWORD}' psql",
            ],
            &["SH_PASSWORD", "SH_PGPASSWORD"],
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
        // In the argument of a program, this is not a variable of the shell.
        (
            &["app", "--password", "$ecret"],
            &["app", "--password", "${env:APP_PASSWORD}"],
            &["APP_PASSWORD"],
        ),
        (
            &["7z", "--password=x"],
            &["7z", "--password=${env:_7Z_PASSWORD}"],
            &["_7Z_PASSWORD"],
        ),
    ];
    for (argv, expected, names) in table {
        let (found, variables) = Secrets::default().replaced(&arguments(argv));
        assert_eq!(found, expected);
        assert_eq!(variables, names);
    }
}

#[test]
fn look_alikes_are_kept() {
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
        assert_eq!(Secrets::default().replaced(&argv), (argv.clone(), vec![]));
        assert_eq!(Secrets::default().masked(&argv), argv);
    }
}

#[test]
fn secrets_in_titles_are_masked() {
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
        assert_eq!(Secrets::default().masked_text(title), expected);
    }
}

proptest! {
    #[test]
    fn other_text_is_kept(text in "(.|=|-|password|token|://|@|:| |\"|Bearer ){0,40}") {
        let secrets = in_text(&text);
        let marked = Secrets::default().marked_text(&text, &[]);
        let same: String = marked.parts().map(|(part, _)| part).collect();
        prop_assert_eq!(&same, &text);
        let length: usize = secrets.iter().map(|secret| secret.range.len()).sum();
        prop_assert_eq!(
            Secrets::default().masked_text(&text).len(),
            text.len() - length + MASK.len() * secrets.len()
        );
    }
}

/// Inserts random letters and digits, the same in each run: 36 for `{a36}`, 32 hexadecimal digits
/// for `{h32}`, 16 capitals and digits for `{c16}`. So no file in the repository contains anything
/// that looks like a real secret to a scanner.
fn filled(text: &str) -> String {
    let pattern = regex::Regex::new(r"\{([ahc])(\d+)\}").unwrap();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let filled = pattern.replace_all(text, |captures: &regex::Captures| {
        let alphabet: &[u8] = match &captures[1] {
            "a" => b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
            "h" => b"0123456789abcdef",
            _ => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
        };
        (0..captures[2].parse::<usize>().unwrap())
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                let index = usize::try_from(state >> 33).unwrap() % alphabet.len();
                char::from(alphabet[index])
            })
            .collect::<String>()
    });
    filled.into_owned()
}

/// Command lines with one secret each, between `«` and `»`.
const REAL: &str = include_str!("tests/real.txt");

/// Command lines without a secret, and look-alikes.
const HARMLESS: &str = include_str!("tests/harmless.txt");

fn lines(text: &str) -> impl Iterator<Item = String> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(filled)
}

#[test]
fn no_real_looking_secret_is_missed() {
    let mut missed = Vec::new();
    let mut count = 0;
    for line in lines(REAL) {
        count += 1;
        let secret = line.split(['«', '»']).nth(1).expect(&line).to_owned();
        let plain = line.replace(['«', '»'], "");
        let argv = shell_words::split(&plain).expect(&line);
        let secrets = Secrets::default();
        let masked = secrets.masked(&argv).join(" ");
        let (replaced, names) = secrets.replaced(&argv);
        let replaced = replaced.join(" ");
        let text = Secrets::default().masked_text(&plain);
        let left = |text: &str| text.contains(&secret);
        if left(&masked) || left(&replaced) || left(&text) || names.is_empty() {
            missed.push(format!("{line}\n    {replaced}\n    {text}"));
        }
    }
    assert!(
        missed.is_empty(),
        "{} of {count} missed:\n{}",
        missed.len(),
        missed.join("\n")
    );
    assert!(count > 150, "{count} are few");
}

#[test]
#[expect(clippy::print_stderr, reason = "shows the rate")]
fn false_alarms_are_rare() {
    let mut alarms = Vec::new();
    let mut count = 0;
    for line in lines(HARMLESS) {
        count += 1;
        let argv = shell_words::split(&line).expect(&line);
        let (replaced, names) = Secrets::default().replaced(&argv);
        if !names.is_empty() {
            alarms.push(format!("{line}\n    {}", replaced.join(" ")));
        }
        let text = Secrets::default().masked_text(&line);
        if names.is_empty() && text != line {
            alarms.push(format!("{line}\n    as a string: {text}"));
        }
    }
    let permille = alarms.len() * 1000 / count;
    eprintln!(
        "false alarms: {} of {count} ({permille} ‰)\n{}",
        alarms.len(),
        alarms.join("\n")
    );
    assert!(count >= 400, "{count} are few");
    assert!(permille <= 5, "{permille} ‰");
}

#[test]
fn different_secrets_get_different_variables() {
    let secrets = Secrets::default();
    let names = |argv: &[&str]| secrets.replaced(&arguments(argv)).1;
    assert_eq!(names(&["mysql", "-phunter2"]), ["MYSQL_PASSWORD"]);
    assert_eq!(names(&["mysql", "-pcorrect"]), ["MYSQL_PASSWORD_2"]);
    assert_eq!(names(&["mysql", "-phunter2"]), ["MYSQL_PASSWORD"]);
    assert_eq!(
        secrets.replaced_text("mysql", "/srv/token=x/${y}"),
        (
            "/srv/token=${env:MYSQL_TOKEN}".to_owned(),
            vec!["MYSQL_TOKEN".to_owned()]
        )
    );
    assert!(!format!("{secrets:?}").contains("hunter2"));
}

#[test]
fn overlapping_secrets_are_masked_as_one() {
    let pattern = |text: &str| crate::layout::criteria::compile(text).unwrap();
    let secrets = Secrets::new(vec![pattern("corp-[0-9a-f]{8}"), pattern("abcd[0-9]+")]);
    assert_eq!(secrets.masked_text("x corp-0123abcd456 y"), "x *** y");
    assert_eq!(
        secrets.masked(&arguments(&["app", "--token", "abcdef", "corp-01abcdef"])),
        ["app", "--token", MASK, MASK]
    );
}

#[test]
fn patterns_of_the_user_are_applied() {
    let pattern = |text: &str| crate::layout::criteria::compile(text).unwrap();
    let secrets = Secrets::new(vec![pattern("corp-[0-9]{6}"), pattern("badge:(\\w+)")]);
    assert_eq!(
        secrets.masked_text("a corp-123456 badge:xyz"),
        "a *** badge:***"
    );
    assert_eq!(
        secrets.replaced(&arguments(&["app", "--id=corp-123456"])),
        (
            arguments(&["app", "--id=${env:APP_SECRET}"]),
            vec!["APP_SECRET".to_owned()]
        )
    );
}

#[test]
fn text_that_a_pattern_cannot_search_is_masked() {
    let pattern = |text: &str| crate::layout::criteria::compile(text).unwrap();
    let secrets = Secrets::new(vec![pattern("id=([0-9]+)|^x(a+)+$")]);
    let long = "a".repeat(100);
    assert_eq!(
        secrets.masked_text(&format!("id=1 {long}!")),
        format!("id=*** {long}!")
    );
    assert_eq!(secrets.masked_text(&format!("x{long}! y")), MASK);
}

#[test]
fn variables_with_other_values_are_not_used() {
    let secrets = Secrets::default()
        .with_environment([("MYSQL_PASSWORD", "another"), ("PSQL_PASSWORD", "hunter2")]);
    for (program, name) in [("mysql", "MYSQL_PASSWORD_2"), ("psql", "PSQL_PASSWORD")] {
        let argv = arguments(&[program, "--password", "hunter2"]);
        assert_eq!(secrets.replaced(&argv).1, [name]);
    }
}
