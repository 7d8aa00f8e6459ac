//! A terminal's window: its own command, and what runs in it.

use std::path::Path;

use super::Source;
use crate::discover::candidate::{Candidate, Doubt};
use crate::discover::command_line::base_name;
use crate::discover::evidence::{Evidence, Proposal};
use crate::discover::job::Job;
use crate::discover::machine::Machine;
use crate::discover::multiplexer::Client;
use crate::discover::start_directory::StartDirectory;
use crate::discover::terminal_table::{SCRIPTS, Terminal};
use crate::discover::typed::shortest;
use crate::discover::wrappers;
use crate::layout::CommandSource;
use crate::live::Process;

/// The terminal's own command, with what runs in the window.
pub(super) const SOURCE: Source = Source {
    propose: |evidence| propose(evidence).into_iter().collect(),
    outdoes: "the terminal says more",
};

/// The command of a terminal's window.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    argv: Vec<String>,
    directory: StartDirectory,
    doubts: Vec<Doubt>,
    /// The fate of the program in the foreground.
    why: String,
}

/// Programs that wait for commands.
const SHELLS: [&str; 19] = [
    "sh", "bash", "zsh", "fish", "dash", "ksh", "mksh", "tcsh", "csh", "nu", "elvish", "xonsh",
    "ion", "ash", "busybox", "pwsh", "rc", "osh", "yash",
];

fn propose(evidence: &Evidence) -> Option<Candidate> {
    let process = evidence.process.as_ref()?;
    let argv = evidence.argv()?;
    let (terminal, argv) = linked(evidence, process, argv)
        .or_else(|| Some((known(evidence, argv)?, argv.to_vec())))?;
    let machine = evidence.machine;
    let window = evidence.asked.con.window;
    let jobs = process
        .pid
        .map(|pid| machine.jobs(pid, window))
        .unwrap_or_default();
    let found = found(
        terminal,
        &argv,
        process,
        (&jobs, evidence.asked.rank),
        evidence.title(),
        machine,
    );
    // What runs in the terminal becomes an argument once it is applied, so only of a
    // server is the command line the same then.
    let program = process.argv.first();
    let server = program.is_some_and(|program| terminal.is_server(program));
    let line = server
        .then(|| evidence.said_by_process(&found.argv))
        .flatten();
    Some(evidence.candidate(Proposal {
        source: CommandSource::Terminal,
        name: Some(terminal.name.to_owned()),
        argv: found.argv,
        directory: found.directory,
        process: line,
        doubts: found.doubts,
        why: found.why,
    }))
}

/// The terminal that was started by a link to it, such as `x-terminal-emulator`, and
/// its command line: with that name where `PATH` has it, else with its own.
fn linked(
    evidence: &Evidence,
    process: &Process,
    argv: &[String],
) -> Option<(&'static Terminal, Vec<String>)> {
    let (called, arguments) = argv.split_first()?;
    let name = base_name(called);
    // What is entered by another program, such as a flatpak, has other arguments.
    let is_own = process.argv.first().map(|called| base_name(called)) == Some(name);
    let exe = process.exe.as_deref().filter(|_| is_own)?;
    let own_name = exe.file_name()?.to_str()?;
    let terminal = Terminal::of_program(own_name)?;
    if Terminal::of_program(name).is_some() {
        return None;
    }
    let program = if called.contains('/') || evidence.machine.is_named(called, exe) {
        called.clone()
    } else {
        own_name.to_owned()
    };
    let words = std::iter::once(program);
    Some((terminal, words.chain(arguments.iter().cloned()).collect()))
}

/// The terminal that the window is one of.
fn known(evidence: &Evidence, argv: &[String]) -> Option<&'static Terminal> {
    let program = argv.first()?;
    if let Some(terminal) = Terminal::of_program(wrappers::plain_name(program)) {
        return Some(terminal);
    }
    let properties = evidence.asked.con.properties.as_ref()?;
    let of_class = properties.class.as_deref().and_then(Terminal::of_class)?;
    // Other programs open windows of this class with programs of their own in them.
    let runs = wrappers::inner(argv);
    let runs = runs.first().map(|program| wrappers::plain_name(program))?;
    Terminal::of_program(runs).or_else(|| runs.contains(of_class.name).then_some(of_class))
}

/// The command for the window of a terminal: `argv` is that of its process. `title` and
/// `rank`, which of how many windows of the process it is, help to tell its shells.
fn found(
    terminal: &'static Terminal,
    argv: &[String],
    process: &Process,
    (jobs, (nth, windows)): (&[Job], (usize, usize)),
    title: &str,
    machine: &dyn Machine,
) -> Found {
    let mut doubts = Vec::new();
    let job = match jobs {
        [] => None,
        [job] => Some(job),
        [first, ..] if first.sure => {
            doubts.push(Doubt::Tabs(jobs.len()));
            Some(first)
        }
        several => {
            // Of as many windows as shells, each has one, in the order of their beginnings.
            let named = by_title(several, title, machine.home())
                .or_else(|| several.get(nth).filter(|_| several.len() == windows));
            if named.is_none() {
                doubts.push(Doubt::WhichShell(several.len()));
            }
            named
        }
    };
    let argv = by_script(argv, machine);
    let program = argv.first().map_or("", |program| base_name(program));
    let server = terminal.is_server(program);
    let told = if server {
        Told::default()
    } else {
        told(terminal, argv.get(1..).unwrap_or_default(), job.is_some())
    };
    let start = if terminal.servers.contains(&program) {
        vec![terminal.client_of(program).to_owned()]
    } else {
        argv.get(..1).unwrap_or_default().to_vec()
    };
    let Some(job) = job else {
        let mut argv = start;
        // A server stands anywhere but where its windows are.
        let directory = if server || !jobs.is_empty() {
            StartDirectory::default()
        } else {
            StartDirectory::of(process, machine)
        };
        argv.extend(told.options);
        if let Some(run) = &told.run
            && jobs.is_empty()
        {
            append(&mut argv, terminal, run);
        }
        return Found {
            argv,
            directory,
            doubts,
            why: format!("what runs in the {} is not known", terminal.name),
        };
    };
    let (run, directory, why) = inside(terminal, told.run, job, process, &mut doubts, machine);
    let mut argv = start;
    argv.extend(told.options);
    if let (true, Some(option), Some(cwd)) = (
        terminal.told_directory,
        terminal.directory.first(),
        directory.cwd.as_deref().and_then(Path::to_str),
    ) {
        argv.extend([(*option).to_owned(), cwd.to_owned()]);
    }
    if let Some(run) = run {
        append(&mut argv, terminal, &run);
    }
    Found {
        argv,
        directory,
        doubts,
        why,
    }
}

/// The same by the script of `PATH` that starts the terminal with these options.
fn by_script(argv: &[String], machine: &dyn Machine) -> Vec<String> {
    let mut scripts = SCRIPTS.iter();
    let script = scripts.find_map(|(name, words)| {
        let (beginning, rest) = argv.split_at_checked(words.len())?;
        (beginning == *words && machine.find(name).is_some()).then_some((*name, rest))
    });
    let Some((name, rest)) = script else {
        return argv.to_vec();
    };
    let words = std::iter::once(name.to_owned());
    words.chain(rest.iter().cloned()).collect()
}

/// The program to run in the terminal, its directory, and the reason.
fn inside(
    terminal: &Terminal,
    told: Option<Vec<String>>,
    job: &Job,
    process: &Process,
    doubts: &mut Vec<Doubt>,
    machine: &dyn Machine,
) -> (Option<Vec<String>>, StartDirectory, String) {
    let directory = |process: &Process| StartDirectory::of(process, machine);
    let current = job.foreground.as_ref().unwrap_or(&job.leader);
    let argv = shortest(current.argv.clone(), current.cwd.as_deref(), machine).argv;
    let name = argv
        .first()
        .map_or("", |program| base_name(program))
        .to_owned();
    let started_in = match &job.started_in {
        Some(cwd) if job.foreground.is_some() => StartDirectory::at(cwd.clone()),
        _ => directory(current).or_else(|| directory(process)),
    };
    if let Some(client) = Client::of(&argv) {
        if let Some(attach) = client.attach(machine.attached(current).as_deref()) {
            let why = format!("{name} is attached to its session again");
            return (Some(attach), started_in, why);
        }
        doubts.push(Doubt::WhichSession(name));
        return (
            Some(argv),
            started_in,
            "it runs in the foreground".to_owned(),
        );
    }
    let shell = is_shell(&job.leader.argv);
    // What another window of the process was told to run is not this one's.
    let told = told.filter(|run| !terminal.shared || is_shell(run));
    if (job.foreground.is_none() && shell) || job.leader.argv.is_empty() {
        // `xterm -e fish`: the shell that it was told to run.
        let why = format!("a shell waits in the {}", terminal.name);
        return (told, directory(&job.leader), why);
    }
    if !shell && (told.is_some() || terminal.shared) {
        let leader = &job.leader;
        let (run, directory) = if let Some(told) = told {
            (told, directory(process))
        } else {
            let typed = shortest(leader.argv.clone(), leader.cwd.as_deref(), machine);
            (typed.argv, directory(leader))
        };
        let why = format!("the {} was told to run it", terminal.name);
        return (Some(run), directory, why);
    }
    if job
        .foreground
        .as_ref()
        .is_some_and(|foreground| is_shell(&foreground.argv))
    {
        let why = format!("a shell waits in the {}", terminal.name);
        return (told, directory(current).or_else(|| started_in), why);
    }
    if job.alone && machine.restored().has(&argv) {
        let why = format!("{name} runs in the foreground, and may be started again");
        return (Some(argv), started_in, why);
    }
    let why = if job.alone {
        format!("{name} runs in the foreground, but is not on the list of what is started again")
    } else {
        format!("{name} runs in the foreground as a part of a pipeline")
    };
    (told, directory(current).or_else(|| started_in), why)
}

/// True if a shell waits for commands there: not one that runs a text or a script.
fn is_shell(argv: &[String]) -> bool {
    let Some((program, arguments)) = argv.split_first() else {
        return false;
    };
    let name = base_name(program).trim_start_matches('-');
    SHELLS.contains(&name)
        && arguments
            .iter()
            .all(|argument| argument.starts_with('-') && argument != "-c")
}

fn append(argv: &mut Vec<String>, terminal: &Terminal, run: &[String]) {
    let before = terminal.execute.before.iter();
    argv.extend(before.map(|&word| word.to_owned()));
    argv.extend(run.iter().cloned());
}

/// The arguments of a terminal, taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    /// Its own options.
    options: Vec<String>,
    /// The program that it was told to run.
    run: Option<Vec<String>>,
}

/// Takes the arguments of a terminal apart. The directory goes where that of the window
/// is known.
fn told(terminal: &Terminal, arguments: &[String], without_directory: bool) -> Told {
    let mut told = Told::default();
    let mut rest = arguments;
    while let Some((argument, after)) = rest.split_first() {
        rest = after;
        let argument_is = |options: &[&str]| options.contains(&argument.as_str());
        let (option, value) = match argument.split_once('=') {
            Some((option, value)) if option.starts_with('-') => (option, Some(value)),
            _ => (argument.as_str(), None),
        };
        if argument_is(terminal.execute.rest) {
            told.run = Some(after.to_vec()).filter(|run| !run.is_empty());
            break;
        }
        if terminal.execute.text.contains(&option) {
            let text = value.or_else(|| after.first().map(String::as_str));
            told.run = text
                .and_then(|text| shell_words::split(text).ok())
                .filter(|run| !run.is_empty());
            if value.is_none() {
                rest = after.get(1..).unwrap_or_default();
            }
            continue;
        }
        if terminal.directory.contains(&option) {
            let words = if value.is_none() { 2 } else { 1 };
            let taken = std::iter::once(argument).chain(after).take(words);
            if !without_directory {
                told.options.extend(taken.cloned());
            }
            rest = after.get(words - 1..).unwrap_or_default();
            continue;
        }
        if terminal.execute.before.first() == Some(&argument.as_str()) {
            // `wezterm start`, which is written before the command.
            continue;
        }
        if terminal.execute.bare && !argument.starts_with(['-', '+']) {
            told.run = Some(std::iter::once(argument).chain(after).cloned().collect());
            break;
        }
        told.options.push(argument.clone());
        if argument_is(terminal.values) {
            told.options.extend(after.first().cloned());
            rest = after.get(1..).unwrap_or_default();
        }
    }
    told
}

/// The only one of the jobs whose directory or program the title names.
fn by_title<'a>(jobs: &'a [Job], title: &str, home: Option<&Path>) -> Option<&'a Job> {
    let is_named = |job: &&Job| {
        let current = job.foreground.as_ref().unwrap_or(&job.leader);
        let Some(cwd) = current.cwd.as_deref() else {
            return false;
        };
        let whole = cwd.to_str().unwrap_or_default();
        let short = home
            .and_then(|home| cwd.strip_prefix(home).ok())
            .and_then(Path::to_str)
            .map(|rest| {
                if rest.is_empty() {
                    "~".to_owned()
                } else {
                    format!("~/{rest}")
                }
            });
        let ends = |text: &str| {
            title.trim_end().strip_suffix(text).is_some_and(|before| {
                !before.ends_with(|end: char| end.is_alphanumeric() || end == '/')
            })
        };
        whole.len() > 1 && ends(whole) || short.is_some_and(|short| ends(&short))
    };
    let mut named = jobs.iter().filter(is_named);
    let first = named.next()?;
    named.next().is_none().then_some(first)
}
