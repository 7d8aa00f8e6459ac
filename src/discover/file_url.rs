//! `file` URLs (RFC 8089).

use std::path::PathBuf;

/// Returns the local file that a URL names.
pub(super) fn local_file(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("file://")?;
    let path = path.strip_prefix("localhost").unwrap_or(path);
    if !path.starts_with('/') || path.contains(['?', '#']) {
        return None;
    }
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        let (high, low) = (digit()?, digit()?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    let path = String::from_utf8(bytes).ok()?;
    (!path.contains('\0')).then(|| PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_urls_become_paths() {
        for (url, expected) in [
            ("file:///home/me/a.txt", Some("/home/me/a.txt")),
            ("file://localhost/a", Some("/a")),
            ("file:///a%20b/%C3%BC", Some("/a b/ü")),
            ("file:///a%2", None),
            ("file:///a%FF", None),
            ("file:///a%00b", None),
            ("file:///a.html#part", None),
            ("file://server/share", None),
            ("https://a/b", None),
            ("/a", None),
        ] {
            assert_eq!(local_file(url), expected.map(PathBuf::from), "{url}");
        }
    }
}
