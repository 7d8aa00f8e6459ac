//! The label of a place while its window is pending. Pure.

use crate::compile::{Launch, Plan, Slot, SlotIdx};
use crate::discover::secrets::Secrets;

/// The maximum length in characters, which fits into a title bar.
const LONGEST: usize = 120;

/// The slot's id, and the command that opens its window. Secrets are masked, including those that
/// `hide` knows: everybody who sees the screen can read a title bar.
pub fn text(plan: &Plan, idx: SlotIdx, hide: &dyn Fn(&str) -> String) -> String {
    let slot = plan.slot(idx);
    let what = match &slot.launch {
        Launch::Program(program) => {
            let masked = Secrets::forgetful().masked(&program.shown.argv);
            hide(&shell_words::join(masked))
        }
        Launch::Elsewhere | Launch::Unresolved { .. } => opener(plan, slot).map_or_else(
            || "waiting for a window of another program".to_owned(),
            |id| format!("waiting for a window of the program of {id}"),
        ),
    };
    let text: String = format!("{}: {what}", slot.id)
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The slot whose program opens windows of the same kind.
fn opener<'a>(plan: &'a Plan, slot: &Slot) -> Option<&'a str> {
    let mut slots = plan.slots().map(|(_, other)| other);
    let opener = slots.find(|other| other.may_open(slot))?;
    Some(&opener.id)
}

/// The label as a `title_format`, with Pango markup and placeholders such as `%title` escaped (i3
/// user guide, "Window title format").
pub fn title_format(text: &str) -> String {
    let mut format = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    for word in ["title", "class", "instance", "machine"] {
        // A word joiner has no width.
        format = format.replace(&format!("%{word}"), &format!("%\u{2060}{word}"));
    }
    format
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::build::one_output;
    use crate::testing::plan;

    fn texts(nodes: &str) -> Vec<String> {
        let plan = plan(
            &format!("version: 1\nworkspaces:\n  - name: '1'\n    nodes:\n{nodes}"),
            &one_output([]),
        );
        plan.slots()
            .map(|(idx, _)| text(&plan, idx, &str::to_owned))
            .collect()
    }

    #[test]
    fn a_label_names_the_slot_and_its_command() {
        let long = "x".repeat(200);
        let nodes = format!(
            "      - {{ id: editor, swallow: {{ class: ^Code$ }}, command: code --new-window '/a b' }}
      - {{ id: second, swallow: {{ class: ^Code$ }} }}
      - {{ id: other, swallow: {{ class: ^Xlogo$ }} }}
      - {{ id: db, swallow: {{ class: ^Db$ }}, command: 'mysql --password=hunter2hunter2' }}
      - {{ id: long, swallow: {{ class: ^Long$ }}, command: {long} }}
"
        );
        let texts = texts(&nodes);
        assert_eq!(texts[0], "editor: code --new-window '/a b'");
        assert_eq!(
            texts[1],
            "second: waiting for a window of the program of editor"
        );
        assert_eq!(texts[2], "other: waiting for a window of another program");
        assert!(!texts[3].contains("hunter2"), "{}", texts[3]);
        assert_eq!(texts[4].chars().count(), LONGEST + 1);
    }

    #[test]
    fn i3_shows_the_text_unchanged() {
        assert_eq!(title_format("a & <b>"), "a &amp; &lt;b&gt;");
        assert_eq!(title_format("50 % %title"), "50 % %\u{2060}title");
    }
}
