//! A fake i3 that follows a script, for behaviour that the real i3 does not show on demand.
//!
//! A script is a list of [`Step`]s for one connection. Each connection is served with the next
//! script.

use std::io::{Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tempfile::TempDir;

/// Numbers of IPC requests (i3 IPC document, "Sending messages").
pub(crate) const RUN_COMMAND: u32 = 0;
pub(crate) const SUBSCRIBE: u32 = 2;
pub(crate) const GET_OUTPUTS: u32 = 3;
pub(crate) const GET_TREE: u32 = 4;
pub(crate) const GET_VERSION: u32 = 7;
pub(crate) const GET_CONFIG: u32 = 9;

/// The bit that makes a message an event.
pub(crate) const EVENT: u32 = 1 << 31;

/// A step of the script of a connection.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Reads this many requests.
    Await(usize),
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Sends these bytes one by one with a pause after each.
    Drip(Vec<u8>, Duration),
    /// Closes the connection. Without this step, it stays open until the client closes it.
    Close,
}

/// A complete message.
pub(crate) fn frame(kind: u32, payload: &str) -> Vec<u8> {
    let len = u32::try_from(payload.len()).expect("the payload is short");
    let mut bytes = b"i3-ipc".to_vec();
    bytes.extend(len.to_ne_bytes());
    bytes.extend(kind.to_ne_bytes());
    bytes.extend(payload.as_bytes());
    bytes
}

/// Reads one request and replies.
pub(crate) fn reply(kind: u32, payload: &str) -> Vec<Step> {
    vec![Step::Await(1), Step::Send(frame(kind, payload))]
}

/// A running fake i3.
pub(crate) struct FakeI3 {
    path: PathBuf,
    requests: Receiver<(u32, String)>,
    ending: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    _dir: TempDir,
}

impl FakeI3 {
    /// Listens, and serves one connection for each script.
    pub(crate) fn start(scripts: impl IntoIterator<Item = Vec<Step>>) -> Self {
        let dir = tempfile::tempdir().expect("a directory for the socket");
        let path = dir.path().join("ipc.sock");
        let listener = UnixListener::bind(&path).expect("the path is free");
        let (seen, requests) = mpsc::channel();
        let ending = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&ending);
        let scripts: Vec<_> = scripts.into_iter().collect();
        let thread = thread::spawn(move || {
            for script in scripts {
                let (stream, _) = listener.accept().expect("a client connects");
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                // The client may close the connection at any step.
                let _ = play(stream, script, &seen);
            }
        });
        Self {
            path,
            requests,
            ending,
            thread: Some(thread),
            _dir: dir,
        }
    }

    /// Listens, and serves a single connection.
    pub(crate) fn serve(script: Vec<Step>) -> Self {
        Self::start([script])
    }

    /// The path of the socket.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The types and payloads of the requests so far.
    pub(crate) fn requests(&self) -> Vec<(u32, String)> {
        self.requests.try_iter().collect()
    }
}

impl Drop for FakeI3 {
    fn drop(&mut self) {
        self.ending.store(true, Ordering::Relaxed);
        // Wakes the thread if it still waits for a connection.
        drop(UnixStream::connect(&self.path));
        if let Some(thread) = self.thread.take() {
            let joined = thread.join();
            if !thread::panicking() {
                joined.expect("the fake followed its script");
            }
        }
    }
}

fn play(
    mut stream: UnixStream,
    script: Vec<Step>,
    seen: &Sender<(u32, String)>,
) -> std::io::Result<()> {
    for step in script {
        match step {
            Step::Await(count) => {
                for _ in 0..count {
                    let mut head = [0; 14];
                    stream.read_exact(&mut head)?;
                    let number = |at: usize| {
                        u32::from_ne_bytes(
                            head[at..at + 4]
                                .try_into()
                                .expect("the slice has four bytes"),
                        )
                    };
                    let mut payload = vec![0; number(6) as usize];
                    stream.read_exact(&mut payload)?;
                    let payload = String::from_utf8_lossy(&payload).into_owned();
                    let _ = seen.send((number(10), payload));
                }
            }
            Step::Send(bytes) => stream.write_all(&bytes)?,
            Step::Drip(bytes, pause) => {
                for byte in bytes {
                    stream.write_all(&[byte])?;
                    thread::sleep(pause);
                }
            }
            Step::Close => return Ok(()),
        }
    }
    // Waits until the client closes the connection.
    std::io::copy(&mut stream, &mut std::io::sink())?;
    Ok(())
}
