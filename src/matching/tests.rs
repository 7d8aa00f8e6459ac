//! Assignments of windows to slots, as text.

use crate::geometry::Rect;
use crate::live::Desktop;
use crate::live::WindowType;
use crate::live::build::{Tree, float, one_output, win, workspace};
use crate::testing::{plan, titles_in_slots};

use super::{Barred, Evidence, Reuse, match_windows};

/// The layout: workspace `1` with three terminals that differ in command and title.
const LAYOUT: &str = r#"
version: 1
name: t
workspaces:
  - name: "1"
    nodes:
      - { id: logs, swallow: { class: ^Term$ }, command: "term -e logs", seen: { title: logs } }
      - { id: shell, swallow: { class: ^Term$ }, command: term, cwd: /src, seen: { title: shell } }
      - { id: chat, swallow: { class: ^Chat$ }, command: null }
"#;

fn term(title: &str, argv: &[&str]) -> Tree {
    win("term").class("Term").title(title).argv(argv.to_vec())
}

/// Checks the titles of the windows assigned to the slots, `-` for none.
#[track_caller]
fn check(live: &Desktop, reuse: Reuse, expected: &str) {
    let plan = plan(LAYOUT, live);
    let assignment = match_windows(&plan, live, reuse);
    let found = titles_in_slots(&plan, live, &assignment);
    assert_eq!(found.join(" "), expected);
}

#[test]
fn command_and_directory_win_over_the_order_of_windows() {
    let live = one_output([workspace(
        "1",
        [
            term("x", &["term"]).cwd("/src"),
            term("y", &["/usr/bin/term", "-e", "logs"]),
        ],
    )]);
    check(&live, Reuse::Workspace, "y x -");
}

#[test]
fn known_windows_are_reused_from_anywhere_and_others_from_the_workspace() {
    let live = one_output([
        workspace("1", []),
        workspace(
            "2",
            [
                term("mine", &["term"]).cwd("/src"),
                term("stranger", &["term", "-x"]),
            ],
        ),
    ]);
    check(&live, Reuse::Workspace, "- mine -");
    check(&live, Reuse::All, "stranger mine -");
    check(&live, Reuse::None, "- - -");
    check(&live, Reuse::Recorded, "- - -");
    let here = one_output([workspace("1", [term("stranger", &["term", "-x"])])]);
    check(&here, Reuse::Workspace, "stranger - -");
}

#[test]
fn splash_screens_are_not_reused() {
    for (kind, taken) in [
        (WindowType::Normal, "logo"),
        (WindowType::Dialog, "logo"),
        (WindowType::Splash, "-"),
        (WindowType::Bare, "-"),
    ] {
        let splash = term("logo", &["term", "-x"]).window_type(kind);
        let live = one_output([workspace("1", [splash])]);
        check(&live, Reuse::Workspace, &format!("{taken} - -"));
        check(&live, Reuse::All, "logo - -");
        let plan = plan(LAYOUT, &live);
        let explained = super::explain(&plan, &live, Reuse::Workspace, |idx| idx.0 == 0);
        let is_barred = explained[0].candidates[0].barred == Some(Barred::Splash);
        assert_eq!(is_barred, taken == "-");
    }
    // Unless it was captured and does not declare its type.
    for (kind, taken) in [(WindowType::Splash, "-"), (WindowType::Bare, "logs")] {
        let splash = term("logs", &["term", "-e", "logs"]).window_type(kind);
        let live = one_output([workspace("1", [splash])]);
        check(&live, Reuse::Workspace, &format!("{taken} - -"));
    }
}

#[test]
fn terminal_in_another_directory_is_not_reused() {
    let live = one_output([workspace("2", [term("x", &["term"]).cwd("/elsewhere")])]);
    check(&live, Reuse::Workspace, "- - -");
}

#[test]
fn a_window_of_a_server_need_not_be_in_the_directory_of_its_client() {
    let yaml = r#"
version: 1
workspaces:
  - name: "1"
    nodes:
      - id: a
        swallow: { class: ^Term$ }
        command: emacsclient -c a
        cwd: /src
        seen: { process: emacs --daemon }
"#;
    let server = term("a", &["emacs", "--daemon"]).cwd("/elsewhere");
    let live = one_output([workspace("1", []), workspace("2", [server])]);
    let plan = plan(yaml, &live);
    let assignment = match_windows(&plan, &live, Reuse::Workspace);
    let found = plan.slots().filter_map(|(idx, _)| assignment.window(idx));
    assert_eq!(found.count(), 1);
}

#[test]
fn windows_that_another_program_opens_are_found_anywhere() {
    let live = one_output([workspace("2", [win("chat").class("Chat").title("chat")])]);
    check(&live, Reuse::Workspace, "- - chat");
}

#[test]
fn marks_take_precedence_and_reserve_windows() {
    let live = one_output([workspace(
        "2",
        [
            term("a", &["term", "-x"]).mark("_i3pm:t:logs"),
            term("b", &["term", "-e", "logs"]).mark("_i3pm:other:logs"),
            term("c", &["term"]).cwd("/src").mark("_i3pm:t:gone"),
        ],
    )]);
    // A window of another layout stays there; the mark of a removed slot has no effect.
    check(&live, Reuse::Workspace, "a c -");
    check(&live, Reuse::Recorded, "a - -");
}

#[test]
fn titles_distinguish_otherwise_equal_windows() {
    let live = one_output([workspace(
        "1",
        [
            term("(3) shell", &["term", "1"]),
            term("logs - today", &["term", "2"]),
        ],
    )]);
    check(&live, Reuse::Workspace, "logs - today (3) shell -");
}

#[test]
fn equal_windows_keep_their_order() {
    let yaml = r#"
version: 1
workspaces:
  - name: "1"
    nodes:
      - { id: a, swallow: { class: ^Term$ }, command: term }
      - { id: b, swallow: { class: ^Term$ }, command: term }
      - { id: c, swallow: { class: ^Term$ }, command: term }
"#;
    let live = one_output([workspace(
        "1",
        [
            term("1", &["term"]),
            term("2", &["term"]),
            term("3", &["term"]),
        ],
    )]);
    let plan = plan(yaml, &live);
    let assignment = match_windows(&plan, &live, Reuse::Workspace);
    let cons: Vec<_> = plan
        .slots()
        .map(|(idx, _)| assignment.window(idx))
        .collect();
    assert!(cons.is_sorted() && cons[0].is_some(), "{cons:?}");
}

#[test]
fn each_kind_of_evidence_outweighs_all_below_it() {
    let kinds = [
        Evidence::Requested,
        Evidence::Opened,
        Evidence::Record,
        Evidence::Command,
        Evidence::Criteria,
        Evidence::Directory,
        Evidence::Title,
        Evidence::Expected,
        Evidence::TitleLikeness(99),
        Evidence::Workspace,
        Evidence::Seat,
    ];
    for (position, kind) in kinds.iter().enumerate() {
        let below: i64 = kinds[position + 1..].iter().map(|kind| kind.weight()).sum();
        assert!(kind.weight() > below, "{kind:?}");
    }
}

#[test]
fn a_sticky_window_is_on_every_workspace_of_its_output() {
    let desktop = |sticky: bool| {
        let chat = win("chat").class("Chat").title("chat");
        let chat = if sticky { chat.sticky() } else { chat };
        one_output([
            workspace("1", []),
            workspace("2", [])
                .floating([float(chat, Rect::new(0, 0, 9, 9))])
                .focused(),
        ])
    };
    let layout = r#"
version: 1
name: t
workspaces:
  - name: "1"
    floating:
      - { id: chat, swallow: { class: ^Chat$ }, command: chat-client, rect: 9x9+0+0, sticky: true }
"#;
    for (sticky, taken) in [(true, true), (false, false)] {
        let live = desktop(sticky);
        let plan = plan(layout, &live);
        let found = match_windows(&plan, &live, Reuse::Workspace);
        assert_eq!(found.matches[0].is_some(), taken, "sticky: {sticky}");
    }
}

#[test]
fn explanation_covers_only_the_selected_slots() {
    let live = one_output([workspace("1", [term("shell", &["term"]).cwd("/src")])]);
    let plan = plan(LAYOUT, &live);
    let explained = super::explain(&plan, &live, Reuse::Workspace, |idx| idx.0 == 1);
    let slots: Vec<usize> = explained.iter().map(|one| one.slot.0).collect();
    assert_eq!(slots, [1]);
    let weights: Vec<i64> = explained[0].candidates[0]
        .evidence
        .iter()
        .map(|one| one.weight())
        .collect();
    assert!(weights.is_sorted_by(|one, next| one > next), "{weights:?}");
}
