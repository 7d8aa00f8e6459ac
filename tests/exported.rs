//! The output of `compile` works with plain i3-msg.

use crate::harness::Desktop;

#[test]
fn exported_files_restore_the_desktop_with_plain_i3_msg() {
    let desktop = Desktop::builder().two_monitors().start();
    let open = |name: &str| desktop.open_window(name).con();
    desktop.run_i3("focus output eDP-1; workspace 1:code");
    open("a");
    open("b");
    desktop
        .run_i3("[instance=a] resize set width 1200 px; [instance=b] focus; mark right; split v");
    open("c");
    desktop.run_i3("layout tabbed; mark --add tabs");
    let d = open("d");
    desktop.run_i3(&format!(
        "[con_id={d}] floating enable, resize set 500 px 400 px, move absolute position 222 px 333 px, sticky enable"
    ));
    desktop.run_i3("focus output DP-1; workspace 2");
    open("e");
    open("f");
    // On a workspace with windows, i3 creates a container of this layout.
    desktop.run_i3("layout stacking");
    let before = desktop.tree_text();
    desktop.run(["capture", "t"]).success();
    let out = desktop.path().join("tmp/out");
    let out = out.to_str().expect("it is ASCII");
    let script = desktop.run(["compile", "t", "-o", out]).success().stdout;

    desktop.close_all_windows();
    desktop.run_i3("focus output eDP-1; workspace 9");
    let status = desktop.spawn(&["sh", "-c", script.as_str()]).wait();
    assert!(status.success(), "{script}");
    // The order differs from that of the placeholders.
    for name in ["f", "c", "a", "e", "d", "b"] {
        open(name);
    }
    desktop.sync();
    desktop.run_i3("[instance=f] focus");
    assert_eq!(
        desktop.tree_text().replace('*', ""),
        before.replace('*', ""),
        "{script}"
    );
}

#[test]
fn apply_trusts_what_capture_has_written_with_any_umask() {
    let desktop = Desktop::new();
    desktop.open_window("a");
    let program = env!("CARGO_BIN_EXE_i3pm-layout");
    let script = format!("umask 000; exec {program} capture t");
    let status = desktop.spawn(&["sh", "-c", &script]).wait();
    assert!(status.success(), "{status}");
    desktop.run(["apply", "t"]).success();
}
