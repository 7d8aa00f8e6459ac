//! Atoms: the numbers of the X server for names.

x11rb::atom_manager! {
    /// All atoms, from one round trip.
    #[derive(Default)]
    pub(super) Atoms: AtomsCookie {
        EDID,
        I3_FLOATING_WINDOW,
        I3_PID,
        I3_SOCKET_PATH,
        I3_SYNC,
        UTF8_STRING,
        WM_CLIENT_LEADER,
        WM_DELETE_WINDOW,
        WM_PROTOCOLS,
        _I3PM_LAYOUT,
        _MOTIF_WM_HINTS,
        _NET_STARTUP_ID,
        _NET_WM_NAME,
        _NET_WM_PID,
        _NET_WM_STATE,
        _NET_WM_STATE_BELOW,
        _NET_WM_STATE_SKIP_TASKBAR,
        _NET_WM_STRUT_PARTIAL,
        _NET_WM_WINDOW_TYPE,
        _NET_WM_WINDOW_TYPE_DOCK,
    }
}
