//! Short runs of the fuzz targets without libFuzzer: the seeds, mutations of them, and very long
//! and very deep inputs. `scripts/fuzz` runs the targets for longer.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::harness::random::Random;

mod mutations;
mod targets;

use targets::{TARGETS, Target};

/// The mutations of all seeds of a target.
const MUTATIONS: usize = 200;

/// The length of mutated inputs, as in `scripts/fuzz`.
const LENGTH: usize = 4096;

/// The length of long inputs. Quadratic time would be many seconds.
const LONG: usize = 20_000;

/// The processor time that an input may take, without optimisation.
const LIMIT: Duration = Duration::from_secs(3);

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The targets of `targets.txt`, with their folders of further seeds.
fn listed() -> BTreeMap<&'static str, Vec<&'static str>> {
    let lines = include_str!("fuzz/targets.txt").lines();
    let lines = lines.filter(|line| !line.starts_with('#'));
    let mut listed = BTreeMap::new();
    for mut words in lines.map(str::split_whitespace) {
        listed.insert(words.next().expect("a line has a name"), words.collect());
    }
    listed
}

/// The files in a folder and its folders; none if it does not exist.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect();
    files.sort();
    files
}

/// The seeds of a target. A package of this crate has only those in `tests/data/`.
fn seeds(name: &str) -> Vec<Vec<u8>> {
    let own = root().join("fuzz/seeds").join(name);
    let further = listed().remove(name).expect("the target is listed");
    let folders = further.into_iter().map(|folder| root().join(folder));
    let files = [own].into_iter().chain(folders).flat_map(|one| files(&one));
    let seeds = files.map(|file| fs::read(file).expect("the file can be read"));
    [Vec::new()].into_iter().chain(seeds).collect()
}

/// Prints an input if a test panics while it is used.
struct Blamed<'i>(&'i [u8]);

#[expect(clippy::print_stderr, reason = "names the input of a failed test")]
impl Drop for Blamed<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let shown: Vec<u8> = self.0.iter().copied().take(LENGTH).collect();
            eprintln!("{} bytes: {}", self.0.len(), shown.escape_ascii());
        }
    }
}

/// The processor time of this thread.
fn time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::try_from(time).expect("the time is positive")
}

/// Feeds an input into a target, which must neither panic nor take long.
fn feed(target: Target, input: &[u8]) {
    let _blamed = Blamed(input);
    let begin = time();
    (target.run)(input);
    let taken = time().saturating_sub(begin);
    assert!(taken < LIMIT, "{} takes {taken:?}", target.name);
}

/// Runs a target with its seeds and their mutations.
fn run(name: &str) {
    let target = targets::named(name);
    let seeds = seeds(name);
    for seed in &seeds {
        feed(target, seed);
    }
    let mut random = Random::new(1);
    for _ in 0..MUTATIONS {
        let mut input = seeds[random.below(seeds.len())].clone();
        let other = &seeds[random.below(seeds.len())];
        for _ in 0..=random.below(4) {
            mutations::mutate(&mut input, other, &mut random);
        }
        input.truncate(LENGTH);
        feed(target, &input);
    }
    let tokens = mutations::TOKENS.iter();
    let tokens = tokens.map(|token| token.repeat(LONG / token.len()));
    let numbered = mutations::NUMBERED.iter();
    let numbered = numbered.map(|part| mutations::numbered(part, LONG));
    for long in tokens.chain(numbered) {
        feed(target, &long);
        let seed = &seeds[random.below(seeds.len())];
        let (before, after) = seed.split_at(random.below(seed.len() + 1));
        feed(target, &[before, &long, after].concat());
        // At the start of a line.
        let start = before.iter().rposition(|&byte| byte == b'\n');
        let before = &before[..start.map_or(0, |start| start + 1)];
        feed(target, &[before, &long].concat());
    }
}

/// A test for each target.
macro_rules! tests {
    ($($(#[$attribute:meta])* $name:ident)*) => {
        const TESTED: &[&str] = &[$(stringify!($name)),*];

        $(#[test]
        $(#[$attribute])*
        fn $name() {
            run(stringify!($name));
        })*
    };
}

tests! {
    command config criteria desktop_entry i3_config i3_desktop i3_events i3_frames i3_replies
    import journal layout_json layout_yaml records
    secrets
}

#[test]
fn all_targets_are_tested_and_have_a_program() {
    let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    assert_eq!(names, TESTED);
    assert_eq!(names, listed().into_keys().collect::<Vec<_>>());
    // A package of this crate does not have the folder.
    if root().join("fuzz").exists() {
        let programs = files(&root().join("fuzz/fuzz_targets"));
        let programs = programs
            .iter()
            .filter_map(|path| path.file_stem()?.to_str());
        assert_eq!(names, programs.collect::<Vec<_>>());
        for name in names {
            assert!(seeds(name).len() > 1, "{name} has no seeds");
        }
    }
}
