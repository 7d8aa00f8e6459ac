//! Errors of runs without a terminal: one i3-nagbar for each layout.
#![expect(
    clippy::disallowed_methods,
    reason = "reads and removes the files about the bars"
)]

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::PathBuf;

use serde_json::json;

use super::context::Context;
use crate::apply::Report;
use crate::discover::proc_table::ProcTable;
use crate::files::private;
use crate::live::Pid;
use crate::session::Session;
use crate::ui::nagbar::{self, Button};
use crate::ui::words::hide_in_message;

/// The buttons of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Buttons {
    /// The details alone: the same command would fail in the same way.
    Details,
    /// The details, and the same command again.
    Again,
    /// Also a button that undoes the run.
    Undo,
}

impl Buttons {
    /// The buttons after a run that is not complete.
    pub(super) fn after(report: &Report) -> Self {
        if report.has_moved() {
            Self::Undo
        } else {
            Self::Again
        }
    }
}

impl Context {
    /// Removes the bar of an earlier run of this layout.
    pub(super) fn clear_bar(&self, layout: &str) {
        let record = self.bar(layout, "json");
        let Ok(text) = fs::read(&record) else {
            return;
        };
        let value: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
        let pid = value["pid"]
            .as_u64()
            .and_then(|pid| u32::try_from(pid).ok());
        let started = value["started"].as_u64();
        if let Some(pid) = pid.map(Pid)
            && started.is_some()
            && ProcTable::new().started(pid) == started
            && let Some(process) = i32::try_from(pid.0)
                .ok()
                .and_then(rustix::process::Pid::from_raw)
        {
            // It may have ended meanwhile.
            let _ = rustix::process::kill_process(process, rustix::process::Signal::TERM);
        }
        let _ = fs::remove_file(record);
        let _ = fs::remove_file(self.bar(layout, "txt"));
    }

    /// Shows an error about a layout in i3-nagbar if i3 started this program, instead of an earlier
    /// one about this layout.
    pub(super) fn alarm(
        &self,
        session: &Session,
        layout: &str,
        (line, details): (&str, &dyn Fn() -> String),
        buttons: Buttons,
    ) {
        if !nagbar::is_started_by(session.i3_pid()) {
            return;
        }
        self.clear_bar(layout);
        let mut shown = Vec::new();
        let file = self.bar(layout, "txt");
        let folder = self.runtime();
        let text = self.text_of(&details());
        let written = private::ensure_folder(folder)
            .and_then(|()| private::ensure_folder(&folder.join(FOLDER)))
            .and_then(|()| private::write(&file, text.as_bytes()));
        if written.is_ok() {
            shown.push(Button::Details);
        }
        if let Some(program) = Self::own_program() {
            let program = program.into_os_string();
            let run = |label, arguments: Vec<std::ffi::OsString>| Button::Run {
                label,
                command: [vec![program.clone()], arguments].concat(),
            };
            if buttons != Buttons::Details {
                shown.push(run("Try again", self.arguments.clone()));
            }
            if let (Buttons::Undo, Some(id)) = (buttons, self.journal.id()) {
                shown.push(run("Undo", vec!["undo".into(), id.to_string().into()]));
            }
        }
        let Some(pid) = nagbar::show(line, &file, &shown) else {
            return;
        };
        if let Some(notices) = self.notices() {
            notices.leave_out_result();
        }
        let record = json!({ "pid": pid.0, "started": ProcTable::new().started(pid) });
        // Without it, the bar stays until the user closes it.
        let _ = private::write(&self.bar(layout, "json"), record.to_string().as_bytes());
    }

    /// The text that the button for details shows.
    fn text_of(&self, details: &str) -> String {
        let text = hide_in_message(details.trim_end());
        let hint = self.journal.id().map_or_else(String::new, |id| {
            format!("\nhint: `i3pm-layout history show {id}` tells the whole run\n")
        });
        format!("{text}\n{hint}")
    }

    /// The file about the bar of a layout.
    fn bar(&self, layout: &str, extension: &str) -> PathBuf {
        let mut hasher = DefaultHasher::new();
        (self.display(), layout).hash(&mut hasher);
        let name = format!("{:016x}.{extension}", hasher.finish());
        self.runtime().join(FOLDER).join(name)
    }
}

/// The folder of the files about bars, below the runtime directory.
const FOLDER: &str = "bars";
