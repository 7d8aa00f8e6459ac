//! Compares the monitors of a profile, or of a saved desktop, with the present outputs.

use std::collections::BTreeMap;
use std::iter::zip;

use super::assign::assign;
use super::evidence::{Evidence, Pair};
use super::{Desk, PlannedMonitor};
use crate::layout::profile::ROLES;
use crate::layout::{Layout, Monitor, Profile, ProfileMonitor, Workspace};
use crate::live::{Kinship, Output};

/// The outputs that are the monitors of a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileFit {
    /// Its monitors, each with its output and the reasons for it.
    pub monitors: Vec<PlannedMonitor>,
    /// The outputs that are none of its monitors.
    pub others: Vec<String>,
}

impl ProfileFit {
    /// Compares a profile with the present outputs.
    pub fn new(profile: &Profile, outputs: &[Output]) -> Self {
        let row = |monitor: &ProfileMonitor| -> Vec<Pair> {
            let pairs = outputs.iter().map(|output| Pair {
                evidence: evidence(monitor, output),
                closeness: 0,
            });
            pairs.collect()
        };
        let pairs: Vec<Vec<Pair>> = profile.monitors.iter().map(row).collect();
        let assigned = assign(&pairs, outputs.len(), &|_, pair| !pair.evidence.is_empty());
        let rows = zip(&profile.monitors, zip(&pairs, assigned));
        let monitors = rows.map(|(monitor, (pairs, column))| {
            let pair = column.and_then(|column| pairs.get(column));
            let output = column.and_then(|column| outputs.get(column));
            PlannedMonitor {
                name: monitor.label(),
                output: output.map(|output| output.name.clone()),
                evidence: pair.map_or_else(Vec::new, |pair| pair.evidence.clone()),
            }
        });
        let monitors: Vec<PlannedMonitor> = monitors.collect();
        let is_taken = |output: &&Output| {
            let mut taken = monitors.iter().filter_map(|one| one.output.as_ref());
            taken.any(|name| *name == output.name)
        };
        let others = outputs.iter().filter(|output| !is_taken(output));
        Self {
            others: others.map(|output| output.name.clone()).collect(),
            monitors,
        }
    }

    /// True if exactly the monitors of the profile are connected.
    pub fn is_complete(&self) -> bool {
        self.others.is_empty() && self.monitors.iter().all(|one| one.output.is_some())
    }

    /// The output that the place of a workspace means, also if it is a role.
    pub fn means(&self, place: &str, outputs: &[Output]) -> Option<String> {
        if !ROLES.contains(&place) {
            return self.output(place).map(str::to_owned);
        }
        let desk = Desk::new(&[], std::iter::empty(), outputs);
        desk.present(place).map(|output| output.name.clone())
    }

    /// The output for the place of a workspace; `None` if that monitor is not connected. A role is
    /// returned as it is.
    pub fn output<'a>(&'a self, place: &'a str) -> Option<&'a str> {
        if ROLES.contains(&place) {
            return Some(place);
        }
        let monitor = self.monitors.iter().find(|one| one.name == place)?;
        monitor.output.as_deref()
    }
}

/// The profiles that fit the present outputs, with their positions.
pub fn fitting<'p>(
    profiles: impl IntoIterator<Item = &'p Profile>,
    outputs: &[Output],
) -> Vec<(usize, &'p Profile)> {
    let all = profiles.into_iter().enumerate();
    all.filter(|(_, profile)| ProfileFit::new(profile, outputs).is_complete())
        .collect()
}

/// The profile as a layout without windows for the present outputs. Workspaces whose monitor is not
/// connected are left out.
pub fn layout_of(profile: &Profile, outputs: &[Output]) -> Layout {
    let fit = ProfileFit::new(profile, outputs);
    let places = profile.workspaces.iter().filter_map(|place| {
        Some(Workspace {
            name: place.name.clone(),
            output: vec![fit.output(&place.output)?.to_owned()],
            visible: place.visible,
            ..Workspace::default()
        })
    });
    let workspaces: Vec<Workspace> = places.collect();
    let is_there = |focus: &&String| {
        let mut all = workspaces.iter();
        all.any(|one| one.name.eq_ignore_ascii_case(focus))
    };
    Layout {
        name: Some(profile.name.clone()),
        monitors: outputs.iter().map(monitor).collect(),
        focus: profile.focus.clone().filter(|focus| is_there(&focus)),
        workspaces,
        ..Layout::default()
    }
}

/// An output as a monitor of a file.
pub fn monitor(output: &Output) -> Monitor {
    Monitor {
        output: output.name.clone(),
        rect: output.rect,
        primary: output.primary,
        edid: output.edid.clone(),
    }
}

/// The output for each monitor of a file if exactly these monitors are connected: none is missing,
/// replaced by another model, or left over.
pub fn same_monitors(saved: &[Monitor], present: &[Output]) -> Option<BTreeMap<String, String>> {
    if saved.len() != present.len() || saved.is_empty() {
        return None;
    }
    let planned = Desk::new(saved, std::iter::empty(), present).into_monitors();
    let outputs = planned.into_iter().map(|monitor| {
        let is_same =
            |one: &Evidence| matches!(one, Evidence::Edid | Evidence::Name | Evidence::Model);
        let is_same = monitor.evidence.iter().any(is_same);
        Some((monitor.name, monitor.output.filter(|_| is_same)?))
    });
    outputs.collect()
}

/// True if a layout is for exactly the present outputs: those of its capture, or those of one of its
/// profiles.
pub fn is_for(layout: &Layout, outputs: &[Output]) -> bool {
    same_monitors(&layout.monitors, outputs).is_some()
        || !fitting(&layout.profiles, outputs).is_empty()
}

/// The reasons why an output is a monitor of a profile; empty if it is not.
fn evidence(monitor: &ProfileMonitor, output: &Output) -> Vec<Evidence> {
    let (edid, present) = (&monitor.edid, &output.edid);
    let contradicts = |one: &Option<String>, other: &Option<String>| {
        one.is_some() && other.is_some() && one != other
    };
    let has_size = monitor
        .size
        .is_none_or(|size| (size.width, size.height) == (output.rect.width, output.rect.height));
    let has_name = monitor.output.as_ref() == Some(&output.name);
    let by_edid = match edid.kinship(present) {
        Kinship::Same => Some(Evidence::Edid),
        Kinship::Model => Some(Evidence::Model),
        Kinship::Unknown | Kinship::Other => None,
    };
    let is_other = contradicts(&edid.make, &present.make)
        || contradicts(&edid.model, &present.model)
        || contradicts(&edid.serial, &present.serial);
    let is_known = if monitor.has_edid() {
        // The monitor may hide its EDID, for example behind a switch.
        by_edid.is_some() || has_name
    } else {
        monitor.output.is_none() || has_name
    };
    if is_other || !has_size || !is_known {
        return Vec::new();
    }
    let by_edid = by_edid.filter(|_| monitor.has_edid());
    let by_name = has_name.then_some(Evidence::Name);
    let by_size = monitor.size.map(|_| Evidence::Size);
    by_edid.into_iter().chain(by_name).chain(by_size).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::document::Format;
    use crate::layout::read;

    fn output(text: &str) -> Output {
        let mut words = text.split(' ');
        let mut next = || words.next().unwrap().to_owned();
        let mut output = Output {
            name: next(),
            rect: next().parse().unwrap(),
            ..Output::default()
        };
        let mut words = words.map(|word| Some(word.to_owned()));
        output.edid.make = words.next().flatten();
        output.edid.model = words.next().flatten();
        output.edid.serial = words.next().flatten();
        output
    }

    /// The outputs of the monitors of a profile, `-` for none, then the others.
    fn compared(monitors: &str, outputs: &[&str]) -> String {
        let text = format!("version: 1\nprofiles:\n  - name: p\n    monitors: {monitors}\n");
        let layout = read(&text, "t", Format::Yaml).unwrap_or_else(|error| panic!("{error}"));
        let outputs: Vec<Output> = outputs.iter().map(|text| output(text)).collect();
        let fit = ProfileFit::new(&layout.profiles[0], &outputs);
        let monitors = fit.monitors.iter();
        let found: Vec<String> = monitors
            .map(|one| one.output.clone().unwrap_or_else(|| "-".to_owned()))
            .chain(fit.others.iter().map(|other| format!("+{other}")))
            .collect();
        found.join(" ")
    }

    #[test]
    fn monitors_are_recognised_by_edid_name_and_size() {
        let laptop = "eDP-1 1920x1080+0+0 BOE 0x1";
        let dell = "DP-1 2560x1440+1920+0 DEL U2719D 7Q3";
        let other = "DP-2 2560x1440+4480+0 DEL U2719D 8A1";
        let unknown = "DP-1 2560x1440+1920+0";
        for (monitors, outputs, expected) in [
            ("[{ output: eDP-1 }]", vec![laptop], "eDP-1"),
            ("[{ output: eDP-1 }]", vec![laptop, dell], "eDP-1 +DP-1"),
            (
                "[{ output: eDP-1 }, { model: U2719D }]",
                vec![laptop],
                "eDP-1 -",
            ),
            (
                "[{ output: eDP-1 }, { model: U2719D }]",
                vec![dell, laptop],
                "eDP-1 DP-1",
            ),
            // At another output.
            (
                "[{ output: DP-9, model: U2719D, serial: 7Q3 }]",
                vec![dell],
                "DP-1",
            ),
            (
                "[{ output: DP-1, model: U2719D, serial: XXX }]",
                vec![dell],
                "- +DP-1",
            ),
            (
                "[{ output: DP-1, make: DEL, model: P24 }]",
                vec![dell],
                "- +DP-1",
            ),
            // Without an EDID, the output decides.
            (
                "[{ output: DP-1, model: U2719D, serial: 7Q3 }]",
                vec![unknown],
                "DP-1",
            ),
            (
                "[{ output: DP-9, model: U2719D, serial: 7Q3 }]",
                vec![unknown],
                "- +DP-1",
            ),
            ("[{ serial: 7Q3 }]", vec![dell], "DP-1"),
            // The strongest evidence decides.
            (
                "[{ model: U2719D }, { model: U2719D, serial: 7Q3, name: a }]",
                vec![dell, other],
                "DP-2 DP-1",
            ),
            (
                "[{ output: DP-2, model: U2719D }, { output: DP-1, model: U2719D }]",
                vec![dell, other],
                "DP-2 DP-1",
            ),
            (
                "[{ size: 2560x1440 }, { output: DP-1 }]",
                vec![dell, other],
                "DP-2 DP-1",
            ),
            ("[{ size: 2560x1440 }]", vec![laptop], "- +eDP-1"),
            (
                "[{ output: eDP-1, size: 1280x720 }]",
                vec![laptop],
                "- +eDP-1",
            ),
        ] {
            assert_eq!(
                compared(monitors, &outputs),
                expected,
                "{monitors} {outputs:?}"
            );
        }
    }

    #[test]
    fn sets_of_monitors_are_the_same_by_edid_else_by_name() {
        let same = |saved: &[&str], present: &[&str]| {
            let saved: Vec<Monitor> = saved.iter().map(|text| monitor(&output(text))).collect();
            let present: Vec<Output> = present.iter().map(|text| output(text)).collect();
            same_monitors(&saved, &present).map(|found| {
                let found = found.into_values();
                found.collect::<Vec<_>>().join(" ")
            })
        };
        let laptop = "eDP-1 1920x1080+0+0";
        let dell = "DP-1 2560x1440+1920+0 DEL U2719D 7Q3";
        for (saved, present, expected) in [
            (vec![laptop], vec![laptop], Some("eDP-1")),
            (vec![laptop, dell], vec![laptop], None),
            (vec![laptop], vec![laptop, dell], None),
            (
                vec![dell, laptop],
                vec![laptop, "DP-3 2560x1440+1920+0 DEL U2719D 7Q3"],
                Some("DP-3 eDP-1"),
            ),
            (
                vec![dell, laptop],
                vec![laptop, "DP-1 2560x1440+1920+0 DEL P2419H 1"],
                None,
            ),
            (vec![laptop], vec!["HDMI-1 1920x1080+0+0"], None),
            (vec![laptop], vec!["eDP-1 1280x720+0+0"], Some("eDP-1")),
        ] {
            assert_eq!(same(&saved, &present).as_deref(), expected, "{present:?}");
        }
        assert_eq!(same(&[], &[]), None);
    }
}
