//! Commands.

use i3pm_layout::geometry::Rect;
use i3pm_layout::live::{ConId, Pid};
use i3pm_layout::tree::{Attribute, Border, ContainerLayout, Fullscreen};
use i3pm_layout::wm::CommandReply;
use i3pm_layout::wm::command::Command;

use super::{ConnectedDesktop, con, placeholders, run_all, tree};

#[test]
fn every_string_reaches_i3_unchanged() {
    let desk = ConnectedDesktop::start();
    let mut session = desk.session();
    let window = desk.window(Some("A"), "a");
    let id = desk.con_of(&mut session, window);
    for text in [
        "a\"b",
        "back\\slash",
        "trailing\\",
        "two\\\\",
        "\\\"",
        "\"",
        "\\",
        "[br]",
        "a,b",
        "a;b",
        "a\nb",
        "tab\tx",
        " spaces ",
        "ünï ✓ 日本 🦀",
        "$var",
        "%title <b>&amp;</b>",
        "'q'",
        "--x",
        "next",
        "number 5",
        "to",
        "[class=\"x\"] kill",
        "\"; exit; nop \"",
        "a\r\nb",
        "\u{1}",
    ] {
        let name = || text.to_owned();
        run_all(
            &mut session,
            &[
                Command::Mark {
                    con: id,
                    mark: name(),
                },
                Command::Set {
                    con: id,
                    attribute: Attribute::TitleFormat(Some(name())),
                },
                Command::ShowWorkspace("away".to_owned()),
                Command::MoveToWorkspace {
                    con: id,
                    workspace: name(),
                },
                Command::RenameWorkspace {
                    from: name(),
                    to: "renamed".to_owned(),
                },
                Command::RenameWorkspace {
                    from: "renamed".to_owned(),
                    to: name(),
                },
                Command::ShowWorkspace(name()),
            ],
        );
        let tree = tree(&mut session);
        let con = tree.find(id).expect("the container exists");
        assert_eq!(con.attributes.marks, [text]);
        assert_eq!(con.attributes.title_format.as_deref(), Some(text));
        let named = tree
            .descendants()
            .any(|con| con.name.as_deref() == Some(text));
        assert!(named, "workspace {text:?}");
        run_all(
            &mut session,
            &[Command::Unmark {
                con: id,
                mark: name(),
            }],
        );
    }
    assert!(con(&mut session, id).attributes.marks.is_empty());
}

#[test]
fn layout_file_with_special_characters_is_found() {
    let desk = ConnectedDesktop::start();
    let mut session = desk.session();
    for (count, name) in ["a b", "a\"b", "back\\slash", "[x]", "ü,;", "~"]
        .iter()
        .enumerate()
    {
        let json = r#"{"type":"con","swallows":[{"class":"^Absent$"}]}"#;
        let file = desk.desktop.write(&format!("tmp/{name}"), json);
        run_all(&mut session, &[Command::AppendLayout(file)]);
        assert_eq!(placeholders(&mut session).len(), count + 1, "{name}");
    }
}

#[test]
fn unmatched_criteria_fail_except_for_kill_unmark_and_title_format() {
    let desk = ConnectedDesktop::start();
    let mut session = desk.session();
    let window = desk.window(Some("A"), "a");
    let here = desk.con_of(&mut session, window);
    let con = ConId(1);
    let text = || "x".to_owned();
    for (command, is_done) in [
        (Command::KillPlaceholder(con), true),
        (Command::Unmark { con, mark: text() }, true),
        (
            Command::Set {
                con,
                attribute: Attribute::TitleFormat(Some(text())),
            },
            true,
        ),
        (Command::Mark { con, mark: text() }, false),
        (Command::Focus(con), false),
        (Command::Swap { con, with: here }, false),
        (
            Command::Swap {
                con: here,
                with: con,
            },
            false,
        ),
        (
            Command::MoveToWorkspace {
                con,
                workspace: text(),
            },
            false,
        ),
        (Command::FocusOutput(text()), false),
        (
            Command::RenameWorkspace {
                from: text(),
                to: text(),
            },
            false,
        ),
        (Command::AppendLayout("/absent".into()), false),
    ] {
        let replies = session
            .run(std::slice::from_ref(&command))
            .expect("i3 answers");
        assert_eq!(
            replies[0] == CommandReply::Done,
            is_done,
            "{command:?}: {replies:?}"
        );
    }
}

#[test]
fn each_command_has_its_effect() {
    let desk = ConnectedDesktop::start();
    let mut session = desk.session();
    let [a, b] = ["A", "B"].map(|class| desk.window(Some(class), class));
    let [a, b] = [a, b].map(|window| desk.con_of(&mut session, window));

    for border in [
        Border::Normal(3),
        Border::Pixel(5),
        Border::Pixel(0),
        Border::None,
    ] {
        run_all(
            &mut session,
            &Command::set(a, Attribute::Border(Some(border))),
        );
        assert_eq!(con(&mut session, a).attributes.border, Some(border));
    }
    for mode in [
        Fullscreen::Output,
        Fullscreen::Global,
        Fullscreen::Output,
        Fullscreen::None,
    ] {
        run_all(&mut session, &[Command::fullscreen(a, mode)]);
        assert_eq!(con(&mut session, a).attributes.fullscreen, mode);
    }
    for layout in [
        ContainerLayout::SplitV,
        ContainerLayout::Tabbed,
        ContainerLayout::Stacked,
        ContainerLayout::SplitH,
    ] {
        run_all(&mut session, &[Command::Layout { con: a, layout }]);
        let tree = tree(&mut session);
        let parent = tree
            .descendants()
            .find(|con| con.nodes.iter().any(|con| con.id == a));
        assert_eq!(parent.map(|con| con.layout), Some(layout));
    }
    run_all(&mut session, &[Command::Swap { con: a, with: b }]);
    let order: Vec<_> = tree(&mut session).windows().map(|con| con.id).collect();
    assert_eq!(order, [b, a]);
    run_all(&mut session, &[Command::Focus(b)]);
    assert_eq!(tree(&mut session).focused_leaf().id, b);

    // The size includes the borders and the title bar.
    run_all(
        &mut session,
        &[
            Command::Set {
                con: a,
                attribute: Attribute::Border(Some(Border::Normal(4))),
            },
            Command::Floating { con: a, on: true },
            Command::ResizeSet {
                con: a,
                width: 700,
                height: 500,
            },
            Command::MoveTo {
                con: a,
                x: -30,
                y: 40,
            },
            Command::Set {
                con: a,
                attribute: Attribute::Sticky(true),
            },
        ],
    );
    let tree_now = tree(&mut session);
    let frame = tree_now
        .descendants()
        .find(|con| con.nodes.iter().any(|con| con.id == a));
    assert_eq!(
        frame.map(|con| con.rect),
        Some(Rect::new(-30, 40, 700, 500))
    );
    let floating = con(&mut session, a);
    assert!(floating.floating && floating.attributes.sticky);
    run_all(&mut session, &[Command::MoveToScratchpad(a)]);
    let desktop = session.observe(&|_: Pid| None).expect("i3 answers");
    assert_eq!(
        desktop.scratchpad().map(|con| con.floating_nodes.len()),
        Some(1)
    );
    run_all(
        &mut session,
        &[
            Command::Set {
                con: a,
                attribute: Attribute::Sticky(false),
            },
            Command::Floating { con: a, on: false },
        ],
    );
}
