//! A layout on a desktop that is not empty, and with programs that do not do what
//! they should.

use std::time::Duration;

use crate::apply_more::nothing_of_ours_is_left;
use crate::harness::{Desktop, TestWindow};

/// Writes the layout `t` of one workspace `1` with these lines below `nodes:`.
fn layout(desktop: &Desktop, nodes: &[&str]) {
    let mut text =
        "version: 1\nworkspaces:\n  - name: \"1\"\n    visible: true\n    nodes:\n".to_owned();
    for node in nodes {
        text.push_str("      - ");
        text.push_str(node);
        text.push('\n');
    }
    desktop.write("config/i3pm-layout/layouts/t.yaml", &text);
}

fn open(desktop: &Desktop, name: &str) -> u64 {
    desktop.open_window(&TestWindow::new(name)).con()
}

fn run(desktop: &Desktop, commands: &[&str]) {
    for command in commands {
        desktop.ipc().run(command);
    }
}

#[test]
fn shuffled_windows_are_adopted_without_a_start_or_an_unmap() {
    let desktop = Desktop::builder()
        .monitor("eDP-1", "1920x1080+0+0")
        .monitor("DP-1", "2560x1440+1920+0")
        .start();
    run(&desktop, &["focus output eDP-1", "workspace 1"]);
    for name in ["a", "b", "c"] {
        open(&desktop, name);
    }
    run(&desktop, &["split v"]);
    open(&desktop, "d");
    run(
        &desktop,
        &["layout tabbed", "focus output DP-1", "workspace 2"],
    );
    open(&desktop, "e");
    let f = open(&desktop, "f");
    run(
        &desktop,
        &[&format!(
            "[con_id={f}] floating enable, resize set 500 px 400 px, move absolute position 2222 px 333 px"
        )],
    );
    open(&desktop, "g");
    run(&desktop, &["focus output eDP-1", "[instance=b] focus"]);
    let before = desktop.tree();
    desktop.run(["capture", "t"]).success();

    run(
        &desktop,
        &[
            "[instance=a] move container to workspace 7",
            "[instance=e] move container to workspace 1",
            "[instance=f] floating disable",
            "[instance=d] move container to workspace 2",
            "[instance=g] floating enable",
            "[instance=c] move scratchpad",
            "[instance=b] fullscreen enable",
            "workspace 7",
        ],
    );
    let (starts, unmaps) = (desktop.starts(), desktop.unmaps());
    let report = desktop.run(["apply", "t", "--json"]).success().json();
    desktop.assert_same_tree(&before);
    assert_eq!(
        desktop.starts(),
        starts,
        "a program was started: {report:#}"
    );
    // The one of `move scratchpad` was before.
    assert_eq!(desktop.unmaps(), unmaps, "a window was unmapped");
    nothing_of_ours_is_left(&desktop);
    let report = desktop.run(["apply", "t", "--json"]).success().json();
    assert_eq!(report["commands"], 0, "{report:#}");
}

/// Putting the focus order right takes a window out of fullscreen for a moment.
#[test]
fn window_that_somebody_made_fullscreen_is_so_no_longer() {
    let desktop = Desktop::new();
    open(&desktop, "a");
    open(&desktop, "b");
    let before = desktop.tree();
    desktop.run(["capture", "t"]).success();
    run(&desktop, &["[instance=a] focus, fullscreen enable"]);
    desktop.run(["apply", "t"]).success();
    desktop.assert_same_tree(&before);
}

#[test]
fn scratchpad_window_that_was_taken_out_is_hidden_again() {
    let desktop = Desktop::builder()
        .monitor("eDP-1", "1920x1080+0+0")
        .monitor("DP-1", "2560x1440+1920+0")
        .start();
    open(&desktop, "tiled");
    let dropdown = open(&desktop, "dropdown");
    let fresh = open(&desktop, "fresh");
    run(
        &desktop,
        &[
            &format!("[con_id={fresh}] move scratchpad"),
            &format!(
                "[con_id={dropdown}] floating enable, resize set 1202 px 496 px, move position 360 px 0 px, move scratchpad"
            ),
            "[instance=tiled] focus",
        ],
    );
    let before = desktop.tree();
    desktop.run(["capture", "t"]).success();
    // What a person sees of a hidden window is where it comes when it is shown.
    let toggle = "[instance=dropdown] scratchpad show";
    run(&desktop, &[toggle]);
    let shown = desktop.tree();
    run(&desktop, &[toggle, "[instance=tiled] focus"]);
    for change in [
        "[instance=dropdown] scratchpad show; [instance=dropdown] floating disable",
        "[instance=dropdown] scratchpad show; [instance=dropdown] resize set 300 px 200 px, move scratchpad",
        "[instance=dropdown] scratchpad show",
    ] {
        run(&desktop, &[change]);
        desktop.run(["diff", "t"]).code(1);
        desktop.run(["apply", "t"]).success();
        desktop.assert_same_tree(&before);
    }
    let report = desktop.run(["apply", "t", "--json"]).success().json();
    assert_eq!(report["commands"], 0, "{report:#}");
    run(&desktop, &[toggle]);
    desktop.assert_same_tree(&shown);
}

#[test]
fn container_of_the_scratchpad_is_put_together_again() {
    let desktop = Desktop::new();
    open(&desktop, "tiled");
    open(&desktop, "left");
    run(&desktop, &["split h"]);
    open(&desktop, "right");
    run(
        &desktop,
        &[
            "focus parent, floating enable, resize set 900 px 500 px, move position 100 px 100 px",
            "[instance=right] move scratchpad",
        ],
    );
    let before = desktop.tree();
    desktop.run(["capture", "t"]).success();
    for (change, left) in [
        ("[instance=left] kill", 2),
        ("[instance=left] move container to workspace 5", 3),
        ("scratchpad show", 3),
    ] {
        run(&desktop, &[change]);
        desktop.wait_until("the window is closed", || {
            crate::harness::tree::windows(&desktop.tree()).len() == left
        });
        desktop.run(["apply", "t"]).success();
        desktop.assert_same_tree(&before);
        let report = desktop.run(["apply", "t", "--json"]).success().json();
        assert_eq!(report["commands"], 0, "{change}: {report:#}");
    }
}

#[test]
fn windows_that_the_layout_does_not_know_stay_beside_it() {
    let desktop = Desktop::new();
    open(&desktop, "a");
    open(&desktop, "b");
    desktop.run(["capture", "t"]).success();
    run(
        &desktop,
        &["[instance=a] kill", "[instance=b] focus", "split v"],
    );
    desktop.wait_until("a is gone", || !desktop.tree_text().contains("a "));
    open(&desktop, "stranger");
    let stranger = desktop.open_window(&TestWindow::new("floater"));
    run(
        &desktop,
        &[&format!(
            "[con_id={}] floating enable, resize set 300 px 200 px, move position 10 px 10 px",
            stranger.con()
        )],
    );
    desktop.run(["apply", "t"]).success();
    let text = desktop.tree_text();
    insta::assert_snapshot!(
        text,
        @"1: splith[a 640, b* 640, stranger 640] floating[floater 300x200+10+10]"
    );
    let report = desktop.run(["apply", "t", "--json"]).success().json();
    assert_eq!(report["commands"], 0, "{report:#}");
    assert_eq!(desktop.unmaps(), 0);
    nothing_of_ours_is_left(&desktop);
}

#[test]
fn missing_program_is_named_and_the_others_come() {
    let desktop = Desktop::new();
    let good = TestWindow::new("good").command();
    layout(
        &desktop,
        &[
            "{ id: gone, swallow: { class: ^Gone$ }, command: no-such-program-at-all --x }",
            &format!("{{ id: good, swallow: {{ instance: ^good$ }}, command: {good:?} }}"),
            "{ id: dies, swallow: { class: ^Dies$ }, command: \"test-window --exit-at-once '3:it is too late'\" }",
        ],
    );
    let output = desktop.run(["apply", "t"]);
    let output = output.code(1);
    assert!(
        output
            .stderr
            .contains("`no-such-program-at-all` is not installed"),
        "{}",
        output.stderr
    );
    assert!(output.stderr.contains("status 3"), "{}", output.stderr);
    assert!(
        output.stderr.contains("it is too late"),
        "{}",
        output.stderr
    );
    assert_eq!(desktop.tree_text(), "1: splith[good* 1920]\n");
    nothing_of_ours_is_left(&desktop);
}

#[test]
fn window_that_never_comes_is_given_up_after_the_timeout() {
    let desktop = Desktop::new();
    layout(
        &desktop,
        &["{ id: never, swallow: { class: ^Never$ }, command: sleep 1000 }"],
    );
    let output = desktop.run(["apply", "t", "--timeout", "0.3"]);
    let output = output.code(1);
    assert!(output.stderr.contains("0.3 s"), "{}", output.stderr);
    assert!(output.duration < Duration::from_secs(10));
    nothing_of_ours_is_left(&desktop);
}

#[test]
fn slow_program_is_waited_for() {
    let desktop = Desktop::new();
    let slow = TestWindow::new("slow").arg("--map-delay", "1500").command();
    let fast = TestWindow::new("fast").command();
    layout(
        &desktop,
        &[
            &format!("{{ id: slow, swallow: {{ instance: ^slow$ }}, command: {slow:?} }}"),
            &format!("{{ id: fast, swallow: {{ instance: ^fast$ }}, command: {fast:?} }}"),
        ],
    );
    desktop.run(["apply", "t"]).success();
    assert_eq!(desktop.tree_text(), "1: splith[slow* 960, fast 960]\n");
}

#[test]
fn equal_windows_go_to_their_own_slots_whatever_their_order() {
    let desktop = Desktop::new();
    let nodes: Vec<String> = [400, 0, 250, 100, 0]
        .iter()
        .enumerate()
        .map(|(number, delay)| {
            let window = TestWindow::new("same")
                .title(&format!("t{number}"))
                .arg("--map-delay", &delay.to_string());
            format!(
                "{{ id: s{number}, swallow: {{ instance: ^same$ }}, command: {:?} }}",
                window.command()
            )
        })
        .collect();
    layout(
        &desktop,
        &nodes.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    desktop.run(["apply", "t"]).success();
    let text = desktop.tree_text_by(crate::harness::tree::Name::Title);
    assert_eq!(text, "1: splith[t0* 384, t1 384, t2 384, t3 384, t4 384]\n");
}

#[test]
fn windows_that_i3_does_not_recognise_are_brought_in_by_their_process() {
    let desktop = Desktop::new();
    let late = TestWindow::new("early")
        .arg("--class-after", "100:late:Late")
        .command();
    let fork = TestWindow::new("forked").flag("--fork").command();
    layout(
        &desktop,
        &[
            &format!("{{ id: late, swallow: {{ class: ^Late$ }}, command: {late:?} }}"),
            &format!("{{ id: fork, swallow: {{ class: ^Unexpected$ }}, command: {fork:?} }}"),
        ],
    );
    desktop.run(["apply", "t"]).success();
    let text = desktop.tree_text_by(crate::harness::tree::Name::Title);
    assert_eq!(text, "1: splith[early* 960, forked 960]\n");
}

#[test]
fn interrupt_leaves_no_placeholder() {
    let desktop = Desktop::new();
    let good = TestWindow::new("good").command();
    layout(
        &desktop,
        &[
            "{ id: never, swallow: { class: ^Never$ }, command: sleep 1000 }",
            &format!("{{ id: good, swallow: {{ instance: ^good$ }}, command: {good:?} }}"),
        ],
    );
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until("the window has its mark", || {
        desktop.tree().to_string().contains("_i3pm:t:good")
    });
    running.interrupt();
    let output = running.wait();
    let output = output.code(1);
    assert!(output.stderr.contains("interrupted"), "{}", output.stderr);
    assert_eq!(desktop.tree_text(), "1: splith[good* 1920]\n");
    nothing_of_ours_is_left(&desktop);
}

#[test]
fn killed_run_loses_no_window_and_the_next_one_cleans_up() {
    let desktop = Desktop::new();
    open(&desktop, "stays");
    let good = TestWindow::new("good").command();
    layout(
        &desktop,
        &[
            "{ id: never, swallow: { class: ^Never$ }, command: sleep 1000 }",
            &format!("{{ id: good, swallow: {{ instance: ^good$ }}, command: {good:?} }}"),
        ],
    );
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until("the window has its mark", || {
        desktop.tree().to_string().contains("_i3pm:t:good")
    });
    running.signal(rustix::process::Signal::KILL);
    let _ = running.wait();
    assert!(desktop.tree().to_string().contains("_i3pm:wait:t:never"));
    desktop.run(["apply", "t", "--timeout", "0.2"]).code(1);
    nothing_of_ours_is_left(&desktop);
    assert_eq!(desktop.tree_text(), "1: splith[good* 960, stays 960]\n");
}

#[test]
fn dry_run_touches_nothing() {
    let desktop = Desktop::new();
    let good = TestWindow::new("good").command();
    layout(
        &desktop,
        &[&format!(
            "{{ id: good, swallow: {{ instance: ^good$ }}, command: {good:?} }}"
        )],
    );
    let before = desktop.tree();
    let output = desktop.run(["apply", "t", "--dry-run"]);
    let output = output.success();
    assert!(output.stdout.contains("good"), "{}", output.stdout);
    assert_eq!(desktop.tree(), before);
    assert_eq!(desktop.starts(), 0);
}

#[test]
fn no_launch_arranges_what_is_open() {
    let desktop = Desktop::new();
    for name in ["a", "b", "c"] {
        open(&desktop, name);
    }
    desktop.run(["capture", "t"]).success();
    run(
        &desktop,
        &["[instance=b] kill", "[instance=c] focus", "move left"],
    );
    desktop.wait_until("b is gone", || !desktop.tree_text().contains("b "));
    desktop.run(["apply", "t", "--no-launch"]).code(1);
    assert_eq!(desktop.tree_text(), "1: splith[a 960, c* 960]\n");
}

#[test]
fn only_the_named_slot_is_started() {
    let desktop = Desktop::new();
    for name in ["a", "b", "c"] {
        open(&desktop, name);
    }
    desktop.run(["capture", "t"]).success();
    run(&desktop, &["[instance=\"^[bc]$\"] kill"]);
    desktop.wait_until("they are gone", || {
        desktop.tree_text().contains("[a* 1920]")
    });
    desktop.run(["apply", "t", "--only", "c"]).success();
    assert_eq!(desktop.tree_text(), "1: splith[a 960, c* 960]\n");
}

#[test]
fn only_the_named_workspace_is_touched() {
    let desktop = Desktop::new();
    open(&desktop, "a");
    run(&desktop, &["workspace 2"]);
    open(&desktop, "b");
    desktop.run(["capture", "t"]).success();
    desktop.close_all_windows();
    desktop.run(["apply", "t", "--workspace", "2"]).success();
    assert_eq!(desktop.tree_text(), "2: splith[b* 1920]\n");
}
