//! A desktop as i3 reports it, and everything that is computed from desktops and layouts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use i3pm_layout::capture::{Options, arrangement, capture};
use i3pm_layout::compile::append_json::{self, Look};
use i3pm_layout::compile::{Plan, PlannedFloating, SlotIdx, Surroundings, compile};
use i3pm_layout::diff::{diff, sentence};
use i3pm_layout::discover;
use i3pm_layout::geometry::Rect;
use i3pm_layout::layout::{Format, Layout, WriteOptions, read, write};
use i3pm_layout::live::{Desktop, Output, Process, WindowFacts};
use i3pm_layout::matching::{Reuse, match_windows};
use i3pm_layout::preview::{Canvas, Changes, Desk, View, of_desktop, of_plan, svg, terminal};
use i3pm_layout::records::Arrangement;
use i3pm_layout::ui::outline;
use i3pm_layout::ui::words::clean;
use i3pm_layout::ui::{Paint, arrangement as shown};
use i3pm_layout::wm::recorded;

/// Recorded replies of i3 (`tests/data/trees/`).
pub(super) fn desktop(bytes: &[u8]) {
    let Ok(mut desktop) = recorded::desktop(&super::text(bytes)) else {
        return;
    };
    for facts in desktop.windows.values_mut() {
        *facts = xterm();
    }
    let captured = capture(
        &desktop,
        &|asked| discover::discover(asked, &EveryProgram),
        &Options::default(),
    );
    let layout = captured.file();
    let text = write(&layout, Format::Yaml, &WriteOptions::default());
    // A real i3 has no empty monitors and no two workspaces with one name, which are invalid; and it
    // shows the workspace with the focus.
    if let Ok(again) = read(&text, "captured", Format::Yaml) {
        assert_eq!(again, layout.clone().with_implied(), "{text}");
    }
    let plan = plan(&layout, &desktop.outputs);
    compare(&plan, &desktop);
    let undo = arrangement(&desktop);
    compare(
        &plan_of_undo(&undo.map(&mut |window, _, _| window.slot), &desktop),
        &desktop,
    );
    shown::show(&Arrangement::of(&desktop), Paint(false));
    draw(|canvas| of_desktop(&desktop, view(canvas, &Changes::default())));
}

fn plan_of_undo(layout: &Layout, desktop: &Desktop) -> Plan {
    plan(layout, &desktop.outputs)
}

/// Computes everything that commands need of a layout.
pub(super) fn use_layout(layout: &Layout) {
    let plan = plan(layout, &outputs());
    use_plan(&plan);
    let desk = Desk::of_outputs(&outputs());
    draw(|canvas| of_plan(&plan, &desk, view(canvas, &Changes::default())));
}

fn use_plan(plan: &Plan) {
    outline::outline(plan, Paint(false));
    outline::to_json(plan, None);
    let slots: Vec<SlotIdx> = plan.slots().map(|(idx, _)| idx).collect();
    append_json::waiting(plan, &slots, "waiting");
    let area = Rect::new(0, 0, 1920, 1080);
    for planned in &plan.workspaces {
        append_json::workspace(
            plan,
            planned,
            &planned.name,
            &[],
            area,
            Look::default(),
            None,
        );
        append_json::export(plan, planned);
    }
    let scratchpad: Vec<&PlannedFloating> = plan.scratchpad.iter().collect();
    append_json::scratchpad(plan, &scratchpad, "scratchpad", Look::default());
}

fn compare(plan: &Plan, desktop: &Desktop) {
    use_plan(plan);
    let assignment = match_windows(plan, desktop, Reuse::All);
    for difference in diff(plan, desktop, &assignment) {
        sentence(&difference);
    }
}

fn draw(scene: impl Fn(Canvas) -> i3pm_layout::preview::Scene) {
    svg::of_scene(&scene(Canvas::Pixels));
    terminal::draw(&scene(Canvas::Cells(80)), 1);
}

fn view(canvas: Canvas, changes: &Changes) -> View<'_> {
    View {
        canvas,
        shows: &|_| true,
        changes,
        clean: &clean,
    }
}

/// The plan of a layout on these outputs.
pub(super) fn plan(layout: &Layout, outputs: &[Output]) -> Plan {
    let surroundings = Surroundings {
        name: "fuzz",
        identity: Some("fuzz"),
        workspaces: &[],
        workspace_outputs: &[],
        outputs,
        env: &BTreeMap::new(),
        home: Path::new("/home/me"),
    };
    compile(layout, surroundings)
}

/// Two monitors.
pub(super) fn outputs() -> Vec<Output> {
    let output = |name: &str, rect: Rect| Output {
        name: name.to_owned(),
        rect,
        primary: rect.x == 0,
        ..Output::default()
    };
    vec![
        output("eDP-1", Rect::new(0, 0, 1920, 1080)),
        output("DP-1", Rect::new(1920, 0, 2560, 1440)),
    ]
}

fn xterm() -> WindowFacts {
    WindowFacts {
        process: Some(Process {
            argv: ["xterm", "-name", "x"].map(str::to_owned).to_vec(),
            cwd: Some("/home/me/src".into()),
            ..Process::default()
        }),
        ..WindowFacts::default()
    }
}

/// A machine that has every program.
struct EveryProgram;

impl discover::Machine for EveryProgram {
    fn home(&self) -> Option<&Path> {
        Some(Path::new("/home/me"))
    }

    fn find(&self, name: &str) -> Option<PathBuf> {
        Some(Path::new("/usr/bin").join(name))
    }
}
