//! Edge: opening, creating and replacing files without surprises.
//!
//! A path may lead to a named pipe, a device, or a link that another user has planted. All modules
//! that read or write files use these functions, so none of them hangs or writes elsewhere.

pub mod access;
pub mod open;
pub mod output;
pub mod private;
pub mod remedy;
pub mod replace;

pub use access::{Access, Acl, Grant, Identity};
pub use open::{NotAFile, open_input, open_regular, read_regular};
pub use remedy::remedy;
