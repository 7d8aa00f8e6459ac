//! Adds a profile to the text of a configuration file. Everything else stays as it is. Pure.

use crate::document::flow::{flow, scalar};
use crate::document::spanned::{Entry, Kind};
use crate::document::{Fault, Format, Problem, Problems, Spanned, encode};
use crate::layout::Profile;

use super::model::{Layer, Layered};
use super::read::{is_blank, read};

/// The spaces before the entries of a list that is added.
const INDENT: usize = 2;

/// The reason why a profile is not added.
#[derive(Clone, Debug, PartialEq)]
pub enum NotAdded {
    /// The text has a form that cannot be edited.
    Form,
    /// The profile contradicts another one.
    Problems(Problems),
}

/// The text with the profile, instead of an earlier one of the same name. `origin` is the name of
/// the new text in messages.
pub fn with_profile(text: &str, profile: &Profile, origin: &str) -> Result<String, NotAdded> {
    let edited = if is_blank(text.as_bytes()) {
        let entry = entry(profile, INDENT);
        Some(format!("{}version: 1\nprofiles:\n{entry}", ended(text)))
    } else {
        edit(text, profile)
    };
    let edited = edited.ok_or(NotAdded::Form)?;
    let read = |text: &str| read(text.as_bytes(), origin, Layer::User);
    let is_twin = |problem: &Problem| matches!(problem.fault, Fault::SameMonitors { .. });
    match (read(text), read(&edited)) {
        (Ok(old), Ok(new)) if is_right(&old, &new, profile) => Ok(edited),
        (Ok(_), Err(problems)) if problems.list.iter().all(is_twin) => {
            Err(NotAdded::Problems(problems))
        }
        _ => Err(NotAdded::Form),
    }
}

/// The profile on one line, for messages.
pub fn in_one_line(profile: &Profile) -> String {
    flow(&encode::object(profile).into())
}

/// The entry of a list of profiles with this indentation.
fn entry(profile: &Profile, indent: usize) -> String {
    let space = " ".repeat(indent);
    let list = |key: &str, entries: Vec<String>| -> String {
        if entries.is_empty() {
            return String::new();
        }
        let before = format!("\n{space}    - ");
        format!("{space}  {key}:{before}{}\n", entries.join(&before))
    };
    let monitors = profile.monitors.iter();
    let monitors = monitors.map(|one| flow(&encode::object(one).into()));
    let workspaces = profile.workspaces.iter();
    let workspaces = workspaces.map(|one| flow(&encode::object(one).into()));
    let focus = profile.focus.as_ref().map_or_else(String::new, |focus| {
        format!("{space}  focus: {}\n", scalar(focus, false))
    });
    format!(
        "{space}- name: {}\n{}{}{focus}",
        scalar(&profile.name, false),
        list("monitors", monitors.collect()),
        list("workspaces", workspaces.collect()),
    )
}

fn edit(text: &str, profile: &Profile) -> Option<String> {
    let tree = Format::Yaml.compose(text).ok()?;
    let Some(profiles) = entry_of(&tree, "profiles") else {
        return Some(format!(
            "{}profiles:\n{}",
            ended(text),
            entry(profile, INDENT)
        ));
    };
    let items = profiles.value.items();
    if items.is_empty() {
        // `profiles:` or `profiles: []`.
        let line_end = end_of_line(text, profiles.span.end);
        let head = text.get(..profiles.span.end)?;
        let rest = text.get(profiles.span.end..line_end)?.trim();
        let rest = rest
            .strip_prefix(':')?
            .trim()
            .trim_start_matches("[]")
            .trim();
        let comment = if rest.is_empty() {
            String::new()
        } else {
            format!(" {rest}")
        };
        let after = text.get(line_end..)?.trim_start_matches('\n');
        return Some(format!(
            "{head}:{comment}\n{}{after}",
            entry(profile, INDENT)
        ));
    }
    let is_named = |item: &&Spanned| {
        let name = entry_of(item, "name").map(|name| &name.value.kind);
        matches!(name, Some(Kind::Text(name)) if *name == profile.name)
    };
    let known = items.iter().find(is_named);
    let item = known.or(items.last())?;
    let start = start_of_line(text, item.span.start);
    let end = end_of_line(text, last_end(text, item));
    let indent = text.get(start..)?.find('-')?;
    let written = entry(profile, indent);
    let (before, after) = match known {
        Some(_) => (text.get(..start)?, text.get(end..)?),
        None => (text.get(..end)?, text.get(end..)?),
    };
    let after = after.strip_prefix('\n').unwrap_or(after);
    Some(format!("{}{written}{after}", ended(before)))
}

/// True if the new file has the profile and otherwise the same content.
fn is_right(old: &Layered, new: &Layered, profile: &Profile) -> bool {
    let others = |layered: &Layered| -> Vec<Profile> {
        let all = layered.profiles.iter().map(|one| one.value.clone());
        all.filter(|one| one.name != profile.name).collect()
    };
    let rest = |layered: &Layered| {
        let mut map = encode::object(layered);
        map.remove("profiles");
        map
    };
    new.profiles.iter().any(|one| one.value == *profile)
        && others(old) == others(new)
        && rest(old) == rest(new)
}

fn entry_of<'t>(map: &'t Spanned, key: &str) -> Option<&'t Entry> {
    map.entries().iter().find(|entry| entry.key == key)
}

/// The end of the last scalar or bracket of a value, in bytes. The span of a block ends later.
fn last_end(text: &str, value: &Spanned) -> usize {
    let begins_flow = text
        .get(value.span.start..)
        .is_some_and(|text| text.starts_with(['{', '[']));
    let last = match &value.kind {
        Kind::Map(entries) if !begins_flow => entries
            .last()
            .map(|entry| last_end(text, &entry.value).max(entry.span.end)),
        Kind::List(items) if !begins_flow => items.last().map(|item| last_end(text, item)),
        _ => None,
    };
    last.unwrap_or(value.span.end)
}

fn start_of_line(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.rfind('\n').map_or(0, |newline| newline + 1)
}

/// The end of the line, before its newline.
fn end_of_line(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.find('\n').map_or(text.len(), |newline| at + newline)
}

/// The text with a newline at its end, unless it is empty.
fn ended(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') {
        text.to_owned()
    } else {
        format!("{text}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::layout::{ProfileMonitor, ProfileWorkspace};

    fn profile(name: &str) -> Profile {
        Profile {
            name: name.to_owned(),
            monitors: vec![ProfileMonitor {
                output: Some("eDP-1".to_owned()),
                ..ProfileMonitor::default()
            }],
            workspaces: vec![ProfileWorkspace {
                name: "1:a".to_owned(),
                output: "eDP-1".to_owned(),
                visible: true,
            }],
            focus: Some("1:a".to_owned()),
        }
    }

    const ENTRY: &str = "  - name: p\n    monitors:\n      - { output: eDP-1 }\n    \
                         workspaces:\n      - { name: \"1:a\", output: eDP-1, visible: true }\n    \
                         focus: \"1:a\"\n";

    #[test]
    fn everything_else_stays_as_it_is() {
        let old = "  - name: p # old\n    monitors: [{ output: x }] # there\n";
        let other = "  # about q\n  - name: q\n    monitors:\n      # the monitor\n      \
                     - model: x # here\n\n";
        for (before, after) in [
            (String::new(), format!("version: 1\nprofiles:\n{ENTRY}")),
            (
                "# mine".to_owned(),
                format!("# mine\nversion: 1\nprofiles:\n{ENTRY}"),
            ),
            (
                "version: 1 # one\n# end\n".to_owned(),
                format!("version: 1 # one\n# end\nprofiles:\n{ENTRY}"),
            ),
            (
                "version: 1\nprofiles: [] # none\nrules: []\n".to_owned(),
                format!("version: 1\nprofiles: # none\n{ENTRY}rules: []\n"),
            ),
            (
                format!("version: 1\nprofiles:\n{old}{other}# end\nrules: []\n"),
                format!("version: 1\nprofiles:\n{ENTRY}{other}# end\nrules: []\n"),
            ),
            (
                format!("version: 1\nprofiles:\n{other}# end\nrules: []\n"),
                format!(
                    "version: 1\nprofiles:\n{}{ENTRY}\n# end\nrules: []\n",
                    other.trim_end_matches('\n').to_owned() + "\n"
                ),
            ),
            (
                "version: 1\nprofiles:\n- name: q\n  monitors: [{ model: x }]".to_owned(),
                format!(
                    "version: 1\nprofiles:\n- name: q\n  monitors: [{{ model: x }}]\n{}",
                    entry(&profile("p"), 0)
                ),
            ),
        ] {
            let edited = with_profile(&before, &profile("p"), "t");
            assert_eq!(edited.as_ref(), Ok(&after), "{before}");
            let again = with_profile(&after, &profile("p"), "t");
            assert_eq!(again, Ok(after));
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "{ version: 1 }\n",
            "version: 1\nprofiles: [{ name: q, monitors: [{ model: x }] }]\n",
            "version: 1\n...\n",
            "version: 2\n",
        ] {
            let edited = with_profile(text, &profile("p"), "t");
            assert_eq!(edited, Err(NotAdded::Form), "{text}");
        }
    }
}
