//! Writing pictures to files.

use std::path::Path;

use super::context::Context;
use crate::error::Error;
use crate::preview::png;

/// Writes an SVG to a file, or to standard output for `-`.
pub(super) fn write_svg(context: &Context, file: &Path, svg: &str) -> Result<(), Error> {
    write(context, file, svg.as_bytes())
}

/// Draws an SVG as PNG and writes it to a file, or to standard output for `-`.
pub(super) fn write_png(context: &Context, file: &Path, svg: &str) -> Result<(), Error> {
    write(context, file, &png::draw(svg)?)
}

fn write(context: &Context, file: &Path, content: &[u8]) -> Result<(), Error> {
    if file == Path::new("-") {
        return context.ui.out_bytes(content);
    }
    context.store.export(file, content)?;
    context.ui.say(&format!("wrote {}", context.short(file)));
    Ok(())
}
