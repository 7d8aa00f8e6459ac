//! Edge: the sockets that are connected to a Unix socket, from the kernel (`sock_diag(7)`).

use std::collections::BTreeSet;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use rustix::io::Errno;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, netlink, recv, send, socket_with,
};

/// The type of the request and of each answer (`linux/sock_diag.h`).
const SOCK_DIAG_BY_FAMILY: u16 = 20;
/// The types of other answers (`linux/netlink.h`).
const ERROR: u16 = 2;
const DONE: u16 = 3;
/// A request for a list: `NLM_F_REQUEST | NLM_F_DUMP`.
const FLAGS: u16 = 0x301;
/// The address family of Unix sockets.
const UNIX: u8 = 1;
/// `UDIAG_SHOW_NAME | UDIAG_SHOW_PEER` (`linux/unix_diag.h`).
const SHOW: u32 = 1 | 4;
/// The attributes of an answer.
const NAME: u16 = 0;
const PEER: u16 = 2;
/// The sizes of `nlmsghdr`, `unix_diag_req`, `unix_diag_msg` and `rtattr`, in bytes.
const HEADER: usize = 16;
const REQUEST: usize = 24;
const MESSAGE: usize = 16;
const ATTRIBUTE: usize = 4;
/// The kernel sends at most this at once, in bytes.
const LARGEST: usize = 1 << 16;

/// The inodes of the sockets that are connected to the socket at this path.
pub fn connected_to(path: &Path) -> rustix::io::Result<BTreeSet<u64>> {
    let flags = SocketFlags::CLOEXEC;
    let protocol = Some(netlink::SOCK_DIAG);
    let kernel = socket_with(AddressFamily::NETLINK, SocketType::RAW, flags, protocol)?;
    send(&kernel, &request(), SendFlags::empty())?;
    let mut peers = BTreeSet::new();
    let mut buffer = vec![0; LARGEST];
    loop {
        let (_, length) = recv(&kernel, buffer.as_mut_slice(), RecvFlags::empty())?;
        let answers = buffer.get(..length).unwrap_or_default();
        if answers.is_empty() {
            return Err(Errno::PROTO);
        }
        for (kind, content) in messages(answers) {
            match kind {
                DONE => return Ok(peers),
                ERROR => return Err(Errno::OPNOTSUPP),
                SOCK_DIAG_BY_FAMILY => peers.extend(peer(content, path)),
                _ => {}
            }
        }
    }
}

fn request() -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER + REQUEST);
    let length = u32::try_from(HEADER + REQUEST).unwrap_or_default();
    bytes.extend(length.to_ne_bytes());
    bytes.extend(SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    bytes.extend(FLAGS.to_ne_bytes());
    // The number of the request and the sender, both chosen by the kernel.
    bytes.extend([0; 8]);
    bytes.extend([UNIX, 0, 0, 0]);
    // All states.
    bytes.extend(u32::MAX.to_ne_bytes());
    // All inodes.
    bytes.extend([0; 4]);
    bytes.extend(SHOW.to_ne_bytes());
    bytes.extend([0; 8]);
    bytes
}

/// The messages in an answer: type and content.
fn messages(mut bytes: &[u8]) -> Vec<(u16, &[u8])> {
    let mut found = Vec::new();
    while let Some((length, kind)) = number(bytes, 0).zip(short(bytes, 4)) {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let Some(content) = bytes.get(HEADER..length) else {
            break;
        };
        found.push((kind, content));
        bytes = bytes.get(length.next_multiple_of(4)..).unwrap_or_default();
    }
    found
}

/// The inode at the other end of a socket, if it is one that was accepted at this path.
fn peer(message: &[u8], path: &Path) -> Option<u64> {
    let mut attributes = message.get(MESSAGE..)?;
    let (mut is_it, mut peer) = (false, None);
    while let Some((length, kind)) = short(attributes, 0).zip(short(attributes, 2)) {
        let length = usize::from(length);
        let value = attributes.get(ATTRIBUTE..length)?;
        match kind {
            NAME => {
                let name = value.strip_suffix(&[0]).unwrap_or(value);
                is_it = name == path.as_os_str().as_bytes();
            }
            PEER => peer = number(value, 0),
            _ => {}
        }
        attributes = attributes
            .get(length.next_multiple_of(4)..)
            .unwrap_or_default();
    }
    peer.filter(|_| is_it).map(u64::from)
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    bytes.try_into().ok().map(u32::from_ne_bytes)
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at.checked_add(2)?)?;
    bytes.try_into().ok().map(u16::from_ne_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message with these attributes.
    fn message(attributes: &[(u16, &[u8])]) -> Vec<u8> {
        let mut bytes = vec![0; MESSAGE];
        for (kind, value) in attributes {
            let length = u16::try_from(ATTRIBUTE + value.len()).unwrap();
            bytes.extend(length.to_ne_bytes());
            bytes.extend(kind.to_ne_bytes());
            bytes.extend(*value);
            bytes.resize(bytes.len().next_multiple_of(4), 0);
        }
        bytes
    }

    #[test]
    fn peers_of_accepted_sockets_are_found() {
        let seven = &7_u32.to_ne_bytes()[..];
        let at = |name: &'static [u8]| message(&[(NAME, name), (PEER, seven)]);
        let path = Path::new("/run/i3");
        assert_eq!(peer(&at(b"/run/i3\0"), path), Some(7));
        assert_eq!(peer(&at(b"/run/i3"), path), Some(7));
        assert_eq!(peer(&at(b"/run/i33\0"), path), None);
        // The socket that listens, and damaged answers.
        assert_eq!(peer(&message(&[(NAME, b"/run/i3\0")]), path), None);
        assert_eq!(peer(&[], path), None);
        let mut cut = at(b"/run/i3\0");
        cut.truncate(MESSAGE + 6);
        assert_eq!(peer(&cut, path), None);
        assert_eq!(messages(&[1, 0, 0, 0]), []);
    }
}
