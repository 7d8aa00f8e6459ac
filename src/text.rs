//! Strings from outside that may contain bytes that are not UTF-8.
//!
//! X properties, i3 marks and i3's config are bytes. i3 passes them on unchecked, in JSON strings
//! and in commands (`docs/i3-facts.md`, "Bytes that are not UTF-8"). [`decode`] replaces every
//! byte that is not part of valid UTF-8 by a special character, and [`encode`] restores the
//! bytes. So nothing is lost: different marks stay different, and i3 gets the same mark back.
//!
//! The character of byte `b` (0x80 to 0xFF) is U+10FE00 + `b`, from the last private plane of
//! Unicode. If a string already contains such a character, its bytes are treated as not UTF-8,
//! so that [`encode`] always restores the original.

pub mod path;

use std::borrow::Cow;

/// The characters of the bytes 0x80 to 0xFF.
const RAW: std::ops::RangeInclusive<char> = '\u{10fe80}'..='\u{10feff}';

/// The distance from a byte to its character.
const OFFSET: u32 = 0x0010_fe00;

/// Decodes bytes; each byte that is not UTF-8 becomes a special character.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes)
        && !has_raw_bytes(text)
    {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if RAW.contains(&character) {
                let mut buffer = [0; 4];
                let bytes = character.encode_utf8(&mut buffer).bytes();
                decoded.extend(bytes.map(character_of));
            } else {
                decoded.push(character);
            }
        }
        decoded.extend(chunk.invalid().iter().copied().map(character_of));
    }
    Cow::Owned(decoded)
}

/// The original bytes of a decoded string.
pub fn encode(text: &str) -> Cow<'_, [u8]> {
    if !has_raw_bytes(text) {
        return Cow::Borrowed(text.as_bytes());
    }
    let mut encoded = Vec::with_capacity(text.len());
    for character in text.chars() {
        match byte_of(character) {
            Some(byte) => encoded.push(byte),
            None => encoded.extend(character.encode_utf8(&mut [0; 4]).bytes()),
        }
    }
    Cow::Owned(encoded)
}

/// True if the string contains a byte that is not UTF-8. PCRE refuses such strings, so no
/// criterion of i3 matches them.
pub fn has_raw_bytes(text: &str) -> bool {
    // All of them begin with the two bytes F4 8F.
    text.as_bytes().contains(&0xf4) && text.chars().any(|character| RAW.contains(&character))
}

/// The byte of a special character.
pub fn byte_of(character: char) -> Option<u8> {
    RAW.contains(&character)
        .then(|| u8::try_from(u32::from(character) - OFFSET).ok())?
}

/// The character of a byte from 0x80 on.
fn character_of(byte: u8) -> char {
    char::from_u32(OFFSET + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The nearest character boundary of a string at or before a byte.
pub fn char_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The first byte of the line that a byte is in.
pub fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn valid_text_is_borrowed() {
        for text in ["", "plain", "größe ✓ \u{10ffff}"] {
            assert!(matches!(decode(text.as_bytes()), Cow::Borrowed(found) if found == text));
            assert!(matches!(encode(text), Cow::Borrowed(found) if found == text.as_bytes()));
            assert!(!has_raw_bytes(text));
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_become_special_characters() {
        for (bytes, text) in [
            (&b"x\xff"[..], "x\u{10feff}"),
            (b"caf\xe9", "caf\u{10fee9}"),
            (b"\xc3", "\u{10fec3}"),
            (b"a\xed\xa0\x80b", "a\u{10feed}\u{10fea0}\u{10fe80}b"),
        ] {
            assert_eq!(decode(bytes), text);
            assert_eq!(*encode(text), *bytes);
            assert!(has_raw_bytes(text));
        }
    }

    proptest! {
        #[test]
        fn encode_restores_decoded_bytes(bytes: Vec<u8>) {
            let decoded = decode(&bytes);
            prop_assert_eq!(&*encode(&decoded), &*bytes);
        }

        #[test]
        fn encode_restores_characters_that_look_like_bytes(
            text in "[a\u{10fe7f}-\u{10ff01}]{0,8}"
        ) {
            let decoded = decode(text.as_bytes());
            prop_assert_eq!(&*encode(&decoded), text.as_bytes());
        }
    }
}
