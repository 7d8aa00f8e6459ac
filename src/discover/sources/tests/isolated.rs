//! Commands of programs in containers and sandboxes, and of other users.

use super::*;

#[test]
fn isolated_processes_are_started_from_outside() {
    let check = |isolation: Isolation, parents: &[&str], argv: &str| {
        let machine = Fake {
            isolation,
            parents: parents.iter().map(|argv| process(argv)).collect(),
            ..Fake::default()
        };
        command(&machine, "App", Some(process(argv)))
    };
    let flatpak = Isolation::Flatpak("org.x.App".to_owned());
    assert_eq!(
        check(flatpak, &[], "/app/bin/app f"),
        "flatpak run org.x.App f"
    );
    let snap = || Isolation::Snap("thing".to_owned());
    assert_eq!(check(snap(), &[], "/snap/thing/3/bin/thing f"), "thing f");
    let image = Isolation::AppImage("/home/me/X.AppImage".into());
    assert_eq!(check(image, &[], "/tmp/.mount_Xab/run f"), "~/X.AppImage f");
    assert_eq!(
        check(Isolation::OtherUser("root".to_owned()), &[], "gparted"),
        "the process runs as user `root`, and the command that switched to this user is unknown"
    );
    assert_eq!(
        check(
            Isolation::OtherUser("root".to_owned()),
            &["bash", "sudo gparted"],
            "gparted"
        ),
        "sudo gparted (`sudo` may ask for a password)"
    );
    assert_eq!(
        check(Isolation::Container, &["containerd"], "app"),
        "the process runs in a container or sandbox, and the command that enters it is unknown"
    );
    assert_eq!(
        check(Isolation::Container, &["firejail app f"], "app f"),
        "firejail app f"
    );
    assert_eq!(
        check(
            Isolation::Container,
            &["bwrap --die-with-parent --unshare-pid app f"],
            "app f"
        ),
        "bwrap --unshare-pid app f"
    );
    let at = |command: &str, cwd: &str| Process {
        cwd: Some(cwd.into()),
        ..process(command)
    };
    let machine = Fake {
        isolation: Isolation::Container,
        parents: vec![
            at("firejail --private=x app f", "/inside"),
            at("firejail --private=x app f", "/src"),
            at("bash", "/"),
        ],
        ..Fake::default()
    };
    assert_eq!(
        command(&machine, "App", Some(at("app f", "/inside"))),
        "firejail --private=x app f in /src"
    );
}

/// The command of a process with these parents, in a network or with files of its own.
fn inside(parents: &[&str], argv: &str) -> String {
    let machine = Fake {
        isolation: Isolation::Container,
        outside: vec!["bash", "i3"],
        parents: parents.iter().map(|argv| process(argv)).collect(),
        links: BTreeMap::from([("firefox", "/usr/bin/firejail")]),
        scripts: BTreeMap::from([
            (
                "code",
                "#!/bin/sh\nexec /nix/bwrap --bind / / code-init \"$@\"\n",
            ),
            (
                "steam",
                "#!/bin/sh\nexec /nix/bwrap --die-with-parent --bind / / steam-init \"$@\"\n",
            ),
        ]),
        ..Fake::default()
    };
    command(&machine, "App", Some(process(argv)))
}

const UNKNOWN: &str =
    "the process runs in a container or sandbox, and the command that enters it is unknown";

#[test]
fn the_program_that_made_a_sandbox_makes_it_again() {
    for (parents, argv, expected) in [
        (
            &["bwrap --unshare-net app f"][..],
            "app f",
            "bwrap --unshare-net app f",
        ),
        (
            &[
                "bwrap --unshare-pid app",
                "/usr/bin/bwrap --unshare-pid app",
                "bash",
                "sudo startx",
            ],
            "app",
            "bwrap --unshare-pid app",
        ),
        (
            &["unshare -n --fork app", "bash"],
            "app",
            "unshare -n --fork app",
        ),
        // The shell runs a script, so it starts the program again.
        (
            &["sh -c 'cd x; app'", "bwrap --bind / / sh -c 'cd x; app'"],
            "app",
            "bwrap --bind / / sh -c 'cd x; app'",
        ),
        // A link with the name of the program.
        (
            &["firejail --quiet firefox a", "firefox a"],
            "/usr/bin/firefox a",
            "firefox a",
        ),
        (
            &[
                "sudo -u me app",
                "sudo ip netns exec vpn sudo -u me app",
                "bash",
            ],
            "app",
            "sudo ip netns exec vpn sudo -u me app (`sudo` may ask for a password)",
        ),
        // A script in PATH makes the same sandbox, with hundreds of options.
        (
            &["/nix/bwrap --bind / / code-init a"],
            "/usr/bin/code a",
            "code a",
        ),
        // `apply` is the parent, and ends.
        (
            &["/nix/bwrap --die-with-parent --bind / / steam-init a"],
            "/usr/bin/steam a",
            "setsid --fork steam a",
        ),
        (
            &["/nix/bwrap --bind / / --unshare-net code-init a"],
            "/usr/bin/code a",
            "/nix/bwrap --bind / / --unshare-net code-init a",
        ),
        (
            &[
                "bwrap --args 12 app",
                "/usr/bin/python3 /usr/bin/bubblejail run app",
            ],
            "app",
            "bubblejail run app",
        ),
        // It opens no window as it was started.
        (
            &["bwrap --bind / / app --minimized"],
            "app --minimized",
            "bwrap --bind / / app (it was started with `--minimized`, which opens no window; a file that the window shows is not in the command)",
        ),
        // The terminal's window is not looked into.
        (
            &["bwrap --bind / / xterm"],
            "xterm",
            "bwrap --bind / / xterm (the program in the xterm and its directory are not saved, because it runs in a sandbox)",
        ),
    ] {
        assert_eq!(inside(parents, argv), expected, "{parents:?}");
    }
}

#[test]
fn a_sandbox_that_cannot_be_entered_has_no_command() {
    for parents in [
        &[][..],
        &["bash"],
        // It was started in a shell of the sandbox.
        &["bash", "bwrap --bind / / xterm"],
        &["fish", "xterm", "firejail xterm"],
        &["systemd --user", "systemd-nspawn -b -D /srv"],
        // The session was started by it.
        &["i3", "sudo startx"],
        // A new process does not have the open file.
        &["bwrap --args 12 app"],
        &["conmon -n box"],
    ] {
        assert_eq!(inside(parents, "app f"), UNKNOWN, "{parents:?}");
    }
    let machine = Fake {
        isolation: Isolation::Namespaces,
        ..Fake::default()
    };
    assert_eq!(
        command(&machine, "App", Some(process("app f"))),
        "app f (it runs in namespaces of its own, and the command that creates them is unknown)"
    );
}

#[test]
fn a_container_that_can_be_entered_is_entered() {
    let machine = Fake {
        isolation: Isolation::Entered(words("distrobox-enter -n box --")),
        entries: vec![entry("app", "Exec=app %F\nStartupWMClass=App")],
        missing: vec!["/srv"],
        ..Fake::default()
    };
    for (argv, cwd, expected) in [
        ("app f", "/home/me/x", "app f in ~/x"),
        ("/usr/bin/python3 /usr/bin/app f", "/home/me", "app f"),
        ("/opt/x/app f", "/home/me", "/opt/x/app f"),
        (
            "app",
            "/srv",
            "app (the directory `/srv` does not exist, so the home directory is used)",
        ),
    ] {
        let found = command(&machine, "App", Some(in_directory(argv, cwd)));
        assert_eq!(found, format!("distrobox-enter -n box -- {expected}"));
    }
}

#[test]
fn the_client_of_a_container_starts_it_again() {
    let client = |line: &str| in_directory(line, "/home/me/x");
    for (clients, expected) in [
        (
            vec!["docker run --rm -e DISPLAY image app f"],
            "docker run --rm -e DISPLAY image app f in ~/x",
        ),
        (vec!["docker run image other f"], UNKNOWN),
        (
            vec!["docker run image app f", "docker run other app f"],
            UNKNOWN,
        ),
        (vec!["app f"], UNKNOWN),
    ] {
        let machine = Fake {
            isolation: Isolation::Container,
            clients: clients.iter().map(|line| client(line)).collect(),
            ..Fake::default()
        };
        let found = command(&machine, "App", Some(process("/usr/bin/app f")));
        assert_eq!(found, expected, "{clients:?}");
    }
}

#[test]
fn only_an_entry_that_enters_the_sandbox_is_used() {
    let here = || entry("here", "Exec=app %F\nStartupWMClass=App");
    let boxed = || entry("boxed", "Exec=in-box -n box -- app %F");
    let other = || entry("other", "Exec=env A=b app %F");
    let machine = |isolation, parents: &[&str], entries| Fake {
        isolation,
        entries,
        parents: parents.iter().map(|argv| process(argv)).collect(),
        scripts: BTreeMap::from([("in-box", "#!/bin/sh\nexec bwrap --bind / / \"$@\"\n")]),
        ..Fake::default()
    };
    let check = |parents: &[&str], entries| {
        let machine = machine(Isolation::Container, parents, entries);
        command(&machine, "App", Some(process("app f")))
    };
    let sandbox = &["bwrap --bind / / app f"][..];
    assert_eq!(check(sandbox, vec![here(), other()]), sandbox[0]);
    let entered = "in-box -n box -- app f";
    assert_eq!(
        check(sandbox, vec![here(), boxed(), other()]),
        format!("{entered} by entry")
    );
    let offline = &["bwrap --bind / / --unshare-net app f"][..];
    assert_eq!(check(offline, vec![here(), boxed()]), offline[0]);
    assert_eq!(check(&[], vec![here(), other()]), UNKNOWN);
    let perhaps =
        "it is unknown whether this command starts the program in its container or as its user";
    assert_eq!(
        check(&[], vec![here(), boxed()]),
        format!("{entered} by entry ({perhaps})")
    );
    let machine = machine(Isolation::OtherUser("root".to_owned()), &[], vec![here()]);
    assert_eq!(
        command(&machine, "App", Some(process("app f"))),
        "the process runs as user `root`, and the command that switched to this user is unknown"
    );
}

#[test]
fn an_application_of_flatpak_gets_the_arguments_that_it_was_given() {
    let check = |parents: &[&str], argv: &str| {
        let machine = Fake {
            isolation: Isolation::Flatpak("org.x.App".to_owned()),
            parents: parents.iter().map(|argv| process(argv)).collect(),
            ..Fake::default()
        };
        command(&machine, "App", Some(process(argv)))
    };
    let sandbox = ["bwrap --args 40 app f", "bwrap --args 40 -- app f"];
    let doubt = |what: &str| format!("flatpak run org.x.App{what}");
    for (parents, argv, expected) in [
        (&sandbox[..], "/app/bin/real -x f", " f".to_owned()),
        (&[], "python3 /usr/bin/app f", " f".to_owned()),
        (
            &[],
            "/app/bin/app --gapplication-service",
            " (it was started with `--gapplication-service`, which opens no window; a file that the window shows is not in the command)"
                .to_owned(),
        ),
        (
            &[],
            "/app/bin/app /run/user/1000/doc/a1/f",
            " /run/user/1000/doc/a1/f (`/run/user/1000/doc/a1/f` exists only in this session)"
                .to_owned(),
        ),
    ] {
        assert_eq!(check(parents, argv), doubt(&expected), "{argv}");
    }
}
