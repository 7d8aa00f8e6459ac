//! `apply --dry-run` lists what a run does.

use i3pm_layout::apply::{Action, Listener, Piece};

use crate::harness::in_process::InProcess;
use crate::harness::{Desktop, TestWindow, Workspace, layout};

/// The commands of a run until it waits for windows.
#[derive(Default)]
struct Sent {
    commands: Vec<String>,
    has_waited: bool,
}

impl Listener for Sent {
    fn follows(&mut self, actions: &[Action]) {
        for action in actions {
            let pieces = match action {
                Action::Send(commands) | Action::Remove { commands, .. } => {
                    commands.iter().cloned().map(Piece::Command).collect()
                }
                Action::Append(pieces) => pieces.clone(),
                Action::Wait(_) => {
                    self.has_waited = true;
                    Vec::new()
                }
                _ => Vec::new(),
            };
            if !self.has_waited {
                self.commands.extend(pieces.iter().map(text));
            }
        }
    }
}

fn text(piece: &Piece) -> String {
    match piece {
        Piece::Layout(_) => "append_layout <>".to_owned(),
        Piece::Command(command) => command.to_i3().expect("i3 accepts the command"),
    }
}

/// The text without the ids of containers, and without the names that stand for them.
fn without_ids(command: &str) -> String {
    let mut text = String::new();
    let mut depth = 0;
    for sign in command.chars() {
        match sign {
            '<' => depth += 1,
            '>' => depth -= 1,
            _ if depth > 0 || sign.is_ascii_digit() => {}
            _ => text.push(sign),
        }
    }
    text
}

#[test]
fn dry_run_lists_the_commands_that_a_run_sends() {
    let desktop = Desktop::new();
    for name in ["a", "b", "guest"] {
        desktop.open_window(name);
    }
    let text = layout([
        Workspace::shown("1").nodes([TestWindow::new("b").slot()]),
        Workspace::new("2").nodes([TestWindow::new("a").slot(), TestWindow::new("new").slot()]),
    ]);
    desktop.save_text("t", &text);
    let before = desktop.tree();
    let dry = desktop.report("apply t --dry-run");
    assert_eq!(desktop.tree(), before);
    let listed: Vec<&str> = dry["commands"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one.as_str())
        .collect();
    let window = "[con_id=<window of new>] swap container with con_id <place of new>";
    let position = listed.iter().position(|one| *one == window);
    let early = &listed[..position.unwrap_or_else(|| panic!("{listed:#?}"))];
    for part in [
        "swap container",
        "kill",
        "rename workspace",
        "append_layout",
    ] {
        assert!(
            early.iter().any(|one| one.contains(part)),
            "{part} in {early:#?}"
        );
    }

    // The ids of future containers would mean nothing to a reader.
    let invented = |one: &&str| one.contains("92233720");
    assert!(!early.iter().any(invented), "{early:#?}");

    let mut sent = Sent::default();
    let report = InProcess::new(&desktop, "t", &text).apply(&mut sent);
    assert!(report.is_complete(), "{report:#?}");
    let sent: Vec<String> = sent.commands.iter().map(|one| without_ids(one)).collect();
    let early: Vec<String> = early.iter().map(|one| without_ids(one)).collect();
    assert_eq!(sent[..early.len()], early);
}
