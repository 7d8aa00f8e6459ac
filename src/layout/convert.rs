//! Between the shape of the file and the model.
//!
//! Reading never stops: what cannot be converted is left out and named, so that one
//! look at a file finds everything.

use crate::geometry::Rect;

use super::fault::Fault;
use super::file::{
    FileCommand, FileContainerLayout, FileFullscreen, FileGaps, FileLayout, FileMonitor, FileNode,
    FileSeen, FileSource, FileSwallow, FileWorkspace, OneOrMany, VERSION,
};
use super::model::{
    Border, Command, CommandSource, Container, ContainerLayout, Floating, Fullscreen, Gaps, Layout,
    Monitor, Node, Place, Seen, Swallow, Window, Workspace,
};
use super::problem::{Finding, Path};

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
        Workspace {
            name: workspace.name,
            output: workspace.output.0,
            layout: workspace.layout.map(Into::into).unwrap_or_default(),
            gaps: workspace
                .gaps
                .map(|gaps| self.gaps(&gaps, &path.key("gaps")))
                .unwrap_or_default(),
            visible: workspace.visible,
            nodes: self.nodes(workspace.nodes, &path.key("nodes")),
            floating: each(workspace.floating, &path.key("floating"), |node, path| {
                self.floating(node, path)
            }),
            focus_order: workspace.focus_order,
        }
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
                let fault = Fault::Gap {
                    size,
                    least,
                    most: LARGEST_GAP,
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
        let place = self.place(&node, path);
        if let Some(nodes) = node.nodes {
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
            Node::Container(Container {
                layout: node.layout.map(Into::into).unwrap_or_default(),
                nodes: self.nodes(nodes, &path.key("nodes")),
                focus_order: node.focus_order,
                place,
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
            Node::Window(Window {
                id: node.id,
                swallow: node.swallow.map(Into::into).unwrap_or_default(),
                command: node.command.map(Into::into),
                cwd: node.cwd,
                env: node.env,
                timeout: node.timeout,
                optional: node.optional,
                seen: node.seen.map(Into::into).unwrap_or_default(),
                place,
            })
        }
    }

    fn place(&mut self, node: &FileNode, path: &Path) -> Place {
        Place {
            percent: node.percent,
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
            fullscreen: node.fullscreen.map(Into::into).unwrap_or_default(),
            sticky: node.sticky,
            focused: node.focused,
        }
    }
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
        workspaces: layout
            .workspaces
            .iter()
            .map(|workspace| FileWorkspace {
                name: workspace.name.clone(),
                output: OneOrMany(workspace.output.clone()),
                layout: (workspace.layout != ContainerLayout::default())
                    .then(|| workspace.layout.into()),
                gaps: file_gaps(workspace.gaps),
                visible: workspace.visible,
                nodes: workspace.nodes.iter().map(node_to_file).collect(),
                floating: workspace.floating.iter().map(floating_to_file).collect(),
                focus_order: workspace.focus_order.clone(),
            })
            .collect(),
        scratchpad: layout.scratchpad.iter().map(floating_to_file).collect(),
        focus: layout.focus.clone(),
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
    let place = node.place();
    let common = FileNode {
        percent: place.percent.filter(|percent| percent.is_finite()),
        marks: place.marks.clone(),
        border: place.border.map(|border| match border {
            Border::None => "none".to_owned(),
            Border::Pixel(width) => format!("pixel {width}"),
            Border::Normal(width) => format!("normal {width}"),
        }),
        title_format: place.title_format.clone(),
        fullscreen: match place.fullscreen {
            Fullscreen::None => None,
            Fullscreen::Output => Some(FileFullscreen::Output),
            Fullscreen::Global => Some(FileFullscreen::Global),
        },
        sticky: place.sticky,
        focused: place.focused,
        ..FileNode::default()
    };
    match node {
        Node::Container(container) => FileNode {
            layout: (container.layout != ContainerLayout::default())
                .then(|| container.layout.into()),
            nodes: Some(container.nodes.iter().map(node_to_file).collect()),
            focus_order: container.focus_order.clone(),
            ..common
        },
        Node::Window(window) => FileNode {
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
