//! Measures the program on a private headless desktop; run by `scripts/measure`.
//!
//! Everything runs with the real i3 and real programs on a private X server. Nothing sleeps:
//! times end with an event of i3 or with the end of a process. `I3PM_LAYOUT` selects another
//! build of the program.

#![expect(
    clippy::disallowed_methods,
    reason = "it starts programs and measures times"
)]
#![expect(clippy::print_stdout, reason = "the program prints a table")]

#[path = "../../tests/harness/mod.rs"]
mod harness;

mod adapt;
mod calls;
mod capture;
mod desk;
mod figures;
mod load;
mod matching;
mod nothing_to_do;
mod places;
mod restore;
mod timeline;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use calls::Program;
use figures::{Table, millis};
use harness::Desktop;
use tempfile::TempDir;

/// The numbers of windows for measuring capture.
const SIZES: [usize; 3] = [15, 100, 500];

fn main() {
    // `cargo test --benches` also runs benches, but this one takes too long.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let begun = Instant::now();
    let program = Program::find();
    environment(&program);

    // `cargo bench -- adapt` measures only this part.
    attempt("adapt", || adapt::measure(&program));
    if std::env::args().any(|argument| argument == "adapt") {
        return;
    }
    let runtime = runtime_directory();
    attempt("start-up", || start_up(&program, &desktop(&runtime)));
    attempt("restore", || {
        let desktop = desktop(&runtime);
        let desk = desk::Desk::open(&desktop);
        restore::measure(&program, &desktop, &desk);
    });
    attempt("large", || {
        let desktop = desktop(&runtime);
        let mut desk = desk::Desk::open(&desktop);
        desk.fill(&desktop, SIZES[1]);
        restore::measure(&program, &desktop, &desk);
    });
    let mut captures = capture::Captures::default();
    attempt("capture", || {
        let desktop = desktop(&runtime);
        let mut desk = desk::Desk::open(&desktop);
        for size in SIZES {
            desk.fill(&desktop, size);
            captures.measure(&program, &desktop, size);
            matching::measure(&desktop, &format!("c{size}-0"));
            if size <= 100 {
                nothing_to_do::measure(&program, &desktop, size);
            }
        }
    });
    captures.print();
    // Takes several minutes, so it only runs if it is selected.
    if std::env::args().any(|argument| argument == "load") {
        let mut costs = load::Costs::default();
        let selected: Vec<usize> = std::env::args()
            .filter_map(|one| one.parse().ok())
            .collect();
        for size in load::SIZES {
            if selected.is_empty() || selected.contains(&size) {
                attempt("load", || costs.measure(&program, size));
            }
        }
        costs.print();
        if selected.is_empty() || selected.contains(&load::IN_A_ROW) {
            attempt("load", || load::in_a_row(&program));
        }
    }
    println!("\nmeasured in {:.0} s", begun.elapsed().as_secs_f64());
}

/// A private directory for runtime files. As that of a session, it is in memory (`pam_systemd`(8)), where
/// files are created faster than on a disk.
fn runtime_directory() -> TempDir {
    let mut directory = tempfile::Builder::new();
    directory.permissions(PermissionsExt::from_mode(0o700));
    let in_memory = directory.tempdir_in("/dev/shm");
    in_memory
        .or_else(|_| directory.tempdir())
        .expect("a directory is writable")
}

/// A private desktop with the files that its programs need.
fn desktop(runtime: &TempDir) -> Desktop {
    let desktop = Desktop::builder()
        .screen(2560, 1440)
        .env("XDG_RUNTIME_DIR", &runtime.path().display().to_string())
        // Linux allows a user only 128 watches for cues.
        .env("TEST_WINDOW_CUES", "")
        .start();
    desk::write_program_files(&desktop);
    desktop
}

/// Runs a part, and reports a failure without ending the others. Arguments select the parts.
fn attempt(what: &str, part: impl FnOnce()) {
    // Cargo adds the option `--bench`.
    let mut wanted = std::env::args()
        .skip(1)
        .filter(|one| !one.starts_with('-'))
        .peekable();
    if wanted.peek().is_some() && !wanted.any(|one| one == what) {
        return;
    }
    // A failed part leaves nothing behind, because it has its own desktop.
    if std::panic::catch_unwind(std::panic::AssertUnwindSafe(part)).is_err() {
        println!("\n{what}: failed, see the message above");
    }
}

/// Prints the environment on which the figures depend.
fn environment(program: &Program) {
    let first_line = |argv: &[&str]| -> String {
        Command::new(argv[0])
            .args(&argv[1..])
            .output()
            .ok()
            .and_then(|output| {
                let text = String::from_utf8_lossy(&output.stdout).into_owned();
                text.lines().next().map(str::to_owned)
            })
            .unwrap_or_else(|| "not found".to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default().to_owned();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let mut table = Table::new("Environment");
    table.row("cores, load before", format!("{cores}, {load}"));
    table.row("kernel", kernel.trim());
    table.row("i3", first_line(&["i3", "--version"]));
    table.row("rustc", first_line(&["rustc", "--version"]));
    table.row("program", first_line(&[program.text(), "--version"]));
    table.print();
}

/// Measures the start of the program and its size.
fn start_up(program: &Program, desktop: &Desktop) {
    let mut table = Table::new("Start-up and size");
    let runs: Vec<_> = (0..50)
        .map(|_| program.call(desktop, &["--version"]))
        .collect();
    let walls: Vec<Duration> = runs.iter().map(|run| run.wall).collect();
    table.row(
        "`--version`, total",
        format!(
            "{} (of {} calls)",
            figures::summary(&walls, millis),
            walls.len()
        ),
    );
    let nothing: Vec<Duration> = (0..50)
        .map(|_| calls::time(desktop, Path::new("true"), &[]).wall)
        .collect();
    table.row("`true`, for comparison", figures::summary(&nothing, millis));
    let size = fs::metadata(program.path()).map_or(0, |data| data.len());
    table.row("size of the binary", figures::mebibytes(size));
    table.print();
}
