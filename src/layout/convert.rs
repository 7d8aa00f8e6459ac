//! Between the shape of the file and the model.
//!
//! Reading never stops: what cannot be converted is left out and named, so that one
//! look at a file finds everything.

use crate::geometry::Rect;

use super::file::{
    FileCommand, FileContainerLayout, FileFullscreen, FileGaps, FileIcon, FileLayout, FileMonitor,
    FileNode, FileSeen, FileSource, FileSwallow, FileWorkspace, OneOrMany, VERSION,
};
use super::focus::{self, Written};
use super::model::{
    Border, Command, CommandSource, Container, ContainerLayout, Content, Floating, Fullscreen,
    Gaps, Layout, Monitor, Node, Percent, Seen, Swallow, Window, Workspace,
};
use crate::document::{Fault, Finding, Path};
use crate::tree::{Attributes, Kind};

/// The model of a file, and what in the file is no part of it.
pub fn to_model(file: FileLayout) -> (Layout, Vec<Finding>) {
    let mut reader = Reader {
        findings: Vec::new(),
    };
    let root = Path::default();
    if file.version != VERSION {
        let fault = Fault::UnknownVersion(file.version);
        reader.find(Finding::new(root.key("version"), fault));
    }
    let layout = Layout {
        name: file.name,
        project: file.project,
        vars: file.vars,
        monitors: each(file.monitors, &root.key("monitors"), |monitor, path| {
            reader.monitor(monitor, path)
        }),
        workspaces: each(
            file.workspaces,
            &root.key("workspaces"),
            |workspace, path| reader.workspace(workspace, path),
        ),
        scratchpad: each(file.scratchpad, &root.key("scratchpad"), |node, path| {
            reader.floating(node, path)
        }),
        focus: file.focus,
    };
    (layout, reader.findings)
}

fn each<F, M>(list: Vec<F>, path: &Path, mut convert: impl FnMut(F, &Path) -> M) -> Vec<M> {
    list.into_iter()
        .enumerate()
        .map(|(position, entry)| convert(entry, &path.index(position)))
        .collect()
}

struct Reader {
    findings: Vec<Finding>,
}

impl Reader {
    fn find(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    fn rect(&mut self, text: &str, path: &Path) -> Option<Rect> {
        text.parse()
            .map_err(|error: crate::geometry::RectError| {
                self.find(Finding::new(path.key("rect"), error));
            })
            .ok()
    }

    fn monitor(&mut self, monitor: FileMonitor, path: &Path) -> Monitor {
        Monitor {
            rect: self.rect(&monitor.rect, path).unwrap_or_default(),
            output: monitor.output,
            primary: monitor.primary,
        }
    }

    fn workspace(&mut self, workspace: FileWorkspace, path: &Path) -> Workspace {
        let (nodes, floating) = (path.key("nodes"), path.key("floating"));
        let children = in_list(&workspace.nodes, &nodes)
            .chain(in_list(&workspace.floating, &floating))
            .collect();
        let focus = self.focus(workspace.focus_order, children, path);
        Workspace {
            name: workspace.name,
            output: workspace.output.0,
            gaps: workspace
                .gaps
                .map(|gaps| self.gaps(&gaps, &path.key("gaps")))
                .unwrap_or_default(),
            visible: workspace.visible,
            content: Content {
                layout: workspace.layout.map(Into::into).unwrap_or_default(),
                nodes: self.nodes(workspace.nodes, &nodes),
                floating: each(workspace.floating, &floating, |node, path| {
                    self.floating(node, path)
                }),
                focus,
            },
        }
    }

    /// The focus order of children, spelled out or not.
    fn focus(
        &mut self,
        order: Option<Vec<usize>>,
        children: Vec<(&FileNode, Path)>,
        path: &Path,
    ) -> Vec<usize> {
        let focused: Vec<bool> = children.iter().map(|(node, _)| node.focused).collect();
        let holds: Vec<bool> = children
            .iter()
            .map(|(node, _)| holds_focused(node))
            .collect();
        let count = children.len();
        let mut paths = children
            .into_iter()
            .filter(|(node, _)| node.focused)
            .map(|(_, path)| path.key("focused"));
        if let Some(first) = paths.next() {
            for other in paths {
                let finding = Finding::key(other, Fault::TwoFocused);
                self.find(finding.besides(first.clone()));
            }
        }
        if let Some(order) = order {
            let mut sorted = order.clone();
            sorted.sort_unstable();
            if sorted.iter().copied().eq(0..count) {
                return order;
            }
            let expected = match count {
                0 => "[]".to_owned(),
                1 => "[0]".to_owned(),
                _ => format!("numbers from 0 to {}", count - 1),
            };
            let fault = Fault::FocusOrder {
                children: count,
                expected,
            };
            self.find(Finding::new(path.key("focus_order"), fault));
        }
        focus::default_order(&focused, &holds)
    }

    fn gaps(&mut self, gaps: &FileGaps, path: &Path) -> Gaps {
        for (key, size) in [
            ("inner", gaps.inner),
            ("outer", gaps.outer),
            ("top", gaps.top),
            ("right", gaps.right),
            ("bottom", gaps.bottom),
            ("left", gaps.left),
        ] {
            let least = if key == "inner" { 0 } else { -LARGEST_GAP };
            if let Some(size) = size
                && !(least..=LARGEST_GAP).contains(&size)
            {
                let fault = Fault::OutOfRange {
                    subject: format!("`{key}`"),
                    range: format!("at least {least} and at most {LARGEST_GAP} pixels"),
                    found: size.to_string(),
                };
                self.find(Finding::new(path.key(key), fault));
            }
        }
        Gaps {
            inner: gaps.inner,
            top: gaps.top.or(gaps.outer),
            right: gaps.right.or(gaps.outer),
            bottom: gaps.bottom.or(gaps.outer),
            left: gaps.left.or(gaps.outer),
        }
    }

    fn floating(&mut self, mut node: FileNode, path: &Path) -> Floating {
        Floating {
            rect: node.rect.take().and_then(|rect| self.rect(&rect, path)),
            scratchpad: std::mem::take(&mut node.scratchpad),
            node: self.node(node, path),
        }
    }

    fn nodes(&mut self, nodes: Vec<FileNode>, path: &Path) -> Vec<Node> {
        each(nodes, path, |node, path| {
            for (key, there) in [
                ("rect", node.rect.is_some()),
                ("scratchpad", node.scratchpad),
            ] {
                if there {
                    let fault = Fault::FloatingKey(key.to_owned());
                    self.find(Finding::key(path.key(key), fault));
                }
            }
            self.node(node, path)
        })
    }

    fn node(&mut self, node: FileNode, path: &Path) -> Node {
        let attributes = self.attributes(&node, path);
        let share = Percent(node.percent);
        let kind = if let Some(nodes) = node.nodes {
            for (key, there) in [
                ("id", node.id.is_some()),
                ("swallow", node.swallow.is_some()),
                ("command", node.command.is_some()),
                ("cwd", node.cwd.is_some()),
                ("env", !node.env.is_empty()),
                ("timeout", node.timeout.is_some()),
                ("optional", node.optional),
                ("seen", node.seen.is_some()),
            ] {
                if there {
                    let fault = Fault::WindowKeyInContainer(key);
                    self.find(Finding::key(path.key(key), fault));
                }
            }
            let list = path.key("nodes");
            Kind::Container(Container {
                layout: node.layout.map(Into::into).unwrap_or_default(),
                focus: self.focus(node.focus_order, in_list(&nodes, &list).collect(), path),
                nodes: self.nodes(nodes, &list),
            })
        } else {
            for (key, there) in [
                ("layout", node.layout.is_some()),
                ("focus_order", node.focus_order.is_some()),
            ] {
                if there {
                    let fault = Fault::ContainerKeyInWindow(key);
                    self.find(Finding::key(path.key(key), fault));
                }
            }
            if node.swallow == Some(FileSwallow::default()) {
                self.find(Finding::new(path.key("swallow"), Fault::EmptySwallow));
            }
            Kind::Leaf(Window {
                id: node.id,
                swallow: node.swallow.map(Into::into).unwrap_or_default(),
                command: node.command.map(Into::into),
                cwd: node.cwd,
                env: node.env,
                timeout: node.timeout,
                optional: node.optional,
                seen: node.seen.map(Into::into).unwrap_or_default(),
            })
        };
        Node {
            share,
            attributes,
            kind,
        }
    }

    fn attributes(&mut self, node: &FileNode, path: &Path) -> Attributes {
        Attributes {
            marks: node.marks.clone(),
            border: node.border.as_ref().and_then(|text| {
                let border = border(text);
                if border.is_none() {
                    let fault = Fault::Border(text.clone());
                    self.find(Finding::new(path.key("border"), fault));
                }
                border
            }),
            title_format: node.title_format.clone(),
            title_window_icon: match node.title_window_icon {
                Some(FileIcon::Shown(true)) => Some(0),
                Some(FileIcon::Padding(padding)) => Some(padding),
                Some(FileIcon::Shown(false)) | None => None,
            },
            fullscreen: node.fullscreen.map(Into::into).unwrap_or_default(),
            sticky: node.sticky,
        }
    }
}

/// The entries of a list with their paths.
fn in_list<'n>(
    nodes: &'n [FileNode],
    list: &'n Path,
) -> impl Iterator<Item = (&'n FileNode, Path)> {
    nodes
        .iter()
        .enumerate()
        .map(|(position, node)| (node, list.index(position)))
}

/// True if something below the node is `focused`.
fn holds_focused(node: &FileNode) -> bool {
    let mut nodes = node.nodes.iter().flatten();
    nodes.any(|node| node.focused || holds_focused(node))
}

/// Four equal edges are one `outer`.
fn file_gaps(gaps: Gaps) -> Option<FileGaps> {
    let Gaps {
        inner,
        top,
        right,
        bottom,
        left,
    } = gaps;
    let outer = top.filter(|_| [right, bottom, left] == [top; 3]);
    let edge = |size: Option<i32>| size.filter(|_| outer.is_none());
    (!gaps.is_empty()).then(|| FileGaps {
        inner,
        outer,
        top: edge(top),
        right: edge(right),
        bottom: edge(bottom),
        left: edge(left),
    })
}

/// The largest gap, in pixels: more is a typing error.
const LARGEST_GAP: i32 = 10_000;

fn border(text: &str) -> Option<Border> {
    if text == "none" {
        return Some(Border::None);
    }
    let (style, width) = text.split_once(' ')?;
    if !width.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // i3 reads the width into a signed number.
    let width = width.parse().ok().filter(|width| *width <= 65_535)?;
    match style {
        "pixel" => Some(Border::Pixel(width)),
        "normal" => Some(Border::Normal(width)),
        _ => None,
    }
}

/// The file of a model, with everything left out that is at its default.
pub fn to_file(layout: &Layout) -> FileLayout {
    FileLayout {
        schema: None,
        version: VERSION,
        name: layout.name.clone(),
        project: layout.project.clone(),
        vars: layout.vars.clone(),
        monitors: layout
            .monitors
            .iter()
            .map(|monitor| FileMonitor {
                output: monitor.output.clone(),
                rect: monitor.rect.to_string(),
                primary: monitor.primary,
            })
            .collect(),
        workspaces: layout.workspaces.iter().map(workspace_to_file).collect(),
        scratchpad: layout.scratchpad.iter().map(floating_to_file).collect(),
        focus: layout.focus.clone(),
    }
}

fn workspace_to_file(workspace: &Workspace) -> FileWorkspace {
    let content = &workspace.content;
    let mut nodes: Vec<FileNode> = content.nodes.iter().map(node_to_file).collect();
    let mut floating: Vec<FileNode> = content.floating.iter().map(floating_to_file).collect();
    let focus_order = write_focus(
        &content.focus,
        nodes.iter_mut().chain(&mut floating).collect(),
    );
    FileWorkspace {
        name: workspace.name.clone(),
        output: OneOrMany(workspace.output.clone()),
        layout: (content.layout != ContainerLayout::default()).then(|| content.layout.into()),
        gaps: file_gaps(workspace.gaps),
        visible: workspace.visible,
        nodes,
        floating,
        focus_order,
    }
}

/// Marks the focused child, or returns the order to write at the parent.
fn write_focus(order: &[usize], mut children: Vec<&mut FileNode>) -> Option<Vec<usize>> {
    let holds: Vec<bool> = children.iter().map(|node| holds_focused(node)).collect();
    match focus::shortest(order, &holds) {
        Written::Nothing => None,
        Written::Focused(child) => {
            if let Some(node) = children.get_mut(child) {
                node.focused = true;
            }
            None
        }
        Written::Order(order) => Some(order),
    }
}

fn floating_to_file(floating: &Floating) -> FileNode {
    FileNode {
        rect: floating.rect.map(|rect| rect.to_string()),
        scratchpad: floating.scratchpad,
        ..node_to_file(&floating.node)
    }
}

fn node_to_file(node: &Node) -> FileNode {
    let attributes = &node.attributes;
    let common = FileNode {
        percent: node.share.0.filter(|percent| percent.is_finite()),
        marks: attributes.marks.clone(),
        border: attributes.border.map(|border| border.to_string()),
        title_format: attributes.title_format.clone(),
        title_window_icon: attributes.title_window_icon.map(|padding| match padding {
            0 => FileIcon::Shown(true),
            padding => FileIcon::Padding(padding),
        }),
        fullscreen: match attributes.fullscreen {
            Fullscreen::None => None,
            Fullscreen::Output => Some(FileFullscreen::Output),
            Fullscreen::Global => Some(FileFullscreen::Global),
        },
        sticky: attributes.sticky,
        ..FileNode::default()
    };
    match &node.kind {
        Kind::Container(container) => {
            let mut nodes: Vec<FileNode> = container.nodes.iter().map(node_to_file).collect();
            FileNode {
                layout: (container.layout != ContainerLayout::default())
                    .then(|| container.layout.into()),
                focus_order: write_focus(&container.focus, nodes.iter_mut().collect()),
                nodes: Some(nodes),
                ..common
            }
        }
        Kind::Leaf(window) => FileNode {
            id: window.id.clone(),
            swallow: (!window.swallow.is_empty()).then(|| window.swallow.clone().into()),
            command: window.command.clone().map(Into::into),
            cwd: window.cwd.clone(),
            env: window.env.clone(),
            timeout: window.timeout.filter(|timeout| timeout.is_finite()),
            optional: window.optional,
            seen: (!window.seen.is_empty()).then(|| window.seen.clone().into()),
            ..common
        },
    }
}

macro_rules! same_variants {
    ($file:ident, $model:ident, $($variant:ident),+) => {
        impl From<$file> for $model {
            fn from(value: $file) -> Self {
                match value { $($file::$variant => Self::$variant),+ }
            }
        }

        impl From<$model> for $file {
            fn from(value: $model) -> Self {
                match value { $($model::$variant => Self::$variant),+ }
            }
        }
    };
}

same_variants!(
    FileContainerLayout,
    ContainerLayout,
    SplitH,
    SplitV,
    Stacked,
    Tabbed
);
same_variants!(
    FileSource,
    CommandSource,
    DesktopEntry,
    Terminal,
    Process,
    Rule,
    Manual
);
same_variants!(FileFullscreen, Fullscreen, None, Output, Global);

macro_rules! same_fields {
    ($file:ident, $model:ident, $($field:ident),+) => {
        impl From<$file> for $model {
            fn from(value: $file) -> Self {
                Self { $($field: value.$field),+ }
            }
        }

        impl From<$model> for $file {
            fn from(value: $model) -> Self {
                Self { $($field: value.$field),+ }
            }
        }
    };
}

same_fields!(
    FileSwallow,
    Swallow,
    class,
    instance,
    title,
    window_role,
    machine
);

impl From<FileSeen> for Seen {
    fn from(seen: FileSeen) -> Self {
        Self {
            title: seen.title,
            process: seen.process,
            source: seen.source.map(Into::into),
        }
    }
}

impl From<Seen> for FileSeen {
    fn from(seen: Seen) -> Self {
        Self {
            title: seen.title,
            process: seen.process,
            source: seen.source.map(Into::into),
        }
    }
}

impl From<FileCommand> for Command {
    fn from(command: FileCommand) -> Self {
        match command {
            FileCommand::Line(line) => Self::Line(line),
            FileCommand::Args(args) => Self::Args(args),
        }
    }
}

impl From<Command> for FileCommand {
    fn from(command: Command) -> Self {
        match command {
            Command::Line(line) => Self::Line(line),
            Command::Args(args) => Self::Args(args),
        }
    }
}
