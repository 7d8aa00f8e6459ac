//! Options that keep the window of a program closed: `hidden` in `rules/wrappers.yaml`.

use super::command_line::base_name;
use super::data_file::Words;
use super::terminal_table::Terminal;
use super::wrappers;

/// Returns the option of a command line that keeps the program's window closed.
pub(super) fn option(argv: &[String]) -> Option<&String> {
    let (program, arguments) = argv.split_first()?;
    let script = wrappers::script(argv).and_then(|at| argv.get(at));
    let names = [Some(program), script].into_iter().flatten();
    let names: Vec<&str> = names.map(|name| base_name(name)).collect();
    let of = wrappers::hidden_options;
    let known: Vec<&Words> = names.iter().filter_map(|&name| of(name)).collect();
    // The arguments of a terminal may be those of the program in it.
    let is_terminal = names
        .iter()
        .any(|&name| Terminal::of_program(name).is_some());
    let any = of("any").filter(|_| !is_terminal);
    let without_value = of("without_value").filter(|_| !is_terminal);
    let is_hidden = |at: usize| {
        let option = &arguments[at];
        let next = arguments.get(at + 1);
        known.iter().chain(&any).any(|known| known.contains(option))
            || without_value.is_some_and(|known| known.contains(option))
                && next.is_none_or(|next| next.starts_with('-'))
    };
    let end = arguments.iter().position(|argument| argument == "--");
    let at = (0..end.unwrap_or(arguments.len())).find(|&at| is_hidden(at))?;
    arguments.get(at)
}

/// Returns the command line without options that open no window, and the first of these.
pub(super) fn without(mut argv: Vec<String>) -> (Vec<String>, Option<String>) {
    let first = option(&argv).cloned();
    while let Some(option) = option(&argv).cloned() {
        argv.retain(|argument| *argument != option);
    }
    (argv, first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        shell_words::split(text).unwrap()
    }

    #[test]
    fn options_that_hide_the_window_are_found() {
        for (command, expected) in [
            ("thunar --daemon", Some("--daemon")),
            ("server --daemon", None),
            (
                "/usr/bin/nautilus --gapplication-service",
                Some("--gapplication-service"),
            ),
            ("pcmanfm --daemon-mode", Some("--daemon-mode")),
            (
                "gedit --gapplication-service",
                Some("--gapplication-service"),
            ),
            ("app a --minimized", Some("--minimized")),
            ("app -- --minimized", None),
            ("app --background", Some("--background")),
            ("app --background --x", Some("--background")),
            ("app --background red", None),
            ("app --minimize=2", Some("--minimize=2")),
            ("python3 /usr/bin/solaar -w=hide", Some("-w=hide")),
            ("xterm -e fd --hidden", None),
            ("konsole --background-mode", Some("--background-mode")),
            ("", None),
        ] {
            let found = option(&words(command)).cloned();
            assert_eq!(found.as_deref(), expected, "{command}");
        }
    }
}
