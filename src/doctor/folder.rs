//! The directories of the program. Pure.

use std::path::PathBuf;

use super::verdict::Verdict;

/// The purpose of a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The layouts.
    Layouts,
    /// Data that is kept between runs.
    State,
    /// The files of a run, and the records of the session.
    Runtime,
}

/// Facts about a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one fact that the system tells"
)]
pub struct Facts {
    /// The directory, or the nearest parent that exists.
    pub nearest: PathBuf,
    /// True if `nearest` is the directory itself.
    pub exists: bool,
    /// True if `nearest` is a directory.
    pub is_directory: bool,
    /// The owner of `nearest`.
    pub uid: u32,
    /// The permission bits of `nearest`.
    pub mode: u32,
    /// The access control list of `nearest`.
    pub list: List,
    /// True if this process can create files in `nearest`.
    pub is_writable: bool,
    /// The space that this user can fill, in bytes; `None` if it is not known.
    pub free: Option<u64>,
    /// True if the file system has space, but no room for another file (`df -i`).
    pub is_out_of_files: bool,
    /// True if the file system is mounted read-only.
    pub is_read_only: bool,
}

/// Less space than this, in bytes, is not enough for a layout, its backup and a journal.
pub const TOO_LITTLE: u64 = 256 * 1024;

/// The access control list of a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// There is none: the permission bits say all.
    None,
    /// It lets no other user write. The group bits of the mode are its mask.
    Closed,
    /// It lets other users write.
    Open,
}

/// The reason why a directory cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A file has its name.
    NotADirectory(PathBuf),
    /// Another user owns it.
    Owner(u32),
    /// Other users can write it: its permission bits, and true if it has an access control list.
    Open(u32, bool),
    /// This process cannot write it.
    NotWritable,
    /// Its file system is mounted read-only.
    ReadOnly(PathBuf),
    /// It cannot be looked at.
    Unreachable(String),
    /// It does not exist, and cannot be created in this directory.
    CannotCreate(PathBuf),
}

/// Others must not write: the group and all users.
const GROUP: u32 = 0o020;
const OTHERS: u32 = 0o002;
const PERMISSIONS: u32 = 0o7777;

/// The fault of a directory, for the user with this id.
pub fn fault(facts: &Facts, role: Role, user: u32) -> Option<Fault> {
    if !facts.is_directory {
        return Some(Fault::NotADirectory(facts.nearest.clone()));
    }
    if facts.is_read_only {
        return Some(Fault::ReadOnly(facts.nearest.clone()));
    }
    if !facts.exists {
        let nearest = facts.nearest.clone();
        return (!facts.is_writable).then_some(Fault::CannotCreate(nearest));
    }
    // Layouts may be in a folder of the system, and `trust` checks who can write them.
    if role != Role::Layouts {
        if facts.uid != user {
            return Some(Fault::Owner(facts.uid));
        }
        // A run demands the permission bits, whatever the list says.
        let is_mask = facts.list != List::None && role != Role::Runtime;
        let group_writes = !is_mask && facts.mode & GROUP != 0;
        if facts.mode & OTHERS != 0 || group_writes || facts.list == List::Open {
            let mode = facts.mode & PERMISSIONS;
            return Some(Fault::Open(mode, facts.list != List::None));
        }
    }
    (!facts.is_writable).then_some(Fault::NotWritable)
}

impl Fault {
    /// The result of the check. Layouts can be read-only on purpose, and a run works without the
    /// journal, but nothing works without the runtime directory.
    pub const fn verdict(&self, role: Role) -> Verdict {
        match (role, self) {
            (Role::Layouts, Self::NotWritable | Self::ReadOnly(_))
            | (Role::State, Self::Open(..)) => Verdict::Warning,
            _ => Verdict::Error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        Facts {
            nearest: "/d".into(),
            exists: true,
            is_directory: true,
            uid: 1000,
            mode: 0o40700,
            list: List::None,
            is_writable: true,
            free: None,
            is_out_of_files: false,
            is_read_only: false,
        }
    }

    #[test]
    fn directories_belong_to_the_user_alone() {
        let missing = Facts {
            exists: false,
            uid: 0,
            mode: 0o40755,
            ..facts()
        };
        let foreign = Facts { uid: 0, ..facts() };
        let open = Facts {
            mode: 0o40775,
            ..facts()
        };
        let listed = Facts {
            mode: 0o40770,
            list: List::Open,
            ..facts()
        };
        let masked = Facts {
            list: List::Closed,
            ..listed.clone()
        };
        let read_only = Facts {
            is_writable: false,
            ..facts()
        };
        let cannot_create = Facts {
            is_writable: false,
            ..missing.clone()
        };
        let file = Facts {
            is_directory: false,
            ..facts()
        };
        let read_only_system = Facts {
            is_read_only: true,
            ..read_only.clone()
        };
        let error = Some(Verdict::Error);
        let warning = Some(Verdict::Warning);
        for (facts, layouts, state, runtime) in [
            (facts(), None, None, None),
            (missing, None, None, None),
            (foreign, None, error, error),
            (open, None, warning, error),
            (listed, None, warning, error),
            (masked, None, None, error),
            (read_only, warning, error, error),
            (read_only_system, warning, error, error),
            (cannot_create, error, error, error),
            (file, error, error, error),
        ] {
            for (role, expected) in [
                (Role::Layouts, layouts),
                (Role::State, state),
                (Role::Runtime, runtime),
            ] {
                let found = fault(&facts, role, 1000);
                let verdict = found.as_ref().map(|fault| fault.verdict(role));
                assert_eq!(verdict, expected, "{role:?} {facts:?}: {found:?}");
            }
        }
    }
}
