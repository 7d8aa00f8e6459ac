//! The rects of the windows and headers of a workspace, as i3 will draw them (its
//! `src/render.c`).

use super::scene::Shares;
use crate::compile::area::{Area, Look, Neighbors};
use crate::geometry::Rect;
use crate::tree::{
    Border, Container, ContainerLayout, Content, Floating, Fullscreen, GapSizes, Node,
};

/// The size of a floating window that has none in the layout. i3 uses the program's own size.
const UNKNOWN_SIZE: (u32, u32) = (640, 480);

/// The place of a workspace. All rects are in the same unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    /// The rect of its monitor.
    pub(super) monitor: Rect,
    /// The rect of all monitors, which a window can cover.
    pub(super) all: Rect,
    /// The part of the monitor for its windows, without bars.
    pub(super) area: Rect,
    /// The title bars and default borders.
    pub(super) look: Look,
    /// Its gaps.
    pub(super) gaps: GapSizes,
    /// Additional space below the headers of tabs and stacks.
    pub(super) rule: u32,
    /// The monitor in the unit of floating rects.
    pub(super) screen: Rect,
}

impl Frame {
    /// A floating rect in the unit of the frame.
    fn convert(&self, rect: Rect) -> Rect {
        let (from, to) = (self.screen, self.monitor);
        if from == to {
            return rect;
        }
        let scaled =
            |length: i64, from: u32, to: u32| length * i64::from(to) / i64::from(from.max(1));
        let at = |position: i32, from: i32, from_length: u32, to: i32, to_length: u32| {
            let offset = i64::from(position) - i64::from(from);
            i32::try_from(i64::from(to) + scaled(offset, from_length, to_length)).unwrap_or(to)
        };
        let length = |length: u32, from: u32, to: u32| {
            u32::try_from(scaled(i64::from(length), from, to)).unwrap_or(to)
        };
        Rect {
            x: at(rect.x, from.x, from.width, to.x, to.width),
            y: at(rect.y, from.y, from.height, to.y, to.height),
            width: length(rect.width, from.width, to.width),
            height: length(rect.height, from.height, to.height),
        }
    }
}

/// A node on the screen.
pub(super) struct Placed<'a, L> {
    pub(super) node: &'a Node<L, f64>,
    /// Its frame, with title bar and borders; of a header, the header alone.
    pub(super) rect: Rect,
    /// For a header in a list of tabs or a stack, true if its node is in front.
    pub(super) header: Option<bool>,
    /// The height of its own title bar.
    pub(super) title: u32,
    /// The width of its border.
    pub(super) border: u32,
    pub(super) shares: Shares,
    /// The level above the tiling windows, which are on level 0.
    pub(super) level: usize,
    /// True if it has the focus of its workspace.
    pub(super) focused: bool,
}

/// Lays out a workspace, back to front. Also returns the number of windows behind a fullscreen
/// one, which are left out.
pub(super) fn lay_out<'a, L>(
    content: &'a Content<L, f64>,
    frame: &Frame,
) -> (Vec<Placed<'a, L>>, usize) {
    let mut pass = Pass {
        frame,
        placed: Vec::new(),
        level: 0,
    };
    if let Some(full) = fullscreen(content) {
        let area = Area::of(match full.attributes.fullscreen {
            Fullscreen::Global => frame.all,
            _ => frame.monitor,
        });
        pass.node(full, area, Placing::default(), look_of(full, Border::None));
        let covered = content.leaves().count() - full.leaves().count();
        return (pass.placed, covered);
    }
    let placing = Placing {
        focused: content
            .focus
            .first()
            .is_none_or(|&first| first < content.nodes.len()),
        is_workspace: true,
        is_inset: true,
        ..Placing::default()
    };
    let area = Area::of(frame.area).without_outer_gaps(frame.gaps);
    let focus = content
        .focus
        .iter()
        .copied()
        .find(|&position| position < content.nodes.len());
    pass.children(content.layout, &content.nodes, focus, area, placing);
    let first = content.focus.first().copied();
    for (floating, position) in content.floating.iter().zip(content.nodes.len()..) {
        pass.floating(floating, first == Some(position));
    }
    (pass.placed, 0)
}

/// Lays out hidden scratchpad windows, back to front.
pub(super) fn lay_out_floating<'a, L>(
    all: impl Iterator<Item = &'a Floating<L, f64>>,
    frame: &Frame,
) -> Vec<Placed<'a, L>> {
    let mut pass = Pass {
        frame,
        placed: Vec::new(),
        level: 0,
    };
    for floating in all {
        pass.floating(floating, false);
    }
    pass.placed
}

fn fullscreen<L>(content: &Content<L, f64>) -> Option<&Node<L, f64>> {
    let mut nodes = content.children().flat_map(Node::descendants);
    nodes.find(|node| node.attributes.fullscreen != Fullscreen::None)
}

/// The border and the title bar of a node; `default` is the border of a leaf without one.
fn look_of<L>(node: &Node<L, f64>, default: Border) -> Border {
    if node.attributes.fullscreen == Fullscreen::None {
        node.attributes.border.unwrap_or(default)
    } else {
        Border::None
    }
}

/// The properties that a node inherits from its parents.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent")]
struct Placing {
    shares: Shares,
    neighbors: Neighbors,
    /// True for the workspace itself.
    is_workspace: bool,
    /// True if i3 leaves gaps around the windows in it.
    is_inset: bool,
    /// True if its parent draws its title.
    has_header: bool,
    focused: bool,
}

struct Pass<'f, 'a, L> {
    frame: &'f Frame,
    placed: Vec<Placed<'a, L>>,
    level: usize,
}

impl<'a, L> Pass<'_, 'a, L> {
    fn floating(&mut self, floating: &'a Floating<L, f64>, focused: bool) {
        self.level += 1;
        let rect = floating.rect.map_or_else(
            || {
                let (width, height) = UNKNOWN_SIZE;
                let size = self.frame.convert(Rect::new(0, 0, width, height));
                centered(self.frame.monitor, size)
            },
            |rect| self.frame.convert(rect),
        );
        let placing = Placing {
            focused,
            ..Placing::default()
        };
        let border = look_of(&floating.node, self.frame.look.floating_border);
        self.node(&floating.node, Area::of(rect), placing, border);
    }

    fn node(&mut self, node: &'a Node<L, f64>, area: Area, placing: Placing, border: Border) {
        if let Some(container) = node.as_container() {
            let Container {
                layout,
                nodes,
                focus,
            } = container;
            self.children(*layout, nodes, focus.first().copied(), area, placing);
            return;
        }
        let (border, title) = match border {
            Border::None => (0, 0),
            Border::Pixel(width) => (width, 0),
            Border::Normal(width) if placing.has_header => (width, 0),
            Border::Normal(width) => (width, self.frame.look.title),
        };
        self.placed.push(Placed {
            node,
            rect: area.rect,
            header: None,
            title: title.min(area.rect.height),
            border,
            shares: placing.shares,
            level: self.level,
            focused: placing.focused,
        });
    }

    /// `focus` is the position of the child that had the focus last.
    fn children(
        &mut self,
        layout: ContainerLayout,
        nodes: &'a [Node<L, f64>],
        focus: Option<usize>,
        area: Area,
        placing: Placing,
    ) {
        let shares: Vec<f64> = nodes.iter().map(|node| node.share).collect();
        let front = focus.filter(|&at| at < nodes.len()).unwrap_or_default();
        let default = self.frame.look.border;
        if layout.is_split() {
            let areas = area.divided(layout, &shares, self.frame.look);
            for (at, (node, area)) in nodes.iter().zip(areas).enumerate() {
                let placing = placing.of_child(layout, at, nodes);
                let area = self.with_gaps(node, area, placing);
                let placing = Placing {
                    focused: placing.focused && at == front,
                    is_workspace: false,
                    ..placing
                };
                self.node(node, area, placing, look_of(node, default));
            }
            return;
        }
        // i3 draws no header for a single window without a title bar.
        let has_headers = !matches!(nodes, [only] if only.as_leaf().is_some()
            && !matches!(look_of(only, default), Border::Normal(_)));
        let below = area.divided(layout, &shares, self.frame.look);
        let below = below.first().copied().unwrap_or(area);
        if has_headers {
            let strip = below.rect.y.abs_diff(area.rect.y);
            let area = Rect {
                height: strip,
                ..area.rect
            };
            self.headers(layout, nodes, front, area, placing);
        }
        let Some(node) = nodes.get(front) else {
            return;
        };
        let below = if has_headers {
            self.below_rule(below)
        } else {
            area
        };
        let is_workspace = placing.is_workspace;
        let placing = Placing {
            has_header: has_headers,
            ..placing
        };
        let area = if is_workspace {
            self.with_gaps(node, below, placing)
        } else {
            below
        };
        let placing = Placing {
            is_inset: false,
            is_workspace: false,
            ..placing
        };
        self.node(node, area, placing, look_of(node, default));
    }

    /// The area of a child without the gaps around it. i3 leaves gaps around windows and around
    /// tabs and stacks, but not inside the latter.
    fn with_gaps(&self, node: &Node<L, f64>, area: Area, placing: Placing) -> Area {
        let is_split = node
            .as_container()
            .is_some_and(|container| container.layout.is_split());
        if is_split || !placing.is_inset {
            area
        } else {
            area.without_inner_gaps(self.frame.gaps.inner, placing.neighbors)
        }
    }

    fn below_rule(&self, area: Area) -> Area {
        let rule = self.frame.rule.min(area.rect.height);
        area.without_outer_gaps(GapSizes {
            top: rule.cast_signed(),
            ..GapSizes::default()
        })
    }

    /// The titles of tabs, side by side, or of a stack, one above the other. Those of a stack that
    /// is too high for the area have no height.
    fn headers(
        &mut self,
        layout: ContainerLayout,
        nodes: &'a [Node<L, f64>],
        front: usize,
        area: Rect,
        placing: Placing,
    ) {
        let title = self.frame.look.title.min(area.height);
        let count = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
        let each = area.width / count.max(1);
        for (at, node) in (0_u32..).zip(nodes) {
            let rect = if layout == ContainerLayout::Tabbed {
                let before = each.saturating_mul(at);
                // The last tab has the rest of the division, as in i3.
                let width = if at + 1 == count {
                    area.width - before
                } else {
                    each
                };
                Rect {
                    x: area.x.saturating_add_unsigned(before),
                    width,
                    height: title,
                    ..area
                }
            } else {
                let before = title.saturating_mul(at).min(area.height);
                Rect {
                    y: area.y.saturating_add_unsigned(before),
                    height: title.min(area.height - before),
                    ..area
                }
            };
            let is_front = usize::try_from(at) == Ok(front);
            self.placed.push(Placed {
                node,
                rect,
                header: Some(is_front),
                title: 0,
                border: 0,
                shares: placing.shares,
                level: self.level,
                focused: placing.focused && is_front,
            });
        }
    }
}

impl Placing {
    /// For the child at this position of a split container or workspace.
    fn of_child<L>(self, layout: ContainerLayout, at: usize, nodes: &[Node<L, f64>]) -> Self {
        let mut child = self;
        child.has_header = false;
        let share = (nodes.len() > 1).then(|| nodes.get(at).map(|node| node.share));
        let (is_first, is_last) = (at == 0, at + 1 == nodes.len());
        if layout == ContainerLayout::SplitH {
            child.shares.width = share.flatten().or(self.shares.width);
            child.neighbors.left |= !is_first;
            child.neighbors.right |= !is_last;
        } else {
            child.shares.height = share.flatten().or(self.shares.height);
            child.neighbors.above |= !is_first;
            child.neighbors.below |= !is_last;
        }
        child
    }
}

/// The rect with its size in the middle of another one.
fn centered(outer: Rect, inner: Rect) -> Rect {
    let offset = |outer: u32, inner: u32| outer.saturating_sub(inner) / 2;
    Rect {
        x: outer
            .x
            .saturating_add_unsigned(offset(outer.width, inner.width)),
        y: outer
            .y
            .saturating_add_unsigned(offset(outer.height, inner.height)),
        ..inner
    }
}
