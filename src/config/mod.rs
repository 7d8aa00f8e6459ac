//! What a person says once for all layouts: rules, projects, programs, secrets.
//!
//! Files of that kind come in layers: the user's own, those of the system, and the rules
//! that are built in. `form` describes one, [`mod@read`] reads it, [`Config`] is all
//! of them together. [`rules`] says which rule applies to a window; what that rule says
//! about it is a source of discovery.
//!
//! Everything is pure but [`store`], which reads the files.

mod form;
pub mod merge;
pub mod model;
pub mod project;
pub mod read;
pub mod rules;
pub mod schema;
pub mod store;
pub mod template;

pub use crate::layout::Criterion;
pub use merge::Config;
pub use model::{Layer, Layered, Origin, Project, Rule, RuleScope, Sourced};
pub use project::{Membership, ProjectEvidence, membership};
pub use rules::Rules;
pub use template::Template;
