//! Turns the OpenAPI documents in `specs/` into the typed clients.
//!
//! One pipeline per enabled feature, described in `build/pipeline.rs`. The result is two files per API in
//! `OUT_DIR`: the API, and what its fuzz target needs.

#[path = "build/pipeline.rs"]
mod pipeline;

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
    for api in APIS {
        let document = format!("specs/{api}.yaml");
        println!("cargo::rerun-if-changed={document}");
        let part = PARTS.iter().find(|(part, _)| part == api);
        let feature = part.map_or(*api, |(_, feature)| feature);
        let feature = format!("CARGO_FEATURE_{}", feature.to_uppercase().replace('-', "_"));
        if std::env::var_os(feature).is_none() {
            continue;
        }
        if let Err(error) = generate(api, &document) {
            println!("cargo::error={document}: {error}");
            std::process::exit(1);
        }
    }
}

fn generate(api: &str, document: &str) -> Result<(), Box<dyn std::error::Error>> {
    let generated = pipeline::run(api, &std::fs::read_to_string(document)?)?;
    let out = std::path::PathBuf::from(std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    std::fs::write(out.join(format!("{api}.rs")), generated.code)?;
    std::fs::write(out.join(format!("{api}_readers.rs")), generated.readers)?;
    Ok(())
}
