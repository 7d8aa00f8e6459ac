//! Clients of terminal multiplexers, and how their session is had again.

use super::command_line::base_name;

/// A client that shows a session of a multiplexer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    kind: Kind,
    /// Options that say which server is meant, before the command.
    server: Vec<String>,
    /// The session's name, as far as the arguments say it.
    session: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Tmux,
    Screen,
}

impl Client {
    /// The client that these arguments started, the program first.
    pub fn of(argv: &[String]) -> Option<Self> {
        let (program, arguments) = argv.split_first()?;
        match base_name(program) {
            "tmux" | "tmux: client" => tmux(arguments),
            "screen" => screen(arguments),
            _ => None,
        }
    }

    /// The command that asks the server for `client process id, session` of all its clients; `None`
    /// where there is no such question.
    pub fn question(&self) -> Option<Vec<String>> {
        if self.kind != Kind::Tmux {
            return None;
        }
        let mut argv = vec!["tmux".to_owned()];
        argv.extend(self.server.iter().cloned());
        argv.extend(["list-clients", "-F", "#{client_pid} #{session_name}"].map(str::to_owned));
        Some(argv)
    }

    /// The command that attaches to the session, or begins it. `known` is the
    /// name that the server says, which counts more than the arguments.
    pub fn attach(&self, known: Option<&str>) -> Option<Vec<String>> {
        let session = known.or(self.session.as_deref())?;
        let words: &[&str] = match self.kind {
            Kind::Tmux => &["new-session", "-A", "-s", session],
            // Attaches also where somebody else is attached.
            Kind::Screen => &["-xRR", "-S", session],
        };
        let program = match self.kind {
            Kind::Tmux => "tmux",
            Kind::Screen => "screen",
        };
        let mut argv = vec![program.to_owned()];
        argv.extend(self.server.iter().cloned());
        argv.extend(words.iter().map(|&word| word.to_owned()));
        Some(argv)
    }
}

/// tmux(1): `tmux [-L name] [-S path] [command [-t target] …]`. Without a command it is
/// `new-session`.
fn tmux(arguments: &[String]) -> Option<Client> {
    let mut server = Vec::new();
    let mut rest = arguments.iter();
    let mut command = "new-session";
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "-L" | "-S" => server.extend([argument.clone(), rest.next()?.clone()]),
            "-c" | "-f" | "-T" => {
                rest.next()?;
            }
            option if option.starts_with("-L") || option.starts_with("-S") => {
                server.push(argument.clone());
            }
            option if option.starts_with('-') => {}
            word => {
                command = word;
                break;
            }
        }
    }
    // What follows decides nothing any more when it is another command.
    let named = match command {
        "new" | "new-session" => &["-s", "-t"][..],
        "a" | "at" | "att" | "attach" | "attach-session" => &["-t"],
        _ => return None,
    };
    let session = value_of(rest.as_slice(), named)
        // `session:window.pane`; `=` asks for the whole name, `$1` is an id.
        .map(|target| target.split(':').next().unwrap_or_default())
        .map(|name| name.trim_start_matches('='))
        .filter(|name| !name.is_empty() && !name.starts_with(['$', '@', '%', '{', '!', '+']))
        .map(str::to_owned);
    Some(Client {
        kind: Kind::Tmux,
        server,
        session,
    })
}

/// screen(1): `screen -S name`, `screen -r [pid.]name`, `screen -x name`.
fn screen(arguments: &[String]) -> Option<Client> {
    if arguments.iter().any(|word| word == "-ls" || word == "-X") {
        return None;
    }
    let name = arguments.iter().enumerate().find_map(|(index, argument)| {
        let letters = argument.strip_prefix('-')?;
        let names = letters.ends_with(['S', 'r', 'R', 'x'])
            && letters.chars().all(|letter| "SrRxdDUqaA".contains(letter));
        let value = arguments.get(index + 1)?;
        (names && !value.starts_with('-')).then_some(value)
    });
    let session = name.map(|name| match name.split_once('.') {
        Some((pid, name)) if pid.parse::<u32>().is_ok() => name.to_owned(),
        _ => name.clone(),
    });
    Some(Client {
        kind: Kind::Screen,
        server: Vec::new(),
        session,
    })
}

/// The value of the first of these one-letter options.
fn value_of<'a>(arguments: &'a [String], options: &[&str]) -> Option<&'a str> {
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        for option in options {
            if argument == option {
                return arguments.next().map(String::as_str);
            }
            if let Some(value) = argument.strip_prefix(option) {
                return Some(value);
            }
            // `-As NAME`: letters in one argument, the last with a value.
            if argument.starts_with('-')
                && !argument.starts_with("--")
                && argument.len() > 2
                && argument.ends_with(option.trim_start_matches('-'))
                && argument
                    .chars()
                    .skip(1)
                    .all(|letter| "AdDEPXrst".contains(letter))
            {
                return arguments.next().map(String::as_str);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn clients_are_saved_as_attach() {
        for (client, known, expected) in [
            ("tmux", Some("0"), Some("tmux new-session -A -s 0")),
            ("tmux", None, None),
            (
                "tmux new -s work",
                None,
                Some("tmux new-session -A -s work"),
            ),
            (
                "tmux new -As work",
                None,
                Some("tmux new-session -A -s work"),
            ),
            (
                "tmux new -s work",
                Some("play"),
                Some("tmux new-session -A -s play"),
            ),
            (
                "/usr/bin/tmux a -t =work:2.1",
                None,
                Some("tmux new-session -A -s work"),
            ),
            (
                "tmux -L mine -2 attach -twork",
                None,
                Some("tmux -L mine new-session -A -s work"),
            ),
            ("tmux attach -t $3", None, None),
            ("screen -S work", None, Some("screen -xRR -S work")),
            ("screen -dr 123.work", None, Some("screen -xRR -S work")),
            ("screen", None, None),
        ] {
            let client = Client::of(&words(client)).unwrap();
            assert_eq!(client.attach(known), expected.map(words), "{client:?}");
        }
        for other in [
            "tmux kill-server",
            "screen -ls",
            "vim",
            "tmux list-sessions",
        ] {
            assert_eq!(Client::of(&words(other)), None, "{other}");
        }
    }

    #[test]
    fn the_server_that_is_meant_is_asked() {
        let client = Client::of(&words("tmux -S /run/x new")).unwrap();
        let question = client.question().unwrap();
        assert_eq!(&question[..4], words("tmux -S /run/x list-clients"));
        assert_eq!(Client::of(&words("screen -S a")).unwrap().question(), None);
    }
}
