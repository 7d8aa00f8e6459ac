//! Text with links and emphasis.

/// The text of a line without the targets of links and without the marks of emphasis. Code keeps its
/// marks.
pub(super) fn text(line: &str) -> String {
    let line = without_links(line);
    let mut text = String::with_capacity(line.len());
    for (position, part) in line.split('`').enumerate() {
        let is_code = position % 2 == 1;
        if position > 0 {
            text.push('`');
        }
        if is_code {
            text.push_str(part);
        } else {
            text.push_str(&without_emphasis(&part.replace("**", "")));
        }
    }
    text
}

/// The text without asterisks around words.
fn without_emphasis(text: &str) -> String {
    let parts: Vec<&str> = text.split('*').collect();
    let are_pairs = parts.len() % 2 == 1;
    // Asterisks with spaces around them mean something else.
    let is_word = |part: &&str| !part.starts_with(' ') && !part.ends_with(' ') && !part.is_empty();
    if are_pairs && parts.iter().skip(1).step_by(2).all(is_word) {
        parts.concat()
    } else {
        text.to_owned()
    }
}

/// The text without the targets of its links.
fn without_links(page: &str) -> String {
    let mut text = String::with_capacity(page.len());
    let mut rest = page;
    while let Some(start) = rest.find('[') {
        let link = rest[start..].find("](").and_then(|middle| {
            let (label, after) = (&rest[start + 1..start + middle], start + middle + 2);
            let end = rest[after..].find(')')?;
            let is_link =
                !label.contains(['\n', '[', ']']) && !rest[after..after + end].contains(' ');
            is_link.then_some((label, after + end + 1))
        });
        if let Some((label, end)) = link {
            text.push_str(rest[..start].trim_end_matches('!'));
            text.push_str(label);
            rest = &rest[end..];
        } else {
            text.push_str(&rest[..=start]);
            rest = &rest[start + 1..];
        }
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn links_and_emphasis_lose_their_marks() {
        for (line, expected) in [
            ("see [the guide](a.md#b), or [x].", "see the guide, or [x]."),
            ("![A desktop](a.svg)", "A desktop"),
            ("`[class=a]` (b) [c](d e)", "`[class=a]` (b) [c](d e)"),
            ("[[a](b)", "[a"),
            ("[", "["),
            ("**`a`.** b *c d*", "`a`. b c d"),
            ("`**a*`", "`**a*`"),
            ("2 * 3 * 4", "2 * 3 * 4"),
            ("a*b", "a*b"),
        ] {
            assert_eq!(text(line), expected);
        }
    }
}
