//! Command lines that start the same program with the same arguments.

/// True if two command lines start the same program with the same arguments. A program given
/// by its name is the same as one given by its path, and a script the same as its interpreter
/// with the path of the script: `meld a b` is `/usr/bin/python3 /usr/bin/meld a b`.
pub fn same_command(planned: &[String], present: &[String]) -> bool {
    let Some((program, arguments)) = planned.split_first() else {
        return false;
    };
    let is_same = |present: &[String]| {
        present.split_first().is_some_and(|(other, rest)| {
            rest == arguments
                && (program == other
                    || (program.contains('/') != other.contains('/')
                        && file_name(program) == file_name(other)))
        })
    };
    let script = present.len().checked_sub(planned.len());
    let script = script.filter(|&at| (1..=MAX_INTERPRETER_WORDS).contains(&at));
    is_same(present)
        || script.is_some_and(|at| present[at].contains('/') && is_same(&present[at..]))
}

/// The largest number of words before the path of a script: an interpreter and its options.
const MAX_INTERPRETER_WORDS: usize = 3;

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::same_command;

    #[test]
    fn same_in_other_words() {
        for (planned, present, same) in [
            ("meld a b", "/usr/bin/meld a b", true),
            ("meld a b", "/usr/bin/python3 /usr/bin/meld a b", true),
            ("meld a b", "/usr/bin/python3 -u /usr/bin/meld a b", true),
            ("meld a b", "/usr/bin/python3 /usr/bin/meld a c", false),
            ("meld a b", "/usr/bin/python3 meld a b", false),
            ("/opt/meld a", "/usr/bin/python3 /usr/bin/meld a", false),
            ("/opt/meld a", "/usr/bin/python3 /opt/meld a", true),
            ("less f", "xterm -e less f", false),
            ("meld", "", false),
            ("", "meld", false),
        ] {
            let words = |line| shell_words::split(line).unwrap_or_default();
            assert_eq!(
                same_command(&words(planned), &words(present)),
                same,
                "{planned}: {present}"
            );
        }
    }
}
