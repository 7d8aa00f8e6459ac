//! The vocabulary of a layout file, as values.
//!
//! A [`Layout`] says what a person wrote or what capture saw, before monitors and
//! variables are resolved (that is `compile`'s work).
//! The names are i3's own (i3 user guide, "Tree" and "Layout saving").

use std::collections::BTreeMap;

use crate::geometry::Rect;

/// A whole layout file, version 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// The layout's name; by default that of its file.
    pub name: Option<String>,
    /// The project to which the layout belongs.
    pub project: Option<String>,
    /// Values for `${name}` in commands, directories and environments.
    pub vars: BTreeMap<String, String>,
    /// The monitors as they were at capture, from left to right.
    pub monitors: Vec<Monitor>,
    /// The workspaces, in i3's order.
    pub workspaces: Vec<Workspace>,
    /// The hidden windows of the scratchpad, most recently hidden first.
    /// Their rects are relative to the primary monitor.
    pub scratchpad: Vec<Floating>,
    /// The name of the focused workspace.
    pub focus: Option<String>,
}

impl Layout {
    /// How many windows it has.
    pub fn window_count(&self) -> usize {
        let tiling = self
            .workspaces
            .iter()
            .flat_map(|workspace| &workspace.nodes);
        let floating = self
            .workspaces
            .iter()
            .flat_map(|workspace| &workspace.floating)
            .chain(&self.scratchpad)
            .map(|floating| &floating.node);
        tiling.chain(floating).map(Node::window_count).sum()
    }
}

impl Layout {
    /// Its windows in slot order: workspace by workspace, depth first, tiling before
    /// floating, then the scratchpad.
    pub fn windows(&self) -> Vec<&Window> {
        let on_workspaces = self.workspaces.iter().flat_map(|workspace| {
            let floating = workspace.floating.iter();
            let floating = floating.map(|floating| &floating.node);
            workspace.nodes.iter().chain(floating)
        });
        let hidden = self.scratchpad.iter().map(|floating| &floating.node);
        on_workspaces
            .chain(hidden)
            .flat_map(Node::windows)
            .collect()
    }

    /// Visits the windows in slot order, each with its workspace.
    pub fn for_each_window(&mut self, visit: &mut dyn FnMut(&mut Window, Option<&str>)) {
        for workspace in &mut self.workspaces {
            let name = Some(workspace.name.as_str());
            let floating = workspace.floating.iter_mut();
            let floating = floating.map(|floating| &mut floating.node);
            for node in workspace.nodes.iter_mut().chain(floating) {
                node.for_each(&mut |node| {
                    if let Node::Window(window) = node {
                        visit(window, name);
                    }
                });
            }
        }
        for floating in &mut self.scratchpad {
            floating.node.for_each(&mut |node| {
                if let Node::Window(window) = node {
                    visit(window, None);
                }
            });
        }
    }

    /// Visits all containers and windows, in slot order.
    pub fn for_each_node(&mut self, visit: &mut dyn FnMut(&mut Node)) {
        for workspace in &mut self.workspaces {
            workspace
                .nodes
                .iter_mut()
                .for_each(|node| node.for_each(visit));
            for floating in &mut workspace.floating {
                floating.node.for_each(visit);
            }
        }
        for floating in &mut self.scratchpad {
            floating.node.for_each(visit);
        }
    }

    /// The layout of one of its workspaces alone, with another name: the first that
    /// `is_meant` accepts.
    #[must_use]
    pub fn of_one_workspace(&self, is_meant: &dyn Fn(&Workspace) -> bool, name: &str) -> Self {
        let workspaces: Vec<Workspace> = self
            .workspaces
            .iter()
            .filter(|workspace| is_meant(workspace))
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

/// A monitor as it was at capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Monitor {
    /// Its RandR output name, such as `eDP-1`.
    pub output: String,
    /// Its place on the X screen, in pixels.
    pub rect: Rect,
    /// Whether it is RandR's primary output.
    pub primary: bool,
}

/// A workspace with its windows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Workspace {
    /// The full name, such as `1:code`; i3 takes the number from its start.
    pub name: String,
    /// Output names in order of preference; `primary` means RandR's primary one.
    /// Empty: wherever i3 puts it.
    pub output: Vec<String>,
    /// How its own children are laid out.
    pub layout: ContainerLayout,
    /// Its gaps, where they are not those of the i3 config.
    pub gaps: Gaps,
    /// Whether it is the one shown on its output.
    pub visible: bool,
    /// Tiling children, left to right or top to bottom.
    pub nodes: Vec<Node>,
    /// Floating windows, bottom to top.
    pub floating: Vec<Floating>,
    /// The focus order of all children, where [`default_focus_order`] is not it.
    pub focus_order: Option<Vec<usize>>,
}

/// Gaps of a workspace in pixels (i3 user guide, "Gaps"); `None` for what the i3 config
/// says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gaps {
    /// Between windows.
    pub inner: Option<i32>,
    /// At the upper edge, in addition to the inner ones.
    pub top: Option<i32>,
    /// At the right edge.
    pub right: Option<i32>,
    /// At the lower edge.
    pub bottom: Option<i32>,
    /// At the left edge.
    pub left: Option<i32>,
}

impl Gaps {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What the other one says, else this one.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            inner: other.inner.or(self.inner),
            top: other.top.or(self.top),
            right: other.right.or(self.right),
            bottom: other.bottom.or(self.bottom),
            left: other.left.or(self.left),
        }
    }
}

/// How a container lays out its children (i3 user guide, "Manipulating layout").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ContainerLayout {
    /// Side by side.
    #[default]
    SplitH,
    /// One above the other.
    SplitV,
    /// One visible, with a list of titles.
    Stacked,
    /// One visible, with tabs.
    Tabbed,
}

impl ContainerLayout {
    /// i3's own word, as in `append_layout` files and in replies.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SplitH => "splith",
            Self::SplitV => "splitv",
            Self::Stacked => "stacked",
            Self::Tabbed => "tabbed",
        }
    }
}

/// A tiling child, or the content of a floating container.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all nodes are windows, and a layout has a few dozen of them"
)]
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Several windows.
    Container(Container),
    /// A window.
    Window(Window),
}

impl Node {
    /// How many windows it has.
    pub fn window_count(&self) -> usize {
        match self {
            Self::Window(_) => 1,
            Self::Container(container) => container.nodes.iter().map(Self::window_count).sum(),
        }
    }

    /// Visits it and everything below it, depth first.
    pub fn for_each(&mut self, visit: &mut dyn FnMut(&mut Self)) {
        visit(self);
        if let Self::Container(container) = self {
            for node in &mut container.nodes {
                node.for_each(visit);
            }
        }
    }

    /// Its windows, depth first.
    pub fn windows(&self) -> Vec<&Window> {
        match self {
            Self::Window(window) => vec![window],
            Self::Container(container) => container.nodes.iter().flat_map(Self::windows).collect(),
        }
    }

    /// What containers and windows have in common.
    pub const fn place(&self) -> &Place {
        match self {
            Self::Container(container) => &container.place,
            Self::Window(window) => &window.place,
        }
    }

    /// What containers and windows have in common, to change it.
    pub const fn place_mut(&mut self) -> &mut Place {
        match self {
            Self::Container(container) => &mut container.place,
            Self::Window(window) => &mut window.place,
        }
    }
}

/// A container of several nodes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Container {
    /// How its children are laid out.
    pub layout: ContainerLayout,
    /// Its children, left to right or top to bottom; never empty in a valid file.
    pub nodes: Vec<Node>,
    /// The focus order of its children, where [`default_focus_order`] is not it.
    pub focus_order: Option<Vec<usize>>,
    /// What containers and windows have in common.
    pub place: Place,
}

/// A slot: the place of one window, and how the window comes to be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Window {
    /// The slot's name, unique in the layout.
    pub id: Option<String>,
    /// The criteria by which i3 knows the window.
    pub swallow: Swallow,
    /// What starts the program; `None` when another slot's program opens this window.
    pub command: Option<Command>,
    /// The directory to start in; `~` and variables are resolved by compile.
    pub cwd: Option<String>,
    /// Environment variables to add.
    pub env: BTreeMap<String, String>,
    /// How long to wait for the window, in seconds.
    pub timeout: Option<f64>,
    /// Whether the layout counts as complete without this window.
    pub optional: bool,
    /// What capture saw, for the matcher and for people; i3 never sees it.
    pub seen: Seen,
    /// What containers and windows have in common.
    pub place: Place,
}

/// What containers and windows have in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    /// The share of the parent, in percent (0 to 100); `None` shares evenly.
    pub percent: Option<f64>,
    /// i3 marks, in order.
    pub marks: Vec<String>,
    /// The border, where it is not the default of the i3 config.
    pub border: Option<Border>,
    /// The title format (i3 user guide, "Window title format").
    pub title_format: Option<String>,
    /// Whether it covers its output, or all of them.
    pub fullscreen: Fullscreen,
    /// Whether it stays visible when the workspace changes (only seen when floating).
    pub sticky: bool,
    /// Whether it has the focus inside its parent; see [`default_focus_order`].
    pub focused: bool,
}

/// Fullscreen, as i3 has it (i3 user guide, "Manipulating layout").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Fullscreen {
    /// Not fullscreen.
    #[default]
    None,
    /// Covers its output.
    Output,
    /// Covers all outputs.
    Global,
}

/// A border, as i3's `border` command takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Border {
    /// No border at all.
    None,
    /// A frame of this many pixels without a title bar.
    Pixel(u32),
    /// A title bar, and a frame of this many pixels.
    Normal(u32),
}

/// i3's criteria for a window; each is a PCRE that is searched, not anchored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Swallow {
    /// Second part of `WM_CLASS`.
    pub class: Option<String>,
    /// First part of `WM_CLASS`.
    pub instance: Option<String>,
    /// `_NET_WM_NAME`, else `WM_NAME`.
    pub title: Option<String>,
    /// `WM_WINDOW_ROLE`.
    pub window_role: Option<String>,
    /// `WM_CLIENT_MACHINE`.
    pub machine: Option<String>,
}

impl Swallow {
    /// Whether there is no criterion at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// i3's name and the pattern of each criterion that is there, in file order.
    pub fn criteria(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("class", &self.class),
            ("instance", &self.instance),
            ("title", &self.title),
            ("window_role", &self.window_role),
            ("machine", &self.machine),
        ]
        .into_iter()
        .filter_map(|(name, pattern)| pattern.as_deref().map(|pattern| (name, pattern)))
    }
}

/// A command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// One string, split by the shell's quoting rules but not run by a shell.
    Line(String),
    /// The arguments, the program first.
    Args(Vec<String>),
}

/// What capture saw of a window and a person need not edit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The window's title.
    pub title: Option<String>,
    /// The command line of the process, where the command came from elsewhere.
    pub process: Option<String>,
    /// Where the command came from.
    pub source: Option<CommandSource>,
}

impl Seen {
    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Where a captured command came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CommandSource {
    /// A desktop entry's `Exec`.
    DesktopEntry,
    /// What is known about the terminal, and what runs in it.
    Terminal,
    /// The command line of the running process.
    Process,
    /// A rule of the user.
    Rule,
    /// A person wrote it.
    Manual,
}

/// A floating window or container.
#[derive(Clone, Debug, PartialEq)]
pub struct Floating {
    /// What floats.
    pub node: Node,
    /// Its place in pixels relative to the workspace's output, borders included.
    /// `None`: i3 centers it at the program's own size.
    pub rect: Option<Rect>,
    /// Whether it is a window of the scratchpad that is being shown.
    pub scratchpad: bool,
}

/// The focus order of children where the file does not spell it out.
///
/// `focused[i]` says that child `i` itself has `focused: true`, `holds_focused[i]`
/// that something below it has.
/// First comes the child that is focused, else the first one that holds something
/// focused, else the first one; then the others in tree order.
/// The result lists positions of children, most recently focused first, as i3's
/// own `focus` lists do.
pub fn default_focus_order(focused: &[bool], holds_focused: &[bool]) -> Vec<usize> {
    let head = focused
        .iter()
        .position(|&is| is)
        .or_else(|| holds_focused.iter().position(|&is| is))
        .unwrap_or(0);
    let others = (0..focused.len()).filter(|&position| position != head);
    std::iter::once(head)
        .take(focused.len())
        .chain(others)
        .collect()
}
