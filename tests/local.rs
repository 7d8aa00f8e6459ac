//! Layouts in the directories of projects: `apply` without a name, and `trust`.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::Path;

use crate::harness::{Desktop, TestWindow, Workspace, layout};

const FILE: &str = "home/site/.i3pm-layout.yaml";

/// Writes the layout of a project with these windows. Returns its directory.
fn save(desktop: &Desktop, names: &[&str]) -> std::path::PathBuf {
    let slots = names.iter().map(|name| {
        let slot = TestWindow::new(name).slot();
        slot.with("cwd: \"${directory}\"")
    });
    let text = layout([Workspace::shown("1").nodes(slots)]);
    desktop.write(FILE, &format!("{text}vars: {{ directory: null }}\n"));
    desktop.create_directory("home/site/deep/er");
    desktop.path().join("home/site")
}

fn set_mode(path: &Path, mode: u32) {
    let permissions = fs::Permissions::from_mode(mode);
    fs::set_permissions(path, permissions).expect("the file is the test's own");
}

#[test]
fn layout_of_a_project_is_applied_after_it_is_trusted() {
    let desktop = Desktop::new();
    let site = save(&desktop, &["a"]);
    let deep = site.join("deep/er");
    let apply = || desktop.command(["apply"]).directory(&deep).run();
    let refused = apply().code(2);
    refused
        .stderr_has(".i3pm-layout.yaml are not trusted yet")
        .stderr_has("hint: read the file, then run `i3pm-layout trust ");
    assert_eq!(desktop.starts(), 0);
    let dry = desktop
        .command(["apply", "--dry-run"])
        .directory(&deep)
        .run();
    dry.success().stdout_has("start programs");

    let trusted = desktop.command(["trust"]).directory(&deep).run().success();
    trusted.stdout_has("a  test-window --instance a");
    let record = desktop.path().join("state/i3pm-layout/trusted.json");
    let mode = fs::metadata(&record)
        .expect("it was written")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    apply().success().stderr_has("restored 1 of 1 slot");
    assert_eq!(desktop.directories_of("test-window"), ["site"]);
    apply().success().stderr_has("nothing to do");

    // With other content, it is a file that the user has not seen.
    save(&desktop, &["a", "b"]);
    apply().code(2).stderr_has("are not trusted yet");
    desktop
        .run([
            "trust",
            &site.join(".i3pm-layout.yaml").display().to_string(),
        ])
        .success();
    apply().success().stderr_has("1 launched");
    save(&desktop, &["a"]);
    apply().code(2).stderr_has("are not trusted yet");
}

#[test]
fn person_sees_the_commands_and_decides() {
    let desktop = Desktop::new();
    let site = save(&desktop, &["a"]);
    for (answer, code, starts) in [("n\n", 2, 0), ("y\n", 0, 1)] {
        let mut running = desktop
            .command(["apply"])
            .directory(&site)
            .on_terminal()
            .start();
        desktop.wait_until("the question is asked", || {
            let printed = running.stdout_so_far() + &running.stderr_so_far();
            printed.contains("Trust this file until it changes?")
        });
        running.type_text(answer);
        running.wait().code(code).has("a  test-window --instance a");
        assert_eq!(desktop.starts(), starts);
    }
    let again = desktop.command(["apply"]).directory(&site).run().success();
    again.stderr_has("nothing to do");
}

#[test]
fn link_is_followed_and_its_target_is_trusted() {
    let desktop = Desktop::new();
    let site = save(&desktop, &["a"]);
    let other = desktop.create_directory("home/other");
    let link = other.join(".i3pm-layout.yaml");
    symlink(site.join(".i3pm-layout.yaml"), &link).expect("the name is free");
    let apply = || desktop.command(["apply"]).directory(&other).run();
    apply().code(2).stderr_has("are not trusted yet");
    desktop.command(["trust"]).directory(&other).run().success();
    apply().success();
    // Other content behind the link.
    let elsewhere = desktop.write("home/elsewhere.yaml", "version: 1\n");
    fs::remove_file(&link).expect("it exists");
    symlink(&elsewhere, &link).expect("the name is free");
    apply().code(2).stderr_has("are not trusted yet");
}

#[test]
fn files_that_others_can_change_are_never_used() {
    let desktop = Desktop::new();
    let site = save(&desktop, &["a"]);
    let file = site.join(".i3pm-layout.yaml");
    desktop.command(["trust"]).directory(&site).run().success();
    set_mode(&file, 0o666);
    for command in ["apply", "trust"] {
        let refused = desktop.command([command]).directory(&site).run().code(2);
        refused.stderr_has("is writable by other users (mode 0666)");
    }
    set_mode(&file, 0o600);
    // Others could put a file into the directory, even if it is sticky.
    set_mode(&site, 0o1777);
    let refused = desktop.command(["apply"]).directory(&site).run().code(2);
    refused
        .stderr_has("is ignored: ")
        .stderr_has("no layout is named");
    set_mode(&site, 0o755);
    if rustix::process::geteuid().is_root() {
        chown(&file, Some(54_321), None).expect("root may do this");
        let refused = desktop.command(["apply"]).directory(&site).run().code(2);
        refused.stderr_has("is owned by another user (uid 54321)");
    }
    assert_eq!(desktop.starts(), 0);
}

#[test]
fn without_a_file_a_name_is_needed() {
    let desktop = Desktop::new();
    let home = desktop.create_directory("home/empty");
    // Above the home directory.
    desktop.write(".i3pm-layout.yaml", "version: 1\n");
    for arguments in [&["apply"][..], &["apply", "root=x"]] {
        let output = desktop.command(arguments).directory(&home).run().code(2);
        output.stderr_has("no layout is named");
    }
}

#[test]
fn changed_content_is_refused_from_everywhere() {
    let desktop = Desktop::new();
    let site = desktop.create_directory("home/site");
    let slot = TestWindow::new("mine").slot();
    let text = layout([Workspace::shown("1").nodes([slot])]);
    let file = desktop.write("home/site/.i3pm-layout.yaml", &text);
    desktop.run(["trust".as_ref(), file.as_os_str()]).success();
    desktop.command(["apply"]).directory(&site).run().success();
    let evil = desktop.path().join("evil");
    let hook = format!("hooks: {{ pre-apply: [touch, {}] }}\n", evil.display());
    desktop.write("home/site/.i3pm-layout.yaml", &format!("{text}{hook}"));
    let elsewhere = desktop.create_directory("home/elsewhere");
    for directory in [&site, &elsewhere] {
        let refused = desktop
            .command(["apply"])
            .directory(directory)
            .run()
            .code(2);
        refused.stderr_has("i3pm-layout trust");
    }
    assert!(!evil.exists());
}

#[test]
fn file_is_the_same_layout_by_its_path() {
    let desktop = Desktop::new();
    let site = save(&desktop, &["a"]);
    let deep = site.join("deep");
    let file = "../.i3pm-layout.yaml";
    let in_deep = |arguments: &[&str]| desktop.command(arguments).directory(&deep).run().success();
    let site = site.display();
    in_deep(&["trust", file]).stdout_has(&format!("(in {site})"));
    in_deep(&["apply"]);
    in_deep(&["apply", file]).stderr_has("nothing to do");
    in_deep(&["diff", file]).stderr_has("no differences");
    // A bar has little space.
    let status = desktop.run(["status", "--short"]).success();
    assert_eq!(status.stdout.trim(), "site");
}
