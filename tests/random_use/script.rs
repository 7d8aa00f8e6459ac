//! The steps of a case, generated from a seed.

use crate::harness::random::Random;

/// The number of layouts in the store.
pub(super) const LAYOUTS: usize = 3;

/// Commands for one window.
const COMMANDS: [&str; 9] = [
    "move container to workspace 1",
    "move container to workspace 2",
    "move container to workspace 3",
    "floating toggle",
    "split v",
    "layout toggle all",
    "move left",
    "move down",
    "move scratchpad",
];

/// A step. Windows, programs and layouts are given by numbers, which wrap around.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// Opens a program that is not open, on a workspace.
    Open(usize, usize),
    /// Closes a window.
    Close(usize),
    /// Closes all windows, as at the end of a session.
    CloseAll,
    /// Runs an i3 command for a window.
    Run(usize, &'static str),
    /// Changes the name of a workspace, but not its number.
    RenameWorkspace(usize),
    /// Captures the desktop as a layout.
    Capture(usize),
    /// Updates a layout.
    Update(usize),
    /// Renames the file of a layout.
    Move(usize, usize),
    /// Copies the file of a layout.
    Copy(usize, usize),
    /// Edits the file of a layout, without a change of its programs.
    Edit(usize, Edit),
    /// Changes the records.
    Records(Records),
    /// Applies a layout in the store.
    Apply(usize),
    /// Applies a copy of a layout outside the store.
    ApplyPath(usize),
    /// Applies two layouts in turn.
    ApplyInTurn(usize, usize),
}

/// A change of a layout file.
#[derive(Clone, Copy, Debug)]
pub(super) enum Edit {
    /// Renames all slots.
    Ids,
    /// Adds a comment.
    Comment,
    /// Replaces tabs by stacks.
    Containers,
    /// Renames a workspace, but keeps its number.
    Workspace,
}

/// A change of the records.
#[derive(Clone, Copy, Debug)]
pub(super) enum Records {
    /// The file is missing.
    Deleted,
    /// The file is damaged.
    Damaged,
    /// The file is that of an earlier time.
    Stale,
    /// The file is of an earlier X session, which had windows with the same ids.
    EarlierSession,
}

/// The steps for a seed.
pub(super) fn steps(seed: u64, count: usize) -> Vec<Step> {
    let mut random = Random::new(seed);
    let mut steps: Vec<Step> = (0..4)
        .map(|_| Step::Open(random.below(100), random.below(3)))
        .collect();
    steps.push(Step::Capture(0));
    steps.extend((0..count).map(|_| step(&mut random)));
    steps
}

fn step(random: &mut Random) -> Step {
    let layout = |random: &mut Random| random.below(LAYOUTS);
    match random.below(28) {
        0..=3 => Step::Open(random.below(100), random.below(3)),
        4..=5 => Step::Close(random.below(100)),
        6..=10 => Step::Run(random.below(100), random.one(&COMMANDS)),
        11 => Step::RenameWorkspace(random.below(3)),
        12..=13 => Step::Capture(layout(random)),
        14 => Step::Update(layout(random)),
        15 => Step::Move(layout(random), layout(random)),
        16 => Step::Copy(layout(random), layout(random)),
        17 => Step::Edit(
            layout(random),
            [Edit::Ids, Edit::Comment, Edit::Containers, Edit::Workspace][random.below(4)],
        ),
        18..=19 => Step::Records(
            [
                Records::Deleted,
                Records::Damaged,
                Records::Stale,
                Records::EarlierSession,
            ][random.below(4)],
        ),
        20 => Step::CloseAll,
        21 => Step::ApplyPath(layout(random)),
        22 => Step::ApplyInTurn(layout(random), layout(random)),
        _ => Step::Apply(layout(random)),
    }
}
