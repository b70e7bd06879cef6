//! The layers of `src/`: a file uses what lies on its own floor or below, and no two files use each other.
//!
//! What uses what is read off the paths in the source: `crate::`, `super::` and `self::`, in `use` lines,
//! expressions and macros alike. A module and its children are one house: that a `mod.rs` uses a child is no
//! use that counts. Unit tests do not count either.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The floors from the ground up: a module may use those of its own floor and of the floors before it.
const FLOORS: &[&[&str]] = &[
    &[
        "backoff",
        "error",
        "error_kind",
        "hex",
        "hmac",
        "operation",
        "printable",
        "query",
        "redact",
        "types",
        "xml",
    ],
    &["client"],
    &["auth", "pagination", "wait"],
    &[], // the APIs, which the build script lists
    &["catalog", "fuzzing", "guide", "testing"],
];

/// A module by its path from the root: `client::call`. The root is the empty one.
type Module = Vec<String>;

/// The modules of the crate that are files, and what they use.
struct Sources {
    files: BTreeMap<Module, TokenStream>,
    /// The names that a module gives on, and where they come from.
    given_on: BTreeMap<(Module, String), Module>,
}

impl Sources {
    fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut files = BTreeMap::new();
        let mut folders: Vec<(PathBuf, Module)> = vec![(root, Vec::new())];
        while let Some((folder, module)) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
                let mut module = module.clone();
                if path.is_dir() {
                    module.push(name);
                    folders.push((path, module));
                    continue;
                }
                // Pages of the guide.
                if path.extension().is_none_or(|extension| extension != "rs") {
                    continue;
                }
                if !["mod", "lib"].contains(&name.as_str()) {
                    module.push(name);
                }
                let tokens = std::fs::read_to_string(&path).unwrap().parse().unwrap();
                files.insert(module, tokens);
            }
        }
        let mut sources = Self { files, given_on: BTreeMap::new() };
        for module in sources.files.keys().cloned().collect::<Vec<_>>() {
            let mut reader = Reader::default();
            reader.read(sources.files[&module].clone(), &module, true);
            for (path, name) in reader.given_on {
                // `pub use child::Name` begins with a child as often as with `crate`.
                let mut from = module.clone();
                from.extend(path.iter().cloned());
                let from = if path.first().is_some_and(|first| first == "crate") {
                    path[1..].to_vec()
                } else {
                    from
                };
                sources.given_on.insert((module.clone(), name), from);
            }
        }
        sources
    }

    /// The file that a path leads to.
    fn file(&self, path: &[String]) -> Module {
        let mut module = Module::new();
        for (index, segment) in path.iter().enumerate() {
            let mut child = module.clone();
            child.push(segment.clone());
            if self.files.contains_key(&child) {
                module = child;
                continue;
            }
            if let Some(from) = self.given_on.get(&(module.clone(), segment.clone()))
                && from != &path[..=index]
            {
                return self.file(from);
            }
            break;
        }
        module
    }

    fn uses(&self) -> BTreeMap<Module, BTreeSet<Module>> {
        let mut uses = BTreeMap::new();
        for (module, tokens) in &self.files {
            let mut reader = Reader::default();
            reader.read(tokens.clone(), module, false);
            let used = reader
                .paths
                .iter()
                .map(|path| self.file(path))
                .filter(|used| !used.starts_with(module));
            uses.insert(module.clone(), used.collect());
        }
        uses
    }
}

/// Collects the paths of a file.
#[derive(Default)]
struct Reader {
    /// From the root.
    paths: Vec<Vec<String>>,
    /// What `pub use` gives on: the path, relative to the module, and the name.
    given_on: Vec<(Vec<String>, String)>,
}

impl Reader {
    fn read(&mut self, tokens: TokenStream, module: &[String], only_given_on: bool) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            if is_test(&tokens[at..]) {
                at = end_of_item(&tokens, at + 2);
                continue;
            }
            if let Some(end) = given_on(&tokens[at..]) {
                let start = tokens[at..].iter().position(|token| is(token, "use")).unwrap() + 1;
                let module = module.to_vec();
                self.tree(&tokens[at + start..at + end], Vec::new(), &mut |reader, path, name| {
                    if matches!(path[0].as_str(), "crate" | "super") {
                        reader.paths.push(from_root(&path, &module));
                    }
                    reader.given_on.push((path, name));
                });
                at += end;
                continue;
            }
            let begins = joins(&tokens, at + 1) && !(at >= 2 && joins(&tokens, at - 2));
            if !only_given_on && begins && is_any(&tokens[at], &["crate", "super", "self"]) {
                let end = tokens[at..]
                    .iter()
                    .position(|token| is(token, ";"))
                    .map_or(tokens.len(), |n| at + n);
                let module = module.to_vec();
                self.tree(&tokens[at..end], Vec::new(), &mut |reader, path, _| {
                    reader.paths.push(from_root(&path, &module));
                });
                // The rest of an expression may hold further paths, in its groups above all.
                at += 1;
                continue;
            }
            match &tokens[at] {
                TokenTree::Ident(ident)
                    if *ident == "mod"
                        && matches!(tokens.get(at + 2), Some(TokenTree::Group(_))) =>
                {
                    let inner = [module, &[tokens[at + 1].to_string()]].concat();
                    if let Some(TokenTree::Group(group)) = tokens.get(at + 2) {
                        self.read(group.stream(), &inner, only_given_on);
                    }
                    at += 2;
                }
                TokenTree::Group(group) => self.read(group.stream(), module, only_given_on),
                _ => {}
            }
            at += 1;
        }
    }

    /// A path, or a tree of them: `a::{b, c::d as e}`.
    fn tree(
        &mut self,
        tokens: &[TokenTree],
        mut path: Vec<String>,
        take: &mut dyn FnMut(&mut Self, Vec<String>, String),
    ) {
        let mut at = 0;
        loop {
            match tokens.get(at) {
                Some(TokenTree::Ident(ident)) => path.push(ident.to_string()),
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                    let inner: Vec<_> = group.stream().into_iter().collect();
                    for one in inner.split(|token| is(token, ",")).filter(|one| !one.is_empty()) {
                        self.tree(one, path.clone(), take);
                    }
                    return;
                }
                _ => break,
            }
            if !joins(tokens, at + 1) {
                break;
            }
            at += 3;
        }
        let renamed = tokens.get(at + 1).is_some_and(|token| is(token, "as"));
        let name = if renamed {
            tokens.get(at + 2).map(ToString::to_string)
        } else {
            path.last().cloned()
        };
        if let Some(name) = name {
            take(self, path, name);
        }
    }
}

/// Whether an item of the unit tests or of the fuzz targets begins here.
fn is_test(tokens: &[TokenTree]) -> bool {
    let [TokenTree::Punct(hash), TokenTree::Group(attribute), ..] = tokens else { return false };
    let attribute = attribute.stream().to_string().replace(' ', "");
    hash.as_char() == '#' && ["cfg(test)", "cfg(any(fuzzing,test))"].contains(&attribute.as_str())
}

/// The end of the item that begins here: its braces or its semicolon.
fn end_of_item(tokens: &[TokenTree], start: usize) -> usize {
    let is_use =
        tokens[start..].iter().take(5).any(|token| is_any(token, &["use", "static", "const"]));
    for (index, token) in tokens.iter().enumerate().skip(start) {
        let braces =
            matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        if is(token, ";") || (braces && !is_use) {
            return index + 1;
        }
    }
    tokens.len()
}

/// Where a `pub use` of a child ends, if one begins here.
fn given_on(tokens: &[TokenTree]) -> Option<usize> {
    if !is(tokens.first()?, "pub") {
        return None;
    }
    let scope = matches!(tokens.get(1)?, TokenTree::Group(_));
    let keyword = if scope { 2 } else { 1 };
    if !is(tokens.get(keyword)?, "use") {
        return None;
    }
    tokens.iter().position(|token| is(token, ";"))
}

/// A path as seen from the root.
fn from_root(path: &[String], module: &[String]) -> Vec<String> {
    let mut from = module.to_vec();
    let mut rest = path;
    loop {
        match rest.first().map(String::as_str) {
            Some("crate") => from.clear(),
            Some("super") => drop(from.pop()),
            Some("self") => {}
            _ => return [from.as_slice(), rest].concat(),
        }
        rest = &rest[1..];
    }
}

fn joins(tokens: &[TokenTree], at: usize) -> bool {
    let colon = |at: usize| tokens.get(at).is_some_and(|token| is(token, ":"));
    colon(at) && colon(at + 1)
}

fn is(token: &TokenTree, text: &str) -> bool {
    match token {
        TokenTree::Ident(ident) => *ident == text,
        TokenTree::Punct(punct) => text.len() == 1 && text.starts_with(punct.as_char()),
        _ => false,
    }
}

fn is_any(token: &TokenTree, texts: &[&str]) -> bool {
    texts.iter().any(|text| is(token, text))
}

fn name(module: &Module) -> String {
    if module.is_empty() { "lib".to_owned() } else { module.join("::") }
}

#[test]
fn imports_go_down_only() {
    let apis = crate::places::apis();
    let floor = |module: &Module| {
        let top = module.first()?;
        let floor = match apis.contains(top) {
            true => FLOORS.iter().position(|floor| floor.is_empty()),
            false => FLOORS.iter().position(|floor| floor.contains(&top.as_str())),
        };
        Some(floor.unwrap_or_else(|| panic!("{top} is on no floor")))
    };
    let mut upward = Vec::new();
    for (module, used) in Sources::read().uses() {
        for used in used {
            if let (Some(from), Some(to)) = (floor(&module), floor(&used))
                && to > from
            {
                upward.push(format!("{} uses {}", name(&module), name(&used)));
            }
        }
    }
    assert!(upward.is_empty(), "these imports go up:\n{}", upward.join("\n"));
}

#[test]
fn no_file_uses_one_that_uses_it() {
    let uses = Sources::read().uses();
    let reached = |start: &Module| {
        let mut reached = BTreeSet::new();
        let mut open = vec![start.clone()];
        while let Some(module) = open.pop() {
            for used in &uses[&module] {
                if reached.insert(used.clone()) {
                    open.push(used.clone());
                }
            }
        }
        reached
    };
    let mut circles = BTreeSet::new();
    for module in uses.keys().filter(|module| !module.is_empty()) {
        let reached_from_here = reached(module);
        if reached_from_here.contains(module) {
            let circle = reached_from_here.iter().filter(|other| reached(other).contains(module));
            circles.insert(circle.map(name).collect::<Vec<_>>().join(", "));
        }
    }
    assert!(circles.is_empty(), "circles of files:\n{}", Vec::from_iter(circles).join("\n"));
}

#[test]
fn paths_are_found_wherever_they_stand() {
    let source = "
        use crate::a::{b, c::D as E};
        pub use child::Given;
        mod inner { use super::f::G; }
        macro_rules! m { () => { crate::h::I } }
        fn g() { let x = super::super::j::k(crate::l::M); }
        #[cfg(test)]
        mod tests { use crate::n::O; }
    ";
    let mut reader = Reader::default();
    reader.read(source.parse().unwrap(), &["top".to_owned(), "file".to_owned()], false);
    let paths: Vec<_> = reader.paths.iter().map(|path| path.join("::")).collect();
    let expected = ["a::b", "a::c::D", "top::file::f::G", "h::I", "j::k", "l::M"];
    assert_eq!(paths, expected);
    assert_eq!(
        reader.given_on,
        [(vec!["child".to_owned(), "Given".to_owned()], "Given".to_owned())]
    );
}
