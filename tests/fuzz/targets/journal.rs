//! Files that the program writes and reads: records and the journal.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use i3pm_layout::capture::arrangement;
use i3pm_layout::document::encode;
use i3pm_layout::journal::items::items;
use i3pm_layout::journal::replay::replay;
use i3pm_layout::journal::stats::stats;
use i3pm_layout::journal::{Run, RunId, Summary};
use i3pm_layout::layout::{Format, read};
use i3pm_layout::records::{Arrangements, OtherLayouts, Records};
use i3pm_layout::ui::{Paint, arrangement as shown, history, stats as numbers, story};

use super::desktop::{outputs, plan};

/// The time of the runs, in seconds since 1970.
const NOW: Duration = Duration::from_secs(1_796_000_000);

/// A file of the journal.
pub(super) fn journal(bytes: &[u8]) {
    let text = super::text(bytes);
    let id = RunId::parse("20261129-211544-32700").expect("the id is valid");
    let first = text.lines().next().unwrap_or_default();
    let last = text.lines().next_back().unwrap_or_default();
    let summary = Summary::parse(id.clone(), first, last);
    if let Some(summary) = summary {
        let stats = stats([&summary]);
        numbers::stats(&stats, Paint(false));
        numbers::to_json(&stats);
        numbers::prometheus(&stats);
        let ended = summary.end.as_ref().map(|(_, ended)| ended);
        let result = history::Result::of(ended, false);
        let runs = [(summary, result)];
        history::list(&runs, NOW, Paint(false));
        history::list_json(&runs);
    }
    let Some(run) = Run::parse(id, &text) else {
        return;
    };
    let result = history::Result::of(run.end().map(|(_, ended)| ended), false);
    let items = items(&run);
    history::events(&items, Paint(false));
    history::events_json(&items);
    history::show_json(&run, result);
    story::story(&run, result, NOW, Paint(false));
    let replayed = replay(&run);
    history::replay(&replayed, Paint(false));
    history::replay_json(&replayed);
    run.launched();
    run.tokens();
    run.has_changed_something();
    if let Some(desktop) = run.first_desktop() {
        // What `undo` does.
        let layout = arrangement(&desktop);
        plan(
            &layout.map(&mut |window, _, _| window.slot),
            &desktop.outputs,
        );
    }
}

/// The records of an X session, or the arrangements on sets of monitors.
pub(super) fn records(bytes: &[u8]) {
    if let Ok(records) = serde_json::from_slice::<Records>(bytes) {
        use_records(records);
    }
    if let Ok(arrangements) = serde_json::from_slice::<Arrangements>(bytes) {
        use_arrangements(arrangements);
    }
}

fn use_records(mut records: Records) {
    let text = serde_json::to_vec(&records).expect("records are JSON");
    let again: Records = serde_json::from_slice(&text).expect("written records are read");
    assert_eq!(again, records);
    let layout = "version: 1\nworkspaces:\n  - name: '1'\n    nodes:\n      \
                  - { id: a, swallow: { class: ^A$ }, command: a }\n";
    let layout = read(layout, "layout", Format::Yaml).expect("the layout is valid");
    records.for_plan(&plan(&layout, &outputs()), &mut AllLayouts);
    records.of_layout("fuzz");
    let open = BTreeSet::new();
    records.files(&open);
    records.open(&open);
    records.rename("fuzz", "other", Path::new("/other.yaml"));
}

/// Every layout exists, and has one slot.
struct AllLayouts;

impl OtherLayouts for AllLayouts {
    fn exists(&self, _: &Path) -> bool {
        true
    }

    fn slots(&mut self, _: &Path) -> Option<BTreeSet<String>> {
        Some(BTreeSet::from(["a".to_owned()]))
    }

    fn is_file_of(&self, _: &Path, identity: &str) -> bool {
        identity.len().is_multiple_of(2)
    }
}

fn use_arrangements(mut arrangements: Arrangements) {
    let text = serde_json::to_vec(&arrangements).expect("arrangements are JSON");
    let again: Arrangements = serde_json::from_slice(&text).expect("written ones are read");
    assert_eq!(again, arrangements);
    let outputs = outputs();
    arrangements.are_latest(&outputs);
    arrangements.rename("fuzz", "other");
    let Some(found) = arrangements.on(&outputs) else {
        return;
    };
    shown::show(&found, Paint(false));
    found.rects();
    encode::object(&found.profile("fuzz"));
    arrangements.remember(found.clone());
    assert!(!arrangements.remember(found), "it is already the latest");
}
