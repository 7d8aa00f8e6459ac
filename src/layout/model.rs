//! The model of layout files.
//!
//! A [`Layout`] is written by the user or by `capture`. `compile` resolves monitors and variables.
//! The names are those of i3 (i3 user guide, "Tree" and "Layout saving").

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::document::Path;
use crate::geometry::Rect;
use crate::live::Edid;
use crate::tree::{self, Attributes};

pub use super::command::Command;
pub use super::criterion::Swallow;
use super::hooks::Hooks;
pub use super::percent::Percent;
use super::profile::Profile;
pub use crate::tree::{Border, ContainerLayout, Fullscreen, Gaps};

/// A tiling child, or the content of a floating frame. Its share is in percent.
pub type Node<W = Window> = tree::Node<W, Percent>;

/// A container of several nodes.
pub type Container<W = Window> = tree::Container<W, Percent>;

/// A floating window or container. Its rect is relative to the workspace's output, or in the
/// scratchpad to the primary output.
pub type Floating<W = Window> = tree::Floating<W, Percent>;

/// The children of a workspace.
pub type Content<W = Window> = tree::Content<W, Percent>;

/// A layout file, version 1.
///
/// `W` is the type of windows. `capture` and `update` build the tree with other types
/// first.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout<W = Window> {
    /// The layout's name. Default: the name of its file.
    pub name: Option<String>,
    /// The layout's project.
    pub project: Option<String>,
    /// Variables for `${name}` in commands, directories and environments.
    pub vars: BTreeMap<String, String>,
    /// The variables without a value, which the command line must give.
    pub required_vars: BTreeSet<String>,
    /// The files whose variables and templates the layout takes over, relative to its own directory.
    pub include: Vec<String>,
    /// Its own templates of slots.
    pub templates: BTreeMap<String, Template>,
    /// What it has taken over from included files. It is not written.
    pub included: Included,
    /// Commands that run before or after `apply` and `capture`.
    pub hooks: Hooks,
    /// The monitors at the time of the capture, from left to right.
    pub monitors: Vec<Monitor>,
    /// The places of workspaces on other sets of monitors.
    pub profiles: Vec<Profile>,
    /// The workspaces, in the order of their monitors, and on each in i3's order.
    pub workspaces: Vec<Workspace<W>>,
    /// The hidden windows of the scratchpad, most recently hidden first.
    pub scratchpad: Vec<Floating<W>>,
    /// The name of the focused workspace.
    pub focus: Option<String>,
}

/// A window of a layout with its surroundings.
#[derive(Debug)]
pub struct SlotRef<'l, W> {
    /// The window.
    pub window: &'l W,
    /// The attributes of its node.
    pub attributes: &'l Attributes,
    /// The name of its workspace; `None` in the scratchpad.
    pub workspace: Option<&'l str>,
}

impl<W> Clone for SlotRef<'_, W> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<W> Copy for SlotRef<'_, W> {}

impl<W> Default for Layout<W> {
    fn default() -> Self {
        Self {
            name: None,
            project: None,
            vars: BTreeMap::new(),
            required_vars: BTreeSet::new(),
            include: Vec::new(),
            templates: BTreeMap::new(),
            included: Included::default(),
            hooks: Hooks::default(),
            monitors: Vec::new(),
            profiles: Vec::new(),
            workspaces: Vec::new(),
            scratchpad: Vec::new(),
            focus: None,
        }
    }
}

impl<W> Layout<W> {
    /// The number of its windows.
    pub fn window_count(&self) -> usize {
        self.windows().count()
    }

    /// Its windows in slot order: workspace by workspace, depth first, tiling before
    /// floating, then the scratchpad.
    pub fn windows(&self) -> impl Iterator<Item = &W> {
        self.slots().map(|slot| slot.window)
    }

    /// Its windows with their surroundings, in slot order.
    pub fn slots(&self) -> impl Iterator<Item = SlotRef<'_, W>> {
        let on_workspaces = self.workspaces.iter().flat_map(|workspace| {
            let children = workspace.content.children();
            children.map(|node| (node, Some(workspace.name.as_str())))
        });
        let hidden = self.scratchpad.iter();
        let hidden = hidden.map(|floating| (&floating.node, None));
        on_workspaces.chain(hidden).flat_map(|(node, workspace)| {
            node.descendants().filter_map(move |node| {
                Some(SlotRef {
                    window: node.as_leaf()?,
                    attributes: &node.attributes,
                    workspace,
                })
            })
        })
    }

    /// Its containers and windows with their paths in the file, in slot order, containers
    /// before their children.
    pub fn nodes(&self) -> Vec<(Path, &Node<W>)> {
        let root = Path::default();
        let mut found = Vec::new();
        let workspaces = root.key("workspaces");
        for (position, workspace) in self.workspaces.iter().enumerate() {
            found.extend(nodes_of(&workspace.content, &workspaces.index(position)));
        }
        let scratchpad = root.key("scratchpad");
        for (position, floating) in self.scratchpad.iter().enumerate() {
            add_nodes(&floating.node, scratchpad.index(position), &mut found);
        }
        found
    }

    /// Visits all containers and windows, in slot order.
    pub fn for_each_node(&mut self, visit: &mut dyn FnMut(&mut Node<W>)) {
        let workspaces = self.workspaces.iter_mut();
        let children = workspaces.flat_map(|workspace| workspace.content.children_mut());
        let hidden = self.scratchpad.iter_mut();
        for node in children.chain(hidden.map(|floating| &mut floating.node)) {
            node.for_each_mut(visit);
        }
    }

    /// Visits the windows in slot order.
    pub fn for_each_window(&mut self, visit: &mut dyn FnMut(&mut W)) {
        self.for_each_node(&mut |node| {
            if let tree::Kind::Leaf(window) = &mut node.kind {
                visit(window);
            }
        });
    }

    /// Replaces the windows, in slot order. The function gets a window, its attributes,
    /// which it can change, and the name of its workspace.
    pub fn map<M>(
        self,
        window: &mut dyn FnMut(W, &mut Attributes, Option<&str>) -> M,
    ) -> Layout<M> {
        Layout {
            name: self.name,
            project: self.project,
            vars: self.vars,
            required_vars: self.required_vars,
            include: self.include,
            templates: self.templates,
            included: self.included,
            hooks: self.hooks,
            monitors: self.monitors,
            profiles: self.profiles,
            workspaces: self
                .workspaces
                .into_iter()
                .map(|workspace| Workspace {
                    content: workspace.content.map(&mut |leaf, attributes| {
                        window(leaf, attributes, Some(&workspace.name))
                    }),
                    name: workspace.name,
                    output: workspace.output,
                    gaps: workspace.gaps,
                    visible: workspace.visible,
                })
                .collect(),
            scratchpad: self
                .scratchpad
                .into_iter()
                .map(|floating| {
                    floating.map(&mut |leaf, attributes| window(leaf, attributes, None))
                })
                .collect(),
            focus: self.focus,
        }
    }
}

impl<W> Layout<W> {
    /// Renames the outputs for which `name` returns another name.
    pub fn rename_outputs(&mut self, name: &dyn Fn(&str) -> Option<String>) {
        let wishes = self.workspaces.iter_mut().flat_map(|one| &mut one.output);
        let monitors = self.monitors.iter_mut().map(|one| &mut one.output);
        for current in wishes.chain(monitors) {
            if let Some(new) = name(current) {
                *current = new;
            }
        }
    }

    /// Renames the workspaces for which `name` returns another name.
    pub fn rename_workspaces(&mut self, name: &dyn Fn(&str) -> Option<String>) {
        let names = self.workspaces.iter_mut().map(|one| &mut one.name);
        for current in names.chain(&mut self.focus) {
            if let Some(new) = name(current) {
                *current = new;
            }
        }
    }
}

impl Layout {
    /// Reduces the layout to the first workspace that `is_wanted` accepts, with another name.
    #[must_use]
    pub fn of_one_workspace(&self, is_wanted: &dyn Fn(&Workspace) -> bool, name: &str) -> Self {
        let workspaces: Vec<Workspace> = self
            .workspaces
            .iter()
            .filter(|workspace| is_wanted(workspace))
            .take(1)
            .map(|workspace| Workspace {
                name: name.to_owned(),
                ..workspace.clone()
            })
            .collect();
        Self {
            focus: workspaces
                .iter()
                .any(|workspace| workspace.visible)
                .then(|| name.to_owned()),
            workspaces,
            scratchpad: Vec::new(),
            ..self.clone()
        }
    }
}

/// As [`Layout::nodes`], for the content of a workspace at `path`.
pub fn nodes_of<'n, W>(content: &'n Content<W>, path: &Path) -> Vec<(Path, &'n Node<W>)> {
    let mut found = Vec::new();
    let nodes = path.key("nodes");
    for (position, node) in content.nodes.iter().enumerate() {
        add_nodes(node, nodes.index(position), &mut found);
    }
    let floating = path.key("floating");
    for (position, entry) in content.floating.iter().enumerate() {
        add_nodes(&entry.node, floating.index(position), &mut found);
    }
    found
}

fn add_nodes<'n, W>(node: &'n Node<W>, path: Path, found: &mut Vec<(Path, &'n Node<W>)>) {
    let children = path.key("nodes");
    found.push((path, node));
    for (position, child) in node.nodes().iter().enumerate() {
        add_nodes(child, children.index(position), found);
    }
}

/// A monitor at the time of the capture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Monitor {
    /// Its RandR output name, such as `eDP-1`.
    pub output: String,
    /// Its position on the X screen, in pixels.
    pub rect: Rect,
    /// True for RandR's primary output.
    pub primary: bool,
    /// The identity of the monitor.
    pub edid: Edid,
}

/// A workspace with its windows.
#[derive(Clone, Debug, PartialEq)]
pub struct Workspace<W = Window> {
    /// The full name, such as `1:code`. i3 takes the number from its start.
    pub name: String,
    /// Output names in order of preference. `primary` means RandR's primary output, and
    /// `nonprimary` the first other one. If empty, i3 chooses the output.
    pub output: Vec<String>,
    /// Its gaps, if they differ from the i3 config.
    pub gaps: Gaps,
    /// True if its output shows it.
    pub visible: bool,
    /// Its windows and containers.
    pub content: Content<W>,
}

impl<W> Default for Workspace<W> {
    fn default() -> Self {
        Self {
            name: String::new(),
            output: Vec::new(),
            gaps: Gaps::default(),
            visible: false,
            content: Content::default(),
        }
    }
}

/// A slot: the place of a window, and the command that opens it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Window {
    /// The slot's name, unique in the layout.
    pub id: Option<String>,
    /// The template that gives the properties that the slot itself does not have.
    pub base: Option<Base>,
    /// The criteria that i3 uses to recognize the window.
    pub swallow: Swallow,
    /// The command that starts the program; `None` if the program of another slot opens the
    /// window.
    pub command: Option<Command>,
    /// The working directory. `compile` resolves `~` and variables.
    pub cwd: Option<String>,
    /// Additional environment variables.
    pub env: BTreeMap<String, String>,
    /// The time to wait for the window, in seconds.
    pub timeout: Option<f64>,
    /// True if the layout is complete without this window.
    pub optional: bool,
    /// Properties at the time of the capture, for `matching` and for people. i3 does not get
    /// them.
    pub seen: Seen,
}

/// A template of slots.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Template(pub Window);

/// The template of a slot.
#[derive(Clone, Debug, PartialEq)]
pub struct Base {
    /// The name of the template.
    pub name: String,
    /// The template; `None` if the layout and the files that it includes have none of this name.
    pub template: Option<Box<Template>>,
    /// The keys of a template that are `null` or `false` in the slot. As everywhere, this means the same
    /// as no key, so it cannot take away what the template gives.
    pub(super) without: Vec<String>,
}

/// What layouts take over from files that they include: their variables and templates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Included {
    /// Variables with a value.
    pub vars: BTreeMap<String, String>,
    /// Variables without a value.
    pub required_vars: BTreeSet<String>,
    /// Templates by name.
    pub templates: BTreeMap<String, Template>,
}

/// Properties of a window at the time of the capture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The window's title.
    pub title: Option<String>,
    /// The command line of the process, if the command has another source.
    pub process: Option<String>,
    /// True if the window calls itself a dialog although its program has no other window.
    pub dialog: bool,
}

impl Seen {
    /// True if no property is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
