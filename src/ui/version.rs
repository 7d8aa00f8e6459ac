//! The build, and the paths that the program uses.

use std::fmt::Write as _;

/// Facts about a build. Strings are empty if they are not known.
#[derive(Clone, Copy, Debug)]
pub struct Build {
    /// The version of the program.
    pub version: &'static str,
    /// The git commit of the sources, with `-dirty` if they were changed since. Debug builds do not
    /// know it.
    pub commit: &'static str,
    /// The target, as rustc names it.
    pub target: &'static str,
    /// `release` or `debug`.
    pub profile: &'static str,
    /// The enabled features, with spaces between them.
    pub features: &'static str,
}

/// The paths for messages; empty if they are not known.
#[derive(Clone, Debug, Default)]
pub struct Paths {
    /// The user's configuration file.
    pub configuration: String,
    /// The folder of the layouts.
    pub layouts: String,
    /// The folder for data that is kept between runs.
    pub state: String,
    /// The folder for the files of a run.
    pub runtime: String,
}

/// The output of `--version --verbose`.
pub fn text(build: &Build, paths: &Paths) -> String {
    let or = |text: &str, other: &str| if text.is_empty() { other } else { text }.to_owned();
    let rows = [
        ("commit", or(build.commit, "unknown")),
        ("target", or(build.target, "unknown")),
        ("profile", or(build.profile, "unknown")),
        ("features", or(build.features, "none")),
        ("configuration", or(&paths.configuration, "unknown")),
        ("layouts", or(&paths.layouts, "unknown")),
        ("state", or(&paths.state, "unknown")),
        ("runtime", or(&paths.runtime, "unknown")),
    ];
    let mut text = format!("i3pm-layout {}\n", build.version);
    for (name, value) in rows {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{:<15}{value}", format!("{name}:"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_facts_are_named() {
        let build = Build {
            version: "1.2.3",
            commit: "",
            target: "x86_64-unknown-linux-gnu",
            profile: "debug",
            features: "",
        };
        let paths = Paths {
            layouts: "~/layouts".to_owned(),
            ..Paths::default()
        };
        insta::assert_snapshot!(text(&build, &paths), @r"
        i3pm-layout 1.2.3
        commit:        unknown
        target:        x86_64-unknown-linux-gnu
        profile:       debug
        features:      none
        configuration: unknown
        layouts:       ~/layouts
        state:         unknown
        runtime:       unknown
        ");
    }
}
