//! Desktop notifications, with the real dunst. What the bus has transported is the proof.

use std::fs::{self, File};
use std::process::{Child, Command};

use crate::harness::{Desktop, TestWindow, Workspace, layout};

/// A desktop with a session bus, a server of notifications, and a record of all calls to it.
struct Notified {
    desktop: Desktop,
    monitor: Child,
}

impl Notified {
    fn new() -> Self {
        let desktop = Desktop::builder().session_bus().start();
        let server = desktop.spawn(&["dunst"]);
        desktop.wait_until("the server is on the bus", || {
            let call = [
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.DBus",
                "/",
                "org.freedesktop.DBus.GetNameOwner",
                "string:org.freedesktop.Notifications",
            ];
            command(&desktop, "dbus-send", &call)
                .output()
                .is_ok_and(|output| output.status.success())
        });
        drop(server);
        let file = File::create(desktop.path().join("log/bus")).expect("the file is writable");
        let monitor = command(
            &desktop,
            "dbus-monitor",
            &["--session", "interface='org.freedesktop.Notifications'"],
        )
        .stdout(file)
        .spawn()
        .expect("dbus-monitor is installed");
        let notified = Self { desktop, monitor };
        // It prints a line when it has become a monitor.
        notified.wait_for("NameLost");
        notified
    }

    fn calls(&self) -> String {
        fs::read_to_string(self.desktop.path().join("log/bus")).unwrap_or_default()
    }

    fn wait_for(&self, text: &str) {
        let what = format!("`{text}` is on the bus");
        self.desktop
            .wait_until(&what, || self.calls().contains(text));
    }
}

impl Drop for Notified {
    fn drop(&mut self) {
        let _ = self.monitor.kill();
        let _ = self.monitor.wait();
    }
}

fn command(desktop: &Desktop, program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env_clear()
        .envs(desktop.environment());
    command
}

/// Saves a layout with this window.
fn save(desktop: &Desktop, window: &TestWindow) {
    desktop.save_text(
        "dev",
        &layout([Workspace::shown("1").nodes([window.slot()])]),
    );
}

#[test]
fn progress_and_result_are_shown_in_one_notification() {
    let notified = Notified::new();
    let desktop = &notified.desktop;
    save(desktop, &TestWindow::late("a"));
    let run = desktop.command(["apply", "dev", "--notify"]).start();
    notified.wait_for("dev: 0 of 1 slot, waiting for `a`");
    desktop.cue("a");
    run.wait().success().stderr_has("restored 1 of 1 slot");
    notified.wait_for("dev: restored 1 of 1 slot");
    let calls = notified.calls();
    assert_eq!(calls.matches("member=Notify\n").count(), 2, "{calls}");
    // The second call replaces the notification of the first one.
    assert_eq!(calls.matches("   uint32 0\n").count(), 1, "{calls}");

    desktop.run(["capture", "dev", "--force"]).success();
    let calls = notified.calls();
    assert_eq!(calls.matches("member=Notify\n").count(), 2, "{calls}");
    desktop
        .run(["capture", "--workspace", "8", "x", "--notify"])
        .code(2);
    notified.wait_for("8");
}

#[test]
fn configuration_asks_for_notifications_of_commands_without_a_terminal() {
    let notified = Notified::new();
    let desktop = &notified.desktop;
    save(desktop, &TestWindow::new("a"));
    desktop.write(
        "config/i3pm-layout/config.yaml",
        "version: 1\nnotify: true\n",
    );
    let seen = desktop.command(["apply", "dev"]).on_terminal().run();
    seen.success();
    let program = env!("CARGO_BIN_EXE_i3pm-layout");
    desktop.run_i3(&format!("exec --no-startup-id {program} apply dev"));
    notified.wait_for("dev: nothing to do");
    let calls = notified.calls();
    assert_eq!(calls.matches("member=Notify\n").count(), 1, "{calls}");

    // What i3-nagbar shows is not shown twice.
    desktop.save_text("bad", "version: 1\nworkspace: []\n");
    desktop.run_i3(&format!("exec --no-startup-id {program} apply bad"));
    desktop.wait_until("i3-nagbar is running", || {
        !desktop.programs("i3-nagbar").is_empty()
    });
    desktop.run(["apply", "dev", "--notify"]).success();
    let calls = notified.calls();
    assert!(!calls.contains("workspace"), "{calls}");
}

#[test]
fn run_does_not_depend_on_the_server() {
    let desktop = Desktop::new();
    save(&desktop, &TestWindow::new("a"));
    let run = desktop.run(["apply", "dev", "--notify"]).success();
    run.stderr_has("restored 1 of 1 slot")
        .stderr_has("warning: cannot show a notification: ");
}

#[test]
fn commands_without_a_notification_refuse_the_option() {
    let desktop = Desktop::new();
    for command in [&["try", "two-monitors"][..], &["list"]] {
        let refused = desktop.run([command, &["--notify"]].concat()).code(2);
        refused.stderr_has("this command shows no notification");
    }
    desktop.run(["session", "list", "--notify"]).success();
}
