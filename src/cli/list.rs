//! `list`: list the saved layouts.
#![expect(clippy::disallowed_methods, reason = "reads the times of files")]

use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use serde_json::{Value, json};

use super::context::Context;
use super::current;
use super::exit::Exit;
use super::profiles::present;
use crate::compile::monitors::profile::is_for;
use crate::error::Error;
use crate::journal::file::now;
use crate::layout::Layout;
use crate::store::{Listed, Target};
use crate::ui::list::{Row, table};

/// List the saved layouts
///
/// Prints one name per line and nothing else, so the output can be piped into a menu. On a terminal,
/// or with `--long`, also prints when each layout was saved, its windows and workspaces, and the
/// monitors that it is for. Marks the layouts that are on the desktop, and those for the connected
/// monitors.
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "ls",
    after_help = "Examples:\n  \
        i3pm-layout list\n  \
        i3pm-layout list | dmenu | xargs -r i3pm-layout apply\n  \
        i3pm-layout list --long\n  \
        i3pm-layout list --json | jq -r '.[] | select(.fits).name'"
)]
pub(super) struct Args {
    /// Print the details of each layout, also if the output is not a terminal
    #[arg(short, long)]
    long: bool,
    /// Print names, projects, paths and monitors as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let all = context.store.list()?;
    let mut marks = Vec::new();
    if args.json || args.long || context.ui.is_terminal_out() {
        let details = Details::read(&all, context);
        if details.iter().any(|one| one.is_current) {
            marks.push("`>` marks the layouts on the desktop");
        }
        if details.iter().any(|one| one.fits == Some(true)) {
            marks.push("`*` marks the layouts for the connected monitors");
        }
        context.print(
            args.json,
            || details.iter().map(Details::to_json).collect(),
            |paint| {
                let rows = details.iter().map(Details::row);
                table(&rows.collect::<Vec<_>>(), now(), paint)
            },
        )?;
    } else {
        let names: String = all.iter().map(|listed| listed.full_name() + "\n").collect();
        context.ui.out(&names)?;
    }
    if !marks.is_empty() {
        context.ui.note(&marks.join(", "));
    }
    if all.is_empty() {
        context.ui.say(&format!(
            "no layouts in {} yet; run `i3pm-layout capture NAME` to create the first",
            context.short(context.store.layouts())
        ));
    }
    Ok(Exit::Done)
}

/// A layout with its content, unless that is invalid.
struct Details<'a> {
    listed: &'a Listed,
    layout: Option<Layout>,
    /// True if it is for the connected monitors; `None` without i3.
    fits: Option<bool>,
    /// True if some of its windows are open.
    is_current: bool,
    /// The time of the last change of its file, since 1970.
    changed: Option<Duration>,
}

impl<'a> Details<'a> {
    fn read(all: &'a [Listed], context: &Context) -> Vec<Self> {
        let outputs = if all.is_empty() {
            None
        } else {
            present(context)
        };
        let current = if outputs.is_some() {
            current::on_desktop(context)
        } else {
            Vec::new()
        };
        let details = all.iter().map(|listed| {
            let target = Target::File(listed.path.clone());
            let loaded = context.load_target(&target).ok();
            let layout = loaded.map(|loaded| loaded.layout);
            let fits = outputs.as_ref().zip(layout.as_ref());
            Self {
                listed,
                is_current: current.iter().any(|used| used.path == listed.path),
                changed: changed(&listed.path),
                fits: fits.map(|(outputs, layout)| is_for(layout, outputs)),
                layout,
            }
        });
        details.collect()
    }

    fn to_json(&self) -> Value {
        let listed = self.listed;
        let layout = self.layout.as_ref();
        let monitors = layout.map(|layout| -> Value {
            let monitors = layout.monitors.iter();
            let value = monitors.map(|one| {
                let edid = &one.edid;
                json!({
                    "output": one.output,
                    "rect": one.rect.to_string(),
                    "make": edid.make,
                    "model": edid.model,
                    "serial": edid.serial,
                })
            });
            value.collect()
        });
        let profiles = layout.map(|layout| -> Value {
            let profiles = layout.profiles.iter();
            profiles.map(|one| json!(one.name)).collect()
        });
        json!({
            "name": listed.full_name(),
            "project": listed.project,
            "path": listed.path.to_string_lossy(),
            "monitors": monitors,
            "profiles": profiles,
            "windows": layout.map(Layout::window_count),
            "workspaces": layout.map(|layout| layout.workspaces.len()),
            "changed": self.changed.map(|changed| changed.as_secs()),
            "current": self.is_current,
            "fits": self.fits,
        })
    }

    fn row(&self) -> Row<'_> {
        Row {
            name: self.listed.full_name(),
            layout: self.layout.as_ref(),
            fits: self.fits == Some(true),
            is_current: self.is_current,
            changed: self.changed,
        }
    }
}

/// The time of the last change of a file, since 1970.
pub(super) fn changed(path: &Path) -> Option<Duration> {
    let changed = path.metadata().ok()?.modified().ok()?;
    changed.duration_since(UNIX_EPOCH).ok()
}
