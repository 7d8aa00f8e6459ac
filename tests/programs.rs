//! Small real programs come back with what they show; `scripts/test-apps` has the
//! large ones.

use std::fs;
use std::path::PathBuf;

use crate::harness::{Desktop, Name};
use crate::roundtrip::comes_back;

/// A directory in the home directory, with a file.
fn directory(desktop: &Desktop, name: &str) -> PathBuf {
    let file = desktop.write(&format!("home/{name}/{name}.txt"), "text\n");
    file.parent().map(PathBuf::from).unwrap_or_default()
}

/// The directories of all processes of this program, in order of the alphabet.
fn directories_of(desktop: &Desktop, program: &str) -> Vec<String> {
    let mut found: Vec<String> = desktop
        .programs(program)
        .into_iter()
        .filter_map(|pid| fs::read_link(format!("/proc/{pid}/cwd")).ok())
        .filter_map(|cwd| Some(cwd.file_name()?.to_str()?.to_owned()))
        .collect();
    found.sort();
    found
}

#[test]
fn urxvt_in_three_directories() {
    let desktop = Desktop::new();
    for name in ["one", "two", "three"] {
        let title = format!("shell in {name}");
        desktop.open_in(&["urxvt", "-title", &title], &directory(&desktop, name));
    }
    let before = desktop.tree_text_by(Name::Title);
    comes_back(&desktop);
    assert_eq!(desktop.tree_text_by(Name::Title), before);
    assert_eq!(directories_of(&desktop, "urxvt"), ["one", "three", "two"]);
}

#[test]
fn gvim_with_two_files() {
    // GTK knows its own icons by the types of files that are described there.
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
    comes_back(&desktop);
    desktop.wait_until("both show their files", || shows_both().is_some());
    assert!(shows_both().is_some_and(|(one, two)| one < two));
}

#[test]
fn urxvtd_opens_its_windows_into_the_slots_that_asked() {
    let desktop = Desktop::new();
    desktop.spawn(&["urxvtd", "-q", "-f"]).wait();
    let client = |name: &str, delay: &str| {
        directory(&desktop, name);
        format!(
            "      - {{ swallow: {{ class: ^URxvt$ }}, cwd: ~/{name}, \
             command: \"sh -c 'sleep {delay}; exec urxvtc -title {name}'\" }}\n"
        )
    };
    let slots = [
        client("one", "0.3"),
        client("two", "0.15"),
        client("three", "0"),
    ];
    desktop.write(
        "config/i3pm-layout/layouts/t.yaml",
        &format!(
            "version: 1\nworkspaces:\n  - name: \"1\"\n    nodes:\n{}",
            slots.concat()
        ),
    );
    desktop.run(["apply", "t"]).success();
    let text = desktop.tree_text_by(Name::Title);
    assert_eq!(text, "1: splith[one* 640, two 640, three 640]\n");
    let report = desktop.run(["apply", "t", "--json"]).success().json();
    assert_eq!(report["commands"], 0, "{report:#}");
}
