//! Tests of files before and after an update.

use proptest::prelude::*;

use super::*;
use crate::capture::tests::{any_tree, captured, captured_with};
use crate::capture::{Options, WorkspaceFilter, comments as slot_comments};
use crate::diff::{Difference, Kind, diff};
use crate::discover::secrets::Secrets;
use crate::geometry::Rect;
use crate::layout::{Format, WriteOptions, check, read, rewrite, write};
use crate::live::build::{
    Tree, desktop, float, one_output, output, splitv, tabbed, win, workspace,
};
use crate::live::{Con, Seat};
use crate::testing::plan;

/// The file after an update, and the report.
pub(super) fn updated(text: &str, live: &Desktop) -> (String, Report) {
    updated_with(text, live, &[], false)
}

#[track_caller]
fn updated_with(text: &str, live: &Desktop, workspaces: &[&str], prune: bool) -> (String, Report) {
    let layout = read(text, "test.yaml", Format::Yaml).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let options = Options {
        workspaces: workspaces
            .iter()
            .map(|name| WorkspaceFilter::parse(name))
            .collect(),
        ..Options::default()
    };
    let updated = update(Update {
        layout: &layout,
        plan: &plan(text, live),
        desktop: live,
        captured: &captured_with(live, &options),
        is_part: !workspaces.is_empty(),
        prune,
    });
    if updated.layout == layout {
        return (text.to_owned(), updated.report);
    }
    let after = rewrite(
        &updated.layout,
        Format::Yaml,
        text,
        &updated.moves,
        &slot_comments(&updated.warnings, &Secrets::default()),
    );
    check(&updated.layout, "after").unwrap_or_else(|e| panic!("{e}\n{text}\n{after}"));
    let again = read(&after, "after.yaml", Format::Yaml).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(again, updated.layout, "{after}");
    (after, updated.report)
}

fn file(body: &str) -> String {
    format!(
        "version: 1\nvars: {{ root: ~/src }}\nmonitors:\n  \
         - {{ output: eDP-1, rect: 1920x1080+0+0, primary: true }}\nworkspaces:\n{body}"
    )
}

/// Windows of one workspace.
fn live(nodes: impl IntoIterator<Item = Tree>) -> Desktop {
    one_output([workspace("1", nodes).focused()])
}

#[track_caller]
fn check_update(before: &str, live: &Desktop, after: &str) -> Report {
    let (text, report) = updated(&file(before), live);
    assert_eq!(text, file(after), "\n--- found\n{text}");
    let (again, _) = updated(&text, live);
    assert_eq!(again, text, "a second time");
    report
}

const TWO: &str = r#"  # The first one.
  - name: "1"
    output: eDP-1
    visible: true # shown
    nodes:
      # What I write in.
      - id: editor
        swallow: { class: ^A$ }
        command: code ${root} # not `a`
        cwd: ~/src
        percent: 60
      - { id: b, swallow: { class: ^B$ }, command: b, percent: 40 } # beside it
      # - the third is for later
  # The end.
"#;

fn two() -> String {
    TWO.to_owned() + "focus: \"1\" # mine\n"
}

#[test]
fn an_unchanged_desktop_changes_no_byte() {
    let live = live([win("a").percent(0.6), win("b").percent(0.4)]);
    // Written by hand: another order of keys, other quotes, comments, empty lines.
    let text = "# head\n\nfocus: '1'\nversion:   1\n\nvars: {root: '~/src'}\nworkspaces:\n\
                - visible: true\n  name: '1'\n  nodes:\n  - {swallow: {class: ^A$}, percent: 60}\n\
                \n  - swallow: {class: ^B$}\n";
    let (after, report) = updated(text, &live);
    assert_eq!(after, text);
    assert_eq!(report.kept, 2);
}

#[test]
fn places_come_from_the_desktop_and_descriptions_from_the_file() {
    let live = live([
        win("b").percent(0.25).title("other"),
        win("c").percent(0.25),
        win("a").percent(0.5),
    ]);
    let report = check_update(
        &two(),
        &live,
        r#"  # The first one.
  - name: "1"
    output: eDP-1
    visible: true # shown
    nodes:
      - { id: b, swallow: { class: ^B$ }, command: b, percent: 25 } # beside it
      - { id: c, swallow: { class: ^C$ }, command: c, percent: 25 }
      # What I write in.
      - id: editor
        swallow: { class: ^A$ }
        command: code ${root} # not `a`
        cwd: ~/src
        percent: 50
      # - the third is for later
  # The end.
focus: "1" # mine
"#,
    );
    assert_eq!((report.kept, report.added.len()), (2, 1));
}

#[test]
fn slots_without_a_window_keep_their_places() {
    let before = r#"  - name: "1"
    output: eDP-1
    visible: true
    nodes:
      - { id: a, swallow: { class: ^A$ }, command: a, percent: 50 }
      - { id: mail, swallow: { class: ^Mail$ }, command: mail, percent: 20 } # at work only
      - { id: b, swallow: { class: ^B$ }, command: b, percent: 30 }
  - name: "5"
    nodes:
      - { id: music, swallow: { class: ^Music$ }, command: music }
focus: "1"
"#;
    // The desktop after `apply`.
    let same = live([win("a").percent(0.625), win("b").percent(0.375)]);
    let report = check_update(before, &same, before);
    let names: Vec<&str> = report.not_open.iter().map(|one| &*one.slot).collect();
    assert_eq!(names, ["mail", "music"]);

    let resized = live([win("a").percent(0.5), win("b").percent(0.5)]);
    let after = before
        .replace("percent: 50", "percent: 40")
        .replace("percent: 30", "percent: 40");
    check_update(before, &resized, &after);

    let (after, report) = updated_with(&file(before), &resized, &[], true);
    let expected = r#"  - name: "1"
    output: eDP-1
    visible: true
    nodes:
      - { id: a, swallow: { class: ^A$ }, command: a }
      - { id: b, swallow: { class: ^B$ }, command: b }
      # at work only
focus: "1"
"#;
    assert_eq!(after, file(expected), "{after}");
    assert_eq!(report.removed.len(), 2);
}

/// i3 dissolves nested containers around a single child.
#[test]
fn slots_of_two_containers_stay_next_to_their_only_open_window() {
    let text = file(
        r#"  - name: "1"
    nodes:
      - nodes:
          - { id: moved, swallow: { class: ^Moved$ }, command: moved }
          - layout: splitv
            nodes:
              - { id: left, swallow: { class: ^Left$ }, command: left }
              - { id: closed, swallow: { class: ^Closed$ }, command: closed }
"#,
    );
    let live = one_output([
        workspace("1", [win("left"), win("other")]),
        workspace("2", [win("moved")]),
    ]);
    let (after, report) = updated(&text, &live);
    for id in ["moved", "left", "closed", "other"] {
        assert_eq!(after.matches(&format!("id: {id}")).count(), 1, "{after}");
    }
    assert_eq!(report.not_open.len(), 1, "{report:?}");
}

/// A single open window looks the same in a tabbed container.
#[test]
fn an_update_after_pruning_changes_nothing() {
    let text = file(
        r#"  - name: "1"
    output: eDP-1
    visible: true
    nodes:
      - { id: gone, swallow: { class: ^Gone$ }, command: gone }
      - layout: tabbed
        nodes:
          - nodes:
              - { id: x, swallow: { class: ^X$ }, command: x }
              - { id: y, swallow: { class: ^Y$ }, command: y }
          - { id: left, swallow: { class: ^Left$ }, command: left }
focus: "1"
"#,
    );
    let live = live([win("left")]);
    let (after, report) = updated_with(&text, &live, &[], true);
    assert_eq!(report.removed.len(), 3, "{after}");
    assert!(!after.contains("tabbed"), "{after}");
    let (again, _) = updated_with(&after, &live, &[], true);
    assert_eq!(again, after);
}

#[test]
fn a_container_without_open_windows_stays_unchanged() {
    let before = r#"  - name: "1"
    output: eDP-1
    visible: true
    nodes:
      - { id: a, swallow: { class: ^A$ }, command: a }
      # Talking.
      - layout: tabbed
        nodes:
          - { id: chat, swallow: { class: ^Chat$ }, command: chat }
          - { id: mail, swallow: { class: ^Mail$ }, command: mail }
focus: "1"
"#;
    let live = live([win("a"), win("b")]);
    let after = before.replace(
        "focus:",
        "      - { id: b, swallow: { class: ^B$ }, command: b }
focus:",
    );
    check_update(before, &live, &after);
}

/// i3 dissolves a container around one window, but the file keeps it.
#[test]
fn a_container_with_one_open_window_stays() {
    let before = r#"  - name: "1"
    output: eDP-1
    visible: true
    nodes:
      - { id: a, swallow: { class: ^A$ }, command: a, percent: 60 }
      # Right.
      - layout: splitv
        percent: 40
        nodes:
          - { id: b, swallow: { class: ^B$ }, command: b }
          - { id: mail, swallow: { class: ^Mail$ }, command: mail }
focus: "1"
"#;
    let live = live([win("a").percent(0.5), win("b").percent(0.5)]);
    let after = before
        .replace(", percent: 60", "")
        .replace("        percent: 40\n", "");
    check_update(before, &live, &after);
}

#[test]
fn comments_of_a_container_move_with_it() {
    let before = r#"  - name: "1"
    output: eDP-1
    visible: true
    nodes:
      - { id: a, swallow: { class: ^A$ }, command: a }
      # Terminals.
      - layout: tabbed # in tabs
        nodes:
          - { id: b, swallow: { class: ^B$ }, command: b } # shell
          - { id: c, swallow: { class: ^C$ }, command: c }
          # More of them.
focus: "1"
"#;
    let nested = live([splitv([tabbed([win("c"), win("b"), win("d")]), win("a")])]);
    let after = r#"  - name: "1"
    output: eDP-1
    visible: true
    nodes:
      - layout: splitv
        nodes:
          # Terminals.
          - layout: tabbed # in tabs
            nodes:
              - { id: c, swallow: { class: ^C$ }, command: c }
              - { id: b, swallow: { class: ^B$ }, command: b } # shell
              - { id: d, swallow: { class: ^D$ }, command: d }
              # More of them.
          - { id: a, swallow: { class: ^A$ }, command: a }
focus: "1"
"#;
    check_update(before, &nested, after);

    // Without the container, they belong to its first window.
    let flat = live([win("c"), win("b"), win("a")]);
    let after = r#"  - name: "1"
    output: eDP-1
    visible: true
    nodes:
      - { id: c, swallow: { class: ^C$ }, command: c }
      # Terminals.
      # in tabs
      # More of them.
      - { id: b, swallow: { class: ^B$ }, command: b } # shell
      - { id: a, swallow: { class: ^A$ }, command: a }
focus: "1"
"#;
    check_update(before, &flat, after);
}

#[test]
fn moved_windows_keep_their_descriptions() {
    let before = r#"  - name: "1" # one
    output: eDP-1
    visible: true
    nodes:
      - { id: a, swallow: { class: ^A$ }, command: a } # first
      - { id: b, swallow: { class: ^B$ }, command: my-b }
focus: "1"
"#;
    let live = one_output([
        workspace("1", [win("a")]),
        workspace("2", [win("b").mark("_i3pm:test:b")]).focused(),
    ]);
    let after = r#"  - name: "1" # one
    output: eDP-1
    nodes:
      - { id: a, swallow: { class: ^A$ }, command: a } # first
  - name: "2"
    nodes:
      - { id: b, swallow: { class: ^B$ }, command: my-b }
focus: "2"
"#;
    let report = check_update(before, &live, after);
    assert_eq!(report.moved.len(), 1);
}

#[test]
fn other_workspaces_stay_unchanged() {
    let before = r#"  - name: "1"
    output: eDP-1
    visible: true
    nodes:
      - { id: a, swallow: { class: ^A$ }, command: a }
  - name: "2"
    output: eDP-1
    nodes:
      - { id: b, swallow: { class: ^B$ }, command: b }
      - { id: z, swallow: { class: ^Z$ }, command: z }
scratchpad:
  - { id: s, swallow: { class: ^S$ }, command: s }
focus: "1"
"#;
    let live = one_output([
        workspace("1", [win("a"), win("c")]).focused(),
        workspace("2", [splitv([win("x"), win("b")])]),
    ]);
    let (text, report) = updated_with(&file(before), &live, &["1"], true);
    let new = "      - { id: c, swallow: { class: ^C$ }, command: c }\n";
    let after = before.replacen("  - name: \"2\"", &format!("{new}  - name: \"2\""), 1);
    assert_eq!(text, file(&after), "{text}");
    assert!(report.removed.is_empty() && report.not_open.is_empty());
}

#[test]
fn ids_do_not_collide_and_unnamed_slots_stay_the_same() {
    let before = r#"  - name: "1"
    output: eDP-1
    visible: true
    nodes:
      - { swallow: { class: ^A$ }, command: a -1 }
      - { swallow: { class: ^A$ }, command: a -2 }
focus: "1"
"#;
    let live = live([
        win("a").argv(["a", "-2"]).mark("_i3pm:test:a-2"),
        win("a").argv(["a", "-1"]).mark("_i3pm:test:a"),
        win("a").argv(["a", "-3"]),
    ]);
    let (text, _) = updated(&file(before), &live);
    let nodes: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("command"))
        .collect();
    assert_eq!(
        nodes,
        [
            "      - { id: a-2, swallow: { class: ^A$ }, command: a -2 }",
            "      - { swallow: { class: ^A$ }, command: a -1 }",
            "      - { id: a-3, swallow: { class: ^A$ }, command: a -3 }",
        ],
        "{text}"
    );
    let (again, _) = updated(&text, &live);
    assert_eq!(again, text);
}

#[test]
fn floating_and_marks() {
    let before = r#"  - name: "1"
    output: eDP-1
    visible: true
    nodes:
      - { id: a, swallow: { class: ^A$ }, command: a, marks: [mine], title_format: <b>%title</b> }
    floating:
      # Sound.
      - { id: f, swallow: { class: ^F$ }, command: f, rect: 300x200+10+20 } # small
      - { id: g, swallow: { class: ^G$ }, command: g, rect: 300x200+50+20 }
focus: "1"
"#;
    let live = one_output([workspace("1", [win("a").mark("live")])
        .focused()
        .floating([
            float(win("f"), Rect::new(100, 100, 300, 200)),
            float(win("new"), Rect::new(5, 5, 50, 50)),
        ])
        .focus([0, 1, 2])]);
    let after = r#"  - name: "1"
    output: eDP-1
    visible: true
    nodes:
      - id: a
        swallow: { class: ^A$ }
        command: a
        marks: [mine, live]
        title_format: <b>%title</b>
    floating:
      # Sound.
      - { id: f, swallow: { class: ^F$ }, command: f, rect: 300x200+100+100 } # small
      - { id: g, swallow: { class: ^G$ }, command: g, rect: 300x200+50+20 }
      - { id: new, swallow: { class: ^New$ }, command: new, rect: 50x50+5+5 }
focus: "1"
"#;
    check_update(before, &live, after);
}

#[test]
fn output_preferences_stay_while_they_are_met() {
    let before = r#"  - name: "1"
    output: [DP-9, primary]
    nodes:
      - { id: a, swallow: { class: ^A$ }, command: a }
  - name: "2"
    output: eDP-1
    nodes:
      - { id: b, swallow: { class: ^B$ }, command: b }
"#;
    let left = Rect::new(0, 0, 1920, 1080);
    let right = Rect::new(1920, 0, 1920, 1080);
    let live = desktop([
        output("eDP-1", left)
            .primary()
            .workspaces([workspace("1", [win("a"), win("c")]).focused()]),
        output("DP-1", right).workspaces([workspace("2", [win("b")]).visible()]),
    ]);
    let (text, _) = updated(&file(before), &live);
    assert!(text.contains("output: [DP-9, primary]"), "{text}");
    assert!(text.contains("- name: \"2\"\n    output: DP-1"), "{text}");
    assert!(
        text.contains("- { output: DP-1, rect: 1920x1080+1920+0 }"),
        "{text}"
    );
    assert!(
        !text.contains("visible") && !text.contains("focus"),
        "{text}"
    );
}

/// Adds comments to a canonical file: above, at the end of, or below lines, as chosen by the
/// numbers.
fn sprinkled(text: &str, choices: &[u8]) -> (String, usize) {
    let mut count = 0;
    let mut next = || {
        count += 1;
        format!("# note {count} {{[ 'of' \"many\": x")
    };
    let mut choices = choices.iter().cycle();
    let mut sprinkled = String::new();
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        let choice = choices.next().copied().unwrap_or_default();
        if choice & 1 == 1 {
            sprinkled.extend([&" ".repeat(indent), &*next(), "\n"]);
        }
        sprinkled += line;
        if choice & 2 == 2 {
            sprinkled.extend([" ", &*next()]);
        }
        sprinkled.push('\n');
        if choice & 4 == 4 {
            sprinkled.push('\n');
        }
        if choice & 8 == 8 {
            sprinkled.extend([&" ".repeat(usize::from(choice >> 4)), &*next(), "\n"]);
        }
    }
    (sprinkled, count)
}

fn comments_of(text: &str) -> Vec<&str> {
    let mut comments: Vec<&str> = text
        .lines()
        .filter_map(|line| line.find("# note").map(|at| line[at..].trim_end()))
        .collect();
    comments.sort_unstable();
    comments
}

/// Desktops with distinguishable windows. Two desktops have windows in common.
fn some_desktop() -> impl Strategy<Value = Desktop> {
    (
        prop::collection::vec(any_tree(), 0..3),
        prop::collection::vec(any_tree(), 1..3),
        prop::collection::vec(any_tree(), 0..3),
        prop::sample::select(vec!["2", "3"]),
        0..12_usize,
        any::<bool>(),
    )
        .prop_map(|(first, second, floating, name, offset, reverse)| {
            let floating = floating
                .into_iter()
                .map(|tree| float(tree, Rect::new(10, 20, 640, 480)));
            let mut live = one_output([
                workspace("1", first).focused(),
                workspace(name, second).floating(floating),
            ]);
            let mut names: Vec<String> = (0..live.windows.len())
                .map(|number| format!("w{}", number + offset))
                .collect();
            if reverse {
                names.reverse();
            }
            let mut names = names.into_iter();
            let facts = &mut live.windows;
            rename(&mut live.tree, &mut |con| {
                let facts = con.window.and_then(|window| facts.get_mut(&window));
                let process = facts.and_then(|facts| facts.process.as_mut());
                if let (Some(properties), Some(process)) = (&mut con.properties, process)
                    && let Some(name) = names.next()
                {
                    properties.class = Some(name.clone());
                    properties.instance = Some(name.clone());
                    properties.title = Some(name.clone());
                    process.argv = vec![name];
                }
            });
            live
        })
}

fn rename(con: &mut Con, visit: &mut dyn FnMut(&mut Con)) {
    visit(con);
    for child in con.nodes.iter_mut().chain(&mut con.floating_nodes) {
        rename(child, visit);
    }
}

fn canonical(desktop: &Desktop) -> String {
    write(
        &captured(desktop).file(),
        Format::Yaml,
        &WriteOptions::default(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases / 4, max_shrink_iters: 300, ..ProptestConfig::default() })]

    #[test]
    fn the_same_desktop_gives_the_same_file(live in some_desktop()) {
        let text = canonical(&live);
        let layout = read(&text, "t", Format::Yaml).unwrap();
        let captured = captured(&live);
        let updated = update(Update {
            layout: &layout,
            plan: &plan(&text, &live),
            desktop: &live,
            captured: &captured,
            is_part: false,
            prune: true,
        });
        prop_assert_eq!(&updated.layout, &layout);
        prop_assert_eq!(rewrite(&updated.layout, Format::Yaml, &text, &updated.moves, &slot_comments(&updated.warnings, &Secrets::default())), text);
    }

    #[test]
    fn every_comment_survives_once(
        before in some_desktop(),
        live in some_desktop(),
        choices in prop::collection::vec(any::<u8>(), 1..40),
        prune in any::<bool>(),
    ) {
        let (text, _) = sprinkled(&canonical(&before), &choices);
        let comments = comments_of(&text);
        // A file with the same layout but other comments is rewritten, too.
        let layout = read(&text, "t", Format::Yaml).unwrap();
        let same = update(Update {
            layout: &layout,
            plan: &plan(&text, &before),
            desktop: &before,
            captured: &captured(&before),
            is_part: false,
            prune,
        });
        let again = rewrite(&same.layout, Format::Yaml, &text, &same.moves, &slot_comments(&same.warnings, &Secrets::default()));
        prop_assert_eq!(comments_of(&again), comments.clone(), "\n{}\n{}", text, again);
        let twice = rewrite(&same.layout, Format::Yaml, &again, &same.moves, &slot_comments(&same.warnings, &Secrets::default()));
        prop_assert_eq!(&twice, &again, "\n{}", text);

        let (after, _) = updated_with(&text, &live, &[], prune);
        prop_assert_eq!(comments_of(&after), comments.clone(), "\n{}\n{}", text, after);
        let (again, _) = updated_with(&after, &live, &[], prune);
        prop_assert_eq!(comments_of(&again), comments, "\n{}\n{}", after, again);
        prop_assert_eq!(&again, &after, "\n{}", text);
    }

    /// No slot is lost or duplicated, and every open window has one slot.
    #[test]
    fn every_window_and_every_slot_has_one_place(
        before in some_desktop(),
        live in some_desktop(),
    ) {
        let text = canonical(&before);
        let (after, report) = updated(&text, &live);
        let ids = |text: &str| -> Vec<String> {
            let layout = read(text, "t", Format::Yaml).unwrap();
            let mut ids: Vec<String> =
                layout.windows().filter_map(|window| window.id.clone()).collect();
            ids.sort();
            ids
        };
        let mut expected = ids(&text);
        expected.extend(report.added.iter().map(|added| added.slot.clone()));
        expected.sort();
        prop_assert_eq!(ids(&after), expected);
        let open = captured(&live).layout.window_count();
        prop_assert_eq!(report.kept + report.moved.len() + report.added.len(), open);
        // The file matches the desktop now. Percents may differ, as these containers were
        // never drawn.
        let plan = plan(&after, &live);
        let differences = diff(&plan, &live, &known(&plan, &live));
        let is_left = |one: &&Difference| match &one.kind {
            Kind::Missing | Kind::NoWorkspace => false,
            Kind::Resized { before_px, after_px, .. } => (before_px - after_px).abs() > 1,
            _ => !one.is_attention(),
        };
        let left: Vec<_> = differences.iter().filter(is_left).collect();
        prop_assert!(left.is_empty(), "{:#?}\n{}\n{}", left, text, after);
    }
}

#[test]
fn renamed_workspace_keeps_its_name_in_the_file() {
    let windows = || [win("a").percent(0.6), win("b").percent(0.4)];
    let renamed = |windows: Vec<Tree>| one_output([workspace("1: web", windows).visible()]);
    let text = file(&two());
    let (after, report) = updated(&text, &renamed(windows().into()));
    assert_eq!((after.as_str(), report.kept), (text.as_str(), 2));
    let swapped = [win("b").percent(0.5), win("a").percent(0.5)];
    let (after, report) = updated(&text, &renamed(swapped.into()));
    assert!(after.contains("name: \"1\"\n"), "{after}");
    assert!(!after.contains("1: web"), "{after}");
    assert_eq!((report.kept, report.moved.len()), (2, 0));
}

#[test]
fn records_of_a_replaced_file_do_not_exchange_its_slots() {
    let body = "  - name: \"1\"\n    visible: true\n    nodes:\n      \
         - { id: xclock, swallow: { instance: ^a$ }, command: xclock -name a }\n      \
         - { id: xclock-2, swallow: { instance: ^b$ }, command: xclock -name b }\n";
    let mut live = live([win("a"), win("b")]);
    let plan = plan(&file(body), &live);
    // In the file of this name before, the ids were the other way round.
    let windows: Vec<_> = live
        .tree
        .descendants()
        .filter_map(|con| con.window)
        .collect();
    for (window, slot) in windows.into_iter().zip(["xclock-2", "xclock"]) {
        let seat = Seat::new(plan.name_of_seats(), slot);
        live.seats.insert(window, vec![seat]);
    }
    check_update(body, &live, body);
}
