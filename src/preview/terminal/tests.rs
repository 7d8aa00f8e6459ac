//! Pictures in the terminal.

use insta::assert_snapshot;

use super::{Span, arrangement, arrangement_of_pairs, draw, draw_pairs};
use crate::preview::fit::columns;
use crate::preview::samples::{layout, monitors, scene, scenes, slot};
use crate::preview::scene::Change;
use crate::preview::{Canvas, Panel};

fn text(lines: &[Vec<Span>]) -> String {
    let line = |line: &Vec<Span>| {
        line.iter()
            .map(|span| span.text.as_str())
            .collect::<String>()
    };
    let lines = lines
        .iter()
        .map(|spans| line(spans).trim_end().to_owned() + "\n");
    lines.collect()
}

fn drawn(yaml: &str, sizes: &[(u32, u32)], width: usize) -> String {
    let desktop = monitors(sizes);
    let panels = scene(yaml, &desktop, Canvas::Pixels).panels.len();
    let (beside, columns) = arrangement(width, panels);
    text(&draw(
        &scene(yaml, &desktop, Canvas::Cells(columns)),
        beside,
    ))
}

fn two_columns() -> String {
    let tabs = [
        slot("logs", ", marks: [log]"),
        slot("htop", ", focused: true"),
    ]
    .join(", ");
    let stack = [slot("mail", ""), slot("calendar", "")].join(", ");
    layout(&format!(
        "    nodes:\n      - {}\n      - {{ layout: tabbed, percent: 40, nodes: [{tabs}] }}\n      \
         - {{ layout: stacked, percent: 20, nodes: [{stack}] }}\n    floating: [{}]",
        slot("editor", ", percent: 40, focused: true"),
        slot("sound", ", rect: 500x400+560+540, sticky: true")
    ))
}

#[test]
fn windows_tabs_stacks_and_floating_windows() {
    assert_snapshot!(drawn(&two_columns(), &[(1920, 1080)], 72), @r"
    DP-0  1920x1080+0+0, primary
    1  visible, focused
    ┌───────────────────────────┬──────────────┬─────────────┬─────────────┐
    │editor                     │logs          │htop         │mail         │
    │/usr/bin/app-editor --flag ├──────────────┴─────────────┤calendar     │
    │40 % wide                  │htop                        ├─────────────┤
    │                           │/usr/bin/app-htop --flag    │mail         │
    │                           │40 % wide                   │/usr/bin/app…│
    │                           │                            │20 % wide    │
    │                           │                            │             │
    │                           │                            │             │
    │                           │                            │             │
    │                    ┌─────────────────┐                 │             │
    │                    │sound            │                 │             │
    │                    │/usr/bin/app-sou…│                 │             │
    │                    │sticky           │                 │             │
    │                    │                 │                 │             │
    │                    │                 │                 │             │
    │                    │                 │                 │             │
    │                    └─────────────────┘                 │             │
    │                           │                            │             │
    └───────────────────────────┴────────────────────────────┴─────────────┘
    ");
}

#[test]
fn small_windows_are_listed() {
    let nodes: Vec<String> = (0..24)
        .map(|number| slot(&format!("w{number}"), ""))
        .collect();
    let yaml = layout(&format!("    nodes: [{}]", nodes.join(", ")));
    assert_snapshot!(drawn(&yaml, &[(1920, 400)], 60), @r"
    DP-0  1920x400+0+0, primary
    1  visible, focused
    ┌─┬──┬─┬──┬─┬──┬─┬──┬─┬──┬─┬──┬─┬─┬──┬─┬──┬─┬──┬─┬──┬─┬──┬─┐
    │ │w1│ │w3│ │w5│ │w7│ │w9│ │  │ │ │  │ │  │ │  │ │  │ │  │ │
    │ │  │ │  │ │  │ │  │ │  │ │  │ │ │  │ │  │ │  │ │  │ │  │ │
    │ │  │ │  │ │  │ │  │ │  │ │  │ │ │  │ │  │ │  │ │  │ │  │ │
    │ │  │ │  │ │  │ │  │ │  │ │  │ │ │  │ │  │ │  │ │  │ │  │ │
    └─┴──┴─┴──┴─┴──┴─┴──┴─┴──┴─┴──┴─┴─┴──┴─┴──┴─┴──┴─┴──┴─┴──┴─┘
    too small to label: w0, w2, w4, w6, w8, w10, w11, w12, w13,
      w14, w15, w16, w17, w18, w19, w20, w21, w22, w23
    ");
}

#[test]
fn an_empty_layout_shows_its_workspaces() {
    let yaml = "version: 1\nworkspaces:\n  - { name: '1', visible: true }\n";
    assert_snapshot!(drawn(yaml, &[(1920, 600)], 40), @r"
    DP-0  1920x600+0+0, primary
    1  visible, no windows
    ┌──────────────────────────────────────┐
    │                                      │
    │                                      │
    │                                      │
    │                                      │
    └──────────────────────────────────────┘
    ");
}

#[test]
fn panels_are_beside_each_other_on_a_wide_terminal() {
    let nodes = slot("editor", "");
    let yaml = layout(&format!(
        "    nodes: [{nodes}]\n  - name: '2'\n    nodes: [{}]",
        slot("web", "")
    ));
    assert_snapshot!(drawn(&yaml, &[(1920, 400)], 130), @r"
    DP-0  1920x400+0+0, primary
    1  visible, focused                                               2
    ┌──────────────────────────────────────────────────────────────┐  ┌──────────────────────────────────────────────────────────────┐
    │editor                                                        │  │web                                                           │
    │/usr/bin/app-editor --flag                                    │  │/usr/bin/app-web --flag                                       │
    │                                                              │  │                                                              │
    │                                                              │  │                                                              │
    └──────────────────────────────────────────────────────────────┘  └──────────────────────────────────────────────────────────────┘
    ");
}

#[test]
fn differences_have_a_sign() {
    let desktop = monitors(&[(1920, 1080)]);
    let canvas = Canvas::Cells(arrangement_of_pairs(70));
    let mut saved = scene(&two_columns(), &desktop, canvas);
    let live = scene(
        &layout(&format!("    nodes: [{}]", slot("editor", ""))),
        &desktop,
        canvas,
    );
    for pane in saved.panels.iter_mut().flat_map(|panel| &mut panel.panes) {
        pane.change = match pane.label.as_str() {
            "editor" => Some(Change::Changed),
            "sound" => Some(Change::Missing),
            _ => None,
        };
    }
    assert_snapshot!(text(&draw_pairs(("saved", &saved), ("desktop", &live))), @r"
    saved                               desktop
    1  visible, focused                 1  visible, focused
    ┌────────────┬──────┬─────┬──────┐  ┌────────────────────────────────┐
    │~ editor    │logs  │htop │mail  │  │editor                          │
    │/usr/bin/ap…├──────┴─────┤calen…│  │/usr/bin/app-editor --flag      │
    │40 % wide   │htop        ├──────┤  │                                │
    │         ┌───────┐       │mail  │  │                                │
    │         │- sound│       │/usr/…│  │                                │
    │         │/usr/b…│       │20 %… │  │                                │
    │         └───────┘       │      │  │                                │
    └────────────┴────────────┴──────┘  └────────────────────────────────┘
    ");
}

#[test]
fn no_line_is_longer_than_the_terminal() {
    for width in [1, 20, 80, 133, 400] {
        let (beside, columns_of_panels) = arrangement(width, 5);
        for (name, scene) in scenes(Canvas::Cells(columns_of_panels)) {
            for line in text(&draw(&scene, beside)).lines() {
                assert!(columns(line) <= width.max(20), "{name}: {line}");
            }
        }
        for (name, scene) in scenes(Canvas::Cells(arrangement_of_pairs(width))) {
            let pairs = draw_pairs(("saved", &scene), ("desktop", &scene));
            for line in text(&pairs).lines() {
                assert!(columns(line) <= width.max(42), "{name}: {line}");
            }
        }
    }
}

#[test]
fn each_window_is_labeled_or_listed() {
    for (name, scene) in scenes(Canvas::Cells(80)) {
        let all = text(&draw(&scene, 1));
        let panes = scene.panels.iter().flat_map(|panel: &Panel| &panel.panes);
        for pane in panes {
            // A cut-off label has its first letters.
            let start: String = pane.label.chars().take(2).collect();
            assert!(all.contains(&start), "{name}: {}\n{all}", pane.label);
        }
    }
}

#[test]
fn no_character_controls_the_terminal() {
    for (name, scene) in scenes(Canvas::Cells(80)) {
        let all = text(&draw(&scene, 1));
        let is_plain = all
            .chars()
            .all(|letter| letter == '\n' || !letter.is_control());
        assert!(is_plain, "{name}: {all:?}");
    }
}
