//! Durations in JSON.

use std::time::Duration;

/// Writes milliseconds. Times on a desktop are not more precise than a tenth of a millisecond.
pub(super) fn milliseconds<S: serde::Serializer>(
    duration: &Duration,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let tenths = (duration.as_secs_f64() * 10_000.0).round() / 10.0;
    serializer.serialize_f64(tenths)
}
