//! i3's replies as values of `live`. Pure.

use super::reply;
use crate::geometry::Rect;
use crate::live::{
    Con, ConKind, Defaults, Edid, Output, PresentWorkspace, Properties, ScratchpadState,
    WindowType, XId,
};
use crate::tree::{Attributes, Border, ContainerLayout, Fullscreen};

/// A container with everything below it.
///
/// `defaults` has the width of borders that have no width of their own.
pub(super) fn con(node: reply::Node, defaults: Defaults) -> Con {
    let kind = kind(&node.kind);
    let mut nodes: Vec<_> = node
        .nodes
        .into_iter()
        .map(|child| con(child, defaults))
        .collect();
    if kind == ConKind::Dockarea {
        // i3 4.22 reports the type `unknown` for its own bar.
        for dock in nodes.iter_mut().filter_map(|dock| dock.properties.as_mut()) {
            dock.window_type = WindowType::Dock;
        }
    }
    let floating = matches!(node.floating.as_deref(), Some("user_on" | "auto_on"));
    let border = border(
        node.border.as_deref(),
        node.current_border_width,
        defaults.border_of(floating),
    );
    let properties = node.window.map(|_| {
        properties(
            node.window_properties.unwrap_or_default(),
            node.window_type.as_deref(),
        )
    });
    // Dock areas swallow docks. i3 gives a placeholder that is not drawn an empty criterion
    // (the id of its own window), which stays when it gets a program's window. Neither waits
    // for a window.
    let swallows = kind == ConKind::Con
        && node.swallows.iter().any(|criteria| !criteria.is_empty())
        && properties
            .as_ref()
            .is_none_or(Properties::may_be_placeholder);
    Con {
        id: node.id,
        kind,
        layout: layout(&node.layout),
        percent: node.percent,
        rect: rect(node.rect),
        deco_rect: rect(node.deco_rect),
        name: node.name,
        attributes: Attributes {
            marks: node.marks,
            border: Some(border),
            title_format: node.title_format,
            // Negative without an icon.
            title_window_icon: u32::try_from(node.window_icon_padding).ok(),
            // A workspace always has mode 1: it fills its output.
            fullscreen: match (kind, node.fullscreen_mode) {
                (ConKind::Con, 1) => Fullscreen::Output,
                (ConKind::Con, 2) => Fullscreen::Global,
                _ => Fullscreen::None,
            },
            sticky: node.sticky,
        },
        focused: node.focused,
        focus: node.focus,
        floating,
        scratchpad: match node.scratchpad_state.as_deref() {
            Some("fresh") => ScratchpadState::Fresh,
            Some("changed") => ScratchpadState::Changed,
            _ => ScratchpadState::None,
        },
        gaps: node.gaps.filter(|_| kind == ConKind::Workspace),
        window: node.window,
        properties,
        swallows,
        nodes,
        floating_nodes: node
            .floating_nodes
            .into_iter()
            .map(|child| con(child, defaults))
            .collect(),
    }
}

/// The active outputs, from left to right, then from top to bottom.
pub(super) fn outputs(outputs: Vec<reply::Output>) -> Vec<Output> {
    let mut outputs: Vec<_> = outputs
        .into_iter()
        .filter(|output| output.active)
        .map(|output| Output {
            name: output.name,
            rect: rect(output.rect),
            primary: output.primary,
            // i3 does not report it.
            edid: Edid::default(),
        })
        .collect();
    outputs.sort_by(|a, b| (a.rect.x, a.rect.y, &a.name).cmp(&(b.rect.x, b.rect.y, &b.name)));
    outputs
}

/// The workspaces, in tree order.
pub(super) fn workspaces(workspaces: Vec<reply::Workspace>) -> Vec<PresentWorkspace> {
    let workspaces = workspaces.into_iter();
    workspaces
        .map(|workspace| PresentWorkspace {
            name: workspace.name,
            output: workspace.output,
            focused: workspace.focused,
        })
        .collect()
}

fn kind(kind: &str) -> ConKind {
    match kind {
        "root" => ConKind::Root,
        "output" => ConKind::Output,
        "floating_con" => ConKind::FloatingCon,
        "workspace" => ConKind::Workspace,
        "dockarea" => ConKind::Dockarea,
        _ => ConKind::Con,
    }
}

/// Outputs and dock areas have other layouts, which cannot be set.
fn layout(layout: &str) -> ContainerLayout {
    match layout {
        "splitv" => ContainerLayout::SplitV,
        "stacked" => ContainerLayout::Stacked,
        "tabbed" => ContainerLayout::Tabbed,
        _ => ContainerLayout::SplitH,
    }
}

/// The border. A width of -1 means the default width of the config, for any style (i3's
/// src/con.c, `con_border_style_rect`).
fn border(style: Option<&str>, width: Option<i64>, default: Border) -> Border {
    let width = width
        .and_then(|width| u32::try_from(width).ok())
        .unwrap_or(match default {
            Border::None => 0,
            Border::Pixel(width) | Border::Normal(width) => width,
        });
    match style {
        Some("none") => Border::None,
        Some("pixel" | "1pixel") => Border::Pixel(width),
        Some("normal") => Border::Normal(width),
        _ => default,
    }
}

fn properties(reported: Properties, window_type: Option<&str>) -> Properties {
    Properties {
        transient_for: reported.transient_for.filter(|&id| id != XId(0)),
        window_type: match window_type {
            Some("dialog") => WindowType::Dialog,
            Some("splash") => WindowType::Splash,
            Some("utility") => WindowType::Utility,
            Some("toolbar" | "menu") => WindowType::Toolbar,
            Some("dock") => WindowType::Dock,
            Some("dropdown_menu" | "popup_menu" | "tooltip" | "notification") => WindowType::Popup,
            _ => WindowType::Normal,
        },
        ..reported
    }
}

/// Numbers outside the range of X are clamped.
fn rect(rect: reply::Rect) -> Rect {
    let signed =
        |number: i64| i32::try_from(number).unwrap_or(if number < 0 { i32::MIN } else { i32::MAX });
    // i3 stores sizes as unsigned 32 bit numbers. A negative one is an underflow in i3: the
    // rectangle is empty.
    let size = |number: i64| {
        u32::try_from(number)
            .ok()
            .filter(|&size| i32::try_from(size).is_ok())
            .unwrap_or(0)
    };
    Rect::new(
        signed(rect.x),
        signed(rect.y),
        size(rect.width),
        size(rect.height),
    )
}

#[cfg(test)]
mod tests {
    use super::super::recorded;
    use super::*;
    use crate::live::Desktop;

    const UNEVEN: &str = include_str!("../../tests/data/trees/i3-4.22-three-uneven.json");
    const TWO_OUTPUTS: &str = include_str!("../../tests/data/trees/i3-4.22-two-outputs.json");
    const PLACEHOLDERS: &str = include_str!("../../tests/data/trees/i3-4.22-placeholders.json");

    /// The container whose window has this instance.
    fn window<'a>(desktop: &'a Desktop, instance: &str) -> &'a Con {
        desktop
            .tree
            .windows()
            .find(|con| {
                con.properties.as_ref().and_then(|p| p.instance.as_deref()) == Some(instance)
            })
            .unwrap_or_else(|| panic!("no window has the instance {instance}"))
    }

    fn marked<'a>(desktop: &'a Desktop, mark: &str) -> &'a Con {
        desktop
            .tree
            .descendants()
            .find(|con| con.attributes.marks.iter().any(|found| found == mark))
            .unwrap_or_else(|| panic!("no container has the mark {mark}"))
    }

    #[test]
    fn a_whole_desktop() {
        let desktop = recorded::desktop(UNEVEN).expect("the recording is valid");
        assert_eq!((desktop.version.major, desktop.version.minor), (4, 22));
        assert_eq!(
            desktop.defaults,
            Defaults {
                border: Border::Pixel(1),
                floating_border: Border::Normal(3)
            }
        );
        assert_eq!(desktop.outputs.len(), 2);
        assert_eq!(desktop.outputs[1].rect, Rect::new(1920, 0, 2560, 1440));
        let workspace = desktop.workspace("1").expect("the recording is valid");
        assert!(workspace.visible);
        assert_eq!(workspace.output, "fake-0");
        assert_eq!(workspace.con.nodes.len(), 3);
        let shares: f64 = workspace
            .con
            .nodes
            .iter()
            .filter_map(|con| con.percent)
            .sum();
        assert!((shares - 1.0).abs() < 1e-9);
        assert_eq!(
            workspace.con.nodes[1].attributes.border,
            Some(Border::Pixel(1))
        );
        assert_eq!(window(&desktop, "logs").name(), "a log");
    }

    #[test]
    fn attributes_of_windows_are_read() {
        let desktop = recorded::desktop(TWO_OUTPUTS).expect("the recording is valid");
        let editor = window(&desktop, "editor");
        assert_eq!(editor.attributes.marks, ["main"]);
        assert_eq!(editor.percent, Some(0.6));
        assert_eq!(marked(&desktop, "group").layout, ContainerLayout::Stacked);
        let tab = window(&desktop, "tab-one");
        assert_eq!(tab.attributes.marks, ["_hidden", "second"]);
        assert_eq!(
            tab.attributes.title_format.as_deref(),
            Some("<b>%title</b>")
        );
        assert_eq!(
            window(&desktop, "below").attributes.border,
            Some(Border::Normal(4))
        );
        assert_eq!(
            window(&desktop, "mail").attributes.border,
            Some(Border::None)
        );
    }

    #[test]
    fn floating_belongs_to_the_window_and_scratchpad_to_the_frame() {
        let desktop = recorded::desktop(TWO_OUTPUTS).expect("the recording is valid");
        let calc = window(&desktop, "calc");
        assert!(calc.floating && calc.attributes.sticky);
        let code = desktop
            .workspace("1:code")
            .expect("the recording is valid")
            .con;
        let [frame] = code.floating_nodes.as_slice() else {
            panic!("one floating window");
        };
        assert_eq!(frame.kind, ConKind::FloatingCon);
        assert!(!frame.floating);
        assert_eq!(frame.scratchpad, ScratchpadState::None);

        let hidden = &desktop
            .scratchpad()
            .expect("the recording is valid")
            .floating_nodes;
        assert_eq!(hidden.len(), 1);
        assert_eq!(hidden[0].scratchpad, ScratchpadState::Fresh);
        let shown = &desktop
            .workspace("3")
            .expect("the recording is valid")
            .con
            .floating_nodes;
        assert_eq!(shown[0].scratchpad, ScratchpadState::Changed);
    }

    #[test]
    fn a_workspace_is_never_fullscreen() {
        let desktop = recorded::desktop(TWO_OUTPUTS).expect("the recording is valid");
        let fullscreen: Vec<_> = desktop
            .tree
            .descendants()
            .filter(|con| con.attributes.fullscreen != Fullscreen::None)
            .map(|con| (con.name(), con.attributes.fullscreen))
            .collect();
        assert_eq!(fullscreen, [("movie", Fullscreen::Output)]);
    }

    #[test]
    fn docks_are_docks() {
        let desktop = recorded::desktop(UNEVEN).expect("the recording is valid");
        let docks = desktop.tree.windows().filter(|con| {
            con.properties
                .as_ref()
                .is_some_and(|properties| properties.window_type == WindowType::Dock)
        });
        assert_eq!(docks.count(), 2);
        assert!(
            desktop
                .tree
                .descendants()
                .filter(|con| con.kind == ConKind::Dockarea)
                .all(|con| !con.swallows && !con.is_placeholder())
        );
    }

    #[test]
    fn placeholders_are_distinguished_from_windows() {
        let desktop = recorded::desktop(PLACEHOLDERS).expect("the recording is valid");
        for (mark, drawn) in [
            ("_i3pm:demo:one", true),
            ("_i3pm:demo:three", false),
            ("_i3pm:demo:five", false),
        ] {
            let con = marked(&desktop, mark);
            assert!(con.swallows && con.is_placeholder(), "{mark}");
            assert_eq!(con.window.is_some(), drawn, "{mark}");
        }
        let came = marked(&desktop, "_i3pm:demo:four");
        assert!(!came.swallows && came.is_window() && !came.is_placeholder());
        assert!(!marked(&desktop, "_i3pm:demo:tabs").is_placeholder());
        assert!(marked(&desktop, "_i3pm:demo:five").floating);
    }

    #[test]
    fn border_without_a_width_has_the_default_width() {
        for (style, width, default, border_found) in [
            ("pixel", -1, Border::Normal(7), Border::Pixel(7)),
            ("normal", -1, Border::None, Border::Normal(0)),
            ("normal", 0, Border::Pixel(7), Border::Normal(0)),
            ("none", -1, Border::Pixel(7), Border::None),
            ("pixel", 5, Border::None, Border::Pixel(5)),
            ("of a newer i3", 5, Border::Pixel(7), Border::Pixel(7)),
        ] {
            assert_eq!(border(Some(style), Some(width), default), border_found);
        }
    }

    #[test]
    fn numbers_out_of_range_do_not_wrap() {
        let found = rect(reply::Rect {
            x: i64::MAX,
            y: i64::MIN,
            width: -1,
            height: 4_294_967_295,
        });
        assert_eq!(found, Rect::new(i32::MAX, i32::MIN, 0, 0));
    }
}
