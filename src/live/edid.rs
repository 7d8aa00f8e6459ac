//! What a monitor says about itself (EDID).

use serde::{Deserialize, Serialize};

use crate::geometry::Size;

/// The identity of a monitor, as far as it is known. A virtual monitor has none.
///
/// It is independent of the output: a monitor behind a dock keeps it when the output gets another
/// name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Edid {
    /// The three letters of the manufacturer, such as `DEL`.
    pub make: Option<String>,
    /// The name of the model, else its product code, such as `0x41f2`.
    pub model: Option<String>,
    /// The serial number.
    pub serial: Option<String>,
    /// The size of the picture, in millimetres.
    pub size_mm: Option<Size>,
}

/// The relation of two monitors by their EDID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kinship {
    /// The same monitor.
    Same,
    /// The same model. The serial number is unknown for at least one, or it differs.
    Model,
    /// Nothing is known about one of them.
    Unknown,
    /// Different models.
    Other,
}

impl Edid {
    /// True if nothing is known.
    pub const fn is_empty(&self) -> bool {
        self.make.is_none()
            && self.model.is_none()
            && self.serial.is_none()
            && self.size_mm.is_none()
    }

    /// The relation to another monitor.
    pub fn kinship(&self, other: &Self) -> Kinship {
        let equal = |one: &Option<String>, two: &Option<String>| match (one, two) {
            (Some(one), Some(two)) => Some(one == two),
            _ => None,
        };
        match (
            equal(&self.make, &other.make),
            equal(&self.model, &other.model),
        ) {
            (Some(false), _) | (_, Some(false)) => Kinship::Other,
            (_, Some(true)) if equal(&self.serial, &other.serial) == Some(true) => Kinship::Same,
            (_, Some(true)) => Kinship::Model,
            // Without a model, a layout that was edited may still have a serial number.
            _ if equal(&self.serial, &other.serial) == Some(true) => Kinship::Same,
            _ => Kinship::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edid([make, model, serial]: [&str; 3]) -> Edid {
        let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Edid {
            make: known(make),
            model: known(model),
            serial: known(serial),
            size_mm: None,
        }
    }

    #[test]
    fn kinship_by_make_model_and_serial() {
        let known = ["DEL", "U2719D", "7Q3"];
        for (one, other, expected) in [
            (known, known, Kinship::Same),
            (known, ["DEL", "U2719D", "8A1"], Kinship::Model),
            (known, ["DEL", "U2719D", ""], Kinship::Model),
            (known, ["DEL", "P2419H", "7Q3"], Kinship::Other),
            (known, ["GSM", "U2719D", "7Q3"], Kinship::Other),
            (known, ["", "", "7Q3"], Kinship::Same),
            (known, ["", "U2719D", ""], Kinship::Model),
            (known, ["DEL", "", ""], Kinship::Unknown),
            (known, ["", "", ""], Kinship::Unknown),
            (["", "", ""], ["", "", ""], Kinship::Unknown),
        ] {
            assert_eq!(edid(one).kinship(&edid(other)), expected, "{other:?}");
            assert_eq!(edid(other).kinship(&edid(one)), expected, "{other:?}");
        }
    }
}
