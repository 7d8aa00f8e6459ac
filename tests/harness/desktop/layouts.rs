//! Layout and configuration files of the desktop's user.

use std::fmt::{self, Display};
use std::fs;
use std::path::PathBuf;

use super::Desktop;

/// The path of the user's configuration file below [`Desktop::path`].
pub(crate) const CONFIG: &str = "config/i3pm-layout/config.yaml";

/// A slot of a layout file: a window on one line.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    id: String,
    swallow: String,
    keys: Vec<String>,
}

impl Slot {
    /// A slot whose id is also the instance that it matches.
    pub(crate) fn new(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            swallow: format!("instance: ^{id}$"),
            keys: Vec::new(),
        }
    }

    /// A slot of a program that runs and opens no window.
    pub(crate) fn without_window(id: &str) -> Self {
        Self::new(id).command("sleep 1000")
    }

    /// Replaces the criteria, for example by `class: ^Code$`.
    pub(crate) fn swallow(mut self, criteria: &str) -> Self {
        criteria.clone_into(&mut self.swallow);
        self
    }

    /// Adds a command, as typed in a shell.
    pub(crate) fn command(self, command: &str) -> Self {
        self.with(&format!("command: {command:?}"))
    }

    /// Adds keys, such as `percent: 60, focused: true`.
    pub(crate) fn with(mut self, keys: &str) -> Self {
        self.keys.push(keys.to_owned());
        self
    }
}

impl Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{ id: {}, swallow: {{ {} }}", self.id, self.swallow)?;
        for keys in &self.keys {
            write!(f, ", {keys}")?;
        }
        f.write_str(" }")
    }
}

/// A workspace of a layout file.
#[derive(Clone, Debug)]
pub(crate) struct Workspace(String);

impl Workspace {
    /// A workspace without windows and without `visible`.
    pub(crate) fn new(name: &str) -> Self {
        Self(format!("  - name: {name:?}\n"))
    }

    /// A visible workspace.
    pub(crate) fn shown(name: &str) -> Self {
        Self::new(name).with("visible: true")
    }

    /// Adds a key, such as `output: eDP-1`.
    pub(crate) fn with(mut self, key: &str) -> Self {
        for part in ["    ", key, "\n"] {
            self.0.push_str(part);
        }
        self
    }

    /// Adds tiling nodes: slots, or containers such as `{ layout: tabbed, nodes: [...] }`.
    pub(crate) fn nodes<T: Display>(self, nodes: impl IntoIterator<Item = T>) -> Self {
        self.list("nodes", nodes)
    }

    /// Adds floating windows.
    pub(crate) fn floating<T: Display>(self, slots: impl IntoIterator<Item = T>) -> Self {
        self.list("floating", slots)
    }

    fn list<T: Display>(self, key: &str, items: impl IntoIterator<Item = T>) -> Self {
        items
            .into_iter()
            .fold(self.with(&format!("{key}:")), |workspace, item| {
                workspace.with(&format!("  - {item}"))
            })
    }
}

/// The text of a layout file with these workspaces.
pub(crate) fn layout(workspaces: impl IntoIterator<Item = Workspace>) -> String {
    let workspaces: String = workspaces.into_iter().map(|one| one.0).collect();
    format!("version: 1\nworkspaces:\n{workspaces}")
}

impl Desktop {
    /// Writes the user's configuration file with these lines.
    pub(crate) fn configure(&self, lines: &str) -> PathBuf {
        self.write(CONFIG, &format!("version: 1\n{lines}"))
    }

    /// The path of a layout, such as `daily` or `work/daily`.
    pub(crate) fn layout_path(&self, name: &str) -> PathBuf {
        self.path
            .join(format!("config/i3pm-layout/layouts/{name}.yaml"))
    }

    /// The file of the records of windows.
    pub(crate) fn records_path(&self) -> PathBuf {
        let display = self.display().name().replace(':', "_");
        self.path
            .join(format!("runtime/i3pm-layout/records-{display}.json"))
    }

    /// The text of a layout.
    #[track_caller]
    pub(crate) fn layout(&self, name: &str) -> String {
        fs::read_to_string(self.layout_path(name)).expect("the layout was saved")
    }

    /// Saves a layout as this text.
    pub(crate) fn save_text(&self, name: &str, text: &str) {
        self.write(&format!("config/i3pm-layout/layouts/{name}.yaml"), text);
    }

    /// Saves a layout with these workspaces.
    pub(crate) fn save_workspaces(
        &self,
        name: &str,
        workspaces: impl IntoIterator<Item = Workspace>,
    ) {
        self.save_text(name, &layout(workspaces));
    }

    /// Saves a layout with these nodes on the visible workspace `1`.
    pub(crate) fn save<T: Display>(&self, name: &str, nodes: impl IntoIterator<Item = T>) {
        self.save_workspaces(name, [Workspace::shown("1").nodes(nodes)]);
    }
}
