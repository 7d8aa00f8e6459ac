//! The event log: one JSON line per event.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};
use x11rb::protocol::Event;
use x11rb::protocol::xproto::Window as XWindow;

/// A file to which lines are appended; several processes can share it.
#[derive(Debug, Default)]
pub(crate) struct Log {
    file: Option<File>,
    ticket: Option<String>,
}

impl Log {
    pub(crate) fn open(path: Option<&Path>, ticket: Option<String>) -> io::Result<Self> {
        let open = |path| OpenOptions::new().create(true).append(true).open(path);
        Ok(Self {
            file: path.map(open).transpose()?,
            ticket,
        })
    }

    /// Appends an event; `time_us` is `CLOCK_MONOTONIC` in microseconds.
    pub(crate) fn write(
        &mut self,
        window: XWindow,
        title: &str,
        event: &str,
        details: Value,
    ) -> io::Result<()> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        let now = clock_gettime(ClockId::Monotonic);
        let mut line = json!({
            "time_us": now.tv_sec * 1_000_000 + now.tv_nsec / 1_000,
            "pid": std::process::id(),
            "window": window,
            "title": title,
            "event": event,
        });
        if let Some(ticket) = &self.ticket {
            line["ticket"] = json!(ticket);
        }
        if let (Value::Object(line), Value::Object(details)) = (&mut line, details) {
            line.extend(details);
        }
        let mut text = line.to_string();
        text.push('\n');
        // A single write, so that lines of several processes do not mix.
        file.write_all(text.as_bytes())
    }

    /// The window, name and details of an event; `None` if it is not logged.
    pub(crate) fn describe(event: &Event) -> Option<(XWindow, &'static str, Value)> {
        Some(match event {
            Event::MapNotify(map) => (map.window, "MapNotify", Value::Null),
            Event::UnmapNotify(unmap) => (unmap.window, "UnmapNotify", Value::Null),
            Event::ConfigureNotify(configure) => (
                configure.window,
                "ConfigureNotify",
                json!({
                    "x": configure.x,
                    "y": configure.y,
                    "w": configure.width,
                    "h": configure.height,
                    // True if the window manager sent the event; x and y are screen
                    // coordinates.
                    "synthetic": configure.response_type & 0x80 != 0,
                }),
            ),
            Event::VisibilityNotify(visibility) => (
                visibility.window,
                "VisibilityNotify",
                json!({ "state": format!("{:?}", visibility.state) }),
            ),
            Event::ReparentNotify(reparent) => (
                reparent.window,
                "ReparentNotify",
                json!({ "parent": reparent.parent }),
            ),
            Event::DestroyNotify(destroy) => (destroy.window, "DestroyNotify", Value::Null),
            _ => return None,
        })
    }
}
