//! Foreground jobs of terminals and open files of processes, from proc(5).

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::harness::processes;

/// A foreground job of a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Job {
    pub(crate) argv: String,
    pub(crate) directory: PathBuf,
}

/// The foreground jobs of the terminals that a process has opened.
pub(crate) fn foreground(pid: Option<u32>) -> Vec<Job> {
    let Some(pid) = pid else {
        return Vec::new();
    };
    let groups: BTreeSet<i64> = all_processes()
        .filter(|&other| other != pid && processes::descends_from(other, pid))
        .filter_map(|other| {
            let stat = Stat::read(other)?;
            (stat.terminal != 0 && stat.foreground > 0).then_some(stat.foreground)
        })
        .collect();
    let mut jobs = Vec::new();
    for group in groups {
        let members = all_processes()
            .filter(|&other| Stat::read(other).is_some_and(|stat| stat.group == group));
        jobs.extend(members.filter_map(|member| {
            Some(Job {
                argv: arguments(member).join(" "),
                directory: fs::read_link(format!("/proc/{member}/cwd")).ok()?,
            })
        }));
    }
    jobs
}

struct Stat {
    group: i64,
    terminal: i64,
    foreground: i64,
}

impl Stat {
    fn read(pid: u32) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name in parentheses may contain anything, so parsing starts after it.
        let (_, fields) = stat.rsplit_once(')')?;
        let mut numbers = fields.split_whitespace().skip(2);
        let mut next = || numbers.next()?.parse().ok();
        let (group, _session, terminal) = (next()?, next()?, next()?);
        Some(Self {
            group,
            terminal,
            foreground: next()?,
        })
    }
}

pub(crate) fn all_processes() -> impl Iterator<Item = u32> {
    fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

pub(crate) fn arguments(pid: u32) -> Vec<String> {
    fs::read_to_string(format!("/proc/{pid}/cmdline"))
        .unwrap_or_default()
        .split_terminator('\0')
        .map(str::to_owned)
        .collect()
}

pub(crate) fn open_files(pid: u32) -> Vec<String> {
    fs::read_dir(format!("/proc/{pid}/fd"))
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some(fs::read_link(entry.path()).ok()?.display().to_string()))
        .collect()
}

/// The kinds of namespaces that the process does not share with this program (namespaces(7)).
pub(crate) fn isolation(pid: Option<u32>) -> Vec<&'static str> {
    let link = |of: &str, kind: &str| fs::read_link(format!("/proc/{of}/ns/{kind}")).ok();
    let is_apart = |kind: &&str| {
        let its = pid.and_then(|pid| link(&pid.to_string(), kind));
        its.is_some_and(|its| Some(its) != link("self", kind))
    };
    ["mnt", "net", "pid", "user"]
        .into_iter()
        .filter(is_apart)
        .collect()
}
