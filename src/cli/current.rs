//! The layout that is meant if the command line names none.
#![expect(clippy::disallowed_methods, reason = "asks whether files exist")]

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

use super::comparison::{compare, load};
use super::context::{Context, Loaded};
use super::history;
use super::places::start_times;
use super::scope::Selected;
use super::session::is_session;
use crate::error::Error;
use crate::journal::Run;
use crate::layout::Argument;
use crate::records::{Records, Window, file};

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

/// A layout with values for its variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Used {
    /// Its identity; see [`crate::compile::Plan::identity`].
    identity: String,
    /// Its file.
    pub(super) path: PathBuf,
}

/// The layout that is meant if the command line names none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Current {
    /// Its name or path, as on the command line.
    pub(super) name: String,
    /// The values of its variables.
    pub(super) arguments: Vec<Argument>,
    /// Its file.
    pub(super) path: PathBuf,
    /// The reason.
    pub(super) why: Why,
}

/// The name and the values on the command line. Without a name, those of the current layout, with a
/// note that says so; the values on the command line take precedence.
pub(super) fn named(
    name: Option<&str>,
    given: Vec<Argument>,
    context: &Context,
) -> Result<(String, Vec<Argument>), Error> {
    if let Some(name) = name {
        return Ok((name.to_owned(), given));
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
    Ok((current.name, [current.arguments, given].concat()))
}

impl Context {
    /// Finds and reads the layout on the command line, and sets its variables.
    pub(super) fn load_selected(&self, selected: &Selected) -> Result<Loaded, Error> {
        let (name, arguments) = named(selected.name.as_deref(), selected.arguments.all(), self)?;
        self.load_with(&name, &arguments)
    }
}

/// The current layout: the one on the desktop, and of several, the one that was used last;
/// without one, the layout that was used last.
pub(super) fn current(context: &Context) -> Option<Current> {
    let open = on_desktop(context);
    let mut used = used(context);
    let (Used { identity, path }, why) = match open.as_slice() {
        [] => (used.next()?, Why::UsedLast),
        [only] => (only.clone(), Why::OnDesktop),
        [first, ..] => {
            let latest = used.find(|used| open.contains(used));
            (latest.unwrap_or_else(|| first.clone()), Why::OnDesktop)
        }
    };
    Some(Current {
        name: context.argument(&path)?,
        arguments: context.arguments_of(&identity, &path),
        path,
        why,
    })
}

/// The layouts that have recorded windows on the desktop, in slots of their files; none if i3 cannot be reached.
pub(super) fn on_desktop(context: &Context) -> Vec<Used> {
    let observed = context.if_running(|session| session.observe(&start_times()));
    let Some(desktop) = observed else {
        return Vec::new();
    };
    let windows = desktop.windows.iter();
    let open: BTreeSet<Window> = windows
        .map(|(&id, facts)| Window::new(id, Some(facts)))
        .collect();
    let records = file::try_read(&context.records_file()).unwrap_or_default();
    let used = records
        .files(&open)
        .into_iter()
        .map(|(identity, path)| Used {
            identity: identity.to_owned(),
            path: path.to_owned(),
        });
    let used = used.filter(|used| is_layout(context, used));
    used.filter(|used| has_window(context, used, &records, &open))
        .collect()
}

/// True if a slot of the layout has a window: a record can be of a slot that is not in the file any
/// more. A layout that cannot be compared counts, so that commands say why.
fn has_window(context: &Context, used: &Used, records: &Records, open: &BTreeSet<Window>) -> bool {
    let Ok(loaded) = load(context, (&used.identity, &used.path)) else {
        return true;
    };
    if records.has_open(&context.plan(&loaded, &[], &[], &[]), open) {
        return true;
    }
    let compared = context.config();
    let compared = compared.and_then(|config| compare(&loaded, context, &config));
    compared.map_or(true, |compared| compared.filled > 0)
}

/// The layouts that `apply` and `capture` have used and that still exist, the latest first.
fn used(context: &Context) -> impl Iterator<Item = Used> {
    let runs = history::summaries(context, &history::Selected::default());
    let runs = runs.into_iter().rev().filter(|run| {
        let end = run.end.as_ref();
        ["apply", "capture"].contains(&run.start.command.as_str())
            && end.is_some_and(|(_, ended)| ended.layout.is_some() && ended.error.is_none())
    });
    let used = runs.filter_map(|run| {
        let text = context.runs().read(&run.id).ok()?;
        let run = Run::parse(run.id, &text)?;
        let layout = run.layout()?;
        let path = layout.path.clone()?;
        let identity = layout.identity.clone().unwrap_or_default();
        Some(Used { identity, path })
    });
    used.filter(|used| is_layout(context, used))
}

/// True if the file exists, and is not that of a saved session.
fn is_layout(context: &Context, used: &Used) -> bool {
    used.path.is_file() && !is_session(context, &used.path)
}
