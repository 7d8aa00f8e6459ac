//! A picture as PNG (W3C Portable Network Graphics), drawn from SVG. Reads the fonts of the
//! system.

use miette::Diagnostic;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Family, Query};
use resvg::usvg::{Options, Tree};

use crate::geometry::Size;

/// Pixels of the picture per unit of the SVG, for sharp text.
const SHARPNESS: f32 = 2.0;

/// The most pixels along each axis.
const LONGEST: f32 = 12_000.0;

/// The most pixels. A pixel has four bytes.
const MOST: f32 = 30_000_000.0;

/// The fonts for texts, the best first.
const FONTS: [&str; 4] = [
    "DejaVu Sans Mono",
    "Liberation Mono",
    "Noto Sans Mono",
    "Courier New",
];

/// The reason why a picture could not be drawn.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum PngError {
    /// The system has no font.
    #[error("cannot draw a PNG: no font is installed")]
    #[diagnostic(
        code("no-font"),
        help("install a font such as `fonts-dejavu-core`, or write an SVG instead")
    )]
    NoFont,
    /// The SVG could not be read or drawn.
    #[error("cannot draw a PNG: {reason}")]
    #[diagnostic(code("png"), help("write an SVG instead"))]
    Drawing {
        /// The reason.
        reason: String,
    },
}

/// Draws an SVG as PNG, in light colours.
pub fn draw(svg: &str) -> Result<Vec<u8>, PngError> {
    let drawing = |reason: String| PngError::Drawing { reason };
    let pixmap = render(svg, scale)?;
    pixmap
        .encode_png()
        .map_err(|error| drawing(error.to_string()))
}

/// Draws an SVG in its own size. Returns red, green and blue of each pixel, row by row.
pub fn pixels(svg: &str) -> Result<(Size, Vec<u8>), PngError> {
    let pixmap = render(svg, |_, _| 1.0)?;
    let size = Size {
        width: pixmap.width(),
        height: pixmap.height(),
    };
    let (pixels, _) = pixmap.data().as_chunks::<4>();
    let colors = pixels
        .iter()
        .flat_map(|[red, green, blue, _]| [*red, *green, *blue]);
    Ok((size, colors.collect()))
}

/// Draws an SVG in a scale that depends on its width and height.
fn render(svg: &str, scale: impl Fn(f32, f32) -> f32) -> Result<Pixmap, PngError> {
    let drawing = |reason: String| PngError::Drawing { reason };
    let mut fonts = Database::new();
    fonts.load_system_fonts();
    let family = monospaced(&fonts).ok_or(PngError::NoFont)?;
    fonts.set_monospace_family(family.clone());
    let options = Options {
        font_family: family,
        fontdb: std::sync::Arc::new(fonts),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options).map_err(|error| drawing(error.to_string()))?;
    let size = tree.size();
    let (width, height) = (size.width(), size.height());
    let scale = scale(width, height);
    let pixels = |length: f32| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the length is positive and limited"
        )]
        let pixels = (length * scale).ceil().max(1.0) as u32;
        pixels
    };
    let mut pixmap = Pixmap::new(pixels(width), pixels(height))
        .ok_or_else(|| drawing("the picture is too large".to_owned()))?;
    let transform = Transform::from_scale(scale, scale);
    resvg::render(&tree, transform, &mut pixmap.as_mut());
    Ok(pixmap)
}

/// Encodes red, green and blue of each pixel, row by row.
pub fn encode(size: Size, rgb: &[u8]) -> Result<Vec<u8>, PngError> {
    let drawing = |reason: String| PngError::Drawing { reason };
    let mut pixmap = Pixmap::new(size.width, size.height)
        .ok_or_else(|| drawing("the picture has no pixels".to_owned()))?;
    let (pixels, _) = pixmap.data_mut().as_chunks_mut::<4>();
    let (colors, _) = rgb.as_chunks::<3>();
    for (pixel, [red, green, blue]) in pixels.iter_mut().zip(colors) {
        *pixel = [*red, *green, *blue, u8::MAX];
    }
    pixmap
        .encode_png()
        .map_err(|error| drawing(error.to_string()))
}

/// Pixels of the picture per unit of an SVG of this size.
fn scale(width: f32, height: f32) -> f32 {
    SHARPNESS
        .min(LONGEST / width.max(height))
        .min((MOST / (width * height)).sqrt())
}

/// The name of a monospaced font, else of any font.
fn monospaced(fonts: &Database) -> Option<String> {
    let known = FONTS.iter().find(|name| {
        let query = Query {
            families: &[Family::Name(name)],
            ..Query::default()
        };
        fonts.query(&query).is_some()
    });
    if let Some(known) = known {
        return Some((*known).to_owned());
    }
    let faces = || fonts.faces();
    let face = faces()
        .find(|face| face.monospaced)
        .or_else(|| faces().next())?;
    Some(face.families.first()?.0.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_without_fonts_has_no_monospaced_font() {
        assert_eq!(monospaced(&Database::new()), None);
    }

    #[test]
    fn large_pictures_are_limited() {
        assert!(scale(800.0, 600.0) >= SHARPNESS);
        for (width, height) in [(1.0, 2e5), (2e5, 1.0), (9e4, 9e4), (3600.0, 1e6)] {
            let scale = scale(width, height);
            let (width, height) = (width * scale, height * scale);
            assert!(width.max(height) <= LONGEST * 1.01, "{width} {height}");
            assert!(width * height <= MOST * 1.01, "{width} {height}");
        }
    }

    #[test]
    fn pixels_are_encoded() {
        let size = Size {
            width: 2,
            height: 1,
        };
        let png = encode(size, &[255, 0, 0, 0, 0, 255]).unwrap();
        let pixmap = Pixmap::decode_png(&png).unwrap();
        assert_eq!(pixmap.data(), [255, 0, 0, 255, 0, 0, 255, 255]);
        assert!(encode(Size::default(), &[]).is_err());
    }

    #[test]
    fn an_invalid_svg_is_an_error() {
        assert!(matches!(draw("<svg"), Err(PngError::Drawing { .. })));
    }
}
