//! Words as they are typed in a shell, with quotes that may not be closed yet. Pure.

/// A word without its quotes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Typed {
    /// The word that the program will get.
    pub(super) text: String,
    /// The quote that is not closed.
    pub(super) quote: Option<char>,
}

impl Typed {
    /// A word without quotes.
    pub(super) fn plain(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            quote: None,
        }
    }
}

/// Removes quotes and backslashes as a shell does. Variables stay as they are.
pub(super) fn unquoted(raw: &str) -> Typed {
    let mut text = String::new();
    let mut quote = None;
    let mut letters = raw.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            ('\'' | '"', None) => quote = Some(letter),
            (_, Some(open)) if letter == open => quote = None,
            ('\\', None) => text.extend(letters.next()),
            ('\\', Some('"')) => {
                let escaped = letters.next_if(|next| matches!(next, '"' | '\\' | '$' | '`'));
                text.push(escaped.unwrap_or(letter));
            }
            _ => text.push(letter),
        }
    }
    Typed { text, quote }
}

/// The text with a backslash before all characters with a meaning for a shell. A `~` at the
/// beginning keeps its meaning.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for (at, letter) in text.char_indices() {
        let is_plain = letter.is_alphanumeric() || "/_-.,+=:@%".contains(letter);
        if !(is_plain || at == 0 && letter == '~') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_removed_as_in_a_shell() {
        for (raw, text, quote) in [
            ("daily", "daily", None),
            ("my\\ lay", "my lay", None),
            ("'my lay", "my lay", Some('\'')),
            ("\"a\\\"b\\c", "a\"b\\c", Some('"')),
            ("'a'\"b\"c", "abc", None),
            ("'it\\", "it\\", Some('\'')),
            ("\\", "", None),
        ] {
            let text = text.to_owned();
            assert_eq!(unquoted(raw), Typed { text, quote }, "{raw}");
        }
    }

    #[test]
    fn escaped_text_is_read_back() {
        for text in [
            "1:code", "a b", "it's", "$HOME", "~/x", "2~", "*?[a]", "é", "#1", "a\\b",
        ] {
            assert_eq!(unquoted(&escaped(text)).text, text);
        }
        assert_eq!(escaped("~/a b"), "~/a\\ b");
        assert_eq!(escaped("a~"), "a\\~");
    }
}
