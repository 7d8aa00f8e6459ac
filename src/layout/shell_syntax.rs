//! Shell syntax in commands, which no shell reads, and the same command without it. Pure.
//!
//! The grammar is that of a POSIX shell (POSIX.1-2017, "Shell Command Language"), as far as people
//! use it to start programs.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::model::{Command, Window};
use super::vars::is_name;

/// Words that only a shell understands as commands.
const BUILTINS: [&str; 24] = [
    "cd", "exec", "source", ".", "export", "alias", "eval", "set", "unset", "ulimit", "umask",
    "pushd", "trap", "wait", "if", "for", "while", "until", "case", "{", "(", "!", "[[",
    "function",
];

/// Shells, whose option `-c` takes a script.
const SHELLS: [&str; 7] = ["sh", "bash", "dash", "zsh", "ksh", "ash", "fish"];

/// Shell syntax in the command of a slot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShellSyntax {
    /// The first part that only a shell understands.
    pub part: Part,
    /// The slot's keys that do the same without a shell, or with an explicit one.
    pub fixed: Fixed,
}

/// A part of a command that only a shell understands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// A command of the shell, such as `cd`.
    Builtin(String),
    /// An assignment before the command, such as `A=b`.
    Assignment(String),
    /// An operator, such as `&&`, `&` or `>`.
    Operator(String),
    /// A variable, such as `$HOME`.
    Variable(String),
    /// The output of a command: `$(…)` or backticks.
    Substitution,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Builtin(word) | Self::Operator(word) => write!(f, "`{word}`"),
            Self::Assignment(name) => write!(f, "`{name}=`"),
            Self::Variable(name) => write!(f, "`${name}`"),
            Self::Substitution => f.write_str("`$(…)`"),
        }
    }
}

/// Keys of a slot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fixed {
    /// The command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The working directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cwd: Option<String>,
    /// Environment variables to add.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, String>,
}

/// Finds shell syntax in the command and the working directory of a window.
pub fn find(window: &Window) -> Option<ShellSyntax> {
    let command = window.command.as_ref()?;
    let cwd = window.cwd.as_deref();
    let in_command = match command {
        // It has no program, which is an error of its own.
        _ if command.words().is_err() => None,
        Command::Line(line) => in_words(line, &lex(line, false)?, cwd),
        Command::Args(args) => {
            let mut words: Vec<Word> = args.iter().map(|text| Word::of_list(text)).collect();
            if words.first().is_some_and(Word::is_shell_command) {
                for word in &mut words {
                    if is_operator(&word.text) {
                        word.raw.clone_from(&word.text);
                    }
                }
            }
            let line: Vec<&str> = words.iter().map(|word| word.raw.as_str()).collect();
            in_words(&line.join(" "), &words, cwd)
        }
    };
    let in_cwd = cwd.and_then(|cwd| Some((variable_at_start(cwd)?, Word::of_list(cwd))));
    match (in_command, in_cwd) {
        (None, None) => None,
        (Some(found), None) => Some(found),
        (found, Some((name, word))) => {
            let mut found = found.unwrap_or_else(|| ShellSyntax {
                part: Part::Variable(name.to_owned()),
                fixed: Fixed::default(),
            });
            found
                .fixed
                .cwd
                .get_or_insert_with(|| word.text_without_variables());
            Some(found)
        }
    }
}

fn in_words(line: &str, words: &[Word], cwd: Option<&str>) -> Option<ShellSyntax> {
    let part = part(words)?;
    // A `#` may begin a comment in the rest of a line, which then has no command.
    let is_command = |fixed: &Fixed| {
        let command = fixed.command.clone();
        command.is_some_and(|line| Command::Line(line).words().is_ok())
    };
    let fixed = fixed(line, words, cwd)
        .filter(is_command)
        .unwrap_or_else(|| Fixed {
            command: Some(format!("sh -c {}", shell_words::quote(without_end(line)))),
            ..Fixed::default()
        });
    Some(ShellSyntax { part, fixed })
}

/// The first part that only a shell understands.
fn part(words: &[Word]) -> Option<Part> {
    let first = words.first()?;
    if let Some((name, _)) = first.assignment() {
        return Some(Part::Assignment(name.to_owned()));
    }
    if BUILTINS.contains(&first.raw.as_str()) {
        return Some(Part::Builtin(first.raw.clone()));
    }
    if first.raw.starts_with('(') {
        return Some(Part::Operator("(".to_owned()));
    }
    let script = script_position(words);
    for (position, word) in words.iter().enumerate() {
        let is_last = position + 1 == words.len();
        if let Some(operator) = word.operator(is_last) {
            return Some(Part::Operator(operator.to_owned()));
        }
        if script.is_none_or(|script| position < script) {
            if let Some(dollar) = word.dollars.first() {
                return Some(Part::Variable(dollar.name.clone()));
            }
            if word.has_substitution {
                return Some(Part::Substitution);
            }
        }
    }
    None
}

/// The position of the script of `sh -c SCRIPT`.
fn script_position(words: &[Word]) -> Option<usize> {
    let options = words.iter().enumerate().skip(1);
    let mut options = options.filter(|(position, word)| {
        let before = words[..*position].iter();
        let is_option = word.text.starts_with('-') && !word.text.starts_with("--");
        is_option
            && word.text.ends_with('c')
            && before
                .map(|word| word.text.rsplit('/').next().unwrap_or_default())
                .any(|name| SHELLS.contains(&name))
    });
    options.next().map(|(position, _)| position + 1)
}

/// The command without shell syntax; `None` if only a shell can run it.
fn fixed(line: &str, words: &[Word], cwd: Option<&str>) -> Option<Fixed> {
    let first = words.first()?;
    // Then operators need no blanks around them.
    let words = if first.is_shell_command() {
        lex(line, true)?
    } else {
        words.to_vec()
    };
    let mut fixed = Fixed::default();
    let mut rest = words.as_slice();
    let mut last_word;
    if let Some((last, before)) = rest.split_last()
        && last.operator(true) == Some("&")
    {
        rest = before;
        if last.raw != "&" {
            last_word = words.clone();
            let last = last_word.last_mut()?;
            last.raw.pop();
            last.text.pop();
            rest = &last_word;
        }
    }
    loop {
        let is_end = |word: &Word| matches!(word.raw.as_str(), "&&" | ";");
        match rest {
            [cd, directory, end, after @ ..] if cd.raw == "cd" && is_end(end) => {
                let directory_text = directory.text_without_variables();
                if directory_text == "-" || fixed.cwd.is_some() {
                    return None;
                }
                let is_relative = !directory_text.starts_with(['/', '~', '$']);
                fixed.cwd = Some(match cwd {
                    Some(cwd) if is_relative => format!("{cwd}/{directory_text}"),
                    _ => directory_text,
                });
                rest = after;
            }
            [export, variable, end, after @ ..]
                if export.raw == "export" && is_end(end) && variable.assignment().is_some() =>
            {
                fixed.assign(variable)?;
                rest = after;
            }
            [exec, after @ ..] if exec.raw == "exec" => {
                rest = after;
                if let [option, after @ ..] = rest
                    && option.raw == "--no-startup-id"
                {
                    rest = after;
                } else if rest.first().is_some_and(|word| word.raw.starts_with('-')) {
                    return None;
                }
            }
            [variable, after @ ..] if variable.assignment().is_some() => {
                fixed.assign(variable)?;
                rest = after;
            }
            _ => break,
        }
    }
    let script = script_position(rest);
    let command: Vec<String> = rest
        .iter()
        .enumerate()
        .map(|(position, word)| match script {
            Some(script) if position >= script => word.raw.clone(),
            _ => word.raw_without_variables(),
        })
        .collect();
    let is_program = rest.first().is_some_and(|first| {
        !BUILTINS.contains(&first.raw.as_str()) && !first.raw.starts_with('(')
    });
    let has_shell_syntax = rest.iter().enumerate().any(|(position, word)| {
        let is_before = script.is_none_or(|script| position < script);
        word.operator(position + 1 == rest.len()).is_some() || word.has_substitution && is_before
    });
    (is_program && !has_shell_syntax).then(|| Fixed {
        command: Some(command.join(" ")),
        ..fixed
    })
}

impl Fixed {
    fn assign(&mut self, word: &Word) -> Option<()> {
        if word.has_substitution {
            return None;
        }
        let text = word.text_without_variables();
        let (name, value) = text.split_once('=')?;
        self.env.insert(name.to_owned(), value.to_owned());
        Some(())
    }
}

/// A line without a `&` at its end.
fn without_end(line: &str) -> &str {
    let line = line.trim();
    match line.strip_suffix('&') {
        Some(rest) if !rest.ends_with('&') => rest.trim_end(),
        _ => line,
    }
}

/// A word of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Word {
    /// As in the file, with quotes.
    raw: String,
    /// Without quotes.
    text: String,
    /// The variables that a shell would replace.
    dollars: Vec<Dollar>,
    /// True if a shell would replace a part by the output of a command.
    has_substitution: bool,
}

/// A variable in a word.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Dollar {
    /// The variable.
    name: String,
    /// The position of `$` in [`Word::raw`] and in [`Word::text`], in bytes.
    raw: usize,
    text: usize,
}

impl Word {
    /// An entry of a list. Only a variable at its start is probably meant as one.
    fn of_list(text: &str) -> Self {
        let name = variable_at_start(text);
        let (variable, rest) = text.split_at(name.map_or(0, |name| "$".len() + name.len()));
        let is_variable_only = name.is_some() && rest.is_empty();
        let dollars = name.map(|name| Dollar {
            name: name.to_owned(),
            raw: 0,
            text: 0,
        });
        Self {
            raw: if is_variable_only {
                text.to_owned()
            } else {
                format!("{variable}{}", shell_words::quote(rest))
            },
            text: text.to_owned(),
            dollars: dollars.into_iter().collect(),
            has_substitution: false,
        }
    }

    /// The name and the value of `NAME=VALUE`.
    fn assignment(&self) -> Option<(&str, &str)> {
        let (name, _) = self.raw.split_once('=')?;
        is_name(name).then(|| self.text.split_once('='))?
    }

    /// True if no program can be meant, only a command or an assignment of a shell.
    fn is_shell_command(&self) -> bool {
        BUILTINS.contains(&self.raw.as_str()) || self.assignment().is_some()
    }

    /// The operator that the word is, or ends with.
    fn operator(&self, is_last: bool) -> Option<&str> {
        let raw = self.raw.as_str();
        let redirection = raw.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let redirection = redirection.strip_prefix('&').unwrap_or(redirection);
        if is_operator(raw) {
            Some(raw)
        } else if raw.len() > 1 && raw.ends_with(';') && !raw.ends_with("\\;") {
            Some(";")
        } else if redirection.starts_with(['>', '<']) {
            Some(&redirection[..1])
        } else if is_last && raw.len() > 1 && raw.ends_with('&') {
            Some("&")
        } else {
            None
        }
    }

    fn raw_without_variables(&self) -> String {
        self.without_variables(&self.raw, |dollar| dollar.raw)
    }

    fn text_without_variables(&self) -> String {
        self.without_variables(&self.text, |dollar| dollar.text)
    }

    /// The string with references instead of variables.
    fn without_variables(&self, string: &str, position: impl Fn(&Dollar) -> usize) -> String {
        let mut result = String::new();
        let mut done = 0;
        for dollar in &self.dollars {
            let start = position(dollar);
            let end = start + 1 + dollar.name.len();
            result.push_str(&string[done..start]);
            let rest = &string[end..];
            if dollar.name == "HOME" && start == 0 && (rest.is_empty() || rest.starts_with('/')) {
                result.push('~');
            } else {
                result.push_str("${env:");
                result.push_str(&dollar.name);
                result.push('}');
            }
            done = end;
        }
        result + &string[done..]
    }
}

fn is_operator(word: &str) -> bool {
    matches!(word, "&&" | "||" | "|" | ";" | "&" | "|&")
}

const fn is_name_part(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

/// The variable of `$NAME` or `$NAME/…`.
fn variable_at_start(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('$')?;
    let name = rest.split('/').next()?;
    is_name(name).then_some(name)
}

/// The words of a line; `None` if a quote is not closed. With `operators`, operators also
/// separate words.
fn lex(line: &str, operators: bool) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    let mut word = Word::default();
    let mut quote = None;
    let mut letters = line.chars().peekable();
    // Variables in double quotes count unless the word looks like a script.
    let mut quoted_dollars: Vec<Dollar> = Vec::new();
    let mut end = |word: &mut Word, quoted: &mut Vec<Dollar>| {
        let mut done = std::mem::take(word);
        if !done.text.contains(char::is_whitespace) {
            done.dollars.append(quoted);
            done.dollars.sort_by_key(|dollar| dollar.raw);
        }
        quoted.clear();
        if !done.raw.is_empty() {
            words.push(done);
        }
    };
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (None, letter) if letter.is_whitespace() => end(&mut word, &mut quoted_dollars),
            (None, '&' | '|' | ';') if operators => {
                end(&mut word, &mut quoted_dollars);
                word.raw.push(letter);
                if letter != ';' && letters.peek() == Some(&letter) {
                    letters.next();
                    word.raw.push(letter);
                }
                word.text.clone_from(&word.raw);
                end(&mut word, &mut quoted_dollars);
            }
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.raw.push(letter);
            }
            (Some(open), letter) if open == letter => {
                quote = None;
                word.raw.push(letter);
            }
            (None | Some('"'), '\\') => {
                let next = letters.next()?;
                word.raw.extend([letter, next]);
                word.text.push(next);
            }
            (None | Some('"'), '$' | '`') => {
                let name: String =
                    std::iter::from_fn(|| letters.next_if(|&letter| is_name_part(letter)))
                        .collect();
                if letter == '$' && is_name(&name) {
                    let dollar = Dollar {
                        name: name.clone(),
                        raw: word.raw.len(),
                        text: word.text.len(),
                    };
                    if quote.is_none() {
                        word.dollars.push(dollar);
                    } else {
                        quoted_dollars.push(dollar);
                    }
                } else if quote.is_none()
                    && (letter == '`' || name.is_empty() && letters.peek() == Some(&'('))
                {
                    word.has_substitution = true;
                }
                for target in [&mut word.raw, &mut word.text] {
                    target.push(letter);
                    target.push_str(&name);
                }
            }
            (_, letter) => {
                word.raw.push(letter);
                word.text.push(letter);
            }
        }
    }
    end(&mut word, &mut quoted_dollars);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(command: Command, cwd: Option<&str>) -> String {
        let window = Window {
            command: Some(command),
            cwd: cwd.map(str::to_owned),
            ..Window::default()
        };
        let Some(ShellSyntax { part, fixed }) = find(&window) else {
            return String::new();
        };
        let part = match part {
            Part::Builtin(name) | Part::Assignment(name) | Part::Operator(name) => name,
            Part::Variable(name) => format!("${name}"),
            Part::Substitution => "$()".to_owned(),
        };
        let env = fixed.env.iter();
        let env: Vec<String> = env
            .map(|(name, value)| format!("; {name}: {value}"))
            .collect();
        let cwd = fixed
            .cwd
            .map_or_else(String::new, |cwd| format!("; in {cwd}"));
        let env = env.concat();
        format!("{part} -> {}{cwd}{env}", fixed.command.unwrap_or_default())
    }

    #[test]
    fn lines_with_shell_syntax() {
        for (line, expected) in [
            ("cd x && y --z", "cd -> y --z; in x"),
            ("cd x && #y", "cd -> sh -c 'cd x && #y'"),
            ("cd ~/x;y", "cd -> y; in ~/x"),
            ("cd '/a b' && exec y 'c d'", "cd -> y 'c d'; in /a b"),
            ("cd $HOME/x && A=1 y &", "cd -> y; in ~/x; A: 1"),
            ("cd x && y && z", "cd -> sh -c 'cd x && y && z'"),
            ("cd", "cd -> sh -c cd"),
            ("exec x", "exec -> x"),
            ("exec --no-startup-id x y", "exec -> x y"),
            ("exec -a z x", "exec -> sh -c 'exec -a z x'"),
            ("A=b x", "A -> x; A: b"),
            ("A='b c' B=$USER x y", "A -> x y; A: b c; B: ${env:USER}"),
            ("A=$(b) x", "A -> sh -c 'A=$(b) x'"),
            ("export A=b; x", "export -> x; A: b"),
            ("x &", "& -> x"),
            ("x y&", "& -> x y"),
            ("x || y", "|| -> sh -c 'x || y'"),
            ("x | y &", "| -> sh -c 'x | y'"),
            ("x > ~/log 2>&1", "> -> sh -c 'x > ~/log 2>&1'"),
            ("x 2>/dev/null", "> -> sh -c 'x 2>/dev/null'"),
            ("x; y", "; -> sh -c 'x; y'"),
            ("(x)", "( -> sh -c '(x)'"),
            ("$HOME/bin/x $HOME", "$HOME -> ~/bin/x ~"),
            ("x --file=$HOME/a", "$HOME -> x --file=${env:HOME}/a"),
            ("x \"$HOME/a\"", "$HOME -> x \"${env:HOME}/a\""),
            ("x `y`", "$() -> sh -c 'x `y`'"),
            ("x $(y)", "$() -> sh -c 'x $(y)'"),
        ] {
            assert_eq!(
                found(Command::Line(line.to_owned()), None),
                expected,
                "{line}"
            );
        }
    }

    #[test]
    fn lines_without_shell_syntax() {
        for line in [
            "x",
            "# x &",
            "sh -c 'cd x && y $HOME'",
            "sh -c \"cd $HOME\"",
            "bash -lc \"$EDITOR\"",
            "xterm -e bash -c \"$EDITOR\"",
            "xterm -e \"cd $HOME; bash\"",
            "find . -exec x {} \\;",
            "x 'a && b' '$HOME' \\$HOME '&'",
            "browser https://a/?b=1&c=2 https://d/;e",
            "x ${root}/y ${env:HOME} $${z} $ $1 50$",
            "x a=b --c=d",
            "env A=b x",
            "vim +cd",
            "x 'unclosed",
        ] {
            assert_eq!(found(Command::Line(line.to_owned()), None), "", "{line}");
        }
    }

    #[test]
    fn lists_and_directories() {
        let list =
            |words: &[&str]| Command::Args(words.iter().map(|&word| word.to_owned()).collect());
        let line = |line: &str| Command::Line(line.to_owned());
        for (command, cwd, expected) in [
            (list(&["cd", "a b", "&&", "y"]), None, "cd -> y; in a b"),
            (list(&["$HOME/x", "a b"]), None, "$HOME -> ~/x 'a b'"),
            (list(&["$A/it's b"]), None, r"$A -> ${env:A}'/it'\''s b'"),
            (list(&["sh", "-c", "$EDITOR"]), None, ""),
            (list(&["find", ".", "-exec", "x", ";"]), None, ""),
            (line("x"), Some("$HOME/y"), "$HOME -> ; in ~/y"),
            (line("cd b && x"), Some("~/a"), "cd -> x; in ~/a/b"),
        ] {
            assert_eq!(found(command.clone(), cwd), expected, "{command:?}");
        }
    }
}
