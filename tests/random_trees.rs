//! Random trees of windows: captured, closed or shuffled, and applied.
//!
//! Each case is a script of i3 commands generated from a number, the seed. A failing
//! script is shortened as long as it still fails, and printed. The normal run uses the
//! same 18 seeds each time. With `RUN_SLOW_TESTS=1`, another test tries new seeds for ten
//! minutes; `RANDOM_TREE_SEED=123` makes it run only that seed.

mod comparable;
mod script;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use self::comparable::{comparable, invisible_properties};
use self::script::{Script, Step};
use crate::harness::compare::difference;
use crate::harness::{Desktop, Name, Precision, TestWindow, tree};

/// Time limit for shortening a failing script.
const SHORTENING_LIMIT: Duration = Duration::from_secs(45);

fn desktop() -> Desktop {
    Desktop::builder().two_monitors().start()
}

/// Runs one case from an empty desktop.
fn attempt(desktop: &Desktop, script: &Script) -> Result<(), String> {
    let case = AssertUnwindSafe(|| case(desktop, script));
    catch_unwind(case).unwrap_or_else(|panic| {
        let text = panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(text.unwrap_or_else(|| "a panic without a message".to_owned()))
    })
}

fn case(desktop: &Desktop, script: &Script) -> Result<(), String> {
    clear(desktop);
    for step in &script.build {
        match step {
            Step::Open(number, instance) => {
                desktop.open_window(TestWindow::new(instance).title(&format!("w{number}")));
            }
            Step::Run(command) => {
                desktop.ipc().try_run(command);
            }
        }
    }
    if script.count_opened() == 0 {
        return Ok(());
    }
    focus_a_window(desktop);
    desktop.visit_all_workspaces();
    desktop.sync();
    let before = desktop.tree();
    if let Err(problems) = crate::preview::compare_live(desktop) {
        return Err(format!("the picture is wrong:\n{problems}"));
    }
    desktop.run(["capture", "t"]).success();
    let saved = desktop.layout("t");

    for command in &script.change {
        desktop.ipc().try_run(command);
    }
    let left = script.count_opened() - script.count_killed();
    desktop.wait_until("the windows are closed", || {
        tree::windows(&desktop.tree()).len() == left
    });
    desktop.sync();
    let changed = desktop.tree_text_by(Name::Title);
    let (starts, unmaps) = (desktop.starts(), desktop.unmaps());
    let output = desktop.run(["apply", "t", "--timeout", "10"]);
    let report = output.transcript();
    let failure = |what: &str| {
        format!(
            "{what}\nsaved:\n{}changed:\n{changed}now:\n{}{report}\n{saved}",
            tree::text(&before, Name::Title),
            desktop.tree_text_by(Name::Title)
        )
    };
    if output.status.code() != Some(0) {
        return Err(failure("apply failed"));
    }
    if desktop.starts() - starts != script.count_killed() {
        return Err(failure("other programs were started than were closed"));
    }
    if script.count_killed() == 0 && desktop.unmaps() != unmaps {
        return Err(failure("a window was unmapped"));
    }
    let replay = desktop.run(["history", "show", "last", "--replay"]);
    if replay.status.code() != Some(0) {
        return Err(failure(&format!("the replay differs: {}", replay.stdout)));
    }
    // This runs first, before any other command can change the tree.
    let again = desktop.run(["apply", "t", "--json"]).json();
    if again["commands"] != 0 {
        return Err(failure(&format!(
            "the second apply did something: {again:#}"
        )));
    }
    desktop.visit_all_workspaces();
    desktop.sync();
    let after = desktop.tree();
    let (wanted, present) = (comparable(&before), comparable(&after));
    if let Some(difference) = difference(&wanted, &present, Precision::Exact, Name::Title) {
        return Err(failure(&format!("the trees differ:\n{difference}")));
    }
    let again = desktop.run(["apply", "t", "--json"]).json();
    // A sticky window follows the visit. The workspace that it leaves is then focused instead
    // of the window.
    let is_sticky = |con: &&Value| con["sticky"] == true;
    let visited =
        tree::descendants(&after).iter().any(is_sticky) && again["changed"] == json!(["focus"]);
    if again["commands"] != 0 && !visited {
        return Err(failure(&format!(
            "the third apply did something: {again:#}"
        )));
    }
    desktop.run(["capture", "t"]).success();
    if desktop.layout("t") != saved && invisible_properties(&before) == invisible_properties(&after)
    {
        return Err(failure(&format!(
            "the second capture differs:\n{}",
            desktop.layout("t")
        )));
    }
    if let Some(trace) = tree::trace(&after) {
        return Err(failure(&format!("{trace} is left")));
    }
    if script.count_killed() == 0 {
        return undo(desktop, script);
    }
    Ok(())
}

/// Changes the desktop again, applies the layout and undoes this.
fn undo(desktop: &Desktop, script: &Script) -> Result<(), String> {
    for command in &script.change {
        desktop.ipc().try_run(command);
    }
    focus_a_window(desktop);
    desktop.visit_all_workspaces();
    desktop.sync();
    let before = desktop.tree();
    let applied = desktop.run(["apply", "t", "--json"]).success().json();
    if applied["commands"] == 0 {
        return Ok(());
    }
    let unmaps = desktop.unmaps();
    let output = desktop.run(["undo"]);
    let undone = desktop.tree_text_by(Name::Title);
    let failure = |what: &str| {
        format!(
            "{what}\nbefore:\n{}after undo:\n{undone}now:\n{}{}",
            tree::text(&before, Name::Title),
            desktop.tree_text_by(Name::Title),
            output.transcript()
        )
    };
    if output.status.code() != Some(0) {
        return Err(failure("undo failed"));
    }
    if desktop.unmaps() != unmaps {
        return Err(failure("undo unmapped a window"));
    }
    // Sticky windows follow the visit, and so change their order.
    let mut all = tree::descendants(&before).into_iter();
    let has_sticky = all.any(|con| con["sticky"] == true);
    if has_sticky && undone == tree::text(&before, Name::Title) {
        return Ok(());
    }
    desktop.visit_all_workspaces();
    desktop.sync();
    let after = desktop.tree();
    let (wanted, present) = (comparable(&before), comparable(&after));
    match difference(&wanted, &present, Precision::Exact, Name::Title) {
        Some(difference) => Err(failure(&format!("undo: the trees differ:\n{difference}"))),
        None => Ok(()),
    }
}

/// Closes all windows and shows a new empty workspace on each monitor.
fn clear(desktop: &Desktop) {
    desktop.close_all_windows();
    for (output, name) in [("eDP-1", "1"), ("DP-1", "2")] {
        // Leaving through an unused name makes i3 create the workspace again.
        desktop.run_i3(&format!(
            "focus output {output}; workspace empty on {output}"
        ));
        desktop.ipc().try_run(&format!("workspace {name}"));
    }
    desktop.run_i3(
        "focus output DP-1; workspace empty on DP-1; focus output eDP-1; workspace empty on eDP-1",
    );
    desktop.run_i3("workspace 1; focus output DP-1; workspace 2; focus output eDP-1");
}

/// Focuses a window if a workspace or container is focused, because a layout records only
/// windows.
fn focus_a_window(desktop: &Desktop) {
    for _ in 0..10 {
        let tree = desktop.tree();
        let focused = tree::focused(&tree);
        if focused.is_none_or(|con| tree::children(con).next().is_none()) {
            return;
        }
        let below = focused
            .into_iter()
            .flat_map(tree::descendants)
            .find(|con| !con["window"].is_null())
            .map(|con| con["id"].clone());
        if let Some(id) = below {
            desktop.ipc().try_run(&format!("[con_id={id}] focus"));
        }
    }
}

/// Shortens a failing script as far as it still fails.
fn shorten(mut script: Script, mut why: String) -> (Script, String) {
    let begun = Instant::now();
    let mut private = desktop();
    'again: while begun.elapsed() < SHORTENING_LIMIT {
        for shorter in script.without_one_step() {
            if begun.elapsed() > SHORTENING_LIMIT {
                break 'again;
            }
            if let Err(still) = attempt(&private, &shorter) {
                (script, why) = (shorter, still);
                private = desktop();
                continue 'again;
            }
        }
        break;
    }
    (script, why)
}

/// Runs each seed, and fails with a shortened script if a desktop is not restored.
fn assert_restored(seeds: impl IntoIterator<Item = u64>) {
    let desktop = desktop();
    for seed in seeds {
        let script = Script::of(seed);
        if let Err(why) = attempt(&desktop, &script) {
            let (script, why) = shorten(script, why);
            panic!("seed {seed}:\n{}\n{why}", script.text());
        }
    }
}

#[test]
fn random_trees_1_to_6_are_restored() {
    assert_restored(1..=6);
}

#[test]
fn random_trees_7_to_12_are_restored() {
    assert_restored(7..=12);
}

#[test]
fn random_trees_13_to_18_are_restored() {
    assert_restored(13..=18);
}

/// Does nothing unless one of the environment variables is set.
#[test]
fn new_random_trees_are_restored() {
    let only = std::env::var("RANDOM_TREE_SEED").ok();
    if let Some(seed) = only.and_then(|seed| seed.parse().ok()) {
        assert_restored([seed]);
    } else if std::env::var_os("RUN_SLOW_TESTS").is_some() {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let first = now.expect("the clock is after 1970").as_secs() << 20;
        let begun = Instant::now();
        assert_restored((first..).take_while(|_| begun.elapsed() < Duration::from_secs(600)));
    }
}
