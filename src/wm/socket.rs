//! i3's socket: connects, checks the peer, sends and receives with a deadline.
#![expect(clippy::disallowed_methods, reason = "requests have deadlines")]

use std::io::{self, BufReader, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::net::sockopt::{self, Timeout};
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType};

use super::attempt::SocketOrigin;
use super::error::WmError;
use super::message::{self, HEADER_LEN, Kind};
use crate::live::Pid;

/// The largest allocation at a time, so that a wrong length in a header costs no memory.
const CHUNK: usize = 1 << 20;

/// A connection whose peer has been checked.
#[derive(Debug)]
pub struct Socket {
    /// The socket's path.
    pub path: PathBuf,
    /// The process that listens at the socket: i3.
    pub peer: Pid,
    /// The limit for a request and its answer on a small desktop.
    pub base_limit: Duration,
    /// The number of containers on the desktop.
    pub present: usize,
    /// The number of containers that requests will add.
    pub added: usize,
    /// i3 writes many events at once; the buffer takes all of them in one system call.
    stream: BufReader<UnixStream>,
    /// True if reading from the stream ends after a time.
    is_limited: bool,
}

/// The longest limit, however large the desktop is.
const LONGEST: Duration = Duration::from_secs(300);

/// The number of containers up to which a desktop is small.
const SMALL: usize = 100;

impl Socket {
    /// Connects, and refuses a peer of another user.
    pub fn connect(path: &Path, origin: SocketOrigin, limit: Duration) -> Result<Self, WmError> {
        let stream = connect_within(path, limit).map_err(|source| {
            if source.kind() == io::ErrorKind::TimedOut {
                // Its queue is full: i3 is stopped or busy.
                let doing = "accept the connection".to_owned();
                return WmError::TimedOut { doing, limit };
            }
            WmError::Connect {
                path: path.to_owned(),
                origin,
                source,
            }
        })?;
        let peer = sockopt::socket_peercred(&stream).map_err(io::Error::from)?;
        check_peer(path, peer.uid.as_raw(), rustix::process::geteuid().as_raw())?;
        Ok(Self {
            stream: BufReader::new(stream),
            is_limited: false,
            path: path.to_owned(),
            peer: Pid(peer.pid.as_raw_nonzero().get().unsigned_abs()),
            base_limit: limit,
            present: 0,
            added: 0,
        })
    }

    /// The limit for a request and its answer.
    ///
    /// i3 looks up each container in a list whenever it draws (`state_for_frame` in its `src/x.c`),
    /// so its time grows with the square of their number.
    pub fn limit(&self) -> Duration {
        let containers = u32::try_from(self.present.saturating_add(self.added).div_ceil(SMALL));
        let factor = containers.unwrap_or(u32::MAX).max(1);
        let limit = self
            .base_limit
            .saturating_mul(factor.saturating_mul(factor));
        limit.min(self.base_limit.max(LONGEST))
    }

    /// A deadline for a request that begins now.
    pub(super) fn deadline(&self) -> Instant {
        Instant::now() + self.limit()
    }

    /// Another handle to the same connection.
    pub(super) fn stream(&self) -> io::Result<UnixStream> {
        self.stream.get_ref().try_clone()
    }

    /// Sends all bytes, or fails at the deadline.
    pub(super) fn send(
        &mut self,
        mut bytes: &[u8],
        deadline: Instant,
        doing: &str,
    ) -> Result<(), WmError> {
        while !bytes.is_empty() {
            let left = self.left(deadline, doing)?;
            let stream = self.stream.get_mut();
            stream.set_write_timeout(Some(left))?;
            match stream.write(bytes) {
                Ok(0) => return Err(closed(doing)),
                Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
                Err(error) => self.sort(error, doing)?,
            }
        }
        Ok(())
    }

    /// Receives one frame, or fails at the deadline. Without a deadline, it waits for the start
    /// of the frame without limit.
    pub(super) fn receive(
        &mut self,
        deadline: Option<Instant>,
        doing: &str,
    ) -> Result<(Kind, Vec<u8>), WmError> {
        let mut head = [0; HEADER_LEN];
        let mut filled = self.fill(&mut head, 0, deadline, doing)?;
        // After the first byte, the rest of the frame has a deadline.
        let deadline = deadline.unwrap_or_else(|| self.deadline());
        while filled < HEADER_LEN {
            filled = self.fill(&mut head, filled, Some(deadline), doing)?;
        }
        let (kind, len) = message::decode_header(head)?;
        let len = len as usize;
        let mut payload = Vec::new();
        let mut filled = 0;
        while filled < len {
            payload.resize(len.min(filled + CHUNK), 0);
            filled = self.fill(&mut payload, filled, Some(deadline), doing)?;
        }
        Ok((kind, payload))
    }

    /// Reads once into `buffer` from `filled` on, and returns the new length.
    fn fill(
        &mut self,
        buffer: &mut [u8],
        filled: usize,
        deadline: Option<Instant>,
        doing: &str,
    ) -> Result<usize, WmError> {
        loop {
            if self.stream.buffer().is_empty() {
                self.limit_reading(deadline, doing)?;
            }
            let free = buffer.get_mut(filled..).unwrap_or_default();
            match self.stream.read(free) {
                Ok(0) => return Err(closed(doing)),
                Ok(count) => return Ok(filled + count),
                Err(error) => self.sort(error, doing)?,
            }
        }
    }

    /// Limits the time of the next read.
    fn limit_reading(&mut self, deadline: Option<Instant>, doing: &str) -> Result<(), WmError> {
        let left = deadline.map(|deadline| self.left(deadline, doing));
        let timeout = left.transpose()?;
        if timeout.is_some() || self.is_limited {
            self.stream.get_ref().set_read_timeout(timeout)?;
            self.is_limited = timeout.is_some();
        }
        Ok(())
    }

    /// The time until the deadline; an error if there is none.
    fn left(&self, deadline: Instant, doing: &str) -> Result<Duration, WmError> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(self.timed_out(doing));
        }
        Ok(left)
    }

    /// Classifies an error; `Ok` means to try again.
    fn sort(&self, error: io::Error, doing: &str) -> Result<(), WmError> {
        match error.kind() {
            io::ErrorKind::Interrupted => Ok(()),
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Err(self.timed_out(doing)),
            io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => Err(closed(doing)),
            _ => Err(error.into()),
        }
    }

    fn timed_out(&self, doing: &str) -> WmError {
        WmError::TimedOut {
            doing: doing.to_owned(),
            limit: self.limit(),
        }
    }
}

fn closed(doing: &str) -> WmError {
    WmError::Closed {
        doing: doing.to_owned(),
    }
}

/// Connects. If the listener's queue is full, waits up to the limit.
fn connect_within(path: &Path, limit: Duration) -> io::Result<UnixStream> {
    let address = SocketAddrUnix::new(path)?;
    let socket = rustix::net::socket_with(
        AddressFamily::UNIX,
        SocketType::STREAM,
        SocketFlags::CLOEXEC,
        None,
    )?;
    // Linux bounds connect(2) of a Unix socket by SO_SNDTIMEO (unix(7)).
    sockopt::set_socket_timeout(&socket, Timeout::Send, Some(limit))?;
    loop {
        match rustix::net::connect(&socket, &address) {
            Ok(()) => return Ok(UnixStream::from(socket)),
            Err(rustix::io::Errno::INTR) => {}
            Err(rustix::io::Errno::AGAIN) => {
                return Err(io::ErrorKind::TimedOut.into());
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Refuses a peer of another user, even root: a process that poses as i3 can make its clients
/// run commands.
fn check_peer(path: &Path, peer: u32, own: u32) -> Result<(), WmError> {
    if peer == own {
        return Ok(());
    }
    Err(WmError::ForeignPeer {
        path: path.to_owned(),
        peer,
        own,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limit_grows_with_the_square_of_the_containers() {
        let (stream, _other) = UnixStream::pair().unwrap();
        let mut socket = Socket {
            path: PathBuf::new(),
            peer: Pid(1),
            base_limit: Duration::from_secs(5),
            present: 0,
            added: 0,
            stream: BufReader::new(stream),
            is_limited: false,
        };
        for (present, added, seconds) in [
            (0, 0, 5),
            (40, 60, 5),
            (101, 0, 20),
            (100, 200, 45),
            (500, 0, 125),
            (usize::MAX, 9, 300),
        ] {
            (socket.present, socket.added) = (present, added);
            assert_eq!(socket.limit().as_secs(), seconds, "{present} {added}");
        }
    }

    #[test]
    fn only_own_uid_is_accepted() {
        for (peer, own, accepted) in [
            (1000, 1000, true),
            (0, 0, true),
            (0, 1000, false),
            (1000, 0, false),
            (1001, 1000, false),
        ] {
            let checked = check_peer(Path::new("/s"), peer, own);
            assert_eq!(checked.is_ok(), accepted, "{peer} {own}");
        }
    }

    #[test]
    fn a_foreign_peer_is_reported_with_a_hint() {
        let error =
            check_peer(Path::new("/run/i3.sock"), 0, 1000).expect_err("the socket belongs to root");
        assert_eq!(
            error.to_string(),
            "the process at i3's socket /run/i3.sock runs as uid 0, not as uid 1000; \
             nothing was sent"
        );
        assert!(miette::Diagnostic::help(&error).is_some());
    }
}
