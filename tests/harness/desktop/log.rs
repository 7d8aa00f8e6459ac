//! The log of the test windows.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use super::super::windows::Logged;
use super::Desktop;

impl Desktop {
    /// The log lines of all test windows in chronological order.
    pub(crate) fn log(&self) -> Vec<Logged> {
        let mut lines = Logged::read(&self.path.join("log/windows"));
        lines.sort_by_key(Logged::time_us);
        lines
    }

    /// The log lines of one window.
    pub(crate) fn x_events(&self, window: u32) -> Vec<Logged> {
        let mut lines = self.log();
        lines.retain(|line| line.window() == window);
        lines
    }

    /// The sizes that the X server gave to a window, in order, without repetitions.
    pub(crate) fn sizes_set_by_x(&self, window: u32) -> Vec<(u64, u64)> {
        self.configured_sizes(window, false)
    }

    /// The sizes that i3 sent to a window in synthetic events (ICCCM 4.1.5), in order,
    /// without repetitions.
    pub(crate) fn sizes_sent_by_i3(&self, window: u32) -> Vec<(u64, u64)> {
        self.configured_sizes(window, true)
    }

    fn configured_sizes(&self, window: u32, is_synthetic: bool) -> Vec<(u64, u64)> {
        self.sync();
        let mut sizes: Vec<_> = self
            .x_events(window)
            .iter()
            .filter(|line| line.event() == "ConfigureNotify")
            .filter(|line| line.0["synthetic"] == is_synthetic)
            .map(|line| {
                let side = |name: &str| line.0[name].as_u64().unwrap_or_default();
                (side("w"), side("h"))
            })
            .collect();
        sizes.dedup();
        sizes
    }

    /// The number of unmaps of test windows so far, except when they close themselves.
    pub(crate) fn unmaps(&self) -> usize {
        self.count_logged("UnmapNotify")
    }

    /// The number of times that `test-window` was started so far.
    pub(crate) fn starts(&self) -> usize {
        self.count_logged("Started")
    }

    /// The time since the last test window was mapped.
    pub(crate) fn since_last_map(&self) -> Duration {
        let now = clock_gettime(ClockId::Monotonic);
        let now = Duration::try_from(now).expect("the monotonic clock is not negative");
        // The program may not have logged it yet.
        self.wait_until("a window is mapped", || self.count_logged("MapNotify") > 0);
        let log = self.log();
        let last = log.iter().rfind(|line| line.event() == "MapNotify");
        let last = last.expect("a window was mapped").time_us();
        now.saturating_sub(Duration::from_micros(last))
    }

    fn count_logged(&self, event: &str) -> usize {
        self.log()
            .iter()
            .filter(|line| line.event() == event)
            .count()
    }
}
