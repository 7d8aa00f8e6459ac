//! Whether the commands in a file may be run.
//!
//! Who can write a layout can run programs as its user, so a file that someone else
//! owns or may write is refused unless told otherwise.

use std::path::{Path, PathBuf};

use miette::Diagnostic;

/// Whose a file or folder is, and who may write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// Its owner.
    pub uid: u32,
    /// Its group.
    pub gid: u32,
    /// Its permission bits (stat(2), `st_mode`).
    pub mode: u32,
}

/// Who we are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The effective user.
    pub uid: u32,
    /// The effective group.
    pub gid: u32,
}

/// Why the commands in a file are not run; the sentence ends with what was left undone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Diagnostic)]
pub enum Distrust {
    /// The file, or the folder that it is in, is someone else's.
    #[error("{} is owned by another user (uid {uid})", path.display())]
    #[diagnostic(code("untrusted"), help("{}", check_and_own(.path)))]
    Owner {
        /// The file or folder.
        path: PathBuf,
        /// The owner.
        uid: u32,
    },
    /// Others may write it.
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
    format!("read it, and if it is right, run `sudo chown $USER {path}` or copy it")
}

fn close(path: &Path) -> String {
    let path = path.to_string_lossy();
    format!("run `chmod go-w {}`", shell_words::quote(&path))
}

/// The owner of everything that the system brings.
const ROOT: u32 = 0;
const GROUP_WRITE: u32 = 0o020;
const OTHERS_WRITE: u32 = 0o002;
const STICKY: u32 = 0o1000;
const PERMISSIONS: u32 = 0o7777;

/// Decides on a file and the folder that it is in.
///
/// A folder that all may write is fine when it is sticky as `/tmp` is: nobody can
/// put another file in the place of ours. A group may write when it is the user's
/// private one (same number as the user, as most distributions have it), because
/// then a umask of 0002 is usual.
pub fn decide(
    path: &Path,
    file: Access,
    folder: Option<(&Path, Access)>,
    us: Identity,
) -> Result<(), Distrust> {
    one(path, file, us, 0)?;
    match folder {
        Some((path, access)) => one(path, access, us, STICKY),
        None => Ok(()),
    }
}

fn one(path: &Path, access: Access, us: Identity, excuse: u32) -> Result<(), Distrust> {
    if access.uid != us.uid && access.uid != ROOT {
        return Err(Distrust::Owner {
            path: path.to_owned(),
            uid: access.uid,
        });
    }
    let private_group = access.gid == ROOT || (access.gid == us.gid && us.gid == us.uid);
    let refused = if private_group {
        OTHERS_WRITE
    } else {
        OTHERS_WRITE | GROUP_WRITE
    };
    if access.mode & refused != 0 && access.mode & excuse == 0 {
        return Err(Distrust::Writable {
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
    fn only_what_nobody_else_can_change_is_trusted() {
        let us = Identity {
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
            assert_eq!(decide(path, file, None, us).is_ok(), trusted, "{file:?}");
        }
    }

    #[test]
    fn a_folder_where_others_can_swap_the_file_is_not_trusted() {
        let us = Identity {
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
                decide(Path::new("a"), file, folder, us).is_ok(),
                trusted,
                "{folder:?}"
            );
        }
    }
}
