//! The environment of the nested i3 and its programs. Pure.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// The variables by which programs find the desktop outside, or a program that already runs there.
const OUTSIDE: [&str; 28] = [
    "ALACRITTY_SOCKET",
    "ALACRITTY_WINDOW_ID",
    "DBUS_STARTER_ADDRESS",
    "DBUS_STARTER_BUS_TYPE",
    "DESKTOP_AUTOSTART_ID",
    "DESKTOP_STARTUP_ID",
    "EMACS_SOCKET_NAME",
    "GDK_BACKEND",
    "I3PM_TOKEN",
    "KITTY_LISTEN_ON",
    "KITTY_PID",
    "KITTY_WINDOW_ID",
    "MOZ_ENABLE_WAYLAND",
    "NVIM",
    "NVIM_LISTEN_ADDRESS",
    "QT_QPA_PLATFORM",
    "SESSION_MANAGER",
    "STY",
    "SWAYSOCK",
    "TMUX",
    "TMUX_PANE",
    "VSCODE_IPC_HOOK_CLI",
    "WAYLAND_DISPLAY",
    "WAYLAND_SOCKET",
    "WEZTERM_PANE",
    "WEZTERM_UNIX_SOCKET",
    "WINDOWID",
    "XDG_ACTIVATION_TOKEN",
];

/// Set in the window of `try`: this program must not change layouts there, because the backups are in
/// the private state.
pub const MARKER: &str = "I3PM_INSIDE_TRY";

/// The places of the nested desktop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The private folder of everything.
    pub root: PathBuf,
    /// The number of the display.
    pub display: u32,
    /// True if programs find no configuration of the user.
    pub has_own_config: bool,
    /// True if it has a session bus.
    pub has_bus: bool,
}

impl Places {
    /// The value of `XDG_RUNTIME_DIR`.
    pub fn runtime(root: &Path) -> PathBuf {
        root.join("run")
    }

    /// The value of `XDG_STATE_HOME`.
    pub fn state(root: &Path) -> PathBuf {
        root.join("state")
    }

    /// The value of `XDG_CONFIG_HOME`, if programs find no configuration of the user.
    pub fn config(root: &Path) -> PathBuf {
        root.join("config")
    }

    /// The folder of commands that come before those of `PATH`.
    pub fn commands(root: &Path) -> PathBuf {
        root.join("bin")
    }

    /// The socket of i3.
    pub fn i3_socket(root: &Path) -> PathBuf {
        root.join("i3.sock")
    }

    /// The socket of the session bus.
    pub fn bus_socket(root: &Path) -> PathBuf {
        root.join("bus")
    }

    /// The file with the cookie of the display.
    pub fn authority(root: &Path) -> PathBuf {
        root.join("Xauthority")
    }
}

/// The environment for the nested desktop.
pub fn environment(
    outer: &BTreeMap<OsString, OsString>,
    places: &Places,
) -> BTreeMap<OsString, OsString> {
    let mut inner = outer.clone();
    for name in OUTSIDE {
        inner.remove(OsStr::new(name));
    }
    let root = places.root.as_path();
    let path = outer.get(OsStr::new("PATH"));
    let mut search = Places::commands(root).into_os_string();
    if let Some(path) = path.filter(|path| !path.is_empty()) {
        search.push(":");
        search.push(path);
    }
    let bus = if places.has_bus {
        bus_address(&Places::bus_socket(root))
    } else {
        // Keeps libraries from starting one, or from finding that of the desktop.
        "disabled:".into()
    };
    let runtime = Places::runtime(root);
    let mut set = |name: &str, value: OsString| {
        inner.insert(name.into(), value);
    };
    set("DISPLAY", format!(":{}", places.display).into());
    set("XAUTHORITY", Places::authority(root).into());
    set("I3SOCK", Places::i3_socket(root).into());
    set("XDG_RUNTIME_DIR", runtime.clone().into());
    set("XDG_STATE_HOME", Places::state(root).into());
    set("XDG_SESSION_TYPE", "x11".into());
    set("XDG_CURRENT_DESKTOP", "i3".into());
    set("DBUS_SESSION_BUS_ADDRESS", bus);
    set("PATH", search);
    // tmux has its sockets in /tmp otherwise.
    set("TMUX_TMPDIR", runtime.into());
    // It would stay mounted in the private folder.
    set("GVFS_DISABLE_FUSE", "1".into());
    if places.has_own_config {
        set("XDG_CONFIG_HOME", Places::config(root).into());
        inner.remove(OsStr::new(MARKER));
    } else {
        set(MARKER, "1".into());
    }
    inner
}

/// The address of a session bus at this socket.
pub fn bus_address(socket: &Path) -> OsString {
    let mut address = OsString::from("unix:path=");
    address.push(socket);
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inner(outer: &[(&str, &str)], has_own_config: bool, has_bus: bool) -> Vec<String> {
        let outer = outer
            .iter()
            .map(|(name, value)| (name.into(), value.into()));
        let places = Places {
            root: "/r".into(),
            display: 9,
            has_own_config,
            has_bus,
        };
        let inner = environment(&outer.collect(), &places);
        let lines = inner
            .iter()
            .map(|(name, value)| format!("{}={}", name.display(), value.display()));
        lines.collect()
    }

    #[test]
    fn nothing_leads_to_the_desktop_outside() {
        let outside = OUTSIDE.map(|name| (name, "outside"));
        let set = [
            ("DISPLAY", ":0"),
            ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/run/user/1000/bus"),
            ("I3SOCK", "/run/user/1000/i3/ipc"),
            ("XDG_RUNTIME_DIR", "/run/user/1000"),
            ("XDG_STATE_HOME", "/home/ada/.state"),
            ("XAUTHORITY", "/home/ada/.Xauthority"),
            (MARKER, "1"),
        ];
        let outer: Vec<(&str, &str)> = outside.into_iter().chain(set).collect();
        let inner = inner(&outer, true, true);
        for line in &inner {
            assert!(!line.contains("outside"), "{line}");
            assert!(!line.contains("/run/user"), "{line}");
            assert!(!line.contains("ada"), "{line}");
            assert_ne!(line, "DISPLAY=:0");
        }
        assert!(inner.contains(&"DBUS_SESSION_BUS_ADDRESS=unix:path=/r/bus".to_owned()));
        assert!(inner.contains(&"XDG_CONFIG_HOME=/r/config".to_owned()));
        assert!(!inner.iter().any(|line| line.starts_with(MARKER)));
    }

    #[test]
    fn home_and_configuration_stay() {
        let outer = [
            ("HOME", "/home/ada"),
            ("XDG_CONFIG_HOME", "/home/ada/.c"),
            ("PATH", "/usr/bin"),
            ("LANG", "C.UTF-8"),
        ];
        let inner = inner(&outer, false, false);
        for line in [
            "HOME=/home/ada",
            "XDG_CONFIG_HOME=/home/ada/.c",
            "PATH=/r/bin:/usr/bin",
            "LANG=C.UTF-8",
            "DBUS_SESSION_BUS_ADDRESS=disabled:",
            "I3PM_INSIDE_TRY=1",
        ] {
            assert!(inner.contains(&line.to_owned()), "{line}: {inner:?}");
        }
    }
}
