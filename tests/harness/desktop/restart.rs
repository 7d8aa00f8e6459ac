//! Restarts of i3 in place.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Desktop;

impl Desktop {
    /// Starts a restart of i3 in place, like Mod+Shift+R.
    pub(crate) fn start_restart(&self) {
        // i3 does not reply to `restart`.
        let _ = catch_unwind(AssertUnwindSafe(|| self.ipc().try_run("restart")));
    }

    /// Restarts i3, and waits until it replies again.
    #[track_caller]
    pub(crate) fn restart_i3(&self) {
        self.start_restart();
        self.wait_until("i3 replies again", || {
            catch_unwind(AssertUnwindSafe(|| self.tree())).is_ok()
        });
        // i3 loses the request of a program that shows its window between i3's last look at its events
        // and execve(2): the window stays unmapped.
        self.display().map_unmapped_windows();
    }
}
