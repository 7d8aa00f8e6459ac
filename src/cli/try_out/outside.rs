//! The desktop on which the window opens.

use crate::cli::context::Context;
use crate::nested::{Modifier, Outer};

/// A desktop.
pub(in crate::cli) struct Outside {
    /// Its X server.
    pub(in crate::cli) x: Outer,
    /// The modifier whose keys reach the window.
    pub(in crate::cli) modifier: Modifier,
}

impl Outside {
    /// Finds the desktop of this display. `None` if its X server cannot be reached.
    pub(in crate::cli) fn find(context: &Context) -> Option<Self> {
        let x = Outer::find(context.display().as_deref())?;
        // Without i3 outside, none of its keys are in the way.
        let session = context.session().ok();
        let lines = session.and_then(|mut session| session.wm().config_lines().ok());
        Some(Self {
            x,
            modifier: Modifier::beside(&lines.unwrap_or_default()),
        })
    }
}
