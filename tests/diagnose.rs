//! `diagnose`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::harness::{Desktop, Slot, TestWindow, Workspace, layout};

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

/// A title: private, but not a secret.
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

/// The words of a layout that has secrets in all notations, and a title.
const NOTATIONS: &str = r#"version: 1
workspaces:
  - name: "1"
    nodes:
      - id: a
        swallow: { class: ^A$ }
        command: [mysql, --password, LISTPASS123, -pLISTSHORT55]
        env:
          DB_PASSWORD: >
            FOLDED789
            more-of-it
          API_KEY: |
            LITERAL456
          GITHUB_TOKEN: "multi word PGPW852 tail"
        seen:
          title: Letter to my lawyer
      - id: b
        swallow: { class: ^B$ }
        command:
          - mysql
          - --password
          - BLOCKPASS456
        seen: { title: Bank }
"#;

const IN_NOTATIONS: [&str; 10] = [
    "LISTPASS123",
    "LISTSHORT55",
    "FOLDED789",
    "more-of-it",
    "LITERAL456",
    "PGPW852",
    "tail",
    "BLOCKPASS456",
    "lawyer",
    "Bank",
];

#[track_caller]
fn assert_lacks(report: &str, words: &[&str]) {
    for word in words {
        assert!(!report.contains(word), "{word}: {}", around(report, word));
    }
}

#[test]
fn files_with_mistakes_have_no_secrets_in_a_report() {
    let desktop = Desktop::new();
    let json = r#"{"version": 1, "wrong": "JSONWRONG1", "workspaces": [{"name": "1", "nodes": [
        {"id": "a", "swallow": {"class": "^A$"}, "seen": {"titel": "Letter to my lawyer"},
         "command": ["mysql", "--password", "LISTPASS123"]}]}]}"#;
    desktop.write("config/i3pm-layout/layouts/wrong-key.json", json);
    desktop.write(
        "config/i3pm-layout/layouts/no-json.json",
        &json.replace("\"version\"", "version"),
    );
    let broken = [
        ("valid", NOTATIONS.to_owned()),
        (
            "unknown-key",
            NOTATIONS.replace("swallow: { class: ^B$ }", "swalow: {}"),
        ),
        (
            "misspelt",
            NOTATIONS.replace("title: Letter", "titel: Letter"),
        ),
        (
            "no-map",
            NOTATIONS.replace("seen: { title: Bank }", "seen: Bank"),
        ),
        ("version", NOTATIONS.replace("version: 1", "version: 9")),
        ("syntax", format!("{NOTATIONS}  - [\n")),
        ("no-space", NOTATIONS.replace("title: L", "title:L")),
        ("star", NOTATIONS.replace("Letter", "*Letter")),
        ("quote", NOTATIONS.replace("Letter", "\"Letter")),
        ("colon", NOTATIONS.replace("my lawyer", "my: lawyer")),
        ("tab", NOTATIONS.replace("    nodes", "\tnodes")),
    ];
    for (name, text) in &broken {
        desktop.save_text(name, text);
    }
    let list = "[mysql, --password, LISTPASS123, -pLISTSHORT55]";
    desktop.configure(&format!("rules:\n  - command: {list}\n  x: [\n"));
    let report = desktop.run(["diagnose"]).success();
    assert_lacks(&report.transcript(), &IN_NOTATIONS);
    assert_lacks(&report.transcript(), &["JSONWRONG1"]);
    let report = report.json();
    let file = |name: &str| {
        let layouts = report["layouts"].as_array().expect("a list").iter();
        let mut layouts = layouts.filter(|layout| layout["name"] == name);
        layouts.next().expect("the layout is in the report").clone()
    };
    // A file that can be parsed still shows what is wrong.
    let text = file("unknown-key")["text"].to_string();
    assert!(
        text.contains("swalow: {}") && text.contains("--password"),
        "{text}"
    );
    let problem = &file("unknown-key")["problems"][0];
    assert_eq!(problem["message"], "unknown key `swalow`");
    assert_eq!(problem["line"], 18);
    // The others have their size, and the place of the mistake.
    let syntax = file("syntax");
    assert_eq!(syntax["text"], serde_json::Value::Null);
    assert_eq!(syntax["lines"], NOTATIONS.lines().count() + 1);
    assert!(syntax["problems"][0]["line"].as_u64() >= Some(23));
    assert_eq!(report["configuration"][0]["text"], serde_json::Value::Null);
    assert_eq!(
        report["configuration"][0]["problems"][0]["code"],
        "config::syntax"
    );
}

#[test]
fn value_of_a_variable_in_any_layout_is_no_part_of_a_report() {
    const VALUE: &str = "only-a-variable-47";
    let desktop = Desktop::new();
    let command = "test-window --instance a --role '${env:PLAIN}'";
    let text = layout([Workspace::shown("1").nodes([Slot::new("a").command(command)])]);
    let file = desktop
        .write("home/other.yaml", &text)
        .display()
        .to_string();
    let apply = desktop.command(["apply", &file]).env("PLAIN", VALUE);
    apply.run().success();
    fs::remove_file(file).expect("the file is the test's own");
    let with = desktop.command(["diagnose"]).env("PLAIN", VALUE);
    for call in [with, desktop.command(["diagnose"])] {
        let report = call.run().success().transcript();
        assert!(report.contains("--role"), "{report}");
        assert_lacks(&report, &[VALUE]);
    }
}
