//! The places of panels on a picture, in pixels of the picture.

use crate::geometry::Rect;
use crate::preview::scene::{Panel, Scene};

/// The largest size of the monitors on a picture.
const LARGEST: (f64, f64) = (3600.0, 2400.0);

/// The height of a title bar on a picture, which decides the scale: titles stay legible.
const TITLE: f64 = 12.0;

/// The usual height of a title bar on a desktop.
const USUAL_TITLE: f64 = 20.0;

/// The size of hidden workspaces below a map of several monitors; titles stay legible.
const HIDDEN: f64 = 0.7;

/// The margin around a picture and between panels.
pub(super) const MARGIN: f64 = 16.0;

/// The space for the heading above a panel.
pub(super) const HEADING: f64 = 24.0;

/// A panel on a picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item<'s> {
    /// The panel; `None` for a monitor without a workspace to show.
    pub(super) panel: Option<&'s Panel>,
    /// The text before the name of the workspace.
    pub(super) before: &'s str,
    /// The upper left corner.
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    /// Pixels of the picture per pixel of the screen.
    pub(super) scale: f64,
}

/// All panels of a picture.
#[derive(Clone, Debug, Default)]
pub(super) struct Sheet<'s> {
    pub(super) items: Vec<Item<'s>>,
    pub(super) width: f64,
    pub(super) height: f64,
    /// The scale of the visible workspaces; see [`Item::scale`].
    scale: f64,
}

impl<'s> Sheet<'s> {
    /// The monitors at their relative places with the visible workspaces, and all other panels
    /// below.
    pub(super) fn of(scene: &'s Scene) -> Self {
        let visible = |position: usize| {
            let mut panels = scene.panels.iter();
            panels.find(|panel| panel.visible && panel.monitor == position)
        };
        let desk: Vec<usize> = (0..scene.monitors.len())
            .filter(|&position| visible(position).is_some())
            .collect();
        // A single monitor needs no map.
        let desk = if desk.len() > 1 { desk } else { Vec::new() };
        let rects: Vec<Rect> = desk.iter().map(|&at| scene.monitors[at].rect).collect();
        let places = places(&rects);
        let extent = extent(&places);
        let mut sheet = Self {
            scale: scale_for(scene, extent),
            ..Self::default()
        };
        for (&position, place) in desk.iter().zip(&places) {
            sheet.push(Item {
                panel: visible(position),
                before: &scene.monitors[position].name,
                x: MARGIN + place.x * sheet.scale + place.columns * MARGIN,
                y: MARGIN + HEADING + place.y * sheet.scale + place.rows * (MARGIN + HEADING),
                width: place.width * sheet.scale,
                height: place.height * sheet.scale,
                scale: sheet.scale,
            });
        }
        let is_shown = |panel: &&Panel| {
            desk.contains(&panel.monitor)
                && visible(panel.monitor).is_some_and(|shown| std::ptr::eq(shown, *panel))
        };
        let others: Vec<&Panel> = scene
            .panels
            .iter()
            .filter(|panel| !is_shown(panel))
            .collect();
        let scale = if desk.is_empty() {
            sheet.scale
        } else {
            sheet.scale * HIDDEN
        };
        sheet.gallery(scene, &others, scale);
        sheet.finish()
    }

    /// The panels of two scenes beside each other.
    pub(super) fn of_pairs(before: (&'s str, &'s Scene), after: (&'s str, &'s Scene)) -> Self {
        let mut sheet = Self {
            scale: scale_for(before.1, (0.0, 0.0)).min(scale_for(after.1, (0.0, 0.0))),
            ..Self::default()
        };
        let pairs = crate::preview::pairs(before.1, after.1);
        let widths = pairs.iter().flat_map(|(old, new)| [old, new]);
        let widest = widths.flatten().map(|panel| panel.rect.width).max();
        let second = MARGIN * 2.0 + f64::from(widest.unwrap_or_default()) * sheet.scale;
        for (old, new) in pairs {
            let top = sheet.height + MARGIN + HEADING;
            for (panel, name, x) in [(old, before.0, MARGIN), (new, after.0, second)] {
                // A missing workspace keeps the space of the other one.
                let Some(size) = panel.or(old).or(new).map(|panel| panel.rect) else {
                    continue;
                };
                sheet.push(Item {
                    panel,
                    before: name,
                    x,
                    y: top,
                    width: f64::from(size.width) * sheet.scale,
                    height: f64::from(size.height) * sheet.scale,
                    scale: sheet.scale,
                });
            }
        }
        sheet.finish()
    }

    fn push(&mut self, item: Item<'s>) {
        self.width = self.width.max(item.x + item.width);
        self.height = self.height.max(item.y + item.height);
        self.items.push(item);
    }

    /// Adds panels in rows below the others.
    fn gallery(&mut self, scene: &'s Scene, panels: &[&'s Panel], scale: f64) {
        #[expect(clippy::cast_precision_loss, reason = "numbers of panels are small")]
        let columns = (panels.len() as f64).sqrt().ceil();
        let widest = panels.iter().map(|panel| panel.rect.width).max();
        let widest = f64::from(widest.unwrap_or_default()) * scale;
        let limit = (columns * (widest + MARGIN)).max(self.width).min(LARGEST.0);
        let (mut x, mut top) = (MARGIN, self.height + MARGIN + HEADING);
        for panel in panels {
            let width = f64::from(panel.rect.width) * scale;
            if x > MARGIN && x + width > limit + 1.0 {
                (x, top) = (MARGIN, self.height + MARGIN + HEADING);
            }
            self.push(Item {
                panel: Some(panel),
                before: scene.monitor(panel).map_or("", |one| one.name.as_str()),
                x,
                y: top,
                width,
                height: f64::from(panel.rect.height) * scale,
                scale,
            });
            x += width + MARGIN;
        }
    }

    fn finish(mut self) -> Self {
        // A heading has space even without any panel.
        self.width = self.width.max(320.0) + MARGIN;
        self.height += MARGIN;
        self
    }
}

/// A monitor relative to the others, in pixels of the screen, and the numbers of monitors on its
/// left and above it, for the space between them.
struct Place {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    columns: f64,
    rows: f64,
}

fn places(rects: &[Rect]) -> Vec<Place> {
    let right = |rect: &Rect| i64::from(rect.x) + i64::from(rect.width);
    let bottom = |rect: &Rect| i64::from(rect.y) + i64::from(rect.height);
    let overlap = |one: &Rect, other: &Rect| {
        i64::from(one.x) < right(other)
            && i64::from(other.x) < right(one)
            && i64::from(one.y) < bottom(other)
            && i64::from(other.y) < bottom(one)
    };
    let mut pairs = rects.iter().enumerate();
    let is_mirrored =
        pairs.any(|(at, one)| rects.iter().skip(at + 1).any(|other| overlap(one, other)));
    let left = rects.iter().map(|rect| rect.x).min().unwrap_or_default();
    let top = rects.iter().map(|rect| rect.y).min().unwrap_or_default();
    let count = |edges: &dyn Fn(&Rect) -> i64, limit: i32| {
        let mut edges: Vec<i64> = rects.iter().map(edges).collect();
        edges.sort_unstable();
        edges.dedup();
        let before = edges.iter().filter(|&&edge| edge <= i64::from(limit));
        u32::try_from(before.count()).map_or(0.0, f64::from)
    };
    let mut next = 0.0;
    let places = rects.iter().zip(0_u32..).map(|(rect, at)| {
        let width = f64::from(rect.width);
        let place = if is_mirrored {
            // Monitors that show the same part of the screen are drawn side by side.
            Place {
                x: next,
                y: 0.0,
                width,
                height: f64::from(rect.height),
                columns: f64::from(at),
                rows: 0.0,
            }
        } else {
            Place {
                x: f64::from(rect.x) - f64::from(left),
                y: f64::from(rect.y) - f64::from(top),
                width,
                height: f64::from(rect.height),
                columns: count(&right, rect.x),
                rows: count(&bottom, rect.y),
            }
        };
        next += width;
        place
    });
    places.collect()
}

fn extent(places: &[Place]) -> (f64, f64) {
    let edges = places
        .iter()
        .map(|place| (place.x + place.width, place.y + place.height));
    edges.fold((0.0, 0.0), |most, (right, bottom)| {
        (f64::max(most.0, right), f64::max(most.1, bottom))
    })
}

/// The scale at which titles are legible, if the picture does not become too large.
fn scale_for(scene: &Scene, extent: (f64, f64)) -> f64 {
    let headers = scene.panels.iter().flat_map(|panel| &panel.panes);
    let headers = headers.filter(|pane| pane.header.is_some());
    let lowest = headers.map(|pane| pane.rect.height).min();
    let title = lowest.map_or(USUAL_TITLE, |height| f64::from(height.clamp(10, 60)));
    let panels = scene.panels.iter().map(|panel| panel.rect);
    let (width, height) = panels.fold(extent, |most, rect| {
        (
            most.0.max(f64::from(rect.width)),
            most.1.max(f64::from(rect.height)),
        )
    });
    (TITLE / title)
        .min(LARGEST.0 / width.max(1.0))
        .min(LARGEST.1 / height.max(1.0))
}
