//! Clears the leftovers of an interrupted run.

use super::guard::Guard;
use super::lock;
use super::runtime::Runtime;
use super::world::World;
use crate::apply::ApplyError;
use crate::apply::leftovers::{self, Clear};
use crate::live::Desktop;
use crate::wm::command::Command;

/// The result of clearing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Recovered {
    /// The number of placeholders removed.
    pub placeholders: usize,
    /// The number of windows moved back to a workspace.
    pub windows: usize,
    /// The number of marks removed from windows that came late to a placeholder.
    pub marks: usize,
}

impl Recovered {
    /// The result of these commands of [`leftovers::commands`], and of the removal of marks.
    pub fn of(commands: &[Command], marks: usize) -> Self {
        let count = |is: &dyn Fn(&Command) -> bool| commands.iter().filter(|one| is(one)).count();
        Self {
            placeholders: count(&|one| {
                matches!(one, Command::KillPlaceholder(_) | Command::KillKept { .. })
            }),
            windows: count(&|one| matches!(one, Command::MoveToWorkspace { .. })),
            marks,
        }
    }
}

/// Removes placeholders and moves the windows in them back to a workspace. Closes and hides no
/// window. Fails while another run is active.
pub fn recover(world: &mut World<'_>) -> Result<Recovered, ApplyError> {
    let runtime = Runtime::open(&world.runtime, &world.display)?;
    let _lock = lock::take(&runtime, world.session)?;
    let desktop = world.session.observe(world.process)?;
    world.recorder.saw(&desktop);
    let mut guard = Guard::new(runtime);
    let commands = clear(world, &mut guard, &desktop, Clear::All)?;
    // An interrupted run has recorded no windows, but `apply` finds them by other evidence.
    let unmark = world.session.unmark();
    world.session.run(&unmark)?;
    Ok(Recovered::of(&commands, unmark.len()))
}

/// Clears leftovers on the desktop. Returns the commands; none if there is nothing to clear.
pub(super) fn clear(
    world: &mut World<'_>,
    guard: &mut Guard,
    desktop: &Desktop,
    what: Clear,
) -> Result<Vec<Command>, ApplyError> {
    let commands = leftovers::commands(desktop, what);
    world.recorder.sent(&commands);
    let drawn = leftovers::drawn(&commands, &desktop.tree);
    guard.send(world.session, commands.clone(), &drawn)?;
    Ok(commands)
}
