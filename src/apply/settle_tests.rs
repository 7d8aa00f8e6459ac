//! New windows, as desktops before and commands after.

use std::collections::{BTreeMap, BTreeSet};

use crate::compile::{Plan, SlotIdx};
use crate::live::build::{
    Tree, desktop_with_scratchpad, float, output, placeholder, win, workspace,
};
use crate::live::{Con, ConKind, Desktop, Process, ScratchpadState, WindowType};
use crate::testing::plan;

use super::settle::{Known, settle};
use super::started::Started;

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
    let place = |slot: &str| placeholder(slot).mark(&format!("_i3pm:place:t:{slot}"));
    let screen = "1920x1080+0+0".parse().unwrap();
    desktop_with_scratchpad(
        [output("eDP-1", screen).workspaces([
            workspace("1", ["a", "b", "c"].map(place)),
            workspace("2", elsewhere),
        ])],
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

/// The commands that move the window with this number to a slot, whose place has the other number.
/// They also remove the mark of the slot whose placeholder swallowed the window.
fn placed(window: usize, place: usize, slot: &str, waiting: &str) -> Vec<String> {
    vec![
        format!("#{window} swap container with #{place}"),
        format!("#{place}"),
        format!("#{window} mark --add \"_i3pm:t:{slot}\""),
        format!("#{window} unmark \"_i3pm:wait:t:{waiting}\""),
    ]
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
            let token = token.to_owned();
            (SlotIdx(idx), Started { token, pid: None })
        })
        .collect();
    let settled = settle(
        &plan,
        live,
        Known {
            started: &started,
            handed_over: &BTreeSet::new(),
            pending: &plan.slots().map(|(idx, _)| idx).collect(),
            before: &BTreeSet::new(),
            began: Some(100),
        },
    );
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
    check(&live, &placed(3, 0, "a", "a"), &["a"]);
}

#[test]
fn window_in_another_placeholder_fills_its_own_slot() {
    let live = live(
        vec![in_place_of("a", of("B")), waits("b"), waits("c")],
        vec![],
    );
    check(
        &live,
        &[placed(3, 1, "b", "a"), waits_on(4, "a", "b")].concat(),
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
            &[placed(3, 1, "b", "a"), placed(4, 0, "a", "b")].concat(),
            &["b", "a"],
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
            placed(4, 0, "a", "b"),
            placed(3, 2, "c", "a"),
            waits_on(5, "b", "c"),
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
    check(
        &live,
        &[
            "#3 swap container with #0",
            "#0",
            "#3 mark --add \"_i3pm:t:a\"",
            "#5",
        ],
        &["a"],
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
