//! One process for several calls, like browsers and some terminals.

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

/// A lock held while an instance checks if it is the first. Of several that start at once, one
/// listens and the others hand over.
pub(crate) fn lock_startup(socket: &Path) -> Result<File, Box<dyn Error>> {
    let file = File::create(socket.with_extension("lock"))?;
    file.lock()?;
    Ok(file)
}

/// Hands the request to the listening instance; false if there is none.
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

/// Accepts requests of later instances.
pub(crate) fn listen(socket: &Path, sender: Sender<Message>) -> Result<(), Box<dyn Error>> {
    if socket.exists() {
        // Left over by a killed instance, because nothing listens there.
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
            // The other instance may not wait for the reply.
            let _ = stream.write_all(b"taken");
        }
    });
    Ok(())
}
