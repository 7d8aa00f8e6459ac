//! The limits of the i3 config for the sizes of floating windows. Pure.
//!
//! The directives are `floating_minimum_size` and `floating_maximum_size` (i3 user guide,
//! "Minimum and maximum size of floating windows"). The last one takes precedence.

use serde::{Deserialize, Serialize};

/// A limit for the sizes of floating windows, without borders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SizeLimit {
    /// The line of the config; `None` for i3's default.
    pub line: Option<String>,
    /// The width in pixels; `None` for no limit.
    pub width: Option<u32>,
    /// The height in pixels; `None` for no limit.
    pub height: Option<u32>,
}

/// The limits for the sizes of floating windows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SizeLimits {
    /// The smallest size.
    pub minimum: SizeLimit,
    /// The largest size.
    pub maximum: SizeLimit,
}

/// i3's own limits (`floating_check_size` in its `src/floating.c`). The default maximum is the
/// size of all outputs together, which no layout exceeds.
impl Default for SizeLimits {
    fn default() -> Self {
        Self {
            minimum: SizeLimit {
                line: None,
                width: Some(75),
                height: Some(50),
            },
            maximum: SizeLimit {
                line: None,
                width: None,
                height: None,
            },
        }
    }
}

impl SizeLimits {
    /// Applies a line of the config. Other lines change nothing.
    pub(super) fn read(&mut self, line: &str) {
        let Some((directive, size)) = line.split_once(char::is_whitespace) else {
            return;
        };
        let (target, default) = match directive.to_ascii_lowercase().as_str() {
            "floating_minimum_size" => (&mut self.minimum, Self::default().minimum),
            "floating_maximum_size" => (&mut self.maximum, Self::default().maximum),
            _ => return,
        };
        let Some((width, height)) = size.split_once(['x', 'X']) else {
            return;
        };
        let (Ok(width), Ok(height)) = (width.trim().parse(), height.trim().parse()) else {
            return;
        };
        // 0 is the default, and -1 is no limit.
        let limit = |size: i64, default: Option<u32>| match size {
            0 => default,
            size => u32::try_from(size).ok(),
        };
        *target = SizeLimit {
            line: Some(line.split_whitespace().collect::<Vec<_>>().join(" ")),
            width: limit(width, default.width),
            height: limit(height, default.height),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_of_the_directives() {
        for (line, minimum, maximum) in [
            ("", (Some(75), Some(50)), (None, None)),
            (
                "floating_maximum_size 400 x 300",
                (Some(75), Some(50)),
                (Some(400), Some(300)),
            ),
            (
                "Floating_Maximum_Size  400x-1",
                (Some(75), Some(50)),
                (Some(400), None),
            ),
            (
                "floating_minimum_size -1 x 0",
                (None, Some(50)),
                (None, None),
            ),
            (
                "floating_minimum_size 9",
                (Some(75), Some(50)),
                (None, None),
            ),
            ("floating_modifier Mod4", (Some(75), Some(50)), (None, None)),
        ] {
            let mut limits = SizeLimits::default();
            limits.read(line);
            let size = |limit: &SizeLimit| (limit.width, limit.height);
            assert_eq!(size(&limits.minimum), minimum, "{line}");
            assert_eq!(size(&limits.maximum), maximum, "{line}");
        }
    }
}
