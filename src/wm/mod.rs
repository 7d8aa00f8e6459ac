//! i3: socket, connection, tree, outputs, events, commands.
//!
//! Only this folder knows i3's protocol; everything else uses values of `live` and
//! [`command::Command`]. Every request has a deadline, so that an i3 that hangs cannot block
//! this program.

pub mod attempt;
pub mod command;
#[cfg(test)]
mod command_tests;
pub mod connection;
pub mod error;
pub mod event;
pub mod locate;
pub mod reader;
pub mod recorded;
pub mod restart;
pub mod socket;

mod config;
mod convert;
mod directions;
mod message;
mod reply;
mod size_limits;
mod window_rules;
mod workspace_outputs;

pub use attempt::SocketOrigin;
pub use config::WindowConfig;
#[cfg(test)]
pub(crate) use config::window_config_of;
pub use connection::{CommandReply, Connection};
pub use error::WmError;
pub use reader::Subscription;
pub use size_limits::{SizeLimit, SizeLimits};
pub use window_rules::{Effect, WindowRule};
