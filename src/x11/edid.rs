//! Decodes EDID, the description that a monitor sends of itself. Pure.
//!
//! The format is VESA E-EDID 1.4 ("Extended Display Identification Data Standard", release A2,
//! section 3). Only the first block of 128 bytes is read.

use crate::geometry::Size;
use crate::live::Edid;

/// The length of a block, in bytes.
const BLOCK: usize = 128;

/// The first bytes of each EDID.
const HEADER: [u8; 8] = [0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00];

/// The four descriptors: where the first one starts, and the length of each.
const DESCRIPTORS: (usize, usize) = (54, 18);

/// The tag of the descriptor with the serial number.
const SERIAL: u8 = 0xff;

/// The tag of the descriptor with the name of the model.
const NAME: u8 = 0xfc;

/// The identity of the monitor with this EDID. It is empty if the bytes are too short or corrupted.
pub(super) fn decode(bytes: &[u8]) -> Edid {
    decode_block(bytes).unwrap_or_default()
}

fn decode_block(bytes: &[u8]) -> Option<Edid> {
    let block = bytes.get(..BLOCK)?;
    let sum = block.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
    if !block.starts_with(&HEADER) || sum != 0 {
        return None;
    }
    let (start, length) = DESCRIPTORS;
    let descriptors: Vec<&[u8]> = block
        .get(start..start + 4 * length)?
        .chunks(length)
        .collect();
    let text = |tag| descriptors.iter().find_map(|one| text(one, tag));
    let code = u16::from_le_bytes([*block.get(10)?, *block.get(11)?]);
    let number = u32::from_le_bytes(block.get(12..16)?.try_into().ok()?);
    // Zero means that there is none, and some manufacturers use 01 01 01 01 for all monitors.
    let number = (!matches!(number, 0 | 0x0101_0101)).then(|| number.to_string());
    Some(Edid {
        make: make([*block.get(8)?, *block.get(9)?]),
        model: text(NAME).or_else(|| Some(format!("0x{code:04x}"))),
        serial: text(SERIAL).or(number),
        size_mm: descriptors
            .first()
            .and_then(|timing| size_of_timing(timing))
            .or_else(|| {
                size(
                    u32::from(*block.get(21)?) * 10,
                    u32::from(*block.get(22)?) * 10,
                )
            }),
    })
}

/// The three letters of the manufacturer, five bits each (section 3.4.1).
fn make(bytes: [u8; 2]) -> Option<String> {
    let packed = u16::from_be_bytes(bytes);
    let letters = [packed >> 10, packed >> 5, packed].map(|letter| letter & 0x1f);
    let letter = |number: u16| match u8::try_from(number) {
        Ok(number @ 1..=26) => Some(char::from(b'A' + number - 1)),
        _ => None,
    };
    letters.into_iter().map(letter).collect()
}

/// The text of a descriptor with this tag (section 3.10.3): up to 13 characters, which a line feed
/// ends.
fn text(descriptor: &[u8], tag: u8) -> Option<String> {
    let (head, text) = descriptor.split_at_checked(5)?;
    if head != [0, 0, 0, tag, 0] {
        return None;
    }
    let text = text.split(|byte| *byte == b'\n').next()?;
    let printable = text
        .iter()
        .copied()
        .filter(|byte| (b' '..=b'~').contains(byte));
    let text: String = printable.map(char::from).collect();
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The size of the picture in a detailed timing (section 3.10.2).
fn size_of_timing(timing: &[u8]) -> Option<Size> {
    // A pixel clock of 0 marks another kind of descriptor.
    if timing.starts_with(&[0, 0]) {
        return None;
    }
    let (low_width, low_height) = (*timing.get(12)?, *timing.get(13)?);
    let high = u32::from(*timing.get(14)?);
    size(
        u32::from(low_width) | (high & 0xf0) << 4,
        u32::from(low_height) | (high & 0x0f) << 8,
    )
}

/// The size. One number alone is an aspect ratio, and projectors have none.
const fn size(width: u32, height: u32) -> Option<Size> {
    if width == 0 || height == 0 {
        return None;
    }
    Some(Size { width, height })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The EDID of a monitor, with these descriptors after the detailed timing and with a valid
    /// checksum.
    fn block(make: [u8; 2], number: [u8; 4], texts: &[(u8, &[u8])]) -> Vec<u8> {
        let mut block = vec![0; BLOCK];
        block[..8].copy_from_slice(&HEADER);
        block[8..10].copy_from_slice(&make);
        block[10..12].copy_from_slice(&[0xf2, 0x41]);
        block[12..16].copy_from_slice(&number);
        block[18..20].copy_from_slice(&[1, 4]);
        block[21..23].copy_from_slice(&[60, 34]);
        // 597 x 336 mm: 0x255 and 0x150.
        block[54..56].copy_from_slice(&[0x02, 0x3a]);
        block[66..69].copy_from_slice(&[0x55, 0x50, 0x21]);
        for (position, (tag, text)) in texts.iter().enumerate() {
            let start = 54 + 18 * (position + 1);
            block[start + 3] = *tag;
            block[start + 5..start + 5 + text.len()].copy_from_slice(text);
        }
        complete(block)
    }

    /// Sets the checksum.
    fn complete(mut block: Vec<u8>) -> Vec<u8> {
        block[BLOCK - 1] = 0;
        let sum = block.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
        block[BLOCK - 1] = sum.wrapping_neg();
        block
    }

    const DELL: [u8; 2] = [0x10, 0xac];

    fn words(edid: &Edid) -> String {
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let size = edid.size_mm.map_or("-".to_owned(), |size| size.to_string());
        format!(
            "{} {} {} {size}",
            text(&edid.make),
            text(&edid.model),
            text(&edid.serial)
        )
    }

    #[test]
    fn texts_take_precedence_over_numbers() {
        let texts: &[(u8, &[u8])] = &[
            (SERIAL, b"7Q3RV2C3\n    "),
            (NAME, b"DELL U2719D\n "),
            (0xfd, b"\x32\x4c\x1e\x5a\x19\x01\x0a      "),
        ];
        let edid = decode(&block(DELL, [1, 2, 0, 0], texts));
        assert_eq!(words(&edid), "DEL DELL U2719D 7Q3RV2C3 597x336");
        let edid = decode(&block(DELL, [1, 2, 0, 0], &[]));
        assert_eq!(words(&edid), "DEL 0x41f2 513 597x336");
    }

    #[test]
    fn placeholders_for_unknown_values_are_left_out() {
        for number in [[0; 4], [1; 4]] {
            let edid = decode(&block(
                [0, 0],
                number,
                &[(NAME, b"  \n"), (SERIAL, b"\0\x07")],
            ));
            assert_eq!(words(&edid), "- 0x41f2 - 597x336");
        }
    }

    #[test]
    fn text_without_a_line_feed_has_13_characters() {
        let edid = decode(&block(
            DELL,
            [0; 4],
            &[(NAME, b"ABCDEFGHIJKLM"), (SERIAL, b"A\xffB\0C")],
        ));
        assert_eq!(words(&edid), "DEL ABCDEFGHIJKLM ABC 597x336");
    }

    #[test]
    fn size_in_centimetres_replaces_a_missing_size_in_millimetres() {
        let mut without = block(DELL, [0; 4], &[]);
        without[66..69].fill(0);
        assert_eq!(
            words(&decode(&complete(without.clone()))),
            "DEL 0x41f2 - 600x340"
        );
        // A width alone is an aspect ratio.
        without[22] = 0;
        assert_eq!(words(&decode(&complete(without))), "DEL 0x41f2 - -");
    }

    #[test]
    fn corrupted_bytes_have_no_identity() {
        let valid = block(DELL, [9; 4], &[(NAME, b"X\n")]);
        for length in 0..BLOCK {
            assert!(decode(&valid[..length]).is_empty(), "{length}");
        }
        for position in 0..BLOCK {
            let mut corrupted = valid.clone();
            corrupted[position] ^= 0x55;
            assert!(decode(&corrupted).is_empty(), "{position}");
            // With a valid checksum, it must not panic.
            let _ = decode(&complete(corrupted));
        }
        for byte in 0..=u8::MAX {
            let mut filled = vec![byte; 2 * BLOCK];
            filled[..8].copy_from_slice(&HEADER);
            let _ = decode(&complete(filled[..BLOCK].to_vec()));
        }
    }

    #[test]
    fn extension_blocks_are_ignored() {
        let mut long = block(DELL, [0; 4], &[]);
        long.extend([0xff; 77]);
        assert_eq!(decode(&long).make.as_deref(), Some("DEL"));
    }
}
