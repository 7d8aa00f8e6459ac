//! Arguments that a script adds to a program that it starts.
//!
//! Wrappers such as `exec /usr/bin/tool --option "$@"` pass their arguments on. The script is not
//! run or fully parsed: only simple commands that end in such a call are understood, with options
//! from variables that the script sets itself.

use std::path::Path;

/// The arguments with which a script started a program.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Given<'a> {
    /// These arguments.
    Arguments(&'a [String]),
    /// The script adds arguments that the program does not have, so it did not start the program.
    NotStarted,
    /// The script does not show what it adds.
    Unknown,
}

/// Returns the arguments with which this script started the program in this file.
pub(super) fn given<'a>(text: &str, program: &Path, arguments: &'a [String]) -> Given<'a> {
    let joined = text.replace("\\\n", " ");
    let commands: Vec<Vec<String>> = joined.lines().flat_map(commands).collect();
    let mut calls = commands.iter().filter_map(|words| call(words, program));
    let Some(first) = calls.next() else {
        return Given::Unknown;
    };
    // `set -- --option "$@"` before the call.
    let set = commands.iter().filter_map(|words| {
        let words = words.strip_prefix(&["set".to_owned(), "--".to_owned()])?;
        around(words)
    });
    let set: Vec<_> = set.collect();
    let mut kept: Option<&[String]> = None;
    for outer in [first].into_iter().chain(calls) {
        let mut rest = without(arguments, &outer, &joined);
        for inner in set.iter().rev() {
            // It may be in a branch that did not run.
            rest = rest.map(|rest| without(rest, inner, &joined).unwrap_or(rest));
        }
        // The call with the most options of its own is the one that ran.
        if let Some(rest) = rest
            && kept.is_none_or(|kept| rest.len() < kept.len())
        {
            kept = Some(rest);
        }
    }
    kept.map_or(Given::NotStarted, Given::Arguments)
}

/// The words before and after the script's own arguments.
type Around<'a> = (&'a [String], &'a [String]);

/// Splits a line into simple commands. Quotes are kept in the words.
fn commands(line: &str) -> Vec<Vec<String>> {
    let mut commands = vec![Vec::new()];
    let mut word = String::new();
    let mut quote = None;
    let end = |word: &mut String, commands: &mut Vec<Vec<String>>| {
        if !word.is_empty()
            && let Some(command) = commands.last_mut()
        {
            command.push(std::mem::take(word));
        }
    };
    for character in line.chars() {
        match (quote, character) {
            (Some(open), _) => {
                word.push(character);
                if character == open {
                    quote = None;
                }
            }
            (None, '\'' | '"') => {
                word.push(character);
                quote = Some(character);
            }
            (None, '#') if word.is_empty() => break,
            (None, ';' | '|' | '&') => {
                // Not the `&` of `2>&1`.
                if character == '&' && word.ends_with('>') {
                    word.push(character);
                    continue;
                }
                end(&mut word, &mut commands);
                commands.push(Vec::new());
            }
            (None, _) if character.is_whitespace() => end(&mut word, &mut commands),
            (None, _) => word.push(character),
        }
    }
    end(&mut word, &mut commands);
    commands.retain(|command| !command.is_empty());
    commands
}

/// Returns the words around the script's own arguments, if the command starts the program.
fn call<'a>(words: &'a [String], program: &Path) -> Option<Around<'a>> {
    let mut words = words;
    loop {
        let (first, rest) = words.split_first()?;
        let is_assignment = first
            .split_once('=')
            .is_some_and(|(name, _)| crate::layout::vars::is_name(name));
        words = match first.as_str() {
            "exec" if rest.first().is_some_and(|word| word == "-a") => rest.get(2..)?,
            "exec" | "env" | "then" | "else" | "do" | "nohup" | "setsid" | "{" | "(" => rest,
            _ if is_assignment => rest,
            _ => break,
        };
    }
    let (first, rest) = words.split_first()?;
    let name = unquoted(first);
    let is_program = Path::new(&name) == program
        || name.contains(['$', '`'])
        || !name.contains('/') && Some(name.as_str()) == program.file_name()?.to_str();
    around(rest).filter(|_| is_program)
}

/// Splits the words at the script's own arguments.
fn around(words: &[String]) -> Option<Around<'_>> {
    let all = |word: &String| {
        matches!(
            word.trim_matches('"'),
            "$@" | "${@}" | "$*" | "${*}" | "${1+\"$@\"}" | "${1+$@}" | "${@:1}"
        )
    };
    let at = words.iter().position(all)?;
    let (before, after) = words.split_at(at);
    let after = after.get(1..).unwrap_or_default();
    // Redirections, and what closes a block.
    let end = after
        .iter()
        .position(|word| word.contains(['>', '<']) || matches!(word.as_str(), "}" | ")"));
    let after = after.get(..end.unwrap_or(after.len())).unwrap_or_default();
    Some((before, after))
}

/// Returns the arguments without those that the script adds; `None` if they lack one of them.
fn without<'a>(
    arguments: &'a [String],
    (before, after): &Around,
    text: &str,
) -> Option<&'a [String]> {
    let mut rest = arguments;
    for word in *before {
        rest = match added(word, text) {
            Added::One(pattern) => {
                let (first, others) = rest.split_first()?;
                matches(&pattern, first).then_some(others)?
            }
            Added::Any(patterns) => {
                let count = rest.iter().take_while(|word| {
                    let mut patterns = patterns.iter();
                    patterns.any(|pattern| matches(pattern, word))
                });
                rest.get(count.count()..)?
            }
        };
    }
    for word in after.iter().rev() {
        rest = match added(word, text) {
            Added::One(pattern) => {
                let (last, others) = rest.split_last()?;
                matches(&pattern, last).then_some(others)?
            }
            Added::Any(patterns) => {
                let count = rest.iter().rev().take_while(|word| {
                    let mut patterns = patterns.iter();
                    patterns.any(|pattern| matches(pattern, word))
                });
                rest.get(..rest.len() - count.count())?
            }
        };
    }
    Some(rest)
}

/// The arguments that a word of a script adds.
enum Added {
    /// One that matches.
    One(String),
    /// Any number of these.
    Any(Vec<String>),
}

fn added(word: &str, text: &str) -> Added {
    let is_quoted = word.starts_with(['"', '\'']);
    let bare = unquoted(word);
    let name = bare.strip_prefix('$').map(|name| {
        let name = name.trim_start_matches('{').trim_end_matches('}');
        name.trim_end_matches("[@]").trim_end_matches("[*]")
    });
    let variable = name.filter(|name| crate::layout::vars::is_name(name));
    match variable {
        Some(name) if !is_quoted || bare.contains('[') => Added::Any(values(name, text)),
        _ if word.starts_with('\'') => Added::One(bare.replace('$', "\u{0}")),
        _ if !is_quoted && bare.contains('$') && !bare.starts_with('-') => Added::Any(Vec::new()),
        _ => Added::One(bare),
    }
}

/// Returns all words that the script puts into a variable.
fn values(name: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines() {
        for (at, _) in line.match_indices(name) {
            let starts = line[..at].chars().next_back();
            let after = &line[at + name.len()..];
            let value = after.strip_prefix("+=").or_else(|| after.strip_prefix('='));
            let is_start =
                starts.is_none_or(|before| !before.is_alphanumeric() && !"_${".contains(before));
            let Some(value) = value.filter(|_| is_start) else {
                continue;
            };
            let value = match value.chars().next() {
                Some(quote @ ('"' | '\'')) => value[1..].split(quote).next(),
                Some('(') => value[1..].split(')').next(),
                _ => value.split([' ', ';', '\t']).next(),
            };
            let words = value.unwrap_or_default().split_whitespace().map(unquoted);
            found.extend(words.filter(|word| !word.starts_with('$') && !word.is_empty()));
        }
    }
    found
}

/// True if the argument is the one that a word with variables stands for.
fn matches(pattern: &str, argument: &str) -> bool {
    match pattern.find(['$', '`']) {
        Some(at) => argument.starts_with(&pattern[..at].replace('\u{0}', "$")),
        None => argument == pattern.replace('\u{0}', "$"),
    }
}

/// Returns a word of a script without its quotes.
fn unquoted(word: &str) -> String {
    word.replace(['"', '\''], "")
}

/// True if the script has one of these arguments as a word, so it may have added it.
pub(super) fn may_add(text: &str, arguments: &[String]) -> bool {
    let words = |line: &str| -> Vec<String> { line.split_whitespace().map(unquoted).collect() };
    let script: Vec<String> = text.lines().flat_map(words).collect();
    let mut options = arguments.iter().filter(|word| word.starts_with('-'));
    options.any(|option| script.contains(option))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn added_arguments_are_recognized() {
        for (script, arguments, expected) in [
            (r#"exec /usr/bin/tool -u 5 "$@""#, "-u 5 -d", Some("-d")),
            (r#"exec /usr/bin/tool -u 5 "$@""#, "-u 5", Some("")),
            // The user's own, too.
            (
                r#"exec /usr/bin/tool -u 5 "$@""#,
                "-u 5 -u 5 a",
                Some("-u 5 a"),
            ),
            (r#"/usr/bin/tool "$@" -u 5 2>&1 &"#, "a -u 5", Some("a")),
            ("exec tool -u 5 $*", "-u 5 a", Some("a")),
            (
                r#"A=b exec -a "$0" "/usr/bin/tool" --x="$HOME/y" "$@""#,
                "--x=/z a",
                Some("a"),
            ),
            (
                "exec /usr/bin/tool \\\n  -u 5 \\\n  \"$@\"",
                "-u 5 a",
                Some("a"),
            ),
            (
                "FLAGS=\"--a --b\"\nexec $DIR/tool $FLAGS \"$@\"",
                "--a --b c",
                Some("c"),
            ),
            (
                "FLAGS=--a\n[ x ] && FLAGS=\"$FLAGS --b\"\ntool $FLAGS \"$@\"",
                "--a c",
                Some("c"),
            ),
            (
                "flags=(--a)\nflags+=(--b)\ntool \"${flags[@]}\" \"$@\"",
                "--a --b c",
                Some("c"),
            ),
            (
                "set -- --a \"$@\"\nexec /usr/bin/tool \"$@\"",
                "--a b",
                Some("b"),
            ),
            (
                "if x; then exec tool --a \"$@\"; else exec tool \"$@\"; fi",
                "--a b",
                Some("b"),
            ),
            (
                "if x; then exec tool --a \"$@\"; else exec tool \"$@\"; fi",
                "b",
                Some("b"),
            ),
            (r#"exec /usr/bin/tool '-a b' "$@""#, "'-a b' c", Some("c")),
        ] {
            let arguments = shell_words::split(arguments).unwrap();
            let text = format!("#!/bin/sh\n{script}\n");
            let found = match given(&text, Path::new("/usr/bin/tool"), &arguments) {
                Given::Arguments(rest) => Some(shell_words::join(rest)),
                Given::NotStarted | Given::Unknown => None,
            };
            assert_eq!(found.as_deref(), expected, "{script}: {arguments:?}");
        }
    }

    #[test]
    fn other_scripts_are_recognized() {
        let program = Path::new("/usr/bin/tool");
        let arguments = ["-d".to_owned()];
        for (script, expected) in [
            (r#"exec /usr/bin/tool -u 5 "$@""#, Given::NotStarted),
            (r#"exec /usr/bin/other -u 5 "$@""#, Given::Unknown),
            ("exec /usr/bin/tool -u 5", Given::Unknown),
            ("# exec /usr/bin/tool \"$@\"", Given::Unknown),
            ("", Given::Unknown),
        ] {
            assert_eq!(given(script, program, &arguments), expected, "{script}");
        }
        assert!(may_add("exec tool -d $1", &arguments));
        assert!(!may_add("exec tool -e", &arguments));
    }
}
