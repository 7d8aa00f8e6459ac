//! The parts of a nested desktop, in the order in which they start.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Instant;

use super::{Event, Folder, LIMIT, Nested, PATIENCE, Setup, has_ended};
use crate::live::Pid;
use crate::nested::environment::{Places, bus_address};
use crate::nested::error::NestedError;
use crate::nested::server::{BUS, I3, INSTANCE, authority, numbers};
use crate::nested::{i3_config, profiles};
use crate::wm::connection::Connection;
use crate::x11::Display;

/// The colour of empty workspaces.
const BACKGROUND: u32 = 0x26_30_3a;

impl Nested {
    pub(super) fn write_files(&self, setup: &Setup<'_>) -> Result<(), NestedError> {
        let root = self.root();
        let commands = Places::commands(root);
        for folder in [
            &Places::runtime(root),
            &Places::state(root),
            &Places::config(root),
            &commands,
        ] {
            Folder::create_inside(folder)?;
        }
        Folder::link(&commands.join("i3pm-layout"), setup.own)?;
        for name in profiles::programs() {
            let script = setup.programs.find(name).and_then(|file| {
                let profile = root.join("profiles").join(name);
                profiles::script(name, &file, &profile)
            });
            if let Some(script) = script {
                Folder::script(&commands.join(name), &script)?;
            }
        }
        Ok(())
    }

    /// Starts the X server. Returns the number of its display.
    pub(super) fn start_server(&mut self, setup: &Setup<'_>) -> Result<u32, NestedError> {
        let program = setup.server.needed().program;
        for number in numbers(std::process::id()) {
            if self.try_number(setup, program, number)? {
                return Ok(number);
            }
        }
        Err(self.not_ready(program, "ended at once"))
    }

    /// Starts the X server with this number. False if it ended at once, as if another server has the
    /// number.
    fn try_number(
        &mut self,
        setup: &Setup<'_>,
        program: &'static str,
        number: u32,
    ) -> Result<bool, NestedError> {
        let cookie = cookie().map_err(NestedError::Processes)?;
        let file = self
            .folder
            .write("Xauthority", &authority(number, &cookie))?;
        let arguments = setup
            .server
            .arguments(number, setup.screen.size, &file, &setup.title);
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env_clear()
            .envs(setup.environment)
            .stdout(Stdio::piped());
        let mut server = self.spawn(program, &mut command)?;
        let answer = server.stdout.take();
        self.server = Some(server);
        let sender = self.sender.clone();
        let read = thread::Builder::new()
            .name("x-server".to_owned())
            .spawn(move || {
                // The end of the line may be written by itself.
                let mut line = String::new();
                let read = answer.map(|answer| BufReader::new(answer).read_line(&mut line));
                let has_answered = read.is_some_and(|read| read.is_ok()) && line.ends_with('\n');
                let _ = sender.send(Event::Answered(has_answered));
            });
        read.map_err(NestedError::Processes)?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.events.recv_timeout(left) {
                Ok(Event::Answered(true)) => break,
                Ok(Event::Answered(false)) => {
                    if let Some(mut server) = self.server.take() {
                        let _ = server.wait();
                    }
                    return Ok(false);
                }
                Ok(Event::Interrupt) => return Err(NestedError::Interrupted),
                Ok(_) => {}
                Err(_) => return Err(self.not_ready(program, "was not ready in time")),
            }
        }
        let display = Display::connect_with(number, &cookie)?;
        display.furnish(&setup.resources, BACKGROUND)?;
        display.arrange(&setup.screen.outputs)?;
        self.display = Some(display);
        Ok(true)
    }

    /// Watches the window of Xephyr: Xephyr itself does not always notice that it was closed.
    pub(super) fn watch_window(&mut self, setup: &Setup<'_>) -> Result<(), NestedError> {
        let outer = setup.environment.get(OsStr::new("DISPLAY"));
        let outer = outer.and_then(|display| display.to_str());
        let outer = Display::connect(outer)?;
        let pid = self.server.as_ref().map(Child::id).unwrap_or_default();
        let window = self.wait_until(setup.server.needed().program, |_| {
            outer.window_of(INSTANCE, Pid(pid)).transpose()
        })??;
        let sender = self.sender.clone();
        let watch = thread::Builder::new()
            .name("window".to_owned())
            .spawn(move || {
                // An error means that it was closed already, or that the desktop outside ends.
                let _ = outer.wait_until_closed(window);
                let _ = sender.send(Event::Closed);
            });
        watch.map(drop).map_err(NestedError::Processes)
    }

    /// Starts a session bus. False if it does not work; programs can do without.
    pub(super) fn start_bus(&mut self) -> Result<bool, NestedError> {
        let socket = Places::bus_socket(self.root());
        let mut address = OsString::from("--address=");
        address.push(bus_address(&socket));
        let mut command = Command::new(BUS);
        command
            .args(["--session", "--nofork", "--nopidfile"])
            .arg(address)
            .env_clear()
            .envs(&self.environment);
        let Ok(bus) = self.spawn(BUS, &mut command) else {
            return Ok(false);
        };
        self.bus = Some(bus);
        let found = self.wait_until(BUS, |nested| {
            let ended = nested.bus.as_mut().is_none_or(has_ended);
            (ended || socket.exists()).then_some(!ended)
        });
        match found {
            Err(NestedError::Interrupted) => Err(NestedError::Interrupted),
            found => Ok(found.unwrap_or(false)),
        }
    }

    pub(super) fn start_i3(&mut self, setup: &Setup<'_>) -> Result<(), NestedError> {
        let socket = Places::i3_socket(self.root());
        let text = i3_config::text(&i3_config::Wishes {
            socket: &socket,
            workspaces: &setup.workspaces,
            modifier: setup.modifier,
            terminal: setup.terminal,
            more: setup.more_config,
        });
        let config = self.folder.write("i3.config", text.as_bytes())?;
        let mut command = Command::new(I3.program);
        command.arg("-c").arg(config);
        command.env_clear().envs(&self.environment);
        self.i3 = Some(self.spawn(I3.program, &mut command)?);
        let about = self.wait_until(I3.program, |_| {
            let mut connection = Connection::open(&socket, LIMIT).ok()?;
            Some(connection.about())
        })?;
        self.about = Some(about?);
        Ok(())
    }
}

/// A random cookie.
fn cookie() -> io::Result<[u8; 16]> {
    let mut cookie = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut cookie)?;
    Ok(cookie)
}
