//! `diff --picture`: the saved and the present windows side by side.

use super::context::Context;
use super::picture::{Picture, tidy, write_png, write_svg};
use crate::apply::Scope;
use crate::compile::Plan;
use crate::diff::{Difference, sentence};
use crate::error::Error;
use crate::live::Desktop;
use crate::matching::Assignment;
use crate::preview::{
    Canvas, Change, Changes, Desk, Scene, View, keep_differing, of_desktop, of_plan, svg, terminal,
};
use crate::ui::picture::painted;

/// The headings of the two sides.
const SIDES: [&str; 2] = ["saved", "desktop"];

/// A plan and a desktop with their differences.
pub(super) struct Compared<'a> {
    pub(super) plan: &'a Plan,
    pub(super) desktop: &'a Desktop,
    pub(super) assignment: &'a Assignment,
    pub(super) differences: &'a [Difference],
}

/// Draws the workspaces that differ, in the terminal or to a file. A picture in a file has all
/// workspaces if nothing differs.
pub(super) fn draw(
    context: &Context,
    compared: &Compared<'_>,
    scope: &Scope,
    picture: &Picture,
) -> Result<(), Error> {
    match picture {
        Picture::Terminal => in_terminal(context, compared, scope),
        Picture::Svg(file) => write_svg(context, file, &as_svg(compared, scope)),
        Picture::Png(file) => write_png(context, file, &as_svg(compared, scope)),
    }
}

fn as_svg(compared: &Compared<'_>, scope: &Scope) -> String {
    let (mut saved, mut live) = scenes(compared, scope, Canvas::Pixels);
    if !compared.differences.is_empty() {
        keep_differing(&mut saved, &mut live);
    }
    let notes: Vec<_> = compared.differences.iter().map(note).collect();
    svg::of_pairs((SIDES[0], &saved), (SIDES[1], &live), &notes)
}

fn in_terminal(context: &Context, compared: &Compared<'_>, scope: &Scope) -> Result<(), Error> {
    let columns = terminal::arrangement_of_pairs(context.ui.width());
    let (mut saved, mut live) = scenes(compared, scope, Canvas::Cells(columns));
    keep_differing(&mut saved, &mut live);
    let mut lines = terminal::draw_pairs((SIDES[0], &saved), (SIDES[1], &live));
    if !lines.is_empty() {
        // The list of differences follows.
        lines.push(Vec::new());
    }
    context.ui.out(&painted(&lines, context.ui.paint()))
}

fn scenes(compared: &Compared<'_>, scope: &Scope, canvas: Canvas) -> (Scene, Scene) {
    let Compared {
        plan,
        desktop,
        assignment,
        differences,
    } = *compared;
    let changes = Changes::new(plan, desktop, assignment, differences);
    let view = |shows| View {
        canvas,
        shows,
        changes: &changes,
        clean: &tidy,
    };
    let is_saved = |name: Option<&str>| scope.has_workspace(name);
    let saved = of_plan(plan, &Desk::of_desktop(desktop), view(&is_saved));
    let is_live = |name: Option<&str>| match name {
        Some(name) => {
            let mut planned = plan.workspaces.iter();
            planned.any(|planned| {
                scope.has_workspace(Some(&planned.name)) && plan.live_name(desktop, planned) == name
            })
        }
        None => scope.has_workspace(None) && !plan.scratchpad.is_empty(),
    };
    (saved, of_desktop(desktop, view(&is_live)))
}

/// A difference as a line below the picture.
fn note(difference: &Difference) -> (Option<Change>, String) {
    let change = Change::of(difference);
    let workspace = difference.workspace.as_deref().unwrap_or("scratchpad");
    let slot = difference.slot.as_ref().map(|slot| format!("{slot}: "));
    let text = format!(
        "{}{workspace}: {}{}",
        change.sign(),
        slot.unwrap_or_default(),
        sentence(difference)
    );
    (Some(change), tidy(&text))
}
