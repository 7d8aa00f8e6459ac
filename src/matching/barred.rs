//! Reasons why a window that matches a slot is not used for it.

/// A reason why a window that matches a slot may not be used for it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Barred {
    /// It is in a slot of another layout.
    #[error("it belongs to slot `{slot}` of layout `{layout}`")]
    OtherLayout {
        /// That layout.
        layout: String,
        /// The slot there.
        slot: String,
    },
    /// It is a declared or an undeclared splash screen.
    #[error("it is a splash screen")]
    Splash,
    /// It is a dialog or the like.
    #[error("it is not a main window")]
    NotMain,
    /// It does not match a criterion.
    #[error("its {criterion} does not match the slot's `swallow`")]
    Criterion {
        /// i3's name of the criterion.
        criterion: &'static str,
    },
    /// It is on another workspace, and has another command.
    #[error("it is on another workspace, and its command differs")]
    OtherCommand,
    /// It is on another workspace, and runs in another directory.
    #[error("it is on another workspace, and its working directory differs")]
    OtherDirectory,
    /// The user opened it while the slot's program was starting.
    #[error("it was opened by the user during the run")]
    OpenedByUser,
    /// `--reuse none` or `--reuse recorded` was given.
    #[error("`--reuse` excludes it")]
    NotAllowed,
}
