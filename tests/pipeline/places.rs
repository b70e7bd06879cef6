//! The places that know an API: its document, its feature, one line of the build script, and its module.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// The APIs that the build script lists, one in a line.
pub fn apis() -> Vec<String> {
    let script = text("build.rs");
    let list = script.split_once("const APIS: &[&str] = &[").unwrap().1;
    let list = list.split_once("];").unwrap().0;
    let names = list.split(',').map(|name| name.trim().trim_matches('"').to_owned());
    names.filter(|name| !name.is_empty()).collect()
}

/// The source files in a folder, outside of the ones that are left out.
fn sources(folder: &str, except: &[PathBuf]) -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![root().join(folder)]);
    while let Some(path) = open.pop() {
        if except.contains(&path) {
            continue;
        }
        if path.is_dir() {
            open.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

#[test]
fn an_api_is_a_document_a_feature_a_line_and_a_module() {
    let cargo = text("Cargo.toml");
    // The documents that come with the feature of another one.
    let script = text("build.rs");
    for api in apis() {
        assert!(root().join(format!("specs/{api}.yaml")).exists(), "{api} has no document");
        let part = script.contains(&format!("(\"{api}\", \""));
        assert!(part || cargo.contains(&format!("\n{api} = [")), "{api} is not a feature");
    }
    let documents: BTreeSet<String> = std::fs::read_dir(root().join("specs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(documents, apis().into_iter().collect(), "every document is an API");
}

/// An API of a document alone: what makes it one are five places, and a line in each of four of them.
#[test]
fn a_cloud_is_five_places() {
    for cloud in ["digitalocean", "hetzner", "hyperstack", "lambda", "linode", "vultr"] {
        let lines = |path: &str, line: &str| {
            text(path).lines().filter(|known| known.trim().starts_with(line)).count()
        };
        assert_eq!(lines("build.rs", &format!("\"{cloud}\",")), 1);
        assert_eq!(lines("Cargo.toml", &format!("{cloud} = [")), 1);
        assert_eq!(lines("src/lib.rs", &format!("pub mod {cloud};")), 1);
        assert_eq!(lines("src/testing/clouds.rs", &format!("\"{cloud}\" {cloud} Fake")), 1);

        let module = root().join("src").join(cloud);
        let mut elsewhere = sources("src", &[module, root().join("src/testing/clouds.rs")]);
        elsewhere.extend(sources("build", &[]));
        let [uses, calls] = [format!("crate::{cloud}::"), format!("\"{cloud}\"")];
        for file in elsewhere {
            let text = std::fs::read_to_string(&file).unwrap();
            let mut code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let knows = code.find(|line| line.contains(&uses) || line.contains(&calls));
            let is_root = file.ends_with("src/lib.rs");
            let is_catalog = file.starts_with(root().join("src/catalog"));
            assert!(is_root || is_catalog || knows.is_none(), "{}: {knows:?}", file.display());
        }
    }
}

#[test]
fn no_pass_and_no_part_of_the_client_knows_an_api() {
    let mut files = sources("build", &[]);
    for folder in ["src/client", "src/pagination", "src/types"] {
        files.extend(sources(folder, &[]));
    }
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        // What is between quotes or is a path: documentation and tests may speak of services.
        let code: String =
            text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let code = code.split("mod tests {").next().unwrap_or_default();
        for api in apis() {
            // A feature may switch on what its module needs.
            let code = code.replace(&format!("feature = \"{api}\""), "");
            let known = [format!("\"{api}\""), format!("crate::{api}::")];
            let known = known.iter().find(|known| code.contains(known.as_str()));
            assert!(known.is_none(), "{} knows {api}", file.display());
        }
    }
}

#[test]
fn only_the_documents_and_the_pipeline_are_watched() {
    // Cargo keeps what the build script printed beside its output directory.
    let build = Path::new(env!("OUT_DIR")).parent().unwrap();
    let printed = ["output", "stdout"].iter().find_map(|name| std::fs::read(build.join(name)).ok());
    let printed = String::from_utf8(printed.unwrap()).unwrap();
    let watched: BTreeSet<_> =
        printed.lines().filter_map(|line| line.strip_prefix("cargo::rerun-if-changed=")).collect();
    let documents: Vec<String> = apis().iter().map(|api| format!("specs/{api}.yaml")).collect();
    let expected = ["build", "build.rs"].into_iter().chain(documents.iter().map(String::as_str));
    assert_eq!(watched, expected.collect());
    assert!(!printed.contains("rerun-if-env-changed"), "{printed}");
}
