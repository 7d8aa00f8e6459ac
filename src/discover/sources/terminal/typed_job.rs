//! A program that was started by typing its name into the shell of a terminal.

use super::Found;
use super::scripts::{as_command, runs_again};
use crate::discover::candidate::Doubt;
use crate::discover::command_line::base_name;
use crate::discover::isolation::Isolation;
use crate::discover::job::Job;
use crate::discover::machine::Machine;
use crate::discover::sandboxes;
use crate::discover::start_directory::StartDirectory;
use crate::discover::terminal_table::{is_script, is_shell};
use crate::live::Process;

/// The foreground job of a shell that waits for commands.
pub(super) struct TypedJob<'a> {
    job: &'a Job,
    current: &'a Process,
    /// The command of the job.
    argv: &'a [String],
    /// The shell that started it.
    shell: Process,
}

impl<'a> TypedJob<'a> {
    /// Returns the job if a shell that waits for commands started it: only such a shell puts its
    /// jobs into process groups of their own. `None` for a shell, which waits itself.
    pub(super) fn of(job: &'a Job, argv: &'a [String], machine: &dyn Machine) -> Option<Self> {
        let current = job.foreground.as_ref()?;
        if is_shell(&current.argv) {
            return None;
        }
        let parent = machine.parents(current).into_iter().next();
        let parent = parent.filter(|parent| parent.pid != job.leader.pid);
        let shell = parent.unwrap_or_else(|| job.leader.clone());
        (is_shell(&shell.argv) && !is_script(&shell.argv)).then_some(Self {
            job,
            current,
            argv,
            shell,
        })
    }

    /// Returns the words that start the job where `run` starts the shell, and the directory:
    /// `bwrap --bind / / vim a` for `bwrap --bind / / bash`. `None` if the job is not one to start
    /// again, or if its surroundings are not certain to be the same.
    fn instead_of_shell(
        &self,
        run: &[String],
        terminal: &Process,
        machine: &dyn Machine,
    ) -> Option<(Vec<String>, StartDirectory)> {
        if !self.job.alone || !machine.restored().has(self.argv) {
            return None;
        }
        let before = run.len().checked_sub(self.shell.argv.len())?;
        let (before, shell) = run.split_at_checked(before)?;
        if !is_same_shell(shell, &self.shell.argv) {
            return None;
        }
        let cwd = self.job.started_in.as_deref();
        let is_same_directory = cwd.is_some() && cwd == terminal.cwd.as_deref();
        if matches!(machine.isolation(self.current), Isolation::OtherUser(_)) {
            return None;
        }
        if !is_same_directory && !keeps_directory(before, self.current, machine) {
            return None;
        }
        let directory = StartDirectory::at(cwd?.to_path_buf());
        Some(([before, self.argv].concat(), directory))
    }

    /// True if the job means the same without the shell, and is one to start again.
    fn stands_alone(&self, machine: &dyn Machine) -> bool {
        self.job.alone
            && machine.restored().has(self.argv)
            && machine.isolation(self.current) == Isolation::None
    }

    /// Returns the program to run in a terminal that runs this program, which has started the shell.
    /// `is_given` is true if it is in the arguments of the terminal. `None`, with a doubt, if the
    /// program itself must run.
    pub(super) fn in_program(
        &self,
        (run, is_given): (&[String], bool),
        terminal: &Process,
        doubts: &mut Vec<Doubt>,
        machine: &dyn Machine,
    ) -> Option<Found> {
        let name = self.name();
        if let Some((run, cwd)) = self.instead_of_shell(run, terminal, machine) {
            let why = format!("{name} was started by the shell inside, in its place");
            return Some((Some(run), cwd, why));
        }
        // `sh -c 'cd src; bash'`: the script has started the shell.
        if is_script(&self.job.leader.argv) && self.stands_alone(machine) {
            doubts.extend(runs_again(run).map(|_| Doubt::ended(run, machine)));
            let started_in = self.job.started_in.clone().map(StartDirectory::at);
            let cwd = started_in.unwrap_or_else(|| StartDirectory::of(self.current, machine));
            let why = format!("{name} runs in the foreground, and may be started again");
            return Some((Some(self.argv.to_vec()), cwd, why));
        }
        let is_outside = machine.isolation(self.current) == Isolation::None;
        if is_given && is_outside && is_script(run) {
            doubts.extend([Doubt::ended(run, machine), self.lost(machine)]);
            let cwd = StartDirectory::of(self.current, machine);
            let why = format!("{name} runs in a shell that a script has started");
            return Some((Some(as_command(&self.shell.argv)), cwd, why));
        }
        doubts.push(self.lost(machine));
        None
    }

    /// Returns the program to run in a terminal that was told to run this program, in whose place the
    /// shell runs.
    pub(super) fn in_surroundings(
        &self,
        run: &[String],
        terminal: &Process,
        doubts: &mut Vec<Doubt>,
        machine: &dyn Machine,
    ) -> Found {
        let name = self.name();
        if let Some((run, cwd)) = self.instead_of_shell(run, terminal, machine) {
            let why = format!("{name} was started by the shell inside, in its place");
            return (Some(run), cwd, why);
        }
        doubts.push(self.lost(machine));
        let started_in = self.job.started_in.clone().map(StartDirectory::at);
        let cwd = StartDirectory::of(self.current, machine).or(started_in.unwrap_or_default());
        let why = format!("{name} runs in the foreground, in surroundings that the shell has");
        (Some(run.to_vec()), cwd, why)
    }

    fn name(&self) -> &str {
        self.argv.first().map_or("", |program| base_name(program))
    }

    /// The doubt that the job is not started again.
    pub(super) fn lost(&self, machine: &dyn Machine) -> Doubt {
        Doubt::Typed {
            line: machine.shown_line(self.argv),
            alone: self.job.alone,
        }
    }
}

/// Returns the directory of the shell that waits in a sandbox which a terminal started with this
/// command. `None` if there is no such shell, or if its directory is not the same outside.
pub(super) fn shell_directory(
    job: &Job,
    leader: &[String],
    machine: &dyn Machine,
) -> Option<StartDirectory> {
    let current = job.foreground.as_ref()?;
    let is_inside =
        sandboxes::is_sandbox(&job.leader, machine) && keeps_directory(leader, current, machine);
    let cwd = if is_shell(&current.argv) {
        current.cwd.clone()
    } else {
        job.started_in.clone()
    };
    cwd.filter(|_| is_inside).map(StartDirectory::at)
}

/// True if a command with these words starts a program in its own directory, whose path is the
/// same outside.
fn keeps_directory(words: &[String], inside: &Process, machine: &dyn Machine) -> bool {
    let is_same = matches!(
        machine.isolation(inside),
        Isolation::None | Isolation::Namespaces
    );
    is_same && !words.iter().any(|word| moves(word))
}

/// True if these words of a command started a shell with this command line.
fn is_same_shell(words: &[String], shell: &[String]) -> bool {
    let (Some((word, options)), Some((called, others))) =
        (words.split_first(), shell.split_first())
    else {
        return false;
    };
    base_name(word) == base_name(called.trim_start_matches('-')) && options == others
}

/// True for an option that starts the program in another directory.
fn moves(word: &str) -> bool {
    const NAMES: [&str; 4] = ["chdir", "workdir", "cwd", "directory"];
    let is_option = word.starts_with('-');
    let has_name = || NAMES.iter().any(|name| word.contains(name)) || word.starts_with("--wd");
    word.starts_with("-C") || is_option && has_name()
}
