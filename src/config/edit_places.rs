//! Changes the places of workspaces in a profile of a configuration file. Everything else stays as it
//! is, comments too. Pure.

use std::ops::Range;

use super::edit_text::{end_of_line, entry_of, last_end, start_of_line};
use crate::document::Spanned;
use crate::document::encode;
use crate::document::flow::{flow, scalar};
use crate::layout::{Profile, ProfileWorkspace};

/// The text in which the entry `item` of the profile `old` is that of `new`, which has the same
/// monitors, and the same workspaces followed by new ones. `None` if the form of the entry does not
/// allow it. The caller checks the result.
pub(super) fn with_places(
    text: &str,
    item: &Spanned,
    old: &Profile,
    new: &Profile,
) -> Option<String> {
    let mut edits = Edits {
        text,
        list: Vec::new(),
    };
    if begins_flow(text, item) {
        return None;
    }
    let list = entry_of(item, "workspaces").map(|entry| &entry.value);
    let items = list.map_or(&[][..], Spanned::items);
    if items.len() != old.workspaces.len() {
        return None;
    }
    for (item, (old, new)) in items.iter().zip(old.workspaces.iter().zip(&new.workspaces)) {
        edits.place(item, old, new)?;
    }
    let added = new.workspaces.get(old.workspaces.len()..)?;
    let indent = column(text, item.entries().first()?.span.start);
    let end = end_of_line(text, last_end(text, item));
    if !added.is_empty() {
        edits.add(list, added, (indent, end))?;
    }
    if let Some(focus) = new.focus.as_ref().filter(|_| new.focus != old.focus) {
        match entry_of(item, "focus") {
            Some(entry) => edits.replace(&entry.value, scalar(focus, false)),
            None => edits.insert(
                end,
                format!("\n{}focus: {}", " ".repeat(indent), scalar(focus, false)),
            ),
        }
    }
    edits.apply()
}

struct Edits<'t> {
    text: &'t str,
    list: Vec<(Range<usize>, String)>,
}

impl Edits<'_> {
    fn insert(&mut self, at: usize, text: String) {
        self.list.push((at..at, text));
    }

    fn replace(&mut self, value: &Spanned, text: String) {
        self.list.push((value.span.clone(), text));
    }

    /// Changes the place of a workspace.
    fn place(
        &mut self,
        item: &Spanned,
        old: &ProfileWorkspace,
        new: &ProfileWorkspace,
    ) -> Option<()> {
        let output = entry_of(item, "output")?;
        if old.output != new.output {
            self.replace(&output.value, scalar(&new.output, true));
        }
        if old.visible == new.visible {
            return Some(());
        }
        match entry_of(item, "visible") {
            Some(visible) => self.replace(&visible.value, new.visible.to_string()),
            None if begins_flow(self.text, item) => {
                let text = format!(", visible: {}", new.visible);
                self.insert(output.value.span.end, text);
            }
            None => {
                let indent = " ".repeat(column(self.text, output.span.start));
                let at = end_of_line(self.text, output.value.span.end);
                self.insert(at, format!("\n{indent}visible: {}", new.visible));
            }
        }
        Some(())
    }

    /// Adds workspaces to the list, or a list with them at the `end` of the profile, whose keys have
    /// this indentation.
    fn add(
        &mut self,
        list: Option<&Spanned>,
        added: &[ProfileWorkspace],
        (indent, end): (usize, usize),
    ) -> Option<()> {
        let entries = added.iter().map(|one| flow(&encode::object(one).into()));
        let Some(list) = list else {
            let space = " ".repeat(indent);
            let entries = entries.map(|entry| format!("\n{space}  - {entry}"));
            let entries: String = entries.collect();
            self.insert(end, format!("\n{space}workspaces:{entries}"));
            return Some(());
        };
        let last = list.items().last()?;
        let last_end = last_end(self.text, last);
        if begins_flow(self.text, list) {
            let entries: Vec<String> = entries.map(|entry| format!(", {entry}")).collect();
            self.insert(last_end, entries.concat());
            return Some(());
        }
        let start = start_of_line(self.text, last.span.start);
        let before = self.text.get(start..last.span.start)?;
        let dash = before.find('-').filter(|_| before.trim() == "-")?;
        let space = " ".repeat(dash);
        let entries: Vec<String> = entries.map(|entry| format!("\n{space}- {entry}")).collect();
        self.insert(end_of_line(self.text, last_end), entries.concat());
        Some(())
    }

    /// The text with all edits; `None` if two overlap.
    fn apply(mut self) -> Option<String> {
        self.list.sort_by_key(|(range, _)| range.start);
        let (mut edited, mut at) = (String::new(), 0);
        for (range, text) in self.list {
            edited += self.text.get(at..range.start)?;
            edited += &text;
            at = range.end;
        }
        Some(edited + self.text.get(at..)?)
    }
}

fn begins_flow(text: &str, value: &Spanned) -> bool {
    let rest = text.get(value.span.start..);
    rest.is_some_and(|rest| rest.starts_with(['{', '[']))
}

/// The spaces that put a key on a line of its own into the column of the byte `at`.
fn column(text: &str, at: usize) -> usize {
    let start = start_of_line(text, at);
    text.get(start..at)
        .map_or(0, |before| before.chars().count())
}
