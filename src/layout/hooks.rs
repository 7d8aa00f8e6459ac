//! Hooks: commands that run before or after `apply` and `capture`.

use super::command::Command;

/// The moment at which a hook runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HookEvent {
    /// Before `apply` changes anything.
    PreApply,
    /// After `apply`.
    PostApply,
    /// Before `capture` looks at the desktop.
    PreCapture,
    /// After `capture` has written the file.
    PostCapture,
    /// After `apply`, if slots have no window.
    OnIncomplete,
}

impl HookEvent {
    /// All events.
    pub const ALL: [Self; 5] = [
        Self::PreApply,
        Self::PostApply,
        Self::PreCapture,
        Self::PostCapture,
        Self::OnIncomplete,
    ];

    /// The name in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PreApply => "pre-apply",
            Self::PostApply => "post-apply",
            Self::PreCapture => "pre-capture",
            Self::PostCapture => "post-capture",
            Self::OnIncomplete => "on-incomplete",
        }
    }

    /// True if the command does nothing after this hook has failed.
    pub const fn must_succeed(self) -> bool {
        matches!(self, Self::PreApply | Self::PreCapture)
    }
}

/// A command that runs at an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Hook {
    /// The command.
    pub command: Command,
    /// The time after which it is ended, in seconds.
    pub timeout: Option<f64>,
}

/// The hooks of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hooks {
    /// See [`HookEvent::PreApply`].
    pub pre_apply: HookList,
    /// See [`HookEvent::PostApply`].
    pub post_apply: HookList,
    /// See [`HookEvent::PreCapture`].
    pub pre_capture: HookList,
    /// See [`HookEvent::PostCapture`].
    pub post_capture: HookList,
    /// See [`HookEvent::OnIncomplete`].
    pub on_incomplete: HookList,
}

impl Hooks {
    /// The hooks of an event.
    pub fn of(&self, event: HookEvent) -> &[Hook] {
        let list = match event {
            HookEvent::PreApply => &self.pre_apply,
            HookEvent::PostApply => &self.post_apply,
            HookEvent::PreCapture => &self.pre_capture,
            HookEvent::PostCapture => &self.post_capture,
            HookEvent::OnIncomplete => &self.on_incomplete,
        };
        &list.0
    }

    /// True without any hook.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Hooks that run one after the other. A list of strings is a single command.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HookList(pub Vec<Hook>);
