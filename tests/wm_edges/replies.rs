//! Late, broken and unexpected replies.

use std::time::{Duration, Instant};

use miette::Diagnostic as _;

use i3pm_layout::live::{ConId, Defaults};
use i3pm_layout::wm::WmError;

use super::{GENEROUS_LIMIT, SHORT_LIMIT, VERSION, open, open_with};
use crate::harness::fake_i3::{FakeI3, GET_TREE, GET_VERSION, Step, frame, reply};

/// Runs the script and returns the error of `GET_VERSION`.
#[track_caller]
fn version_error(script: Vec<Step>) -> WmError {
    let fake = FakeI3::serve(script);
    open(&fake)
        .version()
        .expect_err("the script has no valid reply")
}

/// Runs a script without a reply within [`SHORT_LIMIT`] and returns the error.
#[track_caller]
fn timeout_error(script: Vec<Step>) -> WmError {
    let fake = FakeI3::serve(script);
    let start = Instant::now();
    let error = open_with(&fake, SHORT_LIMIT)
        .version()
        .expect_err("no reply arrives before the deadline");
    let elapsed = start.elapsed();
    assert!(elapsed < GENEROUS_LIMIT, "{error} after {elapsed:?}");
    assert!(matches!(error, WmError::TimedOut { .. }), "{error}");
    error
}

#[test]
fn missing_reply_times_out() {
    let error = timeout_error(vec![Step::Await(1)]);
    assert_eq!(
        error.to_string(),
        "i3 did not answer GET_VERSION within 0.15 s"
    );
    assert!(error.help().is_some());
}

#[test]
fn partial_message_times_out() {
    let half = frame(GET_VERSION, VERSION)[..30].to_vec();
    timeout_error(vec![Step::Await(1), Step::Send(half)]);
}

#[test]
fn partial_header_times_out() {
    timeout_error(vec![Step::Await(1), Step::Send(b"i3-ip".to_vec())]);
}

#[test]
fn connection_closed_within_a_message_is_reported() {
    let half = frame(GET_VERSION, VERSION)[..30].to_vec();
    let error = version_error(vec![Step::Await(1), Step::Send(half), Step::Close]);
    assert!(matches!(error, WmError::Closed { .. }), "{error}");
}

#[test]
fn connection_closed_immediately_is_reported() {
    let error = version_error(vec![Step::Close]);
    assert!(matches!(error, WmError::Closed { .. }), "{error}");
}

#[test]
fn slow_bytes_do_not_extend_the_deadline() {
    // The complete message takes about two seconds.
    timeout_error(vec![
        Step::Await(1),
        Step::Drip(frame(GET_VERSION, VERSION), Duration::from_millis(20)),
    ]);
}

#[test]
fn slow_reply_before_the_deadline_is_accepted() {
    let fake = FakeI3::serve(vec![
        Step::Await(1),
        Step::Drip(frame(GET_VERSION, VERSION), Duration::from_millis(1)),
    ]);
    let version = open(&fake).version().expect("the reply arrives in time");
    assert_eq!(version.to_string(), "4.22");
}

#[test]
fn invalid_magic_is_reported() {
    let error = version_error(vec![
        Step::Await(1),
        Step::Send(b"HTTP/1.1 400 Bad Request\r\n".to_vec()),
    ]);
    assert_eq!(
        error.to_string(),
        "the process at the socket is not i3: its reply begins with `HTTP/1`"
    );
}

#[test]
fn huge_length_is_rejected_before_reading() {
    let mut bytes = b"i3-ipc".to_vec();
    bytes.extend(0x7fff_ffff_u32.to_ne_bytes());
    bytes.extend(GET_VERSION.to_ne_bytes());
    let error = version_error(vec![Step::Await(1), Step::Send(bytes)]);
    assert!(
        matches!(
            error,
            WmError::TooLong {
                len: 0x7fff_ffff,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn reply_to_another_request_is_rejected() {
    let error = version_error(reply(GET_TREE, VERSION));
    assert!(
        matches!(
            error,
            WmError::Type {
                request: "GET_VERSION",
                found: GET_TREE
            }
        ),
        "{error}"
    );
}

#[test]
fn invalid_json_error_names_the_request() {
    for wrong in ["{", "[]", "null", r#"{"major":"four"}"#, "\u{1}"] {
        let error = version_error(reply(GET_VERSION, wrong));
        assert!(
            matches!(
                error,
                WmError::Json {
                    request: "GET_VERSION",
                    ..
                }
            ),
            "{wrong}: {error}"
        );
    }
}

#[test]
fn sway_is_recognised_by_its_version() {
    for version in [
        r#"{"major":1,"minor":10,"human_readable":"1.10","variant":"sway"}"#,
        r#"{"major":1,"minor":5,"human_readable":"sway version 1.5"}"#,
    ] {
        let error = version_error(reply(GET_VERSION, version));
        assert!(matches!(error, WmError::Sway { .. }), "{error}");
        assert!(error.to_string().contains("is sway"), "{error}");
    }
}

#[test]
fn old_i3_is_reported_with_its_version() {
    let version = r#"{"major":4,"minor":19,"patch":2,"human_readable":"4.19.2 (2021-02-27)"}"#;
    let error = version_error(reply(GET_VERSION, version));
    assert_eq!(
        error.to_string(),
        "the running i3 is too old: 4.19.2 (2021-02-27); version 4.20 or newer is required"
    );
    assert!(
        error
            .help()
            .is_some_and(|hint| hint.to_string().contains("install"))
    );
}

#[test]
fn newer_versions_and_unknown_fields_are_accepted() {
    for version in [
        r#"{"major":4,"minor":20,"human_readable":"4.20"}"#,
        r#"{"major":5,"minor":0,"human_readable":"5.0","new":{"field":[1]}}"#,
    ] {
        let fake = FakeI3::serve(reply(GET_VERSION, version));
        open(&fake).version().expect("the version is supported");
    }
}

#[test]
fn deeply_nested_tree_is_an_error_not_a_crash() {
    let mut tree = r#"{"type":"con"}"#.to_owned();
    for _ in 0..5000 {
        tree = format!(r#"{{"nodes":[{tree}]}}"#);
    }
    let fake = FakeI3::serve(reply(GET_TREE, &tree));
    let error = open(&fake).tree(Defaults::default()).expect_err("too deep");
    assert!(matches!(error, WmError::TooDeep), "{error}");
}

#[test]
fn tree_without_fields_is_accepted() {
    let fake = FakeI3::serve(reply(GET_TREE, "{}"));
    let tree = open(&fake)
        .tree(Defaults::default())
        .expect("fields may be missing");
    assert_eq!(tree.id, ConId(0));
}

#[test]
fn connection_is_unusable_after_a_timeout() {
    let fake = FakeI3::serve(vec![Step::Await(1)]);
    let mut connection = open_with(&fake, SHORT_LIMIT);
    connection.version().expect_err("no reply arrives");
    assert!(matches!(connection.version(), Err(WmError::Unusable)));
}
