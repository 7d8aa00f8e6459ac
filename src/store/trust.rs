//! Trust in the commands of a file.
//!
//! Anybody who can write a layout can run programs as its user. So a file that another
//! user owns, can write or can replace is refused unless the user trusts it explicitly.

use std::path::{Path, PathBuf};

use miette::Diagnostic;

use crate::files::{Access, Grant, Identity};
use crate::text::path::quoted;

/// The reason why the commands in a file are not run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Diagnostic)]
pub enum TrustError {
    /// Another user owns the file.
    #[error("{} is owned by another user (uid {uid})", path.display())]
    #[diagnostic(code("untrusted"), help("{}", check_and_own(.path)))]
    Owner {
        /// The file.
        path: PathBuf,
        /// The owner.
        uid: u32,
    },
    /// Another user owns a folder of the file, and can put another file in its place.
    #[error("the folder {} is owned by another user (uid {uid})", path.display())]
    #[diagnostic(
        code("untrusted"),
        help("check the file, then copy it to a folder that only you can write to")
    )]
    FolderOwner {
        /// The folder.
        path: PathBuf,
        /// The owner.
        uid: u32,
    },
    /// Other users can write the file or a folder of it.
    #[error("{} is writable by other users (mode {mode:04o})", path.display())]
    #[diagnostic(code("untrusted"), help("{}", close(.path, *.is_own)))]
    Writable {
        /// The file or folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
        /// True if the user owns it.
        is_own: bool,
    },
    /// An access control list allows others to write the file or a folder of it.
    #[error("{} is writable by {} (access control list)", path.display(), named(.grants))]
    #[diagnostic(code("untrusted"), help("{}", remove(.path, .grants, *.is_own)))]
    Listed {
        /// The file or folder.
        path: PathBuf,
        /// The entries of the list.
        grants: Vec<Grant>,
        /// True if the user owns it.
        is_own: bool,
    },
}

fn check_and_own(path: &Path) -> String {
    format!(
        "check the file, then run `sudo chown $USER {}`",
        quoted(path)
    )
}

/// The word in front of a command that changes a file.
const fn sudo(is_own: bool) -> &'static str {
    if is_own { "" } else { "sudo " }
}

fn close(path: &Path, is_own: bool) -> String {
    let (sudo, path) = (sudo(is_own), quoted(path));
    format!("check the file, then run `{sudo}chmod go-w {path}`")
}

fn remove(path: &Path, grants: &[Grant], is_own: bool) -> String {
    let entries = grants.iter().map(|grant| match grant {
        Grant::User(id) => format!("u:{id}"),
        Grant::Group(id) => format!("g:{id}"),
    });
    let entries = entries.collect::<Vec<_>>().join(",");
    let (sudo, path) = (sudo(is_own), quoted(path));
    format!("check the file, then run `{sudo}setfacl -x {entries} {path}`")
}

fn named(grants: &[Grant]) -> String {
    let names = grants.iter().map(|grant| match grant {
        Grant::User(id) => format!("uid {id}"),
        Grant::Group(id) => format!("gid {id}"),
    });
    names.collect::<Vec<_>>().join(" and ")
}

/// The owner of system files.
pub(super) const ROOT: u32 = 0;
const GROUP_WRITE: u32 = 0o020;
const OTHERS_WRITE: u32 = 0o002;
const STICKY: u32 = 0o1000;
const PERMISSIONS: u32 = 0o7777;

/// Checks a file and all folders that lead to it, the nearest first.
///
/// A folder that others can write is accepted if it is sticky like `/tmp`, because other users
/// cannot replace files there. Write permission for the group is accepted if it is the user's
/// private group (its number is that of the user, as in most distributions), because a umask of
/// 0002 is common then.
pub fn decide(
    path: &Path,
    file: &Access,
    folders: &[(PathBuf, Access)],
    user: Identity,
) -> Result<(), TrustError> {
    if !is_owner_trusted(file, user) {
        return Err(TrustError::Owner {
            path: path.to_owned(),
            uid: file.uid,
        });
    }
    check_writers(path, file, user)?;
    decide_folders(folders, user)
}

/// Checks folders only; see [`decide`].
pub fn decide_folders(folders: &[(PathBuf, Access)], user: Identity) -> Result<(), TrustError> {
    for (path, folder) in folders {
        if !is_owner_trusted(folder, user) {
            return Err(TrustError::FolderOwner {
                path: path.clone(),
                uid: folder.uid,
            });
        }
        if folder.mode & STICKY == 0 {
            check_writers(path, folder, user)?;
        }
    }
    Ok(())
}

const fn is_owner_trusted(access: &Access, user: Identity) -> bool {
    access.uid == user.uid || access.uid == ROOT
}

pub(super) fn check_writers(
    path: &Path,
    access: &Access,
    user: Identity,
) -> Result<(), TrustError> {
    let is_private = |gid: u32| gid == ROOT || (gid == user.gid && user.gid == user.uid);
    let is_own = access.uid == user.uid;
    let group_writes = match &access.acl {
        Some(acl) => acl.group,
        None => access.mode & GROUP_WRITE != 0,
    };
    if access.mode & OTHERS_WRITE != 0 || group_writes && !is_private(access.gid) {
        return Err(TrustError::Writable {
            path: path.to_owned(),
            mode: access.mode & PERMISSIONS,
            is_own,
        });
    }
    let grants = access.acl.iter().flat_map(|acl| acl.others.iter().copied());
    let grants: Vec<Grant> = grants
        .filter(|grant| match grant {
            Grant::User(uid) => *uid != user.uid && *uid != ROOT,
            Grant::Group(gid) => !is_private(*gid),
        })
        .collect();
    if !grants.is_empty() {
        return Err(TrustError::Listed {
            path: path.to_owned(),
            grants,
            is_own,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::files::Acl;

    const USER: Identity = Identity {
        uid: 1000,
        gid: 1000,
    };

    fn access(uid: u32, gid: u32, mode: u32) -> Access {
        Access {
            uid,
            gid,
            mode,
            acl: None,
        }
    }

    #[test]
    fn files_that_others_can_change_are_not_trusted() {
        let path = Path::new("a.yaml");
        for (uid, gid, mode, trusted) in [
            (1000, 1000, 0o100_644, true),
            (1000, 1000, 0o100_664, true),
            (1000, 100, 0o100_644, true),
            (1000, 100, 0o100_664, false),
            (1000, 1000, 0o100_646, false),
            (1000, 1000, 0o100_666, false),
            (0, 0, 0o100_644, true),
            (0, 0, 0o100_666, false),
            (1001, 1000, 0o100_600, false),
        ] {
            let file = access(uid, gid, mode);
            let decided = decide(path, &file, &[], USER);
            assert_eq!(decided.is_ok(), trusted, "{file:?}");
        }
    }

    #[test]
    fn folders_where_others_can_replace_the_file_are_not_trusted() {
        let file = access(1000, 1000, 0o644);
        let own = (PathBuf::from("/a/b"), access(1000, 1000, 0o40755));
        for (uid, mode, trusted) in [
            (0, 0o41777, true),
            (0, 0o40777, false),
            (1000, 0o40755, true),
            (1001, 0o40755, false),
            (1001, 0o41777, false),
        ] {
            let folder = (PathBuf::from("/a"), access(uid, uid, mode));
            // Beside the file and further up.
            for folders in [vec![folder.clone()], vec![own.clone(), folder.clone()]] {
                let decided = decide(Path::new("a"), &file, &folders, USER);
                assert_eq!(decided.is_ok(), trusted, "{folders:?}");
            }
        }
    }

    #[test]
    fn access_control_lists_count() {
        let file = |mode, group, others: &[Grant]| Access {
            acl: Some(Acl {
                group,
                others: others.to_vec(),
            }),
            ..access(1000, 100, mode)
        };
        // The group bits of the mode are the mask of the list.
        for (file, error) in [
            (file(0o664, false, &[]), None),
            (
                file(
                    0o664,
                    false,
                    &[Grant::User(1000), Grant::User(0), Grant::Group(1000)],
                ),
                None,
            ),
            (
                file(0o664, true, &[]),
                Some(
                    "/a is writable by other users (mode 0664); check the file, then run `chmod go-w /a`",
                ),
            ),
            (
                file(0o664, false, &[Grant::User(1001), Grant::Group(100)]),
                Some(
                    "/a is writable by uid 1001 and gid 100 (access control list); check the file, \
                     then run `setfacl -x u:1001,g:100 /a`",
                ),
            ),
        ] {
            let decided = decide(Path::new("/a"), &file, &[], USER).err();
            let text = decided.map(|error| {
                let help = error.help().map(|help| help.to_string());
                format!("{error}; {}", help.unwrap_or_default())
            });
            assert_eq!(text.as_deref(), error);
        }
    }

    #[test]
    fn fix_of_a_folder_of_root_needs_root() {
        let folders = [(PathBuf::from("/s"), access(0, 0, 0o40777))];
        let error = decide_folders(&folders, USER).unwrap_err();
        let help = error.help().map(|help| help.to_string());
        let expected = "check the file, then run `sudo chmod go-w /s`";
        assert_eq!(help.as_deref(), Some(expected));
    }
}
