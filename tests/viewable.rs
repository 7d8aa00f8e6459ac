//! No window is ever visible outside its final position.

use serde_json::Value;

use crate::harness::windows::Logged;
use crate::harness::{Desktop, Name, Slot, TestWindow, Workspace, layout, tree};

/// The percents of windows that differ only in their titles.
const WINDOWS: [u32; 5] = [30, 25, 20, 15, 10];

/// Position on the screen and size, in pixels: x, y, width, height.
type Rect = [i64; 4];

/// Saves a layout `t` of windows that open at the cues of their numbers.
fn save(desktop: &Desktop) {
    let slots = WINDOWS.iter().enumerate().map(|(number, percent)| {
        let window = TestWindow::new("same")
            .title(&format!("t{number}"))
            .map_after(&number.to_string());
        Slot::new(&format!("s{number}"))
            .swallow("instance: ^same$")
            .command(&window.command())
            .with(&format!("percent: {percent}"))
    });
    desktop.save("t", slots);
}

/// The X id, title and rect without decoration of all windows, from i3's tree.
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

/// The rect of a synthetic `ConfigureNotify`, in screen coordinates (ICCCM 4.1.5).
fn configured(line: &Logged) -> Option<Rect> {
    let Value::Object(values) = &line.0 else {
        return None;
    };
    (line.event() == "ConfigureNotify" && values["synthetic"] == true)
        .then(|| ["x", "y", "w", "h"].map(|key| values[key].as_i64().unwrap_or_default()))
}

/// True when X reports the visibility of the window, even if it is obscured.
fn is_seen(line: &Logged) -> bool {
    line.event() == "VisibilityNotify"
}

/// Microseconds from the first visibility of the window until it arrived at this place; 0 if it
/// was never visible elsewhere. `None` if it was never visible or has no position.
fn time_elsewhere(events: &[Logged], place: Rect) -> Option<u64> {
    let seen = events.iter().position(is_seen)?;
    if !events.iter().any(|line| configured(line).is_some()) {
        return None;
    }
    // i3 sends the position after it has shown the window.
    let last_elsewhere = events[seen..]
        .iter()
        .rposition(|line| configured(line).is_some_and(|rect| rect != place));
    let home = |from: usize| {
        let arrival = events[from..]
            .iter()
            .find(|line| configured(line) == Some(place));
        arrival.map(|line| line.time_us() - events[seen].time_us())
    };
    match last_elsewhere {
        Some(index) => home(seen + index),
        None => Some(0),
    }
}

#[track_caller]
fn check_all(desktop: &Desktop, what: &str) {
    let places = places(desktop);
    assert_eq!(places.len(), WINDOWS.len());
    for (window, title, place) in places {
        // The program may not have logged its last events yet.
        desktop.wait_until("the window knows its position", || {
            let events = desktop.x_events(window);
            events.iter().any(is_seen) && events.iter().rev().find_map(configured) == Some(place)
        });
        let events = desktop.x_events(window);
        let elsewhere = time_elsewhere(&events, place);
        let story: Vec<String> = events.iter().map(|line| line.0.to_string()).collect();
        assert_eq!(
            elsewhere,
            Some(0),
            "{what}: {title} was visible elsewhere than at {place:?} for this many µs\n{}",
            story.join("\n")
        );
        let unmapped = events.iter().any(|line| line.event() == "UnmapNotify");
        assert!(!unmapped, "{what}: {title} was unmapped");
    }
}

/// Applies the layout and opens its windows one by one in this order.
fn apply_with_windows_in_order(order: [usize; 5]) {
    let desktop = Desktop::new();
    save(&desktop);
    let running = desktop.command(["apply", "t"]).start();
    for number in order {
        desktop.cue(&number.to_string());
        desktop.wait_for_title(&format!("t{number}"));
    }
    running.wait().success();
    check_all(&desktop, &format!("opened in the order {order:?}"));
    let text = desktop.tree_text_by(Name::Title);
    assert_eq!(text, "1: splith[t0* 576, t1 480, t2 384, t3 288, t4 192]\n");
}

#[test]
fn windows_opening_in_mixed_order_are_visible_only_in_their_places() {
    apply_with_windows_in_order([2, 0, 4, 1, 3]);
    apply_with_windows_in_order([4, 1, 3, 2, 0]);
}

#[test]
fn windows_opening_from_last_to_first_are_visible_only_in_their_places() {
    apply_with_windows_in_order([4, 3, 2, 1, 0]);
}

#[test]
fn windows_opening_all_at_once_are_visible_only_in_their_places() {
    let desktop = Desktop::new();
    save(&desktop);
    for number in 0..WINDOWS.len() {
        desktop.cue(&number.to_string());
    }
    desktop.run(["apply", "t"]).success();
    check_all(&desktop, "opened all at once");
}

#[test]
fn window_on_the_previous_workspace_keeps_its_size() {
    let desktop = Desktop::builder()
        .monitor("eDP-1", "1920x1080+0+0")
        .monitor("DP-1", "1920x1080+1920+0")
        .start();
    desktop.run_i3("focus output DP-1");
    let beside = desktop.open_window("beside");
    desktop.run_i3("focus output eDP-1");
    let slot = TestWindow::new("new").slot();
    desktop.save_text("t", &layout([Workspace::shown("7").nodes([slot])]));
    let sizes = || -> Vec<String> {
        let events = desktop.x_events(beside.window());
        let sizes = events
            .iter()
            .filter(|line| line.event() == "ConfigureNotify");
        sizes.map(|line| line.0.to_string()).collect()
    };
    desktop.wait_until("the window has a size", || !sizes().is_empty());
    desktop.sync();
    let before = sizes();
    desktop.run(["apply", "t"]).success();
    desktop.sync();
    assert_eq!(sizes(), before);
}

#[test]
fn check_detects_a_window_that_is_moved() {
    let desktop = Desktop::new();
    let first = desktop.open_window("first");
    // The first window is visible and knows its position before the second opens.
    desktop.wait_until("the window is visible", || {
        let events = desktop.x_events(first.window());
        events.iter().any(is_seen) && events.iter().any(|line| configured(line).is_some())
    });
    desktop.open_window("second");
    let (window, _, place) = places(&desktop).remove(0);
    assert_eq!(window, first.window());
    desktop.wait_until("the window knows its position", || {
        desktop
            .x_events(window)
            .iter()
            .any(|line| configured(line) == Some(place))
    });
    let elsewhere = time_elsewhere(&desktop.x_events(window), place);
    assert!(elsewhere.is_some_and(|time| time > 0), "{elsewhere:?}");
}
