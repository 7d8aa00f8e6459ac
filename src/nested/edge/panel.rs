//! A panel at the upper edge of a nested desktop, which always shows a text.
//!
//! It is a dock, so no key moves or closes it, and layouts do not have it. xterm draws the text, so it
//! can be selected with the mouse.

use std::fs::File;
use std::io::Write as _;

use super::Nested;
use crate::nested::NestedError;
use crate::nested::server::XTERM;
use crate::x11::Dock;

/// The class of the dock.
const CLASS: &str = "i3pm-layout-panel";

/// Its colour, which differs from that of other windows.
const BACKGROUND: &str = "#22303c";

/// Clears the screen and hides the cursor (ECMA-48, `ED` and `CUP`; xterm, `DECTCEM`).
const CLEAR: &str = "\x1b[?25l\x1b[2J\x1b[H";

/// A panel.
#[derive(Debug)]
pub struct Panel {
    file: File,
    shown: String,
}

impl Panel {
    /// Opens a panel of this height in pixels.
    pub fn open(nested: &mut Nested, height: u16) -> Result<Self, NestedError> {
        let path = nested.folder().write("panel", &[])?;
        let opened = File::options().append(true).open(&path);
        let file = opened.map_err(|source| NestedError::Files {
            path: path.clone(),
            source,
        })?;
        let dock = Dock::open(nested.display()?, CLASS, height)?;
        let window = dock.window().0.to_string();
        let text = path.to_string_lossy();
        let options = ["-into", &window, "-u8", "-b", "14", "-bw", "0", "+sb"];
        let style = ["-fs", "12", "-bg", BACKGROUND];
        let command = ["-e", "tail", "-n", "+1", "-f", &text];
        nested.open(XTERM.program, [&options[..], &style, &command].concat())?;
        nested.wait_until(XTERM.program, |nested| {
            let display = nested.display.as_ref()?;
            // It ends if the X server does, which is reported otherwise.
            dock.fill(display).ok().filter(|filled| *filled)
        })?;
        Ok(Self {
            file,
            shown: String::new(),
        })
    }

    /// Shows a text instead of the last one.
    pub fn show(&mut self, text: &str) -> Result<(), NestedError> {
        if self.shown == text {
            return Ok(());
        }
        text.clone_into(&mut self.shown);
        let written = self.file.write_all(format!("{CLEAR}{text}").as_bytes());
        written.map_err(|source| NestedError::Files {
            path: "panel".into(),
            source,
        })
    }
}
