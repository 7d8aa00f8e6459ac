//! Edge: the configuration files.
#![expect(clippy::disallowed_methods, reason = "reads configuration files")]

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use miette::Diagnostic;

use super::merge::Config;
use super::model::Layer;
use super::policy::Policy;
use super::read;
use crate::files::remedy;
use crate::layout::Problems;
use crate::store::trust::TrustError;
use crate::store::{Store, StoreError, Target};
use crate::text::path::quoted;

/// The path of the file below each configuration directory.
const FILE: &str = "i3pm-layout/config.yaml";

/// The directory of the system, in addition to those of `XDG_CONFIG_DIRS`.
const SYSTEM: &str = "/etc";

/// An error in the configuration.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum ConfigError {
    /// A file cannot be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Store(#[from] StoreError),
    /// A configuration file that other users can write. Its commands would end up in layouts.
    #[error("refusing to use the configuration {}", path.display())]
    #[diagnostic(code("untrusted"))]
    Untrusted {
        /// The file.
        path: PathBuf,
        /// The reason.
        #[source]
        #[diagnostic_source]
        reason: TrustError,
    },
    /// A pipe, a socket or a device in place of a configuration file.
    #[error("{} is {kind}, not a file", path.display())]
    #[diagnostic(
        code("not-a-file"),
        help("run `rm {}`, then write the configuration into a file", quoted(path))
    )]
    NotAFile {
        /// The path.
        path: PathBuf,
        /// The kind.
        kind: String,
    },
    /// A file is invalid.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Problems(#[from] Problems),
}

impl ConfigError {
    /// The error for a configuration file that the store cannot read. Some hints of the store are
    /// only right for layouts.
    pub fn of_file(error: StoreError) -> Self {
        match error {
            StoreError::NotAFile { path, kind } => Self::NotAFile {
                path,
                kind: kind.to_string(),
            },
            StoreError::Io {
                doing,
                path,
                source,
                ..
            } if source.kind() == ErrorKind::IsADirectory => Self::Store(StoreError::Io {
                hint: remedy(&path, &source),
                doing,
                path,
                source,
            }),
            other => Self::Store(other),
        }
    }
}

/// Reads the user's file below `user`, and the files of the system: below each directory of
/// `XDG_CONFIG_DIRS`, the most important first, and in `/etc`.
///
/// `short` writes a path with `~` for the home directory.
pub fn read(
    store: &Store,
    user: &Path,
    system: &[PathBuf],
    short: &dyn Fn(&Path) -> String,
) -> Result<Config, ConfigError> {
    let mut layers = Vec::new();
    let mut found = Vec::new();
    let mut policy = Policy::default();
    for (path, layer) in files(user, system) {
        match store.read(&Target::File(path.clone())) {
            Ok(opened) => {
                opened.trust.map_err(|reason| {
                    let path = path.clone();
                    ConfigError::Untrusted { path, reason }
                })?;
                let mut layered = read::read(&opened.bytes, &short(&path), layer)?;
                policy.add(&mut layered, layer == Layer::System && opened.is_of_root);
                layers.push(layered);
                found.push((path, true));
            }
            Err(error) if error.is_missing() => found.push((path, false)),
            Err(error) => return Err(ConfigError::of_file(error)),
        }
    }
    Ok(Config::with_policy(layers, found, policy)?)
}

/// True if a file of the configuration that [`read()`] refuses may set hooks: it cannot be read, or its
/// text has the word.
pub fn may_have_hooks(store: &Store, user: &Path, system: &[PathBuf]) -> bool {
    let mut files = files(user, system).into_iter();
    files.any(|(path, _)| match store.read(&Target::File(path)) {
        Ok(opened) => has_hooks(&String::from_utf8_lossy(&opened.bytes)),
        Err(error) => !error.is_missing(),
    })
}

/// True if a text has the key `hooks` or an event of a hook, which may be misspelt elsewhere. Comments
/// do not count.
fn has_hooks(text: &str) -> bool {
    let words = ["hook", "pre-", "post-", "on-incomplete"];
    let mut lines = text.lines().map(without_comment);
    lines.any(|line| words.iter().any(|word| line.contains(word)))
}

/// The line up to a `#` that is not in a quoted string.
fn without_comment(line: &str) -> &str {
    let is_closed = |before: &str, quote: char| before.matches(quote).count().is_multiple_of(2);
    let begins_comment = |(at, _): &(usize, &str)| {
        let before = &line[..*at];
        let is_alone = before.is_empty() || before.ends_with(char::is_whitespace);
        is_alone && is_closed(before, '"') && is_closed(before, '\'')
    };
    let mut all = line.match_indices('#');
    all.find(begins_comment).map_or(line, |(at, _)| &line[..at])
}

/// Reads only the decisions of the administrator, from the files that only root can change. Users
/// cannot avoid them with a mistake in their own file.
pub fn policy(
    store: &Store,
    system: &[PathBuf],
    short: &dyn Fn(&Path) -> String,
) -> Result<Policy, ConfigError> {
    let mut policy = Policy::default();
    for (path, layer) in files(Path::new("/"), system) {
        let Ok(opened) = store.read(&Target::File(path.clone())) else {
            continue;
        };
        if layer != Layer::System || !opened.is_of_root && opened.trust.is_ok() {
            continue;
        }
        let mut layered = read::read(&opened.bytes, &short(&path), layer)?;
        // What an administrator forbids must not end because others can write to the file.
        if layered.enforced_at().is_some() {
            opened
                .trust
                .map_err(|reason| ConfigError::Untrusted { path, reason })?;
        }
        policy.add(&mut layered, opened.is_of_root);
    }
    Ok(policy)
}

/// The user's file below the configuration directory, which may not exist.
pub fn user_file(user: &Path) -> PathBuf {
    user.join(FILE)
}

/// All possible files, the most important first.
pub fn possible_files(user: &Path, system: &[PathBuf]) -> Vec<PathBuf> {
    let files = files(user, system).into_iter();
    files.map(|(path, _)| path).collect()
}

/// True if at least one file exists.
pub fn is_there(user: &Path, system: &[PathBuf]) -> bool {
    files(user, system).iter().any(|(path, _)| path.exists())
}

/// All configuration directories, that of the user first.
pub fn directories(user: &Path, system: &[PathBuf]) -> Vec<PathBuf> {
    let mut directories = vec![user.to_owned()];
    for directory in system.iter().cloned().chain([PathBuf::from(SYSTEM)]) {
        if !directories.contains(&directory) {
            directories.push(directory);
        }
    }
    directories
}

/// Returns the possible files, the most important first.
fn files(user: &Path, system: &[PathBuf]) -> Vec<(PathBuf, Layer)> {
    let directories = directories(user, system).into_iter();
    let layers = std::iter::once(Layer::User).chain(std::iter::repeat(Layer::System));
    directories
        .map(|directory| directory.join(FILE))
        .zip(layers)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hooks_are_recognised_in_files_with_mistakes() {
        for (text, expected) in [
            ("rules: [\n", false),
            ("hooks:\n  pre-apply: x\n", true),
            ("hoks: { pre-apply: [true] }\n", true),
            ("# hooks: { pre-apply: x }\nrules: 3\n", false),
            ("rules: 3 # no hooks\n", false),
            ("{rules: [{title: \"x #1\"}], hooks: {}}\n", true),
            ("{rules: [{title: 'x #1'}]} # no hooks\n", false),
            ("\u{fffd}", false),
        ] {
            assert_eq!(has_hooks(text), expected, "{text}");
        }
    }
}
