//! Events.

use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use i3pm_layout::live::{Change, ConId, Defaults};
use i3pm_layout::wm::{Connection, Subscription, WmError};

use super::{GENEROUS_LIMIT, open, open_with};
use crate::harness::fake_i3::{EVENT, FakeI3, SUBSCRIBE, Step, frame, reply};

/// Subscribes with this connection, and returns the subscription and its changes.
fn subscribe(connection: Connection) -> (Subscription, Receiver<Change>) {
    let (sender, changes) = mpsc::channel();
    let subscription = Subscription::start(connection, Defaults::default(), move |change| {
        sender.send(change).is_ok()
    })
    .expect("the subscription succeeds");
    (subscription, changes)
}

#[test]
fn events_arrive_in_order_until_the_connection_ends() {
    let event = |number, payload| Step::Send(frame(EVENT | number, payload));
    let fake = FakeI3::serve(vec![
        Step::Await(1),
        Step::Send(frame(SUBSCRIBE, r#"{"success":true}"#)),
        event(7, r#"{"first":true,"payload":""}"#),
        event(
            3,
            r#"{"change":"new","container":{"id":5,"type":"con","window":9}}"#,
        ),
        event(3, r#"{"change":"brand-new-in-5.0","container":{"id":5}}"#),
        event(12, "{}"),
        event(3, r#"{"change":"close","container":{"id":5,"window":9}}"#),
        event(
            0,
            r#"{"change":"rename","current":{"id":6,"name":"b","nodes":[{}]},"old":null}"#,
        ),
        event(0, r#"{"change":"reload","current":null}"#),
        event(0, r#"{"change":"focus","current":{"id":6},"old":{"id":7}}"#),
        event(1, r#"{"change":"unspecified"}"#),
        event(7, r#"{"first":false,"payload":"ours"}"#),
        event(7, r#"{"first":false,"payload":"i3pm-layout:begin"}"#),
        event(6, r#"{"change":"restart"}"#),
        Step::Close,
    ]);
    let (_events, changes) = subscribe(open(&fake));
    let changes: Vec<_> = changes.iter().collect();
    assert!(matches!(&changes[0], Change::WindowNew(con) if con.id == ConId(5)));
    assert_eq!(
        changes[1..6],
        [
            Change::WindowClosed(ConId(5)),
            Change::WorkspaceFocused,
            Change::Outputs,
            Change::OwnBegin { shows: true },
            Change::Shutdown { restart: true },
        ]
    );
    assert!(matches!(&changes[6], Change::Lost(_)));
    assert_eq!(changes.len(), 7);
}

#[test]
fn dropping_a_subscription_ends_its_thread() {
    let fake = FakeI3::serve(reply(SUBSCRIBE, r#"{"success":true}"#));
    let (events, changes) = subscribe(open(&fake));
    drop(events);
    // The sender is dropped when the thread ends.
    assert!(
        changes
            .recv_timeout(GENEROUS_LIMIT)
            .is_err_and(|error| { error == mpsc::RecvTimeoutError::Disconnected })
    );
}

#[test]
fn rejected_subscription_is_an_error() {
    let fake = FakeI3::serve(reply(SUBSCRIBE, r#"{"success":false}"#));
    let started = Subscription::start(open(&fake), Defaults::default(), |_| true);
    assert!(matches!(started, Err(WmError::Subscribe)));
}

#[test]
fn partial_event_times_out() {
    let half = frame(EVENT | 3, r#"{"change":"new"}"#)[..20].to_vec();
    let fake = FakeI3::serve(vec![
        Step::Await(1),
        Step::Send(frame(SUBSCRIBE, r#"{"success":true}"#)),
        Step::Send(half),
    ]);
    // Long enough for the reply to the subscription, also on a busy machine.
    let connection = open_with(&fake, Duration::from_secs(1));
    let (_events, changes) = subscribe(connection);
    let change = changes
        .recv_timeout(GENEROUS_LIMIT)
        .expect("the thread reports the timeout");
    assert!(
        matches!(&change, Change::Lost(why) if why.contains("within")),
        "{change:?}"
    );
}
