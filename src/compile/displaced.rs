//! Workspaces that are not on their own monitor, and those for which the i3 config names another
//! output.

use serde::Serialize;

use super::monitors::Fit;
use super::plan::{Contradiction, Plan, PlannedWorkspace};

/// Workspaces whose monitor is not connected, and the output on which they are instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Away {
    /// The monitor's output in the file.
    pub monitor: String,
    /// The present output.
    pub output: String,
    /// The names of the workspaces.
    pub workspaces: Vec<String>,
}

impl Plan {
    /// The workspaces on another monitor because none of theirs is connected, by monitor and output.
    pub fn displaced(&self, is_meant: &dyn Fn(&PlannedWorkspace) -> bool) -> Vec<Away> {
        self.away(&|workspace| workspace.fit != Fit::Own && is_meant(workspace))
    }

    /// The workspaces whose own monitor is not connected, by monitor and output: also those for
    /// which the file names others.
    pub fn away(&self, is_meant: &dyn Fn(&PlannedWorkspace) -> bool) -> Vec<Away> {
        let mut all: Vec<Away> = Vec::new();
        for workspace in self.workspaces.iter().filter(|one| is_meant(one)) {
            let (Some(monitor), Some(output)) = (&workspace.missing, &workspace.output) else {
                continue;
            };
            // An empty workspace of a missing monitor does not exist.
            let exists = workspace.visible || !workspace.content.is_empty();
            if !exists {
                continue;
            }
            let name = workspace.name.clone();
            let known = all.iter_mut();
            let mut known = known.filter(|one| one.monitor == *monitor && one.output == *output);
            match known.next() {
                Some(known) => known.workspaces.push(name),
                None => all.push(Away {
                    monitor: monitor.clone(),
                    output: output.clone(),
                    workspaces: vec![name],
                }),
            }
        }
        all
    }

    /// The workspaces for which the i3 config names another output than the file.
    pub fn contradictions(
        &self,
        is_meant: &dyn Fn(&PlannedWorkspace) -> bool,
    ) -> Vec<Contradiction> {
        let workspaces = self.workspaces.iter().filter(|one| is_meant(one));
        workspaces
            .filter_map(|one| one.contradiction.clone())
            .collect()
    }
}
