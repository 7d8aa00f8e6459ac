//! The command of a terminal's window: the terminal, and the program that runs in it.

mod scripts;
mod typed_job;

use std::path::Path;

use scripts::{as_command, is_script_of, runs_again};
use typed_job::TypedJob;

use super::Source;
use super::window_arguments::OfWindow;
use crate::discover::candidate::{Candidate, CommandSource, Doubt};
use crate::discover::command_line::{base_name, below_home, with_program};
use crate::discover::evidence::{Evidence, Proposal};
use crate::discover::isolation::Isolation;
use crate::discover::job::Job;
use crate::discover::machine::Machine;
use crate::discover::multiplexer::Client;
use crate::discover::own_command::of_process;
use crate::discover::sandboxes;
use crate::discover::start_directory::StartDirectory;
use crate::discover::terminal_arguments::Arguments;
use crate::discover::terminal_table::{TERMINALS, Terminal, is_script, is_shell};
use crate::discover::typed::shortest;
use crate::discover::wrappers;
use crate::live::Process;

/// The terminal's own command, with the program that runs in the window.
pub(super) const SOURCE: Source = Source {
    propose: |evidence| propose(evidence).into_iter().collect(),
    outdoes: "the command of the terminal includes the program inside",
};

fn propose(evidence: &Evidence) -> Option<Candidate> {
    let process = evidence.process.as_ref()?;
    let argv = evidence.argv()?;
    let (terminal, argv) = linked(evidence, process, argv)
        .or_else(|| Some((known(evidence, argv)?, argv.to_vec())))?;
    let machine = evidence.machine;
    let window = evidence.asked.con.window;
    let jobs = process.pid.map(|pid| machine.jobs(pid, window));
    let jobs = jobs.unwrap_or_default();
    let mut doubts = Vec::new();
    let argv = by_script(argv, machine);
    let (program, arguments) = argv.split_first()?;
    let server = terminal.is_server(program);
    let of_window = OfWindow::new(terminal, arguments, evidence, jobs.len());
    let job = match &of_window.layout {
        Some(_) => None,
        None => shown(&jobs, evidence, &mut doubts),
    };
    let arguments = if server {
        Arguments::default()
    } else {
        doubts.extend(of_window.left_out.map(Doubt::Layout));
        Arguments::of(terminal, &of_window.arguments, job.is_some())
    };
    let (run, directory, why) = match job {
        Some(job) => inside(terminal, arguments.run, job, process, &mut doubts, evidence),
        None if of_window.layout.is_some() => (
            arguments.run,
            StartDirectory::of(process, machine),
            format!(
                "the {} opens its tabs and splits by a layout",
                terminal.name
            ),
        ),
        None if jobs.is_empty() && process.pid.is_some_and(|pid| machine.is_childless(pid)) => (
            arguments
                .run
                .and_then(|run| still_wanted(run, &mut doubts, machine)),
            StartDirectory::of(process, machine),
            format!("the program in the {} has ended", terminal.name),
        ),
        None => (
            arguments.run.filter(|_| jobs.is_empty()),
            // A server runs anywhere but where its windows are.
            if server || !jobs.is_empty() {
                StartDirectory::default()
            } else {
                StartDirectory::of(process, machine)
            },
            format!("the program in the {} is unknown", terminal.name),
        ),
    };
    let start = terminal.processes.get(base_name(program));
    let mut argv = with_program(start.unwrap_or(program), &arguments.options);
    if terminal.tell_directory
        && job.is_some()
        && let Some(option) = terminal.directory.first()
        && let Some(cwd) = directory.cwd.as_deref().and_then(Path::to_str)
    {
        argv.extend([option.clone(), cwd.to_owned()]);
    }
    if let Some(run) = run {
        argv.extend(terminal.run.iter().cloned().chain(run));
    }
    doubts.extend(other_class(terminal, &argv, evidence));
    // `apply` starts any other terminal with the program as an argument, so only a server's
    // command line is the same then.
    let started = process.argv.first();
    let line = started
        .filter(|program| terminal.is_server(program))
        .and_then(|_| evidence.process_line(&argv));
    Some(evidence.candidate(Proposal {
        source: CommandSource::Terminal,
        name: Some(terminal.name.clone()),
        argv,
        directory,
        process: line,
        doubts,
        why,
    }))
}

/// Returns a doubt if the window of a shared process has a class that nothing in the command sets.
fn other_class(terminal: &Terminal, argv: &[String], evidence: &Evidence) -> Option<Doubt> {
    let properties = evidence.asked.con.properties.as_ref()?;
    let class = properties.class.as_deref()?;
    let is_one_of_several = terminal.shared && evidence.asked.rank.1 > 1;
    let is_usual = Terminal::of_class(class).is_some();
    let is_set = argv.iter().any(|word| word.contains(class));
    (is_one_of_several && !is_usual && !is_set).then(|| Doubt::OtherClass(class.to_owned()))
}

/// Returns the terminal that was started by a link to it, such as `x-terminal-emulator`, and
/// its command line. The command keeps the link's name if that still means the terminal.
fn linked(
    evidence: &Evidence,
    process: &Process,
    argv: &[String],
) -> Option<(&'static Terminal, Vec<String>)> {
    let (called, arguments) = argv.split_first()?;
    let name = base_name(called);
    // The arguments of `flatpak run` and similar programs are not the terminal's.
    let is_own = process.argv.first().map(|called| base_name(called)) == Some(name);
    let exe = process.exe.as_deref().filter(|_| is_own)?;
    let own_name = exe.file_name()?.to_str()?;
    let terminal = Terminal::of_program(own_name)?;
    if Terminal::of_program(name).is_some() {
        return None;
    }
    let keeps_name = called.contains('/') || evidence.machine.is_named(called, exe);
    let program = if keeps_name { called } else { own_name };
    Some((terminal, with_program(program, arguments)))
}

/// Returns the terminal that owns the window.
fn known(evidence: &Evidence, argv: &[String]) -> Option<&'static Terminal> {
    let program = argv.first()?;
    if let Some(terminal) = Terminal::of_program(wrappers::plain_name(program)) {
        return Some(terminal);
    }
    let properties = evidence.asked.con.properties.as_ref()?;
    let of_class = properties.class.as_deref().and_then(Terminal::of_class)?;
    // Other programs, too, open windows of this class.
    let runs = wrappers::inner(argv);
    let runs = runs.first().map(|program| wrappers::plain_name(program))?;
    Terminal::of_program(runs).or_else(|| runs.contains(&of_class.name).then_some(of_class))
}

/// Returns the job that the window shows, if that is known.
fn shown<'a>(jobs: &'a [Job], evidence: &Evidence, doubts: &mut Vec<Doubt>) -> Option<&'a Job> {
    match jobs {
        [] => None,
        [job] => Some(job),
        [first, ..] if first.sure => {
            doubts.push(Doubt::Tabs(jobs.len()));
            Some(first)
        }
        _ => {
            // With as many windows as shells, each window has one, in the order of their start.
            let (nth, windows) = evidence.asked.rank;
            let job = by_title(jobs, evidence.title(), evidence.machine.home())
                .or_else(|| jobs.get(nth).filter(|_| jobs.len() == windows));
            if job.is_none() {
                doubts.push(Doubt::WhichShell(jobs.len()));
            }
            job
        }
    }
}

/// Returns the only job whose directory is at the end of the title.
fn by_title<'a>(jobs: &'a [Job], title: &str, home: Option<&Path>) -> Option<&'a Job> {
    let ends = |text: String| {
        let before = title.trim_end().strip_suffix(&text);
        before.is_some_and(|before| {
            !before.ends_with(|end: char| end.is_alphanumeric() || end == '/')
        })
    };
    let is_named = |job: &&Job| {
        let current = job.foreground.as_ref().unwrap_or(&job.leader);
        let cwd = current.cwd.as_deref().and_then(Path::to_str);
        let cwd = cwd.unwrap_or_default();
        let short = if home == Some(Path::new(cwd)) {
            Some("~".to_owned())
        } else {
            below_home(cwd, home)
        };
        cwd.len() > 1 && ends(cwd.to_owned()) || short.is_some_and(ends)
    };
    let mut named = jobs.iter().filter(is_named);
    named.next().filter(|_| named.next().is_none())
}

/// Replaces a terminal with options by the script in `PATH` that starts it with them.
fn by_script(argv: Vec<String>, machine: &dyn Machine) -> Vec<String> {
    let mut scripts = TERMINALS.scripts.iter();
    let short = scripts.find_map(|(name, words)| {
        let rest = argv.strip_prefix(&**words)?;
        machine.find(name)?;
        Some(with_program(name, rest))
    });
    short.unwrap_or(argv)
}

/// The program to run in the terminal, its directory, and the reason.
type Found = (Option<Vec<String>>, StartDirectory, String);

/// Returns the program to run in the terminal, its directory, and the reason. `given` is the
/// program in the terminal's arguments.
fn inside(
    terminal: &Terminal,
    given: Option<Vec<String>>,
    job: &Job,
    process: &Process,
    doubts: &mut Vec<Doubt>,
    evidence: &Evidence,
) -> Found {
    let machine = evidence.machine;
    let directory = |process: &Process| StartDirectory::of(process, machine);
    let short = |process: &Process| {
        // Most terminals show a shell, which no wrapper or sandbox starts.
        let own = (!is_shell(&process.argv))
            .then(|| of_process(process, &machine.isolation(process), machine).ok())
            .flatten();
        own.map_or_else(
            || shortest(process.argv.clone(), process.cwd.as_deref(), machine).argv,
            |own| own.typed.argv,
        )
    };
    let leader = &job.leader;
    let current = job.foreground.as_ref().unwrap_or(leader);
    let argv = short(current);
    let name = argv.first().map_or("", |program| base_name(program));
    let started_in = match &job.started_in {
        Some(cwd) if job.foreground.is_some() => StartDirectory::at(cwd.clone()),
        _ => directory(current).or(directory(process)),
    };
    if let Some((run, why)) = of_multiplexer(&argv, current, doubts, machine) {
        return (Some(run), started_in, why);
    }
    let is_shell_first = is_shell(&leader.argv);
    let waits = format!("the shell in the {} is idle", terminal.name);
    // The arguments of a shared process may belong to another window.
    let given = given.filter(|run| !terminal.shared || is_shell(run));
    if leader.argv.is_empty() {
        let given = given.and_then(|run| still_wanted(run, doubts, machine));
        return (given, directory(leader), waits);
    }
    // `sh -c './deploy.sh; exec bash'`: the shell has replaced the script, or the script waits for
    // it.
    let is_outside = machine.isolation(current) == Isolation::None;
    if let Some(run) = &given
        && is_shell(&current.argv)
        && is_outside
        && (is_script(&leader.argv) || is_shell_first && is_script_of(run, process, machine))
    {
        doubts.push(Doubt::ended(run, machine));
        let why = format!("a shell has replaced the program in the {}", terminal.name);
        return (Some(as_command(&current.argv)), directory(current), why);
    }
    if job.foreground.is_none() && is_shell_first {
        // `xterm -e fish`: the shell in the arguments.
        return (given, directory(leader), waits);
    }
    let has_window = job.alone && evidence.asked.has_window(current, machine);
    let typed = TypedJob::of(job, &argv, machine).filter(|_| !has_window);
    if !is_shell_first && (given.is_some() || terminal.shared) {
        let is_given = given.is_some();
        let run = given.unwrap_or_else(|| short(leader));
        if let Some(typed) = &typed
            && let Some(found) = typed.in_program((&run, is_given), process, doubts, machine)
        {
            return found;
        }
        if is_given {
            doubts.extend(runs_again(&run).map(Doubt::RunsAgain));
        }
        let place = typed_job::shell_directory(job, &leader.argv, machine);
        let place = place.unwrap_or_else(|| directory(if is_given { process } else { leader }));
        let why = format!("the {} runs this program instead of a shell", terminal.name);
        return (Some(run), place, why);
    }
    if is_shell(&current.argv) {
        return (given, directory(current).or(started_in), waits);
    }
    let is_restored = job.alone && machine.restored().has(&argv);
    // `nix-shell`, `newgrp x`, `env A=b bash`: the shell has replaced a program that prepared its
    // surroundings.
    if let Some(run) = given.as_ref().filter(|run| !is_shell(run))
        && let Some(typed) = typed.as_ref().filter(|_| is_shell_first)
        && !is_script_of(run, process, machine)
    {
        return typed.in_surroundings(run, process, doubts, machine);
    }
    let (given, started_in, in_shell) = match given {
        // `sh -c 'cd src; bash'`: a script that has started the shell runs all of it again.
        Some(run) if is_script(&leader.argv) && (has_window || !is_restored) => {
            doubts.extend(runs_again(&run).map(Doubt::RunsAgain));
            (Some(run), directory(process), directory(process))
        }
        // `sh -c 'cd src && exec bash'`: the shell has replaced the script.
        Some(run) if is_shell_first && is_script_of(&run, process, machine) => {
            doubts.push(Doubt::ended(&run, machine));
            let shell = as_command(&leader.argv);
            (Some(shell), started_in, directory(current))
        }
        given => (given, started_in, directory(current)),
    };
    if has_window {
        let why = format!("{name} runs in the foreground, but has a window of its own");
        return (given, started_in, why);
    }
    if is_restored {
        let why = format!("{name} runs in the foreground, and may be started again");
        return (Some(argv), started_in, why);
    }
    doubts.extend(typed.map(|typed| typed.lost(machine)));
    let why = if job.alone {
        format!("{name} runs in the foreground, but is not in the list of programs to start again")
    } else {
        format!("{name} runs in the foreground as part of a pipeline")
    };
    (given, in_shell.or(started_in), why)
}

/// Returns the command of a client of a terminal multiplexer, and the reason.
fn of_multiplexer(
    argv: &[String],
    current: &Process,
    doubts: &mut Vec<Doubt>,
    machine: &dyn Machine,
) -> Option<(Vec<String>, String)> {
    let client = Client::of(argv)?;
    let name = argv.first().map_or("", |program| base_name(program));
    if let Some(attach) = client.attach(machine.attached(current).as_deref()) {
        let why = format!("{name} is attached to its session again");
        return Some((attach, why));
    }
    doubts.push(Doubt::WhichSession(name.to_owned()));
    Some((argv.to_vec(), "it runs in the foreground".to_owned()))
}

/// Returns the program in the arguments of a terminal in which it has ended, if it does no harm to
/// start it again.
fn still_wanted(
    run: Vec<String>,
    doubts: &mut Vec<Doubt>,
    machine: &dyn Machine,
) -> Option<Vec<String>> {
    if is_shell(&run) || machine.restored().has(&run) {
        return Some(run);
    }
    doubts.push(Doubt::ended(&run, machine));
    None
}

/// True if the command of a terminal with a window starts the process again, as that of
/// `xterm -e xclock` and `xterm -e sh -c xclock` does.
pub(super) fn is_job(evidence: &Evidence) -> bool {
    let Evidence { asked, machine, .. } = *evidence;
    let Some(process) = evidence.process.as_ref().filter(|_| asked.may_be_job) else {
        return false;
    };
    let chain = [vec![process.clone()], machine.parents(process)].concat();
    let terminal = chain
        .iter()
        .position(|parent| parent.pid != process.pid && Terminal::of_process(parent).is_some());
    let Some((below, from)) = terminal.map(|at| chain.split_at(at)) else {
        return false;
    };
    let (Some(leader), Some(parent)) = (below.last(), from.first()) else {
        return false;
    };
    let owns_window = asked.desktop.is_none_or(|desktop| {
        let mut all = desktop.windows.values();
        all.any(|facts| {
            facts
                .process
                .as_ref()
                .is_some_and(|one| one.pid == parent.pid)
        })
    });
    // A program that the terminal was told to run may have started others on request, as a file
    // manager does. A script starts the same again, and so does a sandbox.
    let is_same = leader.pid == process.pid
        || is_script(&leader.argv)
        || sandboxes::isolates(leader, machine);
    owns_window && is_same && is_told(parent, &leader.argv)
}

/// True if the terminal was told to run this child, so that its command starts the child again.
fn is_told(terminal: &Process, leader: &[String]) -> bool {
    let Some(known) = Terminal::of_process(terminal) else {
        return false;
    };
    let arguments = terminal.argv.get(1..).unwrap_or_default();
    !is_shell(leader) && (known.shared || Arguments::of(known, arguments, true).run.is_some())
}
