//! A scene in characters.

mod grid;
#[cfg(test)]
mod tests;

use grid::{Block, Grid, space};

use super::canvas::CELL;
use super::fit::{columns, fit, wrapped};
use super::scene::{Change, Pane, Panel, Scene};
use crate::geometry::Rect;

/// The least columns of panels beside each other.
const WIDE: usize = 60;

/// The columns between panels beside each other.
const BETWEEN: usize = 2;

/// The colour of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tint {
    /// A heading.
    Heading,
    /// Less important text.
    Faint,
    /// The label of a window of a program, which has this position in [`Scene::programs`].
    Program(usize),
    /// The label of a window without a program.
    Label,
    /// Something that differs.
    Change(Change),
}

/// A text of one colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The text.
    pub text: String,
    /// The colour; `None` for lines and space.
    pub tint: Option<Tint>,
}

/// The number of panels beside each other and their columns, in a terminal of this width.
pub fn arrangement(width: usize, panels: usize) -> (usize, u32) {
    let beside = (width / WIDE).min(panels).max(1);
    let columns = (width + BETWEEN) / beside;
    let columns = columns.saturating_sub(BETWEEN);
    (beside, u32::try_from(columns).unwrap_or(u32::MAX))
}

/// The columns of each of two panels beside each other, in a terminal of this width.
pub fn arrangement_of_pairs(width: usize) -> u32 {
    let columns = width.saturating_sub(BETWEEN) / 2;
    u32::try_from(columns).unwrap_or(u32::MAX)
}

/// Draws all panels of a scene, grouped by monitor, with `beside` panels beside each other.
pub fn draw(scene: &Scene, beside: usize) -> Vec<Vec<Span>> {
    let mut lines = Vec::new();
    for (position, monitor) in scene.monitors.iter().enumerate() {
        let panels = scene.panels.iter();
        let panels: Vec<&Panel> = panels.filter(|panel| panel.monitor == position).collect();
        if panels.is_empty() {
            continue;
        }
        if !lines.is_empty() {
            lines.push(Vec::new());
        }
        let width = panels.iter().map(|panel| width_of(panel)).max();
        let row = (width.unwrap_or_default() + BETWEEN) * beside.min(panels.len());
        lines.push(heading(
            &monitor.name,
            Tint::Heading,
            &monitor.about(),
            row.saturating_sub(BETWEEN),
        ));
        let programs = scene.programs();
        for row in panels.chunks(beside.max(1)) {
            let row: Vec<_> = row.iter().map(|panel| drawn(panel, &programs)).collect();
            lines.extend(side_by_side(row));
        }
    }
    if lines.is_empty() {
        lines.push(vec![span("no workspaces", Tint::Faint)]);
    }
    lines
}

/// Draws the panels of two scenes beside each other, those of a workspace in one row. Rows
/// without windows on either side are left out.
pub fn draw_pairs(before: (&str, &Scene), after: (&str, &Scene)) -> Vec<Vec<Span>> {
    let mut lines = Vec::new();
    let titled = |title: &str, panel: Option<&Panel>, width: usize| {
        let mut lines = panel.map_or_else(
            || vec![vec![span("(no workspace)", Tint::Faint)]],
            |panel| drawn(panel, &[]),
        );
        lines.insert(0, vec![span(title, Tint::Faint)]);
        pad(&mut lines, width);
        lines
    };
    for (old, new) in super::pairs(before.1, after.1) {
        let width = old.or(new).map_or(0, width_of);
        if !lines.is_empty() {
            lines.push(Vec::new());
        }
        lines.extend(side_by_side(vec![
            titled(before.0, old, width),
            titled(after.0, new, width),
        ]));
    }
    lines
}

fn span(text: &str, tint: Tint) -> Span {
    Span {
        text: text.to_owned(),
        tint: Some(tint),
    }
}

/// A heading with more about it, in at most this number of columns.
fn heading(name: &str, tint: Tint, about: &str, width: usize) -> Vec<Span> {
    let name = fit(name, width).unwrap_or_default();
    let rest = width.saturating_sub(columns(&name) + 2);
    let mut heading = vec![span(&name, tint)];
    if let Some(about) = fit(about, rest).filter(|about| !about.is_empty()) {
        heading.push(span(&format!("  {about}"), Tint::Faint));
    }
    heading
}

/// The columns of a panel.
fn width_of(panel: &Panel) -> usize {
    block(panel.rect).right + 1
}

fn length(spans: &[Span]) -> usize {
    spans.iter().map(|span| columns(&span.text)).sum()
}

/// Makes all lines equally long.
fn pad(lines: &mut [Vec<Span>], width: usize) {
    for line in lines {
        let missing = width.saturating_sub(length(line));
        if missing > 0 {
            line.push(space(missing));
        }
    }
}

fn side_by_side(mut blocks: Vec<Vec<Vec<Span>>>) -> Vec<Vec<Span>> {
    let rows = blocks.iter().map(Vec::len).max().unwrap_or_default();
    for block in &mut blocks {
        let width = block.iter().map(|line| length(line)).max();
        block.resize(rows, Vec::new());
        pad(block, width.unwrap_or_default());
    }
    let mut lines = vec![Vec::new(); rows];
    for (at, block) in blocks.into_iter().enumerate() {
        for (line, part) in lines.iter_mut().zip(block) {
            if at > 0 {
                line.push(space(BETWEEN));
            }
            line.extend(part);
        }
    }
    lines
}

/// A panel below its heading, with the windows that have no space for a label below it.
fn drawn(panel: &Panel, programs: &[&str]) -> Vec<Vec<Span>> {
    let width = width_of(panel);
    let (name, about) = panel.heading();
    let tint = panel.change.map_or(Tint::Heading, Tint::Change);
    let sign = panel.change.map_or("", Change::sign);
    let mut lines = vec![heading(&format!("{sign}{name}"), tint, &about, width)];
    let (rows, unlabeled) = rows_of(panel, programs);
    lines.extend(rows);
    if !unlabeled.is_empty() {
        let unlabeled = wrapped("too small to label:", &unlabeled, width);
        lines.extend(unlabeled.iter().map(|line| vec![span(line, Tint::Faint)]));
    }
    lines
}

/// The grid of a panel, and the labels for which it has no space.
fn rows_of<'p>(panel: &'p Panel, programs: &[&str]) -> (Vec<Vec<Span>>, Vec<&'p str>) {
    let all = block(panel.rect);
    let mut grid = Grid::new(all.right + 1, all.bottom + 1);
    grid.frame(all, 0);
    let blocks: Vec<Block> = panel
        .panes
        .iter()
        .map(|pane| clipped(pane.rect, all))
        .collect();
    for (at, (pane, &block)) in panel.panes.iter().zip(&blocks).enumerate() {
        if pane.header.is_none() {
            grid.frame(block, pane.level);
            continue;
        }
        // The header of a stack continues the one above it.
        let above = at.checked_sub(1).and_then(|before| {
            let before = (panel.panes.get(before)?, blocks.get(before)?);
            before.0.header.map(|_| before.1)
        });
        let continues = above.is_some_and(|above| above.left == block.left);
        let bottom = (block.top + 2).min(all.bottom);
        if !continues {
            grid.horizontal(block.left, block.right, block.top, pane.level);
        }
        grid.vertical(block.left, block.top, bottom, pane.level);
        grid.vertical(block.right, block.top, bottom, pane.level);
    }
    // The same panel in cells, to find the space that no window above covers.
    let mut cells = panel.clone();
    for (pane, block) in cells.panes.iter_mut().zip(&blocks) {
        pane.rect = rect_of(*block);
    }
    let mut unlabeled = Vec::new();
    for ((pane, in_cells), block) in panel.panes.iter().zip(&cells.panes).zip(&blocks) {
        let inner = if pane.header.is_some() {
            inside(Block {
                bottom: block.top + 2,
                ..*block
            })
        } else {
            inside(*block)
        };
        let free = cells.free_part(in_cells, inner);
        if !label(&mut grid, pane, free, programs) && !pane.label.is_empty() {
            unlabeled.push(pane.label.as_str());
        }
    }
    unlabeled.dedup();
    (grid.rows(), unlabeled)
}

/// Writes the texts of a pane. Returns false if there is no space.
fn label(grid: &mut Grid, pane: &Pane, free: Rect, programs: &[&str]) -> bool {
    let (x, y) = (position(free.x), position(free.y));
    let limit = usize::try_from(free.width).unwrap_or_default();
    let height = usize::try_from(free.height).unwrap_or_default();
    let sign = pane.change.map_or("", Change::sign);
    let program = pane.program.as_deref();
    let position = program.and_then(|program| programs.iter().position(|one| *one == program));
    let tint = match (pane.change, position) {
        (Some(change), _) => Tint::Change(change),
        (None, Some(position)) => Tint::Program(position),
        (None, None) => Tint::Label,
    };
    let Some(text) = fit(&format!("{sign}{}", pane.label), limit).filter(|_| height > 0) else {
        return false;
    };
    let tint = if pane.header == Some(false) && pane.change.is_none() {
        Tint::Faint
    } else {
        tint
    };
    grid.write(x, y, &text, tint);
    if pane.header.is_none() {
        for (row, detail) in (1..height).zip(&pane.details) {
            if let Some(text) = fit(detail, limit) {
                grid.write(x, y + row, &text, Tint::Faint);
            }
        }
    }
    true
}

fn position(offset: i32) -> usize {
    usize::try_from(offset).unwrap_or_default()
}

/// The cell of an offset, rounded.
fn cell(offset: i64) -> usize {
    let unit = i64::from(CELL);
    usize::try_from(offset.saturating_add(unit / 2).div_euclid(unit)).unwrap_or_default()
}

/// The cells of a rect, whose edges are the lines of its box.
fn block(rect: Rect) -> Block {
    let (x, y) = (i64::from(rect.x), i64::from(rect.y));
    Block {
        left: cell(x),
        top: cell(y),
        right: cell(x + i64::from(rect.width)),
        bottom: cell(y + i64::from(rect.height)),
    }
}

fn clipped(rect: Rect, all: Block) -> Block {
    let block = block(rect);
    Block {
        left: block.left.min(all.right),
        top: block.top.min(all.bottom),
        right: block.right.min(all.right),
        bottom: block.bottom.min(all.bottom),
    }
}

fn rect_of(block: Block) -> Rect {
    let length =
        |from: usize, to: usize| u32::try_from(to + 1 - from.min(to + 1)).unwrap_or_default();
    Rect {
        x: i32::try_from(block.left).unwrap_or(i32::MAX),
        y: i32::try_from(block.top).unwrap_or(i32::MAX),
        width: length(block.left, block.right),
        height: length(block.top, block.bottom),
    }
}

/// The rect inside the lines of a box.
fn inside(block: Block) -> Rect {
    let rect = rect_of(block);
    Rect {
        x: rect.x.saturating_add(1),
        y: rect.y.saturating_add(1),
        width: rect.width.saturating_sub(2),
        height: rect.height.saturating_sub(2),
    }
}
