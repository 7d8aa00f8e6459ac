//! The command line of `apply` inside. Pure.

use std::ffi::OsString;
use std::path::Path;

use super::Args;

/// The arguments of `apply` for this file. `all` are those of this program.
pub(super) fn apply(args: &Args, file: &Path, all: &[OsString]) -> Vec<OsString> {
    // Placeholders show the places of windows that do not open.
    let mut line: Vec<OsString> = vec![
        "apply".into(),
        file.into(),
        "--keep-placeholders".into(),
        "--no-hooks".into(),
        // They would name the private file, for the desktop outside.
        "--no-hints".into(),
    ];
    let mut add = |word: &str| line.push(word.into());
    for workspace in &args.limit.workspaces {
        add(&format!("--workspace={workspace}"));
    }
    for slot in &args.only {
        add(&format!("--only={slot}"));
    }
    for (long, short) in [("--verbose", "-v"), ("--quiet", "-q")] {
        if all.iter().any(|word| word == long || word == short) {
            add(long);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use clap::FromArgMatches as _;

    use super::*;

    fn line(words: &str) -> String {
        let words: Vec<OsString> = words.split(' ').map(OsString::from).collect();
        let command = <Args as clap::Args>::augment_args(clap::Command::new("try"))
            .arg(clap::arg!(-v - -verbose))
            .arg(clap::arg!(-q - -quiet));
        let matches = command.try_get_matches_from(&words).unwrap();
        let args = Args::from_arg_matches(&matches).unwrap();
        let line = apply(&args, Path::new("/r/t.yaml"), &words[1..]);
        line.join(std::ffi::OsStr::new(" ")).into_string().unwrap()
    }

    #[test]
    fn options_are_passed_on() {
        let apply = "apply /r/t.yaml --keep-placeholders --no-hooks --no-hints";
        for (given, expected) in [
            ("try t", ""),
            // The file has the values of variables, and what `--no-launch` replaces.
            ("try t root=~/x --no-launch --trust", ""),
            (
                "try t -w 2 -w -x --only editor -q",
                " --workspace=2 --workspace=-x --only=editor --quiet",
            ),
            ("try -v t", " --verbose"),
        ] {
            assert_eq!(line(given), format!("{apply}{expected}"));
        }
    }
}
