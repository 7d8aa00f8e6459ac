//! Plugging and unplugging monitors.

use std::collections::BTreeSet;

use super::super::display::Monitor;
use super::super::tree;
use super::Desktop;

impl Desktop {
    /// Plugs a monitor or changes its rect, and waits until i3 has noticed it.
    #[track_caller]
    pub(crate) fn plug(&self, name: &str, rect: &str) {
        let mut monitors = self.display.monitors();
        let mut monitor = Monitor::new(name, rect);
        if let Some(known) = monitors.iter_mut().find(|known| known.name == name) {
            monitor.primary = known.primary;
            *known = monitor;
        } else {
            monitor.primary = monitors.is_empty();
            monitors.push(monitor);
        }
        self.arrange(&monitors);
    }

    /// Unplugs a monitor; waits until i3 has moved its workspaces away.
    #[track_caller]
    pub(crate) fn unplug(&self, name: &str) {
        let mut monitors = self.display.monitors();
        monitors.retain(|monitor| monitor.name != name);
        assert!(!monitors.is_empty(), "i3 needs a monitor");
        if !monitors.iter().any(|monitor| monitor.primary) {
            monitors[0].primary = true;
        }
        self.arrange(&monitors);
    }

    /// Replaces all monitors at once, as a docking station does.
    #[track_caller]
    pub(crate) fn arrange(&self, monitors: &[Monitor]) {
        self.display.arrange(monitors);
        self.wait_for_monitors();
    }

    #[track_caller]
    pub(super) fn wait_for_monitors(&self) {
        let wanted: BTreeSet<_> = self
            .display
            .monitors()
            .iter()
            .map(|monitor| {
                (
                    monitor.name.clone(),
                    monitor.rect.to_string(),
                    monitor.primary,
                )
            })
            .collect();
        if wanted.is_empty() {
            return;
        }
        self.wait_until("i3 sees the monitors", || self.outputs() == wanted);
    }

    /// The active outputs of i3: name, rect, and true for the primary output.
    pub(crate) fn outputs(&self) -> BTreeSet<(String, String, bool)> {
        self.ipc
            .outputs()
            .as_array()
            .into_iter()
            .flatten()
            .filter(|output| output["active"] == true)
            .map(|output| {
                (
                    output["name"].as_str().unwrap_or_default().to_owned(),
                    tree::geometry(&output["rect"]),
                    output["primary"] == true,
                )
            })
            .collect()
    }
}
