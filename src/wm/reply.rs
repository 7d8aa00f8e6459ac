//! i3's replies and events, as i3 4.20 and newer really send them.
//!
//! Fields that nobody here reads are left out; a field that is missing gets its
//! default, so that older and newer versions are read alike.
//! i3 passes on the bytes of classes, marks and its config unchecked, so a reply need
//! not be UTF-8: [`read`] is the one place that decodes it.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::error::WmError;
use crate::text;

/// Reads a reply or an event; `request` names it in the error.
pub(super) fn read<T: DeserializeOwned>(request: &'static str, bytes: &[u8]) -> Result<T, WmError> {
    serde_json::from_str(&text::decode(bytes)).map_err(|source| WmError::Json { request, source })
}

/// A rectangle. i3 prints C integers, width and height included.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Rect {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) width: i64,
    pub(super) height: i64,
}

/// Gaps of a workspace; `outer`, which is there too, is the same as `top`.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Gaps {
    pub(super) inner: i32,
    pub(super) top: i32,
    pub(super) right: i32,
    pub(super) bottom: i32,
    pub(super) left: i32,
}

/// A container of `GET_TREE` (i3's src/ipc.c, `dump_node`).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Node {
    pub(super) id: u64,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) layout: String,
    pub(super) percent: Option<f64>,
    pub(super) rect: Rect,
    pub(super) deco_rect: Rect,
    pub(super) name: Option<String>,
    pub(super) title_format: Option<String>,
    /// Since 4.20: the padding in pixels; negative where no icon is shown.
    #[serde(default = "no_icon")]
    pub(super) window_icon_padding: i64,
    pub(super) marks: Vec<String>,
    pub(super) focused: bool,
    pub(super) focus: Vec<u64>,
    pub(super) fullscreen_mode: u8,
    pub(super) sticky: bool,
    pub(super) floating: Option<String>,
    pub(super) scratchpad_state: Option<String>,
    pub(super) border: Option<String>,
    /// In pixels; -1 where the container has none of its own.
    pub(super) current_border_width: Option<i64>,
    /// Since 4.22.
    pub(super) gaps: Option<Gaps>,
    pub(super) window: Option<u32>,
    pub(super) window_type: Option<String>,
    pub(super) window_properties: Option<WindowProperties>,
    /// Each with its criteria; only whether there are any is of interest.
    pub(super) swallows: Vec<serde_json::Map<String, serde_json::Value>>,
    pub(super) nodes: Vec<Node>,
    pub(super) floating_nodes: Vec<Node>,
}

const fn no_icon() -> i64 {
    -1
}

/// `window_properties` of a container with a window.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WindowProperties {
    pub(super) class: Option<String>,
    pub(super) instance: Option<String>,
    pub(super) title: Option<String>,
    pub(super) window_role: Option<String>,
    pub(super) machine: Option<String>,
    pub(super) transient_for: Option<u32>,
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

/// `GET_VERSION`. Nothing may be missing: everything else rests on it.
#[derive(Debug, Deserialize)]
pub(super) struct Version {
    pub(super) major: u32,
    pub(super) minor: u32,
    pub(super) human_readable: String,
    /// Only sway has it.
    pub(super) variant: Option<String>,
}

/// `GET_CONFIG`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Config {
    /// The main file as it is on disk.
    pub(super) config: String,
    /// The main file first, then what it includes, in the order of reading
    /// (since 4.20).
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

/// The reply to `SUBSCRIBE` and `SEND_TICK`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Success {
    pub(super) success: bool,
}

/// A `window` event.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WindowEvent {
    pub(super) change: String,
    pub(super) container: Node,
}

/// A `workspace` event.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WorkspaceEvent {
    pub(super) change: String,
    pub(super) current: Option<WorkspaceName>,
}

/// What is read of a workspace in an event: not its whole tree.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WorkspaceName {
    pub(super) id: u64,
    pub(super) name: Option<String>,
}

/// A `shutdown` event.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ShutdownEvent {
    pub(super) change: String,
}

/// A `tick` event.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TickEvent {
    /// Whether it is the one that says that the subscription has begun.
    pub(super) first: bool,
    pub(super) payload: String,
}
