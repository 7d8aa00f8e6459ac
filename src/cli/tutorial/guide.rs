//! The text of the panel and of the terminal. Pure.

use super::lesson::Lesson;
use super::steps::{Check, Step};
use crate::nested::Modifier;

/// Colours of a terminal (ECMA-48, `SGR`).
const BOLD: &str = "\x1b[1m";
const GREEN: &str = "\x1b[32m";
const YELLOW: &str = "\x1b[33m";
const BLUE: &str = "\x1b[36m";
const PLAIN: &str = "\x1b[0m";

/// The text of the panel: the present step, what is missing, and the last step that is done.
pub(super) fn panel(step: Step, check: &Check, modifier: Modifier) -> String {
    let lesson = Lesson::of(step, modifier);
    let before = Step::ALL.get(step.number().wrapping_sub(2));
    let done = before.map(|before| Lesson::of(*before, modifier).title);
    let done = done.map_or_else(String::new, |title| format!("    {GREEN}✓ {title}{PLAIN}"));
    let mut lines = vec![
        format!("{BOLD}{}{PLAIN}{done}", heading(step, &lesson)),
        String::new(),
    ];
    lines.extend(lesson.text);
    lines.push(String::new());
    let has_commands = !lesson.commands.is_empty();
    let commands = lesson.commands.iter();
    lines.extend(commands.map(|command| format!("    {BLUE}{command}{PLAIN}")));
    if let (Check::Missing { what, hint }, true) = (check, step != Step::End) {
        lines.extend(has_commands.then(String::new));
        lines.push(format!("Missing: {what}"));
        let hint = hint.as_ref();
        lines.extend(hint.map(|hint| format!("{YELLOW}Hint: {hint}{PLAIN}")));
    }
    lines.join("\n") + "\n"
}

/// The text for the terminal in which the tutorial was started.
pub(super) fn lines(step: Step, modifier: Modifier) -> String {
    let lesson = Lesson::of(step, modifier);
    let text = lesson.text.iter().map(|line| format!("\n  {line}"));
    let commands = lesson.commands.iter();
    let commands = commands.map(|command| format!("\n      {command}"));
    let all = std::iter::once(heading(step, &lesson));
    all.chain(text).chain(commands).collect()
}

fn heading(step: Step, lesson: &Lesson) -> String {
    if step == Step::End {
        return format!("{}.", lesson.title);
    }
    format!(
        "Step {} of {}: {}",
        step.number(),
        Step::COUNT,
        lesson.title
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_panel_has_the_step_and_what_is_missing() {
        let check = Check::Missing {
            what: "the layout `tour`".to_owned(),
            hint: Some("you have saved `trip`".to_owned()),
        };
        let text = panel(Step::Capture, &check, Modifier::Alt);
        for part in [
            "Step 3 of 13: Save the windows",
            "✓ Open two windows",
            "i3pm-layout capture tour",
            "Missing: the layout `tour`",
            "Hint: you have saved `trip`",
        ] {
            assert!(text.contains(part), "{part}:\n{text}");
        }
        assert!(panel(Step::Terminal, &check, Modifier::Super).contains("Super+Return"));
        assert!(!panel(Step::End, &check, Modifier::Alt).contains("Missing"));
        // As many lines as the panel has.
        for step in Step::ALL {
            assert!(panel(step, &check, Modifier::Alt).lines().count() <= 10);
        }
    }
}
