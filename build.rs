//! Passes facts about the build to the program, for `--version --verbose`, and prepares its data
//! files.
#![expect(
    clippy::disallowed_methods,
    reason = "asks Cargo and git about the build, and writes files"
)]

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// The data files in `rules/` that only the program reads.
const DATA_FILES: [&str; 6] = [
    "daemons",
    "new-windows",
    "sandboxes",
    "secrets",
    "terminals",
    "wrappers",
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for name in DATA_FILES {
        write_as_json(name);
    }
    let target = env::var("TARGET").unwrap_or_default();
    let profile = env::var("PROFILE").unwrap_or_default();
    println!("cargo::rustc-env=I3PM_LAYOUT_TARGET={target}");
    println!("cargo::rustc-env=I3PM_LAYOUT_PROFILE={profile}");
    println!(
        "cargo::rustc-env=I3PM_LAYOUT_FEATURES={}",
        features().join(" ")
    );
    // A debug build would be compiled again after each commit.
    let commit = if profile == "release" { commit() } else { None };
    println!(
        "cargo::rustc-env=I3PM_LAYOUT_COMMIT={}",
        commit.unwrap_or_default()
    );
}

/// Writes a data file as JSON: the program reads YAML thirty times slower.
fn write_as_json(name: &str) {
    let path = format!("rules/{name}.yaml");
    println!("cargo::rerun-if-changed={path}");
    let text = fs::read_to_string(&path).expect("the package has its data files");
    let value: serde_json::Value = serde_saphyr::from_str(&text).expect("data files are valid");
    let folder = env::var_os("OUT_DIR").expect("Cargo sets it");
    let file = Path::new(&folder).join(format!("{name}.json"));
    fs::write(file, value.to_string()).expect("the folder is writable");
}

/// The enabled features of this package (Cargo book, "Environment variables Cargo sets for build
/// scripts").
fn features() -> Vec<String> {
    let names = env::vars().filter_map(|(name, _)| {
        let feature = name.strip_prefix("CARGO_FEATURE_")?;
        Some(feature.to_lowercase().replace('_', "-"))
    });
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// The commit of the sources, with `-dirty` if they were changed since. `None` unless the sources
/// are the top directory of a git work tree: a packager may unpack them inside of another one.
fn commit() -> Option<String> {
    let root = env::var("CARGO_MANIFEST_DIR").ok()?;
    let top = git(&root, &["rev-parse", "--show-toplevel"])?;
    if Path::new(&top).canonicalize().ok()? != Path::new(&root).canonicalize().ok()? {
        return None;
    }
    for path in ["src", "rules", "schemas", "Cargo.toml", "Cargo.lock"] {
        println!("cargo::rerun-if-changed={path}");
    }
    for name in ["HEAD", "logs/HEAD"] {
        let path = git(&root, &["rev-parse", "--git-path", name])?;
        let path = Path::new(&root).join(path);
        // Cargo runs the script each time if a file does not exist.
        if path.exists() {
            println!("cargo::rerun-if-changed={}", path.display());
        }
    }
    git(
        &root,
        &[
            "describe",
            "--always",
            "--dirty",
            "--abbrev=12",
            "--exclude=*",
        ],
    )
}

/// The output of git in this directory.
fn git(directory: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(directory)
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let text = text.trim();
    (output.status.success() && !text.is_empty()).then(|| text.to_owned())
}
