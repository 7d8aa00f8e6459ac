//! Plans against desktops, both as text.

use crate::live::Desktop;
use crate::live::build::{
    desktop, float, one_output, output, splith, splitv, tabbed, win, workspace,
};
use crate::matching::{Reuse, match_windows};
use crate::testing::plan;
use crate::tree::{ContainerLayout, Fullscreen};

use super::{diff, sentence, sign};

/// Checks the differences, one per line; those of attention are in parentheses.
#[track_caller]
fn check(yaml: &str, live: &Desktop, expected: &[&str]) {
    let plan = plan(yaml, live);
    let assignment = match_windows(&plan, live, Reuse::All);
    let found: Vec<String> = diff(&plan, live, &assignment)
        .iter()
        .map(|difference| {
            let line = format!(
                "{} {}: {}",
                sign(difference),
                difference
                    .slot
                    .as_deref()
                    .or(difference.workspace.as_deref())
                    .unwrap_or("-"),
                sentence(difference)
            );
            if difference.is_attention() {
                format!("({line})")
            } else {
                line
            }
        })
        .collect();
    assert_eq!(found, expected);
}

/// A layout of one workspace `1`, whose windows are named by their instances.
fn layout(body: &str) -> String {
    format!("version: 1\nworkspaces:\n  - name: '1'\n    visible: true\n{body}\nfocus: '1'\n")
}

fn window(class: &str, rest: &str) -> String {
    format!("{{ id: {class}, swallow: {{ instance: ^{class}$ }}{rest} }}")
}

fn two(rest: &str) -> String {
    let (a, b) = (window("a", ""), window("b", ""));
    layout(&format!("    nodes: [{a}, {b}]\n{rest}"))
}

#[test]
fn the_same_desktop_has_no_differences() {
    let live = one_output([workspace("1", [win("a"), win("b")]).focus([0, 1])]);
    check(&two(""), &live, &[]);
}

#[test]
fn missing_and_extra_windows_are_named() {
    let live = one_output([workspace("1", [win("a"), win("c")]).focus([0, 1])]);
    check(
        &two(""),
        &live,
        &["- b: has no window", "+ 1: `c` is not in the layout"],
    );
}

#[test]
fn windows_in_other_places_are_moved_or_arranged() {
    let moved = one_output([
        workspace("1", [win("a")]).visible().focused(),
        workspace("2", [win("b")]),
    ]);
    check(
        &two(""),
        &moved,
        &[
            "~ b: is on `2`, expected `1`",
            "~ 1: arrangement is splith[a], expected splith[a, b]",
        ],
    );
    let swapped = one_output([workspace("1", [win("b"), win("a")]).focus([1, 0])]);
    check(
        &two(""),
        &swapped,
        &["~ 1: arrangement is splith[b, a], expected splith[a, b]"],
    );
    let nested = one_output([workspace("1", [tabbed([win("a"), win("b")]).focus([0, 1])])]);
    check(
        &two(""),
        &nested,
        &["~ 1: arrangement is splith[tabbed[a, b]], expected splith[a, b]"],
    );
}

#[test]
fn split_containers_that_i3_leaves_behind_are_ignored() {
    let live = one_output([workspace("1", [splitv([win("a")]), splith([win("b")])]).focus([0, 1])]);
    check(&two(""), &live, &[]);
    let deep = splitv([splith([win("a")])]);
    let live = one_output([workspace("1", [deep, win("b")]).focus([0, 1])]);
    check(&two(""), &live, &[]);
}

#[test]
fn a_planned_split_container_around_one_window_is_part_of_the_shape() {
    let planned = layout(
        "    nodes:\n      - layout: splitv\n        nodes: [{ id: a, swallow: { class: ^A$ } }]\n      - { id: b, swallow: { class: ^B$ } }\n",
    );
    let live = one_output([workspace("1", [splitv([win("a")]), win("b")]).focus([0, 1])]);
    check(&planned, &live, &[]);
    let live = one_output([workspace("1", [win("a"), win("b")]).focus([0, 1])]);
    check(
        &planned,
        &live,
        &["~ 1: arrangement is splith[a, b], expected splith[splitv[a], b]"],
    );
    // It has lost its window.
    let live = one_output([workspace("1", [win("b")]).focus([0])]);
    check(&planned, &live, &["- a: has no window"]);
}

#[test]
fn extra_windows_do_not_count_in_sizes() {
    let live = one_output([workspace(
        "1",
        [
            win("a").percent(0.25),
            win("b").percent(0.25),
            win("c").percent(0.5),
        ],
    )
    .focus([0, 1, 2])]);
    check(&two(""), &live, &["+ 1: `c` is not in the layout"]);
}

#[test]
fn sizes_and_layouts_differ() {
    let live =
        one_output([workspace("1", [win("a").percent(0.6), win("b").percent(0.4)]).focus([0, 1])]);
    check(
        &two(""),
        &live,
        &[
            "~ 1: a: size is 60.0 % (1152 px), expected 50.0 % (960 px)",
            "~ 1: b: size is 40.0 % (768 px), expected 50.0 % (960 px)",
        ],
    );
    let live = one_output([workspace("1", [win("a"), win("b")])
        .layout(crate::layout::ContainerLayout::Tabbed)
        .focus([0, 1])]);
    check(
        &two(""),
        &live,
        &["~ 1: a + b: layout is tabbed, expected splith"],
    );
}

#[test]
fn focus_counts_as_attention() {
    let live = one_output([workspace("1", [win("a"), win("b")]).focus([1, 0])]);
    check(&two(""), &live, &["(~ 1: focus differs)"]);
    let live = one_output([
        workspace("1", [win("a"), win("b")]).focus([0, 1]),
        workspace("2", [win("x")]).visible().focused(),
    ]);
    check(
        &two(""),
        &live,
        &["(~ 1: is not visible)", "(~ 1: focus differs)"],
    );
}

#[test]
fn floating_windows_have_a_rect() {
    let yaml = layout(&format!(
        "    nodes: [{}]\n    floating: [{}]",
        window("a", ""),
        window("f", ", rect: 400x300+100+50, sticky: true")
    ));
    let there = |rect: &str, sticky: bool| {
        let f = if sticky { win("f").sticky() } else { win("f") };
        one_output([workspace("1", [win("a")])
            .floating([float(f, rect.parse().unwrap())])
            .focus([0, 1])])
    };
    check(&yaml, &there("400x300+100+50", true), &[]);
    check(
        &yaml,
        &there("401x300+100+49", true),
        &["~ f: rect is 401x300+100+49, expected 400x300+100+50"],
    );
    check(
        &yaml,
        &there("400x300+200+50", false),
        &[
            "~ f: sticky: false, expected true",
            "~ f: rect is 400x300+200+50, expected 400x300+100+50",
        ],
    );
}

/// i3 4.24 can focus a floating window in front of a fullscreen one, but no command leads there.
#[test]
fn focus_is_right_on_a_fullscreen_window() {
    let a = window("a", ", fullscreen: true");
    let (b, f) = (
        window("b", ""),
        window("f", ", rect: 9x9+0+0, focused: true"),
    );
    let yaml = layout(&format!("    nodes: [{a}, {b}]\n    floating: [{f}]"));
    let live = |order: [usize; 3]| {
        let nodes = [win("a").fullscreen(Fullscreen::Output), win("b")];
        let frame = float(win("f"), "9x9+0+0".parse().unwrap());
        one_output([workspace("1", nodes).floating([frame]).focus(order)])
    };
    check(&yaml, &live([2, 0, 1]), &[]);
    check(&yaml, &live([0, 2, 1]), &[]);
    check(&yaml, &live([0, 1, 2]), &["(~ 1: focus differs)"]);
    check(&yaml, &live([1, 2, 0]), &["(~ 1: focus differs)"]);
}

#[test]
fn layout_of_a_workspace_with_one_window_differs() {
    let yaml = layout(&format!(
        "    layout: splitv\n    nodes: [{}]",
        window("a", "")
    ));
    let live = |layout| one_output([workspace("1", [win("a").focused()]).layout(layout)]);
    check(&yaml, &live(ContainerLayout::SplitV), &[]);
    for (present, name) in [
        (ContainerLayout::SplitH, "splith"),
        (ContainerLayout::Tabbed, "tabbed"),
    ] {
        let expected = format!("~ 1: a: layout is {name}, expected splitv");
        check(&yaml, &live(present), &[&expected]);
    }
}

#[test]
fn rounding_to_size_increments_is_not_a_difference() {
    let yaml = layout(&format!(
        "    floating: [{}]",
        window("f", ", rect: 400x300+100+50")
    ));
    let with_rect = |rect: &str| {
        let f = win("f").facts(|facts| facts.size_increments = Some((6, 13)));
        one_output([workspace("1", []).floating([float(f, rect.parse().unwrap())])])
    };
    check(&yaml, &with_rect("395x288+100+50"), &[]);
    check(
        &yaml,
        &with_rect("394x288+100+50"),
        &["~ f: rect is 394x288+100+50, expected 400x300+100+50"],
    );
    check(
        &yaml,
        &with_rect("400x300+103+50"),
        &["~ f: rect is 400x300+103+50, expected 400x300+100+50"],
    );
}

#[test]
fn another_output_is_a_difference() {
    let live = desktop([
        output("eDP-1", "1920x1080+0+0".parse().unwrap()).workspaces([workspace("2", [win("x")])]),
        output("DP-1", "1920x1080+1920+0".parse().unwrap()).workspaces([workspace(
            "1",
            [win("a"), win("b")],
        )
        .focus([0, 1])
        .focused()]),
    ]);
    check(
        &two("    output: eDP-1"),
        &live,
        &["~ 1: is on DP-1, expected eDP-1"],
    );
}

#[test]
fn another_name_with_the_number_of_the_workspace_is_not_a_difference() {
    let windows = || [win("a"), win("b")];
    for name in ["1: web", "1", "01:Web"] {
        let live = one_output([workspace(name, windows()).focus([0, 1])]);
        check(&two(""), &live, &[]);
    }
    let live = one_output([
        workspace("2", []).visible(),
        workspace("1: web", [win("b"), win("a")]),
    ]);
    check(
        &two(""),
        &live,
        &[
            "(~ 1: web: is not visible)",
            "~ 1: web: arrangement is splith[b, a], expected splith[a, b]",
            "(~ 1: web: focus differs)",
            "(~ 1: web: focus differs)",
        ],
    );
}

#[test]
fn workspaces_that_share_a_number_are_identified_by_their_names() {
    let text = layout(&format!(
        "    nodes: [{}]\n  - name: '1: web'\n    nodes: [{}]",
        window("a", ""),
        window("b", "")
    ));
    let live = one_output([
        workspace("1", [win("a")]).visible(),
        workspace("1: mail", [win("b")]),
    ]);
    check(
        &text,
        &live,
        &[
            "- 1: web: does not exist",
            "~ b: is on `1: mail`, expected `1: web`",
        ],
    );
    let live = one_output([
        workspace("1: mail", [win("c")]),
        workspace("1", [win("a")]).visible(),
        workspace("1: web", [win("b")]),
    ]);
    check(&text, &live, &[]);
}

/// A daemon can rename a workspace after the plan was made.
#[test]
fn workspace_that_is_renamed_after_the_plan_is_the_same() {
    let with_name = |name: &str| one_output([workspace(name, [win("a"), win("b")]).focus([0, 1])]);
    let plan = plan(&two(""), &with_name("1"));
    let live = with_name("1: A, B");
    let assignment = match_windows(&plan, &live, Reuse::All);
    assert_eq!(diff(&plan, &live, &assignment), []);
}
