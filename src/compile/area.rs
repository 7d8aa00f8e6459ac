//! Future areas of containers on the screen, as i3 will lay them out (its `src/render.c`).

use serde_json::{Value, json};

use crate::geometry::Rect;
use crate::live::Desktop;
use crate::tree::{Border, ContainerLayout, GapSizes, shares};

/// The smallest size of a container, in pixels.
const SMALLEST: u32 = 64;

/// The look of windows if the plan does not set it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The height of a title bar, in pixels.
    pub title: u32,
    /// The border of tiling windows.
    pub border: Border,
    /// The border of floating windows.
    pub floating_border: Border,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            title: 20,
            border: Border::Normal(2),
            floating_border: Border::Normal(2),
        }
    }
}

impl Look {
    /// The look of windows on this desktop. The height of a title bar is taken from any existing
    /// one.
    pub fn of(desktop: &Desktop) -> Self {
        let title = desktop
            .tree
            .descendants()
            .map(|con| con.deco_rect.height)
            .max()
            .filter(|&height| height > 0);
        Self {
            title: title.unwrap_or(Self::default().title),
            border: desktop.defaults.border,
            floating_border: desktop.defaults.floating_border,
        }
    }
}

/// The sides on which a container has a neighbor on its workspace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each describes one side")]
pub struct Neighbors {
    /// At the left edge.
    pub left: bool,
    /// At the right edge.
    pub right: bool,
    /// At the upper edge.
    pub above: bool,
    /// At the lower edge.
    pub below: bool,
}

/// The area of a container on the X screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// The area in pixels, without gaps.
    pub rect: Rect,
    /// True if its title is drawn above it, in a list of tabs or a stack.
    has_title: bool,
}

impl Area {
    /// The area of a container that draws its own title.
    pub const fn of(rect: Rect) -> Self {
        Self {
            rect,
            has_title: false,
        }
    }

    /// The areas of children.
    pub fn divided(self, layout: ContainerLayout, shares: &[f64], look: Look) -> Vec<Self> {
        let Rect {
            x,
            y,
            width,
            height,
        } = self.rect;
        match layout {
            ContainerLayout::SplitH => spans(x, width, shares)
                .map(|(x, width)| {
                    Self::of(Rect {
                        x,
                        width,
                        ..self.rect
                    })
                })
                .collect(),
            ContainerLayout::SplitV => spans(y, height, shares)
                .map(|(y, height)| {
                    Self::of(Rect {
                        y,
                        height,
                        ..self.rect
                    })
                })
                .collect(),
            ContainerLayout::Tabbed => vec![self.below_titles(1, look); shares.len()],
            ContainerLayout::Stacked => vec![self.below_titles(shares.len(), look); shares.len()],
        }
    }

    fn below_titles(self, count: usize, look: Look) -> Self {
        let titles = look
            .title
            .saturating_mul(u32::try_from(count).unwrap_or_default());
        let titles = titles.min(self.rect.height.saturating_sub(SMALLEST));
        Self {
            rect: Rect {
                y: self.rect.y.saturating_add_unsigned(titles),
                height: self.rect.height - titles,
                ..self.rect
            },
            has_title: true,
        }
    }

    /// The area without the outer gaps of its workspace.
    #[must_use]
    pub fn without_outer_gaps(self, gaps: GapSizes) -> Self {
        self.inset(gaps.left, gaps.right, gaps.top, gaps.bottom)
    }

    /// The area without the inner gaps around it, of which neighbors share those between them
    /// (i3's `src/render.c`, `render_con`).
    #[must_use]
    pub fn without_inner_gaps(self, inner: i32, neighbors: Neighbors) -> Self {
        let gap = |is_shared: bool| if is_shared { inner / 2 } else { inner };
        self.inset(
            gap(neighbors.left),
            gap(neighbors.right),
            gap(neighbors.above),
            gap(neighbors.below),
        )
    }

    fn inset(self, left: i32, right: i32, top: i32, bottom: i32) -> Self {
        let shorter = |length: u32, before: i32, after: i32| {
            length.saturating_add_signed(before.saturating_add(after).saturating_neg())
        };
        let rect = self.rect;
        Self {
            rect: Rect {
                x: rect.x.saturating_add(left),
                y: rect.y.saturating_add(top),
                width: shorter(rect.width, left, right),
                height: shorter(rect.height, top, bottom),
            },
            ..self
        }
    }

    /// `rect` of a container.
    pub(super) fn outer(self) -> Rect {
        let (width, height) = self.size();
        Rect {
            width,
            height,
            ..self.rect
        }
    }

    /// `window_rect` of a leaf: the window in its frame.
    pub(super) fn inner(self, border: Border, look: Look) -> Value {
        let (width, height) = self.size();
        let title = if self.has_title { 0 } else { look.title };
        let (frame, top) = match border {
            Border::None => (0, 0),
            Border::Pixel(frame) => (frame, frame),
            Border::Normal(frame) => (frame, title),
        };
        json!({
            "x": frame,
            "y": top,
            "width": width.saturating_sub(frame.saturating_mul(2)).max(1),
            "height": height.saturating_sub(frame.saturating_add(top)).max(1),
        })
    }

    fn size(self) -> (u32, u32) {
        (
            self.rect.width.max(SMALLEST),
            self.rect.height.max(SMALLEST),
        )
    }
}

/// Starts and lengths of siblings along `total` pixels from `start` on.
fn spans(start: i32, total: u32, shares: &[f64]) -> impl Iterator<Item = (i32, u32)> {
    let pixels = shares::pixels(shares, total).into_iter();
    pixels.scan(start, |next, pixels| {
        let pixels = u32::try_from(pixels).unwrap_or_default();
        let start = *next;
        *next = next.saturating_add_unsigned(pixels);
        Some((start, pixels))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: Look = Look {
        title: 22,
        border: Border::Normal(2),
        floating_border: Border::Normal(2),
    };

    /// As i3 4.22 reported them for the same windows.
    #[test]
    fn areas_are_those_of_i3() {
        let screen = Area::of(Rect::new(0, 0, 1920, 1080));
        let split = screen.divided(ContainerLayout::SplitH, &[0.6, 0.4], LOOK);
        assert_eq!(split[1].rect, Rect::new(1152, 0, 768, 1080));
        assert_eq!(
            split[0].inner(LOOK.border, LOOK),
            json!({ "x": 2, "y": 22, "width": 1148, "height": 1056 })
        );
        let tabs = split[1].divided(ContainerLayout::Tabbed, &[0.5, 0.5], LOOK);
        assert_eq!(tabs[0].rect, Rect::new(1152, 22, 768, 1058));
        assert_eq!(
            tabs[1].inner(LOOK.border, LOOK),
            json!({ "x": 2, "y": 0, "width": 764, "height": 1056 })
        );
        let stack = screen.divided(ContainerLayout::Stacked, &[0.5, 0.5], LOOK);
        assert_eq!(stack[0].rect, Rect::new(0, 44, 1920, 1036));
        assert_eq!(
            screen.inner(Border::Pixel(5), LOOK),
            json!({ "x": 5, "y": 5, "width": 1910, "height": 1070 })
        );
    }

    #[test]
    fn no_area_is_empty() {
        let tiny = Area::of(Rect::new(0, 0, 10, 10));
        for area in tiny.divided(ContainerLayout::Stacked, &[0.1; 10], LOOK) {
            assert_eq!(area.outer().height, SMALLEST);
            assert!(area.inner(Border::Normal(500), LOOK)["height"].as_u64() >= Some(1));
        }
    }
}
