//! `doctor`.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixStream;

use serde_json::Value;

use crate::harness::{Desktop, Slot, TestWindow};

const PROGRAM: &str = env!("CARGO_BIN_EXE_i3pm-layout");

/// The results and messages of a check.
fn found(report: &Value, check: &str) -> Vec<(String, String, String)> {
    let checks = report["checks"].as_array().expect("a list");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let checks = checks.iter().filter(|one| one["check"] == check);
    let found: Vec<_> = checks
        .map(|one| {
            (
                text(&one["result"]),
                text(&one["message"]),
                text(&one["fix"]),
            )
        })
        .collect();
    assert!(!found.is_empty(), "no check {check}: {report:#}");
    found
}

/// Fails unless a check has this result with these parts of the message and the fix.
#[track_caller]
fn assert_finds(report: &Value, check: &str, result: &str, message: &str, fix: &str) {
    let found = found(report, check);
    let is_it = |(its, text, its_fix): &(String, String, String)| {
        its == result && text.contains(message) && its_fix.contains(fix)
    };
    assert!(found.iter().any(is_it), "{check}: {found:#?}");
}

fn doctor(desktop: &Desktop) -> Value {
    desktop.run(["doctor", "--json"]).json_or_null()
}

/// Makes the program available on i3's `PATH`.
fn install(desktop: &Desktop) {
    let directory = desktop.create_directory("bin");
    symlink(PROGRAM, directory.join("i3pm-layout")).expect("the directory is writable");
}

#[test]
fn healthy_desktop_needs_no_fix() {
    let desktop = Desktop::builder()
        .config("bindsym Mod4+F9 exec --no-startup-id i3pm-layout apply daily")
        .start();
    install(&desktop);
    desktop.open_window("editor");
    desktop.run(["capture", "daily"]).success();
    let doctor = desktop.run(["doctor"]).success();
    doctor.stdout_has("ok       i3             i3 4.");
    doctor.stdout_has("ok       key-bindings   1 line of the i3 config can run i3pm-layout\n");
    doctor.stdout_lacks("fix:");
    doctor.stderr_has("no problem found");
    let report = desktop.run(["doctor", "--json"]).success().json();
    let checks = report["checks"].as_array().expect("a list");
    // Some kernels do not tell which programs are connected.
    let is_fine = |one: &Value| {
        one["result"] == "ok" || one["check"] == "ipc-clients" && one["result"] == "skipped"
    };
    assert!(checks.iter().all(is_fine), "{report:#}");
    assert!(checks.iter().all(|one| one["fix"].is_null()), "{report:#}");
    assert_eq!(checks.len(), 20, "{report:#}");
}

#[test]
fn key_bindings_that_cannot_work_are_named() {
    let desktop = Desktop::builder()
        .config(
            "bindsym Mod4+F5 exec --no-startup-id i3pm-layout apply daily\n\
             bindsym Mod4+F6 exec /nowhere/i3pm-layout apply daily",
        )
        .start();
    let report = desktop.run(["doctor", "--json"]).code(1).json();
    assert_finds(
        &report,
        "program",
        "error",
        "so this line of the i3 config does nothing: `bindsym Mod4+F5 ",
        &format!("exec --no-startup-id {PROGRAM} apply daily`"),
    );
    assert_finds(
        &report,
        "key-bindings",
        "error",
        "/nowhere/i3pm-layout does not exist",
        &format!("write {PROGRAM} instead of"),
    );
    // A copy of the program, with other arguments.
    let desktop = Desktop::builder()
        .config(
            "bindsym Mod4+F7 exec i3pm-layout aply daily\n\
             bindsym Mod4+F8 exec \"i3pm-layout apply missing && date\"",
        )
        .start();
    desktop.write_executable("bin/i3pm-layout", "#!/bin/sh\n");
    let report = desktop.run(["doctor", "--json"]).code(1).json();
    assert_finds(
        &report,
        "program",
        "warning",
        "but this is",
        "remove one of them",
    );
    assert_finds(
        &report,
        "key-bindings",
        "error",
        "unrecognized subcommand 'aply'",
        "did you mean `apply`? Correct the line, then run `i3-msg reload`",
    );
    assert_finds(
        &report,
        "key-bindings",
        "error",
        "the layout `missing` does not exist",
        "i3pm-layout capture missing",
    );
}

#[test]
fn files_that_cannot_be_used_are_named_with_their_first_mistake() {
    let desktop = Desktop::new();
    install(&desktop);
    desktop.configure("rule: []\nproject: []");
    desktop.save("good", [TestWindow::new("good").slot()]);
    desktop.save_text("bad", "version: 1\nworkspace: []\n");
    desktop.save("open", [Slot::new("x").command("no-such-program-1 x")]);
    let open = desktop.layout_path("open");
    fs::set_permissions(&open, fs::Permissions::from_mode(0o666)).expect("it is ours");
    let records = desktop.records_path();
    fs::create_dir_all(records.parent().expect("it has a parent")).expect("it is writable");
    fs::write(records, "{").expect("the file is writable");
    desktop.write("state/i3pm-layout/runs/29990101-000000-7.jsonl", "{}\n");
    let report = desktop.run(["doctor", "--json"]).code(1).json();
    assert_eq!(report["result"], "error");
    let configuration = found(&report, "configuration");
    assert!(
        configuration[0].1.contains("config.yaml:")
            && configuration[0].1.contains(" more error")
            && configuration[0].2.contains("i3pm-layout validate "),
        "{configuration:?}"
    );
    assert_finds(
        &report,
        "layouts",
        "error",
        "bad.yaml:2:1: unknown key `workspace`",
        "did you mean `workspaces`?",
    );
    assert_finds(&report, "layouts", "ok", "2 layouts can be read", "");
    assert_finds(
        &report,
        "trust",
        "error",
        "is writable by other users",
        "chmod go-w ",
    );
    assert_finds(
        &report,
        "programs",
        "warning",
        "layout `open`: `x`: `no-such-program-1` is not installed",
        "install the program",
    );
    assert_finds(&report, "records", "warning", "cannot read ", "run `rm ");
    assert_finds(
        &report,
        "clock",
        "warning",
        "lies in the future",
        "timedatectl",
    );
    let state = desktop.path().join("state/i3pm-layout");
    fs::set_permissions(state, fs::Permissions::from_mode(0o777)).expect("it is ours");
    // Recorded runs are not looked for there.
    let doctor = desktop.run(["doctor"]).code(1);
    let report = desktop.run(["doctor", "--json"]).code(1).json();
    assert_finds(
        &report,
        "directories",
        "warning",
        "is writable by other users (mode 0777)",
        "run `chmod go-w ",
    );
    assert_finds(&report, "clock", "ok", "no recorded run", "");
    doctor.stderr_has("3 errors to fix, 3 warnings\n");
}

#[test]
fn without_i3_everything_else_is_checked() {
    let desktop = Desktop::new();
    desktop.save_text("bad", "version: 1\nworkspace: []\n");
    let call = desktop
        .command(["doctor", "--json"])
        .env_remove("DISPLAY")
        .env_remove("I3SOCK");
    let report = call.run().code(1).json();
    assert_finds(
        &report,
        "i3",
        "error",
        "cannot reach i3",
        "run this inside an i3 session",
    );
    assert_finds(
        &report,
        "display",
        "error",
        "DISPLAY is not set",
        "export DISPLAY=:0",
    );
    for check in [
        "program",
        "key-bindings",
        "window-rules",
        "daemons",
        "ipc-clients",
        "leftovers",
    ] {
        assert_finds(
            &report,
            check,
            "skipped",
            "because i3 cannot be reached",
            "",
        );
    }
    assert_finds(&report, "layouts", "error", "bad.yaml:2:1", "");
    assert_finds(&report, "directories", "ok", "", "");
}

#[test]
fn sockets_of_other_sessions_are_recognised() {
    let (desktop, other) = (Desktop::new(), Desktop::new());
    install(&desktop);
    let stale = desktop.path().join("stale.sock");
    let call = desktop.command(["doctor", "--json"]).env("I3SOCK", &stale);
    let report = call.run().success().json();
    assert_finds(
        &report,
        "display",
        "warning",
        "stale.sock, where no process listens",
        "unset I3SOCK",
    );
    let call = desktop
        .command(["doctor", "--json"])
        .env("I3SOCK", other.ipc().socket());
    let report = call.run().code(1).json();
    assert_finds(
        &report,
        "display",
        "error",
        "belong to different desktops",
        "unset I3SOCK",
    );
    assert_finds(&report, "i3", "skipped", "belong to different desktops", "");
}

#[test]
fn rules_and_daemons_that_change_layouts_are_named() {
    let desktop = Desktop::builder()
        .config("assign [class=\"^Mail$\"] 7\nfor_window [class=\"^Mail$\"] border none")
        .start();
    install(&desktop);
    let slot = TestWindow::new("mail").slot();
    let slot = slot.swallow("class: ^Mail$, instance: ^mail$");
    desktop.save("daily", [slot]);
    let report = doctor(&desktop);
    assert_finds(
        &report,
        "window-rules",
        "warning",
        "`assign [class=\"^Mail$\"] 7` affects `mail` (daily)",
        "remove the rule",
    );
    assert_eq!(found(&report, "window-rules").len(), 1);
    assert_finds(&report, "daemons", "ok", "no program", "");
    let cue = "read x < \"$0.fifo\"";
    for name in ["autotiling", "i3wsr"] {
        let script =
            desktop.write_executable(&format!("bin/{name}"), &format!("#!/bin/sh\n{cue}\n"));
        let fifo = script.with_extension("fifo");
        let made = std::process::Command::new("mkfifo").arg(&fifo).status();
        assert!(made.expect("mkfifo is installed").success());
        desktop.spawn(&[script.to_str().expect("UTF-8")]);
    }
    desktop.wait_until("both daemons are running", || {
        found(&doctor(&desktop), "daemons").len() == 2
    });
    let report = desktop.run(["doctor", "--json"]).success().json();
    assert_finds(
        &report,
        "daemons",
        "warning",
        "`autotiling` splits containers",
        "`diff`",
    );
    // The only workspace has a number.
    assert_finds(&report, "daemons", "ok", "`i3wsr` renames workspaces", "");
    let layout = desktop.layout("daily").replace("name: \"1\"", "name: mail");
    desktop.save_text("named", &layout);
    let report = doctor(&desktop);
    assert_finds(
        &report,
        "daemons",
        "warning",
        "`i3wsr` renames",
        "begin the name of each",
    );
}

#[test]
fn leftovers_of_a_killed_run_are_an_error() {
    let desktop = Desktop::new();
    install(&desktop);
    let never = Slot::without_window("never");
    desktop.save("t", [never, TestWindow::new("good").slot()]);
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until_filled("good");
    assert_finds(
        &doctor(&desktop),
        "leftovers",
        "ok",
        "a command is running",
        "",
    );
    running.kill();
    let report = desktop.run(["doctor", "--json"]).code(1).json();
    assert_finds(
        &report,
        "leftovers",
        "error",
        "has left",
        "i3pm-layout recover",
    );
    desktop.run(["recover"]).success();
    assert_finds(
        &doctor(&desktop),
        "leftovers",
        "ok",
        "no interrupted run",
        "",
    );
}

#[test]
fn misspelt_names_in_key_bindings_are_corrected() {
    let desktop = Desktop::builder()
        .config(
            "bindsym Mod4+F1 exec i3pm-layout edit dialy\n\
             bindsym Mod4+F2 exec i3pm-layout preview daily --svgg x\n\
             bindsym Mod4+F3 exec i3pm-layout adapt --profile offcie\n\
             bindsym Mod4+F4 exec --no-startup-id i3pm-layuot apply daily\n\
             bindsym Mod4+F5 exec i3pm-layout apply --best daily nmae\n\
             bindsym Mod4+F6 exec i3pm-layout rename daily other\n\
             bindsym Mod4+F7 exec i3-layout apply daily\n\
             bindsym Mod4+F8 exec i3pm-layout adapt --profile office\n\
             bindsym Mod4+F9 exec i3pm-layout revert deleted last",
        )
        .start();
    install(&desktop);
    // Another program with a similar name.
    desktop.write_executable("bin/i3-layout", "#!/bin/sh\n");
    desktop.configure("profiles:\n  - name: office\n    monitors: [{ output: eDP-1 }]\n    workspaces: [{ name: \"1\", output: eDP-1 }]\n");
    for name in ["daily", "deleted"] {
        desktop.save(name, [Slot::new("x").command("xterm")]);
    }
    desktop.run(["delete", "deleted"]).success();
    let report = desktop.run(["doctor", "--json"]).code(1).json();
    for (message, fix) in [
        ("the layout `dialy` does not exist", "did you mean `daily`?"),
        ("'--svgg'", "did you mean `--svg`?"),
        (
            "the profile `offcie` does not exist",
            "did you mean `office`?",
        ),
        (
            "`i3pm-layuot` does not exist",
            "Change the line to `bindsym Mod4+F4 exec --no-startup-id i3pm-layout apply daily`",
        ),
        (
            "the layout `nmae` does not exist",
            "run `i3pm-layout capture nmae` to create it",
        ),
    ] {
        assert_finds(&report, "key-bindings", "error", message, fix);
    }
    assert_finds(&report, "key-bindings", "ok", "3 lines", "");
    assert_eq!(found(&report, "key-bindings").len(), 6, "{report:#}");
}

#[test]
fn names_of_layouts_that_cannot_be_used_are_found() {
    let desktop = Desktop::new();
    install(&desktop);
    desktop.save("dev", [Slot::new("x").command("xterm")]);
    let second = desktop.layout_path("dev").with_extension("json");
    fs::write(&second, "{\"version\": 1, \"workspaces\": []}\n").expect("it is writable");
    let folder = desktop.layout_path("dev").with_file_name("folder.yaml");
    fs::create_dir(&folder).expect("it is writable");
    let pipe = desktop.layout_path("dev").with_file_name("pipe.yml");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo is installed").success());
    let link = desktop.layout_path("dev").with_file_name("link.yaml");
    symlink("nowhere", &link).expect("it is writable");
    let report = desktop.run(["doctor", "--json"]).success().json();
    assert_finds(
        &report,
        "layouts",
        "warning",
        "is a symbolic link to a file that does not exist",
        &format!("or run `rm {}`", link.display()),
    );
    assert_finds(
        &report,
        "layouts",
        "warning",
        "two files are named `dev`: ",
        &format!(
            "run `mv -n {} {}`",
            second.display(),
            second.with_file_name("dev-json.json").display()
        ),
    );
    for path in [folder, pipe] {
        assert_finds(
            &report,
            "layouts",
            "warning",
            "has the name of a layout file, but is not a regular file",
            &format!("run `mv -n {0} {0}.old`", path.display()),
        );
    }
}

#[test]
fn folder_that_others_can_write_is_one_problem_for_all_layouts() {
    let desktop = Desktop::new();
    install(&desktop);
    for name in ["a", "b"] {
        desktop.save(name, [Slot::new("x").command("xterm")]);
    }
    let path = desktop.layout_path("a");
    let folder = path.parent().expect("it has a parent");
    fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).expect("it is ours");
    let report = desktop.run(["doctor", "--json"]).code(1).json();
    let trust = found(&report, "trust");
    assert_eq!(trust.len(), 1, "{trust:?}");
    assert!(trust[0].2.contains("chmod go-w "), "{trust:?}");
}

#[test]
fn directory_in_the_place_of_a_file_has_a_fix_that_works() {
    let desktop = Desktop::new();
    install(&desktop);
    for path in [
        "state/i3pm-layout/monitors.json",
        "config/i3pm-layout/config.yaml",
    ] {
        let path = desktop.create_directory(path);
        let fix = format!("run `mv -n {0} {0}.old`", path.display());
        let report = desktop.run(["doctor", "--json"]).json();
        let checks = report["checks"].as_array().expect("a list");
        let is_it = |one: &Value| one["fix"].as_str().is_some_and(|text| text.contains(&fix));
        assert!(checks.iter().any(is_it), "{report:#}");
        fs::remove_dir(path).expect("it is ours");
    }
}

#[test]
fn session_without_a_directory_is_named() {
    let desktop = Desktop::new();
    install(&desktop);
    let user = rustix::process::geteuid().as_raw();
    let doctor = desktop.command(["doctor", "--json"]);
    let report = doctor.env_remove("XDG_RUNTIME_DIR").run().json();
    let directories = found(&report, "directories");
    let is_named = directories
        .iter()
        .any(|(_, text, _)| text.contains("XDG_RUNTIME_DIR is not set"));
    let session = format!("/run/user/{user}");
    assert_eq!(
        is_named,
        !std::path::Path::new(&session).is_dir(),
        "{directories:?}"
    );
}

#[test]
fn directory_with_an_access_control_list_has_a_fix_that_works() {
    let desktop = Desktop::new();
    install(&desktop);
    let state = desktop.create_directory("state/i3pm-layout");
    let set = std::process::Command::new("setfacl")
        .args(["-m", "u:54321:rwx"])
        .arg(&state)
        .status();
    if !set.is_ok_and(|status| status.success()) {
        // Without setfacl, or on a file system without lists.
        return;
    }
    let report = doctor(&desktop);
    assert_finds(
        &report,
        "directories",
        "warning",
        "with an access control list",
        &format!("run `setfacl -b {0}` and `chmod go-w {0}`", state.display()),
    );
}

#[test]
fn programs_that_are_connected_to_i3_are_named() {
    let desktop = Desktop::new();
    install(&desktop);
    // This test is connected.
    let _connection = UnixStream::connect(desktop.ipc().socket()).expect("i3 listens");
    let own = std::env::current_exe().expect("the program has a file");
    let own = own.file_name().expect("it has a name").to_string_lossy();
    let report = desktop.run(["doctor", "--json"]).success().json();
    let (result, message, _) = &found(&report, "ipc-clients")[0];
    // Some kernels do not tell.
    assert!(
        result == "ok" && message.contains(&format!("`{own}`"))
            || result == "skipped" && message.contains("unix_diag"),
        "{report:#}"
    );
}

#[test]
fn result_for_a_key_binding_is_in_i3_nagbar() {
    let desktop = Desktop::new();
    desktop.save_text("bad", "version: 1\nworkspace: []\n");
    desktop.run_i3(&format!("exec --no-startup-id {PROGRAM} doctor"));
    desktop.wait_until("i3-nagbar is running", || {
        !desktop.programs("i3-nagbar").is_empty()
    });
}

#[test]
fn hooks_that_are_never_run_are_found() {
    let desktop = Desktop::new();
    let script = "#!/bin/sh\n";
    let folder = "config/i3pm-layout/hooks.d";
    desktop.write_executable(&format!("{folder}/pre-aply/10-mine"), script);
    desktop.write_executable(&format!("{folder}/party"), script);
    desktop.write(&format!("{folder}/post-apply/20-idle"), script);
    // Nobody expects these to run.
    desktop.write_executable(&format!("{folder}/pre-apply.disabled"), script);
    desktop.write(&format!("{folder}/README"), "Hooks.\n");
    desktop.write_executable(&format!("{folder}/post-apply/30-good"), script);
    let open = desktop.write_executable(&format!("{folder}/pre-capture"), script);
    fs::set_permissions(open, fs::Permissions::from_mode(0o777))
        .expect("the file is the test's own");
    let report = doctor(&desktop);
    let finds = |result: &str, message: &str, fix: &str| {
        assert_finds(&report, "hooks", result, message, fix);
    };
    finds("warning", "pre-aply is never run", "hooks.d/pre-apply`");
    finds("warning", "party is never run", "`on-incomplete`");
    finds(
        "warning",
        "20-idle is not run, because it is not executable",
        "chmod +x",
    );
    finds("error", "writable by other users", "chmod go-w");
    finds("ok", "1 hook can run", "");
    let text = report.to_string();
    assert!(
        !text.contains("README") && !text.contains("disabled"),
        "{text}"
    );
}

#[test]
fn missing_completions_are_a_warning_unless_a_start_up_file_has_them() {
    let desktop = Desktop::builder().env("SHELL", "/bin/bash").start();
    let report = || {
        let output = desktop
            .command(["doctor", "--json"])
            .env("SHELL", "/bin/bash")
            .run();
        output.json_or_null()
    };
    assert_finds(
        &report(),
        "completions",
        "warning",
        "does not complete",
        "completions bash >",
    );
    desktop.write("home/.bashrc", "source <(i3pm-layout completions bash)\n");
    assert_finds(
        &report(),
        "completions",
        "ok",
        ".bashrc asks for the completions",
        "",
    );
}
