//! The programs of the survey (`subjects.yaml`), and how they are opened.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use regex::Regex;
use serde::Deserialize;

use super::jobs::{self, Job};
use crate::harness::{Desktop, processes};
use crate::windows::{SeenWindow, text, visible_windows};

/// Time limit for slow programs (Java, office suites) on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program is considered ready if no window opens or closes for this time.
const QUIET: Duration = Duration::from_secs(1);

/// A program, and what the user does with it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Subject {
    /// The name in the table.
    pub(crate) name: String,
    /// The Debian packages of the program.
    #[serde(default)]
    pub(crate) packages: Vec<String>,
    /// Its toolkit and its peculiarities.
    pub(crate) kind: String,
    /// The way in which it is started or keeps its command line, if that is unusual.
    #[serde(default)]
    pub(crate) way: Option<String>,
    /// The command that starts it from a shell.
    #[serde(default)]
    shell: Option<String>,
    /// The desktop entry that starts it, instead of `shell`.
    #[serde(default)]
    entry: Option<String>,
    /// The files opened with the desktop entry, below the home directory.
    #[serde(default)]
    files: Vec<String>,
    /// The working directory of the shell, below the home directory.
    #[serde(default)]
    directory: String,
    /// Text typed into the terminal.
    #[serde(default)]
    types: Option<String>,
    /// A pattern for the command line of the resulting foreground job.
    #[serde(default)]
    runs: Option<String>,
    /// A part of the title that identifies the document.
    #[serde(default)]
    title: Option<String>,
    /// The document if the title does not name it: the end of the name of an open file or of an
    /// argument.
    #[serde(default)]
    document: Option<String>,
    /// A part of the class of its main window, if it opens several.
    #[serde(default)]
    class: Option<String>,
    /// A shell script that runs first, in the home directory.
    #[serde(default)]
    prepare: Option<String>,
    /// Files with settings that suppress dialogs, below the directory of the desktop.
    #[serde(default)]
    settings: BTreeMap<String, String>,
}

/// All programs in the order of the table.
pub(crate) fn all() -> Vec<Subject> {
    serde_saphyr::from_str(include_str!("subjects.yaml"))
        .unwrap_or_else(|error| panic!("subjects.yaml: {error}"))
}

/// The evidence for an open document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Evidence {
    Title,
    OpenFile,
    Argument,
}

impl Subject {
    /// A description of the start for the table.
    pub(crate) fn started(&self) -> String {
        let mut text = match (&self.entry, &self.shell) {
            (Some(entry), _) => [std::slice::from_ref(entry), &self.files]
                .concat()
                .join(" "),
            (None, Some(shell)) if self.directory.is_empty() => format!("$ {shell}"),
            (None, Some(shell)) => format!("~/{}$ {shell}", self.directory),
            (None, None) => String::new(),
        };
        if let Some(types) = &self.types {
            text.push_str(" ⏎ ");
            text.push_str(types);
        }
        text
    }

    /// Writes the settings and runs `prepare`.
    pub(crate) fn prepare(&self, desktop: &Desktop) {
        for (path, content) in &self.settings {
            desktop.write(path, content);
        }
        if let Some(script) = &self.prepare {
            let status = desktop.spawn(&["sh", "-ec", script]).wait();
            assert!(status.success(), "prepare: {}", desktop.describe());
        }
    }

    /// Opens the program, and closes all its windows except the main window.
    pub(crate) fn open(&self, desktop: &Desktop) -> Opened {
        let known: BTreeSet<u32> = visible_windows(desktop)
            .iter()
            .map(|seen| seen.window)
            .collect();
        let home = desktop.path().join("home");
        let directory = home.join(&self.directory);
        // Shells set `PWD`, and ranger uses it.
        let pwd = directory.to_str().expect("it is ASCII");
        desktop.spawn_with(&self.argv(&home), &directory, &[("PWD", pwd)]);
        let mine = |desktop: &Desktop| {
            let class = self.class.as_deref().unwrap_or_default();
            visible_windows(desktop)
                .into_iter()
                .find(|seen| !known.contains(&seen.window) && seen.class.contains(class))
        };
        desktop.wait_until_within(PATIENCE, "it has opened a window", || {
            mine(desktop).is_some()
        });
        settle(desktop);
        desktop.wait_until_within(PATIENCE, "its window shows the document", || {
            mine(desktop).is_some_and(|seen| self.shows_title(&seen))
        });
        let main = mine(desktop).expect("the window exists").window;
        for seen in visible_windows(desktop) {
            if !known.contains(&seen.window) && seen.window != main {
                desktop.run_i3(&format!("[id={}] kill", seen.window));
            }
        }
        desktop.wait_until_within(PATIENCE, "its other windows are closed", || {
            visible_windows(desktop).len() == known.len() + 1
        });
        let job = self.types.as_ref().map_or_else(
            || self.job(desktop, main),
            |types| self.work(desktop, main, types),
        );
        assert!(
            self.runs.is_none() || job.is_some(),
            "{:?} does not run in {}\n{}",
            self.runs,
            text(&visible_windows(desktop)),
            desktop.describe()
        );
        settle(desktop);
        let seen = self::window(desktop, main);
        let evidence = self.evidence(&seen);
        assert!(
            evidence.is_some() || self.title.is_none() && self.document.is_none(),
            "the document is not to be seen in {}",
            text(std::slice::from_ref(&seen))
        );
        Opened {
            window: main,
            evidence,
            job,
            isolation: jobs::isolation(seen.pid),
        }
    }

    fn argv(&self, home: &std::path::Path) -> Vec<String> {
        let Some(entry) = &self.entry else {
            let shell = self.shell.as_deref().unwrap_or_default();
            return shell_words::split(shell).expect("the quoting is valid");
        };
        let file = [
            home.join("../data/applications"),
            PathBuf::from("/usr/share/applications"),
        ]
        .into_iter()
        .map(|directory| directory.join(entry))
        .find(|file| file.exists())
        .unwrap_or_else(|| panic!("{entry} is not installed"));
        let mut argv = vec!["gio".to_owned(), "launch".to_owned()];
        argv.push(file.display().to_string());
        argv.extend(self.files.iter().cloned());
        argv
    }

    /// Types the text, and waits until the job runs.
    fn work(&self, desktop: &Desktop, main: u32, types: &str) -> Option<Job> {
        let jobs = || jobs::foreground(window(desktop, main).pid);
        desktop.wait_until_within(PATIENCE, "its shell is ready", || !jobs().is_empty());
        desktop.run_i3(&format!("[id={main}] focus"));
        desktop.sync();
        let typed = ["xdotool", "type", "--delay", "30", &format!("{types}\n")];
        desktop.spawn(&typed).wait();
        desktop.wait_until_within(PATIENCE, "its job runs", || {
            self.job(desktop, main).is_some()
        });
        // The line may change the directory first.
        settle(desktop);
        self.job(desktop, main)
    }

    /// The expected job, if it runs.
    pub(crate) fn job(&self, desktop: &Desktop, window: u32) -> Option<Job> {
        let pattern = Regex::new(self.runs.as_ref()?).expect("the pattern is valid");
        jobs::foreground(self::window(desktop, window).pid)
            .into_iter()
            .find(|job| pattern.is_match(&job.argv))
    }

    fn shows_title(&self, seen: &SeenWindow) -> bool {
        self.title
            .as_ref()
            .is_none_or(|title| seen.title.contains(title.as_str()))
    }

    /// The evidence for the document, if any.
    pub(crate) fn evidence(&self, seen: &SeenWindow) -> Option<Evidence> {
        if self.title.is_some() {
            return self.shows_title(seen).then_some(Evidence::Title);
        }
        let document = self.document.as_ref()?;
        let family: Vec<u32> = jobs::all_processes()
            .filter(|&pid| processes::descends_from(pid, seen.pid.unwrap_or(0)))
            .collect();
        let any = |of: fn(u32) -> Vec<String>| {
            family
                .iter()
                .flat_map(|&pid| of(pid))
                .any(|text| text.ends_with(document.as_str()))
        };
        if any(jobs::open_files) {
            Some(Evidence::OpenFile)
        } else {
            any(jobs::arguments).then_some(Evidence::Argument)
        }
    }

    /// The name of the document.
    pub(crate) fn document_name(&self) -> &str {
        let name = self.title.as_ref().or(self.document.as_ref());
        name.map_or("", String::as_str)
    }
}

/// An opened program.
pub(crate) struct Opened {
    pub(crate) window: u32,
    pub(crate) evidence: Option<Evidence>,
    pub(crate) job: Option<Job>,
    /// The kinds of namespaces that it does not share with the survey.
    pub(crate) isolation: Vec<&'static str>,
}

/// The current state of a window.
#[track_caller]
pub(crate) fn window(desktop: &Desktop, window: u32) -> SeenWindow {
    visible_windows(desktop)
        .into_iter()
        .find(|seen| seen.window == window)
        .unwrap_or_else(|| panic!("its window is gone\n{}", desktop.describe()))
}

/// Returns when no window has opened or closed for a moment.
pub(crate) fn settle(desktop: &Desktop) {
    let events = desktop.ipc().events(&["window"]);
    let end = Instant::now() + PATIENCE;
    let mut quiet = Instant::now() + QUIET;
    while Instant::now() < quiet.min(end) {
        let left = quiet.saturating_duration_since(Instant::now());
        if events
            .next_within(left)
            .is_some_and(|event| event.is("window", "new") || event.is("window", "close"))
        {
            quiet = Instant::now() + QUIET;
        }
    }
    desktop.sync();
}
