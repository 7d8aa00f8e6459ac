//! Random trees of windows: captured, closed or shuffled, and applied.
//!
//! Each case is a script of i3 commands made from a number, the seed. After a failure the
//! script is made shorter as long as it still fails, and printed. The normal run goes
//! through the same 18 seeds each time. With `RUN_SLOW_TESTS=1`, another test goes through
//! new ones for ten minutes; `RANDOM_TREE_SEED=123` makes it run one case.

use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::harness::compare::difference;
use crate::harness::{Desktop, Name, Precision, TestWindow, tree};

/// How long a failing script is shortened.
const SHORTENING: Duration = Duration::from_secs(45);

/// Names that i3, a shell, YAML or a parser of ours could take for something else.
const WORKSPACES: [&str; 10] = [
    "1",
    "2",
    "3: ünï ♥ code",
    "next",
    "10:a, b; c",
    "say \"so\" \\ twice",
    "#hash: [x]",
    "-1",
    "no",
    "back_and_forth",
];

/// A source of numbers that are the same for the same seed (Steele, Lea and Flood,
/// "Fast splittable pseudorandom number generators").
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % limit as u64).expect("it is below the limit")
    }

    fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most - least + 1)
    }

    fn one<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }

    /// True in one of `times` cases.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// What is done to a desktop.
#[derive(Clone, Debug)]
enum Step {
    /// Opens the window of this number, of this instance.
    Open(usize, String),
    /// Runs i3 commands, which may fail.
    Run(String),
}

/// A case.
#[derive(Clone, Debug)]
struct Script {
    /// Makes the tree that is captured.
    build: Vec<Step>,
    /// Changes it. `kill` is among it only as a step of its own.
    change: Vec<String>,
}

impl Script {
    fn of(seed: u64) -> Self {
        let mut random = Random(seed);
        let count = random.between(2, 8);
        let mut build = Vec::new();
        for number in 0..count {
            let instance = if random.once_in(3) {
                "twin".to_owned()
            } else {
                format!("i{number}")
            };
            build.push(Step::Open(number, instance));
            for _ in 0..random.below(4) {
                build.push(Step::Run(arrange(&mut random, number + 1)));
            }
        }
        for _ in 0..random.below(8) {
            build.push(Step::Run(decorate(&mut random, count)));
        }
        for _ in 0..random.below(4) {
            build.push(Step::Run(arrange(&mut random, count)));
        }
        if random.once_in(12) {
            // Last: a window that covers all outputs can be moved where it is not.
            // And one that is hidden can take i3 down with it.
            let one = window(random.below(count)).replace(']', " workspace=\"^(?!__)\"]");
            build.push(Step::Run(format!("{one} fullscreen enable global")));
        }
        let change = match random.below(4) {
            0 => (0..count).map(kill).collect(),
            1 => {
                let mut change: Vec<String> =
                    (0..count).filter(|_| random.once_in(2)).map(kill).collect();
                for _ in 0..random.below(4) {
                    change.push(shuffle(&mut random, count));
                }
                change
            }
            _ => (0..random.between(1, 8))
                .map(|_| shuffle(&mut random, count))
                .collect(),
        };
        Self { build, change }
    }

    fn opened(&self) -> usize {
        let opens = |step: &&Step| matches!(step, Step::Open(..));
        self.build.iter().filter(opens).count()
    }

    /// How many windows the change closes; some may never have been opened.
    fn killed(&self) -> usize {
        let opens = |step: &Step, kill_one: &str| matches!(step, Step::Open(number, _) if kill(*number) == kill_one);
        self.change
            .iter()
            .filter(|command| self.build.iter().any(|step| opens(step, command)))
            .count()
    }

    /// All scripts that lack one step, those without later steps first.
    fn shorter(&self) -> Vec<Self> {
        let changes = (0..self.change.len()).rev().map(|index| {
            let mut script = self.clone();
            script.change.remove(index);
            script
        });
        let builds = (0..self.build.len()).rev().map(|index| {
            let mut script = self.clone();
            script.build.remove(index);
            script
        });
        changes.chain(builds).collect()
    }

    /// As lines of Rust for a test of its own.
    fn text(&self) -> String {
        let mut text = String::new();
        for step in &self.build {
            let _ = match step {
                Step::Open(number, instance) => writeln!(text, "open w{number} (of {instance})"),
                Step::Run(command) => writeln!(text, "    {command:?},"),
            };
        }
        text.push_str("captured, then\n");
        for command in &self.change {
            let _ = writeln!(text, "    {command:?},");
        }
        text
    }
}

fn kill(number: usize) -> String {
    format!("{} kill", window(number))
}

fn window(number: usize) -> String {
    format!("[title=\"^w{number}$\"]")
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A command that changes where the next window comes, or where one is.
fn arrange(random: &mut Random, count: usize) -> String {
    let number = random.below(count);
    match random.below(14) {
        0..=2 => random.one(&["split h", "split v"]).to_owned(),
        3 | 4 => format!(
            "layout {}",
            random.one(&["tabbed", "stacking", "splith", "splitv", "toggle split"])
        ),
        5 | 6 => format!(
            "focus {}",
            random.one(&["left", "right", "up", "down", "parent", "child"])
        ),
        7 | 8 => format!("move {}", random.one(&["left", "right", "up", "down"])),
        9 => format!("{} focus", window(number)),
        10 => format!("workspace {}", quoted(random.one(&WORKSPACES))),
        11 => format!("focus output {}", random.one(&["eDP-1", "DP-1"])),
        12 => format!(
            "{} move container to workspace {}",
            window(number),
            quoted(random.one(&WORKSPACES))
        ),
        _ => resize(random, number),
    }
}

fn resize(random: &mut Random, number: usize) -> String {
    let window = window(number);
    match random.below(3) {
        0 => format!("{window} resize set {} ppt", random.between(10, 80)),
        1 => format!("{window} resize set 0 ppt {} ppt", random.between(10, 80)),
        _ => format!(
            "{window} resize {} {} {} px",
            random.one(&["grow", "shrink"]),
            random.one(&["left", "right", "up", "down"]),
            random.between(1, 333)
        ),
    }
}

/// A command that sets something on a window or a container.
fn decorate(random: &mut Random, count: usize) -> String {
    let number = random.below(count);
    let one = window(number);
    match random.below(12) {
        0 | 1 => format!("{one} floating enable, {}", floating_place(random)),
        2 => format!("{one} floating enable, sticky enable"),
        3 => format!("{one} move scratchpad"),
        4 => format!(
            "{one} floating enable, {}, move scratchpad",
            floating_place(random)
        ),
        5 => format!("{one} move scratchpad; {one} scratchpad show"),
        6 => format!("{one} mark --add {}", quoted(&format!("m {number} \"♥\""))),
        7 => format!(
            "{one} border {}",
            random.one(&["none", "pixel 1", "pixel 5", "normal 4", "normal 0"])
        ),
        8 => format!("{one} fullscreen enable"),
        9 => format!("{one} title_format \"<b>%title</b>\""),
        10 => format!("{one} focus; focus parent; mark --add c{number}"),
        _ => format!("{one} focus; focus parent; floating enable"),
    }
}

fn floating_place(random: &mut Random) -> String {
    format!(
        "resize set {} px {} px, move absolute position {} px {} px",
        random.between(120, 1200),
        random.between(90, 900),
        random.between(0, 4000),
        random.between(0, 1000)
    )
}

/// A command of somebody who rearranges the desktop.
fn shuffle(random: &mut Random, count: usize) -> String {
    let (number, other) = (random.below(count), random.below(count));
    let one = window(number);
    match random.below(10) {
        0 | 1 => arrange(random, count),
        2 => format!("{one} floating toggle"),
        3 => format!(
            "{one} mark --add swap; {} swap container with mark swap; unmark swap",
            window(other)
        ),
        4 => format!("{one} focus; {}", arrange(random, count)),
        5 => format!("{one} move scratchpad"),
        6 => format!("{one} fullscreen toggle"),
        7 => format!(
            "{one} move container to workspace {}",
            quoted(random.one(&WORKSPACES))
        ),
        8 => format!(
            "{} move {} 70 px",
            // What is moved while it is hidden can end i3.
            one.replace(']', " workspace=\"^(?!__)\"]"),
            random.one(&["left", "right", "up", "down"])
        ),
        // A mark that somebody sets is kept.
        _ => Some(decorate(random, count))
            .filter(|command| !command.contains("mark"))
            .unwrap_or_else(|| format!("{one} border pixel 3")),
    }
}

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
        Err(text.unwrap_or_else(|| "a panic without words".to_owned()))
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
    if script.opened() == 0 {
        return Ok(());
    }
    focus_a_window(desktop);
    visit_all_workspaces(desktop);
    desktop.sync();
    let before = desktop.tree();
    desktop.run(["capture", "t"]).success();
    let saved = desktop.layout("t");

    for command in &script.change {
        desktop.ipc().try_run(command);
    }
    let left = script.opened() - script.killed();
    desktop.wait_until("the windows are closed", || {
        tree::windows(&desktop.tree()).len() == left
    });
    desktop.sync();
    let changed = desktop.tree_text_by(Name::Title);
    let (starts, unmaps) = (desktop.starts(), desktop.unmaps());
    let output = desktop.run(["apply", "t", "--timeout", "10"]);
    let report = output.transcript();
    let told = |what: &str| {
        format!(
            "{what}\nsaved:\n{}changed:\n{changed}now:\n{}{report}\n{saved}",
            tree::text(&before, Name::Title),
            desktop.tree_text_by(Name::Title)
        )
    };
    if output.status.code() != Some(0) {
        return Err(told("apply failed"));
    }
    if desktop.starts() - starts != script.killed() {
        return Err(told("other programs were started than were closed"));
    }
    if script.killed() == 0 && desktop.unmaps() != unmaps {
        return Err(told("a window was unmapped"));
    }
    // Before anything else looks at it.
    let again = desktop.run(["apply", "t", "--json"]).json();
    if again["commands"] != 0 {
        return Err(told(&format!("applied again, not nothing: {again:#}")));
    }
    visit_all_workspaces(desktop);
    desktop.sync();
    let after = desktop.tree();
    let (wanted, present) = (comparable(&before), comparable(&after));
    if let Some(difference) = difference(&wanted, &present, Precision::Exact, Name::Title) {
        return Err(told(&format!("the trees differ:\n{difference}")));
    }
    let again = desktop.run(["apply", "t", "--json"]).json();
    // A sticky window goes along on the visit, and the workspace that it has left for a
    // moment has the focus as a whole.
    let is_sticky = |con: &&Value| con["sticky"] == true;
    let visited =
        tree::descendants(&after).iter().any(is_sticky) && again["changed"] == json!(["focus"]);
    if again["commands"] != 0 && !visited {
        return Err(told(&format!(
            "applied a third time, not nothing: {again:#}"
        )));
    }
    desktop.run(["capture", "t"]).success();
    if desktop.layout("t") != saved && unseen(&before) == unseen(&after) {
        return Err(told(&format!("captured again:\n{}", desktop.layout("t"))));
    }
    if let Some(trace) = tree::trace(&after) {
        return Err(told(&format!("{trace} is left")));
    }
    Ok(())
}

/// The tree without what nobody can see: split containers around a single child, the
/// direction in which a workspace would divide what it does not have, and the pixels
/// of what stands behind a fullscreen window, which i3 does not lay out.
fn comparable(tree: &Value) -> Value {
    let mut tree = tree.clone();
    let all = tree::descendants(&tree);
    let everywhere = all.iter().any(|con| {
        // A sticky one comes along to each workspace.
        let follows = con["fullscreen_mode"] == 1 && con["sticky"] == true;
        (con["fullscreen_mode"] == 2 || follows) && con["type"] != "workspace"
    });
    for output in list(&mut tree, "nodes") {
        for content in list(output, "nodes") {
            // i3 forgets to remove them while a window covers all outputs.
            let shown = content["focus"][0].clone();
            if let Some(workspaces) = content["nodes"].as_array_mut() {
                workspaces.retain(|workspace| {
                    workspace["id"] == shown || tree::children(workspace).next().is_some()
                });
            }
            for workspace in list(content, "nodes") {
                let workspace_name = workspace["name"].clone();
                let covered = tree::descendants(workspace)
                    .iter()
                    .any(|con| con["fullscreen_mode"] != 0 && con["type"] != "workspace");
                unwrap_children(workspace);
                // A layout has marks of windows and containers.
                workspace["marks"] = json!([]);
                for frame in list(workspace, "floating_nodes") {
                    // `layout` on a floating window divides the window and its title
                    // bar otherwise; it looks the same.
                    let place = frame["rect"].clone();
                    let inner = &mut frame["nodes"][0];
                    while wraps_one(inner) {
                        *inner = inner["nodes"][0].clone();
                    }
                    if tree::nodes(inner).is_empty() {
                        without_pixels(inner);
                        inner["rect"] = place;
                    } else {
                        // Left of when it had a title.
                        inner["deco_rect"] = Value::Null;
                    }
                    if workspace_name == "__i3_scratch" {
                        // i3 scales it to a coarser grid, and a layout need not say it;
                        // `diff` knows what counts.
                        frame["rect"] = Value::Null;
                        frame["scratchpad_state"] = Value::Null;
                    }
                    // How it was hidden before does not count once it has been shown.
                    if workspace_name != "__i3_scratch" && frame["scratchpad_state"] == "fresh" {
                        frame["scratchpad_state"] = json!("changed");
                    }
                }
                if tree::nodes(workspace).len() < 2 && workspace["layout"] == "splitv" {
                    workspace["layout"] = json!("splith");
                }
                if covered || everywhere {
                    without_pixels(workspace);
                }
                // Focus raises a window, so both orders cannot always be had.
                if let Some(frames) = workspace["floating_nodes"].as_array_mut() {
                    frames.sort_by_key(windows_in);
                }
            }
        }
    }
    tree
}

fn list<'a>(con: &'a mut Value, key: &str) -> impl Iterator<Item = &'a mut Value> {
    con[key].as_array_mut().into_iter().flatten()
}

fn windows_in(con: &Value) -> Vec<String> {
    tree::descendants(con)
        .into_iter()
        .filter(|con| !con["window"].is_null())
        .map(|con| Name::Title.of(con))
        .collect()
}

/// What a file says and nobody sees: the order of floating and of hidden windows, and
/// in which direction a workspace would divide what it does not have.
fn unseen(tree: &Value) -> Vec<(String, Vec<String>)> {
    let mut orders: Vec<(String, Vec<String>)> = tree::descendants(tree)
        .into_iter()
        .filter(|con| con["type"] == "workspace")
        .map(|workspace| {
            let frames = tree::floating_nodes(workspace);
            (
                format!("{} {}", workspace["name"], workspace["layout"]),
                frames
                    .iter()
                    .flat_map(|frame| {
                        let state = frame["scratchpad_state"].to_string();
                        // What a floating window would be if it were not fullscreen.
                        let covered = frame["nodes"][0]["fullscreen_mode"] != 0;
                        let behind = covered.then(|| tree::geometry(&frame["rect"]));
                        windows_in(frame).into_iter().chain([state]).chain(behind)
                    })
                    .collect(),
            )
        })
        .collect();
    orders.sort();
    orders
}

fn without_pixels(con: &mut Value) {
    for key in ["rect", "deco_rect", "window_rect"] {
        con[key] = Value::Null;
    }
    for key in ["nodes", "floating_nodes"] {
        list(con, key).for_each(without_pixels);
    }
}

fn is_split(con: &Value) -> bool {
    con["layout"]
        .as_str()
        .is_some_and(|layout| layout.starts_with("split"))
}

/// Whether a container looks like the only child that it has.
fn wraps_one(con: &Value) -> bool {
    tree::marks(con).is_empty()
        && con["title_format"].is_null()
        && is_split(con)
        && tree::nodes(con).len() == 1
}

/// Puts single children of split containers into the place of those.
fn unwrap_children(con: &mut Value) {
    let may = is_split(con) && con["type"] != "floating_con";
    let mut ids = Vec::new();
    let origin = con["rect"].clone();
    for child in list(con, "nodes") {
        unwrap_children(child);
        if may && wraps_one(child) {
            let mut inner = child["nodes"][0].clone();
            // The place of a title bar is relative to the parent.
            for axis in ["x", "y"] {
                let number = |value: &Value| value[axis].as_i64().unwrap_or_default();
                if inner["deco_rect"]["width"] != 0 {
                    inner["deco_rect"][axis] = json!(
                        number(&inner["deco_rect"]) + number(&child["rect"]) - number(&origin)
                    );
                }
            }
            ids.push((child["id"].clone(), inner["id"].clone()));
            *child = inner;
        }
        if may && !tree::nodes(child).is_empty() {
            // Left of when it had a title.
            child["deco_rect"] = Value::Null;
        }
    }
    for id in list(con, "focus") {
        if let Some((_, inner)) = ids.iter().find(|(wrapper, _)| wrapper == id) {
            *id = inner.clone();
        }
    }
    list(con, "floating_nodes").for_each(unwrap_children);
}

/// No window, and an empty workspace on each monitor.
fn clear(desktop: &Desktop) {
    desktop.close_all_windows();
    for (output, name) in [("eDP-1", "1"), ("DP-1", "2")] {
        // By way of a name that nobody uses: the workspace has to be a new one.
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

/// i3 can focus a workspace or a container as a whole; a layout means a window.
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

/// i3 lays a workspace out when it is shown; until then its tree holds old rects.
fn visit_all_workspaces(desktop: &Desktop) {
    let workspaces = desktop.ipc().workspaces();
    let show = |key: &str| -> Vec<String> {
        workspaces
            .as_array()
            .into_iter()
            .flatten()
            .filter(|workspace| key.is_empty() || workspace[key] == true)
            .filter_map(|workspace| {
                // An empty one is gone when it is left, and made where the focus is.
                let name = quoted(workspace["name"].as_str()?);
                let output = workspace["output"].as_str()?;
                Some(format!("focus output {output}; workspace {name}"))
            })
            .collect()
    };
    let commands = [show(""), show("visible"), show("focused")].concat();
    // One by one: i3 draws after each message.
    for command in commands {
        // Not while a window covers all outputs.
        desktop.ipc().try_run(&command);
    }
}

/// The shortest script that still fails.
fn shorten(mut script: Script, mut why: String) -> (Script, String) {
    let begun = Instant::now();
    let mut private = desktop();
    'again: while begun.elapsed() < SHORTENING {
        for shorter in script.shorter() {
            if begun.elapsed() > SHORTENING {
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

/// Fails with the shortest script that does not come back.
fn come_back(seeds: impl IntoIterator<Item = u64>) {
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
fn random_trees_1_to_6_come_back() {
    come_back(1..=6);
}

#[test]
fn random_trees_7_to_12_come_back() {
    come_back(7..=12);
}

#[test]
fn random_trees_13_to_18_come_back() {
    come_back(13..=18);
}

/// Nothing without one of the environment variables.
#[test]
fn new_random_trees_come_back() {
    let only = std::env::var("RANDOM_TREE_SEED").ok();
    if let Some(seed) = only.and_then(|seed| seed.parse().ok()) {
        come_back([seed]);
    } else if std::env::var_os("RUN_SLOW_TESTS").is_some() {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let first = now.expect("it is later").as_secs() << 20;
        let begun = Instant::now();
        come_back((first..).take_while(|_| begun.elapsed() < Duration::from_secs(600)));
    }
}
