//! The documentation says what is true: its layouts are valid, its paths exist, its
//! options are those of the program.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Arg, Command as Clap};
use i3pm_layout::config::{self, Layer};
use i3pm_layout::layout::{Format, read};
use regex::Regex;

const REFERENCE: &str = "docs/cli-reference.md";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// README.md, CHANGELOG.md and everything in docs/.
fn documents() -> Vec<(PathBuf, String)> {
    let docs = fs::read_dir(root().join("docs")).expect("it is there");
    let examples = root().join("layouts/examples/README.md");
    let mut paths: Vec<PathBuf> = docs
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .chain([
            root().join("README.md"),
            root().join("CHANGELOG.md"),
            examples,
        ])
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("it is a text");
            (path, text)
        })
        .collect()
}

/// The fenced blocks of a language, with the line that they begin on.
fn blocks(text: &str, language: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, bool, String)> = None;
    for (number, line) in text.lines().enumerate() {
        match (&mut open, line.trim_start().strip_prefix("```")) {
            (None, Some(info)) => open = Some((number + 1, info == language, String::new())),
            (Some(_), Some(_)) => {
                if let Some((start, true, block)) = open.take() {
                    found.push((start, block));
                }
            }
            (Some((_, _, block)), None) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}

#[test]
fn every_layout_and_configuration_in_the_documentation_is_valid() {
    let mut seen = 0;
    for (path, text) in documents() {
        for (line, block) in blocks(&text, "yaml") {
            let origin = format!("{}, block at line {line}", path.display());
            if path.ends_with("docs/configuration.md") {
                if let Err(problems) = config::read::read(block.as_bytes(), &origin, Layer::User) {
                    panic!("{problems}");
                }
                continue;
            }
            if let Err(problems) = read(&block, &origin, Format::Yaml) {
                panic!("{problems}");
            }
            seen += 1;
        }
    }
    assert!(seen > 3, "only {seen} blocks were found");
}

#[test]
fn every_example_is_valid() {
    let folder = fs::read_dir(root().join("layouts/examples")).expect("it is there");
    for entry in folder.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|ending| ending == "yaml") {
            let text = fs::read_to_string(&path).expect("it is a text");
            if let Err(problems) = read(&text, &path.display().to_string(), Format::Yaml) {
                panic!("{problems}");
            }
        }
    }
}

#[test]
fn paths_named_in_the_documentation_exist() {
    let ticked = Regex::new(
        r"`((?:src|tests|docs|scripts|schemas|layouts|\.ci)/[A-Za-z0-9_./-]*[A-Za-z0-9_/])`",
    )
    .expect("the pattern is valid");
    let link = Regex::new(r"\]\(([^)#:]+)(?:#[^)]*)?\)").expect("the pattern is valid");
    for (path, text) in documents() {
        let folder = path.parent().expect("it has one");
        for found in ticked.captures_iter(&text) {
            assert!(
                root().join(&found[1]).exists(),
                "{}: {}",
                path.display(),
                &found[1]
            );
        }
        for found in link.captures_iter(&text) {
            assert!(
                folder.join(&found[1]).exists(),
                "{}: {}",
                path.display(),
                &found[1]
            );
        }
    }
}

#[test]
fn commands_in_the_documentation_can_be_parsed() {
    for (path, text) in documents() {
        for (_, block) in blocks(&text, "sh") {
            for line in block.lines() {
                let line = line.trim_start().trim_start_matches("$ ");
                if !line.starts_with("i3pm-layout ") {
                    continue;
                }
                let call = line
                    .split(['|', '<', '>', '#', ';'])
                    .next()
                    .unwrap_or_default();
                let words = shell_words::split(call).expect(line);
                if let Err(error) = i3pm_layout::cli::command().try_get_matches_from(&words) {
                    assert!(!error.use_stderr(), "{}: {line}: {error}", path.display());
                }
            }
        }
    }
}

#[test]
fn the_reference_of_the_command_line_is_up_to_date() {
    let path = root().join(REFERENCE);
    let text = reference();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &text).expect("it is ours");
    }
    assert!(
        fs::read_to_string(&path).unwrap_or_default() == text,
        "{REFERENCE} is stale: run the tests with UPDATE_DOCS=1"
    );
}

fn reference() -> String {
    let mut text =
        "# Command line reference\n\nMade from the program by `UPDATE_DOCS=1 cargo test \
                    --features test-bins documents`; change the help texts in `src/cli/` \
                    instead.\n"
            .to_owned();
    let mut command = i3pm_layout::cli::command();
    command.build();
    for subcommand in command.get_subcommands() {
        describe(&mut text, subcommand);
    }
    text
}

fn describe(text: &mut String, command: &Clap) {
    let name = command.get_name();
    let _ = writeln!(text, "\n## {name}\n");
    let about = command.get_long_about().or_else(|| command.get_about());
    let _ = writeln!(text, "{}", about.expect(name));
    let aliases: Vec<String> = command
        .get_visible_aliases()
        .map(|alias| format!("`{alias}`"))
        .collect();
    if !aliases.is_empty() {
        let _ = writeln!(text, "\nAlso called {}.", aliases.join(", "));
    }
    text.push_str("\n| | |\n|---|---|\n");
    for argument in command.get_arguments() {
        text.push_str(&row(argument));
    }
    for subcommand in command.get_subcommands() {
        let about = subcommand.get_about().expect(name);
        let _ = writeln!(text, "| `{}` | {about} |", subcommand.get_name());
        for argument in subcommand.get_arguments() {
            text.push_str(&row(argument));
        }
    }
    let examples = command.get_after_help().expect(name).to_string();
    let examples: Vec<&str> = examples.lines().skip(1).map(str::trim).collect();
    let _ = writeln!(text, "\n```text\n{}\n```", examples.join("\n"));
}

fn row(argument: &Arg) -> String {
    let value = argument
        .get_value_names()
        .unwrap_or_default()
        .first()
        .map(ToString::to_string)
        .unwrap_or_default();
    let mut names: Vec<String> = Vec::new();
    names.extend(argument.get_short().map(|short| format!("-{short}")));
    names.extend(argument.get_long().map(|long| format!("--{long}")));
    let mut name = names.join(", ");
    if argument.is_positional() {
        name = argument.to_string();
    } else if argument.get_action().takes_values() {
        name = format!("{name} {value}");
    }
    let mut help = argument
        .get_help()
        .map(ToString::to_string)
        .unwrap_or_default();
    let values: Vec<String> = argument
        .get_possible_values()
        .iter()
        .filter(|_| argument.get_action().takes_values())
        .map(|value| match value.get_help() {
            Some(about) if !about.to_string().eq_ignore_ascii_case(value.get_name()) => {
                format!("`{}` ({about})", value.get_name())
            }
            _ => format!("`{}`", value.get_name()),
        })
        .collect();
    if !values.is_empty() {
        let _ = write!(help, ": {}", values.join(", "));
    }
    let default = argument.get_default_values();
    if argument.get_action().takes_values()
        && let Some(default) = default.first()
    {
        let _ = write!(help, "; by default {}", default.to_string_lossy());
    }
    format!("| `{name}` | {help} |\n")
}
