//! Programs that only start another program: what a command line really runs.

use std::path::Path;

use super::command_line::base_name;

/// A program that runs scripts.
struct Interpreter {
    /// Its name, without a version at its end.
    name: &'static str,
    /// Options that are followed by a value.
    values: &'static [&'static str],
    /// Options that are followed by the program itself, instead of a script.
    code: &'static [&'static str],
}

const fn interprets(
    name: &'static str,
    values: &'static [&'static str],
    code: &'static [&'static str],
) -> Interpreter {
    Interpreter { name, values, code }
}

const INTERPRETERS: &[Interpreter] = &[
    interprets("python", &["-W", "-X", "-Q"], &["-c", "-m"]),
    interprets("pypy", &["-W", "-X"], &["-c", "-m"]),
    interprets("perl", &["-I"], &["-e", "-E"]),
    interprets("ruby", &["-r", "-I"], &["-e"]),
    interprets(
        "node",
        &["-r", "--require", "--import"],
        &["-e", "-p", "--eval", "--print"],
    ),
    interprets(
        "nodejs",
        &["-r", "--require", "--import"],
        &["-e", "-p", "--eval", "--print"],
    ),
    interprets(
        "bash",
        &["-o", "-O", "--rcfile", "--init-file"],
        &["-c", "-s"],
    ),
    interprets("sh", &["-o"], &["-c", "-s"]),
    interprets("dash", &["-o"], &["-c", "-s"]),
    interprets("zsh", &["-o"], &["-c", "-s"]),
    interprets("ksh", &["-o"], &["-c", "-s"]),
    interprets("fish", &[], &["-c"]),
    interprets("wish", &[], &[]),
    interprets("tclsh", &[], &[]),
    interprets("guile", &[], &["-c"]),
    interprets("lua", &["-l"], &["-e"]),
    interprets("php", &["-d"], &["-r"]),
    interprets("gjs", &["-I"], &["-c"]),
    interprets("mono", &[], &[]),
];

/// A script that starts a program with options of its own.
struct Adds {
    /// Its name.
    script: &'static str,
    /// A part of its text that other scripts of the name do not have.
    sign: &'static str,
    /// The options, which come first; `*` at the end stands for anything.
    options: &'static [&'static str],
}

const ADDS: &[Adds] = &[Adds {
    // Debian's; the program writes over its environment, which would say it.
    script: "chromium",
    sign: "/etc/chromium.d/",
    options: &[
        "--show-component-extension-options",
        "--enable-gpu-rasterization",
        "--no-default-browser-check",
        "--disable-pings",
        "--media-router=0",
        "--disable-dev-shm-usage",
        "--enable-remote-extensions",
        "--load-extension",
        "--load-extension=/usr/share/chromium/extensions/*",
        "--disable-background-networking",
        "--disable-extensions-except",
        "--disable-extensions-except=/usr/share/chromium/extensions/*",
    ],
}];

/// The values of options of `java` that come in an argument of their own.
const JAVA_VALUES: &[&str] = &["-cp", "-classpath", "--class-path", "-p", "--module-path"];

/// Those with the class path.
const CLASS_PATH: &[&str] = &["-cp", "-classpath", "--class-path"];

/// True if it runs other programs' texts: a name alone says nothing about what it does.
pub(super) fn is_interpreter(program: &str) -> bool {
    let name = base_name(program);
    name == "java" || name == "electron" || interpreter(name).is_some()
}

fn interpreter(name: &str) -> Option<&'static Interpreter> {
    // `python3.12`, `wish8.6`.
    let bare = name.trim_end_matches(|end: char| end.is_ascii_digit() || end == '.');
    INTERPRETERS.iter().find(|known| known.name == bare)
}

/// The position of the first of these words that is no option or is one of `stops`;
/// `values` are options that are followed by a value.
fn after_options(words: &[String], values: &[&str], stops: &[&str]) -> usize {
    let mut at = 0;
    while let Some(option) = words.get(at).map(String::as_str)
        && option.starts_with('-')
        && !stops.contains(&option)
    {
        at += if values.contains(&option) { 2 } else { 1 };
    }
    at
}

/// The position of the script among the arguments of an interpreter, which is at 0, or of
/// the archive of `java -jar`; `None` for other programs, and where the code comes from
/// elsewhere (`-c`, `-m`, standard input).
pub(super) fn script(argv: &[String]) -> Option<usize> {
    let (program, arguments) = argv.split_first()?;
    let name = base_name(program);
    let (at, next) = if name == "java" {
        (after_options(arguments, JAVA_VALUES, &["-jar"]), "-jar")
    } else {
        let Interpreter { values, code, .. } = interpreter(name)?;
        let stops = [*code, &["-", "--"]].concat();
        (after_options(arguments, values, &stops), "--")
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
    /// The class that is run.
    pub(super) class: &'a str,
    /// Its arguments.
    pub(super) arguments: &'a [String],
}

/// Takes `java -cp PATH CLASS ARGUMENTS` apart; `None` for anything else.
pub(super) fn java_class(argv: &[String]) -> Option<JavaClass<'_>> {
    let (program, arguments) = argv.split_first()?;
    if base_name(program) != "java" {
        return None;
    }
    let (options, rest) =
        arguments.split_at_checked(after_options(arguments, JAVA_VALUES, &["-jar"]))?;
    let (class, arguments) = rest.split_first()?;
    if class == "-jar" {
        return None;
    }
    let mut class_path = Vec::new();
    for pair in options.windows(2) {
        if let [option, path] = pair
            && CLASS_PATH.contains(&option.as_str())
        {
            class_path.extend(path.split(':'));
        }
    }
    Some(JavaClass {
        class_path,
        class,
        arguments,
    })
}

/// How many of the first arguments of a program the script of this name and text has put
/// before what it was told.
pub(super) fn added_by(name: &str, text: &str, arguments: &[String]) -> usize {
    let known = |adds: &&Adds| adds.script == name && text.contains(adds.sign);
    let Some(adds) = ADDS.iter().find(known) else {
        return 0;
    };
    let is_added = |argument: &&String| {
        adds.options
            .iter()
            .any(|option| match option.strip_suffix('*') {
                Some(begin) => argument.starts_with(begin),
                // The program writes `--option=` without its end over its arguments.
                None => argument.trim_end_matches('=') == *option,
            })
    };
    arguments.iter().take_while(is_added).count()
}

/// True if the script of this text is run by these words when it is started by its own
/// name: by its first line (execve(2)), or by a line for the shell.
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

/// The command that a command line runs in the end: the words from the real program on, past `env`,
/// `sh -c`, `flatpak run`, interpreters and the like.
pub(super) fn inner(argv: &[String]) -> Vec<String> {
    let mut words = argv.to_vec();
    // Wrappers in wrappers happen; an end must be.
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
    let from = |at: usize| rest.get(at..).map(<[String]>::to_vec);
    let past = |values: &[&str]| from(after_options(rest, values, &[]));
    match base_name(program) {
        "env" => {
            let words = past(&["-u", "--unset", "-C", "--chdir"])?.into_iter();
            Some(words.skip_while(|word| is_assignment(word)).collect())
        }
        "nice" => past(&["-n"]),
        "ionice" => past(&["-c", "-n"]),
        "nohup" | "setsid" | "exec" | "dbus-launch" | "firejail" => past(&[]),
        "sudo" | "pkexec" | "doas" | "gksu" | "gksudo" | "kdesu" => {
            past(&["-u", "--user", "-g", "--group"])
        }
        "flatpak" | "snap" => {
            let (_, rest) = rest.split_first().filter(|(word, _)| *word == "run")?;
            let words = rest.iter().skip(after_options(rest, &[], &[])).cloned();
            // `@@u … @@` around files is flatpak's, not the program's.
            Some(words.filter(|word| !word.starts_with("@@")).collect())
        }
        "sh" | "bash" | "dash" | "zsh" if rest.first().is_some_and(|word| word == "-c") => {
            simple_commands(rest.get(1)?)
        }
        _ => words.get(script(words)?..).map(<[String]>::to_vec),
    }
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && name
                .chars()
                .all(|character| character.is_ascii_alphanumeric() || character == '_')
    })
}

/// The words of a text for a shell, where it is one command without any of the shell's
/// own signs.
fn simple_commands(text: &str) -> Option<Vec<String>> {
    if text.contains(['|', '&', ';', '<', '>', '(', ')', '$', '`', '*', '?', '\n']) {
        return None;
    }
    let mut words = shell_words::split(text).ok()?;
    while words.first().is_some_and(|word| is_assignment(word)) {
        words.remove(0);
    }
    Some(words)
}

/// The name of a program without its directory and what packagers put around it: `foo`
/// from `.foo-wrapped` of Nix.
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

/// The names by which people may start the program, script or archive in this file.
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
    fn what_runs_in_the_end() {
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
    fn scripts_that_name_their_interpreter() {
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
    fn options_that_a_script_adds() {
        let debian = "#!/bin/sh\nfor file in /etc/chromium.d/*; do\n";
        let arguments =
            words("--disable-pings --load-extension= --load-extension --incognito --disable-pings");
        assert_eq!(added_by("chromium", debian, &arguments), 3);
        assert_eq!(added_by("chromium", "#!/bin/sh\n", &arguments), 0);
        assert_eq!(added_by("other", debian, &arguments), 0);
    }

    #[test]
    fn classes_that_java_runs() {
        let argv = words("/usr/bin/java -Xmx1g -cp /a.jar:/b.jar -p /m org.x.Main -v f");
        let found = java_class(&argv).unwrap();
        assert_eq!(found.class_path, ["/a.jar", "/b.jar"]);
        assert_eq!((found.class, found.arguments), ("org.x.Main", &argv[7..]));
        assert_eq!(java_class(&words("java -jar x.jar")), None);
        assert_eq!(java_class(&words("python3 x")), None);
    }

    #[test]
    fn names_that_people_know() {
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
