//! The swallow criteria that identify a window later.
//!
//! The class identifies the kind of a window, or the instance if the user has named it (`urxvt -name
//! notes`). An instance or role is added only if another window of the same class has a different one.
//! Titles change, so they are the last
//! resort. Every pattern is anchored and none matches the empty string: i3's placeholders have
//! an empty class, and would swallow each other (i3 issue 2414). A secret in a property becomes
//! `.+`, so that the window can still be identified.

use std::collections::{BTreeSet, HashMap};

use crate::config::Rule;
use crate::discover::secrets::MASK;
use crate::layout::Swallow;
use crate::layout::criteria::{escape, exact, is_matchable};
use crate::live::Properties;

/// The criteria of each window, in the same order: those that its rule chooses, else the
/// fewest that identify it. A window without identifying properties gets an empty [`Swallow`]. The
/// properties are from [`without_secrets`](super::shown::without_secrets).
pub(super) fn criteria(windows: &[Named]) -> Vec<Swallow> {
    let kinds: Vec<Kind> = windows.iter().map(Kind::of).collect();
    let mut instances: HashMap<Option<&str>, BTreeSet<Option<&str>>> = HashMap::new();
    let mut roles: HashMap<&Kind, BTreeSet<Option<&str>>> = HashMap::new();
    let mut classes: HashMap<Option<&str>, BTreeSet<Option<&str>>> = HashMap::new();
    for (window, kind) in windows.iter().zip(&kinds) {
        let (class, instance) = (kind.class.as_deref(), kind.instance.as_deref());
        instances.entry(class).or_default().insert(instance);
        classes.entry(instance).or_default().insert(class);
        let role = matchable(window.properties.window_role.as_ref());
        roles.entry(kind).or_default().insert(role);
    }
    let criteria = windows.iter().zip(&kinds).map(|(window, kind)| {
        let several = |of: Option<&BTreeSet<Option<&str>>>| of.is_some_and(|all| all.len() > 1);
        chosen(window.rule, window.properties).unwrap_or_else(|| {
            let is_unique_name =
                window.is_named() && !several(classes.get(&kind.instance.as_deref()));
            let properties = Properties {
                class: kind.class.clone().filter(|_| !is_unique_name),
                instance: kind.instance.clone(),
                ..window.properties.clone()
            };
            by_default(
                &properties,
                Details {
                    instance: several(instances.get(&kind.class.as_deref())),
                    role: several(roles.get(kind)),
                },
            )
        })
    });
    criteria.collect()
}

/// The class and the instance of a window, without a counter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Kind {
    class: Option<String>,
    instance: Option<String>,
}

impl Kind {
    fn of(window: &Named<'_>) -> Self {
        let Properties {
            class, instance, ..
        } = window.without_counter();
        Self { class, instance }
    }
}

/// The properties that windows of the same kind do not share.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Details {
    /// Windows of the class have several instances.
    pub(super) instance: bool,
    /// Windows of the class and instance have several roles.
    pub(super) role: bool,
}

/// The option of X programs that sets the instance (X(7)), and that of other terminals.
const NAMES: [&str; 2] = ["-name", "--name"];

/// A window that gets criteria.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named<'a> {
    pub(super) properties: &'a Properties,
    pub(super) rule: Option<&'a Rule>,
    /// The command line of its process.
    pub(super) argv: &'a [String],
}

impl Named<'_> {
    /// Its properties, without an instance that only counts windows. An instance from the command
    /// line is a name.
    fn without_counter(&self) -> Properties {
        let mut properties = self.properties.clone();
        let has_class = telling(properties.class.as_ref()).is_some();
        properties.instance.take_if(|instance| {
            has_class && counter(instance).is_some() && !self.is_on_command_line(instance)
        });
        properties
    }

    /// True if the user has named the instance with an option of the program.
    fn is_named(&self) -> bool {
        let instance = telling(self.properties.instance.as_ref());
        instance.is_some_and(|instance| {
            let mut words = self
                .argv
                .iter()
                .skip_while(|word| !NAMES.contains(&word.as_str()));
            words.nth(1).is_some_and(|value| value == instance)
        })
    }

    fn is_on_command_line(&self, instance: &str) -> bool {
        let mut words = self.argv.iter().map(|word| word.rsplit(['=', '/']).next());
        words.any(|value| value == Some(instance))
    }
}

/// The position of a number at the end that may only count windows, as in `MainWindow#2`.
fn counter(text: &str) -> Option<usize> {
    let bare = text.trim_end_matches(')');
    let before = bare.trim_end_matches(|end: char| end.is_ascii_digit());
    let digits = bare.len() - before.len();
    let is_separated = before.ends_with(['#', '-', '_', ' ', '(', ':', '<']);
    ((1..=3).contains(&digits) && is_separated).then_some(before.len())
}

/// The criteria that a rule chooses; `None` if the window has none of them.
fn chosen(rule: Option<&Rule>, properties: &Properties) -> Option<Swallow> {
    let criteria = rule?.swallow.as_ref()?;
    let swallow = Swallow::of(|criterion| {
        let is_chosen = criteria.contains(&criterion);
        let text = criterion
            .of(properties)
            .filter(|text| is_chosen && is_matchable(text));
        text.map(exactly)
    });
    (!swallow.is_empty()).then_some(swallow)
}

/// The class with the details, the instance without a class, else the role, else the title.
pub(super) fn by_default(window: &Properties, with: Details) -> Swallow {
    let class = telling(window.class.as_ref()).map(exactly);
    let instance = telling(window.instance.as_ref()).map(exactly);
    let role = telling(window.window_role.as_ref());
    if class.is_some() || instance.is_some() {
        let role = role.filter(|role| with.role && is_lasting(role));
        return Swallow {
            instance: instance.filter(|_| with.instance || class.is_none()),
            class,
            window_role: role.map(exactly),
            ..Swallow::default()
        };
    }
    let window_role = role.map(without_count);
    let title = matchable(window.title.as_ref()).filter(|_| window_role.is_none());
    if window_role.is_some() || title.is_some() {
        return Swallow {
            window_role,
            title: title.map(without_count),
            ..Swallow::default()
        };
    }
    // There are only secrets, if anything.
    Swallow {
        class: matchable(window.class.as_ref()).map(exactly),
        instance: matchable(window.instance.as_ref()).map(exactly),
        ..Swallow::default()
    }
}

/// The property if it is more than a secret.
fn telling(property: Option<&String>) -> Option<&str> {
    matchable(property).filter(|text| *text != MASK)
}

/// The property if a criterion can match it.
fn matchable(property: Option<&String>) -> Option<&str> {
    property
        .map(String::as_str)
        .filter(|text| is_matchable(text))
}

/// A pattern that matches only this text, with `.+` in place of secrets.
pub(super) fn exactly(text: &str) -> String {
    exact(text).replace(&escape(MASK), ".+")
}

/// A pattern that matches this text with any counter at its end.
fn without_count(text: &str) -> String {
    let Some(at) = counter(text) else {
        return exactly(text);
    };
    let (before, count) = text.split_at(at);
    let after = count.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let before = exactly(before);
    format!("{}[0-9]+{}$", before.trim_end_matches('$'), escape(after))
}

/// True if a role is likely to be the same next time: some programs put process ids, times,
/// random numbers or the number of the window into it.
pub(crate) fn is_lasting(role: &str) -> bool {
    let long_number = role
        .split(|character: char| !character.is_ascii_digit())
        .any(|digits| digits.len() >= 4);
    let long_hex = role
        .split(|character: char| !character.is_ascii_hexdigit())
        .any(|run| run.len() >= 8 && run.contains(|character: char| character.is_ascii_digit()));
    !long_number && !long_hex && counter(role).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `class/instance/role/title`; empty parts are missing properties.
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
        let argv = ["urxvt", "-name", "term-2", "--class=app-1"].map(str::to_owned);
        let named = |window| Named {
            properties: window,
            rule: None,
            argv: &argv,
        };
        let windows: Vec<_> = windows.iter().map(named).collect();
        let found: Vec<String> = criteria(&windows)
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
    fn an_instance_is_used_if_it_distinguishes() {
        check(
            &[
                "XTerm/xterm//a",
                "XTerm/dropdown//b",
                "Code/code/browser-window/c",
            ],
            &[
                "class=^XTerm$ instance=^xterm$",
                "class=^XTerm$ instance=^dropdown$",
                "class=^Code$",
            ],
        );
    }

    #[test]
    fn a_role_that_distinguishes_windows_is_used() {
        check(
            &[
                "Gimp/gimp/toolbox/a",
                "Gimp/gimp/image/b",
                "Gimp/gimp//c",
                "Other/gimp/x/d",
            ],
            &[
                "class=^Gimp$ window_role=^toolbox$",
                "class=^Gimp$ window_role=^image$",
                "class=^Gimp$",
                "class=^Other$",
            ],
        );
        check(
            &[
                "T/t/window-16543/a",
                "T/t/win-be1ae5a7-1b7a/b",
                "T/t/pop-up/c",
            ],
            &["class=^T$", "class=^T$", "class=^T$ window_role=^pop-up$"],
        );
    }

    #[test]
    fn numbers_that_count_windows_are_no_criteria() {
        check(
            &[
                "konsole/konsole/MainWindow#1/a",
                "konsole/konsole/MainWindow#2/b",
                "konsole/konsole/Settings/c",
                "App/app-1/x/d",
                "App/other-12/y/d",
                // A name that the user gave.
                "URxvt/term-2//e",
                // A version.
                "Gimp-2.10/gimp-2.10//f",
                "//Window#3/g",
                "///Window 3",
                "///Window (3)",
                "/app-7//h",
            ],
            &[
                "class=^konsole$",
                "class=^konsole$",
                "class=^konsole$ window_role=^Settings$",
                "class=^App$ instance=^app-1$",
                "class=^App$",
                "instance=^term-2$",
                r"class=^Gimp-2\.10$",
                "window_role=^Window#[0-9]+$",
                "title=^Window [0-9]+$",
                r"title=^Window \([0-9]+\)$",
                "instance=^app-7$",
            ],
        );
    }

    #[test]
    fn a_window_without_class_has_other_criteria() {
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
    fn a_secret_matches_anything_and_is_not_a_criterion_alone() {
        check(
            &[
                "App-***/app//a",
                "***/app//a",
                "***/***/role/a",
                "***/***/***/a",
                "***/***//",
            ],
            &[
                "class=^App-.+$",
                "instance=^app$",
                "window_role=^role$",
                "title=^a$",
                "class=^.+$ instance=^.+$",
            ],
        );
    }

    #[test]
    fn patterns_are_escaped_only_where_needed() {
        assert_eq!(exactly("Gimp-2.10"), r"^Gimp-2\.10$");
        assert_eq!(exactly("a b#c_ü"), "^a b#c_ü$");
        assert_eq!(exactly(r"[\^$|?*+(){}]"), r"^\[\\\^\$\|\?\*\+\(\)\{}]$");
    }
}
