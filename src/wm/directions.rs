//! Commands for outputs whose names i3 reads as directions. Pure.
//!
//! In a command, `left` is the output to the left, whatever the outputs are called
//! (`get_output_from_string` in i3's `src/output.c`). So an output with such a name is found by its
//! visible workspace, or by the directions that lead to it.

use std::collections::VecDeque;

use super::command::Command;
use crate::geometry::Rect;
use crate::live::{Con, ConId, ConKind, Output, is_direction, same_output};

/// A direction in i3's commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Left,
    Right,
    Up,
    Down,
}

impl Direction {
    const ALL: [Self; 4] = [Self::Left, Self::Right, Self::Up, Self::Down];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
            Self::Up => "up",
            Self::Down => "down",
        }
    }

    const fn opposite(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }

    /// The distance from one rect to another in this direction.
    fn distance(self, from: Rect, to: Rect) -> i64 {
        let (x, y) = (
            i64::from(to.x) - i64::from(from.x),
            i64::from(to.y) - i64::from(from.y),
        );
        match self {
            Self::Left => -x,
            Self::Right => x,
            Self::Up => -y,
            Self::Down => y,
        }
    }

    /// True if one of the rects can be beside the other in this direction.
    fn overlap(self, one: Rect, other: Rect) -> bool {
        let end = |start: i32, length: u32| i64::from(start) + i64::from(length);
        match self {
            Self::Left | Self::Right => {
                end(one.y, one.height) > i64::from(other.y)
                    && end(other.y, other.height) > i64::from(one.y)
            }
            Self::Up | Self::Down => {
                end(one.x, one.width) > i64::from(other.x)
                    && end(other.x, other.width) > i64::from(one.x)
            }
        }
    }

    /// The output that i3 finds in this direction; it begins again at the other side
    /// (`get_output_next_wrap` in i3's `src/randr.c`).
    fn next(self, from: usize, outputs: &[Output]) -> usize {
        let Some(present) = outputs.get(from) else {
            return from;
        };
        let present = present.rect;
        let beside = |direction: Self| {
            let all = outputs.iter().enumerate();
            all.filter_map(move |(at, output)| {
                let distance = direction.distance(present, output.rect);
                let is_beside = distance > 0 && direction.overlap(present, output.rect);
                is_beside.then_some((distance, at))
            })
        };
        let nearest = beside(self).min();
        let farthest = || beside(self.opposite()).max_by_key(|(distance, _)| *distance);
        nearest.or_else(farthest).map_or(from, |(_, at)| at)
    }
}

/// The shortest way from one output to another; `None` if there is none.
fn way(from: usize, to: usize, outputs: &[Output]) -> Option<Vec<Direction>> {
    let mut ways: Vec<Option<Vec<Direction>>> = vec![None; outputs.len()];
    *ways.get_mut(from)? = Some(Vec::new());
    let mut pending = VecDeque::from([from]);
    while let Some(at) = pending.pop_front() {
        let so_far = ways.get(at)?.clone()?;
        if at == to {
            return Some(so_far);
        }
        for direction in Direction::ALL {
            let next = direction.next(at, outputs);
            let way = ways.get_mut(next)?;
            if way.is_none() {
                *way = Some([so_far.as_slice(), &[direction]].concat());
                pending.push_back(next);
            }
        }
    }
    None
}

/// True if i3 reads the output's name in a command as a direction.
pub(super) fn is_ambiguous(command: &Command) -> bool {
    match command {
        Command::FocusOutput(output) | Command::MoveWorkspaceToOutput { output, .. } => {
            is_direction(output)
        }
        _ => false,
    }
}

/// Commands with the same effect that do not name the output. The command itself if there are none.
pub(super) fn without_name(command: &Command, tree: &Con, outputs: &[Output]) -> Vec<Command> {
    let found = match command {
        Command::FocusOutput(output) => visible(output, tree).map(|name| {
            let name = name.to_owned();
            vec![Command::ShowWorkspace(name)]
        }),
        Command::MoveWorkspaceToOutput { con, output } => {
            let place = |name: &str| outputs.iter().position(|one| same_output(&one.name, name));
            let from = output_of(*con, tree).and_then(place);
            let way = from
                .zip(place(output))
                .and_then(|(from, to)| way(from, to, outputs));
            way.map(|way| {
                let steps = way.into_iter();
                let step = |direction: Direction| Command::MoveWorkspaceToOutput {
                    con: *con,
                    output: direction.as_str().to_owned(),
                };
                steps.map(step).collect()
            })
        }
        _ => None,
    };
    found.unwrap_or_else(|| vec![command.clone()])
}

fn outputs_of(tree: &Con) -> impl Iterator<Item = &Con> {
    let outputs = tree.children();
    outputs.filter(|con| con.kind == ConKind::Output)
}

/// The output of a container.
fn output_of(con: ConId, tree: &Con) -> Option<&str> {
    let mut outputs = outputs_of(tree);
    outputs
        .find(|output| output.find(con).is_some())
        .map(Con::name)
}

/// The visible workspace of an output.
fn visible<'t>(output: &str, tree: &'t Con) -> Option<&'t str> {
    let output = outputs_of(tree).find(|one| same_output(one.name(), output))?;
    let mut content = output.nodes.iter().filter(|con| con.kind == ConKind::Con);
    content.next()?.focused_workspace().map(Con::name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outputs(rects: &[(i32, i32, u32, u32)]) -> Vec<Output> {
        let rects = rects.iter();
        rects
            .map(|&(x, y, width, height)| Output {
                name: String::new(),
                rect: Rect::new(x, y, width, height),
                primary: false,
                edid: crate::live::Edid::default(),
            })
            .collect()
    }

    #[test]
    fn every_connected_output_has_a_way() {
        use Direction::{Down, Left, Right};
        let row = outputs(&[(0, 0, 10, 10), (10, 0, 10, 10), (20, 0, 10, 10)]);
        // The third one is below the second.
        let corner = outputs(&[(0, 0, 10, 10), (10, 0, 10, 10), (10, 10, 10, 10)]);
        let apart = outputs(&[(0, 0, 10, 10), (10, 10, 10, 10)]);
        for (outputs, from, to, expected) in [
            (&row, 0, 0, Some(vec![])),
            (&row, 0, 1, Some(vec![Right])),
            (&row, 0, 2, Some(vec![Left])),
            (&row, 1, 0, Some(vec![Left])),
            (&row, 2, 0, Some(vec![Right])),
            (&corner, 0, 1, Some(vec![Left])),
            (&corner, 0, 2, Some(vec![Left, Down])),
            (&apart, 0, 1, None),
        ] {
            let found = way(from, to, outputs);
            // Both sides lead to the only other output of a row.
            let length = |way: &Option<Vec<Direction>>| way.as_ref().map(Vec::len);
            assert_eq!(length(&found), length(&expected), "{from} {to}: {found:?}");
            let end = found.map(|way| {
                way.into_iter()
                    .fold(from, |at, direction| direction.next(at, outputs))
            });
            assert!(end.is_none_or(|end| end == to), "{from} {to}");
        }
    }
}
