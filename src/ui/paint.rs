//! Colours of what is printed. Pure.

/// Colours, or none.
#[derive(Clone, Copy, Debug)]
pub struct Paint(pub bool);

impl Paint {
    fn paint(self, code: &str, text: &str) -> String {
        if self.0 && !text.is_empty() {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }

    /// Something that failed, or is not there.
    pub fn error(self, text: &str) -> String {
        self.paint("1;31", text)
    }

    /// Something that deserves attention, or is different.
    pub fn warning(self, text: &str) -> String {
        self.paint("1;33", text)
    }

    /// What to do.
    pub fn hint(self, text: &str) -> String {
        self.paint("1;36", text)
    }

    /// Something that is well, or new.
    pub fn good(self, text: &str) -> String {
        self.paint("32", text)
    }

    /// A heading.
    pub fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// The margin beside an excerpt of a file.
    pub fn margin(self, text: &str) -> String {
        self.paint("34", text)
    }

    /// Something beside the point.
    pub fn faint(self, text: &str) -> String {
        self.paint("2", text)
    }
}
