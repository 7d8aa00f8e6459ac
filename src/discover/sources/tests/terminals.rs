//! Commands of terminals.

use super::*;

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
    let expected = if expected.contains(" by terminal") {
        expected.to_owned()
    } else {
        format!("{expected} by terminal")
    };
    assert_eq!(found, expected, "{argv}");
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
        "xterm | bash | ssh host | xterm in ~/job by terminal (`ssh host` runs in the shell and is not started again)
         xterm | bash | make | xterm in ~/job by terminal (`make` runs in the shell and is not started again)
         xterm | bash --rcfile x | make | xterm in ~/job by terminal (`make` runs in the shell and is not started again)
         xterm | bash | less piped | xterm in ~/job by terminal (a pipeline with `less piped` runs in the shell and is not started again)
         xterm | bash | zsh | xterm in ~/job",
    );
}

/// Checks the command of a terminal that runs `leader`, in which this shell has started the job.
#[track_caller]
fn typed(argv: &str, leader: &str, job: &str, shell: &str, expected: &str) {
    let leader = Process {
        pid: Some(Pid(2)),
        ..in_directory(leader, "/home/me/terminal")
    };
    let machine = Fake {
        jobs: vec![Job {
            leader: leader.clone(),
            foreground: Some(in_directory(job, "/home/me/job")),
            started_in: Some("/home/me/shell".into()),
            alone: true,
            sure: true,
        }],
        parents: vec![process(shell), leader],
        ..Fake::default()
    };
    let terminal = in_directory(argv, "/home/me/terminal");
    let found = command(&machine, "Any", Some(terminal));
    assert_eq!(found, expected, "{argv}");
}

#[test]
fn a_program_in_a_shell_inside_another_program_is_not_lost() {
    let lost =
        |job: &str| format!(" by terminal (`{job}` runs in the shell and is not started again)");
    // What the terminal runs, its child, the shell that has started the job, the job, and the command;
    // `!` if the job is lost.
    let table = "
        bwrap --bind / / bash > = > bash > vim a > bwrap --bind / / vim a in ~/shell
        bwrap --bind / / /bin/bash -i > = > bash -i > vim a > bwrap --bind / / vim a in ~/shell
        env A=b bash > bash > bash > vim a > env A=b vim a in ~/shell
        env A=b bash -l > -bash -l > -bash -l > htop > env A=b htop in ~/shell
        sh -c 'cd x; bash' > = > bash > vim a > vim a in ~/shell
        sh -c './deploy; bash' > = > bash > vim a > vim a in ~/shell by terminal (`sh -c './deploy; bash'` has ended, so the terminal opens without it)
        bwrap --bind / / bash > = > bash > make > bwrap --bind / / bash in ~/shell !
        sh -c 'cd x; bash' > = > bash > make > bash in ~/job by terminal (`sh -c 'cd x; bash'` has ended, so the terminal opens without it) !
        env A=b bash > bash > bash > make > env A=b bash in ~/job !
        bwrap --bind / / --chdir /x bash > = > bash > vim a > bwrap --bind / / --chdir /x bash in ~/terminal !
        enter box > = > bash > vim a > enter box in ~/terminal !
        nix-shell > bash --rcfile x > bash --rcfile x > vim a > nix-shell in ~/job !";
    for line in table.lines().skip(1) {
        let [run, leader, shell, job, expected] = line
            .trim()
            .split(" > ")
            .collect::<Vec<_>>()
            .try_into()
            .unwrap();
        let leader = if leader == "=" { run } else { leader };
        let expected = match expected.strip_suffix(" !") {
            Some(expected) if expected.contains(" by terminal") => {
                expected.to_owned() + lost(job).trim_start_matches(" by terminal")
            }
            Some(expected) => expected.to_owned() + &lost(job),
            None if expected.contains(" by terminal") => expected.to_owned(),
            None => format!("{expected} by terminal"),
        };
        typed(
            &format!("xterm -e {run}"),
            leader,
            job,
            shell,
            &format!("xterm -e {expected}"),
        );
    }
}

#[test]
fn the_program_in_the_arguments_of_a_terminal_runs_again() {
    terminals(
        "xterm -e tail -f a | tail -f a | - | xterm -e tail -f a in ~/terminal
         xterm -e make | make | - | xterm -e make in ~/terminal
         st -n x htop | htop | - | st -n x -e htop in ~/terminal
         xterm -e sh -c 'cd /x; b' | sh -c 'cd /x; b' | b | xterm -e sh -c 'cd /x; b' in ~/terminal
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
         # Options that open the other windows.
         xfce4-terminal -T x --window --tab -T y | sh | - | xfce4-terminal -T x in ~/shell
         kitty --session a.kitty --class x | sh | - | kitty --class x in ~/shell
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
            desktop: None,
            may_be_job: false,
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
        "gnome-terminal in /a by terminal (the window has 2 shells in tabs, and only the first is \
         restored)"
    );
    assert_eq!(
        check(machine(Vec::new()), "x"),
        "gnome-terminal by terminal"
    );
}

#[test]
fn a_program_in_a_terminal_is_started_as_one_with_a_window() {
    let restored = Foreground::changed(&["X.AppImage".to_owned()], &[]);
    let job = |argv: &str| Job {
        leader: process("bash"),
        foreground: Some(in_directory(argv, "/home/me/job")),
        started_in: Some("/home/me/job".into()),
        alone: true,
        sure: true,
    };
    for (argv, missing, expected) in [
        (
            "/tmp/.mount_ToolAb1/AppRun a.txt",
            None,
            "xterm -e ~/X.AppImage a.txt in ~/job by terminal",
        ),
        (
            "/nix/store/abc-vim/bin/.vim-wrapped a.txt",
            None,
            "xterm -e vim a.txt in ~/job by terminal",
        ),
        (
            "vim a.txt",
            Some("vim"),
            "xterm -e vim a.txt in ~/job by terminal (program `vim` not found in PATH)",
        ),
        (
            "less /tmp/log",
            Some("/tmp/log"),
            "xterm -e less /tmp/log in ~/job by terminal (file `/tmp/log` not found)",
        ),
        (
            "vim -",
            None,
            "xterm -e vim - in ~/job by terminal (`-` is input of this run alone, which is gone \
             when the command runs again)",
        ),
    ] {
        let machine = Fake {
            jobs: vec![job(argv)],
            missing: missing.into_iter().collect(),
            links: BTreeMap::from([("vim", "/nix/store/abc-vim/bin/vim")]),
            restored: Some(restored.clone()),
            ..Fake::default()
        };
        let found = command(&machine, "XTerm", Some(process("xterm")));
        assert_eq!(found, expected, "{argv}");
    }
}

#[test]
fn a_program_that_has_ended_is_not_started_again() {
    terminals(
        "# The shell has replaced the script, or the script waits for it.
         xterm -e sh -c './deploy; exec bash' | bash | - | xterm -e bash in ~/shell by terminal (`sh -c './deploy; exec bash'` has ended, so the terminal opens without it)
         xterm -e sh -c './deploy; zsh' | sh -c './deploy; zsh' | zsh | xterm -e zsh in ~/job by terminal (`sh -c './deploy; zsh'` has ended, so the terminal opens without it)
         xterm -e './deploy; exec bash' | bash | - | xterm -e bash in ~/shell by terminal (`'./deploy; exec bash'` has ended, so the terminal opens without it)
         # The same with a program in the shell.
         xterm -e sh -c 'cd src && exec bash' | bash | piped | xterm -e bash in ~/job by terminal (`sh -c 'cd src && exec bash'` has ended, so the terminal opens without it) (a pipeline with `piped` runs in the shell and is not started again)
         xterm -e sh -c 'cd src; bash' | sh -c 'cd src; bash' | piped | xterm -e sh -c 'cd src; bash' in ~/terminal
         # Other programs enter an environment.
         xterm -e newgrp x | bash | - | xterm -e newgrp x in ~/shell
         xterm -e su - | su - | bash | xterm -e su - in ~/terminal
         # A script that waits for a key.
         xterm -e sh -c './deploy; read x' | sh -c './deploy; read x' | - | xterm -e sh -c './deploy; read x' in ~/terminal by terminal (all commands of `./deploy; read x` run again)",
    );
    for (argv, expected) in [
        (
            "xterm -hold -e ./deploy",
            "xterm -hold in ~/terminal by terminal (`./deploy` has ended, so the terminal opens \
             without it)",
        ),
        (
            "xterm -hold -e less a",
            "xterm -hold -e less a in ~/terminal by terminal",
        ),
        ("xterm -hold", "xterm -hold in ~/terminal by terminal"),
    ] {
        let machine = Fake {
            childless: true,
            ..Fake::default()
        };
        let process = in_directory(argv, "/home/me/terminal");
        assert_eq!(command(&machine, "XTerm", Some(process)), expected);
    }
}

#[test]
fn a_class_that_nothing_in_the_command_sets_is_a_doubt() {
    let machine = Fake {
        jobs: vec![Job {
            leader: in_directory("bash", "/home/me/one"),
            alone: true,
            sure: true,
            ..Job::default()
        }],
        ..Fake::default()
    };
    let doubt = " (it opens a window of another class than `own`, as the option that set the class \
                 is unknown)";
    for (argv, class, rank, expected) in [
        // `alacritty msg create-window --class own`
        ("alacritty", "own", (1, 2), doubt),
        ("alacritty", "Alacritty", (1, 2), ""),
        ("kitty -1 --class own", "own", (1, 2), ""),
        ("alacritty", "own", (0, 1), ""),
    ] {
        let (con, facts) = (window(class, "x"), facts(Some(process(argv))));
        let asked = Asked {
            rank,
            ..about(&con, &facts)
        };
        let found = text(discover(&asked, &machine));
        assert_eq!(found, format!("{argv} in ~/one by terminal{expected}"));
    }
}

/// Checks the commands of the windows of a terminal and of a program that was started in it.
#[track_caller]
fn two_windows(terminal: &str, child: &str, program: &str, expected: [&str; 2]) {
    let with_pid = |pid, argv: &str| Process {
        pid: Some(Pid(pid)),
        ..in_directory(argv, "/home/me")
    };
    let is_child = child == program;
    let terminal = with_pid(1, terminal);
    let child = with_pid(2, child);
    let program = with_pid(if is_child { 2 } else { 3 }, program);
    let machine = Fake {
        jobs: vec![Job {
            leader: child.clone(),
            foreground: (!is_child).then(|| program.clone()),
            started_in: Some("/home/me".into()),
            alone: true,
            sure: true,
        }],
        parents: if is_child {
            vec![terminal.clone()]
        } else {
            vec![child, terminal.clone()]
        },
        ..Fake::default()
    };
    let open = |name: &str, process: &Process| {
        let facts = WindowFacts {
            claimed_pid: process.pid,
            process: Some(process.clone()),
            ..WindowFacts::default()
        };
        win(name)
            .class(name)
            .facts(|given| given.clone_from(&facts))
    };
    let windows = [open("XTerm", &terminal), open("App", &program)];
    let desktop = one_output([workspace("1", windows)]);
    let mut questions = Questions::new(&desktop);
    let found: Vec<String> = desktop
        .tree
        .windows()
        .map(|con| text(discover(&questions.ask(con, None), &machine)))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_program_with_a_window_is_started_once() {
    let again = "the process has another window, whose command opens this one too";
    let own = "xterm by terminal";
    two_windows("xterm", "bash", "vim -g -f a", [own, "vim -g -f a"]);
    two_windows("xterm", "bash", "xclock", [own, "xclock"]);
    let told = "xterm -e xclock by terminal";
    two_windows("xterm -e xclock", "xclock", "xclock", [told, again]);
    let told = "xterm -e sh -c xclock by terminal";
    two_windows(
        "xterm -e sh -c xclock",
        "sh -c xclock",
        "xclock",
        [told, again],
    );
    // A program that the user started in a file manager.
    let told = "xterm -e ranger by terminal";
    two_windows("xterm -e ranger", "ranger", "feh a", [told, "feh a"]);
}
