//! The comments of a YAML text: read with the values that they stand at, and settled
//! on the values of another text.
//!
//! The parser skips comments, so they are looked for between its scalars, where
//! nothing else begins with `#`. Empty lines count as comments without a text, so that
//! a file keeps its paragraphs.

use std::collections::{BTreeMap, HashMap};
use std::ops::{Bound, Range};

use granit_parser::{Event, Parser};
use serde_json::Value;

use crate::document::Format;
use crate::document::spanned::{Kind, Spanned};
use crate::document::{Path, Step};

/// The keys whose lists have entries of their own identity.
const LISTS: [&str; 5] = ["monitors", "workspaces", "nodes", "floating", "scratchpad"];

/// What is to be said above slots, by their ids, a line for each.
pub type SlotComments = BTreeMap<String, Vec<String>>;

/// The comments at one value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// The lines above it; an empty one is an empty line.
    pub before: Vec<String>,
    /// At the end of its line.
    pub end: Option<String>,
    /// The lines below the last of its entries.
    pub foot: Vec<String>,
}

impl Notes {
    fn is_empty(&self) -> bool {
        self.before.is_empty() && self.end.is_none() && self.foot.is_empty()
    }

    /// All comments, without the empty lines.
    fn lines(self) -> impl Iterator<Item = String> {
        let all = self.before.into_iter().chain(self.end).chain(self.foot);
        all.filter(|line| !line.is_empty())
    }
}

/// The comments of a text by the values that they stand at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comments {
    notes: BTreeMap<Path, Notes>,
}

impl Comments {
    /// The comments of a YAML text. Where it is not known what they stand at, they are
    /// at the foot of the file.
    pub fn of_yaml(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = Reader::new(text);
        if let Ok(spanned) = Format::Yaml.compose(text) {
            reader.value(&spanned, &Path::default(), false);
        }
        reader.read()
    }

    /// What stands at a value.
    pub fn at(&self, path: &Path) -> Option<&Notes> {
        self.notes.get(path)
    }

    /// Whether comments stand between the parts of a value, so that it takes more
    /// than one line.
    pub fn are_inside(&self, path: &Path) -> bool {
        let after = (Bound::Excluded(path), Bound::Unbounded);
        let inside = self.notes.range::<Path, _>(after).next();
        inside.is_some_and(|(other, _)| path.holds(other))
            || self.at(path).is_some_and(|notes| !notes.foot.is_empty())
    }

    /// The same comments in a file where the entries of lists went from one place to
    /// another, as `moves` says, and where the values are those of `value`.
    ///
    /// Comments of a value that is not there any more go up to what held it: above an
    /// entry, or to the foot of a list.
    #[must_use]
    pub fn moved(&self, moves: &BTreeMap<Path, Path>, value: &Value) -> Self {
        let mut settled = Self::default();
        for (path, notes) in &self.notes {
            settled.settle(target(path, moves), notes.clone(), value);
        }
        settled.notes.retain(|_, notes| !notes.is_empty());
        settled
    }

    /// Adds comments above the slots of a file with this value; a line that is there
    /// already is not said twice.
    pub fn add_above_slots(&mut self, said: &SlotComments, value: &Value) {
        if !said.is_empty() {
            self.add_above(said, &Path::default(), value);
        }
    }

    fn add_above(&mut self, said: &SlotComments, path: &Path, value: &Value) {
        match value {
            Value::Array(list) => {
                for (position, entry) in list.iter().enumerate() {
                    let path = path.index(position);
                    let id = entry.get("id").and_then(Value::as_str);
                    for line in id.and_then(|id| said.get(id)).into_iter().flatten() {
                        // A line break would end the comment.
                        let line = format!("# {}", line.replace(char::is_control, "\u{fffd}"));
                        let here = self.entry(&path);
                        if !here.before.contains(&line) {
                            here.before.push(line);
                        }
                    }
                    self.add_above(said, &path, entry);
                }
            }
            Value::Object(map) => {
                for (key, value) in map {
                    if LISTS.contains(&key.as_str()) {
                        self.add_above(said, &path.key(key), value);
                    }
                }
            }
            _ => {}
        }
    }

    fn settle(&mut self, (path, is_there): (Path, bool), notes: Notes, value: &Value) {
        match find(value, &path) {
            Some(found) if is_there => {
                let here = self.notes.entry(path.clone()).or_default();
                here.before.extend(notes.before);
                here.add_end(notes.end);
                if is_collection(found) {
                    here.foot.extend(notes.foot);
                } else {
                    here.before.extend(notes.foot);
                }
            }
            _ => {
                let lines: Vec<String> = notes.lines().collect();
                self.hand_up(path, lines, value);
            }
        }
    }

    /// To the nearest value that is there.
    fn hand_up(&mut self, mut path: Path, lines: Vec<String>, value: &Value) {
        while find(value, &path).is_none() {
            path = path.parent();
        }
        let is_list = matches!(find(value, &path), Some(Value::Array(list)) if !list.is_empty());
        let at_foot = is_list || path.0.is_empty();
        let here = self.notes.entry(path).or_default();
        if at_foot {
            here.foot.extend(lines);
        } else {
            here.before.extend(lines);
        }
    }

    fn entry(&mut self, path: &Path) -> &mut Notes {
        self.notes.entry(path.clone()).or_default()
    }
}

impl Notes {
    /// At the end of the line, or above it where there is one already.
    fn add_end(&mut self, comment: Option<String>) {
        match (&self.end, comment) {
            (_, None) => {}
            (None, comment) => self.end = comment,
            (Some(_), Some(comment)) => self.before.push(comment),
        }
    }
}

/// Where a value is now, and whether it is that value: where an entry of a list is not
/// known any more, it is the list.
fn target(path: &Path, moves: &BTreeMap<Path, Path>) -> (Path, bool) {
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

fn is_collection(value: &Value) -> bool {
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
    /// Where its key begins, or its value where it has none.
    start: usize,
    /// Where its key ends.
    key_end: Option<usize>,
    /// Where its value ends; `None` for what ends where its last part does.
    end: Option<usize>,
    /// The column of its key, or of its dash; `None` inside brackets and braces.
    column: Option<usize>,
}

struct Reader<'t> {
    text: &'t str,
    targets: Vec<Target>,
    /// Collections in brackets and braces.
    flows: Vec<(Range<usize>, Path)>,
}

/// A comment in the text.
struct Found<'t> {
    at: usize,
    text: &'t str,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            targets: Vec::new(),
            flows: Vec::new(),
        }
    }

    fn value(&mut self, spanned: &Spanned, path: &Path, in_flow: bool) {
        let is_flow = self.is_flow(spanned);
        if is_flow {
            self.flows.push((spanned.span.clone(), path.clone()));
        }
        let in_flow = in_flow || is_flow;
        match &spanned.kind {
            Kind::Map(entries) => {
                for entry in entries {
                    // What a merge key brings stands elsewhere.
                    if entry.span.start < spanned.span.start {
                        continue;
                    }
                    let path = path.key(&entry.key);
                    // So does what an alias stands for.
                    let is_here = entry.value.span.start >= entry.span.end;
                    self.targets.push(Target {
                        path: path.clone(),
                        start: entry.span.start,
                        key_end: Some(entry.span.end),
                        end: self.end(&entry.value).filter(|_| is_here),
                        column: (!in_flow).then(|| self.column(entry.span.start)),
                    });
                    if is_here {
                        self.value(&entry.value, &path, in_flow);
                    }
                }
            }
            Kind::List(entries) => {
                let mut after = spanned.span.start;
                for (position, entry) in entries.iter().enumerate() {
                    // What an alias stands for.
                    if entry.span.start < after {
                        continue;
                    }
                    after = entry.span.start + 1;
                    let path = path.index(position);
                    self.targets.push(Target {
                        path: path.clone(),
                        start: entry.span.start,
                        key_end: None,
                        end: self.end(entry),
                        column: (!in_flow).then(|| self.dash(entry.span.start)),
                    });
                    self.value(entry, &path, in_flow);
                }
            }
            _ => {}
        }
    }

    fn is_flow(&self, spanned: &Spanned) -> bool {
        !spanned.is_scalar() && self.text[spanned.span.start..].starts_with(['{', '['])
    }

    fn end(&self, spanned: &Spanned) -> Option<usize> {
        let ends = spanned.is_scalar() || self.is_flow(spanned);
        (ends && !spanned.span.is_empty()).then_some(spanned.span.end)
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |end| end + 1)
    }

    fn column(&self, at: usize) -> usize {
        at - self.line_start(at)
    }

    /// The column of the dash before an entry of a list.
    fn dash(&self, at: usize) -> usize {
        let line = self.line_start(at);
        match self.text[line..at].rfind('-') {
            Some(dash) => dash,
            // The entry begins on the line after its dash.
            None => (at - line).saturating_sub(2),
        }
    }

    fn read(mut self) -> Comments {
        self.targets
            .sort_by_key(|target| (target.start, target.path.0.len()));
        let mut comments = Comments::default();
        for found in self.comments() {
            self.attach(&found, &mut comments);
        }
        let root = comments.entry(&Path::default());
        while root.before.first().is_some_and(String::is_empty) {
            root.before.remove(0);
        }
        comments.notes.retain(|_, notes| !notes.is_empty());
        comments
    }

    /// The spans of all scalars; those in blocks reach from their `|` to the next token.
    fn scalars(&self) -> Vec<Range<usize>> {
        let mut spans = Vec::new();
        for next in Parser::new_from_str(self.text) {
            match next {
                Ok((Event::Scalar(..), span)) => spans.extend(span.byte_range()),
                Ok(_) => {}
                Err(_) => break,
            }
        }
        spans
    }

    /// All comments and empty lines, in order.
    fn comments(&self) -> Vec<Found<'t>> {
        let mut found = Vec::new();
        let mut scalars = self.scalars().into_iter().peekable();
        let mut line_start = 0;
        for line in self.text.split_inclusive('\n') {
            let line_end = line_start + line.len();
            let mut at = line_start;
            // The first byte of the line that is in no scalar.
            let mut comment = None;
            while at < line_end {
                while scalars.peek().is_some_and(|span| span.end <= at) {
                    scalars.next();
                }
                if let Some(span) = scalars.peek()
                    && span.contains(&at)
                {
                    at = span.end;
                    continue;
                }
                let free = at == line_start || self.text.as_bytes()[at - 1].is_ascii_whitespace();
                if self.text.as_bytes()[at] == b'#' && free {
                    comment = Some(at);
                    break;
                }
                at += 1;
            }
            if let Some(at) = comment {
                let text = self.text[at..line_end].trim_end();
                found.push(Found { at, text });
            } else if line.trim().is_empty() && at == line_end {
                found.push(Found {
                    at: line_start,
                    text: "",
                });
            }
            line_start = line_end;
        }
        found
    }

    fn attach(&self, found: &Found<'_>, comments: &mut Comments) {
        let at = found.at;
        let next = self.targets.iter().find(|target| target.start > at);
        let previous = self.targets.iter().rev().find(|target| target.start < at);
        let comment = found.text.to_owned();
        let flow = self
            .flows
            .iter()
            .filter(|(span, _)| span.contains(&at))
            .max_by_key(|(span, _)| span.start)
            .map(|(_, path)| path);
        if comment.is_empty() {
            // Before the first entry of a list it would split the dash from its key.
            if let (Some(next), None) = (next, flow) {
                let notes = comments.entry(&Self::above(next, previous));
                if notes.before.last().is_none_or(|line| !line.is_empty()) {
                    notes.before.push(comment);
                }
            }
            return;
        }
        let before = self.text[self.line_start(at)..at].trim_end();
        if !before.is_empty()
            && let Some(target) = self.ends_before(self.line_start(at) + before.len(), flow)
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
                comments
                    .entry(&Self::above(next, previous))
                    .before
                    .push(comment);
                return;
            }
        }
        comments
            .entry(&self.end_of(previous, column))
            .foot
            .push(comment);
    }

    /// What lines above `next` belong to: above the very first entry they are the
    /// file's own head.
    fn above(next: &Target, previous: Option<&Target>) -> Path {
        match previous {
            Some(_) => next.path.clone(),
            None => Path::default(),
        }
    }

    /// The entry whose line ends at `end`, a comment aside.
    fn ends_before(&self, end: usize, flow: Option<&Path>) -> Option<&Target> {
        let without_comma = flow
            .and_then(|_| self.text[..end].strip_suffix(','))
            .map_or(end, |text| text.trim_end().len());
        let ends = |target: &&Target| {
            target
                .end
                .is_some_and(|at| at == without_comma || at == end)
        };
        let key_only = |target: &&Target| {
            target
                .key_end
                .is_some_and(|key| key < end && self.is_key_only(key, end))
        };
        self.targets
            .iter()
            .find(ends)
            .or_else(|| self.targets.iter().find(key_only))
    }

    /// Whether there is nothing but a colon, an anchor, a tag or the head of a block
    /// scalar between a key and `end`.
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

    /// The map or list at whose foot a comment in this column stands, after `previous`.
    fn end_of(&self, previous: Option<&Target>, column: usize) -> Path {
        let columns: HashMap<&Path, usize> = self
            .targets
            .iter()
            .filter_map(|target| Some((&target.path, target.column?)))
            .collect();
        let Some(previous) = previous else {
            return Path::default();
        };
        let mut path = previous.path.clone();
        while !path.0.is_empty() {
            let own = columns.get(&path);
            path = path.parent();
            if own.is_some_and(|&own| own <= column) {
                break;
            }
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{Format, read, rewrite};

    /// The text in the one way in which files are written, with its comments.
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
        assert_eq!(written, expected, "\n--- it is\n{written}");
        assert_eq!(canonical(&written), written, "a second time");
    }

    #[test]
    fn all_places_of_comments() {
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
    fn what_only_looks_like_a_comment() {
        check(
            "version: 1\nproject: a-b\nvars: { k: 'a # b', l: \"x # \\\"y\" } # yes\nworkspaces:\n  - name: \"1 # 2\"\n    nodes:\n      - id: x\n        command: sh -c a#b\n          c # this is one\n      - id: z\n        command: |\n          sh # no comment\n          # nor this\n      # above y\n      - id: w\n        command: >- # folded\n          sh # no comment\n",
            "version: 1\nproject: a-b\nvars: { k: \"a # b\", l: 'x # \"y' } # yes\nworkspaces:\n  - name: \"1 # 2\"\n    nodes:\n      - id: x\n        command: sh -c a#b c # this is one\n      - { id: z, command: \"sh # no comment\\n# nor this\\n\" }\n      # above y\n      - id: w\n        command: \"sh # no comment\" # folded\n",
        );
    }

    #[test]
    fn other_ways_to_write() {
        // Lists that are not indented, dashes alone, aliases, other line ends, defaults.
        check(
            "\u{feff}--- # start\r\nversion: 1\r\nworkspaces:\r\n# a\r\n- name: a\r\n  nodes:\r\n  - # dash\r\n    id: x\r\n    swallow: &x {class: x} # c\r\n  # b4 y\r\n  - {id: w, swallow: *x} # y\r\n# b\r\n- name: b\r\n  layout: splith # default\r\n# focus\r\nfocus: a\r\n# end",
            "# start\nversion: 1\nworkspaces:\n  # a\n  - name: a\n    nodes:\n      # dash\n      - id: x\n        swallow: { class: x } # c\n      # b4 y\n      - { id: w, swallow: { class: x } } # y\n  # b\n  # default\n  - name: b\n# focus\nfocus: a\n# end\n",
        );
    }
}
