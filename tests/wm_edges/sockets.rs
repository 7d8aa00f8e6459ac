//! Finding and opening i3's socket.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command as Process, Stdio};
use std::time::Instant;

use miette::Diagnostic as _;

use i3pm_layout::session::SessionEnv;
use i3pm_layout::wm::attempt::{AttemptResult, Attempts, SocketOrigin};
use i3pm_layout::wm::locate::locate;
use i3pm_layout::wm::socket::Socket;
use i3pm_layout::wm::{Connection, WmError};

use super::{GENEROUS_LIMIT, SHORT_LIMIT};
use crate::harness::fake_i3::FakeI3;

#[test]
fn listener_that_never_accepts_times_out() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("full.sock");
    let listener = UnixListener::bind(&path).expect("the path is free");
    // The queue holds one connection and is full.
    rustix::net::listen(&listener, 0).expect("the listener exists");
    let _waiting = std::os::unix::net::UnixStream::connect(&path).expect("the queue has room");
    let start = Instant::now();
    let error = Connection::open(&path, SHORT_LIMIT).expect_err("the listener never accepts");
    assert!(start.elapsed() < GENEROUS_LIMIT);
    assert_eq!(
        error.to_string(),
        "i3 did not accept the connection within 0.15 s"
    );
    let help = error.help().map(|help| help.to_string());
    assert!(help.is_some_and(|help| help.contains("stopped or busy")));
}

fn search(
    i3sock: Option<&Path>,
    root_window: &dyn Fn() -> Result<Option<std::path::PathBuf>, String>,
) -> Result<(Socket, SocketOrigin), WmError> {
    let env = SessionEnv {
        i3sock: i3sock.map(Path::to_owned),
        limit: SHORT_LIMIT,
        ..SessionEnv::default()
    };
    locate(&env, root_window)
}

#[test]
fn i3sock_takes_precedence_over_the_root_window() {
    let first = FakeI3::serve(vec![]);
    let second = FakeI3::serve(vec![]);
    let root_window = || Ok(Some(second.path().to_owned()));
    let (socket, origin) = search(Some(first.path()), &root_window).expect("both listen");
    assert_eq!(
        (origin, socket.path.as_path()),
        (SocketOrigin::Environment, first.path())
    );
    let (socket, origin) = search(None, &root_window).expect("a process listens");
    assert_eq!(
        (origin, socket.path.as_path()),
        (SocketOrigin::RootWindow, second.path())
    );
}

#[test]
fn stale_i3sock_falls_back_to_the_root_window() {
    let dir = tempfile::tempdir().expect("a directory");
    let stale = dir.path().join("stale.sock");
    drop(UnixListener::bind(&stale).expect("the path is free"));
    let present = FakeI3::serve(vec![]);
    let root_window = || Ok(Some(present.path().to_owned()));
    let (_, origin) = search(Some(&stale), &root_window).expect("a process listens");
    assert_eq!(origin, SocketOrigin::RootWindow);

    let error = search(Some(&stale), &|| Err("DISPLAY is not set".to_owned()))
        .expect_err("no process listens");
    let WmError::NotFound { tried, .. } = &error else {
        panic!("{error}");
    };
    let tried: Vec<_> = tried.iter().flat_map(Attempts::iter).collect();
    assert_eq!(tried[0].found, AttemptResult::Stale(stale.clone()));
    assert_eq!(
        tried[1].found,
        AttemptResult::Failed("DISPLAY is not set".to_owned())
    );
    assert_eq!(tried.len(), 3);
    let first = tried[0].to_string();
    assert!(first.contains(&stale.display().to_string()), "{first}");
    assert!(
        error
            .help()
            .is_some_and(|hint| hint.to_string().contains("left over"))
    );
}

#[test]
fn missing_socket_under_sway_hints_at_sway() {
    let env = SessionEnv {
        sway: true,
        limit: SHORT_LIMIT,
        ..SessionEnv::default()
    };
    let error = locate(&env, &|| Ok(None)).expect_err("i3 is not running");
    assert!(
        error
            .help()
            .is_some_and(|hint| hint.to_string().contains("sway")),
        "{error}"
    );
}

#[test]
fn peer_of_another_user_is_rejected() {
    if !rustix::process::geteuid().is_root() || Process::new("setpriv").arg("-V").output().is_err()
    {
        #[expect(clippy::print_stderr, reason = "reports that the test is skipped")]
        {
            eprintln!("skipped: needs root and setpriv to listen as another user");
        }
        return;
    }
    let dir = tempfile::tempdir().expect("a directory");
    let open_to_all = std::fs::Permissions::from_mode(0o777);
    std::fs::set_permissions(dir.path(), open_to_all.clone()).expect("the file is writable");
    // A copy of this test program that other users can run.
    let program = dir.path().join("listener");
    std::fs::copy(
        std::env::current_exe().expect("the test program has a path"),
        &program,
    )
    .expect("the program can be copied");
    std::fs::set_permissions(&program, open_to_all).expect("the file is writable");
    let path = dir.path().join("foreign.sock");
    let mut child = Process::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"])
        .arg(&program)
        .args([
            "wm_edges::sockets::listen_for_another_test",
            "--exact",
            "--ignored",
            "--nocapture",
        ])
        .env("LISTEN_AT", &path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("setpriv is installed");
    let stdout = child.stdout.take().expect("the stream is a pipe");
    let listening = BufReader::new(stdout)
        .lines()
        .map_while(Result::ok)
        .any(|line| line.contains("listening"));
    let opened = Connection::open(&path, SHORT_LIMIT);
    drop(child.stdin.take());
    child.wait().expect("the process exits");
    assert!(listening);
    let error = opened.expect_err("the peer has another uid");
    assert!(
        matches!(
            error,
            WmError::ForeignPeer {
                peer: 65534,
                own: 0,
                ..
            }
        ),
        "{error}"
    );
}

/// Not a test: runs as the other user of the test above, until its standard input closes.
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
