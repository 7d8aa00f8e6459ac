//! Captures and restores one program after the other, each beside a plain window on a private
//! desktop. `scripts/discovery-survey` runs it.

mod jobs;
mod subject;
mod table;

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use crate::harness::command::Output;
use crate::harness::{Desktop, processes, tree};
use crate::programs::{as_installed, write_program_files};
use crate::windows::{SeenWindow, text, visible_windows};
use subject::{Opened, Subject, settle};
use table::{Row, Verdict};

/// The name of the plain window beside each program.
const BESIDE: &str = "plain";

/// Time limit for closing a window; after that the program is terminated.
const CLOSING: Duration = Duration::from_secs(3);

/// Time limit for titles, jobs and documents after an apply.
const FOLLOWING: Duration = Duration::from_secs(6);

/// The Debian packages of these programs.
pub(crate) fn packages(words: &[String]) -> BTreeSet<String> {
    let packages = selected(words).into_iter().flat_map(|one| one.packages);
    packages.collect()
}

/// The programs with these names; all programs if there are none.
fn selected(words: &[String]) -> Vec<Subject> {
    let mut all = subject::all();
    for word in words {
        assert!(
            all.iter().any(|one| one.name == *word),
            "no program of the survey is called {word:?}"
        );
    }
    all.retain(|one| words.is_empty() || words.contains(&one.name));
    all
}

/// Runs the survey of these programs, or of all if there are none, and prints the rows. With
/// `UPDATE_DOCS` set, also updates docs/discovery.md.
pub(crate) fn run(words: &[String]) -> i32 {
    println!("{}", Row::HEAD);
    let mut wrong = 0;
    for subject in selected(words) {
        let start = Instant::now();
        let verdict = catch_unwind(AssertUnwindSafe(|| survey(&subject)))
            .unwrap_or_else(|_| Verdict::not_tried());
        let row = Row::new(&subject, verdict);
        println!("{row}");
        eprintln!(
            "=== {}: {:.1} s",
            subject.name,
            start.elapsed().as_secs_f64()
        );
        wrong += i32::from(!row.is_honest());
        if std::env::var_os("UPDATE_DOCS").is_some() {
            table::update(&row);
        }
    }
    println!("\n{wrong} not restored without a warning");
    i32::from(wrong > 0)
}

/// Opens the program, captures, closes, applies and compares.
fn survey(subject: &Subject) -> Verdict {
    let desktop = as_installed()
        .session_bus()
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        // Protects the history file in the home directory of passwd(5), which some terminals
        // use.
        .env("HISTFILE", "/dev/null")
        .start();
    write_program_files(&desktop);
    documents(&desktop);
    subject.prepare(&desktop);
    let daemons = desktop.processes();
    desktop.open_window(BESIDE);
    let opened = catch_unwind(AssertUnwindSafe(|| subject.open(&desktop)));
    let opened = opened.unwrap_or_else(|panic| {
        picture(&desktop, subject);
        std::panic::resume_unwind(panic)
    });
    resize_to_two_thirds(&desktop, opened.window);
    let before = visible_windows(&desktop);

    let captured = desktop.run(["capture", "t", "--json"]);
    let path = desktop.layout_path("t");
    let file = fs::read_to_string(&path).unwrap_or_default();
    eprintln!("--- {}: captured\n{file}", subject.name);
    eprintln!("{}", captured.transcript());
    let mut verdict =
        Verdict::of(slot(&file).as_ref(), &home(&desktop)).with_doubts(&captured.json_or_null());
    close_everything(&desktop, &daemons);

    let applied = desktop
        .command(["apply", "t", "--json", "--timeout", "20"])
        .time_out(Duration::from_secs(90))
        .run();
    verdict.wrong = lasting_differences(&desktop, subject, &opened, &before);
    if !verdict.has_command() {
        verdict.wrong.push("no command was captured".to_owned());
    }
    if !verdict.wrong.is_empty() {
        verdict.reasons = reasons(&applied);
        picture(&desktop, subject);
        eprintln!("--- {}: {:?}", subject.name, verdict.wrong);
        eprintln!("--- report\n{}", applied.transcript());
        eprintln!("--- before\n{}", text(&before));
        eprintln!("--- after\n{}", text(&visible_windows(&desktop)));
        eprintln!("{}", desktop.describe());
    }
    verdict
}

/// Saves a screenshot of a failure.
fn picture(desktop: &Desktop, subject: &Subject) {
    let directory = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("survey");
    fs::create_dir_all(&directory).expect("the directory is writable");
    let path = directory.join(format!("{}.png", subject.name));
    desktop.screenshot(&path);
    eprintln!("--- {}: picture in {}", subject.name, path.display());
}

fn home(desktop: &Desktop) -> String {
    desktop.path().join("home").display().to_string()
}

/// Writes further kinds of documents than `write_program_files`.
fn documents(desktop: &Desktop) {
    for name in ["one", "two"] {
        let write = |file: &str, text: &str| {
            desktop.write(&format!("home/{name}/{file}"), text);
        };
        write("a.c", "int main(void) { return 0; }\n");
        write("a.rtf", "{\\rtf1\\ansi some text}\n");
        write("a.csv", "1,2\n3,4\n");
        write(
            "a.ps",
            "%!PS-Adobe-3.0\n%%Pages: 1\n%%Page: 1 1\nshowpage\n%%EOF\n",
        );
        write(
            "a.po",
            "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n\
             \"Language: de\\n\"\n\nmsgid \"window\"\nmsgstr \"Fenster\"\n",
        );
        let silence = wave(48_000);
        fs::write(desktop.path().join(format!("home/{name}/a.wav")), silence)
            .expect("the directory is writable");
    }
}

/// A WAV file of silence, with 8000 samples of 8 bits per second.
fn wave(samples: u16) -> Vec<u8> {
    let length = u32::from(samples);
    let mut file = b"RIFF".to_vec();
    file.extend((length + 36).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(8000_u32.to_le_bytes());
    file.extend(8000_u32.to_le_bytes());
    file.extend(b"\x01\0\x08\0data");
    file.extend(length.to_le_bytes());
    file.resize(file.len() + usize::from(samples), 128);
    file
}

/// Gives the program 65 % of the width, unless it floats.
fn resize_to_two_thirds(desktop: &Desktop, window: u32) {
    desktop.run_i3(&format!("[id={window}] fullscreen disable, focus"));
    // The command fails for a floating window.
    let _ = desktop
        .ipc()
        .try_run(&format!("[id={window} tiling] resize set width 65 ppt"));
    desktop.sync();
}

/// Closes all windows, and kills programs that ask first or continue without a window.
fn close_everything(desktop: &Desktop, daemons: &BTreeSet<u32>) {
    for seen in visible_windows(desktop) {
        desktop.ipc().try_run(&format!("[id={}] kill", seen.window));
    }
    let handles: Vec<_> = started_since(desktop, daemons)
        .into_iter()
        .filter_map(processes::Handle::open)
        .collect();
    let deadline = Instant::now() + CLOSING;
    let left = || deadline.saturating_duration_since(Instant::now());
    for handle in &handles {
        handle.ends_within(left());
    }
    for handle in &handles {
        handle.signal(rustix::process::Signal::TERM);
    }
    for handle in &handles {
        handle.ends_within(left() + Duration::from_secs(1));
    }
    // Repeats, because ending programs may start others.
    for _ in 0..5 {
        let rest = started_since(desktop, daemons);
        if rest.is_empty() {
            break;
        }
        processes::kill(&rest);
    }
    desktop.wait_until("all windows are gone", || {
        visible_windows(desktop).is_empty()
    });
}

fn started_since(desktop: &Desktop, known: &BTreeSet<u32>) -> BTreeSet<u32> {
    desktop
        .processes()
        .into_iter()
        .filter(|pid| !known.contains(pid))
        .collect()
}

/// The program's slot in the captured file.
fn slot(file: &str) -> Option<Value> {
    let layout: Value = serde_saphyr::from_str(file).ok()?;
    maps(&layout)
        .into_iter()
        .find(|map| {
            let swallow = map.get("swallow").map(Value::to_string);
            swallow.is_some_and(|swallow| !swallow.to_lowercase().contains(BESIDE))
        })
        .map(|map| Value::Object(map.clone()))
}

/// The reasons in the report for unfilled slots.
fn reasons(output: &Output) -> Vec<String> {
    let report = output.json_or_null();
    maps(&report)
        .into_iter()
        .filter_map(|map| map.get("reason")?.as_str().map(str::to_owned))
        .collect()
}

/// All maps in a value.
fn maps(value: &Value) -> Vec<&Map<String, Value>> {
    let mut left = vec![value];
    let mut found = Vec::new();
    while let Some(value) = left.pop() {
        match value {
            Value::Array(items) => left.extend(items),
            Value::Object(map) => {
                found.push(map);
                left.extend(map.values());
            }
            _ => {}
        }
    }
    found
}

/// The differences from before, at the latest after [`FOLLOWING`].
fn lasting_differences(
    desktop: &Desktop,
    subject: &Subject,
    opened: &Opened,
    before: &[SeenWindow],
) -> Vec<String> {
    settle(desktop);
    let deadline = Instant::now() + FOLLOWING;
    loop {
        desktop.sync();
        let wrong = wrong(desktop, subject, opened, before);
        if wrong.is_empty() || Instant::now() > deadline {
            return wrong;
        }
        let events = desktop.ipc().events(&["window"]);
        let _ = events.next_within(Duration::from_millis(200));
    }
}

fn wrong(
    desktop: &Desktop,
    subject: &Subject,
    opened: &Opened,
    before: &[SeenWindow],
) -> Vec<String> {
    let after = visible_windows(desktop);
    let mut wrong = Vec::new();
    let mut known = BTreeSet::new();
    let mut main = None;
    for old in before {
        let of_class: Vec<&SeenWindow> =
            after.iter().filter(|new| new.class == old.class).collect();
        let in_place = of_class.iter().find(|new| new.place == old.place);
        if let Some(new) = in_place.or(of_class.first()) {
            if new.place != old.place {
                wrong.push(format!(
                    "`{}` is at {}, was at {}",
                    new.class, new.place, old.place
                ));
            }
            known.insert(new.window);
            if old.window == opened.window {
                main = Some((old, *new));
            }
        } else {
            wrong.push(format!("no window of class `{}`", old.class));
        }
    }
    for new in after.iter().filter(|new| !known.contains(&new.window)) {
        wrong.push(format!(
            "a stray window: class `{}`, title `{}`",
            new.class, new.title
        ));
    }
    let tree = desktop.tree();
    let hidden = tree::windows(&tree).len() - after.len().min(tree::windows(&tree).len());
    if hidden > 0 {
        wrong.push(format!("{hidden} windows in the scratchpad"));
    }
    let home = home(desktop);
    let short = |path: &std::path::Path| path.display().to_string().replace(&home, "~");
    let Some((old, new)) = main else {
        return wrong;
    };
    if opened.evidence.is_some() && subject.evidence(new) != opened.evidence {
        wrong.push(format!(
            "`{}` is not in it, the title is `{}`",
            subject.document_name(),
            new.title
        ));
    }
    let isolation = jobs::isolation(new.pid);
    if isolation != opened.isolation {
        wrong.push(format!(
            "its own namespaces are {isolation:?}, were {:?}",
            opened.isolation
        ));
    }
    if let Some(job) = &opened.job {
        match subject.job(desktop, new.window) {
            None => wrong.push(format!("`{}` does not run in it", job.argv)),
            Some(now) if now.directory != job.directory => wrong.push(format!(
                "`{}` runs in {}, was in {}",
                now.argv,
                short(&now.directory),
                short(&job.directory)
            )),
            Some(_) => {}
        }
    } else if old.directory != new.directory {
        wrong.push(format!(
            "its directory is {}, was {}",
            short(&new.directory),
            short(&old.directory)
        ));
    }
    wrong
}
