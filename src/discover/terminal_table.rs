//! The table of known terminals, to be extended.
//!
//! A terminal is known by its program or its window's class. To add one, add an entry to
//! [`TERMINALS`]: most differ from the first one only in names.

use super::command_line::base_name;

/// Several words, as constants have them.
pub type Words = &'static [&'static str];

/// A terminal emulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Its usual name, and the program that opens a window.
    pub name: &'static str,
    /// Other names of its process: variants that are started by their own names.
    pub variants: Words,
    /// The process that has the windows, where it is not what people start.
    pub servers: Words,
    /// The classes of its windows, where they are not its name; capitals do not matter.
    pub classes: Words,
    /// How it is told what to run.
    pub execute: Execute,
    /// Options that set the directory, followed by it or by `=` and it.
    pub directory: Words,
    /// True if its shell goes elsewhere unless it is told the directory, by the first of
    /// these options.
    pub told_directory: bool,
    /// Other options that are followed by a value. Only needed where the command to run
    /// has no option before it.
    pub values: Words,
    /// True if several windows may belong to one process.
    pub shared: bool,
}

/// How a terminal is told what to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Execute {
    /// The words before the command when we write it.
    pub before: Words,
    /// Options after which all that follows is the command.
    pub rest: Words,
    /// Options with the whole command in one argument, split as a shell does.
    pub text: Words,
    /// True if the first argument that is no option begins the command.
    pub bare: bool,
}

/// `-e PROGRAM ARGUMENTS`, as xterm has it.
const REST: Execute = execute(&["-e"], &["-e"], &[]);

/// `TERMINAL PROGRAM ARGUMENTS`; most of these understand `-e`, too.
const BARE: Execute = Execute {
    bare: true,
    ..execute(&[], &["-e"], &[])
};

/// `-x PROGRAM ARGUMENTS` or `-e 'PROGRAM ARGUMENTS'`.
const X_OR_TEXT: Execute = execute(&["-x"], &["-x", "--execute"], &["-e", "--command"]);

const fn execute(before: Words, rest: Words, text: Words) -> Execute {
    Execute {
        before,
        rest,
        text,
        bare: false,
    }
}

const fn terminal(name: &'static str, execute: Execute) -> Terminal {
    Terminal {
        name,
        variants: &[],
        servers: &[],
        classes: &[],
        execute,
        directory: &[],
        told_directory: false,
        values: &[],
        shared: false,
    }
}

/// A terminal with several windows in one process, and these options for the directory.
const fn shared(name: &'static str, execute: Execute, directory: Words) -> Terminal {
    Terminal {
        directory,
        shared: true,
        ..terminal(name, execute)
    }
}

const WORKING_DIRECTORY: Words = &["--working-directory"];

/// The terminals, in the order of the alphabet.
pub const TERMINALS: &[Terminal] = &[
    shared("alacritty", REST, WORKING_DIRECTORY),
    Terminal {
        directory: &["--workdir"],
        told_directory: true,
        ..terminal("cool-retro-term", REST)
    },
    terminal("Eterm", REST),
    Terminal {
        variants: &["footclient"],
        directory: &["-D", "--working-directory"],
        #[rustfmt::skip]
        values: &[
            "-c", "--config", "-C", "-o", "--override", "-f", "--font", "-t", "--term", "-T", "--title",
            "-a", "--app-id", "-w", "--window-size-pixels", "-W", "--window-size-chars",
            "-d", "--log-level", "-s", "--server-socket",
        ],
        ..terminal("foot", BARE)
    },
    Terminal {
        classes: &["com.mitchellh.ghostty"],
        ..shared("ghostty", REST, WORKING_DIRECTORY)
    },
    Terminal {
        // The server of the session bus has the windows of all clients.
        servers: &["gnome-terminal-server", "gnome-terminal-"],
        classes: &["gnome-terminal-server"],
        execute: execute(&["--"], &["--", "-x", "--execute"], &["-e", "--command"]),
        ..shared("gnome-terminal", X_OR_TEXT, WORKING_DIRECTORY)
    },
    Terminal {
        classes: &["org.gnome.Console"],
        execute: execute(&["--"], &["--"], &["-e", "--command"]),
        ..shared("kgx", REST, WORKING_DIRECTORY)
    },
    Terminal {
        #[rustfmt::skip]
        values: &[
            "-c", "--config", "-o", "--override", "-T", "--title", "--class", "--name", "--session",
            "--instance-group", "--listen-on", "--start-as", "--position", "--debug-input",
        ],
        ..shared("kitty", BARE, &["-d", "--directory", "--working-directory"])
    },
    shared("konsole", REST, &["--workdir"]),
    shared("lxterminal", REST, WORKING_DIRECTORY),
    shared("mate-terminal", X_OR_TEXT, WORKING_DIRECTORY),
    terminal("mlterm", REST),
    terminal("pterm", REST),
    Terminal {
        classes: &["org.gnome.Ptyxis"],
        execute: execute(&["--new-window", "--"], &["--"], &["-x", "--execute"]),
        ..shared("ptyxis", REST, &["-d", "--working-directory"])
    },
    Terminal {
        directory: &["--workdir", "-w"],
        ..terminal("qterminal", REST)
    },
    shared("roxterm", REST, &["-d", "--directory"]),
    Terminal {
        execute: execute(&["-e"], &["-e"], &["-x", "--execute"]),
        directory: &["-d", "--working-directory"],
        ..terminal("sakura", REST)
    },
    Terminal {
        variants: &["stterm"],
        classes: &["st-256color", "stterm-256color"],
        values: &["-A", "-c", "-f", "-g", "-n", "-o", "-T", "-t", "-w", "-l"],
        execute: Execute {
            before: &["-e"],
            ..BARE
        },
        ..terminal("st", BARE)
    },
    shared("terminator", X_OR_TEXT, WORKING_DIRECTORY),
    Terminal {
        execute: execute(&["-e"], &[], &["-e", "--exec"]),
        ..shared("terminology", REST, &["-d", "--current-directory"])
    },
    shared("tilix", REST, &["-w", "--working-directory"]),
    Terminal {
        variants: &["rxvt", "rxvt-unicode", "urxvtc", "urxvt256c", "urxvt256cc"],
        // One daemon has the windows of all its clients.
        servers: &["urxvtd", "urxvt256cd"],
        ..shared("urxvt", REST, &["-cd"])
    },
    Terminal {
        // What has the window is another program than what is started.
        servers: &["wezterm-gui"],
        classes: &["org.wezfurlong.wezterm"],
        execute: execute(&["start", "--"], &["--", "-e"], &[]),
        ..shared("wezterm", REST, &["--cwd"])
    },
    shared(
        "xfce4-terminal",
        X_OR_TEXT,
        &["--working-directory", "--default-working-directory"],
    ),
    Terminal {
        variants: &["uxterm", "lxterm", "koi8rxterm"],
        ..terminal("xterm", REST)
    },
    terminal("zutty", REST),
];

/// Scripts that start a terminal with options, and the arguments that it has then.
#[rustfmt::skip]
pub const SCRIPTS: &[(&str, Words)] = &[
    ("uxterm", &["xterm", "-class", "UXTerm", "-title", "uxterm", "-u8"]),
    ("koi8rxterm", &["xterm", "-class", "KOI8RXTerm", "-title", "koi8rxterm", "-k8"]),
];

impl Terminal {
    /// The terminal whose process is called so.
    pub fn of_program(name: &str) -> Option<&'static Self> {
        TERMINALS.iter().find(|terminal| {
            terminal.name == name
                || terminal.variants.contains(&name)
                || terminal.servers.contains(&name)
        })
    }

    /// The terminal whose windows have this class or instance.
    pub fn of_class(name: &str) -> Option<&'static Self> {
        TERMINALS.iter().find(|terminal| {
            let mut names = terminal
                .variants
                .iter()
                .chain(terminal.classes)
                .chain([&terminal.name]);
            names.any(|known| known.eq_ignore_ascii_case(name))
        })
    }

    /// True if the program only has windows that others ask it for.
    pub fn is_server(&self, program: &str) -> bool {
        self.servers.contains(&base_name(program))
            && self.client_of(base_name(program)) != "wezterm"
    }

    /// The program to start for a window that the process of this name has.
    pub fn client_of(&self, process: &str) -> &'static str {
        match process {
            "urxvtd" => "urxvtc",
            "urxvt256cd" => "urxvt256cc",
            _ => self.name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_mean_one_terminal() {
        let mut names: Vec<&str> = TERMINALS
            .iter()
            .flat_map(|terminal| {
                let others = terminal.variants.iter().chain(terminal.servers);
                others.copied().chain([terminal.name])
            })
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
        let sorted = TERMINALS.is_sorted_by_key(|terminal| terminal.name.to_ascii_lowercase());
        assert!(sorted);
    }

    #[test]
    fn terminals_are_known_by_process_and_class() {
        let name = |terminal: Option<&Terminal>| terminal.map(|terminal| terminal.name);
        assert_eq!(name(Terminal::of_program("uxterm")), Some("xterm"));
        assert_eq!(name(Terminal::of_program("urxvtd")), Some("urxvt"));
        assert_eq!(name(Terminal::of_program("bash")), None);
        for (class, expected) in [
            ("XTerm", "xterm"),
            ("UXTerm", "xterm"),
            ("URxvt", "urxvt"),
            ("st-256color", "st"),
            ("Gnome-terminal", "gnome-terminal"),
            ("org.wezfurlong.wezterm", "wezterm"),
        ] {
            assert_eq!(name(Terminal::of_class(class)), Some(expected), "{class}");
        }
        assert_eq!(name(Terminal::of_class("Steam")), None);
    }
}
