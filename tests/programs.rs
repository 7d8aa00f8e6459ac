//! Small real programs are restored with their content; `scripts/test-apps` tests large
//! programs.

use std::path::PathBuf;

use crate::harness::{Desktop, Name, Slot};
use crate::roundtrip::assert_round_trip;

/// Creates a directory with a file in the home directory.
fn directory(desktop: &Desktop, name: &str) -> PathBuf {
    let file = desktop.write(&format!("home/{name}/{name}.txt"), "text\n");
    file.parent().map(PathBuf::from).unwrap_or_default()
}

#[test]
fn urxvt_in_three_directories() {
    let desktop = Desktop::new();
    for name in ["one", "two", "three"] {
        let title = format!("shell in {name}");
        desktop.open_in(&["urxvt", "-title", &title], &directory(&desktop, name));
    }
    let before = desktop.tree_text_by(Name::Title);
    assert_round_trip(&desktop);
    assert_eq!(desktop.tree_text_by(Name::Title), before);
    // A terminal is forked before its shell starts, so there are two processes for a moment.
    desktop.wait_until("each terminal is in its directory", || {
        desktop.directories_of("urxvt") == ["one", "three", "two"]
    });
}

#[test]
fn gvim_with_two_files() {
    // GTK finds its own icons through the file types described there.
    let desktop = Desktop::builder()
        .env("XDG_DATA_DIRS", "/usr/share")
        .start();
    for name in ["one", "two"] {
        let file = format!("{name}.txt");
        desktop.open_in(&["gvim", "-f", &file], &directory(&desktop, name));
    }
    let shows_both = || {
        let text = desktop.tree_text_by(Name::Title);
        text.find("one.txt (~/one)")
            .zip(text.find("two.txt (~/two)"))
    };
    desktop.wait_until("both show their files", || shows_both().is_some());
    assert_round_trip(&desktop);
    desktop.wait_until("both show their files", || shows_both().is_some());
    assert!(shows_both().is_some_and(|(one, two)| one < two));
}

#[test]
fn urxvtd_windows_fill_the_slots_of_their_clients() {
    let desktop = Desktop::new();
    desktop.spawn(&["urxvtd", "-q", "-f"]).wait();
    let client = |name: &str| {
        directory(&desktop, name);
        let wait = desktop.wait_for_cue(name);
        Slot::new(name)
            .swallow("class: ^URxvt$")
            .with(&format!("cwd: ~/{name}"))
            .command(&format!("sh -c '{wait}; exec urxvtc -title {name}'"))
    };
    desktop.save("t", ["one", "two", "three"].map(client));
    let running = desktop.command(["apply", "t"]).start();
    for name in ["three", "two", "one"] {
        desktop.cue(name);
        desktop.wait_for_title(name);
    }
    running.wait().success();
    assert_eq!(
        desktop.tree_text_by(Name::Title),
        "1: splith[one* 640, two 640, three 640]\n"
    );
    desktop.assert_idempotent("t");
}
