//! Rectangles in pixels, in the notation of X.
//!
//! Both models, the layout file and the live desktop, use [`Rect`] for places on the screen.
//! The origin is the upper left corner, x grows to the right, y grows downwards
//! (X(7), "GEOMETRY SPECIFICATIONS").

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The largest width, height or offset of a [`Rect`] that is read, in pixels.
///
/// X windows and screens have 16 bit sizes (X11 protocol, "Common types").
const LIMIT: i32 = 65_535;

/// A rectangle in pixels.
///
/// Rects of a layout file are relative to the workspace's output, rects of the live desktop
/// to the X screen.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub struct Rect {
    /// Distance from the left edge, may be negative.
    pub x: i32,
    /// Distance from the upper edge, may be negative.
    pub y: i32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

impl Rect {
    /// A rectangle from its upper left corner and its size.
    pub const fn new(x: i32, y: i32, width: u32, height: u32) -> Self {
        Self {
            x,
            y,
            width,
            height,
        }
    }

    /// The same rectangle relative to `origin`'s upper left corner.
    #[must_use]
    pub const fn relative_to(self, origin: Self) -> Self {
        Self {
            x: self.x.saturating_sub(origin.x),
            y: self.y.saturating_sub(origin.y),
            ..self
        }
    }

    /// The inverse of [`Rect::relative_to`].
    #[must_use]
    pub const fn absolute_in(self, origin: Self) -> Self {
        Self {
            x: self.x.saturating_add(origin.x),
            y: self.y.saturating_add(origin.y),
            ..self
        }
    }

    /// True if position and size differ by at most `tolerance` pixels.
    pub fn is_within(self, other: Self, tolerance: u32) -> bool {
        self.x.abs_diff(other.x) <= tolerance
            && self.y.abs_diff(other.y) <= tolerance
            && self.width.abs_diff(other.width) <= tolerance
            && self.height.abs_diff(other.height) <= tolerance
    }
}

impl fmt::Display for Rect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // In X, `+-5` means 5 pixels to the left of the left edge; `-5` would count from the
        // right edge.
        write!(f, "{}x{}+{}+{}", self.width, self.height, self.x, self.y)
    }
}

/// A size.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub struct Size {
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

/// A string is not a size of the form `WIDTHxHEIGHT` with numbers from 1 to 65535.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid size `{0}`")]
pub struct SizeError(String);

impl FromStr for Size {
    type Err = SizeError;

    fn from_str(text: &str) -> Result<Self, SizeError> {
        let number = |digits: &str| -> Option<u32> {
            let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
            let number = digits.parse().ok().filter(|_| is_number)?;
            (1..=LIMIT.unsigned_abs())
                .contains(&number)
                .then_some(number)
        };
        text.split_once('x')
            .and_then(|(width, height)| {
                Some(Self {
                    width: number(width)?,
                    height: number(height)?,
                })
            })
            .ok_or_else(|| SizeError(text.to_owned()))
    }
}

/// The reason why a string is not a valid [`Rect`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RectError {
    /// The string does not have the form `WIDTHxHEIGHT+X+Y`.
    #[error("invalid rect `{0}`")]
    Form(String),
    /// Width or height is zero.
    #[error("invalid rect `{0}`: the width and height must not be 0")]
    Empty(String),
    /// A number exceeds the range of X.
    #[error("invalid rect `{0}`: numbers must not exceed {LIMIT}")]
    TooLarge(String),
}

impl FromStr for Rect {
    type Err = RectError;

    fn from_str(text: &str) -> Result<Self, RectError> {
        let form = || RectError::Form(text.to_owned());
        let (width, rest) = text.split_once('x').ok_or_else(form)?;
        let (height, rest) = rest.split_once('+').ok_or_else(form)?;
        let (x, y) = rest.split_once('+').ok_or_else(form)?;
        let number = |digits: &str, signed: bool| -> Result<i32, RectError> {
            let unsigned = digits
                .strip_prefix('-')
                .filter(|_| signed)
                .unwrap_or(digits);
            if unsigned.is_empty() || !unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(form());
            }
            digits
                .parse::<i32>()
                .ok()
                .filter(|number| number.abs() <= LIMIT)
                .ok_or_else(|| RectError::TooLarge(text.to_owned()))
        };
        let (width, height) = (number(width, false)?, number(height, false)?);
        if width == 0 || height == 0 {
            return Err(RectError::Empty(text.to_owned()));
        }
        Ok(Self {
            x: number(x, true)?,
            y: number(y, true)?,
            width: width.unsigned_abs(),
            height: height.unsigned_abs(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notation_round_trips() {
        for text in ["1920x1080+0+0", "800x600+560+240", "10x20+-5+-7"] {
            assert_eq!(
                text.parse::<Rect>().map(|rect| rect.to_string()),
                Ok(text.to_owned())
            );
        }
    }

    #[test]
    fn invalid_notation_is_refused_with_its_kind() {
        for text in [
            "",
            "800x600",
            "800x600+1",
            "ax1+0+0",
            "-1x1+0+0",
            "1x1+--1+0",
            "1x1++0",
            "1x1+0+0+0",
        ] {
            assert_eq!(
                text.parse::<Rect>(),
                Err(RectError::Form(text.to_owned())),
                "{text}"
            );
        }
        assert_eq!(
            "0x1+0+0".parse::<Rect>(),
            Err(RectError::Empty("0x1+0+0".to_owned()))
        );
        let large = "99999999999x1+0+0";
        assert_eq!(
            large.parse::<Rect>(),
            Err(RectError::TooLarge(large.to_owned()))
        );
    }

    #[test]
    fn relative_and_absolute_are_inverse() {
        let output = Rect::new(1920, 40, 2560, 1440);
        let rect = Rect::new(1900, 60, 10, 10);
        assert_eq!(rect.relative_to(output), Rect::new(-20, 20, 10, 10));
        assert_eq!(rect.relative_to(output).absolute_in(output), rect);
    }
}
