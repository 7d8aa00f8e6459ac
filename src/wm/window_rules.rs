//! The rules of the i3 config for new windows. Pure.
//!
//! They are only used to name rules that conflict with a layout, so it does no harm to miss one.

use crate::layout::criteria::Matcher;
use crate::layout::{Criterion, Swallow};
use crate::live::Properties;

/// A `for_window` or `assign` line (i3 user guide, "Arbitrary commands for specific
/// windows" and "Automatically putting clients on specific workspaces").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowRule {
    /// The line, with single blanks.
    pub line: String,
    /// Its criteria for properties that do not change.
    criteria: Swallow,
}

impl WindowRule {
    /// Parses a line; `None` if it is not a rule.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let line = words.join(" ");
        let rest = ["for_window", "assign"]
            .into_iter()
            .find_map(|word| line.strip_prefix(word))?;
        let (criteria, _) = rest.trim_start().strip_prefix('[')?.split_once(']')?;
        let pairs = pairs(criteria);
        let value_of = |criterion: Criterion| {
            let mut pairs = pairs.iter().rev();
            let (_, value) = pairs.find(|(key, _)| *key == criterion.as_str())?;
            Some((*value).to_owned())
        };
        Some(Self {
            criteria: Swallow::of(value_of),
            line: line.clone(),
        })
    }

    /// True if it may match a window with these properties. Other criteria (`window_type`,
    /// `con_mark`, ...) are assumed to match. So is a title beside other criteria, because the
    /// title may have changed.
    pub fn may_match(&self, properties: &Properties) -> bool {
        let lasting = Swallow {
            title: None,
            ..self.criteria.clone()
        };
        let criteria = if lasting.is_empty() {
            &self.criteria
        } else {
            &lasting
        };
        criteria.is_empty()
            || Matcher::new(criteria).is_ok_and(|matcher| matcher.matches(properties))
    }
}

/// `key=value` and `key="value"`.
fn pairs(criteria: &str) -> Vec<(&str, &str)> {
    let mut pairs = Vec::new();
    let mut rest = criteria;
    while let Some((key, after)) = rest.split_once('=') {
        let value_and_rest = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => after.split_once(' ').unwrap_or((after, "")),
        };
        let key = key.rsplit(' ').next().unwrap_or(key);
        pairs.push((key, value_and_rest.0));
        rest = value_and_rest.1;
    }
    pairs
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
            ("assign [class=Gimp] 5", Some(true)),
            (
                "for_window [class=\"^Gimp$\" title=\"^a = b$\"] kill",
                Some(true),
            ),
            ("for_window [ class=\"^Gimp$\" title=c ] kill", Some(true)),
            ("for_window [title=c] kill", Some(false)),
            ("for_window [title=\"= b\"] kill", Some(true)),
            ("for_window [all] border none", Some(true)),
            ("for_window [window_type=dialog] border none", Some(true)),
            ("for_window [class=\"(\"] border none", Some(false)),
            ("for_window class=Gimp border none", None),
            ("no_focus [class=Gimp]", None),
            ("bindsym x kill", None),
        ];
        for (line, expected) in table {
            let rule = WindowRule::parse(line);
            let found = rule.as_ref().map(|rule| rule.may_match(&properties));
            assert_eq!(found, expected, "{line}");
        }
        let rule = WindowRule::parse("for_window   [class=a]\tkill").unwrap();
        assert_eq!(rule.line, "for_window [class=a] kill");
    }
}
