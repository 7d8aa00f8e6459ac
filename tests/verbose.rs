//! `--verbose`.

use std::fs;

use regex::Regex;

use crate::harness::{Desktop, TestWindow};

const SECRET: &str = "hunter2-hunter2";

/// The lines about actions.
fn actions(stderr: &str) -> Vec<String> {
    let line = Regex::new(r"^ *\d+\.\d{3} ms  (i3|proc|x11|tool) +(.+)$").expect("it is valid");
    let lines = stderr.lines().filter_map(|text| line.captures(text));
    lines.map(|found| found[2].to_owned()).collect()
}

fn assert_has(actions: &[String], begin: &str) {
    let has = actions.iter().any(|action| action.starts_with(begin));
    assert!(has, "no `{begin}` in {actions:#?}");
}

#[test]
fn every_action_is_printed_as_it_happens_and_without_secrets() {
    let desktop = Desktop::new();
    let window = TestWindow::new("client").arg("--token", SECRET);
    desktop.open_window(&window);
    let captured = desktop.run(["capture", "t", "-v"]).success();
    assert_has(&actions(&captured.stderr), "seen");
    desktop.close_all_windows();
    let call = desktop
        .command(["apply", "t", "--verbose"])
        .env("TEST_WINDOW_TOKEN", SECRET);
    let applied = call.run().success();
    assert!(!applied.stderr.contains(SECRET), "{}", applied.stderr);
    let is_raw = applied.stderr.contains("{\"") || applied.stderr.contains("con_id");
    assert!(!is_raw, "{}", applied.stderr);
    let found = actions(&applied.stderr);
    for begin in [
        "observe",
        "start `client`  ",
        "append  ",
        "place `client`",
        "finish",
        "end  exit code 0",
    ] {
        assert_has(&found, begin);
    }
    let start = found.iter().find(|one| one.starts_with("start "));
    assert!(
        start.is_some_and(|one| one.contains("--token '${env:TEST_WINDOW_TOKEN}'")),
        "{start:?}"
    );
    let json = desktop.run(["apply", "t", "-v", "--json"]).success();
    assert_eq!(json.json()["complete"], true);
    assert_has(&actions(&json.stderr), "observe");
    let silent = desktop.run(["apply", "t"]).success();
    assert_eq!(actions(&silent.stderr), Vec::<String>::new());
}

#[test]
fn actions_are_printed_even_if_they_cannot_be_recorded() {
    let desktop = Desktop::new();
    desktop.open_window("editor");
    desktop.run(["capture", "t"]).success();
    fs::remove_dir_all(desktop.path().join("state/i3pm-layout")).expect("it is there");
    desktop.write("state/i3pm-layout", "a file instead of a directory");
    let applied = desktop.run(["apply", "t", "-v"]).success();
    applied.stderr_has("this run is not recorded");
    assert_has(&actions(&applied.stderr), "observe");
    assert_has(&actions(&applied.stderr), "end  exit code 0");
}

#[test]
fn every_command_accepts_the_option() {
    let command = i3pm_layout::cli::command();
    for subcommand in command.get_subcommands() {
        let name = subcommand.get_name();
        for option in ["-v", "--verbose"] {
            let parsed = i3pm_layout::cli::command().try_get_matches_from(["x", name, option]);
            let message = parsed
                .err()
                .map(|error| error.to_string())
                .unwrap_or_default();
            assert!(
                !message.contains("unexpected argument"),
                "{name}: {message}"
            );
        }
    }
}

#[test]
fn verbose_version_has_the_build_and_the_paths() {
    let desktop = Desktop::new();
    let short = desktop.run(["--version"]).success();
    assert_eq!(
        short.stdout,
        format!("i3pm-layout {}\n", env!("CARGO_PKG_VERSION"))
    );
    for arguments in [["--version", "--verbose"], ["-v", "-V"]] {
        let long = desktop.run(arguments).success();
        let config = desktop.path().join("config/i3pm-layout");
        assert!(long.stdout.starts_with(&short.stdout), "{}", long.stdout);
        long.stdout_has("\ntarget:        ");
        long.stdout_has("\nprofile:       ");
        long.stdout_has(&format!(
            "\nconfiguration: {}/config.yaml\n",
            config.display()
        ));
        long.stdout_has(&format!("\nlayouts:       {}/layouts\n", config.display()));
        long.stdout_has("\nruntime:       ");
        assert!(
            !long.stdout.contains(env!("CARGO_MANIFEST_DIR")),
            "{}",
            long.stdout
        );
    }
}
