//! Names of workspaces that this program reserves.

use std::collections::BTreeMap;

use super::{Con, Desktop};

/// The prefix of the names that are never a user's.
const RESERVED_PREFIX: &str = "_i3pm";

/// The prefix of the names of workspaces that exist only during a run.
pub const TEMPORARY_PREFIX: &str = "_i3pm:";

/// True for a name of a workspace of this program.
pub fn is_reserved_name(workspace: &str) -> bool {
    workspace.starts_with(RESERVED_PREFIX)
}

impl Con {
    /// True for a workspace of this program, which exists only during a run.
    pub fn has_reserved_name(&self) -> bool {
        is_reserved_name(self.name())
    }
}

impl Desktop {
    /// The `skip`-th workspace number that is not in use.
    pub fn free_number(&self, skip: usize) -> String {
        (1_u32..)
            .map(|number| number.to_string())
            .filter(|number| {
                self.workspaces().all(|workspace| {
                    let name = workspace.con.name();
                    name != number && !name.starts_with(&format!("{number}:"))
                })
            })
            .nth(skip)
            .unwrap_or_else(|| "1".to_owned())
    }

    /// The desktop with a free number as the name of each workspace of this program, if there are
    /// any: a run that was killed may have left one behind, with windows of the user.
    pub fn without_reserved_names(&self) -> Option<Self> {
        let reserved = self.workspaces().map(|live| live.con);
        let reserved = reserved.filter(|con| con.has_reserved_name());
        let names: BTreeMap<String, String> = reserved
            .enumerate()
            .map(|(position, con)| (con.name().to_owned(), self.free_number(position)))
            .collect();
        (!names.is_empty()).then(|| {
            let mut desktop = self.clone();
            desktop.rename_workspaces(&|name| names.get(name).cloned());
            desktop
        })
    }
}
