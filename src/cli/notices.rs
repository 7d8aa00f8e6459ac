//! Desktop notifications of commands that nobody watches.

use super::context::Context;
use crate::config::Config;
use crate::error::Error;
use crate::ui::Paint;
use crate::ui::notify::{Level, Notices};

/// The error for `--notify` with a command that shows no notification.
pub(super) fn not_shown() -> Error {
    Error::Usage {
        what: "this command shows no notification".to_owned(),
        hint: Some(
            "use `--notify` with `apply`, `adapt`, `capture`, `session`, `undo` or `recover`"
                .to_owned(),
        ),
    }
}

impl Context {
    /// Shows the progress and the result of this command as a notification: with `--notify`, or if the
    /// configuration says so and there is no terminal.
    pub(super) fn begin_notices(&self, is_wanted: bool, config: Option<&Config>) {
        let by_config = config
            .and_then(|config| config.notify.as_ref())
            .is_some_and(|notify| notify.value);
        if is_wanted || by_config && !self.ui.draws() {
            // It is called once for a command.
            let _ = self.notices.set(Notices::start());
        }
    }

    /// The notification of this command, if there is one.
    pub(super) fn notices(&self) -> Option<&Notices> {
        self.notices.get()
    }

    /// Prints the result of this command, also in its notification.
    pub(super) fn announce(&self, is_success: bool, text: &dyn Fn(Paint) -> String) {
        let printed = text(self.ui.paint_err());
        if is_success {
            self.ui.say(&printed);
        } else {
            self.ui.complain(&printed);
        }
        if let Some(notices) = self.notices() {
            let level = if is_success {
                Level::Low
            } else {
                Level::Normal
            };
            notices.set_result(&text(Paint(false)), level);
        }
    }

    /// Shows the result in the notification of this command. Warns if that is not possible.
    pub(super) fn end_notices(&self) {
        if let Some(Err(reason)) = self.notices().map(Notices::finish) {
            self.ui
                .warn(&format!("cannot show a notification: {reason}"));
        }
    }
}
