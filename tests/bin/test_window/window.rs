//! A window: its properties and content.

use std::error::Error;
use std::io;
use std::sync::Arc;

use serde_json::{Value, json};
use x11rb::connection::Connection as _;
use x11rb::properties::{WmHints, WmSizeHints, WmSizeHintsSpecification};
use x11rb::protocol::xproto::{
    AtomEnum, Char2b, ClientMessageEvent, ConnectionExt as _, CreateGCAux, CreateWindowAux,
    EventMask, Font, PropMode, Rectangle, Window as XWindow, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use crate::log::Log;
use crate::options::{Kind, Options, PidClaim, Request};
use crate::when::When;

x11rb::atom_manager! {
    /// The atoms that the client uses.
    Atoms: AtomsCookie {
        UTF8_STRING,
        WM_CLIENT_LEADER,
        WM_DELETE_WINDOW,
        WM_PROTOCOLS,
        WM_WINDOW_ROLE,
        _MOTIF_WM_HINTS,
        _NET_STARTUP_ID,
        _NET_WM_NAME,
        _NET_WM_PID,
        _NET_WM_STATE,
        _NET_WM_STATE_SKIP_TASKBAR,
        _NET_WM_STATE_BELOW,
        _NET_WM_WINDOW_TYPE,
        _NET_WM_WINDOW_TYPE_DESKTOP,
        _NET_WM_WINDOW_TYPE_DIALOG,
        _NET_WM_WINDOW_TYPE_DOCK,
        _NET_WM_WINDOW_TYPE_MENU,
        _NET_WM_WINDOW_TYPE_NORMAL,
        _NET_WM_WINDOW_TYPE_NOTIFICATION,
        _NET_WM_WINDOW_TYPE_SPLASH,
        _NET_WM_WINDOW_TYPE_TOOLBAR,
        _NET_WM_WINDOW_TYPE_TOOLTIP,
        _NET_WM_WINDOW_TYPE_UTILITY,
    }
}

/// A font that is readable in a screenshot, with the Unicode range of X core fonts.
const LARGE_FONT: &str = "-misc-fixed-medium-r-normal--20-200-75-75-c-100-iso10646-1";

/// The connection and the resources shared by all windows.
pub(crate) struct Toolkit {
    connection: Arc<RustConnection>,
    screen: usize,
    atoms: Atoms,
    font: Font,
}

impl Toolkit {
    pub(crate) fn new(
        connection: Arc<RustConnection>,
        screen: usize,
    ) -> Result<Self, Box<dyn Error>> {
        let atoms = Atoms::new(&*connection)?.reply()?;
        let font = connection.generate_id()?;
        if connection
            .open_font(font, LARGE_FONT.as_bytes())?
            .check()
            .is_err()
        {
            // Every X server has this font built in.
            connection.open_font(font, b"fixed")?.check()?;
        }
        Ok(Self {
            connection,
            screen,
            atoms,
            font,
        })
    }

    pub(crate) fn is_delete_request(&self, message: &ClientMessageEvent) -> bool {
        message.type_ == self.atoms.WM_PROTOCOLS
            && message.data.as_data32()[0] == self.atoms.WM_DELETE_WINDOW
    }

    const fn atom_of(&self, kind: Kind) -> u32 {
        let atoms = &self.atoms;
        match kind {
            Kind::Normal | Kind::Bare | Kind::Below => atoms._NET_WM_WINDOW_TYPE_NORMAL,
            Kind::Dialog => atoms._NET_WM_WINDOW_TYPE_DIALOG,
            Kind::Splash => atoms._NET_WM_WINDOW_TYPE_SPLASH,
            Kind::Utility => atoms._NET_WM_WINDOW_TYPE_UTILITY,
            Kind::Toolbar => atoms._NET_WM_WINDOW_TYPE_TOOLBAR,
            Kind::Menu => atoms._NET_WM_WINDOW_TYPE_MENU,
            Kind::Dock => atoms._NET_WM_WINDOW_TYPE_DOCK,
            Kind::Desktop => atoms._NET_WM_WINDOW_TYPE_DESKTOP,
            Kind::Notification => atoms._NET_WM_WINDOW_TYPE_NOTIFICATION,
            Kind::Tooltip => atoms._NET_WM_WINDOW_TYPE_TOOLTIP,
        }
    }
}

/// The properties of a window to open.
#[derive(Clone, Debug)]
pub(crate) struct Spec {
    class: Option<(String, String)>,
    title: String,
    role: Option<String>,
    kind: Option<Kind>,
    options: Options,
    startup_id: Option<String>,
    ticket: Option<String>,
    pub(crate) later_titles: Vec<(When, String)>,
    pub(crate) later_class: Option<(When, String, String)>,
    pub(crate) later_role: Option<(When, String)>,
}

impl Spec {
    /// The window with this number in its process.
    pub(crate) fn number(request: &Request, number: u32) -> Self {
        let options = &request.options;
        let fill = |text: &str| text.replace("{n}", &number.to_string());
        Self {
            class: (!options.no_class).then(|| (fill(&options.instance), fill(&options.class))),
            title: fill(options.title.as_deref().unwrap_or(&options.instance)),
            role: options.role.as_deref().map(fill),
            kind: options.kind,
            options: options.clone(),
            startup_id: request
                .wire
                .startup_id
                .clone()
                .filter(|_| options.startup_id),
            ticket: request.wire.ticket.clone(),
            later_titles: options
                .title_after
                .iter()
                .map(|(when, title)| (when.clone(), fill(title)))
                .collect(),
            later_class: options.class_after.as_ref().map(|(when, both)| {
                let (instance, class) = both.split_once(':').unwrap_or((both, both));
                (when.clone(), fill(instance), fill(class))
            }),
            later_role: options
                .role_after
                .as_ref()
                .map(|(when, role)| (when.clone(), fill(role))),
        }
    }

    /// The splash screen.
    pub(crate) fn splash(request: &Request, kind: Kind) -> Self {
        let mut spec = Self::first(request);
        spec.kind = Some(kind);
        spec
    }

    /// A window of the same kind that opens before the others.
    pub(crate) fn first(request: &Request) -> Self {
        let mut spec = Self::number(request, 0);
        spec.title.push_str(" is starting");
        spec.later_titles.clear();
        spec.later_class = None;
        spec.later_role = None;
        spec
    }
}

/// An open window.
pub(crate) struct Window {
    id: XWindow,
    gc: u32,
    title: String,
    size: (u16, u16),
    log: Log,
}

impl Window {
    pub(crate) fn open(toolkit: &Toolkit, spec: &Spec) -> Result<Self, Box<dyn Error>> {
        let x = &*toolkit.connection;
        let screen = &x.setup().roots[toolkit.screen];
        let options = &spec.options;
        let (id, gc) = (x.generate_id()?, x.generate_id()?);
        let class = spec.class.as_ref().map_or("", |(_, class)| class);
        x.create_window(
            screen.root_depth,
            id,
            screen.root,
            0,
            0,
            options.size.0,
            options.size.1,
            0,
            WindowClass::INPUT_OUTPUT,
            screen.root_visual,
            &CreateWindowAux::new()
                .background_pixel(background(class))
                .event_mask(
                    EventMask::EXPOSURE
                        | EventMask::STRUCTURE_NOTIFY
                        | EventMask::VISIBILITY_CHANGE,
                ),
        )?;
        x.create_gc(
            gc,
            id,
            &CreateGCAux::new()
                .foreground(0x0020_2020)
                .background(background(class))
                .font(toolkit.font),
        )?;
        let mut window = Self {
            id,
            gc,
            title: String::new(),
            size: options.size,
            log: Log::open(options.log_file().as_deref(), spec.ticket.clone())?,
        };
        if let Some((instance, class)) = &spec.class {
            window.set_class(toolkit, instance, class)?;
        }
        window.set_title(toolkit, spec.title.clone())?;
        if let Some(role) = &spec.role {
            window.set_role(toolkit, role)?;
        }
        window.set_hints(toolkit, spec)?;
        window.log("Created", Value::Null)?;
        x.map_window(id)?;
        x.flush()?;
        Ok(window)
    }

    pub(crate) const fn id(&self) -> XWindow {
        self.id
    }

    fn set_hints(&self, toolkit: &Toolkit, spec: &Spec) -> Result<(), Box<dyn Error>> {
        let x = &*toolkit.connection;
        let atoms = &toolkit.atoms;
        let options = &spec.options;
        let pair = |(width, height): (u16, u16)| (i32::from(width), i32::from(height));
        let mut hints = WmSizeHints::new();
        let (width, height) = pair(options.size);
        hints.size = Some((WmSizeHintsSpecification::ProgramSpecified, width, height));
        hints.min_size = options.min_size.map(pair);
        hints.max_size = options.max_size.map(pair);
        hints.size_increment = options.increment.map(pair);
        hints.set_normal_hints(x, self.id)?;
        let set = |property: u32, kind: AtomEnum, values: &[u32]| {
            self.set_numbers(toolkit, property, kind, values)
        };
        if spec.kind == Some(Kind::Bare) {
            self.set_bare(toolkit)?;
        } else {
            set(
                atoms.WM_PROTOCOLS,
                AtomEnum::ATOM,
                &[atoms.WM_DELETE_WINDOW],
            )?;
        }
        if spec.kind == Some(Kind::Below) {
            let states = [atoms._NET_WM_STATE_BELOW, atoms._NET_WM_STATE_SKIP_TASKBAR];
            set(atoms._NET_WM_STATE, AtomEnum::ATOM, &states)?;
        }
        set(atoms.WM_CLIENT_LEADER, AtomEnum::WINDOW, &[self.id])?;
        if let Some(kind) = spec.kind {
            let kind = toolkit.atom_of(kind);
            set(atoms._NET_WM_WINDOW_TYPE, AtomEnum::ATOM, &[kind])?;
        }
        if let Some(parent) = options.transient_for {
            let property = AtomEnum::WM_TRANSIENT_FOR.into();
            set(property, AtomEnum::WINDOW, &[parent])?;
        }
        let pid = match options.pid {
            PidClaim::Own => Some(std::process::id()),
            PidClaim::Wrong => Some(1),
            PidClaim::None => None,
        };
        if let Some(pid) = pid {
            set(atoms._NET_WM_PID, AtomEnum::CARDINAL, &[pid])?;
        }
        let host = rustix::system::uname();
        let property = AtomEnum::WM_CLIENT_MACHINE;
        self.set_bytes(
            toolkit,
            property,
            AtomEnum::STRING,
            host.nodename().to_bytes(),
        )?;
        if let Some(startup_id) = &spec.startup_id {
            let kind = atoms.UTF8_STRING;
            self.set_bytes(toolkit, atoms._NET_STARTUP_ID, kind, startup_id.as_bytes())?;
        }
        Ok(())
    }

    /// Sets the properties of a Java `JWindow`.
    fn set_bare(&self, toolkit: &Toolkit) -> Result<(), Box<dyn Error>> {
        let atoms = &toolkit.atoms;
        self.set_numbers(toolkit, atoms.WM_PROTOCOLS, AtomEnum::ATOM, &[])?;
        let state = [atoms._NET_WM_STATE_SKIP_TASKBAR];
        self.set_numbers(toolkit, atoms._NET_WM_STATE, AtomEnum::ATOM, &state)?;
        // Neither functions nor decorations.
        let motif = atoms._MOTIF_WM_HINTS;
        self.set_numbers(toolkit, motif, motif, &[3, 0, 0, 0, 0])?;
        let mut hints = WmHints::new();
        hints.input = Some(false);
        hints.set(&*toolkit.connection, self.id)?;
        Ok(())
    }

    fn set_numbers(
        &self,
        toolkit: &Toolkit,
        property: u32,
        kind: impl Into<u32>,
        values: &[u32],
    ) -> Result<(), Box<dyn Error>> {
        let x = &*toolkit.connection;
        x.change_property32(PropMode::REPLACE, self.id, property, kind, values)?;
        Ok(())
    }

    fn set_bytes(
        &self,
        toolkit: &Toolkit,
        property: impl Into<u32>,
        kind: impl Into<u32>,
        value: &[u8],
    ) -> Result<(), Box<dyn Error>> {
        let x = &*toolkit.connection;
        x.change_property8(PropMode::REPLACE, self.id, property, kind, value)?;
        Ok(())
    }

    pub(crate) fn set_title(
        &mut self,
        toolkit: &Toolkit,
        title: String,
    ) -> Result<(), Box<dyn Error>> {
        let x = &*toolkit.connection;
        self.title = title;
        // Old programs read a `WM_NAME` of type `STRING` only.
        let old = if self.title.is_ascii() {
            u32::from(AtomEnum::STRING)
        } else {
            toolkit.atoms.UTF8_STRING
        };
        for (property, kind) in [
            (u32::from(AtomEnum::WM_NAME), old),
            (toolkit.atoms._NET_WM_NAME, toolkit.atoms.UTF8_STRING),
        ] {
            self.set_bytes(toolkit, property, kind, &bytes(&self.title))?;
        }
        x.clear_area(true, self.id, 0, 0, 0, 0)?;
        x.flush()?;
        Ok(())
    }

    pub(crate) fn set_class(
        &mut self,
        toolkit: &Toolkit,
        instance: &str,
        class: &str,
    ) -> Result<(), Box<dyn Error>> {
        // Two strings, each followed by a NUL (ICCCM 4.1.2.5).
        let both = bytes(&format!("{instance}\0{class}\0"));
        self.set_bytes(toolkit, AtomEnum::WM_CLASS, AtomEnum::STRING, &both)?;
        toolkit.connection.flush()?;
        Ok(())
    }

    pub(crate) fn set_role(&mut self, toolkit: &Toolkit, role: &str) -> Result<(), Box<dyn Error>> {
        let property = toolkit.atoms.WM_WINDOW_ROLE;
        self.set_bytes(toolkit, property, AtomEnum::STRING, &bytes(role))?;
        toolkit.connection.flush()?;
        Ok(())
    }

    pub(crate) fn log(&mut self, event: &str, details: Value) -> io::Result<()> {
        self.log.write(self.id, &self.title, event, details)
    }

    /// Redraws the window if its size changed, because it displays its size.
    pub(crate) fn resized(
        &mut self,
        toolkit: &Toolkit,
        size: (u16, u16),
    ) -> Result<(), Box<dyn Error>> {
        if self.size != size {
            self.size = size;
            toolkit.connection.clear_area(true, self.id, 0, 0, 0, 0)?;
            toolkit.connection.flush()?;
        }
        Ok(())
    }

    /// Draws the title and size in the middle, and a frame.
    pub(crate) fn draw(&self, toolkit: &Toolkit) -> Result<(), Box<dyn Error>> {
        let x = &*toolkit.connection;
        let (width, height) = self.size;
        x.poly_rectangle(
            self.id,
            self.gc,
            &[Rectangle {
                x: 4,
                y: 4,
                width: width.saturating_sub(9),
                height: height.saturating_sub(9),
            }],
        )?;
        for (line, text) in [self.title.clone(), format!("{width} x {height}")]
            .iter()
            .enumerate()
        {
            let characters: Vec<_> = text
                .encode_utf16()
                .take(250)
                .map(|unit| {
                    let [byte1, byte2] = unit.to_be_bytes();
                    Char2b { byte1, byte2 }
                })
                .collect();
            // Ten pixels per character in the large font.
            let text_width = i32::try_from(characters.len())? * 10;
            let left = i16::try_from(((i32::from(width) - text_width) / 2).max(10))?;
            let top = i16::try_from(i32::from(height) / 2 + 24 * i32::try_from(line)?)?;
            x.image_text16(self.id, self.gc, left, top, &characters)?;
        }
        x.flush()?;
        Ok(())
    }

    /// Destroys the window; its last X events are not logged.
    pub(crate) fn close(mut self, toolkit: &Toolkit) -> Result<(), Box<dyn Error>> {
        self.log("Closed", json!({}))?;
        toolkit.connection.destroy_window(self.id)?;
        toolkit.connection.flush()?;
        Ok(())
    }
}

/// The string with each `\xFF` replaced by the byte.
fn bytes(text: &str) -> Vec<u8> {
    let mut parts = text.split("\\x");
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let byte = part.get(..2).map(|digits| u8::from_str_radix(digits, 16));
        if let Some(Ok(byte)) = byte {
            bytes.push(byte);
            bytes.extend(&part.as_bytes()[2..]);
        } else {
            bytes.extend(b"\\x");
            bytes.extend(part.as_bytes());
        }
    }
    bytes
}

/// A light colour that depends on the class.
fn background(class: &str) -> u32 {
    // FNV-1a, so that similar names get different colours.
    let hash = class.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    // 160 to 239 for each of red, green and blue, so that dark text is readable.
    [16, 8, 0].iter().fold(0, |pixel, shift| {
        pixel | ((160 + (hash >> shift & 0xff) * 79 / 255) << shift)
    })
}
