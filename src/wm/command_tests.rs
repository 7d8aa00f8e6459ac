//! Commands in i3's syntax.

use super::command::{Command, Extent, UnsendableCommand, message, quote};
use crate::live::ConId;
use crate::tree::{Attribute, Border, ContainerLayout, Fullscreen};

const CON: ConId = ConId(7);

#[test]
fn quotes_and_backslashes_are_escaped_and_nothing_else() {
    for (text, quoted) in [
        ("", r#""""#),
        ("plain", r#""plain""#),
        (r#"a"b"#, r#""a\"b""#),
        (r"a\b", r#""a\\b""#),
        (r"trailing\", r#""trailing\\""#),
        (r#"\""#, r#""\\\"""#),
        ("[a], b; c", r#""[a], b; c""#),
        ("2:ünï ✓", r#""2:ünï ✓""#),
        ("line\nbreak", "\"line\nbreak\""),
    ] {
        assert_eq!(quote(text).as_deref(), Ok(quoted), "{text}");
    }
}

#[test]
fn strings_that_i3_does_not_accept_are_errors() {
    let rejected = |command: Command| command.to_i3().expect_err("i3 does not accept it");
    assert_eq!(
        quote("a\0b"),
        Err(UnsendableCommand::Nul("a\0b".to_owned()))
    );
    assert_eq!(
        rejected(Command::ShowWorkspace(String::new())),
        UnsendableCommand::Empty("workspace name")
    );
    assert_eq!(
        rejected(Command::ShowWorkspace("__i3_scratch".to_owned())),
        UnsendableCommand::InternalName("__i3_scratch".to_owned())
    );
    assert_eq!(
        rejected(Command::Mark {
            con: CON,
            mark: String::new()
        }),
        UnsendableCommand::Empty("mark")
    );
    assert_eq!(
        rejected(Command::Set {
            con: CON,
            attribute: Attribute::TitleFormat(Some(String::new()))
        }),
        UnsendableCommand::Empty("title format")
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a row for each command")]
fn each_command_has_its_syntax() {
    let name = || "a b".to_owned();
    for (command, text) in [
        (
            Command::AppendLayout("/run/a b.json".into()),
            r#"append_layout "/run/a b.json""#,
        ),
        (Command::FocusOutput(name()), r#"focus output "a b""#),
        (
            Command::ShowWorkspace(name()),
            r#"workspace --no-auto-back-and-forth "a b""#,
        ),
        (
            Command::ShowNumber(name()),
            r#"workspace --no-auto-back-and-forth number "a b""#,
        ),
        (
            Command::RenameWorkspace {
                from: name(),
                to: "c".to_owned(),
            },
            r#"rename workspace "a b" to "c""#,
        ),
        (
            Command::MoveWorkspaceToOutput {
                con: CON,
                output: name(),
            },
            r#"[con_id=7] move workspace to output "a b""#,
        ),
        (
            Command::Swap {
                con: CON,
                with: ConId(8),
            },
            "[con_id=7] swap container with con_id 8",
        ),
        (
            Command::KillPlaceholder(CON),
            r#"[con_id=7 class="^$" instance="^$" title="^$" window_role="^$" machine="^$"] kill"#,
        ),
        (
            Command::Mark {
                con: CON,
                mark: name(),
            },
            r#"[con_id=7] mark --add "a b""#,
        ),
        (
            Command::Unmark {
                con: CON,
                mark: name(),
            },
            r#"[con_id=7] unmark "a b""#,
        ),
        (
            Command::Set {
                con: CON,
                attribute: Attribute::Border(Some(Border::None)),
            },
            "[con_id=7] border none",
        ),
        (
            Command::Set {
                con: CON,
                attribute: Attribute::Border(Some(Border::Pixel(0))),
            },
            "[con_id=7] border pixel 0",
        ),
        (
            Command::Set {
                con: CON,
                attribute: Attribute::Border(Some(Border::Normal(3))),
            },
            "[con_id=7] border normal 3",
        ),
        (
            Command::Set {
                con: CON,
                attribute: Attribute::Fullscreen(Fullscreen::None),
            },
            "[con_id=7] fullscreen disable",
        ),
        (
            Command::Set {
                con: CON,
                attribute: Attribute::Fullscreen(Fullscreen::Output),
            },
            "[con_id=7] fullscreen enable",
        ),
        (
            Command::Set {
                con: CON,
                attribute: Attribute::Fullscreen(Fullscreen::Global),
            },
            "[con_id=7] fullscreen enable global",
        ),
        (
            Command::Set {
                con: CON,
                attribute: Attribute::Sticky(true),
            },
            "[con_id=7] sticky enable",
        ),
        (
            Command::Set {
                con: CON,
                attribute: Attribute::TitleFormat(Some("%title".to_owned())),
            },
            r#"[con_id=7] title_format "%title""#,
        ),
        (
            Command::Layout {
                con: CON,
                layout: ContainerLayout::Stacked,
            },
            "[con_id=7] layout stacked",
        ),
        (Command::MoveToScratchpad(CON), "[con_id=7] move scratchpad"),
        (
            Command::Floating {
                con: CON,
                on: false,
            },
            "[con_id=7] floating disable",
        ),
        (
            Command::Grow {
                con: CON,
                extent: Extent::Width,
                by: 30,
            },
            "[con_id=7] resize grow width 30 px",
        ),
        (
            Command::Grow {
                con: CON,
                extent: Extent::Height,
                by: -40,
            },
            "[con_id=7] resize shrink height 40 px",
        ),
        (
            Command::ResizeSet {
                con: CON,
                width: 800,
                height: 600,
            },
            "[con_id=7] resize set 800 px 600 px",
        ),
        (
            Command::MoveTo {
                con: CON,
                x: -5,
                y: 40,
            },
            "[con_id=7] move absolute position -5 px 40 px",
        ),
        (
            Command::MoveToWorkspace {
                con: CON,
                workspace: name(),
            },
            r#"[con_id=7] move --no-auto-back-and-forth container to workspace "a b""#,
        ),
        (Command::Focus(CON), "[con_id=7] focus"),
    ] {
        assert_eq!(command.to_i3().as_deref(), Ok(text));
    }
}

#[test]
fn a_message_is_its_commands_in_order() {
    let commands = [Command::Focus(CON), Command::MoveToScratchpad(CON)];
    assert_eq!(
        message(&commands).as_deref(),
        Ok("[con_id=7] focus; [con_id=7] move scratchpad")
    );
}
