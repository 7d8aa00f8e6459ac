//! Medians, units, and tables of two columns.

use std::time::Duration;

/// A table of named values.
pub(crate) struct Table {
    rows: Vec<(String, String)>,
    title: String,
}

impl Table {
    pub(crate) fn new(title: impl Into<String>) -> Self {
        Self {
            rows: Vec::new(),
            title: title.into(),
        }
    }

    pub(crate) fn row(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.rows.push((name.into(), value.into()));
    }

    pub(crate) fn print(&self) {
        let width = self
            .rows
            .iter()
            .map(|(name, _)| name.chars().count())
            .max()
            .unwrap_or(0);
        println!("\n{}", self.title);
        for (name, value) in &self.rows {
            let gap = " ".repeat(width - name.chars().count());
            println!("  {name}{gap}  {value}");
        }
    }
}

/// The median; for an even count, the lower of the two middle values.
pub(crate) fn median(values: &[Duration]) -> Duration {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted
        .get(sorted.len().saturating_sub(1) / 2)
        .copied()
        .unwrap_or_default()
}

/// The median with the minimum and maximum.
pub(crate) fn summary(values: &[Duration], unit: fn(Duration) -> String) -> String {
    let least = values.iter().min().copied().unwrap_or_default();
    let most = values.iter().max().copied().unwrap_or_default();
    format!(
        "{} ({} to {})",
        unit(median(values)),
        unit(least),
        unit(most)
    )
}

pub(crate) fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

pub(crate) fn seconds(time: Duration) -> String {
    format!("{:.3} s", time.as_secs_f64())
}

pub(crate) fn mebibytes(bytes: u64) -> String {
    // The numbers are far below the 52 bits of a float.
    #[expect(clippy::cast_precision_loss, reason = "two digits are printed")]
    let value = bytes as f64 / f64::from(1 << 20);
    format!("{value:.2} MiB")
}
