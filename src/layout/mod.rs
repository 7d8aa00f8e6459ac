//! The layout file: its model, its reader, its writer and its checks.
//!
//! [`read`] gives a [`Layout`] or all its [`Problems`]; [`write()`] gives the canonical
//! text back. In between, only [`model`] is known to the rest of the program.
//! [`crate::store`] reads and writes the files.

pub mod model;

pub mod command;
pub mod comments;
#[cfg(test)]
mod corpus;
pub mod criteria;
mod criterion;
pub mod focus;
mod foreign;
mod form;
mod icon_form;
pub mod names;
mod node_form;
mod percent;
mod read;
pub mod schema;
pub mod validate;
pub mod vars;
mod write;
pub mod yaml;

pub use crate::document::{Fault, Finding, Format, Path, Problem, Problems, Step};

pub use command::CommandError;
pub use comments::SlotComments;
pub use criteria::{Matcher, escape};
pub use criterion::Criterion;
pub use model::*;
pub use read::{check, read, read_bytes};
pub use write::{WriteOptions, rewrite, write};
