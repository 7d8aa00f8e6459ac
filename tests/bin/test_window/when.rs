//! The time of an action: after a delay or when a test gives a cue.
//!
//! A cue is a file in the directory `TEST_WINDOW_CUES`. The file stays, so a program that is
//! started after the cue does not wait.

use std::error::Error;
use std::mem::MaybeUninit;
use std::path::PathBuf;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::inotify::{self, CreateFlags, WatchFlags};

use crate::Message;

/// A number of milliseconds or the name of a cue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum When {
    After(Duration),
    Cue(String),
}

impl From<&str> for When {
    fn from(text: &str) -> Self {
        text.parse().map_or_else(
            |_| Self::Cue(text.to_owned()),
            |delay| Self::After(Duration::from_millis(delay)),
        )
    }
}

impl When {
    /// The moment, starting now.
    pub(crate) fn moment(&self) -> Result<Moment, Box<dyn Error>> {
        match self {
            Self::After(delay) => Ok(Moment::At(Instant::now() + *delay)),
            Self::Cue(name) => {
                let directory = directory().ok_or("TEST_WINDOW_CUES is not set")?;
                Ok(Moment::Cue(directory.join(name)))
            }
        }
    }
}

/// A point in time, or the file of a cue.
#[derive(Clone, Debug)]
pub(crate) enum Moment {
    At(Instant),
    Cue(PathBuf),
}

impl Moment {
    pub(crate) fn is_due(&self) -> bool {
        match self {
            Self::At(instant) => *instant <= Instant::now(),
            Self::Cue(file) => file.exists(),
        }
    }

    /// `None` for a cue.
    pub(crate) const fn instant(&self) -> Option<Instant> {
        match self {
            Self::At(instant) => Some(*instant),
            Self::Cue(_) => None,
        }
    }
}

/// Sends [`Message::Cue`] for each later cue.
pub(crate) fn watch(sender: Sender<Message>) -> Result<(), Box<dyn Error>> {
    let Some(directory) = directory() else {
        return Ok(());
    };
    let watch = inotify::init(CreateFlags::CLOEXEC)?;
    inotify::add_watch(&watch, directory, WatchFlags::CREATE)?;
    thread::spawn(move || {
        let mut buffer = [MaybeUninit::uninit(); 1024];
        let mut events = inotify::Reader::new(watch, &mut buffer);
        while events.next().is_ok() && sender.send(Message::Cue).is_ok() {}
    });
    Ok(())
}

fn directory() -> Option<PathBuf> {
    let directory = std::env::var_os("TEST_WINDOW_CUES")?;
    (!directory.is_empty()).then(|| PathBuf::from(directory))
}
