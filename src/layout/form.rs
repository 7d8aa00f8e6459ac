//! The written form of the values of a layout file, for the reader, the writer and the
//! schema. See [`crate::document::form`].

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::model::{
    Border, Command, ContainerLayout, Fullscreen, Gaps, Included, Layout, Monitor, Seen, Swallow,
    Workspace,
};
use super::{implied, node_form};
use crate::document::choice::choices;
use crate::document::definitions::{Schemas, map};
use crate::document::form::{at, ignored, object};
use crate::document::reading::TEXT_OR_LIST;
use crate::document::spanned::Kind;
use crate::document::{Access, Cursor, Fault, Form, Range, Reading, Version, decode};

object! {
    /// A saved i3 desktop: its windows, their places and the commands that open them.
    Layout {
        /// The path or URL of the JSON Schema of this file. Only editors use it.
        schema.named("$schema") => ignored::<_, Option<String>>(),
        /// The version of the file format, always 1.
        version.required() => ignored::<_, Version<1>>(),
        /// The name of the layout. Default: the name of the file.
        name.examples(|| json!(["daily-dev"])),
        /// The project of the layout. Default: the folder of the file.
        project.examples(|| json!(["nixos"])),
        /// Variables for `${name}` in `command`, `cwd`, `env`, `hooks` and names of workspaces. Values
        /// can contain `${env:NAME}`, and `~/` at the start of a value is the home directory. A
        /// variable that is `null` must be set on the command line: `apply NAME root=~/src`.
        vars.examples(|| json!([{ "root": "~/src/project", "branch": null }])) => Access {
            get: |layout| {
                let Included { vars, required_vars, .. } = &layout.included;
                let own = layout.vars.iter().filter(|(name, _)| !vars.contains_key(*name));
                let own = own.map(|(name, value)| (name.clone(), Some(value.clone())));
                let required = layout.required_vars.difference(required_vars);
                let required = required.map(|name| (name.clone(), None));
                Some(Cow::Owned(required.chain(own).collect()))
            },
            set: |layout, vars: BTreeMap<String, Option<String>>| {
                for (name, value) in vars {
                    match value {
                        Some(value) => drop(layout.vars.insert(name, value)),
                        None => drop(layout.required_vars.insert(name)),
                    }
                }
                Ok(())
            },
        },
        /// A file, or a list of files, whose `vars` and `templates` the layout takes over. Paths are
        /// relative to the directory of the layout; `~/` is the home directory.
        include.examples(|| json!(["templates.yaml", ["~/layouts/mail.yaml"]])) => Access {
            get: |layout| Some(Cow::Owned(OneOrMany(layout.include.clone()))),
            set: |layout, OneOrMany(include)| {
                layout.include = include;
                Ok(())
            },
        },
        /// Templates of slots, by name. A slot with `template: NAME` takes over what it does not set
        /// itself.
        templates,
        /// Commands that run before or after `apply` and `capture`.
        hooks,
        /// The monitors at the time of the capture. On other monitors, the layout is
        /// adapted.
        monitors,
        /// The places of workspaces on certain sets of monitors, instead of their `output`.
        profiles,
        /// The workspaces. `capture` writes them in the order of their monitors, and on each
        /// monitor in i3's order.
        workspaces,
        /// The hidden windows of the scratchpad, most recently hidden first. Their `rect`
        /// is relative to the primary monitor.
        scratchpad,
        /// The name of the focused workspace, which is visible.
        focus.examples(|| json!(["1:code"])),
    }

    fn finish(mut self, _at: &Cursor<'_>, _reading: &mut Reading<'_>) -> Option<Self> {
        implied::add(&mut self);
        Some(self)
    }

    fn complete(&self, map: &mut Map<String, Value>) {
        implied::remove(self, map);
    }
}

object! {
    /// A monitor at the time of the capture.
    Monitor {
        /// The name of the output, as shown by `xrandr`.
        output.required().examples(|| json!(["eDP-1"])),
        /// The position on the X screen in pixels: `WIDTHxHEIGHT+X+Y`.
        rect.required().examples(|| json!(["1920x1080+0+0"])),
        /// True for the primary monitor.
        primary,
        /// The three letters of the manufacturer. With `model` and `serial`, the monitor is
        /// recognized at any output.
        make.examples(|| json!(["DEL"])) => at!(edid.make),
        /// The name of the model.
        model.examples(|| json!(["DELL U2719D"])) => at!(edid.model),
        /// The serial number.
        serial.examples(|| json!(["7Q3RV2C3"])) => at!(edid.serial),
        /// The size of the picture in millimetres: `WIDTHxHEIGHT`.
        size_mm.examples(|| json!(["597x336"])) => at!(edid.size_mm),
    }

    fn examples() -> Value {
        json!([{ "output": "eDP-1", "rect": "1920x1080+0+0" }])
    }
}

object! {
    /// A workspace with its windows.
    Workspace {
        /// The full name. i3 takes the workspace number from its start. Quote a name that
        /// is a number.
        name.required().examples(|| json!(["1:code", "2"])),
        /// The output, or a list of outputs in order of preference. `primary` means the
        /// primary monitor, and `nonprimary` the first other one, from left to right. Default:
        /// the only one of `monitors`; otherwise, i3 chooses the output.
        output.nullable().examples(|| json!(["DP-1", ["DP-1", "HDMI-1", "primary"]]))
            => Access {
                get: |workspace| Some(Cow::Owned(OneOrMany(workspace.output.clone()))),
                set: |workspace, OneOrMany(output)| {
                    workspace.output = output;
                    Ok(())
                },
            },
        /// The arrangement of the workspace's children. Default: `splith`.
        layout.nullable() => at!(content.layout),
        /// The gaps, if they differ from the i3 config (since i3 4.22).
        gaps.nullable(),
        /// True if the output shows this workspace. Default: true for the workspace of `focus`.
        visible,
        /// The tiling windows and containers, left to right or top to bottom.
        nodes => at!(content.nodes),
        /// The floating windows and containers, bottom to top.
        floating => at!(content.floating),
        /// The focus order of the children, most recently focused first, as positions: 0
        /// is the first of `nodes`, and those in `floating` follow.
        focus_order => ignored::<_, Option<Vec<usize>>>(),
    }

    fn finish(mut self, at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        self.content.focus = node_form::read_focus(at, reading);
        Some(self)
    }

    fn complete(&self, map: &mut Map<String, Value>) {
        node_form::write_focus::<Self>(&self.content.focus, map);
    }

    fn examples() -> Value {
        json!([{ "name": "1:code", "nodes": [{ "command": "xterm" }] }])
    }
}

/// Valid gaps in pixels.
const GAPS: Range = Range::from(-10_000).to(10_000).unit(" pixels");

/// The [`Access`] to the gap at one edge. It is not written if all four gaps are equal.
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
    /// The gaps of a workspace, in pixels. Defaults come from the i3 config.
    Gaps {
        /// The gap between windows.
        inner.range(Range::from(0).to(10_000).unit(" pixels")),
        /// The gap at all four edges, in addition to `inner`.
        outer.range(GAPS) => Access {
            get: |gaps| Some(Cow::Owned(gaps.outer())),
            set: |gaps, outer| {
                let Self { inner, .. } = *gaps;
                *gaps = Self { inner, top: outer, right: outer, bottom: outer, left: outer };
                Ok(())
            },
        },
        /// The gap at the upper edge. Takes precedence over `outer`.
        top.range(GAPS) => edge!(top),
        /// The gap at the right edge. Takes precedence over `outer`.
        right.range(GAPS) => edge!(right),
        /// The gap at the lower edge. Takes precedence over `outer`.
        bottom.range(GAPS) => edge!(bottom),
        /// The gap at the left edge. Takes precedence over `outer`.
        left.range(GAPS) => edge!(left),
    }

    fn is_omitted(&self) -> bool {
        self.is_empty()
    }

    fn examples() -> Value {
        json!([{ "inner": 10, "outer": 5 }])
    }
}

impl Gaps {
    /// The gap at all four edges, if they are equal.
    fn outer(&self) -> Option<i32> {
        let others = [self.right, self.bottom, self.left];
        self.top.filter(|_| others == [self.top; 3])
    }
}

choices! {
    /// The arrangement of the children of a workspace or container.
    ContainerLayout = SplitH {
        /// Side by side.
        SplitH,
        /// One above the other.
        SplitV,
        /// One child is visible, below a list of titles.
        Stacked,
        /// One child is visible, below a row of tabs.
        Tabbed,
    }
}

object! {
    /// The criteria that i3 uses to recognize the window. All of them must match. Each is a
    /// regular expression (PCRE). It can match any part of the property, so anchor it with
    /// `^` and `$`.
    Swallow {
        /// The window class: the second string in the output of `xprop WM_CLASS`.
        class,
        /// The window instance: the first string in the output of `xprop WM_CLASS`.
        instance,
        /// The window title.
        title,
        /// The window role, shown by `xprop WM_WINDOW_ROLE`.
        window_role,
        /// The host that the program runs on, shown by `xprop WM_CLIENT_MACHINE`.
        machine,
    }

    fn examples() -> Value {
        json!([{ "class": "^Code$", "instance": "^code$" }])
    }
}

object! {
    /// Properties of the window at the time of the capture. There is no need to edit them.
    Seen {
        /// The window title.
        title,
        /// The command line of the process, if `command` has another source.
        process,
        /// The window calls itself a dialog although its program has no other window.
        dialog,
    }

    fn is_omitted(&self) -> bool {
        self.is_empty()
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

/// A list of strings. A single string is written without the list.
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
