//! Trust in the commands of a file.
//!
//! Anybody who can write a layout can run programs as its user. So a file that another
//! user owns or can write is refused unless the user trusts it explicitly.

use std::path::{Path, PathBuf};

use miette::Diagnostic;

/// The owner and the permissions of a file or folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// The owner.
    pub uid: u32,
    /// The group.
    pub gid: u32,
    /// The permission bits (stat(2), `st_mode`).
    pub mode: u32,
}

/// The user who runs this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The effective user.
    pub uid: u32,
    /// The effective group.
    pub gid: u32,
}

/// The reason why the commands in a file are not run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Diagnostic)]
pub enum TrustError {
    /// Another user owns the file or its folder.
    #[error("{} is owned by another user (uid {uid})", path.display())]
    #[diagnostic(code("untrusted"), help("{}", check_and_own(.path)))]
    Owner {
        /// The file or folder.
        path: PathBuf,
        /// The owner.
        uid: u32,
    },
    /// Other users can write the file or its folder.
    #[error("{} is writable by other users (mode {mode:04o})", path.display())]
    #[diagnostic(code("untrusted"), help("{}", close(.path)))]
    Writable {
        /// The file or folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
}

fn check_and_own(path: &Path) -> String {
    let path = shell_words::quote(&path.to_string_lossy()).into_owned();
    format!("check the file, then run `sudo chown $USER {path}`")
}

fn close(path: &Path) -> String {
    let path = path.to_string_lossy();
    format!(
        "check the file, then run `chmod go-w {}`",
        shell_words::quote(&path)
    )
}

/// The owner of system files.
const ROOT: u32 = 0;
const GROUP_WRITE: u32 = 0o020;
const OTHERS_WRITE: u32 = 0o002;
const STICKY: u32 = 0o1000;
const PERMISSIONS: u32 = 0o7777;

/// Checks a file and its folder.
///
/// A folder that everybody can write is accepted if it is sticky like `/tmp`, because other users
/// cannot replace files there. Write permission for the group is accepted if it is the user's
/// private group (its number is that of the user, as in most distributions), because a umask of
/// 0002 is common then.
pub fn decide(
    path: &Path,
    file: Access,
    folder: Option<(&Path, Access)>,
    user: Identity,
) -> Result<(), TrustError> {
    check(path, file, user, 0)?;
    match folder {
        Some((path, access)) => check(path, access, user, STICKY),
        None => Ok(()),
    }
}

fn check(path: &Path, access: Access, user: Identity, allowed_if: u32) -> Result<(), TrustError> {
    if access.uid != user.uid && access.uid != ROOT {
        return Err(TrustError::Owner {
            path: path.to_owned(),
            uid: access.uid,
        });
    }
    let private_group = access.gid == ROOT || (access.gid == user.gid && user.gid == user.uid);
    let refused = if private_group {
        OTHERS_WRITE
    } else {
        OTHERS_WRITE | GROUP_WRITE
    };
    if access.mode & refused != 0 && access.mode & allowed_if == 0 {
        return Err(TrustError::Writable {
            path: path.to_owned(),
            mode: access.mode & PERMISSIONS,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_others_can_change_are_not_trusted() {
        let user = Identity {
            uid: 1000,
            gid: 1000,
        };
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
            let file = Access { uid, gid, mode };
            assert_eq!(decide(path, file, None, user).is_ok(), trusted, "{file:?}");
        }
    }

    #[test]
    fn folders_where_others_can_replace_the_file_are_not_trusted() {
        let user = Identity {
            uid: 1000,
            gid: 1000,
        };
        let file = Access {
            uid: 1000,
            gid: 1000,
            mode: 0o644,
        };
        for (uid, mode, trusted) in [
            (0, 0o41777, true),
            (0, 0o40777, false),
            (1000, 0o40755, true),
            (1001, 0o40755, false),
        ] {
            let folder = Access {
                uid,
                gid: uid,
                mode,
            };
            let folder = Some((Path::new("dir"), folder));
            assert_eq!(
                decide(Path::new("a"), file, folder, user).is_ok(),
                trusted,
                "{folder:?}"
            );
        }
    }
}
