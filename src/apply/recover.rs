//! Clears what an earlier run left behind.

use super::ApplyError;
use super::leftovers::{self, Clear};
use super::lock;
use super::run::World;
use super::runtime::Runtime;
use crate::wm::command::Command;

/// What was cleared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Recovered {
    /// Placeholders that were removed.
    pub placeholders: usize,
    /// Windows of programs that were brought back to a workspace.
    pub windows: usize,
}

/// Removes placeholders and brings back the windows that they have taken. No window is
/// closed or hidden. Not while another run is at work.
pub fn recover(world: &mut World<'_>) -> Result<Recovered, ApplyError> {
    let runtime = Runtime::open(&world.runtime, &world.display)?;
    let _lock = lock::take(&runtime)?;
    let desktop = world.session.observe(world.process)?;
    let commands = leftovers::commands(&desktop, Clear::All);
    world.session.run_and_remove(&commands, &desktop.tree)?;
    let count = |is: &dyn Fn(&Command) -> bool| commands.iter().filter(|one| is(one)).count();
    Ok(Recovered {
        placeholders: count(&|one| {
            matches!(one, Command::KillPlaceholder(_) | Command::KillKept { .. })
        }),
        windows: count(&|one| matches!(one, Command::MoveToWorkspace { .. })),
    })
}
