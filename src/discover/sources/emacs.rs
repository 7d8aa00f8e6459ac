//! The windows of an Emacs server, which are frames that its clients asked for.
//!
//! A client, emacsclient(1), waits until its frame is closed, unless it was told not to.
//! So its command line and its directory are there as long as the window is.

use super::Source;
use crate::discover::candidate::{Candidate, Doubt};
use crate::discover::command_line::base_name;
use crate::discover::evidence::{Evidence, Proposal};
use crate::discover::start_directory::StartDirectory;
use crate::discover::typed::shortest;
use crate::layout::CommandSource;
use crate::live::Process;

/// The command line of an Emacs client, for a window that is a frame of a server.
pub(super) const SOURCE: Source = Source {
    propose: |evidence| propose(evidence).into_iter().collect(),
    outdoes: "what starts the server opens no window",
};

/// The program that asks a server for a frame.
const CLIENT: &str = "emacsclient";

/// Options that make Emacs a server.
const SERVER: [&str; 3] = ["--daemon", "--fg-daemon", "--bg-daemon"];

/// The name of a server that was not given one.
const USUAL_NAME: &str = "server";

/// Long options of the client that are followed by a value.
const LONG_VALUES: [&str; 7] = [
    "socket-name",
    "server-file",
    "alternate-editor",
    "frame-parameters",
    "display",
    "timeout",
    "tramp",
];

/// Short ones.
const SHORT_VALUES: [&str; 7] = ["s", "f", "a", "F", "d", "w", "T"];

/// Options that ask for a frame.
const FRAME: [&str; 2] = ["create-frame", "reuse-frame"];

fn propose(evidence: &Evidence) -> Option<Candidate> {
    let server = server(evidence.argv()?)?;
    let machine = evidence.machine;
    let clients = machine.clients(CLIENT);
    let rank = evidence.asked.rank;
    let first = rank.0 == 0;
    let (argv, directory, doubt, why) = match client(server, &clients, evidence.title(), rank) {
        Ok(client) => {
            let typed = shortest(client.argv.clone(), client.cwd.as_deref(), machine);
            (
                command(&typed.argv, first),
                StartDirectory::of(client, machine),
                None,
                "a client of the server asked for the window",
            )
        }
        Err(doubt) => (
            empty_frame(server, first),
            StartDirectory::default(),
            doubt,
            "it is a window of a server, and its client is gone",
        ),
    };
    Some(evidence.candidate(Proposal {
        source: CommandSource::Process,
        name: Some(CLIENT.to_owned()),
        process: evidence.said_by_process(&argv),
        argv,
        directory,
        doubts: doubt.into_iter().collect(),
        why: why.to_owned(),
    }))
}

/// The name of the server that an Emacs with this command line is.
fn server(argv: &[String]) -> Option<&str> {
    let (program, arguments) = argv.split_first()?;
    // `emacs-gtk`, `emacs-28.2`.
    if !base_name(program).starts_with("emacs") || base_name(program) == CLIENT {
        return None;
    }
    arguments.iter().find_map(|argument| {
        let (option, name) = argument.split_once('=').unwrap_or((argument, USUAL_NAME));
        SERVER.contains(&option).then_some(name)
    })
}

/// The client that asked for a window of this server, and why it is that one; or why
/// that is not known, where the window shows a file. `nth` of how many `windows` it is.
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
    let mut named = frames.iter().filter(|(_, call)| call.is_named_by(title));
    if let (Some((client, _)), None) = (named.next(), named.next()) {
        return Ok(client);
    }
    // A client without a file has a buffer of the server's own, such as `*scratch*`.
    let mut fileless = frames.iter().filter(|(_, call)| call.files.is_empty());
    if title.starts_with('*')
        && let (Some((client, _)), None) = (fileless.next(), fileless.next())
    {
        return Ok(client);
    }
    // Of as many windows as clients, each has one, in the order of their beginnings.
    match frames.get(nth) {
        Some((client, _)) if frames.len() == windows => Ok(client),
        // A buffer of its own, such as `*scratch*`.
        _ if title.starts_with('*') => Err(None),
        _ => Err(Some(Doubt::WhichClient(CLIENT.to_owned()))),
    }
}

/// The command that opens a frame with what a client was told to open.
///
/// The one of the `first` window starts the server where there is none (`-a ''`), as
/// after a login. Two that start one at once get in each other's way.
fn command(argv: &[String], first: bool) -> Vec<String> {
    let (program, arguments) = argv.split_at(argv.len().min(1));
    let mut words = program.to_vec();
    if first && Call::of(argv).alternate.is_none() {
        words.extend(["-a".to_owned(), String::new()]);
    }
    words.extend(arguments.iter().cloned());
    words
}

/// The command that opens an empty frame of a server.
fn empty_frame(server: &str, first: bool) -> Vec<String> {
    let mut words = vec![CLIENT, "-c"];
    if server != USUAL_NAME {
        words.extend(["-s", server]);
    }
    let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
    command(&words, first)
}

/// The arguments of a client.
#[derive(Debug, Default, PartialEq, Eq)]
struct Call<'a> {
    /// True if it asks for a frame of its own.
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
            // It takes long options with one dash, too (getopt_long_only(3)).
            let Some(option) = argument.strip_prefix('-') else {
                if !argument.starts_with('+') {
                    call.files.push(argument);
                }
                continue;
            };
            let option = option.strip_prefix('-').unwrap_or(option);
            if FRAME.iter().any(|long| long.starts_with(option)) {
                call.frame = true;
                continue;
            }
            let (option, value) = match option.split_once('=') {
                Some((option, value)) => (option, Some(value)),
                None => (option, None),
            };
            if !(LONG_VALUES.contains(&option) || SHORT_VALUES.contains(&option)) {
                continue;
            }
            let value = value.or_else(|| arguments.next());
            match option {
                "s" | "socket-name" => call.socket = value,
                "a" | "alternate-editor" => call.alternate = value,
                _ => {}
            }
        }
        call
    }

    fn server(&self) -> &str {
        self.socket.map_or(USUAL_NAME, base_name)
    }

    /// True if the title begins with the name of one of its files, as that of a frame
    /// does (`frame-title-format`).
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
    fn servers_are_known_by_their_options() {
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
    fn a_window_is_that_of_the_client_that_asked_for_it() {
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
    fn only_clients_of_the_server_that_asked_for_a_frame_count() {
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
