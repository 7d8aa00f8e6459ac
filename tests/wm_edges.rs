//! The connection to i3 when things are not as they should be, against a fake i3.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command as Process, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use i3pm_layout::live::{Change, ConId, Defaults};
use i3pm_layout::session::SessionEnv;
use i3pm_layout::wm::attempt::{AttemptResult, SocketOrigin};
use i3pm_layout::wm::command::Command;
use i3pm_layout::wm::locate::{LocatedSocket, locate};
use i3pm_layout::wm::{CommandReply, Connection, Subscription, WmError};

use crate::harness::fake_i3::{
    EVENT, FakeI3, GET_CONFIG, GET_OUTPUTS, GET_TREE, GET_VERSION, RUN_COMMAND, SUBSCRIBE, Step,
    frame, reply,
};

/// Short, because some tests wait for it to pass.
const LIMIT: Duration = Duration::from_millis(150);

/// Until when a request must have succeeded or failed, also on a busy machine.
const AT_LAST: Duration = Duration::from_secs(20);

const VERSION: &str = r#"{"major":4,"minor":22,"patch":0,"human_readable":"4.22 (2023-01-02)"}"#;

fn open(fake: &FakeI3) -> Connection {
    open_with(fake, AT_LAST)
}

fn open_with(fake: &FakeI3, limit: Duration) -> Connection {
    Connection::open(fake.path(), limit).expect("the fake listens")
}

/// The error of asking for the version when the fake follows this script.
#[track_caller]
fn check_version(script: Vec<Step>) -> WmError {
    let fake = FakeI3::serve(script);
    open(&fake).version().expect_err("the script is bad")
}

/// The same where no answer comes within [`LIMIT`].
#[track_caller]
fn check_time_out(script: Vec<Step>) -> WmError {
    let fake = FakeI3::serve(script);
    let start = Instant::now();
    let error = open_with(&fake, LIMIT)
        .version()
        .expect_err("it does not come in time");
    let elapsed = start.elapsed();
    assert!(elapsed < AT_LAST, "{error} after {elapsed:?}");
    assert!(matches!(error, WmError::TimedOut { .. }), "{error}");
    error
}

#[test]
fn silence_times_out() {
    let error = check_time_out(vec![Step::Await(1)]);
    assert_eq!(
        error.to_string(),
        "i3 did not answer GET_VERSION within 0.15 s"
    );
    assert!(error.hint().is_some());
}

#[test]
fn half_a_message_times_out() {
    let half = frame(GET_VERSION, VERSION)[..30].to_vec();
    check_time_out(vec![Step::Await(1), Step::Send(half)]);
}

#[test]
fn half_a_header_times_out() {
    check_time_out(vec![Step::Await(1), Step::Send(b"i3-ip".to_vec())]);
}

#[test]
fn connection_closed_within_a_message_is_reported() {
    let half = frame(GET_VERSION, VERSION)[..30].to_vec();
    let error = check_version(vec![Step::Await(1), Step::Send(half), Step::Close]);
    assert!(matches!(error, WmError::Closed { .. }), "{error}");
}

#[test]
fn connection_closed_at_once_is_reported() {
    let error = check_version(vec![Step::Close]);
    assert!(matches!(error, WmError::Closed { .. }), "{error}");
}

#[test]
fn slow_bytes_do_not_extend_the_deadline() {
    // The complete message would take some two seconds.
    check_time_out(vec![
        Step::Await(1),
        Step::Drip(frame(GET_VERSION, VERSION), Duration::from_millis(20)),
    ]);
}

#[test]
fn slow_but_in_time_is_fine() {
    let fake = FakeI3::serve(vec![
        Step::Await(1),
        Step::Drip(frame(GET_VERSION, VERSION), Duration::from_millis(1)),
    ]);
    let version = open(&fake).version().expect("it comes in time");
    assert_eq!(version.to_string(), "4.22");
}

#[test]
fn wrong_magic_is_not_i3() {
    let error = check_version(vec![
        Step::Await(1),
        Step::Send(b"HTTP/1.1 400 Bad Request\r\n".to_vec()),
    ]);
    assert_eq!(
        error.to_string(),
        "what answers at the socket is not i3: its message begins with `HTTP/1`"
    );
}

#[test]
fn a_huge_length_is_refused_before_it_is_read() {
    let mut bytes = b"i3-ipc".to_vec();
    bytes.extend(0x7fff_ffff_u32.to_ne_bytes());
    bytes.extend(GET_VERSION.to_ne_bytes());
    let error = check_version(vec![Step::Await(1), Step::Send(bytes)]);
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
fn an_answer_to_another_request_is_refused() {
    let error = check_version(reply(GET_TREE, VERSION));
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
fn wrong_json_names_the_request() {
    for wrong in ["{", "[]", "null", r#"{"major":"four"}"#, "\u{1}"] {
        let error = check_version(reply(GET_VERSION, wrong));
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
fn sway_is_named_as_sway() {
    for version in [
        r#"{"major":1,"minor":10,"human_readable":"1.10","variant":"sway"}"#,
        r#"{"major":1,"minor":5,"human_readable":"sway version 1.5"}"#,
    ] {
        let error = check_version(reply(GET_VERSION, version));
        assert!(matches!(error, WmError::Sway { .. }), "{error}");
        assert!(
            error.to_string().contains("has no append_layout"),
            "{error}"
        );
    }
}

#[test]
fn old_i3_is_reported_with_its_version() {
    let version = r#"{"major":4,"minor":19,"patch":2,"human_readable":"4.19.2 (2021-02-27)"}"#;
    let error = check_version(reply(GET_VERSION, version));
    assert_eq!(
        error.to_string(),
        "the running i3 is 4.19.2 (2021-02-27), at least 4.20 is needed"
    );
    assert!(error.hint().is_some_and(|hint| hint.contains("install")));
}

#[test]
fn newer_versions_and_unknown_fields_are_fine() {
    for version in [
        r#"{"major":4,"minor":20,"human_readable":"4.20"}"#,
        r#"{"major":5,"minor":0,"human_readable":"5.0","new":{"field":[1]}}"#,
    ] {
        let fake = FakeI3::serve(reply(GET_VERSION, version));
        open(&fake).version().expect("new enough");
    }
}

#[test]
fn a_tree_nested_too_deep_is_an_error_and_no_crash() {
    let mut tree = r#"{"type":"con"}"#.to_owned();
    for _ in 0..5000 {
        tree = format!(r#"{{"nodes":[{tree}]}}"#);
    }
    let fake = FakeI3::serve(reply(GET_TREE, &tree));
    let error = open(&fake).tree(Defaults::default()).expect_err("too deep");
    assert!(matches!(error, WmError::TooDeep), "{error}");
}

#[test]
fn a_tree_without_any_field_is_read() {
    let fake = FakeI3::serve(reply(GET_TREE, "{}"));
    let tree = open(&fake)
        .tree(Defaults::default())
        .expect("fields may be missing");
    assert_eq!(tree.id, ConId(0));
}

#[test]
fn after_a_time_out_the_connection_is_not_used_again() {
    let fake = FakeI3::serve(vec![Step::Await(1)]);
    let mut connection = open_with(&fake, LIMIT);
    connection.version().expect_err("silence");
    assert!(matches!(connection.version(), Err(WmError::Spoilt)));
}

#[test]
fn an_observation_sends_everything_before_it_reads() {
    let fake = FakeI3::serve(vec![
        // Answers only when all four questions are there.
        Step::Await(4),
        Step::Send(frame(GET_VERSION, VERSION)),
        Step::Send(frame(GET_CONFIG, r#"{"config":"default_border none"}"#)),
        Step::Send(frame(GET_TREE, r#"{"type":"root","id":1}"#)),
        Step::Send(frame(
            GET_OUTPUTS,
            r#"[{"name":"B","active":true,"rect":{"x":5}},{"name":"A","active":true},{"name":"off"}]"#,
        )),
    ]);
    let (about, observation) = open(&fake).observe(None).expect("all is answered");
    assert_eq!(about.version.minor, 22);
    assert_eq!(about.defaults.border, i3pm_layout::layout::Border::None);
    assert_eq!(observation.tree.id, ConId(1));
    let names: Vec<_> = observation
        .outputs
        .iter()
        .map(|output| &output.name)
        .collect();
    assert_eq!(names, ["A", "B"]);
}

#[test]
fn all_commands_go_in_one_message() {
    let fake = FakeI3::serve(reply(
        RUN_COMMAND,
        r#"[{"success":true},{"success":false,"error":"no"}]"#,
    ));
    let replies = open(&fake)
        .run(&[
            Command::Focus(ConId(7)),
            Command::ShowWorkspace("a; \"b\"\\".to_owned()),
        ])
        .expect("both are answered");
    assert_eq!(
        replies,
        [CommandReply::Done, CommandReply::Refused("no".to_owned())]
    );
    let sent = r#"[con_id=7] focus; workspace --no-auto-back-and-forth "a; \"b\"\\""#;
    assert_eq!(fake.requests(), [(RUN_COMMAND, sent.to_owned())]);
}

#[test]
fn no_commands_send_nothing() {
    let fake = FakeI3::serve(vec![]);
    assert_eq!(open(&fake).run(&[]).expect("nothing to do"), []);
    assert_eq!(fake.requests(), []);
}

#[test]
fn commands_after_one_that_i3_cannot_parse_were_not_run() {
    let fake = FakeI3::serve(reply(
        RUN_COMMAND,
        r#"[{"success":true},{"success":false,"parse_error":true,"error":"Expected"}]"#,
    ));
    let commands = [ConId(1), ConId(2), ConId(3)].map(Command::Focus);
    assert_eq!(
        open(&fake).run(&commands).expect("an answer"),
        [
            CommandReply::Done,
            CommandReply::Refused("Expected".to_owned()),
            CommandReply::NotRun
        ]
    );
}

#[test]
fn another_number_of_answers_is_an_error() {
    for answers in ["[]", r#"[{"success":true},{"success":true}]"#] {
        let fake = FakeI3::serve(reply(RUN_COMMAND, answers));
        let error = open(&fake)
            .run(&[Command::Focus(ConId(1))])
            .expect_err("one command, one answer");
        assert!(matches!(error, WmError::Count { .. }), "{error}");
    }
}

#[test]
fn command_that_i3_cannot_take_is_not_sent() {
    let fake = FakeI3::serve(vec![]);
    let mark = "a\0b".to_owned();
    let error = open(&fake)
        .run(&[Command::Mark {
            con: ConId(1),
            mark,
        }])
        .expect_err("NUL");
    assert!(matches!(error, WmError::Unsayable(_)), "{error}");
    assert_eq!(fake.requests(), []);
}

#[test]
fn a_listener_that_never_accepts_times_out() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("full.sock");
    let listener = UnixListener::bind(&path).expect("the path is free");
    // A queue of one, and somebody in it.
    rustix::net::listen(&listener, 0).expect("it listens already");
    let _waiting = std::os::unix::net::UnixStream::connect(&path).expect("there is room for one");
    let start = Instant::now();
    let error = Connection::open(&path, LIMIT).expect_err("nobody accepts");
    assert!(start.elapsed() < AT_LAST);
    assert!(matches!(error, WmError::Connect { .. }), "{error}");
    assert!(
        error.to_string().contains("nobody accepted within 0.15 s"),
        "{error}"
    );
}

fn search(
    i3sock: Option<&Path>,
    root_window: &dyn Fn() -> Result<Option<std::path::PathBuf>, String>,
) -> Result<LocatedSocket, WmError> {
    let env = SessionEnv {
        i3sock: i3sock.map(Path::to_owned),
        limit: LIMIT,
        ..SessionEnv::default()
    };
    locate(&env, root_window)
}

#[test]
fn i3sock_comes_first_and_the_root_window_second() {
    let first = FakeI3::serve(vec![]);
    let second = FakeI3::serve(vec![]);
    let root_window = || Ok(Some(second.path().to_owned()));
    let located = search(Some(first.path()), &root_window).expect("both listen");
    assert_eq!(
        (located.origin, located.socket.path.as_path()),
        (SocketOrigin::Environment, first.path())
    );
    let located = search(None, &root_window).expect("it listens");
    assert_eq!(
        (located.origin, located.socket.path.as_path()),
        (SocketOrigin::RootWindow, second.path())
    );
}

#[test]
fn a_stale_i3sock_gives_way_to_the_display_of_the_present_session() {
    let dir = tempfile::tempdir().expect("a directory");
    let stale = dir.path().join("stale.sock");
    drop(UnixListener::bind(&stale).expect("the path is free"));
    let present = FakeI3::serve(vec![]);
    let root_window = || Ok(Some(present.path().to_owned()));
    let located = search(Some(&stale), &root_window).expect("one listens");
    assert_eq!(located.origin, SocketOrigin::RootWindow);

    let error =
        search(Some(&stale), &|| Err("DISPLAY is not set".to_owned())).expect_err("nobody listens");
    let WmError::NotFound { tried, .. } = &error else {
        panic!("{error}");
    };
    assert_eq!(tried[0].found, AttemptResult::Stale(stale.clone()));
    assert_eq!(
        tried[1].found,
        AttemptResult::Failed("DISPLAY is not set".to_owned())
    );
    assert_eq!(tried.len(), 3);
    assert!(
        error.to_string().contains(&stale.display().to_string()),
        "{error}"
    );
    assert!(error.hint().is_some_and(|hint| hint.contains("left over")));
}

#[test]
fn under_sway_the_error_says_so() {
    let env = SessionEnv {
        sway: true,
        limit: LIMIT,
        ..SessionEnv::default()
    };
    let error = locate(&env, &|| Ok(None)).expect_err("there is no i3");
    assert!(
        error.hint().is_some_and(|hint| hint.contains("sway")),
        "{error}"
    );
}

#[test]
fn a_foreign_peer_is_refused_before_anything_is_sent() {
    if !rustix::process::geteuid().is_root() || Process::new("setpriv").arg("-V").output().is_err()
    {
        #[expect(clippy::print_stderr, reason = "a skipped test says so")]
        {
            eprintln!("skipped: only root with setpriv can listen as somebody else");
        }
        return;
    }
    let dir = tempfile::tempdir().expect("a directory");
    let open_to_all = std::fs::Permissions::from_mode(0o777);
    std::fs::set_permissions(dir.path(), open_to_all.clone()).expect("it is ours");
    // This test program again, in a place where others can start it.
    let program = dir.path().join("listener");
    std::fs::copy(std::env::current_exe().expect("we run"), &program).expect("there is room");
    std::fs::set_permissions(&program, open_to_all).expect("it is ours");
    let path = dir.path().join("foreign.sock");
    let mut child = Process::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"])
        .arg(&program)
        .args([
            "wm_edges::listen_for_another_test",
            "--exact",
            "--ignored",
            "--nocapture",
        ])
        .env("LISTEN_AT", &path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("setpriv is there");
    let stdout = child.stdout.take().expect("it is a pipe");
    let listening = BufReader::new(stdout)
        .lines()
        .map_while(Result::ok)
        .any(|line| line.contains("listening"));
    let opened = Connection::open(&path, LIMIT);
    drop(child.stdin.take());
    child.wait().expect("it ends with its input");
    assert!(listening);
    let error = opened.expect_err("uid 65534 is not ours");
    assert!(
        matches!(
            error,
            WmError::ForeignPeer {
                peer: 65534,
                ours: 0,
                ..
            }
        ),
        "{error}"
    );
}

/// Not a test: the other user of the test above. Ends with its standard input.
#[test]
#[ignore = "started by another test"]
fn listen_for_another_test() {
    let Some(path) = std::env::var_os("LISTEN_AT") else {
        return;
    };
    let _listener = UnixListener::bind(path).expect("the path is free");
    #[expect(clippy::print_stdout, reason = "the other test waits for it")]
    {
        println!("listening");
    }
    let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
}

#[test]
fn events_come_as_changes_in_order_until_the_connection_ends() {
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
        event(1, r#"{"change":"unspecified"}"#),
        event(7, r#"{"first":false,"payload":"ours"}"#),
        event(6, r#"{"change":"restart"}"#),
        Step::Close,
    ]);
    let (sender, changes) = mpsc::channel();
    let _events = Subscription::start(open(&fake), Defaults::default(), move |change| {
        sender.send(change).is_ok()
    })
    .expect("it subscribes");
    let changes: Vec<_> = changes.iter().collect();
    assert!(matches!(&changes[0], Change::WindowNew(con) if con.id == ConId(5)));
    assert!(matches!(
        changes[1],
        Change::WindowClosed {
            con: ConId(5),
            window: Some(_)
        }
    ));
    assert_eq!(
        changes[2],
        Change::Workspace {
            con: Some(ConId(6)),
            name: Some("b".to_owned()),
        }
    );
    assert!(matches!(
        changes[3],
        Change::Workspace {
            con: None,
            name: None
        }
    ));
    assert_eq!(
        changes[4..6],
        [Change::OutputsChanged, Change::Shutdown { restart: true },]
    );
    assert!(matches!(&changes[6], Change::Lost(_)));
    assert_eq!(changes.len(), 7);
}

#[test]
fn dropping_the_subscription_ends_its_thread_silently() {
    let fake = FakeI3::serve(reply(SUBSCRIBE, r#"{"success":true}"#));
    let (sender, changes) = mpsc::channel();
    let events = Subscription::start(open(&fake), Defaults::default(), move |change| {
        sender.send(change).is_ok()
    })
    .expect("it subscribes");
    drop(events);
    // The sender is dropped with the thread.
    assert!(
        changes
            .recv_timeout(AT_LAST)
            .is_err_and(|error| { error == mpsc::RecvTimeoutError::Disconnected })
    );
}

#[test]
fn a_refused_subscription_is_an_error() {
    let fake = FakeI3::serve(reply(SUBSCRIBE, r#"{"success":false}"#));
    let started = Subscription::start(open(&fake), Defaults::default(), |_| true);
    assert!(matches!(started, Err(WmError::Subscribe)));
}

#[test]
fn event_that_stops_half_way_times_out() {
    let half = frame(EVENT | 3, r#"{"change":"new"}"#)[..20].to_vec();
    let fake = FakeI3::serve(vec![
        Step::Await(1),
        Step::Send(frame(SUBSCRIBE, r#"{"success":true}"#)),
        Step::Send(half),
    ]);
    // The answer to the subscription comes within it, also on a busy machine.
    let connection = open_with(&fake, Duration::from_secs(1));
    let (sender, changes) = mpsc::channel();
    let _events = Subscription::start(connection, Defaults::default(), move |change| {
        sender.send(change).is_ok()
    })
    .expect("it subscribes");
    let change = changes.recv_timeout(AT_LAST).expect("the thread gives up");
    assert!(
        matches!(&change, Change::Lost(why) if why.contains("within")),
        "{change:?}"
    );
}
