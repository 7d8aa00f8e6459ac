//! Paths in JSON, whose bytes may not be UTF-8, and in commands for a shell.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize as _, Deserializer, Serializer};

use super::{decode, encode};

/// Returns the path as a word of a shell command, for a hint.
pub fn quoted(path: &Path) -> String {
    shell_words::quote(&path.to_string_lossy()).into_owned()
}

/// Writes a path; see [`decode`].
pub fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&decode(path.as_os_str().as_bytes()))
}

/// Reads a path; see [`encode`].
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
    Ok(of_text(&String::deserialize(deserializer)?))
}

fn of_text(text: &str) -> PathBuf {
    PathBuf::from(OsStr::from_bytes(&encode(text)))
}

/// The same for paths that may be missing.
pub mod optional {
    use std::path::PathBuf;

    use serde::{Deserialize as _, Deserializer, Serializer};

    /// Writes a path or `null`.
    pub fn serialize<S: Serializer>(
        path: &Option<PathBuf>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match path {
            Some(path) => super::serialize(path, serializer),
            None => serializer.serialize_none(),
        }
    }

    /// Reads a path or `null`.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<PathBuf>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        Ok(text.map(|text| super::of_text(&text)))
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::path::PathBuf;

    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Paths {
        #[serde(with = "super")]
        one: PathBuf,
        #[serde(with = "super::optional")]
        other: Option<PathBuf>,
    }

    #[test]
    fn every_path_comes_back() {
        let raw = || PathBuf::from(OsStr::from_bytes(b"/a \xff/b\n"));
        for other in [None, Some(raw())] {
            let paths = Paths { one: raw(), other };
            let text = serde_json::to_string(&paths).expect("it is JSON");
            assert_eq!(serde_json::from_str::<Paths>(&text).ok(), Some(paths));
        }
    }
}
