//! The monitors on which a scene is drawn, with what i3 puts around the windows.

use super::scene::Monitor;
use crate::compile::area::Look;
use crate::geometry::Rect;
use crate::live::{ConKind, ConfigGaps, Desktop, Output};
use crate::tree::{GapSizes, Gaps};

/// The monitor of a layout without monitors.
const USUAL: Rect = Rect::new(0, 0, 1920, 1080);

/// The monitors with their bars, and the look and the gaps of windows.
#[derive(Clone, Debug)]
pub struct Desk {
    /// The monitors, from left to right, then from top to bottom.
    pub screens: Vec<Screen>,
    /// The title bars and default borders.
    pub look: Look,
    /// The gaps of the i3 config.
    pub gaps: ConfigGaps,
}

/// A monitor.
#[derive(Clone, Debug)]
pub struct Screen {
    /// The monitor; its rect is absolute, in pixels.
    pub monitor: Monitor,
    /// The part without bars, absolute, in pixels.
    pub area: Rect,
}

impl Desk {
    /// These monitors, without bars and gaps. A usual monitor if there are none.
    pub fn of_outputs(outputs: &[Output]) -> Self {
        let mut screens: Vec<Screen> = outputs
            .iter()
            .map(|output| Screen::new(output, output.rect))
            .collect();
        if screens.is_empty() {
            screens.push(Screen {
                monitor: Monitor {
                    name: "monitor".to_owned(),
                    rect: USUAL,
                    primary: true,
                    assumed: true,
                },
                area: USUAL,
            });
        }
        screens.sort_by_key(|screen| (screen.monitor.rect.x, screen.monitor.rect.y));
        Self {
            screens,
            look: Look::default(),
            gaps: ConfigGaps::default(),
        }
    }

    /// The monitors of a desktop, with its bars and gaps.
    pub fn of_desktop(desktop: &Desktop) -> Self {
        let mut desk = Self::of_outputs(&desktop.outputs);
        for screen in &mut desk.screens {
            if let Some(area) = area(desktop, &screen.monitor.name) {
                screen.area = area;
            }
        }
        desk.look = Look::of(desktop);
        // i3 has gaps since 4.22.
        if desktop.workspaces().any(|live| live.con.gaps.is_some()) {
            desk.gaps = desktop.gaps.clone().unwrap_or_default();
        }
        desk
    }

    /// The smallest rect that contains all monitors, in pixels.
    pub(super) fn extent(&self) -> Rect {
        let rects = self.screens.iter().map(|screen| screen.monitor.rect);
        rects
            .reduce(|one, other| {
                let (x, y) = (one.x.min(other.x), one.y.min(other.y));
                let far = |x: i32, width: u32| x.saturating_add_unsigned(width);
                let right = far(one.x, one.width).max(far(other.x, other.width));
                let bottom = far(one.y, one.height).max(far(other.y, other.height));
                Rect::new(x, y, right.abs_diff(x), bottom.abs_diff(y))
            })
            .unwrap_or(USUAL)
    }

    /// The position of the monitor with this name, else of the primary one, else 0.
    pub(super) fn position(&self, name: Option<&str>) -> usize {
        let monitors = || self.screens.iter().map(|screen| &screen.monitor);
        let named = name.and_then(|name| monitors().position(|monitor| monitor.name == name));
        let primary = || monitors().position(|monitor| monitor.primary);
        named.or_else(primary).unwrap_or_default()
    }

    /// The gaps of a workspace: those of the i3 config with its own in their place.
    pub(super) fn gaps_of(&self, workspace: &str, own: Gaps) -> GapSizes {
        self.gaps.of(workspace).with(own)
    }
}

impl Screen {
    fn new(output: &Output, area: Rect) -> Self {
        Self {
            monitor: Monitor {
                name: output.name.clone(),
                rect: output.rect,
                primary: output.primary,
                assumed: false,
            },
            area,
        }
    }
}

/// The part of an output for its workspaces. i3 keeps it up to date unless a window is
/// fullscreen.
fn area(desktop: &Desktop, output: &str) -> Option<Rect> {
    let mut outputs = desktop.tree.nodes.iter();
    let con = outputs.find(|con| con.name() == output)?;
    let mut children = con.nodes.iter();
    let content = children.find(|child| child.kind != ConKind::Dockarea)?;
    Some(content.rect).filter(|rect| rect.width > 0 && rect.height > 0)
}
