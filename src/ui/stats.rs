//! Numbers about recorded runs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Paint;
use super::lines::section;
use super::words::{Count, clean, duration, hide};
use crate::journal::stats::{Runs, Starts, Stats, Times};

/// The percentiles that are shown.
const PERCENTILES: [usize; 3] = [50, 95, 99];

/// The numbers, one line for each command and program.
pub fn stats(stats: &Stats, paint: Paint) -> String {
    let commands = stats.commands.iter().map(|(name, runs)| {
        let all = Count(runs.ended + runs.open, "run");
        let success = runs.success().map_or_else(String::new, |share| {
            format!(", {} successful", percent(share))
        });
        let others = [
            (runs.incomplete, "incomplete"),
            (runs.failed, "failed"),
            (runs.open, "without an end"),
        ];
        let others = others.iter().filter(|(count, _)| *count > 0);
        let others: Vec<String> = others
            .map(|(count, what)| format!(", {count} {what}"))
            .collect();
        let others = others.concat();
        format!(
            "{}: {all}{success}{others}{}",
            clean(name),
            times(&runs.times)
        )
    });
    let rare = stats.programs.iter().filter(|(_, starts)| starts.is_rare());
    let rare = rare.map(|(name, starts)| {
        let came = starts.times.count();
        let of = Count(starts.expected, "start");
        format!("{}: a window after {came} of {of}", clean(name))
    });
    [
        section("commands", commands, paint),
        section("time until the window opens", programs(stats), paint),
        section(
            "programs that rarely or never open their window",
            rare,
            paint,
        ),
    ]
    .concat()
}

fn programs(stats: &Stats) -> Vec<String> {
    let programs = stats.programs.iter();
    let programs = programs.filter(|(_, starts)| starts.times.count() > 0);
    let line = |(name, starts): (&String, &Starts)| {
        let count = Count(starts.times.count(), "window");
        format!("{}: {count}{}", clean(name), times(&starts.times))
    };
    programs.map(line).collect()
}

fn times(times: &Times) -> String {
    let parts = PERCENTILES.iter().filter_map(|&percent| {
        let time = times.percentile(percent)?;
        Some(format!(", p{percent} {}", duration(time)))
    });
    parts.collect::<Vec<_>>().concat()
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// The numbers as JSON.
pub fn to_json(stats: &Stats) -> Value {
    let commands = stats.commands.iter().map(|(name, runs)| {
        json!({
            "command": name,
            "runs": runs.ended + runs.open,
            "complete": runs.complete,
            "incomplete": runs.incomplete,
            "failed": runs.failed,
            "without_end": runs.open,
            "success": runs.success(),
            "elapsed_ms": times_json(&runs.times),
        })
    });
    let programs = stats.programs.iter().map(|(name, starts)| {
        json!({
            "program": name,
            "expected": starts.expected,
            "opened": starts.times.count(),
            "success": starts.success(),
            "rare": starts.is_rare(),
            "after_ms": times_json(&starts.times),
        })
    });
    json!({ "commands": commands.collect::<Value>(), "programs": programs.collect::<Value>() })
}

fn times_json(times: &Times) -> Value {
    let [p50, p95, p99] = PERCENTILES.map(|percent| {
        let time = times.percentile(percent);
        time.map(|time| time.as_secs_f64() * 1e3)
    });
    json!({ "p50": p50, "p95": p95, "p99": p99 })
}

/// The numbers in the text format of Prometheus. They are gauges: old records are removed.
pub fn prometheus(stats: &Stats) -> String {
    let mut text = String::new();
    let commands = || stats.commands.iter();
    let programs = || stats.programs.iter();
    let counts = |runs: &Runs| {
        [
            ("complete", runs.complete),
            ("incomplete", runs.incomplete),
            ("failed", runs.failed),
            ("open", runs.open),
        ]
    };
    let runs = commands().flat_map(|(name, runs)| {
        counts(runs).map(|(result, count)| {
            let labels = format!("command={},result=\"{result}\"", label(name));
            (labels, count.to_string())
        })
    });
    metric(
        &mut text,
        "runs",
        "Recorded runs by command and result.",
        runs,
    );
    let seconds = commands()
        .flat_map(|(name, runs)| quantiles(&format!("command={}", label(name)), &runs.times));
    metric(&mut text, "run_seconds", "Time of runs.", seconds);
    let expected = programs().map(|(name, starts)| {
        (
            format!("program={}", label(name)),
            starts.expected.to_string(),
        )
    });
    metric(
        &mut text,
        "windows_expected",
        "Windows that were expected after a start.",
        expected,
    );
    let opened = programs().map(|(name, starts)| {
        (
            format!("program={}", label(name)),
            starts.times.count().to_string(),
        )
    });
    metric(
        &mut text,
        "windows_opened",
        "Windows that opened after a start.",
        opened,
    );
    let seconds = programs()
        .flat_map(|(name, starts)| quantiles(&format!("program={}", label(name)), &starts.times));
    metric(
        &mut text,
        "window_seconds",
        "Time from a start to the window.",
        seconds,
    );
    text
}

fn metric(
    text: &mut String,
    name: &str,
    help: &str,
    samples: impl Iterator<Item = (String, String)>,
) {
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "# HELP i3pm_layout_{name} {help}\n# TYPE i3pm_layout_{name} gauge"
    );
    for (labels, value) in samples {
        let _ = writeln!(text, "i3pm_layout_{name}{{{labels}}} {value}");
    }
}

fn quantiles(labels: &str, times: &Times) -> Vec<(String, String)> {
    let samples = [(50, "0.5"), (95, "0.95"), (99, "0.99")];
    let samples = samples.iter().filter_map(|(percent, quantile)| {
        let seconds = times.percentile(*percent)?.as_secs_f64();
        Some((
            format!("{labels},quantile=\"{quantile}\""),
            seconds.to_string(),
        ))
    });
    samples.collect()
}

/// The value of a label in quotes.
fn label(text: &str) -> String {
    let text = hide(text).replace('\\', r"\\").replace('"', "\\\"");
    format!("\"{}\"", text.replace('\n', r"\n"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::journal::stats::stats as numbers;
    use crate::journal::{Ended, Program, RunId, Start, Summary};

    fn example() -> Stats {
        let program = |name: &str, ms| Program {
            name: name.to_owned(),
            ms,
            window: None,
        };
        let run = |exit, ms| Summary {
            id: RunId::new(Duration::ZERO, 1),
            start: Start {
                command: "apply".to_owned(),
                ..Start::default()
            },
            end: Some((
                Duration::from_millis(ms),
                Ended {
                    exit,
                    programs: vec![program("xterm", Some(120.0)), program("a\"b", None)],
                    ..Ended::default()
                },
            )),
        };
        numbers(&[run(0, 150), run(1, 30_000)])
    }

    #[test]
    fn numbers_are_told_in_lines() {
        insta::assert_snapshot!(stats(&example(), Paint(false)), @r#"
        commands
          apply: 2 runs, 50 % successful, 1 incomplete, p50 0.1 s, p95 30.0 s, p99 30.0 s
        time until the window opens
          xterm: 2 windows, p50 0.1 s, p95 0.1 s, p99 0.1 s
        programs that rarely or never open their window
          a"b: a window after 0 of 2 starts
        "#);
    }

    #[test]
    fn prometheus_format_is_complete() {
        insta::assert_snapshot!(prometheus(&example()), @r#"
        # HELP i3pm_layout_runs Recorded runs by command and result.
        # TYPE i3pm_layout_runs gauge
        i3pm_layout_runs{command="apply",result="complete"} 1
        i3pm_layout_runs{command="apply",result="incomplete"} 1
        i3pm_layout_runs{command="apply",result="failed"} 0
        i3pm_layout_runs{command="apply",result="open"} 0
        # HELP i3pm_layout_run_seconds Time of runs.
        # TYPE i3pm_layout_run_seconds gauge
        i3pm_layout_run_seconds{command="apply",quantile="0.5"} 0.15
        i3pm_layout_run_seconds{command="apply",quantile="0.95"} 30
        i3pm_layout_run_seconds{command="apply",quantile="0.99"} 30
        # HELP i3pm_layout_windows_expected Windows that were expected after a start.
        # TYPE i3pm_layout_windows_expected gauge
        i3pm_layout_windows_expected{program="a\"b"} 2
        i3pm_layout_windows_expected{program="xterm"} 2
        # HELP i3pm_layout_windows_opened Windows that opened after a start.
        # TYPE i3pm_layout_windows_opened gauge
        i3pm_layout_windows_opened{program="a\"b"} 0
        i3pm_layout_windows_opened{program="xterm"} 2
        # HELP i3pm_layout_window_seconds Time from a start to the window.
        # TYPE i3pm_layout_window_seconds gauge
        i3pm_layout_window_seconds{program="xterm",quantile="0.5"} 0.12
        i3pm_layout_window_seconds{program="xterm",quantile="0.95"} 0.12
        i3pm_layout_window_seconds{program="xterm",quantile="0.99"} 0.12
        "#);
    }
}
