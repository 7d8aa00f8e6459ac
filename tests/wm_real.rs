//! What the connection promises, on the real i3 and a real X server.

use std::sync::mpsc;

use i3pm_layout::geometry::Rect;
use i3pm_layout::live::{Change, Con, ConId, Pid, XId};
use i3pm_layout::session::{Session, SessionEnv, SessionError};
use i3pm_layout::tree::{Attribute, Border, ContainerLayout, Fullscreen};
use i3pm_layout::wm::CommandReply;
use i3pm_layout::wm::command::Command;
use i3pm_layout::x11::Display;
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    AtomEnum, ConnectionExt as _, CreateWindowAux, PropMode, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use crate::harness::{Desktop, PATIENCE};

/// A desktop, and connections to it as the program has them.
struct Private {
    desktop: Desktop,
}

impl Private {
    fn start() -> Self {
        let desktop = Desktop::builder()
            .config("default_border pixel 1\nworkspace_auto_back_and_forth yes")
            // Freed memory is overwritten, so that an i3 that still uses it crashes
            // always and not now and then.
            .env("MALLOC_PERTURB_", "85")
            .start();
        Self { desktop }
    }

    fn env(&self) -> SessionEnv {
        SessionEnv {
            i3sock: Some(self.desktop.ipc().socket().to_owned()),
            display: Some(self.desktop.display().name().to_owned()),
            limit: PATIENCE,
            ..SessionEnv::default()
        }
    }

    fn i3_pid(&self) -> Pid {
        Pid(self.desktop.programs("i3")[0])
    }

    fn x(&self) -> &RustConnection {
        self.desktop.display().connection()
    }

    fn session(&self) -> Session {
        Session::open(&self.env()).expect("i3 answers")
    }

    /// Asks again, when something has happened, until there is an answer.
    #[track_caller]
    fn until<T>(&self, what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
        let mut answer = None;
        self.desktop.wait_until(what, || {
            answer = ask();
            answer.is_some()
        });
        answer.expect("it was waited for")
    }

    /// The container of a window, once i3 has managed it.
    #[track_caller]
    fn con_of(&self, session: &mut Session, window: XId) -> ConId {
        self.until("the window is managed", || {
            let tree = tree(session);
            tree.windows()
                .find(|con| con.window == Some(window))
                .map(|con| con.id)
        })
    }

    /// A mapped window with these properties.
    fn window(&self, class: Option<&str>, title: &str) -> XId {
        let id = self.x().generate_id().expect("ids are left");
        self.x()
            .create_window(
                x11rb::COPY_DEPTH_FROM_PARENT,
                id,
                self.desktop.display().root(),
                0,
                0,
                200,
                100,
                0,
                WindowClass::INPUT_OUTPUT,
                0,
                &CreateWindowAux::new(),
            )
            .expect("the server runs");
        let text = |property: AtomEnum, text: &str| {
            self.x()
                .change_property8(
                    PropMode::REPLACE,
                    id,
                    property,
                    AtomEnum::STRING,
                    text.as_bytes(),
                )
                .expect("the server runs");
        };
        if let Some(class) = class {
            text(
                AtomEnum::WM_CLASS,
                &format!("{}\0{class}\0", class.to_lowercase()),
            );
        }
        text(AtomEnum::WM_NAME, title);
        self.x().map_window(id).expect("the server runs");
        self.x().flush().expect("the server runs");
        XId(id)
    }

    fn atom(&self, name: &str) -> u32 {
        let cookie = self.x().intern_atom(false, name.as_bytes());
        cookie
            .expect("the server runs")
            .reply()
            .expect("a name")
            .atom
    }

    fn append(&self, session: &mut Session, json: &str) {
        let file = self.desktop.write("tmp/layout.json", json);
        done(session, &[Command::AppendLayout(file)]);
    }
}

#[track_caller]
fn done(session: &mut Session, commands: &[Command]) {
    let replies = session.run(commands).expect("i3 answers");
    assert!(
        replies.iter().all(|reply| *reply == CommandReply::Done),
        "{commands:?}: {replies:?}"
    );
}

fn tree(session: &mut Session) -> Con {
    session.observe_tree().expect("i3 answers")
}

fn con(session: &mut Session, id: ConId) -> Con {
    let tree = tree(session);
    tree.find(id)
        .unwrap_or_else(|| panic!("{id:?} is gone"))
        .clone()
}

fn placeholders(session: &mut Session) -> Vec<Con> {
    let tree = tree(session);
    tree.descendants()
        .filter(|con| con.swallows)
        .cloned()
        .collect()
}

#[test]
fn every_string_reaches_i3_unchanged() {
    let desk = Private::start();
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
        done(
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
        let con = tree.find(id).expect("it is there");
        assert_eq!(con.attributes.marks, [text]);
        assert_eq!(con.attributes.title_format.as_deref(), Some(text));
        let named = tree
            .descendants()
            .any(|con| con.name.as_deref() == Some(text));
        assert!(named, "workspace {text:?}");
        done(
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
fn a_layout_file_of_any_name_is_found() {
    let desk = Private::start();
    let mut session = desk.session();
    for (count, name) in ["a b", "a\"b", "back\\slash", "[x]", "ü,;", "~"]
        .iter()
        .enumerate()
    {
        let json = r#"{"type":"con","swallows":[{"class":"^Absent$"}]}"#;
        let file = desk.desktop.write(&format!("tmp/{name}"), json);
        done(&mut session, &[Command::AppendLayout(file)]);
        assert_eq!(placeholders(&mut session).len(), count + 1, "{name}");
    }
}

/// Two placeholders that are drawn and two that are not; programs' windows come
/// into one of each.
#[test]
fn killing_placeholders_spares_every_window_that_came_into_one() {
    let desk = Private::start();
    let mut session = desk.session();
    let nodes = |word: &str| {
        format!(
            r#"[{{"type":"con","swallows":[{{"class":"^Absent$"}}]}},
                {{"type":"con","swallows":[{{"class":"^{word}$"}}]}},
                {{"type":"con","swallows":[{{"title":"^only {word}$"}}]}}]"#
        )
    };
    desk.append(
        &mut session,
        &format!(r#"{{"type":"con","nodes":{}}}"#, nodes("Seen")),
    );
    let workspace = format!(
        r#"{{"type":"workspace","name":"hidden","nodes":{}}}"#,
        nodes("Unseen")
    );
    desk.append(&mut session, &workspace);
    let waiting = desk.until("three are drawn", || {
        let waiting = placeholders(&mut session);
        let drawn = waiting.iter().filter(|con| con.window.is_some()).count();
        (drawn == 3 && waiting.len() == 6).then_some(waiting)
    });
    let windows = [
        desk.window(Some("Seen"), ""),
        desk.window(None, "only Seen"),
        desk.window(Some("Unseen"), ""),
        desk.window(None, "only Unseen"),
    ];
    let cons = windows.map(|window| desk.con_of(&mut session, window));
    assert!(
        cons.iter()
            .all(|id| waiting.iter().any(|con| con.id == *id)),
        "all were swallowed"
    );

    session.settle().expect("i3 and X answer");
    // X's answer to a window that is destroyed comes later.
    let kill: Vec<_> = waiting
        .iter()
        .map(|con| Command::KillPlaceholder(con.id))
        .collect();
    done(&mut session, &kill);
    let left = desk.until("the two that waited are gone", || {
        let tree = tree(&mut session);
        let left = waiting
            .iter()
            .filter(|con| tree.find(con.id).is_some())
            .count();
        (left <= 4).then_some(left)
    });
    assert_eq!(left, 4);
    desk.x().sync().expect("the server runs");
    for (window, id) in windows.into_iter().zip(cons) {
        assert_eq!(con(&mut session, id).window, Some(window));
        let attributes = desk
            .x()
            .get_window_attributes(window.0)
            .expect("the server runs");
        attributes.reply().expect("the window is there");
    }
    // Once more: they are windows now, and no placeholders.
    session.settle().expect("i3 and X answer");
    done(&mut session, &kill);
    assert_eq!(
        cons.map(|id| con(&mut session, id).window),
        windows.map(Some)
    );
}

/// Without [`Session::settle`] i3 4.22 does not survive this.
#[test]
fn i3_survives_the_killing_of_drawn_placeholders_that_have_settled() {
    let desk = Private::start();
    let mut session = desk.session();
    for _ in 0..20 {
        desk.append(
            &mut session,
            r#"{"type":"con","nodes":[{"type":"con","swallows":[{"class":"^Absent$"}]},
                {"type":"con","swallows":[{"class":"^Absent$"}]},
                {"type":"con","swallows":[{"class":"^Absent$"}]}]}"#,
        );
        let drawn = desk.until("all are drawn", || {
            let waiting = placeholders(&mut session);
            let all = waiting.len() == 3 && waiting.iter().all(|con| con.window.is_some());
            all.then_some(waiting)
        });
        session.settle().expect("i3 and X answer");
        let kill: Vec<_> = drawn
            .iter()
            .map(|con| Command::KillPlaceholder(con.id))
            .collect();
        done(&mut session, &kill);
        desk.until("all are gone", || {
            placeholders(&mut session).is_empty().then_some(())
        });
    }
}

#[test]
fn criteria_that_match_nothing_are_refused_except_by_kill_unmark_and_title_format() {
    let desk = Private::start();
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
fn each_command_does_what_it_says() {
    let desk = Private::start();
    let mut session = desk.session();
    let [a, b] = ["A", "B"].map(|class| desk.window(Some(class), class));
    let [a, b] = [a, b].map(|window| desk.con_of(&mut session, window));

    for border in [
        Border::Normal(3),
        Border::Pixel(5),
        Border::Pixel(0),
        Border::None,
    ] {
        done(
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
        done(&mut session, &[Command::fullscreen(a, mode)]);
        assert_eq!(con(&mut session, a).attributes.fullscreen, mode);
    }
    for layout in [
        ContainerLayout::SplitV,
        ContainerLayout::Tabbed,
        ContainerLayout::Stacked,
        ContainerLayout::SplitH,
    ] {
        done(&mut session, &[Command::Layout { con: a, layout }]);
        let tree = tree(&mut session);
        let parent = tree
            .descendants()
            .find(|con| con.nodes.iter().any(|con| con.id == a));
        assert_eq!(parent.map(|con| con.layout), Some(layout));
    }
    done(&mut session, &[Command::Swap { con: a, with: b }]);
    let order: Vec<_> = tree(&mut session).windows().map(|con| con.id).collect();
    assert_eq!(order, [b, a]);
    done(&mut session, &[Command::Focus(b)]);
    assert_eq!(tree(&mut session).focused_leaf().id, b);

    // The size includes the borders and the title bar.
    done(
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
    done(&mut session, &[Command::MoveToScratchpad(a)]);
    let desktop = session.observe(&|_: Pid| None).expect("i3 answers");
    assert_eq!(
        desktop.scratchpad().map(|con| con.floating_nodes.len()),
        Some(1)
    );
    done(
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

#[test]
fn an_observation_knows_the_processes_and_startup_ids() {
    let desk = Private::start();
    let mut session = desk.session();
    let silent = desk.window(Some("Silent"), "says nothing");
    let leader = desk.x().generate_id().expect("ids are left");
    desk.x()
        .create_window(
            0,
            leader,
            desk.desktop.display().root(),
            0,
            0,
            1,
            1,
            0,
            WindowClass::INPUT_ONLY,
            0,
            &CreateWindowAux::new(),
        )
        .expect("the server runs");
    let speaking = desk.window(Some("Speaking"), "says much");
    let startup_id = desk.atom("_NET_STARTUP_ID");
    let set8 = |window, value: &[u8]| {
        desk.x()
            .change_property8(
                PropMode::REPLACE,
                window,
                startup_id,
                AtomEnum::STRING,
                value,
            )
            .expect("the server runs");
    };
    let set32 = |property, kind: AtomEnum, value| {
        desk.x()
            .change_property32(PropMode::REPLACE, speaking.0, property, kind, &[value])
            .expect("the server runs");
    };
    set8(leader, b"the leader's_TIME1");
    set32(desk.atom("WM_CLIENT_LEADER"), AtomEnum::WINDOW, leader);
    set32(desk.atom("_NET_WM_PID"), AtomEnum::CARDINAL, 4242);
    desk.x().sync().expect("the server runs");
    desk.con_of(&mut session, silent);
    desk.con_of(&mut session, speaking);

    let desktop = session.observe(&|_: Pid| None).expect("i3 and X answer");
    let us = Some(Pid(std::process::id()));
    let facts = &desktop.windows[&silent];
    assert_eq!((facts.server_pid, facts.claimed_pid), (us, None));
    let facts = &desktop.windows[&speaking];
    assert_eq!((facts.server_pid, facts.claimed_pid), (us, Some(Pid(4242))));
    assert_eq!(facts.startup_id.as_deref(), Some("the leader's_TIME1"));
    assert_eq!(session.i3_pid(), desk.i3_pid());
    assert_eq!(desktop.defaults.border, Border::Pixel(1));

    set8(speaking.0, b"its own");
    desk.x().destroy_window(silent.0).expect("the server runs");
    desk.x().sync().expect("the server runs");
    let display = Display::connect(desk.env().display.as_deref()).expect("the server runs");
    let facts = display
        .facts([silent, speaking])
        .expect("a gone window is no error");
    assert_eq!(facts[&silent].claimed_pid, None);
    assert_eq!(facts[&speaking].startup_id.as_deref(), Some("its own"));
}

#[test]
fn display_names_its_i3_and_rejects_another() {
    let desk = Private::start();
    let other = Private::start();
    drop((desk.session(), other.session()));
    let mut env = desk.env();
    env.i3sock = None;
    let session = Session::open(&env).expect("the root window knows");
    assert_eq!(session.i3_pid(), desk.i3_pid());
    env.i3sock = other.env().i3sock;
    let error = Session::open(&env).expect_err("two desktops");
    assert!(matches!(error, SessionError::TwoDesktops { .. }), "{error}");
    env = desk.env();
    env.display = None;
    let error = Session::open(&env).expect_err("no display");
    assert_eq!(error.to_string(), "DISPLAY is not set");
}

#[test]
fn a_tick_comes_after_all_that_happened_before() {
    let desk = Private::start();
    let mut session = desk.session();
    let (sender, changes) = mpsc::channel();
    let _events = session
        .subscribe(move |change| sender.send(change).is_ok())
        .expect("i3 takes the subscription");
    let window = desk.window(Some("A"), "a");
    let id = desk.con_of(&mut session, window);
    done(
        &mut session,
        &[
            Command::Mark {
                con: id,
                mark: "m".to_owned(),
            },
            Command::Floating { con: id, on: true },
            Command::Set {
                con: id,
                attribute: Attribute::Fullscreen(Fullscreen::Output),
            },
            Command::MoveToWorkspace {
                con: id,
                workspace: "b".to_owned(),
            },
            Command::RenameWorkspace {
                from: "b".to_owned(),
                to: "c".to_owned(),
            },
        ],
    );
    let last = Command::RenameWorkspace {
        from: "c".to_owned(),
        to: "last".to_owned(),
    };
    session.run(&[last]).expect("i3 answers");
    let seen: Vec<_> = std::iter::from_fn(|| {
        let change = changes.recv_timeout(PATIENCE).expect("the rename comes");
        let is_last =
            matches!(&change, Change::Workspace { name: Some(name), .. } if name == "last");
        (!is_last).then_some(change)
    })
    .collect();
    let has = |wanted: &dyn Fn(&Change) -> bool| assert!(seen.iter().any(wanted), "{seen:#?}");
    has(&|change| matches!(change, Change::WindowNew(con) if con.window == Some(window)));
    has(&|change| matches!(change, Change::WindowMarks(con) if con.attributes.marks == ["m"]));
    has(&|change| matches!(change, Change::WindowFloating(con) if con.floating));
    has(
        &|change| matches!(change, Change::WindowFullscreen(con) if con.attributes.fullscreen == Fullscreen::Output),
    );
    has(&|change| matches!(change, Change::WindowMoved(frame) if frame.find(id).is_some()));
    has(&|change| matches!(change, Change::Workspace { name: Some(name), .. } if name == "c"));

    desk.x().destroy_window(window.0).expect("the server runs");
    desk.x().flush().expect("the server runs");
    desk.until("the window is gone", || {
        let change = changes.recv_timeout(PATIENCE).expect("the close comes");
        matches!(change, Change::WindowClosed { con, .. } if con == id).then_some(())
    });
}
