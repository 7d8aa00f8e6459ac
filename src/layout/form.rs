//! How the values of the layout file are written, for the reader, the writer and the
//! schema; see [`crate::document::form`].

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::model::{
    Border, Command, CommandSource, ContainerLayout, Fullscreen, Gaps, Layout, Monitor, Seen,
    Swallow, Workspace,
};
use super::node_form;
use crate::document::choice::choices;
use crate::document::definitions::{Schemas, map};
use crate::document::form::{at, ignored, object};
use crate::document::reading::TEXT_OR_LIST;
use crate::document::spanned::Kind;
use crate::document::{Access, Cursor, Fault, Form, Range, Reading, Version, decode};

object! {
    /// A saved i3 desktop: which windows, where, and what opens them.
    Layout {
        /// Where the JSON Schema of this file is; for editors only.
        schema.named("$schema") => ignored::<_, Option<String>>(),
        /// The version of the file format: 1.
        version.required() => ignored::<_, Version<1>>(),
        /// The layout's name; by default that of the file.
        name.examples(|| json!(["daily-dev"])),
        /// The project to which the layout belongs; by default the file's folder.
        project.examples(|| json!(["nixos"])),
        /// Values for `${name}` in `command`, `cwd` and `env`. A value may use
        /// `${env:NAME}`, and `~/` at its start is the home directory.
        vars.examples(|| json!([{ "root": "~/src/project" }])),
        /// The monitors as they were when the layout was captured. On other monitors,
        /// the layout is adapted.
        monitors,
        /// The workspaces, in i3's order.
        workspaces,
        /// The hidden windows of the scratchpad, most recently hidden first. Their
        /// `rect` is relative to the primary monitor.
        scratchpad,
        /// The name of the workspace that has the focus.
        focus.examples(|| json!(["1:code"])),
    }
}

object! {
    /// A monitor as it was when the layout was captured.
    Monitor {
        /// The output's name, as `xrandr` shows it.
        output.required().examples(|| json!(["eDP-1"])),
        /// Its place on the screen in pixels: `WIDTHxHEIGHT+X+Y`.
        rect.required().examples(|| json!(["1920x1080+0+0"])),
        /// Whether it is the primary one.
        primary,
    }
}

object! {
    /// A workspace with its windows.
    Workspace {
        /// The full name; i3 takes the number from its start. Write it in quotes if it
        /// is a number.
        name.required().examples(|| json!(["1:code", "2"])),
        /// The output to be on, or several in order of preference; `primary` is the
        /// primary one. Without it, i3 decides.
        output.nullable().examples(|| json!(["DP-1", ["DP-1", "HDMI-1", "primary"]]))
            => Access {
                get: |workspace| Some(Cow::Owned(OneOrMany(workspace.output.clone()))),
                set: |workspace, OneOrMany(output)| {
                    workspace.output = output;
                    Ok(())
                },
            },
        /// How the workspace's own children are laid out; `splith` by default.
        layout.nullable() => at!(content.layout),
        /// The gaps, where they are not those of the i3 config (since i3 4.22).
        gaps => Access {
            get: |workspace| {
                let gaps = workspace.gaps;
                Some(Cow::Owned((!gaps.is_empty()).then_some(gaps)))
            },
            set: |workspace, gaps: Option<Gaps>| {
                workspace.gaps = gaps.unwrap_or_default();
                Ok(())
            },
        },
        /// Whether it is the one that its output shows.
        visible,
        /// The tiled windows and containers, left to right or top to bottom.
        nodes => at!(content.nodes),
        /// The floating windows, bottom to top.
        floating => at!(content.floating),
        /// The order in which the children had the focus, the latest first, as
        /// positions: 0 is the first of `nodes`; `floating` counts on after them.
        focus_order => ignored::<_, Option<Vec<usize>>>(),
    }

    fn finish(mut self, at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        self.content.focus = node_form::read_focus(at, reading);
        Some(self)
    }

    fn complete(&self, map: &mut Map<String, Value>) {
        node_form::write_focus::<Self>(&self.content.focus, map);
    }
}

/// The gaps that a screen has room for, in pixels.
const GAPS: Range = Range::from(-10_000).to(10_000).unit(" pixels");

/// The [`Access`] to the gap at one edge, which is not written if all four are the same.
macro_rules! edge {
    ($edge:ident) => {
        Access {
            get: |gaps| Some(Cow::Owned(gaps.$edge.filter(|_| gaps.outer().is_none()))),
            set: |gaps, edge: Option<i32>| {
                gaps.$edge = edge.or(gaps.$edge);
                Ok(())
            },
        }
    };
}

object! {
    /// The gaps of a workspace, in pixels. What is left out is as the i3 config has it.
    Gaps {
        /// Between windows.
        inner.range(Range::from(0).to(10_000).unit(" pixels")),
        /// At all four edges, in addition to `inner`.
        outer.range(GAPS) => Access {
            get: |gaps| Some(Cow::Owned(gaps.outer())),
            set: |gaps, outer| {
                let Self { inner, .. } = *gaps;
                *gaps = Self { inner, top: outer, right: outer, bottom: outer, left: outer };
                Ok(())
            },
        },
        /// At the upper edge; counts more than `outer`.
        top.range(GAPS) => edge!(top),
        /// At the right edge.
        right.range(GAPS) => edge!(right),
        /// At the lower edge.
        bottom.range(GAPS) => edge!(bottom),
        /// At the left edge.
        left.range(GAPS) => edge!(left),
    }

    fn examples() -> Value {
        json!([{ "inner": 10, "outer": 5 }])
    }
}

impl Gaps {
    /// The gap that all four edges share.
    fn outer(&self) -> Option<i32> {
        let others = [self.right, self.bottom, self.left];
        self.top.filter(|_| others == [self.top; 3])
    }
}

choices! {
    /// How the children of a workspace or container are laid out.
    ContainerLayout = SplitH {
        /// Side by side.
        SplitH,
        /// One above the other.
        SplitV,
        /// One visible, with a list of titles above it.
        Stacked,
        /// One visible, with tabs above it.
        Tabbed,
    }
}

choices! {
    /// Where a captured command came from.
    CommandSource {
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
}

object! {
    /// How i3 knows the window. All that are given must match; each is a regular
    /// expression (PCRE) that is searched in the property, so anchor it with `^` and `$`.
    Swallow {
        /// The class, the second word of `xprop WM_CLASS`.
        class,
        /// The instance, the first word of `xprop WM_CLASS`.
        instance,
        /// The title.
        title,
        /// The role, `xprop WM_WINDOW_ROLE`.
        window_role,
        /// The machine, `xprop WM_CLIENT_MACHINE`.
        machine,
    }

    fn examples() -> Value {
        json!([{ "class": "^Code$", "instance": "^code$" }])
    }
}

object! {
    /// What capture saw of a window; nothing here needs to be edited.
    Seen {
        /// The window's title.
        title,
        /// The command line of its process, where `command` came from elsewhere.
        process,
        /// Where `command` came from.
        source,
    }
}

impl Form for Command {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        match &at.value.kind {
            Kind::Text(line) => Some(Self::Line(line.clone())),
            _ => decode::list(at, TEXT_OR_LIST, reading).map(Self::Args),
        }
    }

    fn encode(&self) -> Value {
        match self {
            Self::Line(line) => line.encode(),
            Self::Args(args) => args.encode(),
        }
    }

    fn schema(schemas: &mut Schemas) -> Map<String, Value> {
        OneOrMany::schema(schemas)
    }
}

/// Strings of which a single one is written without a list.
#[derive(Clone)]
struct OneOrMany(Vec<String>);

impl Form for OneOrMany {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        match &at.value.kind {
            Kind::Text(text) => Some(Self(vec![text.clone()])),
            _ => decode::list(at, TEXT_OR_LIST, reading).map(Self),
        }
    }

    fn encode(&self) -> Value {
        match self.0.as_slice() {
            [one] => one.encode(),
            _ => self.0.encode(),
        }
    }

    fn is_default(&self) -> bool {
        self.0.is_empty()
    }

    fn schema(_: &mut Schemas) -> Map<String, Value> {
        let items = json!({ "type": "string" });
        map([("type", json!(["string", "array"])), ("items", items)])
    }
}

impl Form for Border {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        let text = decode::text(at, reading)?;
        let border = border(text);
        if border.is_none() {
            reading.find(at, Fault::Border(text.to_owned()));
        }
        border
    }

    fn encode(&self) -> Value {
        json!(self.to_string())
    }

    fn schema(_: &mut Schemas) -> Map<String, Value> {
        let pattern = json!("^(none|(pixel|normal) [0-9]+)$");
        map([("type", json!("string")), ("pattern", pattern)])
    }
}

fn border(text: &str) -> Option<Border> {
    if text == "none" {
        return Some(Border::None);
    }
    let (style, width) = text.split_once(' ')?;
    if !width.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // i3 reads the width into a signed number.
    let width = width.parse().ok().filter(|width| *width <= 65_535)?;
    match style {
        "pixel" => Some(Border::Pixel(width)),
        "normal" => Some(Border::Normal(width)),
        _ => None,
    }
}

impl Form for Fullscreen {
    fn decode(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        match &at.value.kind {
            Kind::Bool(true) => Some(Self::Output),
            Kind::Bool(false) => Some(Self::None),
            Kind::Text(text) if text == "output" => Some(Self::Output),
            Kind::Text(text) if text == "global" => Some(Self::Global),
            _ => {
                let words = ["true", "false", "output", "global"];
                reading.unknown_value(at, words.map(str::to_owned).to_vec());
                None
            }
        }
    }

    fn encode(&self) -> Value {
        match self {
            Self::None => json!(false),
            Self::Output => json!(true),
            Self::Global => json!("global"),
        }
    }

    fn is_default(&self) -> bool {
        *self == Self::None
    }

    fn schema(_: &mut Schemas) -> Map<String, Value> {
        map([("enum", json!([true, false, "output", "global"]))])
    }
}
