//! The plans of a run: a new one whenever the outputs change.

use std::cell::OnceCell;

use super::Run;
use crate::apply::attention::Attention;
use crate::compile::Plan;
use crate::live::{Desktop, Output, PresentWorkspace};

/// Makes the plan for these outputs and workspaces. It has the same slots every time.
pub type MakePlan<'a> = dyn Fn(&[Output], &[PresentWorkspace]) -> Plan + 'a;

/// A plan, and the one that replaces it.
pub(super) struct Plans {
    pub(super) plan: Plan,
    next: OnceCell<Box<Self>>,
}

impl Plans {
    pub(super) const fn new(plan: Plan) -> Self {
        let next = OnceCell::new();
        Self { plan, next }
    }

    fn replace(&self, plan: Plan) -> &Self {
        self.next.get_or_init(|| Box::new(Self::new(plan)))
    }
}

impl Run<'_, '_> {
    /// Makes a new plan if the outputs are not those of the plan.
    pub(super) fn follow_outputs(&mut self, desktop: &Desktop) {
        if self.outputs == desktop.outputs {
            return;
        }
        let had_outputs = !self.outputs.is_empty();
        self.outputs.clone_from(&desktop.outputs);
        let plan = (self.make_plan)(&desktop.outputs, &desktop.present_workspaces());
        self.plans = self.plans.replace(plan);
        self.plan = &self.plans.plan;
        self.is_replanned = had_outputs;
        // i3 itself has changed the visible workspaces. Only the focused one is the user's.
        let here = Attention::of(desktop);
        self.attention.take_if(|before| before.is_on(&here));
    }
}
