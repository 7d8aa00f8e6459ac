//! The desktop on which the window of a nested desktop opens.

use crate::geometry::Size;
use crate::nested::NestedError;
use crate::x11::{Display, Picture};

/// The part of a monitor that the window may cover, in percent.
const SHARE: u32 = 85;

/// The smallest limit of the window.
const SMALLEST: u32 = 320;

/// The X server of a desktop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outer {
    /// The size of its smallest monitor.
    monitor: Size,
    /// The resources of X programs (xrdb(1)).
    pub resources: Vec<u8>,
}

impl Outer {
    /// Asks the X server of this display. `None` if it cannot be reached.
    pub fn find(display: Option<&str>) -> Option<Self> {
        let display = Display::connect(display).ok()?;
        let monitors = display.monitors().unwrap_or_default();
        let sizes = monitors.iter().map(|one| (one.rect.width, one.rect.height));
        let smallest = sizes.reduce(|one, other| (one.0.min(other.0), one.1.min(other.1)));
        let monitor = match smallest {
            Some((width, height)) => Size { width, height },
            None => display.size().ok()?,
        };
        Some(Self {
            monitor,
            resources: display.resources().unwrap_or_default(),
        })
    }

    /// The largest size of the window.
    pub fn limit(&self) -> Size {
        let part = |length: u32| (length.saturating_mul(SHARE) / 100).max(SMALLEST);
        Size {
            width: part(self.monitor.width),
            height: part(self.monitor.height),
        }
    }
}

/// Shows the window that stands for that of a program, until it is closed. The label is a picture:
/// red, green and blue of each pixel.
pub fn show_stand_in(
    display: Option<&str>,
    (instance, title): (&str, &str),
    (size, rgb): (Size, Vec<u8>),
    background: u32,
) -> Result<(), NestedError> {
    let label = Picture { size, rgb };
    let display = Display::connect(display)?;
    // The end of the X server ends all programs.
    let _ = display.stand_in(instance, title, &label, background);
    Ok(())
}
