//! The line of a program's output that names the fault. Pure.

/// The maximum number of lines if none of them names a fault.
const LAST_LINES: usize = 5;

/// Words of lines that name a fault, in lower case.
const FAULTS: [&str; 22] = [
    "error",
    "fatal",
    "cannot",
    "can't",
    "could not",
    "couldn't",
    "failed",
    "failure",
    "unable to",
    "no such",
    "not found",
    "denied",
    "invalid",
    "unknown",
    "unrecognized",
    "unrecognised",
    "does not exist",
    "doesn't exist",
    "panicked",
    "exception",
    "refused",
    "missing",
];

/// Parts of lines that toolkits write in every run, in lower case.
const NOISE: [&str; 8] = [
    "warning",
    "-message",
    "-critical",
    "deprecat",
    "dbus",
    "libegl",
    "mesa",
    "vulkan",
];

/// The first line that names a fault, else the last lines. Control characters are removed.
pub(in crate::apply) fn fault_lines(output: &str) -> Vec<String> {
    let lines: Vec<&str> = output
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let found = exception(&lines).or_else(|| {
        let mut lines = lines.iter().copied();
        lines.find(|line| names_fault(line))
    });
    let shown = match &found {
        Some(line) => std::slice::from_ref(line),
        None => &lines[lines.len().saturating_sub(LAST_LINES)..],
    };
    let clean = |line: &&str| line.chars().filter(|letter| !letter.is_control()).collect();
    shown.iter().map(clean).collect()
}

fn names_fault(line: &str) -> bool {
    let line = line.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| line.contains(word));
    has(&FAULTS) && !has(&NOISE)
}

/// The exception after the first stack trace of Python, whose lines are indented.
fn exception<'l>(lines: &[&'l str]) -> Option<&'l str> {
    let start = lines
        .iter()
        .position(|line| line.starts_with("Traceback (most recent call last)"))?;
    let mut after = lines[start + 1..].iter().copied();
    after.find(|line| !line.starts_with(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_that_names_the_fault() {
        for (output, expected) in [
            ("", vec![]),
            (
                "starting\n\nit is too late\n",
                vec!["starting", "it is too late"],
            ),
            (
                "xterm: Xt error: Can't open display: :9\nxterm: DISPLAY is not set\n",
                vec!["xterm: Xt error: Can't open display: :9"],
            ),
            (
                "(app:1): Gtk-WARNING **: Failed to load\napp: cannot open \u{1b}[1m`x`\nbye\n",
                vec!["app: cannot open [1m`x`"],
            ),
            (
                "Traceback (most recent call last):\n  File \"x\", line 1, in error\n    f()\nKeyError: 'a'\n",
                vec!["KeyError: 'a'"],
            ),
            ("1\n2\n3\n4\n5\n6\n", vec!["2", "3", "4", "5", "6"]),
        ] {
            assert_eq!(fault_lines(output), expected, "{output}");
        }
    }
}
