//! Options that session managers and desktops add to command lines.
//!
//! A session manager starts a program again with the id that the program had in the previous
//! X session, and with the display. A desktop that starts a program for a click adds a token for
//! the click. These belong to that session or click, so they are no part of the program's command.

/// Options with the id or the state of a client, as the next argument or after `=`: of the X
/// Toolkit (X Toolkit Intrinsics, "Session Participation") and of GTK and Xfce; and with the token
/// of a click (Startup Notification Protocol, XDG activation).
const OPTIONS: [&str; 7] = [
    "-xtsessionID",
    "--sm-client-id",
    "--sm-client-state-file",
    "--sm-config-prefix",
    "--activation-token",
    "--desktop-startup-id",
    "--startup-id",
];

/// Qt's option. Other programs have an option of this name with another meaning.
const QT_OPTION: &str = "-session";

/// Options with the display, of the X Toolkit and Qt, and of GTK.
const DISPLAY_OPTIONS: [&str; 2] = ["-display", "--display"];

/// Returns the command line without the options of session managers. `display` returns the display
/// in the environment of the process.
pub(super) fn without_session_options(
    argv: Vec<String>,
    display: impl FnOnce() -> Option<String>,
) -> Vec<String> {
    let is_any = |word: &String| name(word).is_some();
    if !argv.iter().any(is_any) {
        return argv;
    }
    let asks = |word: &String| name(word).is_some_and(|name| DISPLAY_OPTIONS.contains(&name));
    let display = argv.iter().any(asks).then(display).flatten();
    let is_display = |value: &str| {
        display
            .as_deref()
            .is_some_and(|ours| same_display(value, ours))
    };
    let mut kept = Vec::with_capacity(argv.len());
    let mut words = argv.into_iter().peekable();
    kept.extend(words.next());
    while let Some(word) = words.next() {
        if word == "--" {
            kept.push(word);
            break;
        }
        let inner = |option: &str| word.get(option.len() + 1..);
        let is_dropped = match name(&word) {
            Some(QT_OPTION) => words.next_if(|value| is_client_id(value)).is_some(),
            Some(option) if DISPLAY_OPTIONS.contains(&option) => match inner(option) {
                Some(value) => is_display(value),
                None => words.next_if(|value| is_display(value)).is_some(),
            },
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

/// True if two names refer to the same display, apart from the screen at the end.
pub(super) fn same_display(one: &str, other: &str) -> bool {
    fn display(name: &str) -> (&str, Option<&str>) {
        let (host, number) = name.rsplit_once(':').unwrap_or(("", name));
        (host, number.split('.').next())
    }
    display(one) == display(other)
}

/// The session manager's option in an argument, if it is one.
fn name(word: &str) -> Option<&'static str> {
    if word == QT_OPTION {
        return Some(QT_OPTION);
    }
    OPTIONS.into_iter().chain(DISPLAY_OPTIONS).find(|option| {
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
            ("gedit --display :3.0 a", "gedit a"),
            ("gedit --display=:3 a", "gedit a"),
            ("xclock -display :3 -update 1", "xclock -update 1"),
            ("app --activation-token=a_b --x", "app --x"),
            ("xfce4-terminal --startup-id 2_TIME9", "xfce4-terminal"),
            // Of another display, or another meaning.
            ("vncviewer -display :4", "vncviewer -display :4"),
            ("app --display big", "app --display big"),
            ("app --display", "app --display"),
            ("app --displays :3", "app --displays :3"),
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
            let found = without_session_options(words(given), || Some(":3.0".to_owned()));
            assert_eq!(found, kept, "{given}");
        }
    }
}
