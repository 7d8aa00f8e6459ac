//! The cost of capture and its parts.

use std::cell::Cell;
use std::ffi::OsStr;
use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use i3pm_layout::capture::{Options, capture};
use i3pm_layout::discover::proc_table::ProcTable;
use i3pm_layout::discover::{Asked, ThisMachine};
use i3pm_layout::layout::{Format, WriteOptions, write};
use i3pm_layout::live::Desktop as Live;
use i3pm_layout::session::Session;
use i3pm_layout::store::{Dirs, Store};
use i3pm_layout::x11::Display;
use swayipc_types::CommandType;

use crate::calls::Program;
use crate::figures::{mebibytes, median, millis};
use crate::harness::ipc::read_bytes;
use crate::harness::{Desktop, tree};

/// The number of measured calls after the first.
const CALLS: usize = 20;

/// The parts of capture in order.
const PHASES: [&str; 9] = [
    "connecting to i3 and X",
    "waiting for i3's replies",
    "parsing the replies",
    "X: process ids, startup ids",
    "/proc: command lines",
    "finding commands",
    "  of that, desktop entries",
    "building the layout",
    "writing the text",
];
const STORING: &str = "storing the file (fsync)";

/// The columns of the table, one per number of windows.
#[derive(Default)]
pub(crate) struct Captures {
    columns: Vec<Vec<(String, String)>>,
}

impl Captures {
    pub(crate) fn measure(&mut self, program: &Program, desktop: &Desktop, size: usize) {
        let mut walls = Vec::new();
        let mut cpu = Vec::new();
        let mut first = Duration::ZERO;
        for call in 0..=CALLS {
            // A new name each time, so that each call writes a file.
            let ran = program.call_successfully(desktop, &["capture", &format!("c{size}-{call}")]);
            if call == 0 {
                first = ran.wall;
            } else {
                walls.push(ran.wall);
                cpu.extend(ran.cpu);
            }
        }
        let streamed: Vec<Duration> = (0..CALLS)
            .map(|_| program.call_successfully(desktop, &["capture", "-"]).wall)
            .collect();
        let peak = program.call_watching_memory(desktop, &["capture", &format!("c{size}-peak")]);
        let open = tree::windows(&desktop.tree()).len();
        let mut column = vec![
            ("windows".to_owned(), open.to_string()),
            ("first call".to_owned(), millis(first)),
            ("later calls, median".to_owned(), millis(median(&walls))),
            ("  to standard output".to_owned(), millis(median(&streamed))),
            ("  processor time".to_owned(), millis(median(&cpu))),
            ("peak memory".to_owned(), mebibytes(peak.peak)),
            ("parts".to_owned(), String::new()),
        ];
        column.extend(phases(desktop));
        self.columns.push(column);
    }

    pub(crate) fn print(&self) {
        let Some(names) = self.columns.first() else {
            return;
        };
        println!("\nCapture (medians of {CALLS})");
        let width = names.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (row, (name, _)) in names.iter().enumerate() {
            print!("  {name:<width$}");
            for column in &self.columns {
                print!("{:>12}", column[row].1);
            }
            println!();
        }
    }
}

/// Measures the same work in this process, part by part.
fn phases(desktop: &Desktop) -> Vec<(String, String)> {
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); PHASES.len() + 1];
    let mut sums = Vec::new();
    for call in 0..=CALLS {
        let spent = once(desktop, call);
        if call > 0 {
            sums.push(spent.iter().sum::<Duration>().saturating_sub(spent[6]));
            for (times, spent) in times.iter_mut().zip(spent) {
                times.push(spent);
            }
        }
    }
    let mut rows: Vec<_> = PHASES
        .iter()
        .chain([&STORING])
        .zip(&times)
        .map(|(name, times)| (format!("  {name}"), millis(median(times))))
        .collect();
    let own: Vec<Duration> = sums
        .iter()
        .zip(&times[1])
        .zip(&times[PHASES.len()])
        .map(|((sum, i3), storing)| sum.saturating_sub(*i3).saturating_sub(*storing))
        .collect();
    rows.push(("  sum".to_owned(), millis(median(&sums))));
    rows.push((
        "  sum without i3 and the disk".to_owned(),
        millis(median(&own)),
    ));
    rows
}

fn once(desktop: &Desktop, call: usize) -> Vec<Duration> {
    let environment = desktop.environment();
    let variable = |name: &str| {
        let found = environment.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let mut spent = Vec::new();
    let mut clock = Instant::now();
    let mut lap = |clock: &mut Instant| {
        spent.push(clock.elapsed());
        *clock = Instant::now();
    };

    let mut session = Session::open(&desktop.session_env()).expect("the desktop is running");
    lap(&mut clock);
    let display = Display::connect(Some(&variable("DISPLAY"))).expect("the desktop exists");
    clock = Instant::now();

    // Measures i3 alone, without parsing the replies.
    let i3 = answers(desktop);
    lap(&mut clock);
    let (about, tree, outputs) = session.wm().observe(None).expect("i3 answers");
    // The same answers again, and read this time.
    let read = clock.elapsed().saturating_sub(i3);
    clock = Instant::now();

    let ids = tree.windows().filter_map(|con| con.window);
    let mut windows = display.facts(ids).expect("X answers");
    let x = clock.elapsed();
    clock = Instant::now();
    let processes = ProcTable::new();
    for facts in windows.values_mut() {
        facts.process = facts.pid().and_then(|pid| processes.program(pid));
    }
    let proc = clock.elapsed();
    let live = Live {
        seats: std::collections::BTreeMap::new(),
        ignored: std::collections::BTreeSet::new(),
        gaps: None,
        version: about.version,
        outputs,
        tree,
        windows,
        defaults: about.defaults,
    };

    // All desktop entries are read for the first window whose process does not provide its
    // command. That is the slowest window here.
    let (discovering, slowest) = (Cell::new(Duration::ZERO), Cell::new(Duration::ZERO));
    clock = Instant::now();
    let sources = ThisMachine::new(
        Some(PathBuf::from(variable("HOME"))),
        OsStr::new(&variable("PATH")),
        [variable("XDG_DATA_HOME"), variable("XDG_DATA_DIRS")].map(PathBuf::from),
    );
    let discover = |asked: &Asked| {
        let begun = Instant::now();
        let found = sources.discover(asked);
        let took = begun.elapsed();
        discovering.set(discovering.get() + took);
        slowest.set(slowest.get().max(took));
        found
    };
    let captured = capture(&live, &discover, &Options::default());
    let layout = clock.elapsed().saturating_sub(discovering.get());
    clock = Instant::now();
    let text = write(&captured.file(), Format::Yaml, &WriteOptions::default());
    let writing = clock.elapsed();
    clock = Instant::now();
    let store = Store::new(&Dirs {
        config: PathBuf::from(variable("XDG_CONFIG_HOME")),
        state: PathBuf::from(variable("XDG_STATE_HOME")),
        home: PathBuf::from(variable("HOME")),
    });
    let name = format!("phases-{}-{call}", captured.layout.window_count());
    let target = store.target(&name).expect("the name is valid");
    let path = store.path(&target).expect("the target is a file");
    store
        .write_captured(&path, &text, true)
        .expect("the directory is writable");
    let storing = clock.elapsed();

    spent.extend([
        read,
        x,
        proc,
        discovering.get(),
        slowest.get(),
        layout,
        writing,
        storing,
    ]);
    spent
}

/// Sends the requests of capture and reads the bytes of the replies.
fn answers(desktop: &Desktop) -> Duration {
    let mut stream = UnixStream::connect(desktop.ipc().socket()).expect("i3 listens");
    let begun = Instant::now();
    let requests = [
        CommandType::GetVersion,
        CommandType::GetConfig,
        CommandType::GetTree,
        CommandType::GetOutputs,
    ];
    let bytes: Vec<u8> = requests
        .into_iter()
        .flat_map(|request| request.encode_with(""))
        .collect();
    stream.write_all(&bytes).expect("i3 accepts the requests");
    for _ in requests {
        read_bytes(&mut stream).expect("i3 answers");
    }
    begun.elapsed()
}
