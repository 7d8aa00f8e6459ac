//! The fuzz targets, which the tests share.

#[path = "../../tests/fuzz/targets/mod.rs"]
mod targets;

/// Feeds an input into the target with this name. Panics if a property does not hold.
pub fn run(target: &str, input: &[u8]) {
    (targets::named(target).run)(input);
}
