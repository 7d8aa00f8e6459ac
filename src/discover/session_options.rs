//! Options that session managers add to command lines.
//!
//! A session manager starts a program again with the id that the program had in the previous
//! X session. The id belongs to that session, so it is no part of the program's command.

/// Options with the id or the state of a client, as the next argument or after `=`: of the X
/// Toolkit (X Toolkit Intrinsics, "Session Participation") and of GTK and Xfce.
const OPTIONS: [&str; 4] = [
    "-xtsessionID",
    "--sm-client-id",
    "--sm-client-state-file",
    "--sm-config-prefix",
];

/// Qt's option. Other programs have an option of this name with another meaning.
const QT_OPTION: &str = "-session";

/// Returns the command line without the options of session managers.
pub(super) fn without_session_options(argv: Vec<String>) -> Vec<String> {
    if !argv.iter().any(|word| name(word).is_some()) {
        return argv;
    }
    let mut kept = Vec::with_capacity(argv.len());
    let mut words = argv.into_iter().peekable();
    kept.extend(words.next());
    while let Some(word) = words.next() {
        if word == "--" {
            kept.push(word);
            break;
        }
        let is_dropped = match name(&word) {
            Some(QT_OPTION) => words.next_if(|value| is_client_id(value)).is_some(),
            Some(option) => word.len() > option.len() || words.next().is_some(),
            None => false,
        };
        if !is_dropped {
            kept.push(word);
        }
    }
    kept.extend(words);
    kept
}

/// The session manager's option in an argument, if it is one.
fn name(word: &str) -> Option<&'static str> {
    if word == QT_OPTION {
        return Some(QT_OPTION);
    }
    OPTIONS.into_iter().find(|option| {
        word.strip_prefix(option)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    })
}

/// True for the id of a client in the X Session Management Protocol, a hexadecimal number, with
/// Qt's session key after it.
fn is_client_id(value: &str) -> bool {
    value.split_once('_').is_some_and(|(id, key)| {
        !id.is_empty()
            && id.chars().all(|c| c.is_ascii_hexdigit())
            && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::without_session_options;

    #[test]
    fn options_of_session_managers_are_dropped() {
        for (given, kept) in [
            ("xcalc -xtsessionID 117f0001 -rpn", "xcalc -rpn"),
            ("xcalc -rpn -xtsessionID 117f0001", "xcalc -rpn"),
            ("thunar --sm-client-id 2abc .", "thunar ."),
            ("thunar --sm-client-id=2abc .", "thunar ."),
            (
                "xfwm4 --sm-config-prefix /a/ --sm-client-state-file /b",
                "xfwm4",
            ),
            ("konsole -session 10de_171_2", "konsole"),
            // Other meanings, and options without a value.
            ("app -session", "app -session"),
            ("app -session work", "app -session work"),
            ("app -session bad_name.txt", "app -session bad_name.txt"),
            ("kitty --session 10de_171_2", "kitty --session 10de_171_2"),
            ("thunar --sm-client-id", "thunar --sm-client-id"),
            ("thunar --sm-client-ids 2", "thunar --sm-client-ids 2"),
            ("grep -- -xtsessionID file", "grep -- -xtsessionID file"),
            ("-xtsessionID x", "-xtsessionID x"),
            ("", ""),
        ] {
            let words = |line: &str| line.split_whitespace().map(str::to_owned).collect();
            let kept: Vec<String> = words(kept);
            assert_eq!(without_session_options(words(given)), kept, "{given}");
        }
    }
}
