//! The screen of the nested X server, and the monitors on it. Pure.

use crate::geometry::{Rect, Size};
use crate::layout::{Layout, Monitor};
use crate::live::{Edid, Output};

/// The screen for layouts without monitors.
const USUAL: Size = Size {
    width: 1920,
    height: 1080,
};

/// The smallest width and height of a monitor on it.
const SMALLEST: u32 = 160;

/// A screen with its monitors.
#[derive(Clone, Debug, PartialEq)]
pub struct Screen {
    /// Its size.
    pub size: Size,
    /// Its size in relation to the monitors of the layout, at most 1.
    pub scale: f64,
    /// Its monitors; empty if it is one without a name.
    pub outputs: Vec<Output>,
}

impl Screen {
    /// The monitors of a layout, reduced in size until they fit into the limit. Without monitors, as
    /// much of the usual screen as fits.
    pub fn of(monitors: &[Monitor], limit: Size) -> Self {
        let rects = || monitors.iter().map(|monitor| monitor.rect);
        let left = rects().map(|rect| rect.x).min();
        let top = rects().map(|rect| rect.y).min();
        let (Some(left), Some(top)) = (left, top) else {
            let size = Size {
                width: USUAL.width.min(limit.width),
                height: USUAL.height.min(limit.height),
            };
            return Self {
                size,
                scale: scale(USUAL, size),
                outputs: Vec::new(),
            };
        };
        let span = |from: i32, at: i32, length: u32| at.abs_diff(from).saturating_add(length);
        let width = rects().map(|rect| span(left, rect.x, rect.width)).max();
        let height = rects().map(|rect| span(top, rect.y, rect.height)).max();
        let (width, height) = (width.unwrap_or(1).max(1), height.unwrap_or(1).max(1));
        let scale = scale(Size { width, height }, limit);
        // Edges are scaled instead of lengths, so that monitors that touch still do.
        let edge = |distance: u32| scaled(distance, scale);
        let place = |rect: Rect| {
            let (x, y) = (rect.x.abs_diff(left), rect.y.abs_diff(top));
            let (right, bottom) = (
                edge(x.saturating_add(rect.width)),
                edge(y.saturating_add(rect.height)),
            );
            let (x, y) = (edge(x), edge(y));
            Rect {
                x: x.try_into().unwrap_or(i32::MAX),
                y: y.try_into().unwrap_or(i32::MAX),
                width: right.saturating_sub(x).max(SMALLEST),
                height: bottom.saturating_sub(y).max(SMALLEST),
            }
        };
        let outputs = monitors.iter().map(|monitor| Output {
            name: output_name(&monitor.output),
            rect: place(monitor.rect),
            primary: monitor.primary,
            edid: Edid::default(),
        });
        Self {
            size: Size {
                width: edge(width).max(SMALLEST),
                height: edge(height).max(SMALLEST),
            },
            scale,
            outputs: outputs.collect(),
        }
    }

    /// A layout with its monitors and floating windows in the scale of this screen.
    #[must_use]
    pub fn fitted(&self, layout: &Layout) -> Layout {
        let mut fitted = layout.clone();
        for (monitor, output) in fitted.monitors.iter_mut().zip(&self.outputs) {
            monitor.rect = output.rect;
            monitor.output.clone_from(&output.name);
        }
        let outputs = fitted.workspaces.iter_mut().flat_map(|one| &mut one.output);
        outputs.for_each(|output| *output = output_name(output));
        let on_workspaces = fitted.workspaces.iter_mut();
        let on_workspaces = on_workspaces.flat_map(|workspace| &mut workspace.content.floating);
        for floating in on_workspaces.chain(&mut fitted.scratchpad) {
            if let Some(rect) = &mut floating.rect {
                *rect = Rect {
                    x: offset(rect.x, self.scale),
                    y: offset(rect.y, self.scale),
                    width: scaled(rect.width, self.scale).max(1),
                    height: scaled(rect.height, self.scale).max(1),
                };
            }
        }
        fitted
    }
}

/// The name of a monitor on the screen. No monitor can have the name of the output that Xephyr and
/// Xvfb have themselves.
fn output_name(name: &str) -> String {
    match name {
        "default" | "screen" => format!("{name}-1"),
        _ => name.to_owned(),
    }
}

/// The scale in which a size fits into a limit.
fn scale(size: Size, limit: Size) -> f64 {
    (f64::from(limit.width) / f64::from(size.width))
        .min(f64::from(limit.height) / f64::from(size.height))
        .min(1.0)
}

/// A distance in the scale.
fn scaled(distance: u32, scale: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the scale is positive and at most 1"
    )]
    let scaled = (f64::from(distance) * scale).round() as u32;
    scaled
}

/// An offset in the scale.
fn offset(offset: i32, scale: f64) -> i32 {
    let distance = i32::try_from(scaled(offset.unsigned_abs(), scale)).unwrap_or(i32::MAX);
    if offset < 0 { -distance } else { distance }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn screen(monitors: &[&str], limit: &str) -> String {
        let monitors = monitors.iter().enumerate().map(|(number, rect)| Monitor {
            output: format!("DP-{number}"),
            rect: rect.parse().unwrap(),
            primary: number == 1,
            edid: Edid::default(),
        });
        let monitors: Vec<Monitor> = monitors.collect();
        let screen = Screen::of(&monitors, limit.parse().unwrap());
        let outputs = screen.outputs.iter().map(|output| {
            let primary = if output.primary { "P" } else { "" };
            format!(" {}={}{primary}", output.name, output.rect)
        });
        format!("{}:{}", screen.size, outputs.collect::<String>())
    }

    #[test]
    fn floating_windows_are_scaled_with_their_monitor() {
        let text = "version: 1\nmonitors: [{ output: a, rect: 2000x1000+0+0 }]\nscratchpad:\n  \
                    - { swallow: { class: A }, rect: 300x100+-50+80 }\n";
        let layout = crate::layout::read(text, "t", crate::layout::Format::Yaml).unwrap();
        let screen = Screen::of(&layout.monitors, "1000x1000".parse().unwrap());
        let fitted = screen.fitted(&layout);
        assert_eq!(fitted.monitors[0].rect, Rect::new(0, 0, 1000, 500));
        let rect = fitted.scratchpad[0].rect;
        assert_eq!(rect, Some(Rect::new(-25, 40, 150, 50)));
    }

    #[test]
    fn monitors_are_scaled_to_the_limit() {
        for (monitors, limit, expected) in [
            (&[][..], "3840x2160", "1920x1080:"),
            (&[], "1000x700", "1000x700:"),
            (
                &["1920x1080+100+50"],
                "960x1000",
                "960x540: DP-0=960x540+0+0",
            ),
            (
                &["1920x1080+0+360", "2560x1440+1920+0"],
                "3840x2160",
                "3840x1234: DP-0=1646x925+0+309 DP-1=2194x1234+1646+0P",
            ),
            // Neighbours touch, and a monitor to the left of the origin is on the screen.
            (
                &["1000x1000+-1000+0", "1000x1000+0+0", "1000x1000+1000+0"],
                "1000x1000",
                "1000x333: DP-0=333x333+0+0 DP-1=334x333+333+0P DP-2=333x333+667+0",
            ),
        ] {
            assert_eq!(screen(monitors, limit), expected);
        }
    }
}
