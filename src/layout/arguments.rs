//! Values for the variables of a layout, given on the command line.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::model::Layout;
use super::vars::{self, Piece, Values};

/// A value for a variable: `NAME=VALUE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// The name of the variable.
    pub name: String,
    /// The value. Only `~/` at its start has a meaning.
    pub value: String,
}

impl FromStr for Argument {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, value)) if vars::is_name(name) => Ok(Self {
                name: name.to_owned(),
                value: value.to_owned(),
            }),
            _ => Err("expected NAME=VALUE with the name of a variable".to_owned()),
        }
    }
}

impl fmt::Display for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.name, self.value)
    }
}

/// A layout with values for its variables.
#[derive(Clone, Debug, PartialEq)]
pub struct Filled {
    /// The layout. Names of workspaces have no variables any more.
    pub layout: Layout,
    /// The values that differ from those of the file, as `NAME=VALUE`, sorted and quoted for a shell.
    pub given: Vec<String>,
    /// The variables that still need a value.
    pub missing: Vec<String>,
    /// True if names of workspaces have variables in the file.
    pub has_named: bool,
}

impl Layout {
    /// Sets variables. Returns the name of an argument that is no variable of the layout.
    ///
    /// `env` and `home` are for values in the names of workspaces.
    pub fn with_arguments(
        &self,
        arguments: &[Argument],
        env: &dyn Fn(&str) -> Option<String>,
        home: &str,
    ) -> Result<Filled, String> {
        let mut layout = self.clone();
        let mut given = BTreeMap::new();
        for Argument { name, value } in arguments {
            let is_required = layout.required_vars.contains(name);
            if !is_required && !layout.vars.contains_key(name) {
                return Err(name.clone());
            }
            let value = vars::escape(&below_home(value, home));
            if self.vars.get(name) == Some(&value) {
                given.remove(name);
            } else {
                given.insert(name.clone(), value.clone());
            }
            layout.vars.insert(name.clone(), value);
        }
        let vars = layout.vars.clone();
        layout.required_vars.retain(|name| !vars.contains_key(name));
        let values = Values {
            vars: &vars,
            env,
            home: Some(home),
        };
        let mut has_named = false;
        let expand = |name: &mut String| {
            if uses(name, self) {
                has_named = true;
                // A variable without a value is reported elsewhere.
                if let Ok(expanded) = values.expand(name) {
                    *name = expanded;
                }
            }
        };
        let names = layout.workspaces.iter_mut().map(|one| &mut one.name);
        let of_profiles = layout.profiles.iter_mut().flat_map(|profile| {
            let names = profile.workspaces.iter_mut().map(|one| &mut one.name);
            names.chain(&mut profile.focus)
        });
        let names = names.chain(&mut layout.focus).chain(of_profiles);
        names.for_each(expand);
        let given = given.iter();
        let given = given.map(|(name, value)| format!("{name}={}", shell_words::quote(value)));
        Ok(Filled {
            given: given.collect(),
            missing: layout.required_vars.iter().cloned().collect(),
            layout,
            has_named,
        })
    }

    /// All its variables.
    pub fn variables(&self) -> Vec<String> {
        let all = self.vars.keys().chain(&self.required_vars);
        all.cloned().collect()
    }
}

/// The value with `~/` for the home directory: a shell replaces `~/`, and a key binding does not, which
/// must not make two layouts of one.
fn below_home(value: &str, home: &str) -> String {
    let home = home.trim_end_matches('/');
    let rest = value.strip_prefix(home).filter(|_| !home.is_empty());
    match rest.and_then(|rest| rest.strip_prefix('/')) {
        Some(rest) => format!("~/{rest}"),
        None => value.to_owned(),
    }
}

/// True if the name of a workspace uses a variable of the layout. Otherwise, `${` has no meaning in it.
fn uses(name: &str, layout: &Layout) -> bool {
    let pieces = vars::parse(name).unwrap_or_default();
    pieces.iter().any(|piece| match piece {
        Piece::Variable(name) => {
            layout.vars.contains_key(name) || layout.required_vars.contains(name)
        }
        Piece::Text(_) | Piece::Environment(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Format, WriteOptions, read, write};
    use super::*;

    const TEXT: &str = "version: 1
vars: { name: main, root: null }
workspaces:
  - name: \"4:${name}\"
    nodes: [{ command: xterm, cwd: \"${root}\" }]
  - name: \"${other}\"
focus: \"4:${name}\"
";

    fn layout() -> Layout {
        read(TEXT, "t.yaml", Format::Yaml).unwrap_or_else(|problems| panic!("{problems}"))
    }

    fn filled(arguments: &[&str]) -> Result<Filled, String> {
        let arguments: Vec<Argument> = arguments.iter().map(|one| one.parse().unwrap()).collect();
        layout().with_arguments(&arguments, &|_| None, "/home/ada")
    }

    #[test]
    fn required_variables_are_written_as_they_were() {
        let layout = layout();
        let text = write(&layout, Format::Yaml, &WriteOptions::default());
        assert!(
            text.contains("vars: { name: main, root: null }\n"),
            "{text}"
        );
        assert_eq!(read(&text, "t.yaml", Format::Yaml).as_ref(), Ok(&layout));
    }

    #[test]
    fn arguments_replace_values_and_fill_names() {
        let none = filled(&[]).unwrap();
        assert_eq!(none.missing, ["root"]);
        assert_eq!(none.layout.workspaces[0].name, "4:main");
        assert_eq!(none.layout.workspaces[1].name, "${other}");
        assert!(none.has_named && none.given.is_empty());

        let all = filled(&["root=~/a ${b}", "name=x"]).unwrap();
        assert!(all.missing.is_empty());
        assert_eq!(all.given, ["name=x", "root='~/a $${b}'"]);
        assert_eq!(all.layout.vars["root"], "~/a $${b}");
        assert_eq!(all.layout.workspaces[0].name, "4:x");
        assert_eq!(all.layout.focus.as_deref(), Some("4:x"));

        let default = filled(&["root=1", "name=main"]).unwrap();
        assert_eq!(default.given, ["root=1"]);
        assert_eq!(filled(&["nam=x"]), Err("nam".to_owned()));
        assert!("a".parse::<Argument>().is_err() && "a-b=c".parse::<Argument>().is_err());
    }
}
