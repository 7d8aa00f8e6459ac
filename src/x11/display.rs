//! The connection to the X server.

use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::OsStringExt as _;
use std::path::PathBuf;

use miette::Diagnostic;
use x11rb::connection::{Connection as _, RequestConnection as _};
use x11rb::cookie::Cookie;
use x11rb::errors::{ConnectError, ConnectionError, ReplyError, ReplyOrIdError};
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ConnectionExt as _, CreateWindowAux, GetPropertyReply, PropMode, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use super::atoms::Atoms;
use crate::live::{Pid, XId};

/// Longer than any path or startup id, in units of four bytes.
pub(super) const TEXT_LIMIT: u32 = 4096;

/// A property request in progress.
pub(super) type PropertyCookie<'a> = Cookie<'a, RustConnection, GetPropertyReply>;

/// An error of the communication with the X server.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum XError {
    /// `DISPLAY` is not set.
    #[error("DISPLAY is not set")]
    #[diagnostic(
        code("no-display"),
        help(
            "run this inside the i3 session, or set its display, for example `export DISPLAY=:0`"
        )
    )]
    NoDisplay,
    /// Cannot connect to the display.
    #[error("cannot open the display `{display}`")]
    #[diagnostic(
        code("no-display"),
        help("run this inside the i3 session, or set DISPLAY and XAUTHORITY as in that session")
    )]
    Connect {
        /// The value of `DISPLAY`.
        display: String,
        /// The reason.
        source: Box<ConnectError>,
    },
    /// The connection was lost.
    #[error("lost the connection to the X server")]
    #[diagnostic(
        code("x-connection-lost"),
        help("if the X server has exited, log in again")
    )]
    Lost(#[from] ConnectionError),
    /// The X server has no more ids for this client.
    #[error("the X server has no ids left")]
    #[diagnostic(
        code("x-refused"),
        help("close some programs, then run the command again")
    )]
    NoIds,
    /// The X server refused a request that should never fail.
    #[error("the X server refused a request")]
    #[diagnostic(
        code("x-refused"),
        help(
            "this is a bug in i3pm-layout or the X server: report it with the output of `i3pm-layout diagnose`"
        )
    )]
    Refused(#[source] Box<ReplyError>),
    /// A screen whose pixels cannot be read.
    #[error("cannot read the screen: its pixels have {depth} bits")]
    #[diagnostic(code("x-refused"), help("use a screen with 24 bits"))]
    NoPicture {
        /// The number of bits.
        depth: u8,
    },
}

impl From<ReplyOrIdError> for XError {
    fn from(error: ReplyOrIdError) -> Self {
        match error {
            ReplyOrIdError::IdsExhausted => Self::NoIds,
            ReplyOrIdError::ConnectionError(error) => Self::Lost(error),
            ReplyOrIdError::X11Error(error) => ReplyError::X11Error(error).into(),
        }
    }
}

impl From<ReplyError> for XError {
    fn from(error: ReplyError) -> Self {
        match error {
            ReplyError::ConnectionError(error) => Self::Lost(error),
            error @ ReplyError::X11Error(_) => Self::Refused(Box::new(error)),
        }
    }
}

/// A connection to the X server.
#[derive(Debug)]
pub struct Display {
    pub(super) conn: RustConnection,
    pub(super) atoms: Atoms,
    /// True if the server has `XRes`, which reports the clients' processes since 1.2.
    pub(super) has_client_ids: bool,
    pub(super) root: Window,
}

/// True if the X server of a display can have a TCP port, 6000 plus its number. x11rb adds them
/// without a check.
fn has_port(display: &str) -> bool {
    const FIRST: u16 = 6000;
    let number = display.rsplit(':').next().unwrap_or_default();
    let number = number.split('.').next().unwrap_or_default();
    // Anything else is no display, which x11rb reports.
    number
        .parse()
        .ok()
        .is_none_or(|number| FIRST.checked_add(number).is_some())
}

impl Display {
    /// Connects to a display, named as in `DISPLAY`.
    pub fn connect(display: Option<&str>) -> Result<Self, XError> {
        let display = display
            .filter(|name| !name.is_empty())
            .ok_or(XError::NoDisplay)?;
        if !has_port(display) {
            let error = io::Error::new(io::ErrorKind::InvalidInput, "no display has this number");
            return Err(XError::Connect {
                display: display.to_owned(),
                source: Box::new(ConnectError::IoError(error)),
            });
        }
        let (conn, screen) =
            RustConnection::connect(Some(display)).map_err(|source| XError::Connect {
                display: display.to_owned(),
                source: Box::new(source),
            })?;
        Self::of(conn, screen)
    }

    /// A connection that has been made.
    pub(super) fn of(conn: RustConnection, screen: usize) -> Result<Self, XError> {
        let root = conn
            .setup()
            .roots
            .get(screen)
            .map_or(x11rb::NONE, |screen| screen.root);
        // In one round trip.
        conn.prefetch_extension_information(x11rb::protocol::res::X11_EXTENSION_NAME)?;
        conn.prefetch_extension_information(x11rb::protocol::randr::X11_EXTENSION_NAME)?;
        let atoms = Atoms::new(&conn)?.reply()?;
        // Asking for its version would be one more round trip. Servers before 1.2 (xorg-server
        // 1.12) answer unknown requests with an error.
        let has_client_ids = conn
            .extension_information(x11rb::protocol::res::X11_EXTENSION_NAME)?
            .is_some();
        Ok(Self {
            conn,
            atoms,
            has_client_ids,
            root,
        })
    }

    /// True if the server has `XRes`, which names the processes of windows.
    pub const fn has_client_ids(&self) -> bool {
        self.has_client_ids
    }

    /// True if the server has `RandR`, which names the monitors.
    pub fn has_randr(&self) -> Result<bool, XError> {
        let name = x11rb::protocol::randr::X11_EXTENSION_NAME;
        Ok(self.conn.extension_information(name)?.is_some())
    }

    /// Creates an invisible window that can receive messages.
    pub fn mailbox(&self) -> Result<XId, XError> {
        let window = self.conn.generate_id()?;
        self.conn.create_window(
            0,
            window,
            self.root,
            0,
            0,
            1,
            1,
            0,
            WindowClass::INPUT_ONLY,
            0,
            &CreateWindowAux::new(),
        )?;
        self.conn.get_input_focus()?.reply()?;
        Ok(XId(window))
    }

    /// Sets the title of a window (EWMH, `_NET_WM_NAME`) unless it is `None`, and removes the
    /// window's hints, including urgency (ICCCM 4.1.2.4). A window that is gone is not an
    /// error.
    pub fn label(&self, windows: &[(XId, Option<String>)]) -> Result<(), XError> {
        for (window, title) in windows {
            if let Some(title) = title {
                self.conn
                    .change_property8(
                        PropMode::REPLACE,
                        window.0,
                        self.atoms._NET_WM_NAME,
                        self.atoms.UTF8_STRING,
                        title.as_bytes(),
                    )?
                    .ignore_error();
            }
            self.conn
                .delete_property(window.0, AtomEnum::WM_HINTS.into())?
                .ignore_error();
        }
        self.conn.get_input_focus()?.reply()?;
        Ok(())
    }

    /// True if i3's answer to a `SYNC` with this number has arrived at the mailbox. Takes one
    /// round trip.
    pub fn has_synced(&self, mailbox: XId, number: u32) -> Result<bool, XError> {
        self.conn.get_input_focus()?.reply()?;
        let mut found = false;
        while let Some(event) = self.conn.poll_for_event()? {
            if let Event::ClientMessage(message) = event {
                let [window, answered, ..] = message.data.as_data32();
                found |= message.type_ == self.atoms.I3_SYNC
                    && window == mailbox.0
                    && answered == number;
            }
        }
        Ok(found)
    }

    /// The socket path of this display's i3, from the root window.
    pub fn i3_socket_path(&self) -> Result<Option<PathBuf>, XError> {
        let (atom, kind) = (self.atoms.I3_SOCKET_PATH, AtomEnum::ANY);
        let value = self
            .property(self.root, atom, kind, TEXT_LIMIT)?
            .reply()?
            .value;
        let path = value.split(|&byte| byte == 0).next().unwrap_or_default();
        Ok((!path.is_empty()).then(|| PathBuf::from(OsString::from_vec(path.to_vec()))))
    }

    /// The process of the display's i3, or of its last one, from the root window (`I3_PID`).
    pub fn i3_pid(&self) -> Result<Option<Pid>, XError> {
        let (atom, kind) = (self.atoms.I3_PID, AtomEnum::CARDINAL);
        let reply = self.property(self.root, atom, kind, 1)?.reply()?;
        let pid = reply.value32().and_then(|mut numbers| numbers.next());
        Ok(pid.map(Pid))
    }

    /// Asks for a property, up to `length` units of four bytes.
    pub(super) fn property(
        &self,
        window: Window,
        atom: u32,
        kind: AtomEnum,
        length: u32,
    ) -> Result<PropertyCookie<'_>, XError> {
        let cookie = self
            .conn
            .get_property(false, window, atom, kind, 0, length)?;
        Ok(cookie)
    }
}
