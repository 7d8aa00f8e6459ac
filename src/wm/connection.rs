//! Requests to i3 and their answers.

use std::path::Path;
use std::time::{Duration, Instant};

use swayipc_types::CommandType;

use super::attempt::SocketOrigin;
use super::command::{self, Command};
use super::error::{OLDEST_I3, WmError};
use super::message::{self, Kind};
use super::reply::{self, read};
use super::socket::Socket;
use super::window_rules::WindowRule;
use super::{config, convert};
use crate::live::{Con, ConfigGaps, Defaults, Output, Pid, Version, XId};
use crate::text;

/// A connection to i3.
///
/// After an error in the middle of an answer the next bytes could be taken for
/// another answer, so the connection refuses to go on ([`WmError::Spoilt`]).
#[derive(Debug)]
pub struct Connection {
    socket: Socket,
    spoilt: bool,
}

/// What i3 says about a moment, read in one go.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The root of the tree.
    pub tree: Con,
    /// The active outputs, from left to right, then from top to bottom.
    pub outputs: Vec<Output>,
}

/// What i3 says about itself, which stays the same until it restarts or reads
/// its config again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Its version.
    pub version: Version,
    /// What its config gives to windows that say nothing themselves.
    pub defaults: Defaults,
    /// What the config says about gaps, where that can be read.
    pub gaps: Option<ConfigGaps>,
}

/// What became of one command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommandReply {
    /// i3 did it. `kill`, `unmark` and `title_format` are also answered so when
    /// no container matches.
    Done,
    /// i3 did not, and says why; also when no container matches.
    Refused(String),
    /// i3 did not get to it, because it could not read an earlier command of the
    /// same message.
    NotRun,
}

impl CommandReply {
    /// Whether i3 did it.
    pub fn is_done(&self) -> bool {
        *self == Self::Done
    }
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

    /// The socket's path.
    pub fn path(&self) -> &Path {
        self.socket.path()
    }

    /// i3's process. Its environment is the session's.
    pub const fn i3_pid(&self) -> Pid {
        self.socket.peer()
    }

    /// How long each request may take, all in all.
    pub const fn limit(&self) -> Duration {
        self.socket.limit()
    }

    /// Version and config. Fails for sway and for an i3 that is too old.
    pub fn about(&mut self) -> Result<About, WmError> {
        let [version, config] = self.ask_all([
            ("GET_VERSION", CommandType::GetVersion),
            ("GET_CONFIG", CommandType::GetConfig),
        ])?;
        read_about(&version, &config)
    }

    /// The version. Fails for sway and for an i3 that is too old.
    pub fn version(&mut self) -> Result<Version, WmError> {
        let [version] = self.ask_all([("GET_VERSION", CommandType::GetVersion)])?;
        checked_version(read("GET_VERSION", &version)?)
    }

    /// Tree and outputs.
    pub fn observe(&mut self, defaults: Defaults) -> Result<Observation, WmError> {
        let [tree, outputs] = self.ask_all([
            ("GET_TREE", CommandType::GetTree),
            ("GET_OUTPUTS", CommandType::GetOutputs),
        ])?;
        Ok(Observation {
            tree: read_tree(&tree, defaults)?,
            outputs: convert::outputs(read("GET_OUTPUTS", &outputs)?),
        })
    }

    /// Version, config, tree and outputs, all in one go.
    pub fn observe_all(&mut self) -> Result<(About, Observation), WmError> {
        let [version, config, tree, outputs] = self.ask_all([
            ("GET_VERSION", CommandType::GetVersion),
            ("GET_CONFIG", CommandType::GetConfig),
            ("GET_TREE", CommandType::GetTree),
            ("GET_OUTPUTS", CommandType::GetOutputs),
        ])?;
        let about = read_about(&version, &config)?;
        let observation = Observation {
            tree: read_tree(&tree, about.defaults)?,
            outputs: convert::outputs(read("GET_OUTPUTS", &outputs)?),
        };
        Ok((about, observation))
    }

    /// The tree alone.
    pub fn tree(&mut self, defaults: Defaults) -> Result<Con, WmError> {
        let [tree] = self.ask_all([("GET_TREE", CommandType::GetTree)])?;
        read_tree(&tree, defaults)
    }

    /// The active outputs, from left to right, then from top to bottom.
    pub fn outputs(&mut self) -> Result<Vec<Output>, WmError> {
        let [outputs] = self.ask_all([("GET_OUTPUTS", CommandType::GetOutputs)])?;
        Ok(convert::outputs(read("GET_OUTPUTS", &outputs)?))
    }

    /// The lines of the config that do something with windows that come.
    pub fn window_rules(&mut self) -> Result<Vec<WindowRule>, WmError> {
        let [config] = self.ask_all([("GET_CONFIG", CommandType::GetConfig)])?;
        Ok(config::window_rules(&read("GET_CONFIG", &config)?))
    }

    /// Has i3 carry out all commands in one message, so that it draws once, when
    /// all are done. Gives one reply for each command, in order.
    pub fn run(&mut self, commands: &[Command]) -> Result<Vec<CommandReply>, WmError> {
        if commands.is_empty() {
            return Ok(Vec::new());
        }
        let text = command::message(commands)?;
        let reply = self.ask("RUN_COMMAND", CommandType::RunCommand, &text)?;
        let results: Vec<reply::CommandResult> = read("RUN_COMMAND", &reply)?;
        replies(results, commands.len(), text)
    }

    /// Sends a tick: whoever is subscribed gets it after all that happened before.
    pub fn send_tick(&mut self, payload: &str) -> Result<(), WmError> {
        let reply = self.ask("SEND_TICK", CommandType::SendTick, payload)?;
        read::<reply::Success>("SEND_TICK", &reply).map(drop)
    }

    /// Has i3 send an `I3_SYNC` message with this number to an X window, after all
    /// that i3 has asked of the X server so far (i3 IPC document, "SYNC").
    pub fn sync(&mut self, window: XId, number: u32) -> Result<(), WmError> {
        let payload = format!(r#"{{"window":{},"rnd":{number}}}"#, window.0);
        let reply = self.ask("SYNC", CommandType::Sync, &payload)?;
        read::<reply::Success>("SYNC", &reply).map(drop)
    }

    /// Subscribes to events, and gives the socket on which they come.
    pub(super) fn subscribe(mut self, events: &str) -> Result<Socket, WmError> {
        let reply = self.ask("SUBSCRIBE", CommandType::Subscribe, events)?;
        if read::<reply::Success>("SUBSCRIBE", &reply)?.success {
            Ok(self.socket)
        } else {
            Err(WmError::Subscribe)
        }
    }

    fn ask(
        &mut self,
        name: &'static str,
        kind: CommandType,
        payload: &str,
    ) -> Result<Vec<u8>, WmError> {
        let [reply] = self.exchange([(name, kind, payload)])?;
        Ok(reply)
    }

    fn ask_all<const N: usize>(
        &mut self,
        requests: [(&'static str, CommandType); N],
    ) -> Result<[Vec<u8>; N], WmError> {
        self.exchange(requests.map(|(name, kind)| (name, kind, "")))
    }

    /// Sends all requests, then receives the answer to each; one deadline for all.
    fn exchange<const N: usize>(
        &mut self,
        requests: [(&'static str, CommandType, &str); N],
    ) -> Result<[Vec<u8>; N], WmError> {
        if std::mem::replace(&mut self.spoilt, true) {
            return Err(WmError::Spoilt);
        }
        let deadline = self.socket.deadline();
        let bytes: Vec<u8> = requests
            .iter()
            .flat_map(|&(_, kind, payload)| message::encode(kind, &text::encode(payload)))
            .collect();
        let names = requests.map(|(name, ..)| name).join(", ");
        self.socket
            .send(&bytes, deadline, &format!("accept {names}"))?;
        let mut replies = [const { Vec::new() }; N];
        for ((name, kind, _), reply) in requests.into_iter().zip(&mut replies) {
            *reply = self.receive_reply(name, kind, deadline)?;
        }
        self.spoilt = false;
        Ok(replies)
    }

    fn receive_reply(
        &mut self,
        name: &'static str,
        kind: CommandType,
        deadline: Instant,
    ) -> Result<Vec<u8>, WmError> {
        loop {
            let (header, payload) = self
                .socket
                .receive(Some(deadline), &format!("answer {name}"))?;
            match header.kind {
                Kind::Reply(number) if number == u32::from(kind) => return Ok(payload),
                // The first tick may overtake the reply to the subscription.
                Kind::Event(_) => {}
                Kind::Reply(found) => {
                    return Err(WmError::Type {
                        request: name,
                        found,
                    });
                }
            }
        }
    }
}

fn read_about(version: &[u8], config: &[u8]) -> Result<About, WmError> {
    let version = checked_version(read("GET_VERSION", version)?)?;
    let config: reply::Config = read("GET_CONFIG", config)?;
    Ok(About {
        version,
        defaults: config::defaults(&config),
        gaps: config::gaps(&config),
    })
}

pub(super) fn read_tree(bytes: &[u8], defaults: Defaults) -> Result<Con, WmError> {
    let node = read::<reply::Node>("GET_TREE", bytes).map_err(|error| match error {
        WmError::Json { source, .. } if source.to_string().contains("recursion limit") => {
            WmError::TooDeep
        }
        other => other,
    })?;
    Ok(convert::con(node, defaults))
}

/// The version, if layouts can be restored with it.
fn checked_version(version: reply::Version) -> Result<Version, WmError> {
    let found = version.human_readable.clone();
    if version.variant.is_some() || found.to_lowercase().contains("sway") {
        return Err(WmError::Sway { found });
    }
    if (version.major, version.minor) < OLDEST_I3 {
        return Err(WmError::TooOld { found });
    }
    Ok(convert::version(version))
}

/// One reply per command.
///
/// i3 answers each command once, and stops at the first that it cannot parse.
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
                CommandReply::Refused(error.unwrap_or_else(|| "i3 gives no reason".to_owned()))
            }
        })
        .collect();
    replies.resize(expected, CommandReply::NotRun);
    Ok(replies)
}
