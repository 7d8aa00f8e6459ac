//! From the trees of a layout's files to the layout: names, commands, comments.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::commands::{Filled, Filling};
use super::files::{Part, Unit, no_window};
use super::note::{About, Missing, Note};
use super::tree::{Leaf, Read, Source, Trees};
use super::{Imported, Surroundings, i3_resurrect};
use crate::capture::{Named, names};
use crate::discover::Discovered;
use crate::document::Problems;
use crate::layout::{
    Content, Layout, Node, Percent, Seen, SlotComments, Swallow, Window, Workspace, numbered,
};
use crate::live::{Properties, is_reserved_name};

/// The class of a window of which nothing is known, for the user to replace.
const TO_FILL_IN: &str = "^change-me$";

impl Unit<'_> {
    /// Reads the trees and fills the slots.
    pub(super) fn read(
        self,
        workspaces: &[String],
        surroundings: Surroundings<'_>,
    ) -> Result<Imported, Problems> {
        let mut trees = Trees {
            defaults: surroundings.defaults,
            notes: self.notes,
            ..Trees::default()
        };
        let mut ranges = Vec::new();
        for part in &self.parts {
            let first = trees.leaves;
            add_part(&mut trees, part, self.tool);
            ranges.push(first..trees.leaves);
        }
        if trees.leaves == 0
            && let Some(part) = self.parts.first()
        {
            return Err(no_window(part.file));
        }
        name_workspaces(&mut trees, workspaces);
        drop_marks(&mut trees);
        let own_notes = std::mem::take(&mut trees.notes);
        let layout = layout_of(trees);
        let leaves: HashMap<usize, Leaf> = layout
            .windows()
            .map(|leaf| (leaf.key, leaf.clone()))
            .collect();
        let mut filling = Filling {
            leaves: &leaves,
            surroundings,
            filled: BTreeMap::new(),
            opened: BTreeMap::new(),
            notes: own_notes,
        };
        for (part, range) in self.parts.iter().zip(ranges) {
            let is_meant = |leaf: &Leaf| !(part.only_tiled && leaf.floats);
            let keys = range.filter(|key| leaves.get(key).is_some_and(is_meant));
            let keys: Vec<usize> = keys.collect();
            if part.tree.is_some() {
                filling.fill(&keys, &part.programs);
            } else {
                filling.pair(&keys, &part.programs);
            }
        }
        let open = layout.windows().map(|leaf| leaf.key);
        let open: Vec<usize> = open
            .filter(|key| !filling.filled.contains_key(key))
            .collect();
        filling.fill(&open, &self.browsers);
        filling.propose();
        let Filling {
            filled,
            opened,
            notes,
            ..
        } = filling;
        let mut imported = Imported {
            tool: self.tool,
            name: self.name,
            files: files(&self.parts),
            layout: Layout::default(),
            comments: SlotComments::new(),
            notes: Vec::new(),
        };
        imported.complete(layout, filled, &opened, notes, surroundings);
        Ok(imported)
    }
}

/// The names of the files in messages.
fn files(parts: &[Part<'_>]) -> Vec<String> {
    let files = parts
        .iter()
        .flat_map(|part| [Some(part.file), part.programs_file]);
    let mut names: Vec<String> = Vec::new();
    for file in files.flatten() {
        if !names.contains(&file.origin) {
            names.push(file.origin.clone());
        }
    }
    names
}

fn add_part(trees: &mut Trees, part: &Part<'_>, tool: super::Tool) {
    if let Some(programs) = part.programs_file {
        trees.notes.extend(i3_resurrect::repairs(programs));
    }
    let (name, guessed) = &part.workspace;
    if let Some(json) = &part.tree {
        trees.add(&Source {
            json,
            origin: &part.file.origin,
            name: (name, *guessed),
            output: part.output.as_deref(),
            by_tool: tool == super::Tool::I3Restore,
            is_wrapped: tool == super::Tool::I3LayoutManager,
        });
        return;
    }
    // Without a tree, the programs are side by side.
    let nodes = part.programs.iter().map(|_| {
        let key = trees.leaves;
        trees.leaves += 1;
        let leaf = Leaf {
            key,
            swallow: Swallow::default(),
            title: None,
            floats: false,
        };
        Node::leaf(Percent::default(), leaf)
    });
    let nodes: Vec<Node<Leaf>> = nodes.collect();
    trees.notes.push(Note {
        place: None,
        slot: None,
        about: About::OnlyPrograms,
    });
    trees.workspaces.push(Read {
        workspace: Workspace {
            name: name.clone(),
            content: Content {
                focus: (0..nodes.len()).collect(),
                nodes,
                ..Content::default()
            },
            ..Workspace::default()
        },
        guessed: *guessed,
    });
}

/// Gives the workspaces valid and different names; `given` are those of the user.
fn name_workspaces(trees: &mut Trees, given: &[String]) {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut given = given.iter();
    for Read { workspace, guessed } in &mut trees.workspaces {
        let old = workspace.name.clone();
        let wish = match given.next() {
            Some(name) => name.clone(),
            None => valid_name(&old),
        };
        // As i3 does for the second workspace of a name.
        let new = numbered(&wish, "_", |name| !taken.insert(name.to_ascii_lowercase()));
        let about = match *guessed {
            Some(origin) if wish == valid_name(&old) => {
                Some(About::WorkspaceName(new.clone(), origin))
            }
            None if new != wish || wish == valid_name(&old) && wish != old => {
                Some(About::Renamed(old.clone(), new.clone()))
            }
            _ => None,
        };
        trees.notes.extend(about.map(|about| Note {
            place: None,
            slot: None,
            about,
        }));
        for note in &mut trees.notes {
            if let About::WorkspaceLayout(name) = &mut note.about
                && *name == old
            {
                name.clone_from(&new);
            }
        }
        workspace.name = new;
    }
}

fn valid_name(name: &str) -> String {
    let name = name.trim_start_matches('_');
    if name.is_empty() || is_reserved_name(name) {
        "unnamed".to_owned()
    } else {
        name.to_owned()
    }
}

/// Removes marks that an earlier window has.
fn drop_marks(trees: &mut Trees) {
    let mut seen = BTreeSet::new();
    let mut dropped = Vec::new();
    let mut visit = |node: &mut Node<Leaf>| {
        node.attributes.marks.retain(|mark| {
            let is_new = seen.insert(mark.clone());
            if !is_new {
                dropped.push(mark.clone());
            }
            is_new
        });
    };
    let workspaces = trees.workspaces.iter_mut();
    let children = workspaces.flat_map(|read| read.workspace.content.children_mut());
    for node in children.chain(trees.scratchpad.iter_mut().map(|one| &mut one.node)) {
        node.for_each_mut(&mut visit);
    }
    trees.notes.extend(dropped.into_iter().map(|mark| Note {
        place: None,
        slot: None,
        about: About::Mark(mark),
    }));
}

fn layout_of(trees: Trees) -> Layout<Leaf> {
    let workspaces: Vec<Workspace<Leaf>> = trees
        .workspaces
        .into_iter()
        .map(|read| read.workspace)
        .collect();
    // The tools show the workspace that they restore.
    let focus = match workspaces.as_slice() {
        [only] => Some(only.name.clone()),
        all => trees.focus.and_then(|at| Some(all.get(at)?.name.clone())),
    };
    Layout {
        workspaces,
        scratchpad: trees.scratchpad,
        focus,
        ..Layout::default()
    }
}

impl Imported {
    /// Gives the slots their ids, commands and comments.
    fn complete(
        &mut self,
        layout: Layout<Leaf>,
        mut filled: BTreeMap<usize, Filled>,
        opened: &BTreeMap<usize, usize>,
        mut notes: Vec<Note<usize>>,
        surroundings: Surroundings<'_>,
    ) {
        let leaves: Vec<&Leaf> = layout.windows().collect();
        let ids = ids(&leaves, &filled);
        let alike = alike(&leaves);
        let with_id: HashMap<usize, String> = leaves
            .iter()
            .zip(&ids)
            .map(|(leaf, id)| (leaf.key, id.clone()))
            .collect();
        let id_of = |key: usize| with_id.get(&key).cloned().unwrap_or_default();
        for (&key, &opener) in opened {
            let missing = Missing::OpenedBy(id_of(opener));
            filled
                .entry(key)
                .or_default()
                .notes
                .push((None, About::NoCommand(missing)));
        }
        let secrets = surroundings.machine.secrets();
        self.layout = layout
            .map(&mut |leaf, _, _| {
                let Filled { found, notes: own } = filled.remove(&leaf.key).unwrap_or_default();
                let doubts = found
                    .doubts
                    .iter()
                    .map(|doubt| About::Doubtful(doubt.to_string()));
                let variables = Some(found.secrets).filter(|names| !names.is_empty());
                let about = doubts
                    .chain(variables.map(About::Secrets))
                    .map(|about| (None, about));
                let about = own.into_iter().chain(about);
                notes.extend(about.map(|(place, about)| Note {
                    place,
                    slot: Some(leaf.key),
                    about,
                }));
                let saves_titles = surroundings.saves_titles;
                let title = leaf
                    .title
                    .filter(|_| saves_titles && alike.contains(&leaf.swallow));
                let is_unknown = leaf.swallow.is_empty() && found.command.is_none();
                let unknown = || Swallow {
                    class: Some(TO_FILL_IN.to_owned()),
                    ..Swallow::default()
                };
                Window {
                    id: Some(id_of(leaf.key)),
                    swallow: if is_unknown { unknown() } else { leaf.swallow },
                    command: found.command,
                    cwd: found.cwd,
                    env: found.env,
                    optional: is_unknown,
                    seen: Seen {
                        title: title.map(|title| secrets.masked_text(&title)),
                        ..Seen::default()
                    },
                    ..Window::default()
                }
            })
            .with_implied();
        let unknown: BTreeSet<&str> = self
            .layout
            .windows()
            .filter(|window| window.optional)
            .filter_map(|window| window.id.as_deref())
            .collect();
        let notes = notes.into_iter().map(|note| Note {
            place: note.place,
            slot: note.slot.map(id_of),
            about: note.about,
        });
        // A window with a command needs no criteria.
        let is_needed = |note: &Note| {
            note.about != About::NoCriteria
                || note
                    .slot
                    .as_deref()
                    .is_some_and(|slot| unknown.contains(slot))
        };
        self.notes = notes.filter(is_needed).collect();
        for Note { slot, about, .. } in &self.notes {
            if let (Some(slot), Some(comment)) = (slot, about.comment()) {
                let lines: &mut Vec<String> = self.comments.entry(slot.clone()).or_default();
                lines.push(secrets.masked_text(&comment));
            }
        }
    }
}

/// The ids of the windows.
fn ids(leaves: &[&Leaf], filled: &BTreeMap<usize, Filled>) -> Vec<String> {
    let windows: Vec<(Properties, Vec<String>, Option<&Discovered>)> = leaves
        .iter()
        .map(|leaf| {
            let found = filled.get(&leaf.key).map(|one| &one.found);
            let command = found.and_then(|found| found.command.as_ref());
            let argv = command.and_then(|command| command.words().ok());
            (leaf.properties(), argv.unwrap_or_default(), found)
        })
        .collect();
    let windows: Vec<_> = windows
        .iter()
        .map(|(properties, argv, found)| Named {
            properties,
            argv,
            command: found.and_then(|found| found.command.as_ref()),
            cwd: found.and_then(|found| found.cwd.as_deref()),
        })
        .collect();
    names(&windows)
}

/// The criteria that several windows have, so that only their titles distinguish them.
fn alike(leaves: &[&Leaf]) -> HashSet<Swallow> {
    let mut counts: HashMap<&Swallow, usize> = HashMap::new();
    for leaf in leaves {
        *counts.entry(&leaf.swallow).or_default() += 1;
    }
    let several = counts.into_iter().filter(|(_, count)| *count > 1);
    several.map(|(swallow, _)| swallow.clone()).collect()
}
