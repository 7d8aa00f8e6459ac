//! Frames of i3's IPC: magic, length, type, payload (i3 IPC document, "Sending
//! messages").
//!
//! Pure. Numbers are in the byte order of the machine.

use swayipc_types::MAGIC;

use super::error::WmError;

/// The number of bytes before the payload.
pub(super) const HEADER_LEN: usize = MAGIC.len() + 8;

/// The longest accepted payload, in bytes. A tree with 250 windows has 240 KB, a thousandth
/// of this.
pub(super) const MAX_PAYLOAD: u32 = 256 << 20;

/// The bit that distinguishes events from replies (i3 IPC document, "Events").
const EVENT_BIT: u32 = 1 << 31;

/// The kind of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The reply to a request of this number.
    Reply(u32),
    /// An event of this number.
    Event(u32),
}

/// The kind of a frame and the length of its payload, from its first bytes.
pub(super) fn decode_header(bytes: [u8; HEADER_LEN]) -> Result<(Kind, u32), WmError> {
    let [m0, m1, m2, m3, m4, m5, l0, l1, l2, l3, k0, k1, k2, k3] = bytes;
    let magic = [m0, m1, m2, m3, m4, m5];
    if magic != MAGIC {
        return Err(WmError::Magic { found: magic });
    }
    let len = u32::from_ne_bytes([l0, l1, l2, l3]);
    if len > MAX_PAYLOAD {
        return Err(WmError::TooLong {
            len,
            limit: MAX_PAYLOAD,
        });
    }
    let number = u32::from_ne_bytes([k0, k1, k2, k3]);
    let kind = if number & EVENT_BIT == 0 {
        Kind::Reply(number)
    } else {
        Kind::Event(number & !EVENT_BIT)
    };
    Ok((kind, len))
}

#[cfg(test)]
mod tests {
    use super::*;

    use swayipc_types::CommandType;

    fn header(bytes: &[u8]) -> Result<(Kind, u32), WmError> {
        let mut head = [0; HEADER_LEN];
        head.copy_from_slice(&bytes[..HEADER_LEN]);
        decode_header(head)
    }

    #[test]
    fn a_request_is_magic_length_type_payload() {
        let bytes = CommandType::RunCommand.encode_with("nop ü");
        assert_eq!(&bytes[..6], b"i3-ipc");
        assert_eq!(bytes[6..10], 6u32.to_ne_bytes());
        assert_eq!(bytes[10..14], 0u32.to_ne_bytes());
        assert_eq!(&bytes[14..], "nop ü".as_bytes());
    }

    #[test]
    fn encoded_messages_can_be_decoded() {
        for (kind, payload) in [
            (CommandType::RunCommand, "a"),
            (CommandType::GetTree, ""),
            (CommandType::SendTick, "payload"),
        ] {
            let (read, len) =
                header(&kind.encode_with(payload)).expect("the header was just encoded");
            assert_eq!(read, Kind::Reply(kind.into()));
            assert_eq!(len as usize, payload.len());
        }
    }

    #[test]
    fn events_have_the_highest_bit() {
        let mut bytes = b"i3-ipc".to_vec();
        bytes.extend(2u32.to_ne_bytes());
        bytes.extend((EVENT_BIT | 3).to_ne_bytes());
        assert_eq!(
            header(&bytes).expect("the header is complete"),
            (Kind::Event(3), 2)
        );
    }

    #[test]
    fn other_magic_is_refused() {
        assert!(matches!(
            header(b"HTTP/1.1 400 Bad"),
            Err(WmError::Magic { found }) if &found == b"HTTP/1"
        ));
    }

    #[test]
    fn a_huge_length_is_refused() {
        let mut bytes = b"i3-ipc".to_vec();
        bytes.extend(u32::MAX.to_ne_bytes());
        bytes.extend(0u32.to_ne_bytes());
        assert!(matches!(
            header(&bytes),
            Err(WmError::TooLong { len: u32::MAX, .. })
        ));
    }
}
