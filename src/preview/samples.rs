//! Scenes for tests: few and many windows, long titles, many tabs, several monitors.

use super::{Canvas, Changes, Desk, Scene, View, of_desktop, of_plan};
use crate::geometry::Rect;
use crate::live::Desktop;
use crate::live::build::{desktop, output, tabbed, win, workspace};
use crate::testing::plan;
use crate::ui::words::clean;

/// A layout of one visible workspace `1`.
pub(super) fn layout(body: &str) -> String {
    format!("version: 1\nworkspaces:\n  - name: '1'\n    visible: true\n{body}\nfocus: '1'\n")
}

/// A slot on one line.
pub(super) fn slot(id: &str, keys: &str) -> String {
    format!(
        "{{ id: {id:?}, swallow: {{ instance: ^x$ }}, command: /usr/bin/app-{id} --flag{keys} }}"
    )
}

fn slots(count: usize, name: &str) -> String {
    let all = (0..count).map(|number| slot(&format!("{name}{number}"), ""));
    all.collect::<Vec<_>>().join(", ")
}

/// Monitors of these sizes, from left to right.
pub(super) fn monitors(sizes: &[(u32, u32)]) -> Desktop {
    let mut left = 0_u32;
    let outputs = sizes.iter().enumerate().map(|(number, &(width, height))| {
        let rect = Rect::new(left.cast_signed(), 0, width, height);
        left += width;
        output(&format!("DP-{number}"), rect)
    });
    desktop(outputs.collect::<Vec<_>>())
}

/// The scene of a layout's text on these monitors.
pub(super) fn scene(yaml: &str, desktop: &Desktop, canvas: Canvas) -> Scene {
    let plan = plan(yaml, desktop);
    let view = View {
        canvas,
        shows: &|_| true,
        changes: &Changes::default(),
        clean: &clean,
    };
    of_plan(&plan, &Desk::of_outputs(&desktop.outputs), view)
}

/// A desktop with titles that must be escaped.
fn hostile(canvas: Canvas) -> Scene {
    const NAMES: [&str; 7] = [
        "<script>&amp;\"'",
        "</title></svg>",
        "\u{7}\u{1b}[31mred",
        "日本語のタイトル",
        "\u{10feff}\u{fffe}",
        "\u{202e}rtl",
        "a\nb\u{301}",
    ];
    let windows = NAMES.map(|name| win("x").title(name).class(name).mark(name));
    let screen = output("DP-0", Rect::new(0, 0, 1920, 1080));
    let live = desktop([screen.workspaces([
        workspace(NAMES[0], windows.clone()).visible(),
        workspace(NAMES[2], [tabbed(windows)]),
    ])]);
    let view = View {
        canvas,
        shows: &|_| true,
        changes: &Changes::default(),
        clean: &clean,
    };
    of_desktop(&live, view)
}

/// All scenes with their names.
pub(super) fn scenes(canvas: Canvas) -> Vec<(&'static str, Scene)> {
    let layouts = cases().into_iter();
    let scenes = layouts.map(|(name, yaml, sizes)| (name, scene(&yaml, &monitors(&sizes), canvas)));
    scenes.chain([("hostile", hostile(canvas))]).collect()
}

/// A name, the text of a layout, and the sizes of its monitors.
type Case = (&'static str, String, Vec<(u32, u32)>);

fn cases() -> Vec<Case> {
    const HD: (u32, u32) = (1920, 1080);
    let nodes = |nodes: &str| layout(&format!("    nodes: [{nodes}]"));
    let long = "a-very-long-name-of-a-slot-".repeat(20);
    let tabs =
        |layout: &str, count| format!("{{ layout: {layout}, nodes: [{}] }}", slots(count, layout));
    let grid = (0..10).map(|row| {
        format!(
            "{{ layout: splitv, nodes: [{}] }}",
            slots(6, &format!("row{row}-"))
        )
    });
    let grid = grid.collect::<Vec<_>>().join(", ");
    let floats = (0..12).map(|number| {
        slot(
            &format!("float{number}"),
            &format!(
                ", rect: {}x400+{}+{}",
                200 + number * 50,
                number * 130,
                number * 60
            ),
        )
    });
    let floats = floats.collect::<Vec<_>>().join(", ");
    let huge = slot(
        "huge",
        ", rect: 65535x65535+-65535+-65535, border: normal 60000",
    );
    let workspaces: Vec<String> = (2..14)
        .map(|number| {
            let (output, slots) = (number % 3, slots(3, &format!("s{number}-")));
            format!("  - name: 'number {number}'\n    output: DP-{output}\n    nodes: [{slots}]\n")
        })
        .collect();
    let workspaces = workspaces.concat();
    vec![
        ("one", nodes(&slot("editor", "")), vec![HD]),
        ("fifteen", nodes(&slots(15, "w")), vec![HD]),
        ("sixty", nodes(&slots(60, "w")), vec![HD]),
        ("grid", nodes(&grid), vec![HD]),
        (
            "column",
            layout(&format!(
                "    layout: splitv\n    nodes: [{}]",
                slots(60, "w")
            )),
            vec![HD],
        ),
        (
            "long",
            nodes(&[slot(&long, ""), slot(&format!("{long}2"), "")].join(", ")),
            vec![HD],
        ),
        (
            "tabs",
            nodes(&[tabs("tabbed", 30), tabs("stacked", 20)].join(", ")),
            vec![HD],
        ),
        ("stack", nodes(&tabs("stacked", 70)), vec![HD]),
        (
            "floats",
            layout(&format!(
                "    nodes: [{}]\n    floating: [{floats}]",
                slots(4, "w")
            )),
            vec![HD],
        ),
        (
            "three",
            nodes(&slots(3, "w")).replace("focus:", &format!("{workspaces}focus:")),
            vec![HD, (2560, 1440), (1080, 1920)],
        ),
        ("portrait", nodes(&slots(3, "w")), vec![(1080, 1920)]),
        ("tiny", nodes(&tabs("tabbed", 5)), vec![(70, 40)]),
        (
            "huge",
            layout(&format!(
                "    nodes: [{}]\n    floating: [{huge}]",
                slots(2, "w")
            )),
            vec![(65_535, 65_535), (65_535, 1)],
        ),
        (
            "empty workspace",
            "version: 1\nworkspaces:\n  - { name: '1', visible: true }\n".to_owned(),
            vec![HD],
        ),
        (
            "scratchpad",
            format!(
                "version: 1\nscratchpad: [{}]\n",
                slot("dropdown", ", rect: 1200x500+360+0")
            ),
            vec![HD],
        ),
        ("nothing", "version: 1\n".to_owned(), vec![]),
        ("no monitor", nodes(&slot("editor", "")), vec![]),
    ]
}
