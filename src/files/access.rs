//! Owners, permissions and access control lists of files.
#![expect(clippy::disallowed_methods, reason = "looks at files")]

use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use rustix::buffer::spare_capacity;

/// The owner and the permissions of a file or folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// The owner.
    pub uid: u32,
    /// The group.
    pub gid: u32,
    /// The type and the permission bits (stat(2), `st_mode`).
    pub mode: u32,
    /// The access control list, if there is one.
    pub acl: Option<Acl>,
}

/// The part of a POSIX access control list that is about writing (acl(5)).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acl {
    /// True if the group of the file may write. The group bits of the mode are the mask of the list.
    pub group: bool,
    /// The other users and groups that may write.
    pub others: Vec<Grant>,
}

/// An entry of an access control list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// A user.
    User(u32),
    /// A group.
    Group(u32),
}

/// The user who runs this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The effective user.
    pub uid: u32,
    /// The effective group.
    pub gid: u32,
}

impl Identity {
    /// The user of this process.
    pub fn own() -> Self {
        Self {
            uid: rustix::process::geteuid().as_raw(),
            gid: rustix::process::getegid().as_raw(),
        }
    }
}

/// The extended attribute with the list (xattr(7)).
const ATTRIBUTE: &str = "system.posix_acl_access";

/// The largest value of an extended attribute, in bytes.
const LARGEST: usize = 1 << 16;

impl Access {
    /// The access of an open file.
    pub fn of_file(file: &File) -> io::Result<Self> {
        let mut value = Vec::with_capacity(LARGEST);
        let read = rustix::fs::fgetxattr(file, ATTRIBUTE, spare_capacity(&mut value));
        Ok(Self::new(&file.metadata()?, listed(&value, read)))
    }

    /// The access of the file or folder at a path, through symbolic links.
    pub fn of_path(path: &Path) -> io::Result<Self> {
        let mut value = Vec::with_capacity(LARGEST);
        let read = rustix::fs::getxattr(path, ATTRIBUTE, spare_capacity(&mut value));
        Ok(Self::new(&fs::metadata(path)?, listed(&value, read)))
    }

    fn new(metadata: &Metadata, acl: Option<Acl>) -> Self {
        Self {
            uid: metadata.uid(),
            gid: metadata.gid(),
            mode: metadata.mode(),
            acl,
        }
    }
}

/// The list in the value of the attribute. Files without a list and most file systems have no value.
fn listed(value: &[u8], read: rustix::io::Result<usize>) -> Option<Acl> {
    Acl::parse(value.get(..read.ok()?)?)
}

impl Acl {
    /// Reads the value of the attribute: a version and entries of tag, permissions and id, all in
    /// little endian (`linux/posix_acl_xattr.h`).
    pub fn parse(value: &[u8]) -> Option<Self> {
        const VERSION: u32 = 2;
        const ENTRY: usize = 8;
        const USER: u16 = 0x02;
        const GROUP_OWNER: u16 = 0x04;
        const GROUP: u16 = 0x08;
        const MASK: u16 = 0x10;
        const WRITE: u16 = 2;
        let (version, entries) = value.split_first_chunk()?;
        if u32::from_le_bytes(*version) != VERSION {
            return None;
        }
        let entries: Vec<(u16, bool, u32)> = entries
            .chunks_exact(ENTRY)
            .filter_map(|entry| {
                let (tag, rest) = entry.split_first_chunk()?;
                let (permissions, rest) = rest.split_first_chunk()?;
                let (id, _) = rest.split_first_chunk()?;
                let writes = u16::from_le_bytes(*permissions) & WRITE != 0;
                Some((u16::from_le_bytes(*tag), writes, u32::from_le_bytes(*id)))
            })
            .collect();
        // Without a mask, nothing is masked.
        let is_masked = entries
            .iter()
            .any(|(tag, writes, _)| *tag == MASK && !writes);
        let mut acl = Self::default();
        for (tag, writes, id) in entries {
            match tag {
                _ if is_masked || !writes => {}
                USER => acl.others.push(Grant::User(id)),
                GROUP => acl.others.push(Grant::Group(id)),
                GROUP_OWNER => acl.group = true,
                _ => {}
            }
        }
        Some(acl)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The value of the attribute with these entries.
    fn value(entries: &[(u16, u16, u32)]) -> Vec<u8> {
        let mut value = 2_u32.to_le_bytes().to_vec();
        for (tag, permissions, id) in entries {
            value.extend(tag.to_le_bytes());
            value.extend(permissions.to_le_bytes());
            value.extend(id.to_le_bytes());
        }
        value
    }

    #[test]
    fn lists_grant_writing_through_their_mask() {
        let entries = |mask| {
            value(&[
                (0x01, 6, u32::MAX),
                (0x02, 6, 1001),
                (0x02, 4, 1002),
                (0x04, 6, u32::MAX),
                (0x08, 7, 100),
                (0x10, mask, u32::MAX),
                (0x20, 4, u32::MAX),
            ])
        };
        let open = Acl {
            group: true,
            others: vec![Grant::User(1001), Grant::Group(100)],
        };
        assert_eq!(Acl::parse(&entries(7)), Some(open));
        assert_eq!(Acl::parse(&entries(5)), Some(Acl::default()));
        for damaged in [&[][..], &[2, 0], &[9, 0, 0, 0, 2, 0, 6, 0, 1, 0, 0, 0]] {
            assert_eq!(Acl::parse(damaged), None, "{damaged:?}");
        }
    }
}
