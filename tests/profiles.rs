//! Profiles, and `adapt` without a layout.

use std::time::Duration;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::harness::desktop::layouts::layout;
use crate::harness::display::Monitor;
use crate::harness::processes::Handle;
use crate::harness::{Desktop, TestWindow, Workspace, tree};
use crate::monitors::edid;

/// A desktop with a laptop and the monitor `DP-1` on its right: `lap` on workspace 1:mail of the
/// laptop, `ext` and the floating `fl` on workspace 3:code, which `DP-1` shows, and `more` on
/// workspace 4 of `DP-1`. The focus is on `ext`.
fn docked() -> Desktop {
    let desktop = Desktop::builder().screen(7040, 1440).two_monitors().start();
    desktop.run_i3("focus output eDP-1\nworkspace 1:mail");
    desktop.open_window("lap");
    desktop.run_i3("focus output DP-1\nworkspace 4");
    desktop.open_window("more");
    desktop.run_i3("workspace 3:code");
    desktop.open_window("ext");
    desktop.open_window("fl");
    desktop.run_i3(
        "[instance=fl] floating enable, resize set 640 px 480 px, \
         move absolute position 3333 px 777 px\n[instance=ext] focus",
    );
    desktop
}

const DOCKED: &str = "\
profiles:
  - name: mobile
    monitors: [{ output: eDP-1 }]
  - name: docked
    monitors:
      - { output: eDP-1 }
      - { name: big, size: 2560x1440 }
    workspaces:
      - { name: 1:mail, output: eDP-1, visible: true }
      - { name: 3, output: big, visible: true }
      - { name: 4, output: big }
    focus: 3
";

/// The names of workspaces that are numbers in quotes.
fn quoted(text: &str) -> String {
    text.replace("name: 3,", "name: \"3\",")
        .replace("name: 4,", "name: \"4\",")
        .replace("focus: 3", "focus: \"3\"")
        .replace("1:mail", "\"1:mail\"")
}

/// Runs `adapt` with these options and `--json`, and checks that another run sends no command.
#[track_caller]
fn adapt(desktop: &Desktop, options: &str) -> Value {
    let call = format!("adapt {options}");
    let call = call.trim_end();
    let report = desktop.report(call);
    assert_eq!(report["complete"], true, "{report:#}");
    let before = desktop.tree();
    let again = desktop.report(call);
    assert_eq!(again["commands"], 0, "{again:#}");
    assert_eq!(desktop.tree(), before);
    desktop.assert_no_traces();
    report
}

/// The outputs of the workspaces, in order of the outputs.
fn places(desktop: &Desktop) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let tree = desktop.tree();
    let all = tree::workspaces(&tree).into_iter();
    let all = all.map(|one| format!("{}@{}", text(&one.con["name"]), text(&one.con["output"])));
    all.collect::<Vec<_>>().join(" ")
}

/// The rect of the only floating window.
fn floating_rect(desktop: &Desktop) -> String {
    let tree = desktop.tree();
    let all = tree::descendants(&tree).into_iter();
    let mut frames = all.filter(|con| con["type"] == "floating_con");
    let found = frames.find(|con| con["nodes"][0]["window"].is_u64());
    tree::geometry(&found.expect("a window floats")["rect"])
}

fn laptop() -> Monitor {
    let mut laptop = Monitor::new("eDP-1", "1920x1080+0+0");
    laptop.primary = true;
    laptop
}

#[test]
fn profile_that_fits_is_chosen_and_explained() {
    let desktop = docked();
    let starts = desktop.starts();
    desktop.configure(&quoted(DOCKED));
    let output = desktop.run(["profiles"]).success();
    output
        .stdout_has("docked  fits")
        .stdout_has("big, 2560x1440: DP-1  (same size in pixels)")
        .stdout_has("mobile  does not fit")
        .stdout_has("workspaces (`*`: visible): 1:mail* on eDP-1")
        .stdout_has("DP-1: connected, but not in the profile");
    desktop.unplug("DP-1");
    let output = desktop.run(["profiles"]).success();
    output
        .stdout_has("mobile  fits")
        .stdout_has("big, 2560x1440: not connected");
    let report = adapt(&desktop, "");
    assert_eq!(
        report["source"],
        json!({ "kind": "profile", "name": "mobile" })
    );
    assert_eq!(report["commands"], 0, "{report:#}");
    // Another output than at the time of the configuration.
    desktop.arrange(&[laptop(), Monitor::new("HDMI-1", "2560x1440+1920+0")]);
    let report = adapt(&desktop, "");
    assert_eq!(report["source"]["name"], "docked", "{report:#}");
    assert_eq!(report["moved"][0]["message"], "3:code is on HDMI-1 now");
    assert_eq!(places(&desktop), "1:mail@eDP-1 3:code@HDMI-1 4@HDMI-1");
    assert_eq!(desktop.visible_workspaces(), ["1:mail", "3:code"]);
    assert_eq!(desktop.focused(), "ext");
    assert_eq!(desktop.starts(), starts);
    let listed = desktop.report("profiles");
    assert_eq!(listed["profiles"][1]["fits"], true, "{listed:#}");
    assert_eq!(listed["profiles"][1]["monitors"][1]["output"], "HDMI-1");
    let config = desktop.run(["config"]).success();
    config.stdout_has("docked: eDP-1, big (3 workspaces)");
    let other = desktop.report("profiles --monitors eDP-1:1920x1080+0+0:primary");
    assert_eq!(other["profiles"][0]["fits"], true, "{other:#}");
}

#[test]
fn profile_is_recognised_by_edid_at_another_output() {
    let desktop = Desktop::builder()
        .screen(7040, 1440)
        .monitor("DP-1", "2560x1440+1920+0")
        .monitor("eDP-1", "1920x1080+0+0")
        .start();
    desktop.display().set_edid(&edid("U2719D", "7Q3"));
    desktop.run_i3("focus output DP-1\nworkspace 3");
    desktop.open_window("ext");
    desktop.run_i3("focus output eDP-1\nworkspace 1");
    desktop.open_window("lap");
    desktop.run(["adapt", "--save", "office"]).success();
    let path = desktop.path().join("config/i3pm-layout/config.yaml");
    let config = std::fs::read_to_string(path).expect("it was written");
    let monitor = "- { output: DP-1, make: DEL, model: U2719D, serial: 7Q3 }\n";
    assert!(config.contains(monitor), "{config}");
    let mut dell = Monitor::new("DP-2", "2560x1440+1920+0");
    dell.primary = true;
    desktop.arrange(&[dell, Monitor::new("eDP-1", "1920x1080+0+0")]);
    desktop.run_i3("[workspace=3] move workspace to output eDP-1");
    let report = adapt(&desktop, "");
    assert_eq!(report["source"]["name"], "office", "{report:#}");
    assert_eq!(places(&desktop), "1@eDP-1 3@DP-2");
    let listed = desktop.run(["profiles"]).success();
    listed.stdout_has("DP-1, DEL U2719D 7Q3: DP-2  (same make, model and serial number)");
    // Another monitor of the same model.
    desktop.display().set_edid(&edid("U2719D", "8A1"));
    let listed = desktop.run(["profiles"]).success();
    listed.stdout_has("office  does not fit");
}

#[test]
fn floating_windows_of_a_profile_are_fully_on_the_screen() {
    let desktop = docked();
    desktop.configure(&quoted(DOCKED));
    desktop.run_i3("[instance=fl] move absolute position 3800 px 900 px, resize set 640 px 500 px");
    desktop.unplug("DP-1");
    // i3 keeps the relative place of its center, so it hangs over the edge.
    let before = floating_rect(&desktop);
    adapt(&desktop, "");
    let after = floating_rect(&desktop);
    assert_ne!(after, before);
    assert_eq!(after, "640x500+1280+580");
}

#[test]
fn profile_by_name_leaves_workspaces_of_missing_monitors_where_they_are() {
    let desktop = docked();
    desktop.configure(&quoted(DOCKED));
    desktop.unplug("DP-1");
    let before = places(&desktop);
    let output = desktop.run(["adapt", "--profile", "docked"]).success();
    output.stderr_has(
        "monitor `big` of profile `docked` is not connected: `3`, `4` stay where i3 has put them",
    );
    assert_eq!(places(&desktop), before);
    desktop
        .run(["adapt", "--profile", "dokced"])
        .code(2)
        .stderr_has("no profile `dokced` in the configuration")
        .stderr_has("did you mean `docked`?");
}

#[test]
fn profiles_with_mistakes_are_reported_with_their_lines() {
    let desktop = docked();
    let text = "\
profiles:
  - name: one
    monitors: [{ output: eDP-1 }, { output: DP-1 }]
    workspaces:
      - { name: a, output: DP-2 }
      - { name: A, output: DP-1 }
  - name: two
    monitors: [{ output: DP-1 }, { output: eDP-1 }]
";
    let path = desktop.configure(text);
    let path = path.to_str().expect("it is UTF-8");
    for call in [vec!["adapt"], vec!["validate", path]] {
        let output = desktop.run(call);
        output
            .has("config.yaml:6:28")
            .has("profile `one` has no monitor `DP-2`")
            .has("config.yaml:7:17")
            .has("workspace `A` is assigned twice")
            .has("config.yaml:9:5")
            .has("profiles `two` and `one` need the same monitors, so both fit at once");
    }
}

#[test]
fn two_profiles_that_fit_at_once_are_refused_with_their_lines() {
    let desktop = docked();
    desktop.configure(
        "profiles:\n  - name: one\n    monitors: [{ output: eDP-1 }, { output: DP-1 }]\n  \
         - name: two\n    monitors: [{ output: eDP-1 }, { size: 2560x1440 }]\n",
    );
    let before = desktop.tree();
    for call in ["adapt", "profiles"] {
        let output = desktop.run([call]).code(2);
        output
            .stderr_has("profiles `one` and `two` both fit the monitors eDP-1, DP-1")
            .stderr_has("config.yaml:5:11")
            .stderr_has("config.yaml:3:11")
            .stderr_has("i3pm-layout adapt --profile one");
    }
    assert_eq!(desktop.tree(), before);
    let json = desktop.run(["profiles", "--json"]).code(2);
    json.stdout_lacks("one").stderr_has("\"line\": 5");
    desktop.run(["adapt", "--profile", "two"]).success();
    let slot = TestWindow::new("lap").slot();
    let text = layout([Workspace::new("1:mail").nodes([slot])]);
    let text = format!(
        "{text}profiles:\n  - name: one\n    monitors: [{{ output: eDP-1 }}, {{ output: DP-1 }}]\n  \
         - name: two\n    monitors: [{{ output: eDP-1 }}, {{ size: 2560x1440 }}]\n",
    );
    desktop.save_text("t", &text);
    for call in ["adapt", "apply", "diff"] {
        let output = desktop.run([call, "t"]).code(2);
        output
            .stderr_has("both fit the monitors")
            .stderr_has("t.yaml:");
    }
}

#[test]
fn last_arrangement_on_the_same_monitors_is_restored() {
    let desktop = docked();
    let output = desktop.run(["adapt"]).code(2);
    output
        .stderr_has("no profile exists for the connected monitors (eDP-1, DP-1)")
        .stderr_has("i3pm-layout adapt --remember`, or `--save NAME");
    desktop
        .run(["adapt", "--remember"])
        .success()
        .stderr_has("recorded the places of 3 workspaces on eDP-1, DP-1");
    let (before, rect) = (desktop.tree_text(), floating_rect(&desktop));
    for _ in 0..2 {
        desktop.unplug("DP-1");
        // The mess that i3 leaves is not recorded.
        desktop.run_i3("workspace 1:mail");
        desktop.plug("DP-1", "2560x1440+1920+0");
        assert_ne!(desktop.tree_text(), before);
        let report = adapt(&desktop, "");
        assert_eq!(report["source"]["kind"], "record", "{report:#}");
        assert_eq!(desktop.tree_text(), before);
        assert_eq!(floating_rect(&desktop), rect);
        assert_eq!(desktop.focused(), "ext");
    }
    desktop.unplug("DP-1");
    let output = desktop.run(["adapt"]).code(2);
    output.stderr_has("no arrangement on them was recorded");
}

#[test]
fn each_set_of_monitors_has_its_own_record() {
    let desktop = docked();
    desktop.run(["capture", "t"]).success();
    let docked = desktop.tree_text();
    desktop.unplug("DP-1");
    desktop.run_i3("workspace 4");
    desktop.run(["adapt", "--remember"]).success();
    let mobile = desktop.tree_text();
    for _ in 0..2 {
        desktop.plug("DP-1", "2560x1440+1920+0");
        adapt(&desktop, "");
        assert_eq!(desktop.tree_text(), docked);
        desktop.unplug("DP-1");
        adapt(&desktop, "");
        assert_eq!(desktop.tree_text(), mobile);
    }
}

#[test]
fn profile_is_saved_beside_the_comments_of_the_configuration() {
    let desktop = docked();
    let path = desktop.configure("# mine\nprojects: { p: { directory: ~/p } } # here\n");
    desktop
        .run(["adapt", "--save", "docked", "--dry-run"])
        .success()
        .stdout_has("+  - name: docked");
    let output = desktop.run(["adapt", "--save", "docked"]).success();
    output.stderr_has("saved profile `docked` to ");
    let text = std::fs::read_to_string(&path).expect("it exists");
    assert_eq!(
        text,
        "version: 1\n# mine\nprojects: { p: { directory: ~/p } } # here\nprofiles:\n  \
         - name: docked\n    monitors:\n      - { output: eDP-1 }\n      - { output: DP-1 }\n    \
         workspaces:\n      - { name: \"1:mail\", output: eDP-1, visible: true }\n      \
         - { name: \"3:code\", output: DP-1, visible: true }\n      \
         - { name: \"4\", output: DP-1 }\n    focus: \"3:code\"\n"
    );
    let before = desktop.tree_text();
    desktop.unplug("DP-1");
    desktop.plug("DP-1", "2560x1440+1920+0");
    let report = adapt(&desktop, "");
    assert_eq!(report["source"]["kind"], "profile", "{report:#}");
    assert_eq!(desktop.tree_text(), before);
    // The same monitors under another name.
    let output = desktop.run(["adapt", "--save", "again"]).code(2);
    output
        .stderr_has("profile `docked` (")
        .stderr_has("config.yaml:5) is for the connected monitors already")
        .stderr_has("run `i3pm-layout adapt --save docked`");
    assert_eq!(std::fs::read_to_string(&path).expect("it exists"), text);
    desktop.run_i3("workspace 4");
    desktop.run(["adapt", "--save", "docked"]).success();
    let changed = std::fs::read_to_string(&path).expect("it exists");
    assert!(
        changed.contains("\"4\", output: DP-1, visible: true"),
        "{changed}"
    );
    for (name, why) in [("a b", "only letters"), ("", "it is empty")] {
        desktop
            .run(["adapt", "--save", name])
            .code(2)
            .stderr_has(&format!("error: invalid profile name `{name}`: {why}"))
            .stderr_has("choose another name, for example `office`")
            .stderr_lacks("[0]");
    }
}

/// A profile that a person has written: with labels, a role, comments, and a workspace that is not
/// open.
const WRITTEN: &str = "\
version: 1
profiles:
  # my desk
  - name: desk
    monitors:
      - { name: lap, output: eDP-1 } # the laptop
      - { name: big, size: 2560x1440 }
    workspaces:
      - { name: \"1:mail\", output: primary } # mail
      # code
      - { name: \"3\", output: lap, visible: true }
      - { name: \"9:rare\", output: big, visible: true }
rules: []
";

#[test]
fn what_a_person_has_written_in_a_profile_stays() {
    let desktop = docked();
    let path = desktop.configure(WRITTEN.trim_start_matches("version: 1\n"));
    let config = || std::fs::read_to_string(&path).expect("it exists");
    let output = desktop.run(["adapt", "--save", "desk"]).success();
    output
        .stderr_has("replaced the places in profile `desk` in ")
        .stderr_has("2 monitors, 4 workspaces, of which 1 not open")
        .stderr_has("the previous version was saved to ");
    let expected = WRITTEN
        .replace("output: primary }", "output: primary, visible: true }")
        .replace("\"3\", output: lap", "\"3\", output: big")
        .replace(
            "output: big, visible: true }\nrules",
            "output: big, visible: false }\n      - { name: \"4\", output: big }\n    focus: \
             \"3\"\nrules",
        );
    assert_eq!(config(), expected);
    desktop
        .run(["adapt", "--save", "desk"])
        .success()
        .stderr_has("profile `desk` in ")
        .stderr_has("is up to date");
    adapt(&desktop, "");
    // Other monitors: only after a question.
    desktop.unplug("DP-1");
    desktop
        .run(["adapt", "--save", "desk"])
        .code(2)
        .stderr_has("is for other monitors than the connected ones, and was not replaced")
        .stderr_has("save under another name");
    let dry = desktop
        .run(["adapt", "--save", "desk", "--dry-run"])
        .success();
    dry.stdout_has("-      - { name: lap, output: eDP-1 } # the laptop")
        .stderr_has("a run without `--dry-run` asks first");
    let answer = |text: &str| {
        let command = desktop.command(["adapt", "--save", "desk"]);
        command.stdin(text).on_terminal().run()
    };
    answer("n\n").code(2).stdout_has("Replace it? [y/N]");
    assert_eq!(config(), expected);
    answer("y\n")
        .success()
        .stdout_has("replaced profile `desk` in ")
        .stdout_has("the previous version was saved to ");
    assert!(config().contains("    monitors:\n      - { output: eDP-1 }\n    workspaces:"));
    assert!(config().ends_with("\nrules: []\n"), "{}", config());
}

#[test]
fn profile_in_flow_style_is_replaced_by_hand() {
    let desktop = docked();
    let entry =
        "{\"name\": \"desk\", \"monitors\": [{\"output\": \"eDP-1\"}, {\"output\": \"DP-1\"}]}";
    let text = format!("{{\"version\": 1, \"profiles\": [{entry}]}}\n");
    let path = desktop.write("config/i3pm-layout/config.yaml", &text);
    desktop
        .run(["adapt", "--save", "desk"])
        .code(2)
        .stderr_has("cannot replace the profile in ")
        .stderr_has(
            "replace the entry of this name in `profiles` by hand: `{ name: desk, monitors: ",
        );
    desktop.write(
        "config/i3pm-layout/config.yaml",
        "{\"version\": 1, \"profiles\": []}\n",
    );
    desktop
        .run(["adapt", "--save", "desk"])
        .code(2)
        .stderr_has("cannot add the profile to ")
        .stderr_has("add this entry to `profiles` by hand: `{ name: desk, monitors: ");
    let text = std::fs::read_to_string(&path).expect("it exists");
    assert_eq!(text, "{\"version\": 1, \"profiles\": []}\n");
}

#[test]
fn names_of_layouts_and_profiles_are_told_apart() {
    let desktop = docked();
    desktop.configure(&quoted(DOCKED));
    desktop.run(["capture", "lp"]).success();
    desktop
        .run(["adapt", "docked"])
        .code(2)
        .stderr_has("layout `docked` not found")
        .stderr_has("hint: `docked` is a profile: run `i3pm-layout adapt --profile docked`");
    desktop
        .run(["adapt", "--profile", "lp"])
        .code(2)
        .stderr_has("hint: `lp` is a layout: run `i3pm-layout adapt lp`");
    let text = desktop.layout("lp").replace(
        "workspaces:\n  - name",
        "profiles:\n  - { name: two, monitors: [{ output: eDP-1 }] }\nworkspaces:\n  - name",
    );
    desktop.save_text("lp", &text);
    desktop
        .run(["adapt", "--profile", "two"])
        .code(2)
        .stderr_has("layout `lp` has a profile of this name: run `i3pm-layout adapt lp`");
    desktop
        .run(["adapt", "--profile", ""])
        .code(2)
        .stderr_has("the name after `--profile` is empty")
        .stderr_has("AUTORANDR_CURRENT_PROFILE")
        .stderr_lacks("--save");
}

#[test]
fn profile_of_a_layout_decides_for_adapt_apply_and_diff() {
    let desktop = docked();
    desktop.run_i3("[workspace=\"3:code\"] move workspace to output eDP-1");
    desktop.run_i3("[workspace=4] move workspace to output eDP-1");
    desktop.unplug("DP-1");
    desktop.run(["capture", "t"]).success();
    let text = desktop.layout("t");
    let profiles = "\
profiles:
  - name: docked
    monitors: [{ output: eDP-1 }, { output: DP-1 }]
    workspaces:
      - { name: \"3:code\", output: DP-1, visible: true }
      - { name: \"1:mail\", output: eDP-1, visible: true }
    focus: \"1:mail\"
";
    let text = text.replace(
        "workspaces:\n  - name",
        &format!("{profiles}workspaces:\n  - name"),
    );
    desktop.save_text("t", &text);
    let at_home = (
        places(&desktop),
        desktop.visible_workspaces(),
        desktop.focused(),
    );
    desktop.run(["diff", "t"]).success();
    desktop.plug("DP-1", "2560x1440+1920+0");
    adapt(&desktop, "t");
    assert_eq!(desktop.visible_workspaces(), ["1:mail", "3:code"]);
    assert_eq!(desktop.focused(), "lap");
    desktop.run(["diff", "t"]).success();
    desktop.assert_idempotent("t");
    // The file keeps the places without the monitor.
    desktop.run(["capture", "t", "--update"]).success();
    assert_eq!(desktop.layout("t"), text);
    desktop.unplug("DP-1");
    desktop.run(["apply", "t"]).success();
    assert_eq!(
        (
            places(&desktop),
            desktop.visible_workspaces(),
            desktop.focused()
        ),
        at_home
    );
    let listed = desktop.run(["profiles"]).success();
    listed.stdout_has("docked of layout t  does not fit");
}

#[test]
fn best_layout_is_for_exactly_the_connected_monitors() {
    let desktop = docked();
    desktop.run(["capture", "docked"]).success();
    desktop.unplug("DP-1");
    desktop.run(["capture", "mobile"]).success();
    let marks = |desktop: &Desktop| -> Vec<(String, Value)> {
        let listed = desktop.report("list");
        let all = listed.as_array().expect("a list").iter();
        let all = all.map(|one| {
            (
                one["name"].as_str().unwrap_or_default().to_owned(),
                one["fits"].clone(),
            )
        });
        all.collect()
    };
    let pair = |name: &str, fits: bool| (name.to_owned(), json!(fits));
    assert_eq!(
        marks(&desktop),
        [pair("docked", false), pair("mobile", true)]
    );
    desktop
        .run(["apply", "--best"])
        .success()
        .stderr_has("mobile: nothing to do");
    desktop.plug("DP-1", "2560x1440+1920+0");
    assert_eq!(
        marks(&desktop),
        [pair("docked", true), pair("mobile", false)]
    );
    let long = desktop.run(["list", "--long"]).success();
    let row = |marks: &str, name: &str| {
        let mut rows = long.stdout.lines();
        let row = rows.find(|line| line.starts_with(&format!("{marks} {name} ")));
        row.expect(&long.stdout).to_owned()
    };
    assert!(row(">*", "docked").ends_with("4 windows on 3 workspaces  eDP-1, DP-1"));
    assert!(row("> ", "mobile").ends_with("4 windows on 3 workspaces  eDP-1"));
    long.stderr_has("`*` marks the layouts for the connected monitors");
    desktop.run(["list"]).success().stdout_lacks("DP-1");
    desktop
        .run(["apply", "--best"])
        .success()
        .stderr_has("docked: 4 slots already in place, updated: ");
    desktop.run(["capture", "other"]).success();
    // The layout that was captured last on these monitors.
    desktop
        .run(["apply", "--best"])
        .success()
        .stderr_has("other: nothing to do");
    desktop
        .run(["apply", "--best", "mobile"])
        .code(2)
        .stderr_has("no layout is for exactly the connected monitors (eDP-1, DP-1)");
    desktop.run(["apply", "docked"]).success();
    desktop
        .run(["apply", "--best", "other", "docked"])
        .success()
        .stderr_has("docked: nothing to do");
    desktop.run(["rename", "docked", "desk"]).success();
    desktop
        .run(["apply", "--best"])
        .success()
        .stderr_has("desk: nothing to do");
    std::fs::remove_file(desktop.path().join("state/i3pm-layout/monitors.json"))
        .expect("it was written");
    desktop
        .run(["apply", "--best"])
        .code(2)
        .stderr_has("several layouts are for the connected monitors: `desk`, `other`");
    let on_terminal = desktop.command(["list"]).on_terminal().run().success();
    on_terminal.has("mobile ").has("4 windows on 3 workspaces");
}

#[test]
fn best_layout_is_chosen_when_i3_has_noticed_the_monitors() {
    let desktop = docked();
    desktop.run(["capture", "docked"]).success();
    desktop.unplug("DP-1");
    desktop.run(["capture", "mobile"]).success();
    let i3 = Handle::open(desktop.programs("i3")[0]).expect("i3 runs");
    // i3 is still busy when `apply` begins.
    i3.signal(Signal::STOP);
    desktop
        .display()
        .arrange(&[laptop(), Monitor::new("DP-1", "2560x1440+1920+0")]);
    let running = desktop.command(["apply", "--best", "--json"]).start();
    std::thread::sleep(Duration::from_millis(200));
    i3.signal(Signal::CONT);
    let report = running.wait().success().json();
    assert_eq!(report["layout"], "docked", "{report:#}");
}

#[test]
fn workspaces_are_moved_at_a_prompt() {
    let desktop = docked();
    let output = desktop.run(["adapt", "--interactive"]).code(2);
    output.stderr_has("`adapt --interactive` needs a terminal");
    let before = desktop.tree_text();
    let prompt = |text: &str| {
        let command = desktop.command(["adapt", "--interactive"]);
        command.stdin(text).on_terminal().run().success()
    };
    let output = prompt("9 x\nhelp\n1 3:cdoe\n2 3 4\nq\n");
    output
        .stdout_has("no monitor `9`")
        .stdout_has("3:code*")
        .stdout_has("A `*` marks the workspace that a monitor shows")
        .stdout_has("did you mean `3:code`?")
        .stdout_has("nothing to do: the workspaces are there already")
        .stdout_lacks("interactive")
        .stdout_lacks("no monitor `help`");
    assert_eq!(desktop.tree_text(), before);
    let output = prompt("1 3 4\ns both\nq\n");
    output
        .stdout_has("3:code is on eDP-1 now")
        .stdout_has("saved profile `both`");
    let all = places(&desktop);
    assert!(
        all.starts_with("1:mail@eDP-1 3:code@eDP-1 4@eDP-1"),
        "{all}"
    );
    assert_eq!(desktop.visible_workspaces()[0], "3:code");
    adapt(&desktop, "--profile both");
}

#[test]
fn prompt_looks_at_the_monitors_before_each_answer() {
    let desktop = docked();
    let mut running = desktop
        .command(["adapt", "--interactive"])
        .on_terminal()
        .start();
    let ends = |running: &crate::harness::command::Running<'_>, prompts: usize| {
        let text = running.stdout_so_far();
        text.ends_with("> ") && text.matches("> ").count() == prompts
    };
    desktop.wait_until("the prompt is there", || ends(&running, 1));
    desktop.unplug("DP-1");
    let before = desktop.tree_text();
    running.type_text("1 3\n");
    desktop.wait_until("the next prompt is there", || ends(&running, 2));
    assert_eq!(desktop.tree_text(), before);
    // A workspace of i3 since then.
    desktop.run_i3("workspace 8");
    desktop.open_window("new");
    running.type_text("1 8\nq\n");
    let output = running.wait().success();
    output
        .stdout_has("the monitors have changed, so nothing was done")
        .stdout_lacks("no workspace `8`");
    let (_, after) = output
        .stdout
        .split_once("this is the new list")
        .expect("it was found above");
    assert!(!after.contains("2  DP-1"), "{after}");
}

/// The script that the how-to page shows for this hook of autorandr: the first one after its name.
fn documented(hook: &str) -> String {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/how-to/docking.md");
    let page = std::fs::read_to_string(page).expect("the page exists");
    let (_, after) = page
        .split_once(&format!("`~/.config/autorandr/{hook}`"))
        .expect("the page names the hook");
    let (_, script) = after.split_once("```bash\n").expect("a script follows");
    let (script, _) = script.split_once("```").expect("the script ends");
    let lines = script.lines().map(str::trim_start);
    lines.collect::<Vec<_>>().join("\n")
}

/// The command of the key on the how-to page.
fn documented_key() -> String {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/how-to/docking.md");
    let page = std::fs::read_to_string(page).expect("the page exists");
    let (_, key) = page
        .split_once("bindsym $mod+F8 ")
        .expect("the page has a key");
    key.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn hooks_and_key_of_the_how_to_page_work() {
    let desktop = docked();
    for hook in ["preswitch", "postswitch"] {
        let script = documented(hook);
        assert!(script.starts_with("#!/bin/sh\n"), "{script}");
        desktop.write_executable(&format!("home/.config/autorandr/{hook}"), &script);
    }
    let run = |hook: &str| {
        let path = desktop
            .path()
            .join(format!("home/.config/autorandr/{hook}"));
        let mut command = std::process::Command::new(path);
        command.env_clear().envs(desktop.environment());
        command.env("PATH", path_with_program());
        command.env("AUTORANDR_CURRENT_PROFILE", "mobile");
        command.output().expect("the script runs")
    };
    let (before, rect) = (desktop.tree_text(), floating_rect(&desktop));
    for _ in 0..2 {
        let output = run("preswitch");
        assert!(output.status.success(), "{output:?}");
        desktop.unplug("DP-1");
        let first = run("postswitch");
        let text = String::from_utf8_lossy(&first.stderr).into_owned();
        let is_known = !text.contains("no arrangement on them was recorded");
        assert_eq!(first.status.success(), is_known, "{text}");
        run("preswitch");
        desktop.plug("DP-1", "2560x1440+1920+0");
        let output = run("postswitch");
        assert!(output.status.success(), "{output:?}");
        assert_eq!(desktop.tree_text(), before);
        assert_eq!(floating_rect(&desktop), rect);
    }
    // The key, after a change without autorandr.
    desktop.unplug("DP-1");
    desktop.plug("DP-1", "2560x1440+1920+0");
    assert_ne!(desktop.tree_text(), before);
    let program = env!("CARGO_BIN_EXE_i3pm-layout");
    let key = documented_key();
    assert!(key.contains(" i3pm-layout adapt"), "{key}");
    desktop.run_i3(&key.replace("i3pm-layout", program));
    desktop.wait_until("the key has moved the workspaces", || {
        desktop.tree_text() == before
    });
}

/// `PATH` with the directory of the program in front.
fn path_with_program() -> String {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_i3pm-layout"));
    let folder = program.parent().expect("it is in a directory");
    format!("{}:/usr/bin:/bin", folder.display())
}

#[test]
fn name_of_a_profile_is_recognised_by_apply() {
    let desktop = docked();
    desktop.configure(&quoted(DOCKED));
    desktop
        .run(["apply", "docked"])
        .code(2)
        .stderr_has("layout `docked` not found")
        .stderr_has("`docked` is a profile: run `i3pm-layout adapt --profile docked`");
}

#[test]
fn given_monitors_are_not_called_connected() {
    let desktop = docked();
    desktop.configure(&quoted(DOCKED));
    let given = "eDP-1:1920x1080+0+0:primary,HDMI-1:800x600+1920+0";
    let output = desktop.run(["profiles", "--monitors", given]).success();
    output
        .stdout_has("given monitors\n")
        .stdout_has("big, 2560x1440: not given")
        .stdout_has("HDMI-1: given, but not in the profile")
        .stdout_lacks("connected");
}

#[test]
fn workspaces_of_a_profile_that_are_not_open_are_named() {
    let desktop = docked();
    let text = "\
profiles:
  - name: docked
    monitors: [{ output: eDP-1 }, { output: DP-1 }]
    workspaces:
      - { name: \"3\", output: DP-1 }
      - { name: \"77\", output: DP-1 }
      - { name: \"78\", output: eDP-1 }
";
    desktop.configure(text);
    let output = desktop.run(["adapt", "--profile", "docked"]).success();
    output.stderr_has("note: workspaces `77`, `78` of profile `docked` are not open\n");
}

#[test]
fn saved_profile_keeps_line_ends_and_read_only_files() {
    use std::os::unix::fs::PermissionsExt as _;
    let desktop = docked();
    let path = desktop.configure("# mine\nprofiles: []\n");
    let text = std::fs::read_to_string(&path).expect("the file exists");
    std::fs::write(&path, text.replace('\n', "\r\n")).expect("it is writable");
    desktop.run(["adapt", "--save", "desk"]).success();
    let text = std::fs::read_to_string(&path).expect("the file exists");
    assert!(text.contains("name: desk"), "{text}");
    assert!(!text.replace("\r\n", "").contains('\n'), "{text:?}");
    let mode = |mode| std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(&path, mode(0o444)).expect("it is ours");
    desktop.run_i3("workspace 99");
    desktop
        .run(["adapt", "--save", "desk"])
        .code(2)
        .stderr_has("is read-only, and was not replaced")
        .stderr_has("chmod u+w ");
    assert_eq!(std::fs::read_to_string(&path).expect("it exists"), text);
}
