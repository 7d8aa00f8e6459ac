//! A scene as SVG (W3C Scalable Vector Graphics 1.1).
//!
//! Colours are CSS classes with a light and a dark variant (Media Queries Level 5,
//! `prefers-color-scheme`). Each text has its expected length, so that it stays in its window
//! whatever monospaced font draws it.

mod shapes;
mod sheet;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use self::shapes::{ADVANCE, Shape, shapes};
use self::sheet::Sheet;
use super::fit::columns;
use super::scene::{Change, Scene};

/// The background and the title bar of windows for each colour, light and dark. The names are
/// the ends of CSS classes.
const FILLS: [(&str, [&str; 2], [&str; 2]); 12] = [
    ("0", ["#cfe4ff", "#16304d"], ["#9cc4f5", "#2a5585"]),
    ("1", ["#d3f2d6", "#173a1f"], ["#9fdba6", "#2b6639"]),
    ("2", ["#ffe2c2", "#48300f"], ["#f6bf86", "#7d5519"]),
    ("3", ["#ead9ff", "#33234f"], ["#cbaef5", "#573c86"]),
    ("4", ["#ffd9e0", "#4a1f2b"], ["#f5a9b8", "#7d3548"]),
    ("5", ["#d2f1f0", "#123c3b"], ["#98d9d6", "#1f6664"]),
    ("6", ["#f3ecc0", "#3f3a12"], ["#dccf7f", "#6b6320"]),
    ("7", ["#e3e3e3", "#333333"], ["#bdbdbd", "#555555"]),
    ("n", ["#f6f8fa", "#21262d"], ["#d0d7de", "#3b434b"]),
    ("c", ["#fff0b3", "#4d3800"], ["#e8c14a", "#8a6a00"]),
    ("e", ["#c8f0cf", "#0f3d1c"], ["#6fcf82", "#22763a"]),
    ("x", ["#ffd0cc", "#521a18"], ["#f28b82", "#93312c"]),
];

/// Other colours: the class, its CSS property, light and dark.
const OTHERS: [(&str, &str, [&str; 2]); 9] = [
    ("bg", "fill", ["#ffffff", "#0d1117"]),
    ("panel", "fill", ["#eaeef2", "#010409"]),
    ("panel", "stroke", ["#8c959f", "#6e7681"]),
    ("t", "fill", ["#1f2328", "#f0f6fc"]),
    ("m", "fill", ["#424a53", "#b7bfc8"]),
    ("tc", "fill", ["#7a5b00", "#f0c94a"]),
    ("te", "fill", ["#116329", "#6fcf82"]),
    ("tm", "fill", ["#a40e26", "#ff9a92"]),
    ("l", "stroke", ["#6e7781", "#8b949e"]),
];

/// The line around the focused window.
const FOCUS: [&str; 2] = ["#0550ae", "#79c0ff"];

/// The fonts, of which browsers use the first that is installed.
const FONTS: &str =
    "'DejaVu Sans Mono','Liberation Mono','Noto Sans Mono',Menlo,Consolas,monospace";

/// The picture of a scene.
pub fn of_scene(scene: &Scene) -> String {
    let programs = scene.programs();
    write(&Sheet::of(scene), &programs, &[])
}

/// The picture of two scenes beside each other with notes below, each with the change whose
/// colour it has.
pub fn of_pairs(
    before: (&str, &Scene),
    after: (&str, &Scene),
    notes: &[(Option<Change>, String)],
) -> String {
    write(&Sheet::of_pairs(before, after), &[], notes)
}

fn write(sheet: &Sheet<'_>, programs: &[&str], notes: &[(Option<Change>, String)]) -> String {
    let (shapes, height) = shapes(sheet, programs, notes);
    let (width, height) = (sheet.width.ceil(), height.ceil());
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" font-family=\"{FONTS}\">\n\
         <style>\n{}</style>\n\
         <rect class=\"bg\" width=\"{width}\" height=\"{height}\"/>\n",
        style()
    );
    for shape in &shapes {
        write_shape(&mut svg, shape);
    }
    svg.push_str("</svg>\n");
    svg
}

fn write_shape(svg: &mut String, shape: &Shape) {
    // Writing to a String cannot fail.
    let _ = match shape {
        Shape::Group(tooltip) => writeln!(svg, "<g><title>{}</title>", escaped(tooltip)),
        Shape::End => writeln!(svg, "</g>"),
        Shape::Box {
            at: [x, y, width, height],
            class,
            line,
        } => writeln!(
            svg,
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" \
             height=\"{height:.1}\" stroke-width=\"{line:.1}\"/>"
        ),
        Shape::Text {
            x,
            y,
            size,
            class,
            text,
        } => writeln!(
            svg,
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size:.1}\" \
             textLength=\"{:.1}\">{}</text>",
            length(text, *size),
            escaped(text)
        ),
    };
}

/// The length of a text of this size.
fn length(text: &str, size: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "texts are short")]
    let columns = columns(text) as f64;
    columns * size * ADVANCE
}

/// The style sheet: the light colours, and the dark ones for a browser with a dark theme.
fn style() -> String {
    let light = colors(0);
    let dark = colors(1);
    format!(
        "text{{white-space:pre}}\n.s{{font-weight:bold}}\n{light}\
         @media (prefers-color-scheme:dark){{\n{dark}}}\n"
    )
}

fn colors(variant: usize) -> String {
    let mut css = String::new();
    for (name, fill, band) in FILLS {
        // Writing to a String cannot fail.
        let _ = writeln!(
            css,
            ".p{name}{{fill:{}}}.b{name}{{fill:{}}}",
            fill[variant], band[variant]
        );
    }
    for (class, property, values) in OTHERS {
        let _ = writeln!(css, ".{class}{{{property}:{}}}", values[variant]);
    }
    let _ = writeln!(css, ".f{{stroke:{}}}", FOCUS[variant]);
    css
}

/// The text for XML 1.0, without the characters that XML does not allow.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push('\n'),
            '\u{fffe}' | '\u{ffff}' => escaped.push(char::REPLACEMENT_CHARACTER),
            other if other.is_control() => escaped.push(char::REPLACEMENT_CHARACTER),
            other => escaped.push(other),
        }
    }
    escaped
}
