//! Configuring and starting a desktop.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::AtomicU32;

use tempfile::TempDir;

use super::super::display::{Display, Monitor};
use super::super::ipc::Ipc;
use super::super::processes;
use super::super::windows::{self, Program};
use super::Desktop;

/// A desktop that has not been started.
#[derive(Clone, Debug, Default)]
pub(crate) struct Builder {
    screen: Option<(u16, u16)>,
    monitors: Vec<Monitor>,
    config: String,
    bar: bool,
    variables: Vec<(&'static str, String)>,
    bus: bool,
}

impl Builder {
    /// The size of the X screen, which contains all monitors. By default it fits the initial
    /// monitors and is at least 1920 x 1080.
    pub(crate) fn screen(mut self, width: u16, height: u16) -> Self {
        self.screen = Some((width, height));
        self
    }

    /// Adds a monitor that is plugged before i3 starts; the first monitor is primary.
    #[track_caller]
    pub(crate) fn monitor(mut self, name: &str, rect: &str) -> Self {
        let mut monitor = Monitor::new(name, rect);
        monitor.primary = self.monitors.is_empty();
        self.monitors.push(monitor);
        self
    }

    /// Adds the primary monitor `eDP-1` and the monitor `DP-1` to its right.
    pub(crate) fn two_monitors(self) -> Self {
        self.monitor("eDP-1", "1920x1080+0+0")
            .monitor("DP-1", "2560x1440+1920+0")
    }

    /// Adds monitors, given as `(name, rect, primary)`.
    #[track_caller]
    pub(crate) fn monitors(mut self, monitors: &[(&str, &str, bool)]) -> Self {
        for &(name, rect, primary) in monitors {
            let mut monitor = Monitor::new(name, rect);
            monitor.primary = primary;
            self.monitors.push(monitor);
        }
        self
    }

    /// Adds lines to the i3 config.
    pub(crate) fn config(mut self, lines: &str) -> Self {
        self.config.push_str(lines);
        self.config.push('\n');
        self
    }

    /// Adds an i3bar.
    pub(crate) fn bar(mut self) -> Self {
        self.bar = true;
        self
    }

    /// Sets an environment variable for all programs.
    pub(crate) fn env(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    /// Starts a private D-Bus session bus, like `dbus-run-session`.
    pub(crate) fn session_bus(mut self) -> Self {
        self.bus = true;
        self
    }

    /// Starts the desktop, and returns when i3 replies.
    pub(crate) fn start(self) -> Desktop {
        let dir = TempDir::with_prefix("i3pm-").expect("temporary directories can be created");
        let dir_path = dir.path().canonicalize().expect("the directory exists");
        for name in [
            "home", "config", "state", "data", "cache", "runtime", "tmp", "bin", "share", "log",
            "cues",
        ] {
            fs::create_dir(dir_path.join(name)).expect("the directory is writable");
        }
        let only_for_us = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        fs::set_permissions(dir_path.join("runtime"), only_for_us).expect("the file is writable");
        std::os::unix::fs::symlink(windows::PROGRAM, dir_path.join("bin/test-window"))
            .expect("the directory is writable");
        let needed = self
            .monitors
            .iter()
            .fold((1920, 1080), |(width, height), monitor| {
                let rect = monitor.rect;
                (
                    width.max(rect.x + rect.width.cast_signed()),
                    height.max(rect.y + rect.height.cast_signed()),
                )
            });
        let screen = self.screen.unwrap_or((
            needed.0.try_into().expect("X sizes have 16 bits"),
            needed.1.try_into().expect("X sizes have 16 bits"),
        ));
        let display = Display::start(screen, &dir_path.join("log/xvfb"));
        if !self.monitors.is_empty() {
            display.arrange(&self.monitors);
        }
        let socket = dir_path.join("runtime/i3.sock");
        let config = dir_path.join("config/i3/config");
        fs::create_dir_all(config.parent().expect("the path has a parent"))
            .expect("the directory is writable");
        fs::write(&config, self.config_text(&socket)).expect("the directory is writable");
        let mut variables = self.variables.clone();
        let bus = format!("unix:path={}", dir_path.join("runtime/bus").display());
        if self.bus {
            variables.push(("DBUS_SESSION_BUS_ADDRESS", bus.clone()));
        }
        let desktop = Desktop {
            variables,
            programs: Mutex::default(),
            tickets: AtomicU32::new(1),
            ipc: Ipc::new(socket),
            display,
            path: dir_path,
            _dir: dir,
        };
        if self.bus {
            // The started process exits when the bus accepts connections.
            let arguments = ["dbus-daemon", "--session", "--fork", "--address", &bus];
            let status = desktop.spawn(&arguments).wait();
            assert!(status.success(), "dbus-daemon ended with {status}");
        }
        desktop.start_i3(&config);
        desktop
    }

    fn config_text(&self, socket: &Path) -> String {
        let mut text = format!(
            "# i3 config file (v4)\n\
             ipc-socket {}\n\
             font pango:DejaVu Sans Mono 10\n\
             # The pointer may be anywhere on the screen.\n\
             focus_follows_mouse no\n\
             mouse_warping none\n",
            socket.display()
        );
        if self.bar {
            text.push_str("bar {\n    status_command while echo ready; do sleep 3600; done\n}\n");
        }
        text.push_str(&self.config);
        text
    }
}

impl Desktop {
    fn start_i3(&self, config: &Path) {
        let log = File::create(self.path.join("log/i3")).expect("the directory is writable");
        let child = Command::new("i3")
            .arg("-c")
            .arg(config)
            .env_clear()
            .envs(
                self.environment()
                    .into_iter()
                    .filter(|(name, _)| *name != "I3SOCK"),
            )
            .current_dir(self.path.join("home"))
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("file descriptors are available"))
            .stderr(log)
            .spawn()
            .expect("i3 is installed");
        let i3 = Program::new(child);
        let pid = i3.pid();
        self.programs
            .lock()
            .expect("the lock is not poisoned")
            .push(i3);
        // i3 sets the property after it has begun to listen.
        let socket = self
            .display
            .wait_for_root_property("I3_SOCKET_PATH", || processes::name(pid).is_some());
        if socket.is_none() {
            let log = fs::read_to_string(self.path.join("log/i3")).unwrap_or_default();
            panic!("i3 did not start:\n{log}");
        }
        self.ipc.barrier();
        self.wait_for_monitors();
    }
}
