//! The status of the desktop.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use super::Paint;
use super::history::{Result as Ending, ago, command, summary_json};
use super::lines::{Label, line, section};
use super::monitors::present;
use super::words::{Count, clean, tilde};
use crate::apply::Recovered;
use crate::journal::{Progress, Summary};
use crate::live::{Output, Pid, Version};

/// The running i3.
#[derive(Clone, Debug)]
pub struct I3 {
    /// Its version.
    pub version: Version,
    /// Its socket.
    pub socket: PathBuf,
    /// Its process.
    pub pid: Pid,
}

/// A layout compared with the desktop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The number of slots with a window.
    pub filled: usize,
    /// The number of slots.
    pub slots: usize,
    /// The number of differences that `diff` finds.
    pub differences: usize,
}

impl Comparison {
    const fn is_complete(self) -> bool {
        self.differences == 0
    }
}

/// A layout of which windows are open.
#[derive(Clone, Debug)]
pub struct OnDesktop {
    /// Its name.
    pub layout: String,
    /// Its name where there is little space.
    pub short: String,
    /// Its file.
    pub path: PathBuf,
    /// The comparison, or the error in one line.
    pub comparison: Result<Comparison, String>,
}

/// The records of windows in slots.
#[derive(Clone, Debug)]
pub struct KnownWindows<'s> {
    /// The file.
    pub path: &'s Path,
    /// The reason why it cannot be read.
    pub problem: Option<String>,
    /// The number of open windows with a record.
    pub windows: usize,
}

/// The status of the desktop.
#[derive(Clone, Debug)]
pub struct Status<'s> {
    /// The running i3.
    pub i3: I3,
    /// The value of `DISPLAY`.
    pub display: String,
    /// The monitors.
    pub outputs: Vec<Output>,
    /// The layouts of which windows are open, by name.
    pub layouts: Vec<OnDesktop>,
    /// The last recorded run, with its result.
    pub last_run: Option<(Summary, Ending)>,
    /// The progress of the last run, if it is still active.
    pub progress: Option<Progress>,
    /// Leftovers of interrupted runs; `None` while a run is active.
    pub leftovers: Option<Recovered>,
    /// The records of windows in slots.
    pub known: KnownWindows<'s>,
}

impl Status<'_> {
    fn has_leftovers(&self) -> bool {
        self.leftovers
            .is_some_and(|found| found != Recovered::default())
    }
}

/// The status in several lines. `now` is the time since 1970.
pub fn status(status: &Status<'_>, now: Duration, paint: Paint) -> String {
    let i3 = &status.i3;
    let mut text = format!(
        "i3 {} at {} (process {})\ndisplay: {}\n{}",
        i3.version,
        tilde(&i3.socket.display().to_string()),
        i3.pid.0,
        clean(&status.display),
        present(&status.outputs),
    );
    if status.layouts.is_empty() {
        text.push_str("no layout is on the desktop\n");
    }
    let layouts = status.layouts.iter();
    text.push_str(&section(
        "layouts on the desktop",
        layouts.map(|one| sentence(one, paint)),
        paint,
    ));
    let last_run = match &status.last_run {
        None => "no recorded runs".to_owned(),
        Some((run, ending)) => format!(
            "last run: {}, {}: {}{}",
            command(&run.start),
            ago(now, &run.start),
            ending.painted(paint),
            waiting(status)
        ),
    };
    let windows = Count(status.known.windows, "open window");
    text = format!("{text}{last_run}\nrecords: {windows}\n");
    if let Some(problem) = &status.known.problem {
        let path = status.known.path.display();
        let sentence = format!("cannot read {path}: {problem}; `apply` uses other evidence");
        text.push_str(&line(Label::Warning, &sentence, paint));
    }
    if status.has_leftovers() {
        let found = leftovers(status.leftovers.unwrap_or_default());
        let sentence = format!("an interrupted run has left {found}");
        text.push_str(&line(Label::Warning, &sentence, paint));
        text.push_str(&line(Label::Hint, "run `i3pm-layout recover`", paint));
    }
    text
}

fn sentence(one: &OnDesktop, paint: Paint) -> String {
    let name = tilde(&clean(&one.layout));
    match &one.comparison {
        Ok(found) if found.is_complete() => {
            let slots = Count(found.slots, "slot");
            format!("{name}: {} ({slots})", paint.good("complete"))
        }
        Ok(found) => format!(
            "{name}: {} of {}, {}",
            found.filled,
            Count(found.slots, "slot"),
            paint.warning(&Count(found.differences, "difference").to_string())
        ),
        Err(error) => format!("{name}: {}", paint.error(&tilde(&clean(error)))),
    }
}

/// What an active run waits for.
fn waiting(status: &Status<'_>) -> String {
    let Some(progress) = &status.progress else {
        return String::new();
    };
    let Progress { filled, slots, .. } = progress;
    let waits_for = progress
        .waits_for
        .as_deref()
        .map_or_else(String::new, |slot| format!(", waits for {}", clean(slot)));
    format!(": {filled}/{slots}{waits_for}")
}

fn leftovers(found: Recovered) -> String {
    let parts = [
        (found.placeholders, "placeholder"),
        (found.windows, "hidden window"),
        (found.marks, "mark"),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts
        .map(|(count, noun)| Count(count, noun).to_string())
        .collect();
    parts.join(", ")
}

/// The status in one line: the layouts, then what went wrong.
pub fn short(status: &Status<'_>) -> String {
    let layouts = status.layouts.iter().map(|one| {
        let name = tilde(&clean(&one.short));
        match &one.comparison {
            Ok(found) if found.is_complete() => name,
            Ok(found) => {
                let differences = Count(found.differences, "difference");
                format!("{name} {}/{}, {differences}", found.filled, found.slots)
            }
            Err(_) => format!("{name} invalid"),
        }
    });
    let mut parts: Vec<String> = layouts.collect();
    if parts.is_empty() {
        parts.push("no layout".to_owned());
    }
    if let Some((run, ending)) = &status.last_run
        && *ending != Ending::Done
    {
        let command = clean(&run.start.command);
        parts.push(format!("{command} {}{}", ending.as_str(), waiting(status)));
    }
    if status.has_leftovers() {
        parts.push("leftovers".to_owned());
    }
    parts.join("; ") + "\n"
}

/// The status as JSON.
pub fn to_json(status: &Status<'_>) -> Value {
    let outputs = status.outputs.iter().map(|output| {
        json!({
            "output": output.name,
            "rect": output.rect.to_string(),
            "primary": output.primary,
            "make": output.edid.make,
            "model": output.edid.model,
            "serial": output.edid.serial,
        })
    });
    let layouts = status.layouts.iter().map(|one| {
        let found = one.comparison.as_ref().ok();
        json!({
            "layout": one.layout,
            "path": one.path.to_string_lossy(),
            "complete": found.map(|found| found.is_complete()),
            "filled": found.map(|found| found.filled),
            "slots": found.map(|found| found.slots),
            "differences": found.map(|found| found.differences),
            "error": one.comparison.as_ref().err(),
        })
    });
    let last = status.last_run.as_ref();
    json!({
        "i3": {
            "version": status.i3.version.to_string(),
            "socket": status.i3.socket.to_string_lossy(),
            "pid": status.i3.pid,
        },
        "display": status.display,
        "monitors": outputs.collect::<Vec<_>>(),
        "layouts": layouts.collect::<Vec<_>>(),
        "last_run": last.map(|(run, ending)| summary_json(run, *ending)),
        "progress": status.progress.as_ref().map(|progress| {
            json!({
                "filled": progress.filled,
                "slots": progress.slots,
                "waits_for": progress.waits_for,
            })
        }),
        "leftovers": status.leftovers,
        "records": {
            "path": status.known.path.to_string_lossy(),
            "problem": status.known.problem,
            "windows": status.known.windows,
        },
    })
}
