//! The attributes that i3's commands set on a window or container.

use std::fmt;

use serde::{Deserialize, Serialize};
/// The arrangement of a container's children (i3 user guide, "Manipulating layout").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ContainerLayout {
    /// Side by side.
    #[default]
    SplitH,
    /// One above the other.
    SplitV,
    /// One visible, with a list of titles.
    Stacked,
    /// One visible, with tabs.
    Tabbed,
}

impl ContainerLayout {
    /// i3's name in `append_layout` files and in replies.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SplitH => "splith",
            Self::SplitV => "splitv",
            Self::Stacked => "stacked",
            Self::Tabbed => "tabbed",
        }
    }

    /// True if all children are visible and share the space.
    pub const fn is_split(self) -> bool {
        matches!(self, Self::SplitH | Self::SplitV)
    }
}

/// Fullscreen mode (i3 user guide, "Manipulating layout").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Fullscreen {
    /// Not fullscreen.
    #[default]
    None,
    /// Covers its output.
    Output,
    /// Covers all outputs.
    Global,
}

/// A border, as i3's `border` command takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Border {
    /// No border.
    None,
    /// A frame of this many pixels without a title bar.
    Pixel(u32),
    /// A title bar, and a frame of this many pixels.
    Normal(u32),
}

/// The notation of i3's `border` command and of layout files: `none`, `pixel 2`, `normal 2`.
impl fmt::Display for Border {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Pixel(width) => write!(f, "pixel {width}"),
            Self::Normal(width) => write!(f, "normal {width}"),
        }
    }
}

/// The attributes that commands set on a window or container.
///
/// A new attribute needs a field here, a variant of [`Attribute`], i3's names in `wm` and
/// `compile::append_json`, and a key of the layout file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attributes {
    /// i3 marks, in order.
    pub marks: Vec<String>,
    /// The border; `None` is the default of the i3 config.
    pub border: Option<Border>,
    /// The title format (i3 user guide, "Window title format"); `None` is i3's default.
    pub title_format: Option<String>,
    /// The window's icon in its title bar, with this padding on both sides in pixels (i3
    /// user guide, "Window title icon"); `None` shows none.
    pub title_window_icon: Option<u32>,
    /// Fullscreen mode.
    pub fullscreen: Fullscreen,
    /// True if the window stays visible when its output shows another workspace (only
    /// visible when floating).
    pub sticky: bool,
}

/// One attribute with its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Attribute {
    /// See [`Attributes::border`].
    Border(Option<Border>),
    /// See [`Attributes::marks`].
    Marks(Vec<String>),
    /// See [`Attributes::title_format`].
    TitleFormat(Option<String>),
    /// See [`Attributes::title_window_icon`].
    TitleWindowIcon(Option<u32>),
    /// See [`Attributes::fullscreen`].
    Fullscreen(Fullscreen),
    /// See [`Attributes::sticky`].
    Sticky(bool),
}

impl Attributes {
    /// All attributes, in the order in which they are compared and set.
    pub fn each(&self) -> [Attribute; 6] {
        [
            Attribute::Border(self.border),
            Attribute::Marks(self.marks.clone()),
            Attribute::TitleFormat(self.title_format.clone()),
            Attribute::TitleWindowIcon(self.title_window_icon),
            Attribute::Fullscreen(self.fullscreen),
            Attribute::Sticky(self.sticky),
        ]
    }

    /// True if a container with these attributes looks like one without attributes. Borders of
    /// containers are not drawn, and `sticky` counts only at the top of a floating frame.
    pub const fn is_plain_container(&self) -> bool {
        self.marks.is_empty()
            && self.title_format.is_none()
            && matches!(self.fullscreen, Fullscreen::None)
    }
}

impl Attribute {
    /// The key of the layout file.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Border(_) => "border",
            Self::Marks(_) => "marks",
            Self::TitleFormat(_) => "title_format",
            Self::TitleWindowIcon(_) => "title_window_icon",
            Self::Fullscreen(_) => "fullscreen",
            Self::Sticky(_) => "sticky",
        }
    }

    /// The plural for several windows.
    pub const fn plural(&self) -> &'static str {
        match self {
            Self::Border(_) => "borders",
            Self::Marks(_) => "marks",
            Self::TitleFormat(_) => "title formats",
            Self::TitleWindowIcon(_) => "title icons",
            Self::Fullscreen(_) => "fullscreen",
            Self::Sticky(_) => "sticky",
        }
    }
}

/// The value; empty if there are no marks.
impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Border(Some(border)) => border.fmt(f),
            Self::Marks(marks) => f.write_str(&marks.join(", ")),
            Self::TitleFormat(format) => f.write_str(format.as_deref().unwrap_or("%title")),
            Self::TitleWindowIcon(Some(padding)) => write!(f, "{padding} px"),
            Self::Fullscreen(Fullscreen::Output) => f.write_str("output"),
            Self::Fullscreen(Fullscreen::Global) => f.write_str("global"),
            Self::Sticky(on) => on.fmt(f),
            Self::Border(None)
            | Self::TitleWindowIcon(None)
            | Self::Fullscreen(Fullscreen::None) => f.write_str("none"),
        }
    }
}
