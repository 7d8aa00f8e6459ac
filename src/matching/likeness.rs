//! The likeness of two titles.
//!
//! A title names a document and a program. It may have parts that change during work, such as the
//! number of unread messages or a sign for unsaved changes.

/// Signs for unsaved changes before or after the name of a document.
const CHANGED: [char; 5] = ['*', '●', '•', '∙', '+'];

/// The likeness of two titles in percent; 100 only if they differ in nothing but counts and signs
/// for unsaved changes.
///
/// The better of two measures counts: by letters, and by words, because programs do not always
/// append their own name to the document's.
pub(super) fn likeness(one: &str, other: &str) -> u8 {
    if one == other {
        return 100;
    }
    let (one, other) = (words(one), words(other));
    if one == other {
        // Titles that consist of counts identify nothing.
        return if one.is_empty() { 0 } else { 100 };
    }
    let letters = strsim::normalized_levenshtein(&one.join(" "), &other.join(" "));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a likeness is between 0 and 1"
    )]
    let percent = (letters.max(shared(&one, &other)) * 100.0) as u8;
    percent.min(99)
}

/// The words of a title, without the parts that change during work.
fn words(title: &str) -> Vec<&str> {
    title
        .split_whitespace()
        .filter(|word| !is_count(word))
        .map(|word| word.trim_matches(CHANGED))
        // Dashes and bars separate the document from the program.
        .filter(|word| word.contains(char::is_alphanumeric))
        .collect()
}

/// True for a number in brackets, such as `(3)`, `[12]` or `(99+)`.
fn is_count(word: &str) -> bool {
    let inside = word
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        .or_else(|| word.strip_prefix('[')?.strip_suffix(']'));
    inside.is_some_and(|inside| {
        let digits = inside.trim_end_matches('+');
        !digits.is_empty()
            && digits
                .chars()
                .all(|letter| letter.is_ascii_digit() || matches!(letter, ',' | '.'))
    })
}

/// The share of common words (Dice's coefficient).
fn shared(one: &[&str], other: &[&str]) -> f64 {
    let total = one.len() + other.len();
    let mut left = other.to_vec();
    let both = one
        .iter()
        .filter(|word| {
            let found = left.iter().position(|candidate| candidate == *word);
            found.map(|position| left.swap_remove(position)).is_some()
        })
        .count();
    #[expect(clippy::cast_precision_loss, reason = "titles have few words")]
    let share = (2 * both) as f64 / total.max(1) as f64;
    share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_signs_of_change_do_not_matter() {
        for (one, other) in [
            ("Inbox - Mail", "(3) Inbox - Mail"),
            ("(12) Inbox - Mail", "(3) Inbox - Mail"),
            ("Inbox (1,204) - Mail", "Inbox - Mail"),
            ("[99+] chat", "chat"),
            ("a.txt - Editor", "*a.txt - Editor"),
            ("a.txt - Editor", "● a.txt - Editor"),
            ("a.txt (+) - GVIM", "a.txt - GVIM"),
        ] {
            let likeness = likeness(one, other);
            assert!(likeness >= 80, "{one} | {other}: {likeness}");
        }
        assert_eq!(likeness("(1) Inbox", "(2) Inbox"), 100);
        assert_eq!(likeness("(1)", "(2)"), 0);
        assert!(likeness("a.txt", "b.txt") < 100);
    }

    /// In each row, the title is more similar to the second string than to the third.
    #[test]
    fn the_same_document_is_more_alike_than_the_same_program() {
        for (title, same, other) in [
            (
                "Page one",
                "Page one — Mozilla Firefox",
                "Page two — Mozilla Firefox",
            ),
            (
                "(2) Page one — Mozilla Firefox",
                "Page one — Mozilla Firefox",
                "Page two — Mozilla Firefox",
            ),
            ("~/one: make", "~/one: vim", "~/two: make -j2 check"),
            (
                "notes.md - Editor",
                "*notes.md - Editor",
                "todo.md - Editor",
            ),
        ] {
            let (right, wrong) = (likeness(title, same), likeness(title, other));
            assert!(right > wrong, "{title}: {right} and {wrong}");
        }
    }
}
