//! How windows and containers are written: both as one kind of map, which is a container
//! if it has `nodes`.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::focus::{self, Written};
use super::icon_form::Icon;
use super::model::{Container, Floating, Node, Percent, Seen, Swallow};
use super::{names, validate};
use crate::document::form::{ignored, keys};
use crate::document::{
    Access, Cursor, Fault, Fields, Finding, Form as _, Object, Path, Range, Reading, Spanned,
    encode, spanned,
};
use crate::tree::Kind;

impl Object for Node {
    const NAME: &'static str = "Node";
    const DOC: &'static str = "A window, or a container of several (it has `nodes` then).";

    fn fields(fields: &mut impl Fields<Self>) {
        start_of_node(fields);
        rest_of_node(fields);
    }

    fn start(map: &Spanned) -> Self {
        let is_container = map.get("nodes").is_some_and(|nodes| !nodes.is_null());
        if is_container {
            Self::container(Percent::default(), Container::default())
        } else {
            Self::default()
        }
    }

    fn finish(mut self, at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        if let Kind::Container(container) = &mut self.kind {
            container.focus = read_focus(at, reading);
        }
        Some(self)
    }

    fn misplaced(&self, key: &'static str) -> Fault {
        match self.kind {
            Kind::Container(_) => Fault::WindowKeyInContainer(key),
            Kind::Leaf(_) => Fault::ContainerKeyInWindow(key),
        }
    }

    fn unknown(key: &str) -> Option<Fault> {
        if ["rect", "scratchpad"].contains(&key) {
            return Some(Fault::FloatingKey(key.to_owned()));
        }
        let hint = match key {
            "class" | "instance" | "title" | "window_role" | "machine" => {
                format!("write `swallow: {{ {key}: ... }}`")
            }
            "floating" => {
                "move the window to the `floating` list of the workspace, beside `nodes`".to_owned()
            }
            _ => return None,
        };
        let key = key.to_owned();
        Some(Fault::MisplacedKey { key, hint })
    }

    fn complete(&self, map: &mut Map<String, Value>) {
        if let Kind::Container(container) = &self.kind {
            write_focus::<Self>(&container.focus, map);
        }
    }
}

impl Object for Floating {
    const NAME: &'static str = "Floating";
    const DOC: &'static str =
        "A floating window, or a floating container of several (it has `nodes` then).";

    fn fields(fields: &mut impl Fields<Self>) {
        start_of_node(fields);
        keys! { fields;
            /// The place of a floating window, borders included, in pixels from the upper
            /// left corner of its output: `WIDTHxHEIGHT+X+Y`. Without it, i3 centers the
            /// window at the size that its program wants.
            rect.examples(|| json!(["800x600+560+240"])),
            /// Whether a floating window belongs to the scratchpad and is being shown.
            scratchpad,
        }
        rest_of_node(fields);
    }

    fn start(map: &Spanned) -> Self {
        Self {
            node: Node::start(map),
            ..Self::default()
        }
    }

    fn finish(self, at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        let node = self.node.finish(at, reading)?;
        Some(Self { node, ..self })
    }

    fn misplaced(&self, key: &'static str) -> Fault {
        self.node.misplaced(key)
    }

    fn unknown(key: &str) -> Option<Fault> {
        Node::unknown(key).filter(|_| key != "floating")
    }

    fn complete(&self, map: &mut Map<String, Value>) {
        self.node.complete(map);
    }
}

/// Reads the focus order of the children of a container or workspace: `focus_order`, or
/// what `focused` says.
pub(super) fn read_focus(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Vec<usize> {
    let mut focused = Vec::new();
    let mut holds = Vec::new();
    let mut first: Option<Path> = None;
    for list in LISTS.iter().filter_map(|list| at.get(list)) {
        for (position, child) in list.value.items().iter().enumerate() {
            focused.push(is_focused(child));
            holds.push(holds_focused(child));
            if is_focused(child) {
                let path = list.index(position, child).path().key(FOCUSED);
                if let Some(first) = &first {
                    let finding = Finding::key(path, Fault::TwoFocused);
                    reading.findings.push(finding.with_other(first.clone()));
                } else {
                    first = Some(path);
                }
            }
        }
    }
    let count = focused.len();
    let order = at
        .get(FOCUS_ORDER)
        .filter(|order| !reading.is_broken(order));
    if let Some(order) = order
        && !order.value.is_null()
    {
        let positions = Vec::decode(&order, reading).unwrap_or_default();
        let mut sorted = positions.clone();
        sorted.sort_unstable();
        if sorted.into_iter().eq(0..count) {
            return positions;
        }
        let expected = match count {
            0 => "[]".to_owned(),
            1 => "[0]".to_owned(),
            _ => format!("numbers from 0 to {}", count - 1),
        };
        let children = count;
        reading.find(&order, Fault::FocusOrder { children, expected });
    }
    focus::default_order(&focused, &holds)
}

/// Writes the focus order of the children into the map of a container or workspace.
pub(super) fn write_focus<M: Object>(order: &[usize], map: &mut Map<String, Value>) {
    let lists = LISTS.iter().filter_map(|list| map.get(*list));
    let children = lists.filter_map(Value::as_array).flatten();
    let holds: Vec<bool> = children.map(is_written_above_focused).collect();
    match focus::shortest(order, &holds) {
        Written::Nothing => {}
        Written::Order(order) => encode::set::<M>(map, FOCUS_ORDER, json!(order)),
        Written::Focused(child) => {
            let lists = map
                .iter_mut()
                .filter(|(key, _)| LISTS.contains(&key.as_str()));
            let mut children = lists.filter_map(|(_, list)| list.as_array_mut()).flatten();
            if let Some(Value::Object(child)) = children.nth(child) {
                encode::set::<Floating>(child, FOCUSED, json!(true));
            }
        }
    }
}

/// The keys of the lists of children, in the order in which their positions count.
const LISTS: [&str; 2] = ["nodes", "floating"];

const FOCUSED: &str = "focused";
const FOCUS_ORDER: &str = "focus_order";

fn is_focused(node: &Spanned) -> bool {
    let focused = node.get(FOCUSED).map(|focused| &focused.kind);
    matches!(focused, Some(spanned::Kind::Bool(true)))
}

/// True if something below the node is focused.
fn holds_focused(node: &Spanned) -> bool {
    let mut nodes = node.get("nodes").map_or(&[][..], Spanned::items).iter();
    nodes.any(|node| is_focused(node) || holds_focused(node))
}

/// True if something below a written node is focused.
fn is_written_above_focused(node: &Value) -> bool {
    let mut nodes = node["nodes"].as_array().into_iter().flatten();
    nodes.any(|node| !node[FOCUSED].is_null() || is_written_above_focused(node))
}

/// A node, or something around one.
trait HasNode: Object {
    fn node(&self) -> &Node;
    fn node_mut(&mut self) -> &mut Node;
}

impl HasNode for Node {
    fn node(&self) -> &Node {
        self
    }

    fn node_mut(&mut self) -> &mut Node {
        self
    }
}

impl HasNode for Floating {
    fn node(&self) -> &Node {
        &self.node
    }

    fn node_mut(&mut self) -> &mut Node {
        &mut self.node
    }
}

/// The [`Access`] to a field of a window; there is none in a container.
macro_rules! in_window {
    ($field:ident) => {
        Access {
            get: |node| {
                let window = node.node().as_leaf();
                window.map(|window| Cow::Borrowed(&window.$field))
            },
            set: |node, value| {
                if let Kind::Leaf(window) = &mut node.node_mut().kind {
                    window.$field = value;
                }
                Ok(())
            },
        }
    };
}

/// The [`Access`] to a field of a container; there is none in a window.
macro_rules! in_container {
    ($field:ident) => {
        Access {
            get: |node| {
                let container = node.node().as_container();
                container.map(|container| Cow::Borrowed(&container.$field))
            },
            set: |node, value| {
                if let Kind::Container(container) = &mut node.node_mut().kind {
                    container.$field = value;
                }
                Ok(())
            },
        }
    };
}

/// The [`Access`] to what windows and containers have in common.
macro_rules! in_node {
    ($($field:tt).+) => {
        Access {
            get: |node| Some(Cow::Borrowed(&node.node().$($field).+)),
            set: |node, value| {
                node.node_mut().$($field).+ = value;
                Ok(())
            },
        }
    };
}

/// Visits the keys of a node up to the share of its parent.
fn start_of_node<N: HasNode>(fields: &mut impl Fields<N>) {
    keys! { fields;
        /// A name for this window's place, unique in the file; for `--only` and reports.
        id.pattern(names::SLOT_ID_PATTERN).examples(|| json!(["editor"])) => in_window!(id),
        /// How i3 knows the window.
        swallow.examples(|| json!([{ "class": "^XTerm$" }])) => Access {
            get: |node: &N| {
                let swallow = &node.node().as_leaf()?.swallow;
                Some(Cow::Owned((!swallow.is_empty()).then(|| swallow.clone())))
            },
            set: |node, swallow: Option<Swallow>| {
                if swallow.as_ref().is_some_and(Swallow::is_empty) {
                    return Err(Fault::EmptySwallow);
                }
                if let Kind::Leaf(window) = &mut node.node_mut().kind {
                    window.swallow = swallow.unwrap_or_default();
                }
                Ok(())
            },
        },
        /// What starts the program: a text that is split by the shell's quoting rules (no
        /// shell runs it), or a list of arguments. `${name}` and `${env:NAME}` are
        /// replaced. Left out or `null`: another window's program opens this one.
        command.examples(|| json!(["xterm -e htop", ["code", "--new-window", "${root}"]]))
            => in_window!(command),
        /// The directory to start in; `~/`, `${name}` and `${env:NAME}` are replaced.
        cwd.examples(|| json!(["~/src/project", "${root}"])) => in_window!(cwd),
        /// Environment variables to add; `${name}` and `${env:NAME}` are replaced.
        env.examples(|| json!([{ "LANG": "C" }])) => in_window!(env),
        /// How long to wait for the window, in seconds.
        timeout.range(validate::TIMEOUT).examples(|| json!([30])) => in_window!(timeout),
        /// Whether the layout is complete without this window.
        optional => in_window!(optional),
        /// How the children of this container are laid out; `splith` by default.
        layout.nullable() => in_container!(layout),
        /// The share of the parent in percent. Without it, what is left is shared evenly.
        percent.range(validate::PERCENT).examples(|| json!([60])) => in_node!(share.0),
    }
}

/// Visits the keys of a node after those that only floating ones have.
fn rest_of_node<N: HasNode>(fields: &mut impl Fields<N>) {
    keys! { fields;
        /// i3 marks; no two containers share one.
        marks => in_node!(attributes.marks),
        /// The border, where it is not the default of the i3 config: `none`, `pixel 2` or
        /// `normal 2`; the number is the width in pixels.
        border.examples(|| json!(["none", "pixel 2", "normal 2"])) => in_node!(attributes.border),
        /// The title that i3 draws, in i3's notation.
        title_format.examples(|| json!(["<b>%title</b>"])) => in_node!(attributes.title_format),
        /// Whether i3 draws the window's icon in its title bar (since i3 4.20); a number is
        /// the padding on both sides, in pixels.
        title_window_icon
            .nullable()
            .range(Range::from(0).to(1000).unit(" pixels"))
            .examples(|| json!([true, 3])) => Access {
            get: |node: &N| Some(Cow::Owned(Icon(node.node().attributes.title_window_icon))),
            set: |node, Icon(padding)| {
                node.node_mut().attributes.title_window_icon = padding;
                Ok(())
            },
        },
        /// Whether it covers its output (`true` or `output`) or all outputs (`global`).
        fullscreen.nullable() => in_node!(attributes.fullscreen),
        /// Whether it stays visible when the workspace changes.
        sticky => in_node!(attributes.sticky),
        /// Whether it has the focus inside its parent.
        focused => ignored::<_, bool>(),
        /// What capture saw; to know the window by later, not needed.
        seen => Access {
            get: |node: &N| {
                let seen = &node.node().as_leaf()?.seen;
                Some(Cow::Owned((!seen.is_empty()).then(|| seen.clone())))
            },
            set: |node, seen: Option<Seen>| {
                if let Kind::Leaf(window) = &mut node.node_mut().kind {
                    window.seen = seen.unwrap_or_default();
                }
                Ok(())
            },
        },
        /// The order in which the children had the focus, the latest first, as positions
        /// in `nodes`, from 0.
        focus_order => Access {
            get: |node: &N| node.node().as_container().map(|_| Cow::Owned(None)),
            set: |_, _: Option<Vec<usize>>| Ok(()),
        },
        /// The children of this container, left to right or top to bottom.
        nodes.nullable().always_written() => in_container!(nodes),
    }
}
