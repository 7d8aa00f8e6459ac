//! Files in YAML or JSON, read into values with places.
//!
//! A file is composed once into a tree of [`Spanned`] values. A type describes its written form
//! ([`Form`], [`Object`]). The decoder ([`mod@decode`]), the JSON Schema ([`schema`]) and the
//! writer ([`encode`]) use that description. All problems of a file are collected with their
//! places.
//!
//! Layouts and the configuration are such files. This module is independent of both.

#[cfg(test)]
pub(crate) mod agreement;
pub mod choice;
pub mod decode;
pub mod definitions;
pub mod encode;
pub mod fault;
mod field;
pub mod flow;
pub mod form;
mod forms;
pub mod lenient;
mod path;
pub mod problem;
pub mod range;
pub mod reading;
pub mod schema;
mod source;
pub mod source_text;
pub mod spanned;
mod wrong_type;

mod json;
mod mistake;
mod yaml;

pub use fault::Fault;
pub use field::Field;
pub use form::{Access, Document, Fields, Form, Object, Version};
pub use path::{Path, Step};
pub use problem::{Finding, Problem, Problems, is_unrelated};
pub use range::Range;
pub use reading::{Cursor, Reading};
pub use source::{Format, read, read_bytes, read_bytes_with, read_with, with_text, without_text};
pub use spanned::Spanned;
pub use yaml::compose_with_comments;

#[cfg(test)]
pub(crate) use source::parse_only;
