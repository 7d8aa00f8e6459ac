//! The trial of a program: capture, close, apply, apply again, shuffle, apply.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};
use std::fs;
use std::time::{Duration, Instant};

use crate::harness::{Desktop, processes};
use crate::programs::{End, Opening, Program, as_installed, write_program_files};
use crate::unmaps::Unmaps;
use crate::windows::{SeenWindow, text, visible_windows};

/// Time limit for browsers on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Time limit for titles after an apply.
const TITLES: Duration = Duration::from_secs(15);

/// The result of a trial.
pub(crate) struct Row {
    name: &'static str,
    windows: usize,
    exact: usize,
    expected: usize,
    seconds: f64,
    again: u64,
    again_starts: usize,
    fresh: Shuffled,
    shuffled: Shuffled,
    notes: Vec<String>,
}

/// The result of an apply with all windows open but elsewhere.
#[derive(Default)]
struct Shuffled {
    exact: usize,
    windows: usize,
    starts: usize,
    unmaps: usize,
}

impl Shuffled {
    fn is_right(&self) -> bool {
        self.exact == self.windows && self.starts == 0 && self.unmaps == 0
    }
}

impl fmt::Display for Shuffled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            exact,
            windows,
            starts,
            unmaps,
        } = self;
        write!(f, "{exact} of {windows}, {starts}, {unmaps}")
    }
}

impl Row {
    pub(crate) const HEAD: &'static str = "\
| program | exact | seconds | commands, starts of a second apply | \
shuffled after capture: exact, starts, unmaps | \
shuffled after apply: exact, starts, unmaps | note |\n|---|---|---|---|---|---|---|";

    pub(crate) fn is_as_expected(&self) -> bool {
        self.exact == self.expected
            && self.fresh.is_right()
            && self.shuffled.starts == 0
            && self.shuffled.unmaps == 0
            && (self.exact < self.windows || self.again == 0 && self.again_starts == 0)
            && (self.exact < self.windows || self.shuffled.exact == self.windows)
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            fresh,
            shuffled,
            ..
        } = self;
        write!(
            f,
            "| {name} | {} of {} | {:.1} | {}, {} | {fresh} | {shuffled} | {} |",
            self.exact,
            self.windows,
            self.seconds,
            self.again,
            self.again_starts,
            self.notes.join("; ")
        )
    }
}

/// Opens, captures, closes, applies, and looks.
pub(crate) fn trial(program: &Program) -> Row {
    let mut builder = as_installed();
    if program.bus {
        builder = builder.session_bus();
    }
    let desktop = builder.start();
    write_program_files(&desktop);
    (program.prepare)(&desktop);
    desktop.run_i3("workspace 1");
    for opening in &program.windows {
        open(&desktop, opening);
    }
    arrange(&desktop, program);
    let before = visible_windows(&desktop);
    desktop.run(["capture", "t"]).success();
    let fresh = shuffled(&desktop, program, &before, &[]);
    let path = desktop.layout_path("t");
    let mut file = fs::read_to_string(&path).expect("the layout was captured");
    if !program.written.is_empty() {
        file = rewritten(&file, program.written);
        fs::write(&path, &file).expect("the directory is writable");
    }
    end(&desktop, program.end);

    let output = desktop
        .command(["apply", "t", "--json", "--timeout", "20"])
        .time_out(Duration::from_secs(120))
        .run();
    let seconds = output.duration.as_secs_f64();
    let (exact, wrong) = exact_after_titles(&desktop, program, &before);
    let mut notes = Vec::new();
    if exact < before.len() {
        eprintln!("--- {}: the file\n{file}", program.name);
        eprintln!("--- report\n{}", output.transcript());
        eprintln!("--- before\n{}", text(&before));
        eprintln!("--- after\n{}", text(&visible_windows(&desktop)));
        eprintln!("{}", desktop.describe());
        notes.push(wrong.join(", "));
        if !program.note.is_empty() {
            notes.push(program.note.to_owned());
        }
    }

    let known = desktop.processes();
    let report = desktop.run(["apply", "t", "--json"]).json_or_null();
    let again = report["commands"].as_u64().unwrap_or(u64::MAX);
    let again_starts = started_since(&desktop, &known);

    let shuffled = shuffled(&desktop, program, &before, &["--no-launch"]);
    Row {
        name: program.name,
        windows: before.len(),
        exact,
        expected: program.exact,
        seconds,
        again,
        again_starts,
        fresh,
        shuffled,
        notes,
    }
}

fn open(desktop: &Desktop, opening: &Opening) {
    let known: BTreeSet<u32> = visible_windows(desktop)
        .iter()
        .map(|seen| seen.window)
        .collect();
    let directory = desktop.path().join("home").join(&opening.directory);
    desktop.spawn_with(&opening.argv, &directory, &[]);
    let what = format!("{:?} shows {:?}", opening.argv, opening.title);
    desktop.wait_until_within(PATIENCE, &what, || {
        visible_windows(desktop)
            .iter()
            .any(|seen| !known.contains(&seen.window) && seen.title.contains(&opening.title))
    });
}

/// Resizes a window, and uses a second workspace and floating windows if there are enough.
fn arrange(desktop: &Desktop, program: &Program) {
    let cons: Vec<u64> = visible_windows(desktop)
        .iter()
        .map(|seen| seen.con)
        .collect();
    assert_eq!(cons.len(), program.windows.len(), "{}", desktop.describe());
    let run = |con: u64, command: &str| desktop.run_i3(&format!("[con_id={con}] {command}"));
    if let [_, _, rest @ ..] = &cons[..] {
        for &con in rest.iter().take(2) {
            run(con, "move container to workspace 2");
        }
        for &con in rest.iter().skip(2) {
            run(
                con,
                "floating enable, resize set 700 500, move position 600 300",
            );
        }
    }
    run(cons[0], "resize set width 60 ppt");
    desktop.run_i3("workspace 2");
    desktop.run_i3("workspace 1");
    desktop.sync();
    // Showing another workspace removes an empty one.
    run(cons[1], "focus");
    desktop.sync();
}

/// The file with other commands and directories, one pair per slot in order.
fn rewritten(file: &str, commands: &[(&str, &str)]) -> String {
    let mut commands = commands.iter();
    let mut text = String::new();
    for line in file.lines() {
        let field = line.trim_start();
        if field.starts_with("command:") || field.starts_with("cwd:") {
            continue;
        }
        text.push_str(line);
        text.push('\n');
        if field.starts_with("swallow:")
            && let Some((command, cwd)) = commands.next()
        {
            let indent = " ".repeat(line.len() - field.len());
            let _ = writeln!(text, "{indent}command: {command}");
            if !cwd.is_empty() {
                let _ = writeln!(text, "{indent}cwd: {cwd}");
            }
        }
    }
    text
}

/// Moves all windows elsewhere and applies, which must reuse them.
fn shuffled(
    desktop: &Desktop,
    program: &Program,
    before: &[SeenWindow],
    with: &[&str],
) -> Shuffled {
    shuffle(desktop);
    let windows: Vec<u32> = visible_windows(desktop)
        .iter()
        .map(|seen| seen.window)
        .collect();
    let unmaps = Unmaps::watch(desktop.display().name(), &windows);
    let arguments = ["apply", "t", "--json", "--timeout", "5"];
    let output = desktop.run(arguments.iter().chain(with));
    // Does not count processes, because file managers sometimes start helpers.
    let report = output.json_or_null();
    let slots = report["slots"].as_array().into_iter().flatten();
    let starts = slots.filter(|slot| slot["outcome"] == "launched").count();
    let shuffled = Shuffled {
        windows: before.len(),
        starts,
        unmaps: unmaps.count(),
        exact: exact_after_titles(desktop, program, before).0,
    };
    if !shuffled.is_right() {
        eprintln!(
            "--- {}: shuffled {with:?}\n{}",
            program.name,
            output.transcript()
        );
        eprintln!("--- before\n{}", text(before));
        eprintln!("--- after\n{}", text(&visible_windows(desktop)));
    }
    shuffled
}

/// Moves all windows to other workspaces.
fn shuffle(desktop: &Desktop) {
    let cons: Vec<u64> = visible_windows(desktop)
        .iter()
        .map(|seen| seen.con)
        .collect();
    for (number, con) in cons.iter().rev().enumerate() {
        let command = match number % 3 {
            0 => "floating disable, move container to workspace 7",
            1 => "move container to workspace 1",
            _ => "floating enable, move container to workspace 2",
        };
        desktop.run_i3(&format!("[con_id={con}] {command}"));
    }
    desktop.run_i3("workspace 7");
    desktop.sync();
}

fn end(desktop: &Desktop, end: End) {
    let pids: BTreeSet<u32> = visible_windows(desktop)
        .iter()
        .filter_map(|seen| desktop.display().pid_of(seen.window))
        .collect();
    if let End::Keys(keys) = end {
        let keys = ["xdotool", "key", "--clearmodifiers", keys];
        desktop.spawn(&keys).wait();
        for handle in pids.iter().filter_map(|&pid| processes::Handle::open(pid)) {
            assert!(handle.ends_within(PATIENCE), "{}", desktop.describe());
        }
    } else if end == End::Terminate {
        for handle in pids.iter().filter_map(|&pid| processes::Handle::open(pid)) {
            handle.signal(rustix::process::Signal::TERM);
            assert!(handle.ends_within(PATIENCE), "{}", desktop.describe());
        }
    } else {
        desktop.close_all_windows();
    }
    desktop.wait_until_within(PATIENCE, "all windows are gone", || {
        visible_windows(desktop).is_empty()
    });
    if end != End::Close {
        // Kills daemons and programs that do not end.
        let mut rest = BTreeSet::new();
        for pid in pids {
            let Some(handle) = processes::Handle::open(pid) else {
                continue;
            };
            if !handle.ends_within(Duration::from_secs(2)) {
                rest.insert(pid);
            }
        }
        processes::kill(&rest);
    }
}

/// The number of restored windows and the differences, at the latest after [`TITLES`].
fn exact_after_titles(
    desktop: &Desktop,
    program: &Program,
    before: &[SeenWindow],
) -> (usize, Vec<String>) {
    let deadline = Instant::now() + TITLES;
    loop {
        desktop.sync();
        let after = visible_windows(desktop);
        let wrong: Vec<String> = before
            .iter()
            .filter_map(|old| {
                let same_place = after.iter().find(|new| new.place == old.place);
                match same_place {
                    Some(new) if same_title(program, old, new) && same_kind(old, new) => None,
                    Some(new) => Some(format!("`{}` is where `{}` was", new.title, old.title)),
                    None => Some(format!("no window is where `{}` was", old.title)),
                }
            })
            .collect();
        if wrong.is_empty() || Instant::now() > deadline {
            return (before.len() - wrong.len(), wrong);
        }
        let events = desktop.ipc().events(&["window"]);
        let _ = events.next_within(Duration::from_millis(200));
    }
}

/// True if the titles are equal or name the same document: Firefox sometimes omits its own
/// name.
fn same_title(program: &Program, old: &SeenWindow, new: &SeenWindow) -> bool {
    let names = |title: &str| old.title.contains(title) && new.title.contains(title);
    old.title == new.title || program.windows.iter().any(|opening| names(&opening.title))
}

/// True if the class is equal, and the directory if the process has no other window.
fn same_kind(old: &SeenWindow, new: &SeenWindow) -> bool {
    old.class == new.class && (old.directory == new.directory || old.shared)
}

/// The number of new processes, without the helpers that a browser starts by itself.
fn started_since(desktop: &Desktop, known: &BTreeSet<u32>) -> usize {
    desktop
        .processes()
        .into_iter()
        .filter(|pid| !known.contains(pid))
        .filter(|&pid| !known.iter().any(|&old| processes::descends_from(pid, old)))
        .count()
}
