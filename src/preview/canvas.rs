//! The unit of a scene: pixels of the X screen, or cells of a terminal.

use super::desk::{Desk, Screen};
use super::geometry::Frame;
use crate::compile::area::Look;
use crate::geometry::Rect;
use crate::tree::{Container, ContainerLayout, Content, GapSizes, Kind, Node};

/// The unit of the rects of a scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Canvas {
    /// Pixels of the X screen, with bars, gaps, title bars and borders.
    Pixels,
    /// Cells of a terminal, in units of 1/`CELL`, without bars and gaps. Panels have this
    /// number of columns.
    Cells(u32),
}

/// The units of a cell: rects are rounded to cells only when they are drawn.
pub(super) const CELL: u32 = 1000;

/// The most columns of a panel. A wider one has no advantage.
const MAX_COLUMNS: u32 = 240;

/// The least columns and rows of a panel.
const MIN_COLUMNS: u32 = 20;
const MIN_ROWS: u32 = 6;

/// How much higher than its monitor a panel may be to make room for text.
const STRETCH: u32 = 4;

impl Canvas {
    /// The place of a workspace with this content.
    pub(super) fn frame<L>(
        self,
        desk: &Desk,
        screen: &Screen,
        gaps: GapSizes,
        content: &Content<L, f64>,
    ) -> Frame {
        let rect = screen.monitor.rect;
        let Self::Cells(columns) = self else {
            return Frame {
                monitor: rect,
                all: desk.extent(),
                area: screen.area,
                look: desk.look,
                gaps,
                rule: 0,
                screen: rect,
            };
        };
        let columns = columns.clamp(MIN_COLUMNS, MAX_COLUMNS);
        // A cell is about twice as high as wide.
        let rows = u64::from(columns) * u64::from(rect.height) / u64::from(rect.width.max(1)) / 2;
        let rows = u32::try_from(rows).unwrap_or(columns);
        let rows = rows.clamp(MIN_ROWS, columns);
        let needed = rows_of(content).min(rows * STRETCH);
        let rows = rows.max(needed);
        let monitor = Rect::new(0, 0, (columns - 1) * CELL, (rows - 1) * CELL);
        Frame {
            monitor,
            all: monitor,
            area: monitor,
            look: Look {
                title: CELL,
                ..desk.look
            },
            gaps: GapSizes::default(),
            rule: CELL,
            screen: rect,
        }
    }
}

/// The rows that show a line of text in each window, with the lines around them.
fn rows_of<L>(content: &Content<L, f64>) -> u32 {
    let rows = of_children(content.layout, &content.nodes);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the number is positive, and a large one is limited"
    )]
    let rows = rows.ceil() as u32;
    rows.saturating_add(1)
}

fn of_node<L>(node: &Node<L, f64>) -> f64 {
    match &node.kind {
        Kind::Leaf(_) => 2.0,
        Kind::Container(Container { layout, nodes, .. }) => of_children(*layout, nodes),
    }
}

fn of_children<L>(layout: ContainerLayout, nodes: &[Node<L, f64>]) -> f64 {
    let highest = nodes.iter().map(of_node).fold(0.0, f64::max);
    #[expect(clippy::cast_precision_loss, reason = "numbers of siblings are small")]
    let count = nodes.len() as f64;
    match layout {
        ContainerLayout::SplitH => highest,
        ContainerLayout::SplitV => nodes
            .iter()
            .map(|node| of_node(node) / node.share.max(0.01))
            .fold(0.0, f64::max),
        ContainerLayout::Tabbed => highest + 2.0,
        ContainerLayout::Stacked => highest + count + 1.0,
    }
}
