//! New windows during a run, as titles in slots.

use std::collections::{BTreeMap, BTreeSet};

use crate::compile::SlotIdx;
use crate::live::build::{Tree, one_output, win, workspace};
use crate::live::{Inside, Pid, Process};
use crate::testing::{plan, titles_in_slots};

use super::{Barred, InRun, Known, Started, explain, match_windows, undecided};

const LAYOUT: &str = r#"
version: 1
name: t
workspaces:
  - name: "1"
    nodes:
      - { id: a, swallow: { class: ^Web$ }, command: web, seen: { title: Page one - Web } }
      - { id: b, swallow: { class: ^Web$ }, command: null, seen: { title: Page two - Web } }
      - { id: c, swallow: { class: ^Web$ }, command: null, seen: { title: Page three - Web } }
      - { id: d, swallow: { class: ^Term$ }, command: termc, cwd: /src }
      - { id: e, swallow: { class: ^Term$ }, command: termc, cwd: /doc }
"#;

/// A window of the process with this id.
fn of_process(pid: u32, title: &str) -> Tree {
    win("web").title(title).argv(["web-server"]).facts(|facts| {
        facts.server_pid = Some(Pid(pid));
    })
}

/// A window that the program with this token opened.
fn opened(token: &str, title: &str) -> Tree {
    of_process(7, title).facts(|facts| {
        facts.process = Some(Process {
            token: Some(token.to_owned()),
            ..Process::default()
        });
    })
}

/// A window of the program with the token `A`, opened at the request of another program.
fn requested(token: &str, title: &str) -> Tree {
    let id = format!("i3pm-layout/{token}_TIME0");
    opened("A", title).facts(move |facts| facts.startup_id = Some(id.clone()))
}

/// A window that the user opened during the run.
fn by_user(title: &str) -> Tree {
    of_process(9, title).facts(|facts| {
        facts.process = Some(Process {
            from_session: true,
            started: Some(200),
            ..Process::default()
        });
    })
}

fn seated(slot: &str, window: Tree) -> Tree {
    window.mark(&format!("_i3pm:t:{slot}"))
}

/// Checks the titles of the windows of the slots, `-` for none, with `?` if titles may still
/// decide. The run has started the programs of `a` and `d`, with the tokens `A` and `D`.
#[track_caller]
fn check(windows: Vec<Tree>, expected: &str) {
    let live = one_output([workspace("1", windows)]);
    let plan = plan(LAYOUT, &live);
    let started = |token: &str| Started {
        token: Some(token.to_owned()),
        pid: None,
    };
    let programs = BTreeMap::from([(SlotIdx(0), started("A")), (SlotIdx(3), started("D"))]);
    let known = Known {
        run: Some(InRun {
            before: &BTreeSet::new(),
            began: Some(100),
            started: &programs,
            expected: &plan.slots().map(|(idx, _)| idx).collect(),
            handed_over: &BTreeSet::new(),
        }),
        ..Known::default()
    };
    let assignment = match_windows(&plan, &live, known);
    let mut titles = titles_in_slots(&plan, &live, &assignment);
    while titles.last() == Some(&"-") {
        titles.pop();
    }
    let is_open = !undecided(&plan, &live, known, &assignment).is_empty();
    let open = if is_open { " ?" } else { "" };
    assert_eq!(format!("{}{open}", titles.join(", ")), expected);
}

#[test]
fn windows_belong_to_the_program_that_opened_them() {
    check(vec![of_process(7, "x"), opened("A", "y")], "y, x ?");
    // The title of another slot does not matter.
    check(vec![opened("A", "Page two - Web")], "Page two - Web");
}

#[test]
fn a_request_outweighs_the_process() {
    check(
        vec![requested("D", "x").class("Term"), opened("A", "y")],
        "y, -, -, x",
    );
}

#[test]
fn windows_of_one_process_change_places_by_title() {
    let web = |title| of_process(7, title);
    check(
        vec![
            seated("a", web("Page three - Web")),
            seated("b", web("Page one - Web")),
            seated("c", web("(2) Page two - Web")),
        ],
        "Page one - Web, (2) Page two - Web, Page three - Web",
    );
    // The last window goes into the last slot.
    check(
        vec![
            seated("a", web("Page two - Web")),
            seated("b", web("Web")),
            seated("c", web("Page three - Web")),
        ],
        "Web, Page two - Web, Page three - Web",
    );
}

#[test]
fn unspecific_titles_leave_windows_where_they_are() {
    let web = |title| of_process(7, title);
    check(
        vec![seated("c", web("Web 1")), seated("b", web("Web 2"))],
        "-, Web 2, Web 1 ?",
    );
    check(
        vec![
            seated("a", web("Web")),
            seated("b", web("Page two")),
            seated("c", web("Web")),
        ],
        "Web, Page two, Web ?",
    );
}

#[test]
fn a_window_in_no_slot_replaces_another_if_its_title_is_the_one() {
    let web = |title| of_process(7, title);
    check(
        vec![
            seated("a", web("Welcome to Web")),
            seated("b", web("Page two - Web")),
            seated("c", web("Page three - Web")),
            web("Page one - Web"),
        ],
        "Page one - Web, Page two - Web, Page three - Web",
    );
}

#[test]
fn a_requested_window_stays() {
    check(
        vec![
            seated("a", requested("A", "Page two - Web")),
            seated("b", of_process(7, "Page one - Web")),
        ],
        "Page two - Web, Page one - Web",
    );
}

#[test]
fn windows_change_places_by_the_directories_of_their_shells() {
    let term = |title: &str, directory: &str| {
        let shell = Process {
            cwd: Some(directory.into()),
            ..Process::default()
        };
        of_process(7, title).class("Term").facts(move |facts| {
            facts.inside = Some(Inside {
                shell: shell.clone(),
                job: None,
            });
        })
    };
    check(
        vec![
            seated("d", term("x", "/doc")),
            seated("e", term("y", "/src")),
        ],
        "-, -, -, y, x",
    );
}

#[test]
fn a_window_that_the_user_opens_is_left_alone() {
    check(vec![by_user("Page one - Web")], "");
    let live = one_output([workspace("1", [by_user("Page one - Web")])]);
    let plan = plan(LAYOUT, &live);
    let known = Known {
        run: Some(InRun {
            before: &BTreeSet::new(),
            began: Some(100),
            started: &BTreeMap::new(),
            expected: &BTreeSet::from([SlotIdx(0)]),
            handed_over: &BTreeSet::new(),
        }),
        ..Known::default()
    };
    let explained = explain(&plan, &live, known, |idx| idx.0 == 0);
    assert_eq!(
        explained[0].candidates[0].barred,
        Some(Barred::OpenedByUser)
    );
}
