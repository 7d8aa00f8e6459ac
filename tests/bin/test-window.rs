//! A small X client that opens windows of any kind, and misbehaves on request.
//!
//! It stands in for real programs: late windows, changing titles, processes with many windows,
//! daemons, single-instance programs, failing programs. Later actions happen after a delay or
//! when the test gives a cue.

#![expect(
    clippy::disallowed_methods,
    reason = "it stands in for programs of the user"
)]

#[path = "test_window/log.rs"]
mod log;
#[path = "test_window/options.rs"]
mod options;
#[path = "test_window/server.rs"]
mod server;
#[path = "test_window/when.rs"]
mod when;
#[path = "test_window/window.rs"]
mod window;

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode, Stdio};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser as _;
use serde_json::json;
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::Window as XWindow;
use x11rb::rust_connection::RustConnection;

use log::Log;
use options::{Options, Request};
use when::{Moment, When};
use window::{Spec, Toolkit, Window};

/// A message to the main thread.
enum Message {
    /// An event of the X server.
    X(Event),
    /// The connection to the X server has ended.
    XEnded,
    /// Another instance hands over its request.
    Handover(Box<Request>),
    /// The test gives a cue.
    Cue,
}

/// An action at a later time.
enum Action {
    Open(Box<Spec>),
    Title(XWindow, String),
    Class(XWindow, String, String),
    Role(XWindow, String),
    Close(XWindow),
    Exit(u8),
}

fn main() -> ExitCode {
    match run() {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            // Ignored, because a closed stderr must not change the exit code.
            let _ = writeln!(std::io::stderr(), "test-window: {error}");
            ExitCode::from(3)
        }
    }
}

fn run() -> Result<u8, Box<dyn Error>> {
    let options = Options::parse();
    if !options.forked {
        log_start(&options)?;
    }
    if let Some((code, text)) = options.exit_at_once {
        writeln!(std::io::stderr(), "test-window: {text}")?;
        return Ok(code);
    }
    if options.fork {
        daemonise()?;
        return Ok(0);
    }
    if options.forked {
        rustix::process::setsid()?;
    }
    let (sender, receiver) = mpsc::channel();
    let request = Request::of_this_process(options);
    if let Some(socket) = request.options.server.clone() {
        let _turn = server::lock_startup(&socket)?;
        if server::hand_over(&socket, &request)? {
            return Ok(0);
        }
        server::listen(&socket, sender.clone())?;
    }
    Client::start(sender)?.serve(&request, &receiver)
}

/// Logs the start with command line and working directory.
fn log_start(options: &Options) -> Result<(), Box<dyn Error>> {
    let ticket = std::env::var("TEST_WINDOW_TICKET").ok();
    Log::open(options.log_file().as_deref(), ticket)?.write(
        0,
        "",
        "Started",
        json!({
            "argv": std::env::args().collect::<Vec<_>>(),
            "cwd": std::env::current_dir()?,
        }),
    )?;
    Ok(())
}

/// Starts this program again as a daemon in a new session.
///
/// fork(2) without exec needs unsafe code; from outside, both look the same.
fn daemonise() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args_os()
        .skip(1)
        .map(|argument| {
            if argument == "--fork" {
                "--forked".into()
            } else {
                argument
            }
        })
        .collect();
    Command::new(std::env::current_exe()?)
        .arg0(std::env::args_os().next().unwrap_or_default())
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    Ok(())
}

/// An X client with its windows.
struct Client {
    toolkit: Toolkit,
    windows: BTreeMap<XWindow, Window>,
    timers: Vec<(Moment, Action)>,
    number: u32,
}

impl Client {
    fn start(sender: mpsc::Sender<Message>) -> Result<Self, Box<dyn Error>> {
        let (connection, screen) = RustConnection::connect(None)?;
        let connection = Arc::new(connection);
        when::watch(sender.clone())?;
        let events = Arc::clone(&connection);
        thread::spawn(move || {
            while let Ok(event) = events.wait_for_event() {
                if sender.send(Message::X(event)).is_err() {
                    return;
                }
            }
            // The receiver may be gone already.
            let _ = sender.send(Message::XEnded);
        });
        Ok(Self {
            toolkit: Toolkit::new(connection, screen)?,
            windows: BTreeMap::new(),
            timers: Vec::new(),
            number: 0,
        })
    }

    /// Opens the requested windows and runs until the last window is closed.
    fn serve(
        &mut self,
        request: &Request,
        messages: &mpsc::Receiver<Message>,
    ) -> Result<u8, Box<dyn Error>> {
        self.plan(request)?;
        loop {
            if let Some(code) = self.run_due_actions()? {
                return Ok(code);
            }
            if self.windows.is_empty()
                && !self
                    .timers
                    .iter()
                    .any(|(_, later)| matches!(later, Action::Open(_) | Action::Exit(_)))
            {
                return Ok(0);
            }
            let next = self.timers.iter().filter_map(|(at, _)| at.instant()).min();
            let message = match next {
                Some(at) => {
                    match messages.recv_timeout(at.saturating_duration_since(Instant::now())) {
                        Ok(message) => message,
                        Err(mpsc::RecvTimeoutError::Timeout) => continue,
                        Err(mpsc::RecvTimeoutError::Disconnected) => return Ok(0),
                    }
                }
                None => messages.recv()?,
            };
            match message {
                Message::X(event) => self.handle(&event)?,
                Message::XEnded => return Ok(0),
                Message::Handover(request) => self.plan(&request)?,
                // The loop checks the timers.
                Message::Cue => {}
            }
        }
    }

    /// Opens or schedules the windows of a request.
    fn plan(&mut self, request: &Request) -> Result<(), Box<dyn Error>> {
        let options = &request.options;
        if let Some((code, when)) = &options.exit_after {
            self.timers.push((when.moment()?, Action::Exit(*code)));
        }
        let mut opens = options.map_after.as_ref().map(When::moment).transpose()?;
        if let Some(kind) = options.splash {
            // Without a delay, the splash screen is shown for a moment.
            let while_shown = When::After(Duration::from_millis(100)).moment()?;
            let closes = opens.get_or_insert(while_shown).clone();
            let splash = self.open(&Spec::splash(request, kind))?;
            self.timers.push((closes, Action::Close(splash)));
        }
        if let Some(when) = &options.first {
            let first = self.open(&Spec::first(request))?;
            self.timers.push((when.moment()?, Action::Close(first)));
        }
        for _ in 0..options.count {
            self.number += 1;
            let spec = Spec::number(request, self.number);
            match &opens {
                None => {
                    self.open(&spec)?;
                }
                Some(moment) => {
                    let open = Action::Open(Box::new(spec));
                    self.timers.push((moment.clone(), open));
                }
            }
        }
        Ok(())
    }

    fn open(&mut self, spec: &Spec) -> Result<XWindow, Box<dyn Error>> {
        let window = Window::open(&self.toolkit, spec)?;
        let id = window.id();
        self.windows.insert(id, window);
        for (when, title) in &spec.later_titles {
            let title = Action::Title(id, title.clone());
            self.timers.push((when.moment()?, title));
        }
        if let Some((when, instance, class)) = spec.later_class.clone() {
            let class = Action::Class(id, instance, class);
            self.timers.push((when.moment()?, class));
        }
        if let Some((when, role)) = spec.later_role.clone() {
            self.timers.push((when.moment()?, Action::Role(id, role)));
        }
        Ok(id)
    }

    /// Runs the actions that are due; returns a code if the program should exit.
    fn run_due_actions(&mut self) -> Result<Option<u8>, Box<dyn Error>> {
        let (due, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.timers)
            .into_iter()
            .partition(|(moment, _)| moment.is_due());
        self.timers = later;
        for (_, act) in due {
            match act {
                Action::Open(spec) => {
                    self.open(&spec)?;
                }
                Action::Title(id, title) => {
                    if let Some(window) = self.windows.get_mut(&id) {
                        window.set_title(&self.toolkit, title)?;
                    }
                }
                Action::Class(id, instance, class) => {
                    if let Some(window) = self.windows.get_mut(&id) {
                        window.set_class(&self.toolkit, &instance, &class)?;
                    }
                }
                Action::Role(id, role) => {
                    if let Some(window) = self.windows.get_mut(&id) {
                        window.set_role(&self.toolkit, &role)?;
                    }
                }
                Action::Close(id) => self.close(id)?,
                Action::Exit(code) => return Ok(Some(code)),
            }
        }
        Ok(None)
    }

    fn close(&mut self, id: XWindow) -> Result<(), Box<dyn Error>> {
        if let Some(window) = self.windows.remove(&id) {
            window.close(&self.toolkit)?;
        }
        Ok(())
    }

    fn handle(&mut self, event: &Event) -> Result<(), Box<dyn Error>> {
        let Some((id, name, details)) = Log::describe(event) else {
            match event {
                Event::Expose(expose) if expose.count == 0 => {
                    if let Some(window) = self.windows.get(&expose.window) {
                        window.draw(&self.toolkit)?;
                    }
                }
                Event::ClientMessage(message) if self.toolkit.is_delete_request(message) => {
                    self.close(message.window)?;
                }
                _ => {}
            }
            return Ok(());
        };
        let Some(window) = self.windows.get_mut(&id) else {
            return Ok(());
        };
        window.log(name, details)?;
        match event {
            Event::ConfigureNotify(configure) => {
                window.resized(&self.toolkit, (configure.width, configure.height))?;
            }
            Event::DestroyNotify(_) => {
                self.windows.remove(&id);
            }
            _ => {}
        }
        Ok(())
    }
}
