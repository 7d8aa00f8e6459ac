//! Placeholders.

use i3pm_layout::wm::command::Command;
use x11rb::protocol::xproto::ConnectionExt as _;
use x11rb::wrapper::ConnectionExt as _;

use super::{ConnectedDesktop, con, placeholders, run_all, tree};

/// Kills drawn and hidden placeholders after windows have filled some of each.
#[test]
fn killing_placeholders_spares_windows_that_filled_them() {
    let desk = ConnectedDesktop::start();
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
        "a window was not swallowed"
    );

    session.settle().expect("i3 and X answer");
    // i3 removes a drawn placeholder only when X reports that its window is destroyed.
    let kill: Vec<_> = waiting
        .iter()
        .map(|con| Command::KillPlaceholder(con.id))
        .collect();
    run_all(&mut session, &kill);
    let left = desk.until("the two empty placeholders are gone", || {
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
        attributes.reply().expect("the window exists");
    }
    // A second kill does nothing, because these are no longer placeholders.
    session.settle().expect("i3 and X answer");
    run_all(&mut session, &kill);
    assert_eq!(
        cons.map(|id| con(&mut session, id).window),
        windows.map(Some)
    );
}

/// Without [`Session::settle`], i3 4.22 crashes here.
#[test]
fn i3_survives_killing_settled_placeholders() {
    let desk = ConnectedDesktop::start();
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
        run_all(&mut session, &kill);
        desk.until("all placeholders are gone", || {
            placeholders(&mut session).is_empty().then_some(())
        });
    }
}
