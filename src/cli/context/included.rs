//! Reading layouts with the files that they include.
#![expect(clippy::disallowed_methods, reason = "asks whether two files are one")]

use std::path::{Path, PathBuf};

use super::Context;
use crate::cli::working_copy;
use crate::error::Error;
use crate::layout::{Fault, Finding, Format, Included, Layout, includes, problems, read_including};
use crate::store::{Opened, StoreError, Target};
use crate::ui::diagnostic::without_number;
use crate::ui::words::quoted;

/// More files than anybody writes by hand: files that include each other can be read very often.
const MOST: usize = 100;

/// The text of a layout.
#[derive(Clone, Copy)]
pub(in crate::cli) struct Text<'a> {
    pub(in crate::cli) bytes: &'a [u8],
    /// The name of the file in messages.
    pub(in crate::cli) origin: &'a str,
    pub(in crate::cli) format: Format,
    /// The file to whose directory included paths are relative; `None` for standard input, where it is
    /// the working directory.
    pub(in crate::cli) path: Option<&'a Path>,
}

impl<'a> Text<'a> {
    /// The text of a file that was read.
    pub(in crate::cli) fn of(opened: &'a Opened) -> Self {
        Self {
            bytes: &opened.bytes,
            origin: &opened.origin,
            format: opened.format,
            path: opened.path.as_deref(),
        }
    }
}

impl Context {
    /// Reads a layout with the files that it includes.
    pub(in crate::cli) fn parse(&self, text: Text<'_>) -> Result<(Layout, Vec<Opened>), Error> {
        let mut reader = Reader {
            context: self,
            open: Vec::new(),
            read: Vec::new(),
        };
        let included = reader.included(text)?;
        let layout = read_including(text.bytes, text.origin, text.format, &included)?;
        Ok((layout, reader.read))
    }

    /// Reads the layout in a file, with the files that it includes. Their commands are as trusted as
    /// the least trusted of them.
    pub(in crate::cli) fn parse_file(&self, opened: &mut Opened) -> Result<Layout, Error> {
        // The paths in a copy are relative to the directory of the layout.
        let original = opened.path.as_deref();
        let original = original.and_then(|path| working_copy::original(self, path));
        let text = Text::of(opened);
        let (layout, others) = self.parse(Text {
            path: original.as_deref().or(text.path),
            ..text
        })?;
        for other in others {
            opened.trust = opened.trust.clone().and(other.trust);
            opened.is_of_root &= other.is_of_root;
            opened.included.push(other.bytes);
        }
        Ok(layout)
    }

    /// The path of a file that the file `by` includes, which is `None` for standard input.
    fn included_file(&self, file: &str, by: Option<&Path>) -> PathBuf {
        match (file.strip_prefix("~/"), by.and_then(Path::parent)) {
            (Some(rest), _) => self.home.join(rest),
            (None, Some(folder)) => folder.join(file),
            (None, None) => PathBuf::from(file),
        }
    }

    /// The names of the saved layouts that include this file. It must still exist.
    pub(in crate::cli) fn includers(&self, file: &Path) -> Vec<String> {
        let Ok(real) = file.canonicalize() else {
            return Vec::new();
        };
        let is_it = |path: PathBuf| path.canonicalize().is_ok_and(|path| path == real);
        let all = self.store.list().unwrap_or_default().into_iter();
        let found = all.filter(|listed| {
            let opened = self.store.read(&Target::File(listed.path.clone()));
            opened.is_ok_and(|opened| {
                let mut all = includes(&opened.bytes, opened.format).into_iter();
                all.any(|(_, file)| is_it(self.included_file(&file, opened.path.as_deref())))
            })
        });
        found.map(|listed| listed.full_name()).collect()
    }

    /// Warns about layouts that do not find a file any more that they include.
    pub(in crate::cli) fn warn_of_includers(&self, names: &[String], what: &str) {
        if names.is_empty() {
            return;
        }
        let names = quoted(names.iter().map(String::as_str));
        self.ui.warn(&format!(
            "{names} cannot be used until `include` there is changed: {what}"
        ));
    }
}

/// Refuses to copy or move a layout to another directory, where it would include other files.
pub(in crate::cli) fn check_moved(opened: &Opened, to: Option<&Path>) -> Result<(), Error> {
    let from = opened.path.as_deref().and_then(Path::parent);
    if from == to.and_then(Path::parent) {
        return Ok(());
    }
    let mut all = includes(&opened.bytes, opened.format).into_iter();
    let relative = all.find(|(_, file)| !file.starts_with('/') && !file.starts_with("~/"));
    match relative {
        None => Ok(()),
        Some((_, file)) => Err(Error::Usage {
            what: format!(
                "{} includes `{file}`, which is relative to its directory",
                opened.origin
            ),
            hint: Some("write `include` with a path that begins with `~/` or `/` first".to_owned()),
        }),
    }
}

struct Reader<'a> {
    context: &'a Context,
    /// The canonical paths of the files that are being read, each included by the one before.
    open: Vec<PathBuf>,
    /// The files that were read.
    read: Vec<Opened>,
}

impl Reader<'_> {
    /// Reads the files that a text includes.
    fn included(&mut self, text: Text<'_>) -> Result<Included, Error> {
        let mut included = Included::default();
        let real = text.path.and_then(|path| path.canonicalize().ok());
        self.open.push(real.unwrap_or_default());
        for (place, file) in includes(text.bytes, text.format) {
            let refuse = |why: String, hint: &'static str| {
                let file = file.clone();
                let finding = Finding::new(place.clone(), Fault::Include { file, why, hint });
                Error::from(problems(
                    text.bytes,
                    text.origin,
                    text.format,
                    vec![finding],
                ))
            };
            if file.is_empty() {
                let why = "the path is empty".to_owned();
                return Err(refuse(why, "write the path of a file, or remove `include`"));
            }
            let path = self.context.included_file(&file, text.path);
            if path
                .canonicalize()
                .is_ok_and(|real| self.open.contains(&real))
            {
                let why = if self.open.len() == 1 {
                    "it is this file".to_owned()
                } else {
                    "it includes this file".to_owned()
                };
                return Err(refuse(why, "remove it from the list"));
            }
            // The first open file is the layout itself.
            if self.read.len() + self.open.len() > MOST {
                let why = format!("more than {MOST} files are included");
                return Err(refuse(why, "include fewer files"));
            }
            let opened = match self.context.store.read(&Target::File(path)) {
                Ok(opened) => opened,
                Err(error) => {
                    let hint = if error.is_missing() && text.path.is_none() {
                        "for a layout from standard input, paths are relative to the working \
                         directory"
                    } else if error.is_missing() {
                        "paths are relative to the directory of this file"
                    } else {
                        "check the file"
                    };
                    return Err(refuse(reason(&error), hint));
                }
            };
            let nested = self.included(Text::of(&opened))?;
            let layout = read_including(&opened.bytes, &opened.origin, opened.format, &nested)?;
            if !layout.workspaces.is_empty() || !layout.scratchpad.is_empty() {
                return Err(refuse(
                    "it has windows of its own".to_owned(),
                    "only `vars` and `templates` can be included; move them to a file without \
                     `workspaces` and `scratchpad`",
                ));
            }
            self.read.push(opened);
            included.add(layout);
        }
        self.open.pop();
        Ok(included)
    }
}

/// The error without the path, which the message has already.
fn reason(error: &StoreError) -> String {
    match error {
        error if error.is_missing() => "the file does not exist".to_owned(),
        StoreError::Io { source, .. } => without_number(&source.to_string()).to_owned(),
        error => error.to_string(),
    }
}
