//! Trees in, layouts out; both are written as they look.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::suggest::Advice;
use super::*;
use crate::config::{self, Layer};
use crate::discover::secrets::Secrets;
use crate::discover::{Machine, Questions, discover};
use crate::geometry::Rect;
use crate::layout::Command;
use crate::live::build::{self, Tree, desktop, float, one_output, output, win, workspace};
use crate::live::build::{desktop_with_scratchpad, placeholder, splith, splitv, stacked, tabbed};
use crate::live::{Pid, WindowType};
use crate::tree::{Border, ContainerLayout, Fullscreen, Kind};

type Node = layout::Node<CapturedWindow>;
type Floating = layout::Floating<CapturedWindow>;

pub(crate) fn captured(desktop: &Desktop) -> Captured {
    captured_with(desktop, &Options::default())
}

/// A machine that has every program.
struct Everything;

impl Machine for Everything {
    fn home(&self) -> Option<&Path> {
        Some(Path::new("/home/me"))
    }

    fn find(&self, name: &str) -> Option<PathBuf> {
        Some(Path::new("/usr/bin").join(name))
    }
}

pub(crate) fn captured_with(desktop: &Desktop, options: &Options) -> Captured {
    capture(desktop, &|asked| discover(asked, &Everything), options)
}

/// A layout and its warnings as a text, one line for each container and window.
fn text(captured: &Captured) -> String {
    let mut text = String::new();
    for workspace in &captured.layout.workspaces {
        writeln!(
            text,
            "{} on {} {}{}{}{}",
            workspace.name,
            workspace.output.join(","),
            workspace.content.layout.as_str(),
            if workspace.visible { " visible" } else { "" },
            flag(
                captured.layout.focus.as_ref() == Some(&workspace.name),
                " focus"
            ),
            order(&workspace.content.focus),
        )
        .unwrap();
        nodes(&mut text, &workspace.content.nodes, 1);
        frames(&mut text, "float", &workspace.content.floating);
    }
    frames(&mut text, "scratchpad", &captured.layout.scratchpad);
    for warning in &captured.warnings {
        writeln!(text, "warning: {warning}").unwrap();
    }
    text
}

fn nodes(text: &mut String, nodes: &[Node], depth: usize) {
    for node in nodes {
        let place = place(node);
        let indent = "  ".repeat(depth);
        match &node.kind {
            Kind::Leaf(CapturedWindow { slot, .. }) => {
                let command = match &slot.command {
                    Some(Command::Line(line)) => format!(" `{line}`"),
                    Some(Command::Args(list)) => format!(" {list:?}"),
                    None => " -".to_owned(),
                };
                let id = slot.id.as_deref().unwrap_or_default();
                let optional = flag(slot.optional, " optional");
                writeln!(text, "{indent}{id}{command}{optional}{place}").unwrap();
            }
            Kind::Container(container) => {
                let order = order(&container.focus);
                writeln!(text, "{indent}{}{order}{place}", container.layout.as_str()).unwrap();
                self::nodes(text, &container.nodes, depth + 1);
            }
        }
    }
}

fn frames(text: &mut String, kind: &str, frames: &[Floating]) {
    for frame in frames {
        let rect = frame
            .rect
            .map_or("centered".to_owned(), |rect| rect.to_string());
        let scratchpad = flag(frame.scratchpad, " scratchpad");
        writeln!(text, "  {kind} {rect}{scratchpad}").unwrap();
        nodes(text, std::slice::from_ref(&frame.node), 2);
    }
}

fn place(node: &Node) -> String {
    let attributes = &node.attributes;
    let percent = node.share.0.map(|percent| format!(" {percent}%"));
    let border = attributes.border.map(|border| format!(" {border:?}"));
    let title = attributes
        .title_format
        .as_ref()
        .map(|format| format!(" title={format}"));
    let full = Some(attributes.fullscreen)
        .filter(|&mode| mode != Fullscreen::None)
        .map(|mode| format!(" fullscreen={mode:?}"));
    let marks = attributes.marks.iter().map(|mark| format!(" #{mark}"));
    percent
        .into_iter()
        .chain(border)
        .chain(title)
        .chain(full)
        .chain(marks)
        .chain([flag(attributes.sticky, " sticky").to_owned()])
        .collect()
}

fn order(order: &[usize]) -> String {
    if order.iter().copied().eq(0..order.len()) {
        String::new()
    } else {
        format!(" order={order:?}")
    }
}

fn flag(on: bool, text: &str) -> &str {
    if on { text } else { "" }
}

fn tree(node: &Node) -> Tree {
    let attributes = &node.attributes;
    let tree = match &node.kind {
        Kind::Leaf(CapturedWindow { slot: window, .. }) => {
            let swallow = &window.swallow;
            let plain = |pattern: &Option<String>| {
                pattern.as_deref().map(|text| {
                    text.trim_start_matches('^')
                        .trim_end_matches('$')
                        .replace('\\', "")
                })
            };
            let argv = match &window.command {
                Some(Command::Line(line)) => shell_words::split(line).unwrap(),
                Some(Command::Args(list)) => list.clone(),
                None => vec!["x".to_owned()],
            };
            let border = attributes.border.unwrap_or(Border::Normal(2));
            win("")
                .properties(|properties| {
                    properties.class = plain(&swallow.class);
                    properties.instance = plain(&swallow.instance);
                    properties.window_role = plain(&swallow.window_role);
                    properties.title.clone_from(&window.seen.title);
                })
                .argv(argv.iter().map(String::as_str))
                .border(border)
        }
        Kind::Container(container) => splith(container.nodes.iter().map(tree))
            .layout(container.layout)
            .focus(container.focus.clone()),
    };
    let mut tree = attributes
        .marks
        .iter()
        .fold(tree, |tree, mark| tree.mark(mark));
    if let Some(percent) = node.share.0 {
        tree = tree.percent(percent / 100.0);
    }
    if let Some(format) = &attributes.title_format {
        tree = tree.title_format(format);
    }
    if attributes.sticky {
        tree = tree.sticky();
    }
    tree.fullscreen(attributes.fullscreen)
}
/// The desktop that i3 would show after this layout was applied.
pub(crate) fn applied(layout: &Layout<CapturedWindow>) -> Desktop {
    let mut outputs: Vec<build::OutputTree> = Vec::new();
    for monitor in &layout.monitors {
        let on_it = layout
            .workspaces
            .iter()
            .filter(|workspace| workspace.output.contains(&monitor.output));
        let workspaces = on_it.map(|given| {
            let content = &given.content;
            let nodes = content.nodes.iter().map(tree);
            let frames = content.floating.iter().map(|frame| {
                let rect = frame.rect.unwrap_or_default().absolute_in(monitor.rect);
                let state = if frame.scratchpad {
                    ScratchpadState::Changed
                } else {
                    ScratchpadState::None
                };
                float(tree(&frame.node), rect).scratchpad(state)
            });
            let tree = workspace(&given.name, nodes)
                .layout(content.layout)
                .floating(frames)
                .focus(content.focus.clone());
            if layout.focus.as_ref() == Some(&given.name) {
                tree.focused()
            } else if given.visible {
                tree.visible()
            } else {
                tree
            }
        });
        let output = output(&monitor.output, monitor.rect).workspaces(workspaces);
        outputs.push(if monitor.primary {
            output.primary()
        } else {
            output
        });
    }
    let primary = layout.monitors.iter().find(|monitor| monitor.primary);
    let origin = primary.map(|monitor| monitor.rect).unwrap_or_default();
    let hidden = layout.scratchpad.iter().rev().map(|frame| {
        let state = match frame.rect {
            Some(_) => ScratchpadState::Changed,
            None => ScratchpadState::Fresh,
        };
        float(
            tree(&frame.node),
            frame.rect.unwrap_or_default().absolute_in(origin),
        )
        .scratchpad(state)
    });
    desktop_with_scratchpad(outputs, hidden)
}

#[track_caller]
fn same_again(captured: &Captured) {
    let again = self::captured(&applied(&captured.layout));
    assert_eq!(again.file(), captured.file());
}

#[test]
fn nested_layouts_with_shares_and_focus() {
    let desktop = one_output([
        workspace(
            "1:code",
            [
                win("code").percent(0.6),
                tabbed([win("xterm").mark("logs"), win("browser").focused()])
                    .percent(0.4)
                    .focused(),
            ],
        ),
        workspace(
            "ü",
            [
                win("a"),
                splitv([win("b"), win("c"), win("d")]).focus([1, 0, 2]),
            ],
        )
        .layout(ContainerLayout::Stacked)
        .focused(),
    ]);
    let captured = captured(&desktop);
    insta::assert_snapshot!(text(&captured), @r"
    1:code on eDP-1 splith order=[1, 0]
      code `code` 60%
      tabbed order=[1, 0] 40%
        xterm `xterm` #logs
        browser `browser`
    ü on eDP-1 stacked visible focus
      a `a`
      splitv order=[1, 0, 2]
        b `b`
        c `c`
        d `d`
    ");
    same_again(&captured);
}

#[test]
fn redundant_containers_are_left_out() {
    let desktop = one_output([workspace(
        "1",
        [
            splitv([win("a").percent(0.2)]).percent(0.3),
            splitv([splith([splitv([win("b"), win("c")])])]).percent(0.7),
            tabbed([win("d")]),
            tabbed([splitv([win("e")]), win("f")]),
            splitv([win("g")]).mark("kept"),
            splitv([win("h").mark("mine")]).mark("_i3pm:x:y"),
            splitv([splith([])]),
            splith([win("i")]),
            splith([splith([win("j"), win("k")])]),
        ],
    )]);
    let captured = captured(&desktop);
    insta::assert_snapshot!(text(&captured), @r"
    1 on eDP-1 splith visible focus
      splitv 18%
        a `a`
      splitv 42%
        splith
          splitv
            b `b`
            c `c`
      tabbed 6.667%
        d `d`
      tabbed 6.667%
        splitv
          e `e`
        f `f`
      splitv 6.667% #kept
        g `g`
      splitv 6.667%
        h `h` #mine
      i `i` 6.666%
      splith 6.666%
        j `j`
        k `k`
    warning: skipped 1 empty placeholder on workspace `1`
    ");
    same_again(&captured);
}

#[test]
fn floating_scratchpad_and_looks() {
    let left = Rect::new(0, 0, 1920, 1080);
    let right = Rect::new(1920, 0, 2560, 1440);
    let desktop = desktop_with_scratchpad(
        [
            output("eDP-1", left)
                .docks([win("i3bar")])
                .workspaces([workspace("1", [win("a")])]),
            output("DP-1", right).primary().workspaces([workspace(
                "2",
                [
                    win("b")
                        .border(Border::Pixel(1))
                        .title_format("<b>%title</b>"),
                    win("c").fullscreen(Fullscreen::Output),
                ],
            )
            .floating([
                float(win("d").sticky(), Rect::new(2000, 100, 800, 600)),
                float(
                    splitv([win("e"), win("f").focused()]),
                    Rect::new(1900, -20, 300, 200),
                ),
                float(win("shown"), Rect::new(2100, 200, 400, 300))
                    .scratchpad(ScratchpadState::Changed),
            ])
            .focus([3, 1, 0, 2, 4])
            .focused()]),
        ],
        [
            float(win("old"), Rect::new(2020, 100, 400, 300)).scratchpad(ScratchpadState::Changed),
            float(win("new"), Rect::new(2020, 100, 400, 300)),
        ],
    );
    let captured = captured(&desktop);
    insta::assert_snapshot!(text(&captured), @r"
    1 on eDP-1 splith visible
      a `a`
    2 on DP-1 splith visible focus order=[3, 1, 0, 2, 4]
      b `b` Pixel(1) title=<b>%title</b>
      c `c` fullscreen=Output
      float 800x600+80+100
        d `d` sticky
      float 300x200+-20+-20
        splitv order=[1, 0]
          e `e`
          f `f`
      float 400x300+180+200 scratchpad
        shown `shown`
      scratchpad centered
        new `new`
      scratchpad 400x300+100+100
        old `old`
    ");
    same_again(&captured);
}

#[test]
fn windows_that_cannot_be_restored_are_reported() {
    let desktop = desktop([
        output("A", Rect::new(0, 0, 800, 600)).workspaces([workspace(
            "1",
            [
                win("a").without_process(),
                win("b")
                    .without_process()
                    .facts(|facts| facts.server_pid = Some(Pid(9))),
                placeholder("l:s"),
                win("").class("").instance("").title(""),
                win("mysql")
                    .argv(["mysql", "--password=x"])
                    .title("mysql --password=x"),
                win("same").pid(7),
                win("same").pid(7),
                win("same")
                    .pid(7)
                    .properties(|dialog| dialog.window_type = WindowType::Dialog),
                win("same").pid(7).window_type(WindowType::Bare),
                win("xterm").pid(8),
                win("xterm").pid(8).argv(["xterm", "-e", "htop"]),
            ],
        )]),
        output("B", Rect::new(800, 0, 800, 600))
            .workspaces([workspace("2", []), workspace("3", [placeholder("x")])]),
    ]);
    let captured = captured(&desktop);
    insta::assert_snapshot!(text(&captured), @r"
    1 on A splith visible focus
      a -
      b -
      mysql `mysql --password=${env:MYSQL_PASSWORD}`
      same `same`
      same-2 -
      same-3 - optional
      same-4 - optional
      xterm `xterm`
      htop `xterm -e htop`
    2 on B splith visible
    warning: skipped 1 empty placeholder on workspace `1`
    warning: skipped 1 empty placeholder on workspace `3`
    warning: skipped window 0x20000c: it has no identifying properties (class, instance, role or title)
    warning: no command found for slot `a` on workspace `1`: the process of the window is unknown
    warning: no command found for slot `b` on workspace `1`: process 9 has ended or cannot be read
    warning: the command of slot `mysql` contained a secret
    warning: `same` should reopen slot `same-2` too; it has no command
    ");
}

#[test]
fn a_dialog_never_has_the_command_of_its_program() {
    // The dialog is in front of the main window.
    let desktop = one_output([workspace(
        "1",
        [
            win("app").pid(7).window_type(WindowType::Dialog),
            win("app").pid(7),
            win("app").pid(7).window_type(WindowType::Splash),
            win("ask").pid(8).window_type(WindowType::Dialog),
            win("menu").pid(9).window_type(WindowType::Toolbar),
        ],
    )]);
    let captured = captured(&desktop);
    insta::assert_snapshot!(text(&captured), @r"
    1 on eDP-1 splith visible focus
      app - optional
      app-2 `app`
    warning: skipped window `ask`: it is a dialog or another helper window
    ");
}

fn config(rules: &str) -> Config {
    let text = format!("version: 1\n{rules}");
    let layer = config::read::read(text.as_bytes(), "config.yaml", Layer::User);
    Config::new(vec![layer.unwrap()], Vec::new()).unwrap()
}

#[test]
fn rules_take_precedence() {
    let desktop = one_output([workspace(
        "1",
        [
            win("editor")
                .argv(["editor", "--all", "a b"])
                .title("notes – Editor"),
            win("left"),
            splitv([win("left")]),
            win("browser").pid(7).title("one"),
            win("browser").pid(7).title("two"),
            win("sharp").argv(["sharp"]),
            win("silent").without_process(),
        ],
    )]);
    let config = config(
        "rules:
  - { criteria: { class: ^Editor$ }, command: \"{0} '{title:^(.*) –}' {2..}\", timeout: 9 }
  - { criteria: { class: ^Left$ }, ignore: true }
  - { criteria: { class: ^Browser$ }, swallow: [instance, title], once_per_process: false }
  - { criteria: { class: ^Sharp$ }, command: \"{0} {5}\" }
  - { criteria: { class: ^Silent$ }, command: silent-client, cwd: ~/x, env: { A: b } }
",
    );
    let options = Options {
        config: Some(&config),
        ..Options::default()
    };
    let captured = captured_with(&desktop, &options);
    insta::assert_snapshot!(text(&captured), @r"
    1 on eDP-1 splith visible focus
      editor `editor notes 'a b'`
      browser `browser`
      browser-2 `browser`
      sharp `sharp`
      silent `silent-client`
    warning: the rule at config.yaml:6 could not set `command` of slot `sharp`: cannot build `command`: the process has no argument {5}
    ");
    let windows: Vec<&Window> = captured.layout.windows().map(|one| &one.slot).collect();
    assert_eq!(windows[0].timeout, Some(9.0));
    assert_eq!(
        windows[0].seen.process.as_deref(),
        Some("editor --all 'a b'")
    );
    let criteria: Vec<_> = windows[2].swallow.criteria().collect();
    assert_eq!(criteria, [("instance", "^browser$"), ("title", "^two$")]);
    assert_eq!(windows[4].cwd.as_deref(), Some("~/x"));
    assert_eq!(windows[4].env["A"], "b");
}

/// A machine that has one program and one directory.
struct Little;

impl Machine for Little {
    fn home(&self) -> Option<&Path> {
        Some(Path::new("/home/me"))
    }

    fn find(&self, name: &str) -> Option<PathBuf> {
        (name == "there").then(|| PathBuf::from("/usr/bin/there"))
    }

    fn is_program(&self, file: &Path) -> bool {
        file == Path::new("/home/me/src/run")
    }

    fn is_directory(&self, directory: &Path) -> bool {
        directory == Path::new("/home/me/src")
    }
}

#[test]
fn doubts_concern_the_written_command() {
    // The program of the window is gone.
    let desktop = one_output([workspace("1", [win("a").argv(["/gone/a"])])]);
    let gone = "`/gone/a` is not an executable file";
    for (rule, expected) in [
        ("timeout: 3", &[gone][..]),
        ("env: { A: b }", &[gone]),
        ("cwd: ~/src", &[gone]),
        (
            "cwd: /nowhere",
            &[gone, "the directory `/nowhere` does not exist"],
        ),
        ("command: there", &[]),
        (
            "command: elsewhere",
            &["program `elsewhere` not found in PATH"],
        ),
        (
            "command: ~/src/no",
            &["`~/src/no` is not an executable file"],
        ),
        ("command: ./run, cwd: src", &[]),
        ("command: \"${env:X} a\", cwd: \"${env:Y}\"", &[]),
        ("command: ./run, cwd: \"${env:Y}\"", &[]),
        (
            "command: python3 ~/no.py",
            &[
                "program `python3` not found in PATH",
                "file `~/no.py` not found",
            ],
        ),
        (
            "command: there, cwd: other",
            &["the directory `~/other` does not exist"],
        ),
    ] {
        let config = config(&format!(
            "rules: [{{ criteria: {{ class: ^A$ }}, {rule} }}]\n"
        ));
        let options = Options {
            config: Some(&config),
            ..Options::default()
        };
        let captured = capture(&desktop, &|asked| discover(asked, &Little), &options);
        let warnings: Vec<String> = captured.warnings.iter().map(Warning::to_string).collect();
        let expected: Vec<String> = expected
            .iter()
            .map(|doubt| format!("the command of slot `a` may not work: {doubt}"))
            .collect();
        assert_eq!(warnings, expected, "{rule}");
        // `discover` says the same.
        let mut questions = Questions::new(&desktop);
        let con = desktop.tree.windows().next().unwrap();
        let applies = config.rules.winner(con.properties.as_ref().unwrap());
        let asked = questions.ask(con, applies);
        let found = crate::discover::explain(&asked, &Little).outcome().found;
        let window = &captured.layout.windows().next().unwrap().slot;
        assert_eq!(found.command, window.command, "{rule}");
        assert_eq!(found.cwd, window.cwd, "{rule}");
        assert_eq!(found.doubts.len(), expected.len(), "{rule}");
    }
}

#[test]
fn warnings_name_the_parts_with_secrets_and_unused_keys_of_rules() {
    let argv = ["app", "--token", "hunter2hunter2"];
    let desktop = one_output([workspace("1", [win("a").argv(argv)])]);
    let held = "contained a secret";
    for (rule, expected) in [
        (
            "command: app, cwd: \"/{2}\"",
            format!("the directory of slot `a` {held}"),
        ),
        (
            "command: app, env: { A: \"{2}\" }",
            format!("the env of slot `a` {held}"),
        ),
        (
            "env: { A: \"{2}\" }",
            format!("the command and the env of slot `a` {held}"),
        ),
        (
            "command: \"app {9}\", cwd: /x, timeout: 4",
            format!(
                "the rule at config.yaml:2 could not set `command` and `cwd` of slot `a`: \
                 cannot build `command`: the process has no argument {{9}}|the command of slot \
                 `a` {held}"
            ),
        ),
    ] {
        let config = config(&format!(
            "rules: [{{ criteria: {{ class: ^A$ }}, {rule} }}]\n"
        ));
        let options = Options {
            config: Some(&config),
            ..Options::default()
        };
        let captured = captured_with(&desktop, &options);
        let warnings: Vec<String> = captured.warnings.iter().map(Warning::to_string).collect();
        assert_eq!(warnings.join("|"), expected, "{rule}");
        assert!(!text(&captured).contains("hunter2"));
    }
}

/// Anything that compares each secret with each other would take minutes.
#[test]
fn many_secrets_of_one_command_give_one_warning() {
    let options = (0..30_000).map(|number| format!("--token=sesame{number}x"));
    let argv = std::iter::once("app".to_owned()).chain(options);
    let argv: Vec<String> = argv.collect();
    let argv = argv.iter().map(String::as_str);
    let desktop = one_output([workspace("1", [win("a").argv(argv)])]);
    let captured = captured(&desktop);
    let [warning] = captured.warnings.as_slice() else {
        panic!("{} warnings", captured.warnings.len())
    };
    let message = warning.to_string();
    assert_eq!(message, "the command of slot `a` contained 30000 secrets");
    let help = miette::Diagnostic::help(warning).unwrap().to_string();
    let hint = "set APP_TOKEN, APP_TOKEN_2, APP_TOKEN_3, APP_TOKEN_4, APP_TOKEN_5 and 29995 more \
                before `i3pm-layout apply`, for example with `read -rs APP_TOKEN && export \
                APP_TOKEN`";
    assert_eq!(help, hint);
    assert!(!text(&captured).contains("sesame"));
}

#[test]
fn only_the_windows_of_the_project() {
    let at = |name: &str, cwd: &str| {
        let cwd = Path::new(cwd).to_owned();
        win(name).facts(move |facts| facts.process.get_or_insert_default().cwd = Some(cwd))
    };
    let desktop = one_output([workspace(
        "1",
        [
            at("below", "/home/me/src/p/lib"),
            at("beside", "/home/me/src/pq"),
            at("marked", "/").mark("project:p:1"),
            splitv([at("inside", "/")]).mark("project:p"),
            at("other", "/home/me/src/p").mark("project:q"),
            at("global", "/home/me/src/p"),
            at("ruled", "/"),
        ],
    )]);
    let config = config(
        "rules:
  - { criteria: { class: ^Global$ }, scope: global }
  - { criteria: { class: ^Ruled$ }, scope: project }
projects: { p: { directory: ~/src/p } }
",
    );
    let of = |project| {
        let options = Options {
            config: Some(&config),
            home: Some(Path::new("/home/me")),
            of_project: Some(project),
            ..Options::default()
        };
        let slots = captured_with(&desktop, &options).slots();
        let ids: Vec<String> = slots.into_iter().map(|(id, _)| id).collect();
        ids.join(" ")
    };
    assert_eq!(of("p"), "below marked inside ruled");
    assert_eq!(of("q"), "other ruled");
}

#[test]
fn workspaces_without_a_window_of_the_project_are_left_out() {
    let desktop = one_output([
        workspace("1", [win("mine").mark("project:p")]),
        workspace("2", [win("other")]).visible().focused(),
    ]);
    let of = |project| {
        let options = Options {
            of_project: project,
            ..Options::default()
        };
        captured_with(&desktop, &options).layout
    };
    let layout = of(Some("p"));
    let names: Vec<_> = layout.workspaces.iter().map(|one| &one.name).collect();
    assert_eq!(names, ["1"]);
    assert!(!layout.workspaces[0].visible);
    assert_eq!(layout.focus, None);
    assert_eq!(of(None).focus.as_deref(), Some("2"));
    assert_eq!(of(Some("q")).workspaces, []);
}

#[test]
fn rules_are_suggested_for_windows_that_capture_cannot_restore() {
    let desktop = one_output([workspace(
        "1",
        [
            win("fine"),
            win("xclock").without_process(),
            win("")
                .class("")
                .instance("")
                .title("a --token=x")
                .without_process(),
            win("a.b").pid(7).title("one"),
            win("a.b").pid(7).title("two"),
            win("a.b").pid(8),
            win("same").pid(9).title("Terminal"),
            win("same").pid(9).title("Terminal"),
            win("role").pid(10).role("main-12345678").title("x"),
            win("role").pid(10).role("main-23456789").title("y"),
            win("role").pid(10).role("main-34567890").title("y"),
        ],
    )]);
    let captured = captured(&desktop);
    let suggestions = suggest::suggest(
        &desktop,
        &captured,
        &|name| name == "xclock",
        &|rule, _| {
            let command = rule["command"].as_str().unwrap_or_default().to_owned();
            Ok(suggest::Outcome {
                command,
                names_file: false,
            })
        },
        &Secrets::default(),
    );
    let text = suggest::to_yaml(&suggestions);
    insta::assert_snapshot!(text, @r#"
    version: 1
    rules:
      # slot `xclock` has no command: the process of the window is unknown
      # the command is guessed from the window's name
      # for slot `xclock`, it gives: xclock
      - { criteria: { class: ^Xclock$, instance: ^xclock$ }, command: xclock }

      # slot `window` has no command: the process of the window is unknown
      # no program of this machine is known to open it: fill in the command, and remove the `#`
      # - { criteria: { title: ^a --token=.+$ }, command: change-me }

      # the first window of the process also opens `a.b-2` if the program restores sessions
      # otherwise, adapt the pattern to the part of the title to open, and remove the `#`
      # for slot `a.b-2`, it gives: {0} '{title:^\*?(.+) [-–—] }'
      # - criteria: { class: ^A\.b$, instance: ^a\.b$ }
      #   command: '{0} ''{title:^\*?(.+) [-–—] }'''
      #   once_per_process: false
      #   swallow: [class, title]

      # the first window of the process also opens `same-2` if the program restores sessions
      # otherwise, adapt the pattern to the part of the title to open, and remove the `#`
      # for slot `same-2`, it gives: {0} '{title:^\*?(.+) [-–—] }'
      # - criteria: { class: ^Same$, instance: ^same$ }
      #   command: '{0} ''{title:^\*?(.+) [-–—] }'''
      #   once_per_process: false

      # the first window of the process also opens `role-2`, `role-3` if the program restores sessions
      # otherwise, adapt the pattern to the part of the title to open, and remove the `#`
      # for slot `role-2`, it gives: {0} '{title:^\*?(.+) [-–—] }'
      # for slot `role-3`, it gives: {0} '{title:^\*?(.+) [-–—] }'
      # - criteria: { class: ^Role$, instance: ^role$ }
      #   command: '{0} ''{title:^\*?(.+) [-–—] }'''
      #   once_per_process: false
      #   swallow: [class, title]

      # windows `a.b`, `a.b-2` belong to one process and have the same criteria
      - { criteria: { class: ^A\.b$, instance: ^a\.b$ }, swallow: [class, title] }

      # windows `same`, `same-2` belong to one process and have the same criteria
      # no lasting property distinguishes them, so a rule cannot help: they are assigned in the order in which they open

      # windows `role`, `role-2`, `role-3` belong to one process and have the same criteria
      # the rule distinguishes only some of them; the others are assigned in the order in which they open
      - { criteria: { class: ^Role$, instance: ^role$ }, swallow: [class, title] }
    "#);
    config(text.strip_prefix("version: 1\n").unwrap());
    // Each kind of suggestion alone is also a valid file, as is an incomplete suggestion without
    // `#`.
    for suggestion in &suggestions {
        let text = suggest::to_yaml(std::slice::from_ref(suggestion));
        config(text.strip_prefix("version: 1\n").unwrap());
        if matches!(suggestion.advice, Advice::FillIn(_) | Advice::Perhaps(_)) {
            let rule = text
                .replace("# rules", "rules")
                .replace("# - ", "- ")
                .replace("  #   ", "    ");
            let filled = config(rule.strip_prefix("version: 1\n").unwrap());
            let before = config("").rules.all().len();
            assert_eq!(filled.rules.all().len(), before + 1, "{rule}");
        }
    }
}

#[test]
fn only_selected_workspaces_and_outputs_are_captured() {
    let desktop = desktop_with_scratchpad(
        [
            output("A", Rect::new(0, 0, 800, 600)).workspaces([
                workspace("1:a", [win("a")]),
                workspace("12", [win("b")]),
                workspace("web", [win("c")]),
            ]),
            output("B", Rect::new(800, 0, 800, 600))
                .workspaces([workspace("2", [win("d")]).focused()]),
        ],
        [float(win("hidden"), Rect::new(0, 0, 9, 9))],
    );
    let names = |workspaces: &[&str], outputs: &[&str]| {
        let options = Options {
            workspaces: workspaces
                .iter()
                .map(|name| WorkspaceFilter::parse(name))
                .collect(),
            outputs: outputs.iter().map(|&name| name.to_owned()).collect(),
            ..Options::default()
        };
        let Captured {
            layout, warnings, ..
        } = captured_with(&desktop, &options);
        let names: Vec<String> = layout.workspaces.iter().map(|w| w.name.clone()).collect();
        let warnings: Vec<String> = warnings.iter().map(ToString::to_string).collect();
        format!(
            "{} focus={} hidden={} {}",
            names.join(" "),
            layout.focus.unwrap_or_default(),
            layout.scratchpad.len(),
            warnings.join("; ")
        )
    };
    assert_eq!(names(&[], &[]), "1:a 12 web 2 focus=2 hidden=1 ");
    assert_eq!(names(&["1", "web"], &[]), "1:a web focus= hidden=0 ");
    assert_eq!(names(&["focused"], &[]), "2 focus=2 hidden=0 ");
    assert_eq!(names(&["1:a"], &["B"]), " focus= hidden=0 ");
    assert_eq!(names(&[], &["A"]), "1:a 12 web focus= hidden=0 ");
    assert_eq!(
        names(&["9", "x"], &["C"]),
        " focus= hidden=0 workspace number 9 not found; workspace `x` not found; \
         output `C` not found"
    );
}

/// Random trees: any layout, shares, marks on few, a focused child here and there.
pub(crate) fn any_tree() -> impl Strategy<Value = Tree> {
    let leaf = (
        prop::sample::select(vec!["a", "b", "xterm"]),
        0.05..1.0_f64,
        any::<bool>(),
    )
        .prop_map(|(name, share, focused)| dressed(win(name), share, focused));
    leaf.prop_recursive(3, 20, 4, |inner| {
        (
            prop::collection::vec(inner, 1..4),
            0..4_u8,
            0.05..1.0_f64,
            any::<bool>(),
            any::<prop::sample::Index>(),
        )
            .prop_map(|(nodes, layout, share, focused, turn)| {
                let count = nodes.len();
                let order: Vec<usize> = (0..count)
                    .map(|at| (at + turn.index(count)) % count)
                    .collect();
                let tree = match layout {
                    0 => splith(nodes),
                    1 => splitv(nodes),
                    2 => tabbed(nodes),
                    _ => stacked(nodes),
                };
                dressed(tree.focus(order), share, focused)
            })
    })
}

fn dressed(tree: Tree, share: f64, focused: bool) -> Tree {
    let tree = tree.percent(share);
    if focused { tree.focused() } else { tree }
}

proptest! {
    #[test]
    fn capture_after_apply_gives_the_same_layout(
        first in prop::collection::vec(any_tree(), 0..4),
        second in prop::collection::vec(any_tree(), 1..4),
        floating in prop::collection::vec(any_tree(), 0..3),
    ) {
        let floating = floating
            .into_iter()
            .map(|tree| float(tree, Rect::new(10, 20, 640, 480)));
        let desktop = one_output([
            workspace("1", first).focused(),
            workspace("2", second).floating(floating),
        ]);
        let captured = captured(&desktop);
        let again = self::captured(&applied(&captured.layout));
        prop_assert_eq!(text(&again), text(&captured));
        prop_assert_eq!(again.file(), captured.file());
    }
}

#[test]
fn a_sticky_window_is_captured_with_one_workspace_only_if_the_layout_has_it() {
    let desktop = |mark: &str| {
        one_output([
            workspace("1", [win("a")]),
            workspace("2", [win("b")])
                .floating([
                    float(win("mixer").sticky().mark(mark), Rect::new(0, 0, 9, 9)),
                    float(win("note"), Rect::new(0, 0, 9, 9)),
                ])
                .focused(),
        ])
    };
    let floating = |mark: &str, workspaces: &[&str]| {
        let options = Options {
            workspaces: workspaces
                .iter()
                .map(|name| WorkspaceFilter::parse(name))
                .collect(),
            placed_by: Some("web".to_owned()),
            ..Options::default()
        };
        let Captured {
            layout, warnings, ..
        } = captured_with(&desktop(mark), &options);
        let warnings: Vec<String> = warnings.iter().map(ToString::to_string).collect();
        let last = layout.workspaces.last().unwrap();
        (last.content.floating.len(), warnings.join("; "))
    };
    let warning = "skipped the sticky window `mixer`: it is on every workspace of its output";
    assert_eq!(floating("x", &["2"]), (1, warning.to_owned()));
    assert_eq!(
        floating("_i3pm:other:mixer", &["focused"]),
        (1, warning.to_owned())
    );
    assert_eq!(floating("_i3pm:web:mixer", &["2"]), (2, String::new()));
    assert_eq!(floating("x", &[]), (2, String::new()));
    assert_eq!(floating("x", &["1"]), (0, String::new()));
}

#[test]
fn a_rule_can_set_the_home_directory() {
    let window = win("away").facts(|facts| {
        facts.process.get_or_insert_default().cwd = Some("/tmp".into());
    });
    let desktop = one_output([workspace("1", [window])]);
    let cwd = |rules: &str| {
        let config = config(rules);
        let options = Options {
            config: Some(&config),
            ..Options::default()
        };
        let captured = captured_with(&desktop, &options);
        captured.file().windows().next().unwrap().cwd.clone()
    };
    let of_others = "rules: [{ criteria: { class: ^Other$ }, cwd: '~' }]\n";
    assert_eq!(cwd(of_others).as_deref(), Some("/tmp"));
    assert_eq!(
        cwd("rules: [{ criteria: { class: ^Away$ }, cwd: '~' }]\n"),
        None
    );
}

#[test]
fn temporary_workspaces_are_not_captured() {
    let desktop = one_output([
        workspace("1", [win("a").argv(["a"])]).focused(),
        workspace("_i3pm:old:7:0", [win("b").argv(["b"])]),
    ]);
    let captured = captured_with(&desktop, &Options::default());
    assert!(!text(&captured).contains("_i3pm"), "{}", text(&captured));
}
