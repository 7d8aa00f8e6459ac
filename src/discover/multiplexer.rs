//! Clients of terminal multiplexers, and the command that attaches to their session again.

use super::command_line::base_name;

/// A client that is attached to a session of a multiplexer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    kind: Kind,
    /// Options that select the server, before the command.
    server: Vec<String>,
    /// The session's name, if the arguments contain it.
    session: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Tmux,
    Screen,
}

impl Client {
    /// Parses the command line of a client, the program first.
    pub fn of(argv: &[String]) -> Option<Self> {
        let (program, arguments) = argv.split_first()?;
        match base_name(program) {
            "tmux" | "tmux: client" => tmux(arguments),
            "screen" => screen(arguments),
            _ => None,
        }
    }

    /// Returns the command that lists `client process id, session` for all clients of the
    /// server; `None` if the multiplexer has no such command.
    pub fn question(&self) -> Option<Vec<String>> {
        let words = ["list-clients", "-F", "#{client_pid} #{session_name}"];
        (self.kind == Kind::Tmux).then(|| self.command("tmux", &words))
    }

    /// Returns the command that attaches to the session, or starts it. `known` is the name that
    /// the server gives, which takes precedence over the arguments.
    pub fn attach(&self, known: Option<&str>) -> Option<Vec<String>> {
        let session = known.or(self.session.as_deref())?;
        Some(match self.kind {
            Kind::Tmux => self.command("tmux", &["new-session", "-A", "-s", session]),
            // Also attaches if another client is attached.
            Kind::Screen => self.command("screen", &["-xRR", "-S", session]),
        })
    }

    fn command(&self, program: &str, words: &[&str]) -> Vec<String> {
        let words = words.iter().map(|&word| word.to_owned());
        let server = self.server.iter().cloned();
        let program = std::iter::once(program.to_owned());
        program.chain(server).chain(words).collect()
    }
}

/// tmux(1): `tmux [-L name] [-S path] [command [-t target] …]`. Without a command it is
/// `new-session`.
fn tmux(arguments: &[String]) -> Option<Client> {
    let (options, rest) = short_options(arguments, "cfLST");
    let is_server = |(letter, _): &&(char, &str)| matches!(letter, 'L' | 'S');
    let server = options.iter().filter(is_server);
    let (command, rest) = match rest {
        [command, rest @ ..] => (command.as_str(), rest),
        [] => ("new-session", rest),
    };
    let (values, names) = match command {
        "new" | "new-session" => ("ceFfnstxy", ['s', 't']),
        "a" | "at" | "att" | "attach" | "attach-session" => ("cft", ['t'; 2]),
        _ => return None,
    };
    let (options, _) = short_options(rest, values);
    let target = options.iter().find(|(letter, _)| names.contains(letter));
    let session = target
        // `session:window.pane`; `=` asks for an exact name, `$1` is an id.
        .and_then(|(_, target)| target.split(':').next())
        .map(|name| name.trim_start_matches('='))
        .filter(|name| !name.is_empty() && !name.starts_with(['$', '@', '%', '{', '!', '+']));
    Some(Client {
        kind: Kind::Tmux,
        server: server
            .flat_map(|(letter, value)| [format!("-{letter}"), (*value).to_owned()])
            .collect(),
        session: session.map(str::to_owned),
    })
}

/// screen(1): `screen -S name`, `screen -r [pid.]name`, `screen -x name`.
fn screen(arguments: &[String]) -> Option<Client> {
    if arguments.iter().any(|word| word == "-ls" || word == "-X") {
        return None;
    }
    let (options, rest) = short_options(arguments, "cehLpSsTt");
    let named = options.iter().find(|(letter, _)| *letter == 'S');
    let attaches = options.iter().any(|(letter, _)| "rRx".contains(*letter));
    let name = match named {
        Some((_, name)) => Some(*name),
        None => rest.first().filter(|_| attaches).map(String::as_str),
    };
    let session = name.map(|name| match name.split_once('.') {
        Some((pid, name)) if pid.parse::<u32>().is_ok() => name,
        _ => name,
    });
    Some(Client {
        kind: Kind::Screen,
        server: Vec::new(),
        session: session.map(str::to_owned),
    })
}

/// Parses one-letter options up to the first other argument, as getopt(3) does. `values` has the
/// letters of the options with a value. Returns the options and the remaining arguments.
fn short_options<'a>(
    arguments: &'a [String],
    values: &str,
) -> (Vec<(char, &'a str)>, &'a [String]) {
    let mut options = Vec::new();
    let mut rest = arguments;
    while let [argument, after @ ..] = rest
        && let Some(mut letters) = argument.strip_prefix('-')
        && !letters.is_empty()
    {
        rest = after;
        while let Some(letter) = letters.chars().next() {
            letters = &letters[letter.len_utf8()..];
            let mut value = "";
            if values.contains(letter) {
                value = std::mem::take(&mut letters);
                if let (true, [next, after @ ..]) = (value.is_empty(), rest) {
                    (value, rest) = (next, after);
                }
            }
            options.push((letter, value));
        }
    }
    (options, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn a_client_becomes_a_command_that_attaches() {
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
    fn the_clients_own_server_is_asked() {
        let client = Client::of(&words("tmux -S /run/x new")).unwrap();
        let question = client.question().unwrap();
        assert_eq!(&question[..4], words("tmux -S /run/x list-clients"));
        assert_eq!(Client::of(&words("screen -S a")).unwrap().question(), None);
    }
}
