//! Colours for terminal output. Pure.

/// Colours; disabled if false.
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

    /// An error, or something missing.
    pub fn error(self, text: &str) -> String {
        self.paint("1;31", text)
    }

    /// A warning, or a difference.
    pub fn warning(self, text: &str) -> String {
        self.paint("1;33", text)
    }

    /// A hint.
    pub fn hint(self, text: &str) -> String {
        self.paint("1;36", text)
    }

    /// Something successful or new.
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

    /// One of the colours of programs, in turn.
    pub fn program(self, position: usize) -> impl Fn(&str) -> String {
        /// All but red and white: red text looks like an error.
        const CODES: [&str; 9] = [
            "1;34", "1;32", "1;33", "1;35", "1;36", "1;94", "1;92", "1;95", "1;96",
        ];
        move |text| self.paint(CODES[position % CODES.len()], text)
    }

    /// Less important text.
    pub fn faint(self, text: &str) -> String {
        self.paint("2", text)
    }
}
