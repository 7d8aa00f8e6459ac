//! Pictures show windows where i3 puts them.

use std::collections::BTreeMap;
use std::str::FromStr as _;

use i3pm_layout::geometry::Rect;
use serde_json::Value;

use crate::harness::{Desktop, Name, TestWindow, Workspace, tree};

/// Rects by `WORKSPACE NAME` for windows, and `WORKSPACE title NAME` for tabs and stacks.
type Rects = BTreeMap<String, Rect>;

/// The rects in the output of `preview --json`.
fn pictured(scene: &Value) -> Rects {
    let mut rects = Rects::new();
    for panel in scene["panels"].as_array().into_iter().flatten() {
        let Some(workspace) = panel["workspace"].as_str() else {
            continue;
        };
        for pane in panel["panes"].as_array().into_iter().flatten() {
            let kind = if pane["header"].is_null() {
                ""
            } else {
                "title "
            };
            let label = pane["label"].as_str().unwrap_or_default();
            let rect = pane["rect"].as_str().unwrap_or_default();
            let rect = Rect::from_str(rect).unwrap_or_else(|error| panic!("{error}"));
            rects.insert(format!("{workspace} {kind}{label}"), rect);
        }
    }
    rects
}

/// The rects of everything that i3 draws on all workspaces, with windows named by this property.
fn drawn_by_i3(desktop: &Desktop, name: Name) -> Rects {
    desktop.visit_all_workspaces();
    desktop.sync();
    let root = desktop.tree();
    let has_title_in_rect = tree::has_gaps(&root);
    let mut walk = Walk {
        rects: Rects::new(),
        has_title_in_rect,
        name,
    };
    for workspace in tree::workspaces(&root) {
        let name = workspace.con["name"].as_str().unwrap_or_default();
        let mut all = tree::descendants(workspace.con).into_iter();
        let is_fullscreen = |con: &&Value| con["type"] == "con" && con["fullscreen_mode"] != 0;
        match all.find(is_fullscreen) {
            Some(full) => walk.node(name, full, &Value::Null),
            None => walk.children(name, workspace.con),
        }
    }
    walk.rects
}

struct Walk {
    rects: Rects,
    /// True if the rect of a window includes its title bar, as since i3 4.22.
    has_title_in_rect: bool,
    name: Name,
}

impl Walk {
    /// The name of a container as in pictures.
    fn name_of(&self, con: &Value) -> String {
        let children = tree::nodes(con);
        if children.is_empty() {
            return self.name.of(con);
        }
        let names: Vec<String> = children.iter().map(|child| self.name_of(child)).collect();
        format!("{}[{}]", tree::layout(con), names.join(", "))
    }

    fn children(&mut self, workspace: &str, con: &Value) {
        let is_list = matches!(tree::layout(con), "tabbed" | "stacked");
        // The focus of a workspace can be on a floating window.
        let is_tiling = |id: &&Value| tree::nodes(con).iter().any(|child| child["id"] == **id);
        let focus = con["focus"].as_array().into_iter().flatten();
        let front = focus.into_iter().find(is_tiling);
        for child in tree::nodes(con) {
            if is_list {
                let title = absolute(&child["deco_rect"], &con["rect"]);
                // i3 draws a line of one pixel in place of a single tab.
                if tree::nodes(con).len() > 1 || child["border"] == "normal" {
                    let key = format!("{workspace} title {}", self.name_of(child));
                    self.rects.insert(key, title);
                }
            }
            if !is_list || front == Some(&child["id"]) {
                self.node(workspace, child, con);
            }
        }
        for frame in tree::floating_nodes(con) {
            for child in tree::nodes(frame) {
                if tree::nodes(child).is_empty() {
                    // The frame itself can be a list with a single title, which looks like any
                    // title bar (`layout tabbed` on a floating window).
                    let key = format!("{workspace} {}", self.name_of(child));
                    self.rects.insert(key, rect(&frame["rect"]));
                } else {
                    self.node(workspace, child, frame);
                }
            }
        }
    }

    fn node(&mut self, workspace: &str, con: &Value, parent: &Value) {
        if !tree::nodes(con).is_empty() {
            self.children(workspace, con);
            return;
        }
        let mut rect = rect(&con["rect"]);
        let is_in_list = matches!(tree::layout(parent), "tabbed" | "stacked");
        if !self.has_title_in_rect && !is_in_list && con["border"] == "normal" {
            let title = absolute(&con["deco_rect"], &parent["rect"]).height;
            rect.y -= title.cast_signed();
            rect.height += title;
        }
        self.rects
            .insert(format!("{workspace} {}", self.name_of(con)), rect);
    }
}

fn rect(value: &Value) -> Rect {
    serde_json::from_value(value.clone()).expect("i3 reports rects")
}

fn absolute(relative: &Value, parent: &Value) -> Rect {
    rect(relative).absolute_in(rect(parent))
}

/// Compares `preview --live` with what i3 draws, with windows named by title. A window on all
/// monitors hides everything else, so i3 does not draw it.
pub(crate) fn compare_live(desktop: &Desktop) -> Result<(), String> {
    let tree = desktop.tree();
    let mut cons = tree::descendants(&tree).into_iter();
    if cons.any(|con| con["type"] == "con" && con["fullscreen_mode"] == 2) {
        return Ok(());
    }
    let live = desktop.run(["preview", "--live", "--json"]).success();
    let problems = differences(&pictured(&live.json()), &drawn_by_i3(desktop, Name::Title));
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems.join("\n"))
    }
}

#[track_caller]
fn assert_same(pictured: &Rects, real: &Rects) {
    let problems = differences(pictured, real);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(!real.is_empty());
}

/// The rects that differ by more than rounding.
fn differences(pictured: &Rects, real: &Rects) -> Vec<String> {
    let mut problems = Vec::new();
    for key in pictured.keys().chain(real.keys()) {
        let (one, other) = (pictured.get(key), real.get(key));
        let is_same = one
            .zip(other)
            .is_some_and(|(one, other)| one.is_within(*other, 1));
        let text = |rect: Option<&Rect>| rect.map_or("none".to_owned(), Rect::to_string);
        let line = format!("{key}: pictured {}, i3 has {}", text(one), text(other));
        if !is_same && !problems.contains(&line) {
            problems.push(line);
        }
    }
    problems
}

fn slot(name: &str) -> String {
    slot_with(name, "optional: false")
}

fn slot_with(name: &str, keys: &str) -> String {
    TestWindow::new(name).slot().with(keys).to_string()
}

fn list(layout: &str, keys: &str, nodes: &[String]) -> String {
    format!(
        "{{ layout: {layout}, {keys}, nodes: [{}] }}",
        nodes.join(", ")
    )
}

/// Workspaces with all kinds of containers, for two monitors.
fn layout() -> Vec<Workspace> {
    let [a, b, c, d] = ["a", "b", "c", "d"].map(slot);
    let tabs = list(
        "tabbed",
        "percent: 37",
        &[
            slot("e"),
            list("splitv", "percent: 50", &[slot("f"), slot("g")]),
            slot("h"),
        ],
    );
    let stack = list("stacked", "percent: 70", &[slot("i"), slot("j"), slot("k")]);
    let column = list(
        "splitv",
        "percent: 63",
        &[stack, tabs.replace("percent: 37", "percent: 30")],
    );
    let front = list(
        "tabbed",
        "percent: 50",
        &[
            slot("l"),
            list("splith", "focused: true", &[slot("m"), slot("n")]),
        ],
    );
    let many = (0..15).map(|number| slot(&format!("w{number}")));
    let borders = ["none", "pixel 1", "pixel 5", "normal 0", "normal 7"].map(|border| {
        slot_with(
            &format!("border-{}", border.replace(' ', "-")),
            &format!("border: {border}"),
        )
    });
    let single = list(
        "tabbed",
        "percent: 50",
        &[slot_with("single", "border: pixel 2")],
    );
    let float = |name: &str, rect: &str| slot_with(name, &format!("rect: {rect}"));
    let pair = format!(
        "{{ layout: tabbed, rect: 500x400+33+44, nodes: [{}, {}] }}",
        slot("fa"),
        slot("fb")
    );
    vec![
        Workspace::shown("1").with("output: eDP-1").nodes([a, b, c]),
        Workspace::new("2").with("output: eDP-1").nodes([d, column]),
        Workspace::new("3").with("output: eDP-1").nodes(many),
        Workspace::new("4")
            .with("output: eDP-1")
            .with("layout: splitv")
            .nodes(borders.into_iter().chain([single])),
        Workspace::shown("5")
            .with("output: DP-1")
            .nodes([slot("o"), front])
            .floating([float("p", "301x203+577+333"), pair]),
        Workspace::new("6").with("output: DP-1").nodes([
            slot("q"),
            slot_with("r", "fullscreen: output, focused: true"),
        ]),
    ]
}

/// The number of bars.
fn bars(desktop: &Desktop) -> usize {
    let tree = desktop.tree();
    let all = tree::descendants(&tree).into_iter();
    let areas = all.filter(|con| con["type"] == "dockarea");
    areas.map(|area| tree::nodes(area).len()).sum()
}

#[track_caller]
fn check(desktop: &Desktop) {
    desktop.wait_until("each monitor has a bar", || bars(desktop) == 2);
    // From this window, the height of title bars is known.
    desktop.run_i3("workspace 9");
    desktop.open_window("other");
    desktop.save_workspaces("t", layout());
    let before = pictured(&desktop.run(["preview", "t", "--json"]).success().json());
    desktop.run(["apply", "t"]).success();
    let mut real = drawn_by_i3(desktop, Name::Instance);
    let live = desktop.run(["preview", "--live", "--json"]).success();
    real.retain(|key, _| !key.starts_with("9 "));
    assert_same(&before, &real);
    let mut live = pictured(&live.json());
    live.retain(|key, _| !key.starts_with("9 "));
    assert_same(&live, &real);
}

#[test]
fn pictures_have_the_rects_of_i3() {
    let desktop = Desktop::builder().two_monitors().bar().start();
    check(&desktop);
}

#[test]
#[expect(clippy::print_stderr, reason = "says why the test is skipped")]
fn pictures_have_the_gaps_of_i3() {
    let desktop = Desktop::builder()
        .monitor("eDP-1", "1920x1080+0+0")
        .monitor("DP-1", "1080x1920+1920+0")
        .bar()
        .config("gaps inner 13\ngaps outer 7\nworkspace 2 gaps inner 20\nworkspace 3 gaps left 50")
        .start();
    if tree::has_gaps(&desktop.tree()) {
        check(&desktop);
    } else {
        eprintln!("skipped: i3 has gaps since 4.22");
    }
}

#[test]
fn differences_are_drawn_side_by_side() {
    let desktop = Desktop::new();
    desktop.run_i3("workspace 1:code");
    for name in ["editor", "logs", "shell"] {
        desktop.open_window(name);
    }
    desktop.run(["capture", "daily"]).success();
    desktop
        .run(["diff", "daily", "--picture"])
        .success()
        .stdout_lacks("editor");
    desktop.run_i3(
        "[instance=logs] kill
         [instance=editor] resize set 1200 px
         [instance=shell] border pixel 3",
    );
    desktop.open_window(TestWindow::new("web").title("</title>\u{1b}[31m & <b>"));
    desktop.wait_until("the window is closed", || {
        !desktop.tree_text().contains("logs")
    });
    let output = desktop.run(["diff", "daily", "--picture"]).code(1);
    output
        .stdout_has("saved")
        .stdout_has("- logs")
        .stdout_has("~ shell")
        .stdout_has("+ </title>");
    output
        .stdout_has("logs: has no window")
        .stdout_lacks("\u{1b}");
    let file = desktop.path().join("tmp/diff.svg");
    let option = format!("--picture={}", file.display());
    desktop.run(["diff", "daily", &option]).code(1);
    let svg = std::fs::read_to_string(file).expect("the file exists");
    assert!(svg.contains("- 1:code: logs: has no window"), "{svg}");
    assert!(
        !svg.contains("</title>\u{fffd}") && svg.contains("+ &lt;/title&gt;"),
        "{svg}"
    );
    let live = desktop
        .run(["preview", "--live", "--workspace", "1"])
        .success();
    live.stdout_has("</title>").stdout_lacks("\u{1b}");
    desktop
        .run(["preview", "--live", "--workspace", "nowhere"])
        .code(2);
}

/// `scripts/docs-pictures` writes the picture with this test.
#[test]
fn the_picture_of_differences_in_the_documentation() {
    let desktop = Desktop::builder().monitor("eDP-1", "1280x720+0+0").start();
    desktop.save_text(
        "daily-dev",
        "version: 1
workspaces:
  - name: '1:code'
    visible: true
    nodes:
      - { id: editor, swallow: { instance: ^editor$ }, command: gvim, percent: 62 }
      - layout: tabbed
        percent: 38
        nodes:
          - { id: log, swallow: { instance: ^log$ }, command: xterm -e less log }
          - { id: shell, swallow: { instance: ^shell$ }, command: xterm, focused: true }
",
    );
    let open = |name: &str, class: &str, title: &str| {
        desktop.open_window(TestWindow::new(name).class(class).title(title));
    };
    desktop.run_i3("workspace 1:code");
    open("editor", "Gvim", "geometry.rs - GVIM");
    open("shell", "XTerm", "~/src/garden");
    open("browser", "Firefox", "i3 user guide");
    desktop.run_i3("[instance=editor] resize set 500 px");
    let file = desktop.path().join("tmp/diff.svg");
    let option = format!("--picture={}", file.display());
    desktop.run(["diff", "daily-dev", &option]).code(1);
    let svg = std::fs::read_to_string(file).expect("the file exists");
    let drawn = ["- log", "~ editor", "+ i3 user guide"];
    assert!(drawn.iter().all(|text| svg.contains(text)), "{svg}");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/pictures/diff.svg");
        std::fs::write(path, svg).expect("the file is writable");
    }
}
