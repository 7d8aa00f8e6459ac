//! The program without arguments: what to do first.

use super::context::Context;
use super::exit::Exit;
use crate::error::Error;

/// The three things to do first, and where to read on.
const TEXT: &str = "\
i3pm-layout saves the windows of an i3 desktop and restores them.

First steps:
  1. Check the set-up:         i3pm-layout doctor
  2. Save the open windows:    i3pm-layout capture daily
  3. Restore them with a key, by a line in ~/.config/i3/config:
       bindsym $mod+F9 exec --no-startup-id i3pm-layout apply daily

`i3pm-layout tutorial` takes ten minutes, in a window of its own. `i3pm-layout try` shows example
layouts, and `i3pm-layout --help` lists all commands.
";

pub(super) fn run(context: &Context) -> Result<Exit, Error> {
    context.ui.out(TEXT)?;
    Ok(Exit::Done)
}
