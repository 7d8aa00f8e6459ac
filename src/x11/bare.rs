//! Windows that cannot be worked with although they are declared as normal windows.
//!
//! Java's splash screens (`JWindow`) have the type `Normal`, and the class and the process of the
//! main window that follows. Lazarus programs open such a window below all others for a moment,
//! to measure the screen.

use super::atoms::Atoms;

/// `InputHint` of the flags in `WM_HINTS` (ICCCM 4.1.2.4).
const INPUT_HINT: u32 = 1;

/// `MWM_HINTS_FUNCTIONS` and `MWM_HINTS_DECORATIONS` of the flags in `_MOTIF_WM_HINTS`
/// (Motif's `MwmUtil.h`).
const FUNCTIONS_AND_DECORATIONS: u32 = 3;

/// The hints of a window for the window manager, as the words of its properties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WindowHints {
    /// `WM_HINTS`: flags, input, ...
    pub(super) hints: Vec<u32>,
    /// `_NET_WM_STATE`.
    pub(super) state: Vec<u32>,
    /// `_MOTIF_WM_HINTS`: flags, functions, decorations, ...
    pub(super) motif: Vec<u32>,
    /// `WM_PROTOCOLS`.
    pub(super) protocols: Vec<u32>,
}

impl WindowHints {
    /// True if it is not in the taskbar, and either is below all others, or has no frame and no
    /// functions, cannot be asked to close and takes no keys.
    ///
    /// Each of these alone is common: undecorated terminals, widgets that skip the taskbar,
    /// plain Xlib programs that cannot be asked to close, Java's main windows without `input`.
    pub(super) fn is_bare(&self, atoms: &Atoms) -> bool {
        let wants_no_keys =
            matches!(self.hints.as_slice(), [flags, 0, ..] if flags & INPUT_HINT != 0);
        let has_no_frame = matches!(
            self.motif.as_slice(),
            [flags, 0, 0, ..] if flags & FUNCTIONS_AND_DECORATIONS == FUNCTIONS_AND_DECORATIONS
        );
        let cannot_close = !self.protocols.contains(&atoms.WM_DELETE_WINDOW);
        let is_below = self.state.contains(&atoms._NET_WM_STATE_BELOW);
        self.state.contains(&atoms._NET_WM_STATE_SKIP_TASKBAR)
            && (is_below || wants_no_keys && has_no_frame && cannot_close)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SKIP: u32 = 71;
    const DELETE: u32 = 72;
    const BELOW: u32 = 73;

    fn is_bare(hints: &WindowHints) -> bool {
        hints.is_bare(&Atoms {
            _NET_WM_STATE_SKIP_TASKBAR: SKIP,
            _NET_WM_STATE_BELOW: BELOW,
            WM_DELETE_WINDOW: DELETE,
            ..Atoms::default()
        })
    }

    /// The hints of Java's `JWindow`.
    fn splash() -> WindowHints {
        WindowHints {
            hints: vec![0x41, 0, 0, 0, 0, 0, 0, 0, 9],
            state: vec![SKIP],
            motif: vec![3, 0, 0],
            protocols: vec![],
        }
    }

    #[test]
    fn a_window_below_all_others_that_is_not_in_the_taskbar_is_bare() {
        let with = |state: &[u32]| WindowHints {
            hints: vec![],
            state: state.to_vec(),
            motif: vec![],
            protocols: vec![DELETE],
        };
        assert!(is_bare(&with(&[BELOW, SKIP])));
        assert!(!is_bare(&with(&[BELOW])));
        assert!(!is_bare(&with(&[SKIP])));
    }

    #[test]
    fn only_a_window_with_all_hints_is_bare() {
        assert!(is_bare(&splash()));
        let main_window = WindowHints {
            state: vec![],
            motif: vec![3, 1, 1],
            protocols: vec![DELETE],
            ..splash()
        };
        let without_any = WindowHints {
            hints: vec![],
            state: vec![],
            motif: vec![],
            protocols: vec![],
        };
        for other in [
            main_window,
            without_any,
            WindowHints {
                hints: vec![0x41, 1],
                ..splash()
            },
            // The flag for the word is not set.
            WindowHints {
                hints: vec![0x40, 0],
                ..splash()
            },
            WindowHints {
                state: vec![5],
                ..splash()
            },
            // Without a frame, but with functions.
            WindowHints {
                motif: vec![2, 0, 0],
                ..splash()
            },
            WindowHints {
                motif: vec![3, 1, 0],
                ..splash()
            },
            WindowHints {
                protocols: vec![5, DELETE],
                ..splash()
            },
        ] {
            assert!(!is_bare(&other), "{other:?}");
        }
    }
}
