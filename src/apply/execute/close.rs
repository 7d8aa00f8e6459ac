//! Closes windows.

use std::collections::BTreeSet;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::lock;
use super::runtime::Runtime;
use super::world::World;
use crate::apply::ApplyError;
use crate::live::ConId;
use crate::wm::command::Command;

/// Asks windows to close, and waits until they are closed, at most for this time. Returns those
/// that are still open: their programs may ask the user first. Fails while another run is active.
pub fn close(
    world: &mut World<'_>,
    windows: &BTreeSet<ConId>,
    limit: Duration,
) -> Result<BTreeSet<ConId>, ApplyError> {
    let runtime = Runtime::open(&world.runtime, &world.display)?;
    let _lock = lock::take(&runtime, world.session)?;
    let (sender, receiver) = mpsc::channel();
    let _subscription = world
        .session
        .subscribe(move |change| sender.send(change).is_ok())?;
    let commands = windows.iter().copied().map(Command::CloseWindow);
    let commands: Vec<Command> = commands.collect();
    world.recorder.sent(&commands);
    world.session.run(&commands)?;
    let deadline = Instant::now() + limit;
    loop {
        let tree = world.session.observe_tree()?;
        let open = windows.iter().copied();
        let open: BTreeSet<ConId> = open.filter(|&con| tree.find(con).is_some()).collect();
        let left = deadline.saturating_duration_since(Instant::now());
        if open.is_empty() || left.is_zero() || receiver.recv_timeout(left).is_err() {
            return Ok(open);
        }
    }
}
