//! Requests to i3 and their answers.

use std::path::Path;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use swayipc_types::CommandType;

use super::attempt::SocketOrigin;
use super::command::{self, Command};
use super::config::WindowConfig;
use super::error::{OLDEST_I3, WmError};
use super::event::{OWN_BEGIN, OWN_BEGIN_HERE, OWN_END};
use super::message::Kind;
use super::reply::{self, read};
use super::socket::Socket;
use super::{config, convert, directions, workspace_outputs};
use crate::live::{
    Con, ConfigGaps, Defaults, Output, PresentWorkspace, Version, WorkspaceOutput, XId,
};
use crate::text;

/// A connection to i3.
///
/// After an error in the middle of an answer, the next bytes could be mistaken for another
/// answer. The connection then refuses further requests ([`WmError::Unusable`]).
#[derive(Debug)]
pub struct Connection {
    /// The socket.
    pub socket: Socket,
    spoilt: bool,
}

/// Facts about i3 that stay the same until it restarts or reloads its config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Its version.
    pub version: Version,
    /// The default borders of its config.
    pub defaults: Defaults,
    /// The gaps of its config; `None` if they cannot be read.
    pub gaps: Option<ConfigGaps>,
    /// The outputs that its config assigns to workspaces.
    pub workspace_outputs: Vec<WorkspaceOutput>,
}

/// The result of one command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommandReply {
    /// i3 did it. i3 also answers this to `kill`, `unmark` and `title_format` if no container
    /// matches.
    Done,
    /// i3 refused it for this reason, or no container matches.
    Refused(String),
    /// i3 did not run it, because it could not parse an earlier command of the message.
    NotRun,
}

impl Connection {
    /// A connection through this socket.
    pub const fn new(socket: Socket) -> Self {
        Self {
            socket,
            spoilt: false,
        }
    }

    /// Connects to a socket whose path is known.
    pub fn open(path: &Path, limit: Duration) -> Result<Self, WmError> {
        Socket::connect(path, SocketOrigin::Environment, limit).map(Self::new)
    }

    /// True if an error has ended the connection.
    pub const fn is_spoilt(&self) -> bool {
        self.spoilt
    }

    /// Version and config. Fails for sway and for an i3 that is too old.
    pub fn about(&mut self) -> Result<About, WmError> {
        let [version, config] = self.ask_all([CommandType::GetVersion, CommandType::GetConfig])?;
        read_about(&version, &config)
    }

    /// The version. Fails for sway and for an i3 that is too old.
    pub fn version(&mut self) -> Result<Version, WmError> {
        checked_version(self.ask(CommandType::GetVersion, "")?)
    }

    /// Tree and outputs, and version and config if they are not known yet, in one exchange.
    pub fn observe(&mut self, about: Option<About>) -> Result<(About, Con, Vec<Output>), WmError> {
        let (get_tree, get_outputs) = (CommandType::GetTree, CommandType::GetOutputs);
        let (about, tree, outputs) = if let Some(about) = about {
            let [tree, outputs] = self.ask_all([get_tree, get_outputs])?;
            (about, tree, outputs)
        } else {
            let (get_version, get_config) = (CommandType::GetVersion, CommandType::GetConfig);
            let [version, config, tree, outputs] =
                self.ask_all([get_version, get_config, get_tree, get_outputs])?;
            (read_about(&version, &config)?, tree, outputs)
        };
        let tree = convert::con(read(name(get_tree), &tree)?, about.defaults);
        let outputs = convert::outputs(read(name(get_outputs), &outputs)?);
        Ok((about, tree, outputs))
    }

    /// The tree alone.
    pub fn tree(&mut self, defaults: Defaults) -> Result<Con, WmError> {
        Ok(convert::con(self.ask(CommandType::GetTree, "")?, defaults))
    }

    /// The active outputs, from left to right, then from top to bottom.
    pub fn outputs(&mut self) -> Result<Vec<Output>, WmError> {
        Ok(convert::outputs(self.ask(CommandType::GetOutputs, "")?))
    }

    /// The workspaces without their content, in tree order.
    pub fn workspaces(&mut self) -> Result<Vec<PresentWorkspace>, WmError> {
        Ok(convert::workspaces(
            self.ask(CommandType::GetWorkspaces, "")?,
        ))
    }

    /// The lines of the config that change windows by themselves.
    pub fn window_config(&mut self) -> Result<WindowConfig, WmError> {
        Ok(config::window_config(
            &self.ask(CommandType::GetConfig, "")?,
        ))
    }

    /// The lines of all files of the config, with variables replaced, in the order in which i3
    /// reads them.
    pub fn config_lines(&mut self) -> Result<Vec<String>, WmError> {
        let mut lines = Vec::new();
        let config = self.ask(CommandType::GetConfig, "")?;
        config::read_all(&config, &mut |line| lines.push(line.to_owned()));
        Ok(lines)
    }

    /// Sends all commands in one message, so that i3 draws only once, after the last of them.
    /// Returns one reply per command, in order.
    pub fn run(&mut self, commands: &[Command]) -> Result<Vec<CommandReply>, WmError> {
        if commands.iter().any(directions::is_ambiguous) {
            return self.run_in_parts(commands);
        }
        self.run_at_once(commands)
    }

    fn run_at_once(&mut self, commands: &[Command]) -> Result<Vec<CommandReply>, WmError> {
        if commands.is_empty() {
            return Ok(Vec::new());
        }
        let text = command::message(commands)?;
        let results = self.ask(CommandType::RunCommand, &text)?;
        replies(results, commands.len(), text)
    }

    /// Looks at the outputs before each command with an output that i3 cannot name.
    fn run_in_parts(&mut self, commands: &[Command]) -> Result<Vec<CommandReply>, WmError> {
        let mut all = Vec::with_capacity(commands.len());
        for part in commands.chunk_by(|_, next| !directions::is_ambiguous(next)) {
            let Some((first, rest)) = part
                .split_first()
                .filter(|(first, _)| directions::is_ambiguous(first))
            else {
                all.extend(self.run_at_once(part)?);
                continue;
            };
            let tree = self.tree(Defaults::ANY)?;
            let outputs = self.outputs()?;
            let mut translated = directions::without_name(first, &tree, &outputs);
            let count = translated.len();
            translated.extend_from_slice(rest);
            let mut replies = self.run_at_once(&translated)?.into_iter();
            let of_first = replies.by_ref().take(count);
            let failed = of_first.fold(None, |failed, reply| match reply {
                CommandReply::Done => failed,
                other => failed.or(Some(other)),
            });
            all.push(failed.unwrap_or(CommandReply::Done));
            all.extend(replies);
        }
        Ok(all)
    }

    /// Like [`Connection::run`], with [`Connection::announce`] before and after it, in one exchange.
    /// The commands must show no other workspace.
    pub fn run_announced(&mut self, commands: &[Command]) -> Result<Vec<CommandReply>, WmError> {
        if commands.is_empty() {
            return Ok(Vec::new());
        }
        if commands.iter().any(directions::is_ambiguous) {
            self.announce(true)?;
            let replies = self.run(commands)?;
            self.announce(false)?;
            return Ok(replies);
        }
        let text = command::message(commands)?;
        let [_, results, _] = self.exchange([
            (CommandType::SendTick, OWN_BEGIN_HERE),
            (CommandType::RunCommand, &text),
            (CommandType::SendTick, OWN_END),
        ])?;
        let results = read(name(CommandType::RunCommand), &results)?;
        replies(results, commands.len(), text)
    }

    /// Makes i3 send an `I3_SYNC` message with this number to an X window, after all its
    /// earlier requests to the X server (i3 IPC document, "SYNC").
    pub fn sync(&mut self, window: XId, number: u32) -> Result<(), WmError> {
        let payload = format!(r#"{{"window":{},"rnd":{number}}}"#, window.0);
        self.ask::<reply::Success>(CommandType::Sync, &payload)
            .map(drop)
    }

    /// Tells all subscribers that own commands follow, or that they have been performed; see
    /// [`Change::OwnBegin`](crate::live::Change::OwnBegin).
    pub fn announce(&mut self, begins: bool) -> Result<(), WmError> {
        let payload = if begins { OWN_BEGIN } else { OWN_END };
        self.ask::<reply::Success>(CommandType::SendTick, payload)
            .map(drop)
    }

    /// Subscribes to events, and returns the socket on which they arrive.
    pub(super) fn subscribe(mut self, events: &str) -> Result<Socket, WmError> {
        let reply: reply::Success = self.ask(CommandType::Subscribe, events)?;
        if reply.success {
            Ok(self.socket)
        } else {
            Err(WmError::Subscribe)
        }
    }

    fn ask<T: DeserializeOwned>(&mut self, kind: CommandType, payload: &str) -> Result<T, WmError> {
        let [reply] = self.exchange([(kind, payload)])?;
        read(name(kind), &reply)
    }

    fn ask_all<const N: usize>(
        &mut self,
        kinds: [CommandType; N],
    ) -> Result<[Vec<u8>; N], WmError> {
        self.exchange(kinds.map(|kind| (kind, "")))
    }

    /// Sends all requests, then receives the answer to each; one deadline for all.
    fn exchange<const N: usize>(
        &mut self,
        requests: [(CommandType, &str); N],
    ) -> Result<[Vec<u8>; N], WmError> {
        if std::mem::replace(&mut self.spoilt, true) {
            return Err(WmError::Unusable);
        }
        let deadline = self.socket.deadline();
        let bytes: Vec<u8> = requests
            .iter()
            .flat_map(|(kind, payload)| kind.encode_with(&*text::encode(payload)))
            .collect();
        let names = requests.map(|(kind, _)| name(kind)).join(", ");
        self.socket
            .send(&bytes, deadline, &format!("accept {names}"))?;
        let mut replies = [const { Vec::new() }; N];
        for ((kind, _), reply) in requests.into_iter().zip(&mut replies) {
            *reply = self.receive_reply(kind, deadline)?;
        }
        self.spoilt = false;
        Ok(replies)
    }

    fn receive_reply(&mut self, kind: CommandType, deadline: Instant) -> Result<Vec<u8>, WmError> {
        let request = name(kind);
        loop {
            let (found, payload) = self
                .socket
                .receive(Some(deadline), &format!("answer {request}"))?;
            match found {
                Kind::Reply(number) if number == u32::from(kind) => return Ok(payload),
                // The first events may overtake the reply to the subscription.
                Kind::Event(_) => {}
                Kind::Reply(found) => return Err(WmError::Type { request, found }),
            }
        }
    }
}

/// The name of a request in the i3 IPC document.
const fn name(kind: CommandType) -> &'static str {
    match kind {
        CommandType::RunCommand => "RUN_COMMAND",
        CommandType::Subscribe => "SUBSCRIBE",
        CommandType::GetOutputs => "GET_OUTPUTS",
        CommandType::GetTree => "GET_TREE",
        CommandType::GetVersion => "GET_VERSION",
        CommandType::GetConfig => "GET_CONFIG",
        CommandType::Sync => "SYNC",
        _ => "a request",
    }
}

fn read_about(version: &[u8], config: &[u8]) -> Result<About, WmError> {
    let version = checked_version(read("GET_VERSION", version)?)?;
    let config: reply::Config = read("GET_CONFIG", config)?;
    Ok(About {
        version,
        defaults: config::defaults(&config),
        gaps: config::gaps(&config),
        workspace_outputs: workspace_outputs::workspace_outputs(&config),
    })
}

/// The version, if layouts can be restored with it.
fn checked_version(reply: reply::Version) -> Result<Version, WmError> {
    let found = reply.version.human_readable.clone();
    if reply.variant.is_some() || found.to_lowercase().contains("sway") {
        return Err(WmError::Sway { found });
    }
    if (reply.version.major, reply.version.minor) < OLDEST_I3 {
        return Err(WmError::TooOld { found });
    }
    Ok(reply.version)
}

/// One reply per command.
///
/// i3 answers each command once, and stops at the first one that it cannot parse.
fn replies(
    results: Vec<reply::CommandResult>,
    expected: usize,
    commands: String,
) -> Result<Vec<CommandReply>, WmError> {
    let found = results.len();
    let stopped = results.last().is_some_and(|result| result.parse_error);
    if found > expected || (found < expected && !stopped) {
        return Err(WmError::Count {
            expected,
            found,
            commands,
        });
    }
    let mut replies: Vec<_> = results
        .into_iter()
        .map(|result| match result {
            reply::CommandResult { success: true, .. } => CommandReply::Done,
            reply::CommandResult { error, .. } => {
                CommandReply::Refused(error.unwrap_or_else(|| "i3 gave no reason".to_owned()))
            }
        })
        .collect();
    replies.resize(expected, CommandReply::NotRun);
    Ok(replies)
}
