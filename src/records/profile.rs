//! Merges the present places of workspaces into a profile.

use super::Arrangement;
use crate::compile::{ProfileFit, present_name};
use crate::layout::{Profile, ProfileWorkspace};
use crate::live::{Desktop, Output};

/// The present places as a profile with this name. Empty workspaces are left out: i3 creates one on
/// each monitor that would have none.
pub fn places(desktop: &Desktop, name: &str) -> Profile {
    let mut profile = Arrangement::of(desktop).profile(name);
    let is_used = |name: &str| {
        let mut all = desktop.workspaces();
        all.any(|live| live.con.name() == name && live.con.windows().next().is_some())
    };
    profile.workspaces.retain(|place| is_used(&place.name));
    profile.focus = profile.focus.filter(|focus| is_used(focus));
    profile
}

/// The profile with the places of `present`, a profile of the desktop with these outputs.
///
/// Its monitors stay as they are, and so do workspaces that are not in `present`, except that a
/// monitor shows only one. A workspace keeps its written name, and its written monitor or role if
/// that means the same output. `None` if the profile does not fit the outputs.
pub fn with_places(old: &Profile, present: &Profile, outputs: &[Output]) -> Option<Profile> {
    let fit = ProfileFit::new(old, outputs);
    if !fit.is_complete() {
        return None;
    }
    let means = |place: &str| fit.means(place, outputs);
    let names = |profile: &'_ Profile| -> Vec<String> {
        let all = profile.workspaces.iter();
        all.map(|place| place.name.clone()).collect()
    };
    let (written, open) = (names(old), names(present));
    let name_now = |name: &str| {
        let written = written.iter().map(String::as_str);
        present_name(name, written, open.iter().map(String::as_str))
    };
    let place_now = |name: &str| {
        let name = name_now(name)?;
        present.workspaces.iter().find(|now| now.name == name)
    };
    let shows = |output: &str| {
        let mut all = present.workspaces.iter();
        all.any(|now| now.visible && now.output == output)
    };
    let mut merged = old.clone();
    for place in &mut merged.workspaces {
        match place_now(&place.name) {
            Some(now) => {
                if means(&place.output).as_deref() != Some(&*now.output) {
                    place.output = label(&now.output, &fit);
                }
                place.visible = now.visible;
            }
            None => place.visible &= !means(&place.output).is_some_and(|output| shows(&output)),
        }
    }
    let written_name = |now: &str| {
        let mut all = written.iter();
        all.find(|name| name_now(name) == Some(now)).cloned()
    };
    for now in &present.workspaces {
        if written_name(&now.name).is_none() {
            merged.workspaces.push(ProfileWorkspace {
                output: label(&now.output, &fit),
                ..now.clone()
            });
        }
    }
    if let Some(focus) = &present.focus {
        merged.focus = Some(written_name(focus).unwrap_or_else(|| focus.clone()));
    }
    Some(merged)
}

/// The workspaces of a profile that are not open.
pub fn not_open<'p>(profile: &'p Profile, desktop: &Desktop) -> Vec<&'p ProfileWorkspace> {
    let written = || profile.workspaces.iter().map(|place| place.name.as_str());
    let open: Vec<&str> = desktop.workspaces().map(|live| live.con.name()).collect();
    let is_closed = |name: &str| present_name(name, written(), open.iter().copied()).is_none();
    let places = profile.workspaces.iter();
    places.filter(|place| is_closed(&place.name)).collect()
}

/// The name of the monitor of a profile at this output.
fn label(output: &str, fit: &ProfileFit) -> String {
    let mut all = fit.monitors.iter();
    let found = all.find(|monitor| monitor.output.as_deref() == Some(output));
    found.map_or_else(|| output.to_owned(), |monitor| monitor.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::live::build::{desktop, output, win, workspace};

    fn profile(text: &str) -> Profile {
        let names = ["3", "1:mail", "4", "7"];
        let workspaces =
            names.map(|name| format!("{{ name: '{name}', nodes: [{{ command: a }}] }}"));
        let workspaces = workspaces.join(", ");
        let text = format!("version: 1\nprofiles: [{text}]\nworkspaces: [{workspaces}]\n");
        let layout = crate::layout::read(&text, "t", crate::document::Format::Yaml);
        let layout = layout.unwrap_or_else(|error| panic!("{error}"));
        layout.profiles.into_iter().next().unwrap()
    }

    /// A laptop, which is primary, with 1:mail and the empty 9, and DP-1 with 3:code and 4.
    fn docked() -> Desktop {
        let mut laptop = output("eDP-1", "1920x1080+0+0".parse().unwrap());
        let other = output("DP-1", "2560x1440+1920+0".parse().unwrap());
        laptop = laptop.workspaces([
            workspace("1:mail", [win("a").focused()])
                .focused()
                .visible(),
            workspace("9", []),
        ]);
        let other = other.workspaces([
            workspace("3:code", [win("b")]).visible(),
            workspace("4", [win("c")]),
        ]);
        let mut desktop = desktop([laptop, other]);
        desktop.outputs[0].primary = true;
        desktop
    }

    #[test]
    fn empty_workspaces_are_not_saved() {
        let desktop = docked();
        let names = places(&desktop, "p").workspaces;
        let names: Vec<&str> = names.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["1:mail", "3:code", "4"]);
    }

    #[test]
    fn what_still_means_the_same_stays_as_it_is_written() {
        let desktop = docked();
        let monitors = "monitors: [{ output: eDP-1 }, { name: big, size: 2560x1440 }]";
        for (before, after) in [
            // Labels, roles, names by number, and workspaces that are not open.
            (
                "workspaces: [{ name: '3', output: nonprimary }, { name: '1:mail', output: primary, \
                 visible: true }, { name: '4', output: big }, { name: '7', output: big }], \
                 focus: '7'",
                "workspaces: [{ name: '3', output: nonprimary, visible: true }, { name: '1:mail', \
                 output: primary, visible: true }, { name: '4', output: big }, { name: '7', \
                 output: big }], focus: '1:mail'",
            ),
            // Another output, and a monitor that shows another workspace.
            (
                "workspaces: [{ name: '3', output: primary, visible: true }, { name: '7', \
                 output: big, visible: true }]",
                "workspaces: [{ name: '3', output: big, visible: true }, { name: '7', output: big \
                 }, { name: '1:mail', output: eDP-1, visible: true }, { name: '4', output: big }], \
                 focus: '1:mail'",
            ),
        ] {
            let entry = |rest: &str| profile(&format!("{{ name: p, {monitors}, {rest} }}"));
            let present = places(&desktop, "p");
            let merged = with_places(&entry(before), &present, &desktop.outputs);
            assert_eq!(merged, Some(entry(after)), "{before}");
        }
        let other = profile("{ name: p, monitors: [{ output: eDP-1 }] }");
        let merged = with_places(&other, &places(&desktop, "p"), &desktop.outputs);
        assert_eq!(merged, None);
    }
}
