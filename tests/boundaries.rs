//! Checks the dependency tables of `docs/ARCHITECTURE.md` against `src/`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

#[path = "boundaries/sources.rs"]
mod sources;

use sources::{Sources, parent};

const DOCUMENT: &str = "docs/ARCHITECTURE.md";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The rows of the table below a heading, with the words in backquotes of each cell.
fn table(heading: &str) -> Vec<Vec<Vec<String>>> {
    let text = std::fs::read_to_string(root().join(DOCUMENT)).expect("the file exists");
    let (_, section) = text
        .split_once(&format!("\n## {heading}\n"))
        .unwrap_or_else(|| panic!("{DOCUMENT} has no section \"{heading}\""));
    let section = section.split("\n## ").next().unwrap_or_default();
    let words = |cell: &str| {
        let parts = cell.split('`').skip(1).step_by(2);
        parts.map(str::to_owned).collect()
    };
    section
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.trim_matches('|').split('|').map(words).collect())
        .collect()
}

/// A row of the first table: modules that may use each other and the modules in `may_use`.
struct Row {
    modules: Vec<String>,
    may_use: BTreeSet<String>,
}

/// The row and name in the table for a module or its nearest listed ancestor.
fn name_in_table<'a>(rows: &'a [Row], module: &str) -> Option<(&'a Row, &'a str)> {
    let mut module = module;
    loop {
        for row in rows {
            if let Some(name) = row.modules.iter().find(|name| *name == module) {
                return Some((row, name));
            }
        }
        if module.is_empty() {
            return None;
        }
        module = parent(module);
    }
}

#[test]
fn modules_use_only_what_the_table_allows() {
    let rows: Vec<Row> = table("Allowed dependencies")
        .into_iter()
        .map(|row| {
            let [modules, may_use, ..] = row.as_slice() else {
                panic!("{DOCUMENT}: a row has two cells: {row:?}");
            };
            Row {
                modules: modules.clone(),
                may_use: may_use.iter().cloned().collect(),
            }
        })
        .collect();
    let sources = Sources::read(root());
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut problems = Vec::new();
    for (module, path) in sources.modules() {
        if module.is_empty() || module == "main" {
            continue;
        }
        let Some((row, _)) = name_in_table(&rows, module) else {
            problems.push(format!("{path} belongs to no row"));
            continue;
        };
        for used in sources.used_by(module) {
            let Some((_, name)) = name_in_table(&rows, used) else {
                continue;
            };
            if row.modules.iter().any(|own| own == name) {
                continue;
            }
            found.entry(&row.modules[0]).or_default().insert(name);
            if !row.may_use.contains(name) {
                problems.push(format!("{path} uses `{used}`, and may not use `{name}`"));
            }
        }
    }
    let mut above: BTreeSet<&str> = BTreeSet::new();
    for row in &rows {
        let first = &row.modules[0];
        for name in row
            .may_use
            .iter()
            .filter(|name| !above.contains(name.as_str()))
        {
            problems.push(format!("`{first}` may use `{name}`, which is not above it"));
        }
        above.extend(row.modules.iter().map(String::as_str));
        let used = found.get(first.as_str());
        let is_used = |name: &&String| used.is_some_and(|used| used.contains(name.as_str()));
        for name in row.may_use.iter().filter(|name| !is_used(name)) {
            problems.push(format!("`{first}` may use `{name}`, and does not"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn only_listed_files_have_side_effects() {
    let sources = Sources::read(root());
    let mut problems = Vec::new();
    for row in table("Allowed side effects") {
        let [paths, files, ..] = row.as_slice() else {
            panic!("{DOCUMENT}: a row has two cells: {row:?}");
        };
        let allowed: BTreeSet<&str> = files.iter().map(String::as_str).collect();
        let found: BTreeSet<&str> = paths
            .iter()
            .flat_map(|path| sources.that_name(path))
            .collect();
        let is_allowed = |file: &&str| {
            allowed.contains(file)
                || allowed
                    .iter()
                    .any(|folder| folder.ends_with('/') && file.starts_with(folder))
        };
        for file in found.iter().filter(|file| !is_allowed(file)) {
            problems.push(format!("{file} uses {}", paths.join(" or ")));
        }
        for &name in &allowed {
            let is_used = if name.ends_with('/') {
                found.iter().any(|file| file.starts_with(name))
            } else {
                found.contains(name)
            };
            if !is_used {
                problems.push(format!(
                    "{name} may use {}, and does not",
                    paths.join(" or ")
                ));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn modules_have_no_dependency_cycles() {
    let sources = Sources::read(root());
    let mut uses: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (module, _) in sources.modules() {
        let others = sources.used_by(module).into_iter();
        uses.insert(
            module,
            others.filter(|used| !are_related(module, used)).collect(),
        );
    }
    let mut problems = Vec::new();
    for (&from, used) in &uses {
        for &to in used {
            if let Some(way) = way_back(&uses, to, from) {
                problems.push(format!("{from} -> {}", way.join(" -> ")));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// True if one module is inside the other.
fn are_related(one: &str, other: &str) -> bool {
    let inside = |inner: &str, outer: &str| {
        outer.is_empty()
            || inner
                .strip_prefix(outer)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    inside(one, other) || inside(other, one)
}

/// The shortest chain of uses from one module to another.
fn way_back<'a>(
    uses: &BTreeMap<&'a str, BTreeSet<&'a str>>,
    from: &'a str,
    to: &str,
) -> Option<Vec<&'a str>> {
    let mut ways = VecDeque::from([vec![from]]);
    let mut seen = BTreeSet::from([from]);
    while let Some(way) = ways.pop_front() {
        let last = *way.last()?;
        if last == to {
            return Some(way);
        }
        for &next in uses.get(last).into_iter().flatten() {
            if seen.insert(next) {
                ways.push_back([way.as_slice(), &[next]].concat());
            }
        }
    }
    None
}
