//! Facts about many windows at once.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use x11rb::connection::Connection as _;
use x11rb::cookie::Cookie;
use x11rb::errors::ReplyError;
use x11rb::protocol::res::{ClientIdMask, ClientIdSpec, ConnectionExt as _, QueryClientIdsReply};
use x11rb::protocol::xproto::{AtomEnum, GetPropertyReply, Window};
use x11rb::rust_connection::RustConnection;

use super::bare::WindowHints;
use super::display::{Display, PropertyCookie, TEXT_LIMIT, XError};
use crate::live::{Pid, WindowFacts, XId};

/// The position of the group leader in `WM_HINTS` (ICCCM 4.1.2.4), in 32 bit words.
const WINDOW_GROUP: usize = 8;

/// `PResizeInc` of the flags in `WM_NORMAL_HINTS`, and the position of the increments there
/// (ICCCM 4.1.2.3), in 32 bit words.
const RESIZE_INCREMENTS: (u32, std::ops::Range<usize>) = (1 << 6, 9..11);

/// The largest number of words of `_NET_WM_STATE` and `WM_PROTOCOLS`.
const ATOMS_LIMIT: u32 = 64;

/// The requests about one window in progress.
struct PropertyRequests<'a> {
    window: XId,
    pid: PropertyCookie<'a>,
    startup_id: PropertyCookie<'a>,
    leader: PropertyCookie<'a>,
    hints: PropertyCookie<'a>,
    size_hints: PropertyCookie<'a>,
    state: PropertyCookie<'a>,
    motif: PropertyCookie<'a>,
    protocols: PropertyCookie<'a>,
}

impl Display {
    /// Facts about these windows. A window that is gone has empty facts.
    ///
    /// Takes one round trip for any number of windows, and one more if startup ids are only on
    /// leaders. [`WindowFacts::process`] stays empty: /proc is read elsewhere.
    pub fn facts(
        &self,
        windows: impl IntoIterator<Item = XId>,
    ) -> Result<BTreeMap<XId, WindowFacts>, XError> {
        let windows: BTreeSet<XId> = windows.into_iter().collect();
        if windows.is_empty() {
            return Ok(BTreeMap::new());
        }
        let clients = self.ask_clients(&windows)?;
        let mut asked = Vec::with_capacity(windows.len());
        for &window in &windows {
            asked.push(self.ask_window(window)?);
        }
        let pids = match clients {
            Some(cookie) => self.client_pids(answer(cookie)?),
            None => BTreeMap::new(),
        };
        let mut facts = BTreeMap::new();
        let mut leaders = Vec::new();
        for asked in asked {
            let window = asked.window;
            let startup_id = answer(asked.startup_id)?.and_then(text);
            let leader = number(answer(asked.leader)?);
            let hints = words(answer(asked.hints)?.as_ref());
            let group = hints.get(WINDOW_GROUP).copied().filter(|&id| id != 0);
            let declared = WindowHints {
                state: words(answer(asked.state)?.as_ref()),
                motif: words(answer(asked.motif)?.as_ref()),
                protocols: words(answer(asked.protocols)?.as_ref()),
                hints,
            };
            if startup_id.is_none() {
                let others = [leader, group].into_iter().flatten();
                leaders.extend(
                    others
                        .filter(|&leader| leader != window.0)
                        .map(|leader| (window, leader)),
                );
            }
            facts.insert(
                window,
                WindowFacts {
                    server_pid: pids.get(&self.client_of(window)).copied(),
                    claimed_pid: number(answer(asked.pid)?).map(Pid),
                    startup_id,
                    leader: leader.or(group).map(XId),
                    bare: declared.is_bare(&self.atoms),
                    size_increments: size_increments(&words(answer(asked.size_hints)?.as_ref())),
                    process: None,
                    inside: None,
                    command: None,
                },
            );
        }
        self.leaders_startup_ids(&leaders, &mut facts)?;
        Ok(facts)
    }

    fn ask_window(&self, id: XId) -> Result<PropertyRequests<'_>, XError> {
        let (atoms, window) = (&self.atoms, id.0);
        let (hints, size_hints) = (AtomEnum::WM_HINTS, AtomEnum::WM_SIZE_HINTS);
        let normal_hints = AtomEnum::WM_NORMAL_HINTS.into();
        Ok(PropertyRequests {
            window: id,
            pid: self.property(window, atoms._NET_WM_PID, AtomEnum::CARDINAL, 1)?,
            startup_id: self.ask_startup_id(window)?,
            leader: self.property(window, atoms.WM_CLIENT_LEADER, AtomEnum::WINDOW, 1)?,
            hints: self.property(window, hints.into(), hints, 9)?,
            size_hints: self.property(window, normal_hints, size_hints, 18)?,
            state: self.property(window, atoms._NET_WM_STATE, AtomEnum::ATOM, ATOMS_LIMIT)?,
            motif: self.property(window, atoms._MOTIF_WM_HINTS, AtomEnum::ANY, 3)?,
            protocols: self.property(window, atoms.WM_PROTOCOLS, AtomEnum::ATOM, ATOMS_LIMIT)?,
        })
    }

    /// GTK and Qt set the startup id only on the leader. Each leader is asked once.
    fn leaders_startup_ids(
        &self,
        leaders: &[(XId, Window)],
        facts: &mut BTreeMap<XId, WindowFacts>,
    ) -> Result<(), XError> {
        let mut asked = BTreeMap::new();
        for &(_, leader) in leaders {
            if let Entry::Vacant(vacant) = asked.entry(leader) {
                vacant.insert(self.ask_startup_id(leader)?);
            }
        }
        let mut startup_ids = BTreeMap::new();
        for (leader, cookie) in asked {
            startup_ids.insert(leader, answer(cookie)?.and_then(text));
        }
        for (window, leader) in leaders {
            if let (Some(facts), Some(Some(id))) = (facts.get_mut(window), startup_ids.get(leader))
            {
                facts.startup_id.get_or_insert_with(|| id.clone());
            }
        }
        Ok(())
    }

    fn ask_startup_id(&self, window: Window) -> Result<PropertyCookie<'_>, XError> {
        self.property(
            window,
            self.atoms._NET_STARTUP_ID,
            AtomEnum::ANY,
            TEXT_LIMIT,
        )
    }

    /// Asks once per client of the X server, however many windows it has.
    fn ask_clients(
        &self,
        windows: &BTreeSet<XId>,
    ) -> Result<Option<Cookie<'_, RustConnection, QueryClientIdsReply>>, XError> {
        if !self.has_client_ids {
            return Ok(None);
        }
        let clients: BTreeSet<u32> = windows.iter().map(|&id| self.client_of(id)).collect();
        let specs: Vec<_> = clients
            .into_iter()
            .map(|client| ClientIdSpec {
                client,
                mask: ClientIdMask::LOCAL_CLIENT_PID,
            })
            .collect();
        Ok(Some(self.conn.res_query_client_ids(&specs)?))
    }

    /// The process of the client that has created a window, if it is on this machine.
    pub(super) fn process_of(&self, window: XId) -> Result<Option<Pid>, XError> {
        let Some(cookie) = self.ask_clients(&BTreeSet::from([window]))? else {
            return Ok(None);
        };
        let pids = self.client_pids(answer(cookie)?);
        Ok(pids.get(&self.client_of(window)).copied())
    }

    fn client_pids(&self, reply: Option<QueryClientIdsReply>) -> BTreeMap<u32, Pid> {
        reply
            .into_iter()
            .flat_map(|reply| reply.ids)
            .filter(|id| id.spec.mask.contains(ClientIdMask::LOCAL_CLIENT_PID))
            .filter_map(|id| {
                let pid = id.value.first().copied().filter(|&pid| pid != 0)?;
                Some((self.client_of(XId(id.spec.client)), Pid(pid)))
            })
            .collect()
    }

    /// The part of an id that identifies the client; the rest numbers its resources.
    fn client_of(&self, id: XId) -> u32 {
        id.0 & !self.conn.setup().resource_id_mask
    }
}

/// The resize increments, if there are any.
fn size_increments(hints: &[u32]) -> Option<(u32, u32)> {
    let (flag, position) = RESIZE_INCREMENTS;
    match hints.get(position)? {
        &[width, height] if hints[0] & flag != 0 => Some((width, height)),
        _ => None,
    }
}

/// The answer; `None` if the window is gone.
pub(super) fn answer<R>(cookie: Cookie<'_, RustConnection, R>) -> Result<Option<R>, XError>
where
    R: x11rb::x11_utils::TryParse,
{
    match cookie.reply() {
        Ok(reply) => Ok(Some(reply)),
        Err(ReplyError::X11Error(_)) => Ok(None),
        Err(ReplyError::ConnectionError(error)) => Err(error.into()),
    }
}

/// The first 32 bit number, unless it is zero.
pub(super) fn number(reply: Option<GetPropertyReply>) -> Option<u32> {
    reply?.value32()?.next().filter(|&number| number != 0)
}

/// All 32 bit numbers.
fn words(reply: Option<&GetPropertyReply>) -> Vec<u32> {
    let all = reply.and_then(GetPropertyReply::value32);
    all.into_iter().flatten().collect()
}

/// The text, if it is not empty.
fn text(reply: GetPropertyReply) -> Option<String> {
    let text = String::from_utf8(reply.value).ok()?;
    let text = text.trim_end_matches('\0');
    (!text.is_empty()).then(|| text.to_owned())
}
