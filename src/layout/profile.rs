//! Profiles: where workspaces go on a certain set of monitors, in a layout or in the configuration.

use std::collections::HashMap;

use crate::document::{Fault, Finding, Path, Step};
use crate::geometry::Size;
use crate::live::{Edid, is_reserved_name};

/// The words that mean a monitor in a certain role.
pub const ROLES: [&str; 2] = ["primary", "nonprimary"];

/// A set of monitors, and the places of workspaces on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// The monitors that it needs. It fits if exactly these are connected.
    pub monitors: Vec<ProfileMonitor>,
    /// The places of workspaces, in the order of an output's workspaces.
    pub workspaces: Vec<ProfileWorkspace>,
    /// The workspace that gets the focus.
    pub focus: Option<String>,
}

/// The properties by which a profile recognises a monitor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileMonitor {
    /// Its name in the profile. Default: see [`ProfileMonitor::label`].
    pub name: Option<String>,
    /// The name of its output. Without a make, model or serial number, only this output counts.
    pub output: Option<String>,
    /// Its make, model and serial number, as far as they matter.
    pub edid: Edid,
    /// Its size in pixels.
    pub size: Option<Size>,
}

/// The place of a workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileWorkspace {
    /// Its name. A workspace with the same number is meant, too, if no other one has the name.
    pub name: String,
    /// The name of a monitor of the profile, or `primary` or `nonprimary`.
    pub output: String,
    /// True if the monitor shows it.
    pub visible: bool,
}

impl Profile {
    /// The names of its monitors.
    pub fn labels(&self) -> Vec<String> {
        self.monitors.iter().map(ProfileMonitor::label).collect()
    }
}

impl ProfileMonitor {
    /// The name by which workspaces refer to it: `name`, else the output, the model, the serial
    /// number or the size.
    pub fn label(&self) -> String {
        let named = [
            &self.name,
            &self.output,
            &self.edid.model,
            &self.edid.serial,
        ];
        let named = named.into_iter().flatten().next().cloned();
        named
            .or_else(|| Some(self.size?.to_string()))
            .unwrap_or_default()
    }

    /// True if it has a make, model or serial number.
    pub const fn has_edid(&self) -> bool {
        self.edid.make.is_some() || self.edid.model.is_some() || self.edid.serial.is_some()
    }

    /// True if the same monitors are recognised, whatever they are called.
    fn is_same(&self, other: &Self) -> bool {
        let output = |one: &Self| one.output.clone().filter(|_| !one.has_edid());
        self.edid == other.edid && self.size == other.size && output(self) == output(other)
    }
}

/// The faults of a list of profiles at a place in a file. `known` are the workspaces of a layout;
/// the configuration knows none.
pub(crate) fn check(profiles: &[Profile], at: &Path, known: Option<&[String]>) -> Vec<Finding> {
    let mut checker = Checker {
        known,
        findings: Vec::new(),
    };
    let mut names = HashMap::new();
    for (position, profile) in profiles.iter().enumerate() {
        let path = at.index(position);
        let name = path.key("name");
        checker.name(profile, &name);
        if let Some(first) = names.insert(profile.name.as_str(), name.clone()) {
            let fault = Fault::DuplicateProfile(profile.name.clone());
            checker.find_second(&name, fault, &first);
        }
        checker.monitors(profile, &path.key("monitors"));
        checker.workspaces(profile, &path);
        let twin = profiles.iter().take(position).position(|earlier| {
            earlier.name != profile.name && needs_the_same(&earlier.monitors, &profile.monitors)
        });
        if let Some(twin) = twin.filter(|_| !profile.monitors.is_empty()) {
            let fault = Fault::SameMonitors {
                name: profile.name.clone(),
                first: profiles[twin].name.clone(),
            };
            let first = at.index(twin).key("monitors");
            let finding = Finding::key(path.key("monitors"), fault);
            checker.findings.push(finding.with_other(first));
        }
    }
    checker.findings
}

/// True unless a finding about a profile can be the consequence of a problem at one of the places in
/// `broken`: in the monitors to which a workspace refers, or in the workspaces to which `focus` does.
pub(crate) fn is_unrelated(finding: &Finding, broken: &[Path]) -> bool {
    let (list, decisive): (&str, &[&str]) = match &finding.fault {
        Fault::UnknownMonitor { .. } => ("monitors", &["name", "output", "model", "serial"]),
        Fault::SameMonitors { .. } => ("monitors", &["output", "make", "model", "serial", "size"]),
        Fault::UnknownFocus { .. } => ("workspaces", &["name"]),
        _ => return true,
    };
    let places = std::iter::once(&finding.path).chain(&finding.other);
    let profiles: Vec<&[Step]> = places.filter_map(of_profile).collect();
    let is_decisive = |position: usize, key: &str| {
        decisive.contains(&key) || key == "size" && has_no_label(&finding.fault, position)
    };
    let is_cause = |path: &Path| {
        let mut below = profiles
            .iter()
            .filter_map(|profile| path.0.strip_prefix(*profile));
        // The value of a misspelt key is read, so such a key causes nothing.
        below.any(|below| match below {
            [] => true,
            [Step::Key(key), rest @ ..] if key == list => match rest {
                [Step::Index(position), Step::Key(key), ..] => is_decisive(*position, key),
                _ => true,
            },
            _ => false,
        })
    };
    !broken.iter().any(is_cause)
}

/// True if a monitor has no name, because the value that is its name could not be read. The size is
/// the name of a monitor without anything else.
fn has_no_label(fault: &Fault, position: usize) -> bool {
    matches!(fault, Fault::UnknownMonitor { known, .. }
        if known.get(position).is_none_or(String::is_empty))
}

/// The place of the profile in which a value is.
fn of_profile(path: &Path) -> Option<&[Step]> {
    let profile = path.0.get(..2)?;
    matches!(profile.first(), Some(Step::Key(key)) if key == "profiles").then_some(profile)
}

/// True if two lists have the same monitors, in any order: such profiles always fit at once.
fn needs_the_same(one: &[ProfileMonitor], other: &[ProfileMonitor]) -> bool {
    let mut left: Vec<&ProfileMonitor> = other.iter().collect();
    one.len() == other.len()
        && one.iter().all(|monitor| {
            let found = left.iter().position(|other| monitor.is_same(other));
            found.map(|found| left.swap_remove(found)).is_some()
        })
}

struct Checker<'a> {
    known: Option<&'a [String]>,
    findings: Vec<Finding>,
}

impl Checker<'_> {
    fn find(&mut self, path: &Path, fault: Fault) {
        self.findings.push(Finding::new(path.clone(), fault));
    }

    fn find_second(&mut self, path: &Path, fault: Fault, first: &Path) {
        let finding = Finding::new(path.clone(), fault);
        self.findings.push(finding.with_other(first.clone()));
    }

    fn name(&mut self, profile: &Profile, path: &Path) {
        if let Some(why) = super::names::refuse(&profile.name) {
            let (what, name) = ("profile", profile.name.clone());
            self.find(path, Fault::Name { what, name, why });
        }
    }

    fn monitors(&mut self, profile: &Profile, path: &Path) {
        if profile.monitors.is_empty() {
            self.find(&path.parent(), Fault::NoMonitors);
        }
        let mut labels = HashMap::new();
        for (position, monitor) in profile.monitors.iter().enumerate() {
            let here = path.index(position);
            let label = monitor.label();
            let edid = &monitor.edid;
            if label.is_empty() && edid.make.is_none() {
                self.find(&here, Fault::EmptyMonitor);
            } else if edid.make.is_some() && edid.model.is_none() && edid.serial.is_none() {
                self.find(&here, Fault::MakeAlone);
            } else if ROLES.contains(&label.as_str()) {
                self.find(&here, Fault::RoleAsName(label));
            } else if let Some(first) = labels.insert(label.clone(), here.clone()) {
                let text = format!("two monitors of the profile are called `{label}`");
                self.find_second(&here, Fault::TwoMonitors(text), &first);
            }
        }
    }

    fn workspaces(&mut self, profile: &Profile, path: &Path) {
        let labels = profile.labels();
        let list = path.key("workspaces");
        let (mut names, mut shown) = (HashMap::new(), HashMap::new());
        for (position, workspace) in profile.workspaces.iter().enumerate() {
            let here = list.index(position);
            let (name, output) = (&workspace.name, &workspace.output);
            self.workspace_name(name, &here.key("name"));
            // i3 compares names with strcasecmp(3) (src/workspace.c).
            let key = name.to_ascii_lowercase();
            if let Some(first) = names.insert(key, here.key("name")) {
                let fault = Fault::AssignedTwice(name.clone());
                self.find_second(&here.key("name"), fault, &first);
            }
            let is_known = labels.contains(output) || ROLES.contains(&output.as_str());
            if !is_known && !profile.monitors.is_empty() {
                let fault = Fault::UnknownMonitor {
                    name: output.clone(),
                    profile: profile.name.clone(),
                    known: labels.clone(),
                };
                self.find(&here.key("output"), fault);
            }
            let visible = here.key("visible");
            if workspace.visible
                && let Some((first, other)) = shown.insert(output.as_str(), (name, visible.clone()))
            {
                let fault = Fault::TwoVisible {
                    output: output.clone(),
                    first: first.clone(),
                };
                self.findings
                    .push(Finding::key(visible, fault).with_other(other));
            }
        }
        if let Some(focus) = &profile.focus {
            let mut all = profile.workspaces.iter();
            if !all.any(|one| one.name.eq_ignore_ascii_case(focus)) {
                let workspaces = profile.workspaces.iter();
                let fault = Fault::UnknownFocus {
                    name: focus.clone(),
                    workspaces: workspaces.map(|one| one.name.clone()).collect(),
                };
                self.find(&path.key("focus"), fault);
            }
        }
    }

    fn workspace_name(&mut self, name: &str, path: &Path) {
        let is_known = |known: &[String]| known.iter().any(|one| one.eq_ignore_ascii_case(name));
        let fault = if name.contains('\0') {
            Fault::Nul("a workspace's name".to_owned())
        } else if name.is_empty() {
            Fault::EmptyWorkspaceName
        } else if name.starts_with("__") {
            Fault::ReservedWorkspaceName(name.to_owned())
        } else if is_reserved_name(name) {
            Fault::OwnWorkspaceName(name.to_owned())
        } else if let Some(known) = self.known.filter(|known| !is_known(known)) {
            Fault::UnknownWorkspace {
                name: name.to_owned(),
                workspaces: known.to_vec(),
            }
        } else {
            return;
        };
        self.find(path, fault);
    }
}
