//! Warnings about a focus that i3 cannot have.

use miette::Diagnostic;

use crate::compile::Plan;

/// A focused window behind a fullscreen one.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error(
    "the focus of workspace `{workspace}` is on `{focused}`, behind the fullscreen window \
     `{fullscreen}`"
)]
#[diagnostic(
    code("focus-behind-fullscreen"),
    severity(Warning),
    help(
        "i3 cannot focus a window behind a fullscreen one, so `apply` focuses `{fullscreen}`: set \
         `focused: true` for `{fullscreen}`, or remove its `fullscreen`"
    )
)]
pub(super) struct FocusWarning {
    workspace: String,
    focused: String,
    fullscreen: String,
}

/// The workspaces of a plan with such a focus.
pub(super) fn focus_warnings(plan: &Plan) -> impl Iterator<Item = FocusWarning> {
    plan.workspaces.iter().filter_map(|planned| {
        let reachable = planned.reachable(&|_| true)?;
        let id = |idx| plan.slot(idx).id.clone();
        Some(FocusWarning {
            workspace: planned.written.clone(),
            focused: id(*planned.content.focused_leaf()?),
            fullscreen: id(*reachable.content.focused_leaf()?),
        })
    })
}
