use super::*;

/// A desktop with these windows, each as `name@workspace`.
fn desktop(windows: &str) -> Seen {
    let windows = windows.split_whitespace().map(|window| {
        let (name, workspace) = window.split_once('@').unwrap();
        Window {
            name: name.to_owned(),
            workspace: workspace.to_owned(),
        }
    });
    Seen {
        windows: windows.collect(),
        ..Seen::default()
    }
}

fn saved(slots: &str, has_tabs: bool) -> Saved {
    Saved::Layout {
        slots: slots.split_whitespace().map(str::to_owned).collect(),
        has_tabs,
    }
}

/// Commands, each as `name` or `name:exit` or `name=layout`.
fn runs(words: &str) -> Vec<Ran> {
    let runs = words.split_whitespace().map(|word| {
        let (word, layout) = match word.split_once('=') {
            Some((word, layout)) => (word, Some(layout.to_owned())),
            None => (word, None),
        };
        let (command, exit) = word.split_once(':').unwrap_or((word, "0"));
        Ran {
            command: command.to_owned(),
            other_layout: layout,
            exit: exit.parse().unwrap(),
        }
    });
    runs.collect()
}

/// The state of a step that has just begun.
fn check(step: Step, seen: &Seen) -> String {
    match (Progress { step, begun: 0 }).check(seen) {
        Check::Done => "done".to_owned(),
        Check::Missing { what, hint: None } => what,
        Check::Missing {
            what,
            hint: Some(hint),
        } => format!("{what}; hint: {hint}"),
    }
}

const ALL: &str = "xterm@1 clock@1 notes@1";

#[test]
fn windows_are_opened_and_closed() {
    for (step, windows, expected) in [
        (Step::Terminal, "", "a terminal"),
        (Step::Terminal, "xterm@1", "done"),
        (Step::Windows, "xterm@1", "the windows `clock` and `notes`"),
        (Step::Windows, "xterm@1 clock@1", "the window `notes`"),
        (
            Step::Windows,
            "xterm@1 clock@1 note@1",
            "the window `notes`; hint: a window has another name; check `-name clock` and \
             `-name notes`",
        ),
        (
            Step::Windows,
            "clock@1",
            "the window `notes`; hint: the first terminal is closed; open another one",
        ),
        (Step::Windows, ALL, "done"),
        (
            Step::Close,
            ALL,
            "the windows `clock` and `notes` are still open",
        ),
        (
            Step::Close,
            "xterm@1 notes@1",
            "the window `notes` is still open",
        ),
        (
            Step::Close,
            "clock@1",
            "the window `clock` is still open; hint: open a terminal again before you go on",
        ),
        (Step::Close, "xterm@1", "done"),
        (Step::Move, ALL, "`notes` on another workspace than `clock`"),
        (Step::Move, "xterm@1 clock@1 notes@2", "done"),
        (
            Step::Move,
            "xterm@1 clock@2 notes@1",
            "`notes` on another workspace than `clock`; hint: `clock` has moved instead of \
             `notes`; move it back, then move `notes`",
        ),
        (
            Step::Move,
            "xterm@1 clock@2",
            "`notes` on another workspace than `clock`; hint: a window is closed; run \
             `i3pm-layout apply tour` to open it again",
        ),
    ] {
        assert_eq!(
            check(step, &desktop(windows)),
            expected,
            "{step:?} {windows}"
        );
    }
}

#[test]
fn the_layout_must_have_the_name_and_the_windows() {
    let with = |saved: Saved, others: &[&str], ran: &str| Seen {
        saved,
        others: others.iter().map(|&name| name.to_owned()).collect(),
        runs: runs(ran),
        ..desktop(ALL)
    };
    for (seen, expected) in [
        (with(Saved::Nowhere, &[], ""), "the layout `tour`"),
        (
            with(Saved::Nowhere, &["trip"], "capture=trip"),
            "the layout `tour`; hint: you have saved `trip`; the next steps need the name `tour`",
        ),
        (
            with(Saved::Nowhere, &[], "capture:2"),
            "the layout `tour`; hint: `capture` has failed; read its message",
        ),
        (
            with(saved("xterm clock", false), &[], "capture"),
            "the window `notes` in the layout; hint: the file lacks the window `notes`; all \
             windows are open now, so capture again",
        ),
        (
            Seen {
                saved: saved("xterm clock", false),
                ..desktop("xterm@1 clock@1")
            },
            "the window `notes` in the layout; hint: the file lacks the window `notes`; run \
             `xterm -name notes &`, then capture again",
        ),
        (
            with(saved("xterm clock notes", false), &[], "capture"),
            "done",
        ),
    ] {
        assert_eq!(check(Step::Capture, &seen), expected);
    }
    for (saved, ran, expected) in [
        (saved("", false), "", "`layout: tabbed` in the file"),
        (
            saved("", false),
            "apply",
            "`layout: tabbed` in the file; hint: the file has no tabs yet; edit it before you \
             apply it",
        ),
        (
            Saved::Broken,
            "",
            "`layout: tabbed` in the file; hint: the file has a mistake; edit it again",
        ),
        (saved("", true), "", "done"),
    ] {
        assert_eq!(check(Step::Edit, &with(saved, &[], ran)), expected);
    }
}

#[test]
fn runs_must_be_complete() {
    let apply = "`i3pm-layout apply tour`";
    for (step, ran, has_tabs, expected) in [
        (Step::Apply, "", false, apply.to_owned()),
        (Step::Apply, "capture", false, apply.to_owned()),
        (Step::Apply, "apply", false, "done".to_owned()),
        (
            Step::Apply,
            "apply:1",
            false,
            format!("{apply}; hint: the run was not complete; read its message, and run it again"),
        ),
        (
            Step::Again,
            "apply=trip",
            false,
            format!("{apply}; hint: you have applied `trip` instead"),
        ),
        (Step::Again, "apply:1 apply", false, "done".to_owned()),
        (Step::Tabs, "apply", false, "the tabs".to_owned()),
        (Step::Tabs, "apply", true, "done".to_owned()),
        (Step::Undo, "", true, "`i3pm-layout undo`".to_owned()),
        (
            Step::Undo,
            "",
            false,
            "`i3pm-layout undo`; hint: the tabs are gone without `undo`; apply the layout again"
                .to_owned(),
        ),
        (Step::Undo, "undo", false, "done".to_owned()),
        (Step::Key, "apply", false, "done".to_owned()),
        (Step::End, "apply", false, "nothing".to_owned()),
    ] {
        let seen = Seen {
            has_tabs,
            runs: runs(ran),
            ..desktop(ALL)
        };
        assert_eq!(check(step, &seen), expected, "{step:?} {ran}");
    }
    let away = Seen {
        runs: runs("apply"),
        ..desktop("xterm@1 clock@1 notes@2")
    };
    assert_eq!(check(Step::Back, &away), "`notes` beside `clock`");
    let update = |ran: &str, has_tabs| Seen {
        saved: saved("", has_tabs),
        runs: runs(ran),
        ..desktop(ALL)
    };
    assert_eq!(check(Step::Update, &update("capture", false)), "done");
    assert_eq!(
        check(Step::Update, &update("capture:2", true)),
        "`i3pm-layout capture --update`; hint: you have edited the file, so `capture` needs \
         `--update`"
    );
}

#[test]
fn only_commands_of_the_present_step_count() {
    let mut progress = Progress::START;
    let mut seen = desktop(ALL);
    seen.saved = saved("clock notes xterm", false);
    seen.runs = runs("capture");
    let (done, _) = progress.advance(&seen);
    assert_eq!(done, [Step::Terminal, Step::Windows, Step::Capture]);
    seen.windows = desktop("xterm@1").windows;
    assert_eq!(progress.advance(&seen).0, [Step::Close]);
    seen.windows = desktop(ALL).windows;
    seen.runs = runs("capture apply");
    // The same run does not count twice.
    assert_eq!(progress.advance(&seen).0, [Step::Apply]);
    assert_eq!(progress.step, Step::Again);
    assert!(progress.advance(&seen).0.is_empty());
    seen.runs = runs("capture apply apply");
    assert_eq!(progress.advance(&seen).0, [Step::Again]);
    assert_eq!(progress.step.number(), 7);
}
