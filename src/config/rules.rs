//! The precedence of rules.

use std::cmp::Reverse;

use super::model::{Layer, Rule};
use crate::live::Properties;

/// Rules in order of precedence.
#[derive(Clone, Debug, Default)]
pub struct Rules(Vec<Rule>);

impl Rules {
    /// Sorts rules by precedence: enforced rules of the system, then rules of files, then built-in
    /// rules; among these, more criteria before fewer, then the user's rules before the system's,
    /// then the order of the file.
    pub fn new(mut rules: Vec<Rule>) -> Self {
        // The sort is stable.
        rules.sort_by_key(|rule| {
            let enforced = rule.enforce && rule.origin.layer == Layer::System;
            (
                Reverse(enforced),
                rule.origin.layer == Layer::BuiltIn,
                Reverse(rule.specificity()),
                rule.origin.layer,
            )
        });
        Self(rules)
    }

    /// All rules, in order of precedence.
    pub fn all(&self) -> &[Rule] {
        &self.0
    }

    /// Returns the rules that match a window. The first one applies.
    pub fn matching<'a>(&'a self, properties: &'a Properties) -> impl Iterator<Item = &'a Rule> {
        let rules = self.0.iter();
        rules.filter(|rule| rule.matcher.matches(properties))
    }

    /// Returns the rule that applies to a window.
    pub fn winner(&self, properties: &Properties) -> Option<&Rule> {
        self.0.iter().find(|rule| rule.matcher.matches(properties))
    }

    /// True if a window is left out of layouts.
    pub fn ignores(&self, properties: &Properties) -> bool {
        self.winner(properties).is_some_and(|rule| rule.ignore)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::config::read::read;
    use crate::testing::properties as window;

    fn rules(files: &[(Layer, &str)]) -> Rules {
        let all = files.iter().flat_map(|(layer, text)| {
            let text = format!("version: 1\nrules:\n{text}");
            read(text.as_bytes(), layer.as_str(), *layer).unwrap().rules
        });
        Rules::new(all.collect())
    }

    #[test]
    fn the_most_specific_rule_wins() {
        let user = "  - { criteria: { class: ^A$ }, timeout: 1 }
  - { criteria: { class: ^A$, title: x }, timeout: 2 }
  - { criteria: { title: x, class: A }, timeout: 3 }
  - { criteria: { class: ^B$ }, timeout: 4, enforce: true }\n";
        let system = "  - { criteria: { class: ^A$, instance: a, title: y }, timeout: 5 }
  - { criteria: { class: ^B$ }, timeout: 6 }
  - { criteria: { class: ^C$ }, timeout: 7, enforce: true }
  - { criteria: { class: ^B$ }, timeout: 8 }\n";
        let more = "  - { criteria: { class: ^C$, title: x }, timeout: 9 }\n";
        let built_in = "  - { criteria: { class: ^A$, instance: ^a$, title: z }, timeout: 10 }
  - { criteria: { class: ^D$ }, timeout: 11 }\n";
        let rules = rules(&[
            (Layer::BuiltIn, built_in),
            (Layer::System, system),
            (Layer::User, user),
            (Layer::User, more),
        ]);
        let winner = |class, title| {
            rules
                .winner(&window(class, title))
                .map(|rule| format!("{} {}", rule.origin.layer.as_str(), rule.timeout.unwrap()))
                .unwrap_or_default()
        };
        for (class, title, expected) in [
            ("A", "", "user 1"),
            ("A", "x", "user 2"),
            ("A", "xy", "system 5"),
            ("A", "z", "user 1"),
            ("B", "", "user 4"),
            ("C", "x", "system 7"),
            ("D", "", "built-in 11"),
            ("E", "", ""),
        ] {
            assert_eq!(winner(class, title), expected, "{class} {title}");
        }
        let all: Vec<f64> = rules
            .matching(&window("A", "xyz"))
            .filter_map(|rule| rule.timeout)
            .collect();
        assert_eq!(all, [5.0, 2.0, 3.0, 1.0, 10.0]);
    }
}
