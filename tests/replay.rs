//! A run is a pure function of its events: a recorded run gives the same actions again.

use i3pm_layout::apply::{Action, Event, Listener, Progress, step};

use crate::harness::in_process::InProcess;
use crate::harness::{Desktop, TestWindow, Workspace, layout};

/// The events and actions of a run, one line of JSON each.
struct Recording<'d> {
    desktop: &'d Desktop,
    steps: Vec<(String, Vec<String>)>,
}

impl<'d> Recording<'d> {
    const fn new(desktop: &'d Desktop) -> Self {
        let steps = Vec::new();
        Self { desktop, steps }
    }
}

impl Listener for Recording<'_> {
    /// Lets the last window open while the run waits.
    fn update(&mut self, _progress: Progress<'_>) {
        self.desktop.cue("open");
    }

    fn happened(&mut self, event: &Event) {
        let event = serde_json::to_string(event).expect("an event is JSON");
        self.steps.push((event, Vec::new()));
    }

    fn follows(&mut self, actions: &[Action]) {
        let (_, last) = self.steps.last_mut().expect("an event comes first");
        last.extend(actions.iter().map(line));
    }
}

fn line(action: &Action) -> String {
    let line = serde_json::to_string(action).expect("an action is JSON");
    let read: Action = serde_json::from_str(&line).expect("the line is an action");
    assert_eq!(read, *action);
    assert!(!line.contains('\n'), "{line}");
    line
}

/// Feeds the recorded events into a new run, and compares its actions.
#[track_caller]
fn assert_replays(recording: &Recording<'_>, run: &InProcess<'_>) {
    run.with_state(|mut state| {
        for (number, (event, actions)) in recording.steps.iter().enumerate() {
            let event: Event = serde_json::from_str(event).expect("the line is an event");
            let again: Vec<String> = step(&mut state, event).iter().map(line).collect();
            assert_eq!(again, *actions, "step {number}");
        }
    });
    let last = recording.steps.last().expect("a run has steps");
    assert_eq!(last.1.last().map(String::as_str), Some(r#""Finish""#));
}

#[test]
fn recorded_run_replays_to_the_same_actions() {
    let desktop = Desktop::new();
    desktop.open_window("open");
    let text = layout([Workspace::shown("2").nodes([
        TestWindow::new("open").slot(),
        TestWindow::new("a")
            .slot()
            .with("marks: [m], border: pixel 3"),
        TestWindow::new("b").map_after("open").slot(),
    ])]);
    desktop.save_text("t", &text);
    let mut run = InProcess::new(&desktop, "t", &text);
    let mut first = Recording::new(&desktop);
    let report = run.apply(&mut first);
    assert!(report.is_complete(), "{report:#?}");
    assert_replays(&first, &run);
    let has = |what: &str| first.steps.iter().any(|(event, _)| event.contains(what));
    for what in [
        "Begun",
        "Seen",
        "Checked",
        "Tree",
        "Started",
        "Woken",
        "WindowNew",
    ] {
        assert!(has(what), "the run has no event {what}");
    }
    let mut second = Recording::new(&desktop);
    let report = run.apply(&mut second);
    assert_eq!(report.costs.commands, 0);
    assert_replays(&second, &run);
}
