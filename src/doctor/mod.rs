//! Checks of the installation, the session and the files. Findings are values; `ui` has the
//! sentences, and `cli` asks the session and the files.

pub mod calls;
pub mod finding;
pub mod folder;
pub mod machine;

pub use finding::{Check, Finding, Verdict, worst};
