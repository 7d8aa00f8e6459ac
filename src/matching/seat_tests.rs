//! Windows that earlier runs have placed, as titles in slots.

use std::collections::BTreeSet;

use crate::compile::SlotIdx;
use crate::live::build::{Tree, one_output, win, workspace};
use crate::live::{Desktop, Seat};
use crate::testing::{plan, titles_in_slots};

use super::{Barred, Known, Reuse, explain, match_windows};

const LAYOUT: &str = r#"
version: 1
name: t
workspaces:
  - name: "1"
    nodes:
      - { id: main, swallow: { class: ^Chat$ }, command: chat, seen: { title: Chat } }
      - { id: friends, swallow: { class: ^Chat$ }, command: null, seen: { title: Friends } }
      - { id: notes, swallow: { class: ^Notes$, window_role: ^main$ }, command: notes }
"#;

fn chat(title: &str) -> Tree {
    win("chat").class("Chat").title(title).argv(["server"])
}

fn in_slot(slot: &str, window: Tree) -> Tree {
    window.mark(&format!("_i3pm:{slot}"))
}

/// The titles of the windows of the slots, `-` for none.
fn titles(live: &Desktop, known: Known<'_>) -> String {
    let plan = plan(LAYOUT, live);
    let assignment = match_windows(&plan, live, known);
    titles_in_slots(&plan, live, &assignment).join(", ")
}

#[track_caller]
fn check(windows: Vec<Tree>, expected: &str) {
    let live = one_output([workspace("1", windows)]);
    assert_eq!(titles(&live, Known::default()), expected);
}

#[test]
fn windows_stay_in_their_slots_whatever_their_titles() {
    check(
        vec![
            in_slot("t:friends", chat("one")),
            in_slot("t:main", chat("two")),
        ],
        "two, one, -",
    );
    // One exact title is not enough to move both.
    check(
        vec![
            in_slot("t:friends", chat("Chat")),
            in_slot("t:main", chat("two")),
        ],
        "two, Chat, -",
    );
}

#[test]
fn windows_with_the_exact_titles_of_each_others_slots_are_exchanged() {
    check(
        vec![
            in_slot("t:friends", chat("Chat")),
            in_slot("t:main", chat("Friends")),
        ],
        "Chat, Friends, -",
    );
    // A login window had the main slot, and is closed.
    check(
        vec![in_slot("t:friends", chat("Chat")), chat("Friends")],
        "Chat, Friends, -",
    );
}

#[test]
fn windows_of_other_layouts_are_taken_only_if_they_are_shared_or_lent() {
    let windows = |shared: bool| {
        let windows = [
            in_slot("o:x", chat("Chat")),
            in_slot("o:y", chat("Friends")),
        ];
        let mut live = one_output([workspace("5", windows)]);
        for seat in live.seats.values_mut().flatten() {
            seat.reserved = !shared;
        }
        live
    };
    assert_eq!(titles(&windows(true), Known::default()), "-, Friends, -");
    // No program is going to open the window of `friends` once that of `main` is there.
    assert_eq!(titles(&windows(false), Known::default()), "-, -, -");
    let lent = BTreeSet::from([SlotIdx(1)]);
    let known = Known {
        borrow: Some(&lent),
        ..Known::default()
    };
    assert_eq!(titles(&windows(false), known), "-, Friends, -");
    assert_eq!(
        titles(&windows(false), Reuse::All.into()),
        "Chat, Friends, -"
    );

    let own = chat("Chat").argv(["chat"]);
    let live = one_output([
        workspace("1", [in_slot("t:main", own)]),
        workspace("5", [in_slot("o:y", chat("Friends"))]),
    ]);
    assert_eq!(titles(&live, Known::default()), "Chat, Friends, -");
}

#[test]
fn explanations_give_the_true_reason() {
    let notes = |role: &str| win("notes").class("Notes").role(role);
    let live = one_output([
        workspace("1", [in_slot("o:x", chat("Chat")), notes("other")]),
        workspace("2", [notes("main").argv(["editor"])]),
    ]);
    let plan = plan(LAYOUT, &live);
    let barred = |slot: usize| -> Vec<Option<Barred>> {
        let explained = explain(&plan, &live, Reuse::Workspace, |idx| idx.0 == slot);
        let candidates = explained[0].candidates.iter();
        candidates.map(|one| one.barred.clone()).collect()
    };
    let of_other = Barred::OtherLayout {
        layout: "o".to_owned(),
        slot: "x".to_owned(),
    };
    assert_eq!(barred(0), [Some(of_other)]);
    let mut reasons = barred(2);
    reasons.sort_by_key(|reason| reason.as_ref().map(ToString::to_string));
    assert_eq!(
        reasons,
        [
            Some(Barred::OtherCommand),
            Some(Barred::Criterion {
                criterion: "window_role"
            })
        ]
    );
}

#[test]
fn a_seat_knows_its_slot() {
    let live = one_output([workspace("1", [in_slot("t:main", chat("x"))])]);
    let plan = plan(LAYOUT, &live);
    assert_eq!(plan.of_seat(&Seat::new("t", "main")), Some(SlotIdx(0)));
    assert_eq!(plan.of_seat(&Seat::new("t", "gone")), None);
    assert_eq!(plan.of_seat(&Seat::new("o", "main")), None);
}
