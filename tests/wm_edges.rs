//! The connection to i3 when i3 misbehaves, against a fake i3.

mod events;
mod replies;
mod requests;
mod sockets;

use std::time::Duration;

use i3pm_layout::wm::Connection;

use crate::harness::fake_i3::FakeI3;

/// A short limit, because some tests wait until it expires.
const SHORT_LIMIT: Duration = Duration::from_millis(150);

/// The limit for a request to succeed or fail, also on a busy machine.
const GENEROUS_LIMIT: Duration = Duration::from_secs(20);

const VERSION: &str = r#"{"major":4,"minor":22,"patch":0,"human_readable":"4.22 (2023-01-02)"}"#;

fn open(fake: &FakeI3) -> Connection {
    open_with(fake, GENEROUS_LIMIT)
}

fn open_with(fake: &FakeI3, limit: Duration) -> Connection {
    Connection::open(fake.path(), limit).expect("the fake listens")
}
