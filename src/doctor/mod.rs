//! Checks of the installation, the session and the files. Findings are values; `ui` has the
//! sentences, and `cli` asks the session and the files.

pub mod calls;
pub mod finding;
pub mod folder;
pub mod machine;
pub mod peers;
mod verdict;

pub use finding::{Check, Finding, worst};
pub use verdict::Verdict;
