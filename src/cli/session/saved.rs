//! The files of saved sessions.
#![expect(clippy::disallowed_methods, reason = "reads and removes the files")]

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::super::context::Context;
use crate::compile::monitors::profile::is_for;
use crate::document::fault::nearest;
use crate::error::Error;
use crate::journal::RunId;
use crate::layout::Layout;
use crate::live::Output;
use crate::store::Target;
use crate::ui::diagnostic::to_line;

/// The number of sessions that are kept, in addition to the latest one for each set of monitors.
const KEPT: usize = 10;

/// A saved session that can be read.
pub(super) struct Saved {
    /// Its id, which sorts by time.
    pub(super) id: RunId,
    /// Its file.
    pub(super) path: PathBuf,
    /// Its content.
    pub(super) layout: Layout,
}

impl Saved {
    /// True if it was saved on these monitors.
    pub(super) fn fits(&self, outputs: &[Output]) -> bool {
        is_for(&self.layout, outputs)
    }
}

/// The folder of the sessions.
fn folder(context: &Context) -> PathBuf {
    context.state.join("sessions")
}

/// The file of a new session.
pub(super) fn path(context: &Context, id: &RunId) -> PathBuf {
    folder(context).join(format!("{id}.yaml"))
}

/// A saved session that cannot be read.
pub(super) struct Broken {
    /// Its file.
    pub(super) path: PathBuf,
    /// The reason.
    pub(super) error: Error,
}

/// The saved sessions, the latest first. Files that cannot be read are left out.
pub(super) fn all(context: &Context) -> Vec<Saved> {
    read(context).0
}

/// As [`all`], with a warning for each file that cannot be read.
pub(super) fn all_or_warn(context: &Context) -> Vec<Saved> {
    let (all, broken) = read(context);
    for Broken { path, error } in broken {
        let path = context.short(&path);
        context.ui.warn(&format!(
            "the saved session {path} cannot be read: {}; run `i3pm-layout validate {path}` for the \
             details, or remove the file",
            to_line(&error)
        ));
    }
    all
}

/// The saved sessions, and those that cannot be read, the latest first.
fn read(context: &Context) -> (Vec<Saved>, Vec<Broken>) {
    let (mut all, mut broken) = (Vec::new(), Vec::new());
    let Ok(files) = fs::read_dir(folder(context)) else {
        return (all, broken);
    };
    for path in files.filter_map(|file| Some(file.ok()?.path())) {
        let name = path.file_stem().and_then(|name| name.to_str());
        let Some(id) = name.and_then(RunId::parse) else {
            continue;
        };
        match context.load_target(&Target::File(path.clone())) {
            Ok(loaded) => all.push(Saved {
                id,
                path,
                layout: loaded.layout,
            }),
            Err(error) => broken.push(Broken { path, error }),
        }
    }
    all.sort_by_key(|one| Reverse(one.id.to_string()));
    broken.sort_by_key(|one| Reverse(one.path.clone()));
    (all, broken)
}

/// The session with this name: `last` for the latest, its id, or the beginning of its id or date, with
/// or without the usual punctuation.
pub(super) fn named(all: Vec<Saved>, wanted: &str) -> Result<Saved, Error> {
    let ids: Vec<String> = all.iter().map(|one| one.id.to_string()).collect();
    let found = matching(&ids, wanted);
    let mut all = all.into_iter();
    match found.as_slice() {
        [only] => all.nth(*only).ok_or_else(|| no_session(wanted)),
        [] => Err(no_session(wanted)),
        several => {
            let names: Vec<&str> = several.iter().map(|&at| ids[at].as_str()).collect();
            Err(Error::Usage {
                what: format!("several saved sessions begin with `{wanted}`"),
                hint: Some(format!("name one of {}", names.join(", "))),
            })
        }
    }
}

fn no_session(wanted: &str) -> Error {
    Error::Usage {
        what: format!("no saved session is called `{wanted}`"),
        hint: Some(match nearest(wanted, &["last".to_owned()]) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`i3pm-layout session list` lists them".to_owned(),
        }),
    }
}

/// The positions of the ids that a name means; the latest is the first.
fn matching(ids: &[String], wanted: &str) -> Vec<usize> {
    if wanted == "last" {
        return (0..ids.len().min(1)).collect();
    }
    if let Some(exact) = ids.iter().position(|id| id == wanted) {
        return vec![exact];
    }
    if !wanted.starts_with(|letter: char| letter.is_ascii_digit()) {
        return Vec::new();
    }
    let begins = |at: &usize| written(&ids[*at]).iter().any(|one| one.starts_with(wanted));
    (0..ids.len()).filter(begins).collect()
}

/// The ways to write the id and the date of a session.
fn written(id: &str) -> Vec<String> {
    let part = |range: Range<usize>| id.get(range).unwrap_or_default();
    let date = [part(0..4), part(4..6), part(6..8)].join("-");
    let time = [part(9..11), part(11..13), part(13..15)].join(":");
    vec![
        id.to_owned(),
        id.replacen('-', "", 1),
        format!("{date} {time}"),
        format!("{date}T{time}"),
    ]
}

/// The file of the session with exactly this name.
pub(super) fn file_of(context: &Context, name: &str) -> Option<PathBuf> {
    let path = path(context, &RunId::parse(name)?);
    path.is_file().then_some(path)
}

/// Removes old sessions.
pub(super) fn prune(context: &Context) {
    let mut monitors = BTreeSet::new();
    for (position, saved) in all(context).into_iter().enumerate() {
        let is_latest = monitors.insert(format!("{:?}", saved.layout.monitors));
        if position >= KEPT && !is_latest {
            // The next save tries again.
            let _ = fs::remove_file(saved.path);
        }
    }
}

/// True for the file of a saved session.
pub(in crate::cli) fn is_session(context: &Context, path: &Path) -> bool {
    path.starts_with(folder(context))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_named_by_the_beginning_of_their_date() {
        let ids = [
            "20261129-211544-4711",
            "20261129-080000-12",
            "20261128-080000-9",
        ];
        let ids = ids.map(str::to_owned);
        for (wanted, expected) in [
            ("last", &[0][..]),
            ("20261129-080000-12", &[1]),
            ("20261128", &[2]),
            ("2026-11-28", &[2]),
            ("2026-11-29T21:15", &[0]),
            ("2026-11-29", &[0, 1]),
            ("2026-11-29 08", &[1]),
            ("20261129211544", &[0]),
            ("2026-1-12", &[]),
            ("lats", &[]),
            (":", &[]),
            ("T", &[]),
            (" ", &[]),
            ("", &[]),
            ("2025", &[]),
        ] {
            assert_eq!(matching(&ids, wanted), expected, "{wanted}");
        }
        assert!(matching(&[], "last").is_empty());
    }
}
