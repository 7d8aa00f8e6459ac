//! Profiles as text and JSON: their monitors, and whether these are connected.

use serde_json::{Value, json};

use super::Paint;
use super::lines::section;
use super::monitors::meaning;
use super::words::{Count, clean};
use crate::compile::ProfileFit;
use crate::layout::{Profile, ProfileMonitor};
use crate::live::{Output, same_output};

/// A profile with its place, for a list.
#[derive(Clone, Debug)]
pub struct Listed<'a> {
    /// The layout that it is in; `None` for the configuration.
    pub layout: Option<String>,
    /// Its file, and the line if it is known.
    pub place: String,
    /// The profile.
    pub profile: &'a Profile,
    /// The outputs of its monitors; `None` if the present monitors are unknown.
    pub fit: Option<ProfileFit>,
}

impl Listed<'_> {
    /// True if exactly its monitors are connected.
    pub fn fits(&self) -> bool {
        self.fit.as_ref().is_some_and(ProfileFit::is_complete)
    }
}

/// A profile in one line: `office: eDP-1, DELL U2719D (3 workspaces)`.
pub fn summary(profile: &Profile) -> String {
    let monitors: Vec<String> = profile.labels();
    let workspaces = Count(profile.workspaces.len(), "workspace");
    format!("{}: {} ({workspaces})", profile.name, monitors.join(", "))
}

/// The monitors, with everything by which a profile can recognise them. `given` if the user has named
/// them instead of those that are connected.
pub fn present(outputs: &[Output], given: bool, paint: Paint) -> String {
    let lines = outputs.iter().map(|output| {
        let edid = &output.edid;
        let edid = [
            ("make", &edid.make),
            ("model", &edid.model),
            ("serial", &edid.serial),
        ];
        let edid = edid.into_iter().filter_map(|(key, value)| {
            let value = value.as_ref()?;
            Some(format!("{key}: {}", clean(value)))
        });
        let primary = output.primary.then(|| "primary".to_owned());
        let size = format!("{}x{}", output.rect.width, output.rect.height);
        let known = [
            format!("output: {}", clean(&output.name)),
            format!("size: {size}"),
        ];
        let all = known.into_iter().chain(edid).chain(primary);
        all.collect::<Vec<_>>().join(", ")
    });
    let title = if given {
        "given monitors"
    } else {
        "connected monitors"
    };
    section(title, lines, paint)
}

/// The profiles, each with its monitors and the reasons why it fits or not.
pub fn list(all: &[Listed<'_>], given: bool, paint: Paint) -> String {
    all.iter().map(|one| entry(one, given, paint)).collect()
}

fn entry(listed: &Listed<'_>, given: bool, paint: Paint) -> String {
    let name = match &listed.layout {
        Some(layout) => format!("{} of layout {layout}", listed.profile.name),
        None => listed.profile.name.clone(),
    };
    let fits = match &listed.fit {
        None => String::new(),
        Some(_) if listed.fits() => format!("  {}", paint.good("fits")),
        Some(_) => format!("  {}", paint.faint("does not fit")),
    };
    let place = paint.faint(&format!("({})", clean(&listed.place)));
    let monitors = listed.profile.monitors.iter().enumerate();
    let monitors: String = monitors
        .map(|(position, monitor)| {
            let found = listed.fit.as_ref();
            let found = found.and_then(|fit| fit.monitors.get(position));
            let label = clean(&describe(monitor));
            match found {
                None => format!("  {label}\n"),
                Some(found) => match &found.output {
                    None => format!(
                        "  {label}: {}\n",
                        paint.warning(missing(monitor, listed, given))
                    ),
                    Some(output) => {
                        let reasons = found.evidence.iter().map(|one| meaning(*one));
                        let reasons = reasons.collect::<Vec<_>>().join(", ");
                        let reasons = paint.faint(&format!("({reasons})"));
                        format!("  {label}: {}  {reasons}\n", clean(output))
                    }
                },
            }
        })
        .collect();
    let others = listed.fit.iter().flat_map(|fit| &fit.others);
    let others = others.map(|output| {
        let surplus = paint.warning(if given {
            "given, but not in the profile"
        } else {
            "connected, but not in the profile"
        });
        ["  ", &clean(output), ": ", &surplus, "\n"].concat()
    });
    let others: String = others.collect();
    let places = listed.profile.workspaces.iter().map(|one| {
        let star = if one.visible { "*" } else { "" };
        format!("{}{star} on {}", clean(&one.name), clean(&one.output))
    });
    let places = places.collect::<Vec<_>>().join(", ");
    let places = if places.is_empty() {
        String::new()
    } else {
        let legend = if listed.profile.workspaces.iter().any(|one| one.visible) {
            " (`*`: visible)"
        } else {
            ""
        };
        format!("  workspaces{legend}: {places}\n")
    };
    format!(
        "{}{fits}  {place}\n{monitors}{others}{places}",
        paint.bold(&clean(&name))
    )
}

/// The reason why a monitor is missing.
fn missing(monitor: &ProfileMonitor, listed: &Listed<'_>, given: bool) -> &'static str {
    let mut others = listed.fit.iter().flat_map(|fit| &fit.others);
    let output = monitor.output.as_deref();
    let is_other = output.is_some_and(|name| others.any(|other| same_output(other, name)));
    if is_other {
        "the output has a monitor of another size or model"
    } else if given {
        "not given"
    } else {
        "not connected"
    }
}

/// A monitor of a profile by its properties.
fn describe(monitor: &ProfileMonitor) -> String {
    let size = monitor.size.map(|size| size.to_string());
    let edid = &monitor.edid;
    let edid = [&edid.make, &edid.model, &edid.serial];
    let edid: Vec<&str> = edid.into_iter().flatten().map(String::as_str).collect();
    let edid = (!edid.is_empty()).then(|| edid.join(" "));
    let all = [monitor.name.clone(), monitor.output.clone(), edid, size];
    let all: Vec<String> = all.into_iter().flatten().collect();
    all.join(", ")
}

/// The same as JSON, with the present outputs.
pub fn list_json(all: &[Listed<'_>], outputs: Option<&[Output]>, has_record: bool) -> Value {
    let profiles = all.iter().map(|listed| {
        let fit = listed.fit.as_ref();
        let monitors = listed.profile.monitors.iter().enumerate();
        let monitors = monitors.map(|(position, monitor)| {
            let found = fit.and_then(|fit| fit.monitors.get(position));
            json!({
                "name": monitor.label(),
                "output": found.and_then(|found| found.output.clone()),
                "evidence": found.map(|found| &found.evidence),
            })
        });
        json!({
            "name": listed.profile.name,
            "layout": listed.layout,
            "place": listed.place,
            "fits": fit.map(ProfileFit::is_complete),
            "monitors": monitors.collect::<Value>(),
            "others": fit.map(|fit| &fit.others),
            "workspaces": listed.profile.workspaces.iter().map(|one| json!({
                "name": one.name, "output": one.output, "visible": one.visible,
            })).collect::<Value>(),
        })
    });
    json!({
        "profiles": profiles.collect::<Value>(),
        "monitors": outputs,
        "record": has_record,
    })
}
