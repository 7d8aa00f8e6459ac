//! The swallow criteria that know a window again.
//!
//! Class and instance say what a window is; the role is added where a window of the same
//! class and instance has another one. A title changes while one works, so it is the last
//! resort.
//! Every pattern is anchored and none matches the empty text: i3's placeholders have an
//! empty class, and would swallow each other (i3 issue 2414).
//! A secret in a property becomes `.+`, so that the window is known all the same.

use std::collections::{BTreeSet, HashMap};

use super::applied_rules;
use crate::config::Rule;
use crate::discover::secrets::MASK;
use crate::layout::Swallow;
use crate::layout::criteria::is_matchable;
use crate::live::Properties;

/// The criteria of each window, in the same order: those that its rule asks for, else those
/// that do. One that says nothing about itself gets an empty [`Swallow`]. The windows are
/// as [`without_secrets`](super::shown::without_secrets) has them.
pub(super) fn criteria(windows: &[Properties], rules: &[Option<&Rule>]) -> Vec<Swallow> {
    let kind = |window: &Properties| (window.class.clone(), window.instance.clone());
    let mut roles: HashMap<_, BTreeSet<Option<&str>>> = HashMap::new();
    for window in windows {
        let role = said(window.window_role.as_ref());
        roles.entry(kind(window)).or_default().insert(role);
    }
    windows
        .iter()
        .enumerate()
        .map(|(index, window)| {
            let rule = rules.get(index).copied().flatten();
            if let Some(swallow) = applied_rules::swallow(rule, window, exactly) {
                return swallow;
            }
            let (class, instance) = (
                telling(window.class.as_ref()),
                telling(window.instance.as_ref()),
            );
            let role = telling(window.window_role.as_ref());
            if class.is_none() && instance.is_none() {
                return last_resort(window);
            }
            let tells_apart = |role: &&str| {
                is_lasting(role)
                    && roles
                        .get(&kind(window))
                        .is_some_and(|roles| roles.len() > 1)
            };
            Swallow {
                class: class.map(exactly),
                instance: instance.map(exactly),
                window_role: role.filter(tells_apart).map(exactly),
                ..Swallow::default()
            }
        })
        .collect()
}

/// The criteria of a window whose class and instance tell nothing.
fn last_resort(window: &Properties) -> Swallow {
    if let Some(role) = telling(window.window_role.as_ref()) {
        return Swallow {
            window_role: Some(exactly(role)),
            ..Swallow::default()
        };
    }
    if let Some(title) = said(window.title.as_ref()) {
        return Swallow {
            title: Some(exactly(title)),
            ..Swallow::default()
        };
    }
    // Only secrets, if anything.
    Swallow {
        class: said(window.class.as_ref()).map(exactly),
        instance: said(window.instance.as_ref()).map(exactly),
        ..Swallow::default()
    }
}

/// What is said, where it is more than a secret.
fn telling(property: Option<&String>) -> Option<&str> {
    said(property).filter(|text| *text != MASK)
}

/// What is said, where a criterion can match it.
fn said(property: Option<&String>) -> Option<&str> {
    property
        .map(String::as_str)
        .filter(|text| is_matchable(text))
}

/// A pattern for this text and no other, escaped where PCRE needs it, with anything in
/// place of a secret.
pub(super) fn exactly(text: &str) -> String {
    format!("^{}$", escaped(text).replace(&escaped(MASK), ".+"))
}

fn escaped(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for character in text.chars() {
        if r"\.^$|?*+()[]{}".contains(character) {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

/// Whether a role will be the same next time: some programs put process ids, times or
/// random numbers into it.
pub(super) fn is_lasting(role: &str) -> bool {
    let long_number = role
        .split(|character: char| !character.is_ascii_digit())
        .any(|digits| digits.len() >= 4);
    let long_hex = role
        .split(|character: char| !character.is_ascii_hexdigit())
        .any(|run| run.len() >= 8 && run.contains(|character: char| character.is_ascii_digit()));
    !long_number && !long_hex
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `class/instance/role/title`, empty where there is none.
    fn properties(text: &str) -> Properties {
        let mut parts = text
            .split('/')
            .map(|part| Some(part.to_owned()).filter(|part| !part.is_empty()));
        let mut next = || parts.next().flatten();
        Properties {
            class: next(),
            instance: next(),
            window_role: next(),
            title: next(),
            ..Properties::default()
        }
    }

    #[track_caller]
    fn check(windows: &[&str], expected: &[&str]) {
        let windows: Vec<Properties> = windows.iter().map(|text| properties(text)).collect();
        let found: Vec<String> = criteria(&windows, &[])
            .iter()
            .map(|swallow| {
                let list: Vec<String> = swallow
                    .criteria()
                    .map(|(name, pattern)| format!("{name}={pattern}"))
                    .collect();
                list.join(" ")
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn class_and_instance_are_enough() {
        check(
            &[
                "XTerm/xterm//a",
                "XTerm/dropdown//b",
                "Code/code/browser-window/c",
            ],
            &[
                "class=^XTerm$ instance=^xterm$",
                "class=^XTerm$ instance=^dropdown$",
                "class=^Code$ instance=^code$",
            ],
        );
    }

    #[test]
    fn a_role_that_tells_windows_apart_is_used() {
        check(
            &[
                "Gimp/gimp/toolbox/a",
                "Gimp/gimp/image/b",
                "Gimp/gimp//c",
                "Other/gimp/x/d",
            ],
            &[
                "class=^Gimp$ instance=^gimp$ window_role=^toolbox$",
                "class=^Gimp$ instance=^gimp$ window_role=^image$",
                "class=^Gimp$ instance=^gimp$",
                "class=^Other$ instance=^gimp$",
            ],
        );
        check(
            &[
                "T/t/window-16543/a",
                "T/t/win-be1ae5a7-1b7a/b",
                "T/t/pop-up/c",
            ],
            &[
                "class=^T$ instance=^t$",
                "class=^T$ instance=^t$",
                "class=^T$ instance=^t$ window_role=^pop-up$",
            ],
        );
    }

    #[test]
    fn a_window_without_class_is_known_by_what_it_has() {
        check(
            &[
                "/xload//a",
                "//role/b",
                "///a (1) *",
                "///x --token=***",
                "X\u{10feff}/xload//c",
                "X\u{10feff}/x\u{10feff}/r\u{10feff}/d",
                "////",
            ],
            &[
                "instance=^xload$",
                "window_role=^role$",
                r"title=^a \(1\) \*$",
                "title=^x --token=.+$",
                "instance=^xload$",
                "title=^d$",
                "",
            ],
        );
    }

    #[test]
    fn a_secret_matches_anything_and_is_no_criterion_by_itself() {
        check(
            &[
                "App-***/app//a",
                "***/app//a",
                "***/***/role/a",
                "***/***/***/a",
                "***/***//",
            ],
            &[
                "class=^App-.+$ instance=^app$",
                "instance=^app$",
                "window_role=^role$",
                "title=^a$",
                "class=^.+$ instance=^.+$",
            ],
        );
    }

    #[test]
    fn patterns_are_escaped_as_a_person_would() {
        assert_eq!(exactly("Gimp-2.10"), r"^Gimp-2\.10$");
        assert_eq!(exactly("a b#c_ü"), "^a b#c_ü$");
        assert_eq!(exactly(r"[\^$|?*+(){}]"), r"^\[\\\^\$\|\?\*\+\(\)\{\}\]$");
    }
}
