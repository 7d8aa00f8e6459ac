//! The monitors behind i3's outputs: their EDID, from `RandR`.

use std::collections::BTreeMap;

use x11rb::connection::RequestConnection as _;
use x11rb::protocol::randr::{self, ConnectionExt as _};
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _};

use super::display::{Display, XError};
use super::edid;
use super::windows::answer;
use crate::geometry::Rect;
use crate::live::{Edid, Output};

/// The longest EDID that is read, in units of four bytes. The first block is enough.
const LONGEST: u32 = 32;

impl Display {
    /// The EDID of each monitor that has one, by the name that i3 uses for its output.
    ///
    /// i3 takes its outputs from the monitors of `RandR` 1.5 (i3's `src/randr.c`,
    /// `randr_query_outputs_15`). Such a monitor can be virtual: a part of an output, or several
    /// outputs together. Then it is identified by the first of its outputs that has an EDID, if
    /// there is one. Older servers have no monitors, and the result is empty.
    pub fn edids(&self) -> Result<BTreeMap<String, Edid>, XError> {
        let conn = &self.conn;
        let monitors = self.active_monitors()?;
        let mut cookies = Vec::new();
        for monitor in &monitors {
            let name = conn.get_atom_name(monitor.name)?;
            let ask = |output: &randr::Output| {
                let (edid, any) = (self.atoms.EDID, u32::from(AtomEnum::ANY));
                conn.randr_get_output_property(*output, edid, any, 0, LONGEST, false, false)
            };
            let properties: Result<Vec<_>, _> = monitor.outputs.iter().map(ask).collect();
            cookies.push((name, properties?));
        }
        let mut found = BTreeMap::new();
        for (name, properties) in cookies {
            let name = answer(name)?.and_then(|reply| String::from_utf8(reply.name).ok());
            let mut known = None;
            for property in properties {
                let edid = answer(property)?.map(|reply| edid::decode(&reply.data));
                known = known.or_else(|| edid.filter(|edid| !edid.is_empty()));
            }
            found.extend(name.zip(known));
        }
        Ok(found)
    }

    /// The active monitors with their names and rects, by which i3 will know them; empty if the
    /// server has no monitors.
    pub fn monitors(&self) -> Result<Vec<Output>, XError> {
        let mut cookies = Vec::new();
        for monitor in self.active_monitors()? {
            cookies.push((self.conn.get_atom_name(monitor.name)?, monitor));
        }
        let mut found = Vec::new();
        for (name, monitor) in cookies {
            let name = answer(name)?.and_then(|reply| String::from_utf8(reply.name).ok());
            found.extend(name.map(|name| Output {
                name,
                rect: Rect {
                    x: monitor.x.into(),
                    y: monitor.y.into(),
                    width: monitor.width.into(),
                    height: monitor.height.into(),
                },
                primary: monitor.primary,
                edid: Edid::default(),
            }));
        }
        Ok(found)
    }

    fn active_monitors(&self) -> Result<Vec<randr::MonitorInfo>, XError> {
        let extension = self.conn.extension_information(randr::X11_EXTENSION_NAME)?;
        if extension.is_none() {
            return Ok(Vec::new());
        }
        let monitors = answer(self.conn.randr_get_monitors(self.root, true)?)?;
        Ok(monitors.map_or_else(Vec::new, |reply| reply.monitors))
    }
}
