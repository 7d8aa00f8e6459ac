//! Texts stay in their windows and do not overlap, and the result is valid XML.

use super::shapes::{ADVANCE, Shape, shapes};
use super::sheet::Sheet;
use super::{escaped, of_pairs, of_scene};
use crate::preview::fit::columns;
use crate::preview::samples::scenes;
use crate::preview::scene::{Change, Scene};
use crate::preview::{Canvas, Pane};

/// x, y, width and height.
type Bounds = [f64; 4];

/// The space of a text.
fn bounds(shape: &Shape) -> Option<Bounds> {
    let Shape::Text {
        x, y, size, text, ..
    } = shape
    else {
        return None;
    };
    let columns = u32::try_from(columns(text)).unwrap();
    let width = f64::from(columns) * size * ADVANCE;
    // From the top of capital letters to the lowest part of small ones.
    Some([*x, y - size * 0.75, width, size * 0.95])
}

fn overlap(one: Bounds, other: Bounds) -> bool {
    let axis = |at: usize| {
        let (start, end) = (one[at], one[at] + one[at + 2]);
        let (other_start, other_end) = (other[at], other[at] + other[at + 2]);
        start + 0.5 < other_end && other_start + 0.5 < end
    };
    axis(0) && axis(1)
}

/// The mistakes of a picture: texts outside of the picture or on other texts, and boxes that
/// cover a text.
fn mistakes(shapes: &[Shape], width: f64, height: f64) -> Vec<String> {
    let mut found = Vec::new();
    for (at, shape) in shapes.iter().enumerate() {
        let Some(text) = bounds(shape) else {
            continue;
        };
        if text[0] < 0.0 || text[1] < 0.0 || text[0] + text[2] > width || text[1] + text[3] > height
        {
            found.push(format!("outside: {shape:?}"));
        }
        for later in &shapes[at + 1..] {
            let covers = match later {
                Shape::Box { at, .. } => overlap(text, *at),
                other => bounds(other).is_some_and(|other| overlap(text, other)),
            };
            if covers {
                found.push(format!("{shape:?} is below {later:?}"));
            }
        }
    }
    found
}

/// All texts of a picture.
fn texts(shapes: &[Shape]) -> Vec<&str> {
    let texts = shapes.iter().filter_map(|shape| match shape {
        Shape::Text { text, .. } => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

/// True if the text has the label, or the part of it that has space.
fn shows(text: &str, label: &str) -> bool {
    let start = text.strip_suffix('…');
    text == label
        || text.contains(label)
        || start.is_some_and(|start| {
            let last = start.rsplit(' ').next().unwrap_or_default();
            label.starts_with(start) || label.starts_with(last)
        })
}

fn check(name: &str, scene: &Scene, sheet: &Sheet<'_>) {
    let (shapes, height) = shapes(sheet, &scene.programs(), &[]);
    let found = mistakes(&shapes, sheet.width, height);
    assert!(found.is_empty(), "{name}: {}", found.join("\n"));
    let texts = texts(&shapes);
    let panes = scene.panels.iter().flat_map(|panel| &panel.panes);
    for Pane { label, .. } in panes {
        let is_shown = texts
            .iter()
            .any(|text| shows(text.trim_end_matches(','), label));
        assert!(is_shown, "{name}: {label} is not in the picture");
    }
}

#[test]
fn texts_neither_overlap_nor_leave_the_picture() {
    for (name, scene) in scenes(Canvas::Pixels) {
        check(name, &scene, &Sheet::of(&scene));
    }
}

#[test]
fn texts_of_a_comparison_do_not_overlap_either() {
    for (name, mut scene) in scenes(Canvas::Pixels) {
        for pane in scene.panels.iter_mut().flat_map(|panel| &mut panel.panes) {
            pane.change = Some(Change::Missing);
        }
        let sheet = Sheet::of_pairs(("saved", &scene), ("desktop", &scene));
        check(name, &scene, &sheet);
    }
}

#[test]
fn pictures_are_valid_xml() {
    for (name, scene) in scenes(Canvas::Pixels) {
        let notes = [
            (Some(Change::Extra), "<&>".to_owned()),
            (None, "x".to_owned()),
        ];
        let pairs = of_pairs(("saved", &scene), ("desktop", &scene), &notes);
        for svg in [of_scene(&scene), pairs] {
            let options = resvg::usvg::Options::default();
            let tree = resvg::usvg::Tree::from_str(&svg, &options);
            assert!(tree.is_ok(), "{name}: {}", tree.unwrap_err());
        }
    }
}

#[test]
fn characters_with_a_meaning_in_xml_are_escaped() {
    assert_eq!(
        escaped("<a href=\"x\">&\u{1b}\u{fffe}\n日"),
        "&lt;a href=&quot;x&quot;&gt;&amp;\u{fffd}\u{fffd}\n日"
    );
}
