//! Numbers about many runs.

use std::collections::BTreeMap;
use std::time::Duration;

use super::run::Summary;

/// Numbers about the runs of each command, and about the programs that they started.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stats {
    /// By command.
    pub commands: BTreeMap<String, Runs>,
    /// By the name of the program file.
    pub programs: BTreeMap<String, Starts>,
}

/// Numbers about the runs of a command.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Runs {
    /// All runs that have ended.
    pub ended: usize,
    /// Those that were successful.
    pub complete: usize,
    /// Those that were incomplete.
    pub incomplete: usize,
    /// Those that failed.
    pub failed: usize,
    /// Those that were killed, or are still running.
    pub open: usize,
    /// The times of those that have ended, the shortest first.
    pub times: Times,
}

/// Numbers about a program.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Starts {
    /// The windows that were expected.
    pub expected: usize,
    /// The times until the windows opened, the shortest first.
    pub times: Times,
}

/// Times in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times(Vec<Duration>);

impl Times {
    /// The number of times.
    pub const fn count(&self) -> usize {
        self.0.len()
    }

    /// The smallest time that is not below this percentage of all times (nearest rank); `None`
    /// without times.
    pub fn percentile(&self, percent: usize) -> Option<Duration> {
        let rank = (percent * self.0.len()).div_ceil(100).max(1);
        self.0.get(rank - 1).copied()
    }

    /// The sum.
    pub fn sum(&self) -> Duration {
        self.0.iter().sum()
    }
}

impl Runs {
    /// The share of successful runs among those that have ended, 0 to 1.
    pub fn success(&self) -> Option<f64> {
        ratio(self.complete, self.ended)
    }
}

impl Starts {
    /// The share of windows that came, 0 to 1.
    pub fn success(&self) -> Option<f64> {
        ratio(self.times.count(), self.expected)
    }

    /// True if windows come in less than half of all cases.
    pub fn is_rare(&self) -> bool {
        2 * self.times.count() < self.expected
    }
}

fn ratio(part: usize, all: usize) -> Option<f64> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "there are at most thousands of runs"
    )]
    (all > 0).then(|| part as f64 / all as f64)
}

/// The numbers about these runs, without those that did nothing.
pub fn stats<'s>(runs: impl IntoIterator<Item = &'s Summary>) -> Stats {
    let mut stats = Stats::default();
    for run in runs {
        if run.end.as_ref().is_some_and(|(_, ended)| ended.refused) {
            continue;
        }
        let of = stats.commands.entry(run.start.command.clone()).or_default();
        let Some((time, ended)) = &run.end else {
            of.open += 1;
            continue;
        };
        of.ended += 1;
        match ended.exit {
            0 => of.complete += 1,
            1 => of.incomplete += 1,
            _ => of.failed += 1,
        }
        of.times.0.push(*time);
        for program in &ended.programs {
            let starts = stats.programs.entry(program.name.clone()).or_default();
            starts.expected += 1;
            let time = program.ms.map(|ms| Duration::try_from_secs_f64(ms / 1e3));
            starts.times.0.extend(time.and_then(Result::ok));
        }
    }
    let times = stats.commands.values_mut().map(|runs| &mut runs.times);
    let starts = stats.programs.values_mut().map(|starts| &mut starts.times);
    for times in times.chain(starts) {
        times.0.sort();
    }
    stats
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Ended, Program, RunId, Start};

    fn run(exit: Option<u8>, ms: u64, programs: &[(&str, Option<f64>)]) -> Summary {
        let programs = programs.iter().map(|(name, ms)| Program {
            name: (*name).to_owned(),
            ms: *ms,
            window: None,
        });
        let ended = Ended {
            programs: programs.collect(),
            ..Ended::default()
        };
        Summary {
            id: RunId::new(Duration::ZERO, 1),
            start: Start {
                command: "apply".to_owned(),
                ..Start::default()
            },
            end: exit.map(|exit| (Duration::from_millis(ms), Ended { exit, ..ended })),
        }
    }

    #[test]
    fn percentiles_are_nearest_ranks() {
        let times = |count: u64| Times((1..=count).map(Duration::from_millis).collect());
        for (count, expected) in [
            (1, [1, 1, 1]),
            (2, [1, 2, 2]),
            (20, [10, 19, 20]),
            (200, [100, 190, 198]),
        ] {
            let found = [50, 95, 99].map(|percent| times(count).percentile(percent));
            assert_eq!(
                found,
                expected.map(|ms| Some(Duration::from_millis(ms))),
                "{count}"
            );
        }
        assert_eq!(times(0).percentile(50), None);
    }

    #[test]
    fn runs_and_programs_are_counted() {
        let runs = [
            run(Some(0), 30, &[("xterm", Some(20.0)), ("gimp", None)]),
            run(Some(1), 10, &[("xterm", Some(10.0)), ("gimp", None)]),
            run(Some(2), 20, &[("xterm", None), ("gimp", Some(1.0))]),
            run(None, 0, &[]),
        ];
        let stats = stats(&runs);
        let apply = &stats.commands["apply"];
        assert_eq!((apply.ended, apply.complete, apply.incomplete), (3, 1, 1));
        assert_eq!((apply.failed, apply.open), (1, 1));
        assert_eq!(apply.times.percentile(50), Some(Duration::from_millis(20)));
        let (xterm, gimp) = (&stats.programs["xterm"], &stats.programs["gimp"]);
        assert_eq!(
            (xterm.expected, xterm.times.count(), xterm.is_rare()),
            (3, 2, false)
        );
        assert!(gimp.is_rare());
    }
}
