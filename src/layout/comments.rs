//! The comments of a YAML text, attached to values, and moved to the values of another
//! text.
//!
//! Empty lines count as empty comments, so that a file keeps its paragraphs.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Bound, Range};

use serde_json::Value;

use super::line_width::is_line;
use crate::document::{Path, Spanned, Step, compose_with_comments};
use crate::text::line_start;

/// The keys of lists whose entries can move to other positions.
const LISTS: [&str; 5] = ["monitors", "workspaces", "nodes", "floating", "scratchpad"];

/// Comments above slots, by slot id, each of several lines.
pub type SlotComments = BTreeMap<String, Vec<String>>;

/// The comments at one value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// The lines above it. An empty string is an empty line.
    pub before: Vec<String>,
    /// The comment at the end of its line.
    pub end: Option<String>,
    /// The lines below its last entry.
    pub foot: Vec<String>,
}

impl Notes {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// All comments, without empty lines.
    fn lines(self) -> impl Iterator<Item = String> {
        let all = self.before.into_iter().chain(self.end).chain(self.foot);
        all.filter(|line| !line.is_empty())
    }
}

/// The comments of a file, by value, and the style of its entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comments {
    notes: BTreeMap<Path, Notes>,
    /// The entries of lists that have a line for each key although one line would be enough.
    blocks: BTreeSet<Path>,
}

impl Comments {
    /// Reads the comments of a YAML text.
    pub fn of_yaml(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = Reader {
            text,
            targets: Vec::new(),
            flows: Vec::new(),
            blocks: BTreeSet::new(),
        };
        let (tree, spans) = compose_with_comments(text);
        if let Ok(tree) = tree {
            reader.value(&tree, &Path::default(), false);
        }
        reader.read(spans)
    }

    /// The comments at a value.
    pub fn at(&self, path: &Path) -> Option<&Notes> {
        self.notes.get(path)
    }

    /// True for an entry of a list that keeps a line for each key.
    pub fn is_block(&self, path: &Path) -> bool {
        self.blocks.contains(path)
    }

    /// True if there are comments between the parts of a value, so that it needs more
    /// than one line.
    pub fn are_inside(&self, path: &Path) -> bool {
        let after = (Bound::Excluded(path), Bound::Unbounded);
        let inside = self.notes.range::<Path, _>(after).next();
        inside.is_some_and(|(other, _)| path.holds(other))
            || self.at(path).is_some_and(|notes| !notes.foot.is_empty())
    }

    /// Moves the comments to another text with the values of `value`. `moves` maps the old
    /// places of list entries to the new ones.
    ///
    /// The comments of a value that no longer exists go to the nearest value around it:
    /// above an entry, or to the foot of a list.
    #[must_use]
    pub fn moved(&self, moves: &BTreeMap<Path, Path>, value: &Value) -> Self {
        let mut settled = Self::default();
        for (path, notes) in &self.notes {
            settled.settle(target(path, moves), notes.clone(), value);
        }
        settled.notes.retain(|_, notes| !notes.is_empty());
        let blocks = self.blocks.iter().map(|path| target(path, moves));
        settled.blocks = blocks
            .filter_map(|(path, is_there)| is_there.then_some(path))
            .collect();
        settled
    }

    /// Adds comments above slots. Lines that are already there are not repeated.
    pub fn add_above_slots(&mut self, comments: &SlotComments, value: &Value) {
        if !comments.is_empty() {
            self.add_above(comments, &Path::default(), value);
        }
    }

    fn add_above(&mut self, comments: &SlotComments, path: &Path, value: &Value) {
        match value {
            Value::Array(list) => {
                for (position, entry) in list.iter().enumerate() {
                    let path = path.index(position);
                    let id = entry.get("id").and_then(Value::as_str);
                    for line in id.and_then(|id| comments.get(id)).into_iter().flatten() {
                        // A line break would end the comment.
                        let line = format!("# {}", line.replace(char::is_control, "\u{fffd}"));
                        let before = &mut self.entry(&path).before;
                        if !before.contains(&line) {
                            before.push(line);
                        }
                    }
                    self.add_above(comments, &path, entry);
                }
            }
            Value::Object(map) => {
                for (key, value) in map {
                    self.add_above(comments, &path.key(key), value);
                }
            }
            _ => {}
        }
    }

    fn settle(&mut self, (mut path, is_there): (Path, bool), notes: Notes, value: &Value) {
        match find(value, &path) {
            Some(found) if is_there => {
                let is_collection = is_filled(found);
                let here = self.entry(&path);
                here.before.extend(notes.before);
                here.add_end(notes.end);
                if is_collection {
                    here.foot.extend(notes.foot);
                } else {
                    here.before.extend(notes.foot);
                }
            }
            _ => {
                while find(value, &path).is_none() {
                    path = path.parent();
                }
                let is_list =
                    find(value, &path).is_some_and(|value| value.is_array() && is_filled(value));
                let here = self.entry(&path);
                if is_list || path.0.is_empty() {
                    here.foot.extend(notes.lines());
                } else {
                    here.before.extend(notes.lines());
                }
            }
        }
    }

    fn entry(&mut self, path: &Path) -> &mut Notes {
        self.notes.entry(path.clone()).or_default()
    }
}

impl Notes {
    /// Adds a comment at the end of the line, or above the line if there is one already.
    fn add_end(&mut self, comment: Option<String>) {
        match (&self.end, comment) {
            (_, None) => {}
            (None, comment) => self.end = comment,
            (Some(_), Some(comment)) => self.before.push(comment),
        }
    }
}

/// The new place of a value, and true; or the list that it was in, and false, if it is an
/// entry without a new place.
pub(super) fn target(path: &Path, moves: &BTreeMap<Path, Path>) -> (Path, bool) {
    let known = (0..=path.0.len()).rev().find_map(|length| {
        let prefix = Path(path.0[..length].to_vec());
        moves.get(&prefix).map(|to| (to.clone(), length))
    });
    let (mut to, length) = known.unwrap_or_default();
    for step in &path.0[length..] {
        if matches!(step, Step::Index(_)) && to.last_key().is_some_and(|key| LISTS.contains(&key)) {
            return (to, false);
        }
        to.0.push(step.clone());
    }
    (to, true)
}

fn find<'v>(value: &'v Value, path: &Path) -> Option<&'v Value> {
    path.0.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get(key),
        Step::Index(index) => value.get(index),
    })
}

/// True for a list or map that is not empty.
fn is_filled(value: &Value) -> bool {
    match value {
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
        _ => false,
    }
}

/// An entry of a map or a list in the text.
#[derive(Debug)]
struct Target {
    path: Path,
    /// The start of its key, or of its value in a list.
    start: usize,
    /// The end of its key.
    key_end: Option<usize>,
    /// The end of its value; `None` if that is the end of its last part.
    end: Option<usize>,
    /// The column of its key or dash; `None` inside brackets and braces.
    column: Option<usize>,
}

/// Attaches the comments of a file to its values.
struct Reader<'t> {
    text: &'t str,
    targets: Vec<Target>,
    /// Collections in brackets and braces.
    flows: Vec<(Range<usize>, Path)>,
    /// As [`Comments::blocks`].
    blocks: BTreeSet<Path>,
}

impl Reader<'_> {
    fn value(&mut self, spanned: &Spanned, path: &Path, in_flow: bool) {
        let is_flow = self.is_flow(spanned);
        if is_flow {
            self.flows.push((spanned.span.clone(), path.clone()));
        }
        let in_flow = in_flow || is_flow;
        for entry in spanned.entries() {
            // The entries of a merge key are elsewhere in the text.
            if entry.span.start < spanned.span.start {
                continue;
            }
            let column = (!in_flow).then(|| self.column(entry.span.start));
            self.entry(
                &path.key(&entry.key),
                Some(&entry.span),
                &entry.value,
                column,
                in_flow,
            );
        }
        let mut after = spanned.span.start;
        for (position, item) in spanned.items().iter().enumerate() {
            // The value of an alias is elsewhere in the text.
            if item.span.start < after {
                continue;
            }
            after = item.span.start + 1;
            let column = (!in_flow).then(|| self.dash(item.span.start));
            self.entry(&path.index(position), None, item, column, in_flow);
        }
    }

    fn entry(
        &mut self,
        path: &Path,
        key: Option<&Range<usize>>,
        value: &Spanned,
        column: Option<usize>,
        in_flow: bool,
    ) {
        // The value of an alias is elsewhere in the text.
        let is_here = key.is_none_or(|key| value.span.start >= key.end);
        let has_end =
            is_here && !value.span.is_empty() && (value.is_scalar() || self.is_flow(value));
        self.targets.push(Target {
            path: path.clone(),
            start: key.unwrap_or(&value.span).start,
            key_end: key.map(|key| key.end),
            end: has_end.then_some(value.span.end),
            column,
        });
        let is_block_map = key.is_none() && !value.entries().is_empty() && !self.is_flow(value);
        if let Some(dash) = column.filter(|_| is_block_map)
            && is_line(&value.to_value(), dash + 2)
        {
            self.blocks.insert(path.clone());
        }
        if is_here {
            self.value(value, path, in_flow);
        }
    }

    fn is_flow(&self, spanned: &Spanned) -> bool {
        !spanned.is_scalar() && self.text[spanned.span.start..].starts_with(['{', '['])
    }

    fn column(&self, at: usize) -> usize {
        at - line_start(self.text, at)
    }

    /// The column of the dash before an entry of a list.
    fn dash(&self, at: usize) -> usize {
        let line = line_start(self.text, at);
        match self.text[line..at].rfind('-') {
            Some(dash) => dash,
            // The entry begins on the line after its dash.
            None => (at - line).saturating_sub(2),
        }
    }

    fn read(mut self, spans: Vec<Range<usize>>) -> Comments {
        self.targets
            .sort_by_key(|target| (target.start, target.path.0.len()));
        let mut found = spans;
        let mut start = 0;
        for line in self.text.split_inclusive('\n') {
            if line.trim().is_empty() {
                found.push(start..start);
            }
            start += line.len();
        }
        found.sort_by_key(|span| span.start);
        let mut comments = Comments::default();
        for span in found {
            let comment = self.text[span.clone()].trim_end().to_owned();
            self.attach(span.start, comment, &mut comments);
        }
        let root = comments.entry(&Path::default());
        while root.before.first().is_some_and(String::is_empty) {
            root.before.remove(0);
        }
        comments.notes.retain(|_, notes| !notes.is_empty());
        comments.blocks = self.blocks;
        comments
    }

    fn attach(&self, at: usize, comment: String, comments: &mut Comments) {
        let position = self.targets.partition_point(|target| target.start < at);
        let (before, after) = self.targets.split_at(position);
        let (previous, next) = (before.last(), after.first());
        let flow = self
            .flows
            .iter()
            .filter(|(span, _)| span.contains(&at))
            .max_by_key(|(span, _)| span.start)
            .map(|(_, path)| path);
        if comment.is_empty() {
            let is_inside = previous.is_some_and(|previous| previous.end > Some(at));
            // Before the first entry of a list it would split the dash from its key.
            if let (Some(next), None, false) = (next, flow, is_inside) {
                let notes = comments.entry(&Self::above(next, previous));
                if notes.before.last().is_none_or(|line| !line.is_empty()) {
                    notes.before.push(comment);
                }
            }
            return;
        }
        let before = self.text[line_start(self.text, at)..at].trim_end();
        if !before.is_empty()
            && let Some(target) = self.ends_before(line_start(self.text, at) + before.len(), flow)
        {
            comments.entry(&target.path).add_end(Some(comment));
            return;
        }
        if let Some(flow) = flow {
            match next {
                Some(next) if next.path != *flow && flow.holds(&next.path) => {
                    comments.entry(&next.path).before.push(comment);
                }
                _ => comments.entry(flow).foot.push(comment),
            }
            return;
        }
        let column = self.column(at);
        if let Some(next) = next {
            let is_first = previous.is_none_or(|previous| {
                previous.path != next.path && previous.path.holds(&next.path)
            });
            let is_after_dash = !before.is_empty();
            if is_first || is_after_dash || next.column.is_none_or(|next| column <= next) {
                let above = Self::above(next, previous);
                comments.entry(&above).before.push(comment);
                return;
            }
        }
        let end = self.end_of(previous, column);
        comments.entry(&end).foot.push(comment);
    }

    /// The value that lines above `next` belong to. Above the very first entry, they are
    /// the head of the file.
    fn above(next: &Target, previous: Option<&Target>) -> Path {
        previous.map_or_else(Path::default, |_| next.path.clone())
    }

    /// The entry whose line ends at `end`, except for a comment.
    fn ends_before(&self, end: usize, flow: Option<&Path>) -> Option<&Target> {
        let without_comma = flow
            .and_then(|_| self.text[..end].strip_suffix(','))
            .map_or(end, |text| text.trim_end().len());
        let mut targets = self.targets.iter();
        targets
            .find(|target| {
                let ends = target.end;
                ends == Some(without_comma) || ends == Some(end)
            })
            .or_else(|| {
                let mut targets = self.targets.iter();
                targets.find(|target| {
                    let key_end = target.key_end;
                    key_end.is_some_and(|key| key < end && self.is_key_only(key, end))
                })
            })
    }

    /// True if only a colon, an anchor, a tag or the head of a block scalar is between a
    /// key and `end`.
    fn is_key_only(&self, key_end: usize, end: usize) -> bool {
        let between = self.text[key_end..end].trim_start();
        let Some(rest) = between.strip_prefix(':') else {
            return false;
        };
        !rest.contains('\n')
            && rest
                .split_whitespace()
                .all(|word| word.starts_with(['&', '!', '|', '>']))
    }

    /// The map or list to which a comment in this column after `previous` belongs.
    fn end_of(&self, previous: Option<&Target>, column: usize) -> Path {
        let around = self.targets.iter().filter(|target| {
            previous.is_some_and(|previous| target.path.holds(&previous.path))
                && target.column.is_some_and(|own| own <= column)
        });
        around
            .max_by_key(|target| target.path.0.len())
            .map_or_else(Path::default, |target| target.path.parent())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{Format, read, rewrite};

    /// The text in its canonical form, with its comments.
    fn canonical(text: &str) -> String {
        let layout = read(text, "t", Format::Yaml).unwrap_or_else(|error| panic!("{error}"));
        let mut moves = BTreeMap::from([(Path::default(), Path::default())]);
        for list in ["workspaces", "monitors"] {
            for position in 0..9 {
                let path = Path::default().key(list).index(position);
                for inner in 0..9 {
                    let node = path.key("nodes").index(inner);
                    moves.insert(node.clone(), node);
                }
                moves.insert(path.clone(), path);
            }
        }
        rewrite(
            &layout,
            Format::Yaml,
            text,
            &moves,
            &SlotComments::default(),
        )
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let written = canonical(text);
        assert_eq!(written, expected, "\n--- found\n{written}");
        assert_eq!(canonical(&written), written, "a second time");
    }

    #[test]
    fn comments_keep_their_places() {
        check(
            "# head\n\n\n# of version\nversion: 1 # one\nworkspaces: # all\n  # first\n  - name: a # A\n    # nodes\n    nodes: # of a\n      # x\n      - id: x # X\n        # b4 class\n        swallow: { class: x } # c\n        # foot of x\n      # foot of nodes\n    # foot of a\n  # foot of workspaces\n# foot\n",
            "# head\n\n# of version\nversion: 1 # one\nworkspaces: # all\n  # first\n  - name: a # A\n    # nodes\n    nodes: # of a\n      # x\n      - id: x # X\n        # b4 class\n        swallow: { class: x } # c\n        # foot of x\n      # foot of nodes\n    # foot of a\n  # foot of workspaces\n# foot\n",
        );
    }

    #[test]
    fn comments_inside_braces_and_brackets() {
        check(
            "version: 1\nworkspaces: [ # all\n  { name: a, # A\n    # the nodes\n    nodes: [\n      {id: x, # X\n       command: [sh, # shell\n         -c, '#no' # last\n         # foot\n         ]}\n    ] # end of nodes\n  }\n]\n",
            "version: 1\nworkspaces:\n  # all\n  - name: a # A\n    # the nodes\n    nodes: # end of nodes\n      - id: x # X\n        command:\n          - sh # shell\n          - -c\n          - \"#no\" # last\n          # foot\n",
        );
    }

    #[test]
    fn number_signs_in_scalars_are_not_comments() {
        check(
            "version: 1\nproject: a-b\nvars: { k: 'a # b', l: \"x # \\\"y\" } # yes\nworkspaces:\n  - name: \"1 # 2\"\n    nodes:\n      - id: x\n        command: sh -c a#b\n          c # this is one\n      - id: z\n        command: |\n          sh # no comment\n          # nor this\n      # above y\n      - id: w\n        command: >- # folded\n          sh # no comment\n",
            "version: 1\nproject: a-b\nvars: { k: \"a # b\", l: 'x # \"y' } # yes\nworkspaces:\n  - name: \"1 # 2\"\n    nodes:\n      - id: x\n        command: sh -c a#b c # this is one\n      - id: z\n        command: \"sh # no comment\\n# nor this\\n\"\n      # above y\n      - id: w\n        command: \"sh # no comment\" # folded\n",
        );
    }

    #[test]
    fn comments_are_found_in_any_notation() {
        // Lists that are not indented, dashes alone, aliases, other line ends, defaults.
        check(
            "\u{feff}--- # start\r\nversion: 1\r\nworkspaces:\r\n# a\r\n- name: a\r\n  nodes:\r\n  - # dash\r\n    id: x\r\n    swallow: &x {class: x} # c\r\n  # b4 y\r\n  - {id: w, swallow: *x} # y\r\n# b\r\n- name: b\r\n  layout: splith # default\r\n# focus\r\nfocus: a\r\n# end",
            "# start\nversion: 1\nworkspaces:\n  # a\n  - name: a\n    nodes:\n      # dash\n      - id: x\n        swallow: { class: x } # c\n      # b4 y\n      - { id: w, swallow: { class: x } } # y\n  # b\n  # default\n  - name: b\n# focus\nfocus: a\n# end\n",
        );
    }
}
