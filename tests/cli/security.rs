//! Files, folders and directories of other users, and files that are none.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown, lchown, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::time::Duration;

use rustix::fs::{CWD, FileType, Mode, XattrFlags, mknodat, setxattr};

use super::{Home, read};
use crate::harness::Desktop;

/// The user of files that are not the test's own.
const OTHER: u32 = 54_321;

/// Longer than any call takes that does not wait for a pipe.
const AT_ONCE: Duration = Duration::from_secs(20);

fn pipe(path: &Path) {
    let mode = Mode::from_raw_mode(0o600);
    mknodat(CWD, path, FileType::Fifo, mode, 0).expect("the folder is writable");
}

fn set_mode(path: &Path, mode: u32) {
    let permissions = fs::Permissions::from_mode(mode);
    fs::set_permissions(path, permissions).expect("the file is the test's own");
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[test]
fn pipes_sockets_devices_and_folders_are_refused_at_once() {
    let home = Home::new();
    home.layout("daily");
    let layouts = home.path(".config/i3pm-layout/layouts");
    pipe(&layouts.join("pipe.yaml"));
    let _listener = UnixListener::bind(layouts.join("socket.yaml")).expect("the name is free");
    symlink("/dev/zero", layouts.join("device.yaml")).expect("the name is free");
    fs::create_dir(layouts.join("folder.yaml")).expect("the name is free");
    for (name, error) in [
        ("pipe", "pipe.yaml is a named pipe, not a file"),
        ("socket", "socket.yaml is a socket, not a file"),
        ("device", "device.yaml is a device, not a file"),
        ("folder", "Is a directory"),
        (".config/i3pm-layout/layouts/pipe.yaml", "`-` and `< "),
    ] {
        for command in ["show", "validate", "edit", "delete", "apply"] {
            let output = home.command(&[command, name]).timeout(AT_ONCE).output();
            let output = output.expect("the program is built");
            let printed = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{command} {name} {printed}");
            assert!(printed.contains(error), "{command} {name} {printed}");
        }
    }
    let listed = home.run(&["list"]);
    assert!(
        listed.contains("daily") && !listed.contains("pipe"),
        "{listed}"
    );
    fs::remove_file(layouts.join("pipe.yaml")).expect("the file is the test's own");
    pipe(&home.path(".config/i3pm-layout/config.yaml"));
    for command in ["config", "diagnose"] {
        let output = home.command(&[command]).timeout(AT_ONCE).output();
        let output = output.expect("the program is built");
        let printed = [output.stdout, output.stderr].concat();
        let printed = String::from_utf8_lossy(&printed);
        assert!(printed.contains("config.yaml is a named pipe"), "{printed}");
        let hint = "then write the configuration into a file";
        assert!(printed.contains(hint), "{printed}");
        assert!(!printed.contains("to read from the pipe"), "{printed}");
    }
}

#[test]
fn pipes_in_folders_of_the_program_do_not_stop_a_run() {
    let desktop = Desktop::new();
    desktop.open_window("a");
    desktop.run(["capture", "t"]).success();
    let state = desktop.path().join("state/i3pm-layout");
    for entry in fs::read_dir(state.join("captured")).expect("capture has recorded the file") {
        let path = entry.expect("the folder can be read").path();
        fs::remove_file(&path).expect("the file is the test's own");
        pipe(&path);
    }
    pipe(&state.join("runs/20200101-000000-1.jsonl"));
    for entry in fs::read_dir(desktop.path().join("runtime/i3pm-layout")).expect("it exists") {
        let path = entry.expect("the folder can be read").path();
        if path.to_string_lossy().contains("records") {
            fs::remove_file(&path).expect("the file is the test's own");
            pipe(&path);
        }
    }
    desktop.run(["apply", "t"]).success();
    desktop.run(["history"]).success();
    desktop.run(["capture", "t", "--force"]).success();
}

#[test]
fn pipes_of_the_shell_are_read() {
    let home = Home::new();
    let file = home.layout("daily").display().to_string();
    let program = env!("CARGO_BIN_EXE_i3pm-layout");
    for script in [
        format!("{program} validate <(sleep 0.1; cat {file})"),
        format!("cat {file} | {program} validate /dev/stdin"),
        format!("cat {file} | {program} validate -"),
        format!("{program} validate /dev/stdin < {file}"),
        format!("mkfifo p; cat {file} > p & {program} validate - < p"),
        format!("{program} validate /dev/fd/9 9< <(cat {file})"),
    ] {
        let output = assert_cmd::Command::new("bash")
            .args(["-c", &script])
            .current_dir(home.path(""))
            .env("HOME", home.path(""))
            .timeout(AT_ONCE)
            .output()
            .expect("bash is installed");
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(printed.contains(" is valid: "), "{script}\n{output:?}");
    }
}

#[test]
fn folders_up_to_the_root_count() {
    let home = Home::new();
    let inner = home.write("shared/team/inner/a.yaml", &read(home.layout("a")));
    set_mode(&home.path("shared"), 0o777);
    let refused = home.run(&["apply", &inner.display().to_string()]);
    assert!(
        refused.contains("shared is writable by other users (mode 0777)")
            && refused.contains("chmod go-w ")
            && refused.contains("/shared`; or pass `--trust`"),
        "{refused}"
    );
    // As in /tmp, nobody else can replace the folders in it.
    set_mode(&home.path("shared"), 0o1777);
    let trusted = home.run(&["apply", &inner.display().to_string()]);
    assert!(!trusted.contains("refusing"), "{trusted}");
    if is_root() {
        chown(home.path("shared"), Some(OTHER), None).expect("the test runs as root");
        let refused = home.run(&["apply", &inner.display().to_string()]);
        let expected = "is owned by another user (uid 54321)";
        assert!(
            refused.contains("shared ") && refused.contains(expected),
            "{refused}"
        );
    }
    // The configuration, whose commands end up in layouts.
    home.write(".config/i3pm-layout/config.yaml", "version: 1\n");
    set_mode(&home.path(".config"), 0o777);
    let refused = home.run(&["config"]);
    assert!(
        refused.contains("refusing to use the configuration ") && refused.contains("/.config`")
            || refused.contains("`chmod go-w ~/.config`"),
        "{refused}"
    );
}

#[test]
fn access_control_lists_count() {
    let home = Home::new();
    let path = home.layout("a");
    // user::rw-, user:54321:rw-, group::r--, mask::rw-, other::r-- (acl(5)).
    let entries: [(u16, u16, u32); 5] = [
        (0x01, 6, u32::MAX),
        (0x02, 6, OTHER),
        (0x04, 4, u32::MAX),
        (0x10, 6, u32::MAX),
        (0x20, 4, u32::MAX),
    ];
    let mut value = 2_u32.to_le_bytes().to_vec();
    for (tag, permissions, id) in entries {
        value.extend(tag.to_le_bytes());
        value.extend(permissions.to_le_bytes());
        value.extend(id.to_le_bytes());
    }
    let name = "system.posix_acl_access";
    setxattr(&path, name, &value, XattrFlags::empty()).expect("the file system has lists");
    let refused = home.run(&["apply", "a"]);
    assert!(
        refused.contains("is writable by uid 54321 (access control list)")
            && refused.contains("run `setfacl -x u:54321 ~/.config/i3pm-layout/layouts/a.yaml`"),
        "{refused}"
    );
    let trusted = home.run(&["apply", "a", "--trust"]);
    assert!(!trusted.contains("refusing"), "{trusted}");
}

#[test]
fn links_and_pipes_of_other_users_are_not_written() {
    let home = Home::new();
    let layout = home.layout("a").display().to_string();
    let shared = home.path("shared");
    fs::create_dir(&shared).expect("the folder is writable");
    set_mode(&shared, 0o1777);
    let (link, to, fifo) = (
        shared.join("a.svg"),
        home.path("to.svg"),
        shared.join("b.svg"),
    );
    symlink(&to, &link).expect("the name is free");
    let preview = |file: &Path| {
        let file = format!("{}", file.display());
        let monitor = "A:1920x1080+0+0";
        let mut command =
            home.command(&["preview", &layout, "--monitors", monitor, "--svg", &file]);
        home.transcript(command.timeout(AT_ONCE))
    };
    // The user's own link.
    let written = preview(&link);
    assert!(written.ends_with("[exit 0]"), "{written}");
    assert!(read(&to).contains("<svg"));
    if !is_root() {
        return;
    }
    fs::remove_file(&to).expect("the file is the test's own");
    lchown(&link, Some(OTHER), None).expect("the test runs as root");
    pipe(&fifo);
    chown(&fifo, Some(OTHER), None).expect("the test runs as root");
    for (file, what) in [(&link, "a symbolic link"), (&fifo, "a named pipe")] {
        let refused = preview(file);
        let expected = format!("another user (uid 54321) has put {what} there");
        assert!(refused.contains(&expected), "{refused}");
    }
    assert!(!to.exists());
    let folder = shared.join("compiled");
    symlink(home.path("elsewhere"), &folder).expect("the name is free");
    lchown(&folder, Some(OTHER), None).expect("the test runs as root");
    let folder = folder.display().to_string();
    let refused = home.run(&[
        "compile",
        &layout,
        "--monitors",
        "A:1920x1080+0+0",
        "-o",
        &folder,
    ]);
    assert!(
        refused.contains("has put a symbolic link there"),
        "{refused}"
    );
    assert!(!home.path("elsewhere").exists());
}

#[test]
fn output_does_not_wait_for_the_reader_of_a_pipe() {
    let home = Home::new();
    home.layout("daily");
    let path = home.path("pipe");
    pipe(&path);
    let arguments = ["preview", "daily", "--svg", "pipe"];
    let output = home.command(&arguments).timeout(AT_ONCE).output();
    let printed = output.expect("the program is built").stderr;
    let printed = String::from_utf8_lossy(&printed);
    assert!(
        printed.contains("no program reads from this named pipe"),
        "{printed}"
    );
    assert!(
        printed.contains("run `cat pipe` in another terminal"),
        "{printed}"
    );
    let reader = std::thread::spawn(move || fs::read_to_string(path));
    let printed = home.run(&arguments);
    let picture = reader
        .join()
        .expect("no panic")
        .expect("the pipe can be read");
    assert!(picture.contains("</svg>"), "{printed}");
}

#[test]
fn capture_warns_if_apply_will_refuse_the_layout() {
    let desktop = Desktop::new();
    desktop.open_window("a");
    desktop
        .run(["capture", "t"])
        .success()
        .stderr_lacks("refuse");
    let folder = desktop.layout_path("t");
    let folder = folder.parent().expect("it has a parent");
    set_mode(folder, 0o777);
    for arguments in [&["capture", "t"][..], &["capture", "t", "--update"]] {
        let output = desktop.run(arguments).success();
        output
            .stderr_has("warning: `apply` will refuse to run the commands of this file")
            .stderr_has(&format!("run `chmod go-w {}`", folder.display()));
    }
}

#[test]
fn captures_do_not_follow_links_of_other_users() {
    let desktop = Desktop::new();
    desktop.open_window("a");
    let shared = desktop.create_directory("shared");
    set_mode(&shared, 0o1777);
    let (link, to) = (shared.join("a.yaml"), desktop.path().join("to.yaml"));
    symlink(&to, &link).expect("the name is free");
    let name = link.display().to_string();
    if is_root() {
        lchown(&link, Some(OTHER), None).expect("the test runs as root");
        let refused = desktop.run(["capture", &name]).code(2);
        refused.has("has put a symbolic link there");
        assert!(!to.exists());
        lchown(&link, Some(0), None).expect("the test runs as root");
    }
    desktop.run(["capture", &name]).success();
    assert!(to.exists());
}

#[test]
fn runtime_directory_of_others_is_not_used() {
    let desktop = Desktop::new();
    desktop.open_window("a");
    let open = desktop.create_directory("open");
    set_mode(&open, 0o777);
    let run = |arguments: &[&str]| {
        let call = desktop.command(arguments).env("XDG_RUNTIME_DIR", &open);
        call.run()
    };
    let warning = "is writable by other users (mode 0777)";
    run(&["capture", "t"]).success().has(warning);
    run(&["apply", "t"]).success().has(warning);
    assert!(!open.join("i3pm-layout").exists());
    let user = rustix::process::geteuid().as_raw();
    let own = desktop.path().join(format!("tmp/i3pm-layout-{user}"));
    let mode = fs::metadata(&own)
        .expect("it was created")
        .permissions()
        .mode();
    assert_eq!(mode & 0o7777, 0o700);
    // Another user was first.
    fs::remove_dir_all(&own).expect("it is the test's own");
    symlink(&open, &own).expect("the name is free");
    run(&["apply", "t"]).success().has(warning);
    assert!(desktop.path().join("state/i3pm-layout/run").is_dir());
    assert_eq!(fs::read_dir(&open).expect("it exists").count(), 0);
}
