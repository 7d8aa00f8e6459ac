//! Saves the windows of an i3 desktop to a readable file and restores them.
//!
//! The core takes values and returns values; the edges are thin. `docs/ARCHITECTURE.md`
//! lists the modules that each module may use, and the files with side effects.

#![cfg_attr(
    test,
    expect(
        clippy::disallowed_methods,
        reason = "unit tests create files and start programs"
    )
)]

pub mod document;
pub mod files;
pub mod geometry;
pub mod layout;
pub mod live;
pub mod text;
pub mod tree;

pub mod capture;
pub mod compile;
pub mod config;
pub mod diff;
pub mod discover;
pub mod import;
pub mod matching;
pub mod preview;
pub mod records;
pub mod update;

pub mod apply;
pub mod journal;
pub mod nested;
pub mod session;
pub mod store;
pub mod wm;
pub mod x11;

pub mod cli;
pub mod doctor;
pub mod error;
pub mod ui;

#[cfg(test)]
mod testing;
