//! The results of findings.

use super::*;

#[test]
fn full_disk_is_an_error() {
    for (free, verdict) in [
        (0, Verdict::Error),
        (TOO_LITTLE - 1, Verdict::Error),
        (TOO_LITTLE, Verdict::Warning),
    ] {
        let path = PathBuf::from("/d");
        assert_eq!(
            Finding::LittleSpace { path, free }.verdict(),
            verdict,
            "{free}"
        );
    }
}
