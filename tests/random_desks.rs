//! One layout on random desks. After each `apply` on any desk, all windows are open, floating windows
//! are on the screen, and neither another `apply` nor an update changes anything. Back at its own
//! desk, everything is exactly where it was.
//!
//! With `RUN_SLOW_TESTS=1`, more seeds are tried.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::harness::display::Monitor;
use crate::harness::random::Random;
use crate::harness::{Desktop, Name, Precision, compare, tree};

/// The monitors of a desk; the first one is primary.
type Desk = &'static [(&'static str, &'static str)];

const HOME: Desk = &[
    ("eDP-1", "1920x1080+0+0"),
    ("DP-1", "2560x1440+1920+0"),
    ("DP-2", "2560x1440+4480+0"),
];

const DESKS: [Desk; 12] = [
    HOME,
    &[("eDP-1", "1920x1080+0+0")],
    &[("eDP-1", "1920x1080+2560+0"), ("DP-1", "2560x1440+0+0")],
    &[("eDP-1", "1920x1080+320+1440"), ("DP-1", "2560x1440+0+0")],
    &[
        ("eDP-1", "1920x1080+0+0"),
        ("DP-1-1", "2560x1440+1920+0"),
        ("DP-1-2", "2560x1440+4480+0"),
    ],
    &[("DP-1", "2560x1440+1920+0"), ("eDP-1", "1920x1080+0+0")],
    &[("DP-2", "2560x1440+0+0")],
    &[("HDMI-1", "1280x720+0+0")],
    &[("eDP-1", "1920x1080+0+0"), ("DP-1", "1440x2560+1920+0")],
    &[("eDP-1", "1920x1080+0+0"), ("HDMI-1", "3840x2160+1920+0")],
    &[("wide-1", "1720x1440+0+0"), ("wide-2", "1720x1440+1720+0")],
    &[
        ("eDP-1", "1920x1080+0+0"),
        ("DP-2", "2560x1440+1920+0"),
        ("DP-1", "2560x1440+4480+0"),
    ],
];

fn monitors(desk: Desk) -> Vec<Monitor> {
    let monitors = desk.iter().enumerate();
    monitors
        .map(|(position, (name, rect))| {
            let mut monitor = Monitor::new(name, rect);
            monitor.primary = position == 0;
            monitor
        })
        .collect()
}

/// True if a monitor of the layout has another size.
fn is_resized(home: Desk, desk: Desk) -> bool {
    let size = |rect: &'static str| rect.split('+').next();
    desk.iter().any(|(name, rect)| {
        let mut known = home.iter().filter(|(known, _)| known == name);
        known.any(|(_, known)| size(known) != size(rect))
    })
}

/// The windows of all workspaces and of the scratchpad.
fn windows(tree: &Value) -> Vec<String> {
    let windows = tree::windows(tree).into_iter();
    let mut names: Vec<String> = windows.map(|con| Name::Instance.of(con)).collect();
    names.sort();
    names
}

/// The floating windows that are not fully on a monitor.
fn off_screen(tree: &Value, desk: Desk) -> Vec<String> {
    let monitors = monitors(desk);
    let number = |con: &Value, key: &str| con["rect"][key].as_i64().unwrap_or_default();
    let is_inside = |con: &&Value| {
        monitors.iter().any(|monitor| {
            let rect = monitor.rect;
            let (x, y) = (i64::from(rect.x), i64::from(rect.y));
            number(con, "x") >= x
                && number(con, "y") >= y
                && number(con, "x") + number(con, "width") <= x + i64::from(rect.width)
                && number(con, "y") + number(con, "height") <= y + i64::from(rect.height)
        })
    };
    let workspaces = tree::workspaces(tree).into_iter();
    let frames = workspaces.filter_map(|one| one.con["floating_nodes"].as_array());
    let outside = frames.flatten().filter(|con| !is_inside(con));
    outside.map(|con| tree::geometry(&con["rect"])).collect()
}

/// A desktop at a desk with a saved layout `t`.
fn at(desk: Desk, focus: &str) -> Desktop {
    let monitors: Vec<(&str, &str, bool)> = desk
        .iter()
        .enumerate()
        .map(|(position, (name, rect))| (*name, *rect, position == 0))
        .collect();
    let builder = Desktop::builder().screen(7040, 2560).monitors(&monitors);
    let desktop = builder.start();
    let open = |position: usize, workspace: &str, names: &[&str]| {
        let (output, _) = desk[position.min(desk.len() - 1)];
        desktop.run_i3(&format!("focus output {output}\nworkspace {workspace}"));
        for name in names {
            desktop.open_window(*name);
        }
    };
    let float = |position: usize, name: &str, (x, y): (i32, i32)| {
        let rect = Monitor::new("", desk[position.min(desk.len() - 1)].1).rect;
        desktop.run_i3(&format!(
            "[instance={name}] floating enable, resize set 400 350, move absolute position {} {}",
            rect.x + x,
            rect.y + y,
        ));
    };
    open(0, "12", &["mail"]);
    open(0, "11", &["term", "note", "hidden"]);
    float(0, "note", (700, 301));
    desktop.run_i3("[instance=hidden] move scratchpad");
    open(1, "14", &["web"]);
    open(1, "13", &["code", "logs", "calc"]);
    desktop.run_i3("[instance=logs] split v, layout tabbed");
    float(1, "calc", (871, 369));
    open(2, "15", &["video", "chat"]);
    float(2, "chat", (5, 57));
    desktop.run_i3(&format!("workspace {focus}"));
    desktop.run(["capture", "t"]).success();
    desktop
}

fn check(seed: u64, steps: usize) {
    let mut random = Random::new(seed);
    let own = if random.one_in(2) {
        HOME
    } else {
        DESKS[random.below(DESKS.len())]
    };
    let desktop = at(own, random.one(&["11", "13", "15"]));
    // i3 does not compute the sizes of workspaces that were never visible.
    desktop.visit_all_workspaces();
    let (home, text) = (desktop.tree(), desktop.layout("t"));
    let mut desk = own;
    for step in 0..steps {
        if !random.one_in(5) {
            desk = DESKS[random.below(DESKS.len())];
        }
        // Back at its own desk at the end.
        if step + 1 == steps {
            desk = own;
        }
        desktop.arrange(&monitors(desk));
        if random.one_in(3) {
            let workspace = random.between(11, 15);
            desktop.run_i3(&format!("workspace {workspace}"));
        }
        let place = format!("seed {seed}, step {step}, from {own:?} on {desk:?}");
        let applied = desktop.run(["apply", "t"]).success();
        let now = desktop.tree();
        assert_eq!(windows(&now), windows(&home), "{place}");
        let transcript = applied.transcript();
        let left_out = off_screen(&now, desk);
        assert!(left_out.is_empty(), "{place}: {left_out:?}\n{transcript}");
        let again = desktop.apply("t");
        assert_eq!(again["commands"], 0, "{place}: {again:#}\n{transcript}");
        // The file follows a monitor of its own that has another size now.
        if !is_resized(own, desk) && random.one_in(2) {
            let updated = desktop.run(["capture", "t", "--update"]).success();
            assert_eq!(
                desktop.layout("t"),
                text,
                "{place}\n{}",
                updated.transcript()
            );
        }
        if desk == own {
            desktop.visit_all_workspaces();
            let now = desktop.tree();
            let difference = compare::difference(&home, &now, Precision::Exact, Name::Instance);
            assert_eq!(difference, None, "{place}");
        }
    }
    desktop.assert_no_traces();
}

/// The workspaces with their outputs, the visible ones with a `*`, the focused window, and the
/// floating windows with their rects.
fn places(desktop: &Desktop) -> (Vec<String>, Vec<String>, String, Vec<String>) {
    let tree = desktop.tree();
    let mut visible = desktop.visible_workspaces();
    visible.sort();
    // i3 keeps an empty workspace whose output was disabled until it was shown.
    let exists = |con: &Value| {
        let mut visible = visible.iter();
        !tree::windows(con).is_empty() || visible.any(|name| con["name"] == **name)
    };
    let workspaces = tree::workspaces(&tree).into_iter();
    let workspaces = workspaces.filter(|one| exists(one.con)).map(|one| {
        let text = |key: &str| one.con[key].as_str().unwrap_or_default().to_owned();
        format!("{}@{}", text("name"), text("output"))
    });
    let mut workspaces: Vec<String> = workspaces.collect();
    workspaces.sort();
    let frames = tree::descendants(&tree).into_iter();
    let frames = frames.filter(|con| con["type"] == "floating_con");
    let frames = frames.filter(|con| con["scratchpad_state"] == "none");
    let frames = frames.map(|con| tree::geometry(&con["rect"]));
    let mut frames: Vec<String> = frames.collect();
    frames.sort();
    (workspaces, visible, desktop.focused(), frames)
}

/// Adapts to random desks, to what was recorded or saved for each desk and to the layout in turns.
/// `adapt` restores everything that it knows about a desk exactly, and another run sends nothing. With the layout,
/// floating windows are on the screen. No window moves to another workspace.
fn check_adapt(seed: u64, steps: usize, saves: bool) {
    let mut random = Random::new(seed);
    let desktop = at(HOME, "13");
    desktop.visit_all_workspaces();
    let arrangement = |desktop: &Desktop| -> Vec<String> {
        let tree = desktop.tree();
        let all = tree::workspaces(&tree).into_iter();
        let mut all: Vec<String> = all
            .flat_map(|one| {
                let name = one.con["name"].as_str().unwrap_or_default().to_owned();
                let windows = tree::windows(one.con).into_iter();
                let windows = windows.map(move |con| format!("{name}: {}", Name::Instance.of(con)));
                windows.collect::<Vec<_>>()
            })
            .collect();
        all.sort();
        all
    };
    let windows = arrangement(&desktop);
    // The same monitors at other places are the same set.
    let set = |desk: usize| -> BTreeSet<&str> { DESKS[desk].iter().map(|one| one.0).collect() };
    let mut known: BTreeMap<BTreeSet<&str>, _> = BTreeMap::new();
    let mut here = 0;
    for step in 0..steps {
        let place = format!("seed {seed}, step {step}, on {:?}", DESKS[here]);
        // What the hook `preswitch` does, and a person before it.
        if random.one_in(2) {
            let workspace = random.between(11, 15);
            desktop.run_i3(&format!("workspace {workspace}"));
        }
        if random.one_in(3) {
            let (output, _) = DESKS[here][random.below(DESKS[here].len())];
            let workspace = random.between(11, 15);
            desktop.run_i3(&format!(
                "[workspace={workspace}] move workspace to output {output}"
            ));
        }
        if saves {
            let name: Vec<&str> = set(here).into_iter().collect();
            let name = name.join("_");
            desktop.run(["adapt", "--save", &name]).success();
        } else {
            desktop.run(["adapt", "--remember"]).success();
        }
        known.insert(set(here), (here, places(&desktop)));
        here = random.below(DESKS.len());
        desktop.arrange(&monitors(DESKS[here]));
        let place = format!("{place}, then on {:?}", DESKS[here]);
        if random.one_in(4) || !known.contains_key(&set(here)) {
            let adapted = desktop.run(["adapt", "t"]).success();
            let left_out = off_screen(&desktop.tree(), DESKS[here]);
            let transcript = adapted.transcript();
            assert!(left_out.is_empty(), "{place}: {left_out:?}\n{transcript}");
        } else {
            let adapted = desktop.run(["adapt"]).success();
            let transcript = adapted.transcript();
            let (desk, mut before) = known[&set(here)].clone();
            let mut after = places(&desktop);
            if saves {
                // A profile has no empty workspaces, and i3 chooses the names of new ones.
                for places in [&mut before, &mut after] {
                    let is_used = |name: &str| {
                        let name = format!("{}: ", name.split('@').next().unwrap_or_default());
                        windows.iter().any(|window| window.starts_with(&name))
                    };
                    places.0.retain(|place| is_used(place));
                    places.1.retain(|name| is_used(name));
                }
            }
            if desk != here {
                before.3.clear();
                after.3.clear();
            }
            // A window that hung over the edge hangs there again.
            assert_eq!(after, before, "{place}\n{transcript}");
            let again = desktop.report("adapt");
            assert_eq!(again["commands"], 0, "{place}: {again:#}");
        }
        assert_eq!(arrangement(&desktop), windows, "{place}");
    }
    desktop.assert_no_traces();
}

#[test]
fn adapt_restores_what_it_knows_of_random_desks() {
    check_adapt(1, 14, false);
}

#[test]
fn adapt_restores_what_it_knows_of_other_random_desks() {
    check_adapt(2, 14, true);
}

#[test]
fn layout_fits_random_desks() {
    check(1, 14);
}

#[test]
fn layout_fits_other_random_desks() {
    check(2, 14);
}

/// Does nothing unless the environment variable is set.
#[test]
fn new_random_desks_fit() {
    if std::env::var_os("RUN_SLOW_TESTS").is_some() {
        for seed in 100..140 {
            check(seed, 25);
        }
    }
}

/// Does nothing unless the environment variable is set.
#[test]
fn new_random_desks_are_adapted_to() {
    if std::env::var_os("RUN_SLOW_TESTS").is_some() {
        for seed in 100..140 {
            check_adapt(seed, 25, seed % 2 == 0);
        }
    }
}
