//! Programs that only run another program, listed in `rules/wrappers.yaml`.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;

use super::command_line::base_name;
use super::data_file::{self, Words};
use crate::layout::vars;

/// The file as JSON.
const TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/wrappers.json"));

static DATA: LazyLock<Data> = LazyLock::new(|| data_file::read(TEXT).unwrap_or_default());

/// The lists of the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    #[serde(rename = "version")]
    _version: u64,
    interpreters: Vec<Wrapper>,
    launchers: Vec<Wrapper>,
    start_scripts: Vec<StartScript>,
    hidden: BTreeMap<String, Words>,
    inputs: Words,
    without_file: BTreeMap<String, String>,
}

/// An interpreter or a launcher.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wrapper {
    names: Words,
    #[serde(default)]
    values: Words,
    #[serde(default)]
    code: Words,
}

/// A script that starts a program with additional options.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StartScript {
    script: String,
    contains: String,
    options: Words,
}

/// The options of `java` with a value in the next argument.
const JAVA_VALUES: [&str; 5] = ["-cp", "-classpath", "--class-path", "-p", "--module-path"];

/// The options with the class path.
const CLASS_PATH: [&str; 3] = ["-cp", "-classpath", "--class-path"];

/// True if the program runs the code of other programs, so its name alone does not identify one.
pub(super) fn is_interpreter(program: &str) -> bool {
    let name = base_name(program);
    name == "java" || name == "electron" || interpreter(name).is_some()
}

fn interpreter(name: &str) -> Option<&'static Wrapper> {
    // `python3.12`, `wish8.6`.
    let bare = name.trim_end_matches(|end: char| end.is_ascii_digit() || end == '.');
    let mut known = DATA.interpreters.iter();
    known.find(|known| known.names.contains(bare))
}

/// Returns the position of the first word that is not an option, or that `stops`. Options for
/// which `has_value` is true are followed by a value.
fn after_options(
    words: &[String],
    has_value: impl Fn(&str) -> bool,
    stops: impl Fn(&str) -> bool,
) -> usize {
    let mut at = 0;
    while let Some(option) = words.get(at)
        && option.starts_with('-')
        && !stops(option)
    {
        at += if has_value(option) { 2 } else { 1 };
    }
    at
}

/// Returns the position of the first word after the options of `java`, or of `-jar`.
fn after_java_options(words: &[String]) -> usize {
    let has_value = |option: &str| JAVA_VALUES.contains(&option);
    after_options(words, has_value, |option| option == "-jar")
}

/// Returns the position of the script in the command line of an interpreter, or of the archive
/// of `java -jar`. `None` for other programs, and where the code comes from elsewhere (`-c`,
/// `-m`, standard input).
pub(super) fn script(argv: &[String]) -> Option<usize> {
    let (program, arguments) = argv.split_first()?;
    let name = base_name(program);
    let (at, next) = if name == "java" {
        (after_java_options(arguments), "-jar")
    } else {
        let known = interpreter(name)?;
        let stops = |word: &str| known.code.contains(word) || word == "-" || word == "--";
        let has_value = |word: &str| known.values.contains(word);
        (after_options(arguments, has_value, stops), "--")
    };
    let word = arguments.get(at)?;
    let position = if word == next {
        at + 2
    } else if word.starts_with('-') || name == "java" {
        // Code, standard input, or the name of a class.
        return None;
    } else {
        at + 1
    };
    (position < argv.len()).then_some(position)
}

/// A command line of `java` with the name of a class.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct JavaClass<'a> {
    /// The archives and directories of the class path.
    pub(super) class_path: Vec<&'a str>,
    pub(super) class: &'a str,
    pub(super) arguments: &'a [String],
}

/// Parses `java -cp PATH CLASS ARGUMENTS`; `None` for anything else.
pub(super) fn java_class(argv: &[String]) -> Option<JavaClass<'_>> {
    let (program, arguments) = argv.split_first()?;
    if base_name(program) != "java" {
        return None;
    }
    let (options, rest) = arguments.split_at_checked(after_java_options(arguments))?;
    let (class, arguments) = rest.split_first().filter(|(class, _)| *class != "-jar")?;
    let pairs = options.iter().zip(options.iter().skip(1));
    let paths = pairs.filter(|(option, _)| CLASS_PATH.contains(&option.as_str()));
    Some(JavaClass {
        class_path: paths.flat_map(|(_, path)| path.split(':')).collect(),
        class,
        arguments,
    })
}

/// Returns the number of leading arguments that the script with this name and text added.
pub(super) fn added_by(name: &str, text: &str, arguments: &[String]) -> usize {
    let known = |script: &&StartScript| script.script == name && text.contains(&script.contains);
    let Some(script) = DATA.start_scripts.iter().find(known) else {
        return 0;
    };
    let is_added = |argument: &&String| {
        let mut options = script.options.iter();
        options.any(|option| match option.strip_suffix('*') {
            Some(begin) => argument.starts_with(begin),
            // The program overwrites its arguments with `--option=`, without the value.
            None => argument.trim_end_matches('=') == option,
        })
    };
    arguments.iter().take_while(is_added).count()
}

/// Returns the option of a command line with which the program reads standard input.
pub(super) fn input(argv: &[String]) -> Option<&String> {
    let arguments = argv.iter().skip(1);
    let mut options = arguments.take_while(|argument| *argument != "--");
    options.find(|option| DATA.inputs.contains(option))
}

/// Returns the options of `hidden` in the file for a program, or for all programs.
pub(super) fn hidden_options(name: &str) -> Option<&'static Words> {
    DATA.hidden.get(name)
}

/// True if this program, started again by itself, no longer has the file that it shows among its
/// arguments.
pub(super) fn is_without_file(argv: &[String]) -> bool {
    let [program, option] = argv else {
        return false;
    };
    DATA.without_file.get(base_name(program)) == Some(option)
}

/// True if starting the script by its own name runs these words: by its first line (execve(2)),
/// or by a line for the shell.
pub(super) fn runs_itself(text: &str, interpreter: &[String]) -> bool {
    let words = interpreter.join(" ");
    let first = text.lines().next().unwrap_or_default();
    let first = first.strip_prefix("#!").unwrap_or_default().trim();
    let first = match first.strip_prefix("/usr/bin/env ") {
        Some(looked_up) => looked_up.trim_start_matches("-S ").trim(),
        None => first,
    };
    first == words || text.contains(&format!("exec {words} \"$0\""))
}

/// Returns the command that a command line runs in the end, without `env`, `sh -c`,
/// `flatpak run`, interpreters and other wrappers.
pub(super) fn inner(argv: &[String]) -> Vec<String> {
    let mut words = argv.to_vec();
    // Wrappers may be nested; the limit ends the loop in any case.
    for _ in 0..4 {
        match once(&words) {
            Some(inner) if !inner.is_empty() => words = inner,
            _ => break,
        }
    }
    words
}

fn once(words: &[String]) -> Option<Vec<String>> {
    let (program, rest) = words.split_first()?;
    let name = base_name(program);
    let mut launchers = DATA.launchers.iter();
    if let Some(known) = launchers.find(|known| known.names.contains(name)) {
        let has_value = |option: &str| known.values.contains(option);
        let rest = rest.get(after_options(rest, has_value, |_| false)..)?;
        return Some(without_assignments(rest));
    }
    match name {
        "flatpak" | "snap" => {
            let (_, rest) = rest.split_first().filter(|(word, _)| *word == "run")?;
            let rest = rest
                .get(after_options(rest, |_| false, |_| false)..)?
                .iter();
            // `@@u … @@` around files is for flatpak, not for the program.
            Some(
                rest.filter(|word| !word.starts_with("@@"))
                    .cloned()
                    .collect(),
            )
        }
        "sh" | "bash" | "dash" | "zsh" if rest.first().is_some_and(|word| word == "-c") => {
            let text = rest.get(1)?;
            // More than one simple command.
            let is_complex =
                text.contains(['|', '&', ';', '<', '>', '(', ')', '$', '`', '*', '?', '\n']);
            let words = shell_words::split(text).ok().filter(|_| !is_complex)?;
            Some(without_assignments(&words))
        }
        _ => words.get(script(words)?..).map(<[String]>::to_vec),
    }
}

/// Returns the words after `NAME=VALUE` at the start.
fn without_assignments(words: &[String]) -> Vec<String> {
    let is_assignment = |word: &&String| {
        word.split_once('=')
            .is_some_and(|(name, _)| vars::is_name(name))
    };
    words.iter().skip_while(is_assignment).cloned().collect()
}

/// Returns the name of a program without its directory and the additions of packagers: `foo` for
/// `.foo-wrapped` of Nix.
pub(super) fn plain_name(program: &str) -> &str {
    let mut name = base_name(program);
    while let Some(inner) = name
        .strip_prefix('.')
        .and_then(|name| name.trim_end_matches('_').strip_suffix("-wrapped"))
        .filter(|name| !name.is_empty())
    {
        name = inner;
    }
    name
}

/// Returns the names under which people may start the program, script or archive in this file.
pub(super) fn likely_names(file: &Path) -> Vec<String> {
    let name = file
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let name = plain_name(name);
    let mut names = vec![name.to_owned()];
    let endings = [
        ".bin", "-bin", ".real", ".sh", ".py", ".pl", ".rb", ".js", ".tcl", ".jar", ".x86_64",
    ];
    let stem = endings
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .unwrap_or(name);
    names.push(stem.to_owned());
    // `thing-1.2` from `thing-1.2.jar`.
    if let Some((before, version)) = stem.rsplit_once('-')
        && version.starts_with(|first: char| first.is_ascii_digit())
    {
        names.push(before.to_owned());
    }
    // `/usr/share/thing/main.py`.
    let folder = file.parent().and_then(Path::file_name);
    names.extend(folder.and_then(|name| name.to_str()).map(str::to_owned));
    names.dedup();
    names.retain(|name| !name.is_empty());
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        shell_words::split(text).unwrap()
    }

    #[test]
    fn the_file_is_valid() {
        data_file::read::<Data>(TEXT).unwrap();
    }

    #[test]
    fn wrappers_are_removed() {
        for (command, expected) in [
            ("gimp a", "gimp a"),
            ("env A=b -x", "-x"),
            ("/usr/bin/env -u X A=b c=d foo --bar", "foo --bar"),
            ("env BAMF=/x /snap/bin/firefox %u", "/snap/bin/firefox %u"),
            ("sh -c 'exec foo --bar \"a b\"'", "foo --bar 'a b'"),
            ("sh -c 'cd /x && foo'", "sh -c 'cd /x && foo'"),
            (
                "/usr/bin/flatpak run --branch=stable --command=x org.x.App @@u a @@",
                "org.x.App a",
            ),
            ("snap run thing a", "thing a"),
            ("/usr/bin/python3 -s /usr/bin/x a", "/usr/bin/x a"),
            ("python3.12 -m mod a", "python3.12 -m mod a"),
            ("java -Xmx1g -cp a:b -jar /opt/x/x.jar f", "/opt/x/x.jar f"),
            ("java -cp a:b org.x.Main f", "java -cp a:b org.x.Main f"),
            ("java -jar", "java -jar"),
            ("perl -w tool.pl x", "tool.pl x"),
            ("bash -c", "bash -c"),
            ("node --require x app.js", "app.js"),
            ("pkexec --user me sh -c 'foo x'", "foo x"),
            ("nice -n 5 foo", "foo"),
            ("env", "env"),
        ] {
            assert_eq!(inner(&words(command)), words(expected), "{command}");
        }
    }

    #[test]
    fn scripts_are_matched_with_their_interpreter() {
        let sh = "#!/bin/sh\n# \\\nexec wish \"$0\" -- \"$@\"\n";
        for (text, interpreter, expected) in [
            ("#!/usr/bin/python3\nx", "/usr/bin/python3", true),
            ("#! /usr/bin/python3 -s\n", "/usr/bin/python3 -s", true),
            ("#!/usr/bin/env python3\n", "python3", true),
            ("#!/usr/bin/env -S python3 -s\n", "python3 -s", true),
            ("#!/usr/bin/python3\n", "/usr/bin/python3 -s", false),
            ("#!/usr/bin/python3\n", "/opt/bin/python3", false),
            ("import x\n", "python3", false),
            (sh, "wish", true),
            (sh, "wish8.7", false),
        ] {
            let found = runs_itself(text, &words(interpreter));
            assert_eq!(found, expected, "{text:?} {interpreter}");
        }
    }

    #[test]
    fn options_of_a_start_script_are_counted() {
        let debian = "#!/bin/sh\nfor file in /etc/chromium.d/*; do\n";
        let arguments =
            words("--disable-pings --load-extension= --load-extension --incognito --disable-pings");
        assert_eq!(added_by("chromium", debian, &arguments), 3);
        assert_eq!(added_by("chromium", "#!/bin/sh\n", &arguments), 0);
        assert_eq!(added_by("other", debian, &arguments), 0);
    }

    #[test]
    fn java_classes_are_parsed() {
        let argv = words("/usr/bin/java -Xmx1g -cp /a.jar:/b.jar -p /m org.x.Main -v f");
        let found = java_class(&argv).unwrap();
        assert_eq!(found.class_path, ["/a.jar", "/b.jar"]);
        assert_eq!((found.class, found.arguments), ("org.x.Main", &argv[7..]));
        assert_eq!(java_class(&words("java -jar x.jar")), None);
        assert_eq!(java_class(&words("python3 x")), None);
    }

    #[test]
    fn likely_names_are_found() {
        for (program, expected) in [
            ("/nix/store/x/bin/.foo-wrapped", "foo"),
            ("..foo-wrapped-wrapped", "foo"),
            (".hidden", ".hidden"),
            (".-wrapped", ".-wrapped"),
            ("/usr/bin/foo", "foo"),
        ] {
            assert_eq!(plain_name(program), expected);
        }
        let names = |file: &str| likely_names(Path::new(file)).join(" ");
        assert_eq!(
            names("/opt/x/thing-1.2.jar"),
            "thing-1.2.jar thing-1.2 thing x"
        );
        assert_eq!(names("/usr/share/thing/main.py"), "main.py main thing");
        assert_eq!(names("/usr/lib/app/app.bin"), "app.bin app");
        assert!(names("/").is_empty());
    }
}
