//! The plans of a run: a new one whenever the outputs change.

use std::cell::OnceCell;

use crate::compile::Plan;
use crate::live::{Output, PresentWorkspace};

/// Makes the plan for these outputs and workspaces. It has the same slots every time.
pub type MakePlan<'a> = dyn Fn(&[Output], &[PresentWorkspace]) -> Plan + 'a;

/// A plan, and the one that replaces it.
pub struct Plans {
    plan: Plan,
    next: OnceCell<Box<Self>>,
}

impl Plans {
    /// The first plan.
    pub const fn new(plan: Plan) -> Self {
        let next = OnceCell::new();
        Self { plan, next }
    }

    /// This plan.
    pub(super) const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Replaces this plan. Only the latest one is replaced.
    pub(super) fn replace(&self, make: impl FnOnce() -> Plan) -> &Self {
        self.next.get_or_init(|| Box::new(Self::new(make())))
    }
}
