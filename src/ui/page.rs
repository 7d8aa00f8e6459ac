//! Pages of the documentation for a terminal.

/// A page in Markdown without the targets of its links, which lead nowhere in a terminal.
pub fn plain(page: &str) -> String {
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
    use super::plain;

    #[test]
    fn links_lose_their_targets() {
        for (page, expected) in [
            ("see [the guide](a.md#b), or [x].", "see the guide, or [x]."),
            ("![A desktop](a.svg)\n", "A desktop\n"),
            ("`[class=a]` (b) [c](d e)", "`[class=a]` (b) [c](d e)"),
            ("[[a](b)", "[a"),
            ("[", "["),
        ] {
            assert_eq!(plain(page), expected);
        }
    }
}
