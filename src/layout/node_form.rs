//! The written form of windows and containers. Both are maps; a container has `nodes`.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::focus::{self, Written};
use super::icon_form::Icon;
use super::model::{Base, Container, Floating, Node, Percent, Window};
use super::window_form::{HasWindow, properties_of_window};
use super::{names, validate};
use crate::document::form::{ignored, keys};
use crate::document::{
    Access, Cursor, Fault, Fields, Finding, Form as _, Object, Path, Range, Reading, Spanned,
    encode, spanned,
};
use crate::tree::Kind;

impl Object for Node {
    const NAME: &'static str = "Node";
    const DOC: &'static str = "A window, or a container (with `nodes`).";

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
        if let Some(base) = self.window_mut().and_then(|window| window.base.as_mut()) {
            base.without = without_value(at);
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

    fn examples() -> Value {
        json!([{ "command": "xterm" }])
    }

    fn complete(&self, map: &mut Map<String, Value>) {
        if let Kind::Container(container) = &self.kind {
            write_focus::<Self>(&container.focus, map);
        }
    }
}

impl Object for Floating {
    const NAME: &'static str = "Floating";
    const DOC: &'static str = "A floating window, or a floating container (with `nodes`).";

    fn fields(fields: &mut impl Fields<Self>) {
        start_of_node(fields);
        keys! { fields;
            /// The position of a floating window, including borders, in pixels from the
            /// upper left corner of its output: `WIDTHxHEIGHT+X+Y`. Default: i3 centers the
            /// window, and the program chooses the size.
            rect.examples(|| json!(["800x600+560+240"])),
            /// True for a scratchpad window that is currently shown.
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

    fn examples() -> Value {
        Node::examples()
    }

    fn complete(&self, map: &mut Map<String, Value>) {
        self.node.complete(map);
    }
}

/// The keys of a map that are `null` or `false`.
fn without_value(at: &Cursor<'_>) -> Vec<String> {
    let spanned::Kind::Map(entries) = &at.value.kind else {
        return Vec::new();
    };
    let empty = entries.iter().filter(|entry| {
        matches!(
            entry.value.kind,
            spanned::Kind::Null | spanned::Kind::Bool(false)
        )
    });
    empty.map(|entry| entry.key.clone()).collect()
}

/// Reads the focus order of the children of a container or workspace from `focus_order`, or
/// else from `focused`.
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
                    reading.add(finding.with_other(first.clone()));
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
        let positions: Vec<String> = (0..count).map(|position| position.to_string()).collect();
        let expected = format!("[{}]", positions.join(", "));
        reading.find(&order, Fault::FocusOrder { expected });
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

/// A node, or a type that contains one.
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

impl<N: HasNode> HasWindow for N {
    fn window(&self) -> Option<&Window> {
        self.node().as_leaf()
    }

    fn window_mut(&mut self) -> Option<&mut Window> {
        match &mut self.node_mut().kind {
            Kind::Leaf(window) => Some(window),
            Kind::Container(_) => None,
        }
    }
}

/// The [`Access`] to a field that only one kind of nodes has.
macro_rules! in_kind {
    ($kind:ident, $field:ident) => {
        Access {
            get: |node| match &node.node().kind {
                Kind::$kind(part) => Some(Cow::Borrowed(&part.$field)),
                _ => None,
            },
            set: |node, value| {
                if let Kind::$kind(part) = &mut node.node_mut().kind {
                    part.$field = value;
                }
                Ok(())
            },
        }
    };
}

/// The [`Access`] to a field that windows and containers have.
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

/// Visits the keys of a node up to `percent`.
fn start_of_node<N: HasNode>(fields: &mut impl Fields<N>) {
    keys! { fields;
        /// The name of the slot, unique in the file, for `--only` and reports.
        id.pattern(names::SLOT_ID_PATTERN).examples(|| json!(["editor"])) => in_kind!(Leaf, id),
        /// The template of the slot, from `templates` or an included file. It gives the keys that
        /// are not set here.
        template.examples(|| json!(["mail"])) => Access {
            get: |node: &N| {
                let base = node.window()?.base.as_ref();
                Some(Cow::Owned(base.map(|base| base.name.clone())))
            },
            set: |node, name: Option<String>| {
                if let Some(window) = node.window_mut() {
                    window.base = name.map(Base::named);
                }
                Ok(())
            },
        },
    }
    properties_of_window(fields);
    keys! { fields;
        /// The arrangement of the container's children. Default: `splith`.
        layout.nullable() => in_kind!(Container, layout),
        /// The share of the parent in percent. Default: an even share of the rest.
        percent.range(validate::PERCENT).examples(|| json!([60])) => in_node!(share.0),
    }
}

/// Visits the keys of a node after `percent` and those of floating nodes.
fn rest_of_node<N: HasNode>(fields: &mut impl Fields<N>) {
    keys! { fields;
        /// i3 marks. Each mark must be unique.
        marks => in_node!(attributes.marks),
        /// The border, if it differs from the default in the i3 config: `none`, `pixel 2` or
        /// `normal 2`. The number is the width in pixels.
        border.examples(|| json!(["none", "pixel 2", "normal 2"])) => in_node!(attributes.border),
        /// The format of the title bar, as for i3's command `title_format`.
        title_format.examples(|| json!(["<b>%title</b>"])) => in_node!(attributes.title_format),
        /// True if i3 shows the window's icon in the title bar (since i3 4.20). A number is
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
        /// Fullscreen on one output (`true` or `output`) or on all outputs (`global`).
        fullscreen.nullable() => in_node!(attributes.fullscreen),
        /// True if the window stays visible when the workspace changes.
        sticky => in_node!(attributes.sticky),
        /// True for the most recently focused child of the parent.
        focused => ignored::<_, bool>(),
        /// Properties at the time of the capture. They help to recognize the window.
        seen.nullable() => in_kind!(Leaf, seen),
        /// The focus order of the children, most recently focused first, as positions in
        /// `nodes`, starting at 0.
        focus_order => Access {
            get: |node: &N| node.node().as_container().map(|_| Cow::Owned(None)),
            set: |_, _: Option<Vec<usize>>| Ok(()),
        },
        /// The children of the container, left to right or top to bottom.
        nodes.nullable().always_written() => in_kind!(Container, nodes),
    }
}
