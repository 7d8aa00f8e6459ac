//! What is known about terminals: a table to be extended.
//!
//! A terminal is known by its program or its window's class. To add one, add an entry to
//! [`TERMINALS`]: most differ from the first one only in names.

use super::command_line::base_name;

/// A terminal emulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// What people call it, and the program that opens a window.
    pub name: &'static str,
    /// Other names of its process: variants that are started by their own names.
    pub variants: &'static [&'static str],
    /// The process that has the windows, where it is not what people start.
    pub servers: &'static [&'static str],
    /// The classes of its windows, where they are not its name; capitals do not matter.
    pub classes: &'static [&'static str],
    /// How it is told what to run.
    pub execute: Execute,
    /// Options that set the directory, followed by it or by `=` and it.
    pub directory: &'static [&'static str],
    /// Whether its shell goes elsewhere unless it is told the directory, by the first of
    /// these options.
    pub told_directory: bool,
    /// Other options that are followed by a value. Only needed where the command to run
    /// has no option before it.
    pub values: &'static [&'static str],
    /// Whether several windows may belong to one process.
    pub shared: bool,
}

/// How a terminal is told what to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Execute {
    /// What stands before the command when we write it.
    pub before: &'static [&'static str],
    /// Options after which all that follows is the command.
    pub rest: &'static [&'static str],
    /// Options with the whole command in one argument, split as a shell does.
    pub text: &'static [&'static str],
    /// Whether the first argument that is no option begins the command.
    pub bare: bool,
}

/// `-e PROGRAM ARGUMENTS`, as xterm has it.
const REST: Execute = Execute {
    before: &["-e"],
    rest: &["-e"],
    text: &[],
    bare: false,
};

/// `TERMINAL PROGRAM ARGUMENTS`; most of these understand `-e`, too.
const BARE: Execute = Execute {
    before: &[],
    rest: &["-e"],
    text: &[],
    bare: true,
};

/// `-x PROGRAM ARGUMENTS` or `-e 'PROGRAM ARGUMENTS'`.
const X_OR_TEXT: Execute = Execute {
    before: &["-x"],
    rest: &["-x", "--execute"],
    text: &["-e", "--command"],
    bare: false,
};

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

const WORKING_DIRECTORY: &[&str] = &["--working-directory"];
const WORKDIR: &[&str] = &["--workdir", "-w"];

/// The terminals, in the order of the alphabet.
pub const TERMINALS: &[Terminal] = &[
    Terminal {
        directory: WORKING_DIRECTORY,
        shared: true,
        ..terminal("alacritty", REST)
    },
    Terminal {
        directory: &["--workdir"],
        told_directory: true,
        ..terminal("cool-retro-term", REST)
    },
    terminal("Eterm", REST),
    Terminal {
        variants: &["footclient"],
        classes: &["footclient"],
        directory: &["-D", "--working-directory"],
        values: &[
            "-c",
            "--config",
            "-C",
            "-o",
            "--override",
            "-f",
            "--font",
            "-t",
            "--term",
            "-T",
            "--title",
            "-a",
            "--app-id",
            "-w",
            "--window-size-pixels",
            "-W",
            "--window-size-chars",
            "-d",
            "--log-level",
            "-s",
            "--server-socket",
        ],
        ..terminal("foot", BARE)
    },
    Terminal {
        classes: &["com.mitchellh.ghostty"],
        directory: WORKING_DIRECTORY,
        shared: true,
        ..terminal("ghostty", REST)
    },
    Terminal {
        // The server of the session bus has the windows of all clients.
        servers: &["gnome-terminal-server", "gnome-terminal-"],
        classes: &["gnome-terminal-server"],
        execute: Execute {
            before: &["--"],
            rest: &["--", "-x", "--execute"],
            text: &["-e", "--command"],
            bare: false,
        },
        directory: WORKING_DIRECTORY,
        shared: true,
        ..terminal("gnome-terminal", X_OR_TEXT)
    },
    Terminal {
        classes: &["org.gnome.Console"],
        execute: Execute {
            before: &["--"],
            rest: &["--"],
            text: &["-e", "--command"],
            bare: false,
        },
        directory: WORKING_DIRECTORY,
        shared: true,
        ..terminal("kgx", REST)
    },
    Terminal {
        directory: &["-d", "--directory", "--working-directory"],
        values: &[
            "-c",
            "--config",
            "-o",
            "--override",
            "-T",
            "--title",
            "--class",
            "--name",
            "--session",
            "--instance-group",
            "--listen-on",
            "--start-as",
            "--position",
            "--debug-input",
        ],
        shared: true,
        ..terminal("kitty", BARE)
    },
    Terminal {
        directory: &["--workdir"],
        shared: true,
        ..terminal("konsole", REST)
    },
    Terminal {
        directory: WORKING_DIRECTORY,
        shared: true,
        ..terminal("lxterminal", REST)
    },
    Terminal {
        directory: WORKING_DIRECTORY,
        shared: true,
        ..terminal("mate-terminal", X_OR_TEXT)
    },
    terminal("mlterm", REST),
    terminal("pterm", REST),
    Terminal {
        classes: &["org.gnome.Ptyxis"],
        execute: Execute {
            before: &["--new-window", "--"],
            rest: &["--"],
            text: &["-x", "--execute"],
            bare: false,
        },
        directory: &["-d", "--working-directory"],
        shared: true,
        ..terminal("ptyxis", REST)
    },
    Terminal {
        directory: WORKDIR,
        ..terminal("qterminal", REST)
    },
    Terminal {
        directory: &["-d", "--directory"],
        shared: true,
        ..terminal("roxterm", REST)
    },
    Terminal {
        execute: Execute {
            before: &["-e"],
            rest: &["-e"],
            text: &["-x", "--execute"],
            bare: false,
        },
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
    Terminal {
        directory: WORKING_DIRECTORY,
        shared: true,
        ..terminal("terminator", X_OR_TEXT)
    },
    Terminal {
        execute: Execute {
            before: &["-e"],
            rest: &[],
            text: &["-e", "--exec"],
            bare: false,
        },
        directory: &["-d", "--current-directory"],
        shared: true,
        ..terminal("terminology", REST)
    },
    Terminal {
        directory: &["-w", "--working-directory"],
        shared: true,
        ..terminal("tilix", REST)
    },
    Terminal {
        variants: &["rxvt", "rxvt-unicode", "urxvtc", "urxvt256c", "urxvt256cc"],
        // One daemon has the windows of all its clients.
        servers: &["urxvtd", "urxvt256cd"],
        classes: &["rxvt"],
        directory: &["-cd"],
        shared: true,
        ..terminal("urxvt", REST)
    },
    Terminal {
        // What has the window is another program than what is started.
        servers: &["wezterm-gui"],
        classes: &["org.wezfurlong.wezterm"],
        execute: Execute {
            before: &["start", "--"],
            rest: &["--", "-e"],
            text: &[],
            bare: false,
        },
        directory: &["--cwd"],
        shared: true,
        ..terminal("wezterm", REST)
    },
    Terminal {
        directory: &["--working-directory", "--default-working-directory"],
        shared: true,
        ..terminal("xfce4-terminal", X_OR_TEXT)
    },
    Terminal {
        variants: &["uxterm", "lxterm", "koi8rxterm"],
        ..terminal("xterm", REST)
    },
    terminal("zutty", REST),
];

/// Scripts that start a terminal with options, and the arguments that it has then.
pub const SCRIPTS: &[(&str, &[&str])] = &[
    (
        "uxterm",
        &["xterm", "-class", "UXTerm", "-title", "uxterm", "-u8"],
    ),
    (
        "koi8rxterm",
        &[
            "xterm",
            "-class",
            "KOI8RXTerm",
            "-title",
            "koi8rxterm",
            "-k8",
        ],
    ),
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

    /// Whether the program only has windows that others ask it for.
    pub fn is_server(&self, program: &str) -> bool {
        self.servers.contains(&base_name(program))
            && self.client_of(base_name(program)) != "wezterm"
    }

    /// What to start for a window when the process of this name has it.
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
