//! The last arrangement of workspaces on each set of monitors.
//!
//! Commands that look at the desktop record it in a file of the state directory, so that `adapt` can
//! restore it when the same monitors are connected again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Window, is_of};
use crate::compile::monitors::profile::{monitor, same_monitors};
use crate::compile::present::EarlierPlace;
use crate::geometry::Rect;
use crate::layout::{Profile, ProfileMonitor, ProfileWorkspace};
use crate::live::{Desktop, Edid, Output, WindowFacts, XId};

/// The number of sets of monitors that are remembered.
const MOST: usize = 32;

/// The places of workspaces and floating windows on a set of monitors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrangement {
    /// The monitors, from left to right.
    pub monitors: Vec<Output>,
    /// The workspaces, in the order of the monitors, and on each in i3's order.
    pub workspaces: Vec<PlacedWorkspace>,
    /// The focused workspace.
    pub focus: Option<String>,
    /// The floating windows of the workspaces.
    pub floating: Vec<PlacedWindow>,
    /// The layout that was applied or captured last on these monitors.
    #[serde(default)]
    pub layout: Option<String>,
}

/// A workspace on a monitor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedWorkspace {
    /// Its name.
    pub name: String,
    /// Its output.
    pub output: String,
    /// True if the output shows it.
    pub visible: bool,
}

/// A floating window on a monitor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedWindow {
    /// The window.
    #[serde(flatten)]
    pub window: Window,
    /// The output of its workspace.
    pub output: String,
    /// The rect of its frame, relative to the output.
    pub rect: Rect,
}

impl Arrangement {
    /// The present arrangement.
    pub fn of(desktop: &Desktop) -> Self {
        let mut monitors = desktop.outputs.clone();
        monitors.sort_by_key(|output| (output.rect.x, output.rect.y));
        let mut found = Self {
            monitors,
            focus: desktop.focused_name().map(str::to_owned),
            ..Self::default()
        };
        for live in desktop.workspaces() {
            let Some(output) = desktop.outputs.iter().find(|one| one.name == live.output) else {
                continue;
            };
            found.workspaces.push(PlacedWorkspace {
                name: live.con.name().to_owned(),
                output: output.name.clone(),
                visible: live.visible,
            });
            for frame in &live.con.floating_nodes {
                let Some(id) = frame.windows().find_map(|con| con.window) else {
                    continue;
                };
                found.floating.push(PlacedWindow {
                    window: Window::new(id, desktop.windows.get(&id)),
                    output: output.name.clone(),
                    rect: Rect {
                        x: frame.rect.x.saturating_sub(output.rect.x),
                        y: frame.rect.y.saturating_sub(output.rect.y),
                        ..frame.rect
                    },
                });
            }
        }
        let position = |output: &str| {
            let mut monitors = found.monitors.iter();
            monitors.position(|monitor| monitor.name == output)
        };
        let mut workspaces = std::mem::take(&mut found.workspaces);
        workspaces.sort_by_key(|place| position(&place.output));
        found.workspaces = workspaces;
        found
    }

    /// The arrangement as a profile with this name.
    pub fn profile(&self, name: &str) -> Profile {
        Profile {
            name: name.to_owned(),
            monitors: self.monitors.iter().map(profile_monitor).collect(),
            workspaces: self
                .workspaces
                .iter()
                .map(|one| ProfileWorkspace {
                    name: one.name.clone(),
                    output: one.output.clone(),
                    visible: one.visible,
                })
                .collect(),
            focus: self.focus.clone(),
        }
    }

    /// The earlier place of a window, if it is still the same window.
    pub fn place<'a>(
        &'a self,
        window: XId,
        facts: Option<&WindowFacts>,
        rects: &'a [Rect],
    ) -> Option<EarlierPlace<'a>> {
        let window = Window::new(window, facts);
        let placed = self.floating.iter().find(|one| one.window == window)?;
        let mut monitors = self.monitors.iter();
        let monitor = monitors.find(|monitor| monitor.name == placed.output)?;
        Some(EarlierPlace {
            rect: placed.rect,
            output: &placed.output,
            monitor: monitor.rect,
            all: rects,
        })
    }

    /// The rects of its monitors.
    pub fn rects(&self) -> Vec<Rect> {
        self.monitors.iter().map(|monitor| monitor.rect).collect()
    }

    /// The outputs that are its monitors, by their name in the arrangement; `None` if other monitors
    /// are connected.
    fn outputs(&self, present: &[Output]) -> Option<BTreeMap<String, String>> {
        let saved: Vec<_> = self.monitors.iter().map(monitor).collect();
        same_monitors(&saved, present)
    }

    /// True if its monitors are connected, and have the same sizes.
    fn has_sizes(&self, present: &[Output]) -> bool {
        let size = |rect: Rect| (rect.width, rect.height);
        self.outputs(present).is_some_and(|names| {
            self.monitors.iter().all(|monitor| {
                let name = names.get(&monitor.name).unwrap_or(&monitor.name);
                let mut present = present.iter();
                let present = present.find(|output| output.name == *name);
                present.is_some_and(|output| size(output.rect) == size(monitor.rect))
            })
        })
    }

    /// The arrangement with the present names of its outputs.
    fn renamed(&self, names: &BTreeMap<String, String>) -> Self {
        let mut renamed = self.clone();
        let monitors = renamed.monitors.iter_mut().map(|one| &mut one.name);
        let workspaces = renamed.workspaces.iter_mut().map(|one| &mut one.output);
        let floating = renamed.floating.iter_mut().map(|one| &mut one.output);
        for output in monitors.chain(workspaces).chain(floating) {
            if let Some(name) = names.get(output) {
                name.clone_into(output);
            }
        }
        renamed
    }
}

/// An output by its EDID, and by its name for messages.
fn profile_monitor(output: &Output) -> ProfileMonitor {
    let Edid {
        make,
        model,
        serial,
        ..
    } = output.edid.clone();
    let is_known = model.is_some() || serial.is_some();
    ProfileMonitor {
        output: Some(output.name.clone()),
        edid: Edid {
            make: make.filter(|_| is_known),
            model,
            serial,
            size_mm: None,
        },
        ..ProfileMonitor::default()
    }
}

/// The last arrangement on each set of monitors, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Arrangements(Vec<Arrangement>);

impl Arrangements {
    /// The last arrangement on these monitors, with the present names of the outputs. Floating
    /// windows are at their last places on monitors of the present sizes, so that they return to the
    /// pixel.
    pub fn on(&self, outputs: &[Output]) -> Option<Arrangement> {
        let renamed = |one: &Arrangement| Some(one.renamed(&one.outputs(outputs)?));
        let last = self.0.iter().find_map(renamed)?;
        let mut same_size = self.0.iter().filter(|one| one.has_sizes(outputs));
        Some(match same_size.find_map(renamed) {
            Some(Arrangement {
                monitors, floating, ..
            }) => Arrangement {
                monitors,
                floating,
                ..last
            },
            None => last,
        })
    }

    /// True if the latest arrangement is on these monitors.
    pub fn are_latest(&self, outputs: &[Output]) -> bool {
        let latest = self.0.first();
        latest.is_some_and(|latest| latest.has_sizes(outputs))
    }

    /// Gives a layout another identity. Returns true if it was the last one on any monitors.
    pub fn rename(&mut self, from: &str, to: &str) -> bool {
        let layouts = self.0.iter_mut().filter_map(|one| one.layout.as_mut());
        let renamed = layouts.filter(|layout| is_of(layout, from));
        renamed
            .map(|layout| layout.replace_range(..from.len(), to))
            .count()
            > 0
    }

    /// Replaces the arrangement on its monitors in these sizes. Without a layout, that of the earlier arrangement
    /// stays. Returns true if anything has changed.
    pub fn remember(&mut self, mut arrangement: Arrangement) -> bool {
        let earlier = self.on(&arrangement.monitors);
        if arrangement.layout.is_none() {
            arrangement.layout = earlier.and_then(|earlier| earlier.layout);
        }
        if self.0.first() == Some(&arrangement) {
            return false;
        }
        self.0.retain(|one| !one.has_sizes(&arrangement.monitors));
        self.0.insert(0, arrangement);
        self.0.truncate(MOST);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::live::build::{desktop, float, output, win, workspace};

    fn docked(external: &str) -> Desktop {
        let laptop = output("eDP-1", "1920x1080+0+0".parse().unwrap());
        let other = output(external, "2560x1440+1920+0".parse().unwrap());
        let floating = float(win("f"), "400x300+2020+50".parse().unwrap());
        desktop([
            laptop.workspaces([workspace("1", [win("a").focused()]).focused().visible()]),
            other.workspaces([
                workspace("3", [win("b")]).visible().floating([floating]),
                workspace("4", [win("c")]),
            ]),
        ])
    }

    #[test]
    fn arrangement_is_known_for_the_same_monitors_only() {
        let docked = docked("DP-1");
        let mut all = Arrangements::default();
        assert!(all.remember(Arrangement::of(&docked)));
        assert!(!all.remember(Arrangement::of(&docked)));
        let found = all.on(&docked.outputs).unwrap();
        assert_eq!(found.floating[0].rect.to_string(), "400x300+100+50");
        let profile = found.profile("p");
        let places = profile.workspaces.iter();
        let places = places.map(|one| format!("{} {} {}", one.name, one.output, one.visible));
        assert_eq!(
            places.collect::<Vec<_>>(),
            ["1 eDP-1 true", "3 DP-1 true", "4 DP-1 false"]
        );
        assert_eq!(profile.focus.as_deref(), Some("1"));
        assert_eq!(all.on(&docked.outputs[..1]), None);
        let mut other = docked.outputs.clone();
        other[1].name = "HDMI-1".to_owned();
        assert_eq!(all.on(&other), None);
    }

    #[test]
    fn each_size_of_a_monitor_has_an_arrangement() {
        let large = docked("DP-1");
        let mut small = docked("DP-1");
        small.outputs[1].rect.width = 1280;
        small.outputs.reverse();
        let mut all = Arrangements::default();
        all.remember(Arrangement::of(&large));
        // Another size is better than nothing.
        assert!(all.on(&small.outputs).is_some());
        assert!(!all.are_latest(&small.outputs));
        all.remember(Arrangement::of(&small));
        assert_eq!(all.0.len(), 2);
        for desktop in [&large, &small] {
            let found = all.on(&desktop.outputs).unwrap();
            let expected = Arrangement::of(desktop);
            assert_eq!(found.floating, expected.floating);
            assert_eq!(found.monitors, expected.monitors);
            // The places of workspaces do not depend on the size.
            assert_eq!(found.workspaces, Arrangement::of(&small).workspaces);
        }
    }

    #[test]
    fn renamed_layout_keeps_its_values() {
        for (before, expected) in [
            ("old", Some("p/new")),
            ("old root=~/x", Some("p/new root=~/x")),
            ("older", None),
        ] {
            let mut all = Arrangements::default();
            all.remember(Arrangement {
                layout: Some(before.to_owned()),
                ..Arrangement::of(&docked("DP-1"))
            });
            assert_eq!(all.rename("old", "p/new"), expected.is_some(), "{before}");
            let after = all.0[0].layout.as_deref();
            assert_eq!(after, Some(expected.unwrap_or(before)));
        }
    }

    #[test]
    fn monitor_keeps_its_arrangement_at_another_output() {
        let mut desktop = docked("DP-1");
        desktop.outputs[1].edid.model = Some("U2719D".to_owned());
        desktop.outputs[1].edid.serial = Some("7Q3".to_owned());
        let mut all = Arrangements::default();
        all.remember(Arrangement {
            layout: Some("t".to_owned()),
            ..Arrangement::of(&desktop)
        });
        let mut moved = docked("DP-3");
        moved.outputs[1].edid = desktop.outputs[1].edid.clone();
        let found = all.on(&moved.outputs).unwrap();
        assert_eq!(found.workspaces[1].output, "DP-3");
        all.remember(Arrangement::of(&moved));
        assert_eq!(all.0.len(), 1);
        assert_eq!(all.0[0].layout.as_deref(), Some("t"));
        assert!(all.rename("t", "u") && !all.rename("t", "u"));
    }
}
