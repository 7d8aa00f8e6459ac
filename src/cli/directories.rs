//! The directories for the program's own files. Directories that other users own or can write to are
//! not used.

use std::path::{Path, PathBuf};

use miette::Diagnostic as _;

use crate::files::private;
use crate::store::trust::TrustError;
use crate::store::trust_of_folder;
use crate::text::path::quoted;

/// A directory, and the reasons why more important ones are not used.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) path: PathBuf,
    pub(super) warnings: Vec<String>,
}

/// The directory of a user's session (`pam_systemd`(8)), if it exists. A program that is not started by the
/// session, for example by cron, does not get its name in `XDG_RUNTIME_DIR`.
#[expect(
    clippy::disallowed_methods,
    reason = "looks for the session's directory"
)]
pub(super) fn of_session(user: u32) -> Option<PathBuf> {
    let path = session_path(user);
    path.is_dir().then_some(path)
}

/// The directory of a user's session, which may not exist.
pub(super) fn session_path(user: u32) -> PathBuf {
    PathBuf::from(format!("/run/user/{user}"))
}

/// The directory for the files of a run: below `named`, the value of `XDG_RUNTIME_DIR` or the session's
/// directory, else below the directory for temporary files, else below the state directory.
pub(super) fn runtime(named: Option<&Path>, temporary: &Path, user: u32, state: &Path) -> Chosen {
    let named = named.map(|named| named.join("i3pm-layout"));
    let temporary = temporary.join(format!("i3pm-layout-{user}"));
    let mut refused = Vec::new();
    for candidate in named.into_iter().chain([temporary]) {
        match check_private(&candidate) {
            Ok(()) => return chosen(candidate, refused),
            Err(reason) => refused.push((candidate, reason)),
        }
    }
    chosen(state.join("run"), refused)
}

/// The directory for data that is kept: `named`, unless other users can write to it, else `default`.
pub(super) fn state(named: PathBuf, default: PathBuf) -> Chosen {
    let Err(error) = trust_of_folder(&named.join("i3pm-layout")) else {
        return chosen(named, Vec::new());
    };
    let help = error.help().map(|help| format!("; {help}"));
    let reason = format!("{error}{}", help.unwrap_or_default());
    if named != default {
        return chosen(default, vec![(named, reason)]);
    }
    // Data that is kept has no other place.
    Chosen {
        path: default,
        warnings: vec![format!(
            "earlier versions and records are not safe: {reason}"
        )],
    }
}

fn chosen(path: PathBuf, refused: Vec<(PathBuf, String)>) -> Chosen {
    let warnings = refused.into_iter().map(|(refused, reason)| {
        let (refused, path) = (refused.display(), path.display());
        format!("not using {refused}, but {path}: {reason}")
    });
    Chosen {
        warnings: warnings.collect(),
        path,
    }
}

/// Checks that a directory is the user's own, or can be created as such.
fn check_private(directory: &Path) -> Result<(), String> {
    trust_of_folder(directory).map_err(|error| format!("{error}; {}", fix(&error)))?;
    private::check_usable(directory).map_err(|error| format!("{error}; {OTHER}"))
}

/// The fix if the directory itself cannot be repaired.
const OTHER: &str = "log in again, or set XDG_RUNTIME_DIR to a directory of your own";

/// The fix for a directory with the files of a run.
fn fix(error: &TrustError) -> String {
    match error {
        TrustError::Writable {
            path, is_own: true, ..
        } => format!("run `chmod go-w {}`", quoted(path)),
        TrustError::Listed {
            path, is_own: true, ..
        } => format!("run `setfacl -b {}`", quoted(path)),
        _ => OTHER.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    fn open_to_all(path: &Path) {
        fs::create_dir_all(path).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
    }

    fn user() -> u32 {
        crate::files::Identity::own().uid
    }

    #[test]
    fn directories_that_others_can_write_to_are_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let (named, temporary, state) = (at("named"), at("temporary"), at("state"));
        let choose = || runtime(Some(&named), &temporary, user(), &state);
        let own = temporary.join(format!("i3pm-layout-{}", user()));
        fs::create_dir(&temporary).unwrap();
        // It will be created.
        let chosen = choose();
        assert_eq!(chosen.path, named.join("i3pm-layout"));
        assert!(chosen.warnings.is_empty(), "{chosen:?}");
        open_to_all(&named);
        let chosen = choose();
        assert_eq!(chosen.path, own);
        let [warning] = chosen.warnings.as_slice() else {
            panic!("{chosen:?}")
        };
        assert!(
            warning.contains("writable by other users (mode 0777); run `chmod go-w /"),
            "{warning}"
        );
        // A link in the place of the directory.
        std::os::unix::fs::symlink(&state, &own).unwrap();
        let chosen = choose();
        assert_eq!(chosen.path, state.join("run"));
        assert_eq!(chosen.warnings.len(), 2, "{chosen:?}");
        assert!(
            chosen.warnings[1].ends_with("a directory of your own"),
            "{chosen:?}"
        );
    }

    #[test]
    fn state_that_others_can_write_is_kept_elsewhere() {
        let folder = tempfile::tempdir().unwrap();
        let (named, default) = (folder.path().join("named"), folder.path().join("default"));
        assert_eq!(state(named.clone(), default.clone()).path, named);
        open_to_all(&named);
        let chosen = state(named, default.clone());
        assert_eq!(chosen.path, default);
        assert!(chosen.warnings[0].contains("`chmod go-w "), "{chosen:?}");
        open_to_all(&default);
        let chosen = state(default.clone(), default.clone());
        assert_eq!(chosen.path, default);
        assert!(chosen.warnings[0].contains("`chmod go-w "), "{chosen:?}");
    }
}
