//! The names of the variables that replace secrets.

use std::collections::{BTreeMap, BTreeSet};

use super::words::key_words;

/// The variables so far.
#[derive(Debug, Default)]
pub(super) struct Variables {
    /// The variable of each secret, by the name that it would have alone.
    names: BTreeMap<String, BTreeMap<String, String>>,
    taken: BTreeSet<String>,
    /// The environment. A variable with another value would pass that value to the program.
    environment: BTreeMap<String, String>,
}

impl Variables {
    /// None so far, in this environment.
    pub(super) fn of_environment<'e>(all: impl IntoIterator<Item = (&'e str, &'e str)>) -> Self {
        let all = all.into_iter();
        Self {
            environment: all
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
            ..Self::default()
        }
    }

    /// True if no other secret has this variable.
    fn is_free(&self, name: &str, secret: &str) -> bool {
        let value = self.environment.get(name);
        !self.taken.contains(name) && value.is_none_or(|value| value == secret)
    }

    /// The variable for a secret of a program: the same for the same secret, and another for
    /// another secret.
    pub(super) fn name(&mut self, program: &str, key: &str, secret: &str) -> String {
        let base = base_name(program, key);
        let of_base = self.names.get(&base);
        if let Some(name) = of_base.and_then(|names| names.get(secret)) {
            return name.clone();
        }
        let mut count = of_base.map_or(0, BTreeMap::len) + 1;
        let mut name = numbered(&base, count);
        while !self.is_free(&name, secret) {
            count += 1;
            name = numbered(&base, count);
        }
        self.taken.insert(name.clone());
        let of_base = self.names.entry(base).or_default();
        of_base.insert(secret.to_owned(), name.clone());
        name
    }
}

fn numbered(base: &str, count: usize) -> String {
    match count {
        1 => base.to_owned(),
        _ => format!("{base}_{count}"),
    }
}

/// The name for the first secret: `MYSQL_PASSWORD` for `mysql` and `password`.
fn base_name(program: &str, key: &str) -> String {
    let upper = |text: &str| key_words(text).join("_").to_ascii_uppercase();
    let (program, key) = (upper(program), upper(key));
    let mut name = if program.is_empty() || key.starts_with(&program) {
        key
    } else {
        format!("{program}_{key}")
    };
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert(0, '_');
    }
    name
}
