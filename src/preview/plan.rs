//! A plan as a scene.

use std::path::Path;

use super::View;
use super::desk::Desk;
use super::geometry::{Placed, lay_out, lay_out_floating};
use super::scene::{Pane, Panel, Scene};
use crate::compile::{Launch, Plan, PlannedNode, SlotIdx};
use crate::tree::{Attributes, Content, Fullscreen, GapSizes, Kind};

/// The scene of a plan on these monitors.
pub fn of_plan(plan: &Plan, desk: &Desk, view: View<'_>) -> Scene {
    let labels = Labels { plan, view };
    let shown = plan
        .workspaces
        .iter()
        .filter(|planned| (view.shows)(Some(&planned.name)));
    let mut panels: Vec<Panel> = shown
        .map(|planned| {
            let monitor = desk.position(planned.output.as_deref());
            let screen = &desk.screens[monitor];
            let gaps = desk.gaps_of(&planned.name, planned.gaps);
            let frame = view.canvas.frame(desk, screen, gaps, &planned.content);
            let (placed, covered) = lay_out(&planned.content, &frame);
            Panel {
                workspace: Some((view.clean)(&planned.name)),
                monitor,
                visible: planned.visible,
                focused: plan.focus.as_deref() == Some(&planned.name),
                rect: frame.monitor,
                panes: placed.iter().map(|placed| labels.pane(placed)).collect(),
                covered,
                change: view.changes.of_workspace(&planned.name),
            }
        })
        .collect();
    if !plan.scratchpad.is_empty() && (view.shows)(None) {
        let monitor = desk.position(None);
        let screen = &desk.screens[monitor];
        let nothing = Content::<SlotIdx, f64>::default();
        let frame = view
            .canvas
            .frame(desk, screen, GapSizes::default(), &nothing);
        let placed = lay_out_floating(plan.scratchpad.iter(), &frame);
        let panes = placed.iter().map(|placed| labels.pane(placed)).collect();
        panels.push(Panel::scratchpad(monitor, frame.monitor, panes));
    }
    let monitors = desk.screens.iter().map(|screen| screen.monitor.clone());
    Scene {
        monitors: monitors.collect(),
        panels,
    }
}

struct Labels<'a> {
    plan: &'a Plan,
    view: View<'a>,
}

impl Labels<'_> {
    fn pane(&self, placed: &Placed<'_, SlotIdx>) -> Pane {
        let node = placed.node;
        let mut pane = blank(placed);
        let attributes = attributes(&node.attributes);
        if let Kind::Leaf(idx) = &node.kind {
            let slot = self.plan.slot(*idx);
            let command = command(&slot.launch);
            pane.label = (self.view.clean)(&slot.id);
            pane.program = program(&slot.launch).map(|name| (self.view.clean)(&name));
            pane.change = self.view.changes.of_slot(*idx);
            let title = slot.seen.title.clone();
            let directory = directory(&slot.launch);
            let details = [Some(command), placed.shares.text(), attributes];
            let details = details.into_iter().flatten();
            pane.details = details.map(|text| (self.view.clean)(&text)).collect();
            let directory = directory.map(|directory| format!("in {directory}"));
            pane.tooltip = self.tooltip(&pane, &[title, directory]);
        } else {
            pane.label = (self.view.clean)(&self.name(node));
            let leaves = node.leaves();
            pane.change = leaves
                .filter_map(|idx| self.view.changes.of_slot(*idx))
                .max();
            pane.details = attributes.into_iter().collect();
            pane.tooltip = self.tooltip(&pane, &[]);
        }
        pane
    }

    fn tooltip(&self, pane: &Pane, more: &[Option<String>]) -> String {
        let more = more.iter().flatten().map(|text| (self.view.clean)(text));
        let lines = [pane.label.clone()].into_iter().chain(more);
        let lines: Vec<String> = lines.chain(pane.details.iter().cloned()).collect();
        lines.join("\n")
    }

    /// The slots in a container, like `splith[editor, shell]`.
    fn name(&self, node: &PlannedNode) -> String {
        match &node.kind {
            Kind::Leaf(idx) => self.plan.slot(*idx).id.clone(),
            Kind::Container(container) => {
                let names = container.nodes.iter().map(|node| self.name(node));
                let names: Vec<String> = names.collect();
                format!("{}[{}]", container.layout.as_str(), names.join(", "))
            }
        }
    }
}

/// A pane without texts.
pub(super) fn blank<L>(placed: &Placed<'_, L>) -> Pane {
    Pane {
        rect: placed.rect,
        label: String::new(),
        program: None,
        details: Vec::new(),
        tooltip: String::new(),
        header: placed.header,
        title: placed.title,
        border: placed.border,
        level: placed.level,
        focused: placed.focused,
        change: None,
    }
}

/// The attributes that a picture cannot show: `sticky, mark logs`.
pub(super) fn attributes(attributes: &Attributes) -> Option<String> {
    let mut words = Vec::new();
    match attributes.fullscreen {
        Fullscreen::None => {}
        Fullscreen::Output => words.push("fullscreen".to_owned()),
        Fullscreen::Global => words.push("fullscreen on all monitors".to_owned()),
    }
    words.extend(attributes.sticky.then(|| "sticky".to_owned()));
    words.extend(attributes.marks.iter().map(|mark| format!("mark {mark}")));
    (!words.is_empty()).then(|| words.join(", "))
}

/// The name of a program, without its directory.
fn program(launch: &Launch) -> Option<String> {
    let Launch::Program(program) = launch else {
        return None;
    };
    let first = program.shown.argv.first()?;
    let name = Path::new(first).file_name()?;
    Some(name.to_string_lossy().into_owned())
}

fn command(launch: &Launch) -> String {
    match launch {
        Launch::Elsewhere => "opened by another program".to_owned(),
        Launch::Unresolved { reason, .. } => format!("cannot be started: {reason}"),
        Launch::Program(program) => shell_words::join(&program.shown.argv),
    }
}

fn directory(launch: &Launch) -> Option<String> {
    match launch {
        Launch::Program(program) if program.cwd_is_named => {
            Some(program.shown.cwd.display().to_string())
        }
        _ => None,
    }
}
