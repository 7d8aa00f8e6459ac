//! The attributes of a container.

use super::{Source, Trees};
use crate::document::Spanned;
use crate::document::spanned::Kind as Json;
use crate::import::fields::{flag, get, int, list, text, text_of, word};
use crate::import::note::About;
use crate::live::OWN_MARK_PREFIX;
use crate::tree::{Attributes, Border, ContainerLayout, Fullscreen};

/// The mark with which i3-restore remembers the focus.
const FOCUS_MARK: &str = "_i3_restore_focus";

impl Trees {
    /// The share of the parent, 0 to 1, or in percent.
    pub(super) fn share(&mut self, source: &Source<'_>, value: &Spanned) -> Option<f64> {
        let percent = get(value, "percent")?;
        let Json::Number(number) = &percent.kind else {
            return None;
        };
        let value = Some(number.value).filter(|share| share.is_finite() && *share > 0.0)?;
        let is_integer = !number.text.contains(['.', 'e', 'E']);
        if is_integer && number.whole() == Some(1) {
            // i3 ignores numbers without a decimal point. i3-save-tree writes this for a child
            // without siblings.
            return None;
        }
        let is_percent = value > 1.5;
        if is_percent || is_integer {
            let about = About::Percent(number.text.clone());
            self.note(source, percent.span.start, about);
        }
        Some(if is_percent { value / 100.0 } else { value })
    }

    pub(super) fn layout(&mut self, source: &Source<'_>, value: &Spanned) -> ContainerLayout {
        let word = word(value, "layout");
        let is_vertical = self::word(value, "orientation").as_deref() == Some("vertical");
        let of_orientation = if is_vertical {
            ContainerLayout::SplitV
        } else {
            ContainerLayout::SplitH
        };
        let layout = match word.as_deref() {
            None | Some("default") => return of_orientation,
            Some("splith") => return ContainerLayout::SplitH,
            Some("splitv") => return ContainerLayout::SplitV,
            Some("stacked") => return ContainerLayout::Stacked,
            Some("tabbed") => return ContainerLayout::Tabbed,
            Some("stacking") => ContainerLayout::Stacked,
            Some("horizontal") => ContainerLayout::SplitH,
            Some("vertical") => ContainerLayout::SplitV,
            Some(_) => of_orientation,
        };
        let at = get(value, "layout").map_or(value.span.start, |one| one.span.start);
        let about = About::LayoutName(word.unwrap_or_default(), layout.as_str());
        self.note(source, at, about);
        layout
    }

    /// The attributes, and true if the mark of i3-restore says that it has the focus.
    pub(super) fn attributes(
        &mut self,
        source: &Source<'_>,
        value: &Spanned,
        floats: bool,
    ) -> (Attributes, bool) {
        let mut marks: Vec<String> = list(value, "marks").iter().filter_map(text).collect();
        marks.extend(text_of(value, "mark"));
        let is_focused = marks.iter().any(|mark| mark == FOCUS_MARK);
        marks.retain(|mark| mark != FOCUS_MARK && !mark.is_empty());
        marks.retain(|mark| {
            let is_own = mark.starts_with(OWN_MARK_PREFIX);
            if is_own {
                self.note(source, value.span.start, About::Mark(mark.clone()));
            }
            !is_own
        });
        let fullscreen = match int(value, "fullscreen_mode") {
            Some(1) => Fullscreen::Output,
            Some(2) => Fullscreen::Global,
            _ => Fullscreen::None,
        };
        let padding = int(value, "window_icon_padding");
        let default = self.defaults.border_of(floats);
        let attributes = Attributes {
            marks,
            border: border(value, default).filter(|border| *border != default),
            title_format: text_of(value, "title_format").filter(|format| format != "%title"),
            title_window_icon: padding.and_then(|padding| u32::try_from(padding).ok()),
            fullscreen,
            sticky: flag(value, "sticky"),
        };
        (attributes, is_focused)
    }
}

/// The type of a container. Old versions of i3 wrote numbers.
pub(super) fn kind(value: &Spanned) -> Option<String> {
    const NUMBERS: [&str; 6] = [
        "root",
        "output",
        "con",
        "floating_con",
        "workspace",
        "dockarea",
    ];
    let number = || {
        let number = usize::try_from(int(value, "type")?).ok()?;
        NUMBERS.get(number).map(|&name| name.to_owned())
    };
    word(value, "type").or_else(number)
}

/// The ids in the focus order of a container.
pub(super) fn ids(value: &Spanned) -> Vec<i64> {
    let ids = list(value, "focus").iter().filter_map(|id| match &id.kind {
        Json::Number(number) => number.whole(),
        _ => None,
    });
    ids.collect()
}

/// The border. Without a width, i3 uses the one of its config.
pub(super) fn border(value: &Spanned, default: Border) -> Option<Border> {
    let width = int(value, "current_border_width").filter(|width| (0..=65_535).contains(width));
    let of_default = match default {
        Border::None => 2,
        Border::Pixel(width) | Border::Normal(width) => width,
    };
    let width = width.map_or(of_default, |width| {
        u32::try_from(width).unwrap_or(of_default)
    });
    match word(value, "border")?.as_str() {
        "none" => Some(Border::None),
        "pixel" => Some(Border::Pixel(width)),
        "1pixel" => Some(Border::Pixel(1)),
        "normal" => Some(Border::Normal(width)),
        _ => None,
    }
}
