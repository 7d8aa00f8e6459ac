//! Random use of layouts: files that are renamed, copied, edited and applied in turn, programs that
//! are scripts or run in terminals, and records that are missing or wrong.
//!
//! After each `apply`, all windows of before are open, no program is open twice, each slot has its
//! window, `diff` finds no difference, and another `apply` does nothing. A failing case is shortened
//! as long as it still fails, and printed. The normal run uses the same seeds each time. With
//! `RUN_SLOW_TESTS=1`, another test tries new seeds for ten minutes; `RANDOM_USE_SEED=123` makes it
//! run only that seed.

mod script;

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use self::script::{Edit, LAYOUTS, Records, Step, steps};
use crate::harness::{Desktop, Name, TestWindow, tree};

/// Time limit for shortening a failing case.
const SHORTENING_LIMIT: Duration = Duration::from_secs(45);

/// The number of random steps of a case.
const STEPS: usize = 18;

/// The name of the window that is always on workspace 1, so that all layouts have a workspace in
/// common. Layouts without one may open a program twice.
const ANCHOR: &str = "anchor";

/// The programs, by the instance of their window. Each is open at most once.
const PROGRAMS: [&str; 7] = [
    "plain", "other", "script", "wrapper", "job", "shell", "docs",
];

struct Case {
    desktop: Desktop,
    /// The layouts that exist, by number.
    layouts: BTreeSet<usize>,
    /// Earlier records.
    stale: Option<Vec<u8>>,
    /// The number of edited files.
    edits: usize,
}

/// The windows by X id, with their instances.
type Windows = BTreeSet<(u64, String)>;

impl Case {
    fn new() -> Self {
        let desktop = Desktop::new();
        let script = TestWindow::new("script").command();
        let wrapper = TestWindow::new("wrapper").command();
        desktop.write_executable("bin/script", &format!("#!/bin/sh\nexec {script} \"$@\"\n"));
        desktop.write_executable(
            "bin/wrapper",
            &format!("#!/bin/sh\n{wrapper} \"$@\"\ntrue\n"),
        );
        desktop.write("home/docs/a.txt", &"a\n".repeat(200));
        desktop.create_directory("home/src");
        let case = Self {
            desktop,
            layouts: BTreeSet::new(),
            stale: None,
            edits: 0,
        };
        case.open_anchor();
        case
    }

    /// Closes windows. An xterm ignores the request while it starts.
    fn close(&self, is_meant: &dyn Fn(u64) -> bool) {
        self.desktop.wait_until("the windows are closed", || {
            let mut windows = self.windows();
            windows.retain(|(id, _)| is_meant(*id));
            for (id, _) in &windows {
                self.desktop.ipc().try_run(&format!("[id={id}] kill"));
            }
            windows.is_empty()
        });
    }

    fn open_anchor(&self) {
        self.desktop.run_i3("workspace number 1");
        self.desktop.open_window(ANCHOR);
    }

    fn windows(&self) -> Windows {
        let tree = self.desktop.tree();
        let windows = tree::windows(&tree);
        windows
            .iter()
            .map(|con| (con["window"].as_u64().unwrap_or(0), Name::Instance.of(con)))
            .collect()
    }

    /// The window with this number, not the anchor.
    fn window(&self, number: usize) -> Option<(u64, String)> {
        let windows = self.windows();
        let all: Vec<_> = windows.iter().filter(|(_, name)| name != ANCHOR).collect();
        let window = all.get(number.checked_rem(all.len())?)?;
        Some((*window).clone())
    }

    /// The existing layout with this number, or the next one.
    fn layout(&self, number: usize) -> Option<usize> {
        let later = self.layouts.range(number..).next();
        later.or_else(|| self.layouts.first()).copied()
    }

    fn text(&self, layout: usize) -> String {
        self.desktop.layout(&name(layout))
    }

    fn step(&mut self, step: Step) -> Result<(), String> {
        match step {
            Step::Open(program, workspace) => self.open(program, workspace),
            Step::Close(number) => {
                if let Some((id, _)) = self.window(number) {
                    self.close(&|window| window == id);
                }
            }
            Step::CloseAll => {
                self.close(&|_| true);
                self.open_anchor();
            }
            Step::Run(number, command) => {
                if let Some((id, _)) = self.window(number) {
                    let message = format!("[id={id}] {command}");
                    self.desktop.ipc().try_run(&message);
                }
            }
            Step::RenameWorkspace(number) => self.rename_workspace(number + 1),
            Step::Capture(number) => {
                let layout = name(number);
                self.desktop.run(["capture", &layout, "--force"]).success();
                self.layouts.insert(number);
                self.stale = fs::read(self.desktop.records_path()).ok();
            }
            Step::Update(number) => {
                if let Some(layout) = self.layout(number) {
                    let layout = name(layout);
                    self.desktop.run(["capture", &layout, "--update"]).success();
                }
            }
            Step::Move(from, to) | Step::Copy(from, to) => {
                if let Some(from) = self.layout(from).filter(|from| *from != to) {
                    self.desktop.save_text(&name(to), &self.text(from));
                    self.layouts.insert(to);
                    if matches!(step, Step::Move(..)) {
                        self.layouts.remove(&from);
                        let path = self.desktop.layout_path(&name(from));
                        fs::remove_file(path).expect("the layout exists");
                    }
                }
            }
            Step::Edit(number, edit) => self.edit(number, edit),
            Step::Records(change) => self.change_records(change),
            Step::Apply(number) => {
                if let Some(layout) = self.layout(number) {
                    self.apply(&name(layout))?;
                }
            }
            Step::ApplyPath(number) => {
                if let Some(layout) = self.layout(number) {
                    let path = format!("home/{}.yaml", name(layout));
                    let path = self.desktop.write(&path, &self.text(layout));
                    self.apply(path.to_str().expect("the path is UTF-8"))?;
                }
            }
            Step::ApplyInTurn(one, two) => {
                if let (Some(one), Some(two)) = (self.layout(one), self.layout(two)) {
                    for layout in [one, two, one] {
                        self.apply(&name(layout))?;
                    }
                }
            }
        }
        Ok(())
    }

    fn open(&self, program: usize, workspace: usize) {
        let program = PROGRAMS[program % PROGRAMS.len()];
        if self.windows().iter().any(|(_, name)| name == program) {
            return;
        }
        let desktop = &self.desktop;
        desktop.run_i3(&format!("workspace number {}", workspace + 1));
        let home = desktop.path().join("home");
        let xterm = ["xterm", "-name", program];
        match program {
            "script" | "wrapper" => {
                let path = desktop.path().join("bin").join(program);
                desktop.open(&[path.to_str().expect("the path is UTF-8")]);
            }
            "job" => {
                let argv = [&xterm[..], &["-e", "less", "a.txt"]].concat();
                desktop.open_in(&argv, &home.join("docs"));
            }
            "shell" => {
                desktop.open_in(&xterm, &home.join("src"));
            }
            "docs" => {
                desktop.open_in(&xterm, &home.join("docs"));
            }
            _ => {
                desktop.open_window(program);
            }
        }
    }

    fn rename_workspace(&self, number: usize) {
        let tree = self.desktop.tree();
        let workspaces = tree::workspaces(&tree);
        let names = workspaces.iter().filter_map(|one| one.con["name"].as_str());
        let plain = number.to_string();
        let long = format!("{number}: web");
        for name in names {
            let new = match name {
                _ if name == plain => &long,
                _ if name == long => &plain,
                _ => continue,
            };
            // i3 rejects the name of another workspace.
            let message = format!("rename workspace \"{name}\" to \"{new}\"");
            self.desktop.ipc().try_run(&message);
        }
    }

    fn edit(&mut self, number: usize, edit: Edit) {
        let Some(layout) = self.layout(number) else {
            return;
        };
        self.edits += 1;
        let text = self.text(layout);
        let text = match edit {
            Edit::Ids => text.replace("id: ", &format!("id: e{}-", self.edits)),
            Edit::Comment => format!("{text}# edited {}\n", self.edits),
            Edit::Containers => text.replace("layout: tabbed", "layout: stacked"),
            Edit::Workspace => {
                let (name, focus) = ("name: \"2\"", "focus: \"2\"");
                text.replace(name, "name: \"2: edited\"")
                    .replace(focus, "focus: \"2: edited\"")
            }
        };
        self.desktop.save_text(&name(layout), &text);
        self.desktop.run(["validate", &name(layout)]).success();
    }

    fn change_records(&self, change: Records) {
        let path = self.desktop.records_path();
        let write = |bytes: &[u8]| {
            fs::create_dir_all(path.parent().expect("the path has a parent"))
                .and_then(|()| fs::write(&path, bytes))
                .expect("the file is writable");
        };
        match change {
            Records::Deleted => {
                // It may not exist yet.
                let _ = fs::remove_file(&path);
            }
            Records::Damaged => write(b"[{"),
            Records::Stale => write(self.stale.as_deref().unwrap_or(b"[]")),
            Records::EarlierSession => {
                let text = fs::read(&path).unwrap_or_default();
                let mut records: Value = serde_json::from_slice(&text).unwrap_or_default();
                make_earlier(&mut records);
                write(records.to_string().as_bytes());
            }
        }
    }

    /// Applies a layout, and checks what must hold after it.
    fn apply(&self, layout: &str) -> Result<(), String> {
        let desktop = &self.desktop;
        let before = self.windows();
        let diff = desktop.run(["diff", layout, "--json"]).json();
        let was_same = differences(&diff).is_empty();
        let output = desktop.run(["apply", layout, "--timeout", "10", "--json"]);
        let after = self.windows();
        let failure = |what: &str| {
            let transcript = output.transcript();
            let text = fs::read_to_string(layout).unwrap_or_else(|_| desktop.layout(layout));
            Err(format!(
                "apply {layout}: {what}\n{transcript}{}\n{text}",
                desktop.describe()
            ))
        };
        if !before.is_subset(&after) {
            return failure("a window is gone");
        }
        let names: BTreeSet<&String> = after.iter().map(|(_, name)| name).collect();
        if names.len() < after.len() {
            return failure("a program is open twice");
        }
        if output.status.code() != Some(0) {
            return failure("it failed");
        }
        if was_same && after != before {
            return failure("it opened a window, but `diff` had no difference");
        }
        let again = desktop.run(["apply", layout, "--json"]).json_or_null();
        if again["commands"] != 0 || self.windows() != after {
            return failure(&format!("the second apply did something: {again:#}"));
        }
        let diff = desktop.run(["diff", layout, "--json"]).json();
        if !differences(&diff).is_empty() {
            return failure(&format!("diff has differences: {diff:#}"));
        }
        let tree = desktop.tree();
        let is_placeholder = |con: &Value| tree::is_placeholder(con) && con["layout"] != "dockarea";
        if let Some(trace) = tree::trace(&tree) {
            return failure(&format!("{trace} is left"));
        }
        if tree::descendants(&tree).into_iter().any(is_placeholder) {
            return failure("a placeholder is left");
        }
        Ok(())
    }
}

/// The differences in the output of `diff --json`, without windows that are not in the layout.
fn differences(diff: &Value) -> Vec<&Value> {
    let all = diff["differences"].as_array().into_iter().flatten();
    all.filter(|one| one["kind"] != "extra").collect()
}

/// Changes the start times in records.
fn make_earlier(records: &mut Value) {
    match records {
        Value::Array(items) => items.iter_mut().for_each(make_earlier),
        Value::Object(keys) => {
            for (key, value) in keys {
                if key == "started" && value.is_number() {
                    *value = Value::from(7);
                }
                make_earlier(value);
            }
        }
        _ => {}
    }
}

fn name(layout: usize) -> String {
    format!("l{}", layout % LAYOUTS)
}

/// Runs the steps on a new desktop.
fn attempt(steps: &[Step]) -> Result<(), String> {
    let run = || {
        let mut case = Case::new();
        for (number, &step) in steps.iter().enumerate() {
            case.step(step)
                .map_err(|why| format!("step {number}, {step:?}: {why}"))?;
        }
        Ok(())
    };
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        Err(text.unwrap_or_else(|| "a panic without a message".to_owned()))
    })
}

/// Shortens a failing case as far as it still fails.
fn shorten(mut steps: Vec<Step>, mut why: String) -> (Vec<Step>, String) {
    let begun = Instant::now();
    'again: while begun.elapsed() < SHORTENING_LIMIT {
        for position in (0..steps.len()).rev() {
            if begun.elapsed() > SHORTENING_LIMIT {
                break 'again;
            }
            let mut shorter = steps.clone();
            shorter.remove(position);
            if let Err(still) = attempt(&shorter) {
                (steps, why) = (shorter, still);
                continue 'again;
            }
        }
        break;
    }
    (steps, why)
}

/// Runs each seed, and fails with a shortened case if something does not hold.
fn assert_holds(seeds: impl IntoIterator<Item = u64>) {
    for seed in seeds {
        let steps = steps(seed, STEPS);
        if let Err(why) = attempt(&steps) {
            let (steps, why) = shorten(steps, why);
            let steps: Vec<String> = steps.iter().map(|step| format!("{step:?}\n")).collect();
            panic!("seed {seed}:\n{}{why}", steps.concat());
        }
    }
}

#[test]
fn random_use_1_and_2_is_safe() {
    assert_holds(1..=2);
}

#[test]
fn random_use_3_and_4_is_safe() {
    assert_holds(3..=4);
}

#[test]
fn random_use_5_and_6_is_safe() {
    assert_holds(5..=6);
}

/// Does nothing unless one of the environment variables is set.
#[test]
fn new_random_use_is_safe() {
    let only = std::env::var("RANDOM_USE_SEED").ok();
    if let Some(seed) = only.and_then(|seed| seed.parse().ok()) {
        assert_holds([seed]);
    } else if std::env::var_os("RUN_SLOW_TESTS").is_some() {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let first = now.expect("the clock is after 1970").as_secs() << 20;
        let begun = Instant::now();
        assert_holds((first..).take_while(|_| begun.elapsed() < Duration::from_secs(600)));
    }
}

/// Two layouts of the same windows, one for the desk and one for the laptop.
#[test]
fn two_layouts_are_applied_fifty_times_in_turn() {
    let desktop = Desktop::new();
    for name in ["a", "b", "c", "d"] {
        desktop.open_window(name);
    }
    desktop.run_i3("[instance=c] move container to workspace 2; [instance=a] focus");
    desktop.visit_all_workspaces();
    let first = desktop.tree();
    desktop.run(["capture", "desk"]).success();
    desktop.run_i3(
        "[instance=b] floating enable, resize set 500 px 400 px, move position 300 px 200 px
         [instance=d] move container to workspace 2
         workspace 2; layout tabbed",
    );
    desktop.visit_all_workspaces();
    let second = desktop.tree();
    desktop.run(["capture", "laptop"]).success();
    let (starts, unmaps) = (desktop.starts(), desktop.unmaps());
    let mut records = Vec::new();
    for round in 0..50 {
        desktop.run(["apply", "desk"]).success();
        desktop.assert_same_tree(&first);
        desktop.run(["apply", "laptop"]).success();
        desktop.assert_same_tree(&second);
        let size = fs::metadata(desktop.records_path()).map_or(0, |file| file.len());
        records.push(size);
        assert_eq!(records[0], size, "the records grow in round {round}");
    }
    assert_eq!(desktop.starts(), starts, "a program was started");
    assert_eq!(desktop.unmaps(), unmaps, "a window was unmapped");
    desktop.assert_idempotent("laptop");
    desktop.run(["diff", "laptop"]).success();
    desktop.assert_no_traces();
}
