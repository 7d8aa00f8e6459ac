//! `tutorial`: the tutorial in a nested i3, which checks each step.

mod guide;
mod lesson;
mod look;
mod seen;
mod steps;

use std::time::Duration;

use super::context::Context;
use super::exit::Exit;
use super::try_out::Outside;
use crate::discover::search_path::SearchPath;
use crate::error::Error;
use crate::geometry::Size;
use crate::nested::i3_config::RESOURCES;
use crate::nested::server::XTERM;
use crate::nested::{
    Folder, Happened, Modifier, Nested, NestedError, Panel, Screen, Server, Setup,
};
use look::Files;
use steps::{Progress, Step};

/// The name of the layout of the tutorial.
const NAME: &str = "tour";

/// The key of the last step.
const KEY: &str = "bindsym $mod+F9 exec --no-startup-id i3pm-layout apply tour\n";

/// The largest size of the window.
const LARGEST: Size = Size {
    width: 1280,
    height: 860,
};

/// The height of the panel, in pixels.
const PANEL: u16 = 236;

/// The time between two looks at the files. The changes of i3 are reported at once.
const INTERVAL: Duration = Duration::from_millis(250);

/// The looks that may fail one after the other, as while i3 restarts.
const PATIENCE: u32 = 20;

/// Learn the program in ten minutes, in a window of its own
///
/// Opens a window with a second i3 (Xephyr) and a panel that shows what to do. The program watches, and
/// goes on when a step is done. You save windows to a layout, close and restore them, edit and update
/// the layout, and undo a run. Your desktop, layouts and configuration stay as they are. Ends when the
/// window is closed, i3 exits, or Ctrl-C is pressed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout tutorial\n  \
        i3pm-layout help tutorial-guide | less")]
pub(super) struct Args {}

pub(super) fn run(_: &Args, context: &Context) -> Result<Exit, Error> {
    let outside = Outside::find(context).ok_or(Error::NoDisplayForTutorial)?;
    let programs = SearchPath::new(context.variable("PATH").unwrap_or_default());
    if programs.find(XTERM.program).is_none() {
        return Err(NestedError::NotInstalled(XTERM).into());
    }
    let own = Context::own_program().unwrap_or_else(|| "i3pm-layout".into());
    let limit = outside.x.limit();
    let modifier = outside.modifier;
    let setup = Setup {
        server: Server::Xephyr,
        screen: Screen::of(
            &[],
            Size {
                width: limit.width.min(LARGEST.width),
                height: limit.height.min(LARGEST.height),
            },
        ),
        workspaces: Vec::new(),
        title: "i3pm-layout tutorial".to_owned(),
        modifier,
        terminal: XTERM.program,
        more_config: KEY,
        has_own_config: true,
        programs: &programs,
        environment: context.environment(),
        own: &own,
        resources: RESOURCES.into(),
    };
    let folder = Folder::create(context.runtime())?;
    let started = Nested::start(folder, &setup).and_then(|mut nested| {
        let panel = Panel::open(&mut nested, PANEL)?;
        Ok((nested, panel))
    });
    let (mut nested, panel) = match started {
        Err(error @ NestedError::Interrupted) => {
            context.ui.say(&error.to_string());
            return Ok(Exit::Incomplete);
        }
        started => started?,
    };
    context.ui.say(&super::try_out::keys(modifier));
    let step = watch(&mut nested, panel, modifier, context)?;
    if step == Step::End {
        return Ok(Exit::Done);
    }
    context.ui.say(&format!(
        "ended before step {} of {}; `i3pm-layout tutorial` begins again",
        step.number(),
        Step::COUNT
    ));
    Ok(Exit::Incomplete)
}

/// Follows the steps until the user ends the tutorial. Returns the last one.
fn watch(
    nested: &mut Nested,
    mut panel: Panel,
    modifier: Modifier,
    context: &Context,
) -> Result<Step, Error> {
    let files = Files::of(nested.folder().path(), &context.home);
    let mut progress = Progress::START;
    let mut failures = 0;
    context.ui.say(&guide::lines(progress.step, modifier));
    loop {
        match files.look(nested) {
            Ok(seen) => {
                failures = 0;
                let (done, check) = progress.advance(&seen);
                if !done.is_empty() {
                    context.ui.say(&guide::lines(progress.step, modifier));
                }
                panel.show(&guide::panel(progress.step, &check, modifier))?;
            }
            Err(error) if failures == PATIENCE => return Err(error),
            // The desktop may just be ending.
            Err(_) => failures += 1,
        }
        match nested.next(INTERVAL) {
            Happened::Interrupted => return Ok(progress.step),
            Happened::Ended => {
                let crash = nested.crash();
                return crash.map_or(Ok(progress.step), |error| Err(error.into()));
            }
            Happened::Finished(_) | Happened::Changed | Happened::Nothing => {}
        }
    }
}
