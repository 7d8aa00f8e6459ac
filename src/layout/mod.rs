//! The layout file: its model, its reader, its writer and its checks.
//!
//! [`read`] returns a [`Layout`] or all its [`Problems`], and [`write()`] the canonical text.
//! The rest of the program knows only [`model`].
//! [`crate::store`] reads and writes the files.

pub mod model;

mod arguments;
pub mod command;
pub mod comments;
#[cfg(test)]
mod corpus;
pub mod criteria;
mod criterion;
mod extensions;
pub mod focus;
mod foreign;
mod form;
pub mod hooks;
mod hooks_form;
mod icon_form;
mod implied;
mod line_width;
pub mod names;
mod node_form;
mod pattern;
mod percent;
pub mod profile;
mod profile_form;
mod read;
pub mod schema;
pub mod shell_syntax;
mod template;
pub mod validate;
pub mod vars;
mod window_form;
mod write;
pub mod yaml;

pub use crate::document::{Fault, Finding, Format, Path, Problem, Problems, Step};

pub use arguments::{Argument, Filled};
pub use command::CommandError;
pub use comments::SlotComments;
pub use criteria::{Matcher, Pattern, escape};
pub use criterion::Criterion;
pub use foreign::{is_configuration, is_layout};
pub use hooks::{Hook, HookEvent, HookList, Hooks};
pub use model::*;
pub(crate) use names::{numbered, unused};
pub use profile::{Profile, ProfileMonitor, ProfileWorkspace};
pub use read::{check, includes, problems, read, read_bytes, read_including};
pub use write::{WriteOptions, rewrite, write};
