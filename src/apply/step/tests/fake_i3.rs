//! A small i3 for tests: it performs the commands of a run on a desktop, with one output.

use std::collections::BTreeSet;

use crate::apply::action::Piece;
use crate::apply::appended;
use crate::apply::leftovers;
use crate::live::build::{Tree, one_output, splith, workspace};
use crate::live::mark::{SPENT_BOX_MARK, WAITING_BOX_MARK, WAITING_MARK_PREFIX};
use crate::live::{
    Con, ConId, ConKind, Desktop, SCRATCHPAD_WORKSPACE, ScratchpadState, WindowFacts, XId,
};
use crate::tree::Attribute;
use crate::wm::command::Command;

/// A desktop that i3's commands change.
pub(super) struct FakeI3 {
    pub(super) desktop: Desktop,
    /// True if it creates no placeholders.
    pub(super) is_broken: bool,
    last: u64,
}

/// The position for a new window.
#[derive(Clone, Copy, Debug)]
pub(super) enum Spot<'a> {
    /// In the placeholder with this mark.
    In(&'a str),
    /// On this workspace.
    On(&'a str),
}

fn visit(con: &mut Con, change: &mut dyn FnMut(&mut Con)) {
    for child in con.nodes.iter_mut().chain(&mut con.floating_nodes) {
        visit(child, change);
    }
    change(con);
}

impl FakeI3 {
    pub(super) fn new(desktop: Desktop) -> Self {
        Self {
            desktop,
            is_broken: false,
            // The ids of the builder are lower.
            last: 1000,
        }
    }

    /// Opens a window and returns its container.
    pub(super) fn open(&mut self, spot: Spot<'_>, window: Tree) -> Con {
        let (mut con, facts) = detached(window);
        let id = self.next_id();
        con.window = Some(window_of(id));
        con.id = id;
        if let Some(id) = con.window {
            self.desktop.windows.insert(id, facts);
        }
        match spot {
            Spot::On(name) => self.attach(con.clone(), name),
            Spot::In(mark) => {
                let holder = self.desktop.tree.placeholder(mark);
                let holder = holder.expect("the placeholder is in the tree").id;
                visit(&mut self.desktop.tree, &mut |old| {
                    if old.id == holder {
                        old.window = con.window;
                        old.name.clone_from(&con.name);
                        old.properties.clone_from(&con.properties);
                        old.swallows = false;
                    }
                });
                con.id = holder;
            }
        }
        let con = self.desktop.tree.find(con.id);
        con.expect("the window is in the tree").clone()
    }

    /// Opens a window on a workspace, in a container with the id of a closed one.
    pub(super) fn open_reusing(&mut self, id: ConId, workspace: &str, window: Tree) -> Con {
        let last = std::mem::replace(&mut self.last, id.0 - 1);
        let con = self.open(Spot::On(workspace), window);
        self.last = last;
        // Only ids of containers are used again.
        let new = Some(window_of(ConId(last + 1_000_000)));
        visit(&mut self.desktop.tree, &mut |one| {
            if one.id == id {
                one.window = new;
            }
        });
        let windows = &mut self.desktop.windows;
        if let (Some(old), Some(new)) = (con.window, new)
            && let Some(facts) = windows.remove(&old)
        {
            windows.insert(new, facts);
        }
        Con { window: new, ..con }
    }

    /// Closes a window and returns its container.
    pub(super) fn close(&mut self, name: &str) -> ConId {
        let con = self.window(name).clone();
        if let Some(id) = con.window {
            self.desktop.windows.remove(&id);
            self.desktop.seats.remove(&id);
        }
        self.detach(con.id);
        con.id
    }

    /// Changes the title of a window and returns its container.
    pub(super) fn retitle(&mut self, name: &str, title: &str) -> Con {
        let id = self.window(name).id;
        let mut changed = None;
        visit(&mut self.desktop.tree, &mut |con| {
            if con.id == id {
                con.name = Some(title.to_owned());
                if let Some(properties) = &mut con.properties {
                    properties.title = Some(title.to_owned());
                }
                changed = Some(con.clone());
            }
        });
        changed.expect("the window is in the tree")
    }

    /// The window with this title.
    #[track_caller]
    pub(super) fn window(&self, name: &str) -> &Con {
        let mut windows = self.desktop.tree.windows();
        let found = windows.find(|con| con.name() == name);
        found.unwrap_or_else(|| panic!("no window {name}"))
    }

    pub(super) fn append(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            match piece {
                Piece::Command(command) => self.run(command),
                Piece::Layout(_) if self.is_broken => {}
                Piece::Layout(json) => {
                    let last = &mut self.last;
                    let mut workspace = appended::container(json, &mut || next_id(last));
                    // i3 draws the placeholders that have criteria.
                    visit(&mut workspace, &mut |con| {
                        con.window = con.swallows.then(|| window_of(con.id));
                    });
                    workspace.rect = self.desktop.outputs[0].rect;
                    appended::attach(&mut self.desktop, workspace);
                }
            }
        }
    }

    pub(super) fn run(&mut self, command: &Command) {
        match command {
            Command::Swap { con, with } => self.swap(*con, *with),
            Command::SwapWithMark { con, mark } => {
                if let Some(with) = self.desktop.tree.placeholder(mark).map(|con| con.id) {
                    self.swap(*con, with);
                }
            }
            Command::KillPlaceholder(con) | Command::KillKept { con, .. } => {
                let live = self.desktop.tree.find(*con);
                if live.is_some_and(Con::is_placeholder) {
                    self.detach(*con);
                }
            }
            Command::CloseWindow(con) => {
                let name = self
                    .desktop
                    .tree
                    .find(*con)
                    .map(|con| con.name().to_owned());
                self.close(&name.unwrap_or_default());
            }
            Command::RenameWorkspace { from, to } => visit(&mut self.desktop.tree, &mut |con| {
                if con.kind == ConKind::Workspace && con.name() == from {
                    con.name = Some(to.clone());
                }
            }),
            Command::ShowWorkspace(name) | Command::ShowNumber(name) => {
                let id = self.desktop.workspace(name).expect("a workspace").con.id;
                self.focus(id);
            }
            Command::Focus(con) => self.focus(*con),
            Command::Mark { con, mark } => visit(&mut self.desktop.tree, &mut |one| {
                one.attributes.marks.retain(|own| own != mark);
                if one.id == *con {
                    one.attributes.marks.push(mark.clone());
                }
            }),
            Command::Unmark { con, mark } => visit(&mut self.desktop.tree, &mut |one| {
                if one.id == *con {
                    one.attributes.marks.retain(|own| own != mark);
                }
            }),
            Command::Set { con, attribute } => visit(&mut self.desktop.tree, &mut |one| {
                if one.id == *con {
                    set(one, attribute);
                }
            }),
            Command::MoveToScratchpad(con) => self.hide(*con),
            Command::WaitingToScratchpad => {
                let is_waiting = |mark: &str| mark.starts_with(WAITING_MARK_PREFIX);
                let all = self.desktop.tree.descendants();
                let waiting = all.filter(|con| con.has_mark(is_waiting)).map(|con| con.id);
                for con in waiting.collect::<Vec<_>>() {
                    self.hide(con);
                }
            }
            Command::CollectSpent => {
                let all = self.desktop.tree.descendants();
                let spent = all.filter(|con| leftovers::is_spent(con)).map(|con| con.id);
                let spent: Vec<Con> = spent
                    .collect::<Vec<_>>()
                    .into_iter()
                    .map(|id| self.detach(id))
                    .collect();
                visit(&mut self.desktop.tree, &mut |con| {
                    if con.has_mark(|mark| mark == SPENT_BOX_MARK) {
                        con.nodes.extend(spent.iter().cloned());
                    }
                });
            }
            Command::KillSpent => {
                let mut all = self.desktop.tree.descendants();
                let found = all.find(|con| con.has_mark(|mark| mark == SPENT_BOX_MARK));
                let found = found.map(|con| con.id);
                drop(all);
                found.map(|id| self.detach(id));
                leftovers::forget_spent(&mut self.desktop.tree);
            }
            Command::MoveToWorkspace { con, workspace } => {
                let con = self.detach(*con);
                self.attach(con, workspace);
            }
            Command::Floating { con, on: false } => {
                let is_floating = self.desktop.tree.find(*con).is_some_and(|con| con.floating);
                if is_floating {
                    let name = self.desktop.focused_name().unwrap_or_default().to_owned();
                    let mut con = self.detach(*con);
                    con.floating = false;
                    self.attach(con, &name);
                }
            }
            // There is one output.
            Command::MoveWorkspaceToOutput { .. } | Command::FocusOutput(_) => {}
            other => panic!("the fake i3 does not know {other:?}"),
        }
        self.tidy();
    }

    fn next_id(&mut self) -> ConId {
        next_id(&mut self.last)
    }

    /// Exchanges everything but the positions.
    fn swap(&mut self, one: ConId, other: ConId) {
        let tree = &self.desktop.tree;
        let (Some(first), Some(second)) = (tree.find(one).cloned(), tree.find(other).cloned())
        else {
            return;
        };
        visit(&mut self.desktop.tree, &mut |con| {
            for id in &mut con.focus {
                *id = match *id {
                    id if id == one => other,
                    id if id == other => one,
                    id => id,
                };
            }
            let new = match con.id {
                id if id == one => &second,
                id if id == other => &first,
                _ => return,
            };
            *con = Con {
                percent: con.percent,
                rect: con.rect,
                deco_rect: con.deco_rect,
                floating: con.floating,
                ..new.clone()
            };
        });
    }

    /// Removes a container, with its frame if it floats.
    fn detach(&mut self, id: ConId) -> Con {
        let con = self
            .desktop
            .tree
            .find(id)
            .expect("the container is in the tree");
        let con = con.clone();
        visit(&mut self.desktop.tree, &mut |parent| {
            parent.nodes.retain(|child| child.id != id);
            parent.floating_nodes.retain(|frame| frame.id != id);
            let is_empty = |frame: &Con| frame.kind == ConKind::FloatingCon && frame.is_leaf();
            parent.floating_nodes.retain(|frame| !is_empty(frame));
        });
        self.tidy();
        con
    }

    /// Adds a tiling container to a workspace.
    fn attach(&mut self, mut con: Con, workspace: &str) {
        con.floating = false;
        con.percent = None;
        visit(&mut self.desktop.tree, &mut |one| {
            if one.kind == ConKind::Workspace && one.name() == workspace {
                one.focus.push(con.id);
                one.nodes.push(con.clone());
            }
        });
        self.tidy();
    }

    fn hide(&mut self, id: ConId) {
        let all = self.desktop.tree.descendants();
        let mut frames = all.filter(|con| con.kind == ConKind::FloatingCon);
        let frame = frames.find(|frame| frame.find(id).is_some());
        let mut frame = if let Some(id) = frame.map(|frame| frame.id) {
            drop(frames);
            self.detach(id)
        } else {
            drop(frames);
            let mut frame = self.frame();
            let mut con = self.detach(id);
            con.floating = true;
            frame.rect = con.rect;
            frame.focus = vec![con.id];
            frame.nodes = vec![con];
            frame
        };
        frame.scratchpad = ScratchpadState::Changed;
        visit(&mut self.desktop.tree, &mut |one| {
            if one.name() == SCRATCHPAD_WORKSPACE {
                one.floating_nodes.push(frame.clone());
            }
        });
        self.tidy();
    }

    fn frame(&mut self) -> Con {
        let (mut frame, _) = detached(splith([]));
        frame.id = self.next_id();
        frame.kind = ConKind::FloatingCon;
        frame
    }

    /// Moves a container to the head of the focus lists above it.
    fn focus(&mut self, id: ConId) {
        visit(&mut self.desktop.tree, &mut |con| {
            let is_above = |child: &&Con| child.find(id).is_some();
            let above = con.children().find(is_above).map(|child| child.id);
            if let Some(child) = above {
                con.focus.retain(|one| *one != child);
                con.focus.insert(0, child);
            }
        });
    }

    /// Removes empty containers and hidden empty workspaces, and updates shares and focus.
    fn tidy(&mut self) {
        visit(&mut self.desktop.tree, &mut |con| {
            let shown = con.focus.first().copied();
            let is_empty = |child: &Con| {
                let is_workspace = child.kind == ConKind::Workspace && Some(child.id) != shown;
                let is_split = child.kind == ConKind::Con
                    && child.window.is_none()
                    && child.name.is_none()
                    && (child.attributes.marks.is_empty()
                        || child.has_mark(|mark| mark == WAITING_BOX_MARK));
                child.is_leaf() && (is_workspace && !child.name().starts_with("__") || is_split)
            };
            con.nodes.retain(|child| !is_empty(child));
            let children: BTreeSet<ConId> = con.children().map(|child| child.id).collect();
            con.focus.retain(|id| children.contains(id));
            if matches!(con.kind, ConKind::Con | ConKind::Workspace) {
                share(&mut con.nodes);
            }
        });
        visit(&mut self.desktop.tree, &mut |con| {
            con.floating_nodes.retain(|frame| !frame.is_leaf());
        });
        let leaf = self.desktop.tree.focused_leaf().id;
        visit(&mut self.desktop.tree, &mut |con| {
            con.focused = con.id == leaf;
        });
    }
}

const fn next_id(last: &mut u64) -> ConId {
    *last += 1;
    ConId(*last)
}

fn set(con: &mut Con, attribute: &Attribute) {
    let attributes = &mut con.attributes;
    match attribute {
        Attribute::Border(border) => attributes.border = *border,
        Attribute::Marks(marks) => attributes.marks.extend(marks.iter().cloned()),
        Attribute::TitleFormat(format) => attributes.title_format.clone_from(format),
        Attribute::TitleWindowIcon(padding) => attributes.title_window_icon = *padding,
        Attribute::Fullscreen(mode) => attributes.fullscreen = *mode,
        Attribute::Sticky(on) => attributes.sticky = *on,
    }
}

/// Makes the sum of the shares 1. A new container gets as much as the others on average.
fn share(nodes: &mut [Con]) {
    #[expect(clippy::cast_precision_loss, reason = "a handful of children")]
    let even = 1.0 / nodes.len() as f64;
    for node in nodes.iter_mut() {
        node.percent.get_or_insert(even);
    }
    let total: f64 = nodes.iter().filter_map(|node| node.percent).sum();
    for node in nodes.iter_mut() {
        node.percent = node.percent.map(|percent| percent / total);
    }
}

fn window_of(con: ConId) -> XId {
    XId(0x0040_0000 + u32::try_from(con.0).unwrap_or_default())
}

/// The container of a builder, and the facts about its window.
fn detached(tree: Tree) -> (Con, WindowFacts) {
    let desktop = one_output([workspace("1", [tree])]);
    let live = desktop.workspace("1").expect("the workspace").con;
    let con = live.nodes[0].clone();
    let facts = desktop.facts(&con).cloned().unwrap_or_default();
    (con, facts)
}
