//! The menu of layouts, with the real rofi, dmenu and fzf.

use std::process::Command;

use crate::harness::Desktop;

/// Presses keys, as soon as the program has a window.
fn press(desktop: &Desktop, class: &str, keys: &[&str]) {
    let xdotool = |arguments: &[&str]| {
        let mut command = Command::new("xdotool");
        command.args(arguments).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.envs(desktop.environment());
        command.status().expect("xdotool is installed")
    };
    // rofi and dmenu grab the keyboard before they show their window.
    let shown = xdotool(&["search", "--sync", "--onlyvisible", "--class", class]);
    assert!(shown.success());
    for key in keys {
        assert!(xdotool(&["key", key]).success());
    }
}

/// A desktop with two saved layouts and without windows.
fn desktop() -> Desktop {
    let desktop = Desktop::new();
    desktop.open_window("mail");
    desktop.run(["capture", "mail"]).success();
    desktop.close_all_windows();
    desktop.open_window("code");
    desktop.run(["capture", "dev"]).success();
    desktop.close_all_windows();
    desktop
}

#[test]
fn layout_chosen_in_rofi_is_restored() {
    let desktop = desktop();
    let program = env!("CARGO_BIN_EXE_i3pm-layout");
    desktop.run_i3(&format!("exec --no-startup-id {program} menu"));
    press(&desktop, "rofi", &["m", "a", "Return"]);
    desktop.wait_until("the layout is restored", || {
        desktop.arrangement().contains("mail")
    });
    desktop.wait_until("the menu is closed", || desktop.programs("rofi").is_empty());
    assert!(!desktop.arrangement().contains("code"));
}

#[test]
fn layout_chosen_in_dmenu_is_restored() {
    let desktop = desktop();
    let program = env!("CARGO_BIN_EXE_i3pm-layout");
    desktop.run_i3(&format!("exec --no-startup-id {program} menu --with dmenu"));
    press(&desktop, "dmenu", &["d", "e", "Return"]);
    desktop.wait_until("the layout is restored", || {
        desktop.arrangement().contains("code")
    });
}

#[test]
fn rows_for_rofi_have_pictures_and_lead_to_actions() {
    let desktop = desktop();
    let rows = |info: &str| {
        let mut command = desktop.command(["menu", "a row"]);
        command = command.env("ROFI_RETV", "1").env("ROFI_INFO", info);
        command = command.env("TERMINAL", "xterm");
        command.run().success().stdout.clone()
    };
    desktop.save_text("broken", "version: 7\n");
    let first = rows("");
    assert!(
        first.contains("broken (invalid)\0info\x1fdo apply broken\n"),
        "{first:?}"
    );
    let row = first
        .lines()
        .find(|line| line.starts_with("dev"))
        .expect(&first);
    let icon = row.split('\x1f').nth(1).expect(row);
    let picture = std::fs::read(icon).expect("the picture is a file");
    assert!(picture.starts_with(b"\x89PNG"), "{icon}");
    assert!(row.ends_with("info\x1fdo apply dev"), "{row:?}");
    assert!(rows("actions").contains("Delete\0info\x1ffor delete"));
    assert!(rows("do delete dev").contains("info\x1fsure delete dev"));
    // Only a second answer deletes.
    assert!(desktop.layout_path("dev").exists());
    assert_eq!(rows("sure delete dev"), "");
    desktop.wait_until("the layout is deleted", || {
        !desktop.layout_path("dev").exists()
    });
    assert_eq!(rows("do diff mail"), "");
    desktop.wait_until("a terminal shows the differences", || {
        !desktop.programs("xterm").is_empty()
    });
}

#[test]
fn layout_chosen_in_fzf_is_restored() {
    let desktop = desktop();
    let socket = desktop.path().join("runtime/tmux").display().to_string();
    // A terminal that answers fzf's questions at once, and whose screen can be read.
    let tmux = |arguments: &[&str]| {
        let mut command = Command::new("tmux");
        command.args(["-S", &socket]).args(arguments).env_clear();
        let output = command.envs(desktop.environment()).output();
        let output = output.expect("tmux is installed");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let menu = format!("{} menu --with fzf", env!("CARGO_BIN_EXE_i3pm-layout"));
    tmux(&["new-session", "-d", "-x", "80", "-y", "24", &menu]);
    let shows = |dev: bool| {
        let screen = tmux(&["capture-pane", "-p"]);
        screen.contains("dev") == dev && screen.contains("mail")
    };
    desktop.wait_until("fzf shows the layouts", || shows(true));
    tmux(&["send-keys", "mai"]);
    // It searches while it reads keys, and Enter takes what was found by then.
    desktop.wait_until("fzf has searched", || shows(false));
    tmux(&["send-keys", "Enter"]);
    desktop.wait_until("the layout is restored", || {
        desktop.arrangement().contains("mail")
    });
}

#[test]
fn text_that_is_no_entry_of_dmenu_is_an_error() {
    let desktop = desktop();
    let running = desktop.command(["menu", "--with", "dmenu"]).start();
    press(&desktop, "dmenu", &["x", "y", "z", "Return"]);
    let refused = running.wait().code(2);
    refused.stderr_has("`xyz` is not an entry of the menu");
}

#[test]
fn menu_without_layouts_says_so() {
    let desktop = Desktop::new();
    let refused = desktop.run(["menu", "--with", "dmenu"]).code(2);
    refused.stderr_has("there is no saved layout to choose from");
    refused.stderr_has("i3pm-layout capture NAME");
}
