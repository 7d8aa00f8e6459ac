//! i3's tree in JSON as the workspaces of a layout.
//!
//! Reads what `append_layout` accepts, what i3-save-tree prints, and i3's reply to `GET_TREE`. The
//! rules are those of i3's `src/load_layout.c` and `src/con.c` (`con_fix_percent`).

mod attributes;
mod node;

use super::criteria;
use super::fields::{get, int, list, rect, text_of};
use super::note::{About, NameOrigin, Note};
use crate::document::Spanned;
use crate::document::lenient::Lenient;
use crate::document::spanned::Kind as Json;
use crate::geometry::Rect;
use crate::layout::{Floating, Swallow, Workspace};
use crate::live::{Defaults, Properties};
use crate::tree::ContainerLayout;
use attributes::{ids, kind};
use node::{Open, unwrapped};

/// The workspaces of i3 itself, such as that of the scratchpad, begin like this.
const INTERNAL: &str = "__";

/// A window of a tree.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Leaf {
    /// Its number in the order in which the windows were read.
    pub(super) key: usize,
    pub(super) swallow: Swallow,
    /// The title at the time when the file was written.
    pub(super) title: Option<String>,
    /// True if it is inside a floating frame.
    pub(super) floats: bool,
}

impl Leaf {
    /// The properties, as far as the criteria say what they are.
    pub(super) fn properties(&self) -> Properties {
        let of = |pattern: &Option<String>| criteria::name(pattern.as_deref()?);
        Properties {
            class: of(&self.swallow.class),
            instance: of(&self.swallow.instance),
            window_role: of(&self.swallow.window_role),
            title: self.title.clone(),
            ..Properties::default()
        }
    }
}

/// A workspace with the origin of its name.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Read {
    pub(super) workspace: Workspace<Leaf>,
    /// `None` if the file has the name.
    pub(super) guessed: Option<NameOrigin>,
}

/// A file with containers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    pub(super) json: &'a Lenient,
    /// The name of the file in messages.
    pub(super) origin: &'a str,
    /// The name of the workspace of containers outside of any workspace, and its origin.
    pub(super) name: (&'a str, Option<NameOrigin>),
    /// The output of that workspace.
    pub(super) output: Option<&'a str>,
    /// True if the tool wrote all properties of each window as criteria.
    pub(super) by_tool: bool,
    /// True if a single container is the workspace itself.
    pub(super) is_wrapped: bool,
}

/// The workspaces that were read, with notes. The slots in the notes are keys of leaves.
#[derive(Debug, Default)]
pub(super) struct Trees {
    pub(super) workspaces: Vec<Read>,
    pub(super) scratchpad: Vec<Floating<Leaf>>,
    pub(super) notes: Vec<Note<usize>>,
    /// The position of the focused workspace.
    pub(super) focus: Option<usize>,
    pub(super) leaves: usize,
    pub(super) defaults: Defaults,
}

impl Trees {
    /// Adds the containers of a file.
    pub(super) fn add(&mut self, source: &Source<'_>) {
        for &(repair, at) in &source.json.repairs {
            self.note(source, at, About::Syntax(repair));
        }
        let titles = source.titles();
        let mut open = Open::default();
        let mut current: Option<&(usize, String, Option<String>)> = None;
        for value in &source.json.values {
            let title = titles
                .iter()
                .rev()
                .find(|title| title.0 <= value.span.start);
            if title.map(|one| one.0) != current.map(|one| one.0) {
                self.close(source, std::mem::take(&mut open), current);
                current = title;
            }
            self.top(source, value, &mut open, None);
        }
        self.close(source, open, current);
    }

    /// Ends the workspace of containers outside of any workspace.
    fn close(
        &mut self,
        source: &Source<'_>,
        open: Open,
        title: Option<&(usize, String, Option<String>)>,
    ) {
        if open.children.is_empty() && open.frames.is_empty() {
            return;
        }
        let holds_focus = open.children.iter().any(|child| child.holds_focus)
            || open.frames.iter().any(|frame| frame.holds_focus);
        let (name, guessed) = match title {
            Some((_, name, _)) => (name.as_str(), None),
            None => source.name,
        };
        let output = title.and_then(|title| title.2.as_deref()).or(source.output);
        // The file has only the children of the workspace.
        let is_layout_known = open.children.len() < 2 || title.is_some();
        let content = Self::content(ContainerLayout::SplitH, open, &[]);
        let content = if source.is_wrapped || title.is_some() {
            unwrapped(content)
        } else {
            content
        };
        if !is_layout_known {
            self.notes.push(Note {
                place: None,
                slot: None,
                about: About::WorkspaceLayout(name.to_owned()),
            });
        }
        self.push(
            Workspace {
                name: name.to_owned(),
                output: output.map(str::to_owned).into_iter().collect(),
                content,
                ..Workspace::default()
            },
            guessed,
            holds_focus,
        );
    }

    fn push(&mut self, workspace: Workspace<Leaf>, guessed: Option<NameOrigin>, focused: bool) {
        if focused {
            self.focus = Some(self.workspaces.len());
        }
        self.workspaces.push(Read { workspace, guessed });
    }

    fn note(&mut self, source: &Source<'_>, at: usize, about: About) {
        self.notes.push(source.note(at, None, about));
    }

    /// Reads a value at the top, or a child of an output or of the root.
    fn top(
        &mut self,
        source: &Source<'_>,
        value: &Spanned,
        open: &mut Open,
        output: Option<&Output>,
    ) {
        let at = value.span.start;
        match (&value.kind, kind(value).as_deref()) {
            (Json::List(entries), _) => {
                for entry in entries {
                    self.top(source, entry, open, output);
                }
            }
            (Json::Map(_), Some("root")) => {
                for child in list(value, "nodes") {
                    self.top(source, child, open, output);
                }
            }
            (Json::Map(_), Some("output")) => {
                let here = Output {
                    name: text_of(value, "name"),
                    rect: rect(value, "rect"),
                };
                for child in list(value, "nodes") {
                    self.top(source, child, open, Some(&here));
                }
            }
            // The container between an output and its workspaces.
            (Json::Map(_), Some("con")) if output.is_some() => {
                for child in list(value, "nodes") {
                    self.top(source, child, open, output);
                }
            }
            (Json::Map(_), Some("workspace")) => self.workspace(source, value, output),
            // The area for docks of every output.
            (Json::Map(_), Some("dockarea")) => {
                if !list(value, "nodes").is_empty() {
                    self.note(source, at, About::Dock);
                }
            }
            (Json::Map(_), _) => {
                self.child(source, value, open, None);
            }
            _ => self.note(source, at, About::NoContainer),
        }
    }

    fn workspace(&mut self, source: &Source<'_>, value: &Spanned, output: Option<&Output>) {
        let own = text_of(value, "name");
        if own.as_deref() == Some("__i3_scratch") {
            let mut hidden = Open::default();
            self.children(source, value, &mut hidden, None);
            // Most recently hidden first; i3 appends each to the end.
            for frame in hidden.frames.into_iter().rev() {
                self.scratchpad.push(Floating {
                    scratchpad: false,
                    ..frame.floating
                });
            }
            return;
        }
        let mut open = Open::default();
        let origin = output.and_then(|output| output.rect);
        self.children(source, value, &mut open, origin);
        if int(value, "num").is_some() && open.children.is_empty() && open.frames.is_empty() {
            // A workspace of a whole tree that has no window.
            return;
        }
        let holds_focus = open.children.iter().any(|child| child.holds_focus)
            || open.frames.iter().any(|frame| frame.holds_focus);
        let layout = self.layout(source, value);
        let content = Self::content(layout, open, &ids(value));
        if let Some(gaps) = get(value, "gaps")
            && gaps
                .entries()
                .iter()
                .any(|gap| int(gaps, &gap.key).unwrap_or(0) != 0)
        {
            self.note(source, gaps.span.start, About::Key("gaps".to_owned()));
        }
        let (name, guessed) = match own {
            Some(name) if name.starts_with(INTERNAL) => {
                let new = name.trim_start_matches('_').to_owned();
                self.note(source, value.span.start, About::Renamed(name, new.clone()));
                (new, None)
            }
            Some(name) => (name, None),
            // i3 names it so.
            None if source.name.1.is_some() => ("unnamed".to_owned(), Some(NameOrigin::I3)),
            None => (source.name.0.to_owned(), source.name.1),
        };
        let named = output.and_then(|output| output.name.clone());
        let named = named.or_else(|| text_of(value, "output"));
        self.push(
            Workspace {
                name,
                output: named
                    .or_else(|| source.output.map(str::to_owned))
                    .into_iter()
                    .collect(),
                content,
                ..Workspace::default()
            },
            guessed,
            holds_focus,
        );
    }

    /// The children of a workspace.
    fn children(
        &mut self,
        source: &Source<'_>,
        value: &Spanned,
        open: &mut Open,
        origin: Option<Rect>,
    ) {
        for key in ["nodes", "floating_nodes"] {
            for child in list(value, key) {
                self.child(source, child, open, origin);
            }
        }
    }
}

/// An output of i3's tree.
struct Output {
    name: Option<String>,
    rect: Option<Rect>,
}

impl Source<'_> {
    pub(super) fn note(&self, at: usize, slot: Option<usize>, about: About) -> Note<usize> {
        Note {
            place: Some(self.json.place(self.origin, at)),
            slot,
            about,
        }
    }

    /// The comments with which `compile` names workspaces: their byte, the name and the output.
    fn titles(&self) -> Vec<(usize, String, Option<String>)> {
        let comments = self.json.comments.iter().filter_map(|span| {
            let comment = self.json.text.get(span.clone())?;
            let title = comment.strip_prefix("// workspace `")?.trim_end();
            let (name, output) = match title.rsplit_once("` on ") {
                Some((name, output)) => (name, Some(output)),
                None => (title.strip_suffix('`')?, None),
            };
            let is_outside = |value: &Spanned| !value.span.contains(&span.start);
            let is_title = !name.is_empty() && self.json.values.iter().all(is_outside);
            is_title.then(|| {
                let output = output.filter(|output| !output.is_empty());
                (span.start, name.to_owned(), output.map(str::to_owned))
            })
        });
        comments.collect()
    }
}
