//! The window that stands for that of a program.

use std::fmt::Write as _;

use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::error::Error;
use crate::nested::show_stand_in;
use crate::preview::png;
use crate::ui::words::hide;

/// The colour of the window.
const BACKGROUND: u32 = 0x1f_26_2d;

/// The size of the label.
const SIZE: (u32, u32) = (460, 84);

/// The most letters of a line.
const LONGEST: usize = 56;

/// Shows the window until it is closed.
pub(super) fn show(instance: &str, command: &str, context: &Context) -> Result<Exit, Error> {
    let command = hide(command);
    let picture = png::pixels(&label(&command))?;
    let display = context.display();
    show_stand_in(
        display.as_deref(),
        (instance, &command),
        picture,
        BACKGROUND,
    )?;
    Ok(Exit::Done)
}

/// The name of the program, and below it the command.
fn label(command: &str) -> String {
    let words = shell_words::split(command).unwrap_or_default();
    let program = words.first().map_or(command, String::as_str);
    let program = program.rsplit('/').next().unwrap_or(program);
    let (width, height) = SIZE;
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" text-anchor="middle" font-family="monospace">"#
    );
    let _ = write!(
        svg,
        r##"<rect width="{width}" height="{height}" fill="#{BACKGROUND:06x}"/>"##
    );
    let lines = [(program, 34, 24, "dfe5ea"), (command, 66, 13, "9aa5b0")];
    let lines = lines
        .iter()
        .filter(|(text, y, ..)| *text != program || *y == 34);
    for (text, y, size, color) in lines {
        let _ = write!(
            svg,
            r##"<text x="{}" y="{y}" font-size="{size}" fill="#{color}">{}</text>"##,
            width / 2,
            escaped(text)
        );
    }
    svg + "</svg>"
}

/// The text, shortened, for XML.
fn escaped(text: &str) -> String {
    let mut letters = text.chars();
    let mut short: String = letters.by_ref().take(LONGEST).collect();
    if letters.next().is_some() {
        short.push('…');
    }
    let visible: String = short
        .chars()
        .filter(|letter| !letter.is_control())
        .collect();
    visible.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_can_be_drawn() {
        for command in [
            "firefox --new-window 'a & b <c>'",
            "/usr/bin/x",
            "",
            "a\n\u{1}b",
        ] {
            let (size, rgb) = png::pixels(&label(command)).unwrap();
            assert_eq!((size.width, size.height), SIZE);
            // It is not empty.
            assert!(
                command.is_empty() || rgb.iter().any(|color| *color > 0x80),
                "{command}"
            );
        }
    }
}
