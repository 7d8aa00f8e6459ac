//! The texts of the tutorial. Pure.

use super::NAME;
use super::steps::Step;
use crate::nested::Modifier;

/// The text of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lesson {
    /// Its title.
    pub(super) title: &'static str,
    /// One or two sentences, each on a line of its own.
    pub(super) text: Vec<String>,
    /// The commands to type.
    pub(super) commands: Vec<String>,
}

impl Lesson {
    /// The text of a step.
    pub(super) fn of(step: Step, modifier: Modifier) -> Self {
        let (title, text, commands) = words(step);
        let filled = |text: &&str| {
            text.replace("{mod}", &modifier.to_string())
                .replace("{name}", NAME)
        };
        Self {
            title,
            text: text.iter().map(filled).collect(),
            commands: commands.iter().map(filled).collect(),
        }
    }
}

type Words = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

const fn words(step: Step) -> Words {
    match step {
        Step::Terminal => (
            "Open a terminal",
            &["This window is an i3 of its own. Press {mod}+Return to open a terminal in it."],
            &[],
        ),
        Step::Windows => (
            "Open two windows",
            &["Type this command in the terminal. It opens a clock and a window for notes."],
            &["xterm -name clock -e top & xterm -name notes &"],
        ),
        Step::Capture => (
            "Save the windows",
            &[
                "Press {mod}+Left until the first terminal has the focus, or move the pointer to it.",
                "`capture` writes all open windows to a file, the layout `{name}`.",
            ],
            &["i3pm-layout capture {name}"],
        ),
        Step::Close => (
            "Close the two windows",
            &[
                "Focus `clock` with {mod}+Right, and press {mod}+Shift+Q to close it. Then close `notes`.",
                "The first terminal stays open.",
            ],
            &[],
        ),
        Step::Apply => (
            "Restore the layout",
            &[
                "`diff` shows what is missing. `apply` starts missing programs, and moves their windows",
                "into place. It keeps the terminal, which is open already.",
            ],
            &["i3pm-layout diff {name}", "i3pm-layout apply {name}"],
        ),
        Step::Again => (
            "Apply it again",
            &["Everything is in its place, so a second run changes nothing and starts nothing."],
            &["i3pm-layout apply {name}"],
        ),
        Step::Move => (
            "Move a window away",
            &["Focus `notes`, and press {mod}+Shift+2 to send it to workspace 2."],
            &[],
        ),
        Step::Back => (
            "Bring it back",
            &[
                "Focus the first terminal again with {mod}+Left. `diff` shows that `notes` is elsewhere.",
                "`apply` moves the open window back, and does not open a second one.",
            ],
            &["i3pm-layout diff {name}", "i3pm-layout apply {name}"],
        ),
        Step::Edit => (
            "Edit the layout",
            &[
                "`edit` opens the file in your editor. Below the line `- name: \"1\"`, add `layout: tabbed`",
                "with four spaces before it, as `nodes:` has. Then save, and leave the editor.",
            ],
            &["i3pm-layout edit {name}"],
        ),
        Step::Tabs => (
            "Apply the change",
            &["The windows become tabs. None of them is closed or started again."],
            &["i3pm-layout apply {name}"],
        ),
        Step::Undo => (
            "Undo",
            &["`undo` restores the arrangement of windows before the last run."],
            &["i3pm-layout undo"],
        ),
        Step::Update => (
            "Update the layout",
            &[
                "The file still has the tabs. `capture --update` takes over what has changed on the",
                "desktop, and keeps your ids, commands and comments.",
            ],
            &["i3pm-layout capture {name} --update"],
        ),
        Step::Key => (
            "Use a key",
            &[
                "This i3 has the line below in its config. Move or close a window, and press {mod}+F9.",
                "Later, add the same line to ~/.config/i3/config.",
            ],
            &["bindsym $mod+F9 exec --no-startup-id i3pm-layout apply {name}"],
        ),
        Step::End => (
            "This was the tutorial",
            &[
                "Close this window, or press {mod}+Shift+E. Then save your own desktop, and try the result",
                "in a window like this one. `i3pm-layout help restore-at-login` shows how to go on.",
            ],
            &["i3pm-layout capture daily", "i3pm-layout try daily"],
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_into_the_panel() {
        for step in Step::ALL {
            let lesson = Lesson::of(step, Modifier::Super);
            for line in lesson.text.iter().chain(&lesson.commands) {
                assert!(line.chars().count() <= 95, "{line}");
                assert!(!line.contains('{'), "{line}");
            }
            assert!(
                lesson.text.len() <= 2 && lesson.commands.len() <= 2,
                "{step:?}"
            );
        }
    }
}
