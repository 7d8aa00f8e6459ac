//! Builds desktops for tests.
//!
//! `desktop([output("eDP-1", rect).workspaces([workspace("1", [win("a"), tabbed([win("b"),
//! win("c").focused()])])])])` returns a [`Desktop`] with the ids, focus lists and rects that i3
//! would report. The rects are computed as in i3's src/render.c, with title bars of [`TITLE_BAR`]
//! pixels and no gaps.
//!
//! Ids count up in tree order from 1 (the root). A window's X id is [`FIRST_XID`] plus the
//! container's id.

use std::collections::BTreeMap;

use super::{
    Con, ConId, ConKind, Defaults, Desktop, OWN_MARK_PREFIX, Output, Pid, Process, Properties,
    ScratchpadState, Version, WindowFacts, WindowType, XId,
};
use crate::geometry::Rect;
use crate::tree::{Attributes, Border, ContainerLayout, Fullscreen};

/// The height of a title bar, in pixels.
pub const TITLE_BAR: u32 = 20;

/// X ids start after this number.
pub const FIRST_XID: u32 = 0x0020_0000;

/// A builder for a container below an output.
#[derive(Clone, Debug)]
pub struct Tree {
    con: Con,
    facts: Option<WindowFacts>,
    nodes: Vec<Tree>,
    floating: Vec<Tree>,
    focus: Vec<usize>,
    focused: bool,
    visible: bool,
}

/// A builder for an output with its workspaces.
#[derive(Clone, Debug)]
pub struct OutputTree {
    output: Output,
    workspaces: Vec<Tree>,
    docks: Vec<Tree>,
}

fn tree(kind: ConKind, layout: ContainerLayout, nodes: impl IntoIterator<Item = Tree>) -> Tree {
    Tree {
        con: Con {
            id: ConId(0),
            kind,
            layout,
            percent: None,
            rect: Rect::default(),
            deco_rect: Rect::default(),
            name: None,
            attributes: Attributes {
                border: Some(Border::Normal(2)),
                ..Attributes::default()
            },
            focused: false,
            focus: Vec::new(),
            floating: false,
            scratchpad: ScratchpadState::None,
            gaps: (kind == ConKind::Workspace).then(super::GapSizes::default),
            window: None,
            properties: None,
            swallows: false,
            nodes: Vec::new(),
            floating_nodes: Vec::new(),
        },
        facts: None,
        nodes: nodes.into_iter().collect(),
        floating: Vec::new(),
        focus: Vec::new(),
        focused: false,
        visible: false,
    }
}

/// A window with `name` as instance, title and command line, and the capitalized `name` as class.
pub fn win(name: &str) -> Tree {
    let mut window = tree(ConKind::Con, ContainerLayout::SplitH, []);
    let mut class = name.to_owned();
    if let Some(first) = class.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    // Any X id: it only shows that there is a window. The final id depends on the container's.
    window.con.window = Some(XId(0));
    window.con.name = Some(name.to_owned());
    window.con.properties = Some(Properties {
        class: Some(class),
        instance: Some(name.to_owned()),
        title: Some(name.to_owned()),
        machine: Some("host".to_owned()),
        ..Properties::default()
    });
    window.facts = Some(WindowFacts {
        process: Some(Process {
            argv: vec![name.to_owned()],
            ..Process::default()
        }),
        ..WindowFacts::default()
    });
    window
}

/// A placeholder of this program with the mark `_i3pm:NAME`, on a workspace that is not shown: it
/// has no window.
pub fn placeholder(name: &str) -> Tree {
    let mut placeholder = tree(ConKind::Con, ContainerLayout::SplitH, []);
    placeholder.con.swallows = true;
    placeholder.mark(&format!("{OWN_MARK_PREFIX}{name}"))
}

/// Children side by side.
pub fn splith(nodes: impl IntoIterator<Item = Tree>) -> Tree {
    tree(ConKind::Con, ContainerLayout::SplitH, nodes)
}

/// Children one above the other.
pub fn splitv(nodes: impl IntoIterator<Item = Tree>) -> Tree {
    tree(ConKind::Con, ContainerLayout::SplitV, nodes)
}

/// Children behind tabs.
pub fn tabbed(nodes: impl IntoIterator<Item = Tree>) -> Tree {
    tree(ConKind::Con, ContainerLayout::Tabbed, nodes)
}

/// Children in a stack.
pub fn stacked(nodes: impl IntoIterator<Item = Tree>) -> Tree {
    tree(ConKind::Con, ContainerLayout::Stacked, nodes)
}

/// A workspace; its layout is `splith` unless [`Tree::layout`] sets another one.
pub fn workspace(name: &str, nodes: impl IntoIterator<Item = Tree>) -> Tree {
    let mut workspace = tree(ConKind::Workspace, ContainerLayout::SplitH, nodes);
    workspace.con.name = Some(name.to_owned());
    workspace
}

/// A floating window or container in its frame; `rect` is the frame's position on the X screen.
pub fn float(content: Tree, rect: Rect) -> Tree {
    let mut content = content;
    content.con.floating = true;
    let mut frame = tree(ConKind::FloatingCon, ContainerLayout::SplitH, [content]);
    frame.con.rect = rect;
    frame
}

/// An output without workspaces.
pub fn output(name: &str, rect: Rect) -> OutputTree {
    OutputTree {
        output: Output {
            name: name.to_owned(),
            rect,
            primary: false,
            edid: super::Edid::default(),
        },
        workspaces: Vec::new(),
        docks: Vec::new(),
    }
}

/// A desktop with these outputs. The first is primary unless another one is marked as primary.
pub fn desktop(outputs: impl IntoIterator<Item = OutputTree>) -> Desktop {
    desktop_with_scratchpad(outputs, [])
}

/// A desktop with one output, `eDP-1` of 1920x1080 pixels.
pub fn one_output(workspaces: impl IntoIterator<Item = Tree>) -> Desktop {
    desktop([output("eDP-1", Rect::new(0, 0, 1920, 1080)).workspaces(workspaces)])
}

/// A desktop that also has hidden scratchpad windows: frames made by [`float`], in the order in
/// which they were hidden.
pub fn desktop_with_scratchpad(
    outputs: impl IntoIterator<Item = OutputTree>,
    hidden: impl IntoIterator<Item = Tree>,
) -> Desktop {
    let mut outputs: Vec<OutputTree> = outputs.into_iter().collect();
    if outputs.iter().all(|output| !output.output.primary)
        && let Some(first) = outputs.first_mut()
    {
        first.output.primary = true;
    }
    let screen = outputs.iter().fold(Rect::default(), |all, output| {
        let rect = output.output.rect;
        Rect {
            width: all.width.max(rect.x.unsigned_abs() + rect.width),
            height: all.height.max(rect.y.unsigned_abs() + rect.height),
            ..all
        }
    });

    let focused = outputs
        .iter()
        .position(|output| output.workspaces.iter().any(|workspace| workspace.focused))
        .unwrap_or(0);
    let mut builder = Builder::default();
    let mut scratch = workspace("__i3_scratch", []).floating(hidden);
    for frame in &mut scratch.floating {
        if frame.con.scratchpad == ScratchpadState::None {
            frame.con.scratchpad = ScratchpadState::Fresh;
        }
    }
    let mut internal = tree(
        ConKind::Output,
        ContainerLayout::SplitH,
        [content(vec![scratch], Vec::new()).remove(0)],
    );
    internal.con.name = Some("__i3".to_owned());
    let mut trees = vec![internal];
    let mut values = Vec::new();
    for (index, output) in outputs.into_iter().enumerate() {
        let mut con = tree(
            ConKind::Output,
            ContainerLayout::SplitH,
            content(output.workspaces, output.docks),
        );
        con.con.name = Some(output.output.name.clone());
        con.con.rect = output.output.rect;
        con.focus = vec![1];
        con.focused = index == focused;
        trees.push(con);
        values.push(output.output);
    }
    let mut root = tree(ConKind::Root, ContainerLayout::SplitH, trees);
    root.focus = (1..root.nodes.len()).collect();
    root.con.name = Some("root".to_owned());
    root.con.rect = screen;
    let mut root = builder.number(root);
    for output in &mut root.nodes {
        render_output(output);
    }
    let leaf = root.focused_leaf().id;
    focus(&mut root, leaf);
    let mut seats = super::Seats::new();
    super::seat::add_marked(&mut seats, &root);
    Desktop {
        seats,
        version: Version {
            major: 4,
            minor: 22,
            human_readable: "4.22 (2023-01-02)".to_owned(),
        },
        outputs: values,
        tree: root,
        windows: builder.windows,
        defaults: Defaults::default(),
        gaps: Some(super::ConfigGaps::default()),
        ignored: std::collections::BTreeSet::new(),
    }
}

/// An output's children: the upper dock area, the content, the lower dock area.
fn content(workspaces: Vec<Tree>, docks: Vec<Tree>) -> Vec<Tree> {
    let mut content = tree(ConKind::Con, ContainerLayout::SplitH, workspaces);
    content.con.name = Some("content".to_owned());
    let mut top = tree(ConKind::Dockarea, ContainerLayout::SplitH, []);
    top.con.name = Some("topdock".to_owned());
    let mut bottom = tree(ConKind::Dockarea, ContainerLayout::SplitH, docks);
    bottom.con.name = Some("bottomdock".to_owned());
    if content
        .nodes
        .first()
        .is_some_and(|workspace| workspace.con.name.as_deref() == Some("__i3_scratch"))
    {
        return vec![content];
    }
    vec![top, content, bottom]
}

impl OutputTree {
    /// Adds workspaces. The visible one is the first, or the one with [`Tree::focused`] or
    /// [`Tree::visible`].
    #[must_use]
    pub fn workspaces(mut self, workspaces: impl IntoIterator<Item = Tree>) -> Self {
        self.workspaces.extend(workspaces);
        self
    }

    /// Adds docks at the lower edge, such as `win("i3bar")`.
    #[must_use]
    pub fn docks(mut self, docks: impl IntoIterator<Item = Tree>) -> Self {
        self.docks.extend(docks);
        self
    }

    /// Makes it the primary output.
    #[must_use]
    pub fn primary(mut self) -> Self {
        self.output.primary = true;
        self
    }
}

impl Tree {
    /// The share of the parent, 0 to 1.
    #[must_use]
    pub fn percent(mut self, percent: f64) -> Self {
        self.con.percent = Some(percent);
        self
    }

    /// Makes it the head of its parent's focus list. A workspace also becomes the focused one.
    #[must_use]
    pub fn focused(mut self) -> Self {
        self.focused = true;
        self
    }

    /// Makes a workspace visible on its output, without focus.
    #[must_use]
    pub fn visible(mut self) -> Self {
        self.visible = true;
        self
    }

    /// The complete focus order of its children, by position (tiling ones first).
    #[must_use]
    pub fn focus(mut self, order: impl IntoIterator<Item = usize>) -> Self {
        self.focus = order.into_iter().collect();
        self
    }

    /// The layout of its children.
    #[must_use]
    pub fn layout(mut self, layout: ContainerLayout) -> Self {
        self.con.layout = layout;
        self
    }

    /// Adds floating children: frames made by [`float`].
    #[must_use]
    pub fn floating(mut self, frames: impl IntoIterator<Item = Tree>) -> Self {
        self.floating.extend(frames);
        self
    }

    /// Adds a mark.
    #[must_use]
    pub fn mark(mut self, mark: &str) -> Self {
        self.con.attributes.marks.push(mark.to_owned());
        self
    }

    /// Removes all marks, as a rule of the i3 config may.
    #[must_use]
    pub fn without_marks(mut self) -> Self {
        self.con.attributes.marks.clear();
        self
    }

    /// A placeholder with a window that i3 has drawn, which has no properties.
    #[must_use]
    pub fn drawn(mut self) -> Self {
        // As in `win`: the final X id depends on the container's.
        self.con.window = Some(XId(0));
        self
    }

    /// The border.
    #[must_use]
    pub fn border(mut self, border: Border) -> Self {
        self.con.attributes.border = Some(border);
        self
    }

    /// The fullscreen mode.
    #[must_use]
    pub fn fullscreen(mut self, fullscreen: Fullscreen) -> Self {
        self.con.attributes.fullscreen = fullscreen;
        self
    }

    /// Makes it sticky.
    #[must_use]
    pub fn sticky(mut self) -> Self {
        self.con.attributes.sticky = true;
        self
    }

    /// The gaps of a workspace, in the form that i3 reports.
    #[must_use]
    pub fn gaps(mut self, gaps: super::GapSizes) -> Self {
        self.con.gaps = Some(gaps);
        self
    }

    /// The title format.
    #[must_use]
    pub fn title_format(mut self, format: &str) -> Self {
        self.con.attributes.title_format = Some(format.to_owned());
        self
    }

    /// The scratchpad state (of a frame).
    #[must_use]
    pub fn scratchpad(mut self, state: ScratchpadState) -> Self {
        self.con.scratchpad = state;
        self
    }

    /// Changes the properties that the window declares.
    #[must_use]
    pub fn properties(mut self, change: impl FnOnce(&mut Properties)) -> Self {
        change(self.con.properties.get_or_insert_default());
        self.con.name = self
            .con
            .properties
            .as_ref()
            .and_then(|properties| properties.title.clone());
        self
    }

    /// The class, the second part of `WM_CLASS`.
    #[must_use]
    pub fn class(self, class: &str) -> Self {
        self.properties(|properties| properties.class = Some(class.to_owned()))
    }

    /// The instance, the first part of `WM_CLASS`.
    #[must_use]
    pub fn instance(self, instance: &str) -> Self {
        self.properties(|properties| properties.instance = Some(instance.to_owned()))
    }

    /// The title.
    #[must_use]
    pub fn title(self, title: &str) -> Self {
        self.properties(|properties| properties.title = Some(title.to_owned()))
    }

    /// The window role.
    #[must_use]
    pub fn role(self, role: &str) -> Self {
        self.properties(|properties| properties.window_role = Some(role.to_owned()))
    }

    /// The window type.
    #[must_use]
    pub fn window_type(self, window_type: WindowType) -> Self {
        self.properties(|properties| properties.window_type = window_type)
    }

    /// Changes the facts from X11 and /proc.
    #[must_use]
    pub fn facts(mut self, change: impl FnOnce(&mut WindowFacts)) -> Self {
        change(self.facts.get_or_insert_default());
        self
    }

    /// The process id, which the window also declares.
    #[must_use]
    pub fn pid(self, pid: u32) -> Self {
        self.facts(|facts| {
            facts.claimed_pid = Some(Pid(pid));
            facts.process.get_or_insert_default().pid = Some(Pid(pid));
        })
    }

    /// The command line of the process.
    #[must_use]
    pub fn argv<'a>(self, argv: impl IntoIterator<Item = &'a str>) -> Self {
        self.facts(|facts| {
            facts.process.get_or_insert_default().argv =
                argv.into_iter().map(str::to_owned).collect();
        })
    }

    /// The working directory of the process.
    #[must_use]
    pub fn cwd(self, cwd: &str) -> Self {
        self.facts(|facts| facts.process.get_or_insert_default().cwd = Some(cwd.into()))
    }

    /// A window whose process could not be read.
    #[must_use]
    pub fn without_process(self) -> Self {
        self.facts(|facts| facts.process = None)
    }
}

/// Assigns ids in tree order and collects the facts about windows.
#[derive(Default)]
struct Builder {
    last: u64,
    windows: BTreeMap<XId, WindowFacts>,
}

impl Builder {
    fn number(&mut self, tree: Tree) -> Con {
        let Tree {
            mut con,
            facts,
            nodes,
            floating,
            mut focus,
            ..
        } = tree;
        self.last += 1;
        con.id = ConId(self.last);
        if con.window.is_some() {
            let id = XId(FIRST_XID + u32::try_from(self.last).unwrap_or_default());
            con.window = Some(id);
            self.windows.insert(id, facts.unwrap_or_default());
        }
        let children = nodes.iter().chain(&floating);
        // The content of a frame has the focused flag, not the frame.
        let head = children.clone().position(|child| {
            child.focused
                || child.visible
                || child.con.kind == ConKind::FloatingCon
                    && child.nodes.iter().any(|node| node.focused)
        });
        let count = children.count();
        focus.extend(
            (0..count)
                .filter(|position| !focus.contains(position))
                .collect::<Vec<_>>(),
        );
        if let Some(head) = head {
            focus.retain(|&position| position != head);
            focus.insert(0, head);
        }
        con.nodes = nodes.into_iter().map(|node| self.number(node)).collect();
        con.floating_nodes = floating.into_iter().map(|node| self.number(node)).collect();
        if con.kind == ConKind::Con || con.kind == ConKind::Workspace {
            share(&mut con.nodes);
        }
        let ids: Vec<ConId> = con.children().map(|child| child.id).collect();
        con.focus = focus.into_iter().map(|position| ids[position]).collect();
        con
    }
}

/// Percents as in i3: all are set, and their sum is 1 (`con_fix_percent` in src/con.c).
#[expect(clippy::cast_precision_loss, reason = "a handful of children")]
fn share(nodes: &mut [Con]) {
    let count = nodes.len() as f64;
    for node in nodes.iter_mut() {
        node.percent.get_or_insert(1.0 / count);
    }
    let total: f64 = nodes.iter().filter_map(|node| node.percent).sum();
    for node in nodes.iter_mut() {
        if (total - 1.0).abs() > 1e-12 {
            node.percent = node.percent.map(|percent| percent / total);
        }
    }
}

fn focus(con: &mut Con, leaf: ConId) {
    con.focused = con.id == leaf;
    for child in con.nodes.iter_mut().chain(&mut con.floating_nodes) {
        focus(child, leaf);
    }
}

fn render_output(output: &mut Con) {
    let rect = output.rect;
    for content in &mut output.nodes {
        content.rect = rect;
        let docks = content.kind == ConKind::Dockarea;
        for child in &mut content.nodes {
            child.rect = rect;
            if !docks {
                render(child);
            }
        }
    }
}

/// Positions the children of a container whose rect is known (`render_con` in i3's src/render.c).
fn render(con: &mut Con) {
    let (rect, layout) = (con.rect, con.layout);
    let count = u32::try_from(con.nodes.len()).unwrap_or_default();
    let total = match layout {
        ContainerLayout::SplitV => rect.height,
        _ => rect.width,
    };
    let mut sizes: Vec<i64> = con
        .nodes
        .iter()
        .map(|node| {
            let share = node.percent.unwrap_or(1.0 / f64::from(count.max(1)));
            #[expect(clippy::cast_possible_truncation, reason = "pixels of a screen")]
            let size = (share * f64::from(total)).round() as i64;
            size
        })
        .collect();
    let mut missing = i64::from(total) - sizes.iter().sum::<i64>();
    let mut next = 0;
    while missing != 0
        && !sizes.is_empty()
        && matches!(layout, ContainerLayout::SplitH | ContainerLayout::SplitV)
    {
        let index = next % sizes.len();
        sizes[index] += missing.signum();
        missing -= missing.signum();
        next += 1;
    }
    let (mut x, mut y) = (rect.x, rect.y);
    for (index, child) in (0..).zip(&mut con.nodes) {
        let size = sizes
            .get(index as usize)
            .and_then(|&size| u32::try_from(size).ok())
            .unwrap_or_default();
        child.rect = rect;
        child.deco_rect = Rect::default();
        let titled = matches!(child.attributes.border, Some(Border::Normal(_)));
        match layout {
            ContainerLayout::SplitH | ContainerLayout::SplitV => {
                (child.rect.x, child.rect.y) = (x, y);
                if layout == ContainerLayout::SplitH {
                    child.rect.width = size;
                    x = x.saturating_add_unsigned(size);
                } else {
                    child.rect.height = size;
                    y = y.saturating_add_unsigned(size);
                }
                if child.nodes.is_empty() && titled {
                    child.deco_rect = Rect {
                        height: TITLE_BAR,
                        ..child.rect.relative_to(rect)
                    };
                    lower(&mut child.rect, TITLE_BAR);
                }
            }
            ContainerLayout::Tabbed if count > 1 || titled => {
                let width = rect.width / count;
                child.deco_rect = Rect::new(
                    i32::try_from(width * index).unwrap_or_default(),
                    0,
                    width,
                    TITLE_BAR,
                );
                lower(&mut child.rect, TITLE_BAR);
            }
            ContainerLayout::Stacked if count > 1 || titled => {
                child.deco_rect = Rect::new(
                    0,
                    i32::try_from(TITLE_BAR * index).unwrap_or_default(),
                    rect.width,
                    TITLE_BAR,
                );
                lower(&mut child.rect, TITLE_BAR * count);
            }
            ContainerLayout::Tabbed | ContainerLayout::Stacked => {}
        }
        render(child);
    }
    for frame in &mut con.floating_nodes {
        render(frame);
    }
}

fn lower(rect: &mut Rect, pixels: u32) {
    rect.y = rect.y.saturating_add_unsigned(pixels);
    rect.height = rect.height.saturating_sub(pixels);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rects_focus_and_visibility_are_as_in_i3() {
        let desktop = one_output([
            workspace(
                "1",
                [
                    win("a").percent(0.6),
                    tabbed([win("b"), win("c").focused()]).percent(0.4),
                ],
            )
            .floating([float(win("d"), Rect::new(10, 20, 300, 200))]),
            workspace("2", [win("e"), splitv([win("f"), win("g")]).focused()]).focused(),
        ]);
        let window = |title: &str| {
            desktop
                .tree
                .windows()
                .find(|con| con.name() == title)
                .expect("a window of this title")
        };
        assert_eq!(window("a").rect, Rect::new(0, 20, 1152, 1060));
        assert_eq!(window("c").rect, Rect::new(1152, 20, 768, 1060));
        assert_eq!(window("c").deco_rect, Rect::new(384, 0, 384, 20));
        assert_eq!(window("d").rect, Rect::new(10, 40, 300, 180));
        assert_eq!(window("g").rect, Rect::new(960, 560, 960, 520));
        assert!(window("f").focused);
        assert_eq!(desktop.tree.focused_leaf().name(), "f");
        let visible: Vec<(&str, bool)> = desktop
            .workspaces()
            .map(|workspace| (workspace.con.name(), workspace.visible))
            .collect();
        assert_eq!(visible, [("1", false), ("2", true)]);
        assert_eq!(desktop.windows.len(), 7);
        assert!(desktop.scratchpad().is_some());
    }
}
