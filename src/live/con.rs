//! A container of i3's tree.

use crate::geometry::Rect;
use crate::tree::{Attributes, ContainerLayout};

use super::{ConId, GapSizes, Properties, XId};

/// What kind of container it is (i3 user guide, "Tree").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// Where docks such as i3bar are.
    Dockarea,
}

/// Whether a container belongs to the scratchpad (i3's IPC, `scratchpad_state`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScratchpadState {
    /// Not a scratchpad window.
    #[default]
    None,
    /// In the scratchpad, never resized there; i3 centers it when shown.
    Fresh,
    /// In the scratchpad with a place of its own.
    Changed,
}

/// A container, with the values that i3's IPC gives (i3 IPC document, `GET_TREE`).
#[derive(Clone, Debug, PartialEq)]
pub struct Con {
    /// i3's id.
    pub id: ConId,
    /// What kind of container it is.
    pub kind: ConKind,
    /// How it lays out its children.
    pub layout: ContainerLayout,
    /// Its share of the parent, 0 to 1.
    pub percent: Option<f64>,
    /// Its place on the X screen, with its title bar and its borders (i3 4.22; i3's
    /// `src/render.c`, `render_con`).
    pub rect: Rect,
    /// The title bar, relative to the parent; all zero when there is none.
    pub deco_rect: Rect,
    /// The window's name, the output's or the workspace's.
    pub name: Option<String>,
    /// The attributes that commands set. The border is always there.
    pub attributes: Attributes,
    /// Whether it has the input focus.
    pub focused: bool,
    /// Children by focus, most recent first.
    pub focus: Vec<ConId>,
    /// Whether it is floating (said of the window, not of the frame around it).
    pub floating: bool,
    /// Whether it belongs to the scratchpad (said of the frame).
    pub scratchpad: ScratchpadState,
    /// The gaps of a workspace, as i3 tells them: in addition to those of all. `None`
    /// before i3 4.22.
    pub gaps: Option<GapSizes>,
    /// The X11 window, where it is a leaf with one.
    pub window: Option<XId>,
    /// What the window says about itself; `None` where there is no window.
    pub properties: Option<Properties>,
    /// Whether it waits for a window: it has swallow criteria and no program's
    /// window in it. Criteria with `restart_mode` are not told by i3, so a false
    /// here does not prove the contrary: see [`Con::is_placeholder`].
    pub swallows: bool,
    /// Tiling children.
    pub nodes: Vec<Con>,
    /// Floating children, bottom to top (each of kind [`ConKind::FloatingCon`]).
    pub floating_nodes: Vec<Con>,
}

impl Con {
    /// The name, empty where there is none.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    /// Whether it has no children.
    pub fn is_leaf(&self) -> bool {
        self.nodes.is_empty() && self.floating_nodes.is_empty()
    }

    /// Whether it stands for a window that has not come: a leaf of kind `Con`
    /// without a program's window.
    pub fn is_placeholder(&self) -> bool {
        self.kind == ConKind::Con
            && self.is_leaf()
            && self.properties.as_ref().is_none_or(|properties| {
                properties.may_be_placeholder()
                    && (self.swallows || self.has_own_mark() && properties.is_untitled())
            })
    }

    /// Whether it is no dialog, splash screen or the like.
    pub fn is_main_window(&self) -> bool {
        let properties = self.properties.as_ref();
        properties.is_none_or(Properties::is_main_window)
    }

    /// Whether it holds a program's window.
    pub fn is_window(&self) -> bool {
        self.window.is_some() && !self.is_placeholder()
    }

    /// Whether this floating frame stays when its output shows another workspace: i3
    /// keeps that on the frame or on what is in it.
    pub fn is_sticky_frame(&self) -> bool {
        let inside = self.nodes.first();
        self.attributes.sticky || inside.is_some_and(|inside| inside.attributes.sticky)
    }

    /// Its attributes as a layout has them: without marks of ours.
    pub fn own_attributes(&self) -> Attributes {
        let mut attributes = self.attributes.clone();
        attributes
            .marks
            .retain(|mark| !mark.starts_with(OWN_MARK_PREFIX));
        attributes
    }

    /// Whether one of its marks is ours.
    pub fn has_own_mark(&self) -> bool {
        self.attributes
            .marks
            .iter()
            .any(|mark| mark.starts_with(OWN_MARK_PREFIX))
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

    /// The container to which the focus lists lead.
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

    /// The containers that hold windows of programs, in tree order.
    pub fn windows(&self) -> impl Iterator<Item = &Self> {
        self.descendants().filter(|con| con.is_window())
    }
}

/// How every mark of ours begins. i3 never draws a mark that starts with `_`.
pub const OWN_MARK_PREFIX: &str = "_i3pm:";
