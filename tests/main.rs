//! All integration tests in one binary. Most run the real i3 on private headless X
//! servers.

#![expect(
    clippy::disallowed_methods,
    reason = "tests create files, start programs and measure time"
)]

mod harness;

mod adapt;
mod arguments;
mod attention;
mod boundaries;
mod cli;
mod completions;
mod config;
mod criteria;
mod current;
mod diagnose;
mod discovery;
mod doctor;
mod documents;
mod dry_run;
mod error_codes;
mod exported;
mod faults;
mod first_window;
mod floating;
mod fullscreen;
mod fuzz;
mod hooks;
mod hostile_config;
mod i3_facts;
mod identity;
mod import;
mod interrupted;
mod journal;
mod kept;
mod launched;
mod layout_json;
mod local;
mod man_pages;
mod menu;
mod monitors;
mod notify;
mod one_process;
mod optional;
mod other_windows;
mod outputs_change;
mod preview;
mod profile_edges;
mod profiles;
mod programs;
mod random_desks;
mod random_trees;
mod random_use;
mod raw_bytes;
mod rearranged;
mod recorded;
mod replay;
mod round_trips;
mod roundtrip;
mod sandboxes;
mod schemas;
mod scope;
mod secrets;
mod self_test;
mod session;
mod starting;
mod status;
mod templates;
mod try_out;
mod tutorial;
mod undo;
mod update;
mod verbose;
mod viewable;
mod waiting;
mod wm_edges;
mod wm_real;
