//! Gaps of workspaces (i3 user guide, "Gaps"; since i3 4.22).

use serde::{Deserialize, Serialize};

use crate::tree::{GapSizes, Gaps};

/// The gaps of the i3 config.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigGaps {
    /// The gaps of all workspaces.
    pub all: GapSizes,
    /// The gaps of single workspaces, by name or number. Where they are `None`, those of all
    /// workspaces apply.
    pub workspaces: Vec<(String, Gaps)>,
}

impl ConfigGaps {
    /// The gaps of a workspace with this name, unless a command changed them.
    pub fn of(&self, workspace: &str) -> GapSizes {
        let number = |name: &str| {
            let end = name.find(|letter: char| !letter.is_ascii_digit());
            name[..end.unwrap_or(name.len())].parse::<u32>().ok()
        };
        // As in i3's src/gaps.c, `gaps_for_workspace`: a number applies to all workspaces
        // with that number.
        let own = self.workspaces.iter().find(|(name, _)| {
            name == workspace
                || name.bytes().all(|byte| byte.is_ascii_digit())
                    && number(name).is_some()
                    && number(name) == number(workspace)
        });
        own.map_or(self.all, |(_, gaps)| self.all.with(*gaps))
    }

    /// The sizes in pixels of gaps from i3's tree, where they are relative to those of all
    /// workspaces.
    pub fn absolute(&self, reported: GapSizes) -> GapSizes {
        self.all.zip(reported, i32::saturating_add)
    }

    /// The reverse of [`ConfigGaps::absolute`].
    pub fn relative(&self, sizes: GapSizes) -> GapSizes {
        sizes.zip(self.all, i32::saturating_sub)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workspace_has_its_own_gaps_or_those_of_all() {
        let inner = |inner| Gaps {
            inner: Some(inner),
            ..Gaps::default()
        };
        let config = ConfigGaps {
            all: GapSizes {
                inner: 10,
                top: 5,
                ..GapSizes::default()
            },
            workspaces: vec![("2".to_owned(), inner(30)), ("www".to_owned(), inner(0))],
        };
        for (name, expected) in [("1", 10), ("2", 30), ("2:mail", 30), ("22", 10), ("www", 0)] {
            let sizes = config.of(name);
            assert_eq!((sizes.inner, sizes.top), (expected, 5), "{name}");
            assert_eq!(config.absolute(config.relative(sizes)), sizes, "{name}");
        }
    }
}
