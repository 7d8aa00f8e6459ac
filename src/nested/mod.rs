//! A second i3 in an X server of its own: in a window of the desktop, or without a screen.
//!
//! What the desktop, the programs and the files of the user must not notice is decided here as
//! values: the screen ([`screen`]), the config of i3 ([`i3_config`]), the arguments of the X server
//! ([`server`]), the environment of the programs ([`environment`]), commands that give programs a
//! profile of their own ([`profiles`]), and windows in place of missing programs ([`stand_in`]). `edge`
//! starts all of them, and ends everything that they have started.

mod edge;
pub mod environment;
mod error;
pub mod i3_config;
pub mod profiles;
pub mod screen;
pub mod server;
pub mod stand_in;

pub use edge::{Folder, Happened, Nested, Outer, Panel, Setup, show_stand_in};
pub use error::NestedError;
pub use i3_config::Modifier;
pub use screen::Screen;
pub use server::Server;
pub use stand_in::with_stand_ins;
