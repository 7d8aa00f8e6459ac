//! The rules of the i3 config for new windows. Pure.
//!
//! They are only used to name rules that conflict with a layout, so it does no harm to miss one.

use serde::{Deserialize, Serialize};

use crate::layout::criteria::Matcher;
use crate::layout::{Criterion, Swallow};
use crate::live::Properties;

/// A `for_window` or `assign` line (i3 user guide, "Arbitrary commands for specific
/// windows" and "Automatically putting clients on specific workspaces").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WindowRule {
    /// The line, with single blanks.
    pub line: String,
    /// The changes that it makes to a window.
    pub effects: Vec<Effect>,
    /// Its criteria that can be compared.
    criteria: Swallow,
    /// True for `for_window`, which i3 also runs when a window gets another title or class.
    /// `assign` only affects windows that open.
    pub is_lasting: bool,
}

/// A change that a rule makes to a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Moves it to a workspace with this name or number; `None` if it is not known.
    Workspace(Option<String>),
    /// Moves it to another output.
    Output,
    /// Moves it to the scratchpad, or shows it.
    Scratchpad,
    /// Makes it floating or tiling; `None` toggles.
    Floating(Option<bool>),
    /// Moves it on its workspace.
    Position,
    /// Changes its size.
    Size,
    /// Changes containers: `layout`, `split`, `swap`, `move to mark`.
    Containers,
    /// Sets the attribute with this key of a layout file.
    Attribute(&'static str),
    /// Runs a program that sends commands to i3.
    Anything,
}

impl TryFrom<String> for WindowRule {
    type Error = &'static str;

    fn try_from(line: String) -> Result<Self, Self::Error> {
        Self::parse(&line).ok_or("not a rule for windows")
    }
}

impl From<WindowRule> for String {
    fn from(rule: WindowRule) -> Self {
        rule.line
    }
}

impl WindowRule {
    /// Parses a line; `None` if it is not a rule.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        let (is_lasting, rest) = match line.split_once(|letter: char| " [".contains(letter))?.0 {
            word if word.eq_ignore_ascii_case("for_window") => (true, &line[word.len()..]),
            word if word.eq_ignore_ascii_case("assign") => (false, &line[word.len()..]),
            _ => return None,
        };
        let (pairs, commands) = criteria(rest.trim_start().strip_prefix('[')?)?;
        let value_of = |criterion: Criterion| {
            let mut pairs = pairs.iter().rev();
            let (_, value) = pairs.find(|(key, _)| key == criterion.as_str())?;
            value.clone()
        };
        let effects = if is_lasting {
            separate(commands).into_iter().filter_map(effect).collect()
        } else {
            vec![assigned(commands)]
        };
        Some(Self {
            criteria: Swallow::of(value_of),
            effects,
            is_lasting,
            line: line.clone(),
        })
    }

    /// Its criteria that can be compared.
    pub(super) const fn criteria(&self) -> &Swallow {
        &self.criteria
    }

    /// True if it depends on the title of a window, which may come late.
    pub const fn has_title(&self) -> bool {
        self.criteria.title.is_some()
    }

    /// True if it matches a window with these properties. Other criteria (`window_type`,
    /// `con_mark`, ...) are assumed to match.
    pub fn matches(&self, properties: &Properties) -> bool {
        self.criteria.is_empty()
            || Matcher::new(&self.criteria).is_ok_and(|matcher| matcher.matches(properties))
    }

    /// Like [`Self::matches`], for a rule with a criterion that can be compared.
    pub fn is_for(&self, properties: &Properties) -> bool {
        !self.criteria.is_empty() && self.matches(properties)
    }

    /// True if it matches a window with these properties, or would match if the window had
    /// another title, which it may have had before. A title alone must match.
    pub fn may_match(&self, properties: &Properties) -> bool {
        let lasting = Self {
            criteria: Swallow {
                title: None,
                ..self.criteria.clone()
            },
            ..self.clone()
        };
        if lasting.criteria.is_empty() {
            self.matches(properties)
        } else {
            lasting.matches(properties)
        }
    }
}

/// A criterion with its value, if it has one.
type Pair = (String, Option<String>);

/// The criteria up to `]`, and the rest of the line. In quotes, `\"` stands for a quote and other
/// backslashes for themselves (i3's `src/config_parser.c`).
fn criteria(text: &str) -> Option<(Vec<Pair>, &str)> {
    let mut pairs = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix(']') {
            return Some((pairs, after));
        }
        let end = rest.find(|letter: char| "= ]".contains(letter))?;
        let key = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let Some(after) = rest.strip_prefix('=') else {
            pairs.push((key, None));
            continue;
        };
        let (value, after) = value(after.trim_start())?;
        pairs.push((key, Some(value)));
        rest = after;
    }
}

/// A value in quotes or without, and the rest of the line.
fn value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|letter: char| " ],;".contains(letter))?;
        return Some((text[..end].to_owned(), &text[end..]));
    };
    let end = closing_quote(quoted)?;
    let value = quoted[..end].replace("\\\"", "\"");
    Some((value, &quoted[end + 1..]))
}

/// The position of the quote that ends a quoted string.
fn closing_quote(text: &str) -> Option<usize> {
    let mut quotes = text.match_indices('"');
    quotes.find_map(|(at, _)| (!text[..at].ends_with('\\')).then_some(at))
}

/// The commands of a list with `,` and `;`.
fn separate(commands: &str) -> Vec<&str> {
    let mut separate = Vec::new();
    let mut start = 0;
    let mut at = 0;
    // If a quote is not closed, no later one is.
    let mut may_be_quoted = true;
    while let Some(found) = commands[at..].find(|letter: char| "\",;".contains(letter)) {
        let position = at + found;
        at = position + 1;
        if !commands[position..].starts_with('"') {
            separate.push(commands[start..position].trim());
            start = at;
        } else if may_be_quoted {
            match closing_quote(&commands[at..]) {
                Some(end) => at += end + 1,
                None => may_be_quoted = false,
            }
        }
    }
    separate.push(commands[start..].trim());
    separate
}

/// The change that a command makes to a window; `None` if it makes none that lasts.
fn effect(command: &str) -> Option<Effect> {
    let command = match command.strip_prefix('[') {
        Some(criteria_and_rest) => criteria(criteria_and_rest)?.1,
        None => command,
    };
    let all: Vec<&str> = command.split_whitespace().collect();
    let lower: Vec<String> = all.iter().map(|word| word.to_ascii_lowercase()).collect();
    let words: Vec<&str> = lower.iter().map(String::as_str).collect();
    let attribute = Effect::Attribute;
    Some(match words.as_slice() {
        ["floating", how, ..] => Effect::Floating(match *how {
            "enable" => Some(true),
            "disable" => Some(false),
            _ => None,
        }),
        ["move", ..] => moved(&words, &all),
        ["resize", ..] => Effect::Size,
        [
            "layout" | "split" | "splitv" | "splith" | "splitt" | "swap",
            ..,
        ] => Effect::Containers,
        ["scratchpad", ..] => Effect::Scratchpad,
        ["border", ..] => attribute("border"),
        ["fullscreen", ..] => attribute("fullscreen"),
        ["sticky", ..] => attribute("sticky"),
        ["mark" | "unmark", ..] => attribute("marks"),
        ["title_format", ..] => attribute("title_format"),
        ["title_window_icon", ..] => attribute("title_window_icon"),
        ["exec" | "exec_always", ..] if command.contains("i3-msg") => Effect::Anything,
        _ => return None,
    })
}

/// The change of a `move` command.
fn moved(words: &[&str], all: &[&str]) -> Effect {
    let is_filler = |word: &&str| {
        word.starts_with("--") || matches!(*word, "move" | "window" | "container" | "to")
    };
    let start = words.iter().take_while(|word| is_filler(word)).count();
    match &words[start..] {
        ["workspace", "to", ..] | ["output", ..] => Effect::Output,
        ["workspace", ..] => Effect::Workspace(workspace(&all[start + 1..])),
        ["scratchpad", ..] => Effect::Scratchpad,
        ["mark", ..] => Effect::Containers,
        _ => Effect::Position,
    }
}

/// The workspace of an `assign` line.
fn assigned(target: &str) -> Effect {
    let words: Vec<&str> = target.split_whitespace().collect();
    let words = match words.as_slice() {
        ["→" | "->", rest @ ..] | rest => rest,
    };
    match words {
        ["output", ..] => Effect::Output,
        ["workspace", rest @ ..] | rest => Effect::Workspace(workspace(rest)),
    }
}

/// The workspace that these words name.
fn workspace(words: &[&str]) -> Option<String> {
    let words = match words {
        [number, rest @ ..] if number.eq_ignore_ascii_case("number") => rest,
        words => words,
    };
    let words: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| !word.starts_with("--"))
        .collect();
    let name = words.join(" ");
    let relative = [
        "next",
        "prev",
        "current",
        "next_on_output",
        "prev_on_output",
        "back_and_forth",
    ];
    (!relative.contains(&name.as_str())).then(|| name.trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_may_match_a_window() {
        let properties = Properties {
            class: Some("Gimp".to_owned()),
            title: Some("a = b".to_owned()),
            ..Properties::default()
        };
        let table = [
            ("for_window [class=\"^Gimp$\"] floating enable", Some(true)),
            ("FOR_WINDOW [CLASS=\"^Gimp$\"] kill", Some(true)),
            ("for_window[class=Gimp] kill", Some(true)),
            ("for_window [class=\"^[Gg]imp$\"] kill", Some(true)),
            ("for_window [class=\"^[Xx]imp$\"] kill", Some(false)),
            ("for_window [class=\"^Gimp(?!\\\")$\"] kill", Some(true)),
            (
                "for_window [class=\"^\\w+$\" instance=\"]\"] kill",
                Some(false),
            ),
            ("assign [class=Gimp] 5", Some(true)),
            (
                "for_window [class=\"^Gimp$\" title=\"^a = b$\"] kill",
                Some(true),
            ),
            ("for_window [ class=\"^Gimp$\" title=c ] kill", Some(true)),
            ("for_window [title=c] kill", Some(false)),
            ("for_window [title=\"= b\"] kill", Some(true)),
            ("for_window [tiling title=c] kill", Some(false)),
            ("for_window [all] border none", Some(true)),
            ("for_window [window_type=dialog] border none", Some(true)),
            ("for_window [class=\"(\"] border none", Some(false)),
            ("for_window [class=\"a] border none", None),
            ("for_window class=Gimp border none", None),
            ("no_focus [class=Gimp]", None),
            ("bindsym x kill", None),
            ("", None),
        ];
        for (line, expected) in table {
            let rule = WindowRule::parse(line);
            let found = rule.as_ref().map(|rule| rule.may_match(&properties));
            assert_eq!(found, expected, "{line}");
        }
        let rule = WindowRule::parse("for_window   [class=a]\tkill").unwrap();
        assert_eq!(rule.line, "for_window [class=a] kill");
        let rule = WindowRule::parse("for_window [class=Gimp title=c] kill").unwrap();
        assert!(rule.may_match(&properties) && !rule.matches(&properties));
    }

    #[test]
    fn quotes_that_are_not_closed_are_part_of_a_command() {
        assert_eq!(separate("a \"b, c"), ["a \"b", "c"]);
        let quotes = format!("a {}, b", "\\\"".repeat(100_000));
        assert_eq!(separate(&quotes).len(), 2);
    }

    #[test]
    fn effects_of_commands() {
        let workspace = |name: &str| Effect::Workspace(Some(name.to_owned()));
        for (line, effects) in [
            ("for_window [all] kill; focus, workspace 3, nop", vec![]),
            (
                "for_window [all] floating disable, move workspace 10, workspace 10",
                vec![Effect::Floating(Some(false)), workspace("10")],
            ),
            (
                "for_window [all] move --no-auto-back-and-forth container to workspace number \"1: a, b\"; Resize set 3 4",
                vec![workspace("1: a, b"), Effect::Size],
            ),
            (
                "for_window [all] move to workspace next, floating toggle",
                vec![Effect::Workspace(None), Effect::Floating(None)],
            ),
            (
                "for_window [all] move scratchpad, move to output left, move left 3 px",
                vec![Effect::Scratchpad, Effect::Output, Effect::Position],
            ),
            (
                "for_window [all] border none, sticky enable, [con_mark=\"a,b\"] layout tabbed",
                vec![
                    Effect::Attribute("border"),
                    Effect::Attribute("sticky"),
                    Effect::Containers,
                ],
            ),
            ("for_window [all] exec --no-startup-id beep", vec![]),
            (
                "for_window [all] exec i3-msg move workspace 4",
                vec![Effect::Anything],
            ),
            ("assign [all] → workspace number 3", vec![workspace("3")]),
            ("assign [all] \"4: web\"", vec![workspace("4: web")]),
            ("assign [all] -> output primary", vec![Effect::Output]),
        ] {
            let rule = WindowRule::parse(line).unwrap();
            assert_eq!(rule.effects, effects, "{line}");
        }
    }
}
