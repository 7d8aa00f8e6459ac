//! A desktop as a scene.
//!
//! The rects are computed in the same way as those of a plan: i3 does not update those of hidden
//! workspaces.

use super::View;
use super::desk::Desk;
use super::geometry::{Placed, lay_out, lay_out_floating};
use super::plan::{attributes, blank};
use super::scene::{Pane, Panel, Scene};
use crate::live::{Con, Desktop, WorkspaceRef};
use crate::tree::{Container, Content, Floating, GapSizes, Gaps, Kind, Node, order_of_ids, shares};

/// A node of the desktop.
type LiveNode<'a> = Node<&'a Con, f64>;

/// The scene of a desktop.
pub fn of_desktop(desktop: &Desktop, view: View<'_>) -> Scene {
    let desk = Desk::of_desktop(desktop);
    let focused = desktop.focused_workspace().map(|live| live.con.id);
    let shown = desktop
        .workspaces()
        .filter(|live| (view.shows)(Some(live.con.name())));
    let mut panels: Vec<Panel> = shown
        .map(|live| panel(desktop, &desk, live, focused == Some(live.con.id), view))
        .collect();
    let hidden = desktop
        .scratchpad()
        .filter(|con| !con.floating_nodes.is_empty());
    if let Some(hidden) = hidden.filter(|_| (view.shows)(None)) {
        let mut content = content(hidden);
        for floating in &mut content.floating {
            floating.rect = floating.rect.map(|rect| desktop.scratchpad_rect(rect));
        }
        let monitor = desk.position(None);
        let screen = &desk.screens[monitor];
        let frame = view.canvas.frame(
            &desk,
            screen,
            GapSizes::default(),
            &Content::<(), f64>::default(),
        );
        let placed = lay_out_floating(content.floating.iter(), &frame);
        let panes = placed.iter().map(|placed| pane(placed, view)).collect();
        panels.push(Panel::scratchpad(monitor, frame.monitor, panes));
    }
    let monitors = desk.screens.into_iter().map(|screen| screen.monitor);
    Scene {
        monitors: monitors.collect(),
        panels,
    }
}

fn panel(
    desktop: &Desktop,
    desk: &Desk,
    live: WorkspaceRef<'_>,
    focused: bool,
    view: View<'_>,
) -> Panel {
    let name = live.con.name();
    let monitor = desk.position(Some(live.output));
    let gaps = match (live.con.gaps, &desktop.gaps) {
        (Some(reported), Some(config)) => config.absolute(reported),
        _ => desk.gaps_of(name, Gaps::default()),
    };
    let content = content(live.con);
    let frame = view
        .canvas
        .frame(desk, &desk.screens[monitor], gaps, &content);
    let (placed, covered) = lay_out(&content, &frame);
    Panel {
        workspace: Some((view.clean)(name)),
        monitor,
        visible: live.visible,
        focused,
        rect: frame.monitor,
        panes: placed.iter().map(|placed| pane(placed, view)).collect(),
        covered,
        change: view.changes.of_workspace(name),
    }
}

fn content(workspace: &Con) -> Content<&Con, f64> {
    let floating = workspace.floating_nodes.iter().filter_map(|frame| {
        Some(Floating {
            node: node(frame.nodes.first()?, 1.0),
            rect: Some(frame.rect),
            scratchpad: false,
        })
    });
    let children: Vec<_> = workspace.children().map(|child| child.id).collect();
    Content {
        layout: workspace.layout,
        nodes: nodes(workspace),
        floating: floating.collect(),
        focus: order_of_ids(&children, &workspace.focus),
    }
}

fn nodes(con: &Con) -> Vec<LiveNode<'_>> {
    let even = shares::even(con.nodes.len());
    let nodes = con.nodes.iter();
    nodes
        .map(|child| node(child, child.percent.unwrap_or(even)))
        .collect()
}

fn node(con: &Con, share: f64) -> LiveNode<'_> {
    let kind = if con.nodes.is_empty() {
        Kind::Leaf(con)
    } else {
        let children: Vec<_> = con.nodes.iter().map(|child| child.id).collect();
        Kind::Container(Container {
            layout: con.layout,
            nodes: nodes(con),
            focus: order_of_ids(&children, &con.focus),
        })
    };
    Node {
        share,
        attributes: con.own_attributes(),
        kind,
    }
}

fn pane(placed: &Placed<'_, &Con>, view: View<'_>) -> Pane {
    let node = placed.node;
    let mut pane = blank(placed);
    let clean = |text: String| (view.clean)(&text);
    let attributes = attributes(&node.attributes).map(clean);
    if let Some(con) = node.as_leaf() {
        let properties = con.properties.as_ref();
        let class = properties.and_then(|one| one.class.clone());
        let instance = properties.and_then(|one| one.instance.clone());
        let title = properties.and_then(|one| one.title.clone());
        let title = title.filter(|title| !title.is_empty());
        let slot = view.changes.slot_of(con.id).map(str::to_owned);
        pane.label = clean(name(con, view));
        pane.program = class.or(instance).map(clean);
        pane.change = view.changes.of_con(con.id);
        let details = [slot.is_some().then(|| title.clone().map(clean)).flatten()];
        let details =
            details
                .into_iter()
                .chain([pane.program.clone(), placed.shares.text(), attributes]);
        pane.details = details.flatten().collect();
    } else {
        pane.label = clean(names(node, view));
        let leaves = node.leaves();
        pane.change = leaves.filter_map(|con| view.changes.of_con(con.id)).max();
        pane.details = attributes.into_iter().collect();
    }
    let label = [pane.label.as_str()].into_iter();
    let lines = label.chain(pane.details.iter().map(String::as_str));
    pane.tooltip = lines.collect::<Vec<_>>().join("\n");
    pane
}

/// The slot of a window, else its title, else its class.
fn name(con: &Con, view: View<'_>) -> String {
    if let Some(slot) = view.changes.slot_of(con.id) {
        return slot.to_owned();
    }
    let properties = con.properties.as_ref();
    let title = properties.and_then(|one| one.title.clone());
    let class = properties.and_then(|one| one.class.clone());
    let name = title.filter(|title| !title.is_empty()).or(class);
    name.unwrap_or_else(|| "a window without a name".to_owned())
}

/// The windows in a container, like `splith[editor, shell]`.
fn names(node: &LiveNode<'_>, view: View<'_>) -> String {
    match &node.kind {
        Kind::Leaf(con) => name(con, view),
        Kind::Container(container) => {
            let all: Vec<String> = container
                .nodes
                .iter()
                .map(|node| names(node, view))
                .collect();
            format!("{}[{}]", container.layout.as_str(), all.join(", "))
        }
    }
}
