//! The layout file, version 1, as serde and JSON Schema see it.
//!
//! These types have the shape of the text and nothing else: one shape for all
//! nodes, texts where the model has values. [`super::convert`] turns them into the
//! model and back.
//! Their doc comments are what people read in their editor, because the schema is
//! made from them ([`super::schema`]); so they speak to the writer of a file.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The only version of the file format so far.
pub const VERSION: u64 = 1;

/// A saved i3 desktop: which windows, where, and what opens them.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "i3pm-layout file", rename = "Layout")]
pub struct FileLayout {
    /// Where the JSON Schema of this file is; for editors only.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The version of the file format: 1.
    #[schemars(extend("const" = VERSION))]
    pub version: u64,
    /// The layout's name; by default that of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"daily-dev")]
    pub name: Option<String>,
    /// The project to which the layout belongs; by default the file's folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"nixos")]
    pub project: Option<String>,
    /// Values for `${name}` in `command`, `cwd` and `env`. A value may use
    /// `${env:NAME}`, and `~/` at its start is the home directory.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(example = example_vars())]
    pub vars: BTreeMap<String, String>,
    /// The monitors as they were when the layout was captured. On other monitors,
    /// the layout is adapted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub monitors: Vec<FileMonitor>,
    /// The workspaces, in i3's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workspaces: Vec<FileWorkspace>,
    /// The hidden windows of the scratchpad, most recently hidden first. Their
    /// `rect` is relative to the primary monitor.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scratchpad: Vec<FileNode>,
    /// The name of the workspace that has the focus.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"1:code")]
    pub focus: Option<String>,
}

fn example_vars() -> BTreeMap<String, String> {
    BTreeMap::from([("root".to_owned(), "~/src/project".to_owned())])
}

/// A monitor as it was when the layout was captured.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Monitor")]
pub struct FileMonitor {
    /// The output's name, as `xrandr` shows it.
    #[schemars(example = &"eDP-1")]
    pub output: String,
    /// Its place on the screen in pixels: `WIDTHxHEIGHT+X+Y`.
    #[schemars(example = &"1920x1080+0+0", extend("pattern" = RECT_PATTERN))]
    pub rect: String,
    /// Whether it is the primary one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub primary: bool,
}

const RECT_PATTERN: &str = r"^[0-9]+x[0-9]+\+-?[0-9]+\+-?[0-9]+$";

/// A workspace with its windows.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Workspace")]
pub struct FileWorkspace {
    /// The full name; i3 takes the number from its start. Write it in quotes if it
    /// is a number.
    #[schemars(example = &"1:code", example = &"2")]
    pub name: String,
    /// The output to be on, or several in order of preference; `primary` is the
    /// primary one. Without it, i3 decides.
    #[serde(default, skip_serializing_if = "OneOrMany::is_empty")]
    pub output: OneOrMany,
    /// How the workspace's own children are laid out; `splith` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<FileContainerLayout>,
    /// The gaps, where they are not those of the i3 config (since i3 4.22).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gaps: Option<FileGaps>,
    /// Whether it is the one that its output shows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub visible: bool,
    /// The tiled windows and containers, left to right or top to bottom.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<FileNode>,
    /// The floating windows, bottom to top.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub floating: Vec<FileNode>,
    /// The order in which the children had the focus, the latest first, as
    /// positions: 0 is the first of `nodes`; `floating` counts on after them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focus_order: Option<Vec<usize>>,
}

/// The gaps of a workspace, in pixels. What is left out is as the i3 config has it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Gaps", example = example_gaps())]
pub struct FileGaps {
    /// Between windows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minimum" = 0), extend("maximum" = 10_000))]
    pub inner: Option<i32>,
    /// At all four edges, in addition to `inner`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minimum" = -10_000), extend("maximum" = 10_000))]
    pub outer: Option<i32>,
    /// At the upper edge; counts more than `outer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minimum" = -10_000), extend("maximum" = 10_000))]
    pub top: Option<i32>,
    /// At the right edge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minimum" = -10_000), extend("maximum" = 10_000))]
    pub right: Option<i32>,
    /// At the lower edge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minimum" = -10_000), extend("maximum" = 10_000))]
    pub bottom: Option<i32>,
    /// At the left edge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minimum" = -10_000), extend("maximum" = 10_000))]
    pub left: Option<i32>,
}

fn example_gaps() -> FileGaps {
    FileGaps {
        inner: Some(10),
        outer: Some(5),
        ..FileGaps::default()
    }
}

/// How the children of a workspace or container are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "ContainerLayout")]
pub enum FileContainerLayout {
    /// Side by side.
    SplitH,
    /// One above the other.
    SplitV,
    /// One visible, with a list of titles above it.
    Stacked,
    /// One visible, with tabs above it.
    Tabbed,
}

/// A window, or a container of several (it has `nodes` then).
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are the keys of the file"
)]
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Node")]
pub struct FileNode {
    /// A name for this window's place, unique in the file; for `--only` and reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"editor", extend("pattern" = r"^[\p{L}\p{N}._-]+$"))]
    pub id: Option<String>,
    /// How i3 knows the window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swallow: Option<FileSwallow>,
    /// What starts the program: a text that is split by the shell's quoting rules
    /// (no shell runs it), or a list of arguments. `${name}` and `${env:NAME}` are
    /// replaced. Left out or `null`: another window's program opens this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<FileCommand>,
    /// The directory to start in; `~/`, `${name}` and `${env:NAME}` are replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"~/src/project", example = &"${root}")]
    pub cwd: Option<String>,
    /// Environment variables to add; `${name}` and `${env:NAME}` are replaced.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, String>,
    /// How long to wait for the window, in seconds.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "number"
    )]
    #[schemars(example = 30, extend("exclusiveMinimum" = 0), extend("exclusiveMaximum" = 86_400))]
    pub timeout: Option<f64>,
    /// Whether the layout is complete without this window.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// How the children of this container are laid out; `splith` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<FileContainerLayout>,
    /// The share of the parent in percent. Without it, what is left is shared evenly.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "number"
    )]
    #[schemars(example = 60, extend("exclusiveMinimum" = 0), extend("maximum" = 100))]
    pub percent: Option<f64>,
    /// The place of a floating window, borders included, in pixels from the upper
    /// left corner of its output: `WIDTHxHEIGHT+X+Y`. Without it, i3 centers the
    /// window at the size that its program wants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"800x600+560+240", extend("pattern" = RECT_PATTERN))]
    pub rect: Option<String>,
    /// Whether a floating window belongs to the scratchpad and is being shown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub scratchpad: bool,
    /// i3 marks; no two containers share one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<String>,
    /// The border, where it is not the default of the i3 config: `none`, `pixel 2`
    /// or `normal 2`; the number is the width in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        example = &"none",
        example = &"pixel 2",
        example = &"normal 2",
        extend("pattern" = r"^(none|(pixel|normal) [0-9]+)$")
    )]
    pub border: Option<String>,
    /// The title that i3 draws, in i3's notation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"<b>%title</b>")]
    pub title_format: Option<String>,
    /// Whether i3 draws the window's icon in its title bar (since i3 4.20); a number is
    /// the padding on both sides, in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = true, example = 3)]
    pub title_window_icon: Option<FileIcon>,
    /// Whether it covers its output (`true` or `output`) or all outputs (`global`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fullscreen: Option<FileFullscreen>,
    /// Whether it stays visible when the workspace changes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sticky: bool,
    /// Whether it has the focus inside its parent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub focused: bool,
    /// What capture saw; to know the window by later, not needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<FileSeen>,
    /// The order in which the children had the focus, the latest first, as
    /// positions in `nodes`, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focus_order: Option<Vec<usize>>,
    /// The children of this container, left to right or top to bottom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nodes: Option<Vec<FileNode>>,
}

/// How i3 knows the window. All that are given must match; each is a regular
/// expression (PCRE) that is searched in the property, so anchor it with `^` and `$`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Swallow", example = example_swallow())]
pub struct FileSwallow {
    /// The class, the second word of `xprop WM_CLASS`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// The instance, the first word of `xprop WM_CLASS`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The role, `xprop WM_WINDOW_ROLE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_role: Option<String>,
    /// The machine, `xprop WM_CLIENT_MACHINE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
}

fn example_swallow() -> FileSwallow {
    FileSwallow {
        class: Some("^Code$".to_owned()),
        instance: Some("^code$".to_owned()),
        ..FileSwallow::default()
    }
}

/// What capture saw of a window; nothing here needs to be edited.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Seen")]
pub struct FileSeen {
    /// The window's title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The command line of its process, where `command` came from elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub process: Option<String>,
    /// Where `command` came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<FileSource>,
}

/// Where a captured command came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "CommandSource")]
pub enum FileSource {
    /// The `Exec` line of a desktop entry.
    DesktopEntry,
    /// What is known about the terminal, and what runs in it.
    Terminal,
    /// The command line of the running process.
    Process,
    /// A rule of the user.
    Rule,
    /// A person wrote it.
    Manual,
}

/// Nothing, one text, or a list of texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OneOrMany(pub Vec<String>);

impl OneOrMany {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A command as one text or as a list of arguments.
#[derive(Clone, Debug, PartialEq)]
pub enum FileCommand {
    /// One text.
    Line(String),
    /// The arguments.
    Args(Vec<String>),
}

/// The two ways to write a list of texts; both `output` and `command` have them.
enum Texts {
    One(String),
    Many(Vec<String>),
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextsVisitor;

        impl<'de> Visitor<'de> for TextsVisitor {
            type Value = Texts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list of texts")
            }

            fn visit_str<E>(self, text: &str) -> Result<Texts, E> {
                Ok(Texts::One(text.to_owned()))
            }

            fn visit_unit<E>(self) -> Result<Texts, E> {
                Ok(Texts::Many(Vec::new()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Texts, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = seq.next_element()? {
                    texts.push(text);
                }
                Ok(Texts::Many(texts))
            }
        }

        deserializer.deserialize_any(TextsVisitor)
    }
}

fn serialize_texts<S: Serializer>(texts: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    let mut seq = serializer.serialize_seq(Some(texts.len()))?;
    for text in texts {
        seq.serialize_element(text)?;
    }
    seq.end()
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Texts::deserialize(deserializer)? {
            Texts::One(text) => vec![text],
            Texts::Many(texts) => texts,
        }))
    }
}

impl Serialize for OneOrMany {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [text] => serializer.serialize_str(text),
            texts => serialize_texts(texts, serializer),
        }
    }
}

impl JsonSchema for OneOrMany {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "OneOrMany".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["string", "array", "null"],
            "items": { "type": "string" },
            "examples": ["DP-1", ["DP-1", "HDMI-1", "primary"]],
        })
    }
}

impl<'de> Deserialize<'de> for FileCommand {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Texts::deserialize(deserializer)? {
            Texts::One(line) => Self::Line(line),
            Texts::Many(args) => Self::Args(args),
        })
    }
}

impl Serialize for FileCommand {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Line(line) => serializer.serialize_str(line),
            Self::Args(args) => serialize_texts(args, serializer),
        }
    }
}

impl JsonSchema for FileCommand {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Command".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["string", "array"],
            "items": { "type": "string" },
            "examples": ["xterm -e htop", ["code", "--new-window", "${root}"]],
        })
    }
}

/// Whether a window covers its output, or all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFullscreen {
    /// `false`.
    None,
    /// `true` or `output`.
    Output,
    /// `global`.
    Global,
}

impl<'de> Deserialize<'de> for FileFullscreen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FullscreenVisitor;

        impl Visitor<'_> for FullscreenVisitor {
            type Value = FileFullscreen;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true, false, `output` or `global`")
            }

            fn visit_bool<E>(self, on: bool) -> Result<FileFullscreen, E> {
                Ok(if on {
                    FileFullscreen::Output
                } else {
                    FileFullscreen::None
                })
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<FileFullscreen, E> {
                match text {
                    "output" => Ok(FileFullscreen::Output),
                    "global" => Ok(FileFullscreen::Global),
                    other => Err(E::unknown_variant(other, &["output", "global"])),
                }
            }
        }

        deserializer.deserialize_any(FullscreenVisitor)
    }
}

impl Serialize for FileFullscreen {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_bool(false),
            Self::Output => serializer.serialize_bool(true),
            Self::Global => serializer.serialize_str("global"),
        }
    }
}

impl JsonSchema for FileFullscreen {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Fullscreen".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "enum": [true, false, "output", "global"] })
    }
}

/// Whether an icon is drawn, with its padding in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileIcon {
    /// `true` is a padding of 0.
    Shown(bool),
    /// The padding.
    Padding(u32),
}

impl<'de> Deserialize<'de> for FileIcon {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IconVisitor;

        impl Visitor<'_> for IconVisitor {
            type Value = FileIcon;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true, false or a padding in pixels")
            }

            fn visit_bool<E>(self, on: bool) -> Result<FileIcon, E> {
                Ok(FileIcon::Shown(on))
            }

            fn visit_u64<E: serde::de::Error>(self, padding: u64) -> Result<FileIcon, E> {
                u32::try_from(padding)
                    .map(FileIcon::Padding)
                    .map_err(|_| E::custom("the padding is too large"))
            }
        }

        deserializer.deserialize_any(IconVisitor)
    }
}

impl Serialize for FileIcon {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Shown(on) => serializer.serialize_bool(on),
            Self::Padding(padding) => serializer.serialize_u32(padding),
        }
    }
}

impl JsonSchema for FileIcon {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "TitleWindowIcon".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["boolean", "integer"], "minimum": 0, "maximum": 1000 })
    }
}

/// Writes 60.0 as `60`, because that is how a person writes it.
#[expect(clippy::ref_option, reason = "serde's signature")]
fn number<S: Serializer>(number: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    /// Up to here each whole number is exact in an `f64`, and in JavaScript.
    const WHOLE: f64 = 9_007_199_254_740_992.0;
    match *number {
        Some(value) if value.fract() == 0.0 && (0.0..WHOLE).contains(&value) =>
        {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "whole and in range, see above"
            )]
            serializer.serialize_u64(value as u64)
        }
        Some(value) => serializer.serialize_f64(value),
        None => serializer.serialize_none(),
    }
}
