//! Commands of windows and processes on a test machine.

use std::collections::BTreeMap;

use super::*;

use std::path::{Path, PathBuf};

use crate::discover::desktop_file::DesktopFile;
use crate::discover::isolation::Isolation;
use crate::discover::job::Job;
use crate::discover::question::Questions;
use crate::layout::Command;
use crate::live::build::{one_output, win, workspace};
use crate::live::{Con, Pid, Process, WindowFacts, XId};

/// The machine of a test.
#[derive(Default)]
struct Fake {
    entries: Vec<DesktopFile>,
    /// Scripts in `PATH` with their contents.
    scripts: BTreeMap<&'static str, &'static str>,
    /// Links in `PATH` with their targets.
    links: BTreeMap<&'static str, &'static str>,
    isolation: Isolation,
    parents: Vec<Process>,
    jobs: Vec<Job>,
    clients: Vec<Process>,
    session: Option<&'static str>,
    missing: Vec<&'static str>,
    host: Option<&'static str>,
}

impl Machine for Fake {
    fn home(&self) -> Option<&Path> {
        Some(Path::new("/home/me"))
    }

    fn host(&self) -> Option<&str> {
        self.host
    }

    fn find(&self, name: &str) -> Option<PathBuf> {
        (!name.starts_with("unknown") && !self.missing.contains(&name))
            .then(|| Path::new("/usr/bin").join(name))
    }

    fn is_named(&self, name: &str, file: &Path) -> bool {
        file == Path::new("/usr/bin").join(name)
            || self
                .links
                .get(name)
                .is_some_and(|meant| file == Path::new(meant))
    }

    fn is_program(&self, file: &Path) -> bool {
        !self
            .missing
            .iter()
            .any(|missing| file == Path::new(missing))
    }

    fn is_file(&self, file: &Path) -> bool {
        self.is_program(file)
    }

    fn is_directory(&self, directory: &Path) -> bool {
        self.is_program(directory)
    }

    fn script(&self, file: &Path) -> Option<String> {
        let name = file.file_name()?.to_str()?;
        self.scripts.get(name).map(|&text| text.to_owned())
    }

    fn desktop_files(&self) -> &[DesktopFile] {
        &self.entries
    }

    fn isolation(&self, _: &Process) -> Isolation {
        self.isolation.clone()
    }

    fn parents(&self, _: &Process) -> Vec<Process> {
        self.parents.clone()
    }

    fn clients(&self, _: &str) -> Vec<Process> {
        self.clients.clone()
    }

    fn jobs(&self, _: Pid, _: Option<XId>) -> Vec<Job> {
        self.jobs.clone()
    }

    fn attached(&self, _: &Process) -> Option<String> {
        self.session.map(str::to_owned)
    }
}

fn words(text: &str) -> Vec<String> {
    shell_words::split(text).unwrap()
}

fn process(command: &str) -> Process {
    Process {
        pid: Some(Pid(7)),
        argv: words(command),
        ..Process::default()
    }
}

fn in_directory(command: &str, cwd: &str) -> Process {
    Process {
        cwd: Some(cwd.into()),
        ..process(command)
    }
}

fn entry(id: &str, text: &str) -> DesktopFile {
    let text = format!("[Desktop Entry]\nName=X\n{text}\n");
    DesktopFile::parse(id, text.as_bytes()).unwrap().0
}

fn window(class: &str, title: &str) -> Con {
    let tree = win("app").class(class).title(title);
    let desktop = one_output([workspace("1", [tree])]);
    desktop.tree.windows().next().unwrap().clone()
}

fn facts(process: Option<Process>) -> WindowFacts {
    WindowFacts {
        claimed_pid: Some(Pid(7)),
        process,
        ..WindowFacts::default()
    }
}

/// Asks about the only window of a process.
fn about<'a>(con: &'a Con, facts: &'a WindowFacts) -> Asked<'a> {
    Asked {
        con,
        facts: Some(facts),
        rule: None,
        again: false,
        rank: (0, 1),
    }
}

fn text(outcome: Outcome) -> String {
    let found = outcome.found;
    let source = match outcome.source {
        Ok(source) => source,
        Err(reason) => {
            assert_eq!(found.command, None);
            return reason.to_string();
        }
    };
    let command = match found.command.unwrap() {
        Command::Line(line) => line,
        Command::Args(list) => format!("{list:?}"),
    };
    let cwd = found.cwd.map(|cwd| format!(" in {cwd}"));
    let doubts: Vec<String> = found
        .doubts
        .iter()
        .map(|doubt| format!(" ({doubt})"))
        .collect();
    let source = match source {
        CommandSource::Process => "",
        CommandSource::DesktopEntry => " by entry",
        CommandSource::Terminal => " by terminal",
        CommandSource::Rule | CommandSource::Manual => " by other",
    };
    format!(
        "{command}{}{source}{}",
        cwd.unwrap_or_default(),
        doubts.concat()
    )
}

/// Returns the command that is discovered for a window with this class and process.
fn command(machine: &Fake, class: &str, process: Option<Process>) -> String {
    let (con, facts) = (window(class, "title"), facts(process));
    let asked = about(&con, &facts);
    let found = discover(&asked, machine);
    let explained = explain(&asked, machine).outcome();
    assert_eq!(explained, found, "`explain` gives another command");
    text(found)
}

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
        (&["chrome: a tab"], "/opt/c/chrome", "/opt/c/chrome"),
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
        assert_eq!(found, format!("{expected} in /cwd"), "{argv:?}");
    }
}

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
        "the process runs in a container, and the command that enters it is unknown"
    );
    assert_eq!(
        check(Isolation::Container, &["firejail app f"], "app f"),
        "firejail app f"
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
fn windows_of_other_machines_have_no_command() {
    let machine = Fake {
        host: Some("here.lan"),
        ..Fake::default()
    };
    let check = |of: &str, server: Option<u32>, running: &str| {
        let mut con = window("App", "title");
        let properties = con.properties.as_mut().unwrap();
        properties.machine = Some(of.to_owned());
        let facts = WindowFacts {
            server_pid: server.map(Pid),
            claimed_pid: Some(Pid(7)),
            process: (!running.is_empty()).then(|| process(running)),
            ..WindowFacts::default()
        };
        let asked = about(&con, &facts);
        text(discover(&asked, &machine))
    };
    assert_eq!(check("here", Some(7), "app"), "app");
    assert_eq!(
        check("there", Some(3), "sshd"),
        "the window belongs to the machine `there`"
    );
    assert_eq!(
        check("there", None, ""),
        "the window belongs to the machine `there`"
    );
    // The machine had this name when the program started.
    assert_eq!(check("there", Some(7), "app"), "app");
}

#[test]
fn a_missing_command_has_a_reason() {
    let machine = Fake::default();
    let con = window("App", "title");
    let reason = |facts: Option<WindowFacts>| {
        let asked = Asked {
            con: &con,
            facts: facts.as_ref(),
            rule: None,
            again: false,
            rank: (0, 1),
        };
        discover(&asked, &machine).source.unwrap_err()
    };
    assert_eq!(reason(None), NoCommand::NoProcess);
    assert_eq!(reason(Some(facts(None))), NoCommand::Unreadable(Pid(7)));
    let silent = facts(Some(process("")));
    assert_eq!(reason(Some(silent)), NoCommand::NoCommandLine);
}

#[test]
fn further_windows_of_a_process_have_no_command() {
    let machine = Fake {
        entries: vec![
            entry("browser", "Exec=browser %U\nStartupWMClass=Browser"),
            entry("mail", "Exec=browser --app-id=abc\nStartupWMClass=crx_abc"),
        ],
        ..Fake::default()
    };
    let facts = facts(Some(process("browser https://a")));
    let browser = |class: &str| {
        let tree = win("browser").class(class);
        tree.facts(|given| given.clone_from(&facts))
    };
    let windows = ["Browser", "Browser", "crx_abc"].map(browser);
    let desktop = one_output([workspace("1", windows)]);
    let mut questions = Questions::new(&desktop);
    let mut windows = desktop.tree.windows();
    let mut check = |class: &str| {
        let con = windows.next().unwrap();
        assert_eq!(
            con.properties.as_ref().unwrap().class.as_deref(),
            Some(class)
        );
        text(discover(&questions.ask(con, None), &machine))
    };
    assert_eq!(check("Browser"), "browser https://a");
    let again = "the process has another window, whose command opens this one too";
    assert_eq!(check("Browser"), again);
    assert_eq!(check("crx_abc"), "browser --app-id=abc by entry");
}

#[test]
fn all_candidates_are_explained() {
    let machine = Fake {
        entries: vec![
            entry("app", "Exec=app %F\nStartupWMClass=App"),
            entry("app-x", "Exec=app --x"),
        ],
        ..Fake::default()
    };
    let (con, facts) = (
        window("App", "title"),
        facts(Some(process("/usr/lib/app/app.bin f"))),
    );
    let asked = about(&con, &facts);
    let explained = explain(&asked, &machine);
    let lines: Vec<String> = explained
        .candidates
        .iter()
        .map(|candidate| {
            let name = candidate.name.as_deref().unwrap_or("-");
            format!("{name} {} {}", candidate.won, candidate.why)
        })
        .collect();
    assert_eq!(
        lines,
        [
            "app true its StartupWMClass is that of the window",
            "- false a desktop entry has the same command with a better-known name",
        ]
    );
}

#[test]
fn options_that_a_script_added_are_removed() {
    let machine = Fake {
        scripts: BTreeMap::from([
            ("chromium", "#!/bin/sh\nfor file in /etc/chromium.d/*; do\n"),
            (
                "edit",
                "#!/bin/sh\nfind_jars /usr/share/edit/edit.jar\nrun_java org.x.Edit \"$@\"\n",
            ),
        ]),
        entries: vec![entry(
            "mail",
            "Exec=chromium --app-id=m\nStartupWMClass=crx_m",
        )],
        ..Fake::default()
    };
    let browser = "/usr/lib/chromium/chromium --disable-pings --load-extension=";
    for (class, argv, expected) in [
        ("Any", format!("{browser} a"), "chromium a"),
        ("Any", format!("'{browser} a'"), "chromium a"),
        ("crx_m", browser.to_owned(), "chromium --app-id=m by entry"),
        (
            "Any",
            "java -cp /usr/share/edit/edit.jar org.x.Edit a".to_owned(),
            "edit a",
        ),
        (
            "Any",
            "java -cp /usr/share/edit/edit.jar org.x.Other a".to_owned(),
            "java -cp /usr/share/edit/edit.jar org.x.Other a",
        ),
    ] {
        let process = Process {
            exe: Some("/usr/lib/chromium/chromium".into()),
            ..process(&argv)
        };
        assert_eq!(command(&machine, class, Some(process)), expected, "{argv}");
    }
}

#[test]
fn a_program_that_was_started_without_its_file_has_a_doubt() {
    for (title, doubt) in [
        (
            "a.png - Geeqie",
            " (the directory of `a.png`, which the window shows, is unknown)",
        ),
        ("Geeqie", ""),
    ] {
        let (con, facts) = (
            window("Geeqie", title),
            facts(Some(process("geeqie --blank"))),
        );
        let asked = about(&con, &facts);
        let found = text(discover(&asked, &Fake::default()));
        assert_eq!(found, format!("geeqie --blank{doubt}"));
    }
}

#[test]
fn files_that_an_entry_takes_are_written_as_paths() {
    let machine = Fake {
        entries: vec![entry("office", "Exec=office --writer %U")],
        missing: vec!["/home/me/gone"],
        ..Fake::default()
    };
    for (url, expected) in [
        ("file:///home/me/a%20b", "'~/a b'"),
        ("file:///home/me/gone", "file:///home/me/gone"),
        ("https://example.org/", "https://example.org/"),
    ] {
        let argv = format!("/usr/lib/office --writer {url}");
        let found = command(&machine, "Any", Some(process(&argv)));
        assert_eq!(found, format!("office --writer {expected} by entry"));
    }
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
        rank: (1, 3),
    };
    let found = text(discover(&asked, &machine));
    assert_eq!(found, "emacsclient -c title in ~/x");
    let found = command(&Fake::default(), "Emacs", server());
    let doubt = "the `emacsclient` that opened the window is unknown, and so is its file";
    assert_eq!(found, format!("emacsclient -a '' -c ({doubt})"));
}

/// Checks lines with a terminal, its child, the foreground job, and the expected command.
#[track_caller]
fn terminals(table: &str) {
    let lines = table.lines().map(str::trim);
    for line in lines.filter(|line| !line.starts_with('#')) {
        let [argv, leader, foreground, expected] =
            line.split(" | ").collect::<Vec<_>>().try_into().unwrap();
        terminal(
            argv,
            leader,
            (foreground != "-").then_some(foreground),
            expected,
        );
    }
}

#[track_caller]
fn terminal(argv: &str, leader: &str, foreground: Option<&str>, expected: &str) {
    let job = Job {
        leader: in_directory(leader, "/home/me/shell"),
        foreground: foreground.map(|argv| in_directory(argv, "/home/me/job")),
        started_in: Some("/home/me/shell".into()),
        alone: foreground.is_none_or(|argv| !argv.contains("piped")),
        sure: true,
    };
    let machine = Fake {
        jobs: vec![job],
        session: Some("work"),
        ..Fake::default()
    };
    let found = command(
        &machine,
        "Any",
        Some(in_directory(argv, "/home/me/terminal")),
    );
    assert_eq!(found, format!("{expected} by terminal"), "{argv}");
}

#[test]
fn terminals_are_restored_with_directory_and_program() {
    terminals(
        "# A shell.
         xterm | bash | - | xterm in ~/shell
         /usr/bin/urxvt -name x | -zsh | - | urxvt -name x in ~/shell
         xterm -e fish | fish | - | xterm -e fish in ~/shell
         # A program in the foreground.
         xterm | bash | vim a | xterm -e vim a in ~/shell
         xterm -T x | bash | /usr/bin/less b | xterm -T x -e less b in ~/shell
         xterm -e fish | fish | htop | xterm -e htop in ~/shell
         kitty --class x | zsh | vim a | kitty --class x vim a in ~/shell
         gnome-terminal-server | bash | vim a | gnome-terminal -- vim a in ~/shell
         xfce4-terminal | bash | man ls | xfce4-terminal -x man ls in ~/shell
         /usr/bin/wezterm-gui start | zsh | top | wezterm start -- top in ~/shell
         urxvtd -q -f | bash | top | urxvtc -e top in ~/shell
         python3 /usr/bin/terminator | bash | top | terminator -x top in ~/shell
         xterm | bash | python3 /usr/bin/ranger | xterm -e ranger in ~/shell",
    );
}

#[test]
fn a_link_to_a_terminal_is_that_terminal() {
    for (argv, exe, expected) in [
        (
            "x-terminal-emulator",
            "/usr/bin/urxvt",
            "x-terminal-emulator -e top in ~/shell by terminal",
        ),
        (
            "/home/me/bin/term -name x",
            "/usr/bin/urxvt",
            "~/bin/term -name x -e top in ~/shell by terminal",
        ),
        // The name is now another program.
        (
            "x-terminal-emulator -T x",
            "/usr/bin/kitty",
            "kitty -T x top in ~/shell by terminal",
        ),
        // Each program keeps its own name.
        (
            "uxterm",
            "/usr/bin/xterm",
            "uxterm -e top in ~/shell by terminal",
        ),
        (
            "x-terminal-emulator",
            "/usr/bin/unheard-of",
            "x-terminal-emulator in ~/terminal",
        ),
    ] {
        let job = Job {
            leader: in_directory("bash", "/home/me/shell"),
            foreground: Some(in_directory("top", "/home/me/shell")),
            started_in: Some("/home/me/shell".into()),
            alone: true,
            sure: true,
        };
        let machine = Fake {
            jobs: vec![job],
            links: BTreeMap::from([("x-terminal-emulator", "/usr/bin/urxvt")]),
            ..Fake::default()
        };
        let process = Process {
            exe: Some(exe.into()),
            ..in_directory(argv, "/home/me/terminal")
        };
        assert_eq!(command(&machine, "Any", Some(process)), expected, "{argv}");
    }
}

#[test]
fn a_terminal_that_a_script_starts_keeps_the_name_of_the_script() {
    terminals(
        "xterm -class UXTerm -title uxterm -u8 | bash | vim a | uxterm -e vim a in ~/shell
         xterm -class KOI8RXTerm -title koi8rxterm -k8 -bw 2 | bash | - | koi8rxterm -bw 2 in ~/shell
         xterm -class UXTerm -title mine -u8 | bash | - | xterm -class UXTerm -title mine -u8 in ~/shell",
    );
}

#[test]
fn a_terminal_that_changes_its_directory_gets_an_option() {
    terminals(
        "cool-retro-term --workdir /x | bash | top | cool-retro-term --workdir ~/shell -e top in ~/shell",
    );
}

#[test]
fn other_foreground_programs_become_a_shell_in_their_directory() {
    terminals(
        "xterm | bash | ssh host | xterm in ~/job
         xterm | bash | make | xterm in ~/job
         xterm | bash | less piped | xterm in ~/job
         xterm | bash | zsh | xterm in ~/job",
    );
}

#[test]
fn the_program_in_the_arguments_of_a_terminal_runs_again() {
    terminals(
        "xterm -e tail -f a | tail -f a | - | xterm -e tail -f a in ~/terminal
         xterm -e make | make | - | xterm -e make in ~/terminal
         st -n x htop | htop | - | st -n x -e htop in ~/terminal
         xterm -e sh -c 'a; b' | sh -c 'a; b' | b | xterm -e sh -c 'a; b' in ~/terminal
         xfce4-terminal -T x --command='tail -f a' | tail -f a | - | xfce4-terminal -T x -x tail -f a in ~/shell",
    );
}

#[test]
fn windows_of_a_shared_terminal_process_have_their_own_commands() {
    terminals(
        "konsole -e htop | bash | - | konsole in ~/shell
         konsole | ssh host | - | konsole -e ssh host in ~/shell
         # The directory is the window's, not that of the option.
         alacritty --working-directory /x -T y | sh | - | alacritty -T y in ~/shell
         kitty --directory=/x | sh | - | kitty in ~/shell
         urxvt -cd /x | sh | - | urxvt in ~/shell
         # Multiplexers.
         xterm | bash | tmux attach | xterm -e tmux new-session -A -s work in ~/shell
         xterm -e tmux | tmux | - | xterm -e tmux new-session -A -s work in ~/shell",
    );
}

#[test]
fn shells_that_cannot_be_told_apart_are_a_doubt() {
    let job = |cwd: &str| Job {
        leader: in_directory("bash", cwd),
        alone: true,
        ..Job::default()
    };
    let machine = |jobs: Vec<Job>| Fake {
        jobs,
        ..Fake::default()
    };
    let check_one = |machine: Fake, title: &str, rank: (usize, usize)| {
        let (con, facts) = (
            window("Gnome-terminal", title),
            facts(Some(in_directory(
                "/usr/libexec/gnome-terminal-server",
                "/",
            ))),
        );
        let asked = Asked {
            con: &con,
            facts: Some(&facts),
            rule: None,
            again: true,
            rank,
        };
        text(discover(&asked, &machine))
    };
    let check = |machine: Fake, title: &str| check_one(machine, title, (1, 3));
    let two = || machine(vec![job("/home/me/one"), job("/home/me/two")]);
    assert_eq!(
        check(two(), "me@host: ~/two"),
        "gnome-terminal in ~/two by terminal"
    );
    assert_eq!(
        check(two(), "Terminal"),
        "gnome-terminal by terminal (the window shows one of 2 shells, so its \
         working directory is unknown)"
    );
    assert_eq!(
        check_one(two(), "Terminal", (1, 2)),
        "gnome-terminal in ~/two by terminal"
    );
    let sure = |cwd| Job {
        sure: true,
        ..job(cwd)
    };
    assert_eq!(
        check(machine(vec![sure("/a"), sure("/b")]), "x"),
        "gnome-terminal in /a by terminal (the window has 2 shells in tabs, and only the first \
         is restored)"
    );
    assert_eq!(
        check(machine(Vec::new()), "x"),
        "gnome-terminal by terminal"
    );
}
