//! Runs in a fake world: events, and the actions that follow.

mod closing;
mod driver;
mod ending;
mod fake_i3;
mod programs;
mod start;
mod waiting;
mod words;
