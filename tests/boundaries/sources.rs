//! The files of `src/` and the paths that they name, without test code.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The segments of a path such as `crate::live::Con` or `std::fs::read`.
type Segments = Vec<String>;

/// The files of `src/` by module, such as `layout::store`, without test files. The module of
/// `src/lib.rs` is empty.
pub(super) struct Sources {
    files: BTreeMap<String, File>,
}

struct File {
    path: String,
    /// All paths; imported names are expanded.
    paths: BTreeSet<Segments>,
    /// Imported names with their paths.
    imports: BTreeMap<String, Segments>,
    /// Names re-exported by `pub use`, with their paths.
    exports: BTreeMap<String, Segments>,
    /// Test modules.
    test_modules: Vec<String>,
}

impl Sources {
    /// Reads `src/`.
    pub(super) fn read(root: &Path) -> Self {
        let mut files = BTreeMap::new();
        read_folder(&root.join("src"), root, &mut files);
        let of_tests: Vec<String> = files
            .iter()
            .flat_map(|(module, file)| {
                let inside = |name: &String| child(module, name);
                file.test_modules.iter().map(inside).collect::<Vec<_>>()
            })
            .collect();
        files.retain(|module: &String, file| {
            !of_tests.contains(module) && !file.path.ends_with("tests.rs")
        });
        Self { files }
    }

    /// All modules, with the paths of their files.
    pub(super) fn modules(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .map(|(module, file)| (module.as_str(), file.path.as_str()))
    }

    /// The modules that a module uses.
    pub(super) fn used_by(&self, module: &str) -> BTreeSet<&str> {
        let paths = self
            .files
            .get(module)
            .into_iter()
            .flat_map(|file| &file.paths);
        paths
            .filter_map(|path| self.resolve(module, path, 0))
            .filter(|used| *used != module)
            .collect()
    }

    /// The files that name this path, such as `std::fs`, or anything below it.
    pub(super) fn that_name(&self, path: &str) -> BTreeSet<&str> {
        let wanted: Segments = path.split("::").map(str::to_owned).collect();
        self.files
            .values()
            .filter(|file| file.paths.iter().any(|path| path.starts_with(&wanted)))
            .map(|file| file.path.as_str())
            .collect()
    }

    /// The module that a path refers to, with re-exports followed.
    fn resolve(&self, from: &str, path: &[String], depth: usize) -> Option<&str> {
        let (first, mut rest) = path.split_first()?;
        let mut module = match first.as_str() {
            "crate" => String::new(),
            "self" => from.to_owned(),
            "super" => parent(from).to_owned(),
            _ => return None,
        };
        while let Some((first, after)) = rest.split_first() {
            let next = if first == "super" {
                parent(&module).to_owned()
            } else {
                child(&module, first)
            };
            if !self.files.contains_key(&next) {
                break;
            }
            (module, rest) = (next, after);
        }
        let (module, file) = self.files.get_key_value(&module)?;
        match rest.first().and_then(|name| file.exports.get(name)) {
            Some(export) if depth < 8 => self.resolve(module, export, depth + 1),
            _ => Some(module),
        }
    }
}

fn child(module: &str, name: &str) -> String {
    if module.is_empty() {
        name.to_owned()
    } else {
        format!("{module}::{name}")
    }
}

/// The parent module; empty for the modules of the crate root.
pub(super) fn parent(module: &str) -> &str {
    module.rsplit_once("::").map_or("", |(parent, _)| parent)
}

fn read_folder(folder: &Path, root: &Path, files: &mut BTreeMap<String, File>) {
    for entry in fs::read_dir(folder).expect("the folder exists").flatten() {
        let path = entry.path();
        if path.is_dir() {
            read_folder(&path, root, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let path = path.strip_prefix(root).expect("the file is below the root");
            let path = path.to_str().expect("names are UTF-8").to_owned();
            files.insert(module_of(&path), File::read(root, path));
        }
    }
}

/// `config::store` from `src/config/store.rs`.
fn module_of(path: &str) -> String {
    let inside = path.trim_start_matches("src/").trim_end_matches(".rs");
    let inside = inside.strip_suffix("/mod").unwrap_or(inside);
    if inside == "lib" {
        return String::new();
    }
    inside.replace('/', "::")
}

impl File {
    fn read(root: &Path, path: String) -> Self {
        let text = fs::read_to_string(root.join(&path)).expect("the file is UTF-8");
        let tokens: TokenStream = text.parse().expect("the file is valid Rust");
        let mut file = Self {
            path,
            paths: BTreeSet::new(),
            imports: BTreeMap::new(),
            exports: BTreeMap::new(),
            test_modules: Vec::new(),
        };
        file.walk(tokens);
        file.paths = file.paths.iter().map(|path| file.in_full(path)).collect();
        file
    }

    /// Expands the imported name that the path begins with.
    fn in_full(&self, path: &[String]) -> Segments {
        match self.imports.get(&path[0]) {
            Some(import) => [import, &path[1..]].concat(),
            None => path.to_vec(),
        }
    }

    fn walk(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            if is_test_attribute(&tokens[at..]) {
                let end = at + item_length(&tokens[at..]);
                self.test_modules.extend(name_of_module(&tokens[at..end]));
                at = end;
                continue;
            }
            match token {
                TokenTree::Group(group) => self.walk(group.stream()),
                TokenTree::Ident(ident) if ident == "use" => {
                    let is_public = is_public(&tokens[..at]);
                    let end = at + item_length(&tokens[at..]);
                    self.read_use(&tokens[at + 1..end], &[], is_public);
                    at = end;
                    continue;
                }
                TokenTree::Ident(_) => {
                    let path = path_at(&tokens[at..]);
                    if path.len() > 1 {
                        at += 3 * (path.len() - 1);
                        self.paths.insert(path);
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// Reads the tree of a `use` below this path.
    fn read_use(&mut self, tokens: &[TokenTree], before: &[String], is_public: bool) {
        for branch in tokens.split(|token| is_punct(token, ',')) {
            let mut path = before.to_vec();
            let mut name = None;
            let mut words = branch.iter();
            while let Some(word) = words.next() {
                match word {
                    TokenTree::Ident(ident) if ident == "as" => {
                        name = words.next().map(ToString::to_string);
                    }
                    TokenTree::Ident(ident) => path.push(ident.to_string()),
                    TokenTree::Group(group) => {
                        let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                        self.read_use(&inner, &path, is_public);
                        path.clear();
                    }
                    _ => {}
                }
            }
            if path.last().is_some_and(|last| last == "self") && path.len() > 1 {
                path.pop();
            }
            let Some(last) = path.last().cloned() else {
                continue;
            };
            if is_public {
                let mut leads = path.clone();
                if !["crate", "self", "super"].contains(&leads[0].as_str()) {
                    leads.insert(0, "self".to_owned());
                }
                self.exports
                    .insert(name.clone().unwrap_or(last.clone()), leads);
            }
            self.imports.insert(name.unwrap_or(last), path.clone());
            self.paths.insert(path);
        }
    }
}

fn is_punct(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted)
}

/// The path at the beginning of the tokens.
fn path_at(tokens: &[TokenTree]) -> Segments {
    let mut path = Vec::new();
    let mut rest = tokens;
    while let [TokenTree::Ident(ident), after @ ..] = rest {
        path.push(ident.to_string());
        match after {
            [a, b, next @ ..] if is_punct(a, ':') && is_punct(b, ':') => rest = next,
            _ => break,
        }
    }
    path
}

/// True if the tokens begin with `#[cfg(test)]`.
fn is_test_attribute(tokens: &[TokenTree]) -> bool {
    match tokens {
        [hash, TokenTree::Group(group), ..] if is_punct(hash, '#') => {
            group.stream().to_string().replace(' ', "") == "cfg(test)"
        }
        _ => false,
    }
}

/// The number of tokens of the item at the beginning.
fn item_length(tokens: &[TokenTree]) -> usize {
    let is_use = matches!(&tokens[0], TokenTree::Ident(ident) if ident == "use");
    let end = tokens.iter().position(|token| match token {
        TokenTree::Group(group) => !is_use && group.delimiter() == Delimiter::Brace,
        token => is_punct(token, ';'),
    });
    end.map_or(tokens.len(), |end| end + 1)
}

/// The name in `mod name;`.
fn name_of_module(item: &[TokenTree]) -> Option<String> {
    let at = item
        .iter()
        .position(|token| matches!(token, TokenTree::Ident(ident) if ident == "mod"))?;
    is_punct(item.last()?, ';').then(|| item[at + 1].to_string())
}

/// True if the tokens end with `pub` or `pub(…)`.
fn is_public(before: &[TokenTree]) -> bool {
    matches!(before, [.., TokenTree::Ident(ident)] if ident == "pub")
        || matches!(before, [.., TokenTree::Ident(ident), TokenTree::Group(_)] if ident == "pub")
}
