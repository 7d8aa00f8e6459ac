//! Desktops that differ from a plan in what a build does not set, and the resulting commands.

use crate::diff::diff;
use crate::live::build::{
    Tree, desktop, desktop_with_scratchpad, float, one_output, output, splitv, tabbed, win,
    workspace,
};
use crate::live::{Desktop, ScratchpadState};
use crate::matching::{Reuse, match_windows};
use crate::testing::{plan, texts};
use crate::tree::{Border, ContainerLayout, Fullscreen};

use super::finish::{FocusMode, finish};

/// The commands for a layout, given as YAML below `workspaces:`.
fn commands(workspaces: &str, live: &Desktop, mode: FocusMode) -> Vec<String> {
    commands_of_round(0, workspaces, live, mode)
}

fn commands_of_round(
    round: usize,
    workspaces: &str,
    live: &Desktop,
    mode: FocusMode,
) -> Vec<String> {
    let plan = plan(
        &format!("version: 1\nname: t\nworkspaces:\n{workspaces}"),
        live,
    );
    let assignment = match_windows(&plan, live, Reuse::All);
    let differences = diff(&plan, live, &assignment);
    let commands = finish(&plan, live, &assignment, &differences, mode, round);
    texts(&commands, live)
}

#[track_caller]
fn check(workspaces: &str, live: &Desktop, expected: &[&str]) {
    let found = commands(workspaces, live, FocusMode::Restore);
    assert_eq!(found, expected, "focus restored");
}

#[track_caller]
fn check_keep(workspaces: &str, live: &Desktop, expected: &[&str]) {
    let found = commands(workspaces, live, FocusMode::Keep);
    assert_eq!(found, expected, "focus kept");
}

/// A workspace of a layout, with its name and other keys.
fn planned(name: &str, body: &str) -> String {
    format!("  - name: '{name}'\n    visible: true\n{body}\n")
}

/// A slot that matches windows with its id as instance.
fn slot(name: &str, keys: &str) -> String {
    format!("{{ id: {name}, swallow: {{ instance: ^{name}$ }}{keys} }}")
}

/// Workspace `1` with `a`, which has these keys, beside `b`; `a` has the focus.
fn two(keys: &str) -> String {
    let (a, b) = (slot("a", &format!(", focused: true{keys}")), slot("b", ""));
    planned("1", &format!("    nodes: [{a}, {b}]")) + "focus: '1'\n"
}

/// An open window that an earlier run placed in the slot of the same name.
fn placed(name: &str) -> Tree {
    win(name).mark(&format!("_i3pm:t:{name}"))
}

/// Workspace `1` with a changed `a` beside `b`; `a` has the focus.
fn live(change: impl FnOnce(Tree) -> Tree) -> Desktop {
    one_output([workspace("1", [change(placed("a")).focused(), placed("b")])])
}

fn frame(con: Tree, rect: &str) -> Tree {
    float(con, rect.parse().unwrap())
}

#[test]
fn no_difference_gives_no_command() {
    let live = live(|a| a);
    check(&two(""), &live, &[]);
    check_keep(&two(""), &live, &[]);
}

#[test]
fn properties_are_set_one_by_one() {
    for (keys, change, expected) in [
        (
            ", border: pixel 3",
            (|a| a) as fn(Tree) -> Tree,
            "[a] border pixel 3",
        ),
        // The border that i3 gives a window by default.
        ("", |a| a.border(Border::None), "[a] border normal 2"),
        (", marks: [x, y]", |a| a.mark("x"), "[a] mark --add \"y\""),
        (
            ", title_format: '<b>%title</b>'",
            |a| a,
            "[a] title_format \"<b>%title</b>\"",
        ),
        (
            "",
            |a| a.title_format("x %class"),
            "[a] title_format \"%title\"",
        ),
        (", fullscreen: output", |a| a, "[a] fullscreen enable"),
        (
            ", fullscreen: global",
            |a| a,
            "[a] fullscreen enable global",
        ),
        (
            "",
            |a| a.fullscreen(Fullscreen::Output),
            "[a] fullscreen disable",
        ),
    ] {
        check(&two(keys), &live(change), &[expected]);
    }
}

/// A workspace `1` on a second output, with a floating `f` and a tiled, focused `a`.
fn floating(keys: &str) -> String {
    let (a, f) = (slot("a", ", focused: true"), slot("f", keys));
    let body = format!("    output: DP-1\n    nodes: [{a}]\n    floating: [{f}]");
    planned("1", &body) + "focus: '1'\n"
}

fn live_floating(f: Tree, rect: &str) -> Desktop {
    desktop([
        output("eDP-1", "1920x1080+0+0".parse().unwrap()).workspaces([workspace("9", [])]),
        output("DP-1", "2560x1440+1920+0".parse().unwrap()).workspaces([workspace(
            "1",
            [placed("a").focused()],
        )
        .floating([frame(f, rect)])
        .focused()]),
    ])
}

#[test]
fn floating_window_is_resized_before_it_is_moved() {
    let live = live_floating(placed("f"), "300x200+0+0");
    // The layout's position is relative to the output, i3's to the screen.
    check(
        &floating(", rect: 400x250+100+50"),
        &live,
        &[
            "[f] resize set 400 px 250 px",
            "[f] move absolute position 2020 px 50 px",
        ],
    );
}

#[test]
fn floating_window_of_the_right_size_is_only_moved() {
    let keys = floating(", rect: 400x250+100+50");
    let live = |increments, rect| {
        let f = placed("f").facts(|facts| facts.size_increments = increments);
        live_floating(f, rect)
    };
    let steps = Some((9, 17));
    let moved = "[f] move absolute position 2020 px 50 px";
    for (increments, rect) in [
        (None, "400x250+0+0"),
        (steps, "400x250+0+0"),
        (steps, "392x234+0+0"),
    ] {
        check(&keys, &live(increments, rect), &[moved]);
    }
    let resized = "[f] resize set 400 px 250 px";
    for (increments, rect) in [(None, "392x250+0+0"), (steps, "391x250+0+0")] {
        check(&keys, &live(increments, rect), &[resized, moved]);
    }
}

#[test]
fn floating_window_is_moved_by_a_single_pixel() {
    check(
        &floating(", rect: 400x250+100+50"),
        &live_floating(placed("f"), "400x250+2021+50"),
        &["[f] move absolute position 2020 px 50 px"],
    );
}

/// i3 refuses to move a window inside a floating container.
#[test]
fn floating_container_is_moved_as_it_is() {
    let nodes = format!("[{}, {}]", slot("b", ""), slot("c", ""));
    let floating = format!("{{ layout: splitv, nodes: {nodes}, rect: 400x250+10+20 }}");
    let a = slot("a", ", focused: true");
    let body = format!("    nodes: [{a}]\n    floating: [{floating}]");
    let inside = splitv([placed("b"), placed("c")]).mark("both");
    let live = one_output([workspace("1", [placed("a").focused()])
        .floating([frame(inside, "400x250+0+0")])
        .focused()]);
    check(
        &(planned("1", &body) + "focus: '1'\n"),
        &live,
        &["[both] move absolute position 10 px 20 px"],
    );
    let inside = splitv([placed("b"), placed("c")]).mark("both");
    let live = one_output([workspace("1", [placed("a").focused()])
        .floating([frame(inside, "500x210+10+20")])
        .focused()]);
    check(
        &(planned("1", &body) + "focus: '1'\n"),
        &live,
        &[
            "[both] resize shrink width 100 px",
            "[both] resize grow height 40 px",
            "[both] move absolute position 10 px 20 px",
        ],
    );
}

#[test]
fn floating_window_has_the_default_border_of_floating_windows() {
    let mut live = live_floating(placed("f").border(Border::Pixel(9)), "400x250+2020+50");
    live.defaults.floating_border = Border::Pixel(1);
    check(
        &floating(", rect: 400x250+100+50"),
        &live,
        &["[f] border pixel 1"],
    );
}

#[test]
fn sticky_is_switched_on_and_off() {
    let rect = ", rect: 400x250+100+50";
    let at = "400x250+2020+50";
    let plain = live_floating(placed("f"), at);
    let sticky = live_floating(placed("f").sticky(), at);
    check(
        &floating(&format!("{rect}, sticky: true")),
        &plain,
        &["[f] sticky enable"],
    );
    check(&floating(rect), &sticky, &["[f] sticky disable"]);
}

/// Nothing can be verified behind a fullscreen window, so a place or a border is verified in the
/// next round, and only then does the window become fullscreen.
#[test]
fn fullscreen_waits_until_borders_and_places_are_verified() {
    let keys = ", fullscreen: output, border: none";
    check(&two(keys), &live(|a| a), &["[a] border none"]);
    let done = live(|a| a.border(Border::None));
    check(&two(keys), &done, &["[a] fullscreen enable"]);
}

/// A layout with `s` in the scratchpad, and the desktop with this window.
fn scratchpad(keys: &str) -> String {
    two("") + &format!("scratchpad:\n  - {}\n", slot("s", keys))
}

fn live_with(nodes: [Tree; 2], hidden: Option<Tree>, shown: Option<Tree>) -> Desktop {
    let [a, b] = nodes;
    desktop_with_scratchpad(
        [
            output("eDP-1", "1920x1080+0+0".parse().unwrap()).workspaces([workspace(
                "1",
                [a.focused(), b],
            )
            .floating(shown)]),
        ],
        hidden,
    )
}

#[test]
fn hidden_window_gets_its_place_while_it_is_shown() {
    let hidden = frame(placed("s"), "300x200+5+5").scratchpad(ScratchpadState::Changed);
    let live = live_with([placed("a"), placed("b")], Some(hidden), None);
    let found = commands(
        &scratchpad(", rect: 600x400+10+20"),
        &live,
        FocusMode::Restore,
    );
    let place = [
        "[s] scratchpad show",
        "[s] resize set 600 px 400 px",
        "[s] move absolute position 10 px 20 px",
        "[s] move scratchpad",
    ];
    assert_eq!(found[..4], place, "{found:#?}");
}

#[test]
fn shown_window_is_hidden_in_the_scratchpad_again() {
    let shown = frame(placed("s"), "600x400+10+20").scratchpad(ScratchpadState::Changed);
    let live = live_with([placed("a"), placed("b")], None, Some(shown));
    let found = commands(
        &scratchpad(", rect: 600x400+10+20"),
        &live,
        FocusMode::Restore,
    );
    let place = [
        "[s] floating enable",
        "[s] resize set 600 px 400 px",
        "[s] move absolute position 10 px 20 px",
        "[s] move scratchpad",
    ];
    assert_eq!(found[..4], place, "{found:#?}");
    // A new floating window has no position yet: i3 sets one when it shows the window.
    let shown = frame(placed("s"), "600x400+10+20");
    let live = live_with([placed("a"), placed("b")], None, Some(shown));
    let found = commands(&scratchpad(""), &live, FocusMode::Restore);
    assert_eq!(found[0], "[s] move scratchpad", "{found:#?}");
}

/// Focusing the windows from the last to the first sets the focus order.
#[test]
fn focus_order_is_set_from_its_end() {
    let workspaces = planned(
        "1",
        &format!(
            "    nodes:\n      - {}\n      - {{ layout: splitv, nodes: [{}, {}] }}\n    floating:\n      - {}",
            slot("a", ""),
            slot("b", ""),
            slot("c", ", focused: true"),
            slot("f", ", rect: 300x200+0+0"),
        ),
    ) + "focus: '1'\n";
    let live = one_output([workspace(
        "1",
        [
            placed("a").focused(),
            splitv([placed("b").focused(), placed("c")]),
        ],
    )
    .floating([frame(placed("f"), "300x200+0+0")])
    .focused()]);
    let found = commands(&workspaces, &live, FocusMode::Restore);
    let focused: Vec<&str> = found
        .iter()
        .filter_map(|text| text.strip_suffix(" focus"))
        .collect();
    // Each window once, the windows of a container together, the focused one last.
    assert_eq!(focused, ["[f]", "[a]", "[b]", "[c]", "[c]"], "{found:#?}");
    assert_eq!(
        found.last().map(String::as_str),
        Some("workspace --no-auto-back-and-forth number \"1\"")
    );
    assert!(commands(&workspaces, &live, FocusMode::Keep).is_empty());
}

/// A fullscreen window keeps the focus, so fullscreen is off while the focus order is set.
#[test]
fn fullscreen_is_off_while_the_focus_order_is_set() {
    let workspaces = planned(
        "1",
        &format!(
            "    nodes: [{}, {}]",
            slot("a", ""),
            slot("b", ", focused: true, fullscreen: output")
        ),
    ) + "focus: '1'\n";
    let live = one_output([workspace(
        "1",
        [
            placed("a").focused(),
            placed("b").fullscreen(Fullscreen::Output),
        ],
    )]);
    let found = commands(&workspaces, &live, FocusMode::Restore);
    assert_eq!(found[0], "[b] fullscreen disable", "{found:#?}");
    let last = found.last().map(String::as_str);
    assert_eq!(last, Some("[b] fullscreen enable"), "{found:#?}");
    let position = |text: &str| found.iter().position(|found| found == text);
    assert!(position("[a] focus") < position("[b] focus"), "{found:#?}");
}

#[test]
fn keep_focus_restores_the_original_focus() {
    let live = one_output([
        workspace("1", [placed("a"), placed("b").focused()]),
        workspace("2", [win("mine").focused()]).focused(),
    ]);
    check_keep(
        &two(", border: none"),
        &live,
        &[
            "[a] border none",
            "workspace --no-auto-back-and-forth number \"2\"",
        ],
    );
}

#[test]
fn hidden_workspace_is_shown_and_the_focused_one_last() {
    let screen = |x| format!("1920x1080+{x}+0").parse().unwrap();
    let workspaces = planned(
        "1",
        &format!("    output: eDP-1\n    nodes: [{}]", slot("a", "")),
    ) + &planned(
        "2",
        &format!("    output: DP-1\n    nodes: [{}]", slot("b", "")),
    ) + "focus: '1'\n";
    let live = desktop([
        output("eDP-1", screen(0)).workspaces([workspace("1", [placed("a")])]),
        output("DP-1", screen(1920)).workspaces([
            workspace("9", [win("x")]).focused(),
            workspace("2", [placed("b")]),
        ]),
    ]);
    let found = commands(&workspaces, &live, FocusMode::Restore);
    assert_eq!(
        found,
        [
            "workspace --no-auto-back-and-forth number \"2\"",
            "[a] focus",
            "workspace --no-auto-back-and-forth number \"1\"",
        ]
    );
}

#[test]
fn empty_workspace_gets_its_layout_and_output() {
    let screen = |x| format!("1920x1080+{x}+0").parse().unwrap();
    let workspaces = planned(
        "1",
        &format!("    output: eDP-1\n    nodes: [{}]", slot("a", "")),
    ) + "  - { name: '2', visible: true, output: DP-1, layout: tabbed }\nfocus: '1'\n";
    let live = desktop([
        output("eDP-1", screen(0)).workspaces([
            workspace("1", [placed("a")]).focused(),
            workspace("2", []).layout(ContainerLayout::SplitH),
        ]),
        output("DP-1", screen(1920)).workspaces([workspace("9", [])]),
    ]);
    let found = commands(&workspaces, &live, FocusMode::Restore);
    assert_eq!(
        found[..2],
        ["[2] move workspace to output \"DP-1\"", "[2] layout tabbed"],
        "{found:#?}"
    );
}

#[test]
fn workspaces_without_a_number_are_renamed_into_their_order() {
    let body = |name: &str| format!("    output: eDP-1\n    nodes: [{}]", slot(name, ""));
    let workspaces = planned("x", &body("a"))
        + &format!("  - name: 'y'\n{}\n", body("b"))
        + &format!("  - name: 'z'\n{}\nfocus: 'x'\n", body("c"));
    let live = one_output([
        workspace("x", [placed("a")]).focused(),
        workspace("z", [placed("c")]),
        workspace("y", [placed("b")]),
    ]);
    let found = commands(&workspaces, &live, FocusMode::Restore);
    // The first workspace is in the right place. Renaming may move a workspace to another output.
    assert_eq!(
        found[..4],
        [
            "rename workspace \"y\" to \"y\"",
            "[y] move workspace to output \"eDP-1\"",
            "rename workspace \"z\" to \"z\"",
            "[z] move workspace to output \"eDP-1\"",
        ],
        "{found:#?}"
    );
    let last = found.last().map(String::as_str);
    assert_eq!(last, Some("workspace --no-auto-back-and-forth \"x\""));
}

/// Workspaces with the same number, on an i3 that adds a workspace after or before the others.
#[test]
fn workspaces_with_the_same_number_are_renamed_in_both_orders() {
    let body = |name: &str| format!("    output: eDP-1\n    nodes: [{}]", slot(name, ""));
    let workspaces =
        planned("1:x", &body("a")) + &format!("  - name: '1:y'\n{}\nfocus: '1:x'\n", body("b"));
    for (minor, round, order) in [
        (23, 0, ["1:y", "1:x"]),
        (23, 1, ["1:x", "1:y"]),
        (24, 0, ["1:x", "1:y"]),
        (24, 1, ["1:y", "1:x"]),
    ] {
        let mut live = one_output([
            workspace("1:y", [placed("b")]),
            workspace("1:x", [placed("a")]).focused(),
        ]);
        live.version.minor = minor;
        let found = commands_of_round(round, &workspaces, &live, FocusMode::Restore);
        let renamed: Vec<&str> = found
            .iter()
            .filter_map(|text| text.strip_prefix("rename workspace ")?.split('"').nth(1))
            .collect();
        assert_eq!(renamed, order, "4.{minor}, round {round}");
    }
}

#[test]
fn focus_order_inside_a_container_is_set_by_focusing_its_windows() {
    let (a, b) = (slot("a", ""), slot("b", ", focused: true"));
    let workspaces = planned(
        "1",
        &format!("    nodes: [{{ layout: tabbed, nodes: [{a}, {b}] }}]"),
    ) + "focus: '1'\n";
    let live = one_output([workspace(
        "1",
        [tabbed([placed("a").focused(), placed("b")])],
    )]);
    let mut found = commands(&workspaces, &live, FocusMode::Restore);
    found.dedup();
    let show = "workspace --no-auto-back-and-forth number \"1\"";
    assert_eq!(found, ["[a] focus", "[b] focus", show, "[b] focus", show]);
}

#[test]
fn renamed_workspace_is_shown_under_its_present_name() {
    let live = one_output([
        workspace("1: web", [placed("a"), placed("b")]),
        workspace("2", [win("c").focused()]).visible(),
    ]);
    let commands = commands(&two(""), &live, FocusMode::Restore);
    assert!(
        commands.ends_with(&["workspace --no-auto-back-and-forth number \"1: web\"".to_owned()]),
        "{commands:#?}"
    );
}

#[test]
fn visible_workspace_without_a_focus_in_the_layout_is_shown() {
    let live = one_output([
        workspace("1", [placed("a")]),
        workspace("2", [win("c").focused()]).visible(),
    ]);
    let text = planned("1", &format!("    nodes: [{}]", slot("a", "")));
    check(
        &text,
        &live,
        &[
            "workspace --no-auto-back-and-forth number \"1\"",
            "[a] focus",
            "workspace --no-auto-back-and-forth number \"1\"",
        ],
    );
}

#[test]
fn missing_workspace_is_not_shown_by_the_number_of_another() {
    let live = one_output([workspace("1", [placed("a").focused()]).visible()]);
    let first = planned("1", &format!("    nodes: [{}]", slot("a", ""))).replace("true", "false");
    let second = planned("1: web", "");
    let commands = commands(&format!("{first}{second}"), &live, FocusMode::Restore);
    let expected = "workspace --no-auto-back-and-forth \"1: web\"";
    assert_eq!(commands.first().map(String::as_str), Some(expected));
}
