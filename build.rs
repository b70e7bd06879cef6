//! Turns the OpenAPI documents in `specs/` into the typed clients.
//!
//! One pipeline per document of the enabled features, described in `build/pipeline.rs`. The result is a file per document
//! in `OUT_DIR`, and `readers.rs`, what the fuzz targets need.

#[path = "build/pipeline.rs"]
mod pipeline;

use pipeline::Generated;

/// The APIs of the crate: each is a feature and a document of the same name.
const APIS: &[&str] = &[
    "parallelcluster",
    "ims",
    "glance",
    "glance-metadefs",
    "ims-cloudimages",
    "computing",
    "digitalocean",
    "ec2",
    "hetzner",
    "hyperstack",
    "lambda",
    "linode",
    "ssm",
    "vultr",
];

/// The documents that come with the feature of another one.
const PARTS: &[(&str, &str)] = &[("ssm", "ec2")];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    // progenitor refuses some documents by panicking; the pipeline catches that and says what it means.
    std::panic::set_hook(Box::new(|_| {}));
    let mut readers = Vec::new();
    for api in APIS {
        let document = format!("specs/{api}.yaml");
        println!("cargo::rerun-if-changed={document}");
        let part = PARTS.iter().find(|(part, _)| part == api);
        let feature = part.map_or(*api, |(_, feature)| feature);
        let feature = format!("CARGO_FEATURE_{}", feature.to_uppercase().replace('-', "_"));
        if std::env::var_os(feature).is_none() {
            continue;
        }
        match generate(api, &document) {
            Ok(generated) => readers.push((api.replace('-', "_"), generated)),
            Err(error) => fail(&format!("{document}: {error}")),
        }
    }
    write("readers.rs", &all_readers(&readers)).unwrap_or_else(|error| fail(&error.to_string()));
}

fn fail(message: &str) -> ! {
    println!("cargo::error={message}");
    std::process::exit(1)
}

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn generate(api: &str, document: &str) -> Result<Generated> {
    let generated = pipeline::run(api, &std::fs::read_to_string(document)?)?;
    write(&format!("{api}.rs"), &generated.code)?;
    Ok(generated)
}

/// The readers of all APIs, for the fuzz targets and the unit tests.
fn all_readers(apis: &[(String, Generated)]) -> String {
    let mut text = String::new();
    for (name, Generated { module, readers, .. }) in apis {
        text += &format!("mod {name} {{\nuse super::Reader;\n");
        text += &format!("use crate::{module}::generated::{{operations, types}};\n{readers}}}\n");
    }
    let names: Vec<_> = apis.iter().map(|(name, _)| format!("{name}::READERS")).collect();
    text + &format!("const ALL: &[&[Reader]] = &[{}];\n", names.join(", "))
}

fn write(file: &str, text: &str) -> Result<()> {
    let out = std::path::PathBuf::from(std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    Ok(std::fs::write(out.join(file), text)?)
}
