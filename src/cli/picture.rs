//! Writing pictures to files.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::context::{Context, need_folder};
use crate::error::Error;
use crate::preview::png;
use crate::ui::words::{clean, tilde};

/// The place of a picture. The name of a file decides about its format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Picture {
    /// The terminal.
    Terminal,
    /// `FILE.svg`.
    Svg(PathBuf),
    /// `FILE.png`.
    Png(PathBuf),
}

impl Picture {
    /// The value of the option without a file.
    pub(super) const TERMINAL: &str = "terminal";
}

impl FromStr for Picture {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == Self::TERMINAL {
            return Ok(Self::Terminal);
        }
        let path = PathBuf::from(text);
        match ending(&path).as_deref() {
            Some("svg") => Ok(Self::Svg(path)),
            Some("png") => Ok(Self::Png(path)),
            _ => Err("expected a file name that ends with `.svg` or `.png`".to_owned()),
        }
    }
}

/// The ending of a file's name in lower case.
fn ending(path: &Path) -> Option<String> {
    let ending = path.extension().map(OsStr::to_ascii_lowercase)?;
    ending.into_string().ok()
}

/// Checks the file of an option that writes only PNG; `-` is standard output.
pub(super) fn png_file(path: PathBuf) -> Result<PathBuf, String> {
    if path == Path::new("-") || ending(&path).as_deref() == Some("png") {
        return Ok(path);
    }
    Err("expected a file name that ends with `.png`".to_owned())
}

/// A text for a picture, without control characters and secrets, and with `~` for the home
/// directory.
pub(super) fn tidy(text: &str) -> String {
    tilde(&clean(text))
}

/// Writes an SVG to a file, or to standard output for `-`.
pub(super) fn write_svg(context: &Context, file: &Path, svg: &str) -> Result<(), Error> {
    write(context, file, svg.as_bytes())
}

/// Draws an SVG as PNG and writes it to a file, or to standard output for `-`.
pub(super) fn write_png(context: &Context, file: &Path, svg: &str) -> Result<(), Error> {
    write(context, file, &png::draw(svg)?)
}

/// Writes a picture to a file, or to standard output for `-`.
pub(super) fn write(context: &Context, file: &Path, content: &[u8]) -> Result<(), Error> {
    if file == Path::new("-") {
        return context.ui.out_bytes(content);
    }
    need_folder(file)?;
    context.store.export(file, content)?;
    context.ui.say(&format!("wrote {}", context.short(file)));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_decides_about_the_format() {
        for (text, file) in [
            ("terminal", Ok(Picture::Terminal)),
            ("a.svg", Ok(Picture::Svg("a.svg".into()))),
            ("/tmp/a.b.PNG", Ok(Picture::Png("/tmp/a.b.PNG".into()))),
        ] {
            assert_eq!(text.parse(), file);
        }
        for text in ["", "-", "svg", "a.svg.txt", ".png"] {
            assert!(text.parse::<Picture>().is_err(), "{text}");
        }
        for (text, is_png) in [("a.png", true), ("-", true), ("a.svg", false), ("a", false)] {
            assert_eq!(png_file(text.into()).is_ok(), is_png, "{text}");
        }
    }
}
