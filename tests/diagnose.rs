//! `diagnose`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::harness::{Desktop, TestWindow};

/// Secrets in different places; each is long enough to be recognised everywhere.
const IN_ARGUMENT: &str = "hunter2-hunter2";
const IN_VARIABLE: &str = "variable-secret-81";
const IN_TITLE: &str = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";
const IN_LAYOUT: &str = "layout-secret-99";
const IN_INVALID: &str = "invalid-secret-77";
const IN_CONFIG: &str = "config-secret-55";
const IN_I3_CONFIG: &str = "binding-secret-33";

const ALL: [&str; 7] = [
    IN_ARGUMENT,
    IN_VARIABLE,
    IN_TITLE,
    IN_LAYOUT,
    IN_INVALID,
    IN_CONFIG,
    IN_I3_CONFIG,
];

/// A title that is no secret, but private.
const PRIVATE: &str = "Letter to (my) lawyer - Mail";

/// A desktop with secrets everywhere.
fn desktop_of_secrets() -> Desktop {
    let desktop = Desktop::builder()
        .config(&format!(
            "bindsym Mod4+F9 exec i3pm-layout apply x --password={IN_I3_CONFIG}\n\
             for_window [title=\"--password={IN_I3_CONFIG}\"] floating enable"
        ))
        .start();
    desktop.open_window(
        TestWindow::new("client")
            .title(&format!("client {IN_TITLE} --password {IN_ARGUMENT}"))
            .arg("--token", IN_ARGUMENT),
    );
    desktop.open_window(TestWindow::new("mail").title(PRIVATE));
    desktop.run_i3(&format!(
        "[instance=client] mark {IN_ARGUMENT}\n\
         [instance=mail] mark token={IN_VARIABLE}\n\
         rename workspace to \"1: {IN_ARGUMENT}\""
    ));
    desktop.run(["capture", "daily"]).success();
    desktop.run(["apply", "daily"]).success();
    let _ = desktop.run(["undo"]);
    desktop.save_text(
        "secret",
        &format!(
            "version: 1\nworkspaces:\n  - name: \"2\"\n    nodes:\n      \
             - {{ id: db, swallow: {{ class: ^Db$ }}, command: db --password={IN_LAYOUT}, \
             env: {{ DB_PASSWORD: {IN_LAYOUT} }}, seen: {{ title: \"{PRIVATE}\" }} }}\n"
        ),
    );
    desktop.save_text(
        "invalid",
        &format!(
            "version: 1\nworkspace: [\n  password: {IN_INVALID}\ncommand: x --token {IN_INVALID}\n"
        ),
    );
    desktop.configure(&format!("secret_patterns: [\"{IN_CONFIG}\"]"));
    desktop
}

/// Fails if the report has a secret, or something private.
#[track_caller]
fn assert_is_clean(desktop: &Desktop, report: &str) {
    for secret in ALL {
        assert!(
            !report.contains(secret),
            "{secret}: {}",
            around(report, secret)
        );
    }
    assert!(!report.contains("lawyer"), "{}", around(report, "lawyer"));
    let home = desktop.path().join("home").display().to_string();
    assert!(!report.contains(&home), "{}", around(report, &home));
}

fn around(report: &str, text: &str) -> String {
    let lines = report.lines().filter(|line| line.contains(text));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn report_of_a_desktop_full_of_secrets_has_none() {
    let desktop = desktop_of_secrets();
    let call = desktop
        .command(["diagnose"])
        .env("API_TOKEN", IN_VARIABLE)
        .env("TEST_WINDOW_TOKEN", IN_ARGUMENT);
    let output = call.run().success();
    assert_is_clean(&desktop, &output.transcript());
    let report = output.json();
    let first = report.as_object().and_then(|parts| parts.keys().next());
    assert_eq!(first.map(String::as_str), Some("summary"));
    // It still has everything that a bug report needs.
    let names = report["environment"]["names"].as_array().expect("a list");
    assert!(names.iter().any(|name| name == "API_TOKEN"));
    assert!(report["environment"]["values"].get("API_TOKEN").is_none());
    assert!(report["desktop"]["tree"].is_object());
    assert_eq!(report["layouts"].as_array().map(Vec::len), Some(3));
    let text = report["layouts"].to_string();
    assert!(text.contains("--token ${env:TEST_WINDOW_TOKEN"), "{text}");
    assert!(text.contains("DB_PASSWORD: ***"), "{text}");
    assert!(
        report["last_runs"][0]["events"]
            .as_array()
            .is_some_and(|all| !all.is_empty())
    );
    assert!(report["doctor"]["checks"].is_array());
    let title = "characters>";
    assert!(report["desktop"].to_string().contains(title));
}

#[test]
fn secrets_are_removed_without_i3_too() {
    let desktop = desktop_of_secrets();
    let call = desktop
        .command(["diagnose", "--output", "report.json"])
        .env_remove("DISPLAY")
        .env_remove("I3SOCK")
        // Only this tells that the name of a workspace in a layout is a secret: the window with the
        // secret in its command line is not there.
        .env("TEST_WINDOW_TOKEN", IN_ARGUMENT)
        .env("API_TOKEN", IN_VARIABLE);
    let output = call.run().success();
    output.stderr_has("wrote report.json: read it, then attach it to the bug report\n");
    assert_eq!(output.stdout, "");
    let path = desktop.path().join("home/report.json");
    let mode = fs::metadata(&path)
        .expect("it was written")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = fs::read_to_string(&path).expect("it was written");
    let report: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(report["desktop"], serde_json::Value::Null);
    assert!(
        report["desktop_problem"]
            .as_str()
            .is_some_and(|text| text.starts_with("cannot reach i3"))
    );
    assert_is_clean(&desktop, &text);
}

#[test]
fn invalid_configuration_is_named_because_its_patterns_do_not_apply() {
    let desktop = Desktop::new();
    desktop.configure("secret_pattern: [x]");
    let report = desktop.run(["diagnose"]).success().json();
    let summary = report["summary"].to_string();
    assert!(
        summary.contains("its `secret_patterns` do not apply"),
        "{summary}"
    );
}

#[test]
fn directory_is_no_file_for_the_report() {
    let desktop = Desktop::new();
    let output = desktop.run(["diagnose", "-o", "."]).code(2);
    output.stderr_has("add the name of a file");
}
