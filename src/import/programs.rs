//! The assignment of saved programs to windows.
//!
//! The tools write a program for each window, in the order of the windows in the tree. Windows
//! without a process are left out, and people edit the lists. So the order alone is not enough
//! unless both have the same number.

use std::path::PathBuf;

use crate::discover::command_line::base_name;
use crate::discover::desktop_file::DesktopFile;
use crate::discover::desktop_match;
use crate::discover::terminal_table::Terminal;
use crate::document::lenient::Place;
use crate::live::Properties;

/// A program that a tool has saved.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Program {
    /// The program and its arguments; never empty.
    pub(super) argv: Vec<String>,
    pub(super) cwd: Option<PathBuf>,
    pub(super) place: Option<Place>,
    /// The program that ran in the terminal.
    pub(super) inside: Option<String>,
    /// True if it opens all windows of its class.
    pub(super) opens_all: bool,
}

/// The program of a window. The numbers are positions in the list of programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Assigned {
    /// The class, the instance or the title say so.
    Certain(usize),
    /// Only the order says so.
    ByOrder(usize),
    /// One of these.
    Ambiguous(Vec<usize>),
    /// The program opens this window with the one at this position.
    OpenedBy(usize),
}

/// The programs of the windows, `None` for windows without any. The windows are in the order of
/// the tree.
pub(super) fn assign(
    windows: &[Properties],
    programs: &[Program],
    entries: &[DesktopFile],
) -> Vec<Option<Assigned>> {
    if programs.is_empty() {
        return vec![None; windows.len()];
    }
    let scores: Vec<Vec<u8>> = windows
        .iter()
        .map(|window| {
            let known = of_entries(window, entries);
            let scores = programs
                .iter()
                .map(|program| score(window, &program.argv, &known));
            scores.collect()
        })
        .collect();
    let unfit = |window: usize, program: usize| {
        scores[window][program] == 0 && contradicts(&windows[window], &programs[program], entries)
    };
    if let Some(in_order) = in_order(&scores, programs, &unfit) {
        return in_order;
    }
    let mut assigned: Vec<Option<Assigned>> = vec![None; windows.len()];
    let of_nobody: Vec<usize> = (0..programs.len())
        .filter(|&program| !programs[program].opens_all)
        .filter(|&program| scores.iter().all(|row| row[program] == 0))
        .collect();
    for (first, window) in windows.iter().enumerate() {
        let is_alike = |other: &Properties| {
            (&other.class, &other.instance) == (&window.class, &window.instance)
        };
        let group: Vec<usize> = (0..windows.len())
            .filter(|&at| is_alike(&windows[at]))
            .collect();
        if group.first() == Some(&first) {
            // The programs that fit these windows better than any others.
            let own = (0..programs.len()).filter(|&program| {
                let best = scores.iter().map(|row| row[program]).max().unwrap_or(0);
                best > 0 && scores[first][program] == best
            });
            let own: Vec<usize> = own.collect();
            for (window, found) in of_group(&group, &own, windows, programs) {
                assigned[window] = Some(found);
            }
        }
    }
    let open = (0..windows.len()).filter(|&at| assigned[at].is_none());
    let open: Vec<usize> = open.collect();
    let split = by_title(&open, &of_nobody, windows, programs);
    for (window, found) in split.found {
        assigned[window] = Some(found);
    }
    let mut pairs = split.windows.iter().zip(&split.programs);
    if split.windows.len() == split.programs.len()
        && pairs.all(|(&window, &program)| !unfit(window, program))
    {
        for (window, program) in split.windows.into_iter().zip(split.programs) {
            assigned[window] = Some(Assigned::ByOrder(program));
        }
    } else {
        for window in split.windows {
            let fitting = split.programs.iter().copied();
            let fitting: Vec<usize> = fitting.filter(|&program| !unfit(window, program)).collect();
            if !fitting.is_empty() {
                assigned[window] = Some(Assigned::Ambiguous(fitting));
            }
        }
    }
    assigned
}

/// True if the program opens windows of another class than this one: that of a known terminal or of
/// a desktop entry. Any other program may be a script that opens it.
fn contradicts(window: &Properties, program: &Program, entries: &[DesktopFile]) -> bool {
    let name = program.argv.first().map_or("", |name| base_name(name));
    let Some(class) = window.class.as_deref() else {
        return false;
    };
    if let Some(terminal) = Terminal::of_program(name) {
        let is_set = program.argv.iter().any(|word| word.contains(class));
        return !is_set && Terminal::of_class(class) != Some(terminal);
    }
    let is_known = entries.iter().any(|entry| entry.program == name);
    is_known && !of_entries(window, entries).contains(&name)
}

/// One program for each window in the same order, unless a class contradicts.
fn in_order(
    scores: &[Vec<u8>],
    programs: &[Program],
    unfit: &dyn Fn(usize, usize) -> bool,
) -> Option<Vec<Option<Assigned>>> {
    if scores.len() != programs.len() || programs.iter().any(|program| program.opens_all) {
        return None;
    }
    let pairs = (0..scores.len()).map(|at| {
        let best = scores.iter().map(|row| row[at]).max().unwrap_or(0);
        let own = scores[at][at];
        if own > 0 && own == best {
            Some(Some(Assigned::Certain(at)))
        } else if best == 0 && scores[at].iter().all(|&score| score == 0) && !unfit(at, at) {
            Some(Some(Assigned::ByOrder(at)))
        } else {
            None
        }
    });
    pairs.collect()
}

/// The programs of windows with the same class and instance.
fn of_group(
    group: &[usize],
    own: &[usize],
    windows: &[Properties],
    programs: &[Program],
) -> Vec<(usize, Assigned)> {
    if let Some(&first) = own.iter().find(|&&program| programs[program].opens_all) {
        let opener = group[0];
        let others = group[1..]
            .iter()
            .map(|&window| (window, Assigned::OpenedBy(opener)));
        return [(opener, Assigned::Certain(first))]
            .into_iter()
            .chain(others)
            .collect();
    }
    let are_equal = own.iter().all(|&program| {
        let (one, other) = (&programs[program], &programs[own[0]]);
        (&one.argv, &one.cwd) == (&other.argv, &other.cwd)
    });
    let certain = |(&window, &program): (&usize, &usize)| (window, Assigned::Certain(program));
    if own.len() == group.len() || are_equal {
        return group.iter().zip(own).map(certain).collect();
    }
    let Split {
        mut found,
        windows: open,
        programs: left,
    } = by_title(group, own, windows, programs);
    if open.len() == left.len() {
        found.extend(open.iter().zip(&left).map(certain));
    } else if !left.is_empty() {
        let ambiguous = |window| (window, Assigned::Ambiguous(left.clone()));
        found.extend(open.into_iter().map(ambiguous));
    }
    found
}

/// The windows whose titles say which program is theirs, and the remaining windows and programs.
struct Split {
    found: Vec<(usize, Assigned)>,
    windows: Vec<usize>,
    programs: Vec<usize>,
}

/// Finds the windows whose title is about one of the programs, and about no other window.
fn by_title(group: &[usize], own: &[usize], windows: &[Properties], programs: &[Program]) -> Split {
    let mut split = Split {
        found: Vec::new(),
        windows: group.to_vec(),
        programs: own.to_vec(),
    };
    let fits = |window: usize, program: usize| {
        let title = windows[window].title.as_deref();
        title.is_some_and(|title| is_in_title(title, &programs[program]))
    };
    for &window in group {
        let mut fitting = own.iter().filter(|&&program| fits(window, program));
        if let (Some(&program), None) = (fitting.next(), fitting.next())
            && group
                .iter()
                .all(|&other| other == window || !fits(other, program))
        {
            split.found.push((window, Assigned::Certain(program)));
            split.windows.retain(|&other| other != window);
            split.programs.retain(|&other| other != program);
        }
    }
    split
}

/// True if the title has an argument of the program, or the name of its directory.
fn is_in_title(title: &str, program: &Program) -> bool {
    /// Shorter words are in many titles.
    const SHORTEST: usize = 3;
    let title = title.to_lowercase();
    let arguments = program
        .argv
        .iter()
        .skip(1)
        .filter(|word| !word.starts_with('-'));
    let directory = program
        .cwd
        .as_ref()
        .and_then(|cwd| cwd.file_name()?.to_str());
    let inside = program
        .inside
        .as_deref()
        .and_then(|line| line.split_whitespace().next());
    let words = arguments
        .map(|word| base_name(word))
        .chain(directory)
        .chain(inside);
    // A title often leaves out the extension of a file.
    let stem = |word: &'_ str| word.split('.').next().unwrap_or_default().to_lowercase();
    words
        .map(stem)
        .filter(|word| word.chars().count() >= SHORTEST)
        .any(|word| title.contains(&word))
}

/// The programs of the desktop entries for the class of a window.
fn of_entries<'e>(window: &Properties, entries: &'e [DesktopFile]) -> Vec<&'e str> {
    let (class, instance) = (window.class.as_deref(), window.instance.as_deref());
    let related = desktop_match::related(entries, class, instance, None).into_iter();
    related
        .map(|related| related.entry.program.as_str())
        .collect()
}

/// The evidence that a program opened a window of this class and instance; 0 without any.
/// `known` are the programs of the desktop entries for this class.
fn score(window: &Properties, argv: &[String], known: &[&str]) -> u8 {
    let names: Vec<&str> = [&window.class, &window.instance]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let Some(program) = argv.first().map(|program| base_name(program)) else {
        return 0;
    };
    let last = |name: &'_ str| name.rsplit('.').next().unwrap_or_default().to_owned();
    let is_name = |word: &str| {
        let word = base_name(word);
        names
            .iter()
            .any(|name| name.eq_ignore_ascii_case(word) || last(name).eq_ignore_ascii_case(word))
    };
    let terminal = Terminal::of_program(program);
    let of_terminal = terminal.is_some()
        && names
            .iter()
            .any(|name| Terminal::of_class(name) == terminal);
    let by_argument = argv
        .iter()
        .skip(1)
        .any(|word| !word.starts_with('-') && is_name(word));
    let by_program = is_name(program) || of_terminal || known.contains(&program);
    // Options such as `-class NAME` say more than the program.
    u8::from(by_program) * 2 + u8::from(by_argument) * 4
}

#[cfg(test)]
mod tests;
