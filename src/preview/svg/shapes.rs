//! The shapes of a picture: rectangles and texts, in pixels of the picture.

use super::sheet::{HEADING, Item, MARGIN, Sheet};
use crate::geometry::Rect;
use crate::preview::fit::{columns, fit, wrapped};
use crate::preview::scene::{Change, Pane, Panel};

/// The width of a character of a monospaced font, as a part of the font size.
pub(super) const ADVANCE: f64 = 0.6;

/// The sizes of labels, the best first.
const LABELS: [f64; 5] = [24.0, 18.0, 14.0, 11.0, 9.0];

/// The sizes of details, the best first.
const DETAILS: [f64; 3] = [17.0, 13.0, 11.0];

/// The size of headings.
const TITLE: f64 = 14.0;

/// The size of notes.
const SMALL: f64 = 13.0;

/// The smallest legible size.
const SMALLEST: f64 = 6.0;

/// The text of a picture without workspaces.
const EMPTY: &str = "no workspaces";

/// The distance of lines, as a part of the font size.
const LINE: f64 = 1.35;

/// The space around a text in a window.
const PADDING: f64 = 5.0;

/// The number of colours of programs.
pub(super) const COLORS: usize = 8;

/// A part of a picture, drawn in order.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// The start of a group with a tooltip.
    Group(String),
    /// The end of a group.
    End,
    /// A rectangle.
    Box {
        /// x, y, width and height.
        at: [f64; 4],
        /// Its CSS classes.
        class: String,
        /// The width of its line; 0 without a line.
        line: f64,
    },
    /// A line of text.
    Text {
        /// The left end.
        x: f64,
        /// The base line.
        y: f64,
        /// The font size.
        size: f64,
        /// Its CSS classes.
        class: &'static str,
        /// The text.
        text: String,
    },
}

/// The shapes of all panels of a sheet, with notes below them. Returns the height, too.
pub(super) fn shapes(
    sheet: &Sheet<'_>,
    programs: &[&str],
    notes: &[(Option<Change>, String)],
) -> (Vec<Shape>, f64) {
    let mut drawing = Drawing {
        shapes: Vec::new(),
        scale: 1.0,
        programs,
    };
    let mut unlabeled = Vec::new();
    for item in &sheet.items {
        drawing.scale = item.scale;
        drawing.heading(item);
        let at = [item.x, item.y, item.width, item.height];
        drawing.frame(at, "panel", 1.0);
        if let Some(panel) = item.panel {
            let names = drawing.panel(item, panel);
            if !names.is_empty() {
                let (name, _) = panel.heading();
                unlabeled.push((format!("{name}, too small to label:"), names));
            }
        }
    }
    let limit = limit(sheet.width - 2.0 * MARGIN, SMALL);
    let mut y = sheet.height;
    let mut note = |text: String, class: &'static str| {
        drawing.text(MARGIN, y + SMALL, SMALL, class, text);
        y += SMALL * LINE;
    };
    for (change, text) in notes {
        if let Some(text) = fit(text, limit) {
            note(text, change.map_or("m", text_class));
        }
    }
    if sheet.items.is_empty() && notes.is_empty() {
        note(EMPTY.to_owned(), "m");
    }
    for (first, names) in unlabeled {
        for line in wrapped(&first, &names, limit) {
            note(line, "m");
        }
    }
    let below = if y > sheet.height { MARGIN } else { 0.0 };
    (drawing.shapes, y + below)
}

/// The class of a text about a change.
const fn text_class(change: Change) -> &'static str {
    match change {
        Change::Changed => "tc",
        Change::Extra => "te",
        Change::Missing => "tm",
    }
}

/// The columns of a text of this size in this space.
fn limit(width: f64, size: f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the number is small, and not negative"
    )]
    let columns = (width.max(0.0) / (size * ADVANCE)).floor() as usize;
    columns
}

struct Drawing<'a> {
    shapes: Vec<Shape>,
    /// Pixels of the picture per pixel of the screen.
    scale: f64,
    programs: &'a [&'a str],
}

impl Drawing<'_> {
    fn text(&mut self, x: f64, y: f64, size: f64, class: &'static str, text: String) {
        if !text.is_empty() {
            self.shapes.push(Shape::Text {
                x,
                y,
                size,
                class,
                text,
            });
        }
    }

    fn frame(&mut self, at: [f64; 4], class: &str, line: f64) {
        self.shapes.push(Shape::Box {
            at,
            class: class.to_owned(),
            line,
        });
    }

    fn heading(&mut self, item: &Item<'_>) {
        let y = item.y - HEADING / 2.0 + 4.0;
        let size = TITLE;
        let mut space = limit(item.width, size);
        let mut x = item.x;
        let mut part = |drawing: &mut Self, text: &str, class: &'static str| {
            let Some(text) = fit(text, space).filter(|text| !text.is_empty()) else {
                space = 0;
                return;
            };
            let used = columns(&text) + 1;
            drawing.text(x, y, size, class, text);
            space = space.saturating_sub(used);
            #[expect(clippy::cast_precision_loss, reason = "the number is small")]
            let used = used as f64;
            x += used * size * ADVANCE;
        };
        if let Some(panel) = item.panel {
            let (name, about) = panel.heading();
            let sign = panel.change.map_or("", Change::sign);
            let class = panel.change.map_or("t s", text_class);
            part(self, &format!("{sign}{name}"), class);
            let about = [item.before, &about].into_iter();
            let about: Vec<&str> = about.filter(|part| !part.is_empty()).collect();
            part(self, &about.join(", "), "m");
        } else {
            part(self, &format!("{}, no workspace", item.before), "m");
        }
    }

    /// Draws a panel, and returns the labels for which there is no space.
    fn panel<'p>(&mut self, item: &Item<'_>, panel: &'p Panel) -> Vec<&'p str> {
        let mut unlabeled = Vec::new();
        for pane in &panel.panes {
            let at = self.on_picture(item, panel, pane.rect);
            self.shapes.push(Shape::Group(pane.tooltip.clone()));
            self.boxes(pane, at);
            let is_labeled = if pane.header.is_some() {
                self.header(item, panel, pane)
            } else {
                self.window(item, panel, pane)
            };
            self.shapes.push(Shape::End);
            if !is_labeled && !pane.label.is_empty() {
                unlabeled.push(pane.label.as_str());
            }
        }
        unlabeled.dedup();
        unlabeled
    }

    /// A rect of a panel on the picture, without the part that is not on the monitor.
    fn on_picture(&self, item: &Item<'_>, panel: &Panel, rect: Rect) -> [f64; 4] {
        let axis = |start: i32, length: u32, origin: i32, from: f64, size: f64| {
            let start = (f64::from(start) - f64::from(origin)) * self.scale;
            let end = start + f64::from(length) * self.scale;
            let (start, end) = (start.clamp(0.0, size), end.clamp(0.0, size));
            (from + start, end - start)
        };
        let (x, width) = axis(rect.x, rect.width, panel.rect.x, item.x, item.width);
        let (y, height) = axis(rect.y, rect.height, panel.rect.y, item.y, item.height);
        [x, y, width, height]
    }

    /// The boxes of a pane. Lines are inside, so that those of neighbors do not cover each
    /// other.
    fn boxes(&mut self, pane: &Pane, at: [f64; 4]) {
        let [x, y, width, height] = at;
        let line = (f64::from(pane.border) * self.scale).clamp(1.0, 4.0);
        let inset = line / 2.0;
        let inner = [
            x + inset,
            y + inset,
            (width - line).max(0.0),
            (height - line).max(0.0),
        ];
        let (fill, band) = self.classes(pane);
        if pane.header.is_some() {
            let class = if pane.header == Some(true) {
                band
            } else {
                fill
            };
            self.frame(inner, &format!("{class} l"), line);
            return;
        }
        let focus = if pane.focused { " f" } else { " l" };
        let title = (f64::from(pane.title) * self.scale).min(height);
        self.frame(inner, &format!("{fill}{focus}"), line);
        if title > 0.0 {
            let at = [inner[0], inner[1], inner[2], (title - inset).max(0.0)];
            self.frame(at, &format!("{band}{focus}"), line);
        }
    }

    /// The classes of a pane's background and of its title bar.
    fn classes(&self, pane: &Pane) -> (String, String) {
        let name = match (pane.change, &pane.program) {
            (Some(Change::Changed), _) => "c".to_owned(),
            (Some(Change::Extra), _) => "e".to_owned(),
            (Some(Change::Missing), _) => "x".to_owned(),
            (None, Some(program)) => {
                let mut programs = self.programs.iter();
                let position = programs.position(|one| one == program);
                position.map_or_else(|| "n".to_owned(), |at| (at % COLORS).to_string())
            }
            (None, None) => "n".to_owned(),
        };
        (format!("p{name}"), format!("b{name}"))
    }

    /// The uncovered space for text in a part of a pane, on the picture.
    fn free(&self, item: &Item<'_>, panel: &Panel, pane: &Pane, inner: Rect) -> [f64; 4] {
        self.on_picture(item, panel, panel.free_part(pane, inner))
    }

    fn header(&mut self, item: &Item<'_>, panel: &Panel, pane: &Pane) -> bool {
        let [x, y, width, height] = self.free(item, panel, pane, pane.rect);
        let size = (height * 0.75).min(SMALL);
        let sign = pane.change.map_or("", Change::sign);
        let space = limit(width - PADDING, size);
        let text = fit(&format!("{sign}{}", pane.label), space);
        let Some(text) = text.filter(|_| size >= SMALLEST) else {
            return false;
        };
        let class = if pane.header == Some(true) {
            "t s"
        } else {
            "t"
        };
        self.text(
            x + PADDING / 2.0,
            y + height / 2.0 + size * 0.35,
            size,
            class,
            text,
        );
        true
    }

    fn window(&mut self, item: &Item<'_>, panel: &Panel, pane: &Pane) -> bool {
        let top = pane.rect.y.saturating_add_unsigned(pane.title);
        let inner = Rect {
            y: top,
            height: pane.rect.height.saturating_sub(pane.title),
            ..pane.rect
        };
        let [x, y, width, height] = self.free(item, panel, pane, inner);
        let (x, y) = (x + PADDING, y + PADDING);
        let (width, height) = (width - 2.0 * PADDING, height - 2.0 * PADDING);
        let sign = pane.change.map_or("", Change::sign);
        let label = format!("{sign}{}", pane.label);
        let fits = |size: f64| columns(&label) <= limit(width, size) && height >= size;
        // A shorter label is better than a tiny one.
        let size = LABELS.into_iter().find(|&size| fits(size));
        let size = size.unwrap_or(if height >= LABELS[3] {
            LABELS[3]
        } else {
            LABELS[4]
        });
        let Some(label) = fit(&label, limit(width, size)).filter(|_| height >= size) else {
            return false;
        };
        self.text(x, y + size, size, "t s", label);
        let longest = pane.details.iter().map(|detail| columns(detail)).max();
        let fits = |small: f64| small < size && longest.unwrap_or(0) <= limit(width, small);
        let small = DETAILS.into_iter().find(|&small| fits(small));
        let small = small.unwrap_or(DETAILS[2]);
        let mut used = size * LINE;
        for detail in &pane.details {
            if used + small > height {
                break;
            }
            if let Some(text) = fit(detail, limit(width, small)) {
                self.text(x, y + used + small, small, "m", text);
                used += small * LINE;
            }
        }
        true
    }
}
