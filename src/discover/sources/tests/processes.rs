//! Commands from the command lines of processes.

use super::*;

#[test]
fn commands_are_as_a_person_would_write_them() {
    let machine = Fake {
        entries: vec![
            entry("app", "Exec=app\nStartupWMClass=App"),
            entry("app-fast", "Exec=app --fast\nStartupWMClass=App"),
            entry("view", "Exec=view %F\nStartupWMClass=View"),
        ],
        links: BTreeMap::from([
            ("tool", "/nix/store/abc-tool-1.2/bin/tool"),
            ("wrapped", "/nix/store/abc-x/bin/wrapped"),
            ("gimp-3.0", "/opt/gimp-3.0/bin/gimp-3.0"),
            ("notes", "/home/me/bin/notes"),
        ]),
        scripts: BTreeMap::from([
            (
                "browser",
                "#!/bin/sh\nexec /usr/lib/browser/browser \"$@\"\n",
            ),
            (
                "jedit",
                "#!/bin/sh\nexec java -jar /usr/share/jedit/jedit.jar \"$@\"\n",
            ),
            (
                "paint",
                "#!/bin/sh\nexec python3 /usr/share/paint/main.py \"$@\"\n",
            ),
            ("other", "#!/bin/sh\nexec something\n"),
            ("xpdf", "#!/bin/sh\ncmd=xpdf.real\nexec $cmd \"$@\"\n"),
            ("gitk", "#!/bin/sh\n# \\\nexec wish \"$0\" -- \"$@\"\n"),
            ("tktool", "#!/usr/bin/wish\n"),
            ("calc", "#!/usr/bin/python3 -s\n"),
            ("gone.py", "#!/usr/bin/python3\n"),
        ]),
        ..Fake::default()
    };
    for (argv, expected) in [
        ("edit", "edit"),
        ("/usr/bin/edit -x a", "edit -x a"),
        ("/opt/x/edit a", "/opt/x/edit a"),
        ("gvim '/home/me/a b'", "gvim '~/a b'"),
        ("/home/me/bin/x /home/men", "~/bin/x /home/men"),
        ("app '${x}' '$y'", "app $${x} $y"),
        // The inner program of a wrapper, with a better-known name.
        ("/usr/lib/app/app.bin", "app by entry"),
        ("/usr/lib/app/app.bin --fast", "app --fast by entry"),
        (
            "/usr/lib/app/app.bin notes.txt",
            "/usr/lib/app/app.bin notes.txt",
        ),
        // Scripts with a name in PATH.
        ("/usr/bin/python3 /usr/bin/foo a", "foo a"),
        ("python3.12 -s /usr/bin/foo a", "foo a"),
        ("/usr/bin/perl -w /usr/bin/foo", "foo"),
        ("bash /home/me/bin/notes x", "notes x"),
        (
            "/usr/bin/python3 /opt/foo/foo.py a",
            "python3 /opt/foo/foo.py a",
        ),
        ("python3 -m foo a", "python3 -m foo a"),
        // Scripts in PATH that run them.
        ("/usr/lib/browser/browser --new a", "browser --new a"),
        ("java -Xmx1g -jar /usr/share/jedit/jedit.jar f", "jedit f"),
        ("python3 /usr/share/paint/main.py f", "paint f"),
        ("/usr/lib/other/other f", "/usr/lib/other/other f"),
        ("xpdf.real a.pdf", "xpdf a.pdf"),
        ("/usr/bin/xpdf.real a.pdf", "xpdf a.pdf"),
        ("other.real a", "other.real a"),
        // With and without the `--` that the script itself adds.
        ("wish /usr/bin/gitk -- --all", "gitk --all"),
        ("wish /usr/bin/gitk -- -- a", "gitk -- a"),
        ("wish /usr/bin/gitk --all", "gitk --all"),
        ("wish8.6 /usr/bin/tktool -- -x", "tktool -- -x"),
        // Scripts outside of PATH, by their first line.
        ("/usr/bin/python3 -s /opt/x/calc a", "/opt/x/calc a"),
        ("wish /home/me/src/gitk -- --all", "~/src/gitk --all"),
        ("python3 /opt/x/calc a", "python3 /opt/x/calc a"),
        // An option with an open file of the parent process.
        ("libreoffice --splash-pipe=5 --calc", "libreoffice --calc"),
        // Store paths and versions.
        ("/nix/store/abc-tool-1.2/bin/tool -x", "tool -x"),
        ("/nix/store/abc-x/bin/.wrapped-wrapped f", "wrapped f"),
        ("/opt/gimp-3.0/bin/gimp-3.0 f", "gimp-3.0 f"),
        (
            "unknown-tool x",
            "unknown-tool x (program `unknown-tool` not found in PATH)",
        ),
    ] {
        assert_eq!(
            command(&machine, "App", Some(process(argv))),
            expected,
            "{argv}"
        );
    }
    let view = command(
        &machine,
        "View",
        Some(process("/usr/lib/view/view.bin /home/me/a")),
    );
    assert_eq!(view, "view ~/a by entry");
    // By the window only.
    assert_eq!(command(&machine, "App", Some(process(""))), "app by entry");
    assert_eq!(
        command(&machine, "App", Some(process("app \u{fffd}"))),
        "app by entry"
    );
    assert_eq!(command(&machine, "App", None), "app by entry");
}

#[test]
fn a_script_with_a_relative_path_gets_an_absolute_path() {
    let machine = Fake {
        scripts: BTreeMap::from([
            ("notes", "#!/usr/bin/python3\n"),
            ("not-executable", "#!/usr/bin/python3\n"),
        ]),
        missing: vec!["/home/me/tools/not-executable"],
        ..Fake::default()
    };
    for (argv, expected) in [
        (
            "/usr/bin/python3 ./notes ../a",
            "~/tools/notes ../a in ~/tools",
        ),
        (
            "/usr/bin/python3 not-executable",
            "python3 not-executable in ~/tools (file `not-executable` not found)",
        ),
    ] {
        let process = in_directory(argv, "/home/me/tools");
        assert_eq!(command(&machine, "App", Some(process)), expected);
    }
}

#[test]
fn the_home_directory_is_not_written() {
    for (cwd, expected) in [
        ("/home/me", "x"),
        ("/home/me/src", "x in ~/src"),
        ("/home/men", "x in /home/men"),
        ("/", "x in /"),
        ("/srv/${a}", "x in /srv/$${a}"),
    ] {
        let found = command(&Fake::default(), "App", Some(in_directory("x", cwd)));
        assert_eq!(found, expected);
    }
}

#[test]
fn missing_files_and_directories_are_doubts() {
    let machine = Fake {
        missing: vec!["/opt/gone", "/home/me/gone", "/srv/x.py"],
        ..Fake::default()
    };
    for (argv, cwd, expected) in [
        (
            "/opt/gone",
            "/",
            "/opt/gone in / (`/opt/gone` is not an executable file)",
        ),
        (
            "x",
            "/home/me/gone",
            "x in ~/gone (the directory `~/gone` does not exist)",
        ),
        (
            "python3 x.py",
            "/srv",
            "python3 x.py in /srv (file `x.py` not found)",
        ),
    ] {
        let found = command(&machine, "App", Some(in_directory(argv, cwd)));
        assert_eq!(found, expected);
    }
}

#[test]
fn overwritten_command_lines_are_repaired() {
    let machine = Fake::default();
    for (argv, exe, expected) in [
        (
            &["/opt/c/chrome --type=x"][..],
            "/opt/c/chrome",
            "/opt/c/chrome --type=x",
        ),
        (
            &["chrome: a tab"],
            "/opt/c/chrome",
            "/opt/c/chrome in /cwd (the program has replaced its arguments by `chrome: a tab`, so \
             they are unknown)",
        ),
        (
            &["/opt/My App/run it"],
            "/opt/My App/run it",
            "'/opt/My App/run it'",
        ),
        (
            &["/opt/My App/run --x"],
            "/opt/My App/run",
            "'/opt/My App/run' --x",
        ),
        (&["./run", "x"], "/srv/run", "/srv/run x"),
        (&["./link", "x"], "/srv/run", "/cwd/./link x"),
        (&["-zsh"], "/usr/bin/zsh", "zsh"),
        // Under the name `vim`, it would be another program.
        (&["gvim", "x"], "/usr/bin/vim.gtk3", "gvim x"),
        (&["unknown-tool"], "/opt/unknown-tool", "/opt/unknown-tool"),
    ] {
        let process = Process {
            pid: Some(Pid(7)),
            argv: argv.iter().map(|&word| word.to_owned()).collect(),
            exe: Some(exe.into()),
            cwd: Some("/cwd".into()),
            ..Process::default()
        };
        let found = command(&machine, "App", Some(process));
        let expected = if expected.contains(" in /cwd") {
            expected.to_owned()
        } else {
            format!("{expected} in /cwd")
        };
        assert_eq!(found, expected, "{argv:?}");
    }
}

#[test]
fn a_helper_is_replaced_by_its_main_process() {
    let machine = Fake {
        parents: vec![process("edit --type=zygote"), process("edit /srv")],
        ..Fake::default()
    };
    let helper = process("/usr/lib/edit/edit --type=renderer");
    assert_eq!(command(&machine, "Edit", Some(helper)), "edit /srv");
}

#[test]
fn a_frame_of_emacs_is_opened_by_its_client() {
    let machine = Fake {
        clients: vec![in_directory("/usr/bin/emacsclient -c title", "/home/me/x")],
        entries: vec![entry("emacs", "Exec=emacs %F")],
        ..Fake::default()
    };
    let server = || Some(process("emacs --daemon"));
    let found = command(&machine, "Emacs", server());
    assert_eq!(found, "emacsclient -a '' -c title in ~/x");
    // The same for another window of the server.
    let (con, facts) = (window("Emacs", "title"), facts(server()));
    let asked = Asked {
        con: &con,
        facts: Some(&facts),
        rule: None,
        again: true,
        desktop: None,
        may_be_job: false,
        rank: (1, 3),
    };
    let found = text(discover(&asked, &machine));
    assert_eq!(found, "emacsclient -c title in ~/x");
    let found = command(&Fake::default(), "Emacs", server());
    let doubt = "the `emacsclient` that opened the window is unknown, and so is its file";
    assert_eq!(found, format!("emacsclient -a '' -c ({doubt})"));
}

#[test]
fn a_service_is_started_in_the_home_directory() {
    let hidden = "(it was started with `--gapplication-service`, which opens no window; a file that the window shows is not in the command)";
    for (argv, cwd, parents, expected) in [
        (
            "app --gapplication-service",
            "/",
            vec![],
            format!("app {hidden}"),
        ),
        (
            "/usr/lib/app/app.bin --gapplication-service",
            "/",
            vec![],
            format!("app by entry {hidden}"),
        ),
        (
            "app --gapplication-service",
            "/srv",
            vec![],
            format!("app in /srv {hidden}"),
        ),
        ("app", "/", vec!["dbus-daemon --session"], "app".to_owned()),
        (
            "app",
            "/",
            vec!["bash", "dbus-daemon --session"],
            "app in /".to_owned(),
        ),
    ] {
        let machine = Fake {
            entries: vec![entry("app", "Exec=app %F\nStartupWMClass=App")],
            parents: parents.into_iter().map(process).collect(),
            ..Fake::default()
        };
        let found = command(&machine, "App", Some(in_directory(argv, cwd)));
        assert_eq!(found, expected, "{argv}");
    }
}
