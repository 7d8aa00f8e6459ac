//! Nobody sees a window in a place that is not its own: from the moment a part of it
//! shows, it is where it stays.

use std::fmt::Write as _;
use std::hash::{BuildHasher as _, RandomState};

use serde_json::Value;

use crate::harness::windows::Logged;
use crate::harness::{Desktop, Name, TestWindow, tree};

/// Windows that only their titles tell apart, each in a time of its own.
const WINDOWS: u64 = 5;

/// Place on the screen and size, in pixels.
type Rect = [i64; 4];

/// Writes a layout `t` of a visible workspace `1`; windows come after these delays.
fn layout(desktop: &Desktop, delays: &[u64]) {
    let mut text =
        "version: 1\nworkspaces:\n  - name: \"1\"\n    visible: true\n    nodes:\n".to_owned();
    for (number, delay) in delays.iter().enumerate() {
        let window = TestWindow::new("same")
            .title(&format!("t{number}"))
            .arg("--map-delay", &delay.to_string());
        let command = window.command();
        let _ = writeln!(
            text,
            "      - {{ id: s{number}, swallow: {{ instance: ^same$ }}, command: {command:?}, \
             percent: {} }}",
            [30, 25, 20, 15, 10][number % 5]
        );
    }
    desktop.write("config/i3pm-layout/layouts/t.yaml", &text);
}

/// Up to 200 ms, other ones each time.
fn random_delays() -> Vec<u64> {
    let hasher = RandomState::new();
    (0..WINDOWS)
        .map(|number| hasher.hash_one(number) % 200)
        .collect()
}

/// Where i3 has the windows themselves, without their decoration, by title.
fn places(desktop: &Desktop) -> Vec<(u32, String, Rect)> {
    desktop.sync();
    let tree = desktop.tree();
    tree::windows(&tree)
        .into_iter()
        .map(|con| {
            let number = |part: &str, key: &str| con[part][key].as_i64().unwrap_or_default();
            let rect = [
                number("rect", "x") + number("window_rect", "x"),
                number("rect", "y") + number("window_rect", "y"),
                number("window_rect", "width"),
                number("window_rect", "height"),
            ];
            let window = con["window"].as_u64().and_then(|id| id.try_into().ok());
            (window.unwrap_or(0), Name::Title.of(con), rect)
        })
        .collect()
}

/// What a `ConfigureNotify` says: screen coordinates where i3 sent it (ICCCM 4.1.5).
fn configured(line: &Logged) -> Option<Rect> {
    let Value::Object(values) = &line.0 else {
        return None;
    };
    (line.event() == "ConfigureNotify" && values["synthetic"] == true)
        .then(|| ["x", "y", "w", "h"].map(|key| values[key].as_i64().unwrap_or_default()))
}

fn is_seen(line: &Logged) -> bool {
    line.event() == "VisibilityNotify" && line.0["state"] != "FullyObscured"
}

/// Microseconds from when a part of the window was first seen until it was last told of
/// another place than this; 0 when it was never seen elsewhere.
fn time_elsewhere(events: &[Logged], place: Rect) -> Option<u64> {
    let seen = events.iter().position(is_seen)?;
    // i3 shows a window first and tells it where it is then.
    let told = events[seen..].iter().filter_map(configured);
    let before = events[..seen].iter().rev().find_map(configured);
    let was_told = before.is_some() || told.clone().next().is_some();
    let last_elsewhere = events[seen..]
        .iter()
        .rposition(|line| configured(line).is_some_and(|rect| rect != place));
    let home = |from: usize| {
        let arrival = events[from..]
            .iter()
            .find(|line| configured(line) == Some(place));
        arrival.map(|line| line.time_us() - events[seen].time_us())
    };
    was_told.then_some(())?;
    match last_elsewhere {
        Some(index) => home(seen + index),
        None => Some(0),
    }
}

#[track_caller]
fn check_all(desktop: &Desktop, what: &str) {
    let places = places(desktop);
    assert_eq!(places.len(), usize::try_from(WINDOWS).unwrap_or_default());
    for (window, title, place) in places {
        // Its program may be the last one to get to a processor.
        desktop.wait_until("the window knows its place", || {
            let events = desktop.x_events(window);
            events.iter().any(is_seen) && events.iter().rev().find_map(configured) == Some(place)
        });
        let events = desktop.x_events(window);
        let elsewhere = time_elsewhere(&events, place);
        let story: Vec<String> = events.iter().map(|line| line.0.to_string()).collect();
        assert_eq!(
            elsewhere,
            Some(0),
            "{what}: {title} was seen elsewhere than at {place:?} for µs\n{}",
            story.join("\n")
        );
        let unmapped = events.iter().any(|line| line.event() == "UnmapNotify");
        assert!(!unmapped, "{what}: {title} was unmapped");
    }
}

#[test]
fn windows_of_one_class_are_seen_in_their_places_only() {
    let desktop = Desktop::new();
    let delays = random_delays();
    layout(&desktop, &delays);
    desktop.run(["apply", "t"]).success();
    check_all(&desktop, &format!("after delays of {delays:?} ms"));
    let text = desktop.tree_text_by(Name::Title);
    assert_eq!(text, "1: splith[t0* 576, t1 480, t2 384, t3 288, t4 192]\n");
}

#[test]
fn windows_that_come_all_at_once_are_seen_in_their_places_only() {
    let desktop = Desktop::new();
    layout(&desktop, &[0; 5]);
    desktop.run(["apply", "t"]).success();
    check_all(&desktop, "all at once");
}

#[test]
fn windows_that_come_backwards_are_seen_in_their_places_only() {
    let desktop = Desktop::new();
    layout(&desktop, &[200, 150, 100, 50, 0]);
    desktop.run(["apply", "t"]).success();
    check_all(&desktop, "backwards");
}

#[test]
fn the_measure_sees_a_window_that_is_moved() {
    let desktop = Desktop::new();
    let first = desktop.open_window(&TestWindow::new("first"));
    // It is alone, shown, and told so, before it has to share.
    desktop.wait_until("it is seen", || {
        let events = desktop.x_events(first.window());
        events.iter().any(|line| line.event() == "VisibilityNotify")
            && events.iter().any(|line| configured(line).is_some())
    });
    desktop.open_window(&TestWindow::new("second"));
    let (window, _, place) = places(&desktop).remove(0);
    assert_eq!(window, first.window());
    desktop.wait_until("it is told", || {
        desktop
            .x_events(window)
            .iter()
            .any(|line| configured(line) == Some(place))
    });
    let elsewhere = time_elsewhere(&desktop.x_events(window), place);
    assert!(elsewhere.is_some_and(|time| time > 0), "{elsewhere:?}");
}
