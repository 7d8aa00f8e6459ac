//! The configuration, which applies to all layouts: rules, projects, programs, secrets.
//!
//! There are several files: the user's, those of the system, and the built-in rules. `form`
//! describes a file, [`mod@read`] reads it, and [`Config`] merges all files. [`rules`] finds the rule
//! that applies to a window. The command of that rule is a source of discovery.
//!
//! Everything is pure except [`store`], which reads the files.

pub mod edit;
mod edit_places;
mod edit_text;
mod form;
pub mod merge;
pub mod model;
pub mod policy;
pub mod project;
pub mod read;
pub mod rules;
pub mod schema;
pub mod store;
pub mod template;

pub use crate::layout::Criterion;
pub use merge::Config;
pub use model::{
    ForegroundPrograms, History, Layer, Layered, Origin, Project, Rule, RuleScope, SeenSettings,
    Sourced,
};
pub use policy::Policy;
pub use project::{ProjectEvidence, is_member};
pub use rules::Rules;
pub use template::Template;
