//! One process for many calls, as browsers and some terminals do it.

use std::error::Error;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::mpsc::Sender;
use std::thread;

use crate::Message;
use crate::options::Request;

/// Held while an instance finds out whether it is the first: of several that start at
/// once, one listens and the others hand over.
pub(crate) fn first_come(socket: &Path) -> Result<File, Box<dyn Error>> {
    let file = File::create(socket.with_extension("lock"))?;
    file.lock()?;
    Ok(file)
}

/// Gives the request to the instance that listens; false if none listens.
pub(crate) fn hand_over(socket: &Path, request: &Request) -> Result<bool, Box<dyn Error>> {
    let Ok(mut stream) = UnixStream::connect(socket) else {
        return Ok(false);
    };
    stream.write_all(&serde_json::to_vec(&request.wire)?)?;
    stream.shutdown(Shutdown::Write)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer == "taken")
}

/// Takes requests of later instances from now on.
pub(crate) fn listen(socket: &Path, sender: Sender<Message>) -> Result<(), Box<dyn Error>> {
    if socket.exists() {
        // Nobody answered there: left over by an instance that was killed.
        std::fs::remove_file(socket)?;
    }
    let listener = UnixListener::bind(socket)?;
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut text = Vec::new();
            let request = stream
                .read_to_end(&mut text)
                .ok()
                .and_then(|_| serde_json::from_slice(&text).ok())
                .and_then(|wire| Request::from_wire(wire).ok());
            let Some(request) = request else { continue };
            if sender.send(Message::Handover(Box::new(request))).is_err() {
                return;
            }
            // An instance that does not wait for the answer got what it wanted.
            let _ = stream.write_all(b"taken");
        }
    });
    Ok(())
}
