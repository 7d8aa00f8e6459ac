//! i3's replies and events, as i3 4.20 and newer send them.
//!
//! Fields that are not used are left out. A missing field gets its default, so that older and
//! newer versions can be read. i3 passes on the bytes of classes, marks and its config
//! unchecked, so a reply need not be UTF-8: only [`read`] decodes it.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::error::WmError;
use crate::live::{self, ConId, GapSizes, Properties, XId};
use crate::text;

/// Reads a reply; `request` is its name in errors.
pub(super) fn read<T: DeserializeOwned>(request: &'static str, bytes: &[u8]) -> Result<T, WmError> {
    parse(request, &text::decode(bytes))
}

/// Parses a decoded reply or event; `request` is its name in errors.
pub(super) fn parse<'t, T: Deserialize<'t>>(
    request: &'static str,
    text: &'t str,
) -> Result<T, WmError> {
    serde_json::from_str(text).map_err(|source| {
        if source.to_string().contains("recursion limit") {
            WmError::TooDeep
        } else {
            WmError::Json { request, source }
        }
    })
}

/// A rectangle. i3 prints C integers, even for width and height.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Rect {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) width: i64,
    pub(super) height: i64,
}

/// A container of `GET_TREE` (i3's src/ipc.c, `dump_node`).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Node {
    pub(super) id: ConId,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) layout: String,
    pub(super) percent: Option<f64>,
    pub(super) rect: Rect,
    pub(super) deco_rect: Rect,
    pub(super) name: Option<String>,
    pub(super) title_format: Option<String>,
    /// Since 4.20: the padding in pixels; negative without an icon.
    #[serde(default = "no_icon")]
    pub(super) window_icon_padding: i64,
    pub(super) marks: Vec<String>,
    pub(super) focused: bool,
    pub(super) focus: Vec<ConId>,
    pub(super) fullscreen_mode: u8,
    pub(super) sticky: bool,
    pub(super) floating: Option<String>,
    pub(super) scratchpad_state: Option<String>,
    pub(super) border: Option<String>,
    /// In pixels; -1 if the container has no width of its own.
    pub(super) current_border_width: Option<i64>,
    /// Since 4.22.
    pub(super) gaps: Option<GapSizes>,
    pub(super) window: Option<XId>,
    pub(super) window_type: Option<String>,
    pub(super) window_properties: Option<Properties>,
    /// The criteria; only used to know if there are any.
    pub(super) swallows: Vec<serde_json::Map<String, serde_json::Value>>,
    pub(super) nodes: Vec<Node>,
    pub(super) floating_nodes: Vec<Node>,
}

const fn no_icon() -> i64 {
    -1
}

/// An output of `GET_OUTPUTS`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Output {
    pub(super) name: String,
    pub(super) active: bool,
    pub(super) primary: bool,
    pub(super) rect: Rect,
}

/// A workspace of `GET_WORKSPACES`.
#[derive(Debug, Deserialize)]
pub(super) struct Workspace {
    pub(super) name: String,
    pub(super) output: String,
    pub(super) focused: bool,
}

/// `GET_VERSION`. All fields of the version are required.
#[derive(Debug, Deserialize)]
pub(super) struct Version {
    #[serde(flatten)]
    pub(super) version: live::Version,
    /// Set by sway.
    pub(super) variant: Option<String>,
}

/// `GET_CONFIG`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Config {
    /// The main file as on disk.
    pub(super) config: String,
    /// The main file first, then the included files, in the order of reading (since 4.20).
    pub(super) included_configs: Vec<ConfigFile>,
}

/// A config file that i3 has read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ConfigFile {
    pub(super) path: String,
    pub(super) variable_replaced_contents: String,
}

/// One element of the reply to `RUN_COMMAND`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CommandResult {
    pub(super) success: bool,
    pub(super) parse_error: bool,
    pub(super) error: Option<String>,
}

/// The reply to `SUBSCRIBE` and `SYNC`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Success {
    pub(super) success: bool,
}

/// An event. Each kind has some of these fields.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Event<'t> {
    pub(super) change: String,
    /// The window's container, in `window` events. Most of these do not matter, and their containers
    /// are not parsed.
    #[serde(borrow)]
    pub(super) container: Option<&'t RawValue>,
    /// The text of a `tick` event.
    pub(super) payload: String,
}
