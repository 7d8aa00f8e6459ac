//! Names and paths of layouts on the command line.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::layout::names;

/// A layout named on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A layout of the store: `NAME` or `PROJECT/NAME`.
    Named {
        /// The project.
        project: Option<String>,
        /// The name.
        name: String,
    },
    /// A file: a path that starts with `.`, `/` or `~/`, or has the extension of a layout.
    File(PathBuf),
    /// `-`: standard input or output.
    Stdio,
}

/// An invalid name of a layout or project.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid {what} name `{}`: {why}", name.escape_debug())]
pub struct NameError {
    /// `layout` or `project`.
    pub what: &'static str,
    /// The name.
    pub name: String,
    /// The reason why it is invalid.
    pub why: &'static str,
}

/// True if a path has the extension of a layout file.
pub(crate) fn is_layout_file(path: &Path) -> bool {
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| EXTENSIONS.contains(&extension))
}

/// The extensions of layout files, the usual one first.
pub(super) const EXTENSIONS: [&str; 3] = ["yaml", "yml", "json"];

impl Target {
    /// Parses a name or a path; `~/` is replaced by `home`.
    pub fn parse(text: &str, home: &Path) -> Result<Self, NameError> {
        if text == "-" {
            return Ok(Self::Stdio);
        }
        if let Some(rest) = text.strip_prefix("~/") {
            return Ok(Self::File(home.join(rest)));
        }
        let begins_as_path = text.starts_with('/')
            || text.starts_with("./")
            || text.starts_with("../")
            || (text.starts_with('.') && text.contains('/'));
        if begins_as_path || is_layout_file(Path::new(text)) {
            return Ok(Self::File(PathBuf::from(text)));
        }
        if let Some((_, rest)) = text.split_once('/')
            && rest.trim_end_matches('/').contains('/')
        {
            return Err(NameError {
                what: "layout",
                name: text.to_owned(),
                why: "only one `/` is allowed, between a project and a name",
            });
        }
        let (project, name) = match text.split_once('/') {
            Some((project, name)) => (Some(project), name),
            None => (None, text),
        };
        Self::named(project, name)
    }

    /// A layout of the store, by its project and name.
    pub fn named(project: Option<&str>, name: &str) -> Result<Self, NameError> {
        for (what, name) in [("project", project), ("layout", Some(name))] {
            if let Some((name, why)) = name.and_then(|name| Some((name, names::refuse(name)?))) {
                let name = name.to_owned();
                return Err(NameError { what, name, why });
            }
        }
        // The file in the store would be `a.yaml.yaml`, but `a.yaml` is parsed as a path.
        if is_layout_file(Path::new(name)) {
            return Err(NameError {
                what: "layout",
                name: name.to_owned(),
                why: "it has the extension of a layout file",
            });
        }
        Ok(Self::Named {
            project: project.map(str::to_owned),
            name: name.to_owned(),
        })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named {
                project: Some(project),
                name,
            } => write!(f, "{project}/{name}"),
            Self::Named {
                project: None,
                name,
            } => f.write_str(name),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Stdio => f.write_str("-"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_paths_and_stdio_are_distinguished() {
        let named = |project: Option<&str>, name: &str| Target::Named {
            project: project.map(str::to_owned),
            name: name.to_owned(),
        };
        let file = |path: &str| Target::File(PathBuf::from(path));
        for (text, target) in [
            ("daily-dev", named(None, "daily-dev")),
            ("nixos/daily-dev", named(Some("nixos"), "daily-dev")),
            ("v1.2", named(None, "v1.2")),
            ("./daily-dev", file("./daily-dev")),
            ("../x/y", file("../x/y")),
            ("/tmp/x", file("/tmp/x")),
            ("~/x", file("/home/ada/x")),
            ("x.yaml", file("x.yaml")),
            ("a/b/c.json", file("a/b/c.json")),
            (".config/x", file(".config/x")),
            ("-", Target::Stdio),
        ] {
            assert_eq!(
                Target::parse(text, Path::new("/home/ada")),
                Ok(target),
                "{text}"
            );
        }
        for text in [
            "", "a/b/c", "a/", "/", "..", ".x", "-x", "a b", "a/..", "a\n",
        ] {
            let target = Target::parse(text, Path::new("/home/ada"));
            assert!(target.is_err() || text == "/", "{text} {target:?}");
        }
    }
}
