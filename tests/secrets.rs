//! Secrets of real windows appear neither in files nor in output.

use std::fs;
use std::path::Path;

use crate::harness::command::Call;
use crate::harness::{Desktop, Slot, TestWindow};

const SECRET: &str = "hunter2-hunter2";

/// A secret in the format of a GitHub token.
const TOKEN: &str = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";

/// The paths and contents of all files below a directory.
fn files_below(directory: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else if let Ok(bytes) = fs::read(&path) {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            found.push((path.display().to_string(), text));
        }
    }
    found
}

/// Fails if the output or a written file contains the secret.
#[track_caller]
fn assert_no_secret(desktop: &Desktop, printed: &str) {
    assert!(!printed.contains(SECRET), "{printed}");
    for folder in ["config", "state", "run", "home", "share"] {
        for (path, text) in files_below(&desktop.path().join(folder)) {
            assert!(!text.contains(SECRET), "{path}:\n{text}");
        }
    }
}

/// A call with the variables that the captured command needs.
fn with_secrets<'a>(desktop: &'a Desktop, arguments: &[&str]) -> Call<'a> {
    desktop
        .command(arguments)
        .env("TEST_WINDOW_TOKEN", SECRET)
        .env("TEST_WINDOW_PASSWORD", SECRET)
}

fn window() -> TestWindow {
    TestWindow::new("client")
        .title(&format!("client --password {SECRET}"))
        .arg("--token", SECRET)
}

#[test]
fn captured_secret_becomes_a_variable_and_appears_nowhere() {
    let desktop = Desktop::new();
    let directory = desktop.create_directory(&format!("home/token={SECRET}"));
    desktop.open_window_in(window(), &directory);
    fs::remove_dir(&directory).ok();
    fs::create_dir_all(&directory).expect("the file is writable");
    let printed = desktop.run(["capture", "t"]).success().transcript();
    assert!(
        printed.contains(
            "the command of slot `client` contained 2 secrets\n\
             hint: set TEST_WINDOW_PASSWORD and TEST_WINDOW_TOKEN before"
        ),
        "{printed}"
    );
    assert_no_secret(&desktop, &printed);
    let text = desktop.layout("t");
    assert!(text.contains("--token ${env:TEST_WINDOW_TOKEN}"), "{text}");
    let printed = desktop.run(["capture", "-"]).success().transcript();
    assert_no_secret(&desktop, &printed);
    let printed = desktop.run(["capture", "t", "--json"]).success();
    assert_no_secret(&desktop, &printed.transcript());
}

/// Opens a window whose class, instance, role and title contain the secret of its command line,
/// and a window whose class and instance are a secret recognised by its format.
fn named_by_secrets(desktop: &Desktop) {
    let role = format!("role-{SECRET}");
    let window = TestWindow::new(&format!("client-{SECRET}"))
        .class(&format!("Client-{SECRET}"))
        .title(&format!("{SECRET} - client"))
        .role(&role)
        .arg("--token", SECRET);
    desktop.open_window(&window);
    desktop.open_window(TestWindow::new(TOKEN).class(TOKEN).title("bare"));
}

#[test]
fn window_names_are_captured_without_secrets_and_still_match() {
    let desktop = Desktop::new();
    named_by_secrets(&desktop);
    let assert_no_secret = |printed: &str| {
        assert_no_secret(&desktop, printed);
        assert!(!printed.contains(TOKEN), "{printed}");
        for (path, text) in files_below(&desktop.path().join("config")) {
            assert!(!text.contains(TOKEN), "{path}:\n{text}");
        }
    };
    assert_no_secret(&desktop.run(["capture", "t"]).success().transcript());
    let text = desktop.layout("t");
    let swallow = "{ class: ^Client-.+$ }";
    assert!(text.contains(swallow), "{text}");
    assert!(text.contains("id: client\n"), "{text}");
    assert!(text.contains("swallow: { title: ^bare$ }"), "{text}");
    let before = desktop.tree_text();
    for call in [
        &["capture", "t", "--force", "--json"] as &[&str],
        &["discover", "--all", "--json"],
        &["discover", "--all", "--explain"],
        &["rules", "explain"],
        &["rules", "explain", "--json"],
        &["rules", "suggest"],
        &["diff", "t"],
        &["diff", "t", "--text"],
        &["diff", "t", "--json"],
        &["apply", "t", "--dry-run", "--explain"],
        &["show", "t"],
        &["compile", "t"],
    ] {
        assert_no_secret(&with_secrets(&desktop, call).run().transcript());
    }
    desktop.close_all_windows();
    for call in [
        &["diff", "t"] as &[&str],
        &["apply", "t", "--no-launch"],
        &["apply", "t", "--no-launch", "--json"],
    ] {
        assert_no_secret(&with_secrets(&desktop, call).run().transcript());
    }
    named_by_secrets(&desktop);
    assert_no_secret(
        &with_secrets(&desktop, &["apply", "t"])
            .run()
            .success()
            .transcript(),
    );
    assert_eq!(desktop.tree_text(), before);
    assert_no_secret(
        &with_secrets(&desktop, &["diff", "t"])
            .run()
            .success()
            .transcript(),
    );
}

#[test]
fn value_of_a_variable_is_never_shown() {
    let desktop = Desktop::new();
    desktop.open_window(window());
    desktop.run(["capture", "t"]).success();
    desktop.close_all_windows();
    let calls: [&[&str]; 4] = [
        &["apply", "t", "--dry-run"],
        &["apply", "t", "--dry-run", "--json"],
        &["show", "t"],
        &["show", "t", "--json"],
    ];
    for call in calls {
        let printed = with_secrets(&desktop, call).run().success().transcript();
        assert!(printed.contains("${env:TEST_WINDOW_TOKEN}"), "{printed}");
        assert_no_secret(&desktop, &printed);
    }
    desktop.open_window(window());
    for call in [
        &["diff", "t"] as &[&str],
        &["apply", "t", "--dry-run", "--explain"],
        &["diff", "t", "--json"],
        &["diff", "t", "--text"],
    ] {
        assert_no_secret(&desktop, &with_secrets(&desktop, call).run().transcript());
    }
}

#[test]
fn missing_variable_is_an_error_for_its_slot_only() {
    let desktop = Desktop::new();
    desktop.open_window("editor");
    desktop.open_window(window());
    desktop.run(["capture", "t"]).success();
    let before = desktop.tree_text();
    desktop.close_all_windows();

    let report = desktop
        .command(["apply", "t"])
        .env("TEST_WINDOW_PASSWORD", SECRET);
    let printed = report.run().code(1).transcript();
    assert!(
        printed.contains("the environment variable `TEST_WINDOW_TOKEN` is not set"),
        "{printed}"
    );
    let hints = "hint: run `read -rs TEST_WINDOW_TOKEN && export TEST_WINDOW_TOKEN` first, or set it in \
                 `~/.profile`\n\
                 hint: then run `i3pm-layout apply t --only";
    assert!(printed.contains(hints), "{printed}");
    // All missing variables are reported at once.
    let printed = desktop.run(["apply", "t"]).code(1).transcript();
    let both = "the environment variables `TEST_WINDOW_PASSWORD`, `TEST_WINDOW_TOKEN` are not set";
    assert!(printed.contains(both), "{printed}");
    assert_eq!(desktop.tree_text(), "1: splith[editor* 1920]\n");

    let report = with_secrets(&desktop, &["apply", "t"]).run().success();
    assert_no_secret(&desktop, &report.transcript());
    assert_eq!(desktop.tree_text(), before);
}

#[test]
fn secrets_in_the_output_of_a_failed_program_are_masked() {
    let desktop = Desktop::new();
    let fails = "test-window --exit-at-once '1:bad password: ${env:WORD}'";
    desktop.save("t", [Slot::new("a").command(fails)]);
    let report = desktop.command(["apply", "t"]).env("WORD", SECRET);
    report.run().code(1).has("bad password: ***").lacks(SECRET);
}

#[test]
fn values_of_environment_variables_are_masked_in_messages() {
    let desktop = Desktop::new();
    desktop.save("t", [Slot::new("a").command("'${env:WORD}' x")]);
    for arguments in [
        &["apply", "t"][..],
        &["apply", "t", "--json"],
        &["apply", "t", "--dry-run", "--json"],
        &["show", "t"],
        &["validate", "t"],
    ] {
        let report = desktop.command(arguments).env("WORD", SECRET).run();
        let printed = report.transcript();
        assert!(!printed.contains(SECRET), "{printed}");
        assert!(printed.contains("not installed"), "{printed}");
    }
}

#[test]
fn excerpts_of_files_have_no_secrets() {
    let desktop = Desktop::new();
    let layout = |command: &str, key: &str| {
        format!(
            "version: 1\nworkspaces:\n  - name: \"1\"\n    nodes:\n      \
             - {{ id: a, swallow: {{ class: ^A$ }}, command: \"{command}\", {key}: 1 }}\n"
        )
    };
    for (command, secret) in [
        (format!("app --password {SECRET}"), SECRET),
        (format!("app {TOKEN}"), TOKEN),
    ] {
        let text = layout(&command, "nonsense");
        let file = desktop.write("home/a.yaml", &text);
        let file = file.display().to_string();
        for arguments in [
            &["validate", file.as_str()][..],
            &["validate", "--json", &file],
            &["apply", &file],
        ] {
            let printed = desktop.run(arguments).transcript();
            assert!(printed.contains("nonsense"), "{printed}");
            assert!(!printed.contains(secret), "{printed}");
        }
    }
    // The program's own words are not masked.
    desktop.open_window("editor");
    let printed = desktop.run(["capture", "password"]).success().transcript();
    assert!(
        printed.contains("password") && !printed.contains("***"),
        "{printed}"
    );
    let printed = desktop.run(["apply", "password"]).success().transcript();
    assert!(
        printed.contains("password: ") && !printed.contains("***"),
        "{printed}"
    );
}

/// Secrets on other lines than what announces them.
const SEVERAL_LINES: [&str; 5] = [
    "LISTPASS123",
    "BLOCKPASS456",
    "FOLDED789",
    "PGPW852",
    "tail",
];

/// A layout with these secrets.
fn with_several_lines(version: &str) -> String {
    format!(
        "version: 1\nworkspaces:\n  - name: \"1\"\n    nodes:\n      - id: a\n        \
         swallow: {{ class: ^A$ }}\n        command:\n          - app\n          - --password\n          \
         - BLOCKPASS456{version}\n        env:\n          DB_PASSWORD: >\n            \
         FOLDED789{version}\n          PGPASSWORD: \"multi word PGPW852 {version}\n            tail\"\n          \
         GITHUB_TOKEN: x{version}\n      - id: b\n        swallow: {{ class: ^B$ }}\n        \
         command: [app, --password, LISTPASS123{version}, --x]\n"
    )
}

#[test]
fn differences_of_files_have_no_secrets_of_several_lines() {
    let desktop = Desktop::new();
    desktop.save_text("t", &with_several_lines("old"));
    let before = with_several_lines("old");
    // `edit` keeps the earlier version.
    let new = desktop.write("home/new.yaml", &with_several_lines("new"));
    let editor = format!("cp {}", new.display());
    let edited = desktop.command(["edit", "t"]).env("EDITOR", editor).run();
    edited.success();
    for arguments in [
        &["revert", "t", "last", "--dry-run"][..],
        &["revert", "t", "last", "--dry-run", "--json"],
        &["diff", "t", "--text"],
    ] {
        let printed = desktop.run(arguments).transcript();
        for secret in SEVERAL_LINES {
            assert!(!printed.contains(secret), "{secret}: {printed}");
        }
        assert!(printed.contains("--password"), "{printed}");
    }
    // A line whose secret differs is still a difference, and the file is not masked.
    let printed = desktop.run(["revert", "t", "last"]).success().transcript();
    let both = "-          - ***\n+          - ***\n";
    assert!(printed.contains(both), "{printed}");
    assert!(printed.contains("[app, --password, ***, --x]"), "{printed}");
    assert_eq!(desktop.layout("t"), before);
    // A version that cannot be parsed has none, either.
    desktop.save_text("t", &format!("{before}  - [\n"));
    let printed = desktop
        .run(["revert", "t", "last", "--dry-run"])
        .transcript();
    for secret in SEVERAL_LINES {
        assert!(!printed.contains(secret), "{secret}: {printed}");
    }
}

#[test]
fn structure_around_secrets_stays() {
    let desktop = Desktop::new();
    let slot = |secret: &str| {
        let keys = "env: { GITHUB_TOKEN: ".to_owned()
            + secret
            + ", AWS_REGION: eu }, marks: [token="
            + secret
            + "]";
        desktop.save("t", [Slot::without_window("a").with(&keys)]);
    };
    slot("old-secret");
    let text = desktop.layout("t").replace("old-secret", "new-secret");
    let new = desktop.write("home/new.yaml", &text).display().to_string();
    let editor = format!("cp {new}");
    desktop
        .command(["edit", "t"])
        .env("EDITOR", editor)
        .run()
        .success();
    let printed = desktop
        .run(["revert", "t", "last", "--dry-run"])
        .transcript();
    let line = "env: { GITHUB_TOKEN: ***, AWS_REGION: eu }, marks: [token=***] }";
    assert!(printed.contains(line), "{printed}");
    let report = desktop.run(["diagnose"]).success().transcript();
    assert!(report.contains(line), "{report}");
    // A path that ends like the name of a secret, with a line and column.
    let file = desktop.write("home/passwd", "version: 1\nx: 1\n");
    let printed = desktop
        .run(["validate", &file.display().to_string()])
        .transcript();
    assert!(printed.contains("passwd:2:1\n"), "{printed}");
}

#[test]
fn value_of_a_secret_variable_is_hidden_where_nothing_announces_it() {
    let desktop = Desktop::new();
    let value = "Zq7RoundTrip55";
    desktop.open_window(TestWindow::new("client").title(&format!("run app {value} now")));
    let with_value = |arguments: &[&str]| {
        desktop
            .command(arguments)
            .env("DB_PASSWORD", value)
            .run()
            .success()
            .transcript()
    };
    for call in [
        &["capture", "t"] as &[&str],
        &["discover", "--all"],
        &["apply", "t"],
        &["history", "show", "last", "--events"],
    ] {
        let printed = with_value(call);
        assert!(!printed.contains(value), "{printed}");
    }
    let text = desktop.layout("t");
    assert!(text.contains("'run app ${env:DB_PASSWORD} now'"), "{text}");
    for (path, text) in files_below(&desktop.path().join("state")) {
        assert!(!text.contains(value), "{path}:\n{text}");
    }
}
