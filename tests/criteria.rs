//! Criteria match the same windows as in i3.

use i3pm_layout::layout::{Criterion, Matcher, Swallow};
use serde_json::{Value, json};

use crate::harness::{Desktop, TestWindow, tree};

/// The window: its class, instance, role and title have characters that are special in regular
/// expressions, JSON, i3's commands or Unicode.
const CLASS: &str = r#"Größe "x" [1]"#;
const INSTANCE: &str = r"a\b$c";
const ROLE: &str = "browser#2";
const TITLE: &str = "(3) naïve ☃ – \"quoted\" it's\tend\\";

/// Patterns for each criterion.
const PATTERNS: [(&str, &[&str]); 5] = [
    (
        "class",
        &[
            r#"^Größe "x" \[1]$"#,
            r#"^Größe "x" \[1\]$"#,
            r#"^größe "x""#,
            r"(?i)^GRÖSSE",
            r"(?i)^gRÖßE",
            r"^Gr.ße",
            r"^Gr..ße",
            r"^\w{5} ",
            r#""x""#,
            r"[1]",
            r"[1",
            "",
            "^$",
        ],
    ),
    (
        "instance",
        &[r"^a\\b\$c$", r"^a\b", r"\\b", r"\Qa\b$c\E", r"^a\\b$", "A"],
    ),
    (
        "window_role",
        &[
            "^browser#2$",
            r"^browser#\d+$",
            "^browser$",
            "(?!x)b",
            "(?x) b r o w s e r # comment",
        ],
    ),
    (
        "title",
        &[
            "☃",
            r"\p{So}",
            "naïve",
            "na.ve",
            r"\bna",
            r"it's\s+end",
            r"end\\$",
            r"end\\\n$",
            "^(3)",
            r"^\(3\)",
            r#""quoted""#,
            "(?<!x)☃(?= –)",
            r"^[^☃]+$",
        ],
    ),
    ("machine", &[".", "^$", "^.*$", "^nowhere$"]),
];

fn with(criterion: &str, pattern: &str) -> Swallow {
    Swallow::of(|one| (one.as_str() == criterion).then(|| pattern.to_owned()))
}

fn properties(con: &Value) -> i3pm_layout::live::Properties {
    let text = |name: &str| con["window_properties"][name].as_str().map(str::to_owned);
    i3pm_layout::live::Properties {
        class: text("class"),
        instance: text("instance"),
        title: text("title"),
        window_role: text("window_role"),
        machine: text("machine"),
        ..i3pm_layout::live::Properties::default()
    }
}

/// True if i3 puts the window into a placeholder with this pattern.
fn is_swallowed(desktop: &Desktop, criterion: &str, pattern: &str) -> (bool, Value) {
    let placeholder = json!({
        "type": "con",
        "swallows": [{ criterion: pattern }],
        "marks": ["placeholder"],
    });
    let path = desktop.write("tmp/layout.json", &placeholder.to_string());
    desktop.run_i3(&format!("append_layout {}", path.display()));
    // A window that opens before i3 has drawn the placeholder would be destroyed.
    desktop.sync();
    let window = TestWindow::new("x")
        .class(CLASS)
        .arg("--instance", INSTANCE)
        .role(ROLE)
        .title(TITLE);
    let opened = desktop.open_window(&window);
    desktop.sync();
    let tree = desktop.tree();
    let windows = tree::windows(&tree);
    let window = windows
        .iter()
        .find(|con| con["window"] == opened.window())
        .expect("the window is open");
    let marked = tree::with_mark(&tree, "placeholder").expect("i3 has the placeholder");
    let is_inside = marked["id"] == window["id"];
    let window = (*window).clone();
    // Not by criteria: an empty class matches the placeholder's own window, too, and `kill client`
    // of that ends i3's own connection to the X server.
    desktop.run_i3(&format!("[con_id={}] kill client", window["id"]));
    desktop.wait_until("the window is closed", || {
        tree::windows(&desktop.tree())
            .iter()
            .all(|con| con["window"] != opened.window())
    });
    if !is_inside {
        desktop.run_i3("[con_mark=\"^placeholder$\"] kill");
    }
    (is_inside, window)
}

#[test]
fn criteria_match_the_same_windows_as_in_i3() {
    let desktop = Desktop::new();
    let mut wrong = Vec::new();
    for (criterion, patterns) in PATTERNS {
        assert!(Criterion::ALL.iter().any(|one| one.as_str() == criterion));
        for pattern in patterns {
            // i3 ignores criteria that it cannot compile, and `validate` refuses them.
            let Ok(matcher) = Matcher::new(&with(criterion, pattern)) else {
                continue;
            };
            let (expected, window) = is_swallowed(&desktop, criterion, pattern);
            if matcher.matches(&properties(&window)) != expected {
                wrong.push(format!("{criterion}={pattern}: i3 says {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
