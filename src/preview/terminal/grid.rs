//! A grid of characters with boxes and texts.

use std::iter::repeat_n;

use super::{Span, Tint};
use unicode_width::UnicodeWidthChar as _;

/// The directions in which a line leaves a cell.
const UP: u8 = 1;
const DOWN: u8 = 2;
const LEFT: u8 = 4;
const RIGHT: u8 = 8;

/// The characters for all sets of directions.
const LINES: [char; 16] = [
    ' ', '╵', '╷', '│', '╴', '┘', '┐', '┤', '╶', '└', '┌', '├', '─', '┴', '┬', '┼',
];

/// The character of a line.
const fn line_of(directions: u8) -> char {
    LINES[(directions & 0xf) as usize]
}

/// A part of the grid in cells; the borders of boxes are part of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) right: usize,
    pub(super) bottom: usize,
}

#[derive(Clone, Copy, Default)]
struct Cell {
    /// The character of a text; `None` for lines and space.
    letter: Option<char>,
    /// True for the second half of a wide character.
    is_covered: bool,
    lines: u8,
    level: usize,
    tint: Option<Tint>,
}

pub(super) struct Grid {
    columns: usize,
    cells: Vec<Cell>,
}

impl Grid {
    pub(super) fn new(columns: usize, rows: usize) -> Self {
        Self {
            columns,
            cells: vec![Cell::default(); columns * rows],
        }
    }

    fn cell(&mut self, x: usize, y: usize) -> Option<&mut Cell> {
        if x >= self.columns {
            return None;
        }
        self.cells.get_mut(y * self.columns + x)
    }

    /// Adds directions to a line. Lines of different levels do not join.
    fn join(&mut self, x: usize, y: usize, level: usize, lines: u8) {
        if let Some(cell) = self.cell(x, y) {
            if cell.level != level {
                *cell = Cell {
                    level,
                    ..Cell::default()
                };
            }
            cell.lines |= lines;
        }
    }

    pub(super) fn horizontal(&mut self, left: usize, right: usize, y: usize, level: usize) {
        for x in left..=right {
            let before = if x > left { LEFT } else { 0 };
            let after = if x < right { RIGHT } else { 0 };
            self.join(x, y, level, before | after);
        }
    }

    pub(super) fn vertical(&mut self, x: usize, top: usize, bottom: usize, level: usize) {
        for y in top..=bottom {
            let before = if y > top { UP } else { 0 };
            let after = if y < bottom { DOWN } else { 0 };
            self.join(x, y, level, before | after);
        }
    }

    /// Draws an empty box.
    pub(super) fn frame(&mut self, block: Block, level: usize) {
        for y in block.top + 1..block.bottom {
            for x in block.left + 1..block.right {
                if let Some(cell) = self.cell(x, y) {
                    *cell = Cell {
                        level,
                        ..Cell::default()
                    };
                }
            }
        }
        self.horizontal(block.left, block.right, block.top, level);
        self.horizontal(block.left, block.right, block.bottom, level);
        self.vertical(block.left, block.top, block.bottom, level);
        self.vertical(block.right, block.top, block.bottom, level);
    }

    pub(super) fn write(&mut self, x: usize, y: usize, text: &str, tint: Tint) {
        let mut at = x;
        for letter in text.chars() {
            let width = letter.width().unwrap_or_default();
            // A combining character has no cell of its own.
            for part in 0..width {
                if let Some(cell) = self.cell(at + part, y) {
                    cell.letter = Some(letter);
                    cell.is_covered = part > 0;
                    cell.tint = Some(tint);
                }
            }
            at += width;
        }
    }

    /// The rows, with neighboring cells of one tint in one span.
    pub(super) fn rows(&self) -> Vec<Vec<Span>> {
        let rows = self.cells.chunks(self.columns.max(1));
        rows.map(|row| {
            let mut spans: Vec<Span> = Vec::new();
            for cell in row.iter().filter(|cell| !cell.is_covered) {
                let letter = cell.letter.unwrap_or_else(|| line_of(cell.lines));
                match spans.last_mut().filter(|last| last.tint == cell.tint) {
                    Some(last) => last.text.push(letter),
                    None => spans.push(Span {
                        text: letter.to_string(),
                        tint: cell.tint,
                    }),
                }
            }
            spans
        })
        .collect()
    }
}

/// Space of this number of columns.
pub(super) fn space(columns: usize) -> Span {
    Span {
        text: repeat_n(' ', columns).collect(),
        tint: None,
    }
}
