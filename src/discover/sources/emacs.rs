//! The windows of an Emacs server, which are frames that its clients asked for.
//!
//! A client, emacsclient(1), normally waits until its frame is closed. So its command line and its
//! directory can be read as long as the window is open.

use super::Source;
use crate::discover::candidate::{Candidate, CommandSource, Doubt};
use crate::discover::command_line::{base_name, with_program};
use crate::discover::evidence::{Evidence, Proposal};
use crate::discover::start_directory::StartDirectory;
use crate::discover::typed::shortest;
use crate::live::{EMACS_CLIENT, Process};

/// The command line of an Emacs client, for a window that is a frame of a server.
pub(super) const SOURCE: Source = Source {
    propose: |evidence| propose(evidence).into_iter().collect(),
    outdoes: "the command of the server opens no window",
};

/// Options that make Emacs a server.
const SERVER: [&str; 3] = ["--daemon", "--fg-daemon", "--bg-daemon"];

/// The default name of a server.
const DEFAULT_NAME: &str = "server";

/// Options of the client with a value, without their dashes.
#[rustfmt::skip]
const VALUES: [&str; 14] = [
    "s", "socket-name", "f", "server-file", "a", "alternate-editor", "F", "frame-parameters",
    "d", "display", "w", "timeout", "T", "tramp",
];

/// Options that ask for a frame.
const FRAME: [&str; 2] = ["create-frame", "reuse-frame"];

fn propose(evidence: &Evidence) -> Option<Candidate> {
    let server = server(evidence.argv()?)?;
    let machine = evidence.machine;
    let clients = machine.clients(EMACS_CLIENT);
    let rank = evidence.asked.rank;
    let first = rank.0 == 0;
    let (argv, directory, doubt, why) = match client(server, &clients, evidence.title(), rank) {
        Ok(client) => (
            command(
                &shortest(client.argv.clone(), client.cwd.as_deref(), machine).argv,
                first,
            ),
            StartDirectory::of(client, machine),
            None,
            "a client of the server asked for the window",
        ),
        Err(doubt) => (
            empty_frame(server, first),
            StartDirectory::default(),
            doubt,
            "it is a window of a server whose client has ended",
        ),
    };
    Some(evidence.candidate(Proposal {
        source: CommandSource::Process,
        name: Some(EMACS_CLIENT.to_owned()),
        process: evidence.process_line(&argv),
        argv,
        directory,
        doubts: doubt.into_iter().collect(),
        why: why.to_owned(),
    }))
}

/// Returns the name of the server if this is the command line of one.
fn server(argv: &[String]) -> Option<&str> {
    let (program, arguments) = argv.split_first()?;
    // `emacs-gtk`, `emacs-28.2`.
    if !base_name(program).starts_with("emacs") || base_name(program) == EMACS_CLIENT {
        return None;
    }
    arguments.iter().find_map(|argument| {
        let (option, name) = argument.split_once('=').unwrap_or((argument, DEFAULT_NAME));
        SERVER.contains(&option).then_some(name)
    })
}

/// Returns the client that asked for a window of this server. If that is unknown and the window
/// shows a file, the error is a doubt. `nth` is the position among the `windows` of the server.
fn client<'a>(
    server: &str,
    clients: &'a [Process],
    title: &str,
    (nth, windows): (usize, usize),
) -> Result<&'a Process, Option<Doubt>> {
    let frames: Vec<(&Process, Call)> = clients
        .iter()
        .map(|client| (client, Call::of(&client.argv)))
        .filter(|(_, call)| call.frame && call.server() == server)
        .collect();
    let only = |is_wanted: &dyn Fn(&Call) -> bool| {
        let mut wanted = frames.iter().filter(|(_, call)| is_wanted(call));
        wanted.next().filter(|_| wanted.next().is_none())
    };
    // A buffer of the server, such as `*scratch*`, which clients without a file show.
    let is_buffer = title.starts_with('*');
    only(&|call| call.is_named_by(title))
        .or_else(|| only(&|call| is_buffer && call.files.is_empty()))
        // With as many windows as clients, each client has one, in the order of their start.
        .or_else(|| frames.get(nth).filter(|_| frames.len() == windows))
        .map(|(client, _)| *client)
        .ok_or_else(|| (!is_buffer).then(|| Doubt::WhichClient(EMACS_CLIENT.to_owned())))
}

/// Returns the command that opens a frame with the arguments of a client.
///
/// The command of the `first` window also starts the server if it is not running (`-a ''`), as
/// after a login. Two commands that start it at the same time would interfere.
fn command(argv: &[String], first: bool) -> Vec<String> {
    let (program, arguments) = argv.split_at(argv.len().min(1));
    let start = if first && Call::of(argv).alternate.is_none() {
        vec!["-a".to_owned(), String::new()]
    } else {
        Vec::new()
    };
    [program, &start, arguments].concat()
}

/// Returns the command that opens an empty frame of a server.
fn empty_frame(server: &str, first: bool) -> Vec<String> {
    let words = ["-c", "-s", server].map(str::to_owned);
    let used = if server == DEFAULT_NAME { 1 } else { 3 };
    command(&with_program(EMACS_CLIENT, &words[..used]), first)
}

/// The arguments of a client.
#[derive(Debug, Default, PartialEq, Eq)]
struct Call<'a> {
    /// True if it asks for a new frame.
    frame: bool,
    socket: Option<&'a str>,
    alternate: Option<&'a str>,
    files: Vec<&'a str>,
}

impl<'a> Call<'a> {
    fn of(argv: &'a [String]) -> Self {
        let mut call = Self::default();
        let mut arguments = argv.iter().skip(1).map(String::as_str);
        while let Some(argument) = arguments.next() {
            if argument == "--" {
                call.files.extend(arguments.by_ref());
                break;
            }
            let Some(option) = argument.strip_prefix('-') else {
                call.files
                    .extend(Some(argument).filter(|argument| !argument.starts_with('+')));
                continue;
            };
            // Long options may have a single dash (getopt_long_only(3)).
            let option = option.strip_prefix('-').unwrap_or(option);
            if FRAME.iter().any(|long| long.starts_with(option)) {
                call.frame = true;
                continue;
            }
            let (option, value) = match option.split_once('=') {
                Some((option, value)) => (option, Some(value)),
                None => (option, None),
            };
            if VALUES.contains(&option) {
                let value = value.or_else(|| arguments.next());
                match option {
                    "s" | "socket-name" => call.socket = value,
                    "a" | "alternate-editor" => call.alternate = value,
                    _ => {}
                }
            }
        }
        call
    }

    fn server(&self) -> &str {
        self.socket.map_or(DEFAULT_NAME, base_name)
    }

    /// True if the title begins with the name of one of its files, as `frame-title-format` does
    /// by default.
    fn is_named_by(&self, title: &str) -> bool {
        self.files.iter().any(|file| {
            let rest = title.strip_prefix(base_name(file));
            rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        shell_words::split(text).unwrap()
    }

    #[test]
    fn servers_are_recognized_by_their_options() {
        for (command, expected) in [
            ("emacs --daemon", Some("server")),
            ("/usr/bin/emacs-gtk --fg-daemon=work", Some("work")),
            ("emacs --bg-daemon -q", Some("server")),
            ("emacs a.txt", None),
            ("emacsclient --daemon", None),
            ("xterm --daemon", None),
        ] {
            assert_eq!(server(&words(command)), expected, "{command}");
        }
    }

    #[track_caller]
    fn check(server: &str, clients: &[&str], window: (&str, usize, usize), expected: &str) {
        let clients: Vec<Process> = clients
            .iter()
            .map(|command| Process {
                argv: words(command),
                ..Process::default()
            })
            .collect();
        let (title, nth, windows) = window;
        let found = match client(server, &clients, title, (nth, windows)) {
            Ok(client) => command(&client.argv, nth == 0),
            Err(doubt) => {
                let mut words = empty_frame(server, nth == 0);
                words.extend(doubt.map(|_| "(doubtful)".to_owned()));
                words
            }
        };
        assert_eq!(found.join(" "), expected.replace("''", ""));
    }

    #[test]
    fn the_client_that_asked_for_a_window_is_found() {
        let one = ["emacsclient -c a.txt"];
        check("server", &one, ("x", 0, 1), "emacsclient -a '' -c a.txt");
        check(
            "server",
            &one,
            ("a.txt - GNU", 1, 2),
            "emacsclient -c a.txt",
        );
        check("server", &one, ("x", 1, 2), "emacsclient -c (doubtful)");
        check(
            "server",
            &one,
            ("a.txtual", 1, 2),
            "emacsclient -c (doubtful)",
        );
        check(
            "server",
            &[],
            ("a.txt", 0, 1),
            "emacsclient -a '' -c (doubtful)",
        );
        check("server", &[], ("*scratch*", 0, 1), "emacsclient -a '' -c");
        check("w", &[], ("*scratch*", 0, 1), "emacsclient -a '' -c -s w");
        let two = ["emacsclient -c /x/a", "emacsclient -r -a vi b"];
        check("server", &two, ("b - GNU", 0, 2), "emacsclient -r -a vi b");
        check("server", &two, ("other", 1, 2), "emacsclient -r -a vi b");
        let one_without = ["emacsclient -c a", "emacsclient -c -q"];
        let scratch = ("*scratch* - GNU", 2, 3);
        check("server", &one_without, scratch, "emacsclient -c -q");
        let two_without = ["emacsclient -c -q", "emacsclient -c -q"];
        check("server", &two_without, scratch, "emacsclient -c");
        let alike = ["emacsclient -c x/a", "emacsclient -c y/a"];
        check("server", &alike, ("a<y> - GNU", 1, 2), "emacsclient -c y/a");
    }

    #[test]
    fn clients_of_other_servers_or_without_a_frame_are_ignored() {
        let clients = [
            "emacsclient a",
            "emacsclient -nw a",
            "emacsclient -c -s other a",
            "emacsclient --create-frame --socket-name=/run/me/w +3 a",
        ];
        let expected = "emacsclient -a '' --create-frame --socket-name=/run/me/w +3 a";
        check("w", &clients, ("a", 0, 1), expected);
    }
}
