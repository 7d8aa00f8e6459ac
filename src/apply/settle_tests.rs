//! New windows, as desktops before and commands after.

use std::collections::{BTreeMap, BTreeSet};

use crate::compile::{Plan, SlotIdx};
use crate::live::build::{
    Tree, desktop_with_scratchpad, float, output, placeholder, tabbed, win, workspace,
};
use crate::live::{Con, ConKind, Desktop, Process, ScratchpadState, WindowType};
use crate::testing::plan;

use crate::matching::{InRun, Known, Started, match_windows};

use super::settle::{Slots, settle};

const LAYOUT: &str = r#"
version: 1
name: t
workspaces:
  - name: "1"
    nodes:
      - { id: a, swallow: { class: ^Term$ }, command: term a }
      - { id: b, swallow: { class: ^Term$ }, command: term b }
      - { id: c, swallow: { class: ^Term$ }, command: null }
"#;

/// A desktop with the places of the slots, and with these windows in the scratchpad and on another
/// workspace.
fn live(scratchpad: Vec<Tree>, elsewhere: Vec<Tree>) -> Desktop {
    live_with(["a", "b", "c"].map(place), scratchpad, elsewhere)
}

/// The place of a slot.
fn place(slot: &str) -> Tree {
    placeholder(slot).mark(&format!("_i3pm:place:t:{slot}"))
}

fn live_with(places: [Tree; 3], scratchpad: Vec<Tree>, elsewhere: Vec<Tree>) -> Desktop {
    let screen = "1920x1080+0+0".parse().unwrap();
    desktop_with_scratchpad(
        [output("eDP-1", screen).workspaces([workspace("1", places), workspace("2", elsewhere)])],
        scratchpad
            .into_iter()
            .map(|con| {
                float(con, "640x480+0+0".parse().unwrap()).scratchpad(ScratchpadState::Changed)
            })
            .collect::<Vec<_>>(),
    )
}

/// A placeholder that waits for the window of a slot.
fn waits(slot: &str) -> Tree {
    placeholder(slot).mark(&format!("_i3pm:wait:t:{slot}"))
}

/// A window in the waiting placeholder of a slot.
fn in_place_of(slot: &str, window: Tree) -> Tree {
    window.mark(&format!("_i3pm:wait:t:{slot}"))
}

/// A window of the program with this token.
fn of(token: &str) -> Tree {
    win("term").class("Term").facts(|facts| {
        facts.process = Some(Process {
            token: Some(token.to_owned()),
            ..Process::default()
        });
    })
}

/// A window of the program with the token `A`, opened at the request of another program.
fn asked(token: &str) -> Tree {
    let id = format!("i3pm-layout/{token}_TIME0");
    of("A").facts(move |facts| facts.startup_id = Some(id.clone()))
}

/// The commands that move the window with this number to a place.
fn brought(window: usize, place: usize) -> Vec<String> {
    vec![format!("#{window} swap container with #{place}")]
}

/// The command that removes a placeholder.
fn removed(placeholder: usize) -> String {
    format!("#{placeholder}")
}

/// The command for a window that leaves the placeholder of a slot.
fn left_placeholder(window: usize, waiting: &str) -> String {
    format!("#{window} unmark \"_i3pm:wait:t:{waiting}\"")
}

/// The commands that make a placeholder wait for another slot.
fn waits_on(placeholder: usize, slot: &str, before: &str) -> Vec<String> {
    vec![
        format!("#{placeholder} mark --add \"_i3pm:wait:t:{slot}\""),
        format!("#{placeholder} unmark \"_i3pm:wait:t:{before}\""),
    ]
}

/// Checks the commands and the ids of the filled slots. The commands have the numbers of containers
/// in tree order instead of their ids, from 0: the places of `a`, `b` and `c`, other windows, then
/// the scratchpad.
#[track_caller]
fn check<T: AsRef<str>>(live: &Desktop, expected: &[T], filled: &[&str]) {
    let plan = plan(LAYOUT, live);
    let started: BTreeMap<SlotIdx, Started> = [(0, "A"), (1, "B")]
        .into_iter()
        .map(|(idx, token)| {
            let token = Some(token.to_owned());
            (SlotIdx(idx), Started { token, pid: None })
        })
        .collect();
    let pending: BTreeSet<SlotIdx> = plan.slots().map(|(idx, _)| idx).collect();
    let run = InRun {
        before: &BTreeSet::new(),
        began: Some(100),
        started: &started,
        expected: &pending,
        handed_over: &BTreeSet::new(),
    };
    let known = Known {
        run: Some(run),
        ..Known::default()
    };
    let assignment = match_windows(&plan, live, known);
    let slots = Slots {
        run,
        pending: &pending,
        seated: &BTreeMap::new(),
    };
    let settled = settle(&plan, live, &assignment, slots);
    let leaves: Vec<u64> = live
        .workspaces()
        .map(|workspace| workspace.con)
        .chain(live.scratchpad())
        .flat_map(Con::descendants)
        .filter(|con| con.is_leaf() && con.kind == ConKind::Con)
        .map(|con| con.id.0)
        .collect();
    let commands: Vec<String> = settled
        .commands
        .iter()
        .map(|command| {
            let mut text = command.to_i3().unwrap();
            for (position, id) in leaves.iter().enumerate() {
                text = text.replace(&format!("con_id={id} "), &format!("con_id={id}]"));
                text = text.replace(&format!("[con_id={id}]"), &format!("#{position}"));
                text = text.replace(&format!("con_id {id}"), &format!("#{position}"));
            }
            text.split("class=")
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned()
        })
        .collect();
    let expected: Vec<&str> = expected.iter().map(AsRef::as_ref).collect();
    assert_eq!(commands, expected);
    let ids = |plan: &Plan| -> Vec<String> {
        settled
            .filled
            .iter()
            .map(|(idx, _)| plan.slot(*idx).id.clone())
            .collect()
    };
    assert_eq!(ids(&plan), filled);
}

#[test]
fn window_in_its_own_placeholder_fills_the_slot() {
    let live = live(
        vec![in_place_of("a", of("A")), waits("b"), waits("c")],
        vec![],
    );
    check(
        &live,
        &[brought(3, 0), vec![removed(0), left_placeholder(3, "a")]].concat(),
        &["a"],
    );
}

#[test]
fn place_that_comes_among_the_waiting_placeholders_is_removed_later() {
    let boxed = || {
        let waiting = [in_place_of("a", of("A")), waits("b"), waits("c")];
        vec![tabbed(waiting).mark("_i3pm:waiting")]
    };
    let swapped = brought(3, 0);
    let later = vec![
        "#0 mark --add \"_i3pm:spent:t:a\"".to_owned(),
        "#0 unmark \"_i3pm:place:t:a\"".to_owned(),
        left_placeholder(3, "a"),
    ];
    let hidden = live(boxed(), vec![]);
    check(&hidden, &[swapped.clone(), later].concat(), &["a"]);
    // A label is drawn, so it must be removed on its own.
    let places = [place("a").drawn(), place("b"), place("c")];
    let at_once = vec![
        "#0 move scratchpad".to_owned(),
        removed(0),
        left_placeholder(3, "a"),
    ];
    let labelled = live_with(places, boxed(), vec![]);
    check(&labelled, &[swapped, at_once].concat(), &["a"]);
}

#[test]
fn window_in_another_placeholder_fills_its_own_slot() {
    let live = live(
        vec![in_place_of("a", of("B")), waits("b"), waits("c")],
        vec![],
    );
    check(
        &live,
        &[
            brought(3, 1),
            vec![left_placeholder(3, "a")],
            waits_on(4, "a", "b"),
            vec![removed(1)],
        ]
        .concat(),
        &["b"],
    );
}

/// Their programs differ, or one process opens both and tells which request each belongs to.
#[test]
fn windows_in_each_others_placeholders_fill_their_own_slots() {
    for window in [of, asked] {
        let live = live(
            vec![
                in_place_of("a", window("B")),
                in_place_of("b", window("A")),
                waits("c"),
            ],
            vec![],
        );
        check(
            &live,
            &[
                brought(4, 0),
                brought(3, 1),
                vec![
                    removed(0),
                    removed(1),
                    left_placeholder(3, "a"),
                    left_placeholder(4, "b"),
                ],
            ]
            .concat(),
            &["a", "b"],
        );
    }
}

#[test]
fn window_of_an_unknown_program_fills_the_remaining_slot() {
    let live = live(
        vec![
            in_place_of("a", of("?")),
            in_place_of("b", of("A")),
            waits("c"),
        ],
        vec![],
    );
    check(
        &live,
        &[
            brought(4, 0),
            brought(3, 2),
            vec![left_placeholder(4, "b")],
            waits_on(5, "b", "c"),
            vec![removed(0), removed(2), left_placeholder(3, "a")],
        ]
        .concat(),
        &["a", "c"],
    );
}

#[test]
fn started_window_elsewhere_is_moved_in() {
    let live = live(
        vec![waits("a"), waits("b"), waits("c")],
        vec![of("A"), of("?")],
    );
    // The other window opened before its placeholder waited for it.
    check(
        &live,
        &[
            brought(3, 0),
            brought(4, 2),
            vec![removed(5), removed(7), removed(0), removed(2)],
        ]
        .concat(),
        &["a", "c"],
    );
}

#[test]
fn dialog_is_moved_out_and_fills_no_slot() {
    let splash = of("A").window_type(WindowType::Splash);
    let live = live(
        vec![in_place_of("a", splash), waits("b"), waits("c")],
        vec![of("B").window_type(WindowType::Dialog)],
    );
    check(
        &live,
        &[
            "#4 unmark \"_i3pm:wait:t:a\"",
            "#4 move --no-auto-back-and-forth container to workspace \"1\"",
            "#4 floating disable",
            "#4 floating enable",
        ],
        &[],
    );
}
