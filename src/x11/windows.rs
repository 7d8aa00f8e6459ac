//! Process and startup id of many windows at once.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use x11rb::connection::Connection as _;
use x11rb::cookie::Cookie;
use x11rb::errors::ReplyError;
use x11rb::protocol::res::{ClientIdMask, ClientIdSpec, ConnectionExt as _, QueryClientIdsReply};
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _, GetPropertyReply, Window};
use x11rb::rust_connection::RustConnection;

use super::bare::WindowHints;
use super::display::{Display, TEXT_LIMIT, XError};
use crate::live::{Pid, WindowFacts, XId};

/// Where the group leader stands in `WM_HINTS` (ICCCM 4.1.2.4), in 32 bit words.
const WINDOW_GROUP: usize = 8;

/// As many words of `_NET_WM_STATE` and `WM_PROTOCOLS` as a window may have.
const ATOMS_LIMIT: u32 = 64;

type PropertyCookie<'a> = Cookie<'a, RustConnection, GetPropertyReply>;

/// The questions about one window that are under way.
struct PropertyRequests<'a> {
    window: XId,
    pid: PropertyCookie<'a>,
    startup_id: PropertyCookie<'a>,
    leader: PropertyCookie<'a>,
    hints: PropertyCookie<'a>,
    state: PropertyCookie<'a>,
    motif: PropertyCookie<'a>,
    protocols: PropertyCookie<'a>,
}

impl Display {
    /// What X says about these windows. A window that is gone has empty facts.
    ///
    /// All is asked at once, so that it takes one round trip for any number of windows,
    /// and one more where a startup id stands on the leaders only.
    /// [`WindowFacts::process`] is left empty: /proc is read elsewhere.
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
            let told = WindowHints {
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
                    bare: told.is_bare(&self.atoms),
                    process: None,
                    inside: None,
                },
            );
        }
        self.leaders_startup_ids(&leaders, &mut facts)?;
        Ok(facts)
    }

    fn ask_window(&self, window: XId) -> Result<PropertyRequests<'_>, XError> {
        let get = |atom, kind: AtomEnum, offset, length| {
            self.conn
                .get_property(false, window.0, atom, kind, offset, length)
        };
        Ok(PropertyRequests {
            window,
            pid: get(self.atoms._NET_WM_PID, AtomEnum::CARDINAL, 0, 1)?,
            startup_id: get(self.atoms._NET_STARTUP_ID, AtomEnum::ANY, 0, TEXT_LIMIT)?,
            leader: get(self.atoms.WM_CLIENT_LEADER, AtomEnum::WINDOW, 0, 1)?,
            hints: get(AtomEnum::WM_HINTS.into(), AtomEnum::WM_HINTS, 0, 9)?,
            state: get(self.atoms._NET_WM_STATE, AtomEnum::ATOM, 0, ATOMS_LIMIT)?,
            motif: get(self.atoms._MOTIF_WM_HINTS, AtomEnum::ANY, 0, 3)?,
            protocols: get(self.atoms.WM_PROTOCOLS, AtomEnum::ATOM, 0, ATOMS_LIMIT)?,
        })
    }

    /// GTK and Qt put the startup id on the leader only. Each leader is asked once,
    /// however many windows it stands for.
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
        let mut said = BTreeMap::new();
        for (leader, cookie) in asked {
            said.insert(leader, answer(cookie)?.and_then(text));
        }
        for (window, leader) in leaders {
            if let (Some(facts), Some(Some(id))) = (facts.get_mut(window), said.get(leader)) {
                facts.startup_id.get_or_insert_with(|| id.clone());
            }
        }
        Ok(())
    }

    fn ask_startup_id(&self, window: Window) -> Result<PropertyCookie<'_>, XError> {
        Ok(self.conn.get_property(
            false,
            window,
            self.atoms._NET_STARTUP_ID,
            AtomEnum::ANY,
            0,
            TEXT_LIMIT,
        )?)
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

    /// The part of an id that tells the client; the rest counts its resources.
    fn client_of(&self, id: XId) -> u32 {
        id.0 & !self.conn.setup().resource_id_mask
    }
}

/// The answer; `None` where the window is gone.
fn answer<R>(cookie: Cookie<'_, RustConnection, R>) -> Result<Option<R>, XError>
where
    R: x11rb::x11_utils::TryParse,
{
    match cookie.reply() {
        Ok(reply) => Ok(Some(reply)),
        Err(ReplyError::X11Error(_)) => Ok(None),
        Err(ReplyError::ConnectionError(error)) => Err(error.into()),
    }
}

/// The first 32 bit number, if it is there and not zero.
fn number(reply: Option<GetPropertyReply>) -> Option<u32> {
    reply?.value32()?.next().filter(|&number| number != 0)
}

/// The 32 bit numbers, as many as there are.
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
