//! Restores real programs: capture, close all, apply, apply again, shuffle, apply.
//!
//! Also opens pictures of layouts in Chromium (`pictures`).
//!
//! Prints a row per program. `scripts/test-apps` installs the programs and runs it. Arguments
//! select programs by parts of their names. With `--survey` it runs the survey of
//! `scripts/discovery-survey` instead; `--survey --packages` prints the required packages.

#![expect(
    clippy::disallowed_methods,
    reason = "it installs files and starts programs"
)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the program prints a table and errors"
)]

#[path = "../harness/mod.rs"]
mod harness;

mod pictures;
mod programs;
mod survey;
mod trial;
mod unmaps;
mod windows;

use std::panic::{AssertUnwindSafe, catch_unwind};

use trial::{Row, trial};

fn main() {
    let (flags, words): (Vec<String>, Vec<String>) = std::env::args()
        .skip(1)
        .partition(|word| word.starts_with('-'));
    let has = |flag: &str| flags.iter().any(|given| given == flag);
    let code = if has("--packages") {
        for package in survey::packages(&words) {
            println!("{package}");
        }
        0
    } else if has("--survey") {
        survey::run(&words)
    } else {
        trials(&words)
    };
    std::process::exit(code);
}

/// Runs the programs whose names contain one of the words.
fn trials(words: &[String]) -> i32 {
    let selected = programs::all().into_iter().filter(|program| {
        words.is_empty()
            || words
                .iter()
                .any(|word| program.name.contains(word.as_str()))
    });
    println!("{}", Row::HEAD);
    let (mut rows, mut wrong) = (0, 0);
    for program in selected {
        let name = program.name;
        rows += 1;
        if let Ok(row) = catch_unwind(AssertUnwindSafe(|| trial(&program))) {
            println!("{row}");
            wrong += usize::from(!row.is_as_expected());
        } else {
            println!("| {name} | failed, see the message above |");
            wrong += 1;
        }
    }
    if words.is_empty() || words.iter().any(|word| "pictures".contains(word.as_str())) {
        rows += 1;
        match pictures::check() {
            Ok(()) => println!("| pictures in Chromium | as expected |"),
            Err(problem) => {
                println!("| pictures in Chromium | failed: {problem} |");
                wrong += 1;
            }
        }
    }
    println!("\n{} of {rows} programs as expected", rows - wrong);
    i32::from(wrong > 0)
}
