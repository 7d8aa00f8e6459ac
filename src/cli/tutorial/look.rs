//! Looks at the desktop and the files of the tutorial.

use std::path::Path;

use super::NAME;
use super::seen::{Ran, Saved, Seen};
use crate::error::Error;
use crate::journal::Summary;
use crate::journal::file::Folder;
use crate::layout::read_bytes;
use crate::nested::Nested;
use crate::nested::environment::Places;
use crate::store::{Dirs, Store, StoreError};

/// The files of the tutorial.
pub(super) struct Files {
    store: Store,
    runs: Folder,
}

impl Files {
    /// The files of a nested desktop in this folder.
    pub(super) fn of(root: &Path, home: &Path) -> Self {
        let state = Places::state(root);
        Self {
            runs: Folder(state.join("i3pm-layout/runs")),
            store: Store::new(&Dirs {
                config: Places::config(root),
                state,
                home: home.to_owned(),
            }),
        }
    }

    /// The present state.
    pub(super) fn look(&self, nested: &mut Nested) -> Result<Seen, Error> {
        let listed = self.store.list()?.into_iter().map(|one| one.full_name());
        let ids = self.runs.runs().into_iter();
        let runs = ids.filter_map(|id| {
            let (first, last) = self.runs.ends(&id).ok()?;
            Ran::of(&Summary::parse(id, &first, &last)?)
        });
        Ok(Seen {
            saved: self.saved()?,
            others: listed.filter(|name| name != NAME).collect(),
            runs: runs.collect(),
            ..Seen::of_tree(&nested.tree()?)
        })
    }

    fn saved(&self) -> Result<Saved, Error> {
        let opened = match self.store.read(&self.store.target(NAME)?) {
            Err(StoreError::Missing { .. }) => return Ok(Saved::Nowhere),
            opened => opened?,
        };
        let layout = read_bytes(&opened.bytes, &opened.origin, opened.format);
        Ok(layout.map_or(Saved::Broken, |layout| Saved::of(&layout)))
    }
}
