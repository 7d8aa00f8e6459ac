use super::*;
use crate::document::lenient;

/// The criteria of a container, its title, and the notes.
#[track_caller]
fn check(
    text: &str,
    by_tool: bool,
    criteria: &[(&str, &str)],
    title: Option<&str>,
    notes: &[About],
) {
    let file = lenient::read(text.as_bytes(), "f", "import").unwrap();
    let found = read(&file.values[0], text, &file.comments, by_tool);
    let own: Vec<(&str, &str)> = found.swallow.criteria().collect();
    assert_eq!(own, criteria, "{text}");
    assert_eq!(found.title.as_deref(), title, "{text}");
    assert_eq!(found.notes, notes, "{text}");
}

#[test]
fn criteria_in_force_come_first() {
    check(
        r#"{"name": "a – b", "swallows": [{"class": "^Foo\\-bar$", "Instance": "^x\\/y$"}]}"#,
        false,
        &[("class", "^Foo-bar$"), ("instance", "^x/y$")],
        Some("a – b"),
        &[],
    );
    check(
        r#"{"swallows": [{"class": "(?i)foo"}, {"class": "^Bar$"}]}"#,
        false,
        &[("class", "(?:(?i)foo)|(?:^Bar$)")],
        None,
        &[],
    );
    check(
        r#"{"swallows": [{"class": "^A$"}, {"title": "b"}, {"class": "^A$"}]}"#,
        false,
        &[("class", "^A$")],
        None,
        &[About::Alternative],
    );
}

#[test]
fn criteria_in_comments_come_second() {
    let text = r#"{ "name": "t", "swallows": [ {
        // "class": "^XTerm$",
        // "instance": "^xt\\-1$",
        // "title": "^t$"
        // "transient_for": null
    } ] }"#;
    let criteria = [("class", "^XTerm$"), ("instance", "^xt-1$")];
    check(
        text,
        false,
        &criteria,
        Some("t"),
        &[About::CommentedCriteria],
    );
    // One of them is in force, and its comma has stayed.
    let text = "{\"swallows\": [{\n\"class\": \"^A$\",\n// \"instance\": \"^a$\"\n}]}";
    check(text, false, &[("class", "^A$")], None, &[]);
}

#[test]
fn properties_and_the_title_come_last() {
    check(
        r#"{"name": "n", "window_properties": {"class": "A b", "title": "n", "machine": "m"}, "swallows": []}"#,
        false,
        &[("class", "^A b$")],
        Some("n"),
        &[],
    );
    check(
        r#"{"name": "n", "swallows": [{}]}"#,
        false,
        &[("title", "^n$")],
        Some("n"),
        &[About::EmptySwallow, About::OnlyTitle],
    );
    check(
        r#"{"swallows": [{}]}"#,
        false,
        &[],
        None,
        &[About::EmptySwallow],
    );
}

#[test]
fn titles_of_a_tool_are_only_evidence() {
    let text = r#"{"name": "t", "swallows": [{"class": "^A$", "title": "^t$", "machine": "^m$"}]}"#;
    check(text, true, &[("class", "^A$")], Some("t"), &[About::Title]);
    let text = r#"{"name": "t", "swallows": [{"class": "^A$", "title": "Inbox"}]}"#;
    check(
        text,
        false,
        &[("class", "^A$"), ("title", "Inbox")],
        Some("t"),
        &[],
    );
}

#[test]
fn useless_patterns_are_repaired_or_left_out() {
    let text = r#"{"swallows": [{"class": ".*"}]}"#;
    check(
        text,
        false,
        &[("class", "^.+$")],
        None,
        &[About::MatchesNothing("class")],
    );
    let text = r#"{"swallows": [{"class": ".*", "instance": "^a$"}]}"#;
    check(
        text,
        false,
        &[("class", ".*"), ("instance", "^a$")],
        None,
        &[],
    );
    let text = r#"{"swallows": [{"class": "a?"}]}"#;
    check(text, false, &[], None, &[About::MatchesNothing("class")]);
    let file = lenient::read(
        br#"{"swallows": [{"class": "(a", "id": 5, "app_id": "b"}]}"#,
        "f",
        "import",
    );
    let file = file.unwrap();
    let found = read(&file.values[0], &file.text, &file.comments, false);
    assert!(found.swallow.is_empty());
    assert!(matches!(
        found.notes.as_slice(),
        [About::Key(key), About::InvalidPattern("class", _)] if key == "app_id"
    ));
}

#[test]
fn names_are_those_of_simple_patterns() {
    for (pattern, expected) in [
        ("^A$", Some("A")),
        ("(?i)^fire\\-fox$", Some("fire-fox")),
        ("XTerm", Some("XTerm")),
        ("^(a|b)$", None),
        ("^a\\d$", None),
        ("", None),
    ] {
        assert_eq!(name(pattern).as_deref(), expected, "{pattern}");
    }
}
