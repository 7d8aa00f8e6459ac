//! The arguments that belong to one window of a terminal.

use crate::discover::evidence::Evidence;
use crate::discover::terminal_table::Terminal;

/// The arguments that belong to one window of a terminal whose process has several.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct OfWindow {
    pub(super) arguments: Vec<String>,
    /// The option with the layout that opens the tabs and splits of the window, which is the only
    /// window of its process.
    pub(super) layout: Option<String>,
    /// The option with a layout that has opened this and other windows, which is left out.
    pub(super) left_out: Option<String>,
}

impl OfWindow {
    /// Finds the arguments of the window in question. `shells` is the number of shells in it.
    pub(super) fn new(
        terminal: &Terminal,
        arguments: &[String],
        evidence: &Evidence,
        shells: usize,
    ) -> Self {
        let properties = evidence.asked.con.properties.as_ref();
        let names = properties.map(|properties| {
            [
                properties.class.as_deref(),
                properties.instance.as_deref(),
                properties.window_role.as_deref(),
                properties.title.as_deref(),
            ]
        });
        let names: Vec<&str> = names.into_iter().flatten().flatten().collect();
        Self::of(terminal, arguments, evidence.asked.rank, (&names, shells))
    }

    /// Like the function above, for the nth window of several, with these names.
    fn of(
        terminal: &Terminal,
        arguments: &[String],
        (nth, windows): (usize, usize),
        (names, shells): (&[&str], usize),
    ) -> Self {
        if !terminal.shared {
            return Self {
                arguments: arguments.to_vec(),
                ..Self::default()
            };
        }
        let keeps_layout = windows == 1 && shells > 1;
        let mut found = Self::default();
        let (mut window, mut is_tab) = (0, false);
        let mut rest = arguments;
        while let Some(argument) = rest.first() {
            let (option, value) = match argument.split_once('=') {
                Some((option, value)) if option.starts_with('-') => (option, Some(value)),
                _ => (argument.as_str(), None),
            };
            let is_end = terminal.rest.contains(argument)
                || terminal.bare && !argument.starts_with(['-', '+']);
            if is_end {
                if window == nth {
                    found.arguments.extend_from_slice(rest);
                }
                break;
            }
            let next = rest
                .get(1)
                .filter(|next| value.is_none() && !next.starts_with('-'));
            let has_value = terminal.values.contains(option)
                || terminal.layouts.contains(option)
                || !terminal.bare && next.is_some();
            let count = if has_value && value.is_none() { 2 } else { 1 };
            let (words, after) = rest.split_at(count.min(rest.len()));
            rest = after;
            if terminal.windows.contains(option) {
                (window, is_tab) = (window + 1, false);
                continue;
            }
            if terminal.others.contains(option) {
                is_tab = true;
                continue;
            }
            if terminal.layouts.contains(option) {
                if keeps_layout {
                    found.layout = Some(option.to_owned());
                } else {
                    let is_first = windows > 1 && nth == 0;
                    found.left_out = is_first.then(|| option.to_owned());
                    continue;
                }
            }
            let value = value.or_else(|| words.get(1).map(String::as_str));
            let is_named = value.is_some_and(|value| names.contains(&value));
            let is_its_own = window == nth && !is_tab;
            if is_its_own || terminal.common.contains(option) || is_named && window < nth {
                found.arguments.extend_from_slice(words);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_belong_to_one_window() {
        // The terminal and its arguments, the windows and which of them, the shells in it.
        for (line, rank, shells, expected) in [
            ("xterm -T a", (1, 2), 1, "-T a"),
            (
                "xfce4-terminal -T build --hide-menubar",
                (0, 2),
                1,
                "-T build --hide-menubar",
            ),
            ("xfce4-terminal -T build --hide-menubar", (1, 2), 1, ""),
            (
                "xfce4-terminal -T a --window -T b --tab -T c",
                (0, 2),
                1,
                "-T a",
            ),
            (
                "xfce4-terminal -T a --window -T b --tab -T c",
                (1, 2),
                1,
                "-T b",
            ),
            (
                "xfce4-terminal -T a --window -T b --tab -T c",
                (2, 3),
                1,
                "",
            ),
            // The options that name the window, as its criteria do.
            ("xfce4-terminal --role=mine -T x", (1, 2), 1, "--role=mine"),
            (
                "kitty -1 --class own -T x htop",
                (0, 2),
                1,
                "-1 --class own -T x htop",
            ),
            (
                "kitty -1 --class own -T x htop",
                (1, 2),
                1,
                "-1 --class own",
            ),
            (
                "alacritty --config-file c -T x",
                (1, 2),
                1,
                "--config-file c",
            ),
            // Layouts: they open several windows, or the tabs of the only one.
            (
                "kitty --session s -T x",
                (0, 2),
                1,
                "-T x left out --session",
            ),
            ("kitty --session=s", (1, 2), 1, ""),
            ("kitty --session s", (0, 1), 1, ""),
            ("kitty --session s", (0, 1), 2, "--session s by --session"),
            ("terminator -l work -m", (0, 1), 3, "-l work -m by -l"),
            ("terminator -l work -m", (0, 2), 3, "-m left out -l"),
            (
                "tilix --session=a.json",
                (0, 1),
                2,
                "--session=a.json by --session",
            ),
            ("tilix --session a.json", (1, 2), 2, ""),
        ] {
            let words = shell_words::split(line).unwrap();
            let terminal = Terminal::of_program(&words[0]).unwrap();
            let names = ["own", "mine"];
            let found = OfWindow::of(terminal, &words[1..], rank, (&names, shells));
            let mut text = found.arguments.join(" ");
            for (what, option) in [(" by ", found.layout), (" left out ", found.left_out)] {
                text.extend(option.map(|option| format!("{what}{option}")));
            }
            assert_eq!(text.trim(), expected, "{line} {rank:?}");
        }
    }
}
