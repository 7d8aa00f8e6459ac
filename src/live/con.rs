//! A container of i3's tree.

use std::collections::BTreeMap;

use crate::geometry::Rect;
use crate::tree::{Attributes, ContainerLayout};
use serde::{Deserialize, Serialize};

use super::mark::OWN_MARK_PREFIX;
use super::{ConId, GapSizes, Properties, WindowType, XId};

/// The kind of a container (i3 user guide, "Tree").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConKind {
    /// The root of the tree.
    Root,
    /// An output; its children are dock areas and one content container.
    Output,
    /// A split container or a window.
    Con,
    /// The frame around one floating container.
    FloatingCon,
    /// A workspace.
    Workspace,
    /// The area for docks such as i3bar.
    Dockarea,
}

/// The scratchpad state of a container (i3's IPC, `scratchpad_state`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ScratchpadState {
    /// Not a scratchpad window.
    #[default]
    None,
    /// In the scratchpad, and never resized there; i3 centers it when it shows it.
    Fresh,
    /// In the scratchpad, with its own position.
    Changed,
}

/// A container (i3 IPC document, `GET_TREE`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Con {
    /// i3's id.
    pub id: ConId,
    /// Its kind.
    pub kind: ConKind,
    /// The layout of its children.
    pub layout: ContainerLayout,
    /// Its share of the parent, 0 to 1.
    pub percent: Option<f64>,
    /// Its rect on the X screen, with its title bar and its borders (i3 4.22; i3's
    /// `src/render.c`, `render_con`).
    pub rect: Rect,
    /// The title bar, relative to the parent; all zero without a title bar.
    pub deco_rect: Rect,
    /// The name of the window, output or workspace.
    pub name: Option<String>,
    /// The attributes that commands set. The border is always present.
    pub attributes: Attributes,
    /// True if it has the input focus.
    pub focused: bool,
    /// Children by focus, most recent first.
    pub focus: Vec<ConId>,
    /// True for a floating window, but not for the frame around it.
    pub floating: bool,
    /// The scratchpad state, on the floating frame.
    pub scratchpad: ScratchpadState,
    /// The gaps of a workspace in addition to those of all workspaces. `None` before i3 4.22.
    pub gaps: Option<GapSizes>,
    /// The X11 window of a leaf.
    pub window: Option<XId>,
    /// The properties of the window; `None` without a window.
    pub properties: Option<Properties>,
    /// True if it has swallow criteria and no program's window. i3 does not report criteria
    /// with `restart_mode`, so it may be a placeholder even if this is false: see
    /// [`Con::is_placeholder`].
    pub swallows: bool,
    /// Tiling children.
    pub nodes: Vec<Con>,
    /// Floating children, bottom to top (each of kind [`ConKind::FloatingCon`]).
    pub floating_nodes: Vec<Con>,
}

impl Con {
    /// The name; empty without a name.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    /// True if it has no children.
    pub fn is_leaf(&self) -> bool {
        self.nodes.is_empty() && self.floating_nodes.is_empty()
    }

    /// True for a placeholder: a leaf of kind `Con` without a program's window.
    pub fn is_placeholder(&self) -> bool {
        self.kind == ConKind::Con
            && self.is_leaf()
            && self.properties.as_ref().is_none_or(|properties| {
                properties.may_be_placeholder()
                    && (self.swallows || self.has_own_mark() && properties.is_untitled())
            })
    }

    /// True if it is not a dialog, splash screen or the like.
    pub fn is_main_window(&self) -> bool {
        let properties = self.properties.as_ref();
        properties.is_none_or(Properties::is_main_window)
    }

    /// The type of its window.
    pub fn window_type(&self) -> WindowType {
        let properties = self.properties.as_ref();
        properties.map_or(WindowType::Normal, |properties| properties.window_type)
    }

    /// True if it has a program's window.
    pub fn is_window(&self) -> bool {
        self.window.is_some() && !self.is_placeholder()
    }

    /// True if this floating frame stays visible when its output shows another workspace: i3
    /// has the flag on the frame or on its content.
    pub fn is_sticky_frame(&self) -> bool {
        let inside = self.nodes.first();
        self.attributes.sticky || inside.is_some_and(|inside| inside.attributes.sticky)
    }

    /// Its attributes without marks of this program.
    pub fn own_attributes(&self) -> Attributes {
        let mut attributes = self.attributes.clone();
        attributes
            .marks
            .retain(|mark| !mark.starts_with(OWN_MARK_PREFIX));
        attributes
    }

    /// True if it has a mark of this program.
    pub fn has_own_mark(&self) -> bool {
        self.has_mark(|mark| mark.starts_with(OWN_MARK_PREFIX))
    }

    /// True if it has such a mark.
    pub fn has_mark(&self, is_wanted: impl Fn(&str) -> bool) -> bool {
        self.attributes.marks.iter().any(|mark| is_wanted(mark))
    }

    /// The value for one of its marks.
    pub fn of_mark<T: Copy>(&self, values: &BTreeMap<String, T>) -> Option<T> {
        let mut marks = self.attributes.marks.iter();
        marks.find_map(|mark| values.get(mark)).copied()
    }

    /// The placeholder with this mark, itself included.
    pub fn placeholder(&self, mark: &str) -> Option<&Self> {
        self.descendants()
            .find(|con| con.is_placeholder() && con.has_mark(|own| own == mark))
    }

    /// Tiling and floating children in tree order.
    pub fn children(&self) -> impl DoubleEndedIterator<Item = &Self> {
        self.nodes.iter().chain(&self.floating_nodes)
    }

    /// Itself and everything below it, in tree order, depth first.
    pub fn descendants(&self) -> impl Iterator<Item = &Self> {
        let mut stack = vec![self];
        std::iter::from_fn(move || {
            let con = stack.pop()?;
            stack.extend(con.children().rev());
            Some(con)
        })
    }

    /// The container with this id, itself included.
    pub fn find(&self, id: ConId) -> Option<&Self> {
        self.descendants().find(|con| con.id == id)
    }

    /// The workspace with this id. Ids are addresses: once a workspace is closed, i3 may give its id
    /// to another container.
    pub fn workspace_of_id(&self, id: ConId) -> Option<&Self> {
        self.find(id).filter(|con| con.kind == ConKind::Workspace)
    }

    /// The container at the end of the focus lists.
    pub fn focused_leaf(&self) -> &Self {
        let mut con = self;
        while let Some(child) = con
            .focus
            .first()
            .and_then(|&id| con.children().find(|child| child.id == id))
        {
            con = child;
        }
        con
    }

    /// The workspace at the end of the focus lists.
    pub fn focused_workspace(&self) -> Option<&Self> {
        let mut con = self;
        while con.kind != ConKind::Workspace {
            let id = con.focus.first()?;
            con = con.children().find(|child| child.id == *id)?;
        }
        Some(con)
    }

    /// The windows of programs, each with true if it is inside a floating frame.
    pub fn floating_states(&self) -> BTreeMap<XId, bool> {
        let state = |con: &Self, floats| Some((con.window?, floats));
        let all = self.windows().filter_map(|con| state(con, false));
        let frames = self.descendants();
        let frames = frames.filter(|con| con.kind == ConKind::FloatingCon);
        let inside = frames.flat_map(Self::windows);
        all.chain(inside.filter_map(|con| state(con, true)))
            .collect()
    }

    /// The containers that hold windows of programs, in tree order.
    pub fn windows(&self) -> impl Iterator<Item = &Self> {
        self.descendants().filter(|con| con.is_window())
    }
}
