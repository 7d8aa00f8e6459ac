//! The layout that is meant if the command line names none.
#![expect(clippy::disallowed_methods, reason = "asks whether files exist")]

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use super::context::Context;
use super::history;
use super::places::start_times;
use super::session::is_session;
use crate::error::Error;
use crate::journal::Run;
use crate::records::{Window, file};

/// The reason why a layout is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// Some of its windows are open.
    OnDesktop,
    /// `apply` or `capture` has used it last.
    UsedLast,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OnDesktop => "which is on the desktop",
            Self::UsedLast => "which was used last",
        })
    }
}

/// The layout that is meant if the command line names none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Current {
    /// Its name or path, as on the command line.
    pub(super) name: String,
    /// Its file.
    pub(super) path: PathBuf,
    /// The reason.
    pub(super) why: Why,
}

/// The name on the command line, else that of the current layout, with a note that says so.
pub(super) fn named(name: Option<&str>, context: &Context) -> Result<String, Error> {
    if let Some(name) = name {
        return Ok(name.to_owned());
    }
    let Some(current) = current(context) else {
        return Err(Error::NoCurrent {
            has_layouts: !context.store.list()?.is_empty(),
        });
    };
    let name = context.reference(&current.path);
    context
        .ui
        .note(&format!("no layout named; using `{name}`, {}", current.why));
    Ok(current.name)
}

/// The current layout: the one on the desktop, and of several, the one that was used last;
/// without one, the layout that was used last.
pub(super) fn current(context: &Context) -> Option<Current> {
    let open = on_desktop(context);
    let mut used = used(context);
    let (path, why) = match open.as_slice() {
        [] => (used.next()?, Why::UsedLast),
        [only] => (only.clone(), Why::OnDesktop),
        [first, ..] => {
            let latest = used.find(|path| open.contains(path));
            (latest.unwrap_or_else(|| first.clone()), Why::OnDesktop)
        }
    };
    Some(Current {
        name: context.argument(&path)?,
        path,
        why,
    })
}

/// The files of the layouts that have windows on the desktop; none if i3 cannot be reached.
pub(super) fn on_desktop(context: &Context) -> Vec<PathBuf> {
    let observed = context.if_running(|session| session.observe(&start_times()));
    let Some(desktop) = observed else {
        return Vec::new();
    };
    let windows = desktop.windows.iter();
    let open: BTreeSet<Window> = windows
        .map(|(&id, facts)| Window::new(id, Some(facts)))
        .collect();
    let records = file::try_read(&context.records_file()).unwrap_or_default();
    let files = records.files(&open).into_values();
    files
        .filter(|path| path.is_file() && !is_session(context, path))
        .map(Path::to_owned)
        .collect()
}

/// The files of the layouts that `apply` and `capture` have used and that still exist, the latest
/// first.
fn used(context: &Context) -> impl Iterator<Item = PathBuf> {
    let runs = history::summaries(context, &history::Selected::default());
    let runs = runs.into_iter().rev().filter(|run| {
        let end = run.end.as_ref();
        ["apply", "capture"].contains(&run.start.command.as_str())
            && end.is_some_and(|(_, ended)| ended.layout.is_some() && ended.error.is_none())
    });
    runs.filter_map(|run| {
        let text = context.runs().read(&run.id).ok()?;
        let run = Run::parse(run.id, &text)?;
        let path = run.layout()?.path.clone()?;
        (path.is_file() && !is_session(context, &path)).then_some(path)
    })
}
