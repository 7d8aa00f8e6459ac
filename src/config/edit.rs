//! Adds a profile to the text of a configuration file. Everything else stays as it is. Pure.

use crate::document::flow::{flow, scalar};
use crate::document::spanned::Kind;
use crate::document::{Fault, Format, Problem, Problems, Spanned, encode};
use crate::layout::Profile;

use super::edit_places;
use super::edit_text::{end_of_line, entry_of, last_end, start_of_line};
use super::model::{Layer, Layered};
use super::read::{is_blank, read};

/// The spaces before the entries of a list that is added.
const INDENT: usize = 2;

/// The reason why a profile is not added.
#[derive(Clone, Debug, PartialEq)]
pub enum NotAdded {
    /// The text has a form that cannot be edited.
    Form,
    /// The profile contradicts another profile.
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

/// The text with the places of workspaces and the focus of the profile, whose monitors are the same
/// as in the text. Everything else stays as it is, also inside the entry. `None` if its form does not
/// allow this.
pub fn with_places(text: &str, profile: &Profile) -> Option<String> {
    let tree = Format::Yaml.compose(text).ok()?;
    let item = item_of(&tree, &profile.name)?;
    let read = |text: &str| read(text.as_bytes(), "", Layer::User).ok();
    let old = read(text)?;
    let mut all = old.profiles.iter();
    let written = all.find(|one| one.value.name == profile.name)?;
    let edited = edit_places::with_places(text, item, &written.value, profile)?;
    is_right(&old, &read(&edited)?, profile).then_some(edited)
}

/// True if the entry of a profile has nothing that this program does not write, such as comments.
pub fn is_generated(text: &str, profile: &Profile) -> bool {
    let found = || {
        let tree = Format::Yaml.compose(text).ok()?;
        let item = item_of(&tree, &profile.name)?;
        let start = start_of_line(text, item.span.start);
        let end = end_of_line(text, last_end(text, item));
        let indent = text.get(start..)?.find('-')?;
        Some(entry(profile, indent).trim_end() == text.get(start..end)?.trim_end())
    };
    found().unwrap_or_default()
}

/// The entry of a profile.
fn item_of<'t>(tree: &'t Spanned, name: &str) -> Option<&'t Spanned> {
    let items = entry_of(tree, "profiles")?.value.items();
    items.iter().find(|item| {
        let found = entry_of(item, "name").map(|name| &name.value.kind);
        matches!(found, Some(Kind::Text(found)) if found == name)
    })
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
    let known = item_of(&tree, &profile.name);
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
    fn places_change_and_everything_else_stays() {
        let before = "\
version: 1
profiles:
  # one
  - name: p # two
    monitors: [{ output: eDP-1 }, { name: big, size: 2560x1440 }] # three
    workspaces:
      # four
      - { name: \"1:a\", output: primary, visible: true } # five
      - name: b
        output: big # six
      # seven
      - { name: c, output: big, visible: false }
    # eight
  - name: q
    monitors:
    - model: x # nine
rules: []
";
        let places = |text: &str, name: &str| {
            let layered = read(text.as_bytes(), "t", Layer::User).unwrap();
            let mut all = layered.profiles.into_iter().map(|one| one.value);
            all.find(|one| one.name == name).unwrap()
        };
        let mut new = places(before, "p");
        assert_eq!(with_places(before, &new).as_deref(), Some(before));
        new.workspaces[0].visible = false;
        new.workspaces[1].visible = true;
        new.workspaces[2].output = "eDP-1".to_owned();
        new.workspaces[2].visible = true;
        new.workspaces.push(ProfileWorkspace {
            name: "1".to_owned(),
            output: "big".to_owned(),
            visible: false,
        });
        new.focus = Some("c".to_owned());
        let after = before
            .replace("primary, visible: true", "primary, visible: false")
            .replace("big # six\n", "big # six\n        visible: true\n")
            .replace(
                "c, output: big, visible: false }",
                "c, output: eDP-1, visible: true }\n      - { name: \"1\", output: big }\n    focus: c",
            );
        assert_eq!(with_places(before, &new).as_deref(), Some(&*after));
        new.focus = Some("b".to_owned());
        let other = after.replace("focus: c", "focus: b");
        assert_eq!(with_places(&after, &new).as_deref(), Some(&*other));
        // A profile without workspaces.
        let mut new = places(before, "q");
        new.workspaces = profile("q").workspaces;
        new.workspaces[0].output = "x".to_owned();
        let after = before.replace(
            "# nine\n",
            "# nine\n    workspaces:\n      - { name: \"1:a\", output: x, visible: true }\n",
        );
        assert_eq!(with_places(before, &new).as_deref(), Some(&*after));
    }

    #[test]
    fn entry_with_a_comment_was_not_generated() {
        let text = format!("version: 1\nprofiles:\n{ENTRY}rules: []\n");
        assert!(is_generated(&text, &profile("p")));
        let text = text.replace("eDP-1 }\n", "eDP-1 } # mine\n");
        assert!(!is_generated(&text, &profile("p")));
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
