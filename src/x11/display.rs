//! The connection to the X server, and what its root window says.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::PathBuf;

use miette::Diagnostic;
use x11rb::connection::{Connection as _, RequestConnection as _};
use x11rb::errors::{ConnectError, ConnectionError, ReplyError, ReplyOrIdError};
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ConnectionExt as _, CreateWindowAux, PropMode, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use super::atoms::Atoms;
use crate::live::XId;

/// Longer than any path or startup id, in units of four bytes.
pub(super) const TEXT_LIMIT: u32 = 4096;

/// Why the X server could not be asked.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum XError {
    /// `DISPLAY` is not set.
    #[error("DISPLAY is not set")]
    #[diagnostic(
        code("no-display"),
        help("run this inside the i3 session, or set DISPLAY to its display, such as `:0`")
    )]
    NoDisplay,
    /// The display does not let us in.
    #[error("cannot open the display `{display}`")]
    #[diagnostic(
        code("no-display"),
        help("check DISPLAY and XAUTHORITY; inside the i3 session both are set")
    )]
    Connect {
        /// The value of `DISPLAY`.
        display: String,
        /// Why.
        source: Box<ConnectError>,
    },
    /// The connection broke.
    #[error("lost the connection to the X server")]
    #[diagnostic(
        code("x-connection-lost"),
        help("the X server may have ended: log in again")
    )]
    Lost(#[from] ConnectionError),
    /// The X server gives us no more ids.
    #[error("the X server has no ids left")]
    #[diagnostic(code("x-refused"))]
    NoIds,
    /// The X server refused a request that cannot fail.
    #[error("the X server refused a request")]
    #[diagnostic(code("x-refused"))]
    Refused(#[source] Box<ReplyError>),
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
pub struct Display {
    pub(super) conn: RustConnection,
    pub(super) atoms: Atoms,
    /// Whether the server has `XRes`, which knows the clients' processes since 1.2.
    pub(super) has_client_ids: bool,
    root: Window,
}

impl std::fmt::Debug for Display {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Display")
            .field("root", &self.root)
            .finish_non_exhaustive()
    }
}

impl Display {
    /// Connects to a display, named as in `DISPLAY`.
    pub fn connect(display: Option<&str>) -> Result<Self, XError> {
        let display = display
            .filter(|name| !name.is_empty())
            .ok_or(XError::NoDisplay)?;
        let (conn, screen) =
            RustConnection::connect(Some(display)).map_err(|source| XError::Connect {
                display: display.to_owned(),
                source: Box::new(source),
            })?;
        let root = conn
            .setup()
            .roots
            .get(screen)
            .map_or(x11rb::NONE, |screen| screen.root);
        // All in one round trip: the names, and whether there is XRes.
        conn.prefetch_extension_information(x11rb::protocol::res::X11_EXTENSION_NAME)?;
        let atoms = Atoms::new(&conn)?.reply()?;
        // Its version is not asked, which would be one more round trip: the servers before
        // 1.2 (xorg-server 1.12) answer a request that they do not know with an error.
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

    /// An invisible window of ours that messages can be sent to.
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

    /// Sets the title of a window (EWMH, `_NET_WM_NAME`), if there is one to set, and
    /// removes its hints, urgency among them (ICCCM 4.1.2.4). A window that is gone
    /// meanwhile is no error.
    pub fn label(&self, window: XId, title: Option<&str>) -> Result<(), XError> {
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
        self.conn.get_input_focus()?.reply()?;
        Ok(())
    }

    /// Whether i3's answer to a `SYNC` with this number has come to the mailbox.
    /// Asks the X server once, and so waits for a round trip.
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

    /// Where the i3 of this display listens, as it says on the root window.
    pub fn i3_socket_path(&self) -> Result<Option<PathBuf>, XError> {
        let reply = self
            .conn
            .get_property(
                false,
                self.root,
                self.atoms.I3_SOCKET_PATH,
                AtomEnum::ANY,
                0,
                TEXT_LIMIT,
            )?
            .reply()?;
        let end = reply.value.iter().position(|&byte| byte == 0);
        let bytes = reply
            .value
            .get(..end.unwrap_or(reply.value.len()))
            .unwrap_or_default();
        Ok((!bytes.is_empty()).then(|| PathBuf::from(OsString::from_vec(bytes.to_vec()))))
    }
}
